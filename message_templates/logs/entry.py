"""The modals of an entry: add, look, change, answer; and reading them back."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from domain.logs.rules import (
    CLOSING,
    FIELDS,
    LONGEST_NAME,
    LONGEST_TITLE,
    REQUIRED,
    label,
)
from domain.logs.values import Access, Change, Clash, Entry, EntryCard, NewEntry, Saved, Shown
from message_templates import kit
from message_templates.kit import Block
from message_templates.kit.limits import INPUT_TEXT, MODAL_WORDS
from message_templates.kit.measure import utf16_length
from message_templates.logs.words import (
    IMPACT,
    LIKELIHOOD,
    MANY,
    ONE,
    due,
    graded,
    owner,
    state_words,
)
from message_templates.markup import Marked, MessageText, load, plain, rich_text
from message_templates.markup.filters import day
from models.enums import LogKind, LogState

CALLBACK: Final = "log_entry"
_TEMPLATE: Final = "logs/entry"
_LONG: Final = ("text", "response", "note")
_SHOWN: Final = 100
"""Characters of an old or a new value in the history."""
_NAME: Final = 200
"""Characters of a project's name: Slack keeps 3,000 of all that a modal remembers."""
_OUTCOMES: Final = ("done", "moved", "open", "cancelled")


@dataclass(frozen=True)
class EntryState:
    """What a modal of an entry has to remember while it is open, in Slack's private metadata."""

    kind: LogKind
    code: str = ""
    name: str = ""
    """The project's: of a new entry."""
    entry_id: int = 0
    """0: it is new."""
    revision: int = 0
    seen: int = 0
    is_answer: bool = False
    """Its owner answers, and does not change it."""
    is_from_home: bool = False
    """It was opened on the App Home page, which has to be brought up to date afterwards."""

    @property
    def place(self) -> NewEntry:
        """The list that a new entry is for."""
        return NewEntry(self.kind, self.code, self.name)

    @property
    def shown(self) -> Shown:
        """The entry as the modal shows it."""
        return Shown(self.entry_id, self.revision, self.seen)

    def dump(self) -> str:
        """As Slack keeps it."""
        return json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def load(cls, metadata: str) -> "EntryState":
        """As Slack gives it back."""
        value = json.loads(metadata)
        return cls(**{**value, "kind": LogKind(value["kind"])})


def new_view(place: NewEntry, *, is_from_home: bool = False) -> Block:
    """Build the modal for a new entry."""
    texts = load(_TEMPLATE)
    name = kit.shorten(place.name, _NAME)
    state = EntryState(place.kind, place.code, name, is_from_home=is_from_home)
    fields = _Fields(place.kind, {}, "")
    where = rich_text(texts.part("where", code=place.code, name=name))
    return _form(
        texts.part("title_new", one=ONE[place.kind]),
        [*where, *fields.inputs(FIELDS[place.kind])],
        state,
    )


def entry_view(
    card: EntryCard, *, news: Sequence[Change] = (), is_from_home: bool = False
) -> Block:
    """Build the modal of an entry, with as much in it as the person may do.

    Args:
        card: the entry; what stands in the fields is its `raw`.
        news: what somebody else has changed while the person had it open.
        is_from_home: whether it was opened on the App Home page.
    """
    texts = load(_TEMPLATE)
    entry = card.entry
    state = EntryState(
        entry.kind,
        entry_id=entry.entry_id,
        revision=entry.revision,
        seen=card.seen,
        is_answer=card.access is Access.ANSWER,
        is_from_home=is_from_home,
    )
    title = texts.part("title_open", ref=entry.ref, code=entry.place)
    blocks = [*_news(entry.kind, news), *_body(card, card.access), *_history(card)]
    if card.access is Access.READ:
        return kit.modal(_words(title), blocks, close=texts.part("done"))
    return _form(title, blocks, state)


def clash_view(clash: Clash, *, is_from_home: bool = False) -> Block:
    """Build the modal of an entry anew, with what was typed and what somebody else did."""
    return entry_view(clash.card, news=clash.news, is_from_home=is_from_home)


