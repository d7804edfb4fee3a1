"""`/project meeting agenda` and `backlog`: the items, page by page, with what one may do there."""

from collections.abc import Sequence
from typing import Final

from domain.meetings.agenda.values import (
    Agenda,
    AgendaView,
    BacklogView,
    Done,
    Item,
    Stale,
    Where,
)
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import Marked, load, plain, rich_text
from models.enums import ItemState

ITEM: Final = "agenda_item"
"""The menu beside an item, and its button; see `pressed_item` for their values."""

ADD: Final = "agenda_add"
"""The action of the button that opens an empty window; its value: council, `backlog` or not."""

PAGE: Final = "agenda_page"
"""Buttons that show another page: `agenda_page:later`; value: council, page."""

BACKLOG: Final = "agenda_backlog"
"""The action of the button that shows the backlog; its value is the council's number."""

LET_ON: Final = "agenda_let_on"
"""The action of the button that lets on what comes late; its value is the item's number."""

TO_NEXT: Final = "agenda_to_next"
"""The same for the next meeting."""

_TEMPLATE: Final = "meetings/agenda"
_NAME: Final = 60
_TITLE: Final = 300
_SHOWN: Final = 240
"""Characters of a text in the list; *Read it whole* shows all of it."""

_FRAME_COST: Final = 3_500
_FRAME_BLOCKS: Final = 10
"""What stands above and below the items of a page."""

_WHERE: Final = {each: f"where_{each.value}" for each in Where}


def agenda_pages(view: AgendaView, told: Stale | None = None) -> list[Rendered]:
    """Show an agenda, a page a message: as many items as Slack takes in one."""
    texts = load(_TEMPLATE)
    title = texts.part("title", council=kit.shorten(view.council, _NAME))
    sections = [*_waiting(view), *_items(view)]
    if not sections and view.meeting_id:
        sections = [rich_text(texts.part("empty"))]
    pages = _packed(sections)
    found = []
    for place, body in enumerate(pages, start=1):
        head = [kit.header(title), *_stale(told), *_meeting(view, place, len(pages))]
        foot = _foot(view, place, len(pages))
        fallback = texts.part("fallback", title=plain(title), count=len(view.agenda.items))
        found.append(Rendered.of(fallback, [*head, *body, *foot]))
    return found


def backlog_pages(view: BacklogView) -> list[Rendered]:
    """Show what waits for an agenda, a page a message."""
    texts = load(_TEMPLATE)
    title = texts.part("title_backlog", council=kit.shorten(view.council, _NAME))
    sections = [[_line(each, 0, _backlog_options(view, each))] for each in view.items]
    pages = _packed(sections or [rich_text(texts.part("empty_backlog"))])
    found = []
    for place, body in enumerate(pages, start=1):
        buttons = [
            *_add_button(view.council_id, is_backlog=True, may_add=view.may_add),
            kit.button(texts.part("see_agenda"), f"{PAGE}:agenda", value=f"{view.council_id}:1"),
            *_turning(view.council_id, place, len(pages), is_backlog=True),
        ]
        fallback = texts.part("fallback", title=plain(title), count=len(view.items))
        found.append(Rendered.of(fallback, [kit.header(title), *body, kit.actions(*buttons)]))
    return found


def done_notice(done: Done) -> Rendered:
    """What became of a press."""
    marked = done_text(done)
    return Rendered.of(marked, rich_text(marked))


def done_text(done: Done) -> Marked:
    """The same in words."""
    texts = load(_TEMPLATE)
    where = texts.part(_WHERE[done.where], done=done)
    return texts.part("done_text", done=done, title=kit.shorten(done.title, _TITLE), where=where)


def item_view(item: Item) -> Block:
    """Build the window that shows an item whole."""
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("item_head", **_words(item)))
    said = item.text or item.note
    blocks += kit.user_text(said) if said else rich_text(texts.part("no_text"))
    return kit.modal(texts.part("item_title"), blocks, close=texts.part("close"))


