"""The status form: builds it from a value; `form_state` reads it back.

A long answer may take several fields, because Slack's hold 3,000 characters each; `seams` remember
what stood between the pieces of a prefilled text, so that it comes back exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.collecting.rules import LONGEST_LINE
from domain.collecting.values import DIMENSIONS, LONG_FIELDS, MONEY, StatusForm
from domain.portfolio.ratings import health_of
from message_templates import kit
from message_templates.collecting.form_state import (
    MORE_ROOM,
    MOST_FIELDS,
    FormState,
    read_form,
)
from message_templates.collecting.form_values import day_in, number_in, typed_of
from message_templates.collecting.request import words
from message_templates.kit import Block
from message_templates.kit.limits import INPUT_TEXT, MODAL_WORDS, OPTION_TEXT
from message_templates.kit.measure import clusters, utf16_length
from message_templates.markup import load, plain, rich_text
from models.enums import Health

__all__ = ["CALLBACK", "MORE_ROOM", "MOST_FIELDS", "FormState", "form_view", "read_form"]

CALLBACK: Final = "status_form"
START_OVER: Final = "status_start_over"
"""The action of the button that forgets the draft, and fills the form from the last report."""

_LONGEST_SEAM: Final = 8
"""Blanks remembered of a gap between two fields: Slack keeps 3,000 characters for all of them."""

_COLOURS: Final = (Health.GREEN, Health.YELLOW, Health.RED)
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
        version=form.version,
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
        self._fields = dict(state.fields)
        self._seams: dict[str, list[str]] = {}
        self._corrects = form.last is not None and form.last.opens_on == form.opens_on

    def view(self) -> Block:
        form, text = self._form, self._texts.part
        blocks = [
            *self._note(),
            *rich_text(text("intro", form=form, corrects=self._corrects)),
            *self._draft(),
            self._phase(),
            self._health(),
            kit.context(text("meaning")),
            *self._long("why", hint=True),
            *(self._colour(name) for name in DIMENSIONS),
            *self._long("done", hint=True),
            *self._long("next", hint=True),
            self._line("milestone"),
            self._day("milestone_baseline"),
            self._day("milestone_forecast"),
            *self._long("risks", hint=True),
            *self._long("path_to_green", hint=True),
            *self._long("decision", hint=True),
            self._line("decision_from"),
            self._day("decision_by"),
            *self._money(),
            self._number("percent_complete", maximum=100),
            *self._more_room(),
            *rich_text(text("readers", form=form)),
        ]
        return kit.modal(
            kit.shorten(plain(text("title", code=form.code)), MODAL_WORDS),
            blocks,
            submit=text("submit", corrects=self._corrects),
            close=text("close"),
            callback_id=CALLBACK,
            private_metadata=replace(
                self._state, fields=self._fields, seams=self._seams, phase=form.phase
            ).dump(),
        )

    def _note(self) -> list[Block]:
        note = self._form.note or self._state.note
        return rich_text(self._texts.part("note", note=note)) if note else []

    def _draft(self) -> list[Block]:
        if not self._state.draft_at:
            return []
        saved_at = datetime.fromisoformat(self._state.draft_at)
        return [
            *rich_text(self._texts.part("draft", saved_at=saved_at)),
            kit.actions(kit.button(self._texts.part("start_over"), START_OVER)),
        ]

    def _input(self, name: str, element: Block, *, hint: bool = False) -> Block:
        return kit.input_block(
            self._texts.part(name),
            element,
            block_id=name,
            hint=self._texts.part(f"{name}_hint") if hint else None,
            optional=name not in self._form.required,
        )

    def _select(self, name: str, options: list[Block]) -> Block:
        initial = _offered(self._typed.get(name, ""), options)
        return kit.static_select(self._state.action_id(name), options, initial=initial)

    def _phase(self) -> Block:
        options = [kit.option(kit.shorten(name, OPTION_TEXT), name) for name in self._form.phases]
        return self._input("phase", self._select("phase", options))

    def _health(self) -> Block:
        options = [kit.option(_rated(word), word) for word in self._form.scale]
        initial = _offered(self._typed.get("health", ""), options)
        element = kit.radio_buttons(self._state.action_id("health"), options, initial=initial)
        return self._input("health", element)

    def _colour(self, name: str) -> Block:
        options = [kit.option(words(health), health.value) for health in _COLOURS]
        return self._input(name, self._select(name, options))

    def _long(self, name: str, *, hint: bool) -> list[Block]:
        pieces, seams = _pieces(self._typed.get(name, ""))
        wanted = max(len(pieces), self._fields.get(name, 1))
        if wanted > 1:
            self._fields[name] = wanted
        if seams:
            self._seams[name] = seams
        pieces += [""] * (wanted - len(pieces))
        action = self._state.action_id(name)
        first = kit.plain_text_input(action, multiline=True, initial=pieces[0])
        return [
            self._input(name, first, hint=hint),
            *(
                kit.input_block(
                    self._texts.part("continued", label=plain(self._texts.part(name))),
                    kit.plain_text_input(action, multiline=True, initial=piece),
                    block_id=f"{name}~{number}",
                    optional=True,
                )
                for number, piece in enumerate(pieces[1:], start=2)
            ),
        ]

    def _line(self, name: str) -> Block:
        text = self._typed.get(name, "")
        room = LONGEST_LINE if utf16_length(text) <= LONGEST_LINE else INPUT_TEXT
        element = kit.plain_text_input(
            self._state.action_id(name), initial=text[:INPUT_TEXT], max_length=room
        )
        return self._input(name, element)

    def _day(self, name: str) -> Block:
        day = day_in(self._typed.get(name, ""))
        return self._input(name, kit.datepicker(self._state.action_id(name), initial=day))

    def _money(self) -> list[Block]:
        if not self._form.has_budget:
            return []
        return [self._number(name, decimal=True) for name in MONEY]

    def _number(self, name: str, *, decimal: bool = False, maximum: int | None = None) -> Block:
        element = kit.number_input(
            self._state.action_id(name),
            decimal=decimal,
            initial=number_in(self._typed.get(name, "")),
            minimum=0,
            maximum=maximum,
        )
        return self._input(name, element)

    def _more_room(self) -> list[Block]:
        options = [
            kit.option(self._texts.part(name), name)
            for name in LONG_FIELDS
            if self._fields.get(name, 1) < MOST_FIELDS
        ]
        if not options:
            return []
        menu = kit.static_select(
            MORE_ROOM, options, placeholder=self._texts.part("more_room_choose")
        )
        return [kit.section(self._texts.part("more_room"), accessory=menu, block_id=MORE_ROOM)]


def _offered(value: str, options: Sequence[Block]) -> str | None:
    """A value that a choice opens with, if it is offered (any more)."""
    return next((each["value"] for each in options if each["value"] == value), None)


def _rated(word: str) -> str:
    """A word of the scale with the symbol of its colour."""
    symbol = kit.HEALTH_SYMBOLS[health_of(word)[0]]
    return kit.shorten(f"{symbol} {word}", OPTION_TEXT)


def _pieces(text: str) -> tuple[list[str], list[str]]:
    """A text in pieces that fit a field, and what stood between them."""
    pieces: list[str] = []
    seams: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > INPUT_TEXT:
        piece = rest[: _end_of_field(rest)].rstrip()
        following = rest[len(piece) :].lstrip()
        gap = rest[len(piece) : len(rest) - len(following)]
        pieces.append(piece)
        seams.append(gap[:_LONGEST_SEAM])
        rest = following
    return [*pieces, rest], seams


def _end_of_field(text: str) -> int:
    """Where a full field ends: between lines or words, if it is nearly full there.

    A field that is half empty would cost a further one, and a form holds 100 blocks.
    """
    end = room = 0
    for cluster in clusters(text):
        room += utf16_length(cluster)
        if room > INPUT_TEXT:
            break
        end += len(cluster)
    nearly = end * 9 // 10
    breaks = (text.rfind(sign, nearly, end) for sign in "\n ")
    return next((found for found in breaks if found > 0), end or INPUT_TEXT // 2)
