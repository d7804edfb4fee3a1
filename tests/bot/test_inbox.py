"""Events once: handed over again they are dropped, and left behind they are taken up again."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltContext, AsyncBoltRequest
from sqlmodel import select

import handlers.errors
from bot.inbox import KEPT, LONGEST_WORK, MOST_TRIES, Inbox
from bot.intake import Intake, kind_of, trace_of
from models.base import Database
from models.inbox import InboxEvent
from tests.conftest import NOW
from tests.support.clock import FakeClock

EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T0001",
    "event": {"type": "message", "channel_type": "im", "user": "U1", "text": "a secret of mine"},
}


class Bolt:
    """An app that notes what its one listener hears, and does as it is told."""

    def __init__(self, inbox: Inbox) -> None:
        self.heard: list[str] = []
        self.trouble: Exception | None = None

        self.app = Intake(
            dealt_with=inbox.deal_with,
            token="xoxb-1",
            signing_secret="x",
            request_verification_enabled=False,
            process_before_response=False,
        )
        self.app._async_middleware_list.clear()  # authorization would ask Slack
        self.app.use(inbox.take_in)
        self.app.event("message")(self._listen)

    async def _listen(self, body: dict[str, Any]) -> None:
        self.heard.append(body["event_id"])
        if self.trouble is not None:
            raise self.trouble

    async def send(self, body: dict[str, Any] = EVENT) -> int:
        """Hand an event over; the status of the acknowledgement."""
        answer = await self.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert await self.app.hands.emptied(5) == 0
        return answer.status


async def stored(database: Database) -> Sequence[InboxEvent]:
    async with database.reading() as session:
        return (await session.exec(select(InboxEvent))).all()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def inbox(any_database: Database, any_workspace_id: int, clock: FakeClock) -> Inbox:
    return Inbox(any_database, any_workspace_id, clock)


@pytest.fixture
def bolt(inbox: Inbox) -> Bolt:
    return Bolt(inbox)


async def test_an_event_that_is_handed_over_again_is_dropped(
    bolt: Bolt, any_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot")
    assert [await bolt.send(), await bolt.send()] == [200, 200]
    assert bolt.heard == ["Ev1"]
    assert "event Ev1 was handed over again: dropped" in caplog.text
    (row,) = await stored(any_database)
    assert (row.event_id, row.body, row.received_at) == ("Ev1", None, NOW)


async def test_two_replicas_that_get_one_event_work_on_it_once(
    any_database: Database, any_workspace_id: int, clock: FakeClock
) -> None:
    replicas = [Bolt(Inbox(any_database, any_workspace_id, clock)) for _ in range(3)]
    await asyncio.gather(*(each.send() for each in replicas))
    assert [event for each in replicas for event in each.heard] == ["Ev1"]


async def test_what_a_listener_fails_over_is_told_and_not_repeated(
    bolt: Bolt,
    any_database: Database,
    inbox: Inbox,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bolt.trouble = RuntimeError("the bell cracked")
    assert await bolt.send() == 200
    assert "the bell cracked" in caplog.text
    clock.advance(seconds=120)
    await inbox.resume(bolt.app, clock.now())
    assert bolt.heard == ["Ev1"]
    assert (await stored(any_database))[0].body is None


async def test_an_event_that_a_killed_process_left_behind_is_taken_up_again(
    bolt: Bolt, any_database: Database, any_workspace_id: int, inbox: Inbox, clock: FakeClock
) -> None:
    async def killed() -> None:
        """Stored and acknowledged, and then no more."""

    await Inbox(any_database, any_workspace_id, clock).take_in(EVENT, AsyncBoltContext(), killed)
    assert (await stored(any_database))[0].body == EVENT
    clock.advance(seconds=LONGEST_WORK.total_seconds())
    assert not await inbox.resume(bolt.app, clock.now())
    assert bolt.heard == []  # it may still be in somebody's hands
    clock.advance(seconds=1)
    await inbox.resume(bolt.app, clock.now())
    assert await bolt.app.hands.emptied(5) == 0
    await inbox.resume(bolt.app, clock.now() + timedelta(hours=1))
    assert bolt.heard == ["Ev1"]
    assert (await stored(any_database))[0].body is None


async def test_what_ends_every_process_is_given_up(
    bolt: Bolt,
    inbox: Inbox,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def never_ends(_body: Any) -> None:
        """As if the process were killed."""

    monkeypatch.setattr(
        bolt.app.listener_runner.listener_completion_handler, "_dealt_with", never_ends
    )
    await bolt.send()
    for _ in range(MOST_TRIES + 3):
        clock.advance(seconds=61)
        await inbox.resume(bolt.app, clock.now())
        await bolt.app.hands.emptied(5)
    assert bolt.heard == ["Ev1"] * MOST_TRIES
    assert f"event Ev1 was begun {MOST_TRIES} times: given up" in caplog.text


async def test_old_events_are_forgotten(
    bolt: Bolt, any_database: Database, inbox: Inbox, clock: FakeClock
) -> None:
    await bolt.send()
    clock.advance(seconds=KEPT.total_seconds() + 1)
    await bolt.send({**EVENT, "event_id": "Ev2"})
    await inbox.resume(bolt.app, clock.now())
    assert [row.event_id for row in await stored(any_database)] == ["Ev2"]


async def test_an_event_that_cannot_be_stored_is_not_acknowledged(
    bolt: Bolt,
    any_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    handlers.errors.register(bolt.app)
    monkeypatch.setattr(any_database, "writing", None)
    assert await bolt.send() == 500
    assert bolt.heard == []
    assert "unforeseen error" in caplog.text


async def test_other_requests_pass_without_a_trace_in_the_inbox(
    bolt: Bolt, any_database: Database
) -> None:
    assert await bolt.send({"type": "block_actions", "trigger_id": "1"}) == 404
    assert await stored(any_database) == []


def test_requests_are_told_apart_and_have_an_id_of_their_own() -> None:
    assert kind_of(EVENT) == "event"
    assert kind_of({"command": "/project"}) == "command"
    assert kind_of({"type": "view_submission"}) == "view_submission"
    assert kind_of({}) == "other"
    assert trace_of(EVENT) == trace_of({**EVENT, "more": 1})
    assert len({trace_of(EVENT), trace_of({"trigger_id": "1"}), trace_of({}), trace_of({})}) == 4
