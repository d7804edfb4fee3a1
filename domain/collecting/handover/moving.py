"""Moves a request from somebody who was asked to somebody else, and tells both."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.collecting.asking.requests import request_key, say_requests
from domain.collecting.messages import HandedOver
from domain.collecting.reminding.reminders import schedule_reminder
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from models.collecting import RequestMove, RequestRow
from models.portfolio import people_by_id


async def move_request(
    session: AsyncSession,
    outbox: Outbox,
    row: RequestRow,
    to_person_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Give a request to somebody else; the message of who had it says so.

    Whoever gets it is asked as soon as their hours allow it: their request message of today has it
    then. If that message is out already, a short one beside it tells them, because Slack notifies
    nobody of an edit.

    Args:
        session: a writing one.
        outbox: where it is said.
        row: the request with its cycle, both locked; somebody was asked for it.
        to_person_id: who answers from now on.
        reason: why, in a few words: "new PM", "handed to the deputy".
        now: this instant.
    """
    request = row.request
    if request.person_id == to_person_id:
        return
    asks_on = await _first_day(session, row, to_person_id, now)
    before = (request.person_id, request.asks_on)
    move = RequestMove(
        workspace_id=request.workspace_id,
        request_id=request.pk,
        person_id=request.person_id,
        asks_on=request.asks_on,
        to_person_id=to_person_id,
        moved_at=now,
        reason=reason,
    )
    session.add(move)
    request.person_id, request.asks_on, request.reason = to_person_id, asks_on, reason
    request.snoozed_until = None
    await session.flush()
    await schedule_reminder(session, [request], now)
    key = request_key(to_person_id, asks_on)
    if await outbox.is_said(session, key):
        await _tell(session, outbox, row, move, now)
    people = [before, (to_person_id, asks_on)]
    await say_requests(session, request.workspace_id, outbox, people, now)


async def _first_day(session: AsyncSession, row: RequestRow, person_id: int, now: datetime) -> date:
    """The day in the calendar of who gets a request on which they can first be written to.

    Today, if they can't be before the cut-off: the gatekeeper then sends it all the same.
    """
    workspace_id = row.request.workspace_id
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, [person_id], configuration)
    own = times[person_id]
    try:
        allowed = own.allowed_from(now)
    except ValueError:  # a calendar without a working day
        allowed = now
    return _day(allowed if allowed < row.cycle.cut_off_at else now, own.zone)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


async def _tell(
    session: AsyncSession, outbox: Outbox, row: RequestRow, move: RequestMove, now: datetime
) -> None:
    request = row.request
    people = await people_by_id(session, [move.person_id])
    message = HandedOver(
        request_id=request.pk,
        code=row.project.code,
        name=row.project.name,
        from_name=people[move.person_id].name,
        reason=request.reason,
        cut_off_at=row.cycle.cut_off_at,
    )
    await outbox.say(
        session,
        message,
        to=Place.person(request.person_id),
        # Each move is told: an edit of what was said of one before notifies nobody.
        key=f"handed:{request.pk}:{request.person_id}:{move.pk}",
        now=now,
        expires_at=row.cycle.cut_off_at if row.cycle.cut_off_at > now else None,
    )
