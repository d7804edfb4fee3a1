"""What is done to an inquiry, in the transaction of whoever does it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.delivery.messages import Place
from domain.inquiries.boards import Boards
from domain.inquiries.messages import InquiryNews
from domain.inquiries.reading import asker_reads, newest, turns_of
from domain.inquiries.rules import Candidate, is_same, whom_to_ask, why_not_pm
from domain.inquiries.values import Role, Turn, Why
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
    """Who is to answer an inquiry by the record as it is now; None: the PMO."""
    deputy = candidate(row.deputy, times, now) if row.deputy else None
    pm = candidate(row.pm, times, now)
    return whom_to_ask(pm, deputy, row.inquiry.asker_id, row.inquiry.asked_id)


def candidate(person: Person, times: Mapping[int, PersonalTime], now: datetime) -> Candidate:
    """Somebody who may be asked, with whether they are there."""
    own = times[person.pk]
    is_away = own.away_on(now.astimezone(own.zone).date()) is not None
    return Candidate(person.pk, person.is_gone, is_away)


async def put(boards: Boards, inquiry: Inquiry) -> None:
    """Put what waits before who is to answer it, and set when somebody hears again."""
    workspace_id = boards.outbox.workspace_id
    row = await store.inquiry_row(boards.session, workspace_id, inquiry.pk)
    if row is None:
        raise LookupError(f"the inquiry {inquiry.pk} has just been stored")
    people = [each.pk for each in (row.pm, row.deputy) if each]
    times = await personal_times(boards.session, workspace_id, people, boards.configuration)
    to = None if inquiry.is_passed_on else asked_now(row, times, boards.now)
    await boards.give(inquiry, to)
    await boards.set_overdue(inquiry)


async def ask_further(boards: Boards, inquiry: Inquiry, text: str) -> None:
    """Keep a further question of an inquiry's asker: it waits for an answer (again)."""
    boards.touch(inquiry)
    write(boards, inquiry, inquiry.asker_id, InquiryStep.QUESTION, text)
    inquiry.state, inquiry.waiting_since = InquiryState.OPEN, boards.now
    inquiry.office_on = inquiry.told_on = None
    await put(boards, inquiry)


async def answer(boards: Boards, row: InquiryRow, viewer: Viewer, text: str) -> None:
    """Keep an answer, and send it to who asked."""
    inquiry = row.inquiry
    boards.touch(inquiry)
    entry = write(boards, inquiry, viewer.person_id, InquiryStep.ANSWER, text)
    inquiry.state, inquiry.remind_at, inquiry.overdue_at = InquiryState.ANSWERED, None, None
    await _tell_asker(boards, row, entry, viewer)


async def pass_on(boards: Boards, row: InquiryRow, viewer: Viewer) -> None:
    """Give an inquiry to the PMO, where it stays."""
    entry = write(boards, row.inquiry, viewer.person_id, InquiryStep.PASSED_ON, "")
    row.inquiry.is_passed_on = True
    await boards.give(row.inquiry, None)
    await _tell_asker(boards, row, entry, viewer)


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


async def _tell_asker(boards: Boards, row: InquiryRow, entry: InquiryEntry, author: Viewer) -> None:
    """Tell who asked, unless they may not read of the project any more: then they hear nothing."""
    await boards.session.flush()
    if not await asker_reads(boards.session, row):
        return
    said = (await store.entries_of_inquiries(boards.session, [row.inquiry.pk]))[row.inquiry.pk]
    question = newest(said, InquiryStep.QUESTION)
    message = InquiryNews(
        inquiry_id=row.inquiry.pk,
        code=row.project.code,
        name=row.project.name,
        question=question.text if question else "",
        author=author.name,
        answer=entry.text,
    )
    await boards.outbox.say(
        boards.session,
        message,
        to=Place.person(row.asker.pk),
        key=f"inquiry:{row.inquiry.pk}:{entry.pk}",
        now=boards.now,
    )


def is_there(said: Sequence[EntryRow], person_id: int, role: Role, text: str) -> bool:
    """Whether somebody has said just that already, since the newest question."""
    numbers = [place for place, (entry, _) in enumerate(said) if entry.step is InquiryStep.QUESTION]
    last = [entry for entry, _ in said[numbers[-1] if numbers else 0 :]]
    if role is Role.ASKER:
        is_answered = any(each.step is InquiryStep.ANSWER for each in last)
        is_open = last[-1].step is not InquiryStep.CLOSED
        return is_open and not is_answered and is_same(last[0].text, text)
    return any(
        each.step is InquiryStep.ANSWER and each.author_id == person_id and is_same(each.text, text)
        for each in last
    )


def said_by_others(said: Sequence[EntryRow], person_id: int, seen: int) -> tuple[Turn, ...]:
    """What others have said after the entry of a number."""
    return turns_of(row for row in said if row.entry.pk > seen and row.entry.author_id != person_id)
