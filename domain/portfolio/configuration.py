"""The configuration that `pmobot apply` takes, as values whose shape is checked.

What needs more than the value itself (other parts of the file, Slack, lists of the world's zones
and holidays) is checked once, when a file is applied: `domain.portfolio.checking`.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from domain.calendar.day_rules import WEEKDAYS
from domain.calendar.rules import (
    Recurrence,
    WallOffset,
    parse_remind,
    parse_span,
    parse_wall,
    parse_weekdays,
)
from domain.portfolio.ratings import health_of
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.tags import read_tag
from models.enums import OnHoliday, SecretVotes, Unapproved, WithoutQuorum

ANY_FIRST_DAY = date(2024, 1, 1)
"""Where a rule without a first day of its own begins: in a leap year, so that 29 February works."""

_YEARS = range(2000, 2100)
"""A day outside of them is a slip of the pen, and no calendar goes on for ever."""

FORM_FIELDS = (
    "health",
    "why",
    "schedule",
    "budget",
    "scope",
    "resources",
    "done",
    "next",
    "milestone",
    "risks",
    "path_to_green",
    "decision",
    "spent",
    "cost_forecast",
    "percent_complete",
)
"""What a status report can hold, and `form: required:` can ask for."""

MOST_LEAVES = 100
MOST_DIGESTS = 100
MOST_QUESTIONS = 6
"""Of one phase: a form of Slack's holds 100 blocks."""
MOST_CLOSURES = 1_000
"""More than anybody has: each is looked at for each person and day that is planned."""

PROJECT_SIGNS = ("hours", "units", "money")
"""What can make a project of something new: much work, several units, money to be found."""

VACATION = ("palm_tree", "beach_with_umbrella", "desert_island")
"""Emoji that mean vacation: Slack's own choice, and its like. No airplane: that may be business."""

