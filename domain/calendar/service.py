"""A person's own word about being away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import Leave, parse_day, parse_leave, parse_zone
from domain.calendar.values import Away, Cover, Standing
from domain.errors import UnreadableError
from models.base import Database
from models.calendar import Absence, absences_of, absences_until, covers_of, replan
from models.enums import LeaveSource
from models.portfolio import AuditEntry, lock_planning

_DAY = timedelta(days=1)


class Somebody(Protocol):
    """Who speaks, and in which zone their days are."""

    @property
    def person_id(self) -> int:
        """Their number."""

    @property
    def slack_id(self) -> str:
        """For the audit."""

    @property
    def timezone(self) -> str:
        """Theirs, or the workspace's."""


class LeaveService:
    """Keeps when people are away by their own word; what the PMO's file says is never touched."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def standing(self, who: Somebody, now: datetime) -> Standing:
        """When somebody is away from today on."""
        async with self._database.reading() as session:
            return await self._standing(session, who, _today(who, now))

    async def go(self, who: Somebody, text: str, now: datetime) -> Standing:
        """Be away: `until 2026-12-04` or `2026-12-24..2027-01-02`; the newest word counts.

        Of a leave that has begun, what lies before the newest one stays.

        Raises:
            UnreadableError: it can't be read, or the days are over; with the cure.
        """
        today = _today(who, now)
        leave = _leave(text, today)
        async with self._database.writing() as session:
            replaced = await self.be_away(session, who, leave, now)
            standing = await self._standing(session, who, today)
        return replace(standing, replaced=replaced)

    async def be_away(
        self, session: AsyncSession, who: Somebody, leave: Leave, now: datetime
    ) -> tuple[Away, ...]:
        """Be away on those days, in a transaction that locks nothing before: as `go`.

        Returns:
            What had been said before and reaches beyond: those days are worked now.
        """
        own = await self._own(session, who, leave.first)
        overlapping = [each for each in own if each.first <= leave.until]
        before = tuple(Away(each.first, each.until) for each in overlapping)
        if before != (Away(leave.first, leave.until),):
            told = ", ".join(_days(each.first, each.until) for each in overlapping)
            for each in overlapping:
                await _give_way(session, each, leave, _today(who, now))
            session.add(self._absence(who, leave, now))
            await self._changed(session, who, now, (told, _days(leave.first, leave.until)))
        return tuple(each for each in before if _loses_days(each, leave, _today(who, now)))

    async def take_back(
        self, session: AsyncSession, who: Somebody, leave: Leave, now: datetime
    ) -> None:
        """Be here on the days of a leave of one's own; what of it is over stays.

        One that is not there any more is taken back already.
        """
        today = _today(who, now)
        for row in await self._own(session, who, today):
            if (row.first, row.until) == (leave.first, leave.until):
                await self._end(session, who, row, max(row.first, today), now)

    async def back(self, who: Somebody, text: str, now: datetime) -> Standing:
        """Be back: today, or on the day that the text names.

        A leave that begins on that day is taken back whole; what comes later stays. Who is here
        today and names no day calls off the one leave that is to come.

        Raises:
            UnreadableError: the day can't be read, or is over, or several leaves are to come; with
            the cure.
        """
        today = _today(who, now)
        day = _return_day(text, today)
        async with self._database.writing() as session:
            if not text and (coming := await self._coming(session, who, today)):
                await self._end(session, who, coming, coming.first, now)
                standing = await self._standing(session, who, today)
                return replace(standing, called_off=Away(coming.first, coming.until))
            for row in await self._own(session, who, day):
                if row.first <= day:
                    await self._end(session, who, row, day, now)
            return await self._standing(session, who, today)

    async def _coming(self, session: AsyncSession, who: Somebody, today: date) -> Absence | None:
        """The one leave of their own that somebody who is here today has ahead.

        Raises:
            UnreadableError: there are several.
        """
        own = await self._own(session, who, today)
        everything = await absences_until(session, who.person_id, today)
        if not own or any(each.first <= today for each in everything):
            return None
        if len(own) > 1:
            spans = ", ".join(_days(each.first, each.until) for each in own)
            msg = (
                f"You are not away today, and {len(own)} leaves are to come: {spans}. Write the "
                f"first day of the one that you call off: `/project back {own[0].first}`."
            )
            raise UnreadableError(msg)
        return own[0]

    async def _end(
        self, session: AsyncSession, who: Somebody, row: Absence, day: date, now: datetime
    ) -> None:
        old, new = _days(row.first, row.until), ""
        if row.first == day:
            await session.delete(row)
        else:
            row.until = day - _DAY
            new = _days(row.first, row.until)
        await self._changed(session, who, now, (old, new))

    async def _own(self, session: AsyncSession, who: Somebody, since: date) -> Sequence[Absence]:
        """What they said themselves, and goes on until that day at least; nobody else writes it."""
        await lock_planning(session, self._workspace_id)  # one word of theirs at a time
        rows = await absences_until(session, who.person_id, since)
        return [each for each in rows if each.source is LeaveSource.PERSON]

    def _absence(self, who: Somebody, leave: Leave, now: datetime) -> Absence:
        return Absence(
            workspace_id=self._workspace_id,
            person_id=who.person_id,
            first=leave.first,
            until=leave.until,
            source=LeaveSource.PERSON,
            created_at=now,
        )

    async def _changed(
        self, session: AsyncSession, who: Somebody, now: datetime, texts: tuple[str, str]
    ) -> None:
        old, new = texts
        entry = AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=who.slack_id,
            subject=f"person {who.slack_id}",
            field="leave",
            old=old or None,
            new=new or None,
        )
        session.add(entry)
        await session.flush()
        await replan(session, self._workspace_id)

    async def _standing(self, session: AsyncSession, who: Somebody, today: date) -> Standing:
        rows = await absences_until(session, who.person_id, today)
        away = tuple(_away(rows))
        covers = await covers_of(session, self._workspace_id, who.person_id)
        deputies = {each.deputy_id for each in covers if each.deputy_id is not None}
        theirs: dict[int, list[Away]] = {}
        for row in await absences_of(session, self._workspace_id, deputies):
            theirs.setdefault(row.person_id, []).append(Away(row.first, row.until))
        told = [
            Cover(each.code, each.deputy, _both(away, theirs.get(each.deputy_id or 0, ())))
            for each in covers
        ]
        return Standing(today, away, tuple(told))


async def _give_way(session: AsyncSession, old: Absence, new: Leave, today: date) -> None:
    """Let a newer word count; who is away already stays so until the newer leave begins."""
    if old.first <= today and old.first < new.first:
        old.until = new.first - _DAY
    else:
        await session.delete(old)


def _today(who: Somebody, now: datetime) -> date:
    return now.astimezone(parse_zone(who.timezone)).date()


def _leave(text: str, today: date) -> Leave:
    try:
        return parse_leave(text, today)
    except ValueError as error:
        msg = f"{error}. For example: until {today + 7 * _DAY}, or {today}..{today + 7 * _DAY}"
        raise UnreadableError(msg) from error


def _return_day(text: str, today: date) -> date:
    try:
        day = parse_day(text) if text else today
    except ValueError as error:
        raise UnreadableError(f"{error}, or nothing for today.") from error
    if day < today:
        msg = f"{day} is over; write a day from {today} on, or nothing for today."
        raise UnreadableError(msg)
    return day


def _away(rows: Iterable[Absence]) -> Iterable[Away]:
    return (
        Away(
            each.first,
            each.until,
            is_by_file=each.source is LeaveSource.FILE,
            is_by_status=each.source is LeaveSource.STATUS,
        )
        for each in rows
    )


def _both(mine: Iterable[Away], theirs: Iterable[Away]) -> tuple[Away, ...]:
    """The days on which both are away."""
    spans = {(max(a.first, b.first), min(a.until, b.until)) for a in mine for b in theirs}
    return tuple(Away(first, until) for first, until in sorted(spans) if first <= until)


def _loses_days(old: Away, new: Leave, today: date) -> bool:
    """Whether days that were said to be away, and are not over, are worked by a newer word."""
    is_kept_before = old.first >= new.first or old.first <= today
    return old.until > new.until or not is_kept_before


def _days(first: date, until: date) -> str:
    return f"{first}..{until}"
