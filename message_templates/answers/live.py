"""How facts from the record look: one sentence first, then what it rests on, then the handbook."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from domain.answers.live.messages import (
    Clause,
    LiveNote,
    OwnTold,
    ProjectsTold,
    ProjectTold,
    TimesTold,
    ToldLine,
    ToldProject,
)
from domain.answers.live.values import Intent
from domain.logs.values import Entry
from message_templates import kit
from message_templates.answers.answer import citation_of, cited_section, head_of, openers
from message_templates.answers.handing import ask_pmo_button
from message_templates.digests.report import amount
from message_templates.health import Grey, health_words
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import BUTTON_TEXT, MESSAGE_TEXT
from message_templates.logs.words import MANY, ONE, due, graded, owner, state_words
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.project_actions import project_actions
from models.enums import Health, LogKind

ASK: Final = "answer_ask"
"""The action of the buttons that ask; `:` and a number make them different. Their value is the
question."""

_TEMPLATE: Final = "answers/live"
_ENTRIES: Final = 10
_LINES: Final = 30
"""How many of a list are shown; the rest is counted."""
_TITLE, _NAME, _TEXT = 120, 60, 300
"""Characters of an entry's title, of a name, and of what people wrote."""
_REPORTED: Final = (Intent.LATE, Intent.HEALTH, Intent.MONEY)
_Told = ProjectTold | ProjectsTold | OwnTold | TimesTold | LiveNote

_OPEN: Final = ("unknown", "untold", "past")
"""Notes that leave a question open: the PMO may know."""
_LISTS: Final = (Intent.MY_LIST, Intent.TO_DECIDE, Intent.ACROSS)
_RAID: Final = "risks, issues, actions and decisions"


def render_project(message: ProjectTold) -> list[Rendered]:
    """Render what was asked of one project."""
    corrected = [_part("corrected", corrected=message.corrected)] if message.corrected else []
    first = _verdict(message)
    lines = [*_report(message), *_entries(message)]
    source = _part(
        "source",
        report=message.project.report if message.topic in _REPORTED else None,
        today=message.today,
        has_entries=bool(message.entries or message.closed) or message.topic is Intent.NEEDS,
    )
    foot = [project_actions(message.project.project_id)]
    body = [*_texts([*corrected, first, *lines]), kit.context(source)]
    return _messages(message, [first, *lines], body, foot)


def render_projects(message: ProjectsTold) -> list[Rendered]:
    """Render which projects are as was asked for."""
    shown = message.lines[:_LINES]
    title = _projects_title(message)
    is_missing = message.topic is Intent.MISSING
    lines = [_awaited(each) if is_missing else _line(each) for each in shown]
    if left := len(message.lines) - len(shown):
        lines.append(_part("more_lines", left=left))
    body = [*_texts([title]), *_texts(lines), kit.context(_part("projects_source"))]
    return _messages(message, [title, *lines], body)


def render_own(message: OwnTold) -> list[Rendered]:
    """Render what is due from its reader, or what they have in hand."""
    if message.topic in _LISTS:
        kind = LogKind(message.detail)
        count = len(message.entries)
        first = _part(message.topic.value, count=count, many=_counted(kind, count))
        command = MANY[kind] if message.topic is Intent.MY_LIST else f"{MANY[kind]} CODE"
        lines = _listed(message.entries, message.today, command, with_code=True)
    else:
        asks = _part("next_ask", next_ask=message.next_ask, councils=message.next_councils)
        reports = _part("my_due", reports=message.reports, count=len(message.reports))
        first, *lines = [asks, reports] if message.topic is Intent.NEXT_ASK else [reports]
        lines += _own_reports(message)
        lines += [*_own_actions(message), asks] if message.topic is Intent.MY_DUE else []
    told = [first, *lines]
    return _messages(message, told, [*_texts(told), kit.context(_part("own_source"))])


def render_times(message: TimesTold) -> list[Rendered]:
    """Render when something happens next in councils."""
    first = _part(message.topic.value, times=message.times)
    lines = [_part("time", time=each) for each in message.times if each.at]
    if message.without and message.times:
        lines.append(_part("without", without=message.without))
    return _messages(message, [first, *lines], _texts([first, *lines]))


