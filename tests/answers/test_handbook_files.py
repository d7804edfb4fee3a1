"""The handbook's files: read section by section, a PMO's own over the bundled ones."""

from datetime import date
from pathlib import Path

import pytest

from domain.answers.handbook.reading import ReadHandbook, read_handbook
from domain.answers.handbook.rules import KINDS, flaws
from domain.answers.values import Guidance, Section
from domain.errors import InvalidFileError

TODAY = date(2026, 11, 25)
HEAD = """---
owner: Dana
reviewed: 2026-11-22
source: PMO handbook, Templates
---
# Communications plan
"""
FIELDS = """
## What goes into a communications plan
```yaml
id: template:communications-plan#fields
aliases: [comms plan, communication plan]
phase: planning
see: [template:communications-plan#purpose]
```
Each piece of information: its purpose, its audience, who writes it, and how often it is sent.

### In a small project
One table is enough.
"""
PURPOSE = """
## Why a communications plan
```yaml
id: template:communications-plan#purpose
aliases: [why a comms plan, need for a comms plan]
guidance: policy
owner: Lea
```
So that the right people get the right information, at a rhythm that they agreed to beforehand.
"""
PLANNING = """
## What planning is for
```yaml
id: phase:planning#purpose
aliases: [planning phase, planning stage]
```
It turns the goal into a plan that people with the means have agreed to, and can be controlled by.
"""


def written(folder: Path, *parts: str, name: str = "comms.md") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(parts), encoding="utf-8")
    return folder


def read(folder: Path, *parts: str) -> ReadHandbook:
    return read_handbook([written(folder, *parts)])


def test_a_section_has_its_own_facts_and_those_of_its_file(tmp_path: Path) -> None:
    made = read(tmp_path, HEAD, FIELDS, PURPOSE)
    assert made.problems == []
    fields, purpose = made.handbook.sections.values()
    assert fields == Section(
        id="template:communications-plan#fields",
        title="What goes into a communications plan",
        body=fields.body,
        entity="communications-plan",
        aliases=("comms plan", "communication plan"),
        phase="planning",
        source="PMO handbook, Templates",
        owner="Dana",
        reviewed=date(2026, 11, 22),
        see=("template:communications-plan#purpose",),
    )
    assert fields.body.startswith("Each piece of information")
    assert fields.body.endswith("### In a small project\nOne table is enough.")
    assert (fields.kind, fields.slug, fields.facet, fields.line) == (
        *("template", "communications-plan", "fields"),
        8,
    )
    assert (purpose.guidance, purpose.owner) == (Guidance.POLICY, "Lea")
    assert made.handbook.siblings(fields) == [purpose]


def test_a_pmos_own_folder_lies_over_the_bundled_one(tmp_path: Path) -> None:
    bundled = written(tmp_path / "bundled", HEAD, FIELDS, PURPOSE)
    ours = FIELDS.replace("Each piece", "Here each piece")
    hidden = "\n## Gone\n```yaml\nid: template:communications-plan#purpose\nhidden: true\n```\n"
    own = written(tmp_path / "own", HEAD, ours, hidden, PLANNING, name="ours.md")
    made = read_handbook([bundled, own])
    assert made.problems == []
    assert list(made.handbook.sections) == [
        "template:communications-plan#fields",
        "phase:planning#purpose",
    ]
    assert made.handbook.sections["template:communications-plan#fields"].body.startswith("Here")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((HEAD,), "line 1: has no section; begin each with a line `## Title` and its YAML"),
        (
            (HEAD, "\n## Alone\nNo facts here.\n"),
            "line 8: 'Alone' has no YAML right below it; write ```yaml, `id: ...`, ```",
        ),
        (
            (HEAD, FIELDS.replace("id: template:", "id: Template ")),
            "line 10, id: 'Template communications-plan#fields': String should match pattern",
        ),
        ((HEAD, FIELDS.replace("phase:", "phaze:")), "line 12, phaze: 'planning': Extra inputs"),
        (
            (HEAD.replace("2026-11-22", "in May"), FIELDS),
            "line 10, reviewed: 'in May': Input should be a valid date",
        ),
        ((HEAD, FIELDS.replace("aliases: [", "aliases: [[")), "line 12, column 1: is not YAML"),
        (
            (HEAD, FIELDS, FIELDS),
            "line 20, id: template:communications-plan#fields stands there already: ",
        ),
    ],
)
def test_a_problem_is_told_with_its_line_and_cure(
    tmp_path: Path, parts: tuple[str, ...], told: str
) -> None:
    made = read(tmp_path, *parts)
    assert any(told in str(each) for each in made.problems), [*map(str, made.problems)]


def test_a_section_with_a_problem_leaves_the_others_in(tmp_path: Path) -> None:
    made = read(tmp_path, HEAD, FIELDS.replace("phase:", "phaze:"), PURPOSE)
    assert [*made.handbook.sections] == ["template:communications-plan#purpose"]
    assert len(made.problems) == 1


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="there is no such folder"):
        read_handbook([tmp_path / "nowhere"])


def told_of(folder: Path, *parts: str, today: date = TODAY) -> list[str]:
    made = read(folder, HEAD, *parts)
    assert made.problems == []
    return [flaw.text for flaw in flaws(made.handbook, today)]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((FIELDS, PURPOSE, PLANNING), []),
        (
            (FIELDS.replace("phase: planning", "phase: plan"), PURPOSE, PLANNING),
            ["there is no phase 'plan'; one of planning"],
        ),
        (
            (FIELDS, PLANNING),
            ["`see` names template:communications-plan#purpose, which there is not"],
        ),
        (
            (PLANNING.replace(", planning stage", ""),),
            ["give it at least 2 aliases: what people call it"],
        ),
        (
            (PLANNING.split("It turns", maxsplit=1)[0], "Plan.\n"),
            ["has 1 words; say enough to help, at least 12"],
        ),
        (
            (PLANNING, "word " * 200),
            ["has 220 words; make two sections of it, 200 at most"],
        ),
        (
            (PLANNING.replace("phase:planning", "stage:planning"),),
            ["'stage' is no kind; one of " + ", ".join(sorted(KINDS))],
        ),
        (
            (PLANNING, PLANNING.replace("phase:", "role:").replace("What", "Who")),
            [],  # of the same entity
        ),
        (
            (PLANNING, PLANNING.replace("phase:planning", "role:planner").replace("What", "Who")),
            [
                f"the alias '{alias}' is also that of phase:planning#purpose; keep it at one of"
                " them"
                for alias in ("planning phase", "planning stage")
            ],
        ),
    ],
)
def test_lint_names_the_cause_and_the_cure(
    tmp_path: Path, parts: tuple[str, ...], told: list[str]
) -> None:
    assert told_of(tmp_path, *parts) == told


def test_a_review_that_is_long_ago_is_told_and_is_no_error(tmp_path: Path) -> None:
    later = date(2027, 5, 22)
    made = read(tmp_path, HEAD, PLANNING)
    assert not flaws(made.handbook, date(2027, 5, 21))
    (flaw,) = flaws(made.handbook, later)
    assert (flaw.is_error, flaw.text) == (
        False,
        "was last reviewed on 2026-11-22; read it again and set `reviewed`",
    )
