"""Meetings on the record: planned ahead, changed by hand, told to whom they concern."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.messages import CouncilCalendar
from domain.meetings.planner import ACTOR
from domain.meetings.values import Planning, Saved, Wish
from models.enums import MeetingState
from tests.support.meeting import CODEC, NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, at


def wish_of(planning: Planning) -> Wish:
    return Wish(
        planning.day.isoformat(),
        f"{planning.at:%H:%M}",
        str(planning.minutes),
        planning.title,
        planning.place,
    )


async def change(secretary: Secretary, index: int, by: str = "carol", /, **new: str) -> Saved:
    """Change a meeting in its window."""
    viewer, card = await secretary.world.viewer(by), (await secretary.cards())[index]
    planning = await secretary.service.planned(viewer, card.meeting_id, NOON)
    wish = replace(wish_of(planning), **new)
    number, sequence = card.meeting_id, planning.sequence
    return await secretary.service.change(viewer, number, sequence, wish, NOON)


async def test_what_is_changed_by_hand_outlives_a_changed_rule(any_secretary: Secretary) -> None:
    secretary = any_secretary
    first, second, *_ = await secretary.cards()
    assert (first.starts_at, first.minutes) == (at(3, 19, month=12), 60)
    saved = await change(secretary, 0, day="2026-12-04", title="Budget", place="Room 5")
    assert (saved.card.starts_at, saved.card.moved_from) == (
        at(4, 19, month=12),
        date(2026, 12, 3),
    )
    carol = await secretary.world.viewer("carol")
    await secretary.service.cancel(carol, second.meeting_id, 0, "No quorum", NOON)
    await secretary.configure(at="15:00", minutes=30)
    assert await secretary.planner.plan(NOON)
    first, second, third, *_ = await secretary.cards()
    assert (first.starts_at, first.title, first.sequence) == (at(4, 19, month=12), "Budget", 1)
    assert (second.state, second.reason) == (MeetingState.CANCELLED, "No quorum")
    assert (third.starts_at.hour, third.minutes, third.sequence) == (20, 30, 1)
    await secretary.service.restore(carol, second.meeting_id, second.sequence, NOON)
    restored = (await secretary.cards())[1]
    assert (restored.state, restored.reason, restored.sequence) == (MeetingState.PLANNED, "", 2)


async def test_nothing_is_written_while_nothing_has_changed(secretary: Secretary) -> None:
    assert not await secretary.planner.plan(NOON)
    assert not await secretary.planner.plan(NOON + timedelta(hours=1))
    count = len(await secretary.audit())
    assert not await Secretary(secretary.world).planner.plan(NOON)
    assert len(await secretary.audit()) == count
    assert {each.actor for each in await secretary.audit()} == {ACTOR}
    assert await secretary.planner.plan(NOON + timedelta(days=14))  # a day comes into sight
    await secretary.world.configure(councils=[])
    assert not await secretary.planner.plan(NOON)  # a council that the file names no more


async def test_every_change_is_audited_and_told_in_the_calendar_that_was_posted(
    secretary: Secretary,
) -> None:
    await change(secretary, 0, minutes="90")
    assert await secretary.said() == []  # nobody has posted it
    dana = await secretary.world.viewer("dana")
    assert await secretary.service.post_calendar(dana, secretary.world.council_id(ITS), NOON) == ITS
    before = await secretary.said()
    saved = await change(secretary, 0, "dana", title="Budget")
    assert not saved.is_same
    assert (await change(secretary, 0, title="Budget")).is_same
    (after,) = await secretary.said()
    assert (before[0].revision, after.revision, after.channel_id) == (1, 2, "C0ITS")
    calendar = CODEC.decode(after.kind, after.value)
    assert isinstance(calendar, CouncilCalendar)
    assert calendar.sequence == 2
    last = (await secretary.audit())[-1]
    told = (last.actor, last.subject, last.field, last.old, last.new)
    assert told == ("U0DANA", f"meeting {ITS} 2026-12-03", "title", None, "Budget")
    await secretary.configure(at="16:00")
    assert await secretary.planner.plan(NOON)
    assert (await secretary.said())[0].revision == 3


async def test_what_has_become_restricted_is_taken_out_of_a_posted_calendar(
    secretary: Secretary,
) -> None:
    await secretary.world.project("FALCON", name="Merger")
    await change(secretary, 0, title="About Falcon")
    dana = await secretary.world.viewer("dana")
    await secretary.service.post_calendar(dana, secretary.world.council_id(ITS), NOON)
    assert "About Falcon" in str((await secretary.said())[0].value)
    await secretary.world.change("FALCON", visibility=RESTRICTED)
    assert await secretary.planner.plan(NOON)
    assert "About Falcon" not in str((await secretary.said())[0].value)
    assert not await secretary.planner.plan(NOON)


async def test_an_extra_meeting_is_planned_once_and_in_the_councils_zone(
    secretary: Secretary,
) -> None:
    carol, council = await secretary.world.viewer("carol"), secretary.world.council_id(ITS)
    planning = await secretary.service.new(carol, council, NOON)
    assert (planning.day, planning.timezone) == (date(2026, 12, 2), "America/New_York")
    wish = wish_of(planning)
    saved = await secretary.service.plan_extra(carol, council, wish, NOON)
    assert (saved.card.starts_at, saved.card.is_extra) == (at(2, 19, month=12), True)
    with pytest.raises(FieldErrors, match="meets at that time already"):
        await secretary.service.plan_extra(carol, council, wish, NOON)
    skipped = replace(wish, day="2027-03-14", at="02:30")
    assert (await secretary.service.plan_extra(carol, council, skipped, NOON)).is_skipped
    assert (await secretary.cards())[0].meeting_id == saved.card.meeting_id
    await secretary.world.council(STS, members=("carol",), chair="carol")
    carol = await secretary.world.viewer("carol")
    other = await secretary.service.new(carol, secretary.world.council_id(STS), NOON)
    assert (f"{other.at:%H:%M}", other.minutes) == ("09:00", 60)  # it has no series


async def test_who_comes_second_is_told_and_nothing_is_overwritten(secretary: Secretary) -> None:
    carol, card = await secretary.world.viewer("carol"), (await secretary.cards())[0]
    await change(secretary, 0, "dana", title="Budget")
    wish = Wish("2026-12-03", "14:00", "30")
    with pytest.raises(NotAllowedError, match="Somebody has changed this meeting"):
        await secretary.service.change(carol, card.meeting_id, card.sequence, wish, NOON)
    with pytest.raises(NotAllowedError, match="Somebody has changed this meeting"):
        await secretary.service.cancel(carol, card.meeting_id, card.sequence, "Ill", NOON)
    assert (await secretary.cards())[0].title == "Budget"
    for reason in ("", "x" * 200):
        with pytest.raises(FieldErrors, match="reason"):
            await secretary.service.cancel(carol, card.meeting_id, 1, reason, NOON)
    await secretary.service.cancel(carol, card.meeting_id, 1, "Ill", NOON)
    assert (await secretary.service.cancel(carol, card.meeting_id, 1, "Ill", NOON)).is_same


async def test_what_has_begun_stays(secretary: Secretary) -> None:
    carol, card = await secretary.world.viewer("carol"), (await secretary.cards())[0]
    during = at(3, 19, 30, month=12)
    with pytest.raises(NotAllowedError, match="has begun"):
        await secretary.service.planned(carol, card.meeting_id, during)
    assert (await secretary.cards(now=during))[0] == replace(card, may_open=True)
    await secretary.configure(rule="FREQ=MONTHLY;BYDAY=2WE")
    assert await secretary.planner.plan(during)
    assert (await secretary.cards(now=during))[0] == replace(card, may_open=True)
    dropped = (await secretary.service.coming(carol, "", during)).councils[0].cards
    assert [each.starts_at.day for each in dropped[1:3]] == [9, 13]


async def test_meetings_exist_for_who_may_see_the_councils_projects(secretary: Secretary) -> None:
    world = secretary.world
    await world.project("FALCON", pm="ben", visibility=RESTRICTED, name="Merger")
    await change(secretary, 0, title="About Falcon")

    async def titles(name: str) -> list[str] | None:
        found = await secretary.service.coming(await world.viewer(name), "", NOON, is_next=True)
        return [each.title for one in found.councils for each in one.cards]

    assert await titles("carol") == ["About Falcon"]
    assert await titles("dana") == ["About Falcon"]
    assert (await titles("erik"), await titles("gus")) == ([], [])
    await world.project("APOLLO")
    assert (await titles("erik"), await titles("gus")) == ([""], [])
    erik, card = await world.viewer("erik"), (await secretary.cards())[0]
    with pytest.raises(NotAllowedError, match="Only the council's chair"):
        await secretary.service.planned(erik, card.meeting_id, NOON)
    with pytest.raises(NotFoundError, match="no such meeting"):
        await secretary.service.planned(await world.viewer("gus"), card.meeting_id, NOON)
    with pytest.raises(NotFoundError, match="ITS Council"):
        await secretary.service.coming(erik, "Nobody", NOON)
    with pytest.raises(NotFoundError, match="has no meetings"):
        await world.council(STS)
        dana = await world.viewer("dana")
        await secretary.service.post_calendar(dana, world.council_id(STS), NOON)


async def test_next_tells_what_is_cancelled_before_it(secretary: Secretary) -> None:
    carol, card = await secretary.world.viewer("carol"), (await secretary.cards())[0]
    await secretary.service.cancel(carol, card.meeting_id, 0, "Ill", NOON)
    found = await secretary.service.coming(carol, "its", NOON, is_next=True)
    assert [each.state for each in found.councils[0].cards] == [
        MeetingState.CANCELLED,
        MeetingState.PLANNED,
    ]
