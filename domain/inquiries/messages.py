"""What the room says: questions to who is to answer them, and answers to who asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.inquiries.values import Why
from models.enums import Attention, InquiryState


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


@dataclass(frozen=True)
class InquiryNews:
    """Tells somebody what was answered to their question, or that the PMO has it now."""

    kind: ClassVar[str] = "inquiry_news"
    attention: ClassVar[Attention] = Attention.FREE

    inquiry_id: int
    code: str
    name: str
    question: str
    author: str
    answer: str
    """Empty: it was passed on."""
