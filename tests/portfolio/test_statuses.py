"""Leave by Slack status: kept while the status says it, and gone with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from domain.portfolio.configuration import ConfigurationFile
from domain.portfolio.people import PeopleService
from domain.portfolio.statuses import StatusService
from domain.ports import SlackUser
from models.base import Database
from models.calendar import Absence
from models.enums import LeaveSource
from models.portfolio import AuditEntry, Workspace
from tests.support.directory import FakeDirectory, user
from tests.support.portfolio import World

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
ON_VACATION = replace(
    user("ana"),
    status_emoji=":palm_tree:",
    status_ends_at=datetime(2026, 11, 28, 4, 59, tzinfo=UTC),
)
"""Until the end of Friday in New York."""
BACK = user("ana")


@pytest.fixture
async def world(any_database: Database, any_workspace_id: int) -> World:
    return await World.stored(any_database, any_workspace_id)


@pytest.fixture
def statuses(world: World) -> StatusService:
    return StatusService(world.database, world.workspace_id)


async def stored(world: World) -> list[tuple[date, date, LeaveSource]]:
    async with world.database.reading() as session:
        rows = (await session.exec(select(Absence).order_by(col(Absence.first)))).all()
    return [(row.first, row.until, row.source) for row in rows]


async def revision(world: World) -> int:
    async with world.database.reading() as session:
        return (await session.exec(select(Workspace))).one().plan_revision


async def test_a_status_of_vacation_is_leave_that_is_planned_with(
    world: World, statuses: StatusService
) -> None:
    before = await revision(world)
    assert await statuses.follow([ON_VACATION, user("ben")], NOW) == 1
    assert await stored(world) == [(TODAY, FRIDAY, LeaveSource.STATUS)]
    assert await revision(world) == before + 1
    assert await statuses.follow([ON_VACATION], NOW + timedelta(days=1)) == 0
    async with world.database.reading() as session:
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert (entry.subject, entry.field, entry.old, entry.new) == (
        *("person U0ANA", "leave by status"),
        *(None, "2026-11-23..2026-11-27"),
    )


async def test_a_status_that_is_cleared_ends_the_leave_and_what_is_over_stays(
    world: World, statuses: StatusService
) -> None:
    await statuses.follow([ON_VACATION], NOW)
    await statuses.follow([BACK], NOW + timedelta(days=2))
    assert await stored(world) == [(TODAY, date(2026, 11, 24), LeaveSource.STATUS)]
    await statuses.follow([ON_VACATION], NOW + timedelta(days=3))
    await statuses.follow([BACK], NOW + timedelta(days=3))
    assert await stored(world) == [(TODAY, date(2026, 11, 24), LeaveSource.STATUS)]


async def test_a_status_that_is_prolonged_prolongs_the_leave(
    world: World, statuses: StatusService
) -> None:
    await statuses.follow([ON_VACATION], NOW)
    longer = replace(ON_VACATION, status_ends_at=datetime(2026, 12, 5, 4, tzinfo=UTC))
    await statuses.follow([longer], NOW + timedelta(days=1))
    assert await stored(world) == [(TODAY, date(2026, 12, 4), LeaveSource.STATUS)]


async def test_what_people_say_themselves_is_left_alone(
    world: World, statuses: StatusService
) -> None:
    await world.leave("ana", date(2026, 12, 1), date(2026, 12, 4))
    await statuses.follow([ON_VACATION], NOW)
    await statuses.follow([BACK], NOW)
    assert await stored(world) == [(date(2026, 12, 1), date(2026, 12, 4), LeaveSource.PERSON)]


async def test_strangers_and_who_has_left_are_not_kept(
    world: World, statuses: StatusService
) -> None:
    stranger = replace(ON_VACATION, slack_id="U0STRANGER")
    gone = replace(ON_VACATION, is_gone=True)
    assert await statuses.follow([stranger, gone], NOW) == 0
    assert await stored(world) == []


async def test_the_configuration_says_whether_and_which_emoji(
    world: World, statuses: StatusService
) -> None:
    await world.configure(leave={"from_status": False})
    assert await statuses.follow([ON_VACATION], NOW) == 0
    await world.configure(leave={"emoji": [":desert_island:"]})
    assert await statuses.follow([ON_VACATION], NOW) == 0
    await world.configure(leave={"emoji": [":palm_tree:"]})
    assert await statuses.follow([ON_VACATION], NOW) == 1
    await world.configure(leave={"from_status": False})
    assert await statuses.follow([ON_VACATION], NOW) == 1
    assert await stored(world) == []


def test_an_emoji_that_cannot_be_one_is_refused_with_the_cure() -> None:
    with pytest.raises(ValueError, match="write it as palm_tree"):
        ConfigurationFile.model_validate({"leave": {"emoji": ["palm tree"]}})


async def test_whoever_asks_slack_about_people_hears_of_their_statuses(world: World) -> None:
    statuses = StatusService(world.database, world.workspace_id)

    async def hear(users: Sequence[SlackUser]) -> None:
        await statuses.follow(users, NOW)

    directory = FakeDirectory([ON_VACATION])
    await PeopleService(world.database, world.workspace_id, directory, hear).refresh_all()
    assert (TODAY, FRIDAY, LeaveSource.STATUS) in await stored(world)
