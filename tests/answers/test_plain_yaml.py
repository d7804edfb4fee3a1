"""What is read at once is read as the whole YAML reader reads it."""

from pathlib import Path

import pytest

from domain.answers.plain_yaml import parse_handbook_yaml
from domain.errors import InvalidFileError
from domain.portfolio.yaml_file import parse_yaml

FILE = Path("ours.md")


@pytest.mark.parametrize(
    "text",
    [
        "id: template:raid-log#fields\naliases: [raid, raid columns]\n",
        "source: PMO handbook, Templates\n\n# why\nreviewed: 2026-11-22\n",
        "same:\n  closeout: [close-out, wrap up]\nlanguages:\n  es:\n    qu\u00e9: what\n",
        "a: [x]\nb:\n    c: d\n",
        "a: ~\nb: null\nc: x\n",
        "a: x # why\n",
        "a: 'x: y'\nb: [\"c, d\", e]\n",
        "a: [x,\n  y]\n",
        "a:\n  - x\n  - y\n",
        "a: [x, null, y]\n",
        "a: [x , y]\n",
        "a: x\n  y\n",
        "a: >\n  long\n",
        "a: it's the sponsor's\n",
        "a: http://example.com/#top\nb: 14:00\n",
        "a: x\nb:\n",
    ],
)
def test_both_readers_read_alike(text: str) -> None:
    fast, whole = parse_handbook_yaml(FILE, text, 7), parse_yaml(FILE, text, 7)
    assert (fast.value, fast.lines) == (whole.value, whole.lines)


@pytest.mark.parametrize("text", ["", "a: x\na: y\n", "a: [x\n", "- a\n", "a: x: y\n"])
def test_what_is_wrong_is_told_by_the_whole_reader(text: str) -> None:
    with pytest.raises(InvalidFileError):
        parse_handbook_yaml(FILE, text, 7)
