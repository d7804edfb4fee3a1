"""What the room's service takes and returns."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.enums import InquiryState, InquiryStep


class Role(StrEnum):
    """What somebody may do with an inquiry."""

    ASKER = "asker"
    """Ask further, take it back."""
    ANSWERER = "answerer"
    """The PM, the deputy, the PMO."""
    READER = "reader"
    """Whoever else may see the project: it is on its record."""


class Why(StrEnum):
    """Why somebody else than the PM has an inquiry."""

    PM_AWAY = "pm_away"
    PM_GONE = "pm_gone"
    NOBODY = "nobody"
    """Neither PM nor deputy is there: the PMO has it."""
    PASSED_ON = "passed_on"
    """Who was asked gave it to the PMO."""
    OVERDUE = "overdue"
    """It was not answered for days: the PMO hears of it."""
    ASKED = "asked"
    """The PMO itself was asked, and has not answered yet."""


@dataclass(frozen=True)
class Turn:
    """One thing that was said in an inquiry."""

    author: str
    """Empty: the bot itself."""
    at: datetime
    step: InquiryStep
    text: str


@dataclass(frozen=True)
class InquiryCard:
    """An inquiry as somebody reads it."""

    inquiry_id: int
    code: str
    name: str
    """The project's."""
    asker: str
    asked: str
    """With whom it is; empty: the PMO."""
    state: InquiryState
    turns: tuple[Turn, ...]
    """In their order."""
    role: Role
    seen: int = 0
    """The number of its newest entry: what comes after it is news to whoever has it open."""
    is_passed_on: bool = False
    is_answer_sent: bool = True
    """Its asker may read an answer; else it stays on the record alone."""
    is_for_office: bool = False
    """The PMO itself was asked."""
    is_asked_back: bool = False
    """Who asked has to say more before there can be an answer."""
    has_thread: bool = False
    """It was asked in a thread before, where others read along: the answer may be posted there."""


@dataclass(frozen=True)
class Asking:
    """What the window for a new question says."""

    project_id: int
    code: str
    name: str
    pm: str
    asked: str
    """Who gets it; empty: the PMO."""
    why: Why | None = None
    """Why that is not the PM."""
    waiting: int = 0
    """Questions of the same person about the project that wait already."""


@dataclass(frozen=True)
class Written:
    """What became of something that was written."""

    card: InquiryCard
    """As it is now."""
    is_new: bool = True
    """It was not there already, as of a form that was sent twice."""
    between: tuple[Turn, ...] = ()
    """What others have said while it was being written."""
    is_late: bool = False
    """Somebody else's answer came first: this one is not kept unless it is sent again."""


@dataclass(frozen=True)
class InquiryList:
    """Inquiries as somebody asked for them, those that wait first."""

    cards: tuple[InquiryCard, ...]
    code: str = ""
    """The project's; empty where they are of several."""
    name: str = ""


@dataclass(frozen=True)
class InquiryCounts:
    """A project's inquiries in numbers."""

    open: int = 0
    answered: int = 0
