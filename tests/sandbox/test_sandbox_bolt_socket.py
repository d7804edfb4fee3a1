"""A real Bolt app in Socket Mode, driven by people who press, type and submit."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.acting import ClientRefusal
from sandbox.app import Running
from sandbox.workspace import Message, View

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


BUTTONS = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": "open", "text": plain("Open"), "value": "42"},
            {
                "type": "static_select",
                "action_id": "health",
                "options": [
                    {"text": plain("Green"), "value": "green"},
                    {"text": plain("Red"), "value": "red"},
                ],
            },
        ],
    }
]

FORM = {
    "type": "modal",
    "callback_id": "report",
    "private_metadata": "APOLLO",
    "title": plain("Report"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why"),
            "element": {
                "type": "plain_text_input",
                "action_id": "text",
                "initial_value": "as before",
                "max_length": 20,
            },
        },
        {
            "type": "input",
            "block_id": "due",
            "label": plain("Due"),
            "optional": True,
            "element": {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-25"},
        },
        {
            "type": "input",
            "block_id": "health",
            "label": plain("Health"),
            "dispatch_action": True,
            "element": BUTTONS[0]["elements"][1],
        },
    ],
}


class Story:
    """A small status bot, and what it heard."""

    def __init__(self, app: AsyncApp) -> None:
        self.heard: list[Json] = []
        self.news = asyncio.Event()
        self.delay = 0.0
        app.command("/project")(self.command)
        app.action("open")(self.open)
        app.action("health")(self.hear)
        app.view("report")(self.submit)
        app.view_closed("report")(self.hear)
        app.shortcut("new_report")(self.open)
        app.event("message")(self.listen)
        app.event("app_mention")(self.listen)
        app.event("app_home_opened")(self.listen)
        app.event("member_joined_channel")(self.listen)

    def note(self, body: Json) -> None:
        self.heard.append(body)
        self.news.set()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(3):
            while len(self.heard) < count:
                self.news.clear()
                await self.news.wait()

    async def command(self, ack: Any, body: Json, respond: Any) -> None:
        await asyncio.sleep(self.delay)
        if body["text"] == "help":
            await ack("Ask me anything")
            return
        await ack()
        self.note(body)
        await respond(text="Working on it", blocks=BUTTONS, response_type="in_channel")

    async def open(self, ack: Any, body: Json, client: Any) -> None:
        await ack()
        self.note(body)
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def submit(self, ack: Any, body: Json, view: Json) -> None:
        self.note(body)
        why = view["state"]["values"]["why"]["text"]["value"]
        answers: dict[str, Json] = {
            "bad": {"response_action": "errors", "errors": {"why": "Say more"}},
            "nonsense": {"response_action": "errors", "errors": {"elsewhere": "?"}},
            "next": {"response_action": "push", "view": FORM | {"callback_id": "second"}},
            "again": {"response_action": "update", "view": FORM | {"title": plain("Again")}},
            "done": {"response_action": "clear"},
        }
        await ack(**answers.get(why, {}))

    async def hear(self, ack: Any, body: Json) -> None:
        await ack()
        self.note(body)

    async def listen(self, event: Json, body: Json) -> None:
        self.note(event | {"event_id": body["event_id"]})


@pytest.fixture
async def story(sandbox: Running, new_app: Any, connected: Any) -> AsyncIterator[Story]:
    app = new_app(sandbox)
    told = Story(app)
    async with connected(sandbox, app):
        yield told


async def buttons_of(sandbox: Running, people: Any) -> Message:
    """Have the app post its buttons in the council's channel."""
    await sandbox.acting.command(people.ana.id, people.council.id, "/project", "show")
    await sandbox.workspace.wait_until(
        lambda: bool(sandbox.workspace.messages_in(people.council.id))
    )
    return sandbox.workspace.messages_in(people.council.id)[-1]


async def form_of(sandbox: Running, people: Any) -> View:
    """Have the app open its form for Ana."""
    await sandbox.acting.shortcut(people.ana.id, "new_report")
    assert await sandbox.workspace.wait_until(
        lambda: sandbox.workspace.top_view(people.ana.id) is not None
    )
    view = sandbox.workspace.top_view(people.ana.id)
    assert view is not None
    return view


async def heard(sandbox: Running, story: Story, count: int = 1) -> list[Json]:
    """Wait until the app has heard of `count` things."""
    await story.wait_for(count)
    await sandbox.delivery.drain()
    return story.heard


