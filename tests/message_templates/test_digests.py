"""Digests: what executives read first, limits for any portfolio, reports shown to the letter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.collecting.history.rules import Difference, Kind
from domain.collecting.values import LONG_FIELDS, Answers
from domain.digests.messages import (
    ClosedLine,
    DecisionLine,
    DigestAddendum,
    DigestDetail,
    DigestHead,
    DigestLine,
    DigestMissing,
    DigestPage,
    MilestoneLine,
    MissingLine,
    NextDate,
    ReportText,
)
from domain.digests.values import Counts
from message_templates.digests.head import render_head
from message_templates.digests.thread import (
    render_addendum,
    render_detail,
    render_missing,
    render_page,
)
from message_templates.kit import Block, Rendered, cost
from models.enums import Health
from tests.support.looks import assert_slack_takes, lines_of, shown

AS_OF = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 28, 15, 40, tzinfo=UTC)
HOSTILE = "<!channel> *b* _i_ `c` :tada: <@U1> & {{ 7*7 }}\n> q\n• x"

EMPTY = DigestHead(
    council="ITS Council",
    opens_on=date(2026, 11, 25),
    as_of=AS_OF,
    timezone="America/New_York",
    due=0,
    received=0,
    counts=Counts(),
    previous=None,
    decisions=(),
    red=(),
    newly_worse=(),
    long_yellow=(),
    other_yellow=(),
    improved=(),
    milestones=(),
    missing=(),
    not_rated=(),
    green=(),
)
APOLLO = DigestLine(
    code="APOLLO",
    name="Campus network",
    pm="Dana Reyes",
    health=Health.RED,
    summary="Vendor is late.",
    previous=Health.RED,
    days=45,
    path_to_green="New vendor by 1 Dec.",
    reports=4,
    next_date=NextDate(date(2027, 3, 17), "Go-live"),
)
ETA = MissingLine(
    code="ETA",
    name="Library",
    pm="Ann Lee",
    reason="on leave, deputy asked",
    last_health=Health.GREEN,
    last_on=date(2026, 11, 11),
    days=14,
)
SMALL = replace(
    EMPTY,
    due=5,
    received=4,
    counts=Counts(green=2, yellow=1, red=1, grey=1),
    previous=Counts(green=3, yellow=1, red=0, grey=1),
    previous_on=date(2026, 11, 11),
    decisions=(
        DecisionLine(
            "APOLLO", "Campus network", "Dana Reyes", "Pay $9,000?", "Carol", date(2026, 12, 4)
        ),
    ),
    red=(APOLLO,),
    missing=(ETA,),
    green=(
        DigestLine("IOTA", "Doors", "Ann Lee", Health.GREEN, added_at=LATER),
        DigestLine("ZETA", "Apps", "Ann Lee", Health.GREEN),
    ),
)


def yellow(code: str, **fields: Any) -> DigestLine:
    return replace(
        DigestLine(code, "Mail", "Omar Haddad", Health.YELLOW, previous=Health.YELLOW), **fields
    )


def the_head(head: DigestHead) -> Rendered:
    [rendered] = render_head(head)
    assert_slack_takes([rendered])
    return rendered


# --- the head: whole messages


def bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def words(text: str) -> Block:
    return {"type": "text", "text": text}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def bullets(*items: Block) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def test_a_small_digest_looks_exactly_like_this() -> None:
    rendered = the_head(SMALL)
    assert rendered.text == (
        "ITS Council, 25 Nov: 4 of 5 reports in. 1 red (+1), 1 yellow, 2 green (-1), 1 missing."
        " Decision needed: APOLLO: Pay $9,000? Red: APOLLO."
    )
    assert rendered.blocks == [
        {
            "type": "header",
            "text": {
                "type": "plain_text",
                "text": "ITS Council · status 25 Nov 2026",
                "emoji": False,
            },
        },
        rich(
            section(
                bold("4 of 5 reports in"),
                words(
                    " · 🟥 1 red (+1) · 🔶 1 yellow · 🟢 2 green (-1) · ⚪ 1 grey"
                    " · change since 11 Nov"
                ),
            )
        ),
        rich(
            section(bold("Decisions needed: 1")),
            bullets(
                section(
                    bold("APOLLO"),
                    words(" Campus network: Pay $9,000? (from Carol, by 4 Dec)"),
                )
            ),
        ),
        rich(
            section(words("🟥 "), bold("Red: 1")),
            bullets(
                section(
                    bold("APOLLO"),
                    words(
                        " Campus network · red for 45 days, 4 reports · Dana Reyes\n"
                        "Vendor is late.\n"
                        "Path to green: New vendor by 1 Dec.\n"
                        "Next date: 17 Mar 2027 (Go-live)"
                    ),
                )
            ),
        ),
        rich(
            section(words("⚪ "), bold("No report: 1")),
            bullets(
                section(
                    bold("ETA"),
                    words(
                        " Library · Ann Lee · on leave, deputy asked"
                        " · last known 🟢 Green, 14 days old"
                    ),
                )
            ),
        ),
        rich(
            section(words("🟢 "), bold("Green: 2"), words(" IOTA (added Sat 28 Nov 10:40), ZETA"))
        ),
        {
            "type": "context",
            "elements": [
                {
                    "type": "mrkdwn",
                    "text": "As of <!date^1795870800^{date_short_pretty} at {time}"
                    "|Sat 28 Nov 2026 08:00 (America/New_York)>,"
                    " which is Sat 28 Nov 08:00 America/New_York."
                    " The colour says who must act: green nobody outside the team,"
                    " yellow the project manager, red the sponsor or the council."
                    " Full reports are in the thread, where you can ask a PM."
                    " Anything else: `/project help`.",
                    "verbatim": True,
                }
            ],
        },
    ]


def test_every_section_has_its_own_words_and_comes_in_order() -> None:
    head = replace(
        EMPTY,
        due=6,
        received=6,
        newly_worse=(yellow("BETA", previous=Health.GREEN, rating="Amber/Red", days=3),),
        long_yellow=(yellow("GAMMA", days=31),),
        other_yellow=(yellow("DELTA", previous=Health.RED, days=1, summary="Better."),),
        improved=(yellow("DELTA", previous=Health.RED),),
        closed=(
            ClosedLine("RHEA", "Email archive", "Ann Lee", "operations", is_reported=False),
            ClosedLine("TITAN", "Lifts", "Ann Lee", "closeout", is_reported=True),
        ),
        milestones=(
            MilestoneLine("BETA", "Plan", date(2026, 11, 20), None, is_overdue=True),
            MilestoneLine("ETA", "Pay", date(2026, 11, 27), None),
            MilestoneLine("DELTA", "Buy", date(2026, 11, 23), date(2026, 11, 20), is_met=True),
            MilestoneLine("BETA", "Pilot", date(2027, 1, 8), date(2026, 12, 18)),
            MilestoneLine("GAMMA", "Start", date(2026, 12, 2), date(2026, 12, 3)),
            MilestoneLine("ZETA", "Go-live", date(2026, 12, 9), None),
        ),
        not_rated=(replace(APOLLO, code="THETA", health=Health.GREY, path_to_green=""),),
    )
    assert lines_of(the_head(head))[2:-1] == [
        "🔶 Newly worse: 1",
        "BETA Mail · 🟢 Green → 🔶 Yellow (Amber/Red) · Omar Haddad",
        "🔶 Yellow for 28 days or more: 1",
        "GAMMA Mail · yellow for 31 days · Omar Haddad",
        "🔶 Other yellow: 1",
        "DELTA Mail · was 🟥 Red · yellow for 1 day · Omar Haddad",
        "Better.",
        "Improved and closed: 3",
        "RHEA Email archive · closed: now in operations · Ann Lee",
        "TITAN Lifts · closed: closeout is reported as finished · Ann Lee",
        "DELTA Mail · 🟥 Red → 🔶 Yellow · Omar Haddad",
        "Milestones moved, met, or due within 30 days: 6",
        "20 Nov, overdue · BETA Plan",
        "27 Nov, past · ETA Pay",
        "23 Nov · DELTA Buy: met, moved from 20 Nov, 3 days later",
        "8 Jan 2027 · BETA Pilot: moved from 18 Dec, 21 days later",
        "2 Dec · GAMMA Start: moved from 3 Dec, 1 day earlier",
        "9 Dec · ZETA Go-live",
        "⚪ Not rated: 1",
        "THETA Campus network · was 🟥 Red · Dana Reyes",
        "Vendor is late.",
    ]


def test_a_project_that_has_just_turned_red_says_what_it_was() -> None:
    red = replace(APOLLO, previous=Health.YELLOW, days=3, rating="Red: stop")
    assert (
        "APOLLO Campus network · 🟥 Red (Red: stop) · was 🔶 Yellow · red for 3 days, 4 reports"
        " · Dana Reyes" in lines_of(the_head(replace(SMALL, red=(red,))))
    )


def test_yellow_alone_is_not_called_other() -> None:
    assert "🔶 Yellow: 1" in lines_of(the_head(replace(SMALL, other_yellow=(yellow("BETA"),))))


@pytest.mark.parametrize(
    ("source", "by", "expected"),
    [
        ("", None, "Pay?"),
        ("Carol", None, "Pay? (from Carol)"),
        ("", date(2026, 12, 4), "Pay? (by 4 Dec)"),
        ("Carol", date(2026, 11, 27), "Pay? (from Carol, by 27 Nov, overdue)"),
    ],
)
def test_a_decision_tells_from_whom_and_by_when(
    source: str, by: date | None, expected: str
) -> None:
    decision = DecisionLine("APOLLO", "Campus network", "Dana Reyes", "Pay?", source, by)
    lines = lines_of(the_head(replace(SMALL, decisions=(decision,))))
    assert f"APOLLO Campus network: {expected}" in lines


def test_what_came_late_or_was_corrected_is_marked_where_it_stands() -> None:
    head = replace(
        SMALL,
        amended_at=LATER,
        red=(replace(APOLLO, corrected_at=LATER),),
        other_yellow=(yellow("BETA", added_at=LATER),),
    )
    rendered = the_head(head)
    lines = lines_of(rendered)
    assert lines[1] == "Updated Sat 28 Nov 10:40"
    assert any(
        line.startswith("APOLLO Campus network (corrected Sat 28 Nov 10:40)") for line in lines
    )
    assert any(line.startswith("BETA Mail (added Sat 28 Nov 10:40)") for line in lines)
    assert rendered.text.startswith("ITS Council, 25 Nov (updated Sat 28 Nov 10:40): 4 of 5")


def test_a_claim_that_is_better_than_the_facts_is_marked_where_it_stands() -> None:
    head = replace(
        SMALL,
        other_yellow=(yellow("BETA", computed=Health.RED),),
        green=(DigestLine("ZETA", "Apps", "Ann Lee", Health.GREEN, computed=Health.YELLOW),),
    )
    lines = lines_of(the_head(head))
    assert "BETA Mail (claimed yellow, facts say red) · Omar Haddad" in lines
    assert "🟢 Green: 1 ZETA (claimed green, facts say yellow)" in lines


@pytest.mark.parametrize(
    ("reason", "shown_reason"),
    [
        ("", ""),
        ("Only the archive moves.", ": Only the archive moves"),
        ("It stands in the thread with all its words. " * 2, ""),
    ],
)
def test_a_short_reason_stands_beside_a_better_claim(reason: str, shown_reason: str) -> None:
    line = yellow("BETA", computed=Health.RED, claim_reason=reason)
    lines = lines_of(the_head(replace(SMALL, other_yellow=(line,))))
    assert f"BETA Mail (claimed yellow, facts say red{shown_reason}) · Omar Haddad" in lines


@pytest.mark.parametrize(
    ("path", "next_date", "expected"),
    [
        ("", None, ["Path to green: none given", "Next date: none given"]),
        ("Buy", NextDate(date(2026, 12, 4)), ["Path to green: Buy", "Next date: 4 Dec (decision)"]),
        (
            "Buy",
            NextDate(date(2026, 11, 20), "Go-live"),
            ["Path to green: Buy", "Next date: 20 Nov (Go-live, past)"],
        ),
    ],
)
def test_a_red_line_leaves_no_blank(
    path: str, next_date: NextDate | None, expected: list[str]
) -> None:
    red = replace(APOLLO, path_to_green=path, next_date=next_date)
    lines = lines_of(the_head(replace(SMALL, red=(red,))))
    place = lines.index("Vendor is late.")
    assert lines[place + 1 : place + 3] == expected


def test_a_portfolio_under_stress_is_told_in_a_sentence_but_not_of_the_restricted_part() -> None:
    alarm = "Under stress: 3 of 9 rated projects are yellow or red, more than 30%."
    head = replace(SMALL, counts=Counts(green=6, yellow=2, red=1))
    assert alarm in lines_of(the_head(head))
    assert alarm not in lines_of(the_head(replace(head, is_restricted=True)))
    assert alarm not in lines_of(the_head(SMALL))


def test_what_is_closed_alone_is_not_called_improved() -> None:
    closed = ClosedLine("TITAN", "Lifts", "Ann Lee", "closeout", is_reported=True)
    lines = lines_of(the_head(replace(SMALL, closed=(closed,))))
    assert "Closed: 1" in lines


def test_what_is_missing_stands_in_the_thread_with_every_reason() -> None:
    [rendered] = render_missing(DigestMissing((ETA, replace(ETA, code="IOTA", reason="on hold"))))
    assert rendered.text == "No report from 2 projects, each with the reason"
    assert lines_of(rendered) == [
        "⚪ No report: 2",
        "ETA Library · Ann Lee · on leave, deputy asked · last known 🟢 Green, 14 days old",
        "IOTA Library · Ann Lee · on hold · last known 🟢 Green, 14 days old",
    ]
    many_missing = tuple(replace(ETA, code=f"P{n}", reason="& " * 40) for n in range(99))
    messages = render_missing(DigestMissing(many_missing))
    assert_slack_takes(messages)
    assert all(f"P{n} Library" in whole(messages) for n in range(99))
    [nobody] = render_missing(DigestMissing(()))
    assert nobody.text.startswith("Nobody is missing any more")


def test_a_digest_that_is_posted_late_says_when_it_was_due() -> None:
    lines = lines_of(the_head(replace(SMALL, due_at=LATER)))
    assert lines[1] == "Posted late: due Sat 28 Nov 10:40"


def test_a_digest_of_which_nobody_owed_a_report_says_so_and_is_not_called_green() -> None:
    silent = MissingLine(
        "ETA", "Library", "Ann Lee", "on leave until 4 Dec, no deputy", None, None, 0
    )
    rendered = the_head(replace(EMPTY, counts=Counts(grey=1), missing=(silent,)))
    assert lines_of(rendered)[1:3] == [
        "No report due · ⚪ 1 grey",
        "Nobody was asked: the reasons stand below.",
    ]
    green = (DigestLine("IOTA", "Doors", "Ann Lee", Health.GREEN),)
    counts = Counts(green=1, grey=1)
    both = replace(EMPTY, due=1, received=1, counts=counts, green=green, missing=(silent,))
    assert not any("All projects are green" in line for line in lines_of(the_head(both)))


def test_the_restricted_part_says_whose_it_is() -> None:
    rendered = the_head(replace(SMALL, is_restricted=True))
    assert "Restricted part, for members of ITS Council and the PMO only" in lines_of(rendered)[1]
    assert rendered.text.startswith("ITS Council (restricted part), 25 Nov: ")


def test_all_green_says_that_nobody_has_to_act() -> None:
    green = (DigestLine("IOTA", "Doors", "Ann Lee", Health.GREEN),)
    rendered = the_head(replace(EMPTY, due=1, received=1, counts=Counts(green=1), green=green))
    assert rendered.text == "ITS Council, 25 Nov: 1 of 1 report in. 1 green."
    assert lines_of(rendered)[1:-1] == [
        "1 of 1 report in · 🟢 1 green",
        "All projects are green: nobody outside the teams has to act.",
        "🟢 Green: 1 IOTA",
    ]


def test_a_digest_without_any_report_says_so_and_names_no_thread() -> None:
    silent = replace(ETA, reason="", last_health=None, last_on=None, days=0)
    head = replace(EMPTY, due=1, counts=Counts(grey=1), missing=(silent,))
    rendered = the_head(head)
    assert rendered.text == "ITS Council, 25 Nov: 0 of 1 report in. 1 missing."
    assert lines_of(rendered)[1:-1] == [
        "0 of 1 report in · ⚪ 1 grey",
        "Nobody has reported: there is nothing yet to say about health.",
        "⚪ No report: 1",
        "ETA Library · Ann Lee · no answer by the cut-off · no earlier report",
    ]
    assert "thread" not in lines_of(rendered)[-1]


def test_a_digest_of_no_projects_can_still_be_read() -> None:
    assert the_head(EMPTY).text == "ITS Council, 25 Nov: no report due. No projects."


def test_a_health_that_nobody_has_any_more_is_told_once() -> None:
    head = replace(SMALL, counts=Counts(green=5), previous=Counts(red=1, green=4))
    assert lines_of(the_head(head))[1] == (
        "4 of 5 reports in · 🟥 0 red (-1) · 🟢 5 green (+1) · change since 11 Nov"
    )


def test_prose_is_shortened_to_whole_sentences_where_it_can() -> None:
    first = "The vendor needs four more weeks for the adapters of the two old buildings."
    red = replace(APOLLO, summary=f"{first} " * 4, path_to_green="word " * 100)
    lines = lines_of(the_head(replace(SMALL, red=(red,))))
    assert f"{first} {first} …" in lines
    path = next(line for line in lines if line.startswith("Path to green"))
    assert path.endswith("word…")
    assert len(path) <= len("Path to green: ") + 220


def test_the_notification_tells_one_decision_and_counts_the_others() -> None:
    rendered = the_head(replace(SMALL, decisions=SMALL.decisions * 3))
    assert rendered.text.endswith("Decision needed: APOLLO: Pay $9,000? (and 2 more). Red: APOLLO.")


def test_what_needs_nobody_outside_says_less() -> None:
    prose = "The vendor needs four more weeks for it. " * 4
    head = replace(SMALL, improved=(yellow("BETA", previous=Health.RED, summary=prose),))
    assert "The vendor needs four more weeks for it. " * 2 + "…" in lines_of(the_head(head))


# --- the head: limits


def many(count: int) -> DigestHead:
    """A digest in which every section holds that many projects, with long texts."""
    lines = tuple(
        replace(APOLLO, code=f"P{n:05}", summary="Late again & again. " * 20, days=n)
        for n in range(count)
    )
    missing = tuple(replace(ETA, code=f"P{n:05}") for n in range(count))
    milestones = tuple(
        MilestoneLine(f"P{n:05}", "Pilot " * 30, date(2026, 12, 2), date(2026, 11, 2))
        for n in range(count)
    )
    decisions = tuple(
        DecisionLine(f"P{n:05}", "Name", "Dana", "Pay? " * 50, "Carol", date(2026, 12, 4))
        for n in range(count)
    )
    return replace(
        SMALL,
        decisions=decisions,
        red=lines,
        newly_worse=lines,
        long_yellow=lines,
        other_yellow=lines,
        improved=lines,
        milestones=milestones,
        missing=missing,
        not_rated=lines,
        green=lines,
        amended_at=LATER,
        is_restricted=True,
    )


@pytest.mark.parametrize("count", [1, 2, 5, 20, 60, 300, 10_000])
def test_every_section_tells_of_all_its_projects_by_line_or_by_number(count: int) -> None:
    sections = the_head(many(count)).blocks[4:-1]
    assert len(sections) == 10
    for block in sections:
        text = shown(block)
        listed = _items(block) or text.count("P0")
        left_out = int(text.split("… and ")[1].split(" ")[0]) if "… and " in text else 0
        assert f": {count}" in text
        assert listed >= 1
        assert listed + left_out == count


def test_however_long_its_words_each_section_has_a_line() -> None:
    long = "Ramshackle & Sons " * 300
    lines = tuple(
        replace(line, code=long, name=long, pm=long, rating=long, path_to_green=long)
        for line in many(40).red
    )
    head = replace(many(40), red=lines, improved=lines, not_rated=lines, long_yellow=lines)
    for block in the_head(head).blocks[4:-2]:
        assert _items(block) or "P0" in shown(block) or "Ramshackle" in shown(block)


def test_a_section_alone_fills_its_message() -> None:
    red = tuple(replace(APOLLO, code=f"P{n}", summary="", path_to_green="") for n in range(999))
    rendered = the_head(replace(EMPTY, due=999, received=999, counts=Counts(red=999), red=red))
    assert 11_000 < cost(rendered.blocks) <= 12_000


def test_a_usual_portfolio_is_told_of_whole() -> None:
    assert "… and" not in "".join(map(shown, the_head(many(5)).blocks))


def test_exceptions_get_room_before_what_goes_well() -> None:
    red, green = the_head(many(300)).blocks[5], the_head(many(300)).blocks[-2]
    assert len(shown(red)) > 3 * len(shown(green))


def test_room_that_others_leave_over_goes_to_the_first_that_needs_it() -> None:
    red = many(60).red
    alone = the_head(replace(EMPTY, due=60, received=60, counts=Counts(red=60), red=red))
    assert _items(alone.blocks[2]) > 2 * _items(the_head(many(60)).blocks[5])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(0, 12), st.sampled_from(list(Health)))
@example("*&" * 150, 12, Health.RED)
def test_any_words_fit_and_stay_words(text: str, count: int, health: Health) -> None:
    long = text * 20
    line = replace(
        APOLLO, code=text, name=long, pm=long, rating=long, summary=long, previous=health
    )
    head = replace(
        many(count),
        council=f"C{long}",
        red=(line,) * count,
        improved=(line,) * count,
        green=(line,) * count,
        decisions=(DecisionLine(text, long, long, long, long, None),) * count,
        milestones=(MilestoneLine(text, long, date(2026, 12, 2), None),) * count,
        missing=(replace(ETA, code=text, reason=long, pm=long),) * count,
    )
    the_head(head)


def test_hostile_words_in_a_head_are_shown_as_typed() -> None:
    line = replace(APOLLO, code="<@U1>", name="*b* <!here>", pm="_i_", summary="`c` :tada: {{ 7 }}")
    rendered = the_head(replace(SMALL, council="<!channel> & *Co*", red=(line,)))
    text = "\n".join(lines_of(rendered))
    for words_of_people in (
        "<@U1>",
        "*b* <!here>",
        "_i_",
        "`c` :tada: {{ 7 }}",
        "<!channel> & *Co*",
    ):
        assert words_of_people in text
    assert rendered.text.startswith("&lt;!channel&gt; &amp; *Co*, 25 Nov: ")
    kinds = {part["type"] for part in _elements(rendered.blocks)}
    assert kinds == {"text"}


def _elements(blocks: Any) -> list[Block]:
    """The innermost elements of all rich text."""
    if isinstance(blocks, list):
        return [element for block in blocks for element in _elements(block)]
    if blocks.get("type") in {"rich_text", "rich_text_section", "rich_text_list"}:
        return _elements(blocks["elements"])
    return [] if blocks["type"] in {"header", "context", "divider", "actions"} else [blocks]


def _items(block: Block) -> int:
    lists = [part for part in block["elements"] if part["type"] == "rich_text_list"]
    return sum(len(part["elements"]) for part in lists)


# --- the thread

ANSWERS = Answers(
    health=Health.RED,
    rating="Amber/Red",
    why="Vendor is late.",
    schedule=Health.RED,
    budget=Health.GREEN,
    scope=None,
    resources=Health.YELLOW,
    done="- Cabled\n- Tested",
    next="Switch on.",
    milestone="Go-live",
    milestone_baseline=date(2027, 3, 3),
    milestone_forecast=date(2027, 3, 17),
    risks="If it snows, then we wait.",
    path_to_green="1. New vendor",
    decision="Pay $9,000?",
    decision_from="Carol",
    decision_by=date(2026, 12, 4),
    spent=Decimal("120000.00"),
    cost_forecast=Decimal("480000.50"),
    percent_complete=45,
)
REPORT = ReportText(
    project_id=1,
    code="APOLLO",
    name="Campus network",
    phase="Execution",
    pm="Dana Reyes",
    author="Sam Ito",
    submitted_at=LATER,
    version=2,
    answers=ANSWERS,
    previous=Health.YELLOW,
    days=3,
    is_late=True,
    reports=2,
)
LONG = "All of it & more <matters>. It goes on, line after line.\n" * 220


def test_a_detail_looks_exactly_like_this() -> None:
    [rendered] = render_detail(DigestDetail(REPORT))
    assert_slack_takes([rendered])
    assert rendered.text == "APOLLO Campus network: 🟥 Red. Vendor is late."
    assert rendered.blocks == [
        rich(
            section(
                bold("🟥 Red (Amber/Red)"),
                words(" · "),
                bold("APOLLO"),
                words(
                    " Campus network\nExecution · PM Dana Reyes"
                    " · was 🔶 Yellow · red for 3 days, 2 reports"
                ),
            )
        ),
        rich(section(words("Schedule 🟥 Red · Budget 🟢 Green · Resources 🔶 Yellow"))),
        rich(section(bold("Why: "), words("Vendor is late."))),
        rich(section(bold("Done:\n"), words("- Cabled\n- Tested"))),
        rich(section(bold("Next: "), words("Switch on."))),
        rich(
            section(
                bold("Milestone: "),
                words("Go-live"),
                words(" · baseline Wed 3 Mar 2027, forecast Wed 17 Mar 2027 (14 days late)"),
            )
        ),
        rich(section(bold("Risks and issues: "), words("If it snows, then we wait."))),
        rich(section(bold("Path to green: "), words("1. New vendor"))),
        rich(
            section(
                bold("Decision or help needed: "),
                words("Pay $9,000?"),
                words(" · From Carol, by Fri 4 Dec 2026"),
            )
        ),
        rich(
            section(
                words("Spent 120,000 · Forecast at completion 480,000.5 · 45% complete"),
            )
        ),
        rich(
            section(
                words("Reported by Sam Ito, "),
                {
                    "type": "date",
                    "timestamp": int(LATER.timestamp()),
                    "format": "{date_short_pretty} at {time}",
                    "fallback": "Sat 28 Nov 2026 15:40 (UTC)",
                },
                words(" · late · version 2 (corrected)"),
            )
        ),
        {
            "type": "actions",
            "elements": [
                button("History", "show_history"),
                button("Follow", "follow_project"),
                button("Ask the PM", "ask_pm"),
            ],
        },
    ]


def button(text: str, action_id: str) -> Block:
    """One of the row below APOLLO's report."""
    words_on_it = {"type": "plain_text", "text": text, "emoji": False}
    return {"type": "button", "text": words_on_it, "action_id": action_id, "value": "1"}


