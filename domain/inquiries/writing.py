"""What is done to an inquiry, in the transaction of whoever does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.delivery.messages import Place
from domain.inquiries.boards import Boards
from domain.inquiries.messages import AnswerInThread, InquiryNews, News
from domain.inquiries.office import thread_key
from domain.inquiries.reading import (
    answered_by,
    asker_reads,
    is_asked_back,
    may_have,
    newest,
    role_in,
    turns_of,
)
from domain.inquiries.rules import Candidate, is_same, whom_to_ask, why_not_pm
from domain.inquiries.values import Role, Turn, Why
from domain.logs.record import viewer_of
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models import inquiries as store
from models.enums import InquiryState, InquiryStep
from models.inquiries import EntryRow, Inquiry, InquiryEntry, InquiryRow
from models.portfolio import Person


async def whom(
    session: AsyncSession,
    workspace_id: int,
    asker_id: int,
    people: tuple[Person, Person | None],
    now: datetime,
) -> tuple[Person | None, Why | None]:
    """Who is to answer a new question, and why that is not the PM.

    Args:
        session: a reading or a writing one.
        workspace_id: the workspace.
        asker_id: who asks.
        people: the project's PM and deputy.
        now: this instant.
    """
    manager, stand_in = people
    named = {each.pk: each for each in people if each is not None}
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, named.keys(), configuration)
    pm = candidate(manager, times, now)
    deputy = candidate(stand_in, times, now) if stand_in else None
    asked_id = whom_to_ask(pm, deputy, asker_id)
    return named[asked_id] if asked_id else None, why_not_pm(pm, asked_id)


def asked_now(row: InquiryRow, times: Mapping[int, PersonalTime], now: datetime) -> int | None:
    """Who is to answer an inquiry by the record as it is now; None: the PMO.

    What the PMO was asked itself stays with whom they gave it to, while they are there.
    """
    inquiry = row.inquiry
    if inquiry.is_passed_on:
        return None
    if inquiry.is_for_office or row.pm is None:
        return row.asked.pk if row.asked and not row.asked.is_gone else None
    deputy = candidate(row.deputy, times, now) if row.deputy else None
    pm = candidate(row.pm, times, now)
    return whom_to_ask(pm, deputy, row.inquiry.asker_id, row.inquiry.asked_id)


async def is_lost_on(session: AsyncSession, row: InquiryRow) -> bool:
    """Whether who has what the PMO was asked may not read it (any more): the PMO takes it back."""
    if not row.inquiry.is_for_office or row.asked is None:
        return False
    return not await may_have(session, row, await viewer_of(session, row.asked))


def candidate(person: Person, times: Mapping[int, PersonalTime], now: datetime) -> Candidate:
    """Somebody who may be asked, with whether they are there."""
    own = times[person.pk]
    is_away = own.away_on(now.astimezone(own.zone).date()) is not None
    return Candidate(person.pk, person.is_gone, is_away)


async def put(boards: Boards, inquiry: Inquiry) -> None:
    """Put what waits before who is to answer it, and set when somebody hears again."""
    workspace_id = boards.outbox.workspace_id
    await boards.session.flush()
    row = await store.inquiry_row(boards.session, workspace_id, inquiry.pk)
    if row is None:
        raise LookupError(f"the inquiry {inquiry.pk} has just been stored")
    people = [each.pk for each in (row.pm, row.deputy) if each]
    times = await personal_times(boards.session, workspace_id, people, boards.configuration)
    is_lost = await is_lost_on(boards.session, row)
    await boards.give(inquiry, None if is_lost else asked_now(row, times, boards.now))
    await boards.set_overdue(inquiry)


@dataclass(frozen=True)
class Thread:
    """Where others read along."""

    channel_id: str
    ts: str


async def ask_office(
    boards: Boards, viewer: Viewer, project_id: int | None, text: str, thread: Thread | None
) -> Inquiry:
    """Put a question before the PMO itself; in its channel, if nothing in it forbids that.

    Args:
        boards: those of the transaction.
        viewer: who asks.
        project_id: what it is about; None: no project.
        text: the question.
        thread: where the handbook was asked before, if others have read it there.
    """
    inquiry = Inquiry(
        workspace_id=boards.outbox.workspace_id,
        project_id=project_id,
        asker_id=viewer.person_id,
        opened_at=boards.now,
        waiting_since=boards.now,
        is_for_office=True,
        channel_id=boards.configuration.pmo_channel_id,
        asked_channel=thread.channel_id if thread else None,
        asked_ts=thread.ts if thread else None,
    )
    boards.session.add(inquiry)
    await boards.session.flush()
    write(boards, inquiry, viewer.person_id, InquiryStep.QUESTION, text)
    await put(boards, inquiry)
    return inquiry


async def ask_further(boards: Boards, inquiry: Inquiry, text: str) -> None:
    """Keep a further question of an inquiry's asker: it waits for an answer (again)."""
    await _wait_again(boards, inquiry, InquiryStep.QUESTION, text)


