"""The bundled templates, filled: what stands in them is read back with what opens such files."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl import Workbook, load_workbook

from domain.documents.messages import FilledTemplate
from domain.documents.rules import Wish
from domain.documents.values import Form
from domain.portfolio.configuration import FORM_FIELDS
from domain.portfolio.values import PersonName, ProjectLine
from knowledge.templates.build import built
from message_templates.documents import press as press_module
from message_templates.documents.fields import fields_table
from message_templates.documents.filled import choosing_view, read_choosing, render_filled
from message_templates.documents.press import Filled, Press, bundled_templates
from models.enums import LogKind, Visibility
from tests.support.filing import FACTS, LONG, NAME, UNKNOWN

DOCS = Path(__file__).parents[2] / "docs" / "documents.md"
WORD = [form for form in Form if not form.is_workbook]


def fill(form: Form, facts: Any = FACTS) -> Filled:
    filled = Press().fill(form, facts).filled
    assert filled is not None
    return filled


@pytest.fixture(scope="module")
def filled() -> Mapping[Form, Filled]:
    return {form: fill(form) for form in Form}


def opened(filled: Filled) -> Any:
    return docx.Document(BytesIO(filled.data))


def paragraphs(document: Any) -> Iterator[Paragraph]:
    for part in (document, document.sections[0].header, document.sections[0].footer):
        for element in part._element.iter(qn("w:p")):
            yield Paragraph(element, document)


def marked(document: Any) -> list[str]:
    runs = [run for each in paragraphs(document) for run in each.runs]
    return [run.text for run in runs if run.font.highlight_color]


def rows_of(document: Any) -> dict[str, str]:
    """What stands behind each label."""
    tables = [Table(each, document) for each in document.element.body.iter(qn("w:tbl"))]
    rows = [row.cells for table in tables for row in table.rows if len(row.cells) == 2]
    return {cells[0].text: cells[1].text for cells in rows}


@pytest.mark.parametrize("form", WORD)
def test_what_the_record_knows_stands_in_it_and_what_people_typed_as_they_typed_it(
    form: Form, filled: Mapping[Form, Filled]
) -> None:
    document = opened(filled[form])
    texts = [each.text for each in paragraphs(document)]
    assert NAME in texts
    assert f"APOLLO\t{form.words[:1].upper()}{form.words[1:]}" in texts
    assert "As the record stood on 22 Nov 2026\tPage 1 of 1" in texts
    assert any("Ana" in text for text in texts)
    assert not any("Q" in text and "xQ" in text for text in texts)
    assert document.core_properties.title == f"APOLLO {form.words}"


@pytest.mark.parametrize("form", WORD)
def test_what_the_record_does_not_know_is_marked_yellow_and_counted(
    form: Form, filled: Mapping[Form, Filled]
) -> None:
    blanks = filled[form].blanks
    assert sorted(marked(opened(filled[form]))) == sorted(f"[to fill: {each}]" for each in blanks)
    assert "sponsor" in blanks or form in (Form.MEETING_AGENDA, Form.MEETING_MINUTES)


@pytest.mark.parametrize("form", WORD)
def test_tables_repeat_their_heads_and_fit_on_the_page(
    form: Form, filled: Mapping[Form, Filled]
) -> None:
    document = opened(filled[form])
    section = document.sections[0]
    letter_and_a4 = min(section.page_width, 7_772_400) - section.left_margin - section.right_margin
    for element in document.element.body.iter(qn("w:tbl")):
        table = Table(element, document)
        assert sum(column.width for column in table.columns) <= letter_and_a4
        if len(table.columns) > 2:
            assert list(table.rows[0]._tr.iter(qn("w:tblHeader")))


def test_a_status_report_has_the_forms_questions_in_the_forms_order(
    filled: Mapping[Form, Filled],
) -> None:
    rows = rows_of(opened(filled[Form.STATUS_REPORT]))
    labels = {
        "health": "Health",
        "milestone": "Next milestone",
        "risks": "Risks and issues",
        "decision": "Decision or help needed",
        "percent_complete": "Per cent complete",
    }
    wanted = [labels.get(each, each.replace("_", " ").capitalize()) for each in FORM_FIELDS]
    assert [label for label in rows if label in wanted] == wanted
    assert rows["Health"] == "Yellow"
    assert rows["Done"] == "UAT passed\nTraining held"
    assert rows["Next milestone"] == (
        "Go-live\nBaseline 1 Mar 2027, forecast 15 Mar 2027 (14 days later)"
    )
    assert rows["Decision or help needed"] == "Confirm the new date\nFrom Carol, by 10 Dec 2026"
    assert rows["Spent"] == "120,000.50 of 250,000"
    assert rows["They come to"] == "Red"
    assert rows["The PM's reason"] == "The vendor has signed."


def test_the_communications_plan_is_what_the_bot_does(filled: Mapping[Form, Filled]) -> None:
    document = opened(filled[Form.COMMUNICATIONS_PLAN])
    told = [cell.text for cell in document.tables[1]._cells]
    assert "every 2 weeks on Wednesday, 09:00 in their own zone" in told
    assert "Each time, cut-off 2 working days later, 15:00 (America/New_York)" in told
    assert "Each time, the same day, 16:00 (America/New_York)" in told
    assert "#its-council" in told
    assert "every month on the first Thursday, 14:00" in told
    digest = [cell.text for cell in document.tables[2].rows[1].cells]
    assert digest == [
        "Executives",
        "#executives",
        "every month on the first Monday",
        "08:00",
        "America/New_York",
    ]


@pytest.mark.parametrize(
    "form", [Form.STATUS_REPORT, Form.MEETING_AGENDA, Form.MEETING_MINUTES], ids=str
)
def test_what_is_to_be_decided_stands_there_whole(
    form: Form, filled: Mapping[Form, Filled]
) -> None:
    texts = [each.text for each in paragraphs(opened(filled[form]))]
    assert LONG in texts
    assert not any("…" in each for each in texts)


def test_more_about_a_decision_stands_below_it() -> None:
    decisions = [each for each in FACTS.entries if each.kind is LogKind.DECISION]
    told = replace(decisions[0], title="Which vendor?", text="A or B")
    document = opened(fill(Form.MEETING_AGENDA, replace(FACTS, entries=(told,))))
    assert "Which vendor?\nA or B" in [each.text for each in paragraphs(document)]


def test_figures_that_the_report_leaves_out_are_left_to_fill() -> None:
    assert FACTS.report is not None
    answers = replace(FACTS.report.answers, spent=None, cost_forecast=None, percent_complete=None)
    pressed = fill(
        Form.STATUS_REPORT, replace(FACTS, report=replace(FACTS.report, answers=answers))
    )
    figures = ["spent so far", "cost forecast", "per cent complete"]
    assert [each for each in pressed.blanks if each in figures] == figures
    assert rows_of(opened(pressed))["Spent"] == "[to fill: spent so far] of 250,000"


def test_the_goals_and_who_was_there_are_nothing_that_the_record_knows(
    filled: Mapping[Form, Filled],
) -> None:
    assert rows_of(opened(filled[Form.CLOSEOUT_REPORT]))["Goals"].startswith("[to fill: goals")
    texts = [each.text for each in paragraphs(opened(filled[Form.MEETING_MINUTES]))]
    there, members = texts.index("Who was there"), texts.index("Members of the council")
    assert there < members
    assert "Li Wei" not in texts[there:members]


def test_the_names_of_what_is_left_to_fill_add_up() -> None:
    (rendered,) = render_filled(FilledTemplate(Form.MEETING_AGENDA, FACTS))
    shown = str(rendered.blocks)
    assert "12 places are" in shown
    assert "minutes of each item (5 times)" in shown


def test_of_a_restricted_project_each_page_says_so_and_no_channel_is_named() -> None:
    restricted = replace(FACTS.project, visibility=Visibility.RESTRICTED)
    document = opened(fill(Form.COMMUNICATIONS_PLAN, replace(FACTS, project=restricted)))
    (head,) = document.sections[0].header.paragraphs
    assert head.text == "APOLLO (restricted: not for everybody)\tCommunications plan"
    texts = [each.text for each in paragraphs(document)]
    assert "Direct messages to its chair and members" in texts
    assert "#its-council" not in texts


def test_a_long_text_is_there_whole_without_what_no_file_can_hold(
    filled: Mapping[Form, Filled],
) -> None:
    assert "\x0b" in FACTS.project.description
    texts = [each.text for each in paragraphs(opened(filled[Form.PROJECT_CHARTER]))]
    assert FACTS.project.description.replace("\x0b", "").strip() in texts


def test_of_a_project_without_reports_and_dates_all_of_that_is_left_to_fill() -> None:
    pressed = fill(Form.STATUS_REPORT, UNKNOWN)
    rows = rows_of(opened(pressed))
    assert rows["Health"] == "[to fill: health]"
    assert rows["Forecast end"] == "[to fill: forecast end] (\N{EN DASH})"
    assert "They come to" not in rows
    assert {"what was done", "path to green", "planned end"} - set(pressed.blanks) == {
        "planned end"
    }


def test_a_raid_log_has_a_sheet_for_each_kind_that_can_be_filtered(
    filled: Mapping[Form, Filled],
) -> None:
    book: Workbook = load_workbook(BytesIO(filled[Form.RAID_LOG].data))
    assert book.sheetnames == ["About", "Risks", "Actions", "Issues", "Decisions", "Milestones"]
    risks, actions, issues = book["Risks"], book["Actions"], book["Issues"]
    assert (risks.freeze_panes, risks.auto_filter.ref) == ("C2", "A1:M3")
    assert actions.auto_filter.ref == "A1:J3"
    assert issues["A2"].value == "None on the record."
    head = [cell.value for cell in risks[1]]
    first, second = (dict(zip(head, risks[row], strict=True)) for row in (2, 3))
    assert first["Due"].value == datetime(2026, 12, 1)  # noqa: DTZ001 - a day, as Excel has it
    assert first["Due"].number_format == "d mmm yyyy"
    assert (first["Score"].value, first["Description"].value) == (20, None)
    for name, text in (("Risk", "=cmd|' /C calc'!A0"), ("Response", "-1 day")):
        assert (first[name].value, first[name].data_type) == (text, "s")
        assert first[name].quotePrefix
    assert second["Owner"].value == "[to fill: owner of R-2]"
    assert second["Owner"].fill.start_color.rgb.endswith("FFFF00")
    assert [row[0].value for row in actions.iter_rows(min_row=2)] == ["A-1", "A-2"]


def test_filled_twice_it_is_the_same_to_the_byte(filled: Mapping[Form, Filled]) -> None:
    press_module._tried.cache_clear()
    for form in (Form.MEETING_AGENDA, Form.RAID_LOG):
        assert fill(form) == filled[form]


def test_the_message_brings_the_file_and_names_what_is_left_to_fill(
    filled: Mapping[Form, Filled],
) -> None:
    (rendered,) = render_filled(FilledTemplate(Form.MEETING_MINUTES, FACTS))
    (document,) = rendered.documents
    assert document.name == "APOLLO meeting minutes.docx"
    assert document.data == filled[Form.MEETING_MINUTES].data
    shown = str(rendered.blocks)
    assert "11 places are" in shown
    assert "who was excused" in shown
    assert rendered.text == "The meeting minutes of APOLLO: 11 places left to fill"


def test_the_bundled_files_are_those_that_the_script_makes() -> None:
    for form, data in built():
        assert (bundled_templates() / form.file).read_bytes() == data, (
            f"{form.file}: python -m knowledge.templates.build"
        )


def test_the_page_lists_all_fields_that_there_are() -> None:
    assert fields_table() in DOCS.read_text(encoding="utf-8")


def line(number: int) -> ProjectLine:
    ana = PersonName(1, "U0ANA", "Ana")
    return ProjectLine(number, f"P{number}", "Name", "ITS", "execution", Visibility.OPEN, ana)


@pytest.mark.parametrize(("count", "kind"), [(100, "static_select"), (101, "plain_text_input")])
def test_a_window_offers_as_many_projects_as_a_menu_holds_else_asks_for_the_code(
    count: int, kind: str
) -> None:
    view = choosing_view(Form.RAID_LOG, [line(number) for number in range(count)])
    *_, field = view["blocks"]
    assert field["element"]["type"] == kind
    typed = {"selected_option": {"value": "P1"}} if count == 100 else {"value": "P1"}
    sent = {**view, "state": {"values": {"project": {"project": typed}}}}
    assert read_choosing(sent) == Wish(Form.RAID_LOG, "P1", is_certain=True)


def test_who_may_see_no_project_is_told_so() -> None:
    assert "There is no project that you may see" in str(choosing_view(Form.RAID_LOG, []))
