"""The portfolio as somebody may see it: lists and single projects."""

from typing import Final

from domain.errors import NotFoundError
from domain.portfolio.rules import has_role, may_see
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import PersonName, ProjectCard, ProjectFacts, ProjectLine, Viewer
from models.base import Database
from models.portfolio import (
    Person,
    Project,
    ProjectRow,
    people_by_id,
    project_row,
    project_row_by_id,
    project_rows_of,
)

_ECHOED = 40
"""Characters of an unknown code that are said back."""

NO_PROJECT: Final = (
    "There is no such project any more. `/project list` shows the projects that you may see."
)
"""What is said to a button of a project that is gone, or that the person may not see."""


class PortfolioService:
    """Reads projects for one person; what they may not see does not exist for them."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def list_projects(self, viewer: Viewer, search: str = "") -> tuple[ProjectLine, ...]:
        """The projects that the person may see, by code.

        Args:
            viewer: who looks.
            search: words that must all occur in a project's code, name, council, phase, PM or
                tags; `tag:erp` is looked for in the tags alone.
        """
        words = search.casefold().split()
        lines = [_line(row) for row in await self._visible(viewer)]
        return tuple(line for line in lines if all(word in _haystack(line) for word in words))

    async def mine(self, viewer: Viewer) -> tuple[ProjectLine, ...]:
        """The projects where the person is PM, deputy or sponsor, by code."""
        visible = await self._visible(viewer)
        return tuple(_line(row) for row in visible if has_role(viewer, _facts(row.project)))

    async def find(self, viewer: Viewer, code: str) -> ProjectCard:
        """One project, by its code in capitals or not.

        Raises:
            NotFoundError: there is none, or the person may not see it; the text is the same.
        """
        wanted = code.strip().upper()
        async with self._database.reading() as session:
            row = await project_row(session, self._workspace_id, wanted)
            if row is not None and may_see(viewer, _facts(row.project)):
                return _card(row, await people_by_id(session, _others(row.project)))
        guess = did_you_mean(wanted, [one.project.code for one in await self._visible(viewer)], 3)
        msg = f"There is no project '{wanted[:_ECHOED]}'.{guess}"
        raise NotFoundError(msg)

    async def find_by_id(self, viewer: Viewer, project_id: int) -> ProjectCard:
        """One project, by the number that a button carries.

        Raises:
            NotFoundError: there is none, or the person may not see it; the text is the same.
        """
        async with self._database.reading() as session:
            row = await project_row_by_id(session, self._workspace_id, project_id)
            if row is None or not may_see(viewer, _facts(row.project)):
                raise NotFoundError(NO_PROJECT)
            return _card(row, await people_by_id(session, _others(row.project)))

    async def _visible(self, viewer: Viewer) -> list[ProjectRow]:
        async with self._database.reading() as session:
            rows = await project_rows_of(session, self._workspace_id)
        return [row for row in rows if may_see(viewer, _facts(row.project))]


def _facts(project: Project) -> ProjectFacts:
    return ProjectFacts(
        visibility=project.visibility,
        council_id=project.council_id,
        pm_id=project.pm_id,
        deputy_id=project.deputy_id,
        sponsor_id=project.sponsor_id,
    )


def _person(person: Person) -> PersonName:
    return PersonName(
        person_id=person.pk, slack_id=person.slack_id, name=person.name, is_gone=person.is_gone
    )


def _line(row: ProjectRow) -> ProjectLine:
    return ProjectLine(
        project_id=row.project.pk,
        code=row.project.code,
        name=row.project.name,
        council=row.council.name,
        phase=row.phase.name,
        visibility=row.project.visibility,
        pm=_person(row.pm),
        tags=tuple(row.project.tags),
    )


def _haystack(line: ProjectLine) -> str:
    texts = (line.code, line.name, line.council, line.phase, line.pm.name)
    return "\n".join((*texts, *(f"tag:{tag}" for tag in line.tags))).casefold()


def _others(project: Project) -> set[int]:
    return {one for one in (project.deputy_id, project.sponsor_id) if one is not None}


def _card(row: ProjectRow, named: dict[int, Person]) -> ProjectCard:
    project = row.project

    def person(person_id: int | None) -> PersonName | None:
        return None if person_id is None else _person(named[person_id])

    return ProjectCard(
        project_id=project.pk,
        code=project.code,
        name=project.name,
        council_id=project.council_id,
        council=row.council.name,
        phase=row.phase.name,
        visibility=project.visibility,
        pm=_person(row.pm),
        deputy=person(project.deputy_id),
        sponsor=person(project.sponsor_id),
        start=project.start,
        baseline_end=project.baseline_end,
        forecast_end=project.forecast_end,
        budget=project.budget,
        description=project.description,
        notes=project.notes,
        facts=_facts(project),
        tags=tuple(project.tags),
    )