def render_note(message: LiveNote) -> list[Rendered]:
    """Render why there is no fact to tell."""
    name = kit.shorten(message.name, _NAME)
    text = _part(
        message.about,
        name=name,
        pm=kit.shorten(message.pm, _NAME),
        is_among_others=message.is_among_others,
        **_ordered(message.entry),
    )
    if message.about.startswith("order_"):
        text = Marked.lines([_part("order"), text])
    buttons = [
        kit.button(kit.shorten(each.label, BUTTON_TEXT), f"{ASK}:{number}", value=each.question)
        for number, each in enumerate(message.options)
    ]
    if message.about in _OPEN and message.question_id:
        buttons.append(ask_pmo_button(message.question_id))
    return _messages(message, [text], rich_text(text), [kit.actions(*buttons)] if buttons else [])


def _ordered(entry: Entry | None) -> dict[str, str]:
    """What an order is about, where it is on a list."""
    if entry is None:
        return {"ref": ""}
    title, decider = kit.shorten(entry.title, _TITLE), entry.owner_name
    decider = entry.owner.name if entry.owner else decider
    return {"ref": entry.ref, "title": title, "decider": kit.shorten(decider, _NAME)}


# --- one project


def _verdict(message: ProjectTold) -> Marked:
    """The sentence that answers."""
    project, entries = message.project, message.entries
    health = project.report.health if project.report else Health.GREY
    kind = LogKind(message.detail) if message.detail in MANY else None
    return _part(
        message.topic.value,
        project=project,
        detail=message.detail,
        verdict=_lateness(message),
        overdue=sum(each.is_overdue(message.today) for each in entries),
        health=health_words(health, Grey.NOT_RATED),
        entries=entries,
        count=len(entries),
        many=_counted(kind, len(entries)) if kind else _RAID,
        closed=message.closed,
        has_clause=message.clause.is_whole,
        **_money(project),
    )


def _money(project: ToldProject) -> dict[str, str]:
    """Amounts as people read them; empty where the record has none."""
    report = project.report
    rated = report.budget if report else None
    return {
        "budget": amount(project.budget),
        "spent": amount(report.spent if report else None),
        "forecast": amount(report.cost_forecast if report else None),
        "rated": health_words(rated, Grey.NOT_RATED) if rated else "",
    }


def _lateness(message: ProjectTold) -> str:
    """How late a project is, as far as the record can tell: the strongest of its signs."""
    project, report = message.project, message.project.report
    if (project.slip_days or 0) > 0:
        return "slipped"
    end = project.forecast_end or project.baseline_end
    if end is not None and end < message.today:
        return "past"
    if any(each.is_overdue(message.today) for each in message.entries):
        return "overdue"
    if report and {report.health, report.schedule} & {Health.YELLOW, Health.RED}:
        return "reported"
    has_facts = project.slip_days is not None or message.entries or report
    return "on_track" if has_facts else "unknown"


def _report(message: ProjectTold) -> list[Marked]:
    report = message.project.report
    if report is None or message.topic not in (Intent.LATE, Intent.HEALTH):
        return []
    return [
        _part(
            "report",
            report=report,
            health=health_words(report.health, Grey.NOT_RATED),
            schedule=health_words(report.schedule, Grey.NOT_RATED) if report.schedule else "",
            why=kit.shorten(report.why, _TEXT),
            computed=health_words(report.computed) if report.computed else "",
            reasons=report.computed_why,
        )
    ]


def _entries(message: ProjectTold) -> list[Marked]:
    command = _command(message)
    told = _listed(message.entries, message.today, command)
    if message.topic is not Intent.DECIDED:
        return told
    closed = [_closed(each) for each in message.closed[:_ENTRIES]]
    if left := len(message.closed) - len(closed):
        closed.append(_part("more_entries", left=left, command=f"{command} all"))
    return [*closed, *([_part("still_open"), *told] if told else [])]


def _counted(kind: LogKind, count: int) -> str:
    return ONE[kind] if count == 1 else MANY[kind]


def _command(message: ProjectTold) -> str:
    """What to type for the whole list."""
    code = message.project.code
    if message.topic is Intent.DECIDED:
        return f"decisions {code}"
    is_one_list = message.topic is Intent.LIST and message.detail in MANY
    return f"{MANY[LogKind(message.detail)]} {code}" if is_one_list else f"show {code}"


