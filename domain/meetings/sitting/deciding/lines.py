"""What is typed in one line: in a meeting that runs it belongs to that, else to its council."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.errors import FieldErrors, NotFoundError, UnreadableError
from domain.meetings.access import Seen, run_by, seen_by
from domain.meetings.actions.giving import ActionWish, give_action
from domain.meetings.attendance.loading import named
from domain.meetings.attendance.rules import seats_needed
from domain.meetings.attendance.values import Roster, Seat
from domain.meetings.decisions.recording import record_decision
from domain.meetings.sitting.acting import given, known_people, project_of, refuse_no_member
from domain.meetings.sitting.deciding.keeping import (
    decide_now,
    decided_of,
    decisions_about,
    recorded,
)
from domain.meetings.sitting.deciding.rules import read_line
from domain.meetings.sitting.moving import agenda_seen
from domain.meetings.sitting.reading.rules import named_before, read_action
from domain.meetings.sitting.reading.values import ReadAction, Typed
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.steps import refuse_who_does_not_lead
from domain.meetings.sitting.table import Table, table_for
from domain.meetings.sitting.values import Given, Recorded
from domain.portfolio.values import Viewer
from models.meetings.attendance import seat_rows_of
from models.meetings.sitting import decisions_since, running_meetings
from models.portfolio import Council, lock_council

_USUAL: Final = "majority"
_TWICE: Final = timedelta(minutes=10)
"""Within which the same line means the same decision."""


@dataclass(frozen=True)
class Place:
    """Where something that was typed belongs."""

    session: AsyncSession
    seen: Seen
    council: Council
    text: str
    """Without the council's name."""
    now: datetime
    table: Table | None
    """The meeting, if the council sits just now."""


async def place_of(
    session: AsyncSession, workspace_id: int, viewer: Viewer, text: str, now: datetime
) -> Place:
    """Find where a line belongs: `ITS Council: ...`, the meeting that runs, one's only council.

    Raises:
        NotAllowedError: it belongs to no meeting that runs, and the person does not run the
            council's meetings.
        NotFoundError: it belongs to none.
    """
    seen = await seen_by(session, workspace_id, viewer)
    names = {each.name: each.pk for each in seen.councils}
    council_id, rest = named_before(text, names)
    running = {
        each.council_id: each.pk
        for each in await running_meetings(session, workspace_id)
        if each.council_id in names.values()
    }
    council_id = council_id or _only_one(running) or _only_one(dict.fromkeys(viewer.council_ids))
    if council_id is None:
        known = ", ".join(names) or "none that you know of"
        raise NotFoundError(f"Write for which council, before a colon. There are: {known}.")
    if council_id not in running:
        return Place(session, seen, run_by(seen, council_id), rest, now, None)
    table = await table_for(session, workspace_id, viewer, running[council_id], now)
    return Place(session, seen, table.about.council, rest, now, table)


def _only_one(found: dict[int, int] | dict[int, None]) -> int | None:
    return next(iter(found)) if len(found) == 1 else None


async def decide(place: Place, settlers: Settlers) -> Recorded:
    """Record a decision that was typed in one line.

    In a meeting it is about the current item, if that is about the same project or none is named.

    Raises:
        NotAllowedError: not by this person, or there is no quorum.
        UnreadableError: it can't be read.
    """
    try:
        typed = read_line(place.text)
    except ValueError as error:
        raise UnreadableError(f"{error}.") from error
    try:
        if place.table is None:
            return await _decide_outside(place, typed)
        return await _decide_inside(place, place.table, typed, settlers)
    except FieldErrors as error:
        raise UnreadableError(" ".join(error.errors.values())) from error


