"""What handing a question over takes and returns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Choosable:
    """A project that a question may be about."""

    code: str
    name: str


@dataclass(frozen=True)
class OfficeAsking:
    """What the window for a question to the PMO says."""

    question_id: int
    """The question to the handbook that it comes from; 0: from none."""
    text: str
    """The question as it stands so far."""
    projects: tuple[Choosable, ...]
    """Those that the person may see."""
    code: str
    """The project that the question names; empty if it names none, or several."""
    office: tuple[str, ...]
    """Who reads it, by name."""
    has_channel: bool
    """The PMO has a channel, where it stands if it names nothing restricted."""
    waiting: int = 0
    """Questions of the same person to the PMO that wait already."""


@dataclass(frozen=True)
class Handed:
    """A question to the PMO as it was sent."""

    text: str
    code: str = ""
    """The project's; empty: about none."""
    question_id: int = 0
