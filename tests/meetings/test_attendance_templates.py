"""Who comes and who is there, as people read it."""

import pytest

from domain.meetings.attendance.messages import HereTold, SeatsTold, SeatTold
from message_templates.kit import Rendered
from message_templates.markup import plain
from message_templates.meetings.attendance import (
    here_text,
    presence_buttons,
    rsvp_blocks,
    seats_text,
)
from tests.support.looks import assert_slack_takes

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
