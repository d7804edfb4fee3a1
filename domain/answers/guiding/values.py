"""What the triage asks, what was answered so far, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

HOURS, UNITS, MONEY = "hours", "units", "money"
"""What can make a project of something new, as the configuration names it."""


class Subject(StrEnum):
    """What is asked, in this order."""

    RESULT = "result"
    """Something new, or the same again?"""
    EFFORT = "effort"
    """How much work, of all people together?"""
    REACH = "reach"
    """Who takes part, and must money be found?"""


CHOICES: Final[Mapping[Subject, tuple[str, ...]]] = {
    Subject.RESULT: ("new", "repeat", "unsure"),
    Subject.EFFORT: ("hours", "days", "more", "unsure"),
    Subject.REACH: ("one", "units", "money", "both"),
}
"""The answers to each question; buttons carry them, so they stay the same."""


class Step(StrEnum):
    """What is shown once all is answered."""

    VERDICT = "verdict"
    REVIEW = "review"
    """The three answers, each of which can be changed."""


class Outcome(StrEnum):
    """What something is."""

    PROJECT = "project"
    SMALL_WORK = "small_work"
    SERVICE_REQUEST = "service_request"


@dataclass(frozen=True)
class Progress:
    """What is shown, and what was answered so far."""

    at: Subject | Step = Subject.RESULT
    answers: tuple[str, str, str] = ("", "", "")
    """To the questions in their order; empty where there is none yet."""

    def answer(self, subject: Subject) -> str:
        """What was answered to a question."""
        return self.answers[list(Subject).index(subject)]

    def with_answer(self, subject: Subject, choice: str) -> "Progress":
        """The same with another answer to a question."""
        result, effort, reach = (
            choice if each is subject else self.answer(each) for each in Subject
        )
        return replace(self, answers=(result, effort, reach))


@dataclass(frozen=True)
class Lines:
    """Where the PMO draws the lines."""

    small_hours: int = 8
    project_hours: int = 80
    money: str = "10,000"
    decided_by: tuple[str, ...] = (HOURS, UNITS, MONEY)


@dataclass(frozen=True)
class Verdict:
    """What the answers come to, and why."""

    outcome: Outcome
    because: tuple[Subject, ...]
    """The answers that decide."""
    section_id: str
    """The handbook's clause that says so."""
    is_in_doubt: bool = False
    """An answer was "I'm not sure", and another one could turn it."""


@dataclass(frozen=True)
class Requests:
    """Where to go on; empty where the PMO has set nothing up."""

    link: str = ""
    text: str = ""
    service_desk: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody of the PMO."""

    slack_id: str
    name: str


@dataclass(frozen=True)
class Offer:
    """What decides about which questions somebody is offered."""

    phase: str = ""
    """The phase of a project of theirs; empty if they have none."""
    is_pmo: bool = False