_EMOJI = re.compile(r"[a-z0-9_+'-]+")
_CHANNEL = re.compile(r"#?\S+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORKING_DAYS = re.compile(r"(\d{1,2})d")
_HOURS = re.compile(r"[1-9]\d?h")
_WEB_ADDRESS = re.compile(r"https://[^\s<>|\"/?#@]+([/?#][^\s<>|\"]*)?")
_QUORUM = re.compile(r"majority|all|[1-9]\d{0,2}|(100|[1-9]\d?)%")


def _wall(text: str) -> str:
    parse_wall(text)
    return text


def _remind(text: str) -> str:
    parse_remind(text)
    return text


def _offset(text: str) -> str:
    WallOffset.parse(text)
    return text


def _rule(text: str) -> str:
    return Recurrence.parse(text, ANY_FIRST_DAY).text


def _channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        msg = f"'{text}' is not a channel; write its name, without the #, or its id"
        raise ValueError(msg)
    return text.removeprefix("#")


def _iso_date(value: Any) -> Any:
    """Only the one form: pydantic would also take a number, as seconds since 1970."""
    if isinstance(value, str) and not _DATE.fullmatch(value):
        msg = f"'{value}' is not a date; write it as 2026-11-25 (year-month-day)"
        raise ValueError(msg)
    if isinstance(value, str) and int(value[:4]) not in _YEARS:
        msg = f"'{value}' is far from any plan; write a day from {_YEARS[0]} to {_YEARS[-1]}"
        raise ValueError(msg)
    return value


def _span(text: str) -> str:
    parse_span(text)
    return text


def _weekdays(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(WEEKDAYS[number] for number in sorted(parse_weekdays(names)))


def _quorum(text: str) -> str:
    if not _QUORUM.fullmatch(text):
        msg = f"'{text}' is no quorum; write majority, all, a number of people, or a share as 60%"
        raise ValueError(msg)
    return text


def _working_days(text: str) -> str:
    if not _WORKING_DAYS.fullmatch(text):
        msg = f"'{text}' is no number of working days; write it as 5d"
        raise ValueError(msg)
    return text


def _hours(text: str) -> str:
    if not _HOURS.fullmatch(text):
        msg = f"'{text}' is no number of hours; write it as 4h, from 1h to 99h"
        raise ValueError(msg)
    return text


def _form_field(name: str) -> str:
    if name not in FORM_FIELDS:
        guess = did_you_mean(name, FORM_FIELDS)
        msg = f"the form has no field '{name}'.{guess} Fields: {', '.join(FORM_FIELDS)}"
        raise ValueError(msg)
    return name


def _web_address(text: str) -> str:
    if not _WEB_ADDRESS.fullmatch(text):
        msg = f"'{text}' is no web address that people can be sent to; write it as https://..."
        raise ValueError(msg)
    return text


def _amount(text: str) -> str:
    """A number is shown as people read it."""
    return f"{int(text):,}" if text.isdecimal() else text


def _signs(names: tuple[str, ...]) -> tuple[str, ...]:
    known = ", ".join(PROJECT_SIGNS)
    if not names:
        msg = f"nothing would make a project; name at least one of {known}"
        raise ValueError(msg)
    for name in names:
        if name not in PROJECT_SIGNS:
            guess = did_you_mean(name, PROJECT_SIGNS)
            msg = f"'{name}' decides nothing.{guess} Known: {known}"
            raise ValueError(msg)
    return names


def _emoji(name: str) -> str:
    plain = name.strip(":")
    if not _EMOJI.fullmatch(plain):
        msg = f"'{name}' is not the name of an emoji; write it as palm_tree"
        raise ValueError(msg)
    return plain


def _rating(word: str) -> str:
    health_of(word)
    return word


def _person_alone(value: Any) -> Any:
    """`carol@example.edu` is short for `{person: carol@example.edu}`."""
    return {"person": value} if isinstance(value, str) else value


Wall = Annotated[str, AfterValidator(_wall)]
Offset = Annotated[str, AfterValidator(_offset)]
Rule = Annotated[str, AfterValidator(_rule)]
Channel = Annotated[str, AfterValidator(_channel)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Span = Annotated[str, AfterValidator(_span)]
"""From and to, such as `18:00-08:00`."""
DayCount = Annotated[str, AfterValidator(_working_days)]
"""A number of working days, such as `5d`."""
Hours = Annotated[str, AfterValidator(_hours)]
"""A number of hours, such as `4h`."""
Percent = Annotated[float, Field(ge=0, le=1000)]
PersonText = Annotated[str, Field(min_length=1)]
"""An e-mail address or a Slack id, as the file says it."""
Tag = Annotated[str, AfterValidator(read_tag)]
"""A word by which a programme is known, as the portfolio file has it."""
WebAddress = Annotated[str, Field(max_length=1_000), AfterValidator(_web_address)]
Advice = Annotated[str, Field(min_length=1, max_length=500)]
"""A text of the PMO's that stands in an answer."""
Question = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=75)]
"""As long as a choice in Slack's menus may be."""


class Part(BaseModel):
    """What every part of the file has in common: nothing unknown in it, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Holidays(Part):
    """Whose public holidays count."""

    country: str
    """ISO 3166 code, such as `US`."""
    subdivision: str | None = None
    """State or region, such as `NY`."""


class PmoOffice(Part):
    """The PMO itself: where it reads of trouble, and who belongs to it."""

    channel: Channel | None = None
    members: tuple[PersonText, ...] = ()


class Attention(Part):
    """How much of a person's attention the bot may take."""

    messages_per_day: int = Field(default=3, ge=1, le=50)
    quiet_hours: Span | None = None
    """Wall time in each person's own zone."""

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The quiet hours, read: from and to; the span may pass midnight."""
        return None if self.quiet_hours is None else parse_span(self.quiet_hours)


class Member(Part):
    """A seat on a council."""

    person: PersonText
    voting: bool = True


class PreviewConfiguration(Part):
    """When the PMO sees the draft of a council's digest, and what its silence means."""

    at: Offset
    """Between the cut-off and the digest, counted as they are."""
    unapproved: Unapproved = Unapproved.POST
    """`post`: the digest comes at its time all the same; `wait`: not before it is approved."""


class Reporting(Part):
    """When a council's projects are asked, reminded, cut off and read."""

    every: Rule | None = None
    """The rule of the ask days; in its place `before_meeting` may stand."""
    first: Day | None = None
    """What `every` counts from."""
    before_meeting: DayCount | None = None
    """Each of the council's meetings is asked for so many working days before it."""
    ask_at: Wall
    """In each person's own zone."""
    remind_after: tuple[Annotated[str, AfterValidator(_remind)], ...] = ("80%",)
    """Hours after the ask, or shares of the window to the cut-off; `[]` for no reminders."""
    cut_off: Offset
    digest: Offset
    freeze: Offset | None = None
    preview: PreviewConfiguration | None = None
    """None: the digest is posted without anybody looking first."""

    @property
    def days_before(self) -> int | None:
        """How many working days before each meeting is asked; None: `every` says when."""
        return None if self.before_meeting is None else int(self.before_meeting.removesuffix("d"))


class OutOfCycle(Part):
    """How a council votes between its meetings; without this part it does not."""

    window: DayCount = "3d"
    """How many working days a vote is open at least."""
    closes_at: Wall = "17:00"
    """On its last day, in the council's zone."""
    remind_before: DayCount = "1d"
    """How many working days before the last one who has not voted is reminded."""
    quorum: Annotated[str, AfterValidator(_quorum)] | None = None
    """How many have to vote; None: as many as a meeting needs."""
    secret: SecretVotes = SecretVotes.NEVER
    delegation: bool = True
    """Whether a member may hand a vote to somebody else."""

    @property
    def days(self) -> int:
        """The window in working days; one at least, so that everybody has a morning for it."""
        return max(int(self.window.removesuffix("d")), 1)

    @property
    def days_before(self) -> int:
        """Working days between the reminder and the last day."""
        return int(self.remind_before.removesuffix("d"))


class Meetings(Part):
    """A council's series of meetings."""

    rule: Rule
    first: Day | None = None
    """What `rule` counts from, if it does."""
    at: Wall
    minutes: int = Field(default=60, ge=5, le=1440)
    quorum: Annotated[str, AfterValidator(_quorum)] = "majority"
    without_quorum: WithoutQuorum = WithoutQuorum.DISCUSS
    """What may go on while too few are there."""
    close_after: Hours = "4h"
    """After its planned end, a meeting that nobody has closed closes itself."""
    pre_read: DayCount = "5d"
    """Before the meeting."""
    objections: DayCount = "5d"
    """How long posted minutes can be objected to."""
    pre_read_at: Wall = "09:00"
    """At which hour of that day the status freezes and the members are called."""
    on_holiday: OnHoliday = OnHoliday.MOVE
    """What becomes of a meeting on a day that is no working day of the workspace."""
    out_of_cycle: OutOfCycle | None = None
    """None: what is decided is decided in meetings."""

    @property
    def hours_open(self) -> int:
        """How many hours after its planned end a meeting may be open."""
        return int(self.close_after.removesuffix("h"))

    @property
    def recurrence(self) -> Recurrence:
        """The days of the meetings."""
        return Recurrence(self.rule, self.first or ANY_FIRST_DAY)


class CouncilConfiguration(Part):
    """A governance body: where it reads, who sits on it, when it is served."""

    name: Name
    channel: Channel
    chair: PersonText | None = None
    timezone: str | None = None
    members: tuple[Annotated[Member, BeforeValidator(_person_alone)], ...] = Field(min_length=1)
    reporting: Reporting | None = None
    meetings: Meetings | None = None


class DigestConfiguration(Part):
    """A digest across councils, or of one programme: where it is posted, and when."""

    name: Name
    channel: Channel
    every: Rule
    first: Day | None = None
    """What `every` counts from, if it does."""
    at: Wall
    timezone: str | None = None
    councils: tuple[Name, ...] = ()
    """Whose projects it tells of; all of them if none is named."""
    tag: Tag | None = None
    """Only projects with this tag: a programme."""
    note: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """A line that stands in each issue."""

    @property
    def recurrence(self) -> Recurrence:
        """The days on which it is posted."""
        return Recurrence(self.every, self.first or ANY_FIRST_DAY)


class LeaveConfiguration(Part):
    """Days on which somebody is away."""

    first: Day = Field(alias="from")
    until: Day
    """The last day away."""


class PersonConfiguration(Part):
    """When one person works, where that is not as the workspace does."""

    person: PersonText
    working_days: Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_weekdays)] = (
        WEEKDAYS[:5]
    )
    working_hours: Span | None = None
    """Wall time in their own zone; any hour if there are none."""
    holidays: Holidays | None = None
    """Whose public holidays are theirs."""
    leave: tuple[LeaveConfiguration, ...] = Field(default=(), max_length=MOST_LEAVES)


