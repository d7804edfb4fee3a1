"""Answers those who ask: from the handbook, in its own words, or with "I don't know"."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.composing import Found, Setting, Told, answer_to
from domain.answers.finding.finder import Band, Finding
from domain.answers.finding.splitting import MOST_QUESTIONS, Parted, about, parted
from domain.answers.learning.weeks import ListedOn, put_on_list
from domain.answers.messages import Answer, DontKnow, QuestionsLeft, SharedAnswer
from domain.answers.rules import (
    KEPT,
    LONGEST,
    courtesy_of,
    masked,
    one_line,
    related,
    shown,
    topics_of,
)
from domain.answers.shelf import Shelf
from domain.answers.values import Choice, Rated, Section
from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.errors import NotFoundError
from domain.portfolio.values import Viewer
from models import answers as store
from models.answers import Question
from models.base import Database
from models.enums import AskedIn

MOST_READ: Final = 10
"""Questions as long as `LONGEST` that a text is read for."""

OpenShelf = Callable[[], Awaitable[Shelf]]
"""Gives the newest state of the handbook."""

Answering = Callable[[Viewer, str], Awaitable[Message | None]]
"""Answers without the handbook, such as about a project; None: the question is not about that.

What it says is kept under the message's `band`. Its fields `question_id` and `question` are filled
in: the number in the log, and the question where it is one of several.
"""


@dataclass(frozen=True)
class Asked:
    """Where a question was asked."""

    asked_in: AskedIn
    command: str
    """What can be typed instead, such as `/project`."""
    origin: str | None = None
    """Slack's id of the event that brought it."""


