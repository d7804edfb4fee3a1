"""What is rehearsed is what then happens, and rehearsing changes nothing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from models.base import Database
from tests.support.portfolio import ITS, RESTRICTED, STS, World
from tests.support.rehearsing import assert_same, really_play, rehearse

THANKSGIVING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""The Monday of a week with a public holiday of the workspace's."""
NO_MORE_SUMMER = datetime(2026, 10, 26, 0, 0, tzinfo=UTC)
"""The Monday after London went back to winter time; New York follows on the Sunday."""

CONFIGURATION = {
    "holidays": {"country": "US", "subdivision": "NY"},
    "pmo": {"channel": "pmo-office", "members": ["dana@example.edu"]},
}


async def furnish(world: World) -> None:
    """People in many zones, two councils, projects of every kind."""
    await world.person("kenji", timezone="Asia/Tokyo")
    await world.person("maya", timezone="Australia/Adelaide")
    await world.person("noah", timezone="Pacific/Honolulu")
    await world.council(
        STS, timezone="Europe/London", rhythm={"every": "FREQ=DAILY", "first": date(2026, 10, 1)}
    )
    await world.change_calendar(ITS, first=date(2026, 10, 7))
    for code, pm, facts in (
        ("APOLLO", "ana", {"deputy": "ben"}),
        ("BOREAS", "ana", {"council": STS}),
        ("CERES", "kenji", {}),
        ("DELTA", "maya", {"council": STS}),
        ("EOS", "noah", {}),
        ("FALCON", "li", {"visibility": RESTRICTED}),
        ("GAIA", "ana", {"phase": "qualification"}),
        ("HYDRA", "zoe", {}),
    ):
        await world.project(code, pm, **facts)
    await world.digest(
        every="FREQ=DAILY",
        next_on=date(2026, 10, 26),
        next_at=datetime(2026, 10, 26, 14, tzinfo=UTC),
    )


async def dump(database: Database) -> dict[str, Sequence[Any]]:
    """Every row of every table."""
    async with database.engine.connect() as connection:
        return {
            table.name: (await connection.execute(select(table).order_by(table.c.id))).all()
            for table in SQLModel.metadata.sorted_tables
        }


@pytest.mark.parametrize("begin", [THANKSGIVING, NO_MORE_SUMMER], ids=["holiday", "winter time"])
async def test_what_is_rehearsed_is_what_happens(
    database: Database, workspace_id: int, begin: datetime
) -> None:
    world = await World.stored(database, workspace_id, **CONFIGURATION)
    await furnish(world)
    rehearsal = await rehearse(world, begin, 8)
    seen = await really_play(world, begin, 8)
    assert len(seen) > 12
    assert_same(rehearsal, seen)


async def test_the_hour_stays_when_the_clocks_change(database: Database, workspace_id: int) -> None:
    world = await World.stored(database, workspace_id)
    await world.change_calendar(ITS, every="FREQ=DAILY", first=date(2026, 10, 30))
    await world.project("APOLLO", "ana")
    rehearsal = await rehearse(world, NO_MORE_SUMMER + timedelta(days=3), 5)
    asked = [each.at for each in rehearsal.sendings if each.about.kind == "status_request"]
    assert [f"{at:%d %H:%M}" for at in asked] == ["30 13:00", "02 14:00"]


async def test_rehearsing_leaves_every_row_as_it_was(
    any_database: Database, any_workspace_id: int
) -> None:
    world = await World.stored(any_database, any_workspace_id, **CONFIGURATION)
    await furnish(world)
    before = await dump(world.database)
    rehearsal = await rehearse(world, datetime(2026, 11, 25, 13, 59, tzinfo=UTC), 1)
    assert [
        (f"{each.at:%H:%M}", each.to.name, each.to.timezone, each.about.projects)
        for each in rehearsal.sendings
        if each.at.hour == 14
    ] == [
        ("14:00", "Ana", "America/New_York", ("APOLLO", "BOREAS")),
        ("14:00", "Zoe", "America/New_York", ("HYDRA",)),
    ]
    assert await dump(world.database) == before


async def test_what_was_said_before_is_not_said_again(
    database: Database, workspace_id: int
) -> None:
    world = await World.stored(database, workspace_id)
    await world.project("APOLLO", "ana")
    await really_play(world, datetime(2026, 11, 25, 13, 30, tzinfo=UTC), 1)
    rehearsal = await rehearse(world, datetime(2026, 11, 26, 13, 30, tzinfo=UTC), 5)
    assert [each.about.kind for each in rehearsal.sendings] == ["digest_head"]
