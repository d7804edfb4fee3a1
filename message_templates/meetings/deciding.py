"""The windows of a meeting that runs: decision, action, parking, choosing; and reading them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.logs.rules import LONGEST_TEXT, LONGEST_TITLE
from domain.meetings.sitting.deciding.rules import (
    CONDITIONS,
    DISSENT,
    EFFECTIVE,
    INTERESTS,
    LONGEST_QUESTION,
    METHOD,
    OPTIONS,
    OUTCOME,
    QUESTION,
    REASON,
    VOTES,
)
from domain.meetings.sitting.messages import ItemTold
from domain.meetings.sitting.reading.rules import DUE, OWNER, PROJECT, TEXT, TITLE
from domain.meetings.sitting.reading.values import Typed
from domain.meetings.sitting.values import Acting, Deciding
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import load, rich_text
from models.enums import Method, Outcome

DECIDE_CALLBACK: Final = "meeting_decide_window"
ACTION_CALLBACK: Final = "meeting_action_window"
PARK_CALLBACK: Final = "meeting_park_window"
CHOOSE_CALLBACK: Final = "meeting_choose_window"
PULL_CALLBACK: Final = "meeting_pull_window"

HOW, ITEM = "how", "item"
"""Fields of their own of the windows that park, and that choose an item."""
AS_ACTION, CARRY = "action", "carry"

_TEMPLATE: Final = "meetings/deciding"
_NAME: Final = 75
_CODE: Final = 30
_CHOICES: Final = 100
"""Options of one of Slack's menus."""


@dataclass(frozen=True)
class WindowState:
    """What a window remembers while it is open, in Slack's private metadata."""

    meeting_id: int
    revision: int = 0
    item_id: int | None = None
    known: int = 0
    """Decisions that there were about the item."""
    run_view: str = ""
    """Slack's id of the window below, in which the meeting is run."""

    @classmethod
    def load(cls, metadata: str) -> "WindowState":
        """As Slack gives it back."""
        return cls(**json.loads(metadata))


@dataclass(frozen=True)
class ActionFields:
    """An action as it was typed; its owner by their Slack id."""

    title: str
    owner: str
    due_on: str
    text: str = ""
    project: str = ""


def decide_view(window: Deciding, run_view: str = "") -> Block:
    """Build the window of a decision."""
    texts = load(_TEMPLATE)
    blocks = _about(window.meeting, "")
    if window.warning:
        blocks += rich_text(texts.part("warning", warning=window.warning))
    if window.last:
        blocks += rich_text(texts.part("known", last=window.last))
    outcomes = [kit.option(texts.part(each), each) for each in Outcome]
    methods = [
        kit.option(texts.part(each), each) for each in (Method.CONSENSUS, Method.VOTE, Method.CHAIR)
    ]
    blocks += [
        _line(QUESTION, LONGEST_QUESTION, window.question, is_needed=True),
        _input(OUTCOME, kit.static_select(OUTCOME, outcomes, initial=Outcome.APPROVED)),
        _input(METHOD, kit.static_select(METHOD, methods, initial=Method.CONSENSUS)),
        _lines(VOTES),
        _lines(OPTIONS),
        _line(PROJECT, _CODE, window.project),
        _lines(REASON),
        _lines(CONDITIONS),
        _lines(DISSENT),
        _lines(INTERESTS),
        kit.input_block(
            texts.part(EFFECTIVE), kit.datepicker(EFFECTIVE), block_id=EFFECTIVE, optional=True
        ),
    ]
    state = WindowState(
        window.meeting_id, item_id=window.item_id, known=window.known, run_view=run_view
    )
    return _form("title_decide", "record", blocks, state, DECIDE_CALLBACK)


def action_view(window: Acting, run_view: str = "") -> Block:
    """Build the window of an action."""
    blocks = [
        *_about(window.meeting, window.item),
        _line(TITLE, LONGEST_TITLE, label="action_title", is_needed=True),
        *_owner_and_day(is_needed=True),
        _line(PROJECT, _CODE, window.project),
        _lines(TEXT),
    ]
    state = WindowState(window.meeting_id, run_view=run_view)
    return _form("title_action", "record", blocks, state, ACTION_CALLBACK)


def park_view(window: Acting, run_view: str = "") -> Block:
    """Build the window of what becomes of an item that is left unsettled."""
    texts = load(_TEMPLATE)
    options = [
        kit.option(texts.part("how_action"), AS_ACTION),
        kit.option(texts.part("how_carry"), CARRY),
    ]
    how = kit.radio_buttons(HOW, options, initial=AS_ACTION)
    blocks = [
        *_about(window.meeting, window.item),
        _input(HOW, how),
        _line(TITLE, LONGEST_TITLE, label="park_note", is_needed=True),
        *_owner_and_day(is_needed=False),
        _line(PROJECT, _CODE, window.project),
    ]
    state = WindowState(window.meeting_id, window.revision, run_view=run_view)
    return _form("title_park", "park", blocks, state, PARK_CALLBACK)


