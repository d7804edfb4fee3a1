"""The fields that a template can name, what they mean, and where their values come from."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Protocol

from typing_extensions import override

from domain.calendar.rules import Recurrence, WallOffset
from domain.collecting.answering.claim_rules import day_words
from domain.collecting.values import Report
from domain.documents.values import FileForm, MeetingSeries, ProjectFile, ReportingRhythm
from domain.logs.values import Entry
from message_templates.calendar.recurrences import in_words
from message_templates.documents.ink import Fact, Ink, clean
from message_templates.logs.words import state_words
from models.enums import Health, LogKind, LogState

FILL: Final = "fill"
"""The name of the function that marks what no record knows."""


class Missing(StrEnum):
    """What stands where the record has no value."""

    FILLED = "fill"
    """It is left to fill: the document is not whole without it."""
    ASKED = "asked"
    """A dash; but left to fill where there is no report, or nothing else of which it is a part."""
    DASH = "dash"


@dataclass(frozen=True)
class Field:
    """One field of a group or of a list's rows."""

    name: str
    what: str
    """What it is; also what is left to fill without it."""
    read: Callable[[Any], Any]
    missing: Missing = Missing.FILLED
    is_plain: bool = False
    """It is no word to read, but what Word itself understands; made also from nothing."""


@dataclass(frozen=True)
class Group:
    """Fields that belong together: `{{ project.code }}`; or the rows of a list."""

    name: str
    what: str
    fields: Sequence[Field]
    read: Callable[[Any], Any]
    """Takes it from the facts of the document."""
    is_list: bool = False

    @property
    def by_name(self) -> Mapping[str, Field]:
        """Its fields by their names."""
        return {each.name: each for each in self.fields}


class Facts(Protocol):
    """What a document tells: a frozen value, of which each form takes a kind of its own."""

    @property
    def on(self) -> date:
        """The day as of which it tells it."""

    @override
    def __hash__(self) -> int:
        """What a filled template is kept by."""


def context_of(
    form: FileForm, facts: Facts, ink: Ink, groups: Sequence[Group] | None = None
) -> dict[str, Any]:
    """What a template is filled from.

    Args:
        form: the template.
        facts: what is known.
        ink: prints it.
        groups: what it can name; None: what all templates of projects can.
    """
    titled = {"title": form.words, "date": facts.on}
    found: dict[str, Any] = {
        "document": {name: _fact(ink, value, "") for name, value in titled.items()},
        FILL: ink.fill,
    }
    for group in GROUPS if groups is None else groups:
        read = group.read(facts)
        found[group.name] = (
            [_record(group, each, ink) for each in read]
            if group.is_list
            else _record(group, read, ink)
        )
    return found


def _record(group: Group, source: Any, ink: Ink) -> dict[str, Any]:
    return {each.name: _value(each, source, ink) for each in group.fields}


def _value(wanted: Field, source: Any, ink: Ink) -> Any:
    if wanted.is_plain:
        return wanted.read(source)
    value = None if source is None else wanted.read(source)
    is_left = wanted.missing is Missing.FILLED or (
        wanted.missing is Missing.ASKED and source is None
    )
    of = f" of {source.ref}" if isinstance(source, Entry) else ""
    return _fact(ink, value, f"{wanted.what}{of}" if is_left else "")


def _fact(ink: Ink, value: Any, label: str) -> Fact:
    match value:
        case None:
            return Fact(ink, "", label=label)
        case Health():
            word = "Not rated" if value is Health.GREY else value.value.capitalize()
            return Fact(ink, word, word, label)
        case datetime():
            return Fact(ink, day_words(value.date()), value.date(), label)
        case date():
            return Fact(ink, day_words(value), value, label)
        case Decimal() | int():
            whole = int(value)
            return Fact(ink, f"{whole if whole == value else value:,}", value, label)
        case _:
            text = clean(str(value)).strip()
            return Fact(ink, text, text, label)


# --- what the fields say


def _slip(baseline: date | None, forecast: date | None) -> str | None:
    if baseline is None or forecast is None:
        return None
    days = (forecast - baseline).days
    if not days:
        return "on plan"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {'later' if days > 0 else 'earlier'}"


def _words(rule: str, first: date) -> str:
    return in_words(Recurrence(rule, first))


def _asked(rhythm: ReportingRhythm | None) -> str | None:
    if rhythm is None:
        return None
    words = _words(rhythm.rule, rhythm.first)
    if rhythm.days_before is None:
        return words
    return f"{rhythm.days_before} working days before each meeting ({words})"


