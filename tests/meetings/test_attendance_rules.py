"""What a council may do as people come and go."""

import pytest

from domain.meetings.attendance.rules import may_decide, may_go_on
from domain.meetings.attendance.telling import here_told, seats_told
from domain.meetings.attendance.values import Roster, Seat
from domain.portfolio.values import PersonName
from models.enums import Rsvp, WithoutQuorum

DISCUSS, NOTHING, DECIDE = WithoutQuorum


def named(name: str) -> PersonName:
    return PersonName(ord(name[0]), f"U0{name.upper()}", name)


def seat(
    name: str, rsvp: Rsvp = Rsvp.NONE, alternate: str = "", *, vote: bool = True, here: bool = False
) -> Seat:
    stands_in = named(alternate) if alternate else None
    return Seat(named(name), vote, rsvp, stands_in, is_present=here, was_present=here)


def roster(*seats: Seat, needed: int = 2) -> Roster:
    return Roster(seats, needed, "majority")


@pytest.mark.parametrize(
    ("here", "without", "decides", "goes_on"),
    [
        (2, NOTHING, True, True),
        (1, DISCUSS, False, True),
        (1, NOTHING, False, False),
        (1, DECIDE, True, True),
        (0, DISCUSS, False, True),
    ],
)
def test_without_a_quorum_goes_on_what_the_configuration_allows(
    here: int, without: WithoutQuorum, *, decides: bool, goes_on: bool
) -> None:
    members = [seat(name, here=place < here) for place, name in enumerate("ABC")]
    as_it_is = roster(*members, seat("D", vote=False, here=True))
    assert (may_decide(as_it_is, without) is None) is decides
    assert (may_go_on(as_it_is, without) is None) is goes_on


def test_a_reason_tells_how_many_are_missing_and_what_to_do() -> None:
    one = roster(seat("Carol", here=True), seat("Ben"), seat("Omar"))
    assert may_decide(one, DISCUSS) == (
        "1 with a vote is here, 2 are needed. Without a quorum nothing is decided: get more "
        "members here, each with “I'm here”, put it to a vote out of cycle, or carry it on to "
        "the next meeting."
    )


def test_what_is_told_names_who_comes_and_counts_who_has_not_said() -> None:
    told = seats_told(
        roster(
            seat("Ben", Rsvp.NO),
            seat("Carol", Rsvp.YES),
            seat("Li"),
            seat("Omar", Rsvp.ALTERNATE, "Ana"),
            seat("Sam", Rsvp.LATE, vote=False),
        )
    )
    assert [(each.name, each.stands_for) for each in told.coming] == [
        ("Carol", ""),
        ("Ana", "Omar"),
        ("Sam", ""),
    ]
    assert (told.apologies, told.unsaid, told.votes) == (("Ben",), 1, 2)


def test_who_said_late_and_is_here_is_late_no_more() -> None:
    told = here_told(roster(seat("Li", Rsvp.LATE, here=True), seat("Carol", Rsvp.YES)))
    assert [(each.name, each.is_late) for each in told.here] == [("Li", False)]
    assert not told.has_quorum
