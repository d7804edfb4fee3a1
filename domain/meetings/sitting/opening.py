"""Opens and closes a meeting, and hands its chair on."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import NotAllowedError
from domain.meetings.about import About, look_again
from domain.meetings.agenda.building import refresh
from domain.meetings.agenda.carrying import carry_on
from domain.meetings.sitting.moving import begin_first, leave_item
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
from models.enums import ErrandKind, ItemState
from models.meetings.agenda import items_of_meeting
from models.meetings.sitting import forget_errands, has_posted_minutes, items_carried_from

_AGAIN: Final = (ErrandKind.CLOSE, ErrandKind.DRAFT_MINUTES)
"""What comes of closing, and comes again when a reopened meeting is closed."""


async def open_meeting(table: Table, outbox: Outbox) -> Opened:
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
    await refresh(table.session, table.about, now)  # from now on the agenda follows nothing
    meeting.started_at = now
    meeting.chair_id = table.viewer.person_id
    meeting.quorum = table.about.settings.quorum
    meeting.revision += 1
    await sit_down(table, outbox)
    await begin_first(table)
    # Its time may have been over before the configuration gave it more.
    await forget_errands(table.session, meeting.pk, [ErrandKind.CLOSE])
    table.audit("opened", new=table.viewer.name)
    look_again(meeting, now)
    return await opened(table, is_new=True)


async def opened(table: Table, *, is_new: bool) -> Opened:
    """What is told about a meeting that runs: since when, and who opened it."""
    did = await table.last_step("opened", "reopened")
    return Opened(
        meeting_id=table.meeting.pk,
        title=table.title,
        timezone=table.meeting.timezone,
        at=table.meeting.started_at or table.now,
        by=did.who if did else "",
        is_new=is_new,
    )


async def take_chair(table: Table, outbox: Outbox) -> None:
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
    await sit_down(table, outbox)
    table.audit("chair", new=table.viewer.name)


async def close_meeting(table: Table, revision: int) -> About | None:
    """Close a meeting: what is left of its agenda goes on to the next one, which is returned.

    Raises:
        NotAllowedError: the person does not lead it, or somebody was faster.
    """
    refuse_who_does_not_lead(table)
    await refuse_stale(table, revision)
    following = await end(table.session, table.about, table.now)
    table.audit("closed")
    return following


async def end(session: AsyncSession, about: About, now: datetime) -> About | None:
    """Let a meeting be over; what is left of its agenda goes on to the one that is returned."""
    await leave_item(session, about, now)
    about.meeting.ended_at = now
    about.meeting.revision += 1
    await session.flush()
    following = await carry_on(session, about, now)
    look_again(about.meeting, now)
    return following


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
    await bring_back(table.session, meeting.pk)
    table.audit("reopened", old=meeting.ended_at.isoformat(timespec="minutes"))
    meeting.ended_at, meeting.reopened_at = None, table.now
    meeting.revision += 1
    await forget_errands(table.session, meeting.pk, _AGAIN)
    look_again(meeting, table.now)
    return await opened(table, is_new=True)


async def bring_back(session: AsyncSession, meeting_id: int) -> None:
    """Undo what closing did to the agenda; what somebody has changed there since stays there."""
    own = {each.pk: each for each in await items_of_meeting(session, meeting_id)}
    stays: set[int] = set()
    for each in await items_carried_from(session, list(own)):
        before = own[each.carried_from_id or 0]
        if each.added_at != before.added_at:
            each.carried_from_id = None  # it stood there already, built from the same
        elif each.revision == 1 and each.state is ItemState.OPEN:
            await session.delete(each)
        else:
            stays.add(before.pk)
    for item in own.values():
        if item.state is ItemState.CARRIED and item.pk not in stays:
            item.state = ItemState.OPEN
