"""The request message: all of a person's projects, each with its button, edited as answers come."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from domain.collecting.messages import (
    HandedOver,
    NotTheirs,
    RequestItem,
    StatusRequestMessage,
)
from message_templates import kit
from message_templates.health import Grey, health_words
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import load, rich_text
from models.enums import Health, RequestState

_TEMPLATE: Final = "collecting/request"

UPDATE: Final = "status_update"
"""The action of a project's first button; its value is the number of the request."""

NO_CHANGE: Final = "status_no_change"
"""The action of the button that lets the last report hold on; its value as that of `UPDATE`."""

MORE: Final = "status_more"
"""The action of the menu beside the buttons; `more_choice` reads what was chosen in it."""

RESUME: Final = "status_resume"
"""The action of the button of a project on hold; its value as that of `UPDATE`."""

SNOOZE, DEPUTY, HOLD, NOT_MINE = "snooze", "deputy", "hold", "not_mine"
"""What the menu offers."""

CHOOSE: Final = "status_choose"
"""The action of the menus that hold the projects for which there is no room of their own."""

WITH_BUTTONS: Final = 20
"""Projects that get a text and a row of buttons; Slack takes 50 blocks in a message."""

_OPTIONS: Final = 50
"""Projects in one menu. Slack takes 100, but a message holds about 12,000 characters."""
_OPTION: Final = 60
_TEXT_BUDGET: Final = 5_000
"""Characters for the words of people, shared by the projects of one message."""
_PROSE, _NAME, _PERSON = 280, 100, 60
"""The most characters shown of what was reported, of a project's name, of a person's."""
_MILESTONE: Final = 40
_MILESTONES: Final = 3
"""Milestones that are named; the rest is counted."""
_NAMED: Final = 5
"""Projects that a notification names."""
_READERS_TOGETHER: Final = 5
"""Councils in one block, whose text has its limit, too."""


