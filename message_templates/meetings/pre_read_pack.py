"""What is read before a meeting: in the call's thread, as somebody's copy, and as a document."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.collecting.answering.claim_rules import is_better
from domain.digests.rules import first_line
from domain.documents.values import CouncilForm
from domain.meetings.pre_read.messages import CallState, MeetingPack, PackCopy
from domain.meetings.pre_read.values import Pack, PackDecision, PackProject
from message_templates import kit
from message_templates.documents.press import Press, Pressed
from message_templates.health import HEALTH_SYMBOLS
from message_templates.kit import Block, Document, Rendered
from message_templates.kit.limits import DOCUMENT_LINK, MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.pre_read import (
    occasion_values,
    read_button,
    stop_button,
    when_blocks,
)
from models.enums import Health

_TEMPLATE: Final = "meetings/pre_read_pack"
_NAME: Final = 75
_TEXT: Final = 200
"""Characters of a text that has one line; the document has it whole."""
_TROUBLE: Final = 600
_UNSAFE: Final = re.compile(r'[\\/<>:"|?*\x00-\x1f]')
_ORDER: Final = (Health.RED, Health.YELLOW, Health.GREY, Health.GREEN)


def render_pack(message: MeetingPack, press: Press | None = None) -> list[Rendered]:
    """Render the pack for the thread, with its document."""
    return _rendered(message.pack, [], [], (press or Press()).fill(CouncilForm.PACK, message.pack))


def render_copy(message: PackCopy, press: Press | None = None) -> list[Rendered]:
    """Render somebody's copy of it, with their document; a cancelled meeting has none any more."""
    occasion = message.occasion
    top = when_blocks(occasion)
    if occasion.state is CallState.CANCELLED:
        text = load("meetings/pre_read").part("fallback_nudge", **occasion_values(occasion))
        return [Rendered.of(text, top)]
    buttons = [read_button(occasion.meeting_id)]
    buttons += [stop_button(occasion.meeting_id)] if message.is_wished else []
    pressed = (press or Press()).fill(CouncilForm.PACK, message.pack)
    return _rendered(message.pack, top, [kit.actions(*buttons)], pressed)


def pack_messages(pack: Pack) -> list[Rendered]:
    """Show the pack to who opens it, without a document: that stands in the thread."""
    return _rendered(pack, [], [], None)


def sent(council: str) -> Rendered:
    """Tell who asked for it that it comes, and that the next ones will."""
    text = load(_TEMPLATE).part("sent", council=kit.shorten(council, _NAME))
    return Rendered.of(text, rich_text(text))


def noted() -> Rendered:
    """Tell who has read their copy that this is known now."""
    text = load(_TEMPLATE).part("noted")
    return Rendered.of(text, rich_text(text))


def stopped(council: str, *, was_wished: bool, is_chair: bool) -> Rendered:
    """Tell who wants no packs any more what becomes of that."""
    values = {"council": kit.shorten(council, _NAME), "was_wished": was_wished}
    text = load(_TEMPLATE).part("stopped", is_chair=is_chair, **values)
    return Rendered.of(text, rich_text(text))


def _rendered(
    pack: Pack, top: Sequence[Block], end: Sequence[Block], pressed: Pressed | None
) -> list[Rendered]:
    """Spread the pack over messages; the first one brings the document."""
    texts = load(_TEMPLATE)
    title = kit.shorten(pack.title, _NAME)
    documents = _documents(pack, pressed)
    head = [kit.header(texts.part("header", title=title)), *top, *_about(pack), *_told(pressed)]
    room = MESSAGE_COST - DOCUMENT_LINK * len(documents)
    sections = [head, *_sections(pack), list(end)]
    packed = kit.pack(sections, room, MESSAGE_BLOCKS - len(documents))
    fallback = texts.part(
        "fallback",
        title=title,
        reds=len(pack.reds),
        decisions=len(pack.decisions),
        actions=len(pack.actions),
    )
    first, *rest = packed
    return [
        Rendered.of(fallback, first, documents=documents),
        *(Rendered.of(fallback, blocks) for blocks in rest),
    ]


def _about(pack: Pack) -> list[Block]:
    texts = load(_TEMPLATE)
    parts = [kit.context(texts.part("restricted"))] if pack.is_restricted else []
    parts.append(kit.context(texts.part("as_of", pack=pack)))
    counts = [
        f"{HEALTH_SYMBOLS[health]} {len(found)} {_colour(health)}"
        for health in _ORDER
        if (found := pack.of(health))
    ]
    return [*parts, *(rich_text(texts.part("counts", counts=counts)) if counts else [])]


