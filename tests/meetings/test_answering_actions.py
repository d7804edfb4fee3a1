"""What owners, chair and PMO do with an action, and who comes second."""

from datetime import date
from typing import Any

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.actions.rules import want_faults
from domain.meetings.actions.values import ActionWant
from models.enums import LogKind, LogState
from models.logs import LogEntry
from tests.support.actions import FRIDAY, Clerk, give
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import RESTRICTED

TODAY = date(2026, 11, 25)


@pytest.fixture
def clerk(secretary: Secretary) -> Clerk:
    return Clerk(secretary)


@pytest.mark.parametrize(
    ("want", "faults"),
    [
        ({"what": "done"}, {}),
        ({"what": "done", "note": "x" * 3_001}, {"note": "3,001 characters"}),
        ({"what": "cancel", "note": " "}, {"note": "Say why"}),
        ({"what": "move", "note": "Ill"}, {"day": "from today on"}),
        ({"what": "move", "note": "Ill", "due_on": date(2026, 11, 24)}, {"day": "from today on"}),
        ({"what": "move", "note": "Ill", "due_on": FRIDAY}, {"day": "on that day already"}),
        ({"what": "move", "due_on": date(2026, 12, 9)}, {"note": "Say why"}),
        ({"what": "hand"}, {"person": "Choose who"}),
        ({"what": "hand", "person": "U0ANA"}, {}),
    ],
)
def test_what_lacks_something_is_told_at_its_field(
    want: dict[str, Any], faults: dict[str, str]
) -> None:
    found = want_faults(ActionWant(1, 1, **want), FRIDAY, TODAY)
    assert found.keys() == faults.keys()
    assert all(text in found[name] for name, text in faults.items())


async def test_an_owner_ends_moves_and_hands_on_and_the_chair_cancels(clerk: Clerk) -> None:
    entry = await give(clerk.secretary)
    moved = await clerk.act("omar", entry, "move", due_on=date(2026, 12, 9), note="Ill")
    assert (moved.line.due_on, moved.line.first_due_on) == (date(2026, 12, 9), FRIDAY)
    handed = await clerk.act("omar", entry, "hand", person="U0ANA", note="You know them")
    assert (handed.line.owner, handed.line.note, handed.saved) == ("Ana", "You know them", True)
    done = await clerk.act("ana", entry, "done")
    assert (done.line.state, done.is_open) == (LogState.DONE, False)
    other = await give(clerk.secretary)
    gone = await clerk.act("carol", other, "cancel", note="No need")
    assert (gone.line.state, gone.line.note) == (LogState.CANCELLED, "No need")


async def test_who_comes_second_is_told_what_happened_and_overwrites_nothing(
    any_secretary: Secretary,
) -> None:
    clerk = Clerk(any_secretary)
    entry = await give(any_secretary)
    await clerk.act("omar", entry, "move", due_on=date(2026, 12, 9), note="Ill")
    late = await clerk.act("carol", entry, "cancel", note="No need", revision=1)
    assert (late.saved, late.is_open) == (False, True)
    assert late.last == (
        "Omar changed the due date from 2026-12-04 to 2026-12-09. Omar changed the closing note."
    )
    again = await clerk.act("omar", entry, "move", due_on=date(2026, 12, 9), note="Ill", revision=1)
    assert again.saved
    await clerk.act("omar", entry, "done")
    assert not (await clerk.act("carol", entry, "cancel", note="No need")).saved


async def test_only_those_change_it_whose_it_is(clerk: Clerk) -> None:
    await clerk.secretary.seat("ben")
    entry = await give(clerk.secretary, meeting=await clerk.secretary.first())
    with pytest.raises(NotAllowedError, match="Only the owner of A-1, who chairs ITS Council and"):
        await clerk.act("ben", entry, "done")
    with pytest.raises(NotFoundError):
        await clerk.act("erik", entry, "done")
    decision = await clerk.decision()
    condition = await give(clerk.secretary, decision=decision, is_condition=True)
    shown = await clerk.service.shown(await clerk.world.viewer("omar"), condition.pk, "move")
    assert (shown.line.decision, shown.line.is_condition) == ("D-1", True)


async def test_it_is_handed_only_to_who_may_know_of_its_project(clerk: Clerk) -> None:
    nova = await clerk.world.project("NOVA", visibility=RESTRICTED)
    entry = await give(clerk.secretary, "ana", project_id=nova)
    with pytest.raises(FieldErrors, match="may not know of NOVA"):
        await clerk.act("ana", entry, "hand", person="U0ERIK")
    with pytest.raises(FieldErrors, match="Choose who"):
        await clerk.act("ana", entry, "hand")
    with pytest.raises(NotFoundError):  # whom not even Slack knows
        await clerk.act("ana", entry, "hand", person="U0NOBODY")


async def test_only_actions_are_answered_so(clerk: Clerk) -> None:
    apollo = await clerk.world.project("APOLLO")
    risk = LogEntry(
        workspace_id=clerk.world.workspace_id,
        project_id=apollo,
        kind=LogKind.RISK,
        number=1,
        title="A vendor fails",
        opened_at=NOON,
    )
    async with clerk.world.database.writing() as session:
        session.add(risk)
    with pytest.raises(NotAllowedError):
        await clerk.act("ana", risk, "done")
