"""`/project rehearse`, typed by the PMO and by others, over the wire."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.clock import SystemClock
from domain.errors import NotAllowedError
from domain.portfolio.values import Viewer
from domain.rehearsal.values import Rehearsal
from handlers.rehearsal import words as rehearsal_words
from sandbox.workspace import Message
from tests.support.scene import Scene, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def rehearsed(scene: Scene, name: str, typed: str) -> list[Message]:
    """What a person is told, to the result."""
    seen = len(scene.dm(name))
    result, _messages = await scene.command(name, typed)
    assert result.ok
    workspace = scene.sandbox.workspace

    def is_done() -> bool:
        return "Not sent" in "\n".join(words(each.blocks) for each in scene.dm(name)[seen:])

    assert await workspace.wait_until(is_done, 120)
    messages = scene.dm(name)[seen:]
    assert {each.ephemeral_to for each in messages} == {scene.id(name)}
    return messages


@pytest.mark.no_cover
async def test_the_pmo_is_told_at_once_that_it_runs_and_then_what_it_comes_to(
    shared_scene: Scene,
) -> None:
    counted = dict(shared_scene.sandbox.calls.counts)
    begun, result = await rehearsed(shared_scene, "dana", "rehearse 8")
    assert words(begun.blocks).startswith("Rehearsing 8 days on a copy of the record")
    text = words(result.blocks)
    assert "Mon 23 Nov 08:00 America/New_York · #its-council · digest · ITS Council" in text
    assert "Wed 25 Nov 09:00 Asia/Kolkata · Arjun · status request · EOS (STS Council)" in text
    assert "GAIA (ITS Council) · the phase 'qualification' is not asked" in text
    after = shared_scene.sandbox.calls.counts
    assert after["chat.postMessage"] == counted["chat.postMessage"]


@pytest.mark.parametrize("name", ["erik", "priya", "carol", "gus"])
async def test_others_are_told_that_only_the_pmo_can(shared_scene: Scene, name: str) -> None:
    _result, messages = await shared_scene.command(name, "rehearse")
    (message,) = messages
    assert words(message.blocks) == "Only the PMO can rehearse: a rehearsal shows every project."


async def test_who_has_become_a_guest_or_has_left_is_not_shown_every_project() -> None:
    async def rehearse(_now: datetime, days: int) -> Rehearsal:
        raise AssertionError(days)

    (word,) = rehearsal_words(rehearse, SystemClock())
    viewer = Viewer(1, "U0DANA", "Dana", "America/New_York", is_pmo=True)
    assert await word.answer(viewer, "")
    for lost in (replace(viewer, is_guest=True), replace(viewer, is_gone=True)):
        with pytest.raises(NotAllowedError, match="Only the PMO"):
            await word.answer(lost, "")


@pytest.mark.parametrize("typed", ["0", "93", "-1", "two weeks", "1.5", "٣", "99999999"])
async def test_a_number_of_days_that_makes_no_sense_is_told(
    shared_scene: Scene, typed: str
) -> None:
    _result, (message,) = await shared_scene.command("dana", f"rehearse {typed}")
    assert words(message.blocks) == (
        "Give a number of days from 1 to 92, such as: /project rehearse 14"
    )