class AnswersService:
    """Takes questions, keeps a log of them for the PMO, and hears what became of the answers."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        shelf: OpenShelf,
        before: Sequence[Answering] = (),
    ) -> None:
        """Make one for a workspace.

        Args:
            database: where questions are kept.
            outbox: where answers to messages go.
            shelf: the handbook.
            before: who is asked before the handbook is, in this order; the first answer counts.
        """
        self._database = database
        self._outbox = outbox
        self._shelf = shelf
        self._before = before

    async def prepare(self) -> None:
        """Read the handbook before the first question comes.

        Raises:
            InvalidFileError: there is no such folder.
        """
        await self._shelf()

    async def ask(
        self, viewer: Viewer, text: str, asked: Asked, now: datetime
    ) -> Sequence[Message]:
        """Answer each question of a text."""
        shelf = await self._shelf()
        found, left = await self._found(viewer, text, shelf, asked.asked_in)
        async with self._database.writing() as session:
            occasion = _Occasion(asked, shelf, now)
            return [*await self._answered(session, viewer, found, occasion), *left]

    async def look_up(
        self, viewer: Viewer, thing: tuple[str, str], asked: Asked, now: datetime
    ) -> Sequence[Message]:
        """Look up a thing by its kind and name, such as `("template", "raid log")`."""
        shelf = await self._shelf()
        kind, name = thing
        name = one_line(masked(name))
        finding = shelf.finder.named(kind, name)
        if finding.band is Band.EMPTY:
            return [DontKnow("", topics_of(shelf.handbook, kind), asked.command)]
        found = [Found(f"{kind} {name}", finding, kind)]
        async with self._database.writing() as session:
            return await self._answered(session, viewer, found, _Occasion(asked, shelf, now))

    async def receive(
        self, viewer: Viewer, text: str, asked: Asked, place: Place, now: datetime
    ) -> None:
        """Answer a message where it was written; an event that comes again is answered once."""
        shelf = await self._shelf()
        found, left = await self._found(viewer, text, shelf, asked.asked_in)
        async with self._database.writing() as session:
            if asked.origin and await store.is_asked(
                session, self._outbox.workspace_id, asked.origin
            ):
                return
            occasion = _Occasion(asked, shelf, now)
            messages = await self._answered(session, viewer, found, occasion)
            for position, message in enumerate([*messages, *left]):
                key = f"answer:{asked.origin}:{position}"
                await self._outbox.say_once(session, message, to=place, key=key, now=now)

    async def open(self, choice: Choice, now: datetime, *, can_be_shared: bool) -> Answer:
        """Show the section that somebody has chosen, and keep that they did.

        Raises:
            NotFoundError: it is no longer in the handbook.
        """
        shelf = await self._shelf()
        section = _section(shelf, choice.section_id)
        async with self._database.writing() as session:
            row = await store.question(session, self._outbox.workspace_id, choice.question_id)
            if row is not None and section.id not in (row.answered_id, row.clicked_id):
                row.clicked_id = section.id
                if row.band == Band.UNSURE:
                    row.listed_at = now
        return Answer(
            choice.question_id,
            shown(section, now.date()),
            related(section, shelf.handbook),
            can_be_shared=can_be_shared,
        )

    async def rate(self, question_id: int, now: datetime, *, is_helpful: bool) -> Rated:
        """Keep whether an answer helped; the PMO is told of one that did not."""
        shelf = await self._shelf()
        async with self._database.writing() as session:
            row = await store.question(session, self._outbox.workspace_id, question_id)
            if row is None:
                raise NotFoundError("This question is not on record any more; ask it again.")
            listed = await self._judge(session, row, now, is_helpful=is_helpful)
            others = [each for each, _score in row.top if each != row.answered_id]
        sections = shelf.handbook.sections
        near = () if is_helpful else tuple(sections[each] for each in others if each in sections)
        return Rated(question_id, is_helpful, listed.is_told, near, topics_of(shelf.handbook))

    async def _judge(
        self, session: AsyncSession, row: Question, now: datetime, *, is_helpful: bool
    ) -> ListedOn:
        """Keep whether an answer helped: the PMO's list has one that did not, until it does."""
        is_news, row.helpful = row.helpful is not is_helpful, is_helpful
        if is_helpful and row.band == Band.ANSWER:
            row.listed_at = None
        if is_helpful:
            return ListedOn(is_told=False)
        workspace_id = self._outbox.workspace_id
        return await put_on_list(session, workspace_id, [row] if is_news else [], now)

    async def share(self, viewer: Viewer, choice: Choice, channel_id: str, now: datetime) -> None:
        """Show a section to everybody in a channel, once, with who shared it.

        Raises:
            NotFoundError: it is no longer in the handbook.
        """
        section = _section(await self._shelf(), choice.section_id)
        message = SharedAnswer(shown(section, now.date()), viewer.slack_id, viewer.name)
        occasion = choice.question_id or f"{viewer.person_id}.{now.date()}"  # 0: from the triage
        key = f"shared:{occasion}:{section.id}:{channel_id}"
        async with self._database.writing() as session:
            await self._outbox.say_once(
                session, message, to=Place.channel(channel_id), key=key, now=now
            )

    async def forget(self, now: datetime) -> int:
        """Drop the words of questions that are older than `KEPT`; how many had some.

        It writes only if there are any.
        """
        async with self._database.reading() as session:
            if not await store.has_texts(session, self._outbox.workspace_id, now - KEPT):
                return 0
        async with self._database.writing() as session:
            return await store.purge_texts(session, self._outbox.workspace_id, now - KEPT)

    async def _found(
        self, viewer: Viewer, text: str, shelf: Shelf, asked_in: AskedIn
    ) -> tuple[Sequence[Found | Told], Sequence[QuestionsLeft]]:
        """What there is for each question of a text, from the record first; and what is left."""
        reader = replace(viewer, is_among_others=asked_in is AskedIn.MENTION)
        whole = masked(text)[: MOST_READ * LONGEST]
        if courtesy_of(whole):
            told = await self._told_before(reader, one_line(whole))  # a project may be called so
            return [Told(whole, told) if told else Found(whole, Finding(Band.EMPTY))], []
        questions = parted(whole) or [Parted(whole, whole)]
        found: list[Found | Told] = []
        code = ""
        for each in questions[:MOST_QUESTIONS]:
            known = await self._told_of(reader, each, code)
            question = one_line(each.whole)
            found.append(known or Found(question, shelf.finder.find(question)))
            code = (known and known.project_code) or code
        left = tuple(one_line(each.whole) for each in questions[MOST_QUESTIONS:])
        return found, [QuestionsLeft(len(found), left)] if left else []

    async def _told_of(self, viewer: Viewer, asked: Parted, code: str) -> Told | None:
        """What is said to one question; one that names no project may mean that of before."""
        tried = [asked.whole]
        if code:
            same, points_back = about(asked.written, code)
            tried = [same, *tried] if points_back else [*tried, same]
        for question in map(one_line, tried):
            if told := await self._told_before(viewer, question):
                return Told(question, told)
        return None

    async def _told_before(self, viewer: Viewer, question: str) -> Message | None:
        """What is said without looking into the handbook."""
        for answering in self._before:
            if told := await answering(viewer, question):
                return told
        return None

    async def _answered(
        self,
        session: AsyncSession,
        viewer: Viewer,
        found: Sequence[Found | Told],
        occasion: "_Occasion",
    ) -> Sequence[Message]:
        """Keep questions, and tell the PMO of those that stay open; what is said to each."""
        rows = {
            position: occasion.row(each, position, viewer.person_id, self._outbox.workspace_id)
            for position, each in enumerate(found)
            if isinstance(each, Told) or each.finding.band is not Band.EMPTY
        }
        session.add_all(rows.values())
        await session.flush()
        is_open = [
            rows[position]
            for position, each in enumerate(found)
            if isinstance(each, Found) and each.is_open(may_be_report=occasion.may_be_report)
        ]
        listed = ListedOn(is_told=False)
        if is_open:
            listed = await put_on_list(session, self._outbox.workspace_id, is_open, occasion.now)
        is_one_of_several = len(found) > 1
        setting = occasion.setting(listed, is_one_of_several=is_one_of_several)
        return [
            each.numbered(rows[position].pk, is_one_of_several=is_one_of_several)
            if isinstance(each, Told)
            else answer_to(each, rows[position].pk if position in rows else 0, setting)
            for position, each in enumerate(found)
        ]


