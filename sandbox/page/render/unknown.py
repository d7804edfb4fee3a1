"""What this page can't draw is shown as such, with its JSON: nothing is dropped silently."""

import json
from typing import Any

from markupsafe import Markup

from sandbox.page.render.html import tag


def unknown(what: str, thing: Any) -> Markup:
    """Draw a marked box around something that this page doesn't know."""
    kind = thing.get("type", "untyped") if isinstance(thing, dict) else type(thing).__name__
    return tag(
        "details",
        tag("summary", f"This page can't draw the {what} “{kind}”"),
        tag("pre", json.dumps(thing, indent=1, ensure_ascii=False, default=str)),
        class_="unknown",
    )
