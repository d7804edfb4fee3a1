"""Pure decisions of the room: who may do what, what a form may say, what has changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.errors import FieldErrors, UnreadableError
from domain.logs.values import Access, ActionAnswer, Change, Entry
from domain.portfolio.rules import belongs_to_pmo, may_report, may_see
from domain.portfolio.values import ProjectFacts, Viewer
from models.enums import LogKind, LogState

LONGEST_TITLE: Final = 200
LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 3_000
"""Characters of a text: what one field of Slack's forms holds."""

MOST_OPEN: Final = 500
"""Open entries of all the lists of a project: nobody keeps an eye on more."""

HIGHEST: Final = 5
"""Of likelihood and impact."""

FIELDS: Final[Mapping[LogKind, tuple[str, ...]]] = {
    LogKind.RISK: (
        "title",
        "text",
        "likelihood",
        "impact",
        "response",
        "owner",
        "owner_name",
        "due_on",
    ),
    LogKind.ISSUE: ("title", "text", "impact", "response", "owner", "owner_name", "due_on"),
    LogKind.ACTION: ("title", "text", "owner", "owner_name", "due_on"),
    LogKind.DECISION: ("title", "text", "owner", "owner_name", "due_on"),
    LogKind.MILESTONE: ("title", "text", "baseline_on", "due_on", "owner", "owner_name"),
}
"""What a form asks of each kind, in its order; of an entry that is there also its state."""

CLOSING: Final = ("state", "note")

REQUIRED: Final[Mapping[LogKind, tuple[str, ...]]] = {
    LogKind.RISK: ("title", "likelihood", "impact"),
    LogKind.ISSUE: ("title", "impact"),
    LogKind.ACTION: ("title", "due_on"),
    LogKind.DECISION: ("title",),
    LogKind.MILESTONE: ("title", "due_on"),
}
"""Who owns an action is checked apart: it may be a person of Slack, or somebody else."""

_LABELS: Final = {
    "title": "title",
    "text": "details",
    "owner": "owner",
    "owner_name": "owner outside Slack",
    "baseline_on": "baseline",
    "due_on": "due date",
    "likelihood": "likelihood",
    "impact": "impact",
    "response": "response",
    "state": "state",
    "note": "closing note",
}


@dataclass(frozen=True)
class Wanted:
    """An entry as a form wants it: read and checked."""

    title: str
    text: str = ""
    owner: str = ""
    """A Slack id."""
    owner_name: str = ""
    baseline_on: date | None = None
    due_on: date | None = None
    likelihood: int | None = None
    impact: int | None = None
    response: str = ""
    state: LogState = LogState.OPEN
    note: str = ""

    @property
    def raw(self) -> dict[str, str]:
        """As a form has it."""
        return {name: _raw(getattr(self, name)) for name in _LABELS}


def label(kind: LogKind, field: str) -> str:
    """What a field of a kind is called within a sentence."""
    if kind is LogKind.MILESTONE and field == "due_on":
        return "forecast"
    return _LABELS[field]


def raw_of(entry: Entry) -> dict[str, str]:
    """The fields of an entry as a form has them, which is also how its history keeps them."""
    raw = {name: _raw(getattr(entry, name)) for name in _LABELS if name != "owner"}
    return {**raw, "owner": entry.owner.slack_id if entry.owner else ""}


def _raw(value: object) -> str:
    return "" if value is None else str(value)  # dates as 2026-11-25, states as their value


def wanted_of(entry: Entry) -> Wanted:
    """An entry as it is, in the terms of what may be wanted."""
    others = {name: getattr(entry, name) for name in _LABELS if name != "owner"}
    return Wanted(owner=entry.owner.slack_id if entry.owner else "", **others)


@dataclass(frozen=True)
class GivenBy:
    """The council from whose meeting an entry comes."""

    council_id: int
    chair_id: int | None = None


def access_of(
    viewer: Viewer, project: ProjectFacts | None, given_by: GivenBy | None, entry: Entry
) -> Access | None:
    """What somebody may do with an entry; None: for them there is none.

    Args:
        viewer: who looks or acts.
        project: whose list it is in, if it is in a project's.
        given_by: from whose meeting it comes.
        entry: the entry.
    """
    if project is None:
        return _access_to_councils(viewer, given_by, entry)
    if not may_see(viewer, project):
        return None
    if may_report(viewer, project) or _is_chair(viewer, given_by):
        return Access.CHANGE
    return Access.ANSWER if _may_answer(viewer, entry) else Access.READ


