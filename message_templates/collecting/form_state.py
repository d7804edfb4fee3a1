"""What a form remembers while it is open, and how it is read back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count, takewhile
from typing import Any, Final

from domain.collecting.rules import LONGEST_TEXT
from domain.collecting.values import Basis
from message_templates.kit.limits import INPUT_TEXT
from message_templates.kit.measure import shorten

MORE_ROOM: Final = "status_more_room"
"""The action of the menu that adds a field to a long answer; its value is the answer's name."""

MOST_FIELDS: Final = LONGEST_TEXT // INPUT_TEXT + 1
"""Fields that somebody can add to one long answer: they hold what an answer may have, although
people break it between words. A prefilled text gets what it needs."""

CLEARED: Final = "-"
"""The choice that takes a choice back: Slack's clients can't clear radio buttons."""

_NOTE: Final = 600
"""Characters of the note that a form keeps while it is open: Slack takes 3,000 for all."""
_EVERY: Final = "*"


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
    basis: Basis = field(default_factory=Basis)
    """What it was opened on."""
    turns: Mapping[str, int] = field(default_factory=dict)
    """How often a field was filled anew while the form was open, by field."""
    note: str = ""
    """Why it opened."""
    draft_at: str = ""
    """When the draft was saved that it opened with; empty if it opened with none."""

    def dump(self) -> str:
        """As Slack keeps it."""
        value = {
            "request": self.request_id,
            "fields": self.fields,
            "seams": self.seams,
            "phase": self.phase,
            "home": self.is_from_home,
            "basis": asdict(self.basis),
            "turns": self.turns,
            "note": shorten(self.note, _NOTE),
            "draft": self.draft_at,
        }
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def load(cls, metadata: str) -> "FormState":
        """As Slack gives it back; a form may be open over an update of the bot."""
        value = json.loads(metadata)
        return cls(
            value["request"],
            value["fields"],
            value["seams"],
            value["phase"],
            is_from_home=value.get("home", False),
            basis=Basis(**value.get("basis", {})),
            turns=value.get("turns", {}),
            note=value.get("note", ""),
            draft_at=value.get("draft", ""),
        )

    def with_room(self, name: str) -> "FormState":
        """With one more field for a long answer, as far as there may be more."""
        shown = self.fields.get(name, 1)
        more = max(shown, min(shown + 1, MOST_FIELDS))
        return replace(self, fields={**self.fields, name: more})

    def filled_anew(self, *names: str) -> "FormState":
        """With fields that show what the form says now, whatever was typed; without names, all."""
        turns = {name: self.turns.get(name, 0) + 1 for name in names or (_EVERY,)}
        return replace(self, turns={**self.turns, **turns})

    def on(self, basis: Basis) -> "FormState":
        """On what the project is now: what has changed is told, and known from here on."""
        state = replace(self, basis=basis, phase=basis.phase)
        # Left as it was, the old phase would move the project back.
        return state.filled_anew("phase") if basis.phase != self.phase else state

    def action_id(self, name: str) -> str:
        """The action of a field: Slack keeps what was typed as long as it stays the same."""
        turn = self.turns.get(name, 0) + self.turns.get(_EVERY, 0)
        return f"{name}.{turn}" if turn else name


def read_form(view: Mapping[str, Any]) -> tuple[FormState, dict[str, str]]:
    """Read a form: its state, and the typed texts by answer."""
    state = FormState.load(view["private_metadata"])
    values = view["state"]["values"]
    raw: dict[str, str] = {}
    for block_id, actions in values.items():
        name, _, number = block_id.partition("~")
        if number or name.startswith("status_"):
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
    return "" if chosen and typed == CLEARED else str(typed or "")


def _joined(pieces: Sequence[str], seams: Sequence[str]) -> str:
    """One text of its pieces; between fields that a person filled one after the other, a line."""
    text = pieces[0]
    for index, piece in enumerate(pieces[1:]):
        if piece.strip():
            seam = seams[index] if index < len(seams) else "\n"
            text = f"{text.rstrip()}{seam}{piece.lstrip()}" if text.strip() else piece
    return text
