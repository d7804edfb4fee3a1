"""Text objects: mrkdwn is read, plain text is shown literally."""

from markupsafe import Markup

from sandbox.page.render.context import Json, RenderContext
from sandbox.page.render.emoji import replace_short_codes
from sandbox.page.render.html import with_line_breaks
from sandbox.page.render.mrkdwn import render_mrkdwn


def render_text(text: Json, context: RenderContext) -> Markup:
    """Render a text object of either kind."""
    if text.get("type") == "mrkdwn":
        verbatim = bool(text.get("verbatim"))
        return render_mrkdwn(text.get("text", ""), context, verbatim=verbatim)
    return with_line_breaks(plain(text))


def plain(text: Json | None) -> str:
    """Return a text object's text for places that hold no markup, such as an option."""
    if not text:
        return ""
    shown = str(text.get("text", ""))
    return replace_short_codes(shown) if text.get("emoji") else shown
