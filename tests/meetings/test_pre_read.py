"""What a council reads before it meets: frozen and told once, to each what they may see."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest

from domain.delivery.messages import Message
from domain.errors import NotAllowedError, NotFoundError
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.values import Seat
from domain.meetings.pre_read.calling import Caller
from domain.meetings.pre_read.errands import CallErrand, NudgeErrand
from domain.meetings.pre_read.messages import (
    CallAgenda,
    CallState,
    MeetingCall,
    MeetingPack,
    OpenNudge,
    PackCopy,
    WantedPack,
)
from domain.meetings.pre_read.service import PreReadService
from domain.meetings.values import Wish
from models.collecting import Cycle
from models.enums import (
    Attention,
    CycleState,
    DeliveryState,
    Health,
    ItemState,
    LogKind,
    Method,
    Outcome,
    Purpose,
    Rsvp,
    Visibility,
)
from models.meetings import AgendaItem, Attendance, Decision, Meeting
from tests.support.agenda import Table
from tests.support.meeting import CODEC, Secretary
from tests.support.portfolio import RESTRICTED, at

M = TypeVar("M", bound=Message)

CALL = at(26, 14)
"""Five working days before the meeting, at nine in New York."""

NUDGE = at(1, 14, month=12)
MEETING = at(3, 19, month=12)
HOUR = timedelta(hours=1)


class Reading:
    """A council with a red project, a restricted one, and what is to be read before it meets."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary, self.world = secretary, secretary.world
        self.table = Table(secretary)
        self.caller = Caller(secretary.outbox)
        secretary.voices.add(self.caller.say)
        secretary.errands += [CallErrand(self.caller), NudgeErrand(self.caller)]
        self.service = PreReadService(
            secretary.world.database, secretary.world.workspace_id, self.caller
        )

    async def fill(self) -> None:
        world, table = self.world, self.table
        apollo = await world.project("APOLLO", sponsor="sam")
        mercury = await world.project("MERCURY", visibility=RESTRICTED)
        zeus = await world.project("ZEUS")
        why, path = "No supplier.\nTwo have left.", "Sign one.\nThen build."
        red = Health.RED
        await table.report(apollo, 11, red, why=why)
        await table.report(apollo, 18, red, why=why, path_to_green=path, version=3)
        await table.report(mercury, 18, red, why="No money.")
        await table.miss(zeus, 18, 1)
        for cycle_id in (1, 2):
            await table.change(Cycle, cycle_id, state=CycleState.REPORTED)
        own, due = {"project_id": apollo}, date(2026, 11, 20)
        text = "Release 50,000 of the reserve?\nOr wait."
        await table.entry(LogKind.DECISION, "Release…", text=text, owner_name="Council", **own)
        await table.entry(LogKind.DECISION, "Stop it?", project_id=mercury)
        moved = {"due_on": due, "baseline_on": date(2026, 11, 6), "owner_id": world.id("ana")}
        await table.entry(LogKind.ACTION, "Ask for offers", **own, **moved)
        await table.entry(LogKind.ACTION, "Later", due_on=date(2026, 11, 27), **own)
        council = {"council_id": table.council_id}
        await table.entry(LogKind.ACTION, "Tell Mercury's board", due_on=due, **council)
        decided = {"method": Method.VOTE, "outcome": Outcome.APPROVED, **council}
        await table.keep(Decision, number=1, question="Old?", decided_at=at(1, 1), **decided)
        await table.keep(
            Decision, number=2, question="Start?", decided_at=at(5, 20), **decided, **own
        )
        await table.keep(
            Meeting,
            occurrence="2026-11-05",
            starts_at=at(5, 19),
            started_at=at(5, 19),
            minutes=60,
            timezone="America/New_York",
            uid="u",
            changed_at=at(1, 1),
            **council,
        )

    async def run(self, *instants: datetime) -> None:
        for now in instants:
            await self.secretary.run(now)

    async def said(self, kind: type[M]) -> dict[str, M]:
        """What is said of a kind, by its key after the meeting's."""
        rows = await self.secretary.said()
        told = {row.key: CODEC.decode(row.kind, row.value) for row in rows}
        return {
            key.partition(":")[2].partition(":")[2]: each
            for key, each in told.items()
            if type(each) is kind
        }

    async def call(self) -> MeetingCall:
        return (await self.said(MeetingCall))["call"]

    async def meeting(self) -> Meeting:
        return await self.table.first()

    async def move(self, now: datetime) -> None:
        carol, card = await self.world.viewer("carol"), (await self.secretary.cards())[0]
        wish = Wish("2026-12-08", "10:00", "60")
        await self.secretary.service.change(carol, card.meeting_id, card.sequence, wish, now)

    async def send(self, name: str, now: datetime) -> str:
        viewer = await self.world.viewer(name)
        return await self.service.send(viewer, (await self.meeting()).pk, now)

    async def seats(self) -> Sequence[Seat]:
        async with self.world.database.reading() as session:
            about = await self.secretary.about(await self.meeting())
            return (await roster_of(session, about)).seats

    async def states(self) -> dict[str, DeliveryState]:
        return {each.key.split(":", 2)[2]: each.state for each in await self.secretary.said()}


