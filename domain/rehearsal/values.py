"""What a rehearsal tells: what would be said in the days ahead, and what would not, and why."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

DEFAULT_DAYS: Final = 14
MOST_DAYS: Final = 92
"""A quarter: what lies further ahead will have been configured anew by then."""


@dataclass(frozen=True)
class Recipient:
    """Where something would be said."""

    slack_id: str
    """A person's, or a channel's."""
    name: str
    timezone: str
    """The IANA zone in which they live: a person's own, a channel's council's."""
    is_channel: bool = False


@dataclass(frozen=True)
class About:
    """What would be said."""

    kind: str
    """Of the message, such as `status_request`."""
    projects: tuple[str, ...] = ()
    """Codes, in order."""
    councils: tuple[str, ...] = ()
    is_restricted: bool = False
    """A council's restricted part: it goes to its members directly, and into no channel."""


@dataclass(frozen=True)
class Sending:
    """One message that would be said."""

    at: datetime
    to: Recipient
    about: About
    notes: tuple[str, ...] = ()
    """Why it is this person or this hour, where that is not as usual."""
    further: int = 0
    """How many messages follow it in its thread."""


@dataclass(frozen=True)
class Unsent:
    """Something that somebody may expect, and that would not be said."""

    about: About
    why: str
    to: Recipient | None = None
    at: datetime | None = None
    """When it would have been."""
    is_problem: bool = True
    """Whether somebody should mend something: not where it is so by the configuration."""


@dataclass(frozen=True)
class Rehearsal:
    """The days ahead, as they would go if nothing changed and nobody answered."""

    begin: datetime
    end: datetime
    timezone: str
    """The workspace's."""
    sendings: tuple[Sending, ...] = ()
    """In the order of time."""
    unsent: tuple[Unsent, ...] = ()
    is_paused: bool = False
    """The configuration says that nobody is to be asked."""

    @property
    def has_problems(self) -> bool:
        """Whether something can't be said that should be."""
        return any(each.is_problem for each in self.unsent)

    def only(self, slack_id: str | None = None, council: str | None = None) -> "Rehearsal":
        """The part of it that concerns one person or channel, one council, or both."""

        def concerns(each: Sending | Unsent) -> bool:
            is_theirs = slack_id is None or (each.to is not None and each.to.slack_id == slack_id)
            return is_theirs and (council is None or council in each.about.councils)

        return replace(
            self,
            sendings=tuple(filter(concerns, self.sendings)),
            unsent=tuple(filter(concerns, self.unsent)),
        )
