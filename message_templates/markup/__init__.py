"""Texts from templates: the template's own words are markup, the values put into them are data.

`load` finds a message's template, `MessageText.part` renders one of its blocks, and `rich_text`,
`mrkdwn` and `plain` write the result for the place in Slack where it goes.
"""

from message_templates.markup.marked import Marked
from message_templates.markup.templates import MessageText, load, make_environment
from message_templates.markup.writers import Mrkdwn, mrkdwn, plain, rich_text

__all__ = [
    "Marked",
    "MessageText",
    "Mrkdwn",
    "load",
    "make_environment",
    "mrkdwn",
    "plain",
    "rich_text",
]