def saved_view(saved: Saved) -> Block:
    """Build the confirmation that takes a modal's place."""
    texts = load(_TEMPLATE)
    entry = saved.entry
    is_open = entry.state is LogState.OPEN
    text = texts.part(
        "saved",
        entry=entry,
        many=MANY[entry.kind],
        is_new=saved.is_new,
        changed=[label(entry.kind, name) for name in saved.changed],
        state="" if is_open else state_words(entry.kind, entry.state).lower(),
    )
    return kit.modal(texts.part("title_saved"), rich_text(text), close=texts.part("done"))


def read_entry(view: Mapping[str, Any]) -> tuple[EntryState, dict[str, str]]:
    """Read a submitted modal: its state, and the typed texts by field."""
    state = EntryState.load(view["private_metadata"])
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    return state, {name: _typed(actions) for name, actions in values.items()}


def _typed(actions: Mapping[str, Mapping[str, Any]]) -> str:
    """What stands in one input block, whatever kind of element it has."""
    element = next(iter(actions.values()))
    chosen = element.get("selected_option")
    names = ("value", "selected_date", "selected_user")
    typed = chosen["value"] if chosen else next(filter(None, map(element.get, names)), "")
    return str(typed or "")


def _form(title: Marked, blocks: Sequence[Block], state: EntryState) -> Block:
    texts = load(_TEMPLATE)
    return kit.modal(
        _words(title),
        blocks,
        submit=texts.part("submit"),
        close=texts.part("close"),
        callback_id=CALLBACK,
        private_metadata=state.dump(),
    )


def _words(title: Marked) -> str:
    return kit.shorten(plain(title), MODAL_WORDS)


def _body(card: EntryCard, access: Access) -> list[Block]:
    entry = card.entry
    if access is Access.CHANGE:
        fields = _Fields(entry.kind, _showable(card), f"@{entry.revision}")
        inputs = fields.inputs((*FIELDS[entry.kind], *CLOSING))
        return [*_gone_owner(entry), *inputs, *rich_text(_opened(card))]
    facts = [*rich_text(_facts(card)), *_texts(entry), *rich_text(_opened(card))]
    return facts if access is Access.READ else [*facts, *_answer(card)]


def _showable(card: EntryCard) -> Mapping[str, str]:
    """The fields of an entry without an owner who has left: no menu of people has them."""
    owner = card.entry.owner
    if owner is None or not owner.is_gone or card.raw["owner"] != owner.slack_id:
        return card.raw
    return {**card.raw, "owner": ""}


def _gone_owner(entry: Entry) -> list[Block]:
    if entry.owner is None or not entry.owner.is_gone:
        return []
    return rich_text(load(_TEMPLATE).part("gone_owner", owner=entry.owner.name))


def _facts(card: EntryCard) -> Marked:
    entry = card.entry
    return load(_TEMPLATE).part(
        "facts",
        entry=entry,
        graded=graded(entry),
        owner=owner(entry),
        due=due(entry, card.today),
        state=state_words(entry.kind, entry.state),
    )


def _opened(card: EntryCard) -> Marked:
    entry = card.entry
    return load(_TEMPLATE).part("opened", entry=entry, opened_by=card.opened_by, age=entry.age_days)


def _texts(entry: Entry) -> Iterator[Block]:
    """The long texts, whole."""
    for name in _LONG:
        text: str = getattr(entry, name)
        if text:
            title = _label(load(_TEMPLATE), entry.kind, name)
            yield from rich_text(load(_TEMPLATE).part("part", label=plain(title)))
            yield from kit.user_text(text)


def _answer(card: EntryCard) -> list[Block]:
    """What an owner says about an action."""
    texts = load(_TEMPLATE)
    again = f"@{card.entry.revision}"
    outcomes = [kit.option(texts.part(f"outcome_{name}"), name) for name in _OUTCOMES]
    typed = card.raw if "outcome" in card.raw else {}
    moved_to = typed.get("due_on", "")
    return [
        kit.input_block(
            texts.part("outcome"),
            kit.radio_buttons(f"outcome{again}", outcomes, initial=typed.get("outcome")),
            block_id="outcome",
        ),
        kit.input_block(
            texts.part("moved_to"),
            kit.datepicker(
                f"due_on{again}", initial=date.fromisoformat(moved_to) if moved_to else None
            ),
            block_id="due_on",
            optional=True,
        ),
        kit.input_block(
            texts.part("answer_note"),
            kit.plain_text_input(f"note{again}", multiline=True, initial=typed.get("note")),
            block_id="note",
            optional=True,
        ),
    ]


