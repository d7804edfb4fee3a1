"""The handbook that comes with pmobot: whole, findable, and guidance rather than policy."""

from collections.abc import Mapping
from datetime import date

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge import bundled_folder
from domain.answers.handbook.reading import read_handbook
from domain.answers.handbook.rules import flaws
from domain.answers.values import Guidance, Section

PHASES = "qualification initiation planning execution closeout"
PHASE_FACETS = "purpose entry-criteria exit-criteria deliverables gate templates roles"
TEMPLATES = (
    "project-request business-case project-charter scope-statement stakeholder-register raci"
    " communications-plan project-management-plan work-breakdown raid-log risk-register issue-log"
    " decision-log change-request status-report meeting-agenda meeting-minutes"
    " deliverable-acceptance transition-plan lessons-learned closeout-report phase-gate-checklist"
    " project-management-fundamentals"
)
TEMPLATE_FACETS = "purpose when owner fields"
OTHERS: Mapping[str, str] = {
    "phase": "overview monitoring-control",
    "template": "catalogue",
    "role": (
        "sponsor project-manager steering-committee governance-council pmo stakeholder"
        " business-owner project-team subject-matter-expert change-control-board requester"
    ),
    "governance": "stage-gates escalation-path tolerances change-control tailoring",
    "process": (
        "what-is-a-project project-request prioritization resource-allocation budget-tracking"
        " training pmo-services ppm-tool feedback"
    ),
    "status": (
        "cadence late-report no-change delegate on-hold edit-after-submit visibility rag"
        " rag-thresholds rag-rollup trend path-to-green watermelon writing digest"
    ),
    "meeting": (
        "agenda pre-read quorum minutes decisions action-items time-boxing kickoff"
        " out-of-cycle-decision"
    ),
    "kpi": "overview on-time-reporting schedule-variance decision-latency",
}


@pytest.fixture(scope="module")
def sections() -> Mapping[str, Section]:
    read = read_handbook([bundled_folder()])
    assert read.problems == []
    return read.handbook.sections


def test_there_is_a_section_for_each_facet_of_each_phase_and_template(
    sections: Mapping[str, Section],
) -> None:
    expected = {
        f"phase:{phase}#{each}" for phase in PHASES.split() for each in PHASE_FACETS.split()
    }
    expected |= {
        f"template:{template}#{each}"
        for template in TEMPLATES.split()
        for each in TEMPLATE_FACETS.split()
    }
    assert expected - sections.keys() == set()


def test_nothing_that_the_handbook_has_to_tell_of_is_left_out(
    sections: Mapping[str, Section],
) -> None:
    things = {(each.kind, each.slug) for each in sections.values()}
    expected = {(kind, slug) for kind, slugs in OTHERS.items() for slug in slugs.split()}
    assert expected - things == set()
    assert len([kind for kind, _slug in things if kind == "glossary"]) >= 70


def test_it_has_nothing_to_mend(sections: Mapping[str, Section]) -> None:
    read = read_handbook([bundled_folder()])
    newest = max(each.reviewed for each in sections.values())
    assert [f"{flaw.section.id}: {flaw.text}" for flaw in flaws(read.handbook, newest)] == []


def test_what_comes_with_pmobot_is_guidance_and_nobodys_policy(
    sections: Mapping[str, Section],
) -> None:
    assert {each.guidance for each in sections.values()} == {Guidance.GENERAL}


def test_lint_tells_of_a_pmos_own_folder_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("own")
    (folder / "ours.md").write_text("# Ours\n\n## No facts\nText.\n", encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "raid-log.xlsx").write_bytes(b"Dear all")
    told = CliRunner().invoke(app, ["knowledge", "lint", str(folder)])
    assert told.exit_code == 1
    assert f"{folder}/ours.md: line 3: 'No facts' has no YAML right below it" in told.output
    assert f"{folder}/templates/raid-log.xlsx: is no Excel workbook: save it as" in told.output
    assert "2 to mend" in told.output
    assert CliRunner().invoke(app, ["knowledge", "lint"]).exit_code == 0


def test_a_section_is_stale_after_half_a_year() -> None:
    section = Section("role:sponsor#what", "Sponsor", "", "sponsor", reviewed=date(2026, 1, 1))
    assert not section.is_stale(date(2026, 6, 30))
    assert section.is_stale(date(2026, 7, 1))
