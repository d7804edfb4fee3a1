"""What goes into a filled template: a project with all that the record knows of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from typing_extensions import override

from domain.collecting.values import Report
from domain.logs.values import Entry
from models.enums import Health, Visibility


class FileForm(StrEnum):
    """A template that comes filled in; the value is its name, and that of its file."""

    @property
    def words(self) -> str:
        """As people call it: `status report`, `RAID log`."""
        return self.value.replace("-", " ").replace("raid", "RAID")

    @property
    def file(self) -> str:
        """The template's file: `status-report.docx`."""
        return f"{self.value}.{'xlsx' if self.is_workbook else 'docx'}"

    @property
    def is_workbook(self) -> bool:
        """Whether it is an Excel workbook, not a Word document."""
        return False


class Form(FileForm):
    """The templates of a project: whoever may see it asks for them; the handbook has them, too."""

    STATUS_REPORT = "status-report"
    PROJECT_CHARTER = "project-charter"
    COMMUNICATIONS_PLAN = "communications-plan"
    RAID_LOG = "raid-log"
    CHANGE_REQUEST = "change-request"
    MEETING_AGENDA = "meeting-agenda"
    MEETING_MINUTES = "meeting-minutes"
    CLOSEOUT_REPORT = "closeout-report"

    @property
    @override
    def is_workbook(self) -> bool:
        """Whether it is an Excel workbook, not a Word document."""
        return self is Form.RAID_LOG


class CouncilForm(FileForm):
    """The templates of a council's meetings, which go out by themselves."""

    PACK = "council-pack"
    MINUTES = "council-minutes"


LOOKED_BACK: Final = 12
"""How many of the last reports are told: three months of weekly ones."""


@dataclass(frozen=True)
class FiledProject:
    """The project's own record; people by their names."""

    project_id: int
    code: str
    name: str
    phase: str
    visibility: Visibility
    pm: str
    deputy: str = ""
    sponsor: str = ""
    start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    budget: Decimal | None = None
    description: str = ""
    tags: tuple[str, ...] = ()
    hold_until: date | None = None
    hold_reason: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    """Extra columns of the portfolio file, with what they say."""


@dataclass(frozen=True)
class Seat:
    """Somebody on a council."""

    name: str
    is_voting: bool


@dataclass(frozen=True)
class ReportingRhythm:
    """When the council's projects are asked, and when that is read."""

    rule: str
    """An iCalendar recurrence rule."""
    first: date
    ask_at: str
    """Wall time in each person's own zone, `09:00`."""
    cut_off: str
    """Working days after the ask and wall time, `+2d 15:00`."""
    digest: str
    days_before: int | None = None
    """The rule is that of the meetings, and so many working days before each is asked."""


@dataclass(frozen=True)
class MeetingSeries:
    """The council's meetings."""

    rule: str
    first: date
    at: str
    """Wall time in the council's zone, `14:00`."""
    minutes: int
    quorum: str
    """As the configuration has it: `majority`, `all`, `60%` or a number."""
    pre_read: str
    """Working days before the meeting, `5d`."""
    next_on: date | None
    """By the rule; None where it gives no more dates."""


@dataclass(frozen=True)
class FiledCouncil:
    """The council that decides about the project."""

    name: str
    channel: str
    timezone: str
    chair: str = ""
    seats: tuple[Seat, ...] = ()
    reporting: ReportingRhythm | None = None
    meetings: MeetingSeries | None = None


@dataclass(frozen=True)
class FiledDigest:
    """A digest across councils that tells of the project."""

    name: str
    channel: str
    rule: str
    first: date
    at: str
    """Wall time in its zone, `14:00`."""
    timezone: str


@dataclass(frozen=True)
class PastReport:
    """What an earlier report said, as far as a look back tells it."""

    opens_on: date
    author: str
    health: Health
    rating: str = ""
    milestone: str = ""
    milestone_forecast: date | None = None
    percent_complete: int | None = None
    spent: Decimal | None = None
    cost_forecast: Decimal | None = None


@dataclass(frozen=True)
class ProjectFile:
    """All that the record knows of one project on a day."""

    on: date
    """The day, where whoever asks is."""
    project: FiledProject
    council: FiledCouncil
    report: Report | None = None
    """The newest one."""
    entries: tuple[Entry, ...] = ()
    """Of all lists: the open ones first, earliest due at the top."""
    past: tuple[PastReport, ...] = ()
    """The last reports, newest first; `LOOKED_BACK` at most."""
    followers: tuple[str, ...] = ()
    digests: tuple[FiledDigest, ...] = ()
    """Those across councils; none of a restricted project."""
