"""Pure decisions about agendas: what an item is built from, how long it takes, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from models.enums import Purpose


class Built(StrEnum):
    """What an item can be built from, in a council's order.

    Its source is `red:42`, or the word alone.
    """

    OPENING = "opening"
    MINUTES = "minutes"
    BALLOT = "ballot"
    ACTION = "action"
    DECISION = "decision"
    RED = "red"
    SILENT = "silent"
    """A project from which reports are missing for so long that the PMO was told."""
    RECAP = "recap"

    def of(self, number: int) -> str:
        """The source of an item that is about something of a number."""
        return f"{self.value}:{number}"


STANDING: Final = frozenset({Built.OPENING.value, Built.RECAP.value})
"""Sources of items that each meeting has, and that are never carried on."""

MINUTES: Final[Mapping[Built, int]] = {
    Built.OPENING: 3,
    Built.MINUTES: 0,
    Built.BALLOT: 0,
    Built.ACTION: 1,
    Built.DECISION: 10,
    Built.RED: 5,
    Built.SILENT: 2,
    Built.RECAP: 3,
}
"""How long each takes until the chair says otherwise. An hour has twenty minutes for decisions,
fifteen for reds and escalations, five for overdue actions, three each to open and to recap."""

_IN_ORDER: Final = tuple(kind for kind in Built if kind is not Built.RECAP)
_RANKS: Final[Mapping[str, int]] = {kind.value: rank for rank, kind in enumerate(_IN_ORDER)}
_BY_PURPOSE: Final[Mapping[Purpose, int]] = {
    Purpose.DECIDE: _RANKS[Built.DECISION],
    Purpose.DISCUSS: len(_RANKS),
    Purpose.INFORM: len(_RANKS) + 1,
}
_LAST: Final = len(_RANKS) + 2


class Order(NamedTuple):
    """Where an item belongs: earlier ones are smaller."""

    rank: int
    is_by_hand: bool
    """Behind what is built, in the order in which people added it."""
    within: str


@dataclass(frozen=True)
class DueItem:
    """What is due, as an item."""

    source: str
    purpose: Purpose
    title: str
    text: str = ""
    minutes: int = 0
    owner_id: int | None = None
    project_id: int | None = None
    log_entry_id: int | None = None
    is_consent: bool = False
    within: str = ""
    """Its place among those of its kind: a date, the earliest first."""

    @property
    def order(self) -> Order:
        """Where it belongs."""
        rank = _rank(self.source, self.purpose)
        return Order(rank, is_by_hand=False, within=f"{self.within} {self.source:>20}")


def order_of(source: str, purpose: Purpose) -> Order:
    """Where an item belongs of which no more is known than what it is for."""
    return Order(_rank(source, purpose), is_by_hand=not source, within="")


def place_for(order: Order, present: Sequence[Order]) -> int:
    """Where an item goes among those that are there, in whatever order the chair has put them.

    Where the fewest stand on the wrong side of it; so an order that nobody touched stays sorted.
    """
    wrong = [sum(each <= order for each in present)]
    for each in present:
        wrong.append(wrong[-1] + (-1 if each <= order else 1))
    return wrong.index(min(wrong))


def _rank(source: str, purpose: Purpose) -> int:
    kind = source.partition(":")[0]
    if kind == Built.RECAP:
        return _LAST
    if kind == Built.BALLOT and purpose is Purpose.DECIDE:
        return _BY_PURPOSE[purpose]
    return _RANKS.get(kind, _BY_PURPOSE[purpose])
