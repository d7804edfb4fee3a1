"""What is due for a council, read from the record: what its next agenda is built from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.answering.claim_rules import day_words
from domain.digests.loading import MEMORY
from domain.meetings.about import About
from domain.meetings.agenda.rules import MINUTES, Built, DueItem
from domain.meetings.ballots.noting import to_note
from domain.meetings.ballots.values import ToNote
from models.collecting import StatusReport, last_reports
from models.digests.broad import reports_since
from models.enums import Health, LogKind, Purpose
from models.logs import LogEntry
from models.meetings import agenda as store
from models.portfolio import ProjectRow, people_by_id, project_rows_of

_WITHOUT_DATE = date.max.isoformat()


async def due_items(session: AsyncSession, about: About, now: datetime) -> list[DueItem]:
    """Everything that is due, in the order in which a council takes it; the same gives the same."""
    rows = await project_rows_of(session, about.council.workspace_id)
    ours = {row.project.pk: row for row in rows if row.project.council_id == about.council.pk}
    found = _Found(session, about, ours, now)
    items = [
        *found.standing(),
        *await found.minutes(),
        *await found.ballots(),
        *await found.actions(),
        *await found.decisions(),
        *await found.reds(),
        *await found.silent(),
    ]
    return sorted(items, key=attrgetter("order"))


@dataclass(frozen=True)
class _Found:
    """Reads what is due, kind by kind."""

    session: AsyncSession
    about: About
    ours: Mapping[int, ProjectRow]
    """The council's projects."""
    now: datetime

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.about.zone).date()

    @property
    def _asked(self) -> list[int]:
        """The projects whose reports count: what is closed, or on hold, is nobody's worry."""
        return [
            number
            for number, row in self.ours.items()
            if row.phase.asked
            and not (row.project.hold_until and row.project.hold_until >= self._today)
        ]

    def standing(self) -> list[DueItem]:
        chair = self.about.council.chair_id
        opening = DueItem(
            Built.OPENING.value,
            Purpose.INFORM,
            "Quorum, and interests to declare",
            minutes=MINUTES[Built.OPENING],
            owner_id=chair,
        )
        recap = DueItem(
            Built.RECAP.value,
            Purpose.INFORM,
            "Decisions and actions, read back",
            minutes=MINUTES[Built.RECAP],
            owner_id=chair,
        )
        return [opening, recap]

    async def minutes(self) -> list[DueItem]:
        council, before = self.about.council, self.about.meeting.starts_at
        meetings = await store.unapproved_minutes(self.session, council.pk, before)
        return [
            DueItem(
                Built.MINUTES.of(each.pk),
                Purpose.DECIDE,
                f"Approve the minutes of {_day(each.starts_at, each.timezone)}",
                owner_id=council.chair_id,
                is_consent=True,
                within=each.starts_at.isoformat(),
            )
            for each in meetings
        ]

    async def ballots(self) -> list[DueItem]:
        """What was voted out of cycle: to be noted, or, if it was not decided, to be decided."""
        voted = await to_note(self.session, self.about.council)
        return [self._ballot(each, f"{place:04}") for place, each in enumerate(voted)]

    def _ballot(self, voted: ToNote, within: str) -> DueItem:
        # One that left a project's decision open: that stands on the agenda itself.
        is_noted = voted.is_decided or voted.log_entry_id is not None
        return DueItem(
            voted.source,
            Purpose.INFORM if is_noted else Purpose.DECIDE,
            f"Voted out of cycle: {voted.question}",
            text=voted.text,
            minutes=0 if is_noted else MINUTES[Built.DECISION],
            owner_id=self._pm(voted.project_id) or self.about.council.chair_id,
            project_id=voted.project_id,
            log_entry_id=voted.log_entry_id,
            is_consent=is_noted,
            within=within,
        )

    async def actions(self) -> list[DueItem]:
        return [
            DueItem(
                Built.ACTION.of(each.pk),
                Purpose.DISCUSS,
                f"Overdue action: {each.title}",
                text=f"Due {day_words(each.due_on)}.",
                minutes=MINUTES[Built.ACTION],
                owner_id=each.owner_id or self._pm(each.project_id),
                project_id=each.project_id,
                log_entry_id=each.pk,
                within=each.due_on.isoformat(),
            )
            for each in await self._entries(LogKind.ACTION)
            if each.due_on is not None and each.due_on < self._today
        ]

    async def decisions(self) -> list[DueItem]:
        entries = await self._entries(LogKind.DECISION)
        deciders = await people_by_id(self.session, {each.owner_id or 0 for each in entries})
        return [
            DueItem(
                Built.DECISION.of(each.pk),
                Purpose.DECIDE,
                each.title,
                text=_needed(each, deciders[each.owner_id].name if each.owner_id else ""),
                minutes=MINUTES[Built.DECISION],
                owner_id=self._pm(each.project_id) or each.owner_id,
                project_id=each.project_id,
                log_entry_id=each.pk,
                within=each.due_on.isoformat() if each.due_on else _WITHOUT_DATE,
            )
            for each in entries
        ]

    async def reds(self) -> list[DueItem]:
        newest = await last_reports(self.session, self._asked)
        reds = {number: each for number, each in newest.items() if each.health is Health.RED}
        since = await self._red_since(reds)
        return [
            DueItem(
                Built.RED.of(number),
                Purpose.DISCUSS,
                f"{self.ours[number].project.name}: red since {day_words(since[number])}",
                text=_red(report),
                minutes=MINUTES[Built.RED],
                owner_id=self._pm(number),
                project_id=number,
                within=since[number].isoformat(),
            )
            for number, report in reds.items()
        ]

    async def silent(self) -> list[DueItem]:
        after = self.about.configuration.escalation.pmo_after
        if not after:
            return []
        missed = await store.silent_projects(self.session, self._asked, after)
        return [
            DueItem(
                Built.SILENT.of(number),
                Purpose.DISCUSS,
                f"{self.ours[number].project.name}: {misses} reports missing in a row",
                minutes=MINUTES[Built.SILENT],
                owner_id=self.ours[number].project.sponsor_id or self._pm(number),
                project_id=number,
                within=self.ours[number].project.code,
            )
            for number, misses in missed.items()
        ]

    async def _entries(self, kind: LogKind) -> Sequence[LogEntry]:
        return await store.open_entries_about(
            self.session, self.about.council.pk, list(self.ours), kind
        )

    async def _red_since(self, reds: Mapping[int, StatusReport]) -> dict[int, date]:
        """The first day of the row of red reports up to the newest one."""
        since = {number: each.opens_on for number, each in reds.items()}
        if not reds:
            return since
        first = self._today - MEMORY
        past = await reports_since(self.session, self.about.council.workspace_id, list(reds), first)
        for number, reports in groupby(past, key=attrgetter("project_id")):
            for each in reports:
                if each.health is not Health.RED:
                    break
                since[number] = each.opens_on
        return since

    def _pm(self, project_id: int | None) -> int | None:
        row = self.ours.get(project_id or 0)
        return row.project.pm_id if row else None


def _needed(entry: LogEntry, decider: str) -> str:
    """What there is to know of a decision that is needed."""
    who = decider or entry.owner_name
    wanted = " ".join(
        word
        for word in (
            f"Needed from {who}" if who else "Needed" if entry.due_on else "",
            f"by {day_words(entry.due_on)}" if entry.due_on else "",
        )
        if word
    )
    # The date first: a long text is shortened at its end.
    return "\n".join(part for part in (f"{wanted}." if wanted else "", entry.text) if part)


def _red(report: StatusReport) -> str:
    """Why a project is red, and how it is to become green."""
    path = f"Path to green: {report.path_to_green}" if report.path_to_green else ""
    return "\n".join(part for part in (report.why, path) if part)


def _day(instant: datetime, timezone: str) -> str:
    return day_words(instant.astimezone(ZoneInfo(timezone)).date())
