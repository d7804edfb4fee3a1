"""The lists in the status form: promises, open actions, risks and issues, as far as they fit."""

from typing import Final

from domain.collecting.answering.form.rules import (
    MOST_PROMISES,
    OUTCOMES,
    action_due_field,
    action_field,
    action_note_field,
    promise_field,
)
from domain.collecting.values import StatusForm
from domain.logs.values import Entry
from message_templates import kit
from message_templates.collecting.form_fields import Fields
from message_templates.collecting.form_state import CLEARED
from message_templates.kit import Block
from message_templates.logs.buttons import add_button, open_button
from message_templates.markup import Marked, load, rich_text
from models.enums import LogKind

MOST_ITEMS: Final = 8
"""Risks and issues that the form shows; the others are counted."""

_LABEL: Final = 150
"""The most characters of a promise or an action's title; the lists have them whole."""
_PERSON: Final = 60
_TITLE: Final = 100
_FRAME: Final = 2
"""Blocks around the list of risks and issues: its title, and the buttons that add."""
_ITEM_KINDS: Final = (LogKind.RISK, LogKind.ISSUE)
_TEMPLATE: Final = "collecting/form"


class Lists:
    """Builds the lists of one form, within the blocks that are left."""

    def __init__(self, form: StatusForm, fields: Fields, room: int) -> None:
        self._form = form
        self._fields = fields
        self._texts = load(_TEMPLATE)
        # What is due goes before what was promised: the one must be answered.
        self._actions = form.actions[: max(room - 1, 0)]
        room -= len(self._actions) + 1
        self._promises = form.promises[: max(min(room - 1, MOST_PROMISES), 0)]
        self._room = room - (len(self._promises) + 1 if self._promises else 0)

    def promises(self) -> list[Block]:
        """What was promised last time, line by line."""
        if not self._promises:
            return []
        options = [
            *(kit.option(self._texts.part(f"promise_{each}"), each) for each in OUTCOMES),
            kit.option(self._texts.part("no_word"), CLEARED),
        ]
        return [
            *rich_text(self._texts.part("promised")),
            *(
                self._fields.select(
                    promise_field(number),
                    kit.shorten(each.text, _LABEL),
                    options,
                    dispatch=True,
                    is_optional=True,
                )
                for number, each in enumerate(self._promises)
            ),
        ]

    def actions(self) -> list[Block]:
        """The project's open actions, each with what became of it."""
        if not self._actions:
            return []
        blocks = rich_text(self._texts.part("actions", is_any_due=bool(self._form.must_answer)))
        for entry in self._actions:
            blocks.append(self._action(entry))
            more = self._more_about(entry)
            if len(more) <= self._room:
                blocks += more
                self._room -= len(more)
        return blocks

    def _action(self, entry: Entry) -> Block:
        must = entry.entry_id in self._form.must_answer
        outcomes = ("open", "done", "moved", "cancelled")
        options = [kit.option(self._texts.part(f"action_{each}"), each) for each in outcomes]
        if not must:
            options.append(kit.option(self._texts.part("no_word"), CLEARED))
        return self._fields.select(
            action_field(entry),
            self._told("action", entry, _LABEL),
            options,
            dispatch=True,
            is_optional=not must,
        )

    def _more_about(self, entry: Entry) -> list[Block]:
        """What a choice calls for: to when it moved, why it falls away."""
        outcome = self._fields.typed(action_field(entry))
        if outcome == "moved":
            label = self._texts.part("action_due", ref=entry.ref)
            return [self._fields.day(action_due_field(entry), label)]
        if outcome == "cancelled":
            label = self._texts.part("action_note", ref=entry.ref)
            return [self._fields.note(action_note_field(entry), label)]
        return []

    def items(self) -> list[Block]:
        """Open risks and issues, with buttons to open one, or to add another."""
        if self._room < _FRAME:
            return []
        shown = self._form.risks[: min(self._room - _FRAME, MOST_ITEMS)]
        told = self._texts.part(
            "items",
            count=len(self._form.risks),
            more=len(self._form.risks) - len(shown),
            code=self._form.code,
        )
        return [
            kit.section(told),
            *(
                kit.section(self._told("item", each, _TITLE), accessory=open_button(each.entry_id))
                for each in shown
            ),
            kit.actions(*(add_button(kind, self._form.code) for kind in _ITEM_KINDS)),
        ]

    def _told(self, part: str, entry: Entry, longest: int) -> Marked:
        """An entry in a line."""
        owner = entry.owner.name if entry.owner else entry.owner_name
        return self._texts.part(
            part,
            ref=entry.ref,
            title=kit.shorten(entry.title, longest),
            owner=kit.shorten(owner, _PERSON) if owner else "",
            due_on=entry.due_on,
            is_overdue=entry.is_overdue(self._form.today),
            score=entry.score,
        )
