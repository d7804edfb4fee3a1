"""Answers as they stand in the fields of the form: what was typed, or would be."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from domain.collecting.answering.form.rules import promise_field, question_field
from domain.collecting.rules import word_for
from domain.collecting.values import DIMENSIONS, Answers, StatusForm
from models.enums import Health

_PLAIN = (
    *("why", "done", "next", "milestone", "risks", "path_to_green", "decision", "decision_from"),
)
_DAYS = ("milestone_baseline", "milestone_forecast", "decision_by")
_AMOUNTS = ("spent", "cost_forecast")


MET: Final = "met"
AHEAD: Final = "ahead"
"""Where the next milestone stands."""


def typed_of(form: StatusForm) -> dict[str, str]:
    """What the fields of a form open with: its draft over its last report."""
    known = _texts_of(form.prefilled, form.scale) | _others_of(form)
    typed = {**known, **(form.draft.typed if form.draft else {})}
    return {**typed, "phase": typed.get("phase") or form.phase}


def _others_of(form: StatusForm) -> dict[str, str]:
    """What is no answer of its own: promises, the phase's questions, the reason for a claim."""
    promises = {promise_field(number): each.outcome for number, each in enumerate(form.promises)}
    questions = {question_field(each): answer for each, answer in form.extra.items()}
    return {**promises, **questions, "claim_reason": form.claim_reason}


def _texts_of(answers: Answers, scale: Sequence[str]) -> dict[str, str]:
    texts = {name: str(getattr(answers, name)) for name in _PLAIN}
    texts["health"] = word_for(scale, answers.health, answers.rating) or ""
    texts |= {name: _colour(getattr(answers, name)) for name in DIMENSIONS}
    texts |= {name: _day(getattr(answers, name)) for name in _DAYS}
    texts |= {name: _amount(getattr(answers, name)) for name in _AMOUNTS}
    texts["milestone_met"] = MET if answers.milestone_met else AHEAD
    texts["percent_complete"] = _amount(answers.percent_complete)
    return texts


def _colour(health: Health | None) -> str:
    return "" if health in (None, Health.GREY) else health.value


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _amount(amount: Decimal | int | None) -> str:
    return "" if amount is None else f"{Decimal(amount):f}"


def day_in(text: str) -> date | None:
    """The date that a field opens with; None if the text, such as a draft's, is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def number_in(text: str) -> Decimal | None:
    """The number that a field opens with; None if the text, such as a draft's, is none."""
    try:
        number = Decimal(text.strip().removesuffix("%").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
