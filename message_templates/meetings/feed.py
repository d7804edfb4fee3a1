"""The address of one's own calendar: shown once, and how to renew it or take it back."""

from typing import Final

from domain.meetings.values import FeedState
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import load, rich_text

RENEW: Final = "calendar_renew"
"""The action of the button that makes a new address."""

REVOKE: Final = "calendar_revoke"
"""The action of the button that takes the address back."""

_TEMPLATE: Final = "meetings/feed"
_NAMED: Final = 10
_NAME: Final = 75


def feed_notice(feed: FeedState) -> Rendered:
    """Tell somebody about their address; only they may read it."""
    texts = load(_TEMPLATE)
    councils = [kit.shorten(each, _NAME) for each in feed.councils[:_NAMED]]
    if left := len(feed.councils) - len(councils):
        councils.append(f"{left} more")
    blocks = rich_text(texts.part("text", feed=feed, councils=councils))
    if feed.address:
        blocks += [*kit.user_text(feed.address), *rich_text(texts.part("warning"))]
    if feed.since is not None:
        blocks.append(kit.actions(*_buttons(is_possible=feed.is_possible)))
    return Rendered.of(texts.part("fallback"), blocks)


def _buttons(*, is_possible: bool) -> list[Block]:
    texts = load(_TEMPLATE)
    sure = kit.confirm(texts.part("sure"), texts.part("sure_text"), texts.part("revoke"))
    revoke = kit.button(texts.part("revoke"), REVOKE, value="mine", confirm=sure)
    renew = kit.button(texts.part("renew"), RENEW, value="mine")
    return [renew, revoke] if is_possible else [revoke]