class Threshold(Part):
    """By more than how many per cent the plan must be missed for a colour."""

    yellow: Percent = 5
    red: Percent = 10


class ShortProjects(Part):
    """Projects for which per cents are too fine: a day late is a fifth of a week."""

    below_days: int = Field(default=60, ge=0, le=3650)
    """Calendar days from start to planned end; of fewer, working days decide."""
    yellow: int = Field(default=3, ge=0, le=1000)
    """Late by more than so many working days."""
    red: int = Field(default=6, ge=0, le=1000)


class RiskScores(Part):
    """From which score (likelihood times impact, 1 to 25) an open risk gives a colour.

    PM² calls 3 to 16 medium; a project without one such risk is rare, so yellow begins later.
    """

    yellow: int = Field(default=15, ge=1, le=30)
    red: int = Field(default=20, ge=1, le=30)
    """26 and more are never reached: they switch a colour off."""


class OverdueDays(Part):
    """From how many days after its date something that is still open gives a colour."""

    yellow: int = Field(default=1, ge=1, le=3650)
    red: int = Field(default=30, ge=1, le=3650)


class StatusLeave(Part):
    """Whether a Slack status that says vacation, and has an end, is taken for leave."""

    from_status: bool = True
    emoji: tuple[Annotated[str, AfterValidator(_emoji)], ...] = VACATION


