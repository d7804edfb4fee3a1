"""What members read before a meeting, as it froze; cut for each reader from the same value."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from models.enums import Health, Outcome, Purpose


@dataclass(frozen=True)
class CallItem:
    """One item of the agenda, as it is told before the meeting."""

    title: str
    purpose: Purpose
    minutes: int = 0
    owner: str = ""
    code: str = ""
    project_id: int | None = None
    is_consent: bool = False
    is_late: bool = False
    """It came after the pack had gone out, with the chair's consent."""


@dataclass(frozen=True)
class PackProject:
    """A project's status as it froze."""

    project_id: int
    code: str
    name: str
    pm: str
    health: Health
    """Grey where nothing was reported."""
    days: int = 0
    """In this colour."""
    why: str = ""
    """In the PM's words, whole; or why there is no report."""
    path_to_green: str = ""
    computed: Health | None = None
    """What the facts come to, where the claim is better."""
    milestone: str = ""
    milestone_on: date | None = None
    reported_at: datetime | None = None
    """None: nothing was reported."""
    report_id: int = 0
    version: int = 0
    """Which version of the report was told."""
    last_health: Health | None = None
    """What is last known of one that has not reported."""
    last_on: date | None = None


@dataclass(frozen=True)
class PackDecision:
    """A decision that a project waits for."""

    ref: str
    code: str
    project_id: int | None
    text: str
    """Whole, with its options."""
    source: str = ""
    """Who is to take it."""
    due_on: date | None = None
    opened_on: date | None = None


@dataclass(frozen=True)
class PackAction:
    """An action that is overdue."""

    ref: str
    code: str
    project_id: int | None
    title: str
    owner: str
    due_on: date
    first_due_on: date | None = None
    """Where it was moved."""


@dataclass(frozen=True)
class PackDecided:
    """What the council has decided since it was called together last."""

    ref: str
    """`D-12`."""
    code: str
    project_id: int | None
    question: str
    outcome: Outcome
    chosen: str
    reason: str
    on: date


@dataclass(frozen=True)
class Pack:
    """All that is read before a meeting, as it froze; what is late or amended is not in it."""

    meeting_id: int
    council: str
    title: str
    """What the meeting is called."""
    starts_at: datetime
    minutes: int
    timezone: str
    place: str
    chair: str
    members: tuple[tuple[str, bool], ...]
    """Names, and whether they vote."""
    as_of: datetime
    """When it froze."""
    on: date
    """The same as a day of the council's zone."""
    agenda: tuple[CallItem, ...] = ()
    digest_on: date | None = None
    """The nominal day of the cycle that the status is of; None: the council has no digest yet."""
    projects: tuple[PackProject, ...] = ()
    """Red first, then yellow, both oldest first, then without report, then green."""
    decisions: tuple[PackDecision, ...] = ()
    actions: tuple[PackAction, ...] = ()
    decided: tuple[PackDecided, ...] = ()
    is_restricted: bool = False
    """It tells of restricted projects: not for everybody."""

    @property
    def reds(self) -> tuple[PackProject, ...]:
        """What is red, oldest first."""
        return self.of(Health.RED)

    def of(self, health: Health) -> tuple[PackProject, ...]:
        """The projects of a colour."""
        return tuple(each for each in self.projects if each.health is health)

    @property
    def project_ids(self) -> frozenset[int]:
        """Every project that is named in it."""
        parts = (self.agenda, self.projects, self.decisions, self.actions, self.decided)
        found = {each.project_id for part in parts for each in part}
        return frozenset(each for each in found if each is not None)


Text = Callable[[str], str]
"""Gives a text, or nothing if it names what its readers may not know of."""


def part_of(
    pack: Pack, hidden: Collection[int], restricted: Collection[int], open_text: Text
) -> Pack:
    """What some readers may know of a pack.

    Args:
        pack: as it froze.
        hidden: the projects that do not exist for them.
        restricted: those of which not everybody may know: whoever gets them is told so.
        open_text: takes out what names a hidden one by its words.
    """
    decisions = tuple(
        each for each in pack.decisions if _is_told(each.project_id, each.text, hidden, open_text)
    )
    actions = tuple(
        each for each in pack.actions if _is_told(each.project_id, each.title, hidden, open_text)
    )
    decided = tuple(
        replace(each, reason=open_text(each.reason), chosen=open_text(each.chosen))
        for each in pack.decided
        if _is_told(each.project_id, each.question, hidden, open_text)
    )
    cut = replace(
        pack,
        title=open_text(pack.title) or pack.council,
        place=open_text(pack.place),
        agenda=items_of(pack.agenda, hidden, open_text),
        projects=tuple(each for each in pack.projects if each.project_id not in hidden),
        decisions=decisions,
        actions=actions,
        decided=decided,
    )
    return replace(cut, is_restricted=bool(cut.project_ids & frozenset(restricted)))


def without_numbers(pack: Pack) -> Pack:
    """A pack whose council's own numbers don't tell, by a gap, of what is restricted."""
    return replace(pack, decided=tuple(replace(each, ref="") for each in pack.decided))


def items_of(
    items: tuple[CallItem, ...], hidden: Collection[int], open_text: Text
) -> tuple[CallItem, ...]:
    """What some readers may know of an agenda."""
    return tuple(each for each in items if _is_told(each.project_id, each.title, hidden, open_text))


def _is_told(project_id: int | None, text: str, hidden: Collection[int], open_text: Text) -> bool:
    return project_id not in hidden and bool(open_text(text))
