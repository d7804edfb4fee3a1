"""Following projects: who follows what, as far as they may see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import NotAllowedError, NotFoundError
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import ProjectCard, ProjectLine, Viewer
from models.base import Database
from models.calendar import personal_rows
from models.enums import FollowersWish
from models.portfolio import AuditEntry, add_follower, followed_by, remove_follower

GUESTS: Final = (
    "Guests can follow only the projects that they have a role in. "
    "Ask the PMO if you are to see more."
)


@dataclass(frozen=True)
class Following:
    """That somebody follows a project, or does not any more."""

    project_id: int
    code: str
    name: str
    has_changed: bool
    """False: it was so before."""
    wish: FollowersWish = FollowersWish.WEEKLY
    """How they hear of what they follow."""


class FollowingService:
    """Lets people follow what they may see; each change is audited."""

    def __init__(self, database: Database, workspace_id: int, portfolio: PortfolioService) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._portfolio = portfolio

    async def follow(self, viewer: Viewer, project: str | int, now: datetime) -> Following:
        """Follow a project, by its code or by the number that a button carries.

        Raises:
            NotFoundError: there is none, or the person may not see it; the text is the same.
            NotAllowedError: the same, for a guest.
        """
        card = await self._card(viewer, project)
        numbers = (self._workspace_id, viewer.person_id)
        async with self._database.writing() as session:
            is_new = await add_follower(session, *numbers, card.project_id, now)
            if is_new:
                change = (None, viewer.slack_id)
                session.add(
                    follower_entry(self._workspace_id, card.code, viewer.slack_id, now, change)
                )
            (row,) = await personal_rows(session, self._workspace_id, [viewer.person_id])
        wish = row.settings.followed if row.settings else None
        return Following(
            card.project_id, card.code, card.name, is_new, wish or FollowersWish.WEEKLY
        )

    async def unfollow(self, viewer: Viewer, project: str | int, now: datetime) -> Following:
        """Follow a project no more; as `follow`."""
        card = await self._card(viewer, project)
        async with self._database.writing() as session:
            has_changed = await remove_follower(session, viewer.person_id, card.project_id)
            if has_changed:
                change = (viewer.slack_id, None)
                session.add(
                    follower_entry(self._workspace_id, card.code, viewer.slack_id, now, change)
                )
        return Following(card.project_id, card.code, card.name, has_changed)

    async def following(self, viewer: Viewer) -> tuple[ProjectLine, ...]:
        """The projects that somebody follows and may see, by code."""
        async with self._database.reading() as session:
            followed = await followed_by(session, viewer.person_id)
        lines = await self._portfolio.list_projects(viewer) if followed else ()
        return tuple(line for line in lines if line.project_id in followed)

    async def _card(self, viewer: Viewer, project: str | int) -> ProjectCard:
        try:
            if isinstance(project, int):
                return await self._portfolio.find_by_id(viewer, project)
            return await self._portfolio.find(viewer, project)
        except NotFoundError as error:
            if viewer.is_guest:
                raise NotAllowedError(GUESTS) from error
            raise


def follower_entry(
    workspace_id: int, code: str, actor: str, now: datetime, change: tuple[str | None, str | None]
) -> AuditEntry:
    """What is audited of a follower who came or went: their Slack id, before and after."""
    old, new = change
    return AuditEntry(
        workspace_id=workspace_id,
        at=now,
        actor=actor,
        subject=f"project {code}",
        field="follower",
        old=old,
        new=new,
    )
