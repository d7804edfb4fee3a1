"""Who comes: said, changed, handed to somebody else, and never counted twice."""

from datetime import timedelta

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    StandIn,
)
from domain.meetings.values import OwnSaid, Wish
from models.enums import Attention, Rsvp
from tests.support.coming import Coming
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, at

STARTS = at(3, 19, month=12)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def coming(secretary: Secretary) -> Coming:
    return await Coming.seated(secretary)


async def test_the_last_word_counts_and_each_is_audited(any_secretary: Secretary) -> None:
    coming = await Coming.seated(any_secretary)
    assert not (await coming.says("omar", Rsvp.YES)).is_same
    assert (await coming.says("omar", Rsvp.YES)).is_same
    await coming.says("omar", Rsvp.LATE, LATER)
    await coming.says("sam", Rsvp.YES)
    roster = await coming.roster()
    assert (roster.coming, roster.unsaid, roster.needed) == (1, 3, 3)
    assert [each.rsvp for each in roster.seats if each.is_coming] == [Rsvp.LATE, Rsvp.YES]
    entries = [
        (each.actor, each.subject, each.field, each.old, each.new)
        for each in (await any_secretary.audit())[-3:]
    ]
    subject = f"meeting {ITS} 2026-12-03"
    assert entries == [
        ("U0OMAR", subject, "attendance of Omar", None, "yes"),
        ("U0OMAR", subject, "attendance of Omar", "yes", "late"),
        ("U0SAM", subject, "attendance of Sam", None, "yes"),
    ]
    card = (await any_secretary.cards("omar"))[0]
    assert card.own == OwnSaid(Rsvp.LATE)
    assert (await any_secretary.cards("dana"))[0].own is None  # the PMO has no seat


async def test_why_somebody_cannot_come_is_read_by_the_chair_and_the_pmo_alone(
    coming: Coming,
) -> None:
    omar, number = await coming.world.viewer("omar"), await coming.number()
    await coming.says("omar", Rsvp.NO)
    await coming.service.apologize(omar, number, " At the\ndentist ", LATER)
    assert (await coming.service.apologize(omar, number, "At the dentist", LATER)).is_same
    found = {}
    for name in ("carol", "dana", "ben"):
        viewer = await coming.world.viewer(name)
        listed = await coming.secretary.service.coming(viewer, ITS, LATER, is_next=True)
        (board,) = await coming.service.boards(viewer, listed, LATER)
        found[name] = (board.reasons, board.unsaid, board.may_say)
    reasons, unsaid = (("Omar", "At the dentist"),), ("Ben", "Carol", "Li", "Sam")
    assert found == {
        "carol": (reasons, unsaid, True),
        "dana": (reasons, unsaid, False),
        "ben": ((), (), True),
    }
    assert "dentist" not in str([each.model_dump() for each in await coming.secretary.audit()])
    with pytest.raises(FieldErrors, match="shorten it"):
        await coming.service.apologize(omar, number, "x" * 151, LATER)
    await coming.says("omar", Rsvp.YES)
    assert {each.apology for each in (await coming.roster()).seats} == {""}
    with pytest.raises(NotAllowedError, match="reason was not kept"):
        await coming.service.apologize(omar, number, "Late", LATER)


