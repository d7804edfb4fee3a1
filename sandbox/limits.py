"""Slack's numbers, as the sandbox enforces them."""

from collections.abc import Mapping

# -- time and connections -------------------------------------------------------------------------
TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60.0
SOCKET_CONNECTIONS_MAX = 10

# -- messages -------------------------------------------------------------------------------------
MESSAGE_BLOCKS = 50
MESSAGE_TEXT_TRUNCATED_AT = 40_000
UPDATE_TEXT = 4_000
MARKDOWN_TEXT = 12_000
ATTACHMENTS = 100
ATTACHMENT_FOOTER = 300
BLOCKS_TOTAL_CHARS = 13_200
"""Undocumented: Slack answers `msg_blocks_too_long` near this total over all blocks."""
HEADER_EXTRA_CHARS = 100
"""What a header block adds to that total, as measured by others."""
METADATA_BYTES = 8_000
"""Slack has a limit (`metadata_too_large`) but publishes no number: this one is the sandbox's."""
HISTORY_LIMIT = 999
OPEN_USERS = 8
UPLOAD_ALT_TEXT = 1_000
UPLOAD_CHANNELS = 100
LIST_LIMIT = 1_000

# -- views ----------------------------------------------------------------------------------------
VIEW_BLOCKS = 100
VIEW_BYTES = 250 * 1_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
CALLBACK_ID = 255
EXTERNAL_ID = 255
VIEW_STACK = 3

# -- blocks and elements --------------------------------------------------------------------------
BLOCK_ID = 255
ACTION_ID = 255
TEXT_MIN = 1
TEXT_MAX = 3_000
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
SECTION_FIELD = 2_000
HEADER_TEXT = 150
HEADER_LEVEL = (1, 4)
CONTEXT_ELEMENTS = 10
CONTEXT_ACTIONS_ELEMENTS = 5
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BUTTON_URL = 3_000
ACCESSIBILITY_LABEL = 75
AGENT_PROMPT = 4_000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
SELECT_OPTIONS = 100
SELECT_GROUPS = 100
PLACEHOLDER = 150
OVERFLOW_OPTIONS = (1, 5)
CHECKBOXES = 10
RADIO_BUTTONS = 10
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT_TEXT = 3_000
RICH_TEXT_INPUT_LINES = (1, 100)
FILE_INPUT_FILES = (1, 10)
CONFIRM = (100, 300, 30, 30)
"""Title, text, confirm, deny."""
IMAGE_URL = 3_000
ALT_TEXT = 2_000
IMAGE_TITLE = 2_000
TABLE_ROWS = 100
TABLE_CELLS = 20
TABLE_CHARS = 10_000
DATA_TABLE_ROWS = (2, 201)
DATA_TABLE_COLUMNS = (1, 20)
DATA_TABLE_CHARS = 20_000
DATA_TABLE_PAGE = (1, 100)
CHARTS_PER_MESSAGE = 2
CHART_TITLE = 50
CHART_SERIES = 12
CHART_POINTS = 20
CHART_LABEL = 20
CHART_AXIS_LABEL = 50
ALERT_TEXT = 200
CARD = (150, 150, 200, 200)
"""Title, subtitle, body, subtext."""
CARD_ACTIONS = 3
CAROUSEL = (1, 10)
CONTAINER = (150, 150)
"""Title, subtitle."""
CONTAINER_CHILDREN = 10
STREAM_BLOCKS = (50, 50)
SUGGESTED_PROMPTS = 4
LOADING_MESSAGES = 10
LOADING_MESSAGE = 50
STATUS_SECONDS = 120.0
"""After so long without a message a status goes away by itself."""

_EVERYWHERE = frozenset({"message", "modal", "home"})
_NOT_IN_MODALS = frozenset({"message", "home"})
_MESSAGE = frozenset({"message"})
SURFACES: Mapping[str, frozenset[str]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({"modal"}),
    "card": _EVERYWHERE,
    "carousel": _NOT_IN_MODALS,
    "container": _NOT_IN_MODALS,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGE,
    "data_table": _NOT_IN_MODALS,
    "data_visualization": _MESSAGE,
    "divider": _EVERYWHERE,
    "file": _MESSAGE,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGE,
    "plan": _MESSAGE,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": _NOT_IN_MODALS,
    "task_card": _MESSAGE,
    "video": _EVERYWHERE,
}
"""Where each type of block may stand."""
