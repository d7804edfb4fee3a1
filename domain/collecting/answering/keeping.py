"""Keeps an answer, whichever way it came: form, one press, or free text."""

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.answering.computing import computed_for, is_better
from domain.collecting.answering.drafts import drop_draft
from domain.collecting.answering.text_settling import settle_written
from domain.collecting.asking.requests import say_requests
from domain.collecting.escalating.telling import follow_escalation
from domain.collecting.rules import state_after_answer
from domain.collecting.values import Answers, Promise, Report, Submission
from domain.delivery.service import Outbox
from domain.logs.record import take_from_report
from domain.logs.values import ReportedItems
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models import collecting as store
from models.collecting import ReportNews, RequestRow, StatusReport
from models.enums import CycleState, ReportSource

_PLAIN: Final = ("phase", "source", "unchanged", "computed", "claim_reason")


async def keep_report(
    session: AsyncSession,
    outbox: Outbox,
    row: RequestRow,
    viewer: Viewer,
    submission: Submission,
    now: datetime,
) -> StatusReport:
    """Keep an answer as a new version, and bring the request message up to date.

    What the facts come to is computed here, for every way of answering, and kept beside the claim.

    Args:
        session: a writing one.
        outbox: where the request message is said again.
        row: the request with its cycle, both locked: `own_request(..., locked=True)`.
        viewer: who answers.
        submission: the answer, checked.
        now: this instant.
    """
    workspace_id, request = row.request.workspace_id, row.request
    if submission.source is not ReportSource.NO_CHANGE:  # the lists may know better by now
        # First, for what the report says of its milestone is one of the facts.
        items = reported_items(submission.answers)
        await take_from_report(session, row.project.pk, items, viewer, now)
    submission = await _compared(session, row, submission, now)
    known = await store.reports_of_requests(session, [request.pk])
    report = StatusReport(
        workspace_id=workspace_id,
        request_id=request.pk,
        project_id=row.project.pk,
        opens_on=request.opens_on,
        version=known[request.pk].version + 1 if known else 1,
        author_id=viewer.person_id,
        submitted_at=now,
        **_columns(submission),
    )
    session.add(report)
    session.add(ReportNews(workspace_id=workspace_id, project_id=row.project.pk, reported_at=now))
    request.state = state_after_answer(request.state, submission.source, now, row.cycle.cut_off_at)
    request.remind_at = None
    if row.cycle.state is CycleState.REPORTED:
        row.cycle.late_answer_at = now
    await session.flush()
    await drop_draft(session, request.pk, viewer.person_id)
    await settle_written(session, outbox, row, viewer, now)
    if request.asked_at is not None:
        await say_requests(
            session, workspace_id, outbox, [(request.person_id, request.asks_on)], now
        )
    if request.misses:
        await follow_escalation(session, workspace_id, outbox, row.cycle.pk, now)
    return report


async def _compared(
    session: AsyncSession, row: RequestRow, submission: Submission, now: datetime
) -> Submission:
    """The answer beside the facts; a reason why it is better is kept only where it is."""
    configuration = await load_configuration(session, row.request.workspace_id)
    is_press = submission.source is ReportSource.NO_CHANGE
    told = await computed_for(
        session, row, submission.answers, now, configuration, is_press=is_press
    )
    is_claim = is_better(submission.answers.health, told.health)
    return replace(
        submission,
        computed=told.health,
        computed_why=told.why,
        claim_reason=submission.claim_reason if is_claim else "",
    )


def read_report(stored: StatusReport, author: str) -> Report:
    """A stored report, as the room's services give it out."""
    return Report(
        answers=Answers.of(stored),
        author=author,
        submitted_at=stored.submitted_at,
        opens_on=stored.opens_on,
        version=stored.version,
        source=stored.source,
        unchanged=stored.unchanged,
        computed=stored.computed,
        computed_why=tuple(stored.computed_why),
        claim_reason=stored.claim_reason,
        promises=tuple(Promise(**each) for each in stored.promises),
        extra=dict(stored.extra),
        phase=stored.phase,
    )


def reported_items(answers: Answers) -> ReportedItems:
    """What a report says that belongs into the project's lists."""
    return ReportedItems(
        **{each.name: getattr(answers, each.name) for each in fields(ReportedItems)}
    )


def _columns(submission: Submission) -> dict[str, Any]:
    """What is kept, by column: the answers lie beside the rest."""
    others = {name: getattr(submission, name) for name in _PLAIN}
    return {
        **asdict(submission.answers),
        **others,
        "computed_why": list(submission.computed_why),
        "promises": [asdict(each) for each in submission.promises],
        "extra": dict(submission.extra),
    }
