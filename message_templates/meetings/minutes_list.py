"""`/project minutes`: which minutes there are, and those of one meeting, for who asks."""

from typing import Final

from domain.meetings.minutes.values import MinutesLine, MinutesList, MinutesRead
from message_templates import kit
from message_templates.documents.minutes_words import standing_words, state_words
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text
from message_templates.meetings.minutes import OBJECT, READ, draft_buttons, send_button
from message_templates.meetings.minutes_body import NAME, TEMPLATE, sections

_LIST: Final = "meetings/minutes_window"


def list_messages(found: MinutesList) -> list[Rendered]:
    """Show which minutes there are."""
    texts = load(_LIST)
    head: list[Block] = [kit.header(texts.part("list_title"))]
    if found.named:
        head += rich_text(texts.part("list_of", council=kit.shorten(found.named, NAME)))
    if not found.lines:
        head += rich_text(texts.part("list_none", named=found.named))
        return [Rendered.of(texts.part("list_none", named=found.named), head)]
    lines = [[_line(each, is_named=bool(found.named))] for each in found.lines]
    first = found.lines[0]
    day = first.starts_at.astimezone(first.zone).date().isoformat()
    hint = kit.context(texts.part("list_hint", example=f"{first.council} {day}"))
    fallback = texts.part("fallback_list", count=len(found.lines))
    return [Rendered.of(fallback, blocks) for blocks in kit.pack([head, *lines, [hint]])]


def read_messages(read: MinutesRead) -> list[Rendered]:
    """Show the minutes of one meeting."""
    texts, minutes = load(TEMPLATE), read.minutes
    council = kit.shorten(minutes.council, NAME)
    title = "title_posted" if read.standing.is_posted else "title_draft"
    head = [
        kit.header(texts.part(title, council=council)),
        kit.context(
            texts.part("state", state=state_words(minutes, read.standing), standing=read.standing)
        ),
        kit.actions(*_buttons(read)),
    ]
    fallback = texts.part("fallback_draft", council=council, minutes=minutes)
    return [Rendered.of(fallback, each) for each in kit.pack([head, *sections(minutes)])]


def _buttons(read: MinutesRead) -> list[Block]:
    texts = load(TEMPLATE)
    buttons = (
        [*draft_buttons(read.meeting_id, read.standing)]
        if read.may_write
        else [send_button(read.meeting_id)]
    )
    if read.standing.is_objectable:
        buttons.append(kit.button(texts.part("object"), OBJECT, value=str(read.meeting_id)))
    return buttons


def _line(line: MinutesLine, *, is_named: bool) -> Block:
    texts = load(_LIST)
    title = "" if line.title == line.council else kit.shorten(line.title, NAME)
    state = standing_words(line.standing, line.timezone)
    text = texts.part("list_line", line=line, named=is_named, title=title, state=state)
    read = kit.button(texts.part("read"), READ, value=str(line.meeting_id))
    return kit.section(text, accessory=read)
