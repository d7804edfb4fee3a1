"""The handbook follows its files, and a broken edit takes nothing away."""

import os
from pathlib import Path

import pytest

from domain.answers.library import LOOK_EVERY, Library
from domain.errors import InvalidFileError

TEXT = """---
source: Ours
reviewed: 2026-11-22
---
## {title}
```yaml
id: glossary:risk#meaning
aliases: [risk, hazard]
```
What may happen and would hurt the project.
"""


class Clock:
    """Seconds that go on when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def write(folder: Path, text: str, name: str = "risks.md") -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + len(text) * 1_000_000
    os.utime(path, ns=(later, later))


def lose(folder: Path) -> None:
    folder.rename(folder.with_name("gone"))


async def title(library: Library, question: str = "risk") -> str:
    found = (await library.finder()).find(question)
    return found.hits[0].section.title if found.hits else ""


async def test_an_edit_is_taken_up_within_seconds(tmp_path: Path) -> None:
    write(tmp_path, TEXT.format(title="Risk"))
    clock = Clock()
    library = Library([tmp_path], clock)
    assert await title(library) == "Risk"
    write(tmp_path, TEXT.format(title="Risk, as we see it"))
    clock.now = LOOK_EVERY - 0.1
    assert await title(library) == "Risk"
    clock.now = LOOK_EVERY
    assert await title(library) == "Risk, as we see it"


async def test_a_broken_edit_keeps_the_last_good_state_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, TEXT.format(title="Risk"))
    clock = Clock()
    library = Library([tmp_path], clock)
    await title(library)
    write(tmp_path, TEXT.format(title="Broken").replace("[risk", "{risk"))
    for _look in range(3):
        clock.now += LOOK_EVERY
        assert await title(library) == "Risk"
    assert len(caplog.messages) == 1
    assert "risks.md: line 8" in caplog.text
    write(tmp_path, TEXT.format(title="Mended"))
    clock.now += LOOK_EVERY
    assert await title(library) == "Mended"


async def test_a_folder_that_is_gone_keeps_the_last_good_state(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, TEXT.format(title="Risk"))
    clock = Clock()
    library = Library([tmp_path], clock)
    await title(library)
    lose(tmp_path)
    clock.now = LOOK_EVERY
    assert await title(library) == "Risk"
    assert "PMOBOT_KNOWLEDGE" in caplog.text
    with pytest.raises(InvalidFileError):
        await Library([tmp_path]).finder()


async def test_a_pmos_own_words_take_the_place_of_the_bundled_ones(tmp_path: Path) -> None:
    bundled, own = tmp_path / "bundled", tmp_path / "own"
    for each in (bundled, own):
        each.mkdir()
    write(bundled, TEXT.format(title="Risk"))
    write(bundled, "same:\n  risk: [peril]\n", "synonyms.yaml")
    write(bundled, "cars:\n  words: [car pool]\n  ask: Ask Dana.\n", "off_topic.yaml")
    write(own, "same:\n  risk: [jeopardy]\n", "synonyms.yaml")
    write(own, "cars:\n  words: [car pool]\n  ask: Ask Lea.\n", "off_topic.yaml")
    library = Library([bundled, own], Clock())
    assert [await title(library, each) for each in ("jeopardy", "peril")] == ["Risk", ""]
    assert (await library.finder()).find("who runs the car pool").pointer == "Ask Lea."


async def test_a_mistake_in_the_words_is_told_with_its_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, TEXT.format(title="Risk"))
    write(tmp_path, "cars:\n  words: [car]\n", "off_topic.yaml")
    assert await title(Library([tmp_path])) == "Risk"
    assert "off_topic.yaml: line 1, cars.ask: Field required" in caplog.text
