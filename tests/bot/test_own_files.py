"""What the PMO has to mend in its own files is told to the PMO, not only to who asks."""

from pathlib import Path

import pytest

from bot import own_files
from bot.own_files import OwnFiles
from domain.health.service import HealthService
from domain.health.values import Finding, Severity
from domain.portfolio.people import PeopleService
from models.base import Database
from tests.support.clock import FakeClock
from tests.support.directory import FakeDirectory
from tests.support.portfolio import World, at

CLOCK = FakeClock(at(25, 17))
FLAWED = """# Ours

## What we call it
```yaml
id: role:ours#what
aliases: [one, two]
source: Ours
reviewed: 2026-01-01
```
Too short.
"""


async def test_mistakes_are_warnings_with_cause_and_cure_until_they_are_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "raid-log.xlsx").write_bytes(b"Dear all")
    (tmp_path / "broken.md").write_text("# Ours\n\n## No facts\nText.\n", encoding="utf-8")
    (tmp_path / "flawed.md").write_text(FLAWED, encoding="utf-8")
    look = OwnFiles(tmp_path, CLOCK)
    found = {Path(each.subject).name: each for each in await look()}
    assert "has no YAML right below it" in found["broken.md"].cause
    assert found["raid-log.xlsx"] == Finding(
        Severity.WARNING,
        found["broken.md"].area,
        "raid-log.xlsx",
        "is no Excel workbook: save it as one again.",
        "mend it there; `pmobot knowledge lint` tells when all is well. "
        "Until then the bundled one is used",
    )
    assert "role:ours#what: has 2 words" in found["flawed.md, line 3"].cause
    monkeypatch.setattr(own_files, "read_handbook", None)  # nothing has changed: nothing is read
    assert {Path(each.subject).name: each for each in await look()} == found
    monkeypatch.undo()
    for name in ("templates/raid-log.xlsx", "flawed.md", "broken.md"):
        (tmp_path / name).unlink()
    assert await look() == ()


async def test_a_folder_that_is_not_there_is_told_and_none_is_needed(tmp_path: Path) -> None:
    (gone,) = await OwnFiles(tmp_path / "gone", CLOCK)()
    assert "can't be read: there is no such folder" in gone.cause
    assert "PMOBOT_KNOWLEDGE" in gone.cure
    assert await OwnFiles(None, CLOCK)() == ()


async def test_the_health_page_tells_them(
    database: Database, workspace_id: int, tmp_path: Path
) -> None:
    world = await World.stored(database, workspace_id)
    directory = FakeDirectory([])
    people = PeopleService(database, workspace_id, directory)
    look = OwnFiles(tmp_path / "gone", CLOCK)
    health = HealthService(world.database, workspace_id, directory, people, look)
    assert (await look())[0] in (await health.report(at(25, 17))).findings
