"""Everything about one meeting for one person, loaded and locked for what they press."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError, NotFoundError
from domain.meetings.about import About, about_of
from domain.meetings.access import Seen, seen_by
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.values import Roster
from domain.meetings.auditing import note, subject_of
from domain.meetings.series.keeping import Act
from domain.meetings.sitting.rules import Standing, Times, last_call, standing_of
from domain.portfolio.values import Viewer
from models.enums import MeetingState
from models.meetings import Meeting
from models.meetings.sitting import council_of_meeting, last_done
from models.portfolio import lock_council

STEPS: Final = ("opened", "closed", "reopened", "chair", "item", "parked", "agreed", "pulled out")
"""What moves a meeting on, as the audit calls it; each raises `meeting.revision`."""

_NO_MEETING: Final = (
    "There is no such meeting any more. `/project meeting list` shows those that are planned."
)
_CANCELLED: Final = (
    "This meeting is cancelled. The chair and the PMO can let it take place after all: "
    "`/project meeting list`."
)


@dataclass(frozen=True)
class Did:
    """What somebody did last."""

    who: str
    what: str
    """The field of the audit."""
    new: str
    at: datetime


@dataclass(frozen=True)
class Table:
    """A meeting, who sits there, and who acts or looks."""

    session: AsyncSession
    about: About
    seen: Seen
    roster: Roster
    standing: Standing
    now: datetime

    @property
    def meeting(self) -> Meeting:
        """The meeting itself."""
        return self.about.meeting

    @property
    def viewer(self) -> Viewer:
        """Who acts or looks."""
        return self.seen.viewer

    @property
    def title(self) -> str:
        """What the person may call the meeting."""
        return self.seen.open_text(self.meeting.title) or self.about.council.name

    @property
    def times(self) -> Times:
        """When it begins and ends, as planned and as it was."""
        return times_of(self.about)

    @property
    def today(self) -> date:
        """Today, where the meeting is."""
        return self.now.astimezone(self.about.zone).date()

    def audit(self, field: str, old: str = "", new: str = "") -> None:
        """Note in the audit what the person has done."""
        act = Act(self.viewer.slack_id, self.now)
        note(self.session, self.about.council, self.meeting, act, (field, old, new))

    async def last_step(self, *fields: str) -> Did | None:
        """What moved the meeting on last, and who did it."""
        await self.session.flush()
        workspace_id = self.meeting.workspace_id
        row = await last_done(
            self.session,
            workspace_id,
            subject_of(self.about.council, self.meeting),
            fields or STEPS,
        )
        if row is None:
            return None
        who = row.person.name if row.person else "The clock"
        return Did(who, row.entry.field, row.entry.new or "", row.entry.at)


def times_of(about: About) -> Times:
    """When a meeting begins and ends."""
    meeting = about.meeting
    return Times(
        starts_at=meeting.starts_at,
        ends_at=last_call(meeting.starts_at, meeting.minutes, 0),
        last_call=last_call(meeting.starts_at, meeting.minutes, about.settings.hours_open),
        started_at=meeting.started_at,
        ended_at=meeting.ended_at,
        reopened_at=meeting.reopened_at,
        timezone=meeting.timezone,
    )


async def table_for(
    session: AsyncSession,
    workspace_id: int,
    viewer: Viewer,
    meeting_id: int,
    now: datetime,
    *,
    locked: bool = True,
) -> Table:
    """A meeting for somebody.

    Args:
        session: a writing one, if it is to be locked: first the council, which numbers what is
            recorded, then the meeting.
        workspace_id: the workspace.
        viewer: who presses.
        meeting_id: which meeting.
        now: this instant.
        locked: whether it is about to be changed.

    Raises:
        NotFoundError: there is none, or not for this person.
        NotAllowedError: it is cancelled.
    """
    council_id = await council_of_meeting(session, workspace_id, meeting_id)
    if council_id is not None and locked:
        await lock_council(session, council_id)
    about = await about_of(session, workspace_id, meeting_id, locked=locked)
    if about is None:
        raise NotFoundError(_NO_MEETING)
    seen = await seen_by(session, workspace_id, viewer)
    roster = await roster_of(session, about)
    acting_id = about.meeting.chair_id
    standing = standing_of(viewer, about.council.chair_id, acting_id, roster)
    exists = about.council.pk in {each.pk for each in seen.councils}
    if not exists and not standing.is_member:
        raise NotFoundError(_NO_MEETING)
    if about.meeting.state is MeetingState.CANCELLED:
        raise NotAllowedError(_CANCELLED)
    return Table(session, about, seen, roster, standing, now)
