"""How the PMO's list of questions looks, what owners are asked, and the windows of both."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.answers.learning.messages import AssignedQuestions, ListedGroup, QuestionWeekList
from domain.answers.learning.rules import LONGEST_ALIAS, OWNER, PHRASE, SECTION
from domain.answers.learning.values import AliasForm, GroupRef, OwnerForm, Proposed
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.kit.limits import OPTION_TEXT, OPTION_VALUE
from message_templates.markup import Marked, load, rich_text
from models.enums import GroupState

ADD_ALIAS: Final = "learning_alias"
ASSIGN: Final = "learning_assign"
CLOSE: Final = "learning_close"
DONE: Final = "learning_done"
NOT_MINE: Final = "learning_not_mine"
"""The actions of the buttons; their value is the group, and how often something was done to it."""

ALIAS_CALLBACK: Final = "learning_alias"
OWNER_CALLBACK: Final = "learning_owner"
DONE_CALLBACK: Final = "learning_done"

_TEMPLATE: Final = "answers/learning"
_NEAR, _NOTE_FIELD = "near", "note"
_QUESTION: Final = 200
_ASKERS: Final = 5
_NAME: Final = 60
_WORDS: Final = 8
_ROOM: Final = 9_000
"""What the groups of a list may cost, so that it stays one message."""
_NOTE: Final = 500
"""Characters of what an owner writes."""


@dataclass(frozen=True)
class WindowState:
    """What a window has to remember while it is open."""

    ref: GroupRef
    is_from_home: bool

    def dump(self) -> str:
        """As Slack keeps it."""
        return json.dumps([value_of(self.ref), self.is_from_home])

    @classmethod
    def load(cls, view: Mapping[str, Any]) -> "WindowState":
        """As Slack gives it back."""
        value, is_from_home = json.loads(view["private_metadata"])
        return cls(read_ref(value), is_from_home)


def value_of(ref: GroupRef) -> str:
    """What the buttons of a group carry."""
    return f"{ref.group_id}:{ref.acts}"


def read_ref(value: str) -> GroupRef:
    """Read it back."""
    group_id, _, acts = value.partition(":")
    return GroupRef(int(group_id), int(acts))


def render_week(message: QuestionWeekList) -> list[Rendered]:
    """Render the list of a week: one message, however much there was."""
    texts = load(_TEMPLATE)
    groups, left = _that_fit(message)
    news = {
        "sections": message.sections,
        "asked_most": [
            {"title": kit.shorten(each.title, _NAME), "count": each.count}
            for each in message.sections.asked_most
        ],
        "stale": [kit.shorten(each, _NAME) for each in message.sections.stale],
    }
    sections = texts.part("week_sections", message=message, **news)
    blocks = [
        *rich_text(texts.part("week_head", message=message)),
        *groups,
        *(rich_text(texts.part("week_more", more=left)) if left else []),
        *(rich_text(sections) if str(sections).strip() else []),
    ]
    return [Rendered.of(texts.part("week_fallback", message=message), blocks)]


def _that_fit(message: QuestionWeekList) -> tuple[list[Block], int]:
    """The groups of a list for which one message has room, and how many are left."""
    blocks: list[Block] = []
    for place, group in enumerate(message.groups):
        more = group_blocks(group, message.timezone)
        if blocks and kit.cost([*blocks, *more]) > _ROOM:
            return blocks, message.more + len(message.groups) - place
        blocks += more
    return blocks, message.more


def render_assigned(message: AssignedQuestions) -> list[Rendered]:
    """Render what somebody is asked to see to, or what became of it."""
    texts = load(_TEMPLATE)
    count = len(message.texts) + message.more_texts
    is_asked = message.state is GroupState.ASSIGNED and not message.by
    ref = value_of(GroupRef(message.group_id, message.acts))
    buttons = [
        kit.button(texts.part("done"), DONE, value=ref, style="primary"),
        kit.button(texts.part("not_mine"), NOT_MINE, value=ref),
    ]
    wordings = [kit.shorten(each, _QUESTION) for each in message.texts]
    blocks = [
        *rich_text(texts.part("owner_head", message=message, count=count)),
        *rich_text(
            texts.part("owner_texts", message=message, texts=wordings, near=_near(message.near))
        ),
        *rich_text(
            texts.part("owner_state", message=message, note=kit.shorten(message.note, _NOTE) or "")
        ),
        *([kit.actions(*buttons)] if is_asked else []),
    ]
    return [Rendered.of(texts.part("owner_fallback", message=message, count=count), blocks)]


def group_blocks(group: ListedGroup, zone: str) -> list[Block]:
    """A group with what can be done about it; times are shown in `zone` where Slack shows none."""
    texts, standing = load(_TEMPLATE), group.standing
    names = [kit.shorten(each, _NAME) for each in group.askers[:_ASKERS]]
    left = len(group.askers) - len(names)
    text = texts.part(
        "group",
        group=group,
        askers=", ".join(names) + (f" and {left} more" if left else ""),
        texts=[kit.shorten(each, _QUESTION) for each in group.texts],
        troubles=[_trouble(each.value, count) for each, count in group.troubles],
        unknown=[kit.shorten(each, _NAME) for each in group.unknown[:_WORDS]],
        near=_near(group.near),
        proposed=[kit.shorten(each, LONGEST_ALIAS) for each in group.proposed[:_WORDS]],
        note=kit.shorten(standing.note, _NOTE) if standing.note else "",
        zone=zone,
    )
    return [kit.divider(), *rich_text(text), *_choices(group)]


def _choices(group: ListedGroup) -> list[Block]:
    if not group.standing.is_open:
        return []
    texts, value = load(_TEMPLATE), value_of(GroupRef(group.group_id, group.acts))
    is_assigned = group.standing.state is GroupState.ASSIGNED
    label = "assign_again" if is_assigned else "assign"
    return [
        kit.actions(
            kit.button(texts.part("alias"), ADD_ALIAS, value=value),
            kit.button(texts.part(label), ASSIGN, value=value),
            kit.button(texts.part("close_group"), CLOSE, value=value),
        )
    ]


def alias_view(form: AliasForm, state: WindowState) -> Block:
    """Build the window that proposes an alias."""
    texts = load(_TEMPLATE)
    wordings = [kit.shorten(each, _QUESTION) for each in form.texts]
    phrase = kit.plain_text_input(PHRASE, initial=form.phrase, max_length=LONGEST_ALIAS)
    options = [
        kit.option(kit.shorten(each.title, OPTION_TEXT), each.section_id)
        for each in form.sections
        if len(each.section_id) <= OPTION_VALUE
    ]
    typed = kit.input_block(
        texts.part("section_id", has_menu=bool(options)),
        kit.plain_text_input(SECTION, max_length=LONGEST_ALIAS * 2),
        block_id=SECTION,
        hint=texts.part("section_id_hint", has_menu=bool(options)),
        optional=bool(options),
    )
    blocks = [
        *rich_text(texts.part("alias_text", texts=wordings)),
        kit.input_block(
            texts.part("phrase"), phrase, block_id=PHRASE, hint=texts.part("phrase_hint")
        ),
        *_menu(options),
        typed,
    ]
    return _form(("alias_title", "alias_submit"), blocks, ALIAS_CALLBACK, state)


def read_alias(view: Mapping[str, Any]) -> tuple[str, str]:
    """Read the phrase and the section's id; what is typed goes before what is chosen."""
    values = view["state"]["values"]
    typed = values[SECTION][SECTION]["value"] or ""
    chosen = values.get(_NEAR, {}).get(_NEAR, {}).get("selected_option") or {}
    return values[PHRASE][PHRASE]["value"] or "", typed.strip() or chosen.get("value", "")


