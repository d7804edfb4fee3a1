"""What somebody means who writes the name of a template, and perhaps of a project."""

import pytest

from domain.documents.rules import NAMES, form_of_section, read_other, read_wish
from domain.documents.values import Form

MAY_BE_QUESTIONS = ("status report apollo", "change request process", "closure of apollo")
CALLED = "charter for Student Portal"
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
        ("closeout APOLLO", Form.CLOSEOUT_REPORT, "APOLLO"),
        ("closure of apollo", Form.CLOSEOUT_REPORT, "apollo"),
        ("charter for Student Portal", Form.PROJECT_CHARTER, "Student Portal"),
        ("charter for small projects", Form.PROJECT_CHARTER, "small projects"),
        ("minutes APOLLO", Form.MEETING_MINUTES, "APOLLO"),
        ("minutes for apollo?", Form.MEETING_MINUTES, "apollo"),
        ("change request process", Form.CHANGE_REQUEST, "process"),
    ],
)
def test_a_template_and_a_project_are_read(text: str, form: Form, project: str) -> None:
    wish = read_wish(text)
    assert wish is not None
    assert (wish.form, wish.project) == (form, project)
    is_certain = text == CALLED or (" " not in project and text not in MAY_BE_QUESTIONS)
    assert wish.is_certain is is_certain


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("business case APOLLO", ("business case", "APOLLO")),
        ("lessons learned for the project X-1?", ("lessons learned", "X-1")),
        ("business case apollo", None),
        ("APOLLO", None),
        ("for APOLLO", None),
        ("raid log fields APOLLO", None),
        ("", None),
    ],
)
def test_what_is_no_file_may_still_name_a_project(text: str, read: tuple[str, str] | None) -> None:
    assert read_other(text) == read


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