def _closed(entry: Entry) -> Marked:
    return _part(
        "closed_entry",
        entry=entry,
        title=kit.shorten(entry.title, _TITLE),
        state=state_words(entry.kind, entry.state),
        note=kit.shorten(entry.note, _TEXT),
    )


def _listed(
    entries: Sequence[Entry], today: date, command: str, *, with_code: bool = False
) -> list[Marked]:
    lines = [
        _part(
            "entry",
            entry=each,
            code=each.place if with_code else "",
            title=kit.shorten(each.title, _TITLE),
            graded=graded(each),
            owner=owner(each) if each.kind is not LogKind.MILESTONE else "",
            due=due(each, today),
        )
        for each in entries[:_ENTRIES]
    ]
    if left := len(entries) - len(lines):
        lines.append(_part("more_entries", left=left, command=command))
    return lines


# --- several projects, and what is one's own


def _projects_title(message: ProjectsTold) -> Marked:
    what, _, value = message.detail.partition(":")
    count, topic = len(message.lines), message.topic.value
    said = {"what": what, "value": value, "of": message.of, "count": count}
    said["is_among_others"] = message.is_among_others
    state = _part("state", **said, is_part=count < message.of)
    told = {
        "topic": topic,
        "state": state,
        "councils": message.councils,
        "of": message.of,
        "is_among_others": message.is_among_others,
        "missed": sum(each.is_missed for each in message.lines),
    }
    if not count:
        bare = _part("state", **{**said, "count": 1}, is_part=False)
        return _part("nothing", **{**told, "state": bare})
    return _part("projects_title", lines=count, value=message.detail, **told)


def _line(line: ToldLine) -> Marked:
    grey = Grey.NO_REPORT if line.health is None else Grey.NOT_RATED
    health = health_words(line.health or Health.GREY, grey)
    costs = (amount(line.cost), amount(line.budget)) if line.is_over_budget else ()
    return _part("line", line=line, health=health, costs=costs, **_names(line))


def _awaited(line: ToldLine) -> Marked:
    return _part("awaited", line=line, **_names(line))


def _names(line: ToldLine) -> dict[str, str]:
    return {"name": kit.shorten(line.name, _NAME), "pm": kit.shorten(line.pm, _NAME)}


def _own_reports(message: OwnTold) -> list[Marked]:
    lines = [
        _part("own_report", report=each, name=kit.shorten(each.name, _NAME))
        for each in message.reports
    ]
    if message.left:
        lines.append(_part("own_left", left=message.left))
    return [*lines, _part("own_cure")] if lines else []


def _own_actions(message: OwnTold) -> list[Marked]:
    """The actions in hand, below the reports that are due."""
    if not message.entries:
        return []
    count = len(message.entries)
    title = _part("my_list", count=count, many=_counted(LogKind.ACTION, count))
    return [title, *_listed(message.entries, message.today, "actions", with_code=True)]


# --- all of them


def _part(name: str, /, **values: Any) -> Marked:
    return load(_TEMPLATE).part(name, **values)


def _texts(parts: Sequence[Marked]) -> list[Block]:
    """Parts one below the other."""
    lines = [each for each in parts if plain(each)]
    return rich_text(Marked.lines(lines)) if lines else []


def _messages(
    message: _Told, told: Sequence[Marked], body: list[Block], foot: Sequence[Block] = ()
) -> list[Rendered]:
    """An answer whole, with what the handbook says to it, in as many messages as it takes."""
    clause = message.clause
    rows = [*openers(message.question_id, clause.links), *foot]
    sections = [[*head_of(message.question), *body], *_clause(clause), rows]
    words = " ".join(" ".join(map(plain, told)).split())
    fallback = _part("fallback", words=kit.shorten(words, MESSAGE_TEXT // 8))
    return [Rendered.of(fallback, each) for each in kit.pack([one for one in sections if one])]


def _clause(clause: Clause) -> list[list[Block]]:
    shown = clause.shown
    if shown is None:
        return []
    if clause.is_whole:
        return cited_section(shown)
    cited = _part("cited", title=shown.title, citation=citation_of(shown))
    return [[kit.context(cited)]]