def _news(kind: LogKind, news: Sequence[Change]) -> list[Block]:
    if not news:
        return []
    return rich_text(load(_TEMPLATE).part("news", news=_changes(kind, news)))


def _history(card: EntryCard) -> list[Block]:
    if not card.history:
        return []
    texts = load(_TEMPLATE)
    lines = _changes(card.entry.kind, card.history)
    left = card.changes - len(card.history)
    return [kit.divider(), *rich_text(texts.part("history", history=lines, left=left))]


def _changes(kind: LogKind, changes: Iterable[Change]) -> list[Marked]:
    texts = load(_TEMPLATE)
    return [
        texts.part(
            "changed",
            change=each,
            label=label(kind, each.field),
            is_text=each.field in ("text", "response"),
            old=kit.shorten(_told(kind, each.field, each.old), _SHOWN),
            new=kit.shorten(_told(kind, each.field, each.new), _SHOWN),
        )
        for each in changes
    ]


def _told(kind: LogKind, field: str, value: str) -> str:
    """A value of the history as people read it."""
    if not value:
        return ""
    if field in ("due_on", "baseline_on"):
        return day(date.fromisoformat(value))
    if field == "state":
        return state_words(kind, LogState(value)).lower()
    if field in ("likelihood", "impact"):
        return f"{value} {_grades(field)[int(value) - 1]}"
    return value


def _grades(field: str) -> tuple[str, ...]:
    return LIKELIHOOD if field == "likelihood" else IMPACT


def _label(texts: MessageText, kind: LogKind, name: str) -> Marked:
    """The label of a field; some kinds have one of their own."""
    own = f"{name}_{kind}"
    return texts.part(own if own in texts.parts else name)


class _Fields:
    """Builds the input blocks of a form.

    A block is called by its field, so that an error finds it; the actions in it are called after
    the revision too, because Slack keeps what was typed in an action of the same name.
    """

    def __init__(self, kind: LogKind, raw: Mapping[str, str], suffix: str) -> None:
        self._kind = kind
        self._raw = raw
        self._suffix = suffix
        self._texts = load(_TEMPLATE)

    def inputs(self, names: Iterable[str]) -> list[Block]:
        """The inputs of some fields, in this order."""
        return [block for name in names for block in self._input(name)]

    def _input(self, name: str) -> list[Block]:
        text = self._raw.get(name, "")
        if name in _LONG and utf16_length(text) > INPUT_TEXT:
            title = plain(_label(self._texts, self._kind, name))
            return [
                *rich_text(self._texts.part("long_text", label=title)),
                *kit.user_text(text),
            ]
        hints = (f"{name}_hint_{self._kind}", f"{name}_hint")
        hint = next((each for each in hints if each in self._texts.parts), None)
        block = kit.input_block(
            _label(self._texts, self._kind, name),
            self._element(name, text),
            block_id=name,
            hint=self._texts.part(hint) if hint else None,
            optional=name not in (*REQUIRED[self._kind], "state"),
        )
        return [block]

    def _element(self, name: str, text: str) -> Block:
        action = f"{name}{self._suffix}"
        if name == "owner":
            return kit.users_select(action, initial=text or None)
        if name in ("due_on", "baseline_on"):
            return kit.datepicker(action, initial=date.fromisoformat(text) if text else None)
        if name in ("likelihood", "impact", "state"):
            return kit.static_select(action, self._options(name), initial=text or None)
        if name in _LONG:
            return kit.plain_text_input(action, multiline=True, initial=text)
        longest = LONGEST_TITLE if name == "title" else LONGEST_NAME
        # Slack counts an emoji as two: what the record took has to fit all the same.
        room = max(longest, utf16_length(text))
        return kit.plain_text_input(action, initial=text, max_length=room)

    def _options(self, name: str) -> list[Block]:
        if name == "state":
            return [kit.option(state_words(self._kind, each), each.value) for each in LogState]
        return [
            kit.option(self._texts.part("grade", number=number, word=word), str(number))
            for number, word in enumerate(_grades(name), start=1)
        ]
