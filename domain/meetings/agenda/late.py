"""Asks the chair about what comes after the pack, and tells who wrote it what the chair said."""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.logs.record import viewer_of
from domain.meetings.about import About
from domain.meetings.access import everybodys_text, seen_by
from domain.meetings.agenda.loading import exists_for, item_of
from domain.meetings.agenda.messages import LateAnswer, LateItem, LateVerdict
from domain.portfolio.values import Viewer
from models.delivery.rows import pmo_people
from models.meetings.agenda import ItemRow
from models.portfolio import members_of_council, people_by_id


async def ask(
    session: AsyncSession, outbox: Outbox, about: About, row: ItemRow, now: datetime
) -> None:
    """Ask who runs the meeting, or the PMO where nobody does."""
    message = _question(about, row)
    for person_id in await _deciders(session, about, row):
        to, key = Place.person(person_id), _key(row.item.pk, person_id)
        await outbox.say(
            session, message, to=to, key=key, now=now, expires_at=about.meeting.starts_at
        )


async def settle(
    session: AsyncSession,
    outbox: Outbox,
    about: About,
    row: ItemRow,
    settled: tuple[LateVerdict, Viewer, datetime],
) -> None:
    """Have the question say what was answered, wherever it was asked.

    Args:
        session: a writing one.
        outbox: where it is said.
        about: the meeting for which it came too late.
        row: the item.
        settled: what was answered, by whom, when.
    """
    verdict, by, now = settled
    keys = {_key(row.item.pk, each): each for each in await _askable(session, about)}
    for key, known in (await outbox.standing(session, keys.keys())).items():
        if isinstance(known.message, LateItem):
            message = replace(known.message, verdict=verdict, by=by.name, at=now)
            await outbox.say(session, message, to=Place.person(keys[key]), key=key, now=now)


async def answer(
    session: AsyncSession, outbox: Outbox, row: ItemRow, told: LateAnswer, now: datetime
) -> None:
    """Tell who wrote an item what became of it."""
    if row.added_by is not None and not row.added_by.is_gone:
        key = f"agenda:{row.item.pk}:answer"
        await outbox.say(session, told, to=Place.person(row.added_by.pk), key=key, now=now)


async def _askable(session: AsyncSession, about: About) -> set[int]:
    """Everybody whom it may have been asked, whoever has the chair since."""
    members = await members_of_council(session, about.council.pk)
    pmo = await pmo_people(session, about.council.workspace_id)
    chairs = {about.council.chair_id, about.meeting.chair_id} - {None}
    return {person.pk for person in (*pmo, *(each for _, each in members))} | {
        each for each in chairs if each is not None
    }


async def _deciders(session: AsyncSession, about: About, row: ItemRow) -> list[int]:
    """Who runs the meeting; the PMO, where nobody does, or they may not know what it names."""
    chair = about.meeting.chair_id if about.is_running else about.council.chair_id
    known = await people_by_id(session, [chair]) if chair is not None else {}
    workspace_id = about.council.workspace_id
    for person in known.values():
        seen = await seen_by(session, workspace_id, await viewer_of(session, person))
        item = item_of(row, await everybodys_text(session, workspace_id))
        if not person.is_gone and exists_for(seen, item):
            return [person.pk]
    return [each.pk for each in await pmo_people(session, workspace_id)]


def _key(item_id: int, person_id: int) -> str:
    return f"agenda:{item_id}:late:{person_id}"


def _question(about: About, row: ItemRow) -> LateItem:
    item = row.item
    return LateItem(
        item_id=item.pk,
        council=about.council.name,
        starts_at=about.meeting.starts_at,
        timezone=about.meeting.timezone,
        title=item.title,
        text=item.text,
        purpose=item.purpose,
        minutes=item.minutes,
        code=row.project.code if row.project else "",
        writer=row.added_by.name if row.added_by else "",
    )
