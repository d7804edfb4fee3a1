"""Tells followers of the projects that they follow: once a week, or as soon as a health changes."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.digests.following.loading import load_readers
from domain.digests.following.rules import calm_at
from domain.digests.following.turns import Turn, keys_of
from domain.digests.setbacks.trying import Attempt, Setbacks
from models.base import Database
from models.collecting import last_reports, oldest_news
from models.delivery.rows import parts_by_key
from models.digests import following as store
from models.enums import Composing
from models.portfolio import Workspace

PEOPLE_AT_ONCE: Final = 50
"""Readers of one transaction: it stays short, and other writers get their turn."""

FOLLOWED_AT_ONCE: Final = 500
NEWS_AT_ONCE: Final = 50
"""A report may have a thousand followers."""

NOTHING_LEFT: Final = "its reader follows nothing of it any more, or wants to hear otherwise"
"""Why a message was taken back before it was said."""


class FollowersService:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._setbacks = Setbacks(database, workspace_id)
        self._alone = 0
        """How many turns are taken one by one: they were taken together, and one of them raised."""

    async def tell(self, now: datetime) -> bool:
        """Do the next thing for followers: note who began, hear of reports, tell whose turn it is.

        The same number of statements for any number of followers. Whose turn raises is put off.
        """
        async with self._database.reading() as session:
            if not await store.is_anything_due(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.FOLLOWERS, now) as attempt,
            self._database.writing() as session,
        ):
            return (
                await self._note_new(session)
                or await self._hear(session)
                or await self._take_turns(session, attempt, now)
            )
        if len(attempt.item_ids) > 1:
            self._alone = len(attempt.item_ids)
        return True

    async def _note_new(self, session: AsyncSession) -> bool:
        """Note what there was to know when people began to follow: that is no news to them."""
        new = await store.new_followers(session, self._workspace_id, FOLLOWED_AT_ONCE)
        if not new:
            return False
        reports = await last_reports(session, {each.project_id for each in new})
        for each in new:
            report = reports.get(each.project_id)
            number = report.pk if report else 0
            each.is_new = False
            each.weekly_told = each.weekly_before = number
            each.at_once_told = each.at_once_before = number
        await session.flush()
        await store.make_turns(session, self._workspace_id, {each.person_id for each in new})
        return True

    async def _hear(self, session: AsyncSession) -> bool:
        """Let the followers of what was reported wait for calm, those who want to hear at once."""
        news = await oldest_news(session, self._workspace_id, NEWS_AT_ONCE)
        reported = {each.project_id: each.reported_at for each in news}
        first = {each.project_id: each.reported_at for each in reversed(news)}
        for turn, project_id in await store.at_once_turns(session, reported.keys()):
            turn.news_since = min(turn.news_since or first[project_id], first[project_id])
            calm = calm_at(turn.news_since, reported[project_id])
            turn.at_once_at = max(turn.at_once_at or calm, calm)
        for each in news:
            await session.delete(each)
        return bool(news)

    async def _take_turns(self, session: AsyncSession, attempt: Attempt, now: datetime) -> bool:
        """Plan anew what the record has moved, and tell whose turn has come."""
        # Read before all else: what changes meanwhile is planned once more.
        workspace = await session.get_one(Workspace, self._workspace_id)
        limit = 1 if self._alone else PEOPLE_AT_ONCE
        self._alone = max(0, self._alone - 1)
        rows = await store.due_turns(session, self._workspace_id, now, limit)
        if not rows:
            return False
        people = [row.person_id for row in rows]
        await attempt.of(session, *people)
        readers = await load_readers(session, self._workspace_id, people, now)
        healths = await store.healths_told(session, people)
        said = await parts_by_key(
            session, self._workspace_id, {key for row in rows for key in keys_of(row)}
        )
        first = {key: parts[0] for key, parts in said.items()}
        turns = [Turn(row, readers[row.person_id], first, healths, now) for row in rows]
        for each in turns:
            each.take(workspace.plan_revision)
        await session.flush()
        withdrawn = [key for each in turns for key in each.withdrawn]
        await self._outbox.withdraw_each(session, withdrawn, NOTHING_LEFT)
        letters = [letter for each in turns for letter in each.letters]
        await self._outbox.say_each(session, letters, now)
        return True
