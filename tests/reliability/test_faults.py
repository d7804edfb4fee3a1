"""Whatever Slack answers, over the wire: nothing is lost, nothing doubled, the PMO is told once."""

from dataclasses import replace

import pytest

from domain.delivery.messages import Place
from sandbox.faults import Fault
from tests.support.clock import FakeClock
from tests.support.delivering import note
from tests.support.wire import Wire

ALWAYS = 1_000_000

OUTAGES = {
    "429": Fault("*", "ratelimited", ALWAYS, retry_after=30),
    "500": Fault("*", "status", ALWAYS, status=500),
    "500 that took the call": Fault("*", "status", ALWAYS, status=500, executes=True),
    "503": Fault("*", "status", ALWAYS, status=503),
    "an error page": Fault("*", "html", ALWAYS, status=502),
    "an error page that took the call": Fault("*", "html", ALWAYS, status=200, executes=True),
    "a reset": Fault("*", "drop", ALWAYS),
    "a reset that took the call": Fault("*", "drop", ALWAYS, executes=True),
    "internal_error": Fault("*", "error", ALWAYS, error="internal_error", executes=True),
    "service_unavailable": Fault("*", "error", ALWAYS, error="service_unavailable"),
}

REFUSALS = ("account_inactive", "invalid_auth", "token_revoked")


@pytest.mark.parametrize("what", OUTAGES)
@pytest.mark.parametrize("minutes", [10, 120])
async def test_after_an_outage_of_slack_everything_stands_there_once_and_in_order(
    wire: Wire, what: str, minutes: int
) -> None:
    wire.sandbox.faults.add(replace(OUTAGES[what]))
    await wire.say_everywhere(3)
    await wire.pass_minutes(minutes)
    wire.sandbox.faults.clear()
    await wire.pass_minutes(30)
    assert wire.standing() == wire.said
    assert len(wire.told()) <= 1


async def test_a_slack_that_gives_no_answer_at_all_gets_each_message_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.TIMEOUT_SECONDS", 0.2)
    wire.sandbox.faults.add(Fault("chat.postMessage", "delay", 6, seconds=0.5))
    await wire.say_everywhere(3)
    await wire.pass_minutes(30)
    assert wire.standing() == wire.said
    assert wire.told() == []


@pytest.mark.parametrize("error", REFUSALS)
async def test_a_refused_token_holds_everything_back_and_the_pmo_hears_of_it_once(
    wire: Wire, error: str
) -> None:
    wire.sandbox.faults.add(Fault("*", "error", ALWAYS, error=error))
    await wire.say_everywhere(3)
    await wire.pass_minutes(120)
    assert wire.standing() == {channel: [] for channel in wire.said}
    wire.sandbox.faults.clear()
    await wire.pass_minutes(30)
    assert wire.standing() == wire.said
    (told,) = wire.told()
    assert error in told


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "channel_not_found"])
async def test_what_a_channel_refuses_is_told_once_and_said_once_it_is_mended(
    wire: Wire, error: str
) -> None:
    closed, bot = wire.channels[0], wire.sandbox.workspace.bot_user_id
    closed.members.clear()
    closed.is_archived, closed.is_private = error == "is_archived", error == "channel_not_found"
    await wire.say_everywhere(3)
    await wire.pass_minutes(5)
    (told,) = wire.told()
    assert error in told
    assert wire.standing() == {**wire.said, closed.id: []}
    closed.members.append(bot)
    closed.is_archived = closed.is_private = False
    await wire.service.try_again(closed.id, wire.clock.now())
    await wire.pass_minutes(5)
    assert wire.standing() == wire.said


async def test_five_hundred_failures_are_one_message_to_the_pmo(wire: Wire) -> None:
    closed = wire.channels[0]
    closed.members.clear()
    async with wire.database.writing() as session:
        for number in range(500):
            key = f"k{number}"
            now, place = wire.clock.now(), Place.channel(closed.id)
            await wire.outbox.say(session, note(key), to=place, key=key, now=now)
    while (await wire.states())["due"]:
        for _ in range(100):
            await wire.service.deliver_next(wire.clock.now())
    await wire.pass_minutes(5)
    assert await wire.states() == {"failed": 500}
    assert len(wire.told()) == 1
    assert wire.sandbox.calls.counts["chat.update"] <= 15


@pytest.mark.parametrize("hours", [2, -2])
async def test_a_clock_that_is_two_hours_wrong_for_a_while_loses_and_doubles_nothing(
    wire: Wire, clock: FakeClock, hours: int
) -> None:
    clock.followers.clear()  # Slack's clock is right
    workspace_clock = wire.sandbox.workspace.clock

    async def pass_minutes(minutes: int) -> None:
        for _ in range(minutes):
            workspace_clock.advance(60)
            await wire.elapse(minutes=1)

    await wire.say_everywhere(2)
    await pass_minutes(1)
    clock.advance(hours=hours)
    wire.sandbox.faults.add(Fault("chat.postMessage", "drop", 2, executes=True))
    await wire.say_everywhere(2)
    await pass_minutes(10)
    wire.sandbox.faults.add(Fault("chat.postMessage", "drop", 2, executes=True))
    await wire.say_everywhere(2)
    clock.advance(hours=-hours)
    await pass_minutes(180)
    assert wire.standing() == wire.said
    assert wire.told() == []