async def test_a_button_opens_the_form_that_is_corrected_and_sent(
    sandbox: Running, people: Any, story: Story
) -> None:
    message = await buttons_of(sandbox, people)
    ana = people.ana.id
    pressed = await sandbox.acting.press(ana, message.channel, message.ts, "open")
    assert pressed.ok
    assert await sandbox.workspace.wait_until(lambda: bool(sandbox.workspace.top_view(ana)))
    view = sandbox.workspace.open_views(ana)[0]
    bad = await sandbox.acting.submit_view(ana, view.id, {"why": "bad", "health": "red"})
    assert bad.errors == {"why": "Say more"}
    kept = sandbox.workspace.open_views(ana)[0]
    assert kept.state["why"]["text"]["value"] == "bad"
    good = await sandbox.acting.submit_view(ana, view.id, {"why": "vendor is late"})
    assert good.ok
    assert good.errors is None
    assert sandbox.workspace.open_views(ana) == []
    values = story.heard[-1]["view"]["state"]["values"]
    assert values == {
        "why": {"text": {"type": "plain_text_input", "value": "vendor is late"}},
        "due": {"date": {"type": "datepicker", "selected_date": "2026-11-25"}},
        "health": {
            "health": {
                "type": "static_select",
                "selected_option": {"text": plain("Red"), "value": "red"},
            }
        },
    }


async def test_the_client_refuses_what_slack_would_not_send(
    sandbox: Running, people: Any, story: Story
) -> None:
    view = await form_of(sandbox, people)
    with pytest.raises(ClientRefusal) as refusal:
        await sandbox.acting.submit_view(people.ana.id, view.id, {"why": "x" * 21})
    assert refusal.value.errors == {
        "why": "Please enter at most 20 characters (21 given).",
        "health": "Please complete this required field.",
    }
    with pytest.raises(ClientRefusal, match="no option 'blue'; it offers green, red"):
        await sandbox.acting.submit_view(people.ana.id, view.id, {"health": "blue"})
    with pytest.raises(ClientRefusal, match="no input with block_id who"):
        await sandbox.acting.submit_view(people.ana.id, view.id, {"who": "x"})
    assert [body["type"] for body in story.heard] == ["shortcut"]


async def test_an_emptied_optional_field_arrives_empty(
    sandbox: Running, people: Any, story: Story
) -> None:
    view = await form_of(sandbox, people)
    await sandbox.acting.submit_view(people.ana.id, view.id, {"due": None, "health": "green"})
    due = story.heard[-1]["view"]["state"]["values"]["due"]
    assert due == {"date": {"type": "datepicker", "selected_date": None}}


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("why", "titles"),
    [("next", ["Report", "Report"]), ("again", ["Again"]), ("done", []), ("fine", [])],
)
async def test_the_answer_to_a_submission_changes_the_stack(
    sandbox: Running, people: Any, why: str, titles: list[str]
) -> None:
    view = await form_of(sandbox, people)
    done = await sandbox.acting.submit_view(people.ana.id, view.id, {"why": why, "health": "green"})
    stack = sandbox.workspace.open_views(people.ana.id)
    assert done.ok
    assert [v.payload["title"]["text"] for v in stack] == titles
    assert done.view_id == (stack[-1].id if why == "next" else None)


@pytest.mark.usefixtures("story")
async def test_typed_text_stays_when_the_view_is_updated(sandbox: Running, people: Any) -> None:
    view = await form_of(sandbox, people)
    await sandbox.acting.submit_view(people.ana.id, view.id, {"why": "again", "health": "red"})
    updated = sandbox.workspace.open_views(people.ana.id)[0]
    assert updated.state["why"]["text"]["value"] == "again"


@pytest.mark.usefixtures("story")
async def test_errors_for_a_block_that_is_no_input_are_refused(
    sandbox: Running, people: Any
) -> None:
    view = await form_of(sandbox, people)
    values = {"why": "nonsense", "health": "red"}
    done = await sandbox.acting.submit_view(people.ana.id, view.id, values)
    assert (done.ok, done.problem) == (False, "invalid_errors")
    assert sandbox.calls.refusals[-1].method == "view_submission"
    assert sandbox.workspace.open_views(people.ana.id) == [view]


async def test_a_dispatching_input_tells_the_app_what_was_chosen(
    sandbox: Running, people: Any, story: Story
) -> None:
    view = await form_of(sandbox, people)
    ana = people.ana.id
    await sandbox.acting.press_in_view(ana, view.id, "health", value="red", state={"why": "typed"})
    body = story.heard[-1]
    assert body["actions"][0]["selected_option"]["value"] == "red"
    assert body["view"]["state"]["values"]["why"]["text"]["value"] == "typed"
    quiet = await sandbox.acting.press_in_view(ana, view.id, "date", value="2026-12-01")
    assert quiet.ack_ms is None
    assert len(story.heard) == 2


