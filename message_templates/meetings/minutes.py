"""Minutes in Slack: the draft for whoever led the meeting, what is posted, what is told of both."""

import re
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from domain.documents.values import CouncilForm
from domain.meetings.minutes.messages import (
    MinutesAmended,
    MinutesCopy,
    MinutesDraft,
    MinutesInFull,
    MinutesMissing,
    MinutesPosted,
    MinutesWanted,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionsOver,
)
from domain.meetings.minutes.values import Minutes, Standing
from message_templates import kit
from message_templates.documents.minutes_fields import MinutesFacts
from message_templates.documents.minutes_pdf import minutes_pdf
from message_templates.documents.minutes_words import state_words
from message_templates.documents.press import Press, Pressed
from message_templates.kit import Block, Document, Rendered
from message_templates.kit.limits import DOCUMENT_LINK, MESSAGE_BLOCKS, MESSAGE_COST
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.minutes_body import (
    NAME,
    TEMPLATE,
    action_list,
    decision_list,
    facts,
    next_meeting,
    sections,
    summary,
)

EDIT: Final = "minutes_edit"
"""The action of the button that opens the window; its value is the meeting's number."""

POST: Final = "minutes_post"
"""The action of the button that posts; its value is `meeting:version`."""

REDRAFT: Final = "minutes_redraft"
"""The same for the one that drafts anew from the record."""

ADD: Final = "minutes_add"
"""The action of the button that opens the window of a correction; its value is the meeting."""

OBJECT: Final = "minutes_object"
"""The same for the window of an objection."""

ANSWER: Final = "minutes_answer"
"""The action of the button that opens the window of an answer; its value is the objection."""

READ: Final = "minutes_read"
"""The action of the button that shows minutes; its value is the meeting's number."""

SEND: Final = "minutes_send"
"""The same for the one that sends them with their files."""

_DECISIONS: Final = 12
_ACTIONS: Final = 15
"""Lines of the message in the channel; all of them are in its thread."""

_FILES: Final = 2
_TROUBLE: Final = 600
_UNSAFE: Final = re.compile(r'[\\/<>:"|?*\x00-\x1f]')


def render_draft(message: MinutesDraft) -> list[Rendered]:
    """Render the minutes for whoever posts them."""
    texts, minutes, standing = load(TEMPLATE), message.minutes, message.standing
    told = {
        "standing": standing,
        "post_by": message.post_by,
        "zone": minutes.timezone,
        "is_late": standing.written_at > message.post_by,
        "is_whole_for_all": message.is_whole_for_all,
    }
    title = "title_posted" if standing.is_posted else "title_draft"
    head = [
        kit.header(texts.part(title, council=kit.shorten(minutes.council, NAME))),
        *rich_text(texts.part("write_it", **told)),
        kit.actions(*draft_buttons(message.meeting_id, standing)),
        kit.context(*_state(minutes, standing)),
    ]
    fallback = texts.part("fallback_draft", council=minutes.council, minutes=minutes)
    return [Rendered.of(fallback, each) for each in kit.pack([head, *sections(minutes)])]


def render_posted(message: MinutesPosted) -> list[Rendered]:
    """Render what stands in the channel: what everybody should know, in one message."""
    texts, minutes, standing = load(TEMPLATE), message.minutes, message.standing
    council = kit.shorten(minutes.council, NAME)
    value = str(message.meeting_id)
    buttons = [kit.button(texts.part("object"), OBJECT, value=value)]
    parts = [
        [kit.header(texts.part("title_posted", council=council)), *facts(minutes)],
        summary(minutes),
        decision_list(minutes, _DECISIONS),
        action_list(minutes, _ACTIONS),
        next_meeting(minutes),
        [kit.context(*_state(minutes, standing), texts.part("in_thread"))],
        [kit.actions(*buttons)] if standing.is_objectable else [],
    ]
    counts = {"decisions": len(minutes.all_decisions), "actions": len(minutes.actions)}
    fallback = texts.part("fallback_posted", council=council, minutes=minutes, **counts)
    return [Rendered.of(fallback, each) for each in kit.pack(parts)]


def render_full(message: MinutesInFull, press: Press | None = None) -> list[Rendered]:
    """Render all of the minutes, with their files."""
    facts = MinutesFacts(message.minutes, message.standing, is_restricted=message.is_restricted)
    return _in_full(facts, press or Press())


def render_minutes_copy(message: MinutesCopy, press: Press | None = None) -> list[Rendered]:
    """Render the same for a member who may read more than the channel."""
    facts = MinutesFacts(message.minutes, message.standing, is_restricted=True)
    return _in_full(facts, press or Press())


def render_amended(message: MinutesAmended) -> list[Rendered]:
    """Render a correction, in the thread."""
    texts, line = load(TEMPLATE), message.addendum
    head = rich_text(texts.part("amended", line=line, zone=message.timezone))
    packed = kit.pack([[*head, *kit.user_text(line.text)]])
    return [Rendered.of(texts.part("fallback_amended"), blocks) for blocks in packed]


def render_wanted(message: MinutesWanted) -> list[Rendered]:
    """Remind whoever led the meeting."""
    texts = load(TEMPLATE)
    value = str(message.meeting_id)
    posted = f"{value}:{message.version}"
    blocks = [
        *rich_text(texts.part("wanted", told=message)),
        kit.actions(
            kit.button(texts.part("read"), READ, value=value),
            kit.button(texts.part("edit"), EDIT, value=value),
            kit.button(texts.part("post"), POST, value=posted, confirm=_sure(message.version)),
        ),
    ]
    return [Rendered.of(texts.part("fallback_wanted", told=message), blocks)]


