"""How a portfolio digest looks: one message for any number of councils and projects."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.digests.broad.messages import (
    BroadDecision,
    BroadHead,
    BroadLine,
    BroadMissing,
    CouncilLine,
)
from domain.digests.values import Counts
from message_templates.digests.broad import OLD_DAYS
from message_templates.kit import Rendered
from message_templates.rendering import render
from models.enums import Health
from tests.support.looks import assert_slack_takes, lines_of

ITS, STS = "ITS Council", "STS Council"
SECTIONS = ["councils", "decisions", "red", "newly_worse", "improved", "missing", "not_rated"]
NOTHING: Any = dict.fromkeys(SECTIONS, ())
HEAD = BroadHead(
    name="Executive overview",
    as_of=datetime(2026, 12, 7, 13, tzinfo=UTC),
    timezone="America/New_York",
    counts=Counts(green=12, yellow=5, red=3, grey=2),
    previous=None,
    previous_on=None,
    due=22,
    received=20,
    **NOTHING,
)


def line(code: str, health: Health = Health.RED, **others: Any) -> BroadLine:
    given = {"summary": "The vendor is late.", "council": ITS, **others}
    return BroadLine(code, f"Project {code}", "Ana", health, **given)


def rendered(**changes: Any) -> Rendered:
    (message,) = render(replace(HEAD, **changes))
    assert_slack_takes([message])
    return message


def lines(**changes: Any) -> list[str]:
    return lines_of(rendered(**changes))


def test_the_totals_stand_first_with_their_change_since_the_last_issue() -> None:
    told = lines(previous=Counts(11, 6, 2, 3), previous_on=date(2026, 11, 2))
    assert told[:2] == [
        "Executive overview · 7 Dec 2026",
        (
            "20 of 22 reports in · 🟥 3 red (+1) · 🔶 5 yellow (-1)"
            " · 🟢 12 green (+1) · ⚪ 2 grey (-1) · change since 2 Nov"
        ),
    ]
    assert lines()[1] == "20 of 22 reports in · 🟥 3 red · 🔶 5 yellow · 🟢 12 green · ⚪ 2 grey"


def test_a_notification_tells_the_totals_the_first_decision_and_the_red_ones() -> None:
    decisions = (
        BroadDecision("APOLLO", "Portal", "Ana", "Fund it <!here>?", "", None, council=ITS),
        BroadDecision("BOREAS", "Net", "Ana", "Stop it?", "", None, council=ITS),
    )
    reds = tuple(line(f"R{number}") for number in range(12))
    gone = (BroadMissing("CERES", "Data", "Sam", "on leave", None, None, 0, council=ITS),)
    text = rendered(decisions=decisions, red=reds, missing=gone).text
    assert text == (
        "Executive overview, 7 Dec: 20 of 22 reports in. 3 red, 5 yellow, 12 green, 1 missing."
        " Decision needed: APOLLO: Fund it &lt;!here&gt;? (and 1 more)."
        " Red: R0, R1, R2, R3, R4, R5, R6, R7, R8, R9 and 2 more."
    )
    assert rendered(decisions=decisions[1:]).text.endswith("Decision needed: BOREAS: Stop it?")


def test_each_council_has_a_line_with_its_counts_and_the_reports_of_its_last_cycle() -> None:
    councils = (
        CouncilLine(ITS, date(2026, 11, 25), 11, 10, Counts(6, 2, 2, 1)),
        CouncilLine(STS, None, 0, 0, Counts(grey=1)),
    )
    told = lines(councils=councils)
    start = told.index("Councils: 2")
    assert told[start + 1 : start + 3] == [
        f"{ITS} · 🟥 2 red · 🔶 2 yellow · 🟢 6 green · ⚪ 1 grey · 10 of 11 in, asked 25 Nov",
        f"{STS} · ⚪ 1 grey · no report due",
    ]


@pytest.mark.parametrize(
    ("section", "entry", "first"),
    [
        (
            "red",
            line("APOLLO", days=21, reports=3, previous=Health.YELLOW, age=OLD_DAYS),
            (
                "APOLLO Project APOLLO (reported 14 days ago) · was 🔶 Yellow · red for 21 days"
                f", 3 reports · Ana · {ITS}"
            ),
        ),
        (
            "newly_worse",
            line("BOREAS", Health.YELLOW, previous=Health.GREEN, age=OLD_DAYS - 1),
            f"BOREAS Project BOREAS · 🟢 Green → 🔶 Yellow · Ana · {ITS}",
        ),
        (
            "improved",
            line("CERES", Health.GREY, previous=Health.GREEN, is_closed=True, council=STS),
            f"CERES Project CERES · closed, was 🟢 Green · Ana · {STS}",
        ),
        (
            "missing",
            BroadMissing("D1", "Dry", "Ana", "on leave", Health.RED, date(2026, 11, 11), 26, ITS),
            f"D1 Dry · Ana · {ITS} · on leave · last known 🟥 Red, 26 days old",
        ),
        (
            "decisions",
            BroadDecision("E1", "Eos", "Ana", "Fund it", "the CIO", date(2026, 12, 4), council=ITS),
            f"E1 Eos: Fund it (from the CIO, by 4 Dec, overdue) · {ITS}",
        ),
    ],
)
def test_each_line_names_the_council(section: str, entry: object, first: str) -> None:
    assert first in lines(**{section: (entry,)})


def test_what_it_is_about_and_its_note_stand_on_top_and_nobodys_words_are_markup() -> None:
    message = rendered(tag="erp", scope=(ITS, STS), note="Ask *Dana* <!channel>\n<@U1>")
    assert lines_of(message)[1:4] == [
        f"Programme: projects with the tag erp · {ITS}, {STS}",
        "Ask *Dana* <!channel>",
        "<@U1>",
    ]
    assert "<!channel>" not in message.text


def test_an_issue_that_comes_late_says_when_it_was_due() -> None:
    told = lines(due_at=datetime(2026, 12, 7, 12, tzinfo=UTC))
    assert told[1] == "Posted late: due Mon 7 Dec 07:00"


def test_an_issue_out_of_which_something_was_taken_says_when() -> None:
    assert lines(amended_at=datetime(2026, 12, 9, 15, tzinfo=UTC))[1] == "Updated Wed 9 Dec 10:00"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"counts": Counts(green=3)},
            "All projects are green: nobody outside the teams has to act.",
        ),
        (
            {"counts": Counts(grey=3), "received": 0},
            "Nobody has reported: there is nothing yet to say about health.",
        ),
        ({"counts": Counts(), "due": 0, "received": 0}, "There is no project to tell of."),
    ],
)
def test_what_needs_nobody_is_said_in_words(changes: dict[str, Any], told: str) -> None:
    assert lines(**changes)[2] == told
    assert not lines(**changes)[1].endswith("· ")


def test_ten_thousand_projects_of_a_hundred_councils_fit_one_message_and_none_is_left_out() -> None:
    long = "x" * 150
    many = tuple(
        replace(line(f"P{number}", summary=long * 9, path_to_green=long * 9), name=long)
        for number in range(2_500)
    )
    councils = tuple(
        CouncilLine(f"Council {number} {long}"[:75], date(2026, 11, 25), 9, 9, Counts(9, 9, 9, 9))
        for number in range(100)
    )
    message = rendered(
        red=many, newly_worse=many, improved=many, not_rated=many, councils=councils, scope=(long,)
    )
    told = "\n".join(lines_of(message))
    shown = sum(told.count(f"P{number} ") for number in range(2_500))
    left = [each for each in lines_of(message) if each.startswith("… and ")]
    assert len(left) == 5
    counted = [int(each.split()[2].replace(",", "")) for each in left]
    assert shown + sum(counted[1:]) == 10_000
    assert told.count("Council ") + counted[0] >= 100


def test_a_portfolio_under_stress_says_so_and_a_red_line_without_a_way_out_too() -> None:
    told = lines(red=(line("APOLLO", days=3),))
    assert "Under stress: 8 of 20 rated projects are yellow or red, more than 30%." in told
    assert "Path to green: none given · Next date: none given" in told
    calm = lines(counts=Counts(green=10, red=1))
    assert not any(each.startswith("Under stress") for each in calm)
