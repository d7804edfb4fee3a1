"""The windows in which meetings are planned, changed and cancelled; and reading them back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from domain.meetings.rules import AT, DAY, MINUTES, PLACE, REASON, TITLE
from domain.meetings.series.rules import LONGEST_TEXT
from domain.meetings.values import Planning, Saved, Wish
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, rich_text
from message_templates.meetings.list import meeting_line
from models.enums import MeetingState

CALLBACK: Final = "meeting_window"
"""The window with a meeting's day, hour and place."""

CANCEL_CALLBACK: Final = "meeting_cancel_window"
"""The window with the reason."""

_TEMPLATE: Final = "meetings/window"
_SHORT: Final = 10
"""Characters of an hour or a number of minutes."""


@dataclass(frozen=True)
class WindowState:
    """What a window remembers while it is open, in Slack's private metadata."""

    council_id: int
    meeting_id: int
    sequence: int

    @classmethod
    def load(cls, metadata: str) -> "WindowState":
        """As Slack gives it back."""
        return cls(**json.loads(metadata))


def planning_view(planning: Planning) -> Block:
    """Build the window of a meeting, or of a new one."""
    texts = load(_TEMPLATE)
    at = f"{planning.at:%H:%M}"
    hour = kit.plain_text_input(AT, initial=at, max_length=_SHORT)
    minutes = kit.plain_text_input(MINUTES, initial=str(planning.minutes), max_length=_SHORT)
    at_hint = texts.part("at_hint", timezone=planning.timezone)
    day = kit.datepicker(DAY, initial=planning.day)
    blocks = [
        *rich_text(texts.part("intro", planning=planning, at=at)),
        kit.input_block(texts.part("day"), day, block_id=DAY),
        kit.input_block(texts.part("at"), hour, block_id=AT, hint=at_hint),
        kit.input_block(texts.part("minutes"), minutes, block_id=MINUTES),
        _text(TITLE, planning.title, texts.part("title_hint", council=planning.council)),
        _text(PLACE, planning.place, texts.part("place_hint")),
    ]
    title = texts.part("title_change" if planning.meeting_id else "title_extra")
    return _form(title, texts.part("save"), blocks, planning, CALLBACK)


def cancelling_view(planning: Planning) -> Block:
    """Build the window that asks why."""
    texts = load(_TEMPLATE)
    field = kit.plain_text_input(REASON, max_length=LONGEST_TEXT)
    hint = texts.part("reason_hint")
    blocks = [
        *rich_text(texts.part("intro", planning=planning, at=f"{planning.at:%H:%M}")),
        kit.input_block(texts.part("reason"), field, block_id=REASON, hint=hint),
    ]
    title = texts.part("title_cancel")
    return _form(title, texts.part("cancel_it"), blocks, planning, CANCEL_CALLBACK)


def saved_view(saved: Saved) -> Block:
    """Build what takes the window's place."""
    texts = load(_TEMPLATE)
    return kit.modal(texts.part("title_saved"), _saved(saved), close=texts.part("close"))


def saved_notice(saved: Saved) -> Rendered:
    """The same as a message, for a button without a window."""
    return Rendered.of(_outcome(saved), _saved(saved))


def read_window(view: Mapping[str, Any]) -> tuple[WindowState, Wish]:
    """Read a submitted window of a meeting."""
    state = WindowState.load(view["private_metadata"])
    typed = {name: _typed(view, name) for name in (DAY, AT, MINUTES, TITLE, PLACE)}
    return state, Wish(
        typed[DAY], typed[AT], typed[MINUTES], title=typed[TITLE], place=typed[PLACE]
    )


def read_cancelling(view: Mapping[str, Any]) -> tuple[WindowState, str]:
    """Read a submitted window with a reason."""
    return WindowState.load(view["private_metadata"]), _typed(view, REASON)


def _typed(view: Mapping[str, Any], name: str) -> str:
    field = view["state"]["values"][name][name]
    return field.get("value") or field.get("selected_date") or ""


def _text(name: str, initial: str, hint: Marked) -> Block:
    field = kit.plain_text_input(name, initial=initial, max_length=LONGEST_TEXT)
    label = load(_TEMPLATE).part(name)
    return kit.input_block(label, field, block_id=name, hint=hint, optional=True)


def _form(
    title: Marked, submit: Marked, blocks: list[Block], planning: Planning, callback: str
) -> Block:
    state = WindowState(planning.council_id, planning.meeting_id, planning.sequence)
    return kit.modal(
        title,
        blocks,
        submit=submit,
        close=load(_TEMPLATE).part("back"),
        callback_id=callback,
        private_metadata=json.dumps(asdict(state), separators=(",", ":")),
    )


def _outcome(saved: Saved) -> Marked:
    is_cancelled = saved.card.state is MeetingState.CANCELLED
    return load(_TEMPLATE).part("saved", saved=saved, is_cancelled=is_cancelled)


def _saved(saved: Saved) -> list[Block]:
    council = load(_TEMPLATE).part("saved_council", council=saved.card.council)
    return rich_text(Marked.lines([_outcome(saved), council, meeting_line(saved.card)]))
