"""When the followers of projects are told of them, and what there is to tell."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Index, UniqueConstraint, or_, union
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.calendar import PersonalSettings
from models.collecting import StatusReport, StatusRequest
from models.collecting.news import ReportNews
from models.digests.setbacks import is_not_put_off
from models.enums import Composing, FollowersWish, Health, RequestState
from models.portfolio import Follower, Person, Project, Workspace


class FollowerTurn(Row, table=True):
    """When somebody who follows projects is told of them next."""

    __tablename__ = "follower_turn"
    __table_args__ = (
        UniqueConstraint("person_id"),
        Index("ix_follower_turn_weekly", "workspace_id", "weekly_at"),
        Index("ix_follower_turn_at_once", "workspace_id", "at_once_at"),
        Index("ix_follower_turn_planned", "workspace_id", "plan_revision"),
    )

    person_id: int = Field(foreign_key="person.id")
    plan_revision: int = -1
    """The workspace's plan revision that it follows: whatever moves an ask may move this."""
    wish: FollowersWish = Field(
        default=FollowersWish.NEVER, sa_column=Column(EnumText(FollowersWish), nullable=False)
    )
    """What was wanted when it was planned; `never` also for whoever follows nothing."""
    weekly_at: datetime | None = None
    told_week: date | None = None
    """The Monday of the last week that was told, or is not to be."""
    at_once_at: datetime | None = None
    news_since: datetime | None = None
    """When the first of the reports came that are waited upon."""
    at_once_key: str | None = None
    """Under which the last changes were told: what is not posted yet takes in what comes."""


class FollowedRow(NamedTuple):
    """A project that somebody follows."""

    follower: Follower
    project: Project
    pm: str


class DecidedRow(NamedTuple):
    """What became of the newest request of a project that is over."""

    project_id: int
    opens_on: date
    state: RequestState
    reason: str


def _is_due(now: datetime) -> ColumnElement[bool]:
    return is_not_put_off(Composing.FOLLOWERS, col(FollowerTurn.person_id), now) & or_(
        col(FollowerTurn.weekly_at) <= now,
        col(FollowerTurn.at_once_at) <= now,
        col(FollowerTurn.plan_revision) < Workspace.plan_revision,
    )


async def is_anything_due(session: AsyncSession, workspace_id: int, now: datetime) -> bool:
    """Whether somebody began to follow, something was reported, or somebody's turn has come."""
    new = select(Follower.id).where(
        Follower.workspace_id == Workspace.id, col(Follower.is_new).is_(True)
    )
    news = select(ReportNews.id).where(ReportNews.workspace_id == Workspace.id)
    turn = select(FollowerTurn.id).where(FollowerTurn.workspace_id == Workspace.id, _is_due(now))
    found = await session.exec(
        select(Workspace.id).where(
            Workspace.id == workspace_id, or_(new.exists(), news.exists(), turn.exists())
        )
    )
    return found.first() is not None


async def new_followers(session: AsyncSession, workspace_id: int, limit: int) -> Sequence[Follower]:
    """Some of those who have just begun to follow something, locked."""
    found = await session.exec(
        select(Follower)
        .where(Follower.workspace_id == workspace_id, col(Follower.is_new).is_(True))
        .order_by(col(Follower.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def make_turns(session: AsyncSession, workspace_id: int, person_ids: Collection[int]) -> None:
    """Give a turn to each of some people who has none, and have all of theirs planned."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        FollowerTurn(workspace_id=workspace_id, person_id=each).model_dump(exclude={"id"})
        for each in sorted(person_ids)
    ]
    statement = insert(FollowerTurn).values(rows)
    again = {"plan_revision": statement.excluded["plan_revision"]}
    await session.exec(statement.on_conflict_do_update(index_elements=["person_id"], set_=again))


async def at_once_turns(
    session: AsyncSession, project_ids: Collection[int]
) -> list[tuple[FollowerTurn, int]]:
    """The turns of those who want to hear at once of some projects, each with a project; locked."""
    found = await session.exec(
        select(FollowerTurn, Follower.project_id)
        .join(Follower, col(Follower.person_id) == FollowerTurn.person_id)
        .where(
            col(Follower.project_id).in_(project_ids),
            col(FollowerTurn.wish).in_((FollowersWish.AT_ONCE, FollowersWish.BOTH)),
        )
        .order_by(col(FollowerTurn.person_id))
        .with_for_update(of=FollowerTurn)
        .execution_options(populate_existing=True)
    )
    return [(turn, project_id) for turn, project_id in found.all()]


async def due_turns(
    session: AsyncSession, workspace_id: int, now: datetime, limit: int
) -> Sequence[FollowerTurn]:
    """Some of the turns that have come or are to be planned, locked; others' are left out."""
    found = await session.exec(
        select(FollowerTurn)
        .join(Workspace, col(Workspace.id) == FollowerTurn.workspace_id)
        .where(FollowerTurn.workspace_id == workspace_id, _is_due(now))
        .order_by(col(FollowerTurn.person_id))
        .limit(limit)
        .with_for_update(of=FollowerTurn, skip_locked=True)
    )
    return found.all()


async def wishes_of(session: AsyncSession, person_ids: Collection[int]) -> dict[int, FollowersWish]:
    """How some people want to hear of what they follow, where they have said so."""
    found = await session.exec(
        select(PersonalSettings.person_id, PersonalSettings.followed).where(
            col(PersonalSettings.person_id).in_(person_ids)
        )
    )
    return {person_id: FollowersWish(wish) for person_id, wish in found.all() if wish is not None}


async def followed_rows(session: AsyncSession, person_ids: Collection[int]) -> list[FollowedRow]:
    """All that some people follow, by code, locked; what is new stands apart until it is noted."""
    found = await session.exec(
        select(Follower, Project, Person.name)
        .join(Project, col(Project.id) == Follower.project_id)
        .join(Person, col(Person.id) == Project.pm_id)
        .where(col(Follower.person_id).in_(person_ids), col(Follower.is_new).is_(False))
        .order_by(Project.code)
        .with_for_update(of=Follower)
        .execution_options(populate_existing=True)
    )
    return [FollowedRow(*row) for row in found.all()]


async def healths_told(session: AsyncSession, person_ids: Collection[int]) -> dict[int, Health]:
    """The health of each report that some followers were told of, by its number."""
    told = union(
        *(
            select(column).where(col(Follower.person_id).in_(person_ids))
            for column in (
                *(Follower.weekly_told, Follower.weekly_before),
                *(Follower.at_once_told, Follower.at_once_before),
            )
        )
    )
    found = await session.exec(
        select(StatusReport.id, StatusReport.health).where(col(StatusReport.id).in_(told))
    )
    return {number: Health(health) for number, health in found.all() if number is not None}


async def last_decided(
    session: AsyncSession, project_ids: Collection[int]
) -> dict[int, DecidedRow]:
    """Each project's newest request that is over, by project."""
    other = aliased(StatusRequest)
    newest = (
        select(other.id)
        .where(
            other.project_id == Project.id,
            col(other.state).not_in((RequestState.PENDING, RequestState.ASKED)),
        )
        .order_by(col(other.opens_on).desc(), col(other.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = (
        *(StatusRequest.project_id, StatusRequest.opens_on),
        *(StatusRequest.state, StatusRequest.reason),
    )
    found = await session.exec(
        select(*columns)  # type: ignore[call-overload]
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .where(col(Project.id).in_(project_ids), col(StatusRequest.id) == newest)
    )
    return {row[0]: DecidedRow(*row) for row in found.all()}
