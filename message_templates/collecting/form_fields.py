"""The fields of the status form, one by one: built from what stands, or is to stand, in them."""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.collecting.answering.form.rules import LONGEST_REASON, question_field
from domain.collecting.rules import LONGEST_LINE
from domain.collecting.values import StatusForm
from domain.portfolio.ratings import health_of
from message_templates import kit
from message_templates.collecting.form_state import CLEARED, FormState
from message_templates.collecting.form_values import AHEAD, MET, day_in, number_in
from message_templates.collecting.request import words
from message_templates.health import Grey, health_words
from message_templates.kit import Block, Text
from message_templates.kit.limits import INPUT_TEXT, OPTION_TEXT, RADIO_OPTIONS
from message_templates.kit.measure import clusters, utf16_length
from message_templates.markup import load, plain
from models.enums import Health

MILESTONE: Final = "status_milestone"
"""The action of the menu that fills in a milestone of the project's list, by its entry."""

_MOST_MILESTONES: Final = 50
_LONGEST_SEAM: Final = 8
"""Blanks remembered of a gap between two fields: Slack keeps 3,000 characters for all of them."""

_COLOURS: Final = (Health.GREEN, Health.YELLOW, Health.RED)
_TEMPLATE: Final = "collecting/form"


class Fields:
    """Builds the fields of one form."""

    def __init__(self, form: StatusForm, state: FormState, typed: Mapping[str, str]) -> None:
        self._form = form
        self._state = state
        self._typed = typed
        self._texts = load(_TEMPLATE)
        self.counts = dict(state.fields)
        """How many fields the long answers have."""
        self.seams: dict[str, list[str]] = {}
        self.shown: set[str] = set()

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self._typed.get(name, "")

    def phase(self) -> Block:
        """Which phase the project is in; another one may ask for more."""
        options = [kit.option(kit.shorten(name, OPTION_TEXT), name) for name in self._form.phases]
        return self.select("phase", self._texts.part("phase"), options, dispatch=True)

    def health(self) -> Block:
        """How the project is; the colour decides what else is asked."""
        options = [kit.option(_rated(word), word) for word in self._form.scale]
        if "health" not in self._form.required:
            options.append(kit.option(health_words(Health.GREY, Grey.NOT_RATED), CLEARED))
        action, initial = self._state.action_id("health"), _offered(self.typed("health"), options)
        choice = kit.static_select if len(options) > RADIO_OPTIONS else kit.radio_buttons
        return self._input("health", choice(action, options, initial=initial), dispatch=True)

    def colour(self, name: str) -> Block:
        """How one dimension is, which can be taken back."""
        options = [
            *(kit.option(words(health), health.value) for health in _COLOURS),
            kit.option(self._texts.part("no_colour"), CLEARED),
        ]
        return self.select(name, self._texts.part(name), options)

    def long(self, name: str, *, is_optional: bool = False) -> list[Block]:
        """A long answer, in as many fields as it takes; Slack tells what is typed into them."""
        self.shown.add(name)
        pieces, seams = _pieces(self.typed(name))
        wanted = max(len(pieces), self.counts.get(name, 1))
        if wanted > 1:
            self.counts[name] = wanted
        if seams:
            self.seams[name] = seams
        pieces += [""] * (wanted - len(pieces))
        action = self._state.action_id(name)
        first, *others = (
            kit.plain_text_input(action, multiline=True, initial=piece, tells_typing=True)
            for piece in pieces
        )
        hint = self._texts.part(f"{name}_hint")
        continued = self._texts.part("continued", label=plain(self._texts.part(name)))
        return [
            self._input(name, first, hint=hint, is_optional=is_optional, dispatch=True),
            *(
                kit.input_block(
                    continued, element, block_id=f"{name}~{number}", optional=True, dispatch=True
                )
                for number, element in enumerate(others, start=2)
            ),
        ]

    def reason(self, name: str) -> list[Block]:
        """Why the health is better than the facts."""
        element = kit.plain_text_input(
            self._state.action_id(name),
            multiline=True,
            initial=self.typed(name)[:LONGEST_REASON],
            max_length=LONGEST_REASON,
        )
        return [self._input(name, element, is_optional=True)]

    def line(self, name: str) -> Block:
        """An answer of one line."""
        return self._input(name, self._line(name))

    def question(self, question: str) -> Block:
        """Something that the phase asks in addition."""
        name = question_field(question)
        return kit.input_block(question, self._line(name), block_id=name, optional=True)

    def note(self, name: str, label: Text) -> Block:
        """A line under a label of its own."""
        return kit.input_block(label, self._line(name), block_id=name, optional=True)

    def day(self, name: str, label: Text | None = None) -> Block:
        """A date."""
        element = kit.datepicker(self._state.action_id(name), initial=day_in(self.typed(name)))
        return self._input(name, element, label=label)

    def number(self, name: str, *, decimal: bool = False, maximum: int | None = None) -> Block:
        """A number, not below zero."""
        element = kit.number_input(
            self._state.action_id(name),
            decimal=decimal,
            initial=number_in(self.typed(name)),
            minimum=0,
            maximum=maximum,
        )
        return self._input(name, element)

    def milestones(self) -> list[Block]:
        """A menu of the project's open milestones, which fills in the fields below it."""
        listed = self._form.milestones[:_MOST_MILESTONES]
        if not listed:
            return []
        options = [
            kit.option(kit.shorten(f"{each.ref} {each.title}", OPTION_TEXT), str(each.entry_id))
            for each in listed
        ]
        name = self.typed("milestone").strip().casefold()
        same = next((str(each.entry_id) for each in listed if each.title.casefold() == name), None)
        menu = kit.static_select(
            self._state.action_id(MILESTONE),
            options,
            initial=same,
            placeholder=self._texts.part("milestone_choose"),
        )
        return [kit.section(self._texts.part("milestones"), accessory=menu, block_id=MILESTONE)]

    def milestone_state(self) -> Block:
        """Whether the milestone is behind them."""
        options = [kit.option(self._texts.part(each), each) for each in (AHEAD, MET)]
        return self.select("milestone_met", self._texts.part("milestone_met"), options)

    def select(
        self,
        name: str,
        label: Text,
        options: list[Block],
        *,
        dispatch: bool = False,
        is_optional: bool | None = None,
    ) -> Block:
        """A choice of several."""
        element = kit.static_select(
            self._state.action_id(name), options, initial=_offered(self.typed(name), options)
        )
        optional = name not in self._form.required if is_optional is None else is_optional
        return kit.input_block(label, element, block_id=name, optional=optional, dispatch=dispatch)

    def _line(self, name: str) -> Block:
        text = self.typed(name)
        room = LONGEST_LINE if utf16_length(text) <= LONGEST_LINE else INPUT_TEXT
        return kit.plain_text_input(
            self._state.action_id(name), initial=text[:INPUT_TEXT], max_length=room
        )

    def _input(
        self,
        name: str,
        element: Block,
        *,
        label: Text | None = None,
        hint: Text | None = None,
        is_optional: bool = False,
        dispatch: bool = False,
    ) -> Block:
        return kit.input_block(
            self._texts.part(name) if label is None else label,
            element,
            block_id=name,
            hint=hint,
            optional=is_optional or name not in self._form.required,
            dispatch=dispatch,
        )


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
