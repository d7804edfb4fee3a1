"""Which meetings there are, and who reads them from a calendar."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.digests.setbacks import is_not_put_off
from models.enums import Composing, ErrandKind, MeetingState, Visibility
from models.meetings.tables import CalendarFeed, Errand, Meeting
from models.portfolio import Project


async def meetings_of(
    session: AsyncSession, workspace_id: int, council_ids: Collection[int]
) -> Sequence[Meeting]:
    """All meetings that some councils ever had, by their time."""
    found = await session.exec(
        select(Meeting)
        .where(Meeting.workspace_id == workspace_id, col(Meeting.council_id).in_(council_ids))
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return found.all()


async def coming_meetings(
    session: AsyncSession, workspace_id: int, since: datetime
) -> Sequence[Meeting]:
    """The meetings of all councils that begin at an instant or later, by their time.

    Those that are cancelled stand among them, those that a series has dropped do not.
    """
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.workspace_id == workspace_id,
            col(Meeting.starts_at) >= since,
            Meeting.state != MeetingState.DROPPED,
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return found.all()


async def meeting_by_id(
    session: AsyncSession, workspace_id: int, meeting_id: int, *, locked: bool = False
) -> Meeting | None:
    """The meeting of a number, as buttons carry it; locked, if it is about to be changed."""
    statement = select(Meeting).where(
        Meeting.workspace_id == workspace_id,
        Meeting.id == meeting_id,
        Meeting.state != MeetingState.DROPPED,
    )
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).first()


async def meetings_between(
    session: AsyncSession, workspace_id: int, since: datetime, until: datetime
) -> Sequence[Meeting]:
    """The meetings that take place and begin within a time, by their time."""
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.workspace_id == workspace_id,
            Meeting.state == MeetingState.PLANNED,
            col(Meeting.starts_at).between(since, until),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
    )
    return found.all()


async def called_meetings(
    session: AsyncSession, workspace_id: int, since: datetime
) -> Sequence[Meeting]:
    """The meetings that begin at an instant or later of which something is posted; locked.

    That is the call, the card or the minutes. Those that are cancelled since, or dropped by their
    series, stand among them.
    """
    found = await session.exec(
        select(Meeting)
        .where(
            Meeting.workspace_id == workspace_id,
            col(Meeting.starts_at) >= since,
            or_(
                col(Meeting.frozen_at).is_not(None),
                col(Meeting.started_at).is_not(None),
                col(Meeting.minutes_posted_at).is_not(None),
            ),
        )
        .order_by(col(Meeting.starts_at), col(Meeting.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def meeting_to_look_at(session: AsyncSession, workspace_id: int, now: datetime) -> int | None:
    """The meeting at which the clock is to look first; None if it need not look at any.

    What its series has dropped is no meeting any more: nothing comes to be due for it.
    """
    found = await session.exec(
        select(Meeting.id)
        .where(
            Meeting.workspace_id == workspace_id,
            Meeting.state != MeetingState.DROPPED,
            col(Meeting.next_at) <= now,
            is_not_put_off(Composing.MEETING, col(Meeting.id), now),
        )
        .order_by(col(Meeting.next_at), col(Meeting.id))
        .limit(1)
    )
    return found.first()


async def done_errands(session: AsyncSession, meeting_id: int) -> frozenset[ErrandKind]:
    """What is behind a meeting, done or left out."""
    found = await session.exec(select(Errand).where(Errand.meeting_id == meeting_id))
    return frozenset(each.kind for each in found.all())


async def feed_of(session: AsyncSession, person_id: int) -> CalendarFeed | None:
    """The address that somebody has now, if they have one."""
    found = await session.exec(
        select(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, col(CalendarFeed.revoked_at).is_(None))
        .order_by(col(CalendarFeed.id).desc())
    )
    return found.first()


async def feed_by_hash(
    session: AsyncSession, workspace_id: int, token_hash: str
) -> CalendarFeed | None:
    """The feed of an address; None if it was revoked."""
    found = await session.exec(
        select(CalendarFeed).where(
            CalendarFeed.workspace_id == workspace_id,
            CalendarFeed.token_hash == token_hash,
            col(CalendarFeed.revoked_at).is_(None),
        )
    )
    return found.first()


async def restricted_names(session: AsyncSession, workspace_id: int) -> list[tuple[str, str]]:
    """Codes and names of the projects of which not everybody may know."""
    found = await session.exec(
        select(Project.code, Project.name).where(
            Project.workspace_id == workspace_id, Project.visibility == Visibility.RESTRICTED
        )
    )
    return [(code, name) for code, name in found.all()]
