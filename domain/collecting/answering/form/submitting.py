"""Takes a form that was sent: keeps it, asks once more, or says what has to be mended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import check_wanted, readers_of
from domain.collecting.answering.computing import computed_for, is_better
from domain.collecting.answering.form.opening import Material, form_of, material_of
from domain.collecting.answering.form.rules import (
    FormAnswers,
    action_field,
    changes_in_words,
    check_form,
    news_since,
    said_of_actions,
    without_actions,
)
from domain.collecting.answering.keeping import keep_report, reported_items
from domain.collecting.values import (
    Answers,
    Basis,
    Claim,
    Promise,
    Receipt,
    StatusForm,
    Submission,
)
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, UnreadableError
from domain.logs.errors import StaleEntryError
from domain.logs.record import answer_action, stands_otherwise, take_from_report
from domain.portfolio.values import Viewer
from models.collecting import RequestRow, StatusReport
from models.portfolio import AuditEntry


class Submitting:
    """One form that was sent, in one transaction."""

    def __init__(
        self,
        session: AsyncSession,
        outbox: Outbox,
        row: RequestRow,
        viewer: Viewer,
        now: datetime,
    ) -> None:
        self._session = session
        self._outbox = outbox
        self._row = row
        self._viewer = viewer
        self._now = now
        self._workspace_id = row.request.workspace_id

    async def take(self, raw: Mapping[str, str], basis: Basis | None) -> Receipt | StatusForm:
        """Keep an answer, or give the form that has to be sent once more.

        Whatever was written is to be undone unless there is a receipt.

        Args:
            raw: the typed texts, by field.
            basis: what the form was opened on; None if the answer comes from no form.

        Raises:
            FieldErrors: answers that need mending.
            NotWantedError: no answer is wanted just now.
        """
        material = await material_of(self._session, self._workspace_id, self._row, self._now)
        await check_wanted(self._session, self._row, self._now)
        if basis is not None and (overtaken := await self._overtaken(material, raw, basis)):
            return overtaken
        try:
            checked = check_form(raw, material.asked(raw.get("phase") or material.phase.name))
        except FieldErrors as error:
            if basis is None or error.errors.keys() <= raw.keys():
                raise
            # It lacks a field that the open form does not show yet: it comes back with it.
            return replace(form_of(material), news=tuple(error.errors.values()))
        phase = self._correct_phase(material, raw.get("phase"))
        await self._answer_actions(material, checked)
        if basis is not None and (claim := await self._unexplained(material, checked, raw)):
            return replace(form_of(material), claim=claim)
        return self._receipt(await self._keep(checked, phase))

    async def _overtaken(
        self, material: Material, raw: Mapping[str, str], basis: Basis
    ) -> Receipt | StatusForm | None:
        """What is said to a form that the record has left behind."""
        news = self._news(material, basis)
        if not news:
            return None
        unsaid = await self._unsaid_of_actions(raw)
        kept = self._kept_already(material, raw, basis)
        if kept and not unsaid:
            return self._receipt(kept)
        return replace(form_of(material), news=(*news, *(each for each in unsaid if each)))

    async def _unsaid_of_actions(self, raw: Mapping[str, str]) -> list[str]:
        """Why the form's word on an action can't be kept; empty for one that can, and is not yet.

        What stands on the record as the form says it is left out.
        """
        unsaid = []
        for answer in said_of_actions(raw):
            try:
                if await stands_otherwise(
                    self._session, self._workspace_id, answer, self._viewer, self._now
                ):
                    unsaid.append("")
            except (StaleEntryError, UnreadableError) as error:
                unsaid.append(str(error))
        return unsaid

    def _kept_already(
        self, material: Material, raw: Mapping[str, str], basis: Basis
    ) -> StatusReport | None:
        """The answer, if it is there already: the same form, sent twice; actions aside."""
        mine = material.mine
        is_news = mine is not None and mine.version > basis.version
        if mine is None or not is_news or mine.author_id != self._viewer.person_id:
            return None
        try:
            phase = raw.get("phase") or mine.phase
            checked = check_form(without_actions(raw), material.asked(phase))
        except FieldErrors:
            return None
        # A reason is kept only where the claim is better than the facts.
        reason = checked.claim_reason if is_better(checked.answers.health, mine.computed) else ""
        promises = tuple(Promise(**each) for each in mine.promises)
        said = (Answers.of(mine), promises, mine.extra, mine.claim_reason, mine.phase)
        now_said = (checked.answers, checked.promises, checked.extra, reason, phase)
        return mine if said == now_said else None

    def _news(self, material: Material, basis: Basis) -> tuple[str, ...]:
        """What has happened since the form was opened."""
        mine = material.mine
        told = news_since(basis, material.basis)
        if mine is None or mine.version <= basis.version:
            return told
        opened_on = (each for each in material.versions if each.version == basis.version)
        was = next(opened_on, material.before)
        changes = changes_in_words(Answers.of(was) if was else Answers(), Answers.of(mine))
        is_own = mine.author_id == self._viewer.person_id
        who = "You" if is_own else material.people[mine.author_id].name
        at = mine.submitted_at.astimezone(ZoneInfo(self._viewer.timezone))
        return (
            f"{who} saved version {mine.version} at {at:%H:%M}: {changes or 'nothing changed'}.",
            f"Send again to save yours as version {mine.version + 1}.",
            *told,
        )

    async def _unexplained(
        self, material: Material, checked: FormAnswers, raw: Mapping[str, str]
    ) -> Claim | None:
        """What the facts come to, if the answer claims more and says no reason.

        Raises:
            FieldErrors: it was asked for the reason before.
        """
        if checked.claim_reason:
            return None
        claim = await self._claim(material, checked.answers)
        if claim is not None and "claim_reason" in raw:
            raise FieldErrors({"claim_reason": "Say what the facts do not show."})
        return claim

    async def _claim(self, material: Material, answers: Answers) -> Claim | None:
        """What the facts come to, if the answer claims more; with what it says itself in the lists.

        Whoever is asked for the reason has nothing kept yet: the lists go back with the rest.
        """
        items = reported_items(answers)
        await take_from_report(self._session, self._row.project.pk, items, self._viewer, self._now)
        told = await computed_for(
            self._session, self._row, answers, self._now, material.configuration
        )
        if told.health is None or not is_better(answers.health, told.health):
            return None
        return Claim(answers.health, told.health, told.why)

    async def _keep(self, checked: FormAnswers, phase: str) -> StatusReport:
        submission = Submission(
            checked.answers,
            phase,
            claim_reason=checked.claim_reason,
            promises=checked.promises,
            extra=checked.extra,
        )
        return await keep_report(
            self._session, self._outbox, self._row, self._viewer, submission, self._now
        )

    async def _answer_actions(self, material: Material, checked: FormAnswers) -> None:
        fields = {each.entry_id: action_field(each) for each in material.entries}
        for answer in checked.actions:
            try:
                await answer_action(
                    self._session, self._workspace_id, answer, self._viewer, self._now
                )
            except (StaleEntryError, UnreadableError) as error:
                raise FieldErrors({fields[answer.entry_id]: str(error)}) from error

    def _correct_phase(self, material: Material, chosen: str | None) -> str:
        """Move the project to the phase that its PM says it is in; the phase's name."""
        project, present = self._row.project, material.phase.name
        if not chosen or chosen == present:
            return present
        phases = {each.name: each for each in material.phases}
        if chosen not in phases:
            raise FieldErrors({"phase": f"There is no phase “{chosen}” any more; choose another."})
        project.phase_id = phases[chosen].pk
        self._session.add(
            AuditEntry(
                workspace_id=self._workspace_id,
                at=self._now,
                actor=self._viewer.slack_id,
                subject=f"project {project.code}",
                field="phase",
                old=present,
                new=chosen,
            )
        )
        return chosen

    def _receipt(self, report: StatusReport) -> Receipt:
        row, answers = self._row, Answers.of(report)
        return Receipt(
            code=row.project.code,
            name=row.project.name,
            health=answers.health,
            rating=answers.rating,
            state=row.request.state,
            version=report.version,
            readers=readers_of(row),
            milestone=answers.milestone,
            milestone_met=answers.milestone_met,
            slip_days=answers.slip_days,
        )
