"""The one place where HTML is put together: whatever goes into a tag is escaped here."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

AttributeValue = str | int | bool | None

VOID_TAGS = frozenset({"br", "hr", "img", "input"})
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "slack"})


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
    opening = "<" + " ".join(parts) + ">"
    if name in VOID_TAGS:
        return Markup(opening)  # noqa: S704 - every value in it was escaped above
    return Markup("{}{}{}").format(
        Markup(opening),  # noqa: S704 - every value in it was escaped above
        join(children),
        Markup(f"</{name}>"),  # noqa: S704 - tag names are this package's own literals
    )


def join(parts: Iterable[str]) -> Markup:
    """Concatenate, escaping every part that isn't HTML already."""
    return Markup().join(parts)


def with_line_breaks(text: str) -> Markup:
    """Show plain text literally, its line breaks kept."""
    return tag("br").join(escape(line) for line in text.split("\n"))


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
