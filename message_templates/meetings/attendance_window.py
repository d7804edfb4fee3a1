"""The windows of who comes and who is there, reading them back, and what is said to a press."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from domain.meetings.attendance.outcomes import (
    Board,
    Choosing,
    Come,
    Marking,
    Reminded,
    Said,
)
from domain.meetings.attendance.rules import ALTERNATE, REASON
from domain.meetings.series.rules import LONGEST_TEXT
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, rich_text
from message_templates.meetings.attendance import (
    MARK,
    here_text,
    names_of,
    presence_buttons,
    rsvp_buttons,
    rsvp_words,
    seats_text,
)
from message_templates.meetings.attendance_told import REMIND, meeting_line

APOLOGY_CALLBACK: Final = "meeting_apology_window"
ALTERNATE_CALLBACK: Final = "meeting_alternate_window"
MARK_CALLBACK: Final = "meeting_mark_window"

_TEMPLATE: Final = "meetings/attendance_window"
_NAME: Final = 75
_SEAT: Final = 30
"""Characters of each of the two names of a seat, in a checkbox."""
_BOXES: Final = 10
"""Checkboxes in one field: Slack takes no more."""
_SEATS: Final = 300
"""Of the window: what it remembers of them must fit, too."""


@dataclass(frozen=True)
class AttendanceState:
    """What a window remembers while it is open, in Slack's private metadata."""

    meeting_id: int
    is_from_home: bool = False
    here: list[int] = field(default_factory=list)
    """Who was there when it opened."""

    @classmethod
    def load(cls, view: Mapping[str, Any]) -> "AttendanceState":
        """As Slack gives it back."""
        return cls(**json.loads(view["private_metadata"]))


def apology_view(said: Said) -> Block:
    """Build the window that asks why, after it is noted that somebody can't come."""
    texts = load(_TEMPLATE)
    typed = kit.plain_text_input(REASON, max_length=LONGEST_TEXT)
    hint = texts.part("reason_hint")
    blocks = [
        *rich_text(Marked.lines([texts.part("noted_no"), meeting_line(said.meeting)])),
        kit.input_block(texts.part("reason"), typed, block_id=REASON, hint=hint, optional=True),
    ]
    state = AttendanceState(said.meeting.meeting_id)
    return _form("title_no", "keep", blocks, state, APOLOGY_CALLBACK)


def alternate_view(choosing: Choosing, *, is_from_home: bool) -> Block:
    """Build the window in which a member chooses who comes instead."""
    texts = load(_TEMPLATE)
    chosen = kit.users_select(ALTERNATE, initial=choosing.alternate or None)
    hint = texts.part("alternate_hint")
    blocks = [
        *rich_text(Marked.lines([meeting_line(choosing.meeting), texts.part("choose")])),
        kit.input_block(texts.part("alternate"), chosen, block_id=ALTERNATE, hint=hint),
    ]
    state = AttendanceState(choosing.meeting.meeting_id, is_from_home)
    return _form("title_alternate", "send", blocks, state, ALTERNATE_CALLBACK)


def mark_view(marking: Marking) -> Block:
    """Build the window of who is there."""
    texts = load(_TEMPLATE)
    seats = marking.seats[:_SEATS]
    if not seats:
        nobody = rich_text(texts.part("no_seats"))
        return kit.modal(texts.part("title_mark"), nobody, close=texts.part("close"))
    blocks = []
    for begin in range(0, len(seats), _BOXES):
        some = seats[begin : begin + _BOXES]
        options = [
            kit.option(_seat(each.name, each.stand_in), str(each.person_id)) for each in some
        ]
        initial = [str(each.person_id) for each in some if each.is_here]
        name = f"{MARK}_{begin}"
        boxes = kit.checkboxes(name, options, initial=initial)
        blocks.append(kit.input_block(texts.part("seats"), boxes, block_id=name, optional=True))
    here = [each.person_id for each in seats if each.is_here]
    state = AttendanceState(marking.meeting_id, here=here)
    return _form("title_mark", "save", blocks, state, MARK_CALLBACK)