def pressed_item(value: str) -> tuple[str, int, str]:
    """Read the value of the menu or button beside an item.

    What is to be done, the item's number, the mark of the order that was shown.
    """
    what, number, mark = value.split(":")
    return what, int(number), mark


def page_with(pages: Sequence[Rendered], item_id: int) -> Rendered:
    """The page on which an item stands; the first one, if it stands on none."""
    wanted = f":{item_id}:"
    found = (page for page in pages if any(wanted in each for each in _values(page)))
    return next(found, pages[0])


def _values(page: Rendered) -> list[str]:
    beside = [block["accessory"] for block in page.blocks if "accessory" in block]
    return [option["value"] for each in beside for option in each.get("options", [each])]


def _packed(sections: Sequence[Sequence[Block]]) -> list[list[Block]]:
    room = MESSAGE_COST - _FRAME_COST
    return kit.pack(sections, room, MESSAGE_BLOCKS - _FRAME_BLOCKS) or [[]]


def _stale(told: Stale | None) -> list[Block]:
    if told is None:
        return []
    texts = load(_TEMPLATE)
    at = told.at or ""
    return rich_text(texts.part("stale", by=told.by, at=at, timezone=told.timezone))


def _meeting(view: AgendaView, page: int, pages: int) -> list[Block]:
    texts = load(_TEMPLATE)
    if not view.meeting_id:
        return rich_text(texts.part("no_meeting", view=view))
    over = view.agenda.minutes - view.agenda.length
    title = view.title if view.title != view.council else ""
    return [
        kit.section(
            texts.part("meeting", view=view, title=title, over=over, page=page, pages=pages)
        ),
        kit.divider(),
    ]


def _foot(view: AgendaView, page: int, pages: int) -> list[Block]:
    texts = load(_TEMPLATE)
    buttons = _add_button(view.council_id, is_backlog=False, may_add=view.may_add)
    if view.may_add:
        label = texts.part("see_backlog", count=view.backlog)
        buttons.append(kit.button(label, BACKLOG, value=str(view.council_id)))
    buttons += _turning(view.council_id, page, pages, is_backlog=False)
    blocks = [kit.divider(), kit.actions(*buttons)] if buttons else []
    if view.others and page == pages:
        names = [kit.shorten(each, _NAME) for each in view.others[:_OTHERS]]
        blocks.append(kit.context(texts.part("others", names=names)))
    return blocks


_OTHERS: Final = 5
"""Further councils that are named."""


def _add_button(council_id: int, *, is_backlog: bool, may_add: bool) -> list[Block]:
    if not may_add:
        return []
    value = f"{council_id}:{int(is_backlog)}"
    return [kit.button(load(_TEMPLATE).part("add"), ADD, value=value)]


def _turning(council_id: int, page: int, pages: int, *, is_backlog: bool) -> list[Block]:
    texts, where = load(_TEMPLATE), "backlog" if is_backlog else "agenda"
    turns = {"earlier": page - 1, "later": page + 1}
    return [
        kit.button(texts.part(name), f"{PAGE}:{where}:{name}", value=f"{council_id}:{to}")
        for name, to in turns.items()
        if 1 <= to <= pages
    ]


# --- items


def _items(view: AgendaView) -> list[list[Block]]:
    """The items in their order; the consent block stands where its first item does."""
    agenda = view.agenda
    sections: list[list[Block]] = []
    for number, item in enumerate(agenda.items, start=1):
        if not item.is_consent:
            sections.append([_line(item, number, _options(view, item))])
        elif item is agenda.consent[0]:
            sections += _consent(view, agenda)
    return sections


def _consent(view: AgendaView, agenda: Agenda) -> list[list[Block]]:
    head = load(_TEMPLATE).part("consent", votes=view.votes or view.leads)
    lines = [
        [_line(each, agenda.number_of(each.item_id), _options(view, each))]
        for each in agenda.consent
    ]
    return [[kit.section(head), *lines[0]], *lines[1:]]


