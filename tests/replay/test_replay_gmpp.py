"""The real portfolio through the whole product, over the wire, by the code of the benchmark.

Played here: the four largest departments over all three years, and every project with a text that
is longer than one field of a form: half of the reports. The benchmark's own command plays all.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks.gmpp import DATA, Mend, Portfolio, Published, mends_of, rating_word, read_published
from benchmarks.replay_gmpp import Outcome, replay
from demo.person import FIELD_CHARACTERS

LARGEST = 4


@pytest.fixture(scope="module")
def published() -> tuple[Published, ...]:
    if not DATA.exists():
        pytest.skip(f"the published portfolio is not there ({DATA.name}): its replay is left out")
    return read_published()


@pytest.fixture(scope="module")
def played(published: tuple[Published, ...]) -> Portfolio:
    departments = Counter(each.department for each in published).most_common(LARGEST)
    largest = {department for department, _count in departments}
    long = {each.code for each in published if _is_long(each)}
    return Portfolio(each for each in published if each.department in largest or each.code in long)


@pytest.fixture(scope="module")
def outcome(
    played: Portfolio, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Outcome:
    folder = tmp_path_factory.mktemp("replay")
    database = shutil.copy(sqlite_template, folder)
    return asyncio.run(replay(played, f"sqlite:///{database}", folder))


def test_every_check_of_the_replay_holds(outcome: Outcome, played: Portfolio) -> None:
    assert [(each.what, each.details) for each in outcome.failed] == []
    found = {each.what: each.found for each in outcome.checks}
    total = len(played.reports)
    assert found["reports stored as published"] == f"{total} of {total}"
    assert found["budget commentaries readable in full in Slack"] == f"{total} of {total}"
    assert found["no refusal by the sandbox, rate limits on"] == "0 refusals"


def test_a_text_longer_than_a_field_goes_through_the_menu_for_more_room(
    outcome: Outcome, played: Portfolio
) -> None:
    further = sum(len(each.why) // FIELD_CHARACTERS for each in played.reports)
    assert further > 0
    assert outcome.calls["views.update"] == further + sum(_calls_for_more(played))


def _calls_for_more(played: Portfolio) -> Iterator[bool]:
    """For each report, whether its health has to be chosen before there is a path to green."""
    called: set[str] = set()
    for each in sorted(played.reports, key=lambda one: one.year):
        word = (rating_word(each.rating) or "").casefold()
        is_called = "amber" in word or "red" in word
        yield is_called and each.code not in called
        (called.add if is_called else called.discard)(each.code)


def test_a_manager_costs_one_message_and_its_edits_a_year(
    outcome: Outcome, played: Portfolio
) -> None:
    asked = {(played.managers[each.code].user, each.year) for each in played.reports}
    assert outcome.calls["chat.update"] == len(asked)


def test_the_import_refuses_the_end_before_its_start_and_takes_the_rest(outcome: Outcome) -> None:
    (refused,) = outcome.refused_by_import
    assert "forecast_end: 2023-01-20 is before the start, 2023-02-20" in refused
    assert [each.code for each in outcome.mends if "before the start" in each.what] == [
        "MOD_0137_2122-Q1"
    ]


def test_all_that_is_mended_in_the_whole_portfolio_is_listed(
    published: tuple[Published, ...],
) -> None:
    assert len(published) == 663
    assert _counts(each for report in published for each in mends_of(report)) == {
        "end not published: left empty": 449,
        "start not published: left empty": 426,
        "whole life cost not published: left empty": 115,
        "path to green typed as 'Not published.'": 57,
        "'Amber/red' chosen as 'Amber/Red'": 44,
        "not rated: health left empty": 34,
        "description not published: left empty": 3,
        "why typed as 'Not published.'": 1,
        "end before the start: end left empty": 1,
    }


def test_projects_change_their_council_and_keep_their_code(
    published: tuple[Published, ...],
) -> None:
    councils: dict[str, set[str]] = {}
    for each in published:
        councils.setdefault(each.code, set()).add(each.department)
    assert sum(len(each) > 1 for each in councils.values()) == 26


def test_nobody_who_is_not_in_a_years_report_is_asked_in_it(
    published: tuple[Published, ...],
) -> None:
    portfolio = Portfolio(published)
    rows = portfolio.portfolio_file(2023, portfolio.known_in(2023))
    assert rows.count(",in the report,") == len(portfolio.of_year(2023))
    assert rows.count(",not in the report,") == len(portfolio.known_in(2023)) - 244


@pytest.mark.parametrize(
    ("published_as", "word"),
    [("Amber/red", "Amber/Red"), ("AMBER", "Amber"), ("Green", "Green"), ("", None)],
)
def test_a_rating_is_found_on_the_scale_in_any_spelling(
    published_as: str, word: str | None
) -> None:
    assert rating_word(published_as) == word


def _is_long(report: Published) -> bool:
    return max(map(len, (report.why, report.schedule, report.budget))) > FIELD_CHARACTERS


def _counts(mends: Iterable[Mend]) -> dict[str, int]:
    return dict(Counter(each.what for each in mends))