def render_minutes_missing(message: MinutesMissing) -> list[Rendered]:
    """Tell the PMO."""
    texts = load(TEMPLATE)
    text = texts.part("missing", told=message, day=_day(message))
    return [Rendered.of(texts.part("fallback_wanted", told=message), rich_text(text))]


def render_objection(message: ObjectionRaised) -> list[Rendered]:
    """Tell whoever led the meeting of an objection, and what can be done about it."""
    texts, told = load(TEMPLATE), message.objection
    blocks = [*rich_text(texts.part("raised", told=told)), *kit.user_text(told.text)]
    if told.answer:
        blocks += rich_text(texts.part("answered_by", told=told)) + kit.user_text(told.answer)
    else:
        value = str(told.objection_id)
        blocks += rich_text(texts.part("raised_what"))
        answer = kit.button(texts.part("answer"), ANSWER, value=value, style="primary")
        edit = kit.button(texts.part("edit_minutes"), EDIT, value=str(told.meeting_id))
        blocks.append(kit.actions(answer, edit))
    fallback = texts.part("fallback_raised", told=told)
    return [Rendered.of(fallback, each) for each in kit.pack([blocks])]


def render_objection_answer(message: ObjectionAnswered) -> list[Rendered]:
    """Tell who objected what is said to it."""
    texts, told = load(TEMPLATE), message.objection
    blocks = [*rich_text(texts.part("answered", told=told)), *kit.user_text(told.text)]
    if told.answer:
        blocks += rich_text(texts.part("answer_is")) + kit.user_text(told.answer)
    fallback = texts.part("fallback_answered", told=told)
    return [Rendered.of(fallback, each) for each in kit.pack([blocks])]


def render_objections_over(message: ObjectionsOver) -> list[Rendered]:
    """Tell whoever led the meeting what is left open."""
    texts = load(TEMPLATE)
    text = texts.part("over", told=message, day=_day(message))
    return [Rendered.of(texts.part("fallback_over", told=message), rich_text(text))]


def draft_buttons(meeting_id: int, standing: Standing) -> Iterable[Block]:
    """What whoever writes the minutes can do about them."""
    texts, value = load(TEMPLATE), str(meeting_id)
    seen = f"{value}:{standing.version}"
    if standing.is_locked:
        return [kit.button(texts.part("add"), ADD, value=value), send_button(meeting_id)]
    edit = kit.button(texts.part("edit"), EDIT, value=value)
    if standing.is_posted:
        return [edit, send_button(meeting_id)]
    sure = _sure(standing.version)
    post = kit.button(texts.part("post"), POST, value=seen, style="primary", confirm=sure)
    return [edit, post, kit.button(texts.part("redraft"), REDRAFT, value=seen)]


def send_button(meeting_id: int) -> Block:
    """The button that brings the files as a direct message."""
    return kit.button(load(TEMPLATE).part("send"), SEND, value=str(meeting_id))


def _sure(version: int) -> Block:
    texts = load(TEMPLATE)
    text = texts.part("sure_text", version=version)
    return kit.confirm(texts.part("sure"), text, texts.part("post"))


def _in_full(facts: MinutesFacts, press: Press) -> list[Rendered]:
    texts, minutes = load(TEMPLATE), facts.minutes
    council = kit.shorten(minutes.council, NAME)
    state = state_words(minutes, facts.standing)
    head = rich_text(texts.part("copy")) if facts.is_restricted else []
    head += rich_text(texts.part("full", council=council, minutes=minutes, state=state))
    pressed = press.fill(CouncilForm.MINUTES, facts)
    if pressed.trouble:
        trouble = kit.shorten(pressed.trouble, _TROUBLE)
        head += rich_text(texts.part("trouble", trouble=trouble))
    packed = kit.pack(
        [head, *sections(minutes)],
        MESSAGE_COST - _FILES * DOCUMENT_LINK,
        MESSAGE_BLOCKS - _FILES,
    )
    fallback = texts.part("fallback_full", council=council)
    first = Rendered.of(fallback, packed[0], documents=_documents(facts, pressed))
    return [first, *(Rendered.of(fallback, each) for each in packed[1:])]


def _documents(facts: MinutesFacts, pressed: Pressed) -> tuple[Document, ...]:
    """The Word file, if the template could be filled, and the PDF file."""
    title = _file_title(facts.minutes)
    name = _UNSAFE.sub("-", title).strip(". ")
    files = [Document(f"{name}.pdf", minutes_pdf(facts), f"{title} (PDF)")]
    if pressed.filled is not None:
        files.insert(0, Document(f"{name}.docx", pressed.filled.data, f"{title} (Word)"))
    return tuple(files)


def _state(minutes: Minutes, standing: Standing) -> list[Marked]:
    """Where the minutes stand, and what is objected to them."""
    texts = load(TEMPLATE)
    lines = [texts.part("state", state=state_words(minutes, standing), standing=standing)]
    until, zone = standing.last_day(minutes.timezone), minutes.timezone
    if standing.is_objectable and until is not None:
        lines.append(texts.part("objections_open", until=until, zone=zone))
    if standing.objections:
        lines.append(texts.part("objections_count", standing=standing))
    elif standing.is_posted and not standing.is_objectable:
        lines.append(texts.part("objections_none"))
    return lines


def _day(told: MinutesMissing | ObjectionsOver) -> str:
    return told.starts_at.astimezone(ZoneInfo(told.timezone)).date().isoformat()


def _file_title(minutes: Minutes) -> str:
    """What the files are called: `ITS Council minutes 2026-12-03`."""
    day = minutes.starts_at.astimezone(minutes.zone).date().isoformat()
    part = load(TEMPLATE).part("file_title", council=kit.shorten(minutes.council, NAME), day=day)
    return plain(part)
