"""The window of an item, and reading it back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.meetings.agenda.rules import (
    FATE,
    LONGEST_REASON,
    LONGEST_TITLE,
    OWNER,
    PROJECT,
    PURPOSE,
    REASON,
    STANDING,
    TEXT,
    TIME,
    TITLE,
)
from domain.meetings.agenda.values import Done, Fate, Item, ItemWindow, ItemWish
from message_templates import kit
from message_templates.kit import Block
from message_templates.kit.limits import INPUT_TEXT
from message_templates.markup import load, rich_text
from message_templates.meetings.agenda import done_text
from models.enums import Purpose

CALLBACK: Final = "agenda_window"

_TEMPLATE: Final = "meetings/agenda_window"
_CONSENT: Final = "consent"
_MORE: Final = f"{TEXT}~2"
"""The field for what the first one does not hold."""

_MINUTES: Final = 10
"""What a new item takes, until somebody says otherwise."""
_CODE: Final = 40
_SHORT: Final = 4


@dataclass(frozen=True)
class WindowState:
    """What a window remembers while it is open, in Slack's private metadata."""

    council_id: int
    item_id: int
    revision: int
    is_backlog: bool
    has_words: bool

    @classmethod
    def load(cls, metadata: str) -> "WindowState":
        """As Slack gives it back."""
        return cls(**json.loads(metadata))


def window_view(window: ItemWindow, presenter: str) -> Block:
    """Build the window of an item, or of a new one.

    Args:
        window: what it holds.
        presenter: the Slack id of who presents a new item, if nobody else is chosen.
    """
    texts, item = load(_TEMPLATE), window.item
    blocks = rich_text(texts.part("intro", window=window))
    if window.has_words:
        blocks += _words(item, presenter)
    elif item is not None:
        blocks += rich_text(texts.part("built", title=item.title))
    minutes = str(item.minutes if item else _MINUTES)
    field = kit.plain_text_input(TIME, initial=minutes, max_length=_SHORT)
    hint = texts.part("minutes_hint")
    blocks.append(kit.input_block(texts.part("minutes"), field, block_id=TIME, hint=hint))
    if window.leads:
        blocks.append(_consent(item))
    if item is not None:
        blocks += _fate(window, item)
    state = WindowState(
        council_id=window.council_id,
        item_id=item.item_id if item else 0,
        revision=item.revision if item else 0,
        is_backlog=window.is_backlog,
        has_words=window.has_words,
    )
    return kit.modal(
        texts.part("title_change" if item else "title_new"),
        blocks,
        submit=texts.part("save"),
        close=texts.part("back"),
        callback_id=CALLBACK,
        private_metadata=json.dumps(asdict(state), separators=(",", ":")),
    )


def saved_view(done: Done) -> Block:
    """Build what takes the window's place."""
    texts = load(_TEMPLATE)
    return kit.modal(
        texts.part("title_saved"), rich_text(done_text(done)), close=texts.part("close")
    )


def read_window(view: Mapping[str, Any]) -> tuple[WindowState, ItemWish, str]:
    """Read a submitted window: what it is about, what was typed, the Slack id of who presents."""
    fields: Mapping[str, Any] = view["state"]["values"]
    boxes = fields.get(_CONSENT, {}).get(_CONSENT, {}).get("selected_options") or []
    wish = ItemWish(
        title=_typed(fields, TITLE),
        purpose=_chosen(fields, PURPOSE),
        text=_joined(_typed(fields, TEXT), _typed(fields, _MORE)),
        minutes=_typed(fields, TIME),
        code=_typed(fields, PROJECT),
        is_consent=bool(boxes),
        fate=_chosen(fields, FATE) or Fate.KEEP.value,
        reason=_typed(fields, REASON),
    )
    owner = fields.get(OWNER, {}).get(OWNER, {}).get("selected_user") or ""
    return WindowState.load(view["private_metadata"]), wish, owner


def _words(item: Item | None, presenter: str) -> list[Block]:
    texts = load(_TEMPLATE)
    title = kit.plain_text_input(
        TITLE, initial=item.title if item else None, max_length=LONGEST_TITLE
    )
    options = [kit.option(texts.part(each.value), each.value) for each in Purpose]
    purpose = (item.purpose if item else Purpose.DISCUSS).value
    owner = item.owner.slack_id if item and item.owner else None if item else presenter
    code = kit.plain_text_input(PROJECT, initial=item.code if item else None, max_length=_CODE)
    return [
        kit.input_block(texts.part("title"), title, block_id=TITLE),
        kit.input_block(
            texts.part("purpose"),
            kit.static_select(PURPOSE, options, initial=purpose),
            block_id=PURPOSE,
        ),
        *_text_fields(item.text if item else ""),
        kit.input_block(
            texts.part("owner"),
            kit.users_select(OWNER, initial=owner),
            block_id=OWNER,
            optional=True,
        ),
        kit.input_block(
            texts.part("project"),
            code,
            block_id=PROJECT,
            hint=texts.part("project_hint"),
            optional=True,
        ),
    ]


def _text_fields(text: str) -> list[Block]:
    texts = load(_TEMPLATE)
    first, rest = _pieces(text)
    field = kit.plain_text_input(TEXT, multiline=True, initial=first)
    more = kit.plain_text_input(_MORE, multiline=True, initial=rest)
    hint = texts.part("text_hint")
    return [
        kit.input_block(texts.part("text"), field, block_id=TEXT, hint=hint, optional=True),
        kit.input_block(texts.part("continued"), more, block_id=_MORE, optional=True),
    ]


def _pieces(text: str) -> tuple[str, str]:
    """What stands in the two fields: the seam is a line's end, or else lies at the very limit."""
    if len(text) <= INPUT_TEXT:
        return text, ""
    seam = text.rfind("\n", 0, INPUT_TEXT)
    if seam > len(text) - INPUT_TEXT:
        return text[:seam], text[seam + 1 :]
    return text[:INPUT_TEXT], text[INPUT_TEXT:]


def _joined(first: str, rest: str) -> str:
    """The two fields as one text: a first one that is full goes on within its line."""
    if not rest:
        return first
    return f"{first}{rest}" if len(first) == INPUT_TEXT else f"{first}\n{rest}"


def _consent(item: Item | None) -> Block:
    texts = load(_TEMPLATE)
    option = kit.option(texts.part("consent_box"), _CONSENT)
    chosen = [_CONSENT] if item and item.is_consent else []
    boxes = kit.checkboxes(_CONSENT, [option], initial=chosen)
    return kit.input_block(texts.part("consent"), boxes, block_id=_CONSENT, optional=True)


def _fate(window: ItemWindow, item: Item) -> list[Block]:
    texts = load(_TEMPLATE)
    stays = window.is_backlog or item.source in STANDING or not window.leads
    fates = [each for each in Fate if not (stays and each is Fate.BACKLOG)]
    options = [kit.option(texts.part(each.value), each.value) for each in fates]
    choice = kit.radio_buttons(FATE, options, initial=Fate.KEEP.value)
    reason = kit.plain_text_input(REASON, max_length=LONGEST_REASON)
    return [
        kit.input_block(texts.part("fate"), choice, block_id=FATE),
        kit.input_block(texts.part("reason"), reason, block_id=REASON, optional=True),
    ]


def _typed(fields: Mapping[str, Any], name: str) -> str:
    return fields.get(name, {}).get(name, {}).get("value") or ""


def _chosen(fields: Mapping[str, Any], name: str) -> str:
    chosen = fields.get(name, {}).get(name, {}).get("selected_option") or {}
    value: str = chosen.get("value", "")
    return value
