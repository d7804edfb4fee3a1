"""Takes Slack statuses that say vacation for leave, where the configuration wants that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.calendar.rules import Leave
from domain.calendar.status_rules import leave_by_status
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.ports import SlackUser
from models.base import Database
from models.calendar import Absence, replan, status_absences_of
from models.enums import LeaveSource
from models.portfolio import AuditEntry, Person, lock_planning, people_by_slack_id

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Change:
    """What is stored of one person's status, and what it says now."""

    person: Person
    row: Absence | None
    """What is not over yet."""
    wanted: Leave | None
    today: date

    @property
    def is_one(self) -> bool:
        if self.row is None or self.wanted is None:
            return (self.row is None) is not (self.wanted is None)
        return self.row.until != self.wanted.until

    @property
    def told(self) -> str | None:
        return _days(self.row) if self.row is not None else None


class StatusService:
    """Keeps the leave that people's Slack statuses say, and no other."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def follow(self, users: Sequence[SlackUser], now: datetime) -> int:
        """Bring the leave of people whom the bot knows to their statuses; how many had changed."""
        async with self._database.reading() as session:
            if not await self._changes(session, users, now):
                return 0
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            changes = await self._changes(session, users, now)
            for each in changes:
                await self._make(session, each, now)
            if changes:
                await session.flush()
                await replan(session, self._workspace_id)
        return len(changes)

    async def _changes(
        self, session: AsyncSession, users: Sequence[SlackUser], now: datetime
    ) -> list[_Change]:
        """What is stored otherwise than the statuses say."""
        configuration = await load_configuration(session, self._workspace_id)
        ids = [each.slack_id for each in users]
        known = await people_by_slack_id(session, self._workspace_id, ids)
        numbers = {each.pk for each in known.values()}
        stored = await status_absences_of(session, self._workspace_id, numbers)
        rows = {each.person_id: each for each in stored}
        found = []
        for user in users:
            if person := known.get(user.slack_id):
                today = now.astimezone(zone_of(user.timezone, configuration)).date()
                row = rows.get(person.pk)
                current = row if row is not None and row.until >= today else None
                wanted = _wanted(user, configuration, now)
                change = _Change(person, current, wanted, today)
                found += [change] if change.is_one else []
        return found

    async def _make(self, session: AsyncSession, change: _Change, now: datetime) -> None:
        """Bring one stored leave to what is wanted; what of it is over stays."""
        row, wanted, old = change.row, change.wanted, change.told
        if row is None and wanted is not None:
            row = self._absence(change.person, wanted, now)
            session.add(row)
        elif row is not None and wanted is not None:
            row.until = wanted.until
        elif row is not None and row.first >= change.today:
            await session.delete(row)
        elif row is not None:
            row.until = change.today - _DAY
        slack_id = change.person.slack_id
        entry = AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=slack_id,
            subject=f"person {slack_id}",
            field="leave by status",
            old=old,
            new=_days(row) if row is not None and wanted is not None else None,
        )
        session.add(entry)

    def _absence(self, person: Person, leave: Leave, now: datetime) -> Absence:
        return Absence(
            workspace_id=self._workspace_id,
            person_id=person.pk,
            first=leave.first,
            until=leave.until,
            source=LeaveSource.STATUS,
            created_at=now,
        )


def _wanted(user: SlackUser, configuration: WorkspaceConfiguration, now: datetime) -> Leave | None:
    rule = configuration.leave
    if not rule.from_status or user.is_gone:
        return None
    zone = zone_of(user.timezone, configuration)
    return leave_by_status(user.status_emoji, user.status_ends_at, rule.emoji, zone, now)


def _days(leave: Absence | Leave) -> str:
    return f"{leave.first}..{leave.until}"