@pytest.fixture
async def reading(secretary: Secretary) -> Reading:
    made = Reading(secretary)
    await made.fill()
    return made


def codes(rows: Sequence[object]) -> list[str]:
    return [getattr(each, "code", "") for each in rows]


async def test_the_status_freezes_and_the_channel_is_called_once(reading: Reading) -> None:
    await reading.run(CALL - timedelta(minutes=1))
    assert await reading.secretary.said() == []
    await reading.run(CALL, CALL + HOUR, CALL + 5 * HOUR)
    meeting = await reading.meeting()
    assert meeting.frozen_at == CALL
    places = {each.key: each.place for each in await reading.secretary.said()}
    call, carol = f"meeting:{meeting.pk}:call", reading.world.id("carol")
    assert places == {
        call: "channel:C0ITS",
        f"{call}:pack": f"thread:{call}",
        f"meeting:{meeting.pk}:pack:{carol}": f"person:{carol}",
    }
    told = await reading.call()
    assert (told.occasion.state, told.as_of) == (CallState.AHEAD, CALL)
    assert (told.seats.unsaid, told.seats.needed) == (2, 2)
    assert "MERCURY" not in repr(told)
    assert "APOLLO" in codes(told.items)
    audit = [each for each in await reading.secretary.audit() if each.field == "status"]
    assert [(each.actor, each.new) for each in audit] == [
        ("the pre-read's hour", "frozen, members called")
    ]


async def test_the_pack_tells_all_that_is_open_as_it_froze(any_secretary: Secretary) -> None:
    reading = Reading(any_secretary)
    await reading.fill()
    await reading.run(CALL)
    pack = (await reading.said(MeetingPack))["call:pack"].pack
    assert (pack.digest_on, pack.as_of, pack.is_restricted) == (date(2026, 11, 18), CALL, False)
    apollo, zeus = pack.projects
    assert (apollo.code, apollo.health, apollo.days, apollo.version) == (
        *("APOLLO", Health.RED, 15),
        3,
    )
    assert apollo.path_to_green == "Sign one.\nThen build."
    assert apollo.why == "No supplier.\nTwo have left."
    assert (zeus.health, zeus.reported_at) == (Health.GREY, None)
    (decision,) = pack.decisions
    assert decision.text == "Release 50,000 of the reserve?\nOr wait."
    assert (decision.source, decision.opened_on) == ("Council", date(2026, 11, 2))
    (action,) = pack.actions
    assert (action.owner, action.first_due_on) == ("Ana", date(2026, 11, 6))
    # In the channel a gap between numbers would tell of what is restricted.
    assert [(each.ref, each.question) for each in pack.decided] == [("", "Start?")]
    assert "ercury" not in repr(pack).casefold()


async def test_members_get_the_restricted_part_by_themselves_alone(reading: Reading) -> None:
    await reading.run(CALL)
    carol = reading.world.id("carol")
    copy = (await reading.said(PackCopy))[f"pack:{carol}"]
    assert copy.pack.is_restricted
    assert not copy.is_wished
    assert codes(copy.pack.projects) == ["APOLLO", "MERCURY", "ZEUS"]
    assert codes(copy.pack.decisions) == ["APOLLO", "MERCURY"]
    assert codes(copy.pack.actions) == ["APOLLO", ""]
    meeting = await reading.meeting()
    opened = await reading.service.open(await reading.world.viewer("omar"), meeting.pk, CALL)
    assert opened == copy.pack
    shown = await reading.service.open(await reading.world.viewer("erik"), meeting.pk, CALL)
    assert shown == (await reading.said(MeetingPack))["call:pack"].pack


