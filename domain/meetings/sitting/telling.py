"""Makes of a meeting's record what its card tells, for the channel or for one person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.access import Seen, everybodys_text
from domain.meetings.agenda.loading import agenda_of, seen_in
from domain.meetings.agenda.values import Agenda, Item
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.telling import here_told
from domain.meetings.auditing import subject_of
from domain.meetings.sitting.messages import (
    ActionTold,
    CardTold,
    DecisionTold,
    ItemTold,
    LiveCard,
)
from domain.meetings.sitting.rules import items_ahead
from models.enums import ItemState, Visibility
from models.meetings.sitting import (
    ActionRow,
    DecisionRow,
    actions_of_meeting,
    decisions_of_meeting,
    last_done,
)
from models.portfolio import Project, people_by_id

AHEAD: Final = 2
"""Items that the channel's card names beside the current one."""

LAST: Final = 3
"""Decisions and actions that it names, the newest; the others are counted."""

T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """Who reads a card, and what exists for them."""

    knows: Callable[[Project | None], bool]
    open_text: Callable[[str], str]
    """A text, or nothing if it names what does not exist for them."""
    agenda: Callable[[Agenda], Agenda]
    is_channel: bool = False
    """Others read it as well, and later: it is short, and its numbers tell nothing."""

    def may_read(self, project: Project | None, *texts: str) -> bool:
        """Whether something about a project, in these words, exists for them."""
        return self.knows(project) and all(self.open_text(text) == text for text in texts)


async def everybody(session: AsyncSession, workspace_id: int) -> Reader:
    """Whoever is in a council's channel."""
    return Reader(
        knows=lambda project: project is None or project.visibility is Visibility.OPEN,
        open_text=await everybodys_text(session, workspace_id),
        agenda=lambda agenda: agenda.open_for_all(),
        is_channel=True,
    )


def one_person(seen: Seen) -> Reader:
    """Somebody who looks for themselves."""
    return Reader(
        knows=partial(_exists_for, seen),
        open_text=seen.open_text,
        agenda=lambda agenda: seen_in(agenda, seen),
    )


def _exists_for(seen: Seen, project: Project | None) -> bool:
    """Whether something about a project exists for somebody; for guests nothing about none."""
    return not seen.viewer.is_guest if project is None else project.pk in seen.projects


async def card_of(session: AsyncSession, about: About, reader: Reader, now: datetime) -> CardTold:
    """A meeting that was opened, as a reader may know of it."""
    meeting = about.meeting
    whole = await agenda_of(session, about)
    agenda = reader.agenda(whole)
    hidden = {each.item_id for each in whole.items} - {each.item_id for each in agenda.items}
    current = agenda.current
    ends_at = _ends_at(current)
    ahead = items_ahead(agenda.items, current.item_id if current else None)
    made = [
        _decision(each, reader)
        for each in await decisions_of_meeting(session, meeting.pk)
        if each.decision.agenda_item_id not in hidden
    ]
    given = [_action(each, reader) for each in await actions_of_meeting(session, meeting.pk)]
    decisions, actions = list(filter(None, made)), list(filter(None, given))
    parked = [each.title for each in agenda.items if each.state is ItemState.PARKED]
    return CardTold(
        meeting_id=meeting.pk,
        revision=meeting.revision,
        title=reader.open_text(meeting.title) or about.council.name,
        timezone=meeting.timezone,
        began_at=meeting.started_at or meeting.starts_at,
        chair=await _name(session, meeting.chair_id),
        here=here_told(await roster_of(session, about)),
        current=_item(agenda, current) if current else None,
        ends_at=ends_at,
        is_over=ends_at is not None and now >= ends_at,
        ahead=tuple(_item(agenda, each) for each in ahead[: AHEAD if reader.is_channel else None]),
        left=len(ahead),
        consent=tuple(_item(agenda, each) for each in agenda.consent if each.is_ahead),
        decisions=tuple(_last(decisions, reader)),
        decided=len(decisions),
        actions=tuple(_last(actions, reader)),
        given=len(actions),
        parked=tuple(parked),
        ended_at=meeting.ended_at,
        closed_by=await _closed_by(session, about),
    )


def _last(told: Sequence[T], reader: Reader) -> Sequence[T]:
    return told[-LAST:] if reader.is_channel else told


def _ends_at(current: Item | None) -> datetime | None:
    if current is None or current.started_at is None or not current.minutes:
        return None
    return current.started_at + timedelta(minutes=current.minutes)


def _item(agenda: Agenda, item: Item) -> ItemTold:
    return ItemTold(
        item_id=item.item_id,
        number=agenda.number_of(item.item_id),
        title=item.title,
        purpose=item.purpose,
        minutes=item.minutes,
        owner=item.owner.name if item.owner else "",
        code=item.code,
        is_restricted=item.is_restricted,
        is_left=item.is_ahead and item.started_at is not None,
    )


def _decision(row: DecisionRow, reader: Reader) -> DecisionTold | None:
    kept = row.decision
    if not reader.may_read(row.project, kept.question, kept.chosen):
        return None
    counts = (kept.votes_for, kept.votes_against, kept.abstained)
    return DecisionTold(
        question=kept.question,
        outcome=kept.outcome,
        chosen=kept.chosen,
        code=row.project.code if row.project else "",
        votes=None if kept.votes_for is None else (counts[0] or 0, counts[1] or 0, counts[2] or 0),
        conditions=len(kept.conditions),
        has_quorum=kept.had_quorum,
        ref="" if reader.is_channel else f"D-{kept.number}",
    )


def _action(row: ActionRow, reader: Reader) -> ActionTold | None:
    if not reader.may_read(row.project, row.entry.title):
        return None
    return ActionTold(
        title=row.entry.title,
        owner=row.owner.name if row.owner else row.entry.owner_name,
        due_on=row.entry.due_on,
        code=row.project.code if row.project else "",
        ref="" if reader.is_channel else f"A-{row.entry.number}",
    )


async def _name(session: AsyncSession, person_id: int | None) -> str:
    people = await people_by_id(session, [person_id] if person_id else [])
    return people[person_id].name if person_id in people else ""


async def _closed_by(session: AsyncSession, about: About) -> str:
    if about.meeting.ended_at is None:
        return ""
    subject = subject_of(about.council, about.meeting)
    row = await last_done(session, about.meeting.workspace_id, subject, ["closed"])
    return row.person.name if row and row.person else ""


def card_key(about: About) -> str:
    """Under which the ledger has a meeting's card.

    By the channel as well: where a council moves while it meets, its card goes on in the new one.
    """
    return f"meeting:{about.meeting.pk}:card:{about.council.channel_id}"


class CardVoice:
    """Says the card of a meeting in its channel, and says it again when something has changed."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def post(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Post the card of a meeting that has been opened, or bring it up to date."""
        await session.flush()
        reader = await everybody(session, about.meeting.workspace_id)
        await self._outbox.say(
            session,
            LiveCard(await card_of(session, about, reader, now)),
            to=Place.channel(about.council.channel_id),
            key=card_key(about),
            now=now,
        )

    async def again(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Bring a card that stands up to date: the voice of this topic."""
        if about.meeting.started_at is None:
            return
        key = card_key(about)
        if about.is_running or key in await self._outbox.standing(session, [key]):
            await self.post(session, about, now)