def _offset(rhythm: ReportingRhythm | None, name: str) -> str | None:
    if rhythm is None:
        return None
    offset = WallOffset.parse(getattr(rhythm, name))
    days = f"{offset.days} working {'day' if offset.days == 1 else 'days'} later"
    return f"{days if offset.days else 'the same day'}, {offset.at:%H:%M}"


def _of_meetings(read: Callable[[MeetingSeries], Any]) -> Callable[[Any], Any]:
    return lambda council: None if council.meetings is None else read(council.meetings)


def _quorum(meetings: MeetingSeries) -> str:
    return {"majority": "more than half of the voting members", "all": "all voting members"}.get(
        meetings.quorum, f"{meetings.quorum} of the voting members"
    )


HEALTH_COLOURS: Final = {Health.GREEN: "C6E7CE", Health.YELLOW: "FFE699", Health.RED: "F4B6B6"}
NO_HEALTH: Final = "EDEDED"
"""The colour of a cell whose project has none."""


def _colour(report: Report | None) -> str:
    return HEALTH_COLOURS.get(report.answers.health, NO_HEALTH) if report else NO_HEALTH


def _rating(report: Report) -> str | None:
    answers = report.answers
    return None if answers.rating.casefold() == answers.health.value else answers.rating


def _answer(name: str) -> Callable[[Any], Any]:
    return lambda report: getattr(report.answers, name)


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda source: getattr(source, name)


def _owner(entry: Entry) -> str:
    return entry.owner.name if entry.owner else entry.owner_name


def _whole(entry: Entry) -> str:
    """What is to be done or decided; a long one stands in the list with its beginning only."""
    if entry.text.startswith(entry.title.removesuffix("…")):
        return entry.text
    return f"{entry.title}\n{entry.text}".strip()


def _listed(kind: LogKind, *, is_open: bool | None) -> Callable[[ProjectFile], Iterable[Entry]]:
    def read(facts: ProjectFile) -> Iterable[Entry]:
        for each in facts.entries:
            if each.kind is kind and is_open in (None, each.state is LogState.OPEN):
                yield each

    return read


_PROJECT: Final = (
    Field("code", "code", _attribute("code")),
    Field("name", "name", _attribute("name")),
    Field("description", "description", _attribute("description")),
    Field("phase", "phase", _attribute("phase")),
    Field("visibility", "visibility", _attribute("visibility")),
    Field("pm", "project manager", _attribute("pm")),
    Field("deputy", "deputy", _attribute("deputy"), Missing.DASH),
    Field("sponsor", "sponsor", _attribute("sponsor")),
    Field("start", "start", _attribute("start")),
    Field("baseline_end", "baseline end", _attribute("baseline_end")),
    Field("forecast_end", "forecast end", _attribute("forecast_end")),
    Field(
        "slip",
        "forecast against baseline",
        lambda project: _slip(project.baseline_end, project.forecast_end),
        Missing.DASH,
    ),
    Field("budget", "budget", _attribute("budget")),
    Field("tags", "tags", lambda project: ", ".join(project.tags), Missing.DASH),
    Field("hold_until", "on hold until", _attribute("hold_until"), Missing.DASH),
    Field("hold_reason", "why it is on hold", _attribute("hold_reason"), Missing.DASH),
)

_COUNCIL: Final = (
    Field("name", "council", _attribute("name")),
    Field("channel", "council's channel", lambda council: f"#{council.channel}"),
    Field("chair", "chair", _attribute("chair")),
    Field(
        "members",
        "members",
        lambda council: ", ".join(each.name for each in council.seats),
    ),
    Field(
        "voters",
        "voting members",
        lambda council: ", ".join(each.name for each in council.seats if each.is_voting),
    ),
    Field("timezone", "time zone", _attribute("timezone")),
    Field("reporting", "when status is asked", lambda council: _asked(council.reporting)),
    Field(
        "ask_at",
        "hour of the ask",
        lambda council: council.reporting and council.reporting.ask_at,
    ),
    Field("cut_off", "cut-off", lambda council: _offset(council.reporting, "cut_off")),
    Field("digest", "time of the digest", lambda council: _offset(council.reporting, "digest")),
    Field(
        "meetings",
        "when the council meets",
        _of_meetings(lambda meetings: _words(meetings.rule, meetings.first)),
    ),
    Field("next_meeting", "date of the meeting", _of_meetings(_attribute("next_on"))),
    Field("meeting_at", "time of the meeting", _of_meetings(_attribute("at"))),
    Field("meeting_minutes", "length of the meeting", _of_meetings(_attribute("minutes"))),
    Field("quorum", "quorum", _of_meetings(_quorum)),
    Field(
        "pre_read",
        "working days for reading",
        _of_meetings(lambda meetings: int(meetings.pre_read.removesuffix("d"))),
    ),
)