@pytest.mark.parametrize(
    ("baseline", "forecast", "expected"),
    [
        (date(2027, 3, 3), date(2027, 3, 3), "Go-live · Wed 3 Mar 2027, as planned"),
        (date(2027, 3, 3), None, "Go-live · baseline Wed 3 Mar 2027"),
        (None, date(2027, 3, 3), "Go-live · forecast Wed 3 Mar 2027"),
        (
            date(2027, 3, 3),
            date(2027, 3, 2),
            "Go-live · baseline Wed 3 Mar 2027, forecast Tue 2 Mar 2027 (1 day early)",
        ),
        (None, None, "Go-live"),
    ],
)
def test_a_milestone_tells_the_dates_that_are_known(
    baseline: date | None, forecast: date | None, expected: str
) -> None:
    answers = Answers(milestone="Go-live", milestone_baseline=baseline, milestone_forecast=forecast)
    assert f"Milestone: {expected}" in lines_of(detail(answers)[0])


def test_what_was_not_answered_has_no_label() -> None:
    report = replace(REPORT, answers=Answers(), previous=None, version=1, is_late=False)
    [rendered] = render_detail(DigestDetail(report))
    assert lines_of(rendered) == [
        "⚪ Not rated · APOLLO Campus network",
        "Execution · PM Dana Reyes",
        "Reported by Sam Ito, Sat 28 Nov 2026 15:40 (UTC)",
        "HistoryFollowAsk the PM",
    ]
    assert rendered.text == "APOLLO Campus network: ⚪ Not rated."