def _waiting(view: AgendaView) -> list[list[Block]]:
    texts = load(_TEMPLATE)
    head = kit.section(texts.part("waiting", leads=view.leads))
    found = []
    for item in view.waiting:
        blocks = [head, _line(item, 0, _options(view, item))]
        if view.leads:
            blocks.append(kit.actions(*late_buttons(item.item_id)))
        found.append(blocks)
    return found


def late_buttons(item_id: int) -> list[Block]:
    """The chair's two answers to what comes late."""
    texts, value = load(_TEMPLATE), str(item_id)
    return [
        kit.button(texts.part("let_on"), LET_ON, value=value, style="primary"),
        kit.button(texts.part("to_next"), TO_NEXT, value=value),
    ]


def _line(item: Item, number: int, options: Sequence[tuple[str, str]]) -> Block:
    return kit.section(_text(item, number), accessory=_menu(options))


def _text(item: Item, number: int) -> Marked:
    texts = load(_TEMPLATE)
    state = "" if item.state is ItemState.OPEN else _state(item.state)
    return texts.part(
        "line",
        number=number,
        state=state,
        text=kit.shorten(item.text, _SHOWN),
        note=kit.shorten(item.note, _SHOWN),
        **_words(item),
    )


def _state(state: ItemState) -> str:
    words = (ItemState.CURRENT, ItemState.DONE, ItemState.PARKED)
    return plain(load(_TEMPLATE).part(state.value)) if state in words else ""


def _words(item: Item) -> dict[str, object]:
    texts = load(_TEMPLATE)
    marks = {
        "mark_late": item.is_late and item.state is not ItemState.WAITING,
        "mark_parked": item.was_parked,
        "mark_carried": item.is_carried and not item.was_parked,
    }
    writer = kit.shorten(item.added_by.name, _NAME) if item.added_by else ""
    return {
        "item": item,
        "purpose": texts.part(item.purpose.value),
        "title": kit.shorten(item.title, _TITLE),
        "code": item.code,
        "owner": kit.shorten(item.owner.name, _NAME) if item.owner else "",
        "added": texts.part("added_by", name=writer) if writer else texts.part("built"),
        "marks": [texts.part(name) for name, is_so in marks.items() if is_so],
    }


def _options(view: AgendaView, item: Item) -> list[tuple[str, str]]:
    """What somebody may do with an item: words and values of its menu."""
    is_waiting = item.state is ItemState.WAITING
    may_pull = item.is_consent and item.is_ahead and (view.votes or view.leads)
    whats = ["pull"] if may_pull else []
    if view.leads and item.is_ahead:
        whats += ["up", "down"] if may_pull else ["first", "up", "down"]
    if (view.leads or item.item_id in view.own_ids) and (item.is_ahead or is_waiting):
        whats.append("change")
    if len(item.text) > _SHOWN or len(item.note) > _SHOWN:
        whats.append("read")
    return _valued(whats, item.item_id, view.mark)


def _backlog_options(view: BacklogView, item: Item) -> list[tuple[str, str]]:
    whats = ["take"] if view.leads and view.meeting_id else []
    if view.leads or item.item_id in view.own_ids:
        whats.append("change")
    if len(item.text) > _SHOWN:
        whats.append("read")
    return _valued(whats, item.item_id, "backlog")


def _valued(whats: Sequence[str], item_id: int, mark: str) -> list[tuple[str, str]]:
    texts = load(_TEMPLATE)
    return [(plain(texts.part(what)), f"{what}:{item_id}:{mark}") for what in whats]


def _menu(options: Sequence[tuple[str, str]]) -> Block | None:
    """A menu; of one thing alone a button, for menus of one look like a mistake."""
    if not options:
        return None
    if len(options) == 1:
        label, value = options[0]
        return kit.button(label, ITEM, value=value)
    return kit.overflow(ITEM, [kit.option(label, value) for label, value in options])
