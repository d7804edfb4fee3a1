"""Pure decisions of the form: what it asks, what it lacks, what has happened while it was open."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final, cast, get_args
from zlib import crc32

from domain.collecting.rules import LONGEST_LINE, check_answers, word_for
from domain.collecting.values import Answers, Basis, Promise
from domain.errors import FieldErrors
from domain.logs.rules import LONGEST_TEXT as LONGEST_NOTE
from domain.logs.values import ActionAnswer, Entry, Outcome
from domain.portfolio.ratings import health_of
from models.enums import Health

MOST_PROMISES: Final = 10
"""Lines of the last report's "next" that the form asks about, one by one."""

LONGEST_REASON: Final = 3_000
"""Characters of the reason for a claim that is better than the facts: one field of Slack's."""

OUTCOMES: Final = ("done", "not_done", "moved")
"""What may have become of a promise."""

_BULLET: Final = re.compile(r"^\s*(?:[-*+•◦▪‣·–—]|\(?\d{1,2}[.)]|\[[ xX]?\])\s+")  # noqa: RUF001
_ACTION: Final = re.compile(r"action:(\d+):(\d+)")
_CALLING: Final = (Health.YELLOW, Health.RED)
_SHORT: Final = 40
"""Characters of a short answer that a change is told with."""


# --- what the form asks


def is_asked(name: str, health: Health, required: Collection[str], text: str) -> bool:
    """Whether the form shows a field, by the colour that is chosen.

    A reason that somebody has typed stays in sight; a path to green leads nowhere from green.
    """
    if name in required or name not in ("why", "path_to_green"):
        return True
    return health in _CALLING or (name == "why" and bool(text.strip()))


def chosen_health(word: str) -> Health:
    """The colour of what is chosen in an open form; grey while nothing is."""
    try:
        return health_of(word)[0] if word else Health.GREY
    except ValueError:
        return Health.GREY