def test_dates_and_deciders_without_their_text_are_shown() -> None:
    answers = Answers(milestone_forecast=date(2027, 3, 3), decision_by=date(2026, 12, 4))
    lines = lines_of(detail(answers)[0])
    assert "Milestone: forecast Wed 3 Mar 2027" in lines
    assert "Decision or help needed: By Fri 4 Dec 2026" in lines


def with_texts(texts: Mapping[str, Any]) -> Answers:
    return replace(ANSWERS, **texts)


def detail(answers: Answers) -> list[Rendered]:
    messages = render_detail(DigestDetail(replace(REPORT, answers=answers)))
    assert_slack_takes(messages)
    return messages


def whole(messages: list[Rendered]) -> str:
    return "".join(
        shown(block)
        for rendered in messages
        for block in rendered.blocks
        if block["type"] == "rich_text"
    )


@pytest.mark.parametrize("name", [*LONG_FIELDS, "milestone"])
def test_an_answer_of_twelve_thousand_characters_is_shown_to_the_letter(name: str) -> None:
    messages = detail(with_texts({name: LONG}))
    assert LONG in whole(messages)
    assert len(messages) >= 2
    assert [message.text for message in messages[1:]] == ["APOLLO (continued)"] * (
        len(messages) - 1
    )
    assert shown(messages[1].blocks[0]) == "APOLLO (continued)"


