"""From the ledger to Slack over the wire: the real client against the sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from typing_extensions import override

from bot.slack import EVENT_TYPE, SlackMessenger, posting_client
from domain.delivery.messages import DeliveryProblem, Place
from domain.ports import Posted
from models.base import Database
from models.enums import DeliveryState
from sandbox.app import Running, SandboxOptions, running_sandbox
from sandbox.faults import Fault
from sandbox.manifest import AppConfig
from sandbox.workspace import Message
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, Brought, Drawn, Looks, note

TOKEN = "xoxb-1"  # noqa: S105 - the sandbox takes any

SCOPES = AppConfig().scopes - {"chat:write.public"}
"""All but the right to post where the bot is not: an app should not have it."""


class Wire(Bench):
    """The bench with the sandbox in the place of the pretended Slack."""

    def __init__(
        self, sandbox: Running, database: Database, workspace_id: int, clock: FakeClock
    ) -> None:
        self.sandbox = sandbox
        self.messenger = SlackMessenger(posting_client(TOKEN, sandbox.api_base_url))
        super().__init__(database, workspace_id, clock, self.messenger)
        bot = sandbox.workspace.bot_user_id
        self.general = sandbox.workspace.add_channel("general", members=[bot])
        self.closed = sandbox.workspace.add_channel("closed")
        follow = partial(sandbox.workspace.clock.set_time, running=False)
        clock.followers.append(follow)
        follow(clock.now())

    @property
    def place(self) -> Place:
        """The channel that the bot is in."""
        return Place.channel(self.general.id)

    def messages(self, channel_id: str = "") -> list[Message]:
        """What stands in a channel, replies included."""
        return self.sandbox.workspace.messages_in(channel_id or self.general.id)

    def texts(self, channel_id: str = "") -> list[str]:
        """The texts of what stands in a channel."""
        return [message.text for message in self.messages(channel_id)]

    async def dana(self) -> str:
        """One of the PMO; her direct messages with the bot."""
        user = self.sandbox.workspace.add_user("dana")
        await self.person(user.id, is_pmo=True)
        return self.sandbox.workspace.dm(user.id).id


@asynccontextmanager
async def wired(
    database: Database, workspace_id: int, clock: FakeClock, **options: Any
) -> AsyncIterator[Wire]:
    options.setdefault("config", AppConfig(scopes=SCOPES))
    async with running_sandbox(options=SandboxOptions(**options)) as sandbox:
        yield Wire(sandbox, database, workspace_id, clock)


@pytest.fixture
async def wire(database: Database, workspace_id: int, clock: FakeClock) -> AsyncIterator[Wire]:
    async with wired(database, workspace_id, clock) as made:
        yield made


async def test_a_message_is_posted_and_edited_in_place(wire: Wire) -> None:
    await wire.say("hello", "k", wire.place)
    await wire.run()
    (message,) = wire.messages()
    row = await wire.row("k")
    assert (message.text, message.ts) == ("hello", row.slack_ts)
    assert row.posted_blocks
    assert message.blocks[0]["text"] == row.posted_blocks[0]["text"]
    assert message.metadata == {
        "event_type": EVENT_TYPE,
        "event_payload": {"id": row.opaque_id},
    }
    await wire.say("hello again", "k", wire.place)
    await wire.elapse(minutes=1)
    (edited,) = wire.messages()
    assert (edited.text, edited.ts) == ("hello again", message.ts)
    assert edited.metadata == message.metadata


async def test_a_long_text_and_its_replies_stand_in_one_thread(wire: Wire) -> None:
    await wire.say(note("1", "2"), "head", wire.place)
    await wire.say("reply", "reply", Place.thread("head"))
    await wire.run()
    head = await wire.row("head")
    thread = wire.sandbox.workspace.replies(wire.general.id, head.slack_ts or "")
    assert [message.text for message in thread] == ["2", "reply"]


async def test_a_person_gets_a_direct_message(wire: Wire) -> None:
    user = wire.sandbox.workspace.add_user("ana")
    await wire.say("asked", "k", await wire.person(user.id))
    await wire.run()
    assert wire.texts(wire.sandbox.workspace.dm(user.id).id) == ["asked"]


async def test_the_pmo_hears_of_a_channel_that_the_bot_is_not_in(wire: Wire) -> None:
    dana = await wire.dana()
    await wire.say("hello", "k", Place.channel(wire.closed.id))
    await wire.run()
    assert wire.texts(wire.closed.id) == []
    assert wire.texts(dana) == [
        "note: the bot is not in the channel (not_in_channel); invite the bot: /invite @pmobot"
    ]
    wire.closed.members.append(wire.sandbox.workspace.bot_user_id)
    async with wire.database.writing() as session:
        await wire.outbox.try_again(session, Place.channel(wire.closed.id), wire.clock.now())
    await wire.run()
    assert wire.texts(wire.closed.id) == ["hello"]


async def test_slack_s_wish_to_wait_is_obeyed(wire: Wire) -> None:
    wire.sandbox.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=30))
    await wire.say("hello", "k", wire.place)
    await wire.run()
    assert await wire.elapse(seconds=27) == 0
    await wire.elapse(seconds=3)
    assert wire.texts() == ["hello"]
    assert wire.sandbox.calls.counts["chat.postMessage"] == 2


@pytest.mark.parametrize("kind", ["drop", "html", "status", "error"])
async def test_a_message_whose_answer_is_lost_stands_there_once(wire: Wire, kind: Any) -> None:
    wire.sandbox.faults.add(Fault("chat.postMessage", kind, status=502, executes=True))
    await wire.say("hello", "k", wire.place)
    await wire.run()
    assert (await wire.row("k")).is_uncertain
    await wire.elapse(seconds=5)
    assert wire.texts() == ["hello"]
    row = await wire.row("k")
    assert (row.state, row.slack_ts) == (DeliveryState.SENT, wire.messages()[0].ts)


async def test_without_the_look_up_it_would_stand_there_twice(wire: Wire) -> None:
    class Blind(SlackMessenger):
        @override
        async def find(
            self, channel_id: str, opaque_id: str, since: datetime, thread_ts: str | None = None
        ) -> Posted | None:
            return None

    wire.service = wire.worker(Blind(posting_client(TOKEN, wire.sandbox.api_base_url)))
    wire.sandbox.faults.add(Fault("chat.postMessage", "drop", executes=True))
    await wire.say("hello", "k", wire.place)
    await wire.run()
    await wire.elapse(seconds=5)
    assert wire.texts() == ["hello", "hello"]


async def test_a_lost_reply_is_found_in_its_thread(wire: Wire) -> None:
    await wire.say("head", "head", wire.place)
    await wire.run()
    wire.sandbox.faults.add(Fault("chat.postMessage", "drop", executes=True))
    await wire.say("reply", "reply", Place.thread("head"))
    await wire.elapse(seconds=2)
    await wire.elapse(seconds=5)
    head = await wire.row("head")
    thread = wire.sandbox.workspace.replies(wire.general.id, head.slack_ts or "")
    assert [message.text for message in thread] == ["reply"]
    row = await wire.row("reply")
    assert (row.state, row.slack_ts) == (DeliveryState.SENT, thread[0].ts)


async def test_a_lost_message_is_found_behind_hundreds_of_others(wire: Wire) -> None:
    wire.sandbox.faults.add(Fault("chat.postMessage", "drop", executes=True))
    await wire.say("hello", "k", wire.place)
    await wire.run()
    user = wire.sandbox.workspace.add_user("ana")
    for number in range(450):
        wire.sandbox.workspace.add_message(wire.general.id, user.id, f"chat {number}")
    await wire.elapse(seconds=5)
    assert wire.texts().count("hello") == 1
    assert wire.sandbox.calls.counts["conversations.history"] == 3


async def test_without_the_right_to_look_a_person_must(
    database: Database, workspace_id: int, clock: FakeClock
) -> None:
    scopes = frozenset({"chat:write", "im:write"})
    async with wired(database, workspace_id, clock, config=AppConfig(scopes=scopes)) as wire:
        dana = await wire.dana()
        wire.sandbox.faults.add(Fault("chat.postMessage", "drop", executes=True))
        await wire.say("hello", "k", wire.place)
        await wire.run()
        await wire.elapse(seconds=5)
        assert (await wire.row("k")).state is DeliveryState.HELD
        (told,) = wire.texts(dana)
        assert "the app lacks the scope" in told
        assert "history" in told
        (problem,) = await wire.rows_of_kind(DeliveryProblem.kind)
        assert problem.value["is_held"] is True


async def test_what_slack_finds_wrong_in_the_blocks_is_in_the_reason(wire: Wire) -> None:
    await wire.say("x", "k", wire.place)
    wire.service = wire.worker(wire.messenger, lambda _message: [_BROKEN])
    await wire.run()
    row = await wire.row("k")
    assert row.state is DeliveryState.FAILED
    assert "invalid_blocks" in row.reason
    assert "/blocks/0" in row.reason


async def test_a_refused_token_stops_everything_until_it_is_mended(wire: Wire) -> None:
    messenger = SlackMessenger(posting_client("nonsense", wire.sandbox.api_base_url))
    wire.service = wire.worker(messenger)
    await wire.say("x", "k", wire.place)
    await wire.run()
    row = await wire.row("k")
    assert (row.state, row.attempts) == (DeliveryState.DUE, 0)
    assert "Slack does not accept the bot's token (invalid_auth)" in row.reason
    assert "nonsense" not in row.reason
    wire.service = wire.worker(wire.messenger)
    await wire.elapse(minutes=5)
    assert wire.texts() == ["x"]


UPLOAD_CALLS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")


async def test_a_picture_stands_in_its_message_whatever_answer_of_its_upload_is_lost(
    wire: Wire,
) -> None:
    for number, method in enumerate(UPLOAD_CALLS):
        wire.sandbox.faults.add(Fault(method, "drop", executes=True))
        await wire.say(Drawn((f"picture {number}",)), f"k{number}", wire.place)
        await wire.run()
        assert "answer was lost" in (await wire.row(f"k{number}")).reason
        await wire.elapse(seconds=5)
        await wire.elapse(seconds=2)
    assert wire.texts() == [f"picture {number}" for number in range(3)]
    for number, message in enumerate(wire.messages()):
        (image,) = message.blocks
        file = wire.sandbox.workspace.files[image["slack_file"]["id"]]
        assert (file.content, file.alt_txt) == (
            f"PNG of picture {number}".encode(),
            f"shows picture {number}",
        )
        assert image["alt_text"] == file.alt_txt
        assert message.files == []
        assert (await wire.row(f"k{number}")).pictures


async def test_a_picture_that_slack_does_not_know_yet_is_waited_for(wire: Wire) -> None:
    told = "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"
    wire.sandbox.faults.add(
        Fault("chat.postMessage", "error", 2, error="invalid_blocks", messages=[told])
    )
    wire.sandbox.faults.add(Fault("upload", "status", status=503))
    await wire.say(Drawn(("picture",)), "k", wire.place)
    for seconds in (0, 5, 5, 30):
        await wire.elapse(seconds=seconds)
    assert [block["type"] for block in wire.messages()[0].blocks] == ["image"]
    assert wire.sandbox.calls.counts["files.completeUploadExternal"] == 1


async def test_without_the_right_to_upload_the_picture_is_told_in_words(
    database: Database, workspace_id: int, clock: FakeClock
) -> None:
    scopes = SCOPES - {"files:write"}
    async with wired(database, workspace_id, clock, config=AppConfig(scopes=scopes)) as wire:
        dana = await wire.dana()
        for key in ("k1", "k2"):
            await wire.say(Drawn(("picture",)), key, wire.place)
        for _ in range(20):
            await wire.elapse(seconds=6)
        assert wire.texts() == ["picture", "picture"]
        assert all("shows picture" in str(message.blocks) for message in wire.messages())
        (told,) = wire.texts(dana)
        assert "lacks the scope files:write" in told


async def test_a_document_comes_to_a_channel_a_person_and_a_thread_whatever_answer_is_lost(
    wire: Wire,
) -> None:
    workspace = wire.sandbox.workspace
    ana, eve = (workspace.add_user(name).id for name in ("ana", "eve"))
    root = workspace.add_message(wire.general.id, ana, "charter?")
    places = {
        "files.getUploadURLExternal": wire.place,
        "upload": Place.under(wire.general.id, root.ts),
        "files.completeUploadExternal": await wire.person(ana),
        "chat.postMessage": await wire.person(eve),
    }
    for method, place in places.items():
        wire.sandbox.faults.add(Fault(method, "drop", executes=True))
        await wire.say(Brought((method, method)), method, place)
        await wire.run()
        assert "answer was lost" in (await wire.row(method)).reason
        for seconds in (5, 2):
            await wire.elapse(seconds=seconds)
    posted = [
        message
        for channel_id in (wire.general.id, workspace.dm(ana).id, workspace.dm(eve).id)
        for message in wire.messages(channel_id)
        if message.bot_id
    ]
    assert len(posted) == len(places)
    for message in posted:
        (shared,) = [workspace.files[file_id] for file_id in message.files]
        method = message.text.partition("\n")[0]
        assert (shared.name, shared.content) == (f"{method}.txt", method.encode())
        assert shared.title == f"File {method}"
        assert shared.title in message.blocks[-1]["text"]["text"]
    assert [each.thread_ts for each in posted] == [None, root.ts, None, None]


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


def dying_after(messenger: SlackMessenger, call: str) -> SlackMessenger:
    """A messenger whose process is killed as soon as Slack has done a call."""
    owner = messenger if hasattr(messenger, call) else messenger._client
    do = getattr(owner, call)

    async def done_and_killed(*args: Any, **named: Any) -> None:
        await do(*args, **named)
        raise Killed

    setattr(owner, call, done_and_killed)
    return messenger


async def test_a_worker_killed_after_any_call_neither_loses_nor_doubles_its_document(
    wire: Wire,
) -> None:
    calls = (
        "files_getUploadURLExternal",
        "_send",
        "files_completeUploadExternal",
        "upload",
        "chat_postMessage",
        "post",
    )
    for call in calls:
        messenger = SlackMessenger(posting_client(TOKEN, wire.sandbox.api_base_url))
        wire.service = wire.worker(dying_after(messenger, call))
        await wire.say(Brought((call, call)), call, wire.place)
        with pytest.raises(Killed):
            await wire.run()
        wire.service = wire.worker(wire.messenger)
        for seconds in (60, 2):
            await wire.elapse(seconds=seconds)
    shared = [wire.sandbox.workspace.files[each] for one in wire.messages() for each in one.files]
    assert [file.content.decode() for file in shared] == list(calls)
    assert [text.partition("\n")[0] for text in wire.texts()] == list(calls)


async def test_many_messages_never_exceed_slack_s_limits(
    database: Database, workspace_id: int, clock: FakeClock
) -> None:
    async with wired(database, workspace_id, clock, rate_limits=True) as wire:
        for number in range(40):
            user = wire.sandbox.workspace.add_user(f"u{number}")
            await wire.say("asked", f"dm{number}", await wire.person(user.id))
            await wire.say(f"{number}", f"k{number}", wire.place)
        while await wire.elapse(seconds=0.5):
            pass
        assert wire.sandbox.calls.refusals == []
        assert wire.texts() == [str(number) for number in range(40)]
        assert wire.sandbox.calls.counts["chat.postMessage"] == 80


_BROKEN = Looks("x", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}])