class Escalation(Part):
    """After how many missed reports in a row somebody else hears of it; 0: never."""

    sponsor_after: int = Field(default=2, ge=0, le=50)
    pmo_after: int = Field(default=3, ge=0, le=50)


class Thresholds(Part):
    """The thresholds of what the bot can compute by itself."""

    schedule: Threshold = Threshold()
    """Forecast against baseline, in per cent of the time from start to planned end."""
    short_projects: ShortProjects = ShortProjects()
    budget: Threshold = Threshold()
    """Forecast at completion against budget."""
    risk: RiskScores = RiskScores()
    overdue_milestones: OverdueDays = OverdueDays()
    repetition: int = Field(default=3, ge=2, le=12)
    """From how many reports in a row with the same words a project is yellow."""


class PhaseConfiguration(Part):
    """A step of a project's life."""

    name: Name
    asked: bool = True
    """Whether projects in it get status requests."""


DEFAULT_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "closeout": (
        "Are all deliverables accepted?",
        "Who runs it from now on, and have they agreed?",
        "When was the lessons-learned session, or when will it be?",
        "Are the documents archived, and where?",
    )
}
"""What a project is asked in addition before it is let go."""


class FormConfiguration(Part):
    """What the status form asks for."""

    required: tuple[Annotated[str, AfterValidator(_form_field)], ...] = ("health", "done", "next")
    scale: tuple[Annotated[Name, AfterValidator(_rating)], ...] = Field(
        default=("Green", "Yellow", "Red"), min_length=2, max_length=10
    )
    """The words offered for the health, best first; each contains its colour."""
    questions: Mapping[Name, Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)]] = (
        Field(default=DEFAULT_QUESTIONS)
    )
    """What is asked in addition, by phase."""


class TriageTexts(Part):
    """What the PMO says to each outcome, in place of the bot's own words."""

    project: Advice | None = None
    small_work: Advice | None = None
    service_request: Advice | None = None


class TriageConfiguration(Part):
    """Where the PMO draws the line between a project and less."""

    small_hours: int = Field(default=8, ge=1, le=1_000)
    """Up to so many hours of work, something of one unit is a service request."""
    project_hours: int = Field(default=80, ge=2, le=10_000)
    """More hours of work than these make a project; two weeks, as the handbook's rule of thumb."""
    project_money: Annotated[str, Field(min_length=1, max_length=30), AfterValidator(_amount)] = (
        "10,000"
    )
    """From which amount on money has to be found, as people read it: `20,000 USD`."""
    decided_by: Annotated[tuple[str, ...], AfterValidator(_signs)] = PROJECT_SIGNS
    """What can make a project of something new."""
    texts: TriageTexts = TriageTexts()


class RequestsConfiguration(Part):
    """Where a project request is written, and what is no project asked for."""

    link: WebAddress | None = None
    text: Advice | None = None
    """How it is done here, such as whom to write to."""
    service_desk: WebAddress | None = None


DEFAULT_PHASES = (
    PhaseConfiguration(name="qualification", asked=False),
    PhaseConfiguration(name="initiation"),
    PhaseConfiguration(name="planning"),
    PhaseConfiguration(name="execution"),
    PhaseConfiguration(name="closeout"),
)


class ConfigurationFile(Part):
    """The whole file; every part has a default, so that it can be as short as a PMO likes."""

    timezone: str = "UTC"
    holidays: Holidays | None = None
    pmo: PmoOffice = PmoOffice()
    attention: Attention = Attention()
    councils: tuple[CouncilConfiguration, ...] = ()
    digests: tuple[DigestConfiguration, ...] = Field(default=(), max_length=MOST_DIGESTS)
    people: tuple[PersonConfiguration, ...] = ()
    thresholds: Thresholds = Thresholds()
    escalation: Escalation = Escalation()
    leave: StatusLeave = StatusLeave()
    phases: tuple[PhaseConfiguration, ...] = Field(default=DEFAULT_PHASES, min_length=1)
    closures: tuple[Day, ...] = Field(default=(), max_length=MOST_CLOSURES)
    form: FormConfiguration = FormConfiguration()
    triage: TriageConfiguration = TriageConfiguration()
    requests: RequestsConfiguration = RequestsConfiguration()
    paused: bool = False
    """No cycle opens and nobody is asked; what was asked before runs to its end."""


class WorkspaceConfiguration(ConfigurationFile):
    """The file as it was applied, with what applying it found out in Slack."""

    pmo_channel_id: str | None = None