def proposed_view(one: Proposed) -> Block:
    """Build the confirmation that takes the window's place."""
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("proposed", one=one))
    return kit.modal(texts.part("proposed_title"), blocks, close=texts.part("ok"))


def owner_view(form: OwnerForm, state: WindowState) -> Block:
    """Build the window that asks who is to see to a group."""
    texts = load(_TEMPLATE)
    text = texts.part(
        "owner_form",
        form=form,
        text=kit.shorten(form.text, _QUESTION) if form.text else "…",
        kept_by=kit.shorten(form.kept_by, _NAME) if form.kept_by else "",
    )
    field = kit.input_block(texts.part("owner"), kit.users_select(OWNER), block_id=OWNER)
    blocks = [*rich_text(text), field]
    return _form(("owner_title", "owner_submit"), blocks, OWNER_CALLBACK, state)


def read_owner(view: Mapping[str, Any]) -> str:
    """Read the Slack id of who was chosen."""
    return str(view["state"]["values"][OWNER][OWNER]["selected_user"])


def done_view(state: WindowState) -> Block:
    """Build the window in which an owner says what they have done."""
    texts = load(_TEMPLATE)
    element = kit.plain_text_input(_NOTE_FIELD, multiline=True, max_length=_NOTE)
    field = kit.input_block(texts.part("note"), element, block_id=_NOTE_FIELD, optional=True)
    return _form(("done_title", "done_submit"), [field], DONE_CALLBACK, state)


def read_note(view: Mapping[str, Any]) -> str:
    """Read what they say."""
    return view["state"]["values"][_NOTE_FIELD][_NOTE_FIELD]["value"] or ""


def told_text(group: ListedGroup) -> Marked:
    """What is answered to who did something about a group."""
    standing = group.standing
    owner = kit.shorten(standing.owner, _NAME) if standing.owner else ""
    return load(_TEMPLATE).part("told", what=standing.state.value, owner=owner)


def told(group: ListedGroup) -> Rendered:
    """The same as a message."""
    text = told_text(group)
    return Rendered.of(text, rich_text(text))


def told_view(group: ListedGroup) -> Block:
    """The same in place of a window."""
    texts = load(_TEMPLATE)
    return kit.modal(texts.part("done_title"), rich_text(told_text(group)), close=texts.part("ok"))


def _trouble(trouble: str, count: int) -> str:
    return str(load(_TEMPLATE).part("trouble", trouble=trouble, count=count))


def _near(near: Any) -> dict[str, str] | None:
    if near is None:
        return None
    return {"title": kit.shorten(near.title, _NAME * 2), "section_id": near.section_id}


def _menu(options: Sequence[Block]) -> list[Block]:
    if not options:
        return []
    texts = load(_TEMPLATE)
    first = options[0]["value"]
    menu = kit.static_select(
        _NEAR, options, initial=first, placeholder=texts.part("near_placeholder")
    )
    return [kit.input_block(texts.part("near"), menu, block_id=_NEAR, optional=True)]


def _form(
    words: tuple[str, str], blocks: list[Block], callback_id: str, state: WindowState
) -> Block:
    texts = load(_TEMPLATE)
    title, submit = words
    return kit.modal(
        texts.part(title),
        blocks,
        submit=texts.part(submit),
        close=texts.part("cancel"),
        callback_id=callback_id,
        private_metadata=state.dump(),
    )
