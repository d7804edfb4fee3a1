"""Finds the meeting that somebody means, by its council's name or by what there is just now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFoundError
from domain.meetings.access import Seen, council_named, seen_by
from domain.meetings.sitting.rules import EARLIEST
from domain.portfolio.values import Viewer
from models.meetings import Meeting
from models.meetings.queries import meetings_between
from models.meetings.sitting import running_meetings
from models.portfolio import Council

_AROUND: Final = timedelta(days=3)
"""What begins or began farther from now is neither opened, nor open by mistake."""


async def to_open(
    session: AsyncSession, workspace_id: int, viewer: Viewer, named: str, now: datetime
) -> int:
    """The meeting that is to be opened: the one whose hour is nearest, or that runs already.

    Where it is too early for all, it is the one that comes first: who opens it tells whether the
    person ever may, and from when on.

    Raises:
        NotFoundError: there is none, or none of that council.
    """
    seen = await seen_by(session, workspace_id, viewer)
    councils = {each.pk: each for each in _meant(seen, named)}
    near = await meetings_between(session, workspace_id, now - _AROUND, now + _AROUND)
    open_ones = [each for each in near if each.council_id in councils and each.ended_at is None]
    possible = [each for each in open_ones if each.starts_at - EARLIEST <= now]
    running = [each for each in possible if each.started_at is not None]
    found = running or possible or sorted(open_ones, key=_start)[:1]
    if not found:
        raise NotFoundError(_nothing_to_open(councils.values()))
    # Of several that nobody has opened, the one whose hour is nearest is meant.
    return _only(sorted(found, key=lambda each: now - each.starts_at), councils)


async def running_one(
    session: AsyncSession, workspace_id: int, viewer: Viewer, named: str, now: datetime
) -> int:
    """The meeting that runs, or that was closed last.

    Raises:
        NotFoundError: there is none, or several run.
    """
    seen = await seen_by(session, workspace_id, viewer)
    councils = {each.pk: each for each in _meant(seen, named)}
    running = [
        each
        for each in await running_meetings(session, workspace_id)
        if each.council_id in councils
    ]
    if running:
        return _only(running, councils)
    return await last_closed(session, workspace_id, viewer, named, now)


async def last_closed(
    session: AsyncSession, workspace_id: int, viewer: Viewer, named: str, now: datetime
) -> int:
    """The meeting that was closed last.

    Raises:
        NotFoundError: none was closed in the last days.
    """
    seen = await seen_by(session, workspace_id, viewer)
    councils = {each.pk for each in _meant(seen, named)}
    near = await meetings_between(session, workspace_id, now - _AROUND, now + _AROUND)
    closed = [
        (each.ended_at, each.pk)
        for each in near
        if each.council_id in councils and each.ended_at is not None
    ]
    if not closed:
        raise NotFoundError(
            "No meeting runs, and none was closed in the last days. `/project meeting open` opens "
            "the one whose hour has come."
        )
    return max(closed)[1]


def _meant(seen: Seen, named: str) -> Sequence[Council]:
    return council_named(seen, named) if named.strip() else seen.councils


def _only(found: Sequence[Meeting], councils: dict[int, Council]) -> int:
    """The one meeting that is meant; of one council it is the first.

    Raises:
        NotFoundError: several councils meet.
    """
    names = sorted({councils[each.council_id].name for each in found})
    if len(names) > 1:
        raise NotFoundError(
            f"Several councils meet now: {', '.join(names)}. Write which one you mean behind it."
        )
    return found[0].pk


def _nothing_to_open(councils: Iterable[Council]) -> str:
    names = ", ".join(each.name for each in councils)
    return (
        f"No meeting of {names or 'any council'} is near. `/project meeting list` shows those "
        "that are planned."
    )


def _start(meeting: Meeting) -> datetime:
    return meeting.starts_at
