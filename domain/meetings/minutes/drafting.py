"""Drafts the minutes of a meeting from what is on the record of it."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.attendance.loading import attended
from domain.meetings.attendance.values import Seat
from domain.meetings.minutes.values import (
    Attendee,
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
)
from models.enums import ItemState
from models.meetings.agenda import ItemRow, item_rows_of
from models.meetings.minutes import (
    GivenRow,
    MadeRow,
    given_in,
    made_in,
    made_out_of_cycle,
    next_meeting_of,
)
from models.portfolio import people_by_id

_BALLOT: Final = "ballot:"


async def draft_of(session: AsyncSession, about: About) -> Minutes:
    """What the record knows of a meeting that is over."""
    meeting = about.meeting
    items = await item_rows_of(session, meeting.pk, with_gone=True)
    items = [each for each in items if each.item.state is not ItemState.REMOVED]
    made = await made_in(session, meeting.pk)
    known = {each.item.pk for each in items}
    came = await attended(session, about)
    there = (*came.present, *came.by_alternate)
    ended_at = meeting.ended_at or meeting.starts_at
    following = await next_meeting_of(session, about.council.pk, max(ended_at, meeting.starts_at))
    noted = await made_out_of_cycle(session, meeting.pk, _ballots(items))
    return Minutes(
        council=about.council.name,
        title=about.title,
        starts_at=meeting.starts_at,
        began_at=meeting.started_at or meeting.starts_at,
        ended_at=ended_at,
        timezone=meeting.timezone,
        chair=await _chair(session, about),
        place=meeting.place,
        present=_attendees(there),
        apologies=_attendees(came.apologies),
        absent=_attendees(came.absent),
        seats_taken=sum(each.is_voting for each in there),
        seats_needed=came.needed,
        items=tuple(_item(each, made) for each in items),
        decisions=tuple(
            _decision(each) for each in made if each.decision.agenda_item_id not in known
        ),
        votes=tuple(_decision(each) for each in noted),
        actions=tuple(_action(each, made) for each in await given_in(session, meeting.pk)),
        next_at=following.starts_at if following else None,
    )


async def _chair(session: AsyncSession, about: About) -> str:
    person_id = about.meeting.chair_id or about.council.chair_id
    people = await people_by_id(session, [person_id] if person_id else [])
    return people[person_id].name if person_id in people else ""


def _attendees(seats: Iterable[Seat]) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(
            name=each.member.name,
            alternate=each.sitter.name if each.sitter != each.member and each.was_present else "",
            is_voting=each.is_voting,
        )
        for each in seats
    )


def _ballots(rows: Iterable[ItemRow]) -> list[int]:
    """The votes out of cycle that stood on the agenda and were dealt with."""
    return [
        int(row.item.source.removeprefix(_BALLOT))
        for row in rows
        if row.item.source.startswith(_BALLOT) and row.item.state is ItemState.DONE
    ]


def _item(row: ItemRow, made: Sequence[MadeRow]) -> MinutedItem:
    item = row.item
    return MinutedItem(
        item_id=item.pk,
        title=item.title,
        purpose=item.purpose,
        state=item.state,
        owner=row.owner.name if row.owner else "",
        note=item.note,
        is_consent=item.is_consent,
        decisions=tuple(
            _decision(each) for each in made if each.decision.agenda_item_id == item.pk
        ),
        project_id=item.project_id,
        code=row.project.code if row.project else "",
    )


def _decision(row: MadeRow) -> MinutedDecision:
    kept = row.decision
    return MinutedDecision(
        ref=f"D-{kept.number}",
        question=kept.question,
        outcome=kept.outcome,
        method=kept.method,
        chosen=kept.chosen,
        reason=kept.reason,
        conditions=tuple(kept.conditions),
        votes_for=kept.votes_for,
        votes_against=kept.votes_against,
        abstained=kept.abstained,
        voted_by_name=kept.voted_by_name,
        dissent=kept.dissent,
        interests=kept.interests,
        effective_on=kept.effective_on,
        had_quorum=kept.had_quorum,
        project_id=kept.project_id,
        code=row.project.code if row.project else "",
    )


def _action(row: GivenRow, made: Sequence[MadeRow]) -> MinutedAction:
    refs = {each.decision.pk: f"D-{each.decision.number}" for each in made}
    return MinutedAction(
        ref=f"A-{row.entry.number}",
        title=row.entry.title,
        owner=row.owner.name if row.owner else row.entry.owner_name,
        due_on=row.entry.due_on,
        decision=refs.get(row.origin.decision_id, "") if row.origin else "",
        is_condition=row.origin is not None and row.origin.is_condition,
        project_id=row.entry.project_id,
        code=row.project.code if row.project else "",
    )
