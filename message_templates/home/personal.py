"""The part of the App Home page that is about whoever opens it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from domain.health.personal import PARTS
from domain.health.values import (
    FollowedProject,
    OwnCouncil,
    OwnProject,
    OwnSettings,
    Past,
    Personal,
    Wanted,
)
from domain.logs.values import Entry
from message_templates import kit
from message_templates.collecting.request import NO_CHANGE, UPDATE
from message_templates.health import HEALTH_SYMBOLS, Grey, health_words
from message_templates.home.paging import heading, pager
from message_templates.inquiries.list import question_line
from message_templates.kit import Block
from message_templates.kit.limits import HEADER
from message_templates.logs.buttons import open_button
from message_templates.markup import load, rich_text
from message_templates.portfolio.following import stop_button
from models.enums import Health, RequestState

_TEMPLATE: Final = "home/personal"
_FOLLOWING: Final = "portfolio/following"

SETTINGS: Final = "settings_open"
"""The action of the button that opens the form of settings."""

_OF: Final = 1_000
"""Characters of the list of projects behind one role: about a hundred codes."""
_NAME: Final = 100
_REASON: Final = 300
_TITLE: Final = 200
_RED: Final = 5
"""Red projects that are named for each council; the others are counted."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WORKING_WEEK: Final = (0, 1, 2, 3, 4)

_NOT_ASKED, _MISSED = "◌", "✖"
"""Gaps in a row of healths."""


def personal_section(me: Personal, now: datetime, meetings: Sequence[Block] = ()) -> list[Block]:
    """Tell somebody who they are to the bot, what it wants of them, and by which clock.

    Args:
        me: what one person finds about themselves.
        now: this instant.
        meetings: the next ones of their councils, from the room that keeps them.
    """
    texts = load(_TEMPLATE)
    roles = [(role, kit.shorten(", ".join(of), _OF) if of else "") for role, of in me.roles.items()]
    about = "guest" if me.is_guest and not roles else "roles"
    return [
        kit.header(texts.part("headline", name=kit.shorten(me.name, HEADER - len("Hello ")))),
        *_wanted(me),
        *_questions(me),
        *_projects(me),
        *_actions(me, now),
        *_councils(me),
        *meetings,
        *_followed(me),
        *(_settings(me.settings) if me.settings else ()),
        *rich_text(texts.part(about, roles=roles)),
        *rich_text(
            texts.part(
                "time",
                time=me.time,
                now=now,
                days=days_in_words(me.time.weekdays),
                is_written_to=bool(me.roles),
            )
        ),
        *rich_text(texts.part("help")),
    ]


def saved_note() -> list[Block]:
    """Tell that settings were saved."""
    return rich_text(load(_TEMPLATE).part("saved"))


def _wanted(me: Personal) -> list[Block]:
    """What is waited for, and when the next request comes; nothing for whoever is never asked."""
    texts, zone = load(_TEMPLATE), me.time.zone
    blocks: list[Block] = []
    if me.wanted.total:
        title = texts.part("wanted_headline", count=me.wanted.total)
        blocks += heading(title, me.wanted, PARTS["due"])
    for one in me.wanted.shown:
        blocks += _one_wanted(one, zone)
    blocks += pager("due", me.wanted, PARTS["due"])
    if me.next_ask is not None:
        if not me.wanted.total:
            blocks += rich_text(texts.part("nothing"))
        councils = kit.shorten(" and ".join(me.next_ask.councils), _OF)
        blocks += rich_text(texts.part("next_ask", at=me.next_ask.at, councils=councils, zone=zone))
    return blocks


def _one_wanted(one: Wanted, zone: str) -> list[Block]:
    texts, value = load(_TEMPLATE), str(one.request_id)
    text = texts.part("wanted", one=replace(one, name=kit.shorten(one.name, _NAME)), zone=zone)
    update = kit.button(texts.part("update"), UPDATE, value=value, style="primary")
    no_change = kit.button(texts.part("no_change"), NO_CHANGE, value=value)
    return [kit.section(text), kit.actions(update, *([no_change] if one.may_stay else []))]


def _projects(me: Personal) -> list[Block]:
    """Each project with its row of healths, oldest first."""
    if not me.projects.total:
        return []
    texts = load(_TEMPLATE)
    symbols = [
        health_words(each, Grey.NOT_RATED).lower()
        for each in (Health.GREEN, Health.YELLOW, Health.RED, Health.GREY)
    ]
    size = PARTS["projects"]
    return [
        *heading(texts.part("projects_headline", count=me.projects.total), me.projects, size),
        kit.context(texts.part("legend", symbols=symbols, missed=_MISSED, not_asked=_NOT_ASKED)),
        *(_project(each) for each in me.projects.shown),
        *pager("projects", me.projects, size),
    ]


