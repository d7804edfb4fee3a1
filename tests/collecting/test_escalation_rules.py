"""Who hears of missed reports: tables of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.escalating.rules import NoSponsor, Told, in_a_row, reason_of, told_of
from models.enums import RequestState

NOBODY, SPONSOR, PMO, BOTH = (
    Told(),
    Told(sponsor=True),
    Told(pmo=True),
    Told(sponsor=True, pmo=True),
)


@pytest.mark.parametrize(
    ("misses", "sponsor_after", "pmo_after", "expected"),
    [
        (1, 2, 3, NOBODY),
        (2, 2, 3, SPONSOR),
        (3, 2, 3, PMO),
        (7, 2, 3, PMO),
        (2, 0, 3, NOBODY),
        (2, 2, 0, SPONSOR),
        (5, 2, 0, SPONSOR),
        (9, 0, 0, NOBODY),
        (2, 2, 2, BOTH),
        (3, 3, 2, BOTH),
        (4, 2, 5, SPONSOR),
    ],
)
def test_the_sponsor_hears_first_and_the_pmo_takes_over(
    misses: int, sponsor_after: int, pmo_after: int, expected: Told
) -> None:
    assert told_of(misses, sponsor_after, pmo_after, None) == expected


@pytest.mark.parametrize("trouble", list(NoSponsor))
def test_the_pmo_hears_in_place_of_a_sponsor_who_cannot(trouble: NoSponsor) -> None:
    assert told_of(2, 2, 3, trouble) == PMO
    assert told_of(1, 2, 3, trouble) == NOBODY


@given(st.integers(0, 60), st.integers(0, 50), st.integers(0, 50))
def test_nobody_hears_of_fewer_misses_than_configured(misses: int, first: int, second: int) -> None:
    told = told_of(misses, first, second, None)
    assert not told.sponsor or misses >= first > 0
    assert not told.pmo or misses >= second > 0


@pytest.mark.parametrize(
    ("before", "misses", "expected"),
    [
        (None, 0, 0),
        (RequestState.MISSED, 1, 1),
        (RequestState.LATE, 1, 0),
        (RequestState.ANSWERED, 0, 0),
        (RequestState.UNCHANGED, 0, 0),
        (RequestState.ASKED, 0, 0),
    ],
)
def test_any_answer_ends_the_row(before: RequestState | None, misses: int, expected: int) -> None:
    assert in_a_row(before, misses) == expected


@pytest.mark.parametrize(
    ("misses", "told", "before", "expected"),
    [
        (1, NOBODY, "", ""),
        (1, NOBODY, "asked a day later: company closure", "asked a day later: company closure"),
        (2, SPONSOR, "", "second miss in a row (sponsor told)"),
        (3, PMO, "", "third miss in a row (PMO told)"),
        (2, BOTH, "", "second miss in a row (sponsor and PMO told)"),
        (2, NOBODY, "new PM", "second miss in a row; new PM"),
        (11, PMO, "", "11th miss in a row (PMO told)"),
        (22, PMO, "", "22nd miss in a row (PMO told)"),
    ],
)
def test_the_digest_says_which_miss_it_is_and_who_was_told(
    misses: int, told: Told, before: str, expected: str
) -> None:
    assert reason_of(misses, told, before) == expected
