"""The status form: builds it from a value, and reads it back.

A long answer may take several fields, because Slack's hold 3,000 characters each; `seams` remember
what stood between the pieces of a prefilled text, so that it comes back exactly.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count, takewhile
from typing import Any, Final

from domain.collecting.rules import LONGEST_LINE, LONGEST_TEXT, word_for
from domain.collecting.values import DIMENSIONS, LONG_FIELDS, StatusForm
from domain.portfolio.ratings import health_of
from message_templates import kit
from message_templates.collecting.request import words
from message_templates.kit import Block
from message_templates.kit.limits import INPUT_TEXT, MODAL_WORDS, OPTION_TEXT
from message_templates.kit.measure import clusters, utf16_length
from message_templates.markup import load, plain, rich_text
from models.enums import Health

CALLBACK: Final = "status_form"
MORE_ROOM: Final = "status_more_room"
"""The action of the menu that adds a field to a long answer; its value is the answer's name."""

MOST_FIELDS: Final = LONGEST_TEXT // INPUT_TEXT + 1
"""Fields that somebody can add to one long answer: they hold what an answer may have, although
people break it between words. A prefilled text gets what it needs."""

_LONGEST_SEAM: Final = 8
"""Blanks remembered of a gap between two fields: Slack keeps 3,000 characters for all of them."""

_COLOURS: Final = (Health.GREEN, Health.YELLOW, Health.RED)
_TEMPLATE: Final = "collecting/form"


@dataclass(frozen=True)
class FormState:
    """What a form has to remember while it is open, in Slack's private metadata."""

    request_id: int
    fields: Mapping[str, int] = field(default_factory=dict)
    """How many fields a long answer has, where it is more than one."""
    seams: Mapping[str, list[str]] = field(default_factory=dict)
    """What stood between the pieces of a prefilled answer."""
    phase: str = ""
    """The phase that the form opened with: left as it was, it says nothing."""
    is_from_home: bool = False
    """It was opened on the App Home page, which has to be brought up to date afterwards."""

    def dump(self) -> str:
        """As Slack keeps it."""
        value = {
            "request": self.request_id,
            "fields": self.fields,
            "seams": self.seams,
            "phase": self.phase,
            "home": self.is_from_home,
        }
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def load(cls, metadata: str) -> "FormState":
        """As Slack gives it back."""
        value = json.loads(metadata)
        return cls(
            value["request"],
            value["fields"],
            value["seams"],
            value["phase"],
            is_from_home=value.get("home", False),  # a form may be open over an update of the bot
        )

    def with_room(self, name: str) -> "FormState":
        """With one more field for a long answer, as far as there may be more."""
        shown = self.fields.get(name, 1)
        more = max(shown, min(shown + 1, MOST_FIELDS))
        return replace(self, fields={**self.fields, name: more})


def form_view(form: StatusForm, state: FormState | None = None) -> Block:
    """Build the modal of a status form; `state` is that of the open one, when it is rebuilt."""
    return _FormBuilder(form, state or FormState(form.request_id)).view()


def read_form(view: Mapping[str, Any]) -> tuple[FormState, dict[str, str]]:
    """Read a submitted form: its state, and the typed texts by answer."""
    state = FormState.load(view["private_metadata"])
    values = view["state"]["values"]
    raw: dict[str, str] = {}
    for block_id, actions in values.items():
        name, _, number = block_id.partition("~")
        if number or name == MORE_ROOM:
            continue
        following = takewhile(values.__contains__, (f"{name}~{index}" for index in count(2)))
        pieces = [_typed(actions), *(_typed(values[each]) for each in following)]
        raw[name] = _joined(pieces, state.seams.get(name, []))
    if raw.get("phase") == state.phase:
        del raw["phase"]
    return state, raw


def _typed(actions: Mapping[str, Mapping[str, Any]]) -> str:
    """What stands in one input block, whatever kind of element it has."""
    element = next(iter(actions.values()))
    chosen = element.get("selected_option")
    typed = chosen["value"] if chosen else element.get("value") or element.get("selected_date")
    return str(typed or "")


