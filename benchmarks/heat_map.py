"""What a heat map of 40 projects and 12 cycles costs to draw, and how large its file gets.

    python -m benchmarks.heat_map [--times 30]

Beside it, in the same run and in turns: an empty figure of the same size, saved as a PNG by the
charting library as it is. The first picture also imports the library: time and memory of that are
told apart.
"""

import os
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from statistics import median
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.common import machine
from benchmarks.start import resident_megabytes
from domain.digests.heat_map.loading import HeatGrid, HeatMap, HeatRow
from domain.digests.heat_map.rules import COLUMNS, ROWS, heat_maps_of
from message_templates.digests.heat_map import render_heat_map
from message_templates.kit import Picture

LAST = date(2026, 11, 25)
EVERY = timedelta(weeks=2)
HISTORIES = ("GGGGGYYYYYRR", "....GGGYYYYY", "GGGG-GGGGGGG", "RRRYYYYGGGGG", "GGGGGG==GG?-")
"""Of five projects; the others have the same."""


def page() -> HeatMap:
    """A full page, every kind of cell on it."""
    grid = HeatGrid(
        title="Information Technology Services Council",
        columns=tuple(LAST - EVERY * ago for ago in range(COLUMNS - 1, -1, -1)),
        rows=tuple(
            HeatRow(f"PROJECT-{number:02}", "Student portal", HISTORIES[number % len(HISTORIES)])
            for number in range(ROWS)
        ),
        as_of=datetime(2026, 11, 30, 13, tzinfo=UTC),
        timezone="America/New_York",
    )
    [only] = heat_maps_of(grid)
    return only


def picture_of(message: HeatMap) -> Picture:
    """Draw it."""
    [rendered] = render_heat_map(message)
    [picture] = rendered.pictures
    return picture


def bare(width: int, height: int) -> None:
    """Save an empty figure of so many pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((width / 100, height / 100), dpi=100)
    FigureCanvasAgg(figure)
    figure.savefig(BytesIO(), format="png")


def seconds(times: int, message: HeatMap, size: tuple[int, int]) -> tuple[float, float]:
    """Medians of drawing the heat map, and of saving the empty figure."""
    drawn, empty = [], []
    for _turn in range(times):
        began = perf_counter()
        picture_of(message)
        drawn.append(perf_counter() - began)
        began = perf_counter()
        bare(*size)
        empty.append(perf_counter() - began)
    return median(drawn), median(empty)


def main(times: Annotated[int, typer.Option(help="Pictures; their median counts.")] = 30) -> None:
    """Measure a page; prints the lines of RESULTS.md."""
    message, pid = page(), os.getpid()
    before, began = resident_megabytes(pid), perf_counter()
    picture = picture_of(message)
    first, grown = perf_counter() - began, resident_megabytes(pid) - before
    width, height = (int.from_bytes(picture.data[at : at + 4]) for at in (16, 20))  # of its header
    drawn, empty = seconds(times, message, (width, height))
    console = Console()
    console.print(machine())
    console.print(f"Heat map of {len(message.rows)} x {len(message.columns)}, {width} x {height}:")
    console.print(f"{1_000 * drawn:.0f} ms (median of {times}), {len(picture.data) / 1e3:.0f} kB")
    console.print(f"An empty figure: {1_000 * empty:.0f} ms; ratio {drawn / empty:.2f}")
    console.print(f"The first picture: {first:.2f} s, and {grown:.0f} MB that stay")


if __name__ == "__main__":
    typer.run(main)