@dataclass(frozen=True)
class _Occasion:
    """Questions that were asked at once."""

    asked: Asked
    shelf: Shelf
    now: datetime

    def row(
        self, found: Found | Told, position: int, person_id: int, workspace_id: int
    ) -> Question:
        """How a question is kept."""
        row = Question(
            workspace_id=workspace_id,
            asked_at=self.now,
            person_id=person_id,
            asked_in=self.asked.asked_in,
            origin=self.asked.origin,
            position=position,
            text=found.text,
            band="",
            top=[],
            handbook=self.shelf.version,
        )
        if isinstance(found, Told):
            row.band = found.band
            return row
        finding = found.finding
        row.corrected, row.band = finding.corrected, finding.band.value
        row.top = [(each.section.id, each.score) for each in finding.hits]
        row.answered_id = found.answered_id
        return row

    def setting(self, listed: ListedOn, *, is_one_of_several: bool) -> Setting:
        """What the answers depend on."""
        return Setting(
            self.shelf,
            self.now.date(),
            self.asked.command,
            is_one_of_several=is_one_of_several,
            can_be_shared=self.asked.asked_in is AskedIn.COMMAND,
            may_be_report=self.may_be_report,
            is_told=listed.is_told,
            list_on=listed.day,
        )

    @property
    def may_be_report(self) -> bool:
        """Whether it was written where people report in free text: the command does not."""
        return self.asked.asked_in is AskedIn.DIRECT and self.asked.origin is not None


def _section(shelf: Shelf, section_id: str) -> Section:
    section = shelf.handbook.sections.get(section_id)
    if section is None:
        raise NotFoundError(
            f"{section_id} is not in the handbook any more: ask again to find what is there now."
        )
    return section
