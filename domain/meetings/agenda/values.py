"""The agenda of a meeting, and what it is made of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.portfolio.values import PersonName
from models.enums import ItemState, Purpose


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
