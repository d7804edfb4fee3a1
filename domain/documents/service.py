"""Fills a template with what the record knows of a project, for who asks for it."""

from dataclasses import dataclass
from datetime import datetime

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.documents.loading import load_file
from domain.documents.messages import FilledTemplate
from domain.documents.rules import Wish
from domain.documents.values import Form
from domain.errors import NotFoundError
from domain.portfolio.service import NO_PROJECT, PortfolioService
from domain.portfolio.values import ProjectLine, Viewer
from models.base import Database


@dataclass(frozen=True)
class Filling:
    """A filled template that is on its way."""

    form: Form
    code: str


class DocumentsService:
    """Sends filled templates; what somebody may not see does not exist for them."""

    def __init__(self, database: Database, outbox: Outbox, portfolio: PortfolioService) -> None:
        self._database = database
        self._outbox = outbox
        self._portfolio = portfolio

    async def project_of(self, viewer: Viewer, wish: Wish) -> int | None:
        """The number of the project that is meant, by its code or its name.

        None: there is no such project, and the words may be a question to the handbook as well.

        Raises:
            NotFoundError: there is none, or the person may not see it; the text is the same.
        """
        wanted = wish.project.casefold()
        lines = await self._portfolio.list_projects(viewer)
        named = [each for each in lines if wanted in (each.code.casefold(), each.name.casefold())]
        if named:
            by_code = [each for each in named if each.code.casefold() == wanted]
            return (by_code or named)[0].project_id
        if wish.is_certain:
            return (await self._portfolio.find(viewer, wish.project)).project_id
        return None

    async def is_code(self, viewer: Viewer, code: str) -> bool:
        """Whether a project that the person may see has this code."""
        return code in {each.code for each in await self._portfolio.list_projects(viewer)}

    async def projects(self, viewer: Viewer) -> tuple[ProjectLine, ...]:
        """The projects that a template can be filled for: those that the person may see."""
        return await self._portfolio.list_projects(viewer)

    async def fill(
        self, viewer: Viewer, form: Form, project_id: int, key: str, now: datetime
    ) -> Filling:
        """Send a filled template to who asks for it, as a direct message.

        Args:
            viewer: who asks.
            form: the template.
            project_id: the project.
            key: what this ask is known by: the same ask twice is one message.
            now: this instant.

        Raises:
            NotFoundError: there is no such project, or not for this person.
        """
        async with self._database.reading() as session:
            facts = await load_file(session, self._outbox.workspace_id, viewer, project_id, now)
        if facts is None:
            raise NotFoundError(NO_PROJECT)
        message = FilledTemplate(form, facts)
        async with self._database.writing() as session:
            to = Place.person(viewer.person_id)
            await self._outbox.say_once(session, message, to=to, key=f"filled:{key}", now=now)
        return Filling(form, facts.project.code)
