"""Whoever addresses the bot gets an answer: messages, old buttons, mistakes, and our own faults."""

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from sandbox.delivery import Envelope
from sandbox.workspace import Message
from tests.support.scene import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Scene, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def no_secret_in_any_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever is logged, at whatever level, has no secret in it."""
    caplog.set_level(logging.DEBUG)
    yield
    logged = [caplog.handler.format(each) for each in caplog.get_records("call")]
    assert logged
    for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET):
        assert not [line for line in logged if secret in line]


class BoomError(RuntimeError):
    """What nobody foresaw."""


def break_down(monkeypatch: pytest.MonkeyPatch, service: object, method: str) -> None:
    async def boom(*_arguments: object, **_options: object) -> None:
        raise BoomError

    monkeypatch.setattr(service, method, boom)


def number_in(text: str) -> str:
    """The number that a person is told, to pass it on."""
    found = re.search(r"tell the PMO this number: ([0-9a-f]{8})", text)
    assert found, text
    return found[1]


def assert_logged(number: str, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells under that number what went wrong, and where."""
    errors = [each for each in caplog.records if each.levelno == logging.ERROR]
    (record,) = [each for each in errors if number in each.getMessage()]
    assert record.exc_info is not None
    assert record.exc_info[0] is BoomError


# --- direct messages


async def wrote(scene: Scene, name: str, **changes: Any) -> Envelope:
    """What Slack delivers when somebody writes to the bot."""
    dm = scene.sandbox.workspace.dm(scene.id(name))
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": dm.id,
        "user": scene.id(name),
        "text": "How is Apollo?",
        "ts": scene.sandbox.workspace.new_ts(dm.id),
        **changes,
    }
    return Envelope("events_api", scene.sandbox.delivery._event_payload(event))


async def deliver(scene: Scene, envelope: Envelope) -> None:
    """Deliver an event, and let the bot come to its end with it."""
    assert (await scene.sandbox.delivery.transport.send(envelope)).ok
    await idle(scene)


async def idle(scene: Scene) -> None:
    """Let the bot come to its end with an event: nothing in the workspace tells when."""
    for _turn in range(5):
        await asyncio.sleep(0.01)
        await scene.settle()


async def answered(scene: Scene, name: str, count: int) -> list[Message]:
    """Let the bot work until so many answers are there; there must not be more."""
    for _turn in range(100):
        if len(answers(scene, name)) >= count:
            break
        await idle(scene)
    await idle(scene)
    found = answers(scene, name)
    assert len(found) == count
    return found


def answers(scene: Scene, name: str) -> list[Message]:
    bot = scene.sandbox.workspace.bot_user_id
    return [each for each in scene.dm(name) if each.user == bot]


async def test_a_direct_message_gets_an_answer(shared_scene: Scene) -> None:
    before = len(answers(shared_scene, "erik"))
    dm = shared_scene.sandbox.workspace.dm(shared_scene.id("erik"))
    await shared_scene.sandbox.acting.post(shared_scene.id("erik"), dm.id, "How is Apollo?")
    *_, answer = await answered(shared_scene, "erik", before + 1)
    assert "APOLLO Student Portal" in answer.text


async def test_an_event_that_slack_delivers_twice_is_answered_once(shared_scene: Scene) -> None:
    before = len(answers(shared_scene, "erik"))
    envelope = await wrote(shared_scene, "erik")
    await deliver(shared_scene, envelope)
    await deliver(shared_scene, replace(envelope, retry_attempt=1, retry_reason="timeout"))
    await answered(shared_scene, "erik", before + 1)
    await shared_scene.settle()  # a second answer would come now
    assert len(answers(shared_scene, "erik")) == before + 1


