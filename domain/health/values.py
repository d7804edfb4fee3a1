"""What the room's rules take and what it tells: facts, findings, the whole report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

from domain.calendar.rules import Leave, PersonalTime
from domain.delivery.values import Undelivered
from domain.inquiries.values import InquiryCard
from domain.logs.values import Entry
from models.enums import FollowersWish, Health, RequestState

T = TypeVar("T")
U = TypeVar("U")


class Severity(StrEnum):
    """How much a finding hinders the bot."""

    PROBLEM = "problem"
    """Somebody is not asked or not told until it is mended."""
    WARNING = "warning"
    """It goes on, less well than it could."""


class Area(StrEnum):
    """What a finding is about; findings are told in this order."""

    SETUP = "setup"
    HANDBOOK = "handbook"
    SLACK = "Slack"
    CHANNELS = "channels"
    PROJECTS = "projects"
    PEOPLE = "people"
    COUNCILS = "councils"
    DIGESTS = "digests"
    DELIVERY = "messages"


@dataclass(frozen=True)
class Finding:
    """One thing that hinders the bot, and how to mend it."""

    severity: Severity
    area: Area
    subject: str
    """What it is about: a channel, people, a council."""
    cause: str
    cure: str


@dataclass(frozen=True)
class ChannelUse:
    """A channel that the bot posts to."""

    name: str
    used_by: str
    """`ITS Council`, `the PMO`."""
    is_found: bool
    is_archived: bool = False
    is_member: bool = False


@dataclass(frozen=True)
class Holder:
    """Somebody with a role, which only a living account can fill."""

    name: str
    manages: tuple[str, ...] = ()
    """Codes of the projects that they are asked for."""
    deputises: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    chairs: tuple[str, ...] = ()
    """Names of councils."""
    seats: tuple[str, ...] = ()
    is_pmo: bool = False
    is_guest: bool = False
    is_gone: bool = False
    has_zone: bool = True
    """Whether Slack tells a time zone that this machine knows."""


@dataclass(frozen=True)
class CouncilUse:
    """A council, and what it needs to be served."""

    name: str
    projects: int
    """How many of its projects stand in a phase that is asked."""
    readers: int
    """How many of its chair and members are there."""
    has_calendar: bool


@dataclass(frozen=True)
class DigestUse:
    """A digest across councils, and what it needs to be posted."""

    name: str
    projects: int
    """How many open projects it can tell of."""
    tag: str | None
    has_next: bool
    """Whether its rule gives a day to come."""


@dataclass(frozen=True)
class UnpostedDigest:
    """A digest that the PMO looks at before it is posted, and has not let go."""

    council: str
    opens_on: date
    due_at: datetime
    """Its time, or the end of its hold."""
    timezone: str
    held_by: str = ""
    """Who has put it off; empty: nobody."""
    needs_approval: bool = False
    """It is not posted by itself when it is due."""


@dataclass(frozen=True)
class NotComposed:
    """Something that could not be composed, and is tried again."""

    subject: str
    """Which digest, or what somebody follows."""
    reason: str
    """What was raised where; nothing of what people have written."""
    failures: int
    """In a row."""
    next_at: datetime
    timezone: str


@dataclass(frozen=True)
class LeftProject:
    """A project whose manager is not there any more."""

    code: str
    manager: str
    deputy: str = ""
    """Who may still answer; empty if nobody does."""


@dataclass(frozen=True)
class SlackFacts:
    """What was found out when Slack was last asked."""

    asked_at: datetime | None = None
    scopes: frozenset[str] | None = None
    skew: timedelta | None = None
    """How far the bot's clock was ahead of Slack's."""
    troubles: tuple[Finding, ...] = ()
    """What could not be found out."""


@dataclass(frozen=True)
class Backlog:
    """How much is still to be said."""

    due: int = 0
    """What should be on its way now."""
    later: int = 0
    """What waits for its hour, or until Slack takes it."""
    oldest_due_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """All that the checks look at."""

    zone: str
    """The workspace's time zone, which is used where somebody has none."""
    is_configured: bool
    is_paused: bool
    slack: SlackFacts
    channels: tuple[ChannelUse, ...]
    people: tuple[Holder, ...]
    councils: tuple[CouncilUse, ...]
    projects: int
    left: tuple[LeftProject, ...]
    backlog: Backlog
    undelivered: tuple[Undelivered, ...]
    digests: tuple[DigestUse, ...] = ()
    """Those across councils."""
    unposted: tuple[UnpostedDigest, ...] = ()
    not_composed: tuple[NotComposed, ...] = ()