def test_a_report_that_is_long_everywhere_is_shown_to_the_letter() -> None:
    texts = {name: f"{name}: {LONG}" for name in LONG_FIELDS}
    text = whole(detail(with_texts(texts)))
    assert all(each in text for each in texts.values())


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=40).map(lambda text: text * 150), min_size=6, max_size=6))
def test_whatever_people_write_is_shown_to_the_letter(texts: list[str]) -> None:
    answers = with_texts(dict(zip(LONG_FIELDS, texts, strict=True)))
    report = replace(REPORT, answers=answers, code=f"C{texts[0]}", name=texts[1], author=texts[2])
    for messages in (
        render_detail(DigestDetail(report)),
        render_page(DigestPage((REPORT, report, REPORT))),
    ):
        assert_slack_takes(messages)
        text = whole(messages)
        assert all(each in text for each in texts)


def test_hostile_words_in_a_report_are_shown_as_typed() -> None:
    answers = replace(ANSWERS, why=HOSTILE, decision_from=HOSTILE, rating=HOSTILE)
    report = replace(REPORT, name=HOSTILE, pm=HOSTILE, author=HOSTILE, answers=answers)
    [rendered] = render_detail(DigestDetail(report))
    assert whole([rendered]).count(HOSTILE) == 6
    assert "<" not in rendered.text
    assert {part["type"] for part in _elements(rendered.blocks)} == {"text", "date"}


