"""A rehearsal, and beside it what really happens: the same days played with a pretended Slack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override

from bot.factory import Outside, build_services
from bot.rehearsal import open_stage
from bot.runtime import Wake
from bot.trial import units_of
from domain.ports import Posted
from domain.rehearsal.values import Rehearsal, Sending
from jobs.loop import until_idle
from tests.support.clock import FakeClock
from tests.support.directory import FakeDirectory
from tests.support.looks import shown
from tests.support.messenger import FakeMessenger
from tests.support.portfolio import World

TICK = timedelta(minutes=30)
"""Every wall time of the tests is a whole or half hour, in every zone."""


@dataclass(frozen=True)
class Seen:
    """A message as it stands in Slack, not in a thread."""

    at: datetime
    """To the minute."""
    channel: str
    text: str


class TimedMessenger(FakeMessenger):
    """Remembers what came when, as it looked then."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock = clock
        self.seen: list[Seen] = []

    @override
    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        posted = await super().post(channel_id, text, blocks, opaque_id, thread_ts)
        if thread_ts is None:
            self.seen.append(Seen(_minute(self.clock.now()), channel_id, shown(list(blocks))))
        return posted


async def rehearse(world: World, begin: datetime, days: int) -> Rehearsal:
    """What a rehearsal tells."""
    async with open_stage(world.database, world.workspace_id, begin) as stage:
        return await stage.play(begin + timedelta(days=days))


async def really_play(world: World, begin: datetime, days: int) -> list[Seen]:
    """What people really get in these days if nobody answers, by time and place."""
    clock = FakeClock(begin)
    slack = TimedMessenger(clock)
    outside = Outside(FakeDirectory(), slack)
    services = build_services(
        world.database, world.workspace_id, outside, clock, Wake(), clock.sleep
    )
    end = begin + timedelta(days=days)
    while clock.now() < end:
        await until_idle(units_of(services), clock)
        clock.at = max(clock.at, begin + ((clock.at - begin) // TICK + 1) * TICK)
    seen = (each for each in slack.seen if each.at < end)
    return sorted(seen, key=lambda each: (each.at, each.channel))


def place(sending: Sending) -> str:
    """The conversation that a message goes to."""
    return sending.to.slack_id if sending.to.is_channel else f"D-{sending.to.slack_id}"


def assert_same(rehearsal: Rehearsal, seen: Sequence[Seen]) -> None:
    """See that what was rehearsed is what happened: when, where, and about what."""
    told = sorted(rehearsal.sendings, key=lambda each: (_minute(each.at), place(each)))
    assert [(_minute(each.at), place(each)) for each in told] == [
        (each.at, each.channel) for each in seen
    ]
    for sending, message in zip(told, seen, strict=True):
        for name in (*sending.about.projects, *sending.about.councils):
            assert name in message.text


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
