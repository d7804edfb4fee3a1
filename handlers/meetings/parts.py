"""What the modules of this folder share: the services that they call, and their word."""

from collections.abc import Sequence
from typing import Protocol

from domain.logs.service import LogsService
from domain.meetings.actions.service import ActionService
from domain.meetings.agenda.ordering import AgendaOrder
from domain.meetings.agenda.service import AgendaService
from domain.meetings.attendance.service import AttendanceService
from domain.meetings.ballots.opening import OpeningService
from domain.meetings.ballots.service import BallotService
from domain.meetings.calendar_in.service import CalendarInService
from domain.meetings.calendar_out.feeds import FeedService
from domain.meetings.logbook.service import LogbookService
from domain.meetings.minutes.service import MinutesService
from domain.meetings.pre_read.service import PreReadService
from domain.meetings.service import MeetingsService
from domain.meetings.sitting.service import SittingService
from domain.portfolio.people import PeopleService
from message_templates.kit import Rendered

WORD = "meeting"
"""`/project meeting ...`"""

Answered = Sequence[Rendered]


class Parts(Protocol):
    """The services of the room; `bot.factory.Services` has them all."""

    @property
    def people(self) -> PeopleService:
        """Knows who it is that presses."""
        ...

    @property
    def meetings(self) -> MeetingsService:
        """The series and its occurrences."""
        ...

    @property
    def agenda(self) -> AgendaService:
        """What a council is to talk about."""
        ...

    @property
    def agenda_order(self) -> AgendaOrder:
        """The chair's side of it."""
        ...

    @property
    def calendar_in(self) -> CalendarInService:
        """Calendar files that people upload."""
        ...

    @property
    def actions(self) -> ActionService:
        """What councils have given people to do."""
        ...

    @property
    def logs(self) -> LogsService:
        """The lists of projects: the decisions that they need."""
        ...

    @property
    def logbook(self) -> LogbookService:
        """What councils have decided, and how they do."""
        ...

    @property
    def feeds(self) -> FeedService:
        """Addresses for people's own calendars."""
        ...

    @property
    def attendance(self) -> AttendanceService:
        """Who comes, and who is there."""
        ...

    @property
    def pre_reads(self) -> PreReadService:
        """What is read before a meeting."""
        ...

    @property
    def ballots(self) -> BallotService:
        """Votes out of cycle, for who votes."""
        ...

    @property
    def ballot_opening(self) -> OpeningService:
        """The same for who opens and cancels them."""
        ...

    @property
    def minutes(self) -> MinutesService:
        """What is written of a meeting."""
        ...

    @property
    def sittings(self) -> SittingService:
        """Meetings that run."""
        ...


def with_part(text: str) -> tuple[str, int]:
    """A council's name, and which part of a long answer is wanted: `ITS Council 2`."""
    name, _, last = text.rpartition(" ")
    is_part = last.isdecimal() and len(last) <= len("9999")
    return (name.strip(), int(last)) if is_part else (text, 1)
