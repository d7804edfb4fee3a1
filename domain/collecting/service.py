"""Slack's side of the room: opens the form, takes the answer, tells where reporting stands."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import check_wanted, meant_request, note_of_older, own_request
from domain.collecting.answering.drafts import draft_of, drop_draft, save_draft
from domain.collecting.answering.form.opening import form_of, material_of
from domain.collecting.answering.form.submitting import Submitting
from domain.collecting.answering.keeping import read_report
from domain.collecting.answering.text.service import LOOK_BACK
from domain.collecting.values import Basis, Draft, ProjectStatus, Receipt, StatusForm
from domain.delivery.service import Outbox
from domain.errors import PmobotError
from domain.portfolio.values import Viewer
from models import collecting as store
from models.base import Database
from models.collecting import AWAITING, OpenRequest, StatusReport
from models.enums import DraftSource
from models.portfolio import Person, people_by_id, replan

HISTORY = 12
"""Answers that a project's row of healths shows."""

DRAFTS_KEPT = timedelta(days=30)
"""Its period is long over, and its words were nobody's but their author's."""


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
            pressed = await own_request(
                session, viewer, self._workspace_id, request_id, locked=False
            )
            row = pressed
            if not is_open:
                row = await meant_request(session, viewer, self._workspace_id, request_id)
                await check_wanted(session, row, now)
            material = await material_of(session, self._workspace_id, row, now)
            drafted = await draft_of(session, row.request.pk, viewer.person_id)
        return replace(form_of(material, drafted), note=note_of_older(pressed, row))

    async def submit(
        self,
        viewer: Viewer,
        request_id: int,
        raw: Mapping[str, str],
        now: datetime,
        basis: Basis | None = None,
    ) -> Receipt | StatusForm:
        """Keep an answer as a new version, and bring the request message up to date.

        What is not kept becomes its author's draft.

        Args:
            viewer: who answers.
            request_id: what is answered.
            raw: the typed texts, by field of `Answers`; `phase` corrects the project's phase, and
                `form_rules` names the others.
            now: this instant.
            basis: what the form was opened on; None if the answer comes from no form.

        Returns:
            The receipt; or the form once more, with what has happened since it was opened, or
            with the question why it claims more than the facts: nothing is kept then.

        Raises:
            FieldErrors: answers that need mending; nothing is kept.
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
            NotWantedError: no answer is wanted just now.
        """
        refusal: PmobotError | None = None
        outcome: Receipt | StatusForm | None = None
        async with self._database.writing() as session:
            if await self._moves_phase(session, request_id, raw.get("phase")):
                await replan(session, self._workspace_id)  # its lock comes first: `lock_planning`
            row = await own_request(session, viewer, self._workspace_id, request_id, locked=True)
            sent = Submitting(session, self._outbox, row, viewer, now)
            savepoint = await session.begin_nested()
            try:
                outcome = await sent.take(raw, basis)
            except PmobotError as error:
                refusal = error
            if isinstance(outcome, Receipt):
                await savepoint.commit()
            else:
                await savepoint.rollback()
                base = basis.version if basis else 0
                draft = Draft({"phase": "", **raw}, DraftSource.REFUSED, now, base)
                await save_draft(session, self._workspace_id, request_id, viewer.person_id, draft)
            if isinstance(outcome, StatusForm):
                drafted = await draft_of(session, request_id, viewer.person_id)
                outcome = replace(outcome, draft=drafted)
        if outcome is None:
            raise refusal or LookupError("a form was neither taken nor refused")
        return outcome

    async def keep_draft(
        self, viewer: Viewer, request_id: int, raw: Mapping[str, str], now: datetime, version: int
    ) -> None:
        """Keep what somebody is typing, in one statement; `version` is what the form opened on."""
        draft = Draft({"phase": "", **raw}, DraftSource.TYPING, now, version)
        async with self._database.writing() as session:
            await save_draft(session, self._workspace_id, request_id, viewer.person_id, draft)

    async def forget_draft(self, viewer: Viewer, request_id: int) -> None:
        """Forget what somebody has typed: they start over from the last report."""
        async with self._database.writing() as session:
            await drop_draft(session, request_id, viewer.person_id)

    async def forget_drafts(self, now: datetime) -> int:
        """Forget all drafts that nobody has touched for `DRAFTS_KEPT`; how many they were.

        And all free texts that are so old that nobody writes below them any more.
        """
        async with self._database.writing() as session:
            await store.purge_written(session, self._workspace_id, now - LOOK_BACK)
            return await store.purge_drafts(session, self._workspace_id, now - DRAFTS_KEPT)

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


def _status(
    report: StatusReport | None, authors: Mapping[int, Person], waiting: OpenRequest | None
) -> ProjectStatus:
    last = read_report(report, authors[report.author_id].name) if report else None
    if waiting is None:
        return ProjectStatus(last)
    return ProjectStatus(last, waiting.request_id, waiting.state, waiting.cut_off_at)
