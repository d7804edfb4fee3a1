"""`pmobot apply FILE`: brings the workspace to what the file says, or tells why not."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import InvalidFileError, Problem
from domain.portfolio.changes import Record
from domain.portfolio.checking import Fault, check_shape, faults_in
from domain.portfolio.configuration import ConfigurationFile, WorkspaceConfiguration
from domain.portfolio.echoing import rules_of
from domain.portfolio.people import Roster, store_users
from domain.portfolio.projecting import project
from domain.portfolio.resolving import Resolution, resolve
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import ApplyOutcome
from domain.portfolio.yaml_file import YamlDocument, read_yaml
from domain.ports import Directory
from models.base import Database
from models.calendar import replan
from models.portfolio import (
    configuration_of,
    lock_planning,
    open_tags_of,
    phases_of,
    project_counts_by_phase,
)


async def load_configuration(session: AsyncSession, workspace_id: int) -> WorkspaceConfiguration:
    """What was last applied; the defaults if nothing was."""
    stored = await configuration_of(session, workspace_id)
    return WorkspaceConfiguration.model_validate(stored.document if stored else {})


class ConfigureService:
    """Applies configuration files; applying one twice changes nothing."""

    def __init__(self, database: Database, workspace_id: int, directory: Directory) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._directory = directory

    async def apply_file(
        self, path: Path, *, now: datetime, actor: str, dry_run: bool = False
    ) -> ApplyOutcome:
        """Apply a YAML file in one transaction, whole or not at all.

        Args:
            path: the file.
            now: the instant that the audit tells.
            actor: who is named in the audit.
            dry_run: tell what would be done, and do nothing.
        """
        try:
            document = await asyncio.to_thread(read_yaml, path)
            file = check_shape(document)
        except InvalidFileError as error:
            return ApplyOutcome(problems=error.problems)
        roster = Roster(await self._directory.users())
        found = resolve(file, roster, await self._directory.channels())
        faults = [*faults_in(file), *found.faults, *await self._phase_faults(file)]
        warnings = _problems(document, [*found.warnings, *await self._tag_warnings(file)])
        if faults:
            return ApplyOutcome(problems=_problems(document, faults), warnings=warnings)
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            record = Record(session, self._workspace_id, now, actor)
            missing = await self._project(record, file, found)
            if record.created or record.changes:
                await replan(session, self._workspace_id)
            if dry_run:
                await session.rollback()
        return ApplyOutcome(
            created=tuple(record.created),
            changed=tuple(record.changes),
            missing_from_file=missing,
            warnings=warnings,
            rules=tuple(rules_of(file, now)),
            applied=not dry_run,
        )

    async def _project(
        self, record: Record, file: ConfigurationFile, found: Resolution
    ) -> tuple[str, ...]:
        users = {user.slack_id: user for user in found.people.values()}
        people = await store_users(record.session, self._workspace_id, list(users.values()))
        return await project(record, file, found, people)

    async def _phase_faults(self, file: ConfigurationFile) -> list[Fault]:
        """Phases that the file no longer has, though projects stand in them."""
        kept = {phase.name.casefold() for phase in file.phases}
        async with self._database.reading() as session:
            counts = await project_counts_by_phase(session, self._workspace_id)
            stored = await phases_of(session, self._workspace_id)
        return [
            Fault(
                ("phases",),
                f"'{one.name}' is missing, but projects stand in it ({counts[one.pk]}); "
                "keep it here, or import them with another phase first",
            )
            for one in stored
            if one.pk in counts and one.name.casefold() not in kept
        ]

    async def _tag_warnings(self, file: ConfigurationFile) -> list[Fault]:
        """Tags that no project has: a slip of the pen, or the portfolio is still to be imported."""
        wanted = {place: one.tag for place, one in enumerate(file.digests) if one.tag is not None}
        if not wanted:
            return []
        async with self._database.reading() as session:
            known = await open_tags_of(session, self._workspace_id)
        return [
            Fault(
                ("digests", place, "tag"),
                f"no open project has the tag '{tag}'.{did_you_mean(tag, known)} Tags come from "
                "the column `tags` of the portfolio file",
            )
            for place, tag in wanted.items()
            if tag not in known
        ]


def _problems(document: YamlDocument, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    return tuple(document.problem(fault.path, fault.text) for fault in faults)
