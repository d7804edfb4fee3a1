"""The live card of a meeting: in its council's channel, and whole for one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.meetings.sitting.messages import (
    ActionTold,
    CardTold,
    DecisionTold,
    ItemTold,
    LiveCard,
)
from domain.meetings.sitting.values import OwnCard
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.attendance import here_text, presence_buttons

NEXT: Final = "meeting_next"
"""Actions of the card's buttons; their value is a `Press`."""
DECIDE: Final = "meeting_decide"
ACTION: Final = "meeting_action"
PARK: Final = "meeting_park"
AGREE: Final = "meeting_agree"
PULL: Final = "meeting_pull"
MENU: Final = "meeting_menu"
"""The menu beside them; what is chosen is `WHAT:PRESS`."""
OPEN: Final = "meeting_open"
"""The button that opens a meeting; its value is the meeting's number."""
RUN: Final = "meeting_run"
"""The button that opens the window of a meeting; its value is the meeting's number."""
REOPEN: Final = "meeting_reopen"
"""The button on a closed meeting; its value is the meeting's number."""

BACK, CHOOSE, ADD, CHAIR, CLOSE = "back", "choose", "add", "chair", "close"
"""What the menu has."""

_TEMPLATE: Final = "meetings/card"
_TITLE: Final = 100
_CURRENT: Final = 500
"""What is talked about is not cut, as good as ever."""
_NAME: Final = 75
_OWN_LINES: Final = 30
"""Items, decisions and actions each that a person's own card names."""
_CONSENT_LINES: Final = 10
_AGREED: Final = 200
"""Consent items that one press can name within a button's value."""


@dataclass(frozen=True)
class Press:
    """What a button of a card carries: the meeting, and what of it the reader has seen."""

    meeting_id: int
    revision: int
    item_ids: tuple[int, ...] = ()
    """Consent items that were shown."""

    @property
    def text(self) -> str:
        """As a button's value."""
        ids = ",".join(map(str, self.item_ids))
        return f"{self.meeting_id}:{self.revision}:{ids}"

    @classmethod
    def read(cls, text: str) -> "Press":
        """As Slack gives it back."""
        number, revision, ids = text.split(":")
        return cls(int(number), int(revision), tuple(int(each) for each in ids.split(",") if each))


def render_card(message: LiveCard) -> list[Rendered]:
    """Render the card for its channel."""
    card, texts = message.card, load(_TEMPLATE)
    blocks = _body(card, is_channel=True)
    if card.ended_at is None:
        blocks += [_steps(card), kit.actions(*presence_buttons(card.meeting_id))]
    blocks.append(kit.context(texts.part("hint_over" if card.ended_at else "hint")))
    return [Rendered.of(_fallback(card), blocks)]


def own_card_messages(own: OwnCard) -> list[Rendered]:
    """A meeting as one person may see it, in answer to a command."""
    blocks = _body(own.card, is_channel=False)
    texts, number = load(_TEMPLATE), str(own.card.meeting_id)
    buttons: list[Block] = []
    if own.is_running and own.leads:
        buttons = [kit.button(texts.part("press_run"), RUN, value=number, style="primary")]
    if own.is_running and (own.leads or own.is_member):
        press = Press(own.card.meeting_id, own.card.revision).text
        buttons.append(kit.button(texts.part("press_action"), ACTION, value=press))
    if own.may_reopen:
        buttons = [kit.button(texts.part("press_reopen"), REOPEN, value=number)]
    sections = [[each] for each in blocks]
    if buttons:
        sections.append([kit.actions(*buttons)])
    return [Rendered.of(_fallback(own.card), packed) for packed in kit.pack(sections)]


def run_view(own: OwnCard) -> Block:
    """The window in which a meeting is run: all that exists for the person, and every button."""
    texts, blocks = load(_TEMPLATE), _body(own.card, is_channel=False)
    if own.news:
        blocks = [*rich_text(texts.part("news", news=own.news)), kit.divider(), *blocks]
    if own.is_running:
        blocks.append(_steps(own.card))
    blocks.append(kit.context(texts.part("restricted_hint")))
    return kit.modal(
        texts.part("run_title"),
        blocks,
        close=texts.part("run_close"),
        callback_id=RUN,
        private_metadata=str(own.card.meeting_id),
    )


def _fallback(card: CardTold) -> Marked:
    current = f"{card.current.number}. {card.current.title}" if card.current else ""
    return load(_TEMPLATE).part("fallback", title=card.title, card=card, current=current)