async def test_closing_a_form_tells_the_app_if_it_wants_to_know(
    sandbox: Running, people: Any, story: Story
) -> None:
    view = await form_of(sandbox, people)
    closed = await sandbox.acting.close_view(people.ana.id, view.id)
    assert closed.ok
    assert (story.heard[-1]["type"], story.heard[-1]["is_cleared"]) == ("view_closed", False)
    with pytest.raises(ClientRefusal, match="not open any more"):
        await sandbox.acting.close_view(people.ana.id, view.id)


async def test_a_select_in_a_message_reports_its_option(
    sandbox: Running, people: Any, story: Story
) -> None:
    message = await buttons_of(sandbox, people)
    press = sandbox.acting.press
    await press(people.ben.id, message.channel, message.ts, "health", "row", "green")
    body = story.heard[-1]
    assert body["user"]["id"] == people.ben.id
    assert body["actions"][0]["selected_option"]["value"] == "green"
    assert body["state"]["values"]["row"]["health"]["selected_option"]["value"] == "green"
    with pytest.raises(ClientRefusal, match="no element with action_id nothing"):
        await press(people.ben.id, message.channel, message.ts, "nothing")


@pytest.mark.usefixtures("story")
async def test_the_answer_in_the_acknowledgement_is_for_the_asker_only(
    sandbox: Running, people: Any
) -> None:
    asked = await sandbox.acting.command(people.ana.id, people.council.id, "/project", "help")
    assert asked.ok
    assert asked.ack_ms is not None
    messages = sandbox.workspace.messages_in(people.council.id, viewer=people.ana.id)
    assert [(m.text, m.ephemeral_to) for m in messages] == [("Ask me anything", people.ana.id)]
    assert sandbox.workspace.messages_in(people.council.id, viewer=people.ben.id) == []


async def test_a_late_acknowledgement_is_an_error_for_the_person(
    sandbox: Running, people: Any, story: Story
) -> None:
    story.delay = 0.5
    asked = await sandbox.acting.command(people.ana.id, people.council.id, "/project", "help")
    assert (asked.ok, asked.problem) == (False, "operation_timeout")
    assert sandbox.workspace.messages_in(people.council.id, viewer=people.ana.id) == []


@pytest.mark.usefixtures("story")
async def test_a_button_that_nobody_listens_to_times_out(sandbox: Running, people: Any) -> None:
    button = BUTTONS[0]["elements"][0] | {"action_id": "unheard"}  # type: ignore[operator]
    blocks = [{"type": "actions", "elements": [button]}]
    message = sandbox.workspace.add_message(people.council.id, "", blocks=blocks)
    message.blocks[0]["block_id"] = "b"
    pressed = await sandbox.acting.press(people.ana.id, message.channel, message.ts, "unheard")
    assert pressed.problem == "operation_timeout"


async def test_messages_and_mentions_reach_the_app_escaped(
    sandbox: Running, people: Any, story: Story
) -> None:
    bot = sandbox.workspace.bot_user_id
    await sandbox.acting.post(
        people.ana.id, people.council.id, "@pmobot is 3 < 4 & @ben <!channel>"
    )
    events = await heard(sandbox, story, 2)
    text = f"<@{bot}> is 3 &lt; 4 &amp; <@{people.ben.id}> &lt;!channel&gt;"
    assert {(e["type"], e["text"]) for e in events} == {("message", text), ("app_mention", text)}
    assert events[0]["channel_type"] == "channel"


async def test_a_dm_and_the_home_tab_reach_the_app(
    sandbox: Running, people: Any, story: Story
) -> None:
    opened = await sandbox.acting.open_dm(people.ana.id)
    assert opened.channel is not None
    await sandbox.acting.post(people.ana.id, opened.channel, "hello")
    await sandbox.acting.open_home(people.ana.id)
    events = await heard(sandbox, story, 3)
    assert sorted((e["type"], e.get("tab"), e.get("channel_type")) for e in events) == [
        ("app_home_opened", "home", None),
        ("app_home_opened", "messages", None),
        ("message", None, "im"),
    ]


async def test_joining_reaches_the_app_where_it_is_a_member(
    sandbox: Running, people: Any, story: Story
) -> None:
    await sandbox.acting.join(people.ben.id, people.elsewhere.id)
    await sandbox.acting.invite(people.ben.id, people.elsewhere.id, sandbox.workspace.bot_user_id)
    (event,) = await heard(sandbox, story)
    assert (event["user"], event["inviter"]) == (sandbox.workspace.bot_user_id, people.ben.id)
    with pytest.raises(ClientRefusal, match="cannot join #secret without an invitation"):
        await sandbox.acting.join(people.ana.id, people.private.id)


