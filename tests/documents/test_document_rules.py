"""What somebody means who writes the name of a template, and perhaps of a project."""

import pytest

from domain.documents.rules import NAMES, form_of_section, read_wish
from domain.documents.values import Form

MAY_BE_QUESTIONS = ("status report apollo", "change request process")
STATUS, RAID = Form.STATUS_REPORT, Form.RAID_LOG


@pytest.mark.parametrize(
    ("text", "form", "project"),
    [
        ("status-report APOLLO", STATUS, "APOLLO"),
        ("status report apollo", STATUS, "apollo"),
        ("Status Report for Apollo", STATUS, "Apollo"),
        ("status_report for the project APOLLO", STATUS, "APOLLO"),
        ("raid log BOREALIS", RAID, "BOREALIS"),
        ("raid BOREALIS", RAID, "BOREALIS"),
        ("charter Student Portal", Form.PROJECT_CHARTER, "Student Portal"),
        ("project charter APOLLO", Form.PROJECT_CHARTER, "APOLLO"),
        ("comms plan X-1", Form.COMMUNICATIONS_PLAN, "X-1"),
        ("status-report-APOLLO", STATUS, "APOLLO"),
        ("minutes APOLLO", Form.MEETING_MINUTES, "APOLLO"),
        ("minutes for apollo?", Form.MEETING_MINUTES, "apollo"),
        ("change request process", Form.CHANGE_REQUEST, "process"),
    ],
)
def test_a_template_and_a_project_are_read(text: str, form: Form, project: str) -> None:
    wish = read_wish(text)
    assert wish is not None
    assert (wish.form, wish.project) == (form, project)
    assert wish.is_certain is (" " not in project and text not in MAY_BE_QUESTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "status report",
        "status-report",
        "raid log",
        "project charter",
        "raid report",
        "business-case-APOLLO",
        "raid log fields",
        "charter template",
        "who writes the charter",
        "business case APOLLO",
        "status report for",
        "change request form",
    ],
)
def test_what_names_no_project_is_left_to_the_handbook(text: str) -> None:
    assert read_wish(text) is None


def test_every_form_has_a_name_and_a_section() -> None:
    assert set(NAMES.values()) == set(Form)
    assert [form_of_section(f"template:{each}#fields") for each in Form] == list(Form)
    assert form_of_section("template:business-case#fields") is None
    assert form_of_section("glossary:raid-log#meaning") is None
