"""How following a project looks: the button, and what is said to who presses or types it."""

from typing import Final

from domain.portfolio.following import Following
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import load, plain, rich_text

UNFOLLOW: Final = "unfollow_project"
"""The action of the button *Stop following*; its value is the project's number."""

_TEMPLATE: Final = "portfolio/following"
_CODE, _NAME = 30, 100


def follows(following: Following) -> Rendered:
    """Tell somebody that they follow a project; offer to stop where they did before."""
    text = load(_TEMPLATE).part("follows", wish=following.wish.value, **_told(following))
    stop = [] if following.has_changed else [kit.actions(stop_button(following.project_id))]
    return Rendered.of(text, [*rich_text(text), *stop])


def stopped(following: Following) -> Rendered:
    """Tell somebody that they follow a project no more."""
    text = load(_TEMPLATE).part("stopped", **_told(following))
    return Rendered.of(text, rich_text(text))


def follows_none() -> Rendered:
    """Tell somebody how to follow a project."""
    text = load(_TEMPLATE).part("none")
    return Rendered.of(text, rich_text(text))


def list_title() -> str:
    """What stands above the list of what somebody follows."""
    return plain(load(_TEMPLATE).part("title"))


def how_to_stop() -> Rendered:
    """What stands below that list."""
    text = load(_TEMPLATE).part("listed")
    return Rendered.of(text, [kit.context(text)])


def stop_button(project_id: int) -> Block:
    """The button that ends following a project."""
    return kit.button(load(_TEMPLATE).part("stop"), UNFOLLOW, value=str(project_id))


def _told(following: Following) -> dict[str, object]:
    return {
        "code": kit.shorten(following.code, _CODE),
        "name": kit.shorten(following.name, _NAME),
        "has_changed": following.has_changed,
    }
