"""What the PMO was asked itself: one message in one place, whose thread holds what follows.

In the PMO's channel; directly to each of them where there is none, or where a text names what
readers of a channel must not know of. What comes to name it later leaves the channel for good.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.inquiries.messages import OfficeMoved, OfficeQuestion, OfficeTurn
from domain.inquiries.reading import (
    answered_by,
    asked_name,
    is_asked_back,
    is_for_channel,
    newest,
    turns_of,
)
from domain.inquiries.values import Turn
from models import inquiries as store
from models.delivery.rows import in_slack, pmo_people
from models.enums import InquiryState, InquiryStep
from models.inquiries import EntryRow, InquiryRow
from models.portfolio import Person, Project

SETTLED: Final = "it was settled before it could be said"
"""Why a message was taken back before it was said."""

_DONE: Final = (InquiryStep.ANSWER, InquiryStep.ASKED_BACK)


async def say_question(
    session: AsyncSession, outbox: Outbox, inquiry_id: int, now: datetime
) -> None:
    """Bring what the PMO reads of a question to what is true now, wherever it stands.

    Args:
        session: a writing one, which has the turn of the room.
        outbox: where it is said.
        inquiry_id: what the PMO was asked.
        now: this instant.
    """
    row = await store.inquiry_row(session, outbox.workspace_id, inquiry_id)
    if row is None:
        return
    said = (await store.entries_of_inquiries(session, [inquiry_id]))[inquiry_id]
    head, replies = _head(row, said), _replies(said)
    inquiry = row.inquiry
    restricted = await store.restricted_projects(session, outbox.workspace_id)
    await _clear_thread(session, outbox, (row, said), restricted, now)
    if inquiry.channel_id is not None:
        channel = Place.channel(inquiry.channel_id)
        if is_for_channel(row, said, restricted):
            await _say(session, outbox, (channel, inquiry_id), [head, *replies], now)
            return
        await _take_out(session, outbox, (channel, inquiry_id), len(replies), now)
        inquiry.channel_id, inquiry.link = None, ""
    for person in await office_for(session, outbox.workspace_id, inquiry.asker_id):
        place = Place.person(person.pk)
        await _say(session, outbox, (place, inquiry_id), [head, *replies], now)


async def office_for(session: AsyncSession, workspace_id: int, asker_id: int) -> list[Person]:
    """Those of the PMO whom a person can ask: nobody answers themselves."""
    people = await pmo_people(session, workspace_id)
    return [each for each in people if each.pk != asker_id]


def thread_key(inquiry_id: int, entry_id: int) -> str:
    """What an answer stands under in the thread where the handbook was asked."""
    return f"inquiry-thread:{inquiry_id}:{entry_id}"


def head_key(inquiry_id: int, place: Place) -> str:
    """What the message of a question stands under, at a place."""
    return f"inquiry-pmo:{inquiry_id}:{place.name}"


async def is_out(session: AsyncSession, outbox: Outbox, key: str, reason: str) -> bool:
    """Whether Slack has, or is being given, what stands under a key; else it is taken back.

    What is so old that the ledger has dropped its text still stands in Slack.
    """
    standing = (await outbox.standing(session, [key])).get(key)
    if standing is None:
        found = await in_slack(session, outbox.workspace_id, key)
        return found is not None and found.ts is not None
    return standing.is_posted or not await outbox.withdraw(session, key, reason)


async def _say(
    session: AsyncSession,
    outbox: Outbox,
    where: tuple[Place, int],
    messages: Sequence[Message],
    now: datetime,
) -> None:
    """Say a question and what follows it, unless it is settled before anybody has read it."""
    place, inquiry_id = where
    key = head_key(inquiry_id, place)
    head, *replies = messages
    replied = {f"{key}:{number}": each for number, each in enumerate(replies, start=1)}
    is_open = isinstance(head, OfficeQuestion) and head.state is InquiryState.OPEN
    if not is_open and not await is_out(session, outbox, key, SETTLED):
        await outbox.withdraw_each(session, [key, *replied], SETTLED)
        return
    await outbox.say(session, head, to=place, key=key, now=now)
    await outbox.say_all(session, replied, to=Place.thread(key), now=now)


async def _take_out(
    session: AsyncSession, outbox: Outbox, where: tuple[Place, int], count: int, now: datetime
) -> None:
    """Leave no word of a question in a channel: of what is posted, that it goes on elsewhere."""
    place, inquiry_id = where
    key = head_key(inquiry_id, place)
    keys = [key, *(f"{key}:{number}" for number in range(1, count + 1))]
    for each in keys:
        if await is_out(session, outbox, each, SETTLED):
            to = place if each == key else Place.thread(key)
            await outbox.say(session, OfficeMoved(), to=to, key=each, now=now)


async def _clear_thread(
    session: AsyncSession,
    outbox: Outbox,
    inquiry: tuple[InquiryRow, Sequence[EntryRow]],
    restricted: Sequence[Project],
    now: datetime,
) -> None:
    """Take answers out of the thread where others read along, if they must not (any more)."""
    row, said = inquiry
    channel_id, ts = row.inquiry.asked_channel, row.inquiry.asked_ts
    if channel_id is None or ts is None:
        return
    for place, answer in enumerate(said):
        asked = [each for each in said[:place] if each.entry.step is InquiryStep.QUESTION]
        is_answer = answer.entry.step is InquiryStep.ANSWER
        if not is_answer or is_for_channel(row, [*asked, answer], restricted):
            continue
        key = thread_key(row.inquiry.pk, answer.entry.pk)
        if await is_out(session, outbox, key, SETTLED):
            moved, to = OfficeMoved(is_answer=True), Place.under(channel_id, ts)
            await outbox.say(session, moved, to=to, key=key, now=now)


def _head(row: InquiryRow, said: Sequence[EntryRow]) -> OfficeQuestion:
    inquiry = row.inquiry
    turns = turns_of(said)
    done = [each for each in turns if each.step in _DONE]
    last = done[-1] if done else None
    closed = newest(said, InquiryStep.CLOSED)
    return OfficeQuestion(
        inquiry_id=inquiry.pk,
        code=row.code,
        name=row.name,
        asker=row.asker.name,
        asked_at=inquiry.waiting_since,
        question=turns[0].text if turns else "",
        state=inquiry.state,
        asked=asked_name(row),
        is_asked_back=is_asked_back(said),
        by=_by(last, said),
        at=last.at if last else None,
        reason=closed.text if closed and inquiry.state is InquiryState.CLOSED else "",
    )


def _by(last: Turn | None, said: Sequence[EntryRow]) -> str:
    """Who has done what is done: of an answer all who have given one."""
    if last is None:
        return ""
    return (last.step is InquiryStep.ANSWER and answered_by(said)) or last.author


def _replies(said: Sequence[EntryRow]) -> list[OfficeTurn]:
    """All that came after the first question; that it was closed, the message itself says."""
    turns: list[Turn] = [each for each in turns_of(said) if each.step is not InquiryStep.CLOSED]
    return [OfficeTurn(each.author, each.at, each.step, each.text) for each in turns[1:]]