def choose_view(
    meeting_id: int, revision: int, items: Sequence[ItemTold], run_view: str = ""
) -> Block:
    """Build the window in which any item is called up."""
    state = WindowState(meeting_id, revision, run_view=run_view)
    return _menu("title_choose", "choose", items, state, CHOOSE_CALLBACK)


def pull_view(meeting_id: int, items: Sequence[ItemTold], run_view: str = "") -> Block:
    """Build the window in which an item is pulled out of the consent block."""
    state = WindowState(meeting_id, run_view=run_view)
    return _menu("title_pull", "pull", items, state, PULL_CALLBACK)


def read_decide(view: Mapping[str, Any]) -> tuple[Deciding, Typed, str]:
    """Read the window of a decision; with the window below it."""
    state = WindowState.load(view["private_metadata"])
    fields = (
        *(QUESTION, OUTCOME, METHOD, OPTIONS, VOTES, REASON),
        *(DISSENT, INTERESTS, CONDITIONS, EFFECTIVE, PROJECT),
    )
    typed = Typed(**{name: _typed(view, name) for name in fields})
    window = Deciding(state.meeting_id, "", state.item_id, "", "", state.known)
    return window, typed, state.run_view


def read_action_fields(view: Mapping[str, Any]) -> tuple[WindowState, ActionFields, bool]:
    """Read the window of an action or of what is parked; and whether it is to be an action."""
    fields = {name: _typed(view, name) for name in (TITLE, OWNER, TEXT, PROJECT)}
    due = _typed(view, DUE)
    state = WindowState.load(view["private_metadata"])
    return state, ActionFields(due_on=due, **fields), _typed(view, HOW) != CARRY


def read_choice(view: Mapping[str, Any]) -> tuple[WindowState, int]:
    """Read a window in which an item was chosen."""
    return WindowState.load(view["private_metadata"]), int(_typed(view, ITEM))


def _typed(view: Mapping[str, Any], name: str) -> str:
    """What a field holds; nothing, if the window has none of that name."""
    field = view["state"]["values"].get(name, {}).get(name, {})
    chosen = field.get("selected_option") or {}
    found = (
        field.get("value"),
        field.get("selected_date"),
        field.get("selected_user"),
        chosen.get("value"),
    )
    return next((str(each) for each in found if each), "")


def _menu(
    title: str, submit: str, items: Sequence[ItemTold], state: WindowState, callback: str
) -> Block:
    texts = load(_TEMPLATE)
    if not items:
        return kit.modal(
            texts.part(title), rich_text(texts.part("nothing")), close=texts.part("close")
        )
    options = [
        kit.option(kit.shorten(f"{each.number}. {each.title}", _NAME), str(each.item_id))
        for each in items[:_CHOICES]
    ]
    blocks = [_input(ITEM, kit.static_select(ITEM, options, initial=str(items[0].item_id)))]
    if left := len(items) - len(options):
        blocks.append(kit.context(texts.part("more_items", count=left)))
    return _form(title, submit, blocks, state, callback)


def _about(meeting: str, item: str) -> list[Block]:
    title, shown = kit.shorten(meeting, _NAME), kit.shorten(item, LONGEST_TITLE)
    return rich_text(load(_TEMPLATE).part("meeting", title=title, item=shown))


def _owner_and_day(*, is_needed: bool) -> list[Block]:
    texts = load(_TEMPLATE)
    hint = None if is_needed else texts.part("park_owner_hint")
    owner, day = kit.users_select(OWNER), kit.datepicker(DUE)
    return [
        kit.input_block(
            texts.part("owner"), owner, block_id=OWNER, hint=hint, optional=not is_needed
        ),
        kit.input_block(texts.part("due_on"), day, block_id=DUE, optional=not is_needed),
    ]


def _line(
    name: str, longest: int, initial: str = "", *, label: str = "", is_needed: bool = False
) -> Block:
    field = kit.plain_text_input(name, initial=kit.shorten(initial, longest), max_length=longest)
    return _input(name, field, label=label, is_needed=is_needed)


def _lines(name: str) -> Block:
    field = kit.plain_text_input(name, multiline=True, max_length=LONGEST_TEXT)
    return _input(name, field, is_needed=False)


def _input(name: str, element: Block, *, label: str = "", is_needed: bool = True) -> Block:
    texts = load(_TEMPLATE)
    hint = texts.part(f"{name}_hint") if f"{name}_hint" in texts.parts else None
    return kit.input_block(
        texts.part(label or name), element, block_id=name, hint=hint, optional=not is_needed
    )


def _form(
    title: str, submit: str, blocks: Sequence[Block], state: WindowState, callback: str
) -> Block:
    texts = load(_TEMPLATE)
    return kit.modal(
        texts.part(title),
        blocks,
        submit=texts.part(submit),
        close=texts.part("back"),
        callback_id=callback,
        private_metadata=json.dumps(asdict(state), separators=(",", ":")),
    )