async def reply(boards: Boards, row: InquiryRow, viewer: Viewer, text: str) -> None:
    """Keep what an inquiry's asker says to who asked back, and tell them."""
    said = (await store.entries_of_inquiries(boards.session, [row.inquiry.pk]))[row.inquiry.pk]
    await _settle_asking_back(boards, row, said)
    entry = await _wait_again(boards, row.inquiry, InquiryStep.REPLY, text)
    asked_back = await _answering(boards, row, said[-1].author)
    if asked_back is not None:
        await _tell(boards, row, entry, viewer, (asked_back, News.REPLY))


async def _wait_again(
    boards: Boards, inquiry: Inquiry, step: InquiryStep, text: str
) -> InquiryEntry:
    boards.touch(inquiry)
    entry = write(boards, inquiry, inquiry.asker_id, step, text)
    inquiry.state, inquiry.waiting_since = InquiryState.OPEN, boards.now
    inquiry.office_on = inquiry.told_on = None
    await put(boards, inquiry)
    return entry


async def _answering(boards: Boards, row: InquiryRow, author: Person | None) -> Person | None:
    """Who has asked back, if they can still answer: the reply may name what they must not see."""
    if author is None or author.pk == row.asker.pk:
        return None
    role = role_in(await viewer_of(boards.session, author), row)
    return author if role is Role.ANSWERER else None


async def is_asked_in_turn(boards: Boards, row: InquiryRow) -> bool:
    """Whether an inquiry waits for its own asker."""
    said = await store.entries_of_inquiries(boards.session, [row.inquiry.pk])
    return is_asked_back(said[row.inquiry.pk]) and row.inquiry.state is InquiryState.OPEN


async def ask_back(boards: Boards, row: InquiryRow, viewer: Viewer, text: str) -> None:
    """Ask who asked for more: until they have said it, nobody else is reminded of anything."""
    inquiry = row.inquiry
    boards.touch(inquiry)
    entry = write(boards, inquiry, viewer.person_id, InquiryStep.ASKED_BACK, text)
    inquiry.remind_at, inquiry.overdue_at = None, None
    await _tell_asker(boards, row, entry, viewer, News.ASKED_BACK)


async def pass_to(boards: Boards, row: InquiryRow, viewer: Viewer, person: Person) -> None:
    """Let somebody whom the PMO has chosen answer what the PMO was asked."""
    inquiry = row.inquiry
    entry = write(boards, inquiry, viewer.person_id, InquiryStep.PASSED_TO, person.name)
    await boards.give(inquiry, person.pk)
    boards.touch(inquiry)
    await boards.set_overdue(inquiry)
    await _tell_asker(boards, row, entry, viewer, News.PASSED_TO)


async def answer(boards: Boards, row: InquiryRow, viewer: Viewer, text: str) -> InquiryEntry:
    """Keep an answer, and send it to who asked."""
    inquiry = row.inquiry
    boards.touch(inquiry)
    said = (await store.entries_of_inquiries(boards.session, [inquiry.pk]))[inquiry.pk]
    await _settle_asking_back(boards, row, said)
    entry = write(boards, inquiry, viewer.person_id, InquiryStep.ANSWER, text)
    inquiry.state, inquiry.remind_at, inquiry.overdue_at = InquiryState.ANSWERED, None, None
    await _tell_asker(boards, row, entry, viewer, News.ANSWER)
    return entry


async def _settle_asking_back(boards: Boards, row: InquiryRow, said: Sequence[EntryRow]) -> None:
    """Have nobody be asked any more for what they have said, or what is answered without."""
    asked = [each.entry for each in said if each.entry.step is InquiryStep.ASKED_BACK]
    keys = [_news_key(row.inquiry, each) for each in asked]
    for key, each in (await boards.outbox.standing(boards.session, keys)).items():
        if isinstance(each.message, InquiryNews) and not each.message.is_over:
            over, to = replace(each.message, is_over=True), Place.person(row.asker.pk)
            await boards.outbox.say(boards.session, over, to=to, key=key, now=boards.now)


async def answer_in_thread(
    boards: Boards, row: InquiryRow, viewer: Viewer, entry: InquiryEntry
) -> None:
    """Post an answer where the handbook was asked, too: others have read the question there."""
    inquiry = row.inquiry
    if inquiry.asked_channel is None or inquiry.asked_ts is None:
        return
    await boards.session.flush()
    said = (await store.entries_of_inquiries(boards.session, [inquiry.pk]))[inquiry.pk]
    question = newest(said, InquiryStep.QUESTION)
    message = AnswerInThread(question.text if question else "", viewer.name, entry.text)
    place = Place.under(inquiry.asked_channel, inquiry.asked_ts)
    key = thread_key(inquiry.pk, entry.pk)
    await boards.outbox.say(boards.session, message, to=place, key=key, now=boards.now)