def _access_to_councils(viewer: Viewer, given_by: GivenBy | None, entry: Entry) -> Access | None:
    if viewer.is_gone or viewer.is_guest:
        return None
    if belongs_to_pmo(viewer) or _is_chair(viewer, given_by):
        return Access.CHANGE
    if _may_answer(viewer, entry):
        return Access.ANSWER
    is_member = given_by is not None and given_by.council_id in viewer.council_ids
    return Access.READ if is_member else None


def sits_on(viewer: Viewer, council_id: int, chair_id: int | None) -> bool:
    """Whether somebody reads all that a council gives out: a member, its chair, the PMO."""
    given_by = GivenBy(council_id, chair_id)
    return _access_to_councils(viewer, given_by, Entry(0, LogKind.ACTION, 0, "")) is not None


def _is_chair(viewer: Viewer, given_by: GivenBy | None) -> bool:
    is_chair = given_by is not None and given_by.chair_id == viewer.person_id
    return is_chair and not viewer.is_guest


def _may_answer(viewer: Viewer, entry: Entry) -> bool:
    return entry.kind is LogKind.ACTION and _is_owner(viewer, entry)


def _is_owner(viewer: Viewer, entry: Entry) -> bool:
    return entry.owner is not None and entry.owner.person_id == viewer.person_id


def check_entry(kind: LogKind, raw: Mapping[str, str], before: Entry | None, today: date) -> Wanted:
    """Read what a form says of an entry; a field that is left out stays as it was.

    Raises:
        FieldErrors: with one text for each field that needs mending.
    """
    reader = _Reader(raw if before is None else raw_of(before) | with_kept_owner(raw, before))
    wanted = Wanted(
        title=reader.text("title", LONGEST_TITLE),
        text=reader.text("text", LONGEST_TEXT, before.text if before else ""),
        owner=reader.text("owner", LONGEST_NAME),
        owner_name=reader.text("owner_name", LONGEST_NAME),
        baseline_on=reader.day("baseline_on"),
        due_on=reader.day("due_on"),
        likelihood=reader.grade("likelihood"),
        impact=reader.grade("impact"),
        response=reader.text("response", LONGEST_TEXT),
        state=reader.state(),
        note=reader.text("note", LONGEST_TEXT),
    )
    found = _missing(kind, wanted) | _about_owner(kind, wanted, before)
    # What could not be read is told as that, and not as missing.
    errors = found | _about_dates(kind, wanted, before, today) | reader.errors
    if errors:
        raise FieldErrors(errors)
    if kind is LogKind.MILESTONE and wanted.baseline_on is None:
        return replace(wanted, baseline_on=wanted.due_on)
    return wanted


def with_kept_owner(raw: Mapping[str, str], before: Entry) -> dict[str, str]:
    """Keep an owner who has left: a form can't show them, so an empty field does not say no."""
    owner = before.owner
    says_nothing = not raw.get("owner", "") and not raw.get("owner_name", "").strip()
    if owner is None or not owner.is_gone or not says_nothing:
        return dict(raw)
    return {**raw, "owner": owner.slack_id}


def _missing(kind: LogKind, wanted: Wanted) -> dict[str, str]:
    errors = {
        name: f"{label(kind, name).capitalize()} is needed."
        for name in REQUIRED[kind]
        if getattr(wanted, name) in (None, "")
    }
    if wanted.state is LogState.CANCELLED and not wanted.note:
        errors["note"] = "Say why it falls away: who reads the history asks that first."
    return errors


def _about_owner(kind: LogKind, wanted: Wanted, before: Entry | None) -> dict[str, str]:
    if wanted.owner and wanted.owner_name:
        return {"owner_name": "Choose a person above or write a name here, not both."}
    if kind is not LogKind.ACTION or wanted.state is not LogState.OPEN:
        return {}
    if not wanted.owner and not wanted.owner_name:
        return {
            "owner": "An action needs an owner: choose a person, or write a name below "
            "for somebody who is not in Slack."
        }
    kept = before.owner if before else None
    if kept and kept.is_gone and kept.slack_id == wanted.owner:
        return {"owner": f"{kept.name} has left Slack; choose who takes it over."}
    return {}


