"""Pure decisions of the room: reading a rating, checking a form, telling late from in time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from domain.collecting.values import Answers
from domain.errors import FieldErrors
from domain.portfolio.ratings import health_of
from models.enums import Health, ReportSource, RequestState

LONGEST_TEXT: Final = 12_000
"""Characters of one answer; what is longer belongs into a document that the report links to."""

LONGEST_LINE: Final = 200
"""Characters of a one-line answer, such as a milestone's name."""

LARGEST_AMOUNT: Final = Decimal("99999999999999.99")
"""What the money columns hold."""

_AMOUNT: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?", re.ASCII)
"""A comma stands between thousands alone: read otherwise, `1,5` would be fifteen."""

_PERCENT: Final = re.compile(r"(\d|[1-9]\d|100)(\.0+)?", re.ASCII)

_LABELS: Final = {
    "health": "Overall health",
    "why": "Why this colour",
    "done": "Done since the last report",
    "next": "Planned next",
    "schedule": "Schedule",
    "budget": "Budget",
    "scope": "Scope",
    "resources": "Resources",
    "milestone": "Next milestone",
    "risks": "Risks and issues",
    "path_to_green": "Path to green",
    "decision": "Decision or help needed",
    "spent": "Spent so far",
    "cost_forecast": "Forecast at completion",
    "percent_complete": "Per cent complete",
}


def word_for(scale: Sequence[str], health: Health, rating: str) -> str | None:
    """The scale's word for a stored health; None if the scale has no such word (any more)."""
    return next((word for word in scale if health_of(word) == (health, rating)), None)


def check_answers(
    raw: Mapping[str, str], required: Iterable[str], today: date | None = None
) -> Answers:
    """Read a form's answers; an answer that is left out of `raw` is empty.

    Args:
        raw: the typed texts, by field of `Answers`.
        required: the fields that must be answered.
        today: what dates to come are held against; None: they are not.

    Raises:
        FieldErrors: with one text for each answer that needs mending.
    """
    reader = _Reader(raw)
    health, rating = reader.rating("health")
    answers = Answers(
        health=health,
        rating=rating,
        why=reader.text("why"),
        schedule=reader.colour("schedule"),
        budget=reader.colour("budget"),
        scope=reader.colour("scope"),
        resources=reader.colour("resources"),
        done=reader.text("done"),
        next=reader.text("next"),
        milestone=reader.text("milestone", LONGEST_LINE),
        milestone_baseline=reader.day("milestone_baseline"),
        milestone_forecast=reader.day("milestone_forecast"),
        milestone_met=raw.get("milestone_met", "").strip() == "met",
        risks=reader.text("risks"),
        path_to_green=reader.text("path_to_green"),
        decision=reader.text("decision"),
        decision_from=reader.text("decision_from", LONGEST_LINE),
        decision_by=reader.day("decision_by"),
        spent=reader.amount("spent"),
        cost_forecast=reader.amount("cost_forecast"),
        percent_complete=reader.percent("percent_complete"),
    )
    # What could not be read is told as that, and not as missing.
    errors = _missing(answers, required) | _inconsistent(answers)
    if today is not None:
        errors |= _out_of_time(answers, today)
    errors |= reader.errors
    if errors:
        raise FieldErrors(errors)
    return answers


def _missing(answers: Answers, required: Iterable[str]) -> dict[str, str]:
    errors = {}
    for name in required:
        value = getattr(answers, name)
        if value is None or value == "" or (name == "health" and value is Health.GREY):
            errors[name] = f"{_LABELS.get(name, name)} is needed."
    if answers.health in (Health.YELLOW, Health.RED) and not answers.why:
        errors["why"] = f"Say why it is {answers.health}: the first line goes into the digest."
    if answers.health is Health.RED and not answers.path_to_green:
        errors["path_to_green"] = "Red needs a path to green: who does what by when."
    return errors


def _inconsistent(answers: Answers) -> dict[str, str]:
    errors = {}
    has_dates = answers.milestone_baseline or answers.milestone_forecast
    if not answers.milestone and (has_dates or answers.milestone_met):
        errors["milestone"] = "Name the milestone that the dates belong to, or clear them."
    if not answers.decision and (answers.decision_from or answers.decision_by):
        errors["decision"] = "Say what has to be decided, or clear from whom and by when."
    return errors


def _out_of_time(answers: Answers, today: date) -> dict[str, str]:
    errors = {}
    forecast, decision_by = answers.milestone_forecast, answers.decision_by
    if forecast and forecast < today and not answers.milestone_met:
        errors["milestone_forecast"] = (
            f"{forecast} is in the past: give the day that is expected now, or say that the"
            " milestone is met."
        )
    if forecast and forecast > today and answers.milestone_met:
        errors["milestone_forecast"] = (
            f"{forecast} is still to come: give the day on which the milestone was met."
        )
    if decision_by and decision_by < today:
        errors["decision_by"] = f"{decision_by} is in the past: by when is it needed now?"
    return errors


class _Reader:
    """Reads typed texts, and collects what is wrong with them by field."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self._raw = raw
        self.errors: dict[str, str] = {}

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        text = self._raw.get(name, "").strip()
        if len(text) > longest:
            self.errors[name] = (
                f"{len(text):,} characters, and {longest:,} fit here: "
                "keep the essence, and link to a document with the rest."
            )
        return text

    def rating(self, name: str) -> tuple[Health, str]:
        word = self._raw.get(name, "").strip()
        if not word:
            return Health.GREY, ""
        try:
            return health_of(word)
        except ValueError as error:
            self.errors[name] = str(error)
            return Health.GREY, ""

    def colour(self, name: str) -> Health | None:
        word = self._raw.get(name, "").strip()
        return self.rating(name)[0] if word else None

    def day(self, name: str) -> date | None:
        text = self._raw.get(name, "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = f"'{text}' is not a date; write it as 2026-11-25."
            return None

    def amount(self, name: str) -> Decimal | None:
        text = self._raw.get(name, "").strip()
        if not text:
            return None
        if not _AMOUNT.fullmatch(text):
            self.errors[name] = f"'{text}' is not an amount; write it as 1250000 or 1,250,000.50."
            return None
        number = Decimal(text.replace(",", ""))
        if not 0 <= number <= LARGEST_AMOUNT:
            self.errors[name] = f"An amount is between 0 and {LARGEST_AMOUNT:,}."
            return None
        return number

    def percent(self, name: str) -> int | None:
        text = self._raw.get(name, "").strip().removesuffix("%").rstrip()
        if not text:
            return None
        if not _PERCENT.fullmatch(text):
            self.errors[name] = f"'{text}' is not a whole number from 0 to 100."
            return None
        return int(text.partition(".")[0])


def state_after_answer(
    before: RequestState, source: ReportSource, now: datetime, cut_off_at: datetime
) -> RequestState:
    """What a request becomes when it is answered at an instant, or its answer is corrected.

    Who was in time stays so: a correction after the cut-off makes nobody late.
    """
    if before is RequestState.LATE:
        return before
    if before in (RequestState.ANSWERED, RequestState.UNCHANGED):
        return RequestState.ANSWERED
    if now > cut_off_at:
        return RequestState.LATE
    is_unchanged = source is ReportSource.NO_CHANGE
    return RequestState.UNCHANGED if is_unchanged else RequestState.ANSWERED