@dataclass(frozen=True)
class NotAsked:
    """A project that somebody was not asked for as planned, and why."""

    code: str
    name: str
    council: str
    manager: str
    asked: str
    """Who is asked, or would have been: the manager where nobody else is."""
    state: RequestState
    reason: str


@dataclass(frozen=True)
class HealthReport:
    """What hinders the bot, and what was looked at."""

    findings: tuple[Finding, ...]
    """Problems first."""
    checked: Mapping[str, int] = field(default_factory=dict)
    """What was looked at: `channels` to 3."""
    slack_asked_at: datetime | None = None
    backlog: Backlog = Backlog()
    undelivered: tuple[Undelivered, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()

    @property
    def problems(self) -> int:
        """How much has to be mended for the bot to do its work."""
        return sum(each.severity is Severity.PROBLEM for each in self.findings)

    @property
    def has_problems(self) -> bool:
        """Whether something has to be mended for the bot to do its work."""
        return self.problems > 0


@dataclass(frozen=True)
class Part(Generic[T]):
    """What a page shows of a long list."""

    shown: tuple[T, ...] = ()
    number: int = 0
    """Which part, from 0 on."""
    parts: int = 1
    total: int = 0
    """How many the list has."""

    def showing(self, shown: Iterable[U]) -> "Part[U]":
        """The same part, with something else in its place."""
        return Part(tuple(shown), self.number, self.parts, self.total)


def part_of(things: Sequence[T], number: int, size: int) -> Part[T]:
    """One part of a list; the last one where there are fewer by now."""
    parts = max(1, -(-len(things) // size))
    number = max(0, min(number, parts - 1))
    shown = tuple(things[number * size : (number + 1) * size])
    return Part(shown, number, parts, len(things))


@dataclass(frozen=True)
class Wanted:
    """A report that is waited for."""

    request_id: int
    code: str
    name: str
    cut_off_at: datetime
    is_over: bool
    """The cut-off has passed; an answer still counts as late."""
    may_stay: bool = False
    """*No change* is an answer, as far as the page knows; a press is looked at anew."""


@dataclass(frozen=True)
class NextAsk:
    """When somebody is asked next, as far as the calendars say."""

    at: datetime
    councils: tuple[str, ...]


@dataclass(frozen=True)
class OwnTime:
    """What the bot takes for somebody's time."""

    zone: str
    is_workspace_zone: bool
    """Slack tells none of their own, or one that this machine does not know."""
    weekdays: tuple[int, ...]
    """Working days, as `date.weekday()` numbers them."""
    hours: tuple[time, time] | None = None
    quiet: tuple[time, time] | None = None
    why_off: str = ""
    """Why they do not work today; empty if they do."""
    away_until: date | None = None


@dataclass(frozen=True)
class CouncilChoice:
    """A council whose digest somebody may have sent to them."""

    council_id: int
    name: str
    is_subscribed: bool = False


@dataclass(frozen=True)
class OwnSettings:
    """What somebody has set for themselves, and what holds where they have not."""

    zone: str
    today: date
    """In their zone."""
    hours: PersonalTime
    """What the bot goes by now."""
    usual_weekdays: frozenset[int]
    """Working days as the PMO says them, for this person or for everybody."""
    ask_at: time | None = None
    """The hour that they want to be asked at; None: the council's."""
    weekdays: frozenset[int] | None = None
    """Their working days; None: as the PMO says."""
    leave: Leave | None = None
    """When they are away by their own word: now, or next."""
    told_leave: tuple[Leave, ...] = ()
    """Leave that the PMO's file says, or their Slack status: they can't change it here."""
    councils: tuple[CouncilChoice, ...] = ()
    followed: FollowersWish = FollowersWish.WEEKLY
    """How they hear of the projects that they follow."""

    @property
    def subscribed(self) -> tuple[str, ...]:
        """Names of the councils whose digests they get."""
        return tuple(each.name for each in self.councils if each.is_subscribed)


@dataclass(frozen=True)
class SettingsWish:
    """What was chosen in the form of settings, as it came."""

    ask_at: str = ""
    """`09:30`; empty: the council's hour."""
    weekdays: tuple[str, ...] = ()
    """`MO`, `TU`; none: as the PMO says."""
    away_from: str = ""
    away_until: str = ""
    leave: Leave | None = None
    """The leave that the form showed."""
    council_ids: frozenset[int] = frozenset()
    followed: str = FollowersWish.WEEKLY.value


@dataclass(frozen=True)
class CheckedSettings:
    """What is to be kept of a form of settings."""

    ask_at: time | None
    weekdays: frozenset[int] | None
    leave: Leave | None
    followed: FollowersWish = FollowersWish.WEEKLY


@dataclass(frozen=True)
class Past:
    """One cycle of a project that is decided."""

    opens_on: date
    state: RequestState
    health: Health | None = None
    """None: there is no report."""


@dataclass(frozen=True)
class OwnProject:
    """One project of somebody, and how it has been."""

    code: str
    name: str
    role: str
    """`PM`, `deputy`, `sponsor`."""
    past: tuple[Past, ...] = ()
    """Its last cycles, oldest first."""
    rating: str = ""
    """The word of the newest report, where the workspace's scale is finer than three colours."""
    unchanged: int = 0
    """How many times in a row nothing had changed, in the newest report."""
    hold_until: date | None = None
    """The last day on which it is on hold; None: it is not."""
    hold_reason: str = ""
    is_restricted: bool = False

    @property
    def newest(self) -> Past | None:
        """The newest cycle that has a report."""
        return next((each for each in reversed(self.past) if each.health is not None), None)


@dataclass(frozen=True)
class RedProject:
    """A project whose newest report is red."""

    code: str
    name: str
    pm: str
    opens_on: date
    """Of the cycle that the report is of."""


@dataclass(frozen=True)
class OwnCouncil:
    """A council that somebody reads of."""

    name: str
    channel_id: str
    channel_name: str
    digest_of: date | None = None
    """The nominal day of the newest digest; None: there is none yet."""
    digest_at: datetime | None = None
    red: tuple[RedProject, ...] = ()
    """Of those that they may see."""


@dataclass(frozen=True)
class Answer:
    """One project in a cycle, and how far its answer is."""

    code: str
    name: str
    manager: str
    asked: str
    """Who is asked, or would have been."""
    state: RequestState
    reason: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    """When it was first answered."""


@dataclass(frozen=True)
class Response:
    """How a cycle is answered."""

    answered: tuple[Answer, ...] = ()
    late: tuple[Answer, ...] = ()
    """Answered after the cut-off; they are not among the answered."""
    waiting: tuple[Answer, ...] = ()
    missed: tuple[Answer, ...] = ()
    to_ask: tuple[Answer, ...] = ()
    """Planned: their hour has not come."""
    excused: tuple[Answer, ...] = ()
    """Not asked, with the reason."""
    rate: int | None = None
    """Per cent of those asked who have answered; None: nobody was asked."""
    median: timedelta | None = None
    """From the ask to the first answer; None: nobody has answered."""


@dataclass(frozen=True)
class CycleResponse:
    """How one cycle of a council is answered."""

    cycle_id: int
    council: str
    opens_on: date
    cut_off_at: datetime
    timezone: str
    is_open: bool
    response: Response


@dataclass(frozen=True)
class CouncilResponse:
    """How a council's open cycle and its last one are answered."""

    name: str
    cycles: tuple[CycleResponse, ...] = ()
    """The open one first; none: it has never asked."""


@dataclass(frozen=True)
class Watched:
    """A project that the PMO has to look at."""

    code: str
    name: str
    council: str
    manager: str
    is_gone: bool = False
    """Its manager has left Slack."""
    deputy: str = ""
    """Who may still answer; empty if nobody does."""
    hold_until: date | None = None
    hold_reason: str = ""
    misses: int = 0
    """Cut-offs missed in a row, from the second on."""


@dataclass(frozen=True)
class ReportingPage:
    """What the PMO finds about the answers of all councils, a part of each list."""

    councils: Part[CouncilResponse]
    watched: Part[Watched]
    opened: CycleResponse | None = None
    """The cycle that is looked at closer."""


@dataclass(frozen=True)
class FollowedProject:
    """One project that somebody follows."""

    project_id: int
    code: str
    name: str
    pm: str
    health: Health | None = None
    """Of the newest report; None: there is none."""
    rating: str = ""
    opens_on: date | None = None


@dataclass(frozen=True)
class Personal:
    """Who somebody is to the bot, and what it wants of them."""

    name: str
    roles: Mapping[str, tuple[str, ...]]
    """`PM` to codes of projects, `chair` to names of councils; the PMO to nothing."""
    wanted: Part[Wanted]
    next_ask: NextAsk | None
    time: OwnTime
    is_guest: bool = False
    projects: Part[OwnProject] = Part()
    actions: Part[Entry] = Part()
    questions: Part[InquiryCard] = Part()
    """What others ask them about projects, and what they have asked."""
    councils: Part[OwnCouncil] = Part()
    followed: Part[FollowedProject] = Part()
    settings: OwnSettings | None = None
    """None for guests, who set nothing."""