def promised_lines(text: str) -> tuple[str, ...]:
    """The first lines of a "next", without their bullets: what was promised, one by one."""
    lines = (_BULLET.sub("", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)[:MOST_PROMISES]


def promises_of(
    lines: Iterable[str], typed: Mapping[str, str], known: Collection[Promise] = ()
) -> tuple[Promise, ...]:
    """What was promised, with what became of each: as it is typed, else as it is known."""
    kept = {each.text: each for each in known}
    return tuple(
        Promise(
            line,
            _outcome(typed.get(promise_field(number), kept.get(line, Promise(line, "")).outcome)),
        )
        for number, line in enumerate(lines)
    )


def _outcome(text: str) -> str:
    return text if text in OUTCOMES else ""


def promise_field(number: int) -> str:
    """The field in which the form asks about a promise."""
    return f"promise:{number}"


def next_after(text: str, promises: Iterable[Promise]) -> str:
    """What is planned next, after somebody has said what became of the promises.

    What is done goes, what is not done or has moved comes back; every other word stays.
    """
    known = {each.text: each.outcome for each in promises}
    lines = text.splitlines()
    kept = [line for line in lines if known.get(_BULLET.sub("", line).strip()) != "done"]
    there = {_BULLET.sub("", line).strip() for line in kept}
    back = [
        text
        for text, outcome in known.items()
        if outcome in ("not_done", "moved") and text not in there
    ]
    return text if kept == lines and not back else "\n".join([*kept, *back]).strip()


def question_field(question: str) -> str:
    """The field of a question that a phase asks in addition; it stays the same in every phase."""
    return f"question:{crc32(question.encode()):08x}"


def action_field(entry: Entry) -> str:
    """The field in which the form asks about an action, as it was when the form showed it."""
    return f"action:{entry.entry_id}:{entry.revision}"


def action_due_field(entry: Entry) -> str:
    """The field for the date to which an action has moved."""
    return f"action_due:{entry.entry_id}"


def action_note_field(entry: Entry) -> str:
    """The field for why an action falls away."""
    return f"action_note:{entry.entry_id}"


def must_answer(entry: Entry, cut_off_on: date, version: int) -> bool:
    """Whether the report has to say what became of an action: it is due by the cut-off.

    Once is enough: a correction of the report need not say it again.
    """
    return version == 0 and entry.due_on is not None and entry.due_on <= cut_off_on


# --- what a form lacks


@dataclass(frozen=True)
class Asked:
    """What a form asked for, and in which light its answers are read."""

    required: tuple[str, ...]
    scale: tuple[str, ...]
    today: date
    """In the council's zone."""
    cut_off_on: date
    version: int = 0
    """The newest version of the answer; 0: it is the first."""
    before: Answers | None = None
    """The report of the last period."""
    promised: tuple[str, ...] = ()
    known: tuple[Promise, ...] = ()
    """What an earlier version of this answer says of the promises."""
    actions: tuple[Entry, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class FormAnswers:
    """A form's answers, read and checked."""

    answers: Answers
    promises: tuple[Promise, ...] = ()
    actions: tuple[ActionAnswer, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    claim_reason: str = ""


def check_form(raw: Mapping[str, str], asked: Asked) -> FormAnswers:
    """Read all that a form says.

    Raises:
        FieldErrors: with one text for each answer that needs mending.
    """
    promises = promises_of(asked.promised, raw, asked.known)
    done = [each.text for each in promises if each.outcome == "done"]
    typed = dict(raw)
    if not raw.get("done", "").strip() and done:
        typed["done"] = "\n".join(done)
    errors: dict[str, str] = {}
    answers = Answers()
    try:
        answers = check_answers(typed, asked.required, asked.today)
    except FieldErrors as error:
        errors = error.errors
    errors = {
        **_without_reason(raw, asked),
        **_unanswered(raw, asked),
        **_too_long(raw, asked.questions),
        **errors,
    }
    if errors:
        raise FieldErrors(errors)
    return FormAnswers(
        answers,
        promises if any(each.outcome for each in promises) else (),
        tuple(_answers_to_actions(raw, asked.actions)),
        {each: text for each in asked.questions if (text := _answer(raw, each))},
        raw.get("claim_reason", "").strip(),
    )


def _without_reason(raw: Mapping[str, str], asked: Asked) -> dict[str, str]:
    """A rating that goes down says why, also where both words are of the same colour."""
    before, word = asked.before, raw.get("health", "").strip()
    if before is None or raw.get("why", "").strip() or word not in asked.scale:
        return {}
    was = word_for(asked.scale, before.health, before.rating)
    if was is None or asked.scale.index(word) <= asked.scale.index(was):
        return {}
    return {"why": f"It goes from {was} to {word}: say why. The first line goes into the digest."}


def _unanswered(raw: Mapping[str, str], asked: Asked) -> dict[str, str]:
    errors: dict[str, str] = {}
    for entry in asked.actions:
        shown = _shown_field(raw, entry)
        # Without a field it came up while the form was open, or the form had no room for it.
        if shown is not None and shown != action_field(entry):
            changed = f"{entry.ref} has changed since you opened the form: look at it again."
            errors[action_field(entry)] = changed
        elif shown is not None:
            errors |= _wrong_with(entry, raw, asked)
    return errors


def _wrong_with(entry: Entry, raw: Mapping[str, str], asked: Asked) -> dict[str, str]:
    """What the answer to one action lacks."""
    name, due, note = action_field(entry), action_due_field(entry), action_note_field(entry)
    outcome, moved_to, why = (raw.get(each, "").strip() for each in (name, due, note))
    if not outcome and must_answer(entry, asked.cut_off_on, asked.version):
        return {name: f"{entry.ref} is due: say what became of it."}
    if outcome == "moved" and not moved_to:
        return {_shown(raw, due, name): "Give the day to which it moved."}
    if outcome == "moved" and moved_to < asked.today.isoformat():
        return {due: f"{moved_to} is in the past: give a day to come."}
    if outcome == "cancelled" and not why:
        return {_shown(raw, note, name): "Say why it falls away."}
    if len(why) > LONGEST_NOTE:
        return {note: f"At most {LONGEST_NOTE:,} characters fit here."}
    return {}


def _shown_field(raw: Mapping[str, str], entry: Entry) -> str | None:
    """The field in which the open form asks about an action, in whatever state it showed it."""
    return next((each for each in raw if each.startswith(f"action:{entry.entry_id}:")), None)


def _shown(raw: Mapping[str, str], field: str, otherwise: str) -> str:
    """Where an error stands: at its field, or at the choice that brings that field."""
    return field if field in raw else otherwise


def _too_long(raw: Mapping[str, str], questions: Iterable[str]) -> dict[str, str]:
    errors = {
        question_field(each): f"At most {LONGEST_LINE} characters fit here."
        for each in questions
        if len(_answer(raw, each)) > LONGEST_LINE
    }
    if len(raw.get("claim_reason", "")) > LONGEST_REASON:
        errors["claim_reason"] = f"At most {LONGEST_REASON:,} characters fit here."
    return errors


def _answer(raw: Mapping[str, str], question: str) -> str:
    return raw.get(question_field(question), "").strip()


def _answers_to_actions(raw: Mapping[str, str], actions: Iterable[Entry]) -> Iterable[ActionAnswer]:
    """What is said of each action; one that is still as it was needs no word in its list."""
    said = {(each.entry_id, each.revision): each for each in said_of_actions(raw)}
    for entry in actions:
        answer = said.get((entry.entry_id, entry.revision))
        if answer is not None and answer.outcome != "open":
            yield answer


def said_of_actions(raw: Mapping[str, str]) -> Iterable[ActionAnswer]:
    """What a form says of the actions that it showed, whatever has become of them since."""
    for name, outcome in raw.items():
        shown = _ACTION.fullmatch(name)
        if shown is None or outcome not in get_args(Outcome):
            continue
        entry_id, revision = (int(each) for each in shown.groups())
        moved_to = raw.get(f"action_due:{entry_id}", "").strip() if outcome == "moved" else ""
        note = raw.get(f"action_note:{entry_id}", "").strip() if outcome == "cancelled" else ""
        due_on = date.fromisoformat(moved_to) if moved_to else None
        yield ActionAnswer(entry_id, revision, cast("Outcome", outcome), note, due_on)


def without_actions(raw: Mapping[str, str]) -> dict[str, str]:
    """What a form says beside what it says of actions."""
    return {name: text for name, text in raw.items() if not _ACTION.fullmatch(name)}


# --- what has happened while it was open


def news_since(basis: Basis, now: Basis) -> tuple[str, ...]:
    """What has changed about a project since its form was opened, a sentence each."""
    told = []
    if now.pm_id != basis.pm_id:
        told.append(f"{now.pm} is its PM now.")
    if now.phase != basis.phase:
        told.append(f"Its phase is {now.phase} now; it was {basis.phase}.")
    if now.is_restricted != basis.is_restricted:
        told.append(
            "It is restricted now: no channel shows it."
            if now.is_restricted
            else "It is open now: its council's channel shows it."
        )
    if now.newest_on != basis.newest_on:
        told.append(
            f"The next period has begun, of {_short_day(now.newest_on)}: what you send here is"
            " kept as a late answer to the one before."
        )
    return tuple(told)


def _short_day(day: str) -> str:
    return f"{date.fromisoformat(day):%-d %b}" if day else ""


def changes_in_words(before: Answers, after: Answers) -> str:
    """What differs between two answers: short ones with both values, texts by their name."""
    told = []
    for each in fields(Answers):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if old != new and each.name != "rating":
            told.append(_change(each.name.replace("_", " "), _word(old), _word(new)))
    return ", ".join(told)


def _change(name: str, old: str, new: str) -> str:
    is_short = max(len(old), len(new)) <= _SHORT and "\n" not in old + new
    return f"{name} {old or 'empty'} → {new or 'empty'}" if is_short else f"{name} changed"


def _word(value: object) -> str:
    if isinstance(value, Health):
        return value.value.capitalize()
    return "" if value is None else str(value)