async def test_an_alternate_is_told_and_votes_with_the_members_vote(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    assert (await coming.sends("omar", "ana", LATER)).is_same
    (asked,) = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert (asked.member, asked.has_vote, asked.state) == ("Omar", True, StandIn.ASKED)
    (row,) = await coming.rows("ana")
    assert (row.attention, row.expires_at) == (Attention.REQUEST, STARTS)
    assert (await coming.roster()).coming == 1
    assert (await coming.secretary.cards("omar"))[0].own == OwnSaid(Rsvp.ALTERNATE, "Ana")
    said = await coming.says("ana", Rsvp.YES)
    assert (said.stands_for, said.is_same) == ("Omar", False)
    choosing = await coming.service.choosing(
        await coming.world.viewer("omar"), await coming.number(), NOON
    )
    assert choosing.alternate == "U0ANA"


@pytest.mark.parametrize(
    ("alternate", "why"),
    [
        ("gus", "a guest or has left Slack"),
        ("zoe", "a guest or has left Slack"),
        ("ben", "has a vote of their own here"),
        ("omar", "That is yourself"),
        ("ana", "comes for Li already"),
    ],
)
async def test_not_everybody_can_be_an_alternate(coming: Coming, alternate: str, why: str) -> None:
    await coming.world.change_person("zoe", is_gone=True)
    await coming.sends("li", "ana")
    with pytest.raises(FieldErrors, match=why):
        await coming.sends("omar", alternate)
    await coming.sends("omar", "sam")  # who has a seat without a vote
    assert (await coming.roster()).coming == 2


async def test_an_alternate_may_decline_and_the_member_hears_of_it(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    await coming.post()
    ana, number = await coming.world.viewer("ana"), await coming.number()
    said = await coming.service.decline(ana, number, coming.world.id("omar"), LATER)
    assert said.stands_for == "Omar"
    (asked,) = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert asked.state is StandIn.DECLINED
    (declined,) = await coming.told("omar")
    assert isinstance(declined, AlternateDeclined)
    assert declined.alternate == "Ana"
    seat = (await coming.roster()).seat_of(coming.world.id("omar"))
    assert seat is not None
    assert (seat.rsvp, seat.alternate) == (Rsvp.NO, None)
    with pytest.raises(NotAllowedError, match="nobody's alternate"):
        await coming.service.decline(ana, number, coming.world.id("omar"), LATER)


async def test_cannot_come_pressed_by_an_alternate_declines(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    assert (await coming.says("ana", Rsvp.NO)).stands_for == "Omar"
    assert await coming.told("ana") == []  # taken back before it was read
    assert len(await coming.told("omar")) == 1


async def test_an_alternate_who_is_not_needed_any_more_is_told_in_a_message_of_its_own(
    coming: Coming,
) -> None:
    await coming.sends("omar", "ana")
    await coming.post()
    await coming.says("omar", Rsvp.YES, LATER)
    asked, released = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert asked.state is StandIn.RELEASED
    assert isinstance(released, AlternateReleased)
    await coming.sends("omar", "ana", LATER + timedelta(hours=1))
    again = (await coming.told("ana"))[-1]
    assert isinstance(again, AlternateAsked)
    assert again.state is StandIn.ASKED


async def test_an_alternate_who_has_left_slack_is_not_counted(coming: Coming) -> None:
    await coming.sends("omar", "ana")
    await coming.world.change_person("ana", is_gone=True)
    assert (await coming.roster()).coming == 0


async def test_who_is_no_member_is_told_so(coming: Coming) -> None:
    for name in ("dana", "erik", "gus"):
        with pytest.raises(NotAllowedError, match="You have no seat"):
            await coming.says(name, Rsvp.YES)
    erik, number = await coming.world.viewer("erik"), await coming.number()
    with pytest.raises(NotAllowedError, match="You have no seat"):
        await coming.service.choosing(erik, number, NOON)
    with pytest.raises(NotAllowedError, match="You have no seat"):
        await coming.sends("erik", "ana")
    with pytest.raises(NotFoundError, match="no such meeting"):
        await coming.service.say(erik, number + 1_000, Rsvp.YES, NOON)
    await coming.world.project("APOLLO")
    listed = await coming.secretary.service.coming(erik, ITS, NOON, is_next=True)
    with pytest.raises(NotAllowedError, match="Only members of the council"):
        await coming.service.boards(erik, listed, NOON)


async def test_what_was_said_of_another_time_does_not_count(coming: Coming) -> None:
    secretary, world = coming.secretary, coming.world
    await coming.says("ben", Rsvp.YES)
    await coming.sends("omar", "ana")
    await coming.post()
    carol, card = await world.viewer("carol"), (await secretary.cards())[0]
    wish = Wish("2026-12-04", "14:00", "60")
    moved = await secretary.service.change(carol, card.meeting_id, card.sequence, wish, LATER)
    assert (await coming.roster()).coming == 0
    asked, released = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert (asked.state, asked.meeting.starts_at) == (StandIn.RELEASED, moved.card.starts_at)
    assert isinstance(released, AlternateReleased)
    await coming.says("ben", Rsvp.YES, LATER)
    assert (await coming.roster()).coming == 1


async def test_an_alternate_reads_that_a_meeting_is_renamed_or_cancelled(coming: Coming) -> None:
    secretary, world = coming.secretary, coming.world
    await world.project("FALCON", name="Merger", visibility=RESTRICTED)
    await coming.sends("omar", "ana")
    await coming.post()
    carol, card = await world.viewer("carol"), (await secretary.cards())[0]
    wish = Wish("2026-12-03", "14:00", "60", title="About the merger", place="Room 5")
    saved = await secretary.service.change(carol, card.meeting_id, card.sequence, wish, LATER)
    (asked,) = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert (asked.meeting.title, asked.meeting.place) == ("", "Room 5")
    sequence = saved.card.sequence
    await secretary.service.cancel(carol, card.meeting_id, sequence, "Holidays", LATER)
    (asked,) = await coming.told("ana")
    assert isinstance(asked, AlternateAsked)
    assert asked.meeting.is_cancelled
    with pytest.raises(NotAllowedError, match="is cancelled"):
        await coming.says("ben", Rsvp.YES)
    with pytest.raises(NotAllowedError, match="No meeting is planned"):
        listed = await secretary.service.coming(carol, ITS, STARTS - timedelta(days=365))
        await coming.service.boards(carol, type(listed)([], is_next=True), LATER)
