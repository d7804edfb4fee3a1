"""What members, their alternates and the chair are told of who comes."""

from typing import Final

from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    MeetingTold,
    QuorumWarning,
    RsvpReminder,
    StandIn,
)
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.markup import Marked, load, rich_text
from message_templates.meetings.attendance import names_of, rsvp_buttons, rsvp_words
from message_templates.meetings.list import CHANGE

DECLINE: Final = "meeting_stand_in_decline"
"""The action of an alternate who can't come; its value is `meeting:member`."""

REMIND: Final = "meeting_rsvp_remind"
"""The action that reminds who has not said; its value is the meeting's number."""

_TEMPLATE: Final = "meetings/attendance_told"
_NAME: Final = 75
_TEXT: Final = 150


def render_alternate(message: AlternateAsked) -> list[Rendered]:
    """Tell somebody that they are to come in a member's place, or need not any more."""
    texts, meeting = load(_TEMPLATE), message.meeting
    member = kit.shorten(message.member, _NAME)
    values = {"member": member, "state": message.state.value, "has_vote": message.has_vote}
    blocks = rich_text(_part("asked", meeting, **values))
    if message.state is StandIn.ASKED and not meeting.is_cancelled:
        value = f"{meeting.meeting_id}:{message.member_id}"
        blocks.append(kit.actions(kit.button(texts.part("decline"), DECLINE, value=value)))
    return [Rendered.of(_part("asked_fallback", meeting, **values), blocks)]


def render_released(message: AlternateReleased) -> list[Rendered]:
    """Tell an alternate that the hour is theirs again."""
    values = {"member": kit.shorten(message.member, _NAME)}
    blocks = rich_text(_part("released", message.meeting, **values))
    return [Rendered.of(_part("released_fallback", message.meeting, **values), blocks)]


def render_declined(message: AlternateDeclined) -> list[Rendered]:
    """Tell a member that they have to find somebody else."""
    meeting, values = message.meeting, {"alternate": kit.shorten(message.alternate, _NAME)}
    blocks = rich_text(_part("declined", meeting, **values))
    blocks.append(kit.actions(*rsvp_buttons(meeting.meeting_id)))
    return [Rendered.of(_part("declined_fallback", meeting, **values), blocks)]


def render_rsvp_reminder(message: RsvpReminder) -> list[Rendered]:
    """Ask a member whether they come; the buttons stay for who changes their mind."""
    meeting = message.meeting
    values = {"said": message.said.value, "words": rsvp_words(message.said)}
    blocks = rich_text(_part("reminder", meeting, **values))
    if not meeting.is_cancelled:
        blocks.append(kit.actions(*rsvp_buttons(meeting.meeting_id)))
    return [Rendered.of(_part("reminder_fallback", meeting, **values), blocks)]


def render_quorum(message: QuorumWarning) -> list[Rendered]:
    """Tell who runs a meeting how its quorum stands, and what helps."""
    texts, meeting = load(_TEMPLATE), message.meeting
    values = {
        "message": message,
        "unsaid": names_of(message.unsaid),
        "apologies": names_of(message.apologies),
    }
    blocks = rich_text(_part("warning", meeting, **values))
    number = str(meeting.meeting_id)
    buttons = [kit.button(texts.part("another_day"), CHANGE, value=number)]
    if message.unsaid and not message.is_reminded:
        buttons.insert(0, kit.button(texts.part("remind"), REMIND, value=number, style="primary"))
    if message.is_safe or meeting.is_cancelled:
        buttons = []
    elif message.is_reader_unsaid:
        blocks.append(kit.actions(*rsvp_buttons(meeting.meeting_id)))
    if buttons:
        blocks.append(kit.actions(*buttons))
    return [Rendered.of(_part("warning_fallback", meeting, **values), blocks)]


def meeting_line(meeting: MeetingTold) -> Marked:
    """One meeting in words."""
    return _part("line", meeting)


def _part(name: str, meeting: MeetingTold, **values: object) -> Marked:
    return load(_TEMPLATE).part(
        name,
        meeting=meeting,
        council=kit.shorten(meeting.council, _NAME),
        title=kit.shorten(meeting.title, _TEXT),
        place=kit.shorten(meeting.place, _TEXT),
        **values,
    )
