"""What the room says: questions to who is to answer them, and answers to who asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.inquiries.values import Why
from models.enums import Attention, InquiryState, InquiryStep


@dataclass(frozen=True)
class InquiryItem:
    """One inquiry in a message that has several."""

    inquiry_id: int
    code: str
    name: str
    asker: str
    asked: str
    """With whom it is; empty: the PMO."""
    asked_at: datetime
    question: str
    """The newest one."""
    earlier: int
    """How much was said before it."""
    state: InquiryState
    answered_by: str = ""
    why: Why | None = None
    """Why the PMO reads of it."""
    is_reminder: bool = False
    """Its reader was asked some days ago."""
    is_for_office: bool = False
    """The PMO itself was asked."""


@dataclass(frozen=True)
class OpenInquiries:
    """All that somebody is asked by others: one message for what waits on a day."""

    kind: ClassVar[str] = "open_inquiries"
    attention: ClassVar[Attention] = Attention.NOTICE

    items: tuple[InquiryItem, ...]
    has_newer: bool = False
    """What is still open stands in a newer message."""


@dataclass(frozen=True)
class OfficeInquiries:
    """Inquiries that the PMO is to answer, or to see to: one message for a day."""

    kind: ClassVar[str] = "office_inquiries"
    attention: ClassVar[Attention] = Attention.NOTICE

    items: tuple[InquiryItem, ...]


@dataclass(frozen=True)
class UnansweredInquiries:
    """Tells somebody that what they asked is not answered yet, and who knows of that."""

    kind: ClassVar[str] = "unanswered_inquiries"
    attention: ClassVar[Attention] = Attention.NOTICE

    items: tuple[InquiryItem, ...]
    office: tuple[str, ...] = ()
    """Who the PMO is, by name."""


class News(StrEnum):
    """What somebody hears of an inquiry."""

    ANSWER = "answer"
    PASSED_ON = "passed_on"
    """The PMO has it now."""
    PASSED_TO = "passed_to"
    """Somebody whom the PMO has chosen has it now; the text is their name."""
    ASKED_BACK = "asked_back"
    """Its asker is asked in turn."""
    REPLY = "reply"
    """Who has asked back hears what the asker says."""


@dataclass(frozen=True)
class InquiryNews:
    """Tells somebody what was said to their question, or who has it now."""

    kind: ClassVar[str] = "inquiry_news"
    attention: ClassVar[Attention] = Attention.FREE

    inquiry_id: int
    code: str
    name: str
    question: str
    author: str
    answer: str
    """What was said; empty: it was passed on."""
    news: News | None = None
    """None: the text tells, an answer or that it was passed on."""
    link: str = ""
    """Where in Slack the conversation stands, if its reader can read there."""
    is_for_office: bool = False
    """The PMO itself was asked."""
    before: str = ""
    """Who has answered the same question before."""
    is_over: bool = False
    """Who was asked back has replied, or got the answer without."""

    @property
    def told(self) -> News:
        """What its reader hears."""
        return self.news or (News.ANSWER if self.answer else News.PASSED_ON)


@dataclass(frozen=True)
class OfficeQuestion:
    """A question to the PMO itself; what follows stands in its thread."""

    kind: ClassVar[str] = "office_question"
    attention: ClassVar[Attention] = Attention.ACTION

    inquiry_id: int
    code: str
    """The project's; empty: it is about none."""
    name: str
    asker: str
    asked_at: datetime
    question: str
    state: InquiryState
    asked: str = ""
    """With whom it is; empty: the PMO."""
    is_asked_back: bool = False
    by: str = ""
    """Who did last what is done: answered, asked back."""
    at: datetime | None = None
    reason: str = ""
    """Why nobody waits for an answer any more."""


@dataclass(frozen=True)
class OfficeTurn:
    """What was said to a question to the PMO, in its thread."""

    kind: ClassVar[str] = "office_turn"
    attention: ClassVar[Attention] = Attention.FREE

    author: str
    at: datetime
    step: InquiryStep
    text: str


@dataclass(frozen=True)
class OfficeMoved:
    """What is left in a channel of what must not be read there any more."""

    kind: ClassVar[str] = "office_moved"
    attention: ClassVar[Attention] = Attention.FREE

    is_answer: bool = False
    """It was an answer in the thread where the handbook was asked; who asked has it directly."""


@dataclass(frozen=True)
class AnswerInThread:
    """The PMO's answer, in the thread where the handbook was asked."""

    kind: ClassVar[str] = "office_answer_in_thread"
    attention: ClassVar[Attention] = Attention.FREE

    question: str
    author: str
    answer: str
