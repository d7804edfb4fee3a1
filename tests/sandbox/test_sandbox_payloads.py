"""The payloads that the app receives, compared with recorded ones, key by key."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox.acting import ClientRefusal
from sandbox.app import Running
from sandbox.delivery import Ack, Envelope

Json = dict[str, Any]
ENTERPRISE = {"enterprise_id", "enterprise_name", "authed_users"}
"""Fields of organisations and of the past, which the sandbox does not have."""

MODAL: Json = {
    "type": "modal",
    "callback_id": "f",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "t", "initial_value": "x"},
        }
    ],
}
BUTTON: Json = {
    "type": "button",
    "action_id": "go",
    "text": {"type": "plain_text", "text": "Go", "emoji": True},
    "value": "v",
}


def missing(sample: Json, ours: Json, ignored: frozenset[str] = frozenset()) -> set[str]:
    """Return the paths in `sample` that `ours` lacks."""
    lacking = set()
    for key, value in sample.items():
        if key in ENTERPRISE | ignored:
            continue
        if key not in ours:
            lacking.add(key)
        elif isinstance(value, dict) and value and isinstance(ours[key], dict) and key != "values":
            lacking |= {f"{key}.{path}" for path in missing(value, ours[key], ignored)}
        elif isinstance(value, list) and value and isinstance(value[0], dict) and ours[key]:
            lacking |= {f"{key}[].{path}" for path in missing(value[0], ours[key][0], ignored)}
    return lacking


Sample = Callable[[str], Json]


async def test_a_command_has_every_recorded_field(
    sandbox: Running, people: Any, recorder: Any, sample: Sample
) -> None:
    await sandbox.acting.command(people.ana.id, people.council.id, "/project", "a < b")
    assert missing(sample("slash_command.01.json"), recorder.last()) == set()
    assert missing(sample("socket_envelope.02.json")["payload"], recorder.last()) == set()
    assert recorder.last()["text"] == "a &lt; b"
    assert recorder.envelopes[-1].accepts_response


async def test_a_press_in_a_message_has_every_recorded_field(
    sandbox: Running, people: Any, recorder: Any, sample: Sample
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    message = sandbox.workspace.add_message(people.council.id, "", blocks=blocks)
    await sandbox.acting.press(people.ana.id, people.council.id, message.ts, "go")
    payload = recorder.last()
    assert missing(sample("block_actions.01.json"), payload) == set()
    assert payload["actions"][0]["value"] == "v"
    assert payload["message"]["ts"] == message.ts
    assert payload["container"]["is_ephemeral"] is False


async def test_a_press_in_an_ephemeral_message_has_no_message(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    message = sandbox.workspace.add_message(
        people.council.id, "", blocks=blocks, ephemeral_to=people.ana.id
    )
    await sandbox.acting.press(people.ana.id, people.council.id, message.ts, "go")
    assert recorder.last()["container"]["is_ephemeral"] is True
    assert "message" not in recorder.last()


async def test_views_have_every_recorded_field(
    sandbox: Running, people: Any, recorder: Any, sample: Sample
) -> None:
    ana = people.ana.id
    view = sandbox.acting.viewing.open(sandbox.workspace.new_trigger(ana).id, MODAL)
    await sandbox.acting.submit_view(ana, view.id)
    assert missing(sample("view_submission.01.json"), recorder.last()) == set()
    assert recorder.last()["view"]["state"]["values"] == {
        "why": {"t": {"type": "plain_text_input", "value": "x"}}
    }
    again = sandbox.acting.viewing.open(sandbox.workspace.new_trigger(ana).id, MODAL)
    await sandbox.acting.close_view(ana, again.id, clear=True)
    assert recorder.last()["is_cleared"] is True
    ignored = frozenset({"trigger_id"})  # the recording was edited from a submission
    assert missing(sample("view_closed.01.json"), recorder.last(), ignored) == set()


async def test_a_shortcut_has_every_recorded_field(
    sandbox: Running, people: Any, recorder: Any, sample: Sample
) -> None:
    await sandbox.acting.shortcut(people.ana.id, "s")
    assert missing(sample("shortcut.01.json"), recorder.last()) == set()
    assert missing(sample("socket_envelope.01.json")["payload"], recorder.last()) == set()


EVENTS = [
    # Profiles of other workspaces and client ids are not simulated.
    (
        "event_message_im.01.json",
        "message",
        {"user_team", "source_team", "user_profile", "thread_ts", "parent_user_id"},
    ),
    ("event_message_channel.05.json", "message", {"client_msg_id"}),
    ("event_app_mention.01.json", "app_mention", {"client_msg_id"}),
    ("event_app_home_opened.03.json", "app_home_opened", set()),
    ("event_member_joined_channel.01.json", "member_joined_channel", set()),
]


async def test_events_have_every_recorded_field(
    sandbox: Running, people: Any, recorder: Any, sample: Sample
) -> None:
    acting = sandbox.acting
    ben = sandbox.workspace.add_user("carol")
    await acting.post(people.ana.id, people.council.id, "hello @pmobot")
    await acting.open_home(people.ana.id)
    await acting.invite(people.ana.id, people.council.id, ben.id)
    await sandbox.delivery.drain()
    sent = {e.payload["event"]["type"]: e.payload for e in reversed(recorder.envelopes)}
    for name, event_type, ignored in EVENTS:
        assert missing(sample(name), sent[event_type], frozenset(ignored)) == set(), name


async def test_the_apps_own_posts_and_edits_are_events_too(
    sandbox: Running, people: Any, recorder: Any, client: Any
) -> None:
    channel = people.council.id
    posted = await client.chat_postMessage(channel=channel, text="a")
    await client.chat_update(channel=channel, ts=posted["ts"], text="b")
    await client.chat_delete(channel=channel, ts=posted["ts"])
    await sandbox.delivery.drain()
    events = [envelope.payload["event"] for envelope in recorder.envelopes]
    assert [event.get("subtype") for event in events] == [
        None,
        "message_changed",
        "message_deleted",
    ]
    assert events[0]["bot_id"] == sandbox.workspace.bot_id
    assert (events[1]["previous_message"]["text"], events[1]["message"]["text"]) == ("a", "b")


async def test_what_is_not_subscribed_or_declared_is_not_there(
    start: Any, with_people: Any, recording: Any
) -> None:
    config: Json = {
        "events": frozenset({"app_mention"}),
        "commands": frozenset({"/project"}),
        "shortcuts": frozenset(),
        "interactivity": False,
        "home_tab": False,
        "messages_tab": False,
    }
    async with start(**config) as sandbox:
        recorder = recording(sandbox)
        people = with_people(sandbox)
        ana, council = people.ana.id, people.council.id
        await sandbox.acting.post(ana, council, "no mention")
        await sandbox.delivery.drain()
        assert recorder.envelopes == []
        blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
        message = sandbox.workspace.add_message(council, "", blocks=blocks)
        for act in (
            sandbox.acting.command(ana, council, "/other"),
            sandbox.acting.shortcut(ana, "s"),
            sandbox.acting.press(ana, council, message.ts, "go"),
            sandbox.acting.open_home(ana),
            sandbox.acting.open_dm(ana),
        ):
            with pytest.raises(ClientRefusal):
                await act


async def test_a_retry_keeps_the_event_id(sandbox: Running, people: Any, recorder: Any) -> None:
    first = recorder.send

    async def fail_once(envelope: Envelope) -> Ack:
        ack: Ack = await first(envelope)
        return replace(ack, ok=len(recorder.envelopes) > 1, retry_reason="timeout")

    recorder.send = fail_once
    await sandbox.acting.post(people.ana.id, people.council.id, "x")
    await sandbox.delivery.drain()
    ids = [envelope.payload["event_id"] for envelope in recorder.envelopes]
    attempts = [(e.retry_attempt, e.retry_reason) for e in recorder.envelopes]
    assert ids[0] == ids[1]
    assert attempts == [(0, ""), (1, "timeout")]