_WHOLE: Final = Missing.ASKED

_REPORT: Final = (
    Field("date", "date of the report", _attribute("opens_on"), _WHOLE),
    Field("submitted", "day on which it came", _attribute("submitted_at"), Missing.DASH),
    Field("author", "author of the report", _attribute("author"), _WHOLE),
    Field("phase", "phase when it was reported", _attribute("phase"), Missing.DASH),
    Field("health", "health", _answer("health"), _WHOLE),
    Field("rating", "finer rating", _rating, Missing.DASH),
    Field("why", "why it has its colour", _answer("why"), _WHOLE),
    Field("schedule", "schedule", _answer("schedule"), _WHOLE),
    Field("budget", "budget's health", _answer("budget"), _WHOLE),
    Field("scope", "scope", _answer("scope"), _WHOLE),
    Field("resources", "resources", _answer("resources"), _WHOLE),
    Field("done", "what was done", _answer("done"), _WHOLE),
    Field("next", "what comes next", _answer("next"), _WHOLE),
    Field("milestone", "next milestone", _answer("milestone"), _WHOLE),
    Field("milestone_baseline", "milestone's baseline", _answer("milestone_baseline"), _WHOLE),
    Field("milestone_forecast", "milestone's forecast", _answer("milestone_forecast"), _WHOLE),
    Field(
        "milestone_slip",
        "milestone's forecast against its baseline",
        lambda report: _slip(report.answers.milestone_baseline, report.answers.milestone_forecast),
        Missing.DASH,
    ),
    Field("risks", "risks and issues in the PM's words", _answer("risks"), _WHOLE),
    Field("path_to_green", "path to green", _answer("path_to_green"), _WHOLE),
    Field("decision", "decision or help needed", _answer("decision"), _WHOLE),
    Field("decision_from", "who decides", _answer("decision_from"), _WHOLE),
    Field("decision_by", "decision needed by", _answer("decision_by"), _WHOLE),
    Field("spent", "spent so far", _answer("spent"), _WHOLE),
    Field("cost_forecast", "cost forecast", _answer("cost_forecast"), _WHOLE),
    Field("percent_complete", "per cent complete", _answer("percent_complete"), _WHOLE),
    Field("computed", "health that the facts come to", _attribute("computed"), Missing.DASH),
    Field(
        "computed_why",
        "what the facts say",
        lambda report: "\n".join(report.computed_why),
        Missing.DASH,
    ),
    Field("claim_reason", "why the PM sees it better", _attribute("claim_reason"), Missing.DASH),
    Field("health_colour", "for `{% cellbg %}`: the health as a colour", _colour, is_plain=True),
)

_ENTRY: Final = (
    Field("ref", "number, such as R-3", _attribute("ref")),
    Field("title", "title", _attribute("title")),
    Field("text", "more about it", _attribute("text"), Missing.DASH),
    Field("whole", "title and more, a long title uncut", _whole),
    Field("owner", "owner", _owner),
    Field("due", "due date", _attribute("due_on")),
    Field("baseline", "first due date", _attribute("baseline_on"), Missing.DASH),
    Field(
        "slip",
        "due date against the first one",
        lambda entry: _slip(entry.baseline_on, entry.due_on),
        Missing.DASH,
    ),
    Field("likelihood", "likelihood", _attribute("likelihood"), Missing.DASH),
    Field("impact", "impact", _attribute("impact"), Missing.DASH),
    Field("score", "likelihood times impact", _attribute("score"), Missing.DASH),
    Field("response", "response", _attribute("response"), Missing.DASH),
    Field("state", "state", lambda entry: state_words(entry.kind, entry.state)),
    Field("opened", "day on which it was opened", _attribute("opened_on")),
    Field("age", "days since then", _attribute("age_days")),
    Field("closed", "day on which it was closed", _attribute("closed_at"), Missing.DASH),
    Field("note", "last word on it", _attribute("note"), Missing.DASH),
)

_GRADED: Final = {
    LogKind.RISK: ("likelihood", "impact", "response"),
    LogKind.ISSUE: ("impact",),
}
"""What is missed in an entry of a kind; in the others it has no meaning."""


