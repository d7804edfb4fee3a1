"""Pure decisions about an uploaded calendar: what of the record it changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.meetings.calendar_in.values import Incoming
from domain.meetings.series.rules import is_free, is_uploaded
from models.enums import MeetingState


class Known(Protocol):
    """A meeting of the council, as it is kept."""

    occurrence: str
    starts_at: datetime
    minutes: int
    title: str
    place: str
    state: MeetingState
    is_by_hand: bool
    started_at: datetime | None


@dataclass(frozen=True)
class Difference:
    """What has to change so that the record follows a calendar file."""

    new: tuple[Incoming, ...] = ()
    changed: tuple[Incoming, ...] = ()
    dropped: tuple[str, ...] = ()
    """Occurrences that the file has no more."""
    by_hand: int = 0
    """Meetings that stay as people have left them, whatever the file says."""
    known: int = 0
    """Meetings at whose hour the council meets already."""

    @property
    def is_any(self) -> bool:
        """Whether anything has to change."""
        return bool(self.new or self.changed or self.dropped)


def differences(
    given: Collection[Incoming], council: str, stored: Iterable[Known], now: datetime
) -> Difference:
    """Compare a calendar file with what is kept; what has begun or was changed by hand stays.

    Args:
        given: the file's meetings, from now on.
        council: its name: a title that says no more is none.
        stored: all meetings of the council.
        now: this instant.
    """
    kept = list(stored)
    mine = {each.occurrence: each for each in kept if is_uploaded(each.occurrence)}
    taken = {
        each.starts_at
        for each in kept
        if each.state is MeetingState.PLANNED and not is_uploaded(each.occurrence)
    }
    wanted = {each.occurrence: each for each in given if each.starts_at not in taken}
    free = {name: each for name, each in mine.items() if is_free(each, now)}
    return Difference(
        new=tuple(
            each for name, each in wanted.items() if name not in mine and not each.is_cancelled
        ),
        changed=tuple(
            each
            for name, each in wanted.items()
            if name in free and facts_of(each, council) != _as_kept(free[name])
        ),
        dropped=tuple(
            name
            for name, each in free.items()
            if name not in wanted and each.state is not MeetingState.DROPPED
        ),
        by_hand=sum(name in mine and mine[name].is_by_hand for name in wanted),
        known=len(given) - len(wanted),
    )


def facts_of(given: Incoming, council: str) -> dict[str, Any]:
    """What of a file's meeting is kept."""
    is_named = given.title.casefold() not in ("", council.casefold())
    return {
        "starts_at": given.starts_at,
        "minutes": given.minutes,
        "title": given.title if is_named else "",
        "place": given.place,
        "state": MeetingState.CANCELLED if given.is_cancelled else MeetingState.PLANNED,
    }


def _as_kept(known: Known) -> dict[str, Any]:
    return {
        name: getattr(known, name) for name in ("starts_at", "minutes", "title", "place", "state")
    }
