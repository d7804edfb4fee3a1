"""The windows in which minutes are written, objected to and corrected; and reading them back."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from domain.meetings.minutes.rules import TEXT
from domain.meetings.minutes.values import (
    ITEMS_PER_PAGE,
    LONGEST_TITLE,
    Editing,
    MinutedItem,
    MinutesRead,
    ObjectionRead,
    Wording,
)
from message_templates import kit
from message_templates.documents.minutes_words import item_words, outcome_words, state_words
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import INPUT_TEXT
from message_templates.markup import Marked, load, plain, rich_text

CALLBACK: Final = "minutes_window"
"""The window with what the chair may write."""

ADD_CALLBACK: Final = "minutes_add_window"
OBJECT_CALLBACK: Final = "minutes_object_window"
ANSWER_CALLBACK: Final = "minutes_answer_window"

PAGE: Final = "minutes_page"
"""The action of the menu that shows other items; its value is the page."""

_TEMPLATE: Final = "meetings/minutes_window"
_SUMMARY: Final = "summary"
_ROOM: Final = 2_500
"""Characters with which a field opens; the rest of its 3,000 are for what is added."""

_FULL: Final = 2_000
"""From so many on another, empty field follows: there may be more to say than fits."""

_QUESTION: Final = 300


@dataclass(frozen=True)
class WindowState:
    """What a window remembers while it is open, in Slack's private metadata."""

    number: int
    """The meeting, or the objection that is answered."""
    version: int = 0
    """Of the minutes that were shown."""
    seams: Mapping[str, str] = field(default_factory=dict)
    """What stood between the fields of a long text: a line break, a blank, or nothing (`|`)."""

    @classmethod
    def load(cls, metadata: str) -> "WindowState":
        """As Slack gives it back."""
        return cls(**json.loads(metadata))

    @property
    def metadata(self) -> str:
        """As Slack keeps it."""
        return json.dumps(asdict(self), separators=(",", ":"))


def editing_view(editing: Editing) -> Block:
    """Build one page of the window."""
    texts, read = load(_TEMPLATE), editing.read
    seams: dict[str, str] = {}
    blocks = _intro(editing)
    if editing.pages > 1:
        blocks.append(_pager(editing))
    if editing.page == 0:
        hint = texts.part("summary_hint")
        blocks += _long(_SUMMARY, texts.part(_SUMMARY), read.minutes.summary, seams, hint=hint)
    start = editing.page * ITEMS_PER_PAGE + 1
    for number, item in enumerate(editing.items, start=start):
        blocks += _item(number, item, seams)
    state = WindowState(read.meeting_id, read.standing.version, seams)
    return _window(texts.part("title"), blocks, CALLBACK, state, submit=texts.part("save"))


def read_editing(view: Mapping[str, Any]) -> tuple[WindowState, Wording]:
    """Read what stands in the window."""
    state = WindowState.load(view["private_metadata"])
    typed = _typed(view, state)
    numbered = [(*name.split(":"), text) for name, text in typed.items() if ":" in name]
    of = {
        kind: tuple((int(number), text) for name, number, text in numbered if name == kind)
        for kind in ("title", "note")
    }
    return state, Wording(typed.get(_SUMMARY), titles=of["title"], notes=of["note"])


def chosen_page(body: Mapping[str, Any]) -> int:
    """The page that was chosen in the menu."""
    return int(body["actions"][0]["selected_option"]["value"])


def addendum_view(read: MinutesRead) -> Block:
    """Build the window of a correction."""
    texts = load(_TEMPLATE)
    blocks = rich_text(_about(read)) + _one_text("add")
    state = WindowState(read.meeting_id, read.standing.version)
    return _window(texts.part("title_add"), blocks, ADD_CALLBACK, state, submit=texts.part("save"))


def objecting_view(read: MinutesRead) -> Block:
    """Build the window of an objection."""
    texts = load(_TEMPLATE)
    blocks = rich_text(_about(read)) + _one_text("object")
    state = WindowState(read.meeting_id, read.standing.version)
    title = texts.part("title_object")
    return _window(title, blocks, OBJECT_CALLBACK, state, submit=texts.part("send"))


def answering_view(told: ObjectionRead) -> Block:
    """Build the window of an answer."""
    texts = load(_TEMPLATE)
    blocks = [
        *rich_text(texts.part("raised", told=told)),
        *kit.user_text(told.text),
        *_one_text("answer"),
    ]
    state = WindowState(told.objection_id, told.version)
    title = texts.part("title_answer")
    return _window(title, blocks, ANSWER_CALLBACK, state, submit=texts.part("send"))


def read_text(view: Mapping[str, Any]) -> tuple[WindowState, str]:
    """Read a submitted window with one text."""
    state = WindowState.load(view["private_metadata"])
    return state, _typed(view, state)[TEXT]


def done_view(name: str, **values: object) -> Block:
    """Build what takes the window's place: `saved`, `added`, `objected` or `answered`."""
    texts = load(_TEMPLATE)
    text = rich_text(texts.part(name, **values))
    return kit.modal(texts.part("title_saved"), text, close=texts.part("close"))


