"""Draws a heat map: a letter or a shape in each cell beside its colour, so that it reads in grey.

All lengths are in points of a picture that is 400 points wide, about the width at which Slack shows
it; it has three pixels for each. The same value gives the same bytes: nothing comes from the fonts,
the settings or the clock of the machine.

The library is imported by the first picture: nobody waits for it who starts the bot, and a bot that
draws nothing never has it in memory.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from domain.digests.heat_map.loading import Cell, HeatRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path as Shape
    from matplotlib.transforms import Affine2D

WIDTH: Final = 400
SCALE: Final = 3
"""Pixels of a point."""

_MARGIN: Final = 10.0
_MONTHS_AT: Final = 49.0
_DAYS_AT: Final = 60.0
_ROWS_AT: Final = 69.0
_ROW: Final = 15.0
_COLUMN: Final = 21.0
_CELL: Final = (19.0, 13.0)
_GROUP_GAP: Final = 5.0
_LEGEND: Final = 44.0
_LEGEND_ROW: Final = 16.0
_LEGEND_COLUMNS: Final = 4

_TITLE_SIZE: Final = 13.0
_SMALL: Final = 8.5
_CODE_SIZE: Final = 9.0
_GAP: Final = 6.0
_SHORTEST_NAME: Final = 36.0
"""Less room than this is not worth beginning a name."""

_INK: Final = "#1d1c1d"
_FAINT: Final = "#5c5c5c"
_BAND: Final = "#ececec"
_PALETTE: Final = 64
"""Colours of a finished picture: those below, and their edges against each other."""


@dataclass(frozen=True)
class Look:
    """How a cell looks."""

    fill: str
    edge: str
    sign: str
    """The colour of the letter or shape in it."""


LOOKS: Final[dict[Cell, Look]] = {
    Cell.RED: Look("#a3122f", "#a3122f", "#ffffff"),
    Cell.YELLOW: Look("#ffe066", "#d3ac00", _INK),
    Cell.GREEN: Look("#4fb083", "#4fb083", _INK),
    Cell.MISSING: Look("#ffffff", "#8a8a8a", _INK),
    Cell.NOT_RATED: Look("#ffffff", "#8a8a8a", _INK),
    Cell.ON_HOLD: Look("#ffffff", "#8a8a8a", _INK),
    Cell.NOT_ASKED: Look("#ffffff", "#ffffff", "#8a8a8a"),
}
"""In the legend's order. Red is dark, green in the middle and yellow light: a grey print and any
kind of colour blindness keep them apart. What has no colour has no fill."""


@dataclass(frozen=True)
class Words:
    """What is written on a picture beside the projects."""

    title: str
    subtitle: str
    months: tuple[str, ...]
    """The name of each column's month."""
    legend: Mapping[Cell, str]


@dataclass(frozen=True)
class Label:
    """What stands before the cells of a project."""

    code: str
    name: str


def draw(
    words: Words, columns: Sequence[date], rows: Sequence[HeatRow], labels: Sequence[Label]
) -> bytes:
    """Draw one page as a PNG.

    Args:
        words: what is written on it.
        columns: the days of the cycles, oldest first.
        rows: the projects, in their order.
        labels: of each row; with characters that `can_draw` only.
    """
    with _LOCK:
        sheet = _Sheet(columns, rows, labels)
        sheet.head(words)
        sheet.days(words.months)
        sheet.labels()
        sheet.cells()
        sheet.legend(words.legend)
        return sheet.png()


def can_draw(text: str) -> bool:
    """Whether the font has every character of a text."""
    with _LOCK:
        return all(ord(each) in _characters() for each in text)


def drawable(text: str) -> str:
    """The text without symbols that the font lacks; empty if it lacks a letter of it."""
    with _LOCK:
        known = _characters()
    kept = "".join(each for each in text if ord(each) in known)
    lost = (unicodedata.category(each)[0] for each in text if ord(each) not in known)
    return "" if {"L", "M", "N"}.intersection(lost) else " ".join(kept.split())


_LOCK: Final = Lock()
"""The library is not made for several threads; drawing needs the processor alone anyway."""


@dataclass(frozen=True)
class _Place:
    """Where a text stands: `x`, `y` of its middle line, and how."""

    x: float
    y: float
    size: float = _SMALL
    colour: str = _INK
    is_bold: bool = False
    align: str = "left"


