"""The fields that the template of a council's pack can name: what is read before a meeting."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.meetings.pre_read.values import CallItem, Pack, PackProject
from message_templates.documents.fields import HEALTH_COLOURS, NO_HEALTH, Field, Group, Missing
from models.enums import Health

_field: Final = partial(Field, missing=Missing.DASH)
"""It goes out by itself: nothing in it is left for somebody to fill."""


@dataclass(frozen=True)
class _Numbered:
    """An item of the agenda with the number that people call it by."""

    number: int
    item: CallItem


def _attribute(name: str) -> Callable[[Any], Any]:
    return lambda source: getattr(source, name)


def _of_item(name: str) -> Callable[[Any], Any]:
    return lambda source: getattr(source.item, name)


def _local(pack: Pack, clock: str) -> str:
    local = pack.starts_at.astimezone(ZoneInfo(pack.timezone))
    return f"{local:{clock}} ({pack.timezone})"


def _as_of(pack: Pack) -> str:
    local = pack.as_of.astimezone(ZoneInfo(pack.timezone))
    return f"{local:%Y-%m-%d %H:%M} ({pack.timezone})"


def _names(pack: Pack, *, voters: bool) -> str:
    return ", ".join(name for name, has_vote in pack.members if has_vote or not voters)


def _counts(pack: Pack) -> str:
    words = {Health.GREY: "without a colour"}
    counted = ((len(pack.of(each)), words.get(each, each.value)) for each in _WORST_FIRST)
    return ", ".join(f"{count} {word}" for count, word in counted if count)


def _agenda(pack: Pack) -> Iterator[_Numbered]:
    for number, item in enumerate(pack.agenda, 1):
        yield _Numbered(number, item)


def _purpose(numbered: _Numbered) -> str:
    item = numbered.item
    return f"{item.purpose.value}, by consent" if item.is_consent else item.purpose.value


def _colour(project: PackProject) -> str:
    return HEALTH_COLOURS.get(project.health, NO_HEALTH)


def _health(project: PackProject) -> Health | str:
    return "No report" if project.reported_at is None else project.health


def _known(project: PackProject) -> str:
    """What is last known of a project that has not reported."""
    if project.last_health is None or project.last_on is None:
        return ""
    return f"{project.last_health.value}, {project.days} days old"


def _why(project: PackProject) -> str:
    return project.why or ("no answer by the cut-off" if project.reported_at is None else "")


_WORST_FIRST: Final = (Health.RED, Health.YELLOW, Health.GREY, Health.GREEN)

_PROJECT: Final = (
    _field("code", "code", _attribute("code")),
    _field("name", "name", _attribute("name")),
    _field("pm", "project manager", _attribute("pm")),
    _field("health", "health", _health),
    _field("days", "days in this colour, or since the last report", _attribute("days")),
    _field("why", "why it has its colour, whole", _why),
    _field("path_to_green", "path to green, whole", _attribute("path_to_green")),
    _field("computed", "health that the facts come to", _attribute("computed")),
    _field("milestone", "next milestone", _attribute("milestone")),
    _field("milestone_on", "its forecast", _attribute("milestone_on")),
    _field("reported", "day of the report", _attribute("reported_at")),
    _field("version", "which version of the report", lambda each: each.version or None),
    _field("last_known", "what is last known, if there is no report", _known),
    _field("colour", "for `{% cellbg %}`: the health as a colour", _colour, is_plain=True),
)


def _projects(name: str, what: str, *healths: Health) -> Group:
    return Group(
        name,
        what,
        _PROJECT,
        lambda pack: [each for each in pack.projects if each.health in healths],
        is_list=True,
    )


PACK_GROUPS: Final = (
    Group(
        "meeting",
        "the meeting",
        (
            _field("title", "title of the meeting", _attribute("title")),
            _field("council", "council", _attribute("council")),
            _field("day", "day", lambda pack: pack.starts_at.astimezone(ZoneInfo(pack.timezone))),
            _field("time", "time, with its zone", lambda pack: _local(pack, "%H:%M")),
            _field("minutes", "length in minutes", _attribute("minutes")),
            _field("place", "place or link of the meeting", _attribute("place")),
            _field("chair", "chair", _attribute("chair")),
            _field("members", "members", lambda pack: _names(pack, voters=False)),
            _field("voters", "voting members", lambda pack: _names(pack, voters=True)),
            _field("as_of", "when the status froze", _as_of),
            _field("digest", "day of the digest that it is of", _attribute("digest_on")),
            _field("health", "projects by health", _counts),
            _field(
                "restricted",
                "`restricted` where it tells of restricted projects, else nothing",
                lambda pack: "restricted" if pack.is_restricted else "",
            ),
        ),
        lambda pack: pack,
    ),
    Group(
        "agenda",
        "items of the agenda",
        (
            _field("number", "number", _attribute("number")),
            _field("title", "title", _of_item("title")),
            _field("purpose", "decide, discuss or inform", _purpose),
            _field("minutes", "minutes", lambda each: each.item.minutes or None),
            _field("owner", "owner", _of_item("owner")),
            _field("project", "code of its project", _of_item("code")),
        ),
        _agenda,
        is_list=True,
    ),
    Group(
        "decisions",
        "decisions that are waited for",
        (
            _field("ref", "number, such as D-3", _attribute("ref")),
            _field("project", "code of its project", _attribute("code")),
            _field("text", "what is to be decided, whole", _attribute("text")),
            _field("owner", "who decides", _attribute("source")),
            _field("due", "by when", _attribute("due_on")),
            _field("opened", "since when", _attribute("opened_on")),
        ),
        _attribute("decisions"),
        is_list=True,
    ),
    _projects("projects", "all projects, red first", *_WORST_FIRST),
    _projects("reds", "red projects, oldest first", Health.RED),
    _projects("yellows", "yellow projects, oldest first", Health.YELLOW),
    _projects("others", "projects that are green or without a colour", Health.GREY, Health.GREEN),
    Group(
        "actions",
        "overdue actions",
        (
            _field("ref", "number, such as A-3", _attribute("ref")),
            _field("project", "code of its project", _attribute("code")),
            _field("title", "title", _attribute("title")),
            _field("owner", "owner", _attribute("owner")),
            _field("due", "due date", _attribute("due_on")),
            _field("first_due", "first due date, where it moved", _attribute("first_due_on")),
        ),
        _attribute("actions"),
        is_list=True,
    ),
    Group(
        "decided",
        "what the council decided since its last meeting began",
        (
            _field("ref", "number, such as D-12; not in what everybody reads", _attribute("ref")),
            _field("project", "code of its project", _attribute("code")),
            _field("question", "question", _attribute("question")),
            _field("outcome", "outcome", _attribute("outcome")),
            _field("chosen", "option that was chosen", _attribute("chosen")),
            _field("reason", "reason", _attribute("reason")),
            _field("on", "day", _attribute("on")),
        ),
        _attribute("decided"),
        is_list=True,
    ),
)
