"""How a heat map looks: a picture that reads in grey, and its words for who cannot see it."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageColor

import message_templates
from domain.digests.heat_map.loading import Cell, HeatMap, HeatRow
from domain.digests.heat_map.rules import ROWS
from message_templates.digests import heat_map as heat_map_template
from message_templates.digests.heat_map import render_heat_map
from message_templates.digests.heat_map_picture import LOOKS, SCALE, WIDTH
from message_templates.kit import Rendered
from tests.support.looks import assert_slack_takes, shown

NEWEST = date(2026, 11, 25)


def heat_map(*rows: tuple[str, str], **others: object) -> HeatMap:
    """A page with these codes and cells, by weekly cycles."""
    columns = len(rows[0][1])
    days = tuple(NEWEST - timedelta(days=7 * ago) for ago in range(columns - 1, -1, -1))
    page = HeatMap(
        title="ITS Council",
        columns=days,
        rows=tuple(HeatRow(code, f"Project {code}", cells) for code, cells in rows),
        as_of=datetime(2026, 11, 30, 13, tzinfo=UTC),
        timezone="America/New_York",
    )
    return replace(page, **others)  # type: ignore[arg-type]


@cache
def rendered(message: HeatMap) -> Rendered:
    messages = render_heat_map(message)
    assert_slack_takes([each.with_files({}) for each in messages])
    [one] = messages
    return one


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests of the words alone: drawing takes a while."""
    monkeypatch.setattr(heat_map_template, "draw", lambda *_what: b"PNG")
    rendered.cache_clear()
    yield
    rendered.cache_clear()


def alternative(message: HeatMap) -> str:
    [picture] = rendered(message).pictures
    return picture.alt


def picture_of(message: HeatMap) -> Image.Image:
    [picture] = rendered(message).pictures
    return Image.open(BytesIO(picture.data)).convert("RGB")


ALL_CELLS = heat_map(("APOLLO", "RYG-?=."), ("ZEUS", "GGGGGGG"))


