"""Hands what was asked to the deputy when whoever was asked goes on leave, and the other way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.collecting.asking.planning import day_words
from domain.collecting.handover.moving import move_request
from domain.collecting.reminding.rules import allowed_before
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.collecting import AbsentRequest
from models.enums import RequestState

LAST_PART: Final = 0.2
"""Whoever is back before this share of the window is left answers as soon as they are."""


@dataclass(frozen=True)
class StandIn:
    """Who gets a request, and why."""

    request_id: int
    person_id: int
    reason: str


async def stand_ins(session: AsyncSession, workspace_id: int, now: datetime) -> list[StandIn]:
    """The requests whose people are on leave, and somebody else can be asked instead."""
    absent = await store.requests_of_absent(session, workspace_id, now)
    if not absent:
        return []
    configuration = await load_configuration(session, workspace_id)
    people = {each.pm_id for each in absent} | {each.deputy_id for each in absent}
    times = await personal_times(session, workspace_id, people, configuration)
    return list(_decided(absent, times, now))


async def hand_on(session: AsyncSession, workspace_id: int, outbox: Outbox, now: datetime) -> bool:
    """Hand on what stands with somebody who is away; tell whether there was anything.

    Args:
        session: a writing one that holds the lock of planning.
        workspace_id: whose.
        outbox: where both are told.
        now: this instant.
    """
    has_moved = False
    for each in await stand_ins(session, workspace_id, now):
        row = await store.request_row(session, workspace_id, each.request_id, locked=True)
        if row is not None and row.request.state is RequestState.ASKED:
            await move_request(session, outbox, row, each.person_id, each.reason, now)
            has_moved = True
    return has_moved


def _decided(
    absent: Sequence[AbsentRequest], times: Mapping[int, PersonalTime], now: datetime
) -> Iterator[StandIn]:
    for each in absent:
        other_id = each.deputy_id if each.person_id == each.pm_id else each.pm_id
        reason = why_handed(times[each.person_id], times[other_id], each, now)
        if reason:
            yield StandIn(each.request_id, other_id, reason)


def why_handed(
    own: PersonalTime, other: PersonalTime, request: AbsentRequest, now: datetime
) -> str:
    """Why a request goes to somebody else; empty if it stays.

    It goes if its person is on leave today and not back well before the cut-off, and the other can
    be written to before that.
    """
    today = now.astimezone(own.zone).date()
    leave = own.away_on(today)
    if leave is None:
        return ""
    window = request.cut_off_at - request.ask_at
    is_back = allowed_before(own, now, request.cut_off_at - window * LAST_PART)
    if is_back or not allowed_before(other, now, _next(own, request, now)):
        return ""
    return f"on leave until {day_words(leave.until, today)}"


def _next(own: PersonalTime, request: AbsentRequest, now: datetime) -> datetime:
    """When the person could be written to, and the cut-off if that is later."""
    return allowed_before(own, now, request.cut_off_at) or request.cut_off_at
