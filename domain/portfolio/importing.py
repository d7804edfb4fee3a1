"""`pmobot import FILE`: brings a portfolio file's projects into the record, or tells why not."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import InvalidFileError
from domain.portfolio.people import Roster, store_users
from domain.portfolio.records import References, put_words, words_of
from domain.portfolio.rows import (
    COLUMNS,
    PEOPLE,
    CheckedTable,
    Known,
    Progress,
    ProjectRow,
    check_table,
)
from domain.portfolio.rules import merge
from domain.portfolio.spreadsheets import read_table
from domain.portfolio.values import Conflict, FieldChange, ImportOutcome
from domain.ports import Directory, SlackUser
from models.base import Database
from models.calendar import replan
from models.portfolio import (
    AuditEntry,
    Project,
    councils_of,
    lock_planning,
    phases_of,
    projects_of,
)


class ImportService:
    """Imports portfolio files; importing one twice changes nothing."""

    def __init__(self, database: Database, workspace_id: int, directory: Directory) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._directory = directory

    async def import_file(
        self,
        path: Path,
        *,
        now: datetime,
        actor: str,
        dry_run: bool = False,
        partial: bool = False,
        progress: Progress | None = None,
    ) -> ImportOutcome:
        """Import a CSV file or an Excel workbook in one transaction.

        Args:
            path: the file.
            now: the instant that the audit tells.
            actor: who is named in the audit.
            dry_run: tell what would be done, and do nothing.
            partial: import the rows without problems, although others have some.
            progress: told the number of checked rows, and how many there are.
        """
        try:
            table = await asyncio.to_thread(read_table, path, COLUMNS)
        except InvalidFileError as error:
            return ImportOutcome(problems=error.problems)
        roster = Roster(await self._directory.users())
        checked = check_table(table, await self._known(roster), progress)
        if checked.heading_problems or (checked.row_problems and not partial):
            return ImportOutcome(problems=checked.problems)
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            intake = await self._intake(session, checked.rows, roster)
            for row in checked.rows:
                session.add_all(intake.take(row, now=now, actor=actor))
            if intake.has_changed:
                await replan(session, self._workspace_id)
            if dry_run:
                await session.rollback()
        return intake.outcome(checked, applied=not dry_run)

    async def _known(self, roster: Roster) -> Known:
        async with self._database.reading() as session:
            councils = await councils_of(session, self._workspace_id)
            phases = await phases_of(session, self._workspace_id)
        return Known([one.name for one in councils], [one.name for one in phases], roster)

    async def _intake(
        self, session: AsyncSession, rows: Sequence[ProjectRow], roster: Roster
    ) -> "_Intake":
        """What is stored, once the people that the file names are stored too."""
        people = await store_users(session, self._workspace_id, _users(rows, roster))
        phases = await phases_of(session, self._workspace_id)
        councils = await councils_of(session, self._workspace_id)
        references = References.of(councils, phases, people.values())
        projects = await projects_of(session, self._workspace_id)
        return _Intake(self._workspace_id, {one.code: one for one in projects}, references)


def _users(rows: Iterable[ProjectRow], roster: Roster) -> list[SlackUser]:
    """Everybody whom the file names."""
    ids = {row.words.get(role, "") for row in rows for role in PEOPLE} - {""}
    return [roster.find(slack_id) for slack_id in sorted(ids)]


class _Intake:
    """Takes rows into the record, and counts what that does."""

    def __init__(
        self, workspace_id: int, projects: Mapping[str, Project], references: References
    ) -> None:
        self._workspace_id = workspace_id
        self._projects = projects
        self._references = references
        self._created: list[str] = []
        self._changed: list[FieldChange] = []
        self._conflicts: list[Conflict] = []
        self._unchanged = 0

    def take(self, row: ProjectRow, *, now: datetime, actor: str) -> list[Project | AuditEntry]:
        """Bring the row's project to what the file says; gives what is new to the database."""
        project = self._projects.get(row.code)
        if project is None:
            self._created.append(row.code)
            created = self._create(row)
            return [created, self._audit(row, now, actor, ("created", None, created.name))]
        changes = self._change(project, row)
        if project.imported != (words := {**project.imported, **row.words}):
            project.imported = words
        return [self._audit(row, now, actor, change) for change in changes]

    @property
    def has_changed(self) -> bool:
        """Whether a project is new or not as it was."""
        return bool(self._created or self._changed)

    def outcome(self, checked: CheckedTable, *, applied: bool) -> ImportOutcome:
        """What was counted."""
        return ImportOutcome(
            created=tuple(self._created),
            changed=tuple(self._changed),
            unchanged=self._unchanged,
            conflicts=tuple(self._conflicts),
            missing_from_file=tuple(sorted(self._projects.keys() - checked.codes)),
            problems=checked.problems,
            applied=applied,
        )

    def _create(self, row: ProjectRow) -> Project:
        references = self._references
        project = Project(
            workspace_id=self._workspace_id,
            code=row.code,
            name=row.words["name"],
            council_id=references.number("council", row.words["council"]),
            phase_id=references.number("phase", references.first_phase),
            pm_id=references.number("pm", row.words["pm"]),
            imported=dict(row.words),
        )
        put_words(project, row.words, references)
        return project

    def _change(self, project: Project, row: ProjectRow) -> list[tuple[str, str, str]]:
        stored = words_of(project, self._references)
        merged = merge(row.words, project.imported, stored)
        put_words(
            project, {name: new for name, (_old, new) in merged.changes.items()}, self._references
        )
        shown = self._references.shown
        for name, (old, new) in merged.changes.items():
            change = FieldChange(row.code, name, shown(name, old), shown(name, new))
            self._changed.append(change)
            if name in merged.conflicts:
                before = shown(name, project.imported.get(name, ""))
                self._conflicts.append(
                    Conflict(row.code, name, before, in_slack=change.old, in_file=change.new)
                )
        self._unchanged += not merged.changes
        return [(name, old, new) for name, (old, new) in merged.changes.items()]

    def _audit(
        self, row: ProjectRow, now: datetime, actor: str, change: tuple[str, str | None, str]
    ) -> AuditEntry:
        """People are audited by their Slack id, so that their name can be erased."""
        name, old, new = change
        return AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=actor,
            subject=f"project {row.code}",
            field=name,
            old=old,
            new=new,
        )