def render_request(message: StatusRequestMessage) -> list[Rendered]:
    """Render the one message that a person gets for one nominal day.

    Only what no message could hold (a hundred projects, say) goes on in its thread.
    """
    texts = load(_TEMPLATE)
    shown, more = message.items[:WITH_BUTTONS], message.items[WITH_BUTTONS:]
    share = min(_PROSE, _TEXT_BUDGET // max(len(shown), 1))
    waiting = [item.code for item in message.items if item.is_waiting]
    done = sum(item.is_done for item in message.items)
    total = done + len(waiting)  # what is on hold or somebody else's is neither done nor to do
    progress = texts.part("progress", total=total, done=done)
    head = [kit.header(texts.part("headline", opens_on=message.opens_on)), *rich_text(progress)]
    foot = _readers(message)
    first, *others = kit.pack(
        [head, *(_project(item, share) for item in shown), *_more(more)],
        MESSAGE_COST - kit.cost(foot),
        MESSAGE_BLOCKS - len(foot),
    )
    fallback = texts.part(
        "fallback",
        waiting=waiting[:_NAMED],
        further=len(waiting[_NAMED:]),
        total=total,
        done=done,
        opens_on=message.opens_on,
    )
    continued = texts.part("continued", opens_on=message.opens_on)
    return [
        Rendered.of(fallback, [*first, *foot]),
        *(Rendered.of(continued, blocks) for blocks in others),
    ]


def render_handed(message: HandedOver) -> list[Rendered]:
    """Render the word to somebody that a request is theirs now, with its button."""
    texts = load(_TEMPLATE)
    words = texts.part("handed", message=message)
    update = kit.button(
        texts.part("update"), UPDATE, value=str(message.request_id), style="primary"
    )
    return [Rendered.of(words, [*rich_text(words), kit.actions(update)])]


def render_not_theirs(message: NotTheirs) -> list[Rendered]:
    """Render the word to the PMO that somebody is asked for what is not theirs."""
    texts = load(_TEMPLATE)
    told = rich_text(texts.part("not_theirs", message=message))
    return [Rendered.of(texts.part("not_theirs_fallback", message=message), told)]


def words(health: Health, *, is_answer: bool = True) -> str:
    """A health as an answer shows it: an answer without a colour is not rated, never missing."""
    return health_words(health, Grey.NOT_RATED if is_answer else Grey.NO_REPORT)


def more_choice(value: str) -> tuple[str, int]:
    """What was chosen in a project's menu, and the number of its request."""
    name, _, request_id = value.partition(":")
    return name, int(request_id)


def _project(item: RequestItem, share: int) -> list[Block]:
    texts = load(_TEMPLATE)
    text = texts.part(
        "project",
        item=_shortened(item, share),
        health=words(item.health) if item.health else "",
        last=words(item.last_health) if item.last_health else "",
        is_late=item.state is RequestState.LATE,
        further_milestones=len(item.milestones[_MILESTONES:]),
    )
    buttons = _buttons(item) if item.may_answer else []
    return [kit.section(text), *([kit.actions(*buttons)] if buttons else [])]


def _buttons(item: RequestItem) -> list[Block]:
    texts = load(_TEMPLATE)
    request = str(item.request_id)
    if item.hold_until is not None and item.health is None:
        return [kit.button(texts.part("resume"), RESUME, value=request)]
    if item.handed_to:
        return [kit.button(texts.part("update"), UPDATE, value=request)]
    if item.health is not None:
        return [kit.button(texts.part("correct"), UPDATE, value=request), _menu(item)]
    update = kit.button(texts.part("update"), UPDATE, value=request, style="primary")
    no_change = kit.button(texts.part("no_change"), NO_CHANGE, value=request)
    return [update, *([no_change] if item.may_stay else []), _menu(item)]


def _menu(item: RequestItem) -> Block:
    """What else can be done: only what makes sense where the answer stands."""
    texts = load(_TEMPLATE)
    offered = {
        SNOOZE: item.state is RequestState.ASKED,
        DEPUTY: item.is_waiting and bool(item.deputy),
        HOLD: True,
        NOT_MINE: not item.is_disowned,
    }
    options = [
        kit.option(texts.part(name, item=item), f"{name}:{item.request_id}")
        for name, is_offered in offered.items()
        if is_offered
    ]
    return kit.overflow(MORE, options)


def _shortened(item: RequestItem, share: int) -> RequestItem:
    """What is kept whole elsewhere, as long as one of many projects can be."""
    return replace(
        item,
        name=kit.shorten(item.name, _NAME),
        summary=kit.shorten(item.summary, share),
        promised=kit.shorten(item.promised, share),
        author=kit.shorten(item.author, _PERSON),
        handed_to=kit.shorten(item.handed_to, _PERSON),
        handed_why=kit.shorten(item.handed_why, _NAME),
        came_from=kit.shorten(item.came_from, _PERSON),
        in_place_of=kit.shorten(item.in_place_of, _PERSON),
        reason=kit.shorten(item.reason, share),
        hold_reason=kit.shorten(item.hold_reason, share),
        milestones=tuple(
            replace(each, name=kit.shorten(each.name, _MILESTONE))
            for each in item.milestones[:_MILESTONES]
        ),
    )


def _more(items: Sequence[RequestItem]) -> Iterator[list[Block]]:
    """Menus for the projects beyond the first twenty: a PM of so many finds each by its code."""
    texts = load(_TEMPLATE)
    for start in range(0, len(items), _OPTIONS):
        some = items[start : start + _OPTIONS]
        menu = kit.static_select(
            f"{CHOOSE}:{start}", [_choice(item) for item in some], placeholder=texts.part("choose")
        )
        waiting = sum(item.is_waiting for item in some)
        title = texts.part(
            "more", first=some[0].code, last=some[-1].code, count=len(some), waiting=waiting
        )
        yield [*rich_text(title), kit.actions(menu)]


def _choice(item: RequestItem) -> Block:
    health = f"{words(item.health)} · " if item.health else ""
    text = kit.shorten(f"{health}{item.code} {item.name}", _OPTION)
    return kit.option(text, str(item.request_id))


def _readers(message: StatusRequestMessage) -> list[Block]:
    texts = load(_TEMPLATE)
    waiting = {item.council for item in message.items if item.is_waiting}
    return [
        kit.context(
            texts.part(
                "readers",
                readers=message.readers[start : start + _READERS_TOGETHER],
                waiting=waiting,
            )
        )
        for start in range(0, len(message.readers), _READERS_TOGETHER)
    ]
