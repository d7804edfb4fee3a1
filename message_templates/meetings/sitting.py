"""Around a meeting that runs: who is asked to open it, and what became of a press."""

from typing import Final

from domain.meetings.sitting.messages import (
    MeetingClosedItself,
    MeetingNotStarted,
    MeetingToOpen,
)
from domain.meetings.sitting.values import Given, Opened, Recorded
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.card import OPEN, REOPEN, RUN

TAKE: Final = "meeting_take_chair"
"""The button of who takes the chair of a meeting; its value is the meeting's number."""

_TEMPLATE: Final = "meetings/sitting"
_NAME: Final = 75
_TITLE: Final = 150


def render_to_open(message: MeetingToOpen) -> list[Rendered]:
    """Render the message with the button that opens a meeting."""
    part, action = ("press_take", TAKE) if message.is_late else ("press_open", OPEN)
    return [_told("to_open", message, part, action)]


def render_not_started(message: MeetingNotStarted) -> list[Rendered]:
    """Render what the PMO reads of a meeting that nobody has opened."""
    return [_told("not_started", message, "press_open", OPEN)]


def render_closed_itself(message: MeetingClosedItself) -> list[Rendered]:
    """Render that a meeting closed itself."""
    texts, title = load(_TEMPLATE), kit.shorten(message.title, _NAME)
    text = texts.part("closed_itself", told=message, title=title)
    button = kit.button(texts.part("press_reopen"), REOPEN, value=str(message.meeting_id))
    fallback = texts.part("fallback_closed_itself", title=title)
    return [Rendered.of(fallback, [*rich_text(text), kit.actions(button)])]


def _told(
    part: str, message: MeetingToOpen | MeetingNotStarted, press: str, action: str
) -> Rendered:
    texts, title = load(_TEMPLATE), kit.shorten(message.title, _NAME)
    blocks = rich_text(texts.part(part, told=message, title=title))
    if message.opened_at is None and not (message.is_cancelled or message.is_missed):
        button = kit.button(
            texts.part(press), action, value=str(message.meeting_id), style="primary"
        )
        blocks.append(kit.actions(button))
    return Rendered.of(texts.part(f"fallback_{part}", title=title), blocks)


def opened_notice(opened: Opened) -> Rendered:
    """Tell who has opened a meeting, or tried to, how it stands."""
    texts = load(_TEMPLATE)
    text = texts.part("opened", opened=opened, title=kit.shorten(opened.title, _NAME))
    run = kit.button(texts.part("press_run"), RUN, value=str(opened.meeting_id))
    return Rendered.of(text, [*rich_text(text), kit.actions(run)])


def closed_notice(meeting_id: int) -> Rendered:
    """Tell who has closed a meeting what comes of it."""
    texts = load(_TEMPLATE)
    text = texts.part("closed")
    again = kit.button(texts.part("press_reopen"), REOPEN, value=str(meeting_id))
    return Rendered.of(text, [*rich_text(text), kit.actions(again)])


def pulled_notice(title: str) -> Rendered:
    """Tell who has pulled an item out of the consent block that it is out."""
    text = load(_TEMPLATE).part("pulled", title=kit.shorten(title, _TITLE))
    return Rendered.of(text, rich_text(text))


def recorded_notice(told: Recorded) -> Rendered:
    """Say back what was recorded of a decision."""
    text = _recorded(told)
    return Rendered.of(text, rich_text(text))


def given_notice(told: Given) -> Rendered:
    """Say back what was recorded of an action."""
    text = _given(told)
    return Rendered.of(text, rich_text(text))


def recorded_view(told: Recorded | Given) -> Block:
    """The same in place of the window in which it was typed."""
    texts = load(_TEMPLATE)
    text = _recorded(told) if isinstance(told, Recorded) else _given(told)
    return kit.modal(texts.part("saved_title"), rich_text(text), close=texts.part("close"))


def _recorded(told: Recorded) -> Marked:
    texts = load(_TEMPLATE)
    return texts.part(
        "recorded",
        told=told,
        outcome=plain(texts.part(told.outcome)),
        title=kit.shorten(told.question, _TITLE),
        item=kit.shorten(told.item, _TITLE),
    )


def _given(told: Given) -> Marked:
    return load(_TEMPLATE).part("given", told=told, title=kit.shorten(told.title, _TITLE))