def numbered(count: int, why: str = "It goes well.") -> tuple[ReportText, ...]:
    return tuple(
        replace(
            REPORT,
            project_id=n,
            code=f"P{n:05}",
            answers=Answers(health=Health.GREEN, why=f"{n}: {why}", percent_complete=n % 101),
            submitted_at=LATER + timedelta(minutes=n),
        )
        for n in range(count)
    )


def test_a_page_shows_reports_under_each_other() -> None:
    [rendered] = render_page(DigestPage(numbered(2)))
    assert rendered.text == "Reports in full: P00000, P00001"
    assert [block["type"] for block in rendered.blocks] == ["rich_text", "divider", "rich_text"]
    assert lines_of(rendered)[:4] == [
        "🟢 Green · P00000 Campus network",
        "Execution · PM Dana Reyes · was 🔶 Yellow · green for 3 days, 2 reports",
        "Why: 0: It goes well.",
        "0% complete",
    ]


def test_an_empty_page_says_where_its_projects_went() -> None:
    [rendered] = render_page(DigestPage(()))
    assert rendered.text == "Nothing stands here any more: it is told elsewhere, or not any more."
    assert shown(rendered.blocks) == rendered.text


def test_reports_that_fill_several_messages_stay_whole_and_in_order() -> None:
    reports = numbered(60, "It goes well. " * 60)
    messages = render_page(DigestPage(reports))
    assert_slack_takes(messages)
    text = whole(messages)
    assert [text.index(f"{n}: It goes") for n in range(60)] == sorted(
        text.index(f"{n}: It goes") for n in range(60)
    )
    assert all(message.text.startswith("Reports in full: P") for message in messages)
    assert all(message.blocks[0]["type"] == "rich_text" for message in messages)


