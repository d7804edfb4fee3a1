"""What the PMO reads when something could not be said."""

from typing import Final

from domain.delivery.messages import DeliveryProblem, EmptiedPart
from message_templates import kit
from message_templates.kit import Rendered
from message_templates.markup import load, rich_text
from message_templates.markup.spans import is_channel_id, is_user_id

_TEMPLATE: Final = "delivery/problem"
_LONGEST: Final = 1_500
"""A cause or a cure is a sentence; what an unexpected error says can be any length."""


def render_problem(problem: DeliveryProblem) -> list[Rendered]:
    """Tell what could not be said, where, why, and what to do about it."""
    channel_id, user_id = problem.channel_id or "", problem.person_slack_id or ""
    values = {
        "problem": problem,
        "channel_id": channel_id if is_channel_id(channel_id) else "",
        "user_id": user_id if is_user_id(user_id) else "",
        "place": channel_id or user_id,
        "cause": kit.shorten(problem.cause, _LONGEST),
        "cure": kit.shorten(problem.cure, _LONGEST),
    }
    texts = load(_TEMPLATE)
    blocks = rich_text(texts.part("told", **values))
    return [Rendered.of(texts.part("fallback", **values), blocks)]


def render_emptied(_message: EmptiedPart) -> list[Rendered]:
    """Fill a message that a newer, shorter text no longer needs; Slack takes no empty one."""
    text = load(_TEMPLATE).part("emptied")
    return [Rendered.of(text, [kit.context(text)])]
