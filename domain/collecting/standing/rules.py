"""Whether *No change* is an answer, as pure decisions: one press lets the last report hold on.

What the bot promises about it (each point has its test):

- Never more than twice in a row: then somebody has to look again.
- Only green holds on without a word: what is yellow, red or not rated changes by the day.
- Not while something waits for an answer: an action that is due by the cut-off, a milestone whose
  day has passed, a decision that the last report asked for.
- Every reason is told at once, in a friendly sentence, and the form opens instead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.collecting.values import Answers
from models.enums import Health

MOST_IN_A_ROW: Final = 2
"""Reports without a change that may follow each other."""

_NAMED: Final = 3
"""Things that a reason names before it counts the rest."""


@dataclass(frozen=True)
class Matter:
    """Something of the project that has a date: an action or a milestone of its lists."""

    ref: str
    """`A-3`, `M-1`."""
    title: str
    due_on: date | None


@dataclass(frozen=True)
class Standing:
    """What decides whether a project's last report can hold on."""

    last: Answers | None
    """What was reported last; None if nothing ever was."""
    unchanged: int = 0
    """How many times in a row it has held on already."""
    actions: tuple[Matter, ...] = ()
    """Open actions of the project."""
    milestones: tuple[Matter, ...] = ()
    """Open milestones of its list."""


def why_not(standing: Standing, today: date, cut_off_on: date) -> tuple[str, ...]:
    """Why *No change* is no answer just now, a sentence for each reason; nothing, if it is one.

    Args:
        standing: the project's last report, and what waits.
        today: in the council's zone.
        cut_off_on: the day of the cut-off.
    """
    last = standing.last
    if last is None:
        return ("There is no report yet that could hold on.",)
    reasons: list[str] = []
    if standing.unchanged >= MOST_IN_A_ROW:
        reasons.append("It was “no change” twice in a row: a few fresh words, please.")
    if last.health is not Health.GREEN:
        how = "not rated" if last.health is Health.GREY else last.health.value
        reasons.append(f"The last report was {how}: please say where it stands now.")
    if last.decision:
        reasons.append(
            "The last report asks for a decision: say whether it was made, or clear that field."
        )
    reasons += _overdue(standing, last, today)
    if due := [each for each in standing.actions if each.due_on and each.due_on <= cut_off_on]:
        one = len(due) == 1
        reasons.append(
            f"{_listed(due)} {'waits' if one else 'wait'} for an answer: "
            f"{'it is' if one else 'they are'} due by the cut-off."
        )
    return tuple(reasons)


def _overdue(standing: Standing, last: Answers, today: date) -> list[str]:
    """What is said of milestones whose day has passed: those of the list, and the report's own."""
    late = [each for each in standing.milestones if each.due_on and each.due_on < today]
    names = {each.title.casefold() for each in standing.milestones}
    forecast = last.milestone_forecast
    if forecast and forecast < today and last.milestone.casefold() not in names:
        late.append(Matter("", last.milestone, forecast))
    if not late:
        return []
    whose = "Its day has" if len(late) == 1 else "Their days have"
    return [f"{_listed(late)}: {whose} passed. Was it reached, or when will it be?"]


def _listed(matters: Iterable[Matter]) -> str:
    """Names of a few, and how many more there are."""
    named = [f"{each.ref} “{each.title}”".strip() for each in matters]
    more = len(named) - _NAMED
    return ", ".join([*named[:_NAMED], *([f"{more} more"] if more > 0 else [])])
