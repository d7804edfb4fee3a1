"""The reply with a heat map: a picture, and in words what it shows."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from domain.digests.heat_map.loading import Cell, HeatMap, HeatRow
from domain.digests.heat_map.rules import moves
from message_templates import kit
from message_templates.digests.heat_map_picture import (
    LOOKS,
    Label,
    Words,
    can_draw,
    draw,
    drawable,
)
from message_templates.kit import Picture, Rendered
from message_templates.markup import Marked, load, plain
from message_templates.markup.filters import short_day

_TEMPLATE: Final = "digests/heat_map"

_ALTERNATIVE: Final = 999
"""Characters of the alternative text: under the 1,000 that Slack takes."""
_NAMED: Final = (40, 25, 15, 10, 6, 3, 1, 0)
"""How many codes of a kind the alternative text may name, until it is short enough."""

_COUNCIL: Final = 100
_CODE: Final = 60
_SPOKEN_CODE: Final = 30
_NAME: Final = 60
_KEYS: Final = 20
"""Projects that a line under the picture tells of."""


def render_heat_map(message: HeatMap) -> list[Rendered]:
    """Show one page: the picture, and below it the codes that its letters cannot write."""
    texts = load(_TEMPLATE)
    if not message.rows:
        text = texts.part("emptied")
        return [Rendered.of(text, [kit.context(text)])]
    keys = [
        (number, kit.shorten(row.code, _CODE), kit.shorten(row.name, _NAME))
        for number, row in enumerate(message.rows, start=1)
        if not can_draw(_clean(row.code))
    ]
    title = plain(texts.part("title", title=kit.shorten(message.title, _COUNCIL)))
    gist = _gist(message, title)
    picture = Picture(_file_name(message), _drawn(message), plain(gist))
    lines = [
        kit.context(texts.part("keys", keys=keys[start : start + _KEYS]))
        for start in range(0, len(keys), _KEYS)
    ]
    return [Rendered.of(gist, [kit.picture_block(picture, title), *lines], pictures=(picture,))]


def _drawn(message: HeatMap) -> bytes:
    texts = load(_TEMPLATE)
    words = Words(
        title=plain(texts.part("title", title=drawable(_clean(message.title)))),
        subtitle=_subtitle(message),
        months=tuple(short_day(day).split()[-1] for day in message.columns),
        legend={cell: plain(texts.part(cell.name.lower())) for cell in LOOKS},
    )
    labels = [_label(number, row) for number, row in enumerate(message.rows, start=1)]
    return draw(words, message.columns, message.rows, labels)


def _label(number: int, row: HeatRow) -> Label:
    """Code and name of a project, or a number in place of a code that cannot be written."""
    code = _clean(row.code)
    if not can_draw(code):
        return Label(f"({number})", "")
    return Label(kit.shorten(code, _CODE), drawable(_clean(kit.shorten(row.name, _NAME))))


def _clean(text: str) -> str:
    """A text as one line, accents with their letters, without what only steers its display."""
    joined = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(each for each in joined if each.isprintable())


def _file_name(message: HeatMap) -> str:
    page = f"-{message.page}" if message.pages > 1 else ""
    return f"heat-map-{message.columns[-1]}{page}.png"


def _subtitle(message: HeatMap) -> str:
    return plain(load(_TEMPLATE).part("subtitle", message=message, columns=message.columns))


# --- in words


def _gist(message: HeatMap, title: str) -> Marked:
    """What the picture shows, naming as many projects as there is room for."""
    for most in _NAMED:
        text = load(_TEMPLATE).part(
            "gist",
            title=title,
            subtitle=_subtitle(message),
            message=message,
            tally=list(_tally(message.rows)),
            before=message.columns[-2] if len(message.columns) > 1 else None,
            moved=list(_moved(message.rows)),
            most=most,
        )
        if kit.slack_length(plain(text)) <= _ALTERNATIVE:
            break
    return text


def _tally(rows: Sequence[HeatRow]) -> Iterator[tuple[str, int, list[str]]]:
    """How many projects are what now; the red ones with their codes."""
    for cell in LOOKS:
        found = [kit.shorten(row.code, _SPOKEN_CODE) for row in rows if row.newest is cell]
        if found:
            word = plain(load(_TEMPLATE).part(cell.name.lower()))
            yield word, len(found), found if cell is Cell.RED else []


def _moved(rows: Sequence[HeatRow]) -> Iterator[tuple[str, list[str]]]:
    """What has changed against the cycle before, with the codes."""
    changed = moves(rows)
    for name in ("worse", "better", "silent", "back"):
        if codes := getattr(changed, name):
            word = plain(load(_TEMPLATE).part(name))
            yield word, [kit.shorten(code, _SPOKEN_CODE) for code in codes]
