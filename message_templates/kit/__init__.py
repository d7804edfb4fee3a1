"""Block Kit in small typed functions: they build what Slack takes and refuse what it would not."""

from message_templates.health import HEALTH_SYMBOLS, Grey, health_words
from message_templates.kit.blocks import (
    actions,
    context,
    divider,
    header,
    home,
    input_block,
    modal,
    section,
    user_text,
)
from message_templates.kit.direction import turned_back
from message_templates.kit.documents import Document
from message_templates.kit.elements import (
    button,
    checkboxes,
    datepicker,
    datetimepicker,
    file_input,
    multi_static_select,
    number_input,
    overflow,
    plain_text_input,
    radio_buttons,
    static_select,
    users_select,
)
from message_templates.kit.limits import LimitError
from message_templates.kit.measure import shorten, slack_length, split_whole
from message_templates.kit.objects import Block, Text, confirm, option
from message_templates.kit.packing import Rendered, cost, pack
from message_templates.kit.pictures import Picture, picture_block

__all__ = [
    "HEALTH_SYMBOLS",
    "Block",
    "Document",
    "Grey",
    "LimitError",
    "Picture",
    "Rendered",
    "Text",
    "actions",
    "button",
    "checkboxes",
    "confirm",
    "context",
    "cost",
    "datepicker",
    "datetimepicker",
    "divider",
    "file_input",
    "header",
    "health_words",
    "home",
    "input_block",
    "modal",
    "multi_static_select",
    "number_input",
    "option",
    "overflow",
    "pack",
    "picture_block",
    "plain_text_input",
    "radio_buttons",
    "section",
    "shorten",
    "slack_length",
    "split_whole",
    "static_select",
    "turned_back",
    "user_text",
    "users_select",
]
