"""*No change*: one press, and the last report holds on."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import check_wanted, meant_request, own_request
from domain.collecting.answering.computing import computed_for, is_better
from domain.collecting.answering.keeping import keep_report
from domain.collecting.errors import AnsweredError
from domain.collecting.standing.loading import open_matters, standing_of, why_not_unchanged
from domain.collecting.values import Answers, Submission
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models import collecting as store
from models.base import Database
from models.collecting import RequestRow, StatusReport
from models.enums import ReportSource
from models.portfolio import people_by_id


@dataclass(frozen=True)
class Refused:
    """*No change* was no answer: the form has to open."""

    request_id: int
    note: str
    """Why, in friendly words."""


class UnchangedService:
    """Takes *No change* for an answer, where it is one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def press(self, viewer: Viewer, request_id: int, now: datetime) -> Refused | None:
        """Keep the last report as this cycle's answer, or say why that is not enough.

        A request of an older cycle stands for the project's newest one.

        Raises:
            AnsweredError: it is answered already; nothing is saved twice.
            NotWantedError: no answer is wanted just now.
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        async with self._database.writing() as session:
            meant = await meant_request(session, viewer, self._workspace_id, request_id)
            row = await own_request(
                session, viewer, self._workspace_id, meant.request.pk, locked=True
            )
            await check_wanted(session, row, now)
            await self._check_unanswered(session, row)
            last = await self._last(session, row)
            reasons = await self._why_not(session, row, last, now)
            if last is not None and not reasons:
                reasons = await self._facts_against(session, row, last, now)
            if reasons or last is None:
                return Refused(row.request.pk, " ".join(["“No change” won't do today.", *reasons]))
            submission = _unchanged(last, await self._phase(session, row, last))
            await keep_report(session, self._outbox, row, viewer, submission, now)
        return None

    async def _check_unanswered(self, session: AsyncSession, row: RequestRow) -> None:
        mine = await store.reports_of_requests(session, [row.request.pk])
        report = mine.get(row.request.pk)
        if report is not None:
            authors = await people_by_id(session, [report.author_id])
            raise AnsweredError(row.project.code, authors[report.author_id].name)

    async def _last(self, session: AsyncSession, row: RequestRow) -> StatusReport | None:
        before = await store.reports_before_requests(session, [row.request.pk])
        return before.get(row.request.pk)

    async def _why_not(
        self, session: AsyncSession, row: RequestRow, last: StatusReport | None, now: datetime
    ) -> tuple[str, ...]:
        entries = await open_matters(session, self._workspace_id, [row.project.pk], now)
        standing = standing_of(last, entries.get(row.project.pk, ()))
        return why_not_unchanged(standing, row.cycle, now)

    async def _facts_against(
        self, session: AsyncSession, row: RequestRow, last: StatusReport, now: datetime
    ) -> tuple[str, ...]:
        """What the facts have come to, if nobody has said yet why it is better than that.

        A claim that is better than the facts asks for its reason once, whichever way it comes.
        """
        if last.claim_reason:
            return ()
        configuration = await load_configuration(session, self._workspace_id)
        told = await computed_for(session, row, Answers.of(last), now, configuration, is_press=True)
        if told.health is None or not is_better(last.health, told.health):
            return ()
        return (f"The facts come to {told.health.value} by now.", *told.why)

    async def _phase(self, session: AsyncSession, row: RequestRow, last: StatusReport) -> str:
        phase = await store.phase_of_request(session, self._workspace_id, row.request.pk)
        return phase or last.phase


def _unchanged(last: StatusReport, phase: str) -> Submission:
    """The last report once more: all that it said, but what became of the promises before it."""
    return Submission(
        answers=Answers.of(last),
        phase=phase,
        source=ReportSource.NO_CHANGE,
        unchanged=last.unchanged + 1,
        claim_reason=last.claim_reason,
        extra=dict(last.extra),
    )
