"""Everybody is asked at nine within Slack's limits, by the code of the benchmark, on moved time."""

from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.pacing import OUTAGE_ZONES, Case, play
from domain.delivery import rules

PEOPLE = 36
AT_ONCE = (0.0, 0.0)
"""No time on the way: a few calls could not show the rate otherwise."""

CASES = (
    Case("a day, warm", PEOPLE, latency=AT_ONCE),
    Case("after an outage, warm", PEOPLE, OUTAGE_ZONES, latency=AT_ONCE, outage=True),
    Case(
        "after an outage, cold", PEOPLE, OUTAGE_ZONES, latency=AT_ONCE, is_warm=False, outage=True
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_everybody_is_asked_at_nearly_the_permitted_rate_and_no_limit_exceeded(
    case: Case, tmp_path: Path
) -> None:
    result = await play(case, tmp_path)
    assert result.asked == PEOPLE
    assert result.too_many == 0
    assert 0.95 <= result.share < 0.96


async def test_a_sender_that_is_a_little_faster_than_permitted_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = rules.spacing

    def hasty(scope: str, *, is_careful: bool = False) -> timedelta:
        return usual(scope, is_careful=is_careful) * 0.9

    monkeypatch.setattr(rules, "spacing", hasty)
    result = await play(CASES[1], tmp_path)
    assert result.too_many > 0