async def _decide_inside(place: Place, table: Table, typed: Typed, settlers: Settlers) -> Recorded:
    refuse_who_does_not_lead(table)
    item = (await agenda_seen(table)).current
    if item and typed.project and typed.project.casefold() != item.code.casefold():
        item = None
    if item is not None:
        typed = replace(typed, project=item.code)
    if told := await _told_before(place, typed):
        return told
    known = len(await decisions_about(table, item.item_id)) if item else 0
    return await decide_now(table, item.item_id if item else None, typed, known, settlers)


async def _decide_outside(place: Place, typed: Typed) -> Recorded:
    session, council = place.session, place.council
    await lock_council(session, council.pk)
    if told := await _told_before(place, typed):
        return told
    project = await project_of(session, council, place.seen, typed.project)
    roster = await _whole_council(place)
    today = place.now.astimezone(zone_of(council.timezone, place.seen.configuration)).date()
    people = await known_people(session, place.seen.viewer, council)
    decided = decided_of(typed, people, roster, len(roster.voting), today)
    votes = (decided.votes_for, decided.votes_against, decided.abstained)
    counted = sum(each or 0 for each in votes)
    decision = await record_decision(
        session,
        council,
        replace(
            decided,
            project_id=project.pk if project else None,
            had_quorum=decided.votes_for is None or counted >= roster.needed,
        ),
        place.seen.viewer,
        place.now,
    )
    return recorded(council, decision, project)


async def _told_before(place: Place, typed: Typed) -> Recorded | None:
    """The same decision, where it was recorded minutes ago: a line is easily sent twice."""
    meeting = place.table.meeting if place.table else None
    rows = await decisions_since(
        place.session, place.council.pk, meeting.pk if meeting else None, place.now - _TWICE
    )
    wanted = (_plain(typed.question), typed.outcome, typed.project.casefold())
    for decision, project in rows:
        if project is not None and project.pk not in place.seen.projects:
            continue
        code = project.code.casefold() if project else ""
        if (_plain(decision.question), decision.outcome, code) == wanted:
            told = recorded(place.council, decision, project)
            return replace(told, meeting=place.table.title if place.table else "", is_known=True)
    return None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


async def _whole_council(place: Place) -> Roster:
    """Everybody with a seat: outside of a meeting nobody is there or not."""
    rows = await seat_rows_of(place.session, place.council.pk, 0)
    seats = tuple(
        Seat(named(row.person), row.member.voting) for row in rows if not row.person.is_gone
    )
    rule = next(
        (
            each.meetings.quorum
            for each in place.seen.configuration.councils
            if each.name == place.council.name and each.meetings
        ),
        _USUAL,
    )
    return Roster(seats, seats_needed(rule, sum(each.is_voting for each in seats)), rule)


async def act(place: Place) -> Given:
    """Give out an action that was typed in one line.

    Raises:
        NotAllowedError: not by this person.
        UnreadableError: it can't be read.
    """
    session, council = place.session, place.council
    if place.table is not None:
        refuse_no_member(place.table)
    try:
        read_one = await _read_action(place)
        agenda = await agenda_seen(place.table) if place.table else None
        on_agenda = [each.project_id for each in agenda.items] if agenda else []
        project = await project_of(session, council, place.seen, read_one.code, on_agenda)
        meeting = place.table.meeting if place.table else None
        wish = ActionWish(
            read_one.title,
            read_one.owner.person_id,
            read_one.due_on,
            project.pk if project else None,
        )
        entry = await give_action(
            session, council, wish, place.seen.viewer, place.now, meeting=meeting
        )
    except FieldErrors as error:
        raise UnreadableError(" ".join(error.errors.values())) from error
    title = place.table.title if place.table else ""
    return await given(session, council, entry, project, title)


async def _read_action(place: Place) -> ReadAction:
    zone = zone_of(place.council.timezone, place.seen.configuration)
    today = place.now.astimezone(zone).date()
    people = await known_people(place.session, place.seen.viewer, place.council)
    try:
        return read_action(place.text, people, today)
    except ValueError as error:
        raise UnreadableError(f"{error}.") from error
