"""The clock's side: sorts questions into groups, sees what the handbook took, tells the week."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.learning.loading import load_groups, shown_group
from domain.answers.learning.messages import AskedMost, QuestionWeekList, SectionNews
from domain.answers.learning.proposing import take_from_handbook, taken_by
from domain.answers.learning.rules import Sorter, biggest_first, is_of_week, stems_of
from domain.answers.learning.values import Group
from domain.answers.learning.weeks import Reader, load_readers
from domain.answers.shelf import Shelf
from domain.calendar.week_rules import monday_of, week_end, week_name
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from models.answers import learning as store
from models.answers.tables import QuestionGroup, QuestionWeek
from models.base import Database
from models.delivery import queue

LISTED: Final = 10
"""Groups of one message; the page has all."""

UNUSED_FOR: Final = timedelta(days=90)
NAMED: Final = 5
"""Sections that a list names of each kind."""

SORTED_AT_ONCE: Final = 500

GATE: Final = "question-groups"
"""The gate that sorters and tellers of several replicas pass one by one."""

_WEEK: Final = timedelta(weeks=1)


class LearningClock:
    """Does what is due about the PMO's list."""

    def __init__(
        self, database: Database, outbox: Outbox, shelf: Callable[[], Awaitable[Shelf]]
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._workspace_id = outbox.workspace_id
        self._shelf = shelf

    async def tend(self, now: datetime) -> bool:
        """Do what is due; tell whether there was any. It writes only if there is."""
        shelf = await self._shelf()
        async with self._database.reading() as session:
            if not await self._is_any_due(session, shelf, now):
                return False
        async with self._database.writing() as session:
            await queue.lock_gates(session, self._workspace_id, {GATE}, now)
            await self._sort(session, now)
            await take_from_handbook(session, self._workspace_id, shelf.handbook, now)
            await session.flush()
            await self._tell(session, shelf, now)
        return True

    async def _is_any_due(self, session: AsyncSession, shelf: Shelf, now: datetime) -> bool:
        return (
            bool(await store.unsorted(session, self._workspace_id, 1))
            or bool(await taken_by(session, self._workspace_id, shelf.handbook))
            or any(each.wants(now) for each in await load_readers(session, self._workspace_id))
        )

    async def _sort(self, session: AsyncSession, now: datetime) -> None:
        """Put each new question into the group of the one that is most like it."""
        new = await store.unsorted(session, self._workspace_id, SORTED_AT_ONCE)
        if not new:
            return
        known = await store.sorted_texts(session, self._workspace_id)
        sorter = Sorter((group_id, stems_of(mended or text)) for group_id, text, mended in known)
        for each in new:
            stems = stems_of(each.corrected or each.text)
            each.group_id = sorter.group_of(stems) or await self._new_group(session, now)
            sorter.add(each.group_id, stems)

    async def _new_group(self, session: AsyncSession, now: datetime) -> int:
        group = QuestionGroup(workspace_id=self._workspace_id, opened_at=now)
        session.add(group)
        await session.flush()
        return group.pk

    async def _tell(self, session: AsyncSession, shelf: Shelf, now: datetime) -> None:
        """Tell whose week has come, and note who is new."""
        due = [each for each in await load_readers(session, self._workspace_id) if each.wants(now)]
        if not due:
            return
        groups = await load_groups(session, self._workspace_id, now)
        letters: list[Letter] = []
        for each in due:
            if each.row is None:
                session.add(self._first_row(each, now))
            else:
                letters += await self._letter(session, each, each.row, (groups, shelf, now))
        await session.flush()
        await self._outbox.say_each(session, letters, now)

    def _first_row(self, reader: Reader, now: datetime) -> QuestionWeek:
        return QuestionWeek(
            workspace_id=self._workspace_id,
            person_id=reader.person_id,
            told_week=reader.begun(now),
        )

    async def _letter(
        self,
        session: AsyncSession,
        reader: Reader,
        row: QuestionWeek,
        facts: tuple[Sequence[Group], Shelf, datetime],
    ) -> list[Letter]:
        """The list of somebody's week; none if nothing has happened."""
        groups, shelf, now = facts
        zone = reader.own.zone
        week, since = monday_of(now, zone), row.told_at or now - _WEEK
        row.told_week, row.told_at = week, now
        of_week = biggest_first(each for each in groups if is_of_week(each, since))
        if not of_week:
            return []
        message = QuestionWeekList(
            since=since,
            as_of=now,
            timezone=zone.key,
            questions=sum(each.listed_at > since for group in of_week for each in group.asked),
            groups=tuple(shown_group(each, shelf) for each in of_week[:LISTED]),
            more=len(of_week[LISTED:]),
            older=sum(each.standing.is_open for each in groups) - len(of_week),
            sections=await self._sections(session, shelf, since, now),
        )
        row.key = f"question-week:{reader.person_id}:{week_name(week)}"
        to = Place.person(reader.person_id)
        return [Letter(message, to, row.key, week_end(week, zone))]

    async def _sections(
        self, session: AsyncSession, shelf: Shelf, since: datetime, now: datetime
    ) -> SectionNews:
        sections = shelf.handbook.sections
        shown = await store.sections_answered(session, self._workspace_id, since, now)
        most = sorted(((-count, each) for each, count in shown.items() if each in sections))
        stale = [each.title for each in sections.values() if each.is_stale(now.date())]
        return SectionNews(
            asked_most=tuple(AskedMost(sections[each].title, -less) for less, each in most[:NAMED]),
            stale=tuple(stale[:NAMED]),
            stale_count=len(stale),
            unused=await self._unused(session, sections.keys(), now - UNUSED_FOR),
        )

    async def _unused(
        self, session: AsyncSession, ids: Iterable[str], since: datetime
    ) -> int | None:
        """How many sections nobody was shown since; None if the log does not go back so far."""
        oldest = await store.oldest_question(session, self._workspace_id)
        if oldest is None or oldest > since:
            return None
        return len(set(ids) - await store.sections_used(session, self._workspace_id, since))
