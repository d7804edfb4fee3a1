"""YAML as people write it, read with its lines; and what is not YAML."""

from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidFileError
from domain.portfolio import yaml_file
from domain.portfolio.yaml_file import YamlDocument, read_yaml


def _read(folder: Path, text: str) -> YamlDocument:
    file = folder / "pmobot.yaml"
    file.write_text(text, encoding="utf-8")
    return read_yaml(file)


def _problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(InvalidFileError) as error:
        _read(folder, text)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at: 14:00", "14:00"),
        ("at: NO", "NO"),
        ("at: 2026", "2026"),
        ("at: 0o14", "0o14"),
        ("at: 1.10", "1.10"),
        ("at: true", "true"),
        ("at: 2026-02-30", "2026-02-30"),
        ("at: !!python/name:os.system x", "x"),
        ('at: "null"', "null"),
        ("at: |\n  two\n  lines\n", "two\nlines\n"),
        ("at: [24h, 80%]", ["24h", "80%"]),
        ("at: {a: 1}", {"a": "1"}),
        ("at: [a, ~]", ["a", None]),
        ("%YAML 1.1\n---\nat: 14:00\n", "14:00"),
        ("\ufeffat: x", "x"),
        ("d: &d {a: 1, b: 2}\nat: {<<: *d, b: 3}", {"a": "1", "b": "3"}),
        ("d: &d {a: 1}\ne: &e {a: 2, b: 2}\nat: {<<: [*d, *e]}", {"a": "1", "b": "2"}),
        ("d: &d x\nat: {<<: *d, b: 3}", {"b": "3"}),
    ],
)
def test_a_plain_value_stays_the_text_that_stands_there(
    tmp_path: Path, text: str, value: Any
) -> None:
    assert _read(tmp_path, text).value["at"] == value


def test_a_key_with_nothing_behind_it_says_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, "a:\nb: ~\nc: {d: null}\n").value == {"c": {}}


def test_a_problem_names_the_line_of_its_key_or_of_the_nearest_above(tmp_path: Path) -> None:
    document = _read(tmp_path, "# first\na: 1\nlist:\n  - x\n  - b: 2\n    c:\n      d: 3\n")
    for path, line in {
        ("a",): 2,
        ("list",): 3,
        ("list", 0): 4,
        ("list", 1, "b"): 5,
        ("list", 1, "c"): 6,
        ("list", 1, "c", "d"): 7,
        ("list", 1, "missing"): 5,
        ("nowhere",): 2,
    }.items():
        assert document.problem(path, "x").where == f"line {line}", path
    assert str(document.problem(("list", 1, "c"), "is odd")) == "line 6, list.c: is odd"


def test_a_key_said_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    assert _problems(tmp_path, "a: 1\nb: {x: 1,\n x: 2}\na: 3\n") == [
        "line 3, b.x: stands there twice, first on line 2; keep one of the two",
        "line 4, a: stands there twice, first on line 1; keep one of the two",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1,\nb", "line 2, column 2: is not YAML: expected ',' or ']'"),
        ("\ta: 1", "line 1, column 1: is not YAML: found character '\\t'"),
        ("a: 1\n b: 2\n", "line 2, column 3: is not YAML: mapping values are not allowed"),
        ("a: *nobody", "line 1, column 4: is not YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1: is not YAML: but found another document"),
        ("a: \x07", "is not YAML: unacceptable character #x0007"),
        ("- a\n- b\n", "line 1: is a list or a single value; write keys"),
        ("", "line 1: is empty; write a key and its value, as `timezone: UTC`"),
        ("# nothing\n", "line 1: is empty"),
        ("? [a]\n: b\n", "line 1: a list or mapping can't be a key"),
        ("a: " + "[" * 500, "nests more than 20 levels deep"),
        ("a: " + "[" * 30 + "]" * 30, "nests more than 20 levels deep"),
        ("a: &a [*a]", "nests more than 20 levels deep; check the aliases"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    (told,) = _problems(tmp_path, text)
    assert told.removeprefix(": ").startswith(problem)


def test_a_few_lines_that_name_billions_of_values_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    (told,) = _problems(tmp_path, "\n".join(lines))
    assert "holds more than 100,000 values; check the aliases" in told


def test_a_file_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_file, "MAX_BYTES", 10)
    (told,) = _problems(tmp_path, "timezone: UTC\n")
    assert "at most 0 MB are read" in told
