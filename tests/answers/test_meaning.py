"""What a model of language adds where there is one; where there is none, nothing is lost."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot import semantic
from bot.knowledge import bundled_folder
from bot.semantic import (
    NoModelError,
    Reader,
    checked,
    encoder_for,
    is_installed,
    load_model,
)
from bot.settings import Semantic
from domain.answers.finding.finder import (
    UNSURE_FROM,
    UNSURE_WITH_MEANING,
    Band,
    Finder,
    Finding,
)
from domain.answers.finding.meaning import Meanings, surfaces
from domain.answers.library import LOOK_EVERY, Library
from domain.answers.values import Handbook, Section

RISK = Section("glossary:risk#meaning", "Risk", "What may happen and would hurt.", "risk")
ISSUE = Section("glossary:issue#meaning", "Issue", "What has happened.", "issue", ("problem",))
LOG = Section("template:log#purpose", "What a log is for", "It keeps what may hurt.", "log")
BOOK = Handbook({each.id: each for each in (RISK, ISSUE, LOG)})
TOPICS = ("risk hurt peril danger", "issue happened problem trouble", "log keeps")


class FakeModel:
    """Knows three topics by their words, and what it was given."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.fails = False

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.fails:
            message = "out of memory"
            raise RuntimeError(message)
        self.given += texts
        said = [text.lower().replace("?", "").replace(".", "").split() for text in texts]
        rows = [[sum(word in topic for word in text) for topic in TOPICS] for text in said]
        found = np.array(rows, dtype=np.float32) + 0.001
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / lengths, dtype=np.float32)


class Told:
    """Meanings as a test wants them."""

    def __init__(self, **alike: float) -> None:
        by_entity = {each.entity: each.id for each in BOOK.sections.values()}
        self._alike = {by_entity[entity]: near for entity, near in alike.items()}
        self.asked: list[str] = []

    def alike(self, question: str) -> Mapping[str, float]:
        self.asked.append(question)
        return self._alike


def reader_of(model: FakeModel) -> Reader:
    return Reader(lambda: model)


def ids(finding: Finding) -> list[str]:
    return [each.section.entity for each in finding.hits]


def finder_with(meanings: Meanings) -> Finder:
    finder = Finder(BOOK, {})
    finder.meanings = meanings
    return finder


def found(question: str, **alike: float) -> Finding:
    return finder_with(Told(**alike)).find(question)


def test_a_section_is_found_that_says_none_of_the_questions_words() -> None:
    question = "perils of mountaineering"
    assert Finder(BOOK, {}).find(question).band is Band.UNKNOWN
    finding = found(question, risk=0.9, issue=0.3, log=0.1)
    assert finding.band is Band.UNSURE
    assert ids(finding)[0] == "risk"
    assert finding.hits[0].score == pytest.approx(0.45)


def test_words_and_meaning_count_alike_for_how_sure_it_is() -> None:
    by_words = Finder(BOOK, {}).find("issue").hits[0].score
    assert found("issue", issue=0.5).hits[0].score == pytest.approx((by_words + 0.5) / 2)


@pytest.mark.parametrize(
    ("near", "band"),
    [(2 * UNSURE_FROM, Band.UNKNOWN), (2 * UNSURE_WITH_MEANING + 0.01, Band.UNSURE)],
)
def test_what_is_near_to_everything_must_be_nearer_to_be_suggested(near: float, band: Band) -> None:
    assert found("mountaineering", risk=near).band is band


def test_meaning_alone_never_answers() -> None:
    assert found("mountaineering", risk=1.0).band is Band.UNSURE


def test_the_model_reads_what_was_meant_and_not_what_was_mistyped() -> None:
    told = Told(issue=1.0)
    finder_with(told).find("a prblem?")
    assert told.asked == ["a problem?"]


def test_what_did_not_help_is_followed_by_what_is_near_in_meaning() -> None:
    finder = finder_with(Told(log=0.9))
    assert finder.nearest("mountaineering")[0] == LOG


def test_a_thing_is_looked_up_by_its_name_without_the_model() -> None:
    told = Told(risk=1.0)
    assert ids(finder_with(told).named("glossary", "issue"))[0] == "issue"
    assert told.asked == []


def test_until_all_is_read_words_alone_tell() -> None:
    go_on = threading.Event()
    model = FakeModel()

    def load() -> FakeModel:
        go_on.wait(30)
        return model

    reader = Reader(load)
    meanings = reader.read(BOOK)
    assert meanings.alike("perils") == {}
    go_on.set()
    assert reader.wait()
    near = meanings.alike("danger")
    assert max(near, key=near.__getitem__) == RISK.id
    assert all(0 <= each <= 1 for each in near.values())


def test_the_same_question_is_worked_out_once() -> None:
    model = FakeModel()
    reader = reader_of(model)
    meanings = reader.read(BOOK)
    reader.wait()
    assert meanings.alike("danger") == meanings.alike("danger")
    assert model.given.count("danger") == 1