def read_reason(view: Mapping[str, Any]) -> str:
    """Why somebody can't come, as they typed it."""
    return view["state"]["values"][REASON][REASON].get("value") or ""


def read_alternate(view: Mapping[str, Any]) -> str:
    """The Slack id of who was chosen."""
    return str(view["state"]["values"][ALTERNATE][ALTERNATE]["selected_user"])


def read_marked(view: Mapping[str, Any]) -> list[int]:
    """The numbers of those who are there."""
    fields = [field for block in view["state"]["values"].values() for field in block.values()]
    return [int(each["value"]) for field in fields for each in field.get("selected_options", [])]


def said_notice(said: Said) -> Rendered:
    """What is on the record now, as a message."""
    return Rendered.of(_said(said), _said_blocks(said))


def said_view(said: Said) -> Block:
    """The same in the window's place."""
    return _done(_said_blocks(said))


def came_notice(come: Come) -> Rendered:
    """Tell who pressed that they are here, or have gone, and how the quorum stands."""
    stands_for = kit.shorten(come.stands_for, _NAME)
    text = load(_TEMPLATE).part("came", come=come, stands_for=stands_for)
    return Rendered.of(text, rich_text(Marked.lines([text, here_text(come.here)])))


def marked_view(come: Come) -> Block:
    """Tell who marked others how the quorum stands."""
    return _done(rich_text(Marked.lines([load(_TEMPLATE).part("marked"), here_text(come.here)])))


def reminded_notice(reminded: Reminded) -> Rendered:
    """Tell the chair who is reminded."""
    names, before = names_of(reminded.names), names_of(reminded.before)
    text = load(_TEMPLATE).part("reminded", names=names, before=before)
    return Rendered.of(text, rich_text(text))


def board_messages(boards: Sequence[Board]) -> list[Rendered]:
    """Show who comes to the next meetings."""
    texts = load(_TEMPLATE)
    sections = [[kit.header(texts.part("title_board"))], *(_board(each) for each in boards)]
    fallback = texts.part("board_fallback", count=len(boards))
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _board(board: Board) -> list[Block]:
    texts, number = load(_TEMPLATE), board.meeting.meeting_id
    reasons = [(kit.shorten(name, _NAME), reason) for name, reason in board.reasons]
    told = texts.part("board", board=board, unsaid=names_of(board.unsaid), reasons=reasons)
    lines = [meeting_line(board.meeting), seats_text(board.seats)]
    lines += [here_text(board.here)] if board.here else []
    buttons = rsvp_buttons(number) if board.may_say else []
    if board.here is not None:
        buttons += presence_buttons(number)
    elif board.may_run and board.unsaid:
        remind = load("meetings/attendance_told").part("remind")
        buttons.append(kit.button(remind, REMIND, value=str(number)))
    blocks = [kit.divider(), *rich_text(Marked.lines([*lines, told]))]
    return [*blocks, kit.actions(*buttons)] if buttons else blocks


def _said(said: Said) -> Marked:
    return load(_TEMPLATE).part(
        "said",
        said=said,
        words=rsvp_words(said.rsvp),
        alternate=kit.shorten(said.alternate, _NAME),
        stands_for=kit.shorten(said.stands_for, _NAME),
    )


def _said_blocks(said: Said) -> list[Block]:
    return rich_text(Marked.lines([_said(said), meeting_line(said.meeting)]))


def _seat(name: str, stand_in: str) -> Marked:
    return load(_TEMPLATE).part(
        "seat", name=kit.shorten(name, _SEAT), stand_in=kit.shorten(stand_in, _SEAT)
    )


def _done(blocks: list[Block]) -> Block:
    texts = load(_TEMPLATE)
    return kit.modal(texts.part("title_done"), blocks, close=texts.part("close"))


def _form(
    title: str, submit: str, blocks: list[Block], state: AttendanceState, callback: str
) -> Block:
    texts = load(_TEMPLATE)
    return kit.modal(
        texts.part(title),
        blocks,
        submit=texts.part(submit),
        close=texts.part("back"),
        callback_id=callback,
        private_metadata=json.dumps(asdict(state), separators=(",", ":")),
    )
