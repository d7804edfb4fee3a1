"""What a heat map shows: cells, order, pages, and what changed; as decisions on plain values."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.collecting.asking.planning import on_hold
from domain.digests.heat_map.loading import HeatGrid, HeatMap, HeatRow
from domain.digests.heat_map.rules import ROWS, Moves, cell_of, heat_maps_of, moves
from domain.digests.rules import Layout, compose, layout_of
from domain.digests.values import Gap, ProjectInCycle
from models.enums import Health, RequestState
from tests.support.digesting import DIGEST_AT, OPENS_ON, WEEK, facts, past_of, project

HOLD = on_hold(date(2027, 1, 31), "no budget", OPENS_ON)


def gaps_of(letters: str) -> tuple[Gap, ...]:
    """Earlier cycles without an answer, newest first: `-` missed, `=` on hold, `.` neither."""
    kinds = {"-": (RequestState.MISSED, ""), "=": (RequestState.EXCUSED, HOLD)}
    return tuple(
        Gap(OPENS_ON - WEEK * ago, *kinds[letter])
        for ago, letter in enumerate(letters, start=1)
        if letter != "."
    )


def maps_of(
    *projects: ProjectInCycle,
    as_of: datetime = DIGEST_AT,
    kept: tuple[HeatMap, ...] = (),
    restricted: bool = False,
    **others: Any,
) -> tuple[HeatMap, ...]:
    """The pages of a digest, amended if pages were said before."""
    composition = compose(
        facts(*projects, **others),
        as_of,
        restricted=restricted,
        kept=Layout(heat_maps=kept),
        posted_at=DIGEST_AT if kept else None,
    )
    assert layout_of(composition).heat_maps == composition.heat_maps
    return composition.heat_maps


def row(code: str, cells: str, since: date | None = None) -> HeatRow:
    return HeatRow(code, f"Project {code}", cells, since)


def grid(*rows: HeatRow) -> HeatGrid:
    columns = tuple(OPENS_ON - WEEK * ago for ago in reversed(range(len(rows[0].cells))))
    return HeatGrid("Portfolio", columns, rows, DIGEST_AT, "UTC")


@pytest.mark.parametrize(
    ("health", "state", "reason", "letter"),
    [
        (Health.GREEN, RequestState.ANSWERED, "", "G"),
        (Health.YELLOW, RequestState.LATE, "", "Y"),
        (Health.RED, RequestState.UNCHANGED, "", "R"),
        (Health.GREY, RequestState.ANSWERED, "", "?"),
        (Health.RED, RequestState.ANSWERED, HOLD, "R"),
        (None, RequestState.MISSED, "", "-"),
        (None, RequestState.MISSED, "on leave: deputy asked", "-"),
        (None, RequestState.ASKED, "", "-"),
        (None, RequestState.EXCUSED, HOLD, "="),
        (None, RequestState.EXCUSED, "on leave, no deputy", "."),
    ],
)
def test_a_cell_tells_the_colour_or_why_there_is_none(
    health: Health | None, state: RequestState, reason: str, letter: str
) -> None:
    assert cell_of(health, state, reason) == letter


def test_a_row_tells_of_the_last_twelve_cycles_oldest_first() -> None:
    apollo = project("APOLLO", Health.RED, past=past_of("rygg-gggggggrrr".replace("-", ".")))
    [page] = maps_of(replace(apollo, gaps=gaps_of("....-")))
    assert page.columns == tuple(OPENS_ON - WEEK * ago for ago in range(11, -1, -1))
    assert [each.cells for each in page.rows] == ["GGGGGG-GGYRR"]


def test_a_cycle_that_did_not_ask_is_told_apart_from_a_missing_answer_and_from_a_hold() -> None:
    apollo = project("APOLLO", past=past_of("..y"))
    [page] = maps_of(replace(apollo, gaps=gaps_of("-=")), earlier_on=facts().earlier_on[:4])
    assert page.rows[0].cells == ".Y=--"


def test_a_first_cycle_is_one_column() -> None:
    [page] = maps_of(project("APOLLO", Health.GREEN), project("ZEUS"), earlier_on=())
    assert (page.columns, [each.cells for each in page.rows]) == ((OPENS_ON,), ["-", "G"])


def test_an_answer_to_another_council_in_between_does_not_stand_in_a_column() -> None:
    between = past_of("g")[0]
    moved = replace(between, opens_on=OPENS_ON - timedelta(days=3))
    [page] = maps_of(project("APOLLO", Health.GREEN, past=[moved]))
    assert page.rows[0].cells == "...........G"


def test_where_there_is_no_colour_there_is_no_picture() -> None:
    assert maps_of(project("APOLLO"), project("ZEUS", Health.GREY)) == ()


def test_a_colour_of_an_earlier_cycle_is_enough_for_a_picture() -> None:
    assert len(maps_of(project("APOLLO", past=past_of(".g")))) == 1


def test_each_audience_sees_its_own_projects() -> None:
    projects = [project("APOLLO", Health.RED), project("VAULT", Health.RED, is_restricted=True)]
    [public], [restricted] = maps_of(*projects), maps_of(*projects, restricted=True)
    assert [each.code for each in public.rows] == ["APOLLO"]
    assert [each.code for each in restricted.rows] == ["VAULT"]
    assert (public.is_restricted, restricted.is_restricted) == (False, True)


def test_red_stands_first_and_oldest_first_then_yellow_then_without_a_colour_then_green() -> None:
    [page] = maps_of(
        project("A-GREEN", Health.GREEN),
        project("B-MISSING"),
        project("C-NEWLY", Health.RED, past=past_of("g")),
        project("D-YELLOW", Health.YELLOW, past=past_of("yyyy")),
        project("E-LONG", Health.RED, past=past_of("r" * 30)),
        project("F-LONGER", Health.RED, past=past_of("r" * 40)),
        project("G-YELLOW", Health.YELLOW),
        project("H-LONG", Health.RED, past=past_of("r" * 30)),
        project("I-UNRATED", Health.GREY),
        project("J-HELD", state=RequestState.EXCUSED, report=None),
    )
    assert [each.code[0] for each in page.rows] == list("FEHCDGBIJA")


def test_the_reds_stand_in_the_order_of_the_head() -> None:
    composition = compose(
        facts(
            *(
                project(code, Health.RED, past=past_of("r" * weeks))
                for code, weeks in {"A": 2, "B": 20, "C": 0, "D": 20, "E": 60}.items()
            )
        ),
        DIGEST_AT,
    )
    assert [each.code for each in composition.heat_maps[0].rows] == [
        line.code for line in composition.head.red
    ]


def test_more_projects_than_a_page_holds_go_on_further_pages() -> None:
    pages = heat_maps_of(grid(*(row(f"P{number:03}", "G") for number in range(2 * ROWS + 1))))
    assert [(each.page, each.pages, len(each.rows)) for each in pages] == [
        (1, 3, ROWS),
        (2, 3, ROWS),
        (3, 3, 1),
    ]


def test_columns_beyond_the_last_twelve_are_left_out() -> None:
    [page] = heat_maps_of(grid(row("A", "RRRGGGGGGGGGGGY")))
    assert (len(page.columns), page.columns[-1]) == (12, OPENS_ON)
    assert page.rows[0].cells == "GGGGGGGGGGGY"


LATER = DIGEST_AT + timedelta(hours=2)
GREENS = [project(f"P{number:03}", Health.GREEN) for number in range(ROWS + 1)]


def test_an_amendment_that_changes_no_cell_leaves_the_picture_and_its_as_of() -> None:
    posted = maps_of(project("APOLLO", Health.GREEN))
    assert maps_of(project("APOLLO", Health.GREEN, done="More"), as_of=LATER, kept=posted) == posted


def test_an_amendment_draws_anew_the_page_that_it_changes_and_no_other() -> None:
    posted = maps_of(*GREENS)
    late = project(GREENS[3].code, Health.RED)
    first, second = maps_of(*GREENS[:3], late, *GREENS[4:], as_of=LATER, kept=posted)
    assert (first.as_of, first.rows[0].code) == (LATER, late.code)
    assert second is posted[1]


def test_a_page_that_is_no_longer_needed_is_emptied() -> None:
    first, second = maps_of(*GREENS[:-1], as_of=LATER, kept=maps_of(*GREENS))
    assert ((first.page, first.pages), len(first.rows)) == ((1, 1), ROWS)
    assert (second.page, second.rows) == (2, ())


@pytest.mark.parametrize(
    ("cells", "moved"),
    [
        ("GY", Moves(worse=("A",))),
        ("YR", Moves(worse=("A",))),
        ("RG", Moves(better=("A",))),
        ("RR", Moves()),
        ("G-", Moves(silent=("A",))),
        ("?=", Moves(silent=("A",))),
        ("-.", Moves()),
        ("-R", Moves(back=("A",))),
        (".?", Moves(back=("A",))),
        ("?G", Moves()),
        ("G?", Moves()),
        ("G", Moves()),
        ("RGG", Moves()),
    ],
)
def test_what_changed_is_told_against_the_cycle_before(cells: str, moved: Moves) -> None:
    assert moves([row("A", cells)]) == moved