def test_a_notification_names_some_projects_and_counts_the_others() -> None:
    [rendered] = render_page(DigestPage(numbered(15)))
    assert rendered.text.endswith("P00010, P00011 and 3 more")


def test_a_report_too_long_for_a_message_continues_and_others_follow_it() -> None:
    huge = replace(REPORT, code="HUGE", answers=replace(ANSWERS, why=LONG))
    first, *_between, last = render_page(DigestPage((*numbered(1), huge, *numbered(2))))
    assert first.text == "Reports in full: P00000"
    assert last.text == "HUGE (continued), P00000, P00001"


@pytest.mark.parametrize("why", ["Well.", "It goes well. " * 40])
def test_what_follows_a_continued_report_leaves_room_for_the_line_on_top(why: str) -> None:
    code = "&" * 16
    for length in range(0, 800, 40):
        answers = replace(ANSWERS, why=LONG, risks="x" * length)
        huge = replace(REPORT, code=code, answers=answers)
        messages = render_page(DigestPage((huge, *numbered(60, why))))
        assert_slack_takes(messages)
        assert shown(messages[1].blocks[0]) == f"{code} (continued)"


def test_a_long_answer_is_spread_over_blocks_of_a_handy_size() -> None:
    [rendered] = detail(replace(ANSWERS, risks=LONG[:6_000]))
    assert LONG[:6_000] in whole([rendered])
    assert max(len(shown(block)) for block in rendered.blocks) <= 3_000


