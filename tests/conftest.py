"""Fixtures that every area of the tests may use."""

import gc
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

import domain.answers.library
import models.base
from models.base import Database
from models.portfolio import Workspace
from tests.support import handbook
from tests.support.compiled import engine_that_shares
from tests.support.migrated import migrate
from tests.support.postgres import PostgresServer, running_postgres

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""A Wednesday, nine o'clock in New York."""

PROVED_ELSEWHERE = frozenset(
    {
        *("answers/test_answer_quality.py", "bot/test_inbox.py"),
        *("calendar/test_every_zone.py", "calendar/test_people.py", "calendar/test_recurrences.py"),
        *("collecting/test_computing.py", "collecting/test_cycles.py", "collecting/test_drafts.py"),
        *("collecting/test_escalating.py", "digests/test_digest_posting.py"),
        *("digests/test_digest_threads.py", "digests/test_heat_maps.py"),
        *("health/test_office.py", "health/test_people_refresh.py", "health/test_personal.py"),
    }
)
"""Long files whose lines other tests reach as well, but for one in five hundred.

Found by `pytest --cov --cov-context=test`: who reaches each line is in the data file.
"""

SELDOM = 50_000
"""Objects made between two looks for garbage; at Python's 700 that takes a tenth of the time."""

# A test that is slow because the machine is busy has found nothing.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage in what stays to the end: thousands of tests and all their imports."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(SELDOM)
        gc.enable()


@pytest.hookimpl(trylast=True)  # Hypothesis marks its tests in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage only where it tells something.

    It doubles a test's time, and what runs the same lines a hundred times over shows no new one.
    """
    for item in items:
        is_proved_elsewhere = "/".join(item.path.parts[-2:]) in PROVED_ELSEWHERE
        if is_proved_elsewhere or item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True)
def _processes_of_an_unmeasured_test_are_not_measured_either(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.node.get_closest_marker("no_cover"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Each engine finds what those of earlier tests have compiled; the handbook is read once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.base, "create_async_engine", engine_that_shares)
        patch.setattr(domain.answers.library, "_load", handbook.load)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started when the first test asks for it."""
    with running_postgres() as server:
        if server is None:
            pytest.skip("PostgreSQL is not installed (looked for initdb): its tests are left out")
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the newest version, migrated once for all tests."""
    path = tmp_path_factory.mktemp("template") / "pmobot.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An SQLite file at the newest version."""
    path = shutil.copy(sqlite_template, tmp_path)
    made = Database(f"sqlite:///{path}")
    yield made
    await made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.no_cover)])
async def any_database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database at the newest version: the test runs once on each kind, and is measured once."""
    if request.param == "sqlite":
        template, folder = map(request.getfixturevalue, ("sqlite_template", "tmp_path"))
        made = Database(f"sqlite:///{shutil.copy(template, folder)}")
        yield made
        await made.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    server.empty()
    made = Database(server.url)
    yield made
    await made.close()


async def make_workspace(database: Database) -> int:
    """Store the one workspace of a test."""
    async with database.writing() as session:
        workspace = Workspace(team_id="T0001", name="Northfield", created_at=NOW)
        session.add(workspace)
        await session.flush()
        assert workspace.id is not None
        return workspace.id


@pytest.fixture
async def workspace_id(database: Database) -> int:
    """The one workspace of the test."""
    return await make_workspace(database)


@pytest.fixture
async def any_workspace_id(any_database: Database) -> int:
    """The one workspace of a test that runs on each kind of database."""
    return await make_workspace(any_database)
