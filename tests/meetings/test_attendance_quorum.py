"""Whether enough come: checked the day before, told to who can mend it, counted in the meeting."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import WorkingDays
from domain.errors import NotAllowedError
from domain.meetings.attendance.messages import QuorumWarning, RsvpReminder
from domain.meetings.attendance.rules import check_at
from models.enums import PlaceKind, Rsvp
from tests.support.coming import Coming
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, NEW_YORK, at

STARTS = at(3, 19, month=12)
CHECKED = at(2, 15, month=12)
"""Ten o'clock in New York, on the Wednesday before."""
EARLY = CHECKED - timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def coming(secretary: Secretary) -> Coming:
    return await Coming.seated(secretary)


async def warning(coming: Coming, name: str = "carol") -> QuorumWarning | None:
    found = [each for each in await coming.told(name) if isinstance(each, QuorumWarning)]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("starts_at", "planned_at", "checked_at"),
    [
        (STARTS, NOON, CHECKED),
        (at(30, 19), NOON, at(27, 15)),  # a Monday: on the Friday before
        (STARTS, at(2, 16, month=12), at(2, 20, month=12)),  # planned the day before
        (STARTS, at(3, 16, month=12), at(3, 17, month=12)),  # planned for the same day
    ],
)
def test_it_is_checked_on_the_working_day_before(
    starts_at: datetime, planned_at: datetime, checked_at: datetime
) -> None:
    assert check_at(starts_at, planned_at, ZoneInfo(NEW_YORK), WorkingDays()) == checked_at


async def test_the_chair_hears_of_a_quorum_at_risk_and_how_it_goes_on(coming: Coming) -> None:
    await coming.says("carol", Rsvp.YES)
    await coming.says("omar", Rsvp.NO)
    await coming.secretary.run(EARLY)
    assert await warning(coming) is None
    await coming.secretary.run(CHECKED)
    told = await warning(coming)
    assert told is not None
    assert (told.votes, told.needed, told.is_reminded) == (1, 3, False)
    assert (told.unsaid, told.apologies) == (("Ben", "Li"), ("Omar",))
    assert not told.is_reader_unsaid
    await coming.post()
    for name in ("ben", "li"):
        await coming.says(name, Rsvp.LATE, CHECKED + MINUTE)
    told = await warning(coming)
    assert told is not None
    assert told.is_safe
    await coming.says("li", Rsvp.NO, CHECKED + 2 * MINUTE)
    told = await warning(coming)
    assert told is not None
    assert (told.is_safe, told.apologies) == (False, ("Li", "Omar"))


async def test_who_cancels_after_the_check_raises_it_and_who_comes_after_all_takes_it_back(
    coming: Coming,
) -> None:
    for name in ("carol", "ben", "omar"):
        await coming.says(name, Rsvp.YES)
    await coming.secretary.run(CHECKED)
    assert await warning(coming) is None
    await coming.says("ben", Rsvp.NO, CHECKED + MINUTE)
    assert await warning(coming) is not None
    await coming.says("li", Rsvp.YES, CHECKED + 2 * MINUTE)
    assert await warning(coming) is None  # nobody has read it


async def test_where_no_chair_can_read_it_the_pmo_hears_of_it(coming: Coming) -> None:
    world = coming.world
    await world.leave("carol", CHECKED.date(), STARTS.date())
    await coming.secretary.run(CHECKED)
    assert await warning(coming) is None
    assert await warning(coming, "dana") is not None


@pytest.mark.parametrize("chair", [None, "zoe"])
async def test_a_council_without_a_chair_has_the_pmos_channel(
    coming: Coming, chair: str | None
) -> None:
    world = coming.world
    await world.change_person("zoe", is_gone=True)
    await world.change_council(ITS, chair_id=world.id(chair) if chair else None)
    await world.configure(pmo_channel_id="C0PMO")
    await coming.secretary.run(CHECKED)
    (row,) = await coming.rows()
    assert (row.kind, row.place_kind, row.channel_id) == (
        QuorumWarning.kind,
        PlaceKind.CHANNEL,
        "C0PMO",
    )


async def test_it_is_not_checked_once_the_meeting_has_begun(coming: Coming) -> None:
    await coming.opens(CHECKED - MINUTE)
    await coming.secretary.run(CHECKED)
    await coming.says("ben", Rsvp.NO, CHECKED + MINUTE)
    assert await coming.rows() == []


async def test_who_has_not_said_is_reminded_once_and_no_more_than_needed(coming: Coming) -> None:
    await coming.says("omar", Rsvp.YES)
    await coming.secretary.run(CHECKED)
    await coming.post()
    carol, number = await coming.world.viewer("carol"), await coming.number()
    reminded = await coming.service.remind(carol, number, CHECKED + MINUTE)
    assert (reminded.names, reminded.before) == (("Ben", "Li"), ())
    again = await coming.service.remind(carol, number, CHECKED + 2 * MINUTE)
    assert (again.names, again.before) == ((), ("Ben", "Li"))
    told = await warning(coming)
    assert told is not None
    assert (told.is_reminded, told.is_reader_unsaid) == (True, True)
    (row,) = await coming.rows("ben")
    assert row.expires_at == STARTS
    await coming.says("ben", Rsvp.YES, CHECKED + 3 * MINUTE)
    assert await coming.told("ben") == []  # before it was read
    await coming.post()
    await coming.says("li", Rsvp.NO, CHECKED + 4 * MINUTE)
    (reminder,) = await coming.told("li")
    assert isinstance(reminder, RsvpReminder)
    assert reminder.said is Rsvp.NO


