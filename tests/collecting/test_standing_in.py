"""Whoever was asked goes on leave: the deputy is asked instead, and both are told why."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.collecting.messages import Reminder, StatusRequestMessage
from models.enums import RequestState
from tests.support.portfolio import ITS, World, at
from tests.support.reporting import GREEN, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day, a Wednesday; the cut-off is on Friday at three."""
MIDNIGHT = at(26, 5)
"""The day after begins in New York."""
DECEMBER = date(2026, 12, 4)


@pytest.fixture
async def any_office(any_office: Office) -> Office:
    await any_office.world.project("APOLLO", deputy="ben")
    await any_office.world.change_calendar(ITS, remind_after=["80%"])
    await any_office.tick(NINE)
    return any_office


async def holder(office: Office) -> tuple[str, str]:
    """Who is asked for the project now, and why."""
    (request,) = await office.requests("APOLLO")
    names = {office.world.id(name): name for name in ("ana", "ben")}
    return names[request.person_id], request.reason


async def test_the_deputy_gets_it_when_the_leave_begins_and_both_are_told(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.leave("ana", date(2026, 11, 26), DECEMBER)
    await office.tick(MIDNIGHT - timedelta(minutes=1))
    assert await holder(office) == ("ana", "")
    await office.ticks(MIDNIGHT, MIDNIGHT)
    assert await holder(office) == ("ben", "on leave until 4 Dec")
    (item,) = await office.asked_of("ben")
    assert item.code == "APOLLO"
    requests = await office.messages(StatusRequestMessage)
    assert len(requests) == 2
    await office.tick(at(27, 15))
    assert [each.place for each in await office.said() if isinstance(each.message, Reminder)] == [
        f"person:{world.id('ben')}"
    ]


@pytest.mark.parametrize(
    ("until", "facts"),
    [
        (date(2026, 11, 26), {}),  # back on Friday at midnight, 80 % is at four
        (DECEMBER, {"deputy_id": None}),
        (DECEMBER, {"deputy": "li"}),  # away as well
        (DECEMBER, {"deputy": "erik"}),  # has left Slack
    ],
    ids=["back in time", "no deputy", "deputy away", "deputy gone"],
)
async def test_it_stays_with_who_is_back_in_time_or_has_nobody_to_stand_in(
    world: World, office: Office, until: date, facts: dict[str, Any]
) -> None:
    await world.project("APOLLO", deputy="ben")
    await office.tick(NINE)
    await world.change_person("erik", is_gone=True)
    await world.leave("li", date(2026, 11, 20), DECEMBER)
    await world.change("APOLLO", **facts) if facts else None
    await world.leave("ana", date(2026, 11, 26), until)
    await office.tick(MIDNIGHT)
    assert await holder(office) == ("ana", "")


async def test_what_is_answered_stays_where_it_is(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await office.answer("APOLLO", NINE, GREEN)
    await world.leave("ana", date(2026, 11, 25), DECEMBER)
    await office.tick(MIDNIGHT)
    assert await holder(office) == ("ana", "")
    assert await office.states() == [RequestState.ANSWERED]


async def test_a_deputy_who_goes_on_leave_hands_it_to_the_pm_who_is_back(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.leave("ana", date(2026, 11, 26), DECEMBER)
    await office.tick(MIDNIGHT)
    await world.leave("ana", date(2026, 11, 20), date(2026, 11, 20))
    await world.leave("ben", date(2026, 11, 26), DECEMBER)
    await office.tick(MIDNIGHT + timedelta(hours=10))
    assert (await holder(office))[0] == "ana"


@pytest.mark.parametrize("now", [at(26, 14), at(27, 19)])
async def test_two_who_are_both_away_hand_nothing_to_and_fro(
    any_office: Office, now: datetime
) -> None:
    office, world = any_office, any_office.world
    for name in ("ana", "ben"):
        await world.leave(name, date(2026, 11, 25), DECEMBER)
    await office.ticks(now, now)
    assert await holder(office) == ("ana", "")
