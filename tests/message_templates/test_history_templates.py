"""A project's history: how it looks, that it always fits, and that no new word is missing in it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.history.rules import Asked, Version, differences
from domain.collecting.values import Answers, Report
from domain.portfolio.values import PersonName, ProjectCard, ProjectFacts
from message_templates.collecting.history import history_messages, history_view
from message_templates.digests.differences import difference_paragraphs
from message_templates.digests.report import as_blocks
from message_templates.kit import Rendered
from message_templates.kit.limits import MODAL_BLOCKS
from models.enums import Health, ReportSource, RequestState, Visibility
from tests.support.looks import assert_slack_takes, lines_of, shown

AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
HOSTILE = "<!channel> *b* _i_ `c` :tada: <@U1> & {{ 7*7 }} \u202eabc"
ANSWERS = Answers(health=Health.GREEN, done="Tested it", next="Go live")
FIRST = Report(ANSWERS, "Ana", AT, AT.date(), phase="execution")
CARD = ProjectCard(
    project_id=1,
    code="APOLLO",
    name="Campus network",
    council_id=1,
    council="ITS Council",
    phase="execution",
    visibility=Visibility.OPEN,
    pm=PersonName(1, "U1", "Ana"),
    deputy=None,
    sponsor=None,
    start=None,
    baseline_end=None,
    forecast_end=None,
    budget=None,
    description="",
    notes={},
    facts=ProjectFacts(Visibility.OPEN, council_id=1, pm_id=1, deputy_id=None, sponsor_id=None),
)


def asked(*reports: Report, before: Report | None = None, **others: Any) -> Asked:
    """A request and its versions, given oldest first."""
    versions = []
    for report in reports:
        versions.append(Version(report, differences(before, report), before is None))
        before = report
    given_: dict[str, Any] = {
        "opens_on": AT.date(),
        "state": RequestState.ANSWERED,
        "reason": "",
        "cut_off_at": CUT_OFF,
        **others,
    }
    return Asked(versions=tuple(reversed(versions)), **given_)


def the_message(*history: Asked) -> Rendered:
    [rendered] = history_messages(CARD, history)
    assert_slack_takes([rendered])
    return rendered


def test_a_history_looks_like_this() -> None:
    second = replace(
        FIRST,
        version=2,
        author="Ben",
        submitted_at=AT + timedelta(days=1),
        answers=replace(
            ANSWERS, health=Health.RED, why="No funds", milestone_forecast=date(2027, 3, 17)
        ),
    )
    rendered = the_message(asked(FIRST, second))
    assert rendered.text == "APOLLO Campus network: history"
    assert [line for line in lines_of(rendered) if line] == [
        "APOLLO · Campus network: history",
        (
            "1 report in 2 versions, newest first. Each version shows what it says otherwise than "
            "the one before."
        ),
        "Wed 25 Nov 2026 · 🟥 Red · corrected",
        "Version 2. Reported by Ben, Thu 26 Nov 2026 14:00 (UTC) · changed from the version before",
        "Health: 🟢 Green → 🟥 Red",
        "Why: No funds",
        "Milestone forecast: Wed 17 Mar 2027",
        "Version 1. Reported by Ana, Wed 25 Nov 2026 14:00 (UTC)",
        "Health: 🟢 Green",
        "Phase: execution",
        "Done: Tested it",
        "Next: Go live",
    ]


@pytest.mark.parametrize(
    ("report", "others", "mark"),
    [
        ({}, {"state": RequestState.LATE}, " · late"),
        ({"submitted_at": CUT_OFF + timedelta(seconds=1)}, {}, " · late"),
        ({"unchanged": 2, "source": ReportSource.NO_CHANGE}, {}, " · unchanged x2"),
        ({"source": ReportSource.TEXT}, {}, " · written in free text"),
        ({"computed": Health.RED}, {}, " · facts said 🟥 Red"),
        ({"computed": Health.GREEN}, {}, ""),
    ],
)
def test_how_a_report_came_stands_beside_its_health(
    report: dict[str, Any], others: dict[str, Any], mark: str
) -> None:
    rendered = the_message(asked(replace(FIRST, **report), **others))
    assert f"Wed 25 Nov 2026 · 🟢 Green{mark}" in lines_of(rendered)


@pytest.mark.parametrize(
    ("state", "reason", "line"),
    [
        (RequestState.MISSED, "", "no report"),
        (RequestState.ASKED, "", "not answered yet"),
        (RequestState.EXCUSED, "on leave until 4 Dec", "not asked: on leave until 4 Dec"),
    ],
)
def test_a_request_without_an_answer_says_why(state: RequestState, reason: str, line: str) -> None:
    rendered = the_message(asked(state=state, reason=reason))
    assert f"Wed 25 Nov 2026 · {line}" in lines_of(rendered)
    assert "0 reports, 1 request without an answer, newest first." in shown(rendered.blocks)


def test_what_the_facts_said_and_the_reason_stay_on_record() -> None:
    claimed = replace(
        FIRST, computed=Health.YELLOW, computed_why=("A is late.", "B is."), claim_reason="I know"
    )
    lines = lines_of(the_message(asked(claimed)))
    assert "Reason for the claim: I know" in lines
    assert "What the facts said: A is late. B is." in lines


def test_a_report_that_repeats_the_one_before_says_so() -> None:
    lines = lines_of(the_message(asked(FIRST, before=FIRST), asked(FIRST)))
    assert any(line.endswith("says the same as the report before") for line in lines)


def test_a_project_of_which_nothing_was_asked_says_so() -> None:
    assert "Nothing was asked or reported yet." in lines_of(the_message())
    view = history_view((), "/project history APOLLO")
    assert shown(view["blocks"]) == "Nothing was asked or reported yet."


def test_hostile_words_in_a_history_do_nothing() -> None:
    other = replace(
        FIRST, answers=replace(ANSWERS, done=HOSTILE, milestone=HOSTILE), author=HOSTILE
    )
    rendered = the_message(asked(FIRST, other, reason=HOSTILE))
    assert shown(rendered.blocks).count(HOSTILE) == 3
    assert "<!" not in rendered.text


def numbered(letter: str, lines: int) -> str:
    return "\n".join(f"{letter}{number:04} more words of it" for number in range(lines))


def test_a_long_history_is_whole_in_its_messages_and_cut_with_a_pointer_in_the_modal() -> None:
    reports = [
        replace(FIRST, answers=replace(ANSWERS, done=numbered(letter, 450))) for letter in "abcdefg"
    ]
    history = [asked(report) for report in reports]
    messages = history_messages(CARD, history)
    assert_slack_takes(messages)
    text = "".join(shown(each.blocks) for each in messages)
    assert all(f"{letter}{number:04}" in text for letter in "abcdefg" for number in range(450))
    assert messages[1].text == "APOLLO Campus network: history (continued)"
    view = history_view(history, "/project history APOLLO")
    assert len(view["blocks"]) <= MODAL_BLOCKS
    assert "There is more than fits here. All of it: `/project history APOLLO`" in shown(
        view["blocks"]
    )


def test_a_modal_of_many_short_reports_fits() -> None:
    view = history_view([asked(FIRST)] * 300, "/project history APOLLO")
    assert len(view["blocks"]) <= MODAL_BLOCKS
    assert "There is more than fits here." in shown(view["blocks"])


texts = st.lists(st.text(alphabet="ab <>&*_", max_size=6), max_size=8).map("\n".join)


@given(old=texts, new=texts)
def test_no_line_of_the_newer_text_is_missing_in_what_is_shown(old: str, new: str) -> None:
    before, after = (replace(FIRST, answers=replace(ANSWERS, risks=text)) for text in (old, new))
    told = shown(as_blocks(difference_paragraphs(differences(before, after))))
    kept = old.split("\n")
    assert all(line in told or line in kept for line in new.split("\n"))