@pytest.mark.parametrize("subtype", ["file_share", "me_message"])
async def test_a_message_with_a_file_gets_an_answer_too(shared_scene: Scene, subtype: str) -> None:
    before = len(answers(shared_scene, "erik"))
    await deliver(shared_scene, await wrote(shared_scene, "erik", subtype=subtype))
    await answered(shared_scene, "erik", before + 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"subtype": "message_changed", "message": {"text": "x"}},
        {"subtype": "message_deleted", "deleted_ts": "1.2"},
        {"bot_id": "B0OTHER"},
        {"channel_type": "channel"},
    ],
)
async def test_edits_deletions_bots_and_channels_get_no_answer(
    shared_scene: Scene, changes: dict[str, Any]
) -> None:
    before = len(answers(shared_scene, "erik"))
    await deliver(shared_scene, await wrote(shared_scene, "erik", **changes))
    assert len(answers(shared_scene, "erik")) == before


async def test_a_guest_who_writes_gets_an_answer(shared_scene: Scene) -> None:
    await deliver(shared_scene, await wrote(shared_scene, "gus"))
    await answered(shared_scene, "gus", 1)


async def test_our_own_fault_in_answering_a_message_is_told_with_a_number(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = len(answers(shared_scene, "erik"))
    break_down(monkeypatch, shared_scene.core.services.answers, "receive")
    await deliver(shared_scene, await wrote(shared_scene, "erik"))
    *_, answer = await answered(shared_scene, "erik", before + 1)
    assert_logged(number_in(answer.text), caplog)


# --- buttons


async def press_on(scene: Scene, name: str, button: dict[str, Any]) -> str:
    """Press a button that stands in an older message; what the person is told."""
    workspace = scene.sandbox.workspace
    dm = workspace.dm(scene.id(name))
    old = workspace.add_message(
        dm.id,
        workspace.bot_user_id,
        "old",
        bot_id=workspace.bot_id,
        blocks=[
            {
                "type": "actions",
                "block_id": "b",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "Go"}, **button}
                ],
            }
        ],
    )
    result = await scene.sandbox.acting.press(scene.id(name), dm.id, old.ts, button["action_id"])
    assert result.ok, result
    seen = {each.ts for each in scene.dm(name)} - {old.ts}
    await scene.until(lambda: scene.dm(name)[-1].ephemeral_to is not None, "an answer")
    answer = scene.dm(name)[-1]
    assert answer.ts not in seen | {old.ts} or answer.ephemeral_to == scene.id(name)
    return words(answer.blocks)


async def test_a_button_of_an_older_version_gets_an_answer(shared_scene: Scene) -> None:
    text = await press_on(shared_scene, "erik", {"action_id": "no_such_thing"})
    assert text.startswith("This button belongs to an older message")


async def test_the_button_of_a_request_that_is_gone_gets_an_answer(shared_scene: Scene) -> None:
    text = await press_on(shared_scene, "simon", {"action_id": "status_update", "value": "99999"})
    assert text.startswith("This status request is not there any more.")


async def test_a_button_that_somebody_else_may_press_says_who(shared_scene: Scene) -> None:
    request = await request_of(shared_scene, "simon", "DELTA")
    text = await press_on(shared_scene, "erik", {"action_id": "status_update", "value": request})
    assert text == "Only the PM of DELTA (Simon), the deputy and the PMO can report on it."


async def test_the_button_of_a_restricted_project_is_that_of_no_project(
    shared_scene: Scene,
) -> None:
    request = await request_of(shared_scene, "priya", "FALCON")
    text = await press_on(shared_scene, "erik", {"action_id": "status_update", "value": request})
    assert text.startswith("This status request is not there any more.")


async def request_of(scene: Scene, name: str, code: str) -> str:
    """The number of a request, as the button in the request message has it."""
    for message in scene.dm(name):
        for block, row in pairwise(message.blocks):
            if words(block).startswith(f"*{code}*"):
                return str(row["elements"][0]["value"])
    raise AssertionError(code)


