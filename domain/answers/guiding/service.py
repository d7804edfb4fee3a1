"""Leads through the triage. Buttons carry all that was answered: nothing is stored, or lost."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from domain.answers.guiding import rules
from domain.answers.guiding.intents import Intent, intent_of
from domain.answers.guiding.messages import (
    TriagePointer,
    TriageQuestion,
    TriageReview,
    TriageVerdict,
)
from domain.answers.guiding.values import (
    Contact,
    Lines,
    Offer,
    Outcome,
    Progress,
    Requests,
    Step,
)
from domain.answers.messages import Link
from domain.answers.rules import links, related, shown
from domain.answers.shelf import Shelf
from domain.delivery.messages import Message
from domain.errors import UnreadableError
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from models.base import Database
from models.delivery.rows import pmo_people

_MOST_CONTACTS: Final = 3
_CITED: Final = {Intent.IS_IT: rules.DEFINITION, Intent.START: rules.HOW}


class GuideService:
    """Knows where the PMO draws its lines, and where a project request goes."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        shelf: Callable[[], Awaitable[Shelf]],
        portfolio: PortfolioService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._shelf = shelf
        self._portfolio = portfolio
        self._clock = clock

    async def answer(self, viewer: Viewer, question: str) -> Message | None:
        """Take somebody with an idea by the hand; None: the question is about something else.

        Where others read along, nobody is asked back: the handbook's words are said, and where
        to go on alone.
        """
        intent = intent_of(question)
        if intent is None:
            return None
        if not viewer.is_among_others:
            return await self.start()
        shelf = await self._shelf()
        section = shelf.handbook.sections.get(_CITED[intent])
        if section is None:
            return None
        today = self._clock.now().date()
        return TriagePointer(shown(section, today), related(section, shelf.handbook))

    async def start(self) -> TriageQuestion:
        """Ask the first question."""
        configuration, shelf = await self._configuration(), await self._shelf()
        offered = _links(shelf, [rules.DEFINITION, rules.HOW])
        return TriageQuestion(Progress(), _lines(configuration), offered)

    async def go_on(self, carried: str) -> Message:
        """What comes next, by what a button carries.

        Raises:
            UnreadableError: no button of the triage carries that.
        """
        progress = rules.load(carried)
        if progress is None:
            raise UnreadableError(
                "I can't read what this button carries. Begin anew with `/project start`."
            )
        if progress == Progress():
            return await self.start()
        configuration = await self._configuration()
        lines = _lines(configuration)
        match progress.at:
            case Step.VERDICT:
                return await self._verdict(progress, lines, configuration)
            case Step.REVIEW:
                return TriageReview(progress, lines)
            case _:
                return TriageQuestion(progress, lines)

    async def offer(self, viewer: Viewer) -> Offer:
        """What somebody may want to ask."""
        mine = await self._portfolio.mine(viewer)
        managed = [each for each in mine if each.pm.person_id == viewer.person_id]
        phases = [each.phase for each in [*managed, *mine]]
        return Offer(phases[0] if phases else "", is_pmo=belongs_to_pmo(viewer))

    async def _verdict(
        self, progress: Progress, lines: Lines, configuration: WorkspaceConfiguration
    ) -> TriageVerdict:
        verdict, shelf = rules.decide(progress, lines), await self._shelf()
        section = shelf.handbook.sections.get(verdict.section_id)
        requests = configuration.requests
        near = [rules.HOW, rules.FIELDS] if verdict.outcome is Outcome.PROJECT else [rules.HOW]
        return TriageVerdict(
            progress,
            lines,
            verdict,
            clause=None if section is None else shown(section, self._clock.now().date()),
            advice=getattr(configuration.triage.texts, verdict.outcome.value) or "",
            requests=Requests(
                requests.link or "", requests.text or "", requests.service_desk or ""
            ),
            contacts=await self._contacts(),
            links=_links(shelf, near),
        )

    async def _configuration(self) -> WorkspaceConfiguration:
        async with self._database.reading() as session:
            return await load_configuration(session, self._workspace_id)

    async def _contacts(self) -> tuple[Contact, ...]:
        async with self._database.reading() as session:
            people = await pmo_people(session, self._workspace_id)
        return tuple(Contact(each.slack_id, each.name) for each in people[:_MOST_CONTACTS])


def _lines(configuration: WorkspaceConfiguration) -> Lines:
    triage = configuration.triage
    return Lines(triage.small_hours, triage.project_hours, triage.project_money, triage.decided_by)


def _links(shelf: Shelf, ids: Sequence[str]) -> tuple[Link, ...]:
    sections = shelf.handbook.sections
    return links([sections[each] for each in ids if each in sections])
