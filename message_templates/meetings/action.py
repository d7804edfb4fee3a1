"""What is told of a council's actions, and the buttons that answer it."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.meetings.actions.messages import (
    ActionDropped,
    ActionLine,
    ActionsDue,
    ActionsGiven,
    ActionsOverdue,
)
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text

ACT: Final = "council_action"
"""The action of the buttons on an action; `council_action:done` in full, its value the number."""

ACTS: Final = ("done", "move", "hand", "cancel")

_TEMPLATE: Final = "meetings/action"
_TEXT: Final = 400
"""Characters of the details and of the last word in a message; the action has them whole."""
_NAME: Final = 75


def render_given(message: ActionsGiven) -> list[Rendered]:
    """Tell somebody what they have in hand from now on."""
    title = load(_TEMPLATE).part("given_title", count=len(message.lines))
    return _render(title, message.lines, None, _hints(message.lines, "given_hint"))


def _hints(lines: Sequence[ActionLine], part: str) -> list[Marked]:
    is_any = any(each.is_waiting for each in lines)
    return [load(_TEMPLATE).part(part if is_any else "nothing")]


def render_due(message: ActionsDue) -> list[Rendered]:
    """Remind somebody of what they have in hand."""
    waiting = sum(each.is_waiting for each in message.lines)
    title = load(_TEMPLATE).part("due_title", count=waiting)
    return _render(title, message.lines, message.on, _hints(message.lines, "due_hint"))


def render_overdue(message: ActionsOverdue) -> list[Rendered]:
    """Tell who chairs a council what is overdue there."""
    texts = load(_TEMPLATE)
    title = texts.part("overdue_title", council=kit.shorten(message.council, _NAME))
    hints = _hints(message.lines, "overdue_hint")
    if message.others:
        hints.append(texts.part("others", others=message.others, council=message.council))
    return _render(title, message.lines, message.on, hints, is_with_owner=True)


def render_dropped(message: ActionDropped) -> list[Rendered]:
    """Tell who chairs a council that somebody else has cancelled an action."""
    texts = load(_TEMPLATE)
    hint = texts.part("dropped_hint")
    return _render(texts.part("dropped_title"), message.lines, None, [hint], is_with_owner=True)


def _render(
    title: Marked,
    lines: Sequence[ActionLine],
    on: date | None,
    hints: Sequence[Marked],
    *,
    is_with_owner: bool = False,
) -> list[Rendered]:
    texts = load(_TEMPLATE)
    sections = [_action(each, on, is_with_owner=is_with_owner) for each in lines]
    if not lines:
        hints = [texts.part("nothing")]
    ends = [[kit.context(each)] for each in hints]
    named = [each for each in lines if each.is_waiting] or lines
    refs = ", ".join(f"{each.ref} {each.title}" for each in named)
    fallback = texts.part("fallback", title=plain(title), refs=kit.shorten(refs, _TEXT))
    packed = kit.pack([[kit.header(title)], *sections, *ends])
    return [Rendered.of(fallback, blocks) for blocks in packed]


def action_line(line: ActionLine, on: date | None = None, *, is_with_owner: bool = False) -> Marked:
    """One action in words.

    Args:
        line: the action.
        on: the day that it is told, where that matters: how long it is overdue.
        is_with_owner: whether its owner is named.
    """
    return load(_TEMPLATE).part(
        "line",
        line=line,
        ref=line.ref,
        place=line.place,
        title=line.title,
        text=kit.shorten(line.text, _TEXT),
        note=kit.shorten(line.note, _TEXT),
        state=line.state,
        owner=line.owner or "Nobody",
        due=due(line, on),
        is_with_owner=is_with_owner,
    )


def due(line: ActionLine, on: date | None = None) -> Marked:
    """The date of an action, with those that it had before."""
    days = (line.due_on - on).days if line.due_on and on else None
    return load(_TEMPLATE).part(
        "due", due_on=line.due_on, days=days, first=line.first_due_on, moves=line.moves
    )


def _action(line: ActionLine, on: date | None, *, is_with_owner: bool) -> list[Block]:
    blocks = rich_text(action_line(line, on, is_with_owner=is_with_owner))
    return [*blocks, act_buttons(line.entry_id)] if line.is_waiting else blocks


def act_buttons(entry_id: int) -> Block:
    """Build the buttons of an open action."""
    texts = load(_TEMPLATE)
    return kit.actions(
        *(kit.button(texts.part(each), f"{ACT}:{each}", value=str(entry_id)) for each in ACTS)
    )
