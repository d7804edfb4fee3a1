"""Decides what something is by three answers, and reads what the buttons carry."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from domain.answers.guiding.values import (
    CHOICES,
    HOURS,
    MONEY,
    UNITS,
    Lines,
    Outcome,
    Progress,
    Step,
    Subject,
    Verdict,
)

DEFINITION: Final = "process:what-is-a-project#definition"
SIZE: Final = "process:what-is-a-project#size"
HOW: Final = "process:project-request#how"
FIELDS: Final = "template:project-request#fields"
"""Sections of the handbook that the triage stands on."""

_SEPARATOR: Final = "|"


def decide(progress: Progress, lines: Lines) -> Verdict:
    """What something is, by the handbook: new and big is a project, the same again never is."""
    result = progress.answer(Subject.RESULT)
    if result == "repeat":
        return _repeated(progress)
    signs = tuple(dict.fromkeys(_signs(progress, lines)))
    if signs:
        is_new = result == "new"
        because = (Subject.RESULT, *signs) if is_new else signs
        return Verdict(Outcome.PROJECT, because, SIZE, is_in_doubt=not is_new)
    both = (Subject.EFFORT, Subject.REACH)
    if _is_small(progress):
        return Verdict(Outcome.SERVICE_REQUEST, both, DEFINITION)
    return Verdict(Outcome.SMALL_WORK, both, SIZE, is_in_doubt=_effort(progress) == "unsure")


def _repeated(progress: Progress) -> Verdict:
    """The same again, however big, is daily work; a small piece of it is asked for."""
    if _is_small(progress):
        return Verdict(Outcome.SERVICE_REQUEST, tuple(Subject), DEFINITION)
    return Verdict(Outcome.SMALL_WORK, (Subject.RESULT,), DEFINITION)


def _signs(progress: Progress, lines: Lines) -> Iterable[Subject]:
    """The answers that make a project of something new."""
    reach = progress.answer(Subject.REACH)
    if _effort(progress) == "more" and HOURS in lines.decided_by:
        yield Subject.EFFORT
    if reach in ("units", "both") and UNITS in lines.decided_by:
        yield Subject.REACH
    if reach in ("money", "both") and MONEY in lines.decided_by:
        yield Subject.REACH


def _is_small(progress: Progress) -> bool:
    return _effort(progress) == "hours" and progress.answer(Subject.REACH) == "one"


def _effort(progress: Progress) -> str:
    return progress.answer(Subject.EFFORT)


def answered(progress: Progress, subject: Subject, choice: str) -> Progress:
    """The progress once a question has this answer: at the next one, or done."""
    given = progress.with_answer(subject, choice)
    left = [each for each in Subject if not given.answer(each)]
    return replace(given, at=left[0] if left else Step.VERDICT)


def back(progress: Progress) -> Progress | None:
    """Where it goes back to from a question; None from the first one of a new triage."""
    if all(progress.answer(each) for each in Subject):
        return replace(progress, at=Step.REVIEW)
    before = [each for each in Subject if progress.answer(each)]
    return replace(progress.with_answer(before[-1], ""), at=before[-1]) if before else None


def dump(progress: Progress) -> str:
    """What a button carries.

    >>> dump(Progress(Subject.EFFORT, ("new", "", "")))
    'effort|new||'
    """
    return _SEPARATOR.join([progress.at.value, *progress.answers])


def load(text: str) -> Progress | None:
    """Read it back; None for what no button of ours carries.

    >>> load("verdict|new||") is None
    True
    """
    at, *answers = text.split(_SEPARATOR)
    steps: dict[str, Subject | Step] = {each.value: each for each in [*Subject, *Step]}
    match answers:
        case [result, effort, reach] if at in steps:
            progress = Progress(steps[at], (result, effort, reach))
            return progress if _is_known(progress) and _is_reached(progress) else None
        case _:
            return None


def _is_known(progress: Progress) -> bool:
    return all(progress.answer(each) in ("", *CHOICES[each]) for each in Subject)


def _is_reached(progress: Progress) -> bool:
    """Whether the questions before are answered, and none but them; or all of them."""
    answers = [bool(each) for each in progress.answers]
    if not isinstance(progress.at, Subject):
        return all(answers)
    place = list(Subject).index(progress.at)
    return all(answers) or answers == [number < place for number in range(len(answers))]
