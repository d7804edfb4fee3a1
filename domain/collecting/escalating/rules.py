"""Who hears of reports that were missed several times in a row, as pure decisions.

A miss is a cut-off that passed without an answer. Who was never asked, or is on leave at the
cut-off, has not missed it: that neither counts nor ends the row. A late answer ends it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from models.enums import RequestState

_ORDINALS: Final = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}
_TEENS: Final = (11, 12, 13)


class NoSponsor(StrEnum):
    """Why no sponsor can be told, and what mends it."""

    NOT_NAMED = "no sponsor is named: the portfolio file's `sponsor` column takes one"
    GONE = "its sponsor has left Slack: name another in the portfolio file's `sponsor` column"
    ANSWERS = "its sponsor is who was asked: name another in the portfolio file's `sponsor` column"


@dataclass(frozen=True)
class Told:
    """Who hears of a missed report."""

    sponsor: bool = False
    pmo: bool = False

    @property
    def words(self) -> str:
        """As a digest says it; empty if nobody does."""
        everybody = {"sponsor": self.sponsor, "PMO": self.pmo}
        named = [name for name, is_told in everybody.items() if is_told]
        return f"{' and '.join(named)} told" if named else ""


def in_a_row(before: RequestState | None, misses: int) -> int:
    """How many cut-offs a project had missed in a row before the one that has just passed.

    Args:
        before: what became of its request before; None: there was none.
        misses: how many had been missed in a row then.
    """
    return misses if before is RequestState.MISSED else 0


def told_of(misses: int, sponsor_after: int, pmo_after: int, no_sponsor: NoSponsor | None) -> Told:
    """Who hears of so many misses in a row.

    The sponsor from `sponsor_after` misses on until the PMO takes over at `pmo_after`; the PMO in
    place of a sponsor who can't be told. 0: never.
    """
    is_pmos = 0 < pmo_after <= misses
    is_sponsors = 0 < sponsor_after <= misses and (not is_pmos or misses == sponsor_after)
    if is_sponsors and no_sponsor is not None:
        return Told(pmo=True)
    return Told(sponsor=is_sponsors, pmo=is_pmos)


def reason_of(misses: int, told: Told, before: str) -> str:
    """Why a report is missing, as the digest says it.

    Args:
        misses: in a row.
        told: who hears of it.
        before: what is known of the request already, such as why it was asked late.
    """
    if misses <= 1:
        return before
    words = f"{_ordinal(misses)} miss in a row"
    if told.words:
        words += f" ({told.words})"
    return f"{words}; {before}" if before else words


def _ordinal(number: int) -> str:
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"