def _entry_fields(kind: LogKind) -> tuple[Field, ...]:
    graded = _GRADED.get(kind, ())
    return tuple(
        Field(each.name, each.what, each.read) if each.name in graded else each for each in _ENTRY
    )


def _entry_groups() -> Iterator[Group]:
    for kind in LogKind:
        for prefix, is_open in (("", None), ("open_", True), ("closed_", False)):
            yield Group(
                f"{prefix}{kind.value}s",
                f"{prefix.replace('_', ' ') or 'all '}{kind.value}s",
                _entry_fields(kind),
                _listed(kind, is_open=is_open),
                is_list=True,
            )


GROUPS: Final = (
    Group("project", "the project's own record", _PROJECT, _attribute("project")),
    Group("council", "its council", _COUNCIL, _attribute("council")),
    Group("report", "its newest status report", _REPORT, _attribute("report")),
    *_entry_groups(),
    Group(
        "questions",
        "what the phase asks in addition",
        (
            Field("question", "question", lambda pair: pair[0]),
            Field("answer", "answer", lambda pair: pair[1]),
        ),
        lambda facts: facts.report.extra.items() if facts.report else (),
        is_list=True,
    ),
    Group(
        "promises",
        'lines of the last "next", and what became of them',
        (
            Field("text", "what was planned", _attribute("text")),
            Field(
                "outcome",
                "what became of it",
                lambda promise: promise.outcome.replace("_", " "),
                Missing.DASH,
            ),
            Field("note", "why", _attribute("note"), Missing.DASH),
        ),
        lambda facts: facts.report.promises if facts.report else (),
        is_list=True,
    ),
    Group(
        "history",
        "its last reports, newest first",
        (
            Field("date", "date", _attribute("opens_on")),
            Field("author", "author", _attribute("author")),
            Field("health", "health", _attribute("health")),
            Field("milestone", "milestone", _attribute("milestone"), Missing.DASH),
            Field(
                "milestone_forecast",
                "milestone's forecast",
                _attribute("milestone_forecast"),
                Missing.DASH,
            ),
            Field("complete", "per cent", _attribute("percent_complete"), Missing.DASH),
            Field("spent", "spent", _attribute("spent"), Missing.DASH),
            Field("cost_forecast", "cost forecast", _attribute("cost_forecast"), Missing.DASH),
        ),
        _attribute("past"),
        is_list=True,
    ),
    Group(
        "members",
        "who sits on the council",
        (
            Field("name", "name", _attribute("name")),
            Field("vote", "vote", lambda seat: "voting" if seat.is_voting else "not voting"),
        ),
        lambda facts: facts.council.seats,
        is_list=True,
    ),
    Group(
        "digests",
        "digests across councils that tell of it",
        (
            Field("name", "name", _attribute("name")),
            Field("channel", "channel", lambda digest: f"#{digest.channel}"),
            Field("when", "when it is posted", lambda each: _words(each.rule, each.first)),
            Field("at", "its hour", _attribute("at")),
            Field("timezone", "time zone of the hour", _attribute("timezone")),
        ),
        _attribute("digests"),
        is_list=True,
    ),
    Group(
        "followers",
        "who follows the project",
        (Field("name", "name", str),),
        _attribute("followers"),
        is_list=True,
    ),
    Group(
        "notes",
        "extra columns of the portfolio file",
        (
            Field("name", "column", lambda pair: pair[0]),
            Field("text", "what it says", lambda pair: pair[1], Missing.DASH),
        ),
        lambda facts: facts.project.notes,
        is_list=True,
    ),
)

DOCUMENT: Final = {"title": "the template's name", "date": "the day on which it was filled"}


def fields_table(groups: Sequence[Group] = GROUPS) -> str:
    """All fields as a table of Markdown, for the people who make templates."""
    rows = ["| field | what it is |", "|---|---|"]
    rows += [f"| `document.{name}` | {what} |" for name, what in DOCUMENT.items()]
    for group in groups:
        if not group.is_list:
            rows += [f"| `{group.name}.{each.name}` | {each.what} |" for each in group.fields]
    rows += ["", "| list | rows | fields of a row |", "|---|---|---|"]
    for group in groups:
        if group.is_list:
            names = ", ".join(f"`{each.name}`" for each in group.fields)
            rows.append(f"| `{group.name}` | {group.what} | {names} |")
    return "\n".join(rows)