def _about_dates(
    kind: LogKind, wanted: Wanted, before: Entry | None, today: date
) -> dict[str, str]:
    due, known = wanted.due_on, before.due_on if before else None
    if due is None or due >= today or due == known or wanted.state is not LogState.OPEN:
        return {}
    cure = "give the day on which it is expected now"
    if before is not None:
        cure += ", or close it"
    return {"due_on": f"The {label(kind, 'due_on')} {due} is in the past; {cure}."}


class _Reader:
    """Reads typed texts, and collects what is wrong with them by field."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self._raw = raw
        self.errors: dict[str, str] = {}

    def text(self, name: str, longest: int, known: str = "") -> str:
        text = self._raw.get(name, "").strip()
        if len(text) > longest and text != known.strip():
            self.errors[name] = (
                f"{len(text):,} characters, and {longest:,} fit here: "
                "keep the essence, and link to a document with the rest."
            )
        return text

    def day(self, name: str) -> date | None:
        text = self._raw.get(name, "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.errors[name] = f"'{text}' is not a date; write it as 2026-11-25."
            return None

    def grade(self, name: str) -> int | None:
        text = self._raw.get(name, "").strip()
        if not text:
            return None
        if text not in map(str, range(1, HIGHEST + 1)):
            self.errors[name] = f"'{text}' is not a whole number from 1 to {HIGHEST}."
            return None
        return int(text)

    def state(self) -> LogState:
        text = self._raw.get("state", "").strip() or LogState.OPEN.value
        try:
            return LogState(text)
        except ValueError:
            self.errors["state"] = f"'{text}' is no state; choose {', '.join(LogState)}."
            return LogState.OPEN


def check_answer(answer: ActionAnswer, entry: Entry, today: date) -> Wanted:
    """What an action becomes by an answer.

    Raises:
        UnreadableError: the answer lacks something; the text says what.
    """
    about = f"{entry.ref} “{entry.title}”"
    note = answer.note.strip()
    if len(note) > LONGEST_TEXT:
        raise UnreadableError(f"{about}: {len(note):,} characters, and {LONGEST_TEXT:,} fit.")
    present = wanted_of(entry)
    wanted = replace(present, note=note or present.note)
    if answer.outcome == "moved":
        return replace(wanted, due_on=_moved_to(answer, entry, today), state=LogState.OPEN)
    if answer.outcome == "cancelled":
        if not note:
            raise UnreadableError(f"{about}: say why it falls away.")
        return replace(wanted, state=LogState.CANCELLED)
    return replace(wanted, state=LogState.DONE if answer.outcome == "done" else LogState.OPEN)


def _moved_to(answer: ActionAnswer, entry: Entry, today: date) -> date:
    about = f"{entry.ref} “{entry.title}”"
    if answer.due_on is None:
        raise UnreadableError(f"{about}: give the day to which it has moved.")
    if answer.due_on < today:
        raise UnreadableError(f"{about}: {answer.due_on} is in the past; give a day to come.")
    return answer.due_on


def changed_fields(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that differ, in their order."""
    return tuple(name for name in _LABELS if before[name].strip() != after[name].strip())


def merged(
    typed: Mapping[str, str], now: Mapping[str, str], news: Iterable[Change]
) -> dict[str, str]:
    """What a form should hold after somebody else has changed the entry.

    What was typed stays; a field that was left as it was shown takes what it holds now.

    Args:
        typed: the form as it was sent.
        now: the entry as it is.
        news: what has changed since the form was opened, newest first.
    """
    shown = dict(now) | {change.field: change.old for change in news}  # the oldest comes last
    kept = {name: text for name, text in typed.items() if text.strip() != shown[name].strip()}
    return {**now, **kept}


def news_in_words(kind: LogKind, news: Iterable[Change]) -> str:
    """Who changed what, in a sentence or two; texts are named alone."""
    oldest_first = reversed(tuple(news))
    return " ".join(_in_words(kind, change) for change in oldest_first)


def _in_words(kind: LogKind, change: Change) -> str:
    what = f"{change.who} changed the {label(kind, change.field)}"
    if change.field in ("text", "response", "note"):
        return f"{what}."
    return f"{what} from {change.old or 'nothing'} to {change.new or 'nothing'}."
