"""Answers questions about the record; what is none is left to the handbook."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.finding.languages import ENGLISH
from domain.answers.live.choosing import entries_for, fits, gravest_first, is_awaited, question_with
from domain.answers.live.clauses import clause_for
from domain.answers.live.loading import (
    Seen,
    load_digest_times,
    load_lines,
    load_meeting_times,
    load_project,
    load_seen,
)
from domain.answers.live.messages import (
    Clause,
    LiveNote,
    Option,
    OwnReport,
    OwnTold,
    ProjectsTold,
    ProjectTold,
    TimesTold,
    ToldTime,
)
from domain.answers.live.naming import bare_name, named_in
from domain.answers.live.rules import read_question
from domain.answers.live.values import PERSONAL, Intent, Names, Reading
from domain.answers.shelf import Shelf
from domain.calendar.people import zone_of
from domain.delivery.messages import Message
from domain.logs.record import entries_of_owner, entry_of, facts_of, open_entries
from domain.logs.values import Entry
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo, has_role
from domain.portfolio.values import Viewer
from domain.ports import Clock
from models.base import Database
from models.enums import LogKind
from models.logs import closed_entry_rows
from models.portfolio import Council, ProjectRow

MOST_OPTIONS: Final = 10
"""Projects that are offered where a name may mean several."""

EXAMPLES: Final = (
    *("Which projects are late?", "Which projects are over budget?", "Which reports are missing?"),
)
"""Questions about the portfolio that the record answers."""

_REF: Final = re.compile(r"\bD-\d+\b", re.IGNORECASE)

OpenShelf = Callable[[], Awaitable[Shelf]]


class OwedReport(Protocol):
    """A report that is waited for, as App Home knows it."""

    @property
    def code(self) -> str:
        """The project's."""

    @property
    def name(self) -> str:
        """The project's."""

    @property
    def cut_off_at(self) -> datetime:
        """When its cycle is cut off."""

    @property
    def is_over(self) -> bool:
        """Whether that has passed."""


class OwedReports(Protocol):
    """A part of all that is waited for."""

    @property
    def shown(self) -> Sequence[OwedReport]:
        """The first of them."""

    @property
    def total(self) -> int:
        """How many there are."""


class ComingAsk(Protocol):
    """When somebody is asked next."""

    @property
    def at(self) -> datetime:
        """The instant."""

    @property
    def councils(self) -> tuple[str, ...]:
        """Who asks."""


class OwnPage(Protocol):
    """What somebody finds on App Home about themselves."""

    @property
    def wanted(self) -> OwedReports:
        """The reports that they owe."""

    @property
    def next_ask(self) -> ComingAsk | None:
        """When they are asked next; None: it is not known."""


class OwnPages(Protocol):
    """Gives out App Home's facts: one description of what is due, here and there."""

    async def personal(self, viewer: Viewer, now: datetime, /) -> OwnPage:
        """What one person finds about themselves."""


@dataclass(frozen=True)
class _Asked:
    """A question that is about the record, with what its answer rests on."""

    viewer: Viewer
    question: str
    reading: Reading
    seen: Seen
    shelf: Shelf
    now: datetime
    today: date
    """Where the asker is."""

    def clause(self, detail: str = "", phase: str = "") -> Clause:
        """What the handbook says to it."""
        intent = self.reading.intent
        topic = None if intent is Intent.ORDER else intent
        wanted = detail or self.reading.detail
        return clause_for(self.shelf.handbook, self.today, topic, wanted, phase)

    @property
    def is_for_office(self) -> bool:
        """Whether the asker sees to all councils' reports."""
        return belongs_to_pmo(self.viewer)