class _Sheet:
    """A picture in the making; `y` goes down."""

    def __init__(
        self, columns: Sequence[date], rows: Sequence[HeatRow], labels: Sequence[Label]
    ) -> None:
        self._columns = columns
        self._rows = rows
        self._labels = labels
        self._ys = list(_row_places(rows))
        self._bottom = self._ys[-1] + _ROW / 2
        self._left = self._room()
        self._height = self._bottom + _LEGEND
        self._figure, self._to_pixels = _figure(self._height)

    def _room(self) -> float:
        """Where the cells begin: after the longest label, or where the last ones just fit."""
        bold, plain = _font(is_bold=True), _font(is_bold=False)
        widths = [
            bold.width(each.code, _CODE_SIZE) + _GAP + plain.width(each.name, _SMALL)
            for each in self._labels
        ]
        most = WIDTH - _MARGIN - len(self._columns) * _COLUMN
        return min(float(round(_MARGIN + max(widths) + _GAP)), most)

    def head(self, words: Words) -> None:
        """Write the title and the line under it."""
        width = WIDTH - 2 * _MARGIN
        title = _font(is_bold=True).fit(words.title, _TITLE_SIZE, width)
        self._write(title, _Place(_MARGIN, 15, _TITLE_SIZE, is_bold=True))
        subtitle = _font(is_bold=False).fit(words.subtitle, _SMALL, width)
        self._write(subtitle, _Place(_MARGIN, 32, colour=_FAINT))

    def days(self, months: Sequence[str]) -> None:
        """Write the days over the columns, and over the first of each month its name."""
        self._band()
        before = (None, *self._columns[:-1])
        for number, (day, last) in enumerate(zip(self._columns, before, strict=True)):
            x = self._middle(number)
            if last is None or (last.year, last.month) != (day.year, day.month):
                month = _Place(x, _MONTHS_AT, colour=_FAINT, align="center")
                self._write(months[number], month)
            is_newest = number == len(self._columns) - 1
            self._write(str(day.day), _Place(x, _DAYS_AT, is_bold=is_newest, align="center"))

    def labels(self) -> None:
        """Write code and name of each project, shortened to the room before the cells."""
        bold, plain = _font(is_bold=True), _font(is_bold=False)
        room = self._left - _MARGIN - _GAP
        for label, y in zip(self._labels, self._ys, strict=True):
            code = bold.fit(label.code, _CODE_SIZE, room)
            self._write(code, _Place(_MARGIN, y, _CODE_SIZE, is_bold=True))
            used = bold.width(code, _CODE_SIZE) + _GAP
            if label.name and room - used >= min(_SHORTEST_NAME, plain.width(label.name, _SMALL)):
                name = plain.fit(label.name, _SMALL, room - used)
                self._write(name, _Place(_MARGIN + used, y, colour=_FAINT))

    def cells(self) -> None:
        """Draw the cells."""
        places: dict[Cell, list[tuple[float, float]]] = {}
        for row, y in zip(self._rows, self._ys, strict=True):
            for number, letter in enumerate(row.cells):
                places.setdefault(Cell(letter), []).append((self._middle(number), y))
        self._draw_cells(places)

    def legend(self, names: Mapping[Cell, str]) -> None:
        """Show each kind of cell with its name."""
        places = {}
        step = (WIDTH - 2 * _MARGIN) / _LEGEND_COLUMNS
        for number, (cell, name) in enumerate(names.items()):
            line, column = divmod(number, _LEGEND_COLUMNS)
            x = _MARGIN + step * column
            y = self._bottom + 15 + _LEGEND_ROW * line
            places[cell] = [(x + _CELL[0] / 2, y)]
            self._write(name, _Place(x + _CELL[0] + 5, y))
        self._draw_cells(places)

    def png(self) -> bytes:
        """Finish the picture, in few colours: a third of the bytes, and nobody sees it."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        canvas = FigureCanvasAgg(self._figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        drawn = Image.frombuffer("RGBA", canvas.get_width_height(), pixels).convert("RGB")
        few = drawn.quantize(_PALETTE, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        target = BytesIO()
        few.save(target, "png")  # says nothing of itself: no version, no date
        return target.getvalue()

    def _middle(self, column: int) -> float:
        return self._left + _COLUMN * (column + 0.5)

    def _band(self) -> None:
        """Set the newest column off."""
        from matplotlib.patches import Rectangle

        top = _DAYS_AT - 7
        left = self._left + _COLUMN * (len(self._columns) - 1)
        band = Rectangle(
            (left, top),
            _COLUMN,
            self._bottom - top + 1,
            facecolor=_BAND,
            edgecolor="none",
            transform=self._to_pixels,
        )
        self._figure.add_artist(band)

    def _draw_cells(self, places: dict[Cell, list[tuple[float, float]]]) -> None:
        width, height = _CELL
        box = _bar(width, height)
        for cell, at in places.items():
            look = LOOKS[cell]
            self._stamp(box, at, look.fill, look.edge)
            self._stamp(_sign(cell), at, look.sign, "none")

    def _stamp(
        self, shape: "Shape", at: Sequence[tuple[float, float]], fill: str, edge: str
    ) -> None:
        """Draw a shape at many places."""
        from matplotlib.collections import PathCollection
        from matplotlib.transforms import Affine2D

        stamps = PathCollection(
            [shape],
            offsets=at,
            offset_transform=self._to_pixels,
            facecolors=[fill],
            edgecolors=[edge],
            linewidths=[0.6],
        )
        stamps.set_transform(Affine2D().scale(SCALE))
        self._figure.add_artist(stamps)

    def _write(self, text: str, place: _Place) -> None:
        """Write one line; nothing in it is a formula."""
        self._figure.text(
            place.x,
            place.y,
            text,
            transform=self._to_pixels,
            fontproperties=_font(is_bold=place.is_bold).properties,
            fontsize=place.size,
            color=place.colour,
            ha=place.align,
            va="center_baseline",
            parse_math=False,
        )


def _row_places(rows: Sequence[HeatRow]) -> Iterator[float]:
    """The middle of each row, with a gap between those of another colour."""
    y = _ROWS_AT - _ROW / 2
    groups = groupby(rows, key=lambda row: _GROUPS.get(row.newest, row.newest))
    for number, (_group, members) in enumerate(groups):
        y += _GROUP_GAP if number else 0
        for _row in members:
            y += _ROW
            yield y


_GROUPS: Final = dict.fromkeys((Cell.MISSING, Cell.NOT_RATED, Cell.ON_HOLD), Cell.NOT_ASKED)
"""What has no colour stands together."""


def _figure(height: float) -> tuple["Figure", "Affine2D"]:
    """An empty picture, and the way from points to its pixels."""
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    inch = 72
    pixels = round(height * SCALE)
    figure = Figure((WIDTH / inch, pixels / SCALE / inch), dpi=inch * SCALE, facecolor="white")
    return figure, Affine2D().scale(SCALE, -SCALE).translate(0, pixels)


@lru_cache
def _sign(cell: Cell) -> "Shape":
    """The letter or shape of a cell, around its middle."""
    from matplotlib.path import Path as Shape
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    if cell is Cell.MISSING:
        return _bar(8, 1.6)
    if cell is Cell.ON_HOLD:
        bar, aside = _bar(1.8, 7), Affine2D().translate(2, 0)
        return Shape.make_compound_path(bar.transformed(aside), bar.transformed(aside.inverted()))
    if cell is Cell.NOT_ASKED:
        return Shape.circle(radius=1.2)
    letter = TextPath((0, 0), cell.value, size=10, prop=_font(is_bold=True).properties)
    box = letter.get_extents()
    return letter.transformed(Affine2D().translate(-(box.x0 + box.x1) / 2, -(box.y0 + box.y1) / 2))


def _bar(width: float, height: float) -> "Shape":
    from matplotlib.path import Path as Shape
    from matplotlib.transforms import Affine2D

    return Shape.unit_rectangle().transformed(Affine2D().translate(-0.5, -0.5).scale(width, height))


class _Font:
    """One of the fonts that come with the library."""

    def __init__(self, name: str) -> None:
        import matplotlib as mpl
        from matplotlib.font_manager import FontProperties
        from matplotlib.ft2font import FT2Font

        mpl.rcdefaults()  # whatever settings of its own the machine has
        path = Path(mpl.get_data_path(), "fonts", "ttf", name)
        self.properties = FontProperties(fname=str(path))
        self._face = FT2Font(str(path))
        self._face.set_size(_EM, 72)
        self.known: Final = frozenset(self._face.get_charmap())
        self._widths: dict[str, float] = {}

    def width(self, text: str, size: float) -> float:
        """How wide a text gets."""
        return sum(map(self._width, text)) * size

    def fit(self, text: str, size: float, room: float) -> str:
        """The text, or as much of it as there is room for with "…" at its end."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(f"{text}…", size) > room:
            text = text[:-1]
        words = text.rpartition(" ")[0]
        return f"{words if 4 * len(words) >= 3 * len(text) else text.rstrip()}…"

    def _width(self, character: str) -> float:
        if character not in self._widths:
            glyph = self._face.load_char(ord(character))
            self._widths[character] = glyph.linearHoriAdvance / 65_536 / _EM
        return self._widths[character]


@lru_cache
def _characters() -> frozenset[int]:
    """What can be written, bold or not."""
    return _font(is_bold=True).known & _font(is_bold=False).known


_EM: Final = 100


@lru_cache
def _font(*, is_bold: bool) -> _Font:
    return _Font("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf")
