"""The one place where HTML is put together: whatever goes into a tag is escaped here."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

AttributeValue = str | int | bool | None

VOID_TAGS = frozenset({"br", "hr", "img", "input"})
TEXT_ONLY_TAGS = frozenset({"option", "textarea"})
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "slack"})

_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "brown", "black", "white")
_DOTS = dict(zip("🔴🟠🟡🟢🔵🟣🟤⚫⚪", _COLOURS, strict=True))
_SQUARES = dict(zip("🟥🟧🟨🟩🟦🟪🟫⬛⬜", _COLOURS, strict=True))
_DIAMONDS = {"🔶": "orange", "🔷": "blue"}
_DRAWN = re.compile(f"([{''.join(_DOTS | _SQUARES | _DIAMONDS)}])\ufe0f?")


def tag(name: str, /, *children: str, **attributes: AttributeValue) -> Markup:
    """Build one element; `class_` and `data_block` become `class` and `data-block`.

    An attribute that is None or False is left out, one that is True has no value.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        parts.append(attribute if value is True else f'{attribute}="{escape(value)}"')
    opening = Markup("<" + " ".join(parts) + ">")  # noqa: S704 - every value was escaped above
    if name in VOID_TAGS:
        return opening
    inner = Markup().join(children) if name in TEXT_ONLY_TAGS else join(children)
    closing = Markup(f"</{name}>")  # noqa: S704 - tag names are this package's own literals
    return opening + inner + closing


def join(parts: Iterable[str]) -> Markup:
    """Concatenate, escaping every part that isn't HTML already."""
    return Markup().join(show(part) for part in parts)


def show(text: str) -> Markup:
    """Escape a text, unless it is HTML already.

    Coloured dots are drawn by the style sheet: they carry a project's health, and a machine
    without an emoji font would show empty boxes instead.
    """
    if isinstance(text, Markup):
        return text
    drawn = _DRAWN.sub(lambda match: _dot(match[1]), str(escape(text)))
    return Markup(drawn)  # noqa: S704 - escaped, but for the spans just put in


def with_line_breaks(text: str) -> Markup:
    """Show plain text literally, its line breaks kept."""
    return tag("br").join(show(line) for line in text.split("\n"))


def is_safe_url(url: str) -> bool:
    """Tell whether a link may be followed: no `javascript:`, `data:` or relative address."""
    try:
        return urlsplit(url.strip()).scheme.lower() in ALLOWED_SCHEMES
    except ValueError:
        return False


def link(url: str, label: str) -> Markup:
    """Link to a safe address in a new tab; any other address is shown as text."""
    if not is_safe_url(url):
        return tag("span", label, " (", url, ")", class_="refused-link")
    return tag("a", label, href=url, target="_blank", rel="noopener noreferrer")


def _dot(character: str) -> str:
    if character in _DOTS:
        return f'<span class="dot dot-{_DOTS[character]}">{character}</span>'
    if character in _DIAMONDS:
        return f'<span class="dot diamond dot-{_DIAMONDS[character]}">{character}</span>'
    return f'<span class="dot square dot-{_SQUARES[character]}">{character}</span>'