def done_notice(name: str, **values: object) -> Rendered:
    """The same as a message, for a button without a window: `posted`, `redrafted` or `sent`."""
    text = load(_TEMPLATE).part(name, **values)
    return Rendered.of(text, rich_text(text))


def _intro(editing: Editing) -> list[Block]:
    texts, standing = load(_TEMPLATE), editing.read.standing
    lines = [_about(editing.read)]
    if editing.is_saved:
        lines.append(texts.part("is_saved", version=standing.version))
    if standing.is_posted:
        lines.append(texts.part("is_posted"))
    return [*rich_text(Marked.lines(lines)), kit.context(texts.part("what_stays"))]


def _about(read: MinutesRead) -> Marked:
    state = state_words(read.minutes, read.standing)
    return load(_TEMPLATE).part("intro", minutes=read.minutes, state=state)


def _pager(editing: Editing) -> Block:
    texts, count = load(_TEMPLATE), len(editing.read.minutes.items)
    options = [
        kit.option(
            texts.part(
                "page_option",
                first=page * ITEMS_PER_PAGE + 1,
                last=min((page + 1) * ITEMS_PER_PAGE, count),
                count=count,
            ),
            str(page),
        )
        for page in range(editing.pages)
    ]
    menu = kit.static_select(PAGE, options, initial=str(editing.page))
    return kit.section(texts.part("page_hint"), accessory=menu, block_id=PAGE)


def _item(number: int, item: MinutedItem, seams: dict[str, str]) -> Iterator[Block]:
    texts = load(_TEMPLATE)
    decided = [
        texts.part(
            "decided",
            line=each,
            question=kit.shorten(each.question, _QUESTION),
            outcome=outcome_words(each),
        )
        for each in item.decisions
    ]
    words = item_words(item)
    yield from rich_text(
        texts.part("item", number=number, title=item.title, words=words, lines=decided)
    )
    name = f"title:{item.item_id}"
    title = kit.plain_text_input(name, initial=item.title, max_length=LONGEST_TITLE)
    yield kit.input_block(texts.part("item_title", number=number), title, block_id=name)
    yield from _long(f"note:{item.item_id}", texts.part("note", number=number), item.note, seams)


def _long(
    name: str, label: Marked, text: str, seams: dict[str, str], *, hint: Marked | None = None
) -> Iterator[Block]:
    """A long text, in as many fields as it takes."""
    pieces, between = _pieces(text)
    if len(pieces) > 1:
        seams[name] = between
    continued = load(_TEMPLATE).part("continued", label=plain(label))
    for number, piece in enumerate(pieces):
        block_id = f"{name}~{number}" if number else name
        element = kit.plain_text_input(block_id, multiline=True, initial=piece)
        yield kit.input_block(
            continued if number else label,
            element,
            block_id=block_id,
            hint=None if number else hint,
            optional=True,
        )


def _pieces(text: str) -> tuple[list[str], str]:
    """A text in pieces that fit a field, and what stood between them, a sign for each gap."""
    pieces, between = [], ""
    rest = text
    while len(rest) > _ROOM:
        breaks = (rest.rfind("\n", 1, _ROOM), rest.rfind(" ", 1, _ROOM))
        at = next((each for each in breaks if each > 0), -1)
        pieces.append(rest[:at] if at > 0 else rest[:_ROOM])
        between += rest[at] if at > 0 else "|"
        rest = rest[at + 1 :] if at > 0 else rest[_ROOM:]
    pieces.append(rest)
    if len(rest) > _FULL:
        pieces.append("")
        between += "\n"
    return pieces, between


def _typed(view: Mapping[str, Any], state: WindowState) -> dict[str, str]:
    """What stands in the fields, long texts in one."""
    found: dict[str, list[str]] = {}
    for block_id, values in view["state"]["values"].items():
        name = block_id.partition("~")[0]
        if name != PAGE:
            found.setdefault(name, []).append(values[block_id].get("value") or "")
    return {name: _joined(pieces, state.seams.get(name, "")) for name, pieces in found.items()}


def _joined(pieces: Sequence[str], between: str) -> str:
    text = pieces[0]
    for sign, piece in zip(between, pieces[1:], strict=True):
        text += piece if sign == "|" else f"{sign}{piece}"
    return text.strip()


def _one_text(name: str) -> list[Block]:
    texts = load(_TEMPLATE)
    element = kit.plain_text_input(TEXT, multiline=True, max_length=INPUT_TEXT)
    hint = texts.part(f"{name}_hint")
    return [kit.input_block(texts.part(name), element, block_id=TEXT, hint=hint)]


def _window(
    title: Marked, blocks: list[Block], callback: str, state: WindowState, *, submit: Marked
) -> Block:
    return kit.modal(
        title,
        blocks,
        submit=submit,
        close=load(_TEMPLATE).part("back"),
        callback_id=callback,
        private_metadata=state.metadata,
    )