def test_after_an_edit_only_what_is_new_is_read() -> None:
    model = FakeModel()
    reader = reader_of(model)
    reader.read(BOOK)
    reader.wait()
    model.given.clear()
    edited = Section(RISK.id, RISK.title, "What would hurt.", RISK.entity)
    reader.read(Handbook({each.id: each for each in (edited, ISSUE)}))
    reader.wait()
    assert model.given == ["What would hurt."]


def test_an_older_state_is_not_read_to_its_end() -> None:
    go_on = threading.Event()

    def load() -> FakeModel:
        go_on.wait(30)
        return FakeModel()

    reader = Reader(load)
    older = reader.read(BOOK)
    newer = reader.read(Handbook({ISSUE.id: ISSUE}))
    go_on.set()
    assert reader.wait()
    assert (older.alike("trouble"), set(newer.alike("trouble"))) == ({}, {ISSUE.id})


def test_what_keeps_the_model_away_is_told_once_and_words_go_on_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def load() -> FakeModel:
        message = "model.onnx is not the file that was measured"
        raise NoModelError(message)

    reader = Reader(load)
    for _edit in range(2):
        meanings = reader.read(BOOK)
        assert not reader.wait()
    assert len(caplog.messages) == 1
    assert "model.onnx is not the file that was measured" in caplog.text
    assert ids(finder_with(meanings).find("issue"))[0] == "issue"


def test_a_model_that_fails_in_the_midst_takes_no_answer_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = FakeModel()
    reader = reader_of(model)
    finder = finder_with(reader.read(BOOK))
    reader.wait()
    model.fails = True
    assert [ids(finder.find("issue"))[0] for _turn in range(2)] == ["issue"] * 2
    assert len(caplog.messages) == 1
    assert "out of memory" in caplog.text


def test_another_file_than_the_one_measured_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    with pytest.raises(NoModelError, match="can't be read"):
        checked(file, semantic.MODEL_SHA256)
    file.write_bytes(b"another")
    with pytest.raises(NoModelError, match="not the file that was measured"):
        checked(file, semantic.MODEL_SHA256)


def test_the_bundled_word_pieces_are_those_that_were_measured() -> None:
    assert checked(bundled_folder() / "semantic" / "tokenizer.json", semantic.TOKENIZER_SHA256)


@pytest.mark.parametrize(
    ("choice", "installed", "reads"),
    [
        (Semantic.AUTO, True, True),
        (Semantic.AUTO, False, False),
        (Semantic.ON, False, True),
        (Semantic.OFF, True, False),
    ],
)
def test_the_model_is_used_as_the_setting_says(
    monkeypatch: pytest.MonkeyPatch, choice: Semantic, *, installed: bool, reads: bool
) -> None:
    monkeypatch.setattr(semantic, "is_installed", lambda: installed)
    assert (encoder_for(choice) is not None) is reads


def test_where_it_is_wanted_and_missing_the_log_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(semantic, "_PACKAGES", ("no_such_package",))
    reader = encoder_for(Semantic.ON)
    assert reader is not None
    reader.read(BOOK)
    assert not reader.wait()
    assert "--require-hashes -r requirements/semantic.txt" in caplog.text


async def test_the_handbooks_files_are_read_by_the_model_and_an_edit_anew(tmp_path: Path) -> None:
    text = (
        "---\nsource: Ours\nreviewed: 2026-11-22\n---\n## Risk\n```yaml\n"
        "id: glossary:risk#meaning\naliases: [hazard, peril]\n```\nIt hurts.\n"
    )
    (tmp_path / "risks.md").write_text(text, encoding="utf-8")
    model, now = FakeModel(), [0.0]
    reader = reader_of(model)
    library = Library([tmp_path], lambda: now[0], reader)
    await library.finder()
    reader.wait()
    assert sorted(model.given) == ["It hurts.", "Risk", "hazard", "peril"]
    model.given.clear()
    (tmp_path / "risks.md").write_text(text.replace("hurts", "would hurt"), encoding="utf-8")
    now[0] = LOOK_EVERY
    finder = await library.finder()
    reader.wait()
    assert model.given == ["It would hurt."]
    (tmp_path / "risks.md").write_text(text.replace("[hazard", "{hazard"), encoding="utf-8")
    now[0] += LOOK_EVERY
    assert await library.finder() is finder
    assert finder.find("danger").hits[0].section.title == "Risk"


def test_a_text_that_stands_twice_in_a_section_counts_once() -> None:
    twice = Section("glossary:risk#meaning", "Risk", "It hurts.", "risk", ("Risk", "peril"))
    assert surfaces(twice) == ["Risk", "peril", "It hurts."]


@pytest.mark.skipif(not is_installed(), reason="the extra `semantic` is not installed")
def test_the_real_model_is_near_to_what_means_the_same() -> None:
    reader = Reader()
    finder = finder_with(reader.read(BOOK))
    assert reader.wait()
    assert ids(finder.find("dangers ahead"))[0] == "risk"
    alone, among = load_model()(["danger"]), load_model()(["danger", "a far longer text " * 9])
    assert float(alone[0] @ among[0]) > 0.99