def _joined(pieces: Sequence[str], seams: Sequence[str]) -> str:
    """One text of its pieces; between fields that a person filled one after the other, a line."""
    text = pieces[0]
    for index, piece in enumerate(pieces[1:]):
        if piece.strip():
            seam = seams[index] if index < len(seams) else "\n"
            text = f"{text.rstrip()}{seam}{piece.lstrip()}" if text.strip() else piece
    return text


class _FormBuilder:
    """Builds the blocks of one form."""

    def __init__(self, form: StatusForm, state: FormState) -> None:
        self._form = form
        self._texts = load(_TEMPLATE)
        self._is_from_home = state.is_from_home
        self._fields = dict(state.fields)
        self._seams: dict[str, list[str]] = {}
        self._corrects = form.last is not None and form.last.opens_on == form.opens_on

    def view(self) -> Block:
        form, text = self._form, self._texts.part
        blocks = [
            *rich_text(text("intro", form=form, corrects=self._corrects)),
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
            self._percent(),
            *self._more_room(),
            *rich_text(text("readers", form=form)),
        ]
        return kit.modal(
            kit.shorten(plain(text("title", code=form.code)), MODAL_WORDS),
            blocks,
            submit=text("submit", corrects=self._corrects),
            close=text("close"),
            callback_id=CALLBACK,
            private_metadata=FormState(
                form.request_id, self._fields, self._seams, form.phase, self._is_from_home
            ).dump(),
        )

    def _input(self, name: str, element: Block, *, hint: bool = False) -> Block:
        return kit.input_block(
            self._texts.part(name),
            element,
            block_id=name,
            hint=self._texts.part(f"{name}_hint") if hint else None,
            optional=name not in self._form.required,
        )

    def _phase(self) -> Block:
        options = [kit.option(kit.shorten(name, OPTION_TEXT), name) for name in self._form.phases]
        return self._input("phase", kit.static_select("phase", options, initial=self._form.phase))

    def _health(self) -> Block:
        answers, scale = self._form.prefilled, self._form.scale
        options = [kit.option(_rated(word), word) for word in scale]
        known = self._form.last is not None
        initial = word_for(scale, answers.health, answers.rating) if known else None
        return self._input("health", kit.radio_buttons("health", options, initial=initial))

    def _colour(self, name: str) -> Block:
        options = [kit.option(words(health), health.value) for health in _COLOURS]
        health: Health | None = getattr(self._form.prefilled, name)
        initial = health.value if health in _COLOURS else None
        return self._input(name, kit.static_select(name, options, initial=initial))

    def _long(self, name: str, *, hint: bool) -> list[Block]:
        text: str = getattr(self._form.prefilled, name)
        pieces, seams = _pieces(text)
        wanted = max(len(pieces), self._fields.get(name, 1))
        if wanted > 1:
            self._fields[name] = wanted
        if seams:
            self._seams[name] = seams
        pieces += [""] * (wanted - len(pieces))
        first = kit.plain_text_input(name, multiline=True, initial=pieces[0])
        return [
            self._input(name, first, hint=hint),
            *(
                kit.input_block(
                    self._texts.part("continued", label=plain(self._texts.part(name))),
                    kit.plain_text_input(name, multiline=True, initial=piece),
                    block_id=f"{name}~{number}",
                    optional=True,
                )
                for number, piece in enumerate(pieces[1:], start=2)
            ),
        ]

    def _line(self, name: str) -> Block:
        text: str = getattr(self._form.prefilled, name)
        element = kit.plain_text_input(name, initial=text, max_length=LONGEST_LINE)
        return self._input(name, element)

    def _day(self, name: str) -> Block:
        day = getattr(self._form.prefilled, name)
        return self._input(name, kit.datepicker(name, initial=day))

    def _money(self) -> list[Block]:
        if not self._form.has_budget:
            return []
        return [self._amount("spent"), self._amount("cost_forecast")]

    def _amount(self, name: str) -> Block:
        amount: Decimal | None = getattr(self._form.prefilled, name)
        return self._input(name, kit.number_input(name, decimal=True, initial=amount, minimum=0))

    def _percent(self) -> Block:
        percent = self._form.prefilled.percent_complete
        element = kit.number_input("percent_complete", initial=percent, minimum=0, maximum=100)
        return self._input("percent_complete", element)

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
