"""The bot is killed at every step, by the code of the benchmark: its own command does it longer."""

import shutil
from pathlib import Path

import pytest

from benchmarks.kill import Plan, play
from benchmarks.killed import ACCEPTED
from tests.support.postgres import PostgresServer

ROUNDS = 6
ROUNDS_OF_THREE = 4


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}"


async def test_killed_at_every_step_nothing_is_lost_doubled_or_out_of_order(
    sqlite_url: str,
) -> None:
    outcome = await play(Plan(ROUNDS, sqlite_url))
    assert outcome.deaths.total() >= ROUNDS
    assert outcome.verdict.said > ROUNDS
    assert outcome.verdict.is_clean, outcome.verdict


async def test_three_replicas_that_are_killed_lose_and_double_nothing(
    postgres: PostgresServer,
) -> None:
    postgres.empty()
    outcome = await play(Plan(ROUNDS_OF_THREE, postgres.url, replicas=3))
    assert outcome.deaths.total() >= 3 * ROUNDS_OF_THREE
    assert outcome.verdict.is_clean, outcome.verdict


@pytest.mark.parametrize("looks_up", [True, False])
async def test_it_is_the_look_up_that_keeps_a_dead_worker_s_post_from_being_repeated(
    sqlite_url: str, *, looks_up: bool
) -> None:
    plan = Plan(rounds=2, database_url=sqlite_url, dies_at=ACCEPTED, looks_up=looks_up, dropped=0)
    outcome = await play(plan)
    assert outcome.deaths[ACCEPTED] == 2
    assert len(outcome.verdict.double) == (0 if looks_up else 2)
    assert outcome.verdict.lost == []
