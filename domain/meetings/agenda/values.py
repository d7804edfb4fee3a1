"""The agenda of a meeting, and what it is made of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.portfolio.values import PersonName
from models.enums import ItemState, Purpose

_CUT: Final = "…"
"""What a title ends with that was shortened."""


@dataclass(frozen=True)
class Item:
    """One item, as it stands."""

    item_id: int
    purpose: Purpose
    title: str
    text: str
    minutes: int
    owner: PersonName | None
    project_id: int | None
    code: str
    """The project's."""
    is_restricted: bool
    """Not everybody in the council's channel may know of it."""
    state: ItemState
    is_consent: bool
    is_late: bool
    source: str
    """What it was built from: `red:42`; empty: somebody wrote it."""
    log_entry_id: int | None
    note: str
    revision: int
    started_at: datetime | None = None
    ended_at: datetime | None = None
    added_by: PersonName | None = None
    """None: it was built from what is due."""
    is_carried: bool = False
    """It stood on an earlier agenda."""
    was_parked: bool = False
    """There it was parked."""

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to be dealt with."""
        return self.state is ItemState.OPEN

    @property
    def whole(self) -> str:
        """Its title with all its words: that of a long entry has only the beginning of its text."""
        begun = self.title.removesuffix(_CUT)
        first = " ".join(self.text.partition("\n")[0].split())
        return first if begun != self.title and first.startswith(begun) else self.title

    @property
    def label(self) -> str:
        """What the audit calls it: its title, where everybody may read it."""
        return f"item {self.item_id}" if self.is_restricted else self.title


@dataclass(frozen=True)
class Agenda:
    """The items of a meeting in their order; what is removed, carried on or waits is left out."""

    items: tuple[Item, ...]
    length: int
    """Of the meeting, in minutes."""

    @property
    def consent(self) -> tuple[Item, ...]:
        """Those that are agreed together."""
        return tuple(each for each in self.items if each.is_consent)

    @property
    def others(self) -> tuple[Item, ...]:
        """Those that are dealt with one by one."""
        return tuple(each for each in self.items if not each.is_consent)

    @property
    def minutes(self) -> int:
        """What they take together."""
        return sum(each.minutes for each in self.items)

    @property
    def is_over(self) -> bool:
        """Whether they take longer than the meeting."""
        return self.minutes > self.length

    @property
    def current(self) -> Item | None:
        """What is talked about now."""
        return next((each for each in self.items if each.state is ItemState.CURRENT), None)

    def number_of(self, item_id: int) -> int:
        """What people call an item: 1 is the first one that this agenda shows; 0: it does not."""
        ids = [each.item_id for each in self.items]
        return ids.index(item_id) + 1 if item_id in ids else 0

    def where(self, shown: Callable[[Item], bool]) -> "Agenda":
        """The same with some of its items only, numbered without a gap."""
        return replace(self, items=tuple(each for each in self.items if shown(each)))

    def open_for_all(self) -> "Agenda":
        """What may stand in the council's channel."""
        return self.where(lambda each: not each.is_restricted)


class Step(StrEnum):
    """How the chair moves an item within the agenda."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"


class Fate(StrEnum):
    """What becomes of an item whose window was saved."""

    KEEP = "keep"
    BACKLOG = "backlog"
    REMOVE = "remove"


@dataclass(frozen=True)
class AgendaView:
    """The agenda of a council's next meeting, or of the one that runs, as somebody may see it."""

    council_id: int
    council: str
    agenda: Agenda
    meeting_id: int = 0
    """0: no meeting is planned."""
    title: str = ""
    starts_at: datetime | None = None
    timezone: str = "UTC"
    is_frozen: bool = False
    """The pack is out: what comes now needs the chair's consent."""
    may_add: bool = False
    leads: bool = False
    """They order and remove: the chair, whoever runs the meeting, the PMO."""
    votes: bool = False
    """They may pull an item out of the consent block."""
    mark: str = ""
    """Of the order of all items: somebody else's change gives another one."""
    waiting: tuple[Item, ...] = ()
    """What came late and waits for the chair's consent; for others their own alone."""
    backlog: int = 0
    """How many items wait for an agenda."""
    own_ids: frozenset[int] = frozenset()
    """The items that they wrote themselves."""
    others: tuple[str, ...] = ()
    """Further councils whose agendas they may ask for, where they named none."""


@dataclass(frozen=True)
class BacklogView:
    """What waits for an agenda of a council, as somebody may see it."""

    council_id: int
    council: str
    items: tuple[Item, ...]
    meeting_id: int = 0
    """The meeting onto whose agenda it can be taken; 0: none is planned."""
    may_add: bool = False
    leads: bool = False
    own_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ItemWindow:
    """The window of an item, or of a new one, as it opens."""

    council_id: int
    council: str
    title: str
    """The meeting's; empty for the backlog."""
    starts_at: datetime | None
    timezone: str
    is_late: bool
    """What is added now comes after the pack."""
    leads: bool
    item: Item | None = None
    """None: a new one."""
    is_backlog: bool = False

    @property
    def has_words(self) -> bool:
        """Whether its words can be changed: those that are built follow the record."""
        return self.item is None or not self.item.source


@dataclass(frozen=True)
class ItemWish:
    """What was typed in that window, as it was typed."""

    title: str = ""
    purpose: str = ""
    text: str = ""
    minutes: str = ""
    code: str = ""
    is_consent: bool = False
    fate: str = Fate.KEEP.value
    reason: str = ""


class Where(StrEnum):
    """Where an item is, after somebody has done something with it."""

    AGENDA = "agenda"
    LATE = "late"
    """On an agenda whose pack is out, marked so."""
    WAITING = "waiting"
    """It waits for the chair's consent."""
    BACKLOG = "backlog"
    REMOVED = "removed"
    DEALT = "dealt"
    """The meeting has dealt with it, or does so now."""


@dataclass(frozen=True)
class Done:
    """What became of a press or a window."""

    title: str
    council: str
    council_id: int
    where: Where
    is_same: bool = False
    """It was so already; `by` and `at` say since when."""
    by: str = ""
    at: datetime | None = None
    starts_at: datetime | None = None
    timezone: str = "UTC"


@dataclass(frozen=True)
class Stale:
    """Nothing was done: somebody else has changed the agenda meanwhile."""

    by: str
    at: datetime | None
    timezone: str
    council_id: int
