"""Who comes to a meeting and who is there, with the buttons that members say it with.

For whoever makes a message about a meeting: the call, the live card, the lists, App Home.
"""

from collections.abc import Sequence
from typing import Final

from domain.meetings.attendance.messages import HereTold, SeatsTold, SeatTold
from message_templates import kit
from message_templates.kit import Block
from message_templates.markup import Marked, load, plain, rich_text
from models.enums import Rsvp

RSVP: Final = "meeting_rsvp"
"""The buttons of what a member says: `meeting_rsvp:yes`; their value is the meeting's number."""

HERE: Final = "meeting_here"
"""The action of *I'm here*; its value is the meeting's number."""

LEAVE: Final = "meeting_leave"
"""The same for *I have to leave*."""

MARK: Final = "meeting_mark"
"""The same for the chair's window of who is there."""

_TEMPLATE: Final = "meetings/attendance"
_NAME: Final = 60
_NAMED: Final = 30
"""People whose names a message has; the others are counted."""


def rsvp_blocks(seats: SeatsTold, meeting_id: int) -> list[Block]:
    """Who comes, and the buttons to say so: for a message that everybody reads."""
    return [*rich_text(seats_text(seats)), kit.actions(*rsvp_buttons(meeting_id))]


def seats_text(seats: SeatsTold) -> Marked:
    """Who comes, in two or three lines."""
    return load(_TEMPLATE).part(
        "coming",
        seats=seats,
        names=_names(seats.coming),
        apologies=names_of(seats.apologies),
    )


def rsvp_buttons(meeting_id: int) -> list[Block]:
    """The four buttons of a member."""
    texts, value = load(_TEMPLATE), str(meeting_id)
    said = (Rsvp.YES, Rsvp.LATE, Rsvp.NO, Rsvp.ALTERNATE)
    return [kit.button(texts.part(each), f"{RSVP}:{each}", value=value) for each in said]


def rsvp_words(said: Rsvp) -> str:
    """What a member has said, in the words of the button; empty: nothing."""
    return "" if said is Rsvp.NONE else plain(load(_TEMPLATE).part(said))


def own_text(said: Rsvp, alternate: str) -> Marked:
    """What who reads it has said, in a line."""
    return load(_TEMPLATE).part(
        "own", words=rsvp_words(said), alternate=kit.shorten(alternate, _NAME)
    )


def here_text(here: HereTold) -> Marked:
    """Who is there, in a line; a quorum that is missing stands first."""
    return load(_TEMPLATE).part("here", here=here, names=_names(here.here))


def presence_buttons(meeting_id: int) -> list[Block]:
    """The buttons of the live card: for members two, for who runs the meeting the window."""
    texts, value = load(_TEMPLATE), str(meeting_id)
    return [
        kit.button(texts.part("i_am_here"), HERE, value=value),
        kit.button(texts.part("i_leave"), LEAVE, value=value),
        kit.button(texts.part("mark"), MARK, value=value),
    ]


def names_of(people: Sequence[str]) -> list[str]:
    """Names as a message has them: short, and of many people only some."""
    return _counted([kit.shorten(each, _NAME) for each in people])


def _names(seats: Sequence[SeatTold]) -> list[str]:
    return _counted([plain(_name(each)) for each in seats])


def _name(seat: SeatTold) -> Marked:
    return load(_TEMPLATE).part(
        "name",
        seat=seat,
        name=kit.shorten(seat.name, _NAME),
        stands_for=kit.shorten(seat.stands_for, _NAME),
    )


def _counted(names: list[str]) -> list[str]:
    shown = names[:_NAMED]
    if left := len(names) - len(shown):
        shown.append(plain(load(_TEMPLATE).part("more", count=left)))
    return shown