async def test_our_own_fault_behind_a_button_is_told_with_a_number(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_down(monkeypatch, shared_scene.core.services.collecting, "form")
    text = await press_on(shared_scene, "simon", {"action_id": "status_update", "value": "1"})
    assert_logged(number_in(text), caplog)


# --- commands


async def test_our_own_fault_behind_a_command_is_told_with_a_number(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_down(monkeypatch, shared_scene.core.services.portfolio, "list_projects")
    result, (message,) = await shared_scene.command("erik", "list")
    assert result.ok
    assert message.ephemeral_to == shared_scene.id("erik")
    assert_logged(number_in(words(message.blocks)), caplog)


async def test_our_own_fault_is_told_to_somebody_never_met(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shared_scene.sandbox.workspace.add_user("noor", email="noor@example.edu", tz="Asia/Tokyo")
    break_down(monkeypatch, shared_scene.core.services.portfolio, "list_projects")
    _result, (message,) = await shared_scene.command("noor", "list")
    assert_logged(number_in(words(message.blocks)), caplog)


# --- the form


async def test_our_own_fault_in_saving_is_told_on_top_of_what_was_typed(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = shared_scene
    view = await scene.open_form("simon", "DELTA")
    with monkeypatch.context() as patched:
        break_down(patched, scene.core.services.collecting, "submit")
        result = await scene.send("simon", view, {"health": "Green", "done": "x", "next": "y"})
    assert result.ok, result
    top = scene.sandbox.workspace.top_view(scene.id("simon"))
    assert top is not None
    assert top.previous_view_id == view.id
    assert_logged(number_in(words(top.blocks)), caplog)
    assert view.state["done"]["done"]["value"] == "x"
    await scene.sandbox.acting.close_view(scene.id("simon"), top.id)
    again = await scene.send("simon", view, {})
    assert again.ok, again
    await scene.sandbox.acting.close_view(scene.id("simon"), view.id, clear=True)


async def test_who_loses_the_project_while_the_form_is_open_is_told_on_top_of_it(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = shared_scene
    view = await scene.open_form("arjun", "EOS")
    monkeypatch.setattr("domain.collecting.access.may_report", lambda _viewer, _project: False)
    await scene.send("arjun", view, {"health": "Green", "done": "x", "next": "y"})
    top = scene.sandbox.workspace.top_view(scene.id("arjun"))
    assert top is not None
    assert words(top.blocks).startswith("Only the PM of EOS (Arjun)")
    await scene.sandbox.acting.close_view(scene.id("arjun"), view.id, clear=True)


async def test_a_mistake_in_a_field_that_is_not_shown_stands_at_the_first_one(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from domain.errors import FieldErrors

    async def refuse(*_arguments: object) -> None:
        raise FieldErrors({"spent": "Say what was spent.", "done": "Say what was done."})

    scene = shared_scene
    view = await scene.open_form("arjun", "EOS")
    monkeypatch.setattr(scene.core.services.collecting, "submit", refuse)
    result = await scene.send("arjun", view, {"health": "Green", "done": "x", "next": "y"})
    first = next(each["block_id"] for each in view.blocks if each["type"] == "input")
    assert result.errors == {first: "Say what was spent.", "done": "Say what was done."}
    await scene.sandbox.acting.close_view(scene.id("arjun"), view.id, clear=True)


async def test_our_own_fault_in_adding_room_is_told_on_top_of_the_form(
    shared_scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene = shared_scene
    view = await scene.open_form("arjun", "EOS")
    break_down(monkeypatch, scene.core.services.collecting, "form")
    await scene.sandbox.acting.press_in_view(
        scene.id("arjun"), view.id, "status_more_room", value="done"
    )

    def is_told() -> bool:
        top = scene.sandbox.workspace.top_view(scene.id("arjun"))
        return top is not None and top.previous_view_id == view.id

    await scene.until(is_told, "the notice")
    top = scene.sandbox.workspace.top_view(scene.id("arjun"))
    assert top is not None
    assert_logged(number_in(words(top.blocks)), caplog)
    await scene.sandbox.acting.close_view(scene.id("arjun"), view.id, clear=True)
