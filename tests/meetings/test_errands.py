"""What the clock does for a meeting: each once, at its hour, and not when that makes no sense."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession
from typing_extensions import override

from domain.health.facts import load_facts
from domain.meetings.about import About
from domain.meetings.errands.values import Due, Errand
from domain.meetings.values import Wish
from models.enums import ErrandKind
from models.meetings import Errand as Kept
from tests.support.meeting import NOON, Secretary

HOUR = timedelta(hours=1)


class Before(Errand):
    """Something that is due so long before a meeting begins, and remembers when it was done."""

    def __init__(self, kind: ErrandKind, before: timedelta, lasts: timedelta | None = None) -> None:
        self.kind, self.before, self.lasts = kind, before, lasts
        self.done: list[datetime] = []
        self.fails = 0

    @override
    def due(self, about: About, done: Collection[ErrandKind]) -> Due | None:
        at = about.meeting.starts_at - self.before
        return Due(at, None if self.lasts is None else at + self.lasts)

    @override
    async def do(self, session: AsyncSession, about: About, now: datetime) -> None:
        if self.fails:
            self.fails -= 1
            raise KeyError("what is missing")
        self.done.append(now)


@pytest.fixture
def warn() -> Before:
    return Before(ErrandKind.QUORUM_CHECK, 24 * HOUR, 12 * HOUR)


@pytest.fixture
def begin() -> Before:
    return Before(ErrandKind.START, timedelta())


async def test_each_is_done_once_at_its_hour(
    secretary: Secretary, warn: Before, begin: Before
) -> None:
    secretary.errands += [begin, warn]
    starts = (await secretary.first()).starts_at
    for now in (NOON, starts - 24 * HOUR, starts - 23 * HOUR, starts, starts + HOUR):
        await secretary.run(now)
    assert warn.done == [starts - 24 * HOUR]
    assert begin.done == [starts]
    assert not await secretary.clock.run(starts + 2 * HOUR)


async def test_what_was_missed_is_left_out_when_its_time_is_over_and_says_so(
    secretary: Secretary, warn: Before, begin: Before
) -> None:
    secretary.errands += [begin, warn]
    starts = (await secretary.first()).starts_at
    await secretary.run(starts + HOUR)
    assert (warn.done, begin.done) == ([], [starts + HOUR])
    async with secretary.world.database.reading() as session:
        kept = {each.kind: each.left_out for each in (await session.exec(select(Kept))).all()}
    assert kept == {
        ErrandKind.QUORUM_CHECK: "its time was over when the bot came to it",
        ErrandKind.START: "",
    }


async def test_it_follows_a_meeting_that_is_moved_or_cancelled(
    secretary: Secretary, begin: Before
) -> None:
    secretary.errands.append(begin)
    await secretary.run(NOON)
    carol = await secretary.world.viewer("carol")
    first, second, *_ = await secretary.cards()
    wish = Wish("2026-12-08", "10:00", "60")
    moved = await secretary.service.change(carol, first.meeting_id, first.sequence, wish, NOON)
    await secretary.service.cancel(carol, second.meeting_id, second.sequence, "Holidays", NOON)
    await secretary.run(first.starts_at)
    assert begin.done == []
    await secretary.run(moved.card.starts_at)
    await secretary.run(second.starts_at)
    assert begin.done == [moved.card.starts_at]


async def test_it_follows_the_configuration(secretary: Secretary, warn: Before) -> None:
    secretary.errands.append(warn)
    await secretary.run(NOON)
    starts = (await secretary.first()).starts_at
    await secretary.configure(quorum="all")
    warn.before = 48 * HOUR  # as if the configuration had said so
    await secretary.run(starts - 48 * HOUR)
    assert warn.done == [starts - 48 * HOUR]


async def test_the_clock_rests_when_a_series_has_dropped_its_meetings(
    secretary: Secretary, begin: Before
) -> None:
    secretary.errands.append(begin)
    await secretary.run(NOON)
    await secretary.configure(rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=8")
    assert await secretary.planner.plan(NOON + HOUR)
    looks = [await secretary.clock.run(NOON + HOUR) for _ in range(20)]
    assert not looks[-1]


async def test_one_that_raises_is_put_off_and_the_others_go_on(
    secretary: Secretary, begin: Before
) -> None:
    secretary.errands.append(begin)
    begin.fails = 1
    carol = await secretary.world.viewer("carol")
    starts = (await secretary.first()).starts_at
    wish = Wish("2026-12-03", "14:01", "60")
    await secretary.service.plan_extra(carol, (await secretary.first()).council_id, wish, NOON)
    await secretary.run(starts + timedelta(minutes=1))
    assert begin.done == [starts + timedelta(minutes=1)]
    async with secretary.world.database.reading() as session:
        facts = await load_facts(session, secretary.world.workspace_id, starts + HOUR / 60)
    (told,) = facts.not_composed
    assert told.subject == "ITS Council, what is due for a meeting"
    await secretary.run(starts + timedelta(minutes=10))
    assert begin.done[1:] == [starts + timedelta(minutes=10)]
