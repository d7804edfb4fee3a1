"""The windows in which something is done with an action, and reading them back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from domain.logs.rules import LONGEST_TEXT
from domain.meetings.actions.rules import DAY, NOTE, PERSON
from domain.meetings.actions.values import ActionShown, ActionWant
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import load, rich_text
from message_templates.meetings.action import action_line, due

CALLBACK: Final = "council_action"

_TEMPLATE: Final = "meetings/action"


def action_view(shown: ActionShown) -> Block:
    """Build the window that does one thing with an action; without fields if it is over."""
    texts = load(_TEMPLATE)
    blocks = [*rich_text(action_line(shown.line, is_with_owner=True)), *_last(shown)]
    if not shown.is_open:
        return kit.modal(
            texts.part("title_over"),
            [*rich_text(texts.part("over")), *blocks],
            close=texts.part("close"),
        )
    state = {"id": shown.line.entry_id, "revision": shown.revision, "what": shown.what}
    return kit.modal(
        texts.part(f"title_{shown.what}"),
        [*blocks, *_fields(shown)],
        submit=texts.part("save"),
        close=texts.part("back"),
        callback_id=CALLBACK,
        private_metadata=json.dumps(state, separators=(",", ":")),
    )


def acted_view(shown: ActionShown) -> Block:
    """Build what takes the window's place: saved, or what somebody else did meanwhile."""
    texts = load(_TEMPLATE)
    part = "saved" if shown.saved else "not_saved"
    title = texts.part("title_saved" if shown.saved else "title_over")
    line = rich_text(action_line(shown.line, is_with_owner=True))
    last = [] if shown.saved else _last(shown)
    return kit.modal(title, [*rich_text(texts.part(part)), *line, *last], close=texts.part("close"))


def read_want(view: Mapping[str, Any]) -> ActionWant:
    """Read a submitted window."""
    state = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    day = _typed(values, DAY, "selected_date")
    return ActionWant(
        entry_id=state["id"],
        revision=state["revision"],
        what=state["what"],
        note=_typed(values, NOTE, "value"),
        due_on=date.fromisoformat(day) if day else None,
        person=_typed(values, PERSON, "selected_user"),
    )


def _typed(values: Mapping[str, Any], name: str, key: str) -> str:
    return values.get(name, {}).get(name, {}).get(key) or ""


def _last(shown: ActionShown) -> list[Block]:
    return [kit.context(load(_TEMPLATE).part("last", last=shown.last))] if shown.last else []


def _fields(shown: ActionShown) -> list[Block]:
    texts = load(_TEMPLATE)
    blocks = []
    if shown.what == "move":
        hint = texts.part("day_hint", due=due(shown.line))
        field = kit.datepicker(DAY, initial=shown.line.due_on)
        blocks.append(kit.input_block(texts.part("day"), field, block_id=DAY, hint=hint))
    if shown.what == "hand":
        field = kit.users_select(PERSON)
        blocks.append(kit.input_block(texts.part("person"), field, block_id=PERSON))
    note = kit.plain_text_input(NOTE, multiline=True, max_length=LONGEST_TEXT)
    label = texts.part(f"note_{shown.what}")
    is_optional = shown.what in ("done", "hand")
    return [*blocks, kit.input_block(label, note, block_id=NOTE, optional=is_optional)]
