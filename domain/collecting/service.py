"""Slack's side of the room: opens the form, takes the answer, tells where reporting stands."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import (
    check_wanted,
    meant_request,
    note_of_older,
    own_request,
    readers_of,
)
from domain.collecting.drafts import draft_of
from domain.collecting.keeping import keep_report, read_report
from domain.collecting.rules import check_answers
from domain.collecting.values import (
    MONEY,
    Answers,
    ProjectStatus,
    Receipt,
    Report,
    StatusForm,
    Submission,
)
from domain.delivery.service import Outbox
from domain.errors import FieldErrors
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models import collecting as store
from models.base import Database
from models.collecting import AWAITING, OpenRequest, RequestRow, StatusReport
from models.portfolio import AuditEntry, Person, Project, people_by_id, phases_of, replan

HISTORY = 12
"""Answers that a project's row of healths shows."""


class CollectingService:
    """Takes status reports."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def form(
        self, viewer: Viewer, request_id: int, now: datetime, *, is_open: bool = False
    ) -> StatusForm:
        """The form of a request, prefilled with its answer or with the last one before.

        A request of an older cycle gives the form of the project's newest one: that is what
        pressing an old message's button means today. A form that `is_open` stays what it is, and
        so does what is submitted from it.

        Raises:
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
            NotWantedError: no answer is wanted just now.
        """
        async with self._database.reading() as session:
            pressed = await self._own(session, viewer, request_id, locked=False)
            row = pressed
            if not is_open:
                row = await meant_request(session, viewer, self._workspace_id, request_id)
                await check_wanted(session, row, now)
            configuration = await load_configuration(session, self._workspace_id)
            last = await self._last_report(session, row)
            draft = await draft_of(session, row.request.pk, viewer.person_id)
            phases = await phases_of(session, self._workspace_id)
        return StatusForm(
            request_id=row.request.pk,
            code=row.project.code,
            name=row.project.name,
            phase=next(each.name for each in phases if each.pk == row.project.phase_id),
            phases=tuple(each.name for each in phases),
            council=row.council.name,
            opens_on=row.request.opens_on,
            cut_off_at=row.cycle.cut_off_at,
            is_late=now > row.cycle.cut_off_at,
            scale=configuration.form.scale,
            required=_required(configuration, row.project),
            readers=readers_of(row),
            prefilled=last.answers if last else Answers(),
            last=last,
            has_budget=row.project.budget is not None,
            version=last.version if last and last.opens_on == row.request.opens_on else 0,
            draft=draft,
            note=note_of_older(pressed, row),
        )

    async def submit(
        self, viewer: Viewer, request_id: int, raw: Mapping[str, str], now: datetime
    ) -> Receipt:
        """Keep an answer as a new version, and bring the request message up to date.

        Args:
            viewer: who answers.
            request_id: what is answered.
            raw: the typed texts, by field of `Answers`; `phase` corrects the project's phase.
            now: this instant.

        Raises:
            FieldErrors: answers that need mending; nothing is saved.
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
            NotWantedError: no answer is wanted just now.
        """
        async with self._database.writing() as session:
            if await self._moves_phase(session, request_id, raw.get("phase")):
                await replan(session, self._workspace_id)  # its lock comes first: `lock_planning`
            row = await self._own(session, viewer, request_id, locked=True)
            await check_wanted(session, row, now)
            configuration = await load_configuration(session, self._workspace_id)
            answers = check_answers(raw, _required(configuration, row.project))
            phase = await self._correct_phase(session, row.project, viewer, raw.get("phase"), now)
            submission = Submission(answers, phase)
            report = await keep_report(session, self._outbox, row, viewer, submission, now)
        return Receipt(
            code=row.project.code,
            name=row.project.name,
            health=answers.health,
            rating=answers.rating,
            state=row.request.state,
            version=report.version,
            readers=readers_of(row),
        )

    async def statuses(self, project_ids: Collection[int]) -> dict[int, ProjectStatus]:
        """The last report of each project and the request that waits for an answer, by project.

        Projects that have neither are left out.
        """
        async with self._database.reading() as session:
            reports = await store.last_reports(session, project_ids)
            waiting = await store.open_requests(session, self._workspace_id, project_ids)
            authors = await people_by_id(session, {each.author_id for each in reports.values()})
        return {
            project_id: _status(reports.get(project_id), authors, waiting.get(project_id))
            for project_id in reports.keys() | waiting.keys()
        }

    async def status(self, project_id: int) -> ProjectStatus:
        """A project's last report, its last healths, and the request that waits for an answer."""
        async with self._database.reading() as session:
            reports = await store.reports_of_project(session, project_id, HISTORY)
            newest = await store.newest_request_row(session, self._workspace_id, project_id)
            authors = await people_by_id(session, {each.author_id for each in reports[:1]})
        is_open = newest is not None and newest.request.state in AWAITING
        return ProjectStatus(
            last=read_report(reports[0], authors[reports[0].author_id].name) if reports else None,
            open_request_id=newest.request.pk if newest and is_open else None,
            open_state=newest.request.state if newest and is_open else None,
            cut_off_at=newest.cycle.cut_off_at if newest and is_open else None,
            history=tuple((each.opens_on, each.health) for each in reports),
        )

    async def _moves_phase(
        self, session: AsyncSession, request_id: int, chosen: str | None
    ) -> bool:
        """Whether the PM says that the project is in another phase: others may be asked or not."""
        if not chosen:
            return False
        return await store.phase_of_request(session, self._workspace_id, request_id) != chosen

    async def _correct_phase(
        self,
        session: AsyncSession,
        project: Project,
        viewer: Viewer,
        chosen: str | None,
        now: datetime,
    ) -> str:
        """Move the project to the phase that its PM says it is in; the phase's name."""
        phases = {each.name: each for each in await phases_of(session, self._workspace_id)}
        present = next(each for each in phases.values() if each.pk == project.phase_id)
        if not chosen or chosen == present.name:
            return present.name
        if chosen not in phases:
            raise FieldErrors({"phase": f"There is no phase “{chosen}” any more; choose another."})
        project.phase_id = phases[chosen].pk
        session.add(
            AuditEntry(
                workspace_id=self._workspace_id,
                at=now,
                actor=viewer.slack_id,
                subject=f"project {project.code}",
                field="phase",
                old=present.name,
                new=chosen,
            )
        )
        return chosen

    async def _own(
        self, session: AsyncSession, viewer: Viewer, request_id: int, *, locked: bool
    ) -> RequestRow:
        return await own_request(session, viewer, self._workspace_id, request_id, locked=locked)

    async def _last_report(self, session: AsyncSession, row: RequestRow) -> Report | None:
        mine = await store.reports_of_requests(session, [row.request.pk])
        before = await store.reports_before_requests(session, [row.request.pk])
        report = mine.get(row.request.pk) or before.get(row.request.pk)
        if report is None:
            return None
        author = await people_by_id(session, [report.author_id])
        return read_report(report, author[report.author_id].name)


def _required(configuration: WorkspaceConfiguration, project: Project) -> tuple[str, ...]:
    """The fields that must be answered: money only where the project tracks it."""
    asked = configuration.form.required
    return asked if project.budget is not None else tuple(n for n in asked if n not in MONEY)


def _status(
    report: StatusReport | None, authors: Mapping[int, Person], waiting: OpenRequest | None
) -> ProjectStatus:
    last = read_report(report, authors[report.author_id].name) if report else None
    if waiting is None:
        return ProjectStatus(last)
    return ProjectStatus(last, waiting.request_id, waiting.state, waiting.cut_off_at)