def _colour(health: Health) -> str:
    return "without a colour" if health is Health.GREY else health.value


def _told(pressed: Pressed | None) -> list[Block]:
    """What there is to know of the document."""
    texts = load(_TEMPLATE)
    if pressed is None:
        return []
    if pressed.filled is None:
        trouble = kit.shorten(pressed.trouble, _TROUBLE)
        return rich_text(texts.part("no_document", trouble=trouble))
    if pressed.trouble:
        trouble = kit.shorten(pressed.trouble, _TROUBLE)
        return rich_text(texts.part("trouble", trouble=trouble))
    return [kit.context(texts.part("document"))]


def _documents(pack: Pack, pressed: Pressed | None) -> tuple[Document, ...]:
    if pressed is None or pressed.filled is None:
        return ()
    day = pack.starts_at.astimezone(ZoneInfo(pack.timezone)).date()
    council = kit.shorten(pack.council, _NAME)
    title = plain(load(_TEMPLATE).part("file_title", council=council, day=day))
    safe = _UNSAFE.sub("-", council).strip(". ") or "council"
    return (Document(f"{safe} {day.isoformat()}.docx", pressed.filled.data, title),)


def _sections(pack: Pack) -> Iterator[list[Block]]:
    texts = load(_TEMPLATE)
    if pack.decisions:
        yield rich_text(texts.part("decisions", count=len(pack.decisions)))
        yield from (_decision(each, pack) for each in pack.decisions)
    else:
        yield rich_text(texts.part("no_decisions"))
    if reds := pack.reds:
        yield rich_text(texts.part("red", count=len(reds)))
        yield from map(_red, reds)
    yield from _listed("yellow", "yellow_line", pack.of(Health.YELLOW), _project)
    yield from _listed("missing", "missing_line", pack.of(Health.GREY), _project)
    if green := [_green(each) for each in pack.of(Health.GREEN)]:
        yield rich_text(texts.part("green", codes=green))
    yield from _listed("actions", "action", pack.actions, lambda each: _action(each, pack))
    yield from _listed("decided", "decided_line", pack.decided, _decided)


def _listed(
    title: str, part: str, rows: Sequence[Any], values: Callable[[Any], dict[str, object]]
) -> Iterator[list[Block]]:
    texts = load(_TEMPLATE)
    if rows:
        lines = [texts.part(part, each=each, **values(each)) for each in rows]
        yield rich_text(Marked.lines([texts.part(title, count=len(rows)), *lines]))


def _decision(decision: PackDecision, pack: Pack) -> list[Block]:
    source = kit.shorten(decision.source, _NAME)
    head = load(_TEMPLATE).part("decision", each=decision, source=source, on=pack.on)
    return [*rich_text(head), *kit.user_text(decision.text)]


def _red(project: PackProject) -> list[Block]:
    """A red project with all that its PM says: why, and how it gets green again."""
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("project", each=project, **_project(project)))
    blocks += kit.user_text(project.why) if project.why else []
    blocks += rich_text(texts.part("path", path=project.path_to_green))
    return blocks + (kit.user_text(project.path_to_green) if project.path_to_green else [])


def _green(project: PackProject) -> Marked:
    code = kit.shorten(project.code, _NAME)
    return load(_TEMPLATE).part("green_code", code=code, computed=_facts(project))


def _facts(project: PackProject) -> Health | None:
    """What the facts come to, where somebody claims better: the others tell the worse news."""
    return project.computed if is_better(project.health, project.computed) else None


def _project(project: PackProject) -> dict[str, object]:
    return {
        "computed": _facts(project),
        "name": kit.shorten(project.name, _NAME),
        "pm": kit.shorten(project.pm, _NAME),
        "why": kit.shorten(first_line(project.why), _TEXT),
        "milestone": kit.shorten(project.milestone, _TEXT),
    }


def _action(action: Any, pack: Pack) -> dict[str, object]:
    title, owner = kit.shorten(action.title, _TEXT), kit.shorten(action.owner, _NAME)
    return {"title": title, "owner": owner, "on": pack.on}


def _decided(decided: Any) -> dict[str, object]:
    question, chosen = kit.shorten(decided.question, _TEXT), kit.shorten(decided.chosen, _NAME)
    return {"question": question, "chosen": chosen}