async def pass_on(boards: Boards, row: InquiryRow, viewer: Viewer) -> None:
    """Give an inquiry to the PMO, where it stays."""
    entry = write(boards, row.inquiry, viewer.person_id, InquiryStep.PASSED_ON, "")
    row.inquiry.is_passed_on = not row.inquiry.is_for_office  # theirs anyway: they may pass it to
    await boards.give(row.inquiry, None)
    await _tell_asker(boards, row, entry, viewer, News.PASSED_ON)


def close(boards: Boards, inquiry: Inquiry, author_id: int | None, text: str) -> None:
    """Let nobody wait for an answer any more; the reason goes on the record."""
    boards.touch(inquiry)
    inquiry.state, inquiry.remind_at, inquiry.overdue_at = InquiryState.CLOSED, None, None
    write(boards, inquiry, author_id, InquiryStep.CLOSED, text)


def write(
    boards: Boards, inquiry: Inquiry, author_id: int | None, step: InquiryStep, text: str
) -> InquiryEntry:
    """Put something on the record of an inquiry."""
    entry = InquiryEntry(
        workspace_id=inquiry.workspace_id,
        inquiry_id=inquiry.pk,
        author_id=author_id,
        at=boards.now,
        step=step,
        text=text,
    )
    boards.session.add(entry)
    return entry


async def _tell_asker(
    boards: Boards, row: InquiryRow, entry: InquiryEntry, author: Viewer, news: News
) -> None:
    """Tell who asked, unless they may not read of the project any more: then they hear nothing."""
    if await asker_reads(boards.session, row):
        await _tell(boards, row, entry, author, (row.asker, news))


async def _tell(
    boards: Boards,
    row: InquiryRow,
    entry: InquiryEntry,
    author: Viewer,
    to: tuple[Person, News],
) -> None:
    """Tell somebody what was said, or who has it now."""
    await boards.session.flush()
    inquiry, (reader, news) = row.inquiry, to
    said = (await store.entries_of_inquiries(boards.session, [inquiry.pk]))[inquiry.pk]
    question = newest(said, InquiryStep.QUESTION)
    message = InquiryNews(
        inquiry_id=inquiry.pk,
        code=row.code,
        name=row.name,
        question=question.text if question else "",
        author=author.name,
        answer=entry.text,
        news=news,
        link=inquiry.link,
        is_for_office=inquiry.is_for_office,
        before=_answered_before(said, entry) if news is News.ANSWER else "",
    )
    await boards.outbox.say(
        boards.session,
        message,
        to=Place.person(reader.pk),
        key=_news_key(inquiry, entry),
        now=boards.now,
    )


def _news_key(inquiry: Inquiry, entry: InquiryEntry) -> str:
    """What stands under it tells somebody of an entry."""
    return f"inquiry:{inquiry.pk}:{entry.pk}"


def _answered_before(said: Sequence[EntryRow], entry: InquiryEntry) -> str:
    """Who else, or who too, has answered the newest question before an entry."""
    return answered_by([each for each in said if each.entry.pk != entry.pk])


async def asked_before(session: AsyncSession, rows: Sequence[InquiryRow], text: str) -> int | None:
    """Which of some inquiries asks the same, if one does."""
    entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in rows])
    for number, said in entries.items():
        question = newest(said, InquiryStep.QUESTION)
        if question is not None and is_same(question.text, text):
            return number
    return None


def is_there(said: Sequence[EntryRow], person_id: int, role: Role, text: str) -> bool:
    """Whether somebody has said just that already, since the newest question."""
    numbers = [place for place, (entry, _) in enumerate(said) if entry.step is InquiryStep.QUESTION]
    last = [entry for entry, _ in said[numbers[-1] if numbers else 0 :]]
    if role is Role.ASKER:
        is_answered = any(each.step is InquiryStep.ANSWER for each in last)
        is_open = last[-1].step is not InquiryStep.CLOSED
        texts = (last[0].text, last[-1].text if last[-1].step is InquiryStep.REPLY else "")
        return is_open and not is_answered and any(is_same(each, text) for each in texts)
    said_to_it = (InquiryStep.ANSWER, InquiryStep.ASKED_BACK)
    return any(
        each.step in said_to_it and each.author_id == person_id and is_same(each.text, text)
        for each in last
    )


def said_by_others(said: Sequence[EntryRow], person_id: int, seen: int) -> tuple[Turn, ...]:
    """What others have said after the entry of a number."""
    return turns_of(row for row in said if row.entry.pk > seen and row.entry.author_id != person_id)