async def test_a_late_report_changes_nothing_and_a_late_paper_is_marked(reading: Reading) -> None:
    await reading.run(CALL)
    before = await reading.said(MeetingPack)
    await reading.table.entry(LogKind.DECISION, "One more", council_id=reading.table.council_id)
    await reading.table.item("A tabled paper", is_late=True)
    about = await reading.secretary.about(await reading.meeting())
    async with reading.world.database.writing() as session:
        await reading.secretary.voices.again(session, about, CALL + HOUR)
    late = [each for each in (await reading.call()).items if each.is_late]
    assert [each.title for each in late] == ["A tabled paper"]
    assert await reading.said(MeetingPack) == before


async def test_a_meeting_that_is_moved_is_told_and_not_called_twice(reading: Reading) -> None:
    await reading.run(CALL)
    await reading.move(CALL + HOUR)
    call = await reading.call()
    assert (call.occasion.moved_from, call.occasion.starts_at) == (MEETING, at(8, 15, month=12))
    await reading.run(CALL + 2 * HOUR, at(2, 14, month=12))
    assert len(await reading.said(MeetingCall)) == len(await reading.said(MeetingPack)) == 1
    (copy,) = (await reading.said(PackCopy)).values()
    assert copy.occasion == call.occasion


async def test_a_meeting_that_is_cancelled_or_dropped_says_so(reading: Reading) -> None:
    await reading.run(CALL, NUDGE)
    carol, card = await reading.world.viewer("carol"), (await reading.secretary.cards())[0]
    service = reading.secretary.service
    await service.cancel(carol, card.meeting_id, 0, "Ill", NUDGE)
    call = await reading.call()
    assert (call.occasion.state, call.occasion.reason) == (CallState.CANCELLED, "Ill")
    off = {key for key, state in (await reading.states()).items() if state is DeliveryState.EXPIRED}
    people = [reading.world.id("carol"), reading.world.id("omar")]
    assert off == {f"pack:{people[0]}", *(f"nudge:{each}" for each in people)}
    await service.restore(carol, card.meeting_id, 1, NUDGE)
    assert (await reading.call()).occasion.state is CallState.AHEAD
    assert (await reading.states())[f"pack:{people[0]}"] is DeliveryState.WAITING


async def test_the_configuration_that_drops_a_meeting_is_followed(reading: Reading) -> None:
    await reading.run(CALL)
    await reading.secretary.configure(rule="FREQ=MONTHLY;BYDAY=2TH")
    assert await reading.secretary.planner.plan(CALL + HOUR)
    occasion = (await reading.call()).occasion
    assert occasion.state is CallState.CANCELLED
    assert "no such day" in occasion.reason


async def test_what_has_become_restricted_is_taken_out_of_what_is_posted(
    reading: Reading,
) -> None:
    await reading.run(CALL)
    await reading.send("erik", CALL)
    await reading.secretary.planner.plan(CALL)
    await reading.world.change("APOLLO", visibility=Visibility.RESTRICTED)
    assert await reading.secretary.planner.plan(CALL + HOUR)
    call, pack = await reading.call(), (await reading.said(MeetingPack))["call:pack"].pack
    erik = (await reading.said(WantedPack) | await reading.said(PackCopy))[
        f"pack:{reading.world.id('erik')}"
    ]
    assert isinstance(erik, PackCopy)
    for told in (call, pack, erik):
        assert "apollo" not in repr(told).casefold()
    carol = (await reading.said(PackCopy))[f"pack:{reading.world.id('carol')}"]
    assert "APOLLO" in codes(carol.pack.projects)


async def test_a_long_agenda_stands_in_the_thread_as_a_whole(reading: Reading) -> None:
    ids = [await reading.table.item(f"Item {number}") for number in range(25)]
    await reading.run(CALL)
    agenda = (await reading.said(CallAgenda))["call:agenda"]
    assert [each.title for each in agenda.items if "Item" in each.title][-1] == "Item 24"
    for number in ids[3:]:
        await reading.table.change(AgendaItem, number, state=ItemState.REMOVED)
    await reading.move(CALL + HOUR)
    assert len((await reading.said(CallAgenda))["call:agenda"].items) < 20


