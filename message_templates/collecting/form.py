"""The status form: builds it from a value; `form_state` reads it back.

A long answer may take several fields, because Slack's hold 3,000 characters each; `seams` remember
what stood between the pieces of a prefilled text, so that it comes back exactly.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.collecting.answering.form.rules import chosen_health, is_asked
from domain.collecting.values import DIMENSIONS, LONG_FIELDS, MONEY, StatusForm
from message_templates import kit
from message_templates.collecting.form_fields import Fields
from message_templates.collecting.form_lists import Lists
from message_templates.collecting.form_state import (
    MORE_ROOM,
    MOST_FIELDS,
    FormState,
    read_form,
)
from message_templates.collecting.form_values import typed_of
from message_templates.collecting.request import words
from message_templates.kit import Block
from message_templates.kit.limits import MODAL_BLOCKS, MODAL_WORDS
from message_templates.markup import load, plain, rich_text

__all__ = [
    "CALLBACK",
    "MORE_ROOM",
    "MOST_FIELDS",
    "START_OVER",
    "FormState",
    "form_view",
    "opening_state",
    "read_form",
]

CALLBACK: Final = "status_form"
START_OVER: Final = "status_start_over"
"""The action of the button that forgets the draft, and fills the form from the last report."""

_MOST_BYTES: Final = 246_000
"""Of all blocks: Slack takes 250 KB of a view."""
_TEMPLATE: Final = "collecting/form"


def form_view(
    form: StatusForm, state: FormState | None = None, typed: Mapping[str, str] | None = None
) -> Block:
    """Build the modal of a status form.

    Args:
        form: what it asks for, and what it opens with.
        state: that of the open form, when it is rebuilt.
        typed: what stands in the open form: it takes the place of what the form opens with.
    """
    opened = state or opening_state(form)
    return _FormBuilder(form, opened, {**typed_of(form), **(typed or {})}).view()


def opening_state(form: StatusForm, *, is_from_home: bool = False) -> FormState:
    """The state of a form that opens now."""
    return FormState(
        form.request_id,
        phase=form.phase,
        is_from_home=is_from_home,
        basis=form.basis,
        note=form.note,
        draft_at=form.draft.saved_at.isoformat() if form.draft else "",
    )


class _FormBuilder:
    """Builds the blocks of one form."""

    def __init__(self, form: StatusForm, state: FormState, typed: Mapping[str, str]) -> None:
        self._form = form
        self._state = state
        self._typed = typed
        self._texts = load(_TEMPLATE)
        self._fields = Fields(form, state, typed)
        self._corrects = form.last is not None and form.last.opens_on == form.opens_on

    def view(self) -> Block:
        text = self._texts.part
        return kit.modal(
            kit.shorten(plain(text("title", code=self._form.code)), MODAL_WORDS),
            self._blocks(),
            submit=text("submit", corrects=self._corrects),
            close=text("close"),
            callback_id=CALLBACK,
            private_metadata=replace(
                self._state, fields=self._fields.counts, seams=self._fields.seams
            ).dump(),
        )

    def _blocks(self) -> list[Block]:
        """All blocks, as many of the lists among them as there is room for."""
        head, work, rest = self._head(), self._work(), self._rest()
        room = MODAL_BLOCKS - len(head) - len(work) - len(rest)
        # Where even the texts are almost too much for Slack, only what has to be answered is asked.
        for least in (room, min(room, len(self._form.actions) + 1)):
            lists = Lists(self._form, self._fields, least)
            blocks = [*head, *lists.promises(), *lists.actions(), *work, *lists.items(), *rest]
            if len(json.dumps(blocks, ensure_ascii=False).encode()) <= _MOST_BYTES:
                break
        return blocks

    def _head(self) -> list[Block]:
        """What there is to know, and the health."""
        form, fields, text = self._form, self._fields, self._texts.part
        return [
            *self._news(),
            *rich_text(text("intro", form=form, corrects=self._corrects)),
            *self._draft(),
            fields.phase(),
            fields.health(),
            kit.context(text("meaning")),
            *self._claim(),
            *self._called("why"),
            *self._called("path_to_green"),
            *(fields.colour(name) for name in DIMENSIONS),
        ]

    def _work(self) -> list[Block]:
        """What was done and comes next."""
        fields = self._fields
        return [
            *fields.long("done", is_optional=bool(self._form.promises)),
            *fields.long("next"),
            *fields.milestones(),
            fields.line("milestone"),
            fields.day("milestone_baseline"),
            fields.day("milestone_forecast"),
            fields.milestone_state(),
        ]

    def _rest(self) -> list[Block]:
        fields = self._fields
        return [
            *fields.long("risks"),
            *fields.long("decision"),
            fields.line("decision_from"),
            fields.day("decision_by"),
            *(fields.number(name, decimal=True) for name in MONEY if self._form.has_budget),
            fields.number("percent_complete", maximum=100),
            *self._questions(),
            *self._more_room(),
            *rich_text(self._texts.part("readers", form=self._form)),
        ]

    def _news(self) -> list[Block]:
        """Why it opened, or what has happened since."""
        told = self._form.news or tuple(filter(None, [self._form.note or self._state.note]))
        return [
            block
            for each in told
            for block in rich_text(
                self._texts.part("note", note=each, is_news=bool(self._form.news))
            )
        ]

    def _draft(self) -> list[Block]:
        if not self._state.draft_at:
            return []
        saved_at = datetime.fromisoformat(self._state.draft_at)
        button = kit.button(self._texts.part("start_over"), START_OVER)
        return [
            kit.section(
                self._texts.part("draft", saved_at=saved_at), accessory=button, block_id=START_OVER
            )
        ]

    def _claim(self) -> list[Block]:
        """The question why it claims more than the facts, once it has come up."""
        claim, text = self._form.claim, self._texts.part
        if claim is None and not self._typed.get("claim_reason"):
            return []
        told = (
            rich_text(
                text(
                    "claim",
                    claim=claim,
                    claimed=words(claim.claimed),
                    computed=words(claim.computed),
                )
            )
            if claim
            else []
        )
        return [*told, *self._fields.reason("claim_reason")]

    def _called(self, name: str) -> list[Block]:
        """A field that the colour calls for."""
        health = chosen_health(self._typed.get("health", ""))
        if not is_asked(name, health, self._form.required, self._typed.get(name, "")):
            return []
        return self._fields.long(name)

    def _questions(self) -> list[Block]:
        phase = self._typed.get("phase") or self._form.phase
        questions = self._form.questions.get(phase, ())
        if not questions:
            return []
        title = rich_text(self._texts.part("questions", phase=phase))
        return [*title, *map(self._fields.question, questions)]

    def _more_room(self) -> list[Block]:
        options = [
            kit.option(self._texts.part(name), name)
            for name in LONG_FIELDS
            if name in self._fields.shown and self._fields.counts.get(name, 1) < MOST_FIELDS
        ]
        if not options:
            return []
        menu = kit.static_select(
            MORE_ROOM, options, placeholder=self._texts.part("more_room_choose")
        )
        return [kit.section(self._texts.part("more_room"), accessory=menu, block_id=MORE_ROOM)]
