"""The blocks of messages and forms, and the modal that holds a form."""

from collections.abc import Sequence

from message_templates.kit import limits
from message_templates.kit.limits import LimitError, check_count, check_id
from message_templates.kit.measure import split_whole
from message_templates.kit.objects import (
    Block,
    Text,
    check_ids,
    formatted_text,
    plain_text,
    present,
)


def header(text: Text) -> Block:
    """Build a headline."""
    return {"type": "header", "text": plain_text("header.text", text, limits.HEADER)}


def section(
    text: Text | None = None,
    *,
    fields: Sequence[Text] = (),
    accessory: Block | None = None,
    block_id: str | None = None,
) -> Block:
    """Build a text, fields in two columns, or both, with an element beside them."""
    if text is None and not fields:
        raise LimitError("a section needs a text or fields")
    check_count("section.fields", fields, limits.SECTION_FIELDS, least=0)
    columns = [formatted_text("section.fields", field, limits.SECTION_FIELD) for field in fields]
    return present(
        type="section",
        block_id=check_ids(block_id),
        text=None if text is None else formatted_text("section.text", text),
        fields=columns or None,
        accessory=accessory,
    )


def context(*texts: Text) -> Block:
    """Build a line of small print."""
    check_count("context.elements", texts, limits.CONTEXT_ELEMENTS)
    elements = [formatted_text("context.elements", text) for text in texts]
    return {"type": "context", "elements": elements}


def divider() -> Block:
    """Build a line between two things."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """Build a row of buttons and menus."""
    check_count("actions.elements", elements, limits.ACTIONS_ELEMENTS)
    return present(type="actions", block_id=check_ids(block_id), elements=list(elements))


def input_block(
    label: Text,
    element: Block,
    *,
    block_id: str | None = None,
    hint: Text | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Build a field of a form; with `dispatch` Slack tells of each change at once."""
    return present(
        type="input",
        block_id=check_ids(block_id),
        label=plain_text("input.label", label, limits.INPUT_LABEL),
        element=element,
        hint=None if hint is None else plain_text("input.hint", hint, limits.INPUT_HINT),
        optional=optional,
        dispatch_action=dispatch,
    )


def user_text(text: str) -> list[Block]:
    """Show a person's text whole and literally; the blocks' texts together are the text."""
    return [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": piece}]}
            ],
        }
        for piece in split_whole(text, limits.TEXT)
    ]


def modal(
    title: Text,
    blocks: Sequence[Block],
    *,
    submit: Text | None = None,
    close: Text | None = None,
    callback_id: str | None = None,
    private_metadata: str | None = None,
) -> Block:
    """Build a modal; one with input blocks needs `submit`."""
    check_count("modal.blocks", blocks, limits.MODAL_BLOCKS)
    if submit is None and any(block["type"] == "input" for block in blocks):
        raise LimitError("a modal with input blocks needs `submit`")
    if callback_id is not None:
        check_id("modal.callback_id", callback_id, limits.CALLBACK_ID)
    if private_metadata is not None:
        check_id("modal.private_metadata", private_metadata, limits.PRIVATE_METADATA)
    return present(
        type="modal",
        title=plain_text("modal.title", title, limits.MODAL_WORDS),
        blocks=list(blocks),
        submit=_modal_words("modal.submit", submit),
        close=_modal_words("modal.close", close),
        callback_id=callback_id,
        private_metadata=private_metadata,
    )


def home(blocks: Sequence[Block], *, private_metadata: str | None = None) -> Block:
    """Build an App Home page."""
    check_count("home.blocks", blocks, limits.HOME_BLOCKS)
    if private_metadata is not None:
        check_id("home.private_metadata", private_metadata, limits.PRIVATE_METADATA)
    return present(type="home", blocks=list(blocks), private_metadata=private_metadata)


def _modal_words(what: str, text: Text | None) -> Block | None:
    return None if text is None else plain_text(what, text, limits.MODAL_WORDS)
