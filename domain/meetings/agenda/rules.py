"""Pure decisions about agendas: what an item is built from, how long it takes, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from zlib import crc32

from domain.meetings.agenda.values import Fate, ItemWish, Step
from domain.portfolio.suggest import did_you_mean
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


# --- what is typed

TITLE, PURPOSE, TEXT, TIME = "title", "purpose", "text", "minutes"
OWNER, PROJECT, FATE, REASON = "owner", "project", "fate", "reason"
"""The fields of the window."""

LONGEST_TITLE: Final = 150
LONGEST_TEXT: Final = 4_000
LONGEST_REASON: Final = 500
MOST_MINUTES: Final = 480
"""Of one item: a working day."""


@dataclass(frozen=True)
class Meant:
    """An item as it was typed, read and found possible."""

    title: str
    purpose: Purpose
    text: str
    minutes: int
    project_id: int | None


def read_item(wish: ItemWish, codes: Mapping[str, int]) -> Meant | Mapping[str, str]:
    """Read what was typed: an item, or what is to be mended, by field.

    Args:
        wish: as it was typed.
        codes: the projects that it can be about, by code.
    """
    title, text = wish.title.strip(), wish.text.strip()
    purpose = next((each for each in Purpose if each.value == wish.purpose), None)
    minutes, project_id = read_minutes(wish.minutes), _project(wish.code, codes)
    faults: dict[str, str] = {}
    if not title:
        faults[TITLE] = "Say in a few words what it is about."
    elif len(title) > LONGEST_TITLE or len(title.splitlines()) > 1:
        faults[TITLE] = (
            f"A title is one line of {LONGEST_TITLE} characters at most: "
            "what more there is to say goes into the text."
        )
    if len(text) > LONGEST_TEXT:
        faults[TEXT] = f"{len(text):,} characters are too many: {LONGEST_TEXT:,} fit. Shorten it."
    if minutes is None:
        faults[TIME] = f"Write a number of minutes, from 0 to {MOST_MINUTES}."
    if isinstance(project_id, str):
        faults[PROJECT] = project_id
    if purpose is None:
        faults[PURPOSE] = "Choose what the council is to do with it."
    if faults or purpose is None or minutes is None or isinstance(project_id, str):
        return faults
    return Meant(title, purpose, text, minutes, project_id)


def read_minutes(typed: str) -> int | None:
    """A length that was typed; None if it is none."""
    text = typed.strip()
    if text.isdecimal() and len(text) <= len(str(MOST_MINUTES)) and int(text) <= MOST_MINUTES:
        return int(text)
    return None


def fate_faults(wish: ItemWish, source: str) -> dict[str, str]:
    """Why an item can't become what the chair wants, by field."""
    reason = wish.reason.strip()
    if wish.fate == Fate.REMOVE and not reason:
        return {REASON: "Say why it is removed: it is kept with the item."}
    if len(reason) > LONGEST_REASON:
        return {REASON: f"Shorten the reason to {LONGEST_REASON} characters."}
    if wish.fate == Fate.BACKLOG and source in STANDING:
        return {FATE: "Every meeting has this one: it can be removed from this agenda."}
    return {}


def _project(code: str, codes: Mapping[str, int]) -> int | str | None:
    """The project of a code; what is wrong with the code; None, where there is none."""
    typed = code.strip()
    if not typed:
        return None
    found = codes.get(typed.upper())
    if found is not None:
        return found
    guess = did_you_mean(typed, codes)
    return f"There is no project '{typed[:40]}' that this council may know of.{guess}"


# --- order


def mark_of(item_ids: Sequence[int]) -> str:
    """A short word for an order, to tell whether somebody has changed it."""
    return f"{crc32(','.join(map(str, item_ids)).encode()):08x}"


def moved(shown: Sequence[int], everything: Sequence[int], item_id: int, step: Step) -> list[int]:
    """An order with one item moved.

    Args:
        shown: what the mover sees, in its order: the item passes one of these.
        everything: all items, in their order.
        item_id: which one moves.
        step: where to.
    """
    place = shown.index(item_id)
    rest = [each for each in everything if each != item_id]
    others = [each for each in shown if each != item_id]
    if not others:
        return list(everything)
    if step is Step.DOWN:
        beside = others[min(place, len(others) - 1)]
        at = rest.index(beside) + 1
    else:
        beside = others[0 if step is Step.FIRST else max(place - 1, 0)]
        at = rest.index(beside)
    return [*rest[:at], item_id, *rest[at:]]
