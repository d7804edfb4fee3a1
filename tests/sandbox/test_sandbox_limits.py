"""The sandbox's numbers, compared one by one with the collected facts."""

import json
from pathlib import Path
from typing import Any

from sandbox import limits
from sandbox.scopes import METHOD_SCOPES
from sandbox.webapi import METHODS

BY_KEY: dict[str, Any] = {
    "message.blocks.max_items": limits.MESSAGE_BLOCKS,
    "view.blocks.max_items": limits.VIEW_BLOCKS,
    "view.payload.max_kb": limits.VIEW_BYTES // 1000,
    "block_id.max_length": limits.BLOCK_ID,
    "action_id.max_length": limits.ACTION_ID,
    "text_object.min_length": limits.TEXT_MIN,
    "text_object.max_length": limits.TEXT_MAX,
    "section.text.max_length": limits.SECTION_TEXT,
    "section.fields.max_items": limits.SECTION_FIELDS,
    "section.fields.item_max_length": limits.SECTION_FIELD,
    "header.text.max_length": limits.HEADER_TEXT,
    "header.level.range": limits.HEADER_LEVEL,
    "context.elements.max_items": limits.CONTEXT_ELEMENTS,
    "context_actions.elements.max_items": limits.CONTEXT_ACTIONS_ELEMENTS,
    "actions.elements.max_items": limits.ACTIONS_ELEMENTS,
    "button.text.max_length": limits.BUTTON_TEXT,
    "button.value.max_length": limits.BUTTON_VALUE,
    "button.url.max_length": limits.BUTTON_URL,
    "button.accessibility_label.max_length": limits.ACCESSIBILITY_LABEL,
    "button.agent_prompt.max_length": limits.AGENT_PROMPT,
    "option.text.max_length": limits.OPTION_TEXT,
    "option.value.max_length": limits.OPTION_VALUE,
    "option.description.max_length": limits.OPTION_DESCRIPTION,
    "select.options.max_items": limits.SELECT_OPTIONS,
    "select.option_groups.max_items": limits.SELECT_GROUPS,
    "placeholder.max_length": limits.PLACEHOLDER,
    "overflow.options.range": limits.OVERFLOW_OPTIONS,
    "checkboxes.options.max_items": limits.CHECKBOXES,
    "radio_buttons.options.max_items": limits.RADIO_BUTTONS,
    "input.label.max_length": limits.INPUT_LABEL,
    "input.hint.max_length": limits.INPUT_HINT,
    "plain_text_input.min_length.max": limits.INPUT_TEXT,
    "plain_text_input.max_length.max": limits.INPUT_TEXT,
    "rich_text_input.lines.range": limits.RICH_TEXT_INPUT_LINES,
    "file_input.max_files.range": limits.FILE_INPUT_FILES,
    "confirm.title/text/confirm/deny": limits.CONFIRM,
    "image.image_url.max_length": limits.IMAGE_URL,
    "image.alt_text.max_length": limits.ALT_TEXT,
    "image.title.max_length": limits.IMAGE_TITLE,
    "markdown.cumulative_per_payload": limits.MARKDOWN_TEXT,
    "table.rows.max_items": limits.TABLE_ROWS,
    "table.cells_per_row.max_items": limits.TABLE_CELLS,
    "table.chars_all_tables_per_message": limits.TABLE_CHARS,
    "data_table.rows.range": limits.DATA_TABLE_ROWS,
    "data_table.columns.range": limits.DATA_TABLE_COLUMNS,
    "data_table.chars_per_message": limits.DATA_TABLE_CHARS,
    "data_table.page_size.range": limits.DATA_TABLE_PAGE,
    "data_visualization.per_message": limits.CHARTS_PER_MESSAGE,
    "data_visualization.title.max_length": limits.CHART_TITLE,
    "data_visualization.segments_or_series.max": limits.CHART_SERIES,
    "data_visualization.points.max": limits.CHART_POINTS,
    "data_visualization.label.max_length": limits.CHART_LABEL,
    "data_visualization.axis_label.max_length": limits.CHART_AXIS_LABEL,
    "alert.text.max_length": limits.ALERT_TEXT,
    "card.title/subtitle/body/subtext": limits.CARD,
    "card.actions.max_items": limits.CARD_ACTIONS,
    "carousel.elements.range": limits.CAROUSEL,
    "container.title/subtitle": limits.CONTAINER,
    "container.child_blocks.max_items": limits.CONTAINER_CHILDREN,
    "modal.title/submit/close.max_length": limits.VIEW_TITLE,
    "view.private_metadata.max_length": limits.PRIVATE_METADATA,
    "view.callback_id.max_length": limits.CALLBACK_ID,
    "view.external_id.max_length": limits.EXTERNAL_ID,
    "modal.view_stack.max": limits.VIEW_STACK,
    "message.text.truncate_at": limits.MESSAGE_TEXT_TRUNCATED_AT,
    "chat.update.text.max_length": limits.UPDATE_TEXT,
    "markdown_text.max_length": limits.MARKDOWN_TEXT,
    "attachments.max_items": limits.ATTACHMENTS,
    "attachment.footer.max_length": limits.ATTACHMENT_FOOTER,
    "blocks.total_chars_per_message (undocumented)": limits.BLOCKS_TOTAL_CHARS,
    "stream.blocks": limits.STREAM_BLOCKS,
    "assistant.suggested_prompts.max_items": limits.SUGGESTED_PROMPTS,
    "setStatus.loading_messages.max_items": limits.LOADING_MESSAGES,
    "upload.alt_txt.max_length": limits.UPLOAD_ALT_TEXT,
    "upload.channels.max_items": limits.UPLOAD_CHANNELS,
    "conversations.history.limit.max": limits.HISTORY_LIMIT,
    "conversations.open.users.max": limits.OPEN_USERS,
}


def test_every_limit_is_the_collected_one(shared: Path) -> None:
    listed = json.loads((shared / "limits.json").read_text())["limits"]
    collected = {entry["key"]: entry["value"] for entry in listed}
    ours = {key: list(v) if isinstance(v, tuple) else v for key, v in BY_KEY.items()}
    assert ours == collected


def test_every_block_stands_where_slack_allows_it(shared: Path) -> None:
    collected = json.loads((shared / "block_surfaces.json").read_text())["surfaces"]
    assert {kind: sorted(places) for kind, places in limits.SURFACES.items()} == {
        kind: sorted(places) for kind, places in collected.items()
    }


def test_scopes_tiers_and_json_bodies_are_the_collected_ones(shared: Path) -> None:
    collected = json.loads((shared / "rate_limit_tiers.json").read_text())["methods"]
    for name, method in METHODS.items():
        known = collected[name]
        assert sorted(METHOD_SCOPES[name]) == sorted(known["scopes"].get("bot", [])), name
        assert method.json_body is known["json_body"], name
        assert method.tier == known["docs"], name


def test_every_method_has_its_scopes_listed() -> None:
    assert METHODS.keys() == METHOD_SCOPES.keys()
