"""The row of buttons under what is told of one project: *History*, *Follow* and *Ask the PM*.

It stands beside the rooms, because digests show it and other rooms answer it.
"""

from typing import Final

from message_templates import kit
from message_templates.inquiries import ASK_PM
from message_templates.kit import Block
from message_templates.markup import load

SHOW_HISTORY: Final = "show_history"
FOLLOW: Final = "follow_project"
"""The actions of the buttons; the value of each is the project's number."""

_TEMPLATE: Final = "project_actions"


def project_actions(project_id: int) -> Block:
    """The row for one project; who presses is checked on the press."""
    texts, value = load(_TEMPLATE), str(project_id)
    return kit.actions(
        *(
            kit.button(texts.part(each), each, value=value)
            for each in (SHOW_HISTORY, FOLLOW, ASK_PM)
        )
    )