class LiveService:
    """Answers from the record, for one person at a time; what they may not see does not exist."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        own_pages: OwnPages,
        shelf: OpenShelf,
        clock: Clock,
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._own_pages = own_pages
        self._shelf = shelf
        self._clock = clock

    async def answer(self, viewer: Viewer, question: str) -> Message | None:
        """What the record says to a question; None: it is not about the record."""
        shelf, now = await self._shelf(), self._clock.now()
        async with self._database.reading() as session:
            seen = await load_seen(session, self._workspace_id, viewer)
            names = seen.names(
                viewer, lambda word: not shelf.finder.find(word).unknown, shelf.finder.is_english
            )
            reading = read_question(question, names)
            if reading is None:
                return _in_english(question, shelf, names)
            zone = zone_of(viewer.timezone, await load_configuration(session, self._workspace_id))
            today = now.astimezone(zone).date()
            asked = _Asked(viewer, question, reading, seen, shelf, now, today)
            if note := _note(asked):
                return await self._with_entry(session, asked, note)
            if reading.intent not in (Intent.MY_DUE, Intent.NEXT_ASK):
                return await self._told(session, asked)
        return await self._due(asked)

    async def _told(self, session: AsyncSession, asked: _Asked) -> Message:
        match asked.reading.intent:
            case Intent.MISSING:
                return await self._missing(session, asked)
            case Intent.PROJECTS | Intent.OF_PERSON | Intent.MY_PROJECTS:
                return await self._projects(session, asked)
            case Intent.MY_LIST:
                return await self._own_list(session, asked)
            case Intent.TO_DECIDE | Intent.ACROSS:
                return await self._across(session, asked)
            case Intent.NEXT_DIGEST | Intent.NEXT_MEETING:
                return await self._times(session, asked)
            case _:
                return await self._project(session, asked)

    async def _project(self, session: AsyncSession, asked: _Asked) -> ProjectTold:
        reading = asked.reading
        row = asked.seen.row(reading.projects[0])
        project = await load_project(session, row, asked.seen.people, asked.today)
        number = project.project_id
        found = await open_entries(
            session, self._workspace_id, [number], tuple(LogKind), asked.today
        )
        closed: tuple[Entry, ...] = ()
        if reading.intent is Intent.DECIDED:
            rows = await closed_entry_rows(session, self._workspace_id, number, LogKind.DECISION)
            closed = tuple(entry_of(each, asked.today) for each in rows)
        return ProjectTold(
            topic=reading.intent,
            project=project,
            today=asked.today,
            detail=reading.detail,
            entries=entries_for(reading, found.get(number, []), asked.today),
            closed=closed,
            corrected=reading.corrected,
            clause=asked.clause(phase=project.phase),
        )

    async def _with_entry(self, session: AsyncSession, asked: _Asked, note: LiveNote) -> LiveNote:
        """An order with what of the project's list it is about: a decision has somebody's name."""
        wanted, projects = _REF.search(asked.question), asked.reading.projects
        if note.about != "order_approve" or wanted is None or len(projects) != 1:
            return note
        found = await open_entries(
            session, self._workspace_id, projects, [LogKind.DECISION], asked.today
        )
        ref = wanted[0].upper()
        entry = next((each for each in found.get(projects[0], []) if each.ref == ref), None)
        return replace(note, entry=entry)

    async def _missing(self, session: AsyncSession, asked: _Asked) -> Message:
        """The reports that are waited for: of all councils, of one's own, of one's projects."""
        councils = _reported_councils(asked)
        rows = [
            row
            for row in asked.seen.rows
            if row.project.council_id in {each.pk for each in councils}
            or (not asked.reading.detail and _is_mine(asked.viewer, row))
        ]
        if not rows and not councils:
            return LiveNote("reports", clause=asked.clause("reports"))
        lines = await load_lines(session, self._workspace_id, rows, asked.today)
        return ProjectsTold(
            topic=Intent.MISSING,
            detail=asked.reading.detail,
            lines=tuple(each for each in lines if is_awaited(each)),
            of=len(lines),
            councils=tuple(each.name for each in councils),
            clause=asked.clause(),
        )

    async def _projects(self, session: AsyncSession, asked: _Asked) -> ProjectsTold:
        reading = asked.reading
        rows = _wanted_rows(asked)
        lines = await load_lines(session, self._workspace_id, rows, asked.today)
        if reading.intent is Intent.PROJECTS:
            lines = [each for each in lines if fits(reading.detail, each)]
        return ProjectsTold(
            topic=reading.intent,
            detail=reading.detail,
            lines=tuple(lines),
            of=len(rows),
            councils=_named_councils(asked),
            is_among_others=asked.viewer.is_among_others,
            clause=asked.clause(),
        )

    async def _across(self, session: AsyncSession, asked: _Asked) -> OwnTold:
        """One list of several projects: of all, or where the asker decides."""
        kind = LogKind(asked.reading.detail)
        ids = [row.project.pk for row in _wanted_rows(asked)]
        found = await open_entries(session, self._workspace_id, ids, [kind], asked.today)
        entries = [each for some in found.values() for each in some]
        return OwnTold(
            topic=asked.reading.intent,
            today=asked.today,
            detail=kind.value,
            entries=gravest_first(entries, kind),
            clause=asked.clause(),
        )

    async def _own_list(self, session: AsyncSession, asked: _Asked) -> OwnTold:
        kind = LogKind(asked.reading.detail)
        found = await self._in_hand(session, asked, kind)
        return OwnTold(
            topic=Intent.MY_LIST,
            today=asked.today,
            detail=kind.value,
            entries=tuple(found),
            clause=asked.clause(),
        )

    async def _in_hand(self, session: AsyncSession, asked: _Asked, kind: LogKind) -> list[Entry]:
        me = asked.viewer.person_id
        return await entries_of_owner(session, self._workspace_id, me, [kind], asked.today)

    async def _times(self, session: AsyncSession, asked: _Asked) -> TimesTold:
        configuration = await load_configuration(session, self._workspace_id)
        councils = _meant_councils(asked)
        times: Sequence[ToldTime]
        if asked.reading.intent is Intent.NEXT_DIGEST:
            times = await load_digest_times(
                session, self._workspace_id, councils, configuration, asked.now
            )
        else:
            times = await load_meeting_times(session, self._workspace_id, councils, asked.now)
        known = {each.council for each in times}
        return TimesTold(
            topic=asked.reading.intent,
            times=tuple(times),
            without=tuple(each.name for each in councils if each.name not in known),
            clause=asked.clause(),
        )

    async def _due(self, asked: _Asked) -> OwnTold:
        """What App Home says is due, in its own transaction, and the actions in hand."""
        actions: list[Entry] = []
        if asked.reading.intent is Intent.MY_DUE:
            async with self._database.reading() as session:
                actions = await self._in_hand(session, asked, LogKind.ACTION)
        page = await self._own_pages.personal(asked.viewer, asked.now)
        reports = page.wanted.shown
        return OwnTold(
            topic=asked.reading.intent,
            today=asked.today,
            reports=tuple(
                OwnReport(each.code, each.name, each.cut_off_at, each.is_over) for each in reports
            ),
            left=page.wanted.total - len(reports),
            next_ask=page.next_ask.at if page.next_ask else None,
            next_councils=page.next_ask.councils if page.next_ask else (),
            entries=tuple(actions),
            clause=asked.clause(),
        )


def _note(asked: _Asked) -> LiveNote | None:
    """What is said where there is no fact to tell."""
    reading, rows = asked.reading, asked.seen
    meant = [rows.row(each) for each in reading.projects]
    if reading.intent is Intent.ORDER:
        name, pm = (meant[0].project.code, meant[0].pm.name) if len(meant) == 1 else ("", "")
        about = f"order_{reading.detail}"
        return LiveNote(about, name, pm=pm, clause=asked.clause(about))
    if asked.viewer.is_among_others and reading.intent in (*PERSONAL, Intent.MISSING):
        is_missing = reading.intent is Intent.MISSING
        reports = LiveNote("reports", clause=asked.clause("reports"))
        return reports if is_missing else LiveNote("private")
    if reading.intent is Intent.UNTOLD:
        examples = tuple(Option(each, each) for each in EXAMPLES)
        return LiveNote(reading.detail or "untold", options=examples)
    if reading.is_unknown:
        name = bare_name(reading.said)
        return LiveNote("unknown", name, is_among_others=asked.viewer.is_among_others)
    if len(meant) > 1:
        options = [_option(asked, each) for each in meant[:MOST_OPTIONS]]
        return LiveNote("which", reading.said, tuple(options))
    return None


def _in_english(question: str, shelf: Shelf, names: Names) -> LiveNote | None:
    """Which questions can be asked of a project that is named in another language."""
    named = named_in(question.casefold(), names.projects)
    if not named or shelf.finder.find(question).language == ENGLISH:
        return None
    code = named[0][2][0].code
    asks = (f"Status of {code}", f"Is {code} late?", f"Who is the sponsor of {code}?")
    return LiveNote("english", code, tuple(Option(each, each) for each in asks))


def _option(asked: _Asked, row: ProjectRow) -> Option:
    code = row.project.code
    question = question_with(asked.question, asked.reading.said, code)
    return Option(f"{code} · {row.project.name}", question)


def _reported_councils(asked: _Asked) -> list[Council]:
    """The councils whose reports the asker sees to."""
    return [
        each
        for each in asked.seen.councils
        if (asked.is_for_office or each.pk in asked.viewer.council_ids)
        and not asked.viewer.is_guest
        and asked.reading.detail in ("", each.name)
    ]


def _meant_councils(asked: _Asked) -> list[Council]:
    """The council that is named, else the asker's own, else all that they know of."""
    seen, own = asked.seen.councils, asked.viewer.council_ids
    mine = {row.project.council_id for row in asked.seen.rows if _is_mine(asked.viewer, row)}
    said = (asked.reading.detail, asked.reading.council)
    named = [each for each in seen if each.name in said]
    nearest = [] if asked.is_for_office else [each for each in seen if each.pk in own | mine]
    return named or nearest or list(seen)