def _body(card: CardTold, *, is_channel: bool) -> list[Block]:
    texts = load(_TEMPLATE)
    title = kit.shorten(card.title, _NAME)
    blocks = [kit.section(texts.part("head", card=card, title=title))]
    if card.ended_at is None:
        blocks += rich_text(here_text(card.here))
        blocks += [kit.divider(), kit.section(_current(card))]
        blocks += rich_text(_ahead(card, is_channel=is_channel))
        blocks += _consent(card)
    blocks += rich_text(_decisions(card))
    blocks += rich_text(_actions(card))
    return [*blocks, *rich_text(_parked(card.parked))]


def _current(card: CardTold) -> Marked:
    texts = load(_TEMPLATE)
    if card.current is None:
        return texts.part("between")
    return texts.part(
        "current",
        told=card.current,
        title=kit.shorten(card.current.title, _CURRENT),
        purpose=plain(texts.part(card.current.purpose)),
        ends_at=card.ends_at,
        is_over=card.is_over,
        timezone=card.timezone,
    )


def _ahead(card: CardTold, *, is_channel: bool) -> Marked:
    texts = load(_TEMPLATE)
    if not card.ahead:
        return Marked("")
    shown = card.ahead[:_OWN_LINES]
    lines = [texts.part("next_title")]
    lines += [
        texts.part(
            "ahead",
            told=each,
            title=kit.shorten(each.title, _TITLE),
            purpose=plain(texts.part(each.purpose)).lower(),
        )
        for each in shown
    ]
    if left := card.left - len(shown):
        lines.append(texts.part("ahead_more", count=left, is_channel=is_channel))
    return Marked.lines(lines)


def _consent(card: CardTold) -> list[Block]:
    if not card.consent:
        return []
    texts = load(_TEMPLATE)
    shown = card.consent[:_CONSENT_LINES]
    lines = [texts.part("consent_title")]
    lines += [_item_line("consent", each) for each in shown]
    if left := len(card.consent) - len(shown):
        lines.append(texts.part("ahead_more", count=left, is_channel=False))
    ids = tuple(each.item_id for each in card.consent[:_AGREED])
    agree = Press(card.meeting_id, card.revision, ids).text
    pull = Press(card.meeting_id, card.revision).text
    return [
        *rich_text(Marked.lines(lines)),
        kit.actions(
            kit.button(texts.part("press_agree"), AGREE, value=agree),
            kit.button(texts.part("press_pull"), PULL, value=pull),
        ),
    ]


def _item_line(part: str, told: ItemTold) -> Marked:
    return load(_TEMPLATE).part(part, told=told, title=kit.shorten(told.title, _TITLE))


def _decisions(card: CardTold) -> Marked:
    texts = load(_TEMPLATE)
    if not card.decided:
        return Marked("")
    title = texts.part("decisions_title", count=card.decided)
    return Marked.lines([title, *map(_decision, card.decisions[-_OWN_LINES:])])


def _decision(told: DecisionTold) -> Marked:
    texts = load(_TEMPLATE)
    return texts.part(
        "decision",
        told=told,
        outcome=plain(texts.part(told.outcome)),
        title=kit.shorten(told.question, _TITLE),
        chosen=kit.shorten(told.chosen, _TITLE),
    )


def _actions(card: CardTold) -> Marked:
    if not card.given:
        return Marked("")
    title = load(_TEMPLATE).part("actions_title", count=card.given)
    return Marked.lines([title, *map(_action, card.actions[-_OWN_LINES:])])


def _action(told: ActionTold) -> Marked:
    title = kit.shorten(told.title, _TITLE)
    return load(_TEMPLATE).part("action", told=told, title=title)


def _parked(titles: Sequence[str]) -> Marked:
    texts = load(_TEMPLATE)
    if not titles:
        return Marked("")
    lines = [texts.part("parked", title=kit.shorten(each, _TITLE)) for each in titles]
    return Marked.lines([texts.part("parked_title"), *lines[:_OWN_LINES]])


def _steps(card: CardTold) -> Block:
    texts, press = load(_TEMPLATE), Press(card.meeting_id, card.revision).text
    options = [
        kit.option(texts.part(f"menu_{each}"), f"{each}:{press}")
        for each in (BACK, CHOOSE, ADD, CHAIR, CLOSE)
    ]
    return kit.actions(
        kit.button(texts.part("press_next"), NEXT, value=press, style="primary"),
        kit.button(texts.part("press_decide"), DECIDE, value=press),
        kit.button(texts.part("press_action"), ACTION, value=press),
        kit.button(texts.part("press_park"), PARK, value=press),
        kit.overflow(MENU, options),
    )
