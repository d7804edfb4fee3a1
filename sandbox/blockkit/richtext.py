"""The structure of rich_text: sections, lists, quotes and preformatted text, and what they hold."""

from collections.abc import Mapping

from sandbox.blockkit.checks import (
    Check,
    array,
    boolean,
    by_type,
    integer,
    one_of,
    pattern,
    record,
    text,
)

_STYLE = record(
    {},
    {
        "bold": boolean,
        "italic": boolean,
        "strike": boolean,
        "code": boolean,
        "underline": boolean,
        "highlight": boolean,
        "client_highlight": boolean,
        "unlink": boolean,
    },
)
_STYLED = {"style": _STYLE}

PARTS: Mapping[str, Check] = {
    "text": record({"text": text(None, 1)}, _STYLED),
    "link": record({"url": text(None, 1)}, {"text": text(), "unsafe": boolean, **_STYLED}),
    "user": record({"user_id": text(None, 1)}, _STYLED),
    "usergroup": record({"usergroup_id": text(None, 1)}, _STYLED),
    "channel": record({"channel_id": text(None, 1)}, _STYLED),
    "team": record({"team_id": text(None, 1)}, _STYLED),
    "emoji": record(
        {"name": text(None, 1)}, {"unicode": text(), "skin_tone": integer(1, 6), **_STYLED}
    ),
    "date": record(
        {"timestamp": integer(), "format": text(None, 1)},
        {"url": text(), "fallback": text(), **_STYLED},
    ),
    "broadcast": record({"range": one_of("here", "channel", "everyone")}, _STYLED),
    "color": record({"value": pattern(r"#[0-9A-Fa-f]{6}", "#F405B3")}, _STYLED),
}

_PLAIN_PARTS: Mapping[str, Check] = {kind: PARTS[kind] for kind in ("text", "link")}
_PARTS = array(by_type(lambda: PARTS))
_BORDER = {"border": integer(0, 1)}
_SECTION = record({"elements": _PARTS})

ELEMENTS: Mapping[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": record(
        {
            "style": one_of("bullet", "ordered"),
            "elements": array(by_type(lambda: {"rich_text_section": _SECTION}), 1),
        },
        {"indent": integer(0, 8), "offset": integer(0), **_BORDER},
    ),
    "rich_text_quote": record({"elements": _PARTS}, _BORDER),
    "rich_text_preformatted": record(
        {"elements": array(by_type(lambda: _PLAIN_PARTS))}, {"language": text(), **_BORDER}
    ),
}

RICH_TEXT_FIELDS: Mapping[str, Check] = {"elements": array(by_type(lambda: ELEMENTS), 1)}
RICH_TEXT = by_type(lambda: {"rich_text": record(RICH_TEXT_FIELDS, {"block_id": text()})})
