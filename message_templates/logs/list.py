"""One list of a project, or what somebody has in hand over all projects."""

from typing import Final

from domain.logs.values import Entry, EntryList
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import HEADER
from message_templates.logs.buttons import add_button, open_button
from message_templates.logs.words import MANY, ONE, due, graded, owner, state_words
from message_templates.markup import Marked, load, plain, rich_text
from models.enums import LogState

_TEMPLATE: Final = "logs/list"
_NOTE: Final = 200
"""Characters of a closing note in a list; the entry itself has it whole."""


def list_messages(found: EntryList) -> list[Rendered]:
    """Show a list in one message, or in several; each entry with a button that opens it."""
    texts = load(_TEMPLATE)
    words = {
        "many": MANY[found.kind],
        "one": ONE[found.kind],
        "scope": found.scope,
        "is_council": found.is_council,
        "is_overdue": found.is_overdue,
    }
    title = texts.part("title", code=found.code, name=found.name, **words)
    short = kit.shorten(plain(title), HEADER)
    still_open = [each for each in found.entries if each.state is LogState.OPEN]
    head: list[Block] = [kit.header(short)]
    if found.may_add:
        head.append(kit.actions(add_button(found.kind, found.code)))
    if not still_open:
        head += rich_text(texts.part("empty", **words))
    sections = [head, *([_line(each, found)] for each in found.entries)]
    if found.closed:
        closed = texts.part("closed", closed=found.closed, code=found.code or found.scope, **words)
        sections.append([kit.context(closed)])
    fallback = texts.part(
        "fallback",
        title=short,
        count=len(still_open),
        overdue=sum(each.is_overdue(found.today) for each in still_open),
    )
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _line(entry: Entry, found: EntryList) -> Block:
    is_open = entry.state is LogState.OPEN
    text: Marked = load(_TEMPLATE).part(
        "line",
        entry=entry,
        code="" if found.code else entry.code if found.is_council else entry.place,
        title=entry.title,
        state="" if is_open else state_words(entry.kind, entry.state),
        closed_at=entry.closed_at or "",
        note=kit.shorten(entry.note, _NOTE),
        graded=graded(entry),
        owner=owner(entry),
        due=due(entry, found.today),
    )
    return kit.section(text, accessory=open_button(entry.entry_id))
