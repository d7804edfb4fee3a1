"""Around a meeting's hour: the chair is asked to open it, others if nobody does, and it closes."""

from datetime import datetime, timedelta

from domain.meetings.sitting.messages import (
    MeetingClosedItself,
    MeetingNotStarted,
    MeetingToOpen,
)
from domain.meetings.sitting.table import times_of
from models.delivery import Delivery
from models.enums import ErrandKind, MeetingState
from tests.support.meeting import CODEC, Secretary
from tests.support.portfolio import ITS
from tests.support.sitting import Chamber, past


async def told(chamber: Chamber, kind: type[object], now: datetime) -> dict[str, object]:
    """What was said of a kind, by the place."""
    await chamber.secretary.run(now)
    rows: list[Delivery] = list(await chamber.secretary.said())
    messages = {each.place: CODEC.decode(each.kind, each.value) for each in rows}
    return {place: each for place, each in messages.items() if isinstance(each, kind)}


async def test_the_chair_is_asked_a_quarter_of_an_hour_before_and_told_who_opened(
    secretary: Secretary,
) -> None:
    chamber = Chamber(secretary)
    carol = f"person:{chamber.world.id('carol')}"
    assert await told(chamber, MeetingToOpen, past(-16)) == {}
    asked = await told(chamber, MeetingToOpen, past(-15))
    assert list(asked) == [carol]
    await chamber.open("dana", minutes=-5)
    (after,) = (await told(chamber, MeetingToOpen, past(-5))).values()
    assert isinstance(after, MeetingToOpen)
    assert (after.opened_by, after.opened_at) == ("Dana", past(-5))
    assert await told(chamber, MeetingNotStarted, past(30)) == {}


async def test_when_the_chair_does_not_come_members_and_pmo_are_told(secretary: Secretary) -> None:
    chamber = Chamber(secretary)
    await told(chamber, MeetingToOpen, past(-15))
    asked = await told(chamber, MeetingToOpen, past(10))
    omar = asked[f"person:{chamber.world.id('omar')}"]
    assert isinstance(omar, MeetingToOpen)
    assert omar.is_late
    office = await told(chamber, MeetingNotStarted, past(10))
    (missing,) = office.values()
    assert list(office) == [f"person:{chamber.world.id('dana')}"]
    assert isinstance(missing, MeetingNotStarted)
    assert (missing.chair, missing.opened_by) == ("Carol", "")
    omar_viewer, number = await chamber.world.viewer("omar"), (await chamber.meeting()).pk
    await chamber.service.take_chair(omar_viewer, number, past(11))
    (after,) = (await told(chamber, MeetingNotStarted, past(11))).values()
    assert isinstance(after, MeetingNotStarted)
    assert after.opened_by == "Omar"


async def test_without_a_chair_the_pmo_is_asked_and_the_channel_of_the_pmo_told(
    secretary: Secretary,
) -> None:
    chamber = Chamber(secretary)
    await chamber.world.change_council(ITS, chair_id=None)
    asked = await told(chamber, MeetingToOpen, past(-15))
    assert list(asked) == [f"person:{chamber.world.id('dana')}"]


async def test_one_that_nobody_closes_closes_itself_and_whoever_ran_it_is_told(
    secretary: Secretary,
) -> None:
    chamber = Chamber(secretary)
    await secretary.configure(close_after="2h")
    await chamber.open("omar", minutes=30)
    assert await told(chamber, MeetingClosedItself, past(209)) == {}
    closed = await told(chamber, MeetingClosedItself, past(210))
    assert list(closed) == [f"person:{chamber.world.id('omar')}"]
    meeting = await chamber.meeting()
    assert meeting.ended_at == past(210)
    last = (await secretary.audit())[-1]
    assert (last.actor, last.field) == ("the clock", "closed")
    assert (await chamber.channel_card()).closed_by == ""
    await chamber.do("omar", chamber.service.reopen, minutes=215)
    assert await told(chamber, MeetingClosedItself, past(394)) == closed
    assert (await chamber.meeting()).ended_at is None
    await secretary.run(past(395))
    assert (await chamber.meeting()).ended_at == past(395)


async def test_a_meeting_that_was_missed_is_not_asked_about(secretary: Secretary) -> None:
    chamber = Chamber(secretary)
    assert await told(chamber, MeetingToOpen, past(61)) == {}
    kinds = {each.kind for each in secretary.errands}
    assert kinds == {ErrandKind.START, ErrandKind.NOT_STARTED, ErrandKind.CLOSE}


async def test_who_was_asked_to_open_a_meeting_reads_that_nobody_has(secretary: Secretary) -> None:
    chamber = Chamber(secretary)
    await told(chamber, MeetingToOpen, past(-15))
    over = times_of(await secretary.about()).last_call
    (asked,) = (await told(chamber, MeetingToOpen, over - timedelta(minutes=1))).values()
    assert isinstance(asked, MeetingToOpen)
    assert not asked.is_missed
    (asked,) = (await told(chamber, MeetingToOpen, over)).values()
    assert isinstance(asked, MeetingToOpen)
    assert asked.is_missed
    assert (await chamber.meeting()).ended_at is None
    async with chamber.world.database.writing() as session:
        about = await secretary.about()
        about.meeting.state = MeetingState.CANCELLED
        await chamber.inviter.again(session, about, over)
    (asked,) = (await told(chamber, MeetingToOpen, over)).values()
    assert isinstance(asked, MeetingToOpen)
    assert asked.is_cancelled