async def test_only_who_runs_the_meeting_has_others_reminded_and_not_too_late(
    coming: Coming,
) -> None:
    omar, dana = await coming.world.viewer("omar"), await coming.world.viewer("dana")
    number = await coming.number()
    with pytest.raises(NotAllowedError, match="Only who runs the meeting"):
        await coming.service.remind(omar, number, CHECKED)
    with pytest.raises(NotAllowedError, match="has begun"):
        await coming.service.remind(dana, number, STARTS)
    assert (await coming.service.remind(dana, number, CHECKED)).names == (
        "Ben",
        "Carol",
        "Li",
        "Omar",
    )


async def test_a_quorum_is_lost_and_found_as_people_come_and_go(any_secretary: Secretary) -> None:
    coming = await Coming.seated(any_secretary)
    await coming.sends("omar", "ana")
    with pytest.raises(NotAllowedError, match="has not been opened yet"):
        await coming.comes("ben", STARTS)
    await coming.opens(STARTS)
    assert (await coming.comes("ben", STARTS)).here.votes == 1
    assert (await coming.comes("sam", STARTS)).here.votes == 1  # who has no vote
    stand_in = await coming.comes("ana", STARTS)
    assert (stand_in.stands_for, stand_in.here.votes) == ("Omar", 2)
    assert (await coming.comes("li", STARTS)).here.has_quorum
    assert (await coming.comes("li", STARTS)).is_same
    assert not (await coming.goes("ana", STARTS + MINUTE)).here.has_quorum
    assert (await coming.goes("ana", STARTS + MINUTE)).is_same
    assert (await coming.comes("ana", STARTS + 2 * MINUTE)).here.has_quorum
    audit = [each for each in await any_secretary.audit() if each.field == "presence of Omar"]
    assert [(each.old, each.new) for each in audit] == [
        (None, "Ana is here"),
        ("Ana is here", None),
        (None, "Ana is here"),
    ]
    with pytest.raises(NotAllowedError, match="You have no seat"):
        await coming.comes("erik", STARTS)


async def test_a_member_who_comes_after_all_takes_their_own_seat(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    await coming.opens(STARTS)
    come = await coming.comes("omar", STARTS)
    assert ([each.name for each in come.here.here], come.here.votes) == (["Omar"], 1)
    assert (await coming.secretary.audit())[-1].new == "Omar is here"
    with pytest.raises(NotAllowedError, match="You have no seat"):
        await coming.comes("ana", STARTS)


async def test_who_sends_somebody_else_meanwhile_leaves_an_empty_seat(coming: Coming) -> None:
    await coming.opens(STARTS)
    await coming.comes("omar", STARTS)
    await coming.sends("omar", "ana", STARTS + MINUTE)
    assert (await coming.roster()).present == 0
    await coming.comes("ana", STARTS + MINUTE)
    assert (await coming.goes("omar", STARTS + MINUTE)).is_same
    assert (await coming.roster()).present == 1


async def test_who_runs_the_meeting_marks_others_and_overwrites_nobodys_press(
    coming: Coming,
) -> None:
    await coming.opens(STARTS, chair="omar")  # who has taken the chair
    omar, number = await coming.world.viewer("omar"), await coming.number()
    await coming.comes("li", STARTS)
    marking = await coming.service.marking(omar, number, STARTS)
    shown = [each.person_id for each in marking.seats if each.is_here]
    assert [each.name for each in marking.seats] == ["Ben", "Carol", "Li", "Omar", "Sam"]
    await coming.comes("carol", STARTS)  # meanwhile
    chosen = [coming.world.id("ben"), coming.world.id("omar")]
    marked = await coming.service.mark(omar, number, shown, chosen, STARTS + MINUTE)
    assert [each.name for each in marked.here.here] == ["Ben", "Carol", "Omar"]
    ben = await coming.world.viewer("ben")
    for act in (
        coming.service.marking(ben, number, STARTS),
        coming.service.mark(ben, number, [], [ben.person_id], STARTS),
    ):
        with pytest.raises(NotAllowedError, match="Only who runs the meeting"):
            await act


async def test_the_minutes_tell_present_alternates_apologies_and_absent_apart(
    coming: Coming,
) -> None:
    await coming.sends("omar", "ana")
    await coming.says("li", Rsvp.NO)
    await coming.opens(STARTS)
    for name in ("carol", "ana"):
        await coming.comes(name, STARTS)
    carol = await coming.world.viewer("carol")
    listed = await coming.secretary.service.coming(carol, ITS, STARTS, is_next=True)
    (board,) = await coming.service.boards(carol, listed, STARTS)
    assert board.here is not None
    assert board.here.votes == 2
    await coming.goes("carol", STARTS + MINUTE)
    await coming.closes(STARTS + 2 * MINUTE)
    found = await coming.attended()
    groups = (found.present, found.by_alternate, found.apologies, found.absent)
    assert [[each.member.name for each in group] for group in groups] == [
        ["Carol"],
        ["Omar"],
        ["Li"],
        ["Ben", "Sam"],
    ]
    with pytest.raises(NotAllowedError, match="is over"):
        await coming.comes("ben", STARTS + 3 * MINUTE)
    with pytest.raises(NotAllowedError, match="No meeting is planned"):
        await coming.service.boards(carol, listed, STARTS + 3 * MINUTE)


async def test_an_alternate_who_declines_in_the_meeting_leaves_it(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    await coming.opens(STARTS)
    await coming.comes("ana", STARTS)
    await coming.says("ana", Rsvp.NO, STARTS + MINUTE)
    assert (await coming.roster()).present == 0


async def test_a_meeting_that_nobody_has_opened_is_over_at_its_end(coming: Coming) -> None:
    await coming.says("ben", Rsvp.YES, STARTS + 59 * MINUTE)
    with pytest.raises(NotAllowedError, match="is over"):
        await coming.says("ben", Rsvp.NO, STARTS + 60 * MINUTE)