async def test_a_person_acts_only_where_a_member_and_only_while_active(
    sandbox: Running, people: Any
) -> None:
    with pytest.raises(ClientRefusal, match="ben is not in #elsewhere"):
        await sandbox.acting.post(people.ben.id, people.elsewhere.id, "x")
    people.ana.deleted = True
    with pytest.raises(ClientRefusal, match="Nobody can sign in as ana"):
        await sandbox.acting.post(people.ana.id, people.elsewhere.id, "x")


async def test_without_an_app_a_command_says_so(sandbox: Running, people: Any) -> None:
    asked = await sandbox.acting.command(people.ana.id, people.council.id, "/project", "")
    assert asked.problem == "dispatch_failed"
    assert "No app is connected" in asked.detail


# -- connections ----------------------------------------------------------------------------------


async def test_each_envelope_goes_to_one_of_the_connections(
    sandbox: Running, people: Any, new_app: Any, connected: Any
) -> None:
    apps = [new_app(sandbox), new_app(sandbox)]
    stories = [Story(app) for app in apps]
    async with connected(sandbox, apps[0]), connected(sandbox, apps[1]):
        await sandbox.workspace.wait_until(lambda: _links(sandbox) == 2)
        for number in range(4):
            await sandbox.acting.post(people.ana.id, people.council.id, str(number))
        await sandbox.delivery.drain()
        await asyncio.gather(*(story.wait_for(2) for story in stories))
    assert [len(s.heard) for s in stories] == [2, 2]


async def test_the_app_reconnects_when_asked_to(
    sandbox: Running, people: Any, story: Story
) -> None:
    assert await _hub(sandbox).disconnect("refresh_requested") == 1
    assert not sandbox.delivery.connected
    assert await sandbox.workspace.wait_until(lambda: sandbox.delivery.connected)
    await sandbox.acting.post(people.ana.id, people.council.id, "still there?")
    assert (await heard(sandbox, story))[0]["text"] == "still there?"


async def test_an_event_is_repeated_on_the_sandboxs_clock_until_acknowledged(
    sandbox: Running, people: Any, new_app: Any, connected: Any
) -> None:
    await sandbox.acting.post(people.ana.id, people.council.id, "are you there?")
    await asyncio.sleep(0.05)
    app = new_app(sandbox)
    retries: list[tuple[Any, Any]] = []

    async def listen(request: Any) -> None:
        headers = request.headers
        retries.append((headers["x-slack-retry-num"], headers["x-slack-retry-reason"]))

    app.event("message")(listen)
    async with connected(sandbox, app):
        await asyncio.sleep(0.05)
        assert retries == []
        sandbox.workspace.clock.advance(61)
        await sandbox.delivery.drain()
        await asyncio.sleep(0.05)
    assert retries == [(["2"], ["connection_failed"])]


async def test_after_three_retries_an_event_is_given_up(
    sandbox: Running, people: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await sandbox.acting.post(people.ana.id, people.council.id, "anybody?")
    for _ in range(3):
        await asyncio.sleep(0.02)
        sandbox.workspace.clock.advance(301)
    await sandbox.delivery.drain()
    assert "after 4 attempts" in caplog.text


async def test_the_frames_are_slacks_and_an_unwanted_payload_is_ignored(
    sandbox: Running, people: Any, shared: Path
) -> None:
    hub = _hub(sandbox)
    hello = json.loads((shared / "socket_mode" / "hello.json").read_text())
    async with aiohttp.ClientSession() as session, session.ws_connect(hub.new_url()) as socket:
        greeting = await socket.receive_json()
        assert greeting.keys() == hello.keys()
        assert greeting["num_connections"] == 1
        await socket.send_str("not JSON")
        act = asyncio.create_task(sandbox.delivery.interaction({"type": "shortcut"}))
        envelope = await socket.receive_json()
        assert envelope["accepts_response_payload"] is False
        answer = {"envelope_id": envelope["envelope_id"], "payload": {"text": "x"}}
        await socket.send_json(answer)
        ack = await act
        assert (ack.ok, ack.body) == (True, None)
        lost = asyncio.create_task(
            sandbox.acting.command(people.ana.id, people.council.id, "/project")
        )
        await socket.receive_json()
    assert "closed before it acknowledged" in (await lost).detail


async def test_a_ticket_is_good_for_one_connection_and_ten_are_the_most(
    sandbox: Running,
) -> None:
    hub = _hub(sandbox)
    async with aiohttp.ClientSession() as session:
        url = hub.new_url()
        sockets = [await session.ws_connect(url)]
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        sockets += [await session.ws_connect(hub.new_url()) for _ in range(10)]
        frame = await sockets[-1].receive_json()
        assert (frame["type"], frame["reason"]) == ("disconnect", "too_many_websockets")


def _hub(sandbox: Running) -> Any:
    return sandbox.parts.sockets


def _links(sandbox: Running) -> int:
    return len(_hub(sandbox).links)