def luminance(colour: str) -> float:
    """The relative luminance that accessibility guidelines compute contrasts from."""
    parts = [channel / 255 for channel in ImageColor.getrgb(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(colours: Iterable[str]) -> float:
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("pair", list(combinations((Cell.RED, Cell.YELLOW, Cell.GREEN), 2)))
def test_colours_differ_in_lightness_so_that_they_read_in_grey(pair: tuple[Cell, Cell]) -> None:
    assert contrast(LOOKS[each].fill for each in pair) > 1.9
    grey = [picture_of(ALL_CELLS).convert("L").getpixel(_corner(cell)) for cell in pair]
    assert abs(_number(grey[0]) - _number(grey[1])) >= 60


@pytest.mark.parametrize("cell", [each for each in Cell if each is not Cell.NOT_ASKED])
def test_the_letter_or_shape_of_a_cell_stands_out_from_its_colour(cell: Cell) -> None:
    assert contrast([LOOKS[cell].fill, LOOKS[cell].sign]) >= 4.5


def test_each_kind_of_cell_looks_different_in_grey_and_stands_in_the_legend() -> None:
    grey = picture_of(ALL_CELLS).convert("L")
    cells = {bytes(grey.crop(_box(cell)).tobytes()) for cell in Cell}
    assert len(cells) == len(Cell) == len(LOOKS)


def _box(cell: Cell) -> tuple[int, int, int, int]:
    """Where the sample of a cell stands in the legend: below the last row."""
    number = list(LOOKS).index(cell)
    line, column = divmod(number, 4)
    left = 10 + 95 * column
    middle = _height(ALL_CELLS) - 44 + 15 + 16 * line
    return (
        (left + 1) * SCALE,
        (middle - 5) * SCALE,
        (left + 18) * SCALE,
        (middle + 5) * SCALE,
    )


def _corner(cell: Cell) -> tuple[int, int]:
    left, top, *_rest = _box(cell)
    return left + SCALE, top + SCALE


def _height(message: HeatMap) -> int:
    return picture_of(message).height // SCALE


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value


def test_drawing_twice_gives_the_same_bytes_without_a_version_or_date_in_them() -> None:
    first, second = (render_heat_map(ALL_CELLS)[0].pictures[0].data for _turn in range(2))
    assert first == second
    chunks = set(re.findall(rb"IHDR|PLTE|IDAT|IEND|tEXt|iTXt|zTXt|tIME", first))
    assert chunks <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def test_a_full_page_is_as_wide_as_a_small_one_and_has_room_for_a_line_for_each_project() -> None:
    full = heat_map(*((f"PROJECT-{number:03}", "GGYR-?=.GGYR") for number in range(ROWS)))
    size = picture_of(full).size
    assert size[0] == picture_of(ALL_CELLS).width == WIDTH * SCALE
    assert size[1] / SCALE >= ROWS * 15
    [picture] = rendered(full).pictures
    assert len(picture.data) < 150_000


def test_long_codes_and_names_end_before_the_cells() -> None:
    first_cell = (WIDTH - 10 - 12 * 21) * SCALE
    longer, long = (
        picture_of(heat_map((code, "GGGGGGGGGGGG"))) for code in ("LONGEST-CODE-" * 4, "OTHER " * 9)
    )
    beside = (first_cell, 0, long.width, long.height - 44 * SCALE)
    assert longer.size == long.size
    apart = ImageChops.difference(longer.crop(beside), long.crop(beside)).convert("L")
    assert _number(apart.getextrema()[1]) <= 8  # each has a palette of its own


def test_what_people_typed_is_neither_a_formula_nor_markup_nor_a_warning() -> None:
    message = heat_map(
        ("$x^2$", "GR"), ("<!here>", "GG"), ("*a*\n_b_", "G-"), ("\\frac{1}", "GG"), title="$a$ & b"
    )
    message = replace(message, rows=tuple(replace(row, name="$\\bad$ 🚀") for row in message.rows))
    shown_message = rendered(message)
    assert "$a$ &amp; b: portfolio heat map" in shown_message.text
    assert "&lt;!here&gt;" not in shown(shown_message.blocks)
    assert "1 red ($x^2$)" in shown_message.text


def test_a_code_that_cannot_be_drawn_has_a_number_and_stands_below_the_picture() -> None:
    message = heat_map(("APOLLO", "R"), ("项目", "Y"), ("ПРОЕКТ", "G"), ("🚀", "G"), title="委员会")
    _picture, line = rendered(message).blocks
    assert shown(line) == "(2) is *项目* Project 项目 · (4) is *🚀* Project 🚀"
    assert alternative(message).startswith("委员会: portfolio heat map")


@pytest.mark.usefixtures("undrawn")
def test_the_alternative_text_tells_counts_the_red_ones_and_what_has_changed() -> None:
    message = heat_map(
        ("APOLLO", "GR"),
        ("HERA", "RR"),
        ("MARS", "RY"),
        ("NOVA", "G-"),
        ("PLUTO", ".G"),
        ("ZEUS", "G="),
    )
    assert alternative(message) == (
        "ITS Council: portfolio heat map, 2 cycles, 18 Nov to 25 Nov 2026"
        " · as of Mon 30 Nov 08:00. 6 projects: 2 red (APOLLO, HERA), 1 yellow, 1 green,"
        " 1 no report, 1 on hold. Since 18 Nov: worse: APOLLO; better: MARS;"
        " no answer any more: NOVA, ZEUS; new or answered again: PLUTO."
    )


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("cells", "ending"),
    [("GG", "1 green. Since 18 Nov: nothing has changed."), ("G", "1 project: 1 green.")],
)
def test_the_alternative_text_says_so_where_nothing_changed_or_nothing_was_before(
    cells: str, ending: str
) -> None:
    assert alternative(heat_map(("APOLLO", cells))).endswith(ending)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    "code", ["PROJECT-{:03}", "A & B & C & D & E & F {:03}", "&" * 30 + "{:03}"]
)
def test_the_alternative_text_stays_under_a_thousand_characters(code: str) -> None:
    page = heat_map(*((code.format(number), "GR") for number in range(ROWS)), page=2, pages=5)
    [picture] = rendered(page).pictures
    assert len(picture.alt) < 1_000
    assert picture.short_alt == picture.alt
    assert "page 2 of 5. 40 projects on this page: 40 red" in picture.alt
    assert picture.name == "heat-map-2026-11-25-2.png"


@pytest.mark.usefixtures("undrawn")
def test_the_restricted_part_says_what_it_is() -> None:
    assert "heat map, Restricted part" in alternative(heat_map(("VAULT", "G"), is_restricted=True))


@pytest.mark.usefixtures("undrawn")
def test_years_are_told_where_they_change() -> None:
    page = heat_map(("APOLLO", "GG"))
    january = replace(page, columns=(date(2026, 12, 30), date(2027, 1, 6)))
    assert "2 cycles, 30 Dec 2026 to 6 Jan 2027" in alternative(january)


def test_a_page_that_is_no_longer_needed_says_so_and_shows_no_picture() -> None:
    emptied = rendered(heat_map(("APOLLO", "G"), rows=()))
    assert (emptied.text, emptied.pictures) == (
        "This page of the heat map is no longer needed.",
        (),
    )


def test_the_charting_library_is_imported_by_the_first_picture_and_not_by_the_bot() -> None:
    root = Path(message_templates.__file__).parent.parent
    sources = [
        source
        for floor in ("bot", "handlers", "jobs", "message_templates", "domain", "models")
        for source in (root / floor).rglob("*.py")
        if re.search(
            r"^\s*(import|from) (matplotlib|PIL)\b", source.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert [each.name for each in sources] == ["heat_map_picture.py"]
    for statement in ast.parse(sources[0].read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            assert not re.search(r"\b(matplotlib|PIL)\b", ast.unparse(statement))
