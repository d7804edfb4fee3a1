"""Who comes and who is there, as people read it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.delivery.messages import Message
from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    HereTold,
    MeetingTold,
    QuorumWarning,
    RsvpReminder,
    SeatsTold,
    SeatTold,
    StandIn,
)
from domain.meetings.attendance.outcomes import (
    Board,
    Choosing,
    Come,
    MarkedSeat,
    Marking,
    Reminded,
    Said,
)
from domain.meetings.values import CouncilMeetings, MeetingCard, MeetingList, OwnSaid
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.markup import plain
from message_templates.meetings.attendance import (
    here_text,
    presence_buttons,
    rsvp_blocks,
    seats_text,
)
from message_templates.meetings.attendance_window import (
    AttendanceState,
    alternate_view,
    apology_view,
    board_messages,
    came_notice,
    mark_view,
    marked_view,
    read_marked,
    read_reason,
    reminded_notice,
    said_notice,
    said_view,
)
from message_templates.meetings.list import meeting_messages, own_section
from message_templates.rendering import render
from models.enums import MeetingState, Rsvp
from sandbox.blockkit import check_view
from tests.support.looks import assert_slack_takes, shown

SEATS = SeatsTold(
    coming=(
        SeatTold("Carol"),
        SeatTold("Ana", stands_for="Omar"),
        SeatTold("Li", is_late=True),
        SeatTold("Sam", is_late=True, has_vote=False),
        SeatTold("Erik", has_vote=False),
    ),
    apologies=("Ben",),
    unsaid=2,
    votes=3,
    needed=4,
)


def test_everybody_reads_who_comes_and_only_how_many_have_not_said() -> None:
    assert plain(seats_text(SEATS)).splitlines() == [
        ":busts_in_silhouette: 3 votes coming, 4 needed; 2 members have not said yet",
        "Coming: Carol, Ana for Omar, Li (late), Sam (late, no vote), Erik (no vote)",
        "Apologies: Ben",
    ]


def test_a_large_council_fits_into_a_message() -> None:
    many = tuple(SeatTold(f"{'*Name* <!here> ' * 9}{place}") for place in range(200))
    seats = SeatsTold(many, tuple(each.name for each in many), unsaid=0, votes=200, needed=101)
    blocks = rsvp_blocks(seats, 7)
    assert_slack_takes([Rendered("who comes", blocks)])
    assert "170 more" in plain(seats_text(seats))


@pytest.mark.parametrize(
    ("votes", "text"),
    [
        (1, ":warning: No quorum: 1 vote here, 2 needed: Carol"),
        (2, ":busts_in_silhouette: 2 votes here, 2 needed: Carol"),
    ],
)
def test_a_missing_quorum_stands_first(votes: int, text: str) -> None:
    assert plain(here_text(HereTold((SeatTold("Carol"),), votes, 2))) == text


def test_the_buttons_carry_the_meeting() -> None:
    buttons = [*rsvp_blocks(SEATS, 7)[-1]["elements"], *presence_buttons(7)]
    assert {each["value"] for each in buttons} == {"7"}
    assert [each["action_id"] for each in buttons] == [
        "meeting_rsvp:yes",
        "meeting_rsvp:late",
        "meeting_rsvp:no",
        "meeting_rsvp:alternate",
        "meeting_here",
        "meeting_leave",
        "meeting_mark",
    ]


TOLD = MeetingTold(
    meeting_id=7,
    council="ITS Council",
    title="Budget",
    starts_at=datetime(2026, 12, 3, 19, tzinfo=UTC),
    minutes=60,
    timezone="America/New_York",
    place="Room 5",
)
CARD = MeetingCard(
    meeting_id=7,
    council_id=1,
    council="ITS Council",
    title="Budget",
    starts_at=TOLD.starts_at,
    minutes=60,
    timezone=TOLD.timezone,
    place="",
    state=MeetingState.PLANNED,
    reason="",
    moved_from=None,
    is_extra=False,
    sequence=0,
    may_run=False,
)
OFF = replace(TOLD, is_cancelled=True)
ASKED = AlternateAsked(TOLD, 3, "Omar", has_vote=True)
RISK = QuorumWarning(TOLD, votes=1, needed=3, unsaid=("Ben", "Li"), apologies=("Omar",))


def read(message: Message) -> tuple[str, list[str]]:
    """What a message says, and what it can be answered with."""
    rendered = render(message)
    assert_slack_takes(rendered)
    (one,) = rendered
    pressed = [each for block in one.blocks for each in block["elements"] if "action_id" in each]
    return shown(one.blocks), [each["text"]["text"] for each in pressed]


RSVPS = ["I'll be there", "I'll be late", "Can't come", "Send an alternate"]


@pytest.mark.parametrize(
    ("message", "text", "buttons"),
    [
        (ASKED, "Omar can't come and has named you", ["I can't come"]),
        (replace(ASKED, has_vote=False), "you sit in their place.", ["I can't come"]),
        (replace(ASKED, state=StandIn.DECLINED), "you don't come for Omar", []),
        (replace(ASKED, state=StandIn.RELEASED), "You need not come for Omar any more", []),
        (replace(ASKED, meeting=OFF), "This meeting is cancelled", []),
        (AlternateReleased(TOLD, "Omar"), "You need not come for Omar any more", []),
        (AlternateDeclined(TOLD, "Ana"), "Ana can't come in your place", RSVPS),
        (RsvpReminder(TOLD), "Do you come?", RSVPS),
        (RsvpReminder(TOLD, Rsvp.LATE), "You have said: I'll be late.", RSVPS),
        (RsvpReminder(OFF), "This meeting is cancelled", []),
        (RISK, "Not said yet: Ben, Li", ["Remind those who have not said", "Change the meeting"]),
        (replace(RISK, is_reminded=True), "Ben, Li (reminded)", ["Change the meeting"]),
        (
            replace(RISK, unsaid=(), is_reader_unsaid=True),
            "You have not said yourself",
            [*RSVPS, "Change the meeting"],
        ),
        (replace(RISK, votes=3), "Enough come by now: 3 votes coming, 3 needed.", []),
        (replace(RISK, meeting=OFF), "This meeting is cancelled", []),
    ],
)
def test_each_is_told_how_it_stands_and_what_to_do(
    message: Message, text: str, buttons: list[str]
) -> None:
    told, pressed = read(message)
    assert text in told
    assert pressed == buttons
    assert "ITS Council" in told


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Said(TOLD, Rsvp.YES), "Noted: I'll be there."),
        (Said(TOLD, Rsvp.ALTERNATE, alternate="Ana"), "Noted: Ana comes in your place. I tell"),
        (Said(TOLD, Rsvp.ALTERNATE, is_same=True, alternate="Ana"), "told before"),
        (Said(TOLD, Rsvp.YES, stands_for="Omar"), "You come for Omar, and are expected."),
        (Said(TOLD, Rsvp.NO, stands_for="Omar"), "Noted: you don't come for Omar."),
    ],
)
def test_whoever_presses_reads_what_is_noted(said: Said, text: str) -> None:
    assert text in shown(said_notice(said).blocks)
    assert text in shown(said_view(said)["blocks"])


def test_a_window_asks_why_and_keeps_what_is_noted_already() -> None:
    view = apology_view(Said(TOLD, Rsvp.NO))
    assert "It is noted that you can't come." in shown(view["blocks"])
    typed = {"reason": {"reason": {"value": None}}}
    assert read_reason({"state": {"values": typed}}) == ""
    assert AttendanceState.load(view) == AttendanceState(7)


def test_an_alternate_is_chosen_beginning_with_who_is_chosen_already() -> None:
    view = alternate_view(Choosing(TOLD, "U0ANA"), is_from_home=True)
    assert view["blocks"][-1]["element"]["initial_user"] == "U0ANA"
    assert AttendanceState.load(view) == AttendanceState(7, is_from_home=True)


def test_all_seats_of_a_large_council_can_be_marked() -> None:
    names = [f"{'A very long name ' * 3}{place}" for place in range(23)]
    seats = tuple(
        MarkedSeat(place, name, name if place == 4 else "", is_here=place % 2 == 0)
        for place, name in enumerate(names)
    )
    view = mark_view(Marking(7, seats))
    assert not check_view(view)
    boxes = [each["element"] for each in view["blocks"]]
    assert [len(each["options"]) for each in boxes] == [10, 10, 3]
    state = {
        f"{place}": {"boxes": {"selected_options": each.get("initial_options", [])}}
        for place, each in enumerate(boxes)
    }
    here = AttendanceState.load(view).here
    assert read_marked({"state": {"values": state}}) == here == list(range(0, 23, 2))
    assert "Nobody has a seat" in shown(mark_view(Marking(7, ()))["blocks"])


def test_who_comes_and_goes_reads_how_the_quorum_stands() -> None:
    here = HereTold((SeatTold("Ana", "Omar"),), 1, 2)
    come = shown(came_notice(Come(here, is_here=True, is_same=False, stands_for="Omar")).blocks)
    assert "You are here, for Omar." in come
    assert "No quorum: 1 vote here, 2 needed: Ana for Omar" in come
    gone = Come(here, is_here=False, is_same=False)
    assert "you have to leave" in shown(came_notice(gone).blocks)
    assert "Saved." in shown(marked_view(gone)["blocks"])


def test_who_is_reminded_is_named_to_the_chair() -> None:
    text = shown(reminded_notice(Reminded(("Ben",), ("Li",))).blocks)
    assert "I remind Ben" in text
    assert "Reminded before: Li" in text
    assert "nobody to remind" in shown(reminded_notice(Reminded((), ())).blocks)


def test_reasons_and_names_of_who_has_not_said_stand_where_the_chair_reads() -> None:
    board = Board(
        TOLD, SEATS, may_say=True, may_run=True, unsaid=("Zoe",), reasons=(("Ben", "<!x>"),)
    )
    (message,) = board_messages([board])
    assert_slack_takes([message])
    text = shown(message.blocks)
    assert "Not said yet: Zoe" in text
    assert "Ben can't come: <!x>" in text
    assert "Remind those who have not said" in text
    here = HereTold((SeatTold("Carol"),), 1, 2)
    (running,) = board_messages([replace(board, here=here, may_say=False)])
    assert "I'm here" in shown(running.blocks)
    (told,) = board_messages([replace(board, may_say=False, may_run=False, unsaid=(), reasons=())])
    assert "Not said yet" not in shown(told.blocks)


def test_lists_and_app_home_show_what_who_looks_has_said() -> None:
    card = replace(CARD, own=OwnSaid(Rsvp.ALTERNATE, "Ana"))
    own = CouncilMeetings(1, "ITS Council", (card, replace(CARD, own=OwnSaid())), may_run=False)
    found = MeetingList([own], is_next=True)
    (message,) = meeting_messages(found)
    for text in ("You send *Ana*", "Do you come?", "I'll be there"):
        assert text in shown(message.blocks)
    cancelled = replace(card, state=MeetingState.CANCELLED)
    several = replace(own, cards=(cancelled, *own.cards, card, card))
    blocks = own_section(replace(found, councils=[several]))
    assert not check_view(kit.home(blocks))
    assert "and 2 more" in shown(blocks)
    assert sum(each["type"] == "actions" for each in blocks) == 2
    assert own_section(MeetingList([replace(own, cards=(CARD,))], is_next=True)) == []
