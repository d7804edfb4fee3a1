"""Slack's side of the decision log: look up, correct a wording, take a file; and the figures."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days
from domain.calendar.rules import at_wall
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.logs.record import access_to
from domain.meetings.about import about_of
from domain.meetings.access import Seen, council_named, seen_by
from domain.meetings.actions.lines import Lines
from domain.meetings.logbook.loading import line_of, may_read
from domain.meetings.logbook.messages import DecisionFile
from domain.meetings.logbook.rules import (
    PERIOD,
    Named,
    Task,
    closure,
    fits,
    latency,
    read_asked,
    wording_faults,
    working_days_between,
)
from domain.meetings.logbook.values import (
    WORDING,
    Asked,
    Correction,
    DecisionCard,
    DecisionLine,
    DecisionLog,
    Figures,
)
from domain.meetings.rules import may_run
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import LogKind
from models.logs import EntryRow, entry_rows_of_council
from models.meetings.decisions import (
    DecisionRow,
    actions_of,
    corrections_of,
    decision_row,
    decision_rows,
    needed_decisions,
)
from models.meetings.minutes import versions_of
from models.portfolio import AuditEntry, Council, lock_council, projects_of

NO_DECISION: Final = (
    "There is no such decision, or not for you. `/project decisions` shows those that you may read."
)


class LogbookService:
    """Reads and corrects decisions for one person; what they may not see does not exist."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices

    async def found(self, viewer: Viewer, text: str) -> DecisionLog:
        """The decisions that fit what somebody typed, newest first.

        Raises:
            UnreadableError: the date in it is none.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            asked = await self._asked(session, seen, text)
            rows = await decision_rows(session, self._workspace_id)
        found = [
            line_of(each, seen.configuration)
            for each in rows
            if may_read(seen, each) and asked.project_id in (None, each.decision.project_id)
        ]
        return DecisionLog(asked, [each for each in found if _fits(asked, each)])

    async def card(self, viewer: Viewer, decision_id: int) -> DecisionCard:
        """One decision with its actions, what was corrected, and where its minutes stand.

        Raises:
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            return await self._card(session, seen, await self._row(session, seen, decision_id))

    async def correct(
        self,
        viewer: Viewer,
        decision_id: int,
        revision: int,
        wording: Mapping[str, str],
        now: datetime,
    ) -> DecisionCard:
        """Word a decision anew; the old words stay on its card. What was decided stays.

        Args:
            viewer: who does it.
            decision_id: which decision.
            revision: as they saw it.
            wording: the texts, by `WORDING`; what is left out stays as it is.
            now: this instant.

        Raises:
            FieldErrors: something is to be mended.
            NotAllowedError: the person is neither chair nor PMO.
            NotFoundError: there is none, or not for this person.
        """
        texts = {name: text.strip() for name, text in wording.items() if name in WORDING}
        if faults := wording_faults(texts):
            raise FieldErrors(faults)
        async with self._database.writing() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            row = await self._row(session, seen, decision_id)
            _refuse(viewer, row.council)
            await lock_council(session, row.council.pk)
            row = await self._row(session, seen, decision_id)
            changed = [name for name in texts if getattr(row.decision, name) != texts[name]]
            if changed and row.decision.revision != revision:
                return await self._card(session, seen, row, is_stale=True)
            for name in changed:
                session.add(_audit(row, viewer, name, texts[name], now))
                setattr(row.decision, name, texts[name])
            row.decision.revision += bool(changed)
            await session.flush()
            if changed and row.meeting:
                about = await about_of(session, self._workspace_id, row.meeting.pk, locked=True)
                if about is not None:
                    await self._voices.again(session, about, now)
            return await self._card(session, seen, row)

    async def send_file(self, viewer: Viewer, text: str, now: datetime) -> int:
        """Send what fits as a table, as a direct message; how many decisions it has."""
        log = await self.found(viewer, text)
        if not log.lines:
            raise NotFoundError("Nothing fits any more: there is nothing to put into a file.")
        message = DecisionFile(log.asked.text, tuple(reversed(log.lines)))
        async with self._database.writing() as session:
            key = f"decisions:{viewer.person_id}:{now:%Y%m%d%H%M%S}"
            to = Place.person(viewer.person_id)
            await self._outbox.say(session, message, to=to, key=key, now=now)
        return len(log.lines)

    async def figures(self, viewer: Viewer, named: str, now: datetime) -> Sequence[Figures]:
        """How councils do: of one, or of all that exist for somebody; of what they may see.

        Raises:
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            councils = council_named(seen, named) if named else seen.councils
            return [await self._figures(session, seen, each, now) for each in councils]

    async def _figures(
        self, session: AsyncSession, seen: Seen, council: Council, now: datetime
    ) -> Figures:
        zone = seen.zone(council)
        today = now.astimezone(zone).date()
        since = today - PERIOD
        begin = at_wall(since, time(), zone)
        rows = await decision_rows(session, self._workspace_id, begin)
        own = [each for each in rows if each.council.pk == council.pk and may_read(seen, each)]
        working = working_days(seen.configuration)
        needed = [
            entry.opened_at.astimezone(zone).date()
            for entry, project in await needed_decisions(session, self._workspace_id)
            if project.council_id == council.pk and project.pk in seen.projects
        ]
        given = await entry_rows_of_council(session, self._workspace_id, council.pk, LogKind.ACTION)
        tasks = [_task(each) for each in given if access_to(seen.viewer, each)]
        return Figures(
            council=council.name,
            since=since,
            latency=latency(
                [line_of(each, seen.configuration).latency for each in own],
                [working_days_between(each, today, working) for each in needed],
            ),
            closure=closure(tasks, since, today),
        )

    async def _asked(self, session: AsyncSession, seen: Seen, text: str) -> Asked:
        projects = await projects_of(session, self._workspace_id)
        return read_asked(
            text,
            [Named(each.pk, each.name) for each in seen.councils],
            [Named(each.pk, each.code) for each in projects if each.pk in seen.projects],
        )

    async def _row(self, session: AsyncSession, seen: Seen, decision_id: int) -> DecisionRow:
        row = await decision_row(session, self._workspace_id, decision_id)
        if row is None or not may_read(seen, row):
            raise NotFoundError(NO_DECISION)
        return row

    async def _card(
        self, session: AsyncSession, seen: Seen, row: DecisionRow, *, is_stale: bool = False
    ) -> DecisionCard:
        numbers = await actions_of(session, row.decision.pk)
        lines = await Lines.load(session, self._workspace_id, numbers)
        changes = await corrections_of(session, self._workspace_id, _subject(row), WORDING)
        versions = await versions_of(session, row.meeting.pk) if row.meeting else ()
        return DecisionCard(
            line=line_of(row, seen.configuration),
            actions=tuple(
                lines.line(each) for each in numbers if access_to(seen.viewer, lines.rows[each])
            ),
            corrections=tuple(
                Correction(
                    at=audit.at,
                    who=person.name if person else audit.actor,
                    field=audit.field,
                    old=audit.old or "",
                    new=audit.new or "",
                )
                for audit, person in changes
                if _is_open(seen, audit.old) and _is_open(seen, audit.new)
            ),
            minutes=max(versions, key=lambda each: each.version).state if versions else "",
            may_correct=may_run(seen.viewer, row.council.chair_id),
            is_stale=is_stale,
        )


def _fits(asked: Asked, line: DecisionLine) -> bool:
    if asked.since is not None and line.decided_on < asked.since:
        return False
    if asked.council_id not in (None, line.council_id):
        return False
    said = (line.question, line.reason, line.dissent, line.chosen, *line.conditions)
    return fits(asked.words, (*said, line.ref, line.code))


def _refuse(viewer: Viewer, council: Council) -> None:
    if not may_run(viewer, council.chair_id):
        raise NotAllowedError(
            f"Only who chairs {council.name} and the PMO correct its decisions: ask one of them."
        )


def _is_open(seen: Seen, text: str | None) -> bool:
    """Whether somebody may read a wording: one may have been replaced for what it named."""
    return not text or seen.open_text(text) == text


def _subject(row: DecisionRow) -> str:
    return f"decision {row.council.name} D-{row.decision.number}"


def _audit(row: DecisionRow, viewer: Viewer, name: str, new: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        workspace_id=row.decision.workspace_id,
        at=now,
        actor=viewer.slack_id,
        subject=_subject(row),
        field=name,
        old=getattr(row.decision, name),
        new=new,
    )


def _task(row: EntryRow) -> Task:
    entry = row.entry
    closed = entry.closed_at.astimezone(ZoneInfo(row.timezone)).date() if entry.closed_at else None
    return Task(entry.state, entry.due_on, entry.baseline_on, closed)