def test_a_thousand_reports_are_all_in_the_pages() -> None:
    page = DigestPage(numbered(1_000, "It goes well and better by the day. " * 7))
    text = whole(render_page(page))
    assert all(f"P{n:05}" in text for n in range(1_000))


def test_an_addendum_lists_what_came_late_and_shows_it_whole() -> None:
    lines = (
        replace(APOLLO, added_at=LATER),
        yellow("BETA", rating="Amber", corrected_at=LATER),
        yellow("GAMMA"),
    )
    reports = (REPORT, replace(REPORT, code="BETA"), replace(REPORT, code="GAMMA"))
    [rendered] = render_addendum(DigestAddendum(LATER, "America/New_York", lines, reports))
    assert_slack_takes([rendered])
    assert rendered.text == "Added late: APOLLO, BETA, GAMMA"
    text = lines_of(rendered)
    assert text[0] == (
        "3 answers came after the digest was closed. They stand here in full;"
        " the digest stays as it was read."
    )
    assert text[1:4] == [
        "APOLLO Campus network · 🟥 Red (added Sat 28 Nov 10:40)",
        "BETA Mail · 🔶 Yellow (Amber) (corrected Sat 28 Nov 10:40)",
        "GAMMA Mail · 🔶 Yellow",
    ]
    assert text.count("Why: Vendor is late.") == 3


