"""Opens and closes a meeting, and hands its chair on."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError
from domain.meetings.about import About, look_again
from domain.meetings.sitting.presence import sit_down
from domain.meetings.sitting.rules import (
    is_here,
    why_not_open,
    why_not_reopen,
    why_not_take_over,
)
from domain.meetings.sitting.steps import refuse_stale, refuse_who_does_not_lead
from domain.meetings.sitting.table import Table
from domain.meetings.sitting.values import Opened
from models.enums import ErrandKind
from models.meetings.sitting import forget_errands, has_posted_minutes

CarryOn = Callable[[AsyncSession, About, datetime], Awaitable[None]]
"""Takes to the next meeting what this one leaves open."""

_AGAIN: Final = (ErrandKind.CLOSE, ErrandKind.DRAFT_MINUTES)
"""What comes of closing, and comes again when a reopened meeting is closed."""


async def open_meeting(table: Table) -> Opened:
    """Open a meeting; one that runs already stays as it is, and it is told since when.

    Raises:
        NotAllowedError: not now, or not by this person.
    """
    meeting, now = table.meeting, table.now
    if table.about.is_running:
        return await opened(table, is_new=False)
    if meeting.ended_at is not None:
        raise NotAllowedError(
            "This meeting has been closed. Whoever led it can open it again within an hour: "
            "`/project meeting reopen`."
        )
    if fault := why_not_open(table.standing, table.times, now):
        raise NotAllowedError(fault)
    meeting.started_at = now
    meeting.chair_id = table.viewer.person_id
    meeting.quorum = table.about.settings.quorum
    meeting.revision += 1
    await sit_down(table)
    table.audit("opened", new=table.viewer.name)
    look_again(meeting, now)
    return await opened(table, is_new=True)


async def opened(table: Table, *, is_new: bool) -> Opened:
    """What is told about a meeting that runs: since when, and who opened it."""
    did = await table.last_step("opened", "reopened")
    return Opened(
        meeting_id=table.meeting.pk,
        title=table.about.title,
        timezone=table.meeting.timezone,
        at=table.meeting.started_at or table.now,
        by=did.who if did else "",
        is_new=is_new,
    )


async def take_chair(table: Table) -> None:
    """Hand the chair of a meeting that runs to whoever asks for it.

    Raises:
        NotAllowedError: somebody runs it who is there.
    """
    meeting = table.meeting
    acting_is_here = is_here(table.roster, meeting.chair_id)
    if fault := why_not_take_over(table.standing, acting_is_here=acting_is_here):
        raise NotAllowedError(fault)
    meeting.chair_id = table.viewer.person_id
    meeting.revision += 1
    await sit_down(table)
    table.audit("chair", new=table.viewer.name)


async def close_meeting(table: Table, revision: int, carry_on: CarryOn) -> None:
    """Close a meeting: what is left of its agenda goes on to the next one.

    Raises:
        NotAllowedError: the person does not lead it, or somebody was faster.
    """
    refuse_who_does_not_lead(table)
    await refuse_stale(table, revision)
    await end(table.session, table.about, table.now, carry_on)
    table.audit("closed")


async def end(session: AsyncSession, about: About, now: datetime, carry_on: CarryOn) -> None:
    """Let a meeting be over."""
    about.meeting.ended_at = now
    about.meeting.revision += 1
    await session.flush()
    await carry_on(session, about, now)
    look_again(about.meeting, now)


async def reopen_meeting(table: Table) -> Opened:
    """Open a meeting again that was closed by mistake.

    Raises:
        NotAllowedError: the person did not lead it, it is too late, or its minutes are posted.
    """
    meeting = table.meeting
    refuse_who_does_not_lead(table)
    if meeting.started_at is None:
        raise NotAllowedError("This meeting has not been opened yet: `/project meeting open`.")
    if meeting.ended_at is None:
        return await opened(table, is_new=False)
    is_posted = await has_posted_minutes(table.session, meeting.pk)
    if fault := why_not_reopen(table.times, table.now, is_posted=is_posted):
        raise NotAllowedError(fault)
    table.audit("reopened", old=meeting.ended_at.isoformat(timespec="minutes"))
    meeting.ended_at = None
    meeting.revision += 1
    await forget_errands(table.session, meeting.pk, _AGAIN)
    look_again(meeting, table.now)
    return await opened(table, is_new=True)
