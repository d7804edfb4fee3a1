"""A chair uploads a calendar over the wire: taken, refused with the cause, followed no more."""

from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox.workspace import View
from tests.support.lists import Lists
from tests.support.scene import Scene, fresh_copy, over_socket_mode, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
BOARD = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:board@example.edu
SUMMARY:Board
DTSTART;TZID=America/New_York:20261217T090000
RRULE:FREQ=WEEKLY;COUNT=2
END:VEVENT
END:VCALENDAR
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    async with over_socket_mode(fresh_copy(sqlite_template, folder), folder) as made:
        await made.at(NOON)
        yield made


async def upload(office: Scene, name: str, content: str) -> View:
    """Upload a file as Carol, who chairs the council; the window, with what came of it."""
    carol = Lists(office, "carol")
    (listed, *_rest) = await carol.ask("meeting list ITS Council")
    await carol.press(listed, "Upload a calendar")
    view = await office.view("carol", "meeting_upload_window")
    file = {"name": name, "content": b64encode(content.encode()).decode()}
    result = await office.sandbox.acting.submit_view(office.id("carol"), view.id, {"file": [file]})
    assert result.ok, result
    await office.until(lambda: "Reading" not in words(view.blocks), "an outcome")
    return view


async def test_a_calendar_is_taken_and_its_meetings_are_planned(office: Scene) -> None:
    view = await upload(office, "board.ics", BOARD)
    told = words(view.blocks)
    assert "ITS Council follows board.ics from now on." in told
    assert "2 meetings planned" in told
    listed = await Lists(office, "carol").read("meeting list ITS Council")
    assert listed.count("Board") == 2
    assert "extra" not in listed.replace("Plan an extra", "")


async def test_a_broken_file_is_told_with_its_cause_and_changes_nothing(office: Scene) -> None:
    told = words((await upload(office, "broken.ics", "hello")).blocks)
    assert "broken.ics was not taken" in told
    assert "no calendar file that can be read" in told
    assert (await Lists(office, "carol").read("meeting list ITS Council")).count("Board") == 2
