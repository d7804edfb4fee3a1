"""The windows of votes out of cycle: to open one, to hand one's vote on, to cancel one."""

from collections.abc import Mapping
from typing import Any, Final

from domain.meetings.ballots.rules import (
    CLOSES_ON,
    DEFAULT_OPTIONS,
    DELEGATE,
    LONGEST_QUESTION,
    LONGEST_REASON,
    MOST_OPTIONS,
    NEEDED,
    OPTIONS,
    PROJECT,
    QUESTION,
    REASON,
    SECRECY,
    TEXT,
)
from domain.meetings.ballots.values import BallotWish, Blank, Opened, Outcomes
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import load, rich_text
from message_templates.meetings.ballot import told
from models.enums import SecretVotes

CALLBACK: Final = "ballot_window"
HAND_CALLBACK: Final = "ballot_hand_window"
CANCEL_CALLBACK: Final = "ballot_cancel_window"

_TEMPLATE: Final = "meetings/ballot_window"
_OPENLY, _IN_SECRET = "openly", "in_secret"
_MORE: Final = "more"
"""The second field of a long text: one of Slack's holds 3,000 characters."""
_CODE: Final = 40
_HINTED: Final = frozenset({OPTIONS, PROJECT, CLOSES_ON, REASON, _MORE})
_LABEL: Final = 75
_OPTIONS_ROOM: Final = 1_000


def opening_view(blank: Blank) -> Block:
    """Build the window in which a vote is opened."""
    texts = load(_TEMPLATE)
    blocks = [
        *rich_text(texts.part("intro", blank=blank)),
        _field(QUESTION, kit.plain_text_input(QUESTION, max_length=LONGEST_QUESTION)),
        _field(TEXT, kit.plain_text_input(TEXT, multiline=True), is_optional=True),
        _field(_MORE, kit.plain_text_input(_MORE, multiline=True), is_optional=True),
        _field(
            OPTIONS,
            kit.plain_text_input(
                OPTIONS,
                multiline=True,
                initial="\n".join(DEFAULT_OPTIONS),
                max_length=_OPTIONS_ROOM,
            ),
            most=MOST_OPTIONS,
        ),
        _field(PROJECT, kit.plain_text_input(PROJECT, max_length=_CODE), is_optional=True),
        *_needed(blank),
        *_secrecy(blank),
        _field(CLOSES_ON, kit.datepicker(CLOSES_ON, initial=blank.closes_on), blank=blank),
    ]
    return kit.modal(
        texts.part("title"),
        blocks,
        submit=texts.part("submit"),
        close=texts.part("back"),
        callback_id=CALLBACK,
        private_metadata=str(blank.council_id),
    )


def read_opening(view: Mapping[str, Any]) -> tuple[int, BallotWish]:
    """Read a submitted window: the council's number, and what was typed."""
    chosen = _value(view, NEEDED)
    texts = [_value(view, TEXT), _value(view, _MORE)]
    return int(view["private_metadata"]), BallotWish(
        question=_value(view, QUESTION),
        text="\n".join(each for each in texts if each),
        options=_value(view, OPTIONS),
        closes_on=_value(view, CLOSES_ON),
        code=_value(view, PROJECT),
        log_entry_id=int(chosen) if chosen else None,
        is_secret=_value(view, SECRECY) == _IN_SECRET,
    )


def opened_view(opened: Opened) -> Block:
    """Build what takes the window's place."""
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("opened", opened=opened))
    return kit.modal(texts.part("title_opened"), blocks, close=texts.part("close"))


def handing_view(ballot_id: int) -> Block:
    """Build the window that asks who is to vote instead."""
    return _small("hand", ballot_id, DELEGATE, kit.users_select(DELEGATE))


def read_handing(view: Mapping[str, Any]) -> tuple[int, str]:
    """Read it: the ballot's number, and the Slack id of who was chosen."""
    return int(view["private_metadata"]), _value(view, DELEGATE)


def cancelling_view(ballot_id: int) -> Block:
    """Build the window that asks why a vote is cancelled."""
    field = kit.plain_text_input(REASON, multiline=True, max_length=LONGEST_REASON)
    return _small("cancel", ballot_id, REASON, field)


def read_cancelling(view: Mapping[str, Any]) -> tuple[int, str]:
    """Read it: the ballot's number, and the reason."""
    return int(view["private_metadata"]), _value(view, REASON)


def done_view(outcome: Outcomes) -> Block:
    """Build what takes the place of such a window."""
    texts = load(_TEMPLATE)
    return kit.modal(texts.part("title_done"), told(outcome).blocks, close=texts.part("close"))


def _small(what: str, ballot_id: int, name: str, field: Block) -> Block:
    texts = load(_TEMPLATE)
    callbacks = {"hand": HAND_CALLBACK, "cancel": CANCEL_CALLBACK}
    return kit.modal(
        texts.part(f"title_{what}"),
        [*rich_text(texts.part(f"{what}_intro")), _field(name, field)],
        submit=texts.part(f"{what}_it"),
        close=texts.part("back"),
        callback_id=callbacks[what],
        private_metadata=str(ballot_id),
    )


def _field(name: str, element: Block, *, is_optional: bool = False, **values: object) -> Block:
    texts = load(_TEMPLATE)
    hint = texts.part(f"{name}_hint", **values) if name in _HINTED else None
    return kit.input_block(
        texts.part(name), element, block_id=name, hint=hint, optional=is_optional
    )


def _needed(blank: Blank) -> list[Block]:
    if not blank.needed:
        return []
    options = [
        kit.option(kit.shorten(title, _LABEL), str(number))
        for number, title in blank.needed.items()
    ]
    menu = kit.static_select(NEEDED, options, placeholder=load(_TEMPLATE).part("nothing"))
    return [_field(NEEDED, menu, is_optional=True)]


def _secrecy(blank: Blank) -> list[Block]:
    """A choice, where the configuration leaves one."""
    texts = load(_TEMPLATE)
    if blank.secret is not SecretVotes.ALLOWED:
        which = "always_secret" if blank.secret is SecretVotes.ALWAYS else "always_open"
        return [kit.context(texts.part(which))]
    options = [kit.option(texts.part(each), each) for each in (_OPENLY, _IN_SECRET)]
    return [_field(SECRECY, kit.radio_buttons(SECRECY, options, initial=_OPENLY))]


def _value(view: Mapping[str, Any], name: str) -> str:
    """What a field holds; empty where the window has no such field."""
    field = view["state"]["values"].get(name, {}).get(name, {})
    option = field.get("selected_option") or {}
    found = (
        field.get("value")
        or field.get("selected_date")
        or field.get("selected_user")
        or option.get("value")
    )
    return found or ""
