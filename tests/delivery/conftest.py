"""The room `delivery` on a bench, once on each kind of database."""

from datetime import UTC, datetime

import pytest

from models.base import Database
from tests.support.clock import FakeClock
from tests.support.delivering import Bench


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 25, 14, 0, tzinfo=UTC))


@pytest.fixture
def bench(any_database: Database, any_workspace_id: int, clock: FakeClock) -> Bench:
    return Bench(any_database, any_workspace_id, clock)
