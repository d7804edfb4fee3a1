"""Whose request it is: finds what somebody may answer, in one place for every way of answering."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.collecting.asking.planning import day_words
from domain.collecting.errors import NotWantedError
from domain.collecting.values import Readers
from domain.errors import NotAllowedError, NotFoundError
from domain.portfolio.rules import may_report, may_see
from domain.portfolio.values import ProjectFacts, Viewer
from models import collecting as store
from models.collecting import RequestRow
from models.enums import RequestState, Visibility
from models.portfolio import Project, people_by_id

GONE: Final = (
    "This status request is not there any more. `/project mine` lists what is due from you."
)

_ANSWERED: Final = (RequestState.ANSWERED, RequestState.UNCHANGED, RequestState.LATE)


async def own_request(
    session: AsyncSession, viewer: Viewer, workspace_id: int, request_id: int, *, locked: bool
) -> RequestRow:
    """The request itself, if the person may answer it; locked, if it is about to be changed.

    Raises:
        NotFoundError: there is no such request, or not for this person.
        NotAllowedError: the person may see the project, and not answer for it.
    """
    row = await store.request_row(session, workspace_id, request_id, locked=locked)
    if row is None or not may_see(viewer, facts_of(row.project)):
        raise NotFoundError(GONE)
    if not may_report(viewer, facts_of(row.project)):
        people = await people_by_id(session, [row.project.pm_id])
        msg = (
            f"Only the PM of {row.project.code} ({people[row.project.pm_id].name}), the deputy "
            "and the PMO can report on it."
        )
        raise NotAllowedError(msg)
    return row


async def meant_request(
    session: AsyncSession, viewer: Viewer, workspace_id: int, request_id: int
) -> RequestRow:
    """The request that pressing a message's button means today: the project's newest.

    Raises:
        NotFoundError: there is no such request, or not for this person.
        NotAllowedError: the person may see the project, and not answer for it.
    """
    row = await own_request(session, viewer, workspace_id, request_id, locked=False)
    newest = await store.newest_request_row(session, workspace_id, row.project.pk)
    return newest if newest and newest.request.opens_on > row.request.opens_on else row


def note_of_older(pressed: RequestRow, meant: RequestRow) -> str:
    """What is said where an old message's button opened the newest request; else nothing."""
    if pressed.request.pk == meant.request.pk:
        return ""
    new, old = meant.request.opens_on, pressed.request.opens_on
    return (
        f"This is the request of {day_words(new, old)}; "
        f"your message of {day_words(old, new)} is over."
    )


async def check_wanted(session: AsyncSession, row: RequestRow, now: datetime) -> None:
    """Refuse an answer that nobody wants; what is answered may be corrected all the same.

    Raises:
        NotWantedError: the project is on hold, or in a phase that nobody is asked in.
    """
    if row.request.state in _ANSWERED:
        return
    project = row.project
    today = now.astimezone(parse_zone(row.cycle.timezone)).date()
    if project.hold_until is not None and project.hold_until >= today:
        why = f": {project.hold_reason}" if project.hold_reason else ""
        msg = (
            f"{project.code} is on hold until {day_words(project.hold_until, today)}{why}. "
            "Press *Resume* in the request message, and its status can be given again."
        )
        raise NotWantedError(msg)
    if not await store.is_asked_in_phase(session, row.request.pk):
        phase = await store.phase_of_request(session, row.request.workspace_id, row.request.pk)
        msg = (
            f"{project.code} is in the phase “{phase}”, in which no status is asked for. "
            "If that is wrong, tell the PMO."
        )
        raise NotWantedError(msg)


def facts_of(project: Project) -> ProjectFacts:
    """What decides about who may see a project and report on it."""
    return ProjectFacts(
        visibility=project.visibility,
        council_id=project.council_id,
        pm_id=project.pm_id,
        deputy_id=project.deputy_id,
        sponsor_id=project.sponsor_id,
    )


def readers_of(row: RequestRow) -> Readers:
    """Who will read the answer to a request, where and when."""
    return Readers(
        council=row.council.name,
        channel_id=row.council.channel_id,
        channel_name=row.council.channel_name,
        at=row.cycle.digest_at,
        is_restricted=row.project.visibility is Visibility.RESTRICTED,
    )