async def test_who_has_not_opened_the_pack_is_nudged_once(reading: Reading) -> None:
    await reading.secretary.seat("li", "ben", "zoe")
    await reading.run(CALL)
    meeting = await reading.meeting()
    await reading.service.open(await reading.world.viewer("omar"), meeting.pk, CALL)
    seat = {"meeting_id": meeting.pk, "person_id": reading.world.id("li")}
    await reading.table.keep(Attendance, **seat, rsvp=Rsvp.NO)
    seat["person_id"] = reading.world.id("ben")
    stand_in = {"rsvp": Rsvp.ALTERNATE, "alternate_id": reading.world.id("erik")}
    await reading.table.keep(Attendance, **seat, **stand_in)
    await reading.run(NUDGE - HOUR)
    assert await reading.said(OpenNudge) == {}
    await reading.run(NUDGE, NUDGE + HOUR)
    nudges = await reading.said(OpenNudge)
    named = {f"nudge:{reading.world.id(each)}" for each in ("carol", "erik", "zoe")}
    assert nudges.keys() == named
    rows = {each.key.split(":", 2)[2]: each for each in await reading.secretary.said()}
    assert {rows[key].expires_at for key in named} == {MEETING}
    assert {rows[key].attention for key in named} == {Attention.REMINDER}
    assert {each.decisions for each in nudges.values()} == {
        sum(item.purpose is Purpose.DECIDE for item in (await reading.call()).items)
    }
    await reading.service.open(await reading.world.viewer("erik"), meeting.pk, NUDGE)
    states = await reading.states()
    assert states[f"nudge:{reading.world.id('erik')}"] is DeliveryState.EXPIRED
    seats = {each.member.name: each.has_opened for each in await reading.seats()}
    assert seats == {"Ben": True, "Carol": False, "Li": False, "Omar": True, "Zoe": False}


async def test_a_meeting_at_short_notice_is_called_at_once_and_nudges_nobody(
    reading: Reading,
) -> None:
    await reading.run(MEETING - 2 * HOUR, MEETING - HOUR)
    assert (await reading.meeting()).frozen_at == MEETING - 2 * HOUR
    assert await reading.said(OpenNudge) == {}


async def test_nobody_is_called_to_what_has_begun(reading: Reading) -> None:
    await reading.run(MEETING)
    assert await reading.secretary.said() == []
    carol = await reading.world.viewer("carol")
    with pytest.raises(NotFoundError, match="not out yet"):
        await reading.service.open(carol, (await reading.meeting()).pk, MEETING)


async def test_who_wants_it_gets_it_now_and_each_time_until_they_do_not(reading: Reading) -> None:
    await reading.run(CALL)
    omar = await reading.world.viewer("omar")
    key = f"pack:{omar.person_id}"
    assert await reading.send("omar", CALL) == await reading.send("omar", CALL) == "ITS Council"
    wanted = (await reading.said(WantedPack))[key]
    assert wanted.is_wished
    assert (await reading.states())[key] is DeliveryState.DUE
    second = await reading.table.second()
    await reading.run(second.starts_at - timedelta(days=3))
    assert key in await reading.said(PackCopy)
    stopped = await reading.service.stop(omar, second.pk, CALL)
    again = await reading.service.stop(omar, second.pk, CALL)
    assert (stopped.was_wished, again.was_wished, stopped.is_chair) == (True, False, False)
    chair = await reading.service.stop(await reading.world.viewer("carol"), second.pk, CALL)
    assert (chair.was_wished, chair.is_chair) == (False, True)
    audit = [each for each in await reading.secretary.audit() if "packs" in each.field]
    assert [(each.old, each.new) for each in audit] == [(None, "yes"), ("yes", None)]


async def test_the_newest_pack_is_found_by_its_councils_name(reading: Reading) -> None:
    omar = await reading.world.viewer("omar")
    with pytest.raises(NotFoundError, match="not out yet"):
        await reading.service.open_next(omar, "", CALL)
    await reading.run(CALL)
    for named in ("", "its"):
        found = await reading.service.open_next(omar, named, CALL)
        assert found.meeting_id == (await reading.meeting()).pk
    assert [each.has_opened for each in await reading.seats()] == [False, True]


async def test_who_may_not_read_it_is_told_why(reading: Reading) -> None:
    await reading.run(CALL)
    number = (await reading.meeting()).pk
    with pytest.raises(NotAllowedError, match="for the council"):
        await reading.service.open(await reading.world.viewer("gus"), number, CALL)
    omar = await reading.world.viewer("omar")
    for press in (reading.service.open, reading.service.send, reading.service.stop):
        with pytest.raises(NotFoundError, match="no such pack"):
            await press(omar, 999, CALL)


async def test_a_council_without_a_digest_has_no_status_to_tell(secretary: Secretary) -> None:
    reading = Reading(secretary)
    await reading.run(CALL)
    pack = (await reading.said(MeetingPack))["call:pack"].pack
    assert (pack.digest_on, pack.projects, pack.decisions) == (None, (), ())
    assert pack.members == (("Carol", True), ("Omar", True))
