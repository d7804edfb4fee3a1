"""One meeting with everything that decides about it, loaded once for whoever works on it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days
from domain.calendar.rules import WorkingDays
from domain.meetings.series.loading import series_of
from domain.meetings.series.rules import Series
from domain.portfolio.configuration import Meetings as MeetingSettings
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models.meetings import Meeting
from models.meetings.queries import meeting_by_id
from models.portfolio import Council, councils_of

_DEFAULTS = MeetingSettings(rule="FREQ=YEARLY", at="09:00")
"""Quorum and times of a council whose meetings are all extra ones."""


@dataclass(frozen=True)
class About:
    """A meeting, its council, and what the configuration says about both."""

    meeting: Meeting
    council: Council
    configuration: WorkspaceConfiguration

    @property
    def title(self) -> str:
        """What people call it."""
        return self.meeting.title or self.council.name

    @property
    def zone(self) -> ZoneInfo:
        """In which its wall time counts."""
        return ZoneInfo(self.meeting.timezone)

    @property
    def day(self) -> date:
        """On which it takes place, in its own zone."""
        return self.meeting.starts_at.astimezone(self.zone).date()

    @property
    def series(self) -> Series | None:
        """The council's series; None where there is none."""
        return series_of(self.configuration, self.council)

    @property
    def working(self) -> WorkingDays:
        """The days on which people work."""
        return working_days(self.configuration)

    @property
    def settings(self) -> MeetingSettings:
        """What the configuration says about the council's meetings, or the defaults."""
        named = (
            each.meetings
            for each in self.configuration.councils
            if each.name == self.council.name and each.meetings
        )
        return next(named, _DEFAULTS)

    @property
    def is_running(self) -> bool:
        """Whether it has been opened and not closed."""
        return self.meeting.started_at is not None and self.meeting.ended_at is None


async def about_of(
    session: AsyncSession, workspace_id: int, meeting_id: int, *, locked: bool = False
) -> About | None:
    """Load a meeting with what belongs to it; None if there is none.

    Args:
        session: a writing one, if it is to be locked.
        workspace_id: the workspace.
        meeting_id: the meeting's number.
        locked: whether it is about to be changed. The order of locks is workspace, meeting, ballot,
            cycle, request, project, entry of a list.
    """
    meeting = await meeting_by_id(session, workspace_id, meeting_id, locked=locked)
    if meeting is None:
        return None
    councils = await councils_of(session, workspace_id)
    council = next(each for each in councils if each.pk == meeting.council_id)
    return About(meeting, council, await load_configuration(session, workspace_id))


def look_again(meeting: Meeting, now: datetime) -> None:
    """Have the clock look at a meeting: something about it has changed."""
    meeting.next_at = now
