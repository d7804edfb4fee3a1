"""What the heads of all digests count alike: projects by health, what has changed, the alarm."""

from collections.abc import Iterator, Sized
from typing import Final, Protocol

from domain.digests.rules import ALARM_ABOVE, is_alarming
from domain.digests.values import Counts
from message_templates.kit import HEALTH_SYMBOLS
from models.enums import Health

_IN_ORDER: Final = (Health.RED, Health.YELLOW, Health.GREEN, Health.GREY)


class Counted(Protocol):
    """A head, as far as its projects are counted."""

    @property
    def counts(self) -> Counts:
        """Its projects."""

    @property
    def previous(self) -> Counts | None:
        """Those of the digest that it is compared with."""

    @property
    def missing(self) -> Sized:
        """The grey ones that have not reported."""

    @property
    def not_rated(self) -> Sized:
        """The grey ones that have reported without a colour."""


def counted(counts: Counts, previous: Counts | None) -> Iterator[tuple[str, int, str, int]]:
    """Each health with its projects, and how many more these are than last time."""
    for health in _IN_ORDER:
        count = getattr(counts, health.value)
        change = count - getattr(previous, health.value) if previous else 0
        if count or change:
            yield HEALTH_SYMBOLS[health], count, health.value, change


def tally(head: Counted) -> Iterator[str]:
    """What a notification counts: grey stands as what it is."""
    for _symbol, count, word, change in counted(head.counts, head.previous):
        if word != Health.GREY.value:
            yield f"{count} {word} ({change:+d})" if change else f"{count} {word}"
    for count, word in ((len(head.missing), "missing"), (len(head.not_rated), "not rated")):
        if count:
            yield f"{count} {word}"


def alarm(counts: Counts) -> dict[str, int]:
    """The figures of the alarm; `troubled` is 0 if there is none."""
    troubled = counts.yellow + counts.red
    return {
        "troubled": troubled if is_alarming(counts) else 0,
        "rated": troubled + counts.green,
        "alarm": round(100 * ALARM_ABOVE),
    }
