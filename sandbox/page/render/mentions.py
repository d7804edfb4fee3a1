"""People, channels and broadcasts in a text, named for the viewer."""

from markupsafe import Markup

from sandbox.page.render.context import RenderContext
from sandbox.page.render.html import tag


def user_mention(user: str, context: RenderContext) -> Markup:
    """Name a person; the viewer's own name stands out."""
    mine = " mention-me" if user == context.viewer else ""
    return tag("span", "@", context.people.get(user, user), class_=f"mention{mine}")


def channel_mention(channel: str, context: RenderContext) -> Markup:
    """Name a channel and link to it when the viewer can see it."""
    if name := context.channels.get(channel):
        href = f"/u/{context.viewer}/c/{channel}"
        return tag("a", "#", name, class_="mention", href=href)
    return tag("span", "#private-channel", class_="mention")


def broadcast_mention(audience: str) -> Markup:
    """Show `@channel`, `@here`, `@everyone` or a user group."""
    return tag("span", "@", audience.removeprefix("@"), class_="mention mention-me")