def _project(one: OwnProject) -> Block:
    newest = one.newest
    shown = replace(
        one, name=kit.shorten(one.name, _NAME), hold_reason=kit.shorten(one.hold_reason, _REASON)
    )
    text = load(_TEMPLATE).part(
        "project",
        one=shown,
        row=[_symbol(each) for each in one.past],
        newest=health_words(newest.health, Grey.NOT_RATED) if newest and newest.health else "",
        newest_on=newest.opens_on if newest else None,
        marks=list(_marks(one)),
    )
    return kit.section(text)


def _symbol(past: Past) -> str:
    if past.health is not None:
        return HEALTH_SYMBOLS[past.health]
    return _NOT_ASKED if past.state is RequestState.EXCUSED else _MISSED


def _marks(one: OwnProject) -> Iterator[str]:
    """What is to be said about the newest report, and about a gap behind it."""
    if one.newest and one.unchanged:
        yield f"unchanged x{one.unchanged}"
    if one.newest and one.newest.state is RequestState.LATE:
        yield "late"
    if one.past and one.past[-1].health is None and one.past[-1].state is RequestState.MISSED:
        yield "the last one was missed"


def _actions(me: Personal, now: datetime) -> list[Block]:
    """The actions in somebody's hands, overdue first."""
    if not me.actions.total:
        return []
    texts, size = load(_TEMPLATE), PARTS["actions"]
    today = me.settings.today if me.settings else now.date()
    return [
        *heading(texts.part("actions_headline", count=me.actions.total), me.actions, size),
        *(_action(each, today) for each in me.actions.shown),
        *pager("actions", me.actions, size),
    ]


def _action(one: Entry, today: date) -> Block:
    late = (today - one.due_on).days if one.due_on and one.is_overdue(today) else 0
    shown = {
        "ref": one.ref,
        "code": one.place,
        "title": kit.shorten(one.title, _TITLE),
        "due_on": one.due_on,
    }
    text = load(_TEMPLATE).part("action", one=shown, overdue_days=late)
    return kit.section(text, accessory=open_button(one.entry_id))


def _questions(me: Personal) -> list[Block]:
    """What others ask them, and what they have asked; each opens in a window."""
    if not me.questions.total:
        return []
    texts, size = load(_TEMPLATE), PARTS["questions"]
    title = texts.part("questions_headline", count=me.questions.total)
    return [
        *heading(title, me.questions, size),
        *map(question_line, me.questions.shown),
        *pager("questions", me.questions, size),
    ]


def _councils(me: Personal) -> list[Block]:
    """What somebody reads: each council's newest digest, and what is red."""
    if not me.councils.total:
        return []
    texts, size = load(_TEMPLATE), PARTS["councils"]
    return [
        *heading(texts.part("councils_headline", count=me.councils.total), me.councils, size),
        *(_council(each, me.time.zone) for each in me.councils.shown),
        *pager("councils", me.councils, size),
    ]


def _council(one: OwnCouncil, zone: str) -> Block:
    red = [
        replace(each, name=kit.shorten(each.name, _NAME), pm=kit.shorten(each.pm, _NAME))
        for each in one.red[:_RED]
    ]
    text = load(_TEMPLATE).part(
        "council",
        one=replace(one, name=kit.shorten(one.name, _NAME)),
        zone=zone,
        symbol=HEALTH_SYMBOLS[Health.RED],
        red=red,
        total=len(one.red),
        more=len(one.red) - _RED,
    )
    return kit.section(text)


def _followed(me: Personal) -> list[Block]:
    """What somebody follows, each with the button that ends it."""
    if not me.followed.total:
        return []
    texts, size = load(_FOLLOWING), PARTS["followed"]
    return [
        *heading(texts.part("headline", count=me.followed.total), me.followed, size),
        *(_one_followed(each) for each in me.followed.shown),
        *pager("followed", me.followed, size),
    ]


def _one_followed(one: FollowedProject) -> Block:
    shown = replace(one, name=kit.shorten(one.name, _NAME), pm=kit.shorten(one.pm, _NAME))
    health = health_words(one.health, Grey.NOT_RATED) if one.health else ""
    text = load(_FOLLOWING).part("line", one=shown, health=health)
    return kit.section(text, accessory=stop_button(one.project_id))


def _settings(own: OwnSettings) -> list[Block]:
    texts = load(_TEMPLATE)
    text = texts.part(
        "settings",
        ask_at=own.ask_at,
        days=days_in_words(own.hours.working.weekdays),
        is_own_days=own.weekdays is not None,
        leave=own.leave,
        told_leave=own.told_leave[:3],
        subscribed=kit.shorten(", ".join(own.subscribed), _OF) if own.subscribed else "",
    )
    return [
        kit.header(texts.part("settings_headline")),
        kit.section(text),
        kit.context(texts.part("followed", wish=own.followed.value)),
        kit.actions(kit.button(texts.part("change_settings"), SETTINGS)),
    ]


def days_in_words(weekdays: Collection[int]) -> str:
    """Days of a week as they are told: `Monday to Friday`, `Mon, Wed`."""
    ordered = tuple(sorted(weekdays))
    if ordered == _WORKING_WEEK:
        return "Monday to Friday"
    return ", ".join(_DAYS[number] for number in ordered)