def _named_councils(asked: _Asked) -> tuple[str, ...]:
    """Whose projects are looked at, where the question says it."""
    meant = _meant_councils(asked) if asked.reading.council else []
    return tuple(each.name for each in meant)


def _decided_by(asked: _Asked) -> list[ProjectRow]:
    """The projects of which the asker hears what is to be decided; the PMO hears of all."""
    if asked.is_for_office:
        return list(asked.seen.rows)
    councils = asked.viewer.council_ids
    return [
        row
        for row in asked.seen.rows
        if row.project.council_id in councils or _is_mine(asked.viewer, row)
    ]


def _wanted_rows(asked: _Asked) -> list[ProjectRow]:
    """The projects among which is looked: somebody's, one's own, a council's, or all."""
    reading, seen = asked.reading, asked.seen
    if reading.intent is Intent.TO_DECIDE:
        return _decided_by(asked)
    if reading.council:
        councils = _named_councils(asked)
        return [row for row in seen.rows if row.council.name in councils]
    if reading.intent is Intent.MY_PROJECTS:
        return [row for row in seen.rows if _is_mine(asked.viewer, row)]
    if reading.intent is Intent.OF_PERSON:
        ids = {number for number, each in seen.people.items() if each.name == reading.detail}
        return [row for row in seen.rows if ids & set(_holders(row))]
    return list(seen.rows)


def _holders(row: ProjectRow) -> Iterable[int]:
    project = row.project
    return (one for one in (project.pm_id, project.deputy_id, project.sponsor_id) if one)


def _is_mine(viewer: Viewer, row: ProjectRow) -> bool:
    return has_role(viewer, facts_of(row.project))
