"""From what was found to what is said."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, cast

from domain.answers.finding.finder import Band, Finding
from domain.answers.messages import (
    Answer,
    AskElsewhere,
    DidYouMean,
    DontKnow,
    HowToAsk,
    Politeness,
)
from domain.answers.rules import OFFERED, asks, courtesy_of, links, related, shown, topics_of
from domain.answers.shelf import Shelf
from domain.delivery.messages import Message

RECORD: Final = "record"
"""The band of what was answered from the record."""


@dataclass(frozen=True)
class Told:
    """One question, and what is said to it without the handbook."""

    text: str
    """The question; without who is named in it."""
    message: Message

    @property
    def band(self) -> str:
        """Who answered: a message that is not from the record names its own."""
        return str(getattr(self.message, "band", RECORD))

    @property
    def project_code(self) -> str:
        """The project that it is about; empty: none in particular."""
        return str(getattr(self.message, "project_code", ""))

    def numbered(self, question_id: int, *, is_one_of_several: bool) -> Message:
        """The message with what only the log knows, as far as it has room for it."""
        known = {"question_id": question_id, "question": self.text if is_one_of_several else ""}
        names = {each.name for each in fields(cast("Any", self.message))}
        values = {name: value for name, value in known.items() if name in names}
        return cast("Message", replace(cast("Any", self.message), **values))


@dataclass(frozen=True)
class Found:
    """One question, and what the handbook has for it."""

    text: str
    """The question; without who is named in it."""
    finding: Finding
    kind: str = ""
    """What its name was looked up among, such as `template`."""

    def is_open(self, *, may_be_report: bool) -> bool:
        """Whether it is a question that the handbook has no answer to."""
        is_asked = asks(self.text) or not may_be_report
        return self.finding.band is Band.UNKNOWN and is_asked

    @property
    def answered_id(self) -> str:
        """The section that is shown."""
        hits = self.finding.hits
        return hits[0].section.id if self.finding.band is Band.ANSWER and hits else ""


@dataclass(frozen=True)
class Setting:
    """What an answer depends on beside its question."""

    shelf: Shelf
    today: date
    command: str
    is_one_of_several: bool = False
    can_be_shared: bool = False
    may_be_report: bool = False
    is_told: bool = False
    list_on: date | None = None


def answer_to(found: Found, question_id: int, setting: Setting) -> Message:
    """What is said to a question."""
    finding, shelf = found.finding, setting.shelf
    question = found.text if setting.is_one_of_several else ""
    sections = [each.section for each in finding.hits]
    match finding.band:
        case Band.ANSWER:
            return Answer(
                question_id,
                shown(sections[0], setting.today),
                related(sections[0], shelf.handbook, sections[1:]),
                question=question,
                corrected=finding.corrected,
                note=finding.pointer,
                can_be_shared=setting.can_be_shared,
            )
        case Band.UNSURE:
            offered = links(sections[:OFFERED])
            return DidYouMean(question_id, offered, question, finding.corrected, finding.pointer)
        case Band.UNKNOWN if found.is_open(may_be_report=setting.may_be_report):
            return DontKnow(
                found.text,
                topics_of(shelf.handbook, found.kind),
                setting.command,
                finding.unknown,
                is_told=setting.is_told,
                list_on=setting.list_on,
                may_be_report=setting.may_be_report,
                question_id=question_id,
            )
        case Band.OFF_TOPIC | Band.OTHER_LANGUAGE:  # the PMO may know better, or speak it
            return AskElsewhere(finding.pointer, question, question_id)
        case Band.UNKNOWN | Band.EMPTY:
            courtesy = courtesy_of(found.text)
            return Politeness(courtesy) if courtesy else HowToAsk(setting.command)
