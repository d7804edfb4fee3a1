"""How many make a quorum, and who sits at the table."""

from typing import Any

import pytest

from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.rules import seats_needed
from models.enums import Rsvp
from models.meetings import Attendance
from tests.support.meeting import NOON, Secretary


@pytest.mark.parametrize(
    ("rule", "voting", "needed"),
    [
        ("majority", 9, 5),
        ("majority", 8, 5),
        ("majority", 1, 1),
        ("all", 4, 4),
        ("60%", 5, 3),
        ("60%", 6, 4),
        ("3", 9, 3),
        ("5", 4, 4),
        ("majority", 0, 1),
    ],
)
def test_a_quorum_is_counted_by_the_rule(rule: str, voting: int, needed: int) -> None:
    assert seats_needed(rule, voting) == needed


async def test_the_roster_tells_who_comes_and_who_stands_in(secretary: Secretary) -> None:
    world, meeting = secretary.world, await secretary.first()
    await secretary.seat("ben")
    await secretary.seat("sam", voting=False)
    omar, ben, ana = [(await world.viewer(name)).person_id for name in ("omar", "ben", "ana")]
    kept: dict[str, Any] = {"workspace_id": world.workspace_id, "meeting_id": meeting.pk}
    async with world.database.writing() as session:
        session.add(Attendance(**kept, person_id=omar, rsvp=Rsvp.ALTERNATE, alternate_id=ana))
        session.add(Attendance(**kept, person_id=ben, rsvp=Rsvp.NO, present_from=NOON))
    async with world.database.reading() as session:
        roster = await roster_of(session, await secretary.about(meeting))
    assert [each.member.name for each in roster.seats] == ["Ben", "Carol", "Omar", "Sam"]
    assert [each.member.name for each in roster.voting] == ["Ben", "Carol", "Omar"]
    stand_in = roster.seats[2].alternate
    assert stand_in is not None
    assert stand_in.name == "Ana"
    assert (roster.coming, roster.unsaid, roster.present, roster.needed) == (1, 1, 1, 2)
    assert not roster.has_quorum
