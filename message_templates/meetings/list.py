"""`/project meeting`: when councils meet, with what the chair and the PMO can do about it."""

from typing import Final

from domain.meetings.values import CouncilMeetings, MeetingCard, MeetingList
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.attendance import own_text, rsvp_buttons
from message_templates.meetings.card import OPEN
from models.enums import MeetingState

CHANGE: Final = "meeting_change"
"""The action of the button that opens a meeting's window; its value is the meeting's number."""

CANCEL: Final = "meeting_cancel"
"""The same for the window with the reason."""

RESTORE: Final = "meeting_restore"
"""The action of the button on a cancelled meeting; its value is `number:sequence`."""

EXTRA: Final = "meeting_extra"
"""The action of the button that opens an empty window; its value is the council's number."""

POST: Final = "meeting_post"
"""The action of the button that posts a council's calendar; its value is its number."""

UPLOAD: Final = "meeting_upload"
"""The action of the button that opens the window for a calendar file; its value is as above."""

_TEMPLATE: Final = "meetings/list"
_NAME: Final = 75
_AT_HOME: Final = 3
"""Meetings on App Home, which has room for a hundred blocks in all."""
_AMONG_OTHERS: Final = 3
"""Meetings of each council in a list of several."""


def meeting_messages(found: MeetingList) -> list[Rendered]:
    """Show meetings, council by council."""
    texts = load(_TEMPLATE)
    title = texts.part("title_next" if found.is_next else "title_list")
    head: list[Block] = [kit.header(title)]
    if not found.councils:
        head += rich_text(texts.part("no_council"))
    sections = [section for each in found.councils for section in _council(each, found)]
    packed = kit.pack([head, *sections, [kit.context(texts.part("hint"))]])
    cards = [card for each in found.councils for card in each.cards]
    count = sum(each.state is MeetingState.PLANNED for each in cards)
    fallback = texts.part("fallback", title=plain(title), count=count)
    return [Rendered.of(fallback, blocks) for blocks in packed]


def meeting_line(card: MeetingCard) -> Marked:
    """One meeting in words."""
    return load(_TEMPLATE).part(
        "meeting",
        card=card,
        is_cancelled=card.state is MeetingState.CANCELLED,
        title=card.title,
        place=card.place,
        reason=card.reason,
    )


def _council(own: CouncilMeetings, found: MeetingList) -> list[list[Block]]:
    texts = load(_TEMPLATE)
    council = kit.shorten(own.council, _NAME)
    shown = own.cards if found.named or found.is_next else own.cards[:_AMONG_OTHERS]
    sections = [[kit.divider(), *rich_text(texts.part("council", council=council))]]
    if not own.cards:
        sections[0] += rich_text(texts.part("nothing", may_run=own.may_run))
    sections += [_meeting(each) for each in shown]
    if left := len(own.cards) - len(shown):
        sections.append(rich_text(texts.part("later", count=left, council=own.council)))
    if own.may_run:
        value = str(own.council_id)
        extra = kit.button(texts.part("extra"), EXTRA, value=value)
        upload = kit.button(texts.part("upload"), UPLOAD, value=value)
        post = kit.button(texts.part("post"), POST, value=value)
        sections.append([kit.actions(extra, upload, *([post] if own.cards else []))])
    return sections


def own_section(found: MeetingList) -> list[Block]:
    """The next meetings in which who looks has a seat, for App Home; nothing if there are none."""
    texts = load(_TEMPLATE)
    own = [card for each in found.councils for card in each.cards if card.own is not None]
    if not own:
        return []
    blocks = [kit.header(texts.part("title_own"))]
    for card in own[:_AT_HOME]:
        council = texts.part("council", council=kit.shorten(card.council, _NAME))
        blocks.append(kit.section(Marked.lines([council, meeting_line(card), *_own(card)])))
        if card.state is MeetingState.PLANNED:
            blocks.append(kit.actions(*rsvp_buttons(card.meeting_id)))
    if (left := len(own) - _AT_HOME) > 0:
        blocks += rich_text(texts.part("more_own", count=left))
    return blocks


def _meeting(card: MeetingCard) -> list[Block]:
    blocks = [kit.section(Marked.lines([meeting_line(card), *_own(card)]))]
    if card.own is not None and card.state is MeetingState.PLANNED:
        blocks.append(kit.actions(*rsvp_buttons(card.meeting_id)))
    return [*blocks, kit.actions(*_buttons(card))] if card.may_run else blocks


def _own(card: MeetingCard) -> list[Marked]:
    """What who looks has said, if they have a seat and it takes place."""
    if card.own is None or card.state is not MeetingState.PLANNED:
        return []
    return [own_text(card.own.rsvp, card.own.alternate)]


def _buttons(card: MeetingCard) -> list[Block]:
    texts, number = load(_TEMPLATE), str(card.meeting_id)
    if card.state is MeetingState.CANCELLED:
        value = f"{number}:{card.sequence}"
        return [kit.button(texts.part("restore"), RESTORE, value=value)]
    if card.may_open:
        return [kit.button(texts.part("open"), OPEN, value=number, style="primary")]
    return [
        kit.button(texts.part("change"), CHANGE, value=number),
        kit.button(texts.part("cancel"), CANCEL, value=number),
    ]
