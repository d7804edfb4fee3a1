"""Who may follow what; each change is audited, and the same again is none."""

import pytest
from sqlmodel import select

from domain.errors import NotAllowedError, NotFoundError
from domain.portfolio.following import FollowingService
from domain.portfolio.service import PortfolioService
from models.base import Database
from models.enums import FollowersWish
from models.portfolio import AuditEntry
from tests.support.portfolio import RESTRICTED, World, at

NOW = at(18, 14)


async def test_people_follow_what_they_may_see_once_and_each_change_is_audited(
    any_database: Database, any_workspace_id: int
) -> None:
    world = await World.stored(any_database, any_workspace_id)
    number = await world.project("APOLLO")
    await world.project("VAULT", visibility=RESTRICTED, sponsor="gus")
    service = FollowingService(
        any_database, any_workspace_id, PortfolioService(any_database, any_workspace_id)
    )
    erik, gus, omar = [await world.viewer(name) for name in ("erik", "gus", "omar")]
    first = await service.follow(erik, "apollo", NOW)
    assert (first.code, first.has_changed, first.wish) == ("APOLLO", True, FollowersWish.WEEKLY)
    assert not (await service.follow(erik, number, NOW)).has_changed
    assert [line.code for line in await service.following(erik)] == ["APOLLO"]

    with pytest.raises(NotFoundError) as hidden:
        await service.follow(erik, "VAULT", NOW)
    with pytest.raises(NotFoundError) as unknown:
        await service.follow(erik, "NOWHERE", NOW)
    assert str(hidden.value).replace("VAULT", "") == str(unknown.value).replace("NOWHERE", "")
    with pytest.raises(NotFoundError):
        await service.follow(erik, number + 1, NOW)
    for project in ("APOLLO", "NOWHERE", number):
        with pytest.raises(NotAllowedError, match="Guests can follow only"):
            await service.follow(gus, project, NOW)
    for viewer in (gus, omar):
        assert (await service.follow(viewer, "VAULT", NOW)).has_changed

    assert (await service.unfollow(erik, number, NOW)).has_changed
    assert not (await service.unfollow(erik, "APOLLO", NOW)).has_changed
    assert await service.following(erik) == ()
    async with any_database.reading() as session:
        entries = (await session.exec(select(AuditEntry))).all()
    assert [(each.actor, each.subject, each.field, each.old, each.new) for each in entries] == [
        ("U0ERIK", "project APOLLO", "follower", None, "U0ERIK"),
        ("U0GUS", "project VAULT", "follower", None, "U0GUS"),
        ("U0OMAR", "project VAULT", "follower", None, "U0OMAR"),
        ("U0ERIK", "project APOLLO", "follower", "U0ERIK", None),
    ]