def test_an_addendum_says_which_digest_it_adds_to_and_what_a_correction_changed() -> None:
    changes = (Difference("health", Kind.HEALTH, "green", "red"),)
    addendum = DigestAddendum(
        LATER,
        "America/New_York",
        (replace(APOLLO, corrected_at=LATER, computed=None),),
        (replace(REPORT, changes=changes),),
        "ITS Council",
        date(2026, 11, 25),
    )
    [rendered] = render_addendum(addendum)
    assert_slack_takes([rendered])
    text = lines_of(rendered)
    assert text[0].startswith("ITS Council · status 25 Nov 2026: 1 answer came after the digest")
    assert text[-2:] == ["Changed since the digest was posted", "Health: 🟢 Green → 🟥 Red"]


def test_a_full_report_says_what_the_facts_say_beside_a_better_claim() -> None:
    why = ("The forecast end is late.", "R-1 is open.")
    claimed = replace(REPORT, computed=Health.RED, computed_why=why)
    yellow_claim = replace(claimed, answers=replace(REPORT.answers, health=Health.YELLOW))
    for report, reason in (
        (yellow_claim, ""),
        (replace(yellow_claim, claim_reason="It ends"), "x"),
    ):
        text = lines_of(render_detail(DigestDetail(report))[0])
        assert "The facts say 🟥 Red. The forecast end is late. R-1 is open." in text
        given_reason = "It ends" if reason else "no reason was given"
        assert f"Why it is claimed 🔶 Yellow: {given_reason}" in text
    assert "facts" not in whole(render_detail(DigestDetail(claimed)))  # it is called red itself


def test_an_addendum_for_many_projects_loses_none() -> None:
    reports = numbered(400)
    lines = tuple(yellow(report.code, added_at=LATER) for report in reports)
    messages = render_addendum(DigestAddendum(LATER, "America/New_York", lines, reports))
    assert_slack_takes(messages)
    text = whole(messages)
    assert all(text.count(report.code) == 2 for report in reports)
    assert messages[1].text.startswith("(continued)")
