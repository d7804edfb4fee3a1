"""A meeting is opened once, led by one person, closed, and opened again after a mistake."""

import pytest

from domain.errors import NotAllowedError, NotFoundError
from domain.meetings.sitting.messages import LiveCard
from domain.meetings.values import Wish
from models.enums import LogKind, MeetingState
from models.meetings import Meeting
from tests.support.agenda import Table
from tests.support.coming import Coming
from tests.support.meeting import CODEC, Secretary
from tests.support.portfolio import ITS, RESTRICTED
from tests.support.sitting import Chamber, past


@pytest.fixture
def chamber(secretary: Secretary) -> Chamber:
    return Chamber(secretary)


async def test_it_is_opened_once_and_who_comes_second_is_told_since_when(chamber: Chamber) -> None:
    first = await chamber.open(minutes=2)
    assert (first.is_new, first.by, first.at) == (True, "Carol", past(2))
    second = await chamber.open("dana", minutes=5)
    assert (second.is_new, second.by, second.at) == (False, "Carol", past(2))
    meeting = await chamber.meeting()
    assert (meeting.chair_id, meeting.quorum) == (chamber.world.id("carol"), "majority")
    roster = await chamber.roster()
    assert [each.member.name for each in roster.seats if each.is_present] == ["Carol"]


async def test_another_member_takes_the_chair_ten_minutes_after_the_hour(chamber: Chamber) -> None:
    with pytest.raises(NotAllowedError, match="Wait for the chair until 10 minutes"):
        await chamber.open("omar", minutes=9)
    assert (await chamber.open("omar", minutes=10)).by == "Omar"
    await chamber.world.project("APOLLO")
    with pytest.raises(NotAllowedError, match="Only whoever chairs"):
        await chamber.close("ana")
    carol, meeting = await chamber.world.viewer("carol"), await chamber.meeting()
    await chamber.service.take_chair(carol, meeting.pk, past(12))
    assert (await chamber.meeting()).chair_id == carol.person_id
    omar = await chamber.world.viewer("omar")
    with pytest.raises(NotAllowedError, match="Somebody runs this meeting"):
        await chamber.service.take_chair(omar, meeting.pk, past(13))


async def test_it_closes_once_and_opens_again_within_the_hour(chamber: Chamber) -> None:
    await chamber.open()
    stale = (await chamber.meeting()).revision
    await chamber.close("dana")
    carol, number = await chamber.world.viewer("carol"), (await chamber.meeting()).pk
    with pytest.raises(NotAllowedError, match=r"Dana closed the meeting at 15:00, before"):
        await chamber.service.close(carol, number, stale, past(61))
    with pytest.raises(NotAllowedError, match="open it again within an hour"):
        await chamber.open(minutes=61)
    again = await chamber.service.reopen(carol, number, past(119))
    assert again.is_new
    assert (await chamber.meeting()).ended_at is None
    await chamber.close(minutes=130)
    with pytest.raises(NotAllowedError, match="more than an hour ago"):
        await chamber.service.reopen(carol, number, past(190))
    fields = [each.field for each in await chamber.secretary.audit()]
    assert fields[-4:] == ["opened", "closed", "reopened", "closed"]


async def test_a_meeting_that_is_cancelled_or_not_theirs_is_not_opened(chamber: Chamber) -> None:
    with pytest.raises(NotFoundError):
        await chamber.open("gus")
    carol, card = await chamber.world.viewer("carol"), (await chamber.secretary.cards())[0]
    service = chamber.secretary.service
    cancelled = await service.cancel(carol, card.meeting_id, card.sequence, "Ill", past(-60))
    assert cancelled.card.state is MeetingState.CANCELLED
    with pytest.raises(NotAllowedError, match="is cancelled"):
        await chamber.open()


async def test_one_that_was_opened_early_is_not_moved_or_cancelled_any_more(
    chamber: Chamber,
) -> None:
    await chamber.open(minutes=-20)
    carol, service = await chamber.world.viewer("carol"), chamber.secretary.service
    meeting = await chamber.meeting()
    wish = Wish("2026-12-08", "10:00", "60")
    with pytest.raises(NotAllowedError, match="has begun"):
        await service.cancel(carol, meeting.pk, meeting.sequence, "Ill", past(-10))
    with pytest.raises(NotAllowedError, match="has begun"):
        await service.change(carol, meeting.pk, meeting.sequence, wish, past(-10))


async def test_a_chair_who_had_named_an_alternate_and_opens_it_sits_there_themselves(
    chamber: Chamber,
) -> None:
    coming = Coming(chamber.secretary)
    await coming.sends("carol", "ana")
    await chamber.open()
    (seat,) = [each for each in (await chamber.roster()).seats if each.is_present]
    assert (seat.sitter.name, seat.alternate) == ("Carol", None)


async def test_a_title_that_names_what_they_may_not_know_of_is_not_told(chamber: Chamber) -> None:
    await chamber.world.council("Board", chair=None, members=("erik",))
    await chamber.world.project("FALCON", council="Board", visibility=RESTRICTED)
    table = Table(chamber.secretary)
    await table.change(Meeting, (await chamber.meeting()).pk, title="Falcon kick-off")
    assert (await chamber.open()).title == ITS
    assert (await chamber.open("dana")).title == "Falcon kick-off"


async def test_its_card_goes_on_in_another_channel_when_its_council_moves(chamber: Chamber) -> None:
    await chamber.open()
    await chamber.world.change_council(ITS, channel_id="C0NEW")
    await chamber.be_here("omar")
    await chamber.close()
    cards = {each.place: each for each in await chamber.secretary.said() if "card" in each.kind}
    card = CODEC.decode(cards["channel:C0NEW"].kind, cards["channel:C0NEW"].value)
    assert isinstance(card, LiveCard)
    assert card.card.ended_at == past(60)


async def test_without_a_pre_read_its_agenda_is_what_is_due_when_it_opens(chamber: Chamber) -> None:
    table = Table(chamber.secretary)
    number = await chamber.world.project("APOLLO")
    await table.entry(LogKind.DECISION, "Which cloud?", project_id=number)
    await chamber.open()
    titles = [
        "Quorum, and interests to declare",
        "Which cloud?",
        "Decisions and actions, read back",
    ]
    assert await table.titles() == titles
