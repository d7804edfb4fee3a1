"""Hands a question to the PMO: it becomes an inquiry, which the log of questions points to."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.handing.values import Choosable, Handed, OfficeAsking
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError
from domain.inquiries.boards import Boards
from domain.inquiries.office import office_for
from domain.inquiries.reading import card_of
from domain.inquiries.rules import FIELD, MOST_OPEN, check_text, names_in
from domain.inquiries.values import Written
from domain.inquiries.writing import Thread, ask_office, asked_before
from domain.logs.record import facts_of
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import may_see
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from models import answers, inquiries
from models.answers import Question
from models.base import Database
from models.delivery.rows import in_slack
from models.enums import AskedIn
from models.portfolio import Person, Project, projects_of

PROJECT_FIELD: Final = "project"
"""What the field for the project is called."""

_ECHOED: Final = 40
"""Characters of an unknown code that are said back."""


class HandingService:
    """Asks the PMO what the handbook could not tell."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def blank(self, viewer: Viewer, question_id: int) -> OfficeAsking:
        """What the window says.

        Raises:
            NotAllowedError: there is nobody of the PMO to ask.
        """
        workspace_id = self._outbox.workspace_id
        async with self._database.reading() as session:
            office = await _office(session, workspace_id, viewer)
            configuration = await load_configuration(session, workspace_id)
            row = await answers.question_seen(session, workspace_id, question_id)
            projects = await self._projects(session, viewer)
            waiting = await inquiries.inquiry_rows_asked_of_office(
                session, workspace_id, viewer.person_id
            )
        text = row.text if row is not None and _may_read(viewer, row) else ""
        named = names_in(text, [each.code for each in projects])
        return OfficeAsking(
            question_id=question_id,
            text=text,
            projects=tuple(Choosable(each.code, each.name) for each in projects),
            code=next(iter(named)) if len(named) == 1 else "",
            office=tuple(each.name for each in office),
            has_channel=configuration.pmo_channel_id is not None,
            waiting=len(waiting),
        )

    async def ask(self, viewer: Viewer, handed: Handed, now: datetime) -> Written:
        """Put a question before the PMO; the same again, while it waits, changes nothing.

        Raises:
            FieldErrors: there is no text, too much of it, too much waits already, or there is no
                such project for this person.
            NotAllowedError: there is nobody of the PMO to ask.
        """
        typed = check_text(handed.text, "question")
        workspace_id = self._outbox.workspace_id
        async with self._database.writing() as session:
            boards = await Boards.opened(session, self._outbox, now)
            await _office(session, workspace_id, viewer)
            project = await self._project(session, viewer, handed.code)
            project_id = project.pk if project else None
            waiting = await inquiries.inquiry_rows_asked_of_office(
                session, workspace_id, viewer.person_id
            )
            same = [each for each in waiting if each.inquiry.project_id == project_id]
            known = await asked_before(session, same, typed)
            row = await answers.question(session, workspace_id, handed.question_id)
            if row is not None and not _may_read(viewer, row):
                row = None
            if known is None:
                _refuse_more(len(waiting))
                thread = await _thread(session, workspace_id, row)
                inquiry = await ask_office(boards, viewer, project_id, typed, thread)
            if row is not None:
                row.inquiry_id = known or inquiry.pk
            await boards.renew()
            card = await card_of(session, workspace_id, viewer, known or inquiry.pk)
        return Written(card, is_new=known is None)

    async def _projects(self, session: AsyncSession, viewer: Viewer) -> list[Project]:
        """The projects that somebody may see, by their codes."""
        found = await projects_of(session, self._outbox.workspace_id)
        seen = [each for each in found if may_see(viewer, facts_of(each))]
        return sorted(seen, key=lambda each: each.code)

    async def _project(self, session: AsyncSession, viewer: Viewer, code: str) -> Project | None:
        """The project of a code, if one is meant."""
        wanted = code.strip().upper()
        if not wanted:
            return None
        seen = {each.code.upper(): each for each in await self._projects(session, viewer)}
        if wanted not in seen:
            guess = did_you_mean(wanted, seen, 3)
            text = f"There is no project '{wanted[:_ECHOED]}'.{guess} Or leave it empty."
            raise FieldErrors({PROJECT_FIELD: text})
        return seen[wanted]


async def _office(session: AsyncSession, workspace_id: int, viewer: Viewer) -> list[Person]:
    people = await office_for(session, workspace_id, viewer.person_id)
    if not people:
        raise NotAllowedError(
            "I know nobody of the PMO whom I could ask. Ask them directly; they are named in the "
            "configuration file, under `pmo: members`."
        )
    return people


def _may_read(viewer: Viewer, row: Question) -> bool:
    """Whether somebody knows a question's words: their own, or asked where others read along."""
    return row.person_id == viewer.person_id or row.asked_in is AskedIn.MENTION


async def _thread(session: AsyncSession, workspace_id: int, row: Question | None) -> Thread | None:
    """Where others have read a question, and what the handbook said to it."""
    if row is None or row.asked_in is not AskedIn.MENTION:
        return None
    key = f"answer:{row.origin}:{row.position}"
    said = await in_slack(session, workspace_id, key)
    if said is None or said.channel_id is None or said.thread_ts is None:
        return None
    return Thread(said.channel_id, said.thread_ts)


def _refuse_more(waiting: int) -> None:
    if waiting >= MOST_OPEN:
        text = (
            f"{waiting} of your questions to the PMO wait for an answer, and no more fit. Add to "
            "one of them, or take one back: `/project inquiries` lists them."
        )
        raise FieldErrors({FIELD: text})
