"""What the room says: one request message for all of a person's projects."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from models.enums import Attention, Health, RequestState


@dataclass(frozen=True)
class DueMilestone:
    """A milestone that is due soon, or whose day has passed."""

    name: str
    due_on: date
    is_overdue: bool = False


@dataclass(frozen=True)
class RequestItem:
    """One project in a request message, and how far its answer is."""

    request_id: int
    code: str
    name: str
    council: str
    state: RequestState
    last_health: Health | None
    """Of the report before this cycle; None if there was none."""
    last_on: date | None
    promised: str
    """What the last report said would be done next."""
    health: Health | None = None
    """Of this cycle's answer, once there is one."""
    rating: str = ""
    summary: str = ""
    answered_at: datetime | None = None
    author: str = ""
    version: int = 0
    is_restricted: bool = False
    """Its answer goes to the council's members directly, and into no channel."""
    handed_to: str = ""
    """The person who answers for the project now, if that is somebody else."""
    handed_at: datetime | None = None
    """When it was given to them; None where nobody gave it, as when the file names another PM."""
    handed_why: str = ""
    came_from: str = ""
    """The person who was asked before, if it was given to the reader."""
    in_place_of: str = ""
    """The PM, if the deputy is asked instead."""
    reason: str = ""
    """Why it is asked of the deputy, or later than usual."""
    may_answer: bool = True
    """Who reads the message may answer for the project, and gets its buttons."""
    may_stay: bool = False
    """*No change* is an answer, as far as the message knows; a press is looked at anew."""
    unchanged: int = 0
    """How many times in a row this cycle's answer was that nothing has changed."""
    milestones: tuple[DueMilestone, ...] = ()
    """Those due soon, earliest first."""
    open_actions: int = 0
    overdue_actions: int = 0
    deputy: str = ""
    """To whom the reader may hand it over."""
    hold_until: date | None = None
    """It is on hold up to that day: nothing is wanted."""
    hold_reason: str = ""
    snoozed_until: datetime | None = None
    """When its reader has asked to be reminded."""
    is_disowned: bool = False
    """Its reader says that the project is not theirs, and the PMO was told."""

    @property
    def is_waiting(self) -> bool:
        """Whether its answer is still wanted from who reads the message."""
        wanted = self.state in (RequestState.ASKED, RequestState.MISSED)
        return wanted and self.health is None and not self.handed_to and not self.hold_until

    @property
    def is_done(self) -> bool:
        """Whether who reads the message has its answer behind them."""
        return self.health is not None and not self.handed_to


@dataclass(frozen=True)
class RequestReaders:
    """A council that will read answers: where, and until when it waits for them."""

    council: str
    channel_id: str
    channel_name: str
    cut_off_at: datetime
    digest_at: datetime
    is_over: bool = False
    """The cut-off has passed."""
    is_posted: bool = False
    """The digest is out."""


@dataclass(frozen=True)
class StatusRequestMessage:
    """Asks one person for the status of all of their projects of one day."""

    kind: ClassVar[str] = "status_request"
    attention: ClassVar[Attention] = Attention.REQUEST

    opens_on: date
    """The day on which they are asked: the cycles' nominal day, or a later one that they work."""
    items: tuple[RequestItem, ...]
    readers: tuple[RequestReaders, ...]


@dataclass(frozen=True)
class HandedOver:
    """Tells somebody whose request message of the day is out that a project has joined it."""

    kind: ClassVar[str] = "request_handed"
    attention: ClassVar[Attention] = Attention.REQUEST

    request_id: int
    code: str
    name: str
    from_name: str
    """Who was asked before."""
    reason: str
    cut_off_at: datetime


@dataclass(frozen=True)
class ReminderItem:
    """One project that an answer is still wanted for, as a reminder shows it."""

    request_id: int
    code: str
    name: str
    council: str
    state: RequestState
    cut_off_at: datetime
    is_handed_on: bool = False
    """Somebody else answers for it now."""
    may_stay: bool = False
    """*No change* is an answer, as far as the reminder knows; a press is looked at anew."""


@dataclass(frozen=True)
class Reminder:
    """Reminds one person of all projects that wait for their answer."""

    kind: ClassVar[str] = "reminder"
    attention: ClassVar[Attention] = Attention.REMINDER

    items: tuple[ReminderItem, ...]
    """By cut-off and code."""
    timezone: str
    """The reader's zone, in which the plain text tells the cut-off."""


@dataclass(frozen=True)
class WantedReminder(Reminder):
    """The same, at a time that its reader has asked for."""

    kind: ClassVar[str] = "wanted_reminder"
    attention: ClassVar[Attention] = Attention.FREE


@dataclass(frozen=True)
class MissedItem:
    """A project whose report was missed several times in a row."""

    code: str
    name: str
    pm: str
    """A name: who answers for it."""
    misses: int
    last_health: Health | None
    """Of its last report; None if there was never one."""
    last_on: date | None
    answered_at: datetime | None = None
    """When the answer came after all."""
    trouble: str = ""
    """Why its sponsor could not be told, and what mends that."""


@dataclass(frozen=True)
class SponsorNotice:
    """Tells a sponsor that no report has come for their projects, several times in a row."""

    kind: ClassVar[str] = "sponsor_notice"
    attention: ClassVar[Attention] = Attention.NOTICE

    council: str
    cut_off_at: datetime
    items: tuple[MissedItem, ...]


@dataclass(frozen=True)
class SponsorNoticeCopy:
    """Tells a PM what their projects' sponsor was told."""

    kind: ClassVar[str] = "sponsor_notice_copy"
    attention: ClassVar[Attention] = Attention.NOTICE

    sponsors: tuple[str, ...]
    """Names."""
    council: str
    cut_off_at: datetime
    items: tuple[MissedItem, ...]


@dataclass(frozen=True)
class SilentProjects:
    """Tells the PMO of the projects of a council that have been silent for several cycles."""

    kind: ClassVar[str] = "silent_projects"
    attention: ClassVar[Attention] = Attention.NOTICE

    council: str
    cut_off_at: datetime
    items: tuple[MissedItem, ...]


@dataclass(frozen=True)
class NotTheirs:
    """Tells the PMO that somebody is asked for a project that is not theirs."""

    kind: ClassVar[str] = "not_their_project"
    attention: ClassVar[Attention] = Attention.NOTICE

    code: str
    name: str
    who: str
    cut_off_at: datetime
