"""Loads all that a status form is made of, to open it and to judge what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import readers_of
from domain.collecting.answering.form.rules import Asked, must_answer, promised_lines, promises_of
from domain.collecting.answering.keeping import read_report
from domain.collecting.values import MONEY, Answers, Basis, Draft, Report, StatusForm
from domain.logs.record import is_settled, open_entries
from domain.logs.values import Entry
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.collecting import RequestRow, StatusReport
from models.enums import LogKind, Visibility
from models.portfolio import Person, Phase, people_by_id, phases_of

MOST_ACTIONS: Final = 20
"""Actions that one form asks about: those that are due first."""

_KINDS: Final = (LogKind.ACTION, LogKind.RISK, LogKind.ISSUE, LogKind.MILESTONE)


@dataclass(frozen=True)
class Material:
    """What a form of one request is made of, as the record has it now."""

    row: RequestRow
    configuration: WorkspaceConfiguration
    phases: Sequence[Phase]
    versions: Sequence[StatusReport]
    """Of this request's answer, oldest first."""
    before: StatusReport | None
    """The project's newest report of an earlier period."""
    people: Mapping[int, Person]
    """The PM, and whoever reported."""
    entries: Sequence[Entry]
    is_decided: bool
    """What the newest report of an earlier period asked to be decided is needed no more."""
    newest_on: date
    """The nominal day of the project's newest request that was asked."""
    today: date
    """In the council's zone."""
    is_late: bool

    @property
    def mine(self) -> StatusReport | None:
        """The answer as it is now."""
        return self.versions[-1] if self.versions else None

    @property
    def phase(self) -> Phase:
        """The phase that the project stands in."""
        return next(each for each in self.phases if each.pk == self.row.project.phase_id)

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that must be answered: money only where the project tracks it."""
        asked = self.configuration.form.required
        if self.row.project.budget is not None:
            return asked
        return tuple(name for name in asked if name not in MONEY)

    @property
    def basis(self) -> Basis:
        """What a form is opened on now."""
        project, opens_on = self.row.project, self.row.request.opens_on
        return Basis(
            version=self.mine.version if self.mine else 0,
            phase=self.phase.name,
            pm_id=project.pm_id,
            pm=self.people[project.pm_id].name,
            is_restricted=project.visibility is Visibility.RESTRICTED,
            newest_on=self.newest_on.isoformat() if self.newest_on > opens_on else "",
        )

    def of_kind(self, *kinds: LogKind) -> tuple[Entry, ...]:
        """Open entries of the project, overdue and earliest due first."""
        return tuple(each for each in self.entries if each.kind in kinds)

    def questions_of(self, phase: str) -> tuple[str, ...]:
        """What a phase asks in addition."""
        return tuple(self.configuration.form.questions.get(phase, ()))

    def read(self, stored: StatusReport | None) -> Report | None:
        """A stored report with its author's name."""
        if stored is None:
            return None
        return read_report(stored, self.people[stored.author_id].name)

    def asked(self, phase: str) -> Asked:
        """What a form asks for in a phase, and in which light its answers are read."""
        before, mine = self.read(self.before), self.read(self.mine)
        zone = ZoneInfo(self.row.cycle.timezone)
        return Asked(
            required=self.required,
            scale=self.configuration.form.scale,
            today=self.today,
            cut_off_on=self.row.cycle.cut_off_at.astimezone(zone).date(),
            version=mine.version if mine else 0,
            before=before.answers if before else None,
            promised=promised_lines(before.answers.next) if before else (),
            known=mine.promises if mine else (),
            actions=self.of_kind(LogKind.ACTION)[:MOST_ACTIONS],
            questions=self.questions_of(phase),
        )


async def material_of(
    session: AsyncSession, workspace_id: int, row: RequestRow, now: datetime
) -> Material:
    """Load what a form of a request is made of."""
    request, project = row.request, row.project
    versions = await store.versions_of(session, request.pk)
    before = (await store.reports_before_requests(session, [request.pk])).get(request.pk)
    newest = await store.newest_request_row(session, workspace_id, project.pk)
    today = now.astimezone(ZoneInfo(row.cycle.timezone)).date()
    authors = {each.author_id for each in (*versions, *([before] if before else []))}
    entries = await open_entries(session, workspace_id, [project.pk], _KINDS, today)
    return Material(
        row=row,
        configuration=await load_configuration(session, workspace_id),
        phases=await phases_of(session, workspace_id),
        versions=versions,
        before=before,
        people=await people_by_id(session, {project.pm_id, *authors}),
        entries=entries.get(project.pk, []),
        is_decided=await is_settled(session, project.pk, _decision_of(before)),
        newest_on=newest.request.opens_on if newest else request.opens_on,
        today=today,
        is_late=now > row.cycle.cut_off_at,
    )


def form_of(material: Material, draft: Draft | None = None) -> StatusForm:
    """The form as it opens now."""
    row, phase = material.row, material.phase.name
    last = material.read(material.mine or material.before)
    asked = material.asked(phase)
    return StatusForm(
        request_id=row.request.pk,
        code=row.project.code,
        name=row.project.name,
        phase=phase,
        phases=tuple(each.name for each in material.phases),
        council=row.council.name,
        opens_on=row.request.opens_on,
        cut_off_at=row.cycle.cut_off_at,
        is_late=material.is_late,
        scale=asked.scale,
        required=asked.required,
        readers=readers_of(row),
        prefilled=_prefilled(material, last),
        last=last,
        has_budget=row.project.budget is not None,
        basis=material.basis,
        draft=draft,
        promises=promises_of(asked.promised, {}, asked.known),
        actions=asked.actions,
        must_answer=frozenset(
            each.entry_id
            for each in asked.actions
            if must_answer(each, asked.cut_off_on, asked.version)
        ),
        risks=material.of_kind(LogKind.RISK, LogKind.ISSUE),
        milestones=material.of_kind(LogKind.MILESTONE),
        questions=material.configuration.form.questions,
        extra=last.extra if last else {},
        claim_reason=last.claim_reason if last and material.mine else "",
        today=asked.today,
    )


def _decision_of(report: StatusReport | None) -> str:
    return report.decision if report else ""


def _prefilled(material: Material, last: Report | None) -> Answers:
    """The last answers, without a decision that has been taken since."""
    answers = last.answers if last else Answers()
    if material.mine is not None:
        return answers
    if material.is_decided:
        answers = answers.without_decision()
    return _with_milestone(material, answers)


def _with_milestone(material: Material, answers: Answers) -> Answers:
    """The milestone as the project's list has it now.

    The list is the fresher one: dates are moved there, too. What was met, or is in the list no
    more, gives way to the milestone that is due next.
    """
    listed = material.of_kind(LogKind.MILESTONE)
    name = answers.milestone.strip().casefold()
    same = next((each for each in listed if each.title.casefold() == name), None)
    shown = same or (listed[0] if listed else None)
    if shown is not None:
        return replace(
            answers,
            milestone=shown.title,
            milestone_baseline=shown.baseline_on,
            milestone_forecast=shown.due_on,
            milestone_met=False,
        )
    if answers.milestone_met:
        return replace(
            answers,
            milestone="",
            milestone_baseline=None,
            milestone_forecast=None,
            milestone_met=False,
        )
    return answers
