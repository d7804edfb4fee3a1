"""Proposals in files and on the command line: appended, counted, listed, tried, dropped."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.knowledge import try_questions
from bot.proposals import Wanted, tell_proposals
from bot.settings import Settings
from domain.answers.handbook.reading import ReadHandbook
from domain.answers.learning.files import (
    PROPOSALS_FILE,
    QUESTIONS_FILE,
    append_proposal,
    as_yaml,
    count_proposals,
    read_pairs,
)
from domain.answers.learning.values import Proposed
from domain.errors import InvalidFileError
from models.answers.tables import AliasProposal
from models.base import Database
from tests.support.handbook import bundled
from tests.support.portfolio import World, at

ONE = Proposed(
    3,
    'the "message" #matrix: ü \x7f\u2028',
    "template:a#b",
    "A",
    "a.md",
    12,
    "Dana\n- x",
    date(2026, 11, 25),
)


def test_what_is_typed_is_data_in_the_file_that_lists_it(tmp_path: Path) -> None:
    asked = tmp_path / QUESTIONS_FILE
    asked.write_text('{"q": "mine", "expect": []}', encoding="utf-8")  # with no end of line
    for one in (ONE, ONE, replace(ONE, proposal_id=33)):
        path = append_proposal(tmp_path, one)
    assert count_proposals(tmp_path) == (2, [])
    assert path.read_text(encoding="utf-8").count("never answers from") == 1
    (read,) = YAML(typ="safe").load(as_yaml([ONE])).values()
    assert read == {"section": ONE.section_id, "alias": ONE.phrase, "place": "a.md: line 12"}
    assert [(line, pair.q, pair.expect) for line, pair in read_pairs(asked)] == [
        (1, "mine", ()),
        (2, ONE.phrase, (ONE.section_id,)),
        (3, ONE.phrase, (ONE.section_id,)),
    ]


@pytest.mark.parametrize(
    ("text", "count", "problem"),
    [
        (None, 0, ""),
        ("# nothing yet\n", 0, ""),
        (as_yaml([ONE]), 1, ""),
        ("proposal-1:\n  section: a:b#c\n", 0, "line 1, proposal-1.alias: Field required"),
        ("proposal-1: [", 0, "is not YAML"),
    ],
)
def test_lint_counts_proposals_and_names_what_is_broken(
    tmp_path: Path, text: str | None, count: int, problem: str
) -> None:
    if text is not None:
        (tmp_path / PROPOSALS_FILE).write_text(text, encoding="utf-8")
    found, problems = count_proposals(tmp_path)
    assert found == count
    assert problem in "".join(map(str, problems))
    assert bool(problem) == bool(problems)


def test_a_file_of_questions_is_tried_and_each_miss_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / QUESTIONS_FILE
    hit = '{"q": "raid log", "expect": ["template:raid-log#purpose", "template:raid-log#fields"]}'
    none = '{"q": "why do zebras graze", "expect": []}'
    file.write_text(f"{hit}\n\n{none}\n", encoding="utf-8")
    assert try_questions(None, file)
    miss = '{"q": "raid log", "expect": ["glossary:gone#meaning"]}'
    file.write_text(f"{miss}\n", encoding="utf-8")
    assert not try_questions(None, file)
    told = capsys.readouterr()
    assert "2 questions: 2 hit, 0 missed." in told.out
    assert "line 1: 'raid log' gives template:raid-log#" in told.err
    assert "not glossary:gone#meaning" in told.err
    file.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(InvalidFileError, match="line 1: is no question; write one object a line"):
        try_questions(None, file)


async def test_the_command_lists_writes_and_drops(
    database: Database,
    workspace_id: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = ReadHandbook(bundled().handbook, [])
    monkeypatch.setattr("bot.proposals.read_handbook", lambda _folders: book)
    world = await World.stored(database, workspace_id)
    async with database.writing() as session:
        row = AliasProposal(
            workspace_id=workspace_id,
            phrase="zebra pasture",
            phrase_key="zebra pasture",
            section_id="template:raid-log#purpose",
            file="gone.md",
            line=1,
            person_id=world.id("dana"),
            proposed_at=at(25, 17),
        )
        session.add(row)
    settings = Settings(database_url=database.url)
    assert await tell_proposals(settings, Wanted())
    assert await tell_proposals(settings, Wanted(write=tmp_path / "out.yaml"))
    assert not await tell_proposals(settings, Wanted(write=tmp_path))
    assert await tell_proposals(settings, Wanted(done=row.pk))
    assert not await tell_proposals(settings, Wanted(done=row.pk))
    assert await tell_proposals(settings, Wanted())
    told = capsys.readouterr()
    assert 'alias: "zebra pasture"' in told.out
    assert "/templates-" in told.out  # where it stands now
    assert "gone.md" not in told.out
    assert f"written to {tmp_path}/out.yaml: 1." in told.out
    assert f"Proposal {row.pk} is dealt with." in told.out
    assert "No proposal waits" in told.out
    assert "can't be written (Is a directory)" in told.err
    assert f"No proposal {row.pk} waits" in told.err
