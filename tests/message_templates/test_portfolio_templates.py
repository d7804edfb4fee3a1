"""Lists and cards of projects, and help: what they show, what they count, what always fits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.collecting.values import Answers, ProjectStatus, Report
from domain.portfolio.values import PersonName, ProjectCard, ProjectFacts, ProjectLine
from message_templates.kit import Block, Rendered
from message_templates.portfolio.card import project_card
from message_templates.portfolio.help import CommandHelp, help_card
from message_templates.portfolio.projects import project_list
from models.enums import Health, RequestState, Visibility
from tests.support.looks import assert_slack_takes, lines_of, shown

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
ZONE = "America/New_York"
HOSTILE = "<!channel> *b* _i_ `c` :tada: <@U1> & {{ 7*7 }}"

DANA = PersonName(1, "U1", "Dana Reyes")
LI = PersonName(2, "U2", "Li Wei")
CAROL = PersonName(3, "U3", "Carol Ito")

LINE = ProjectLine(
    project_id=1,
    code="APOLLO",
    name="Campus network",
    council="ITS Council",
    phase="execution",
    visibility=Visibility.OPEN,
    pm=DANA,
)
REPORT = Report(
    answers=Answers(health=Health.RED, rating="Red: stop", why="Vendor is late."),
    author="Dana Reyes",
    submitted_at=NOW - timedelta(days=3, hours=2),
    opens_on=date(2026, 11, 18),
)
STATUS = ProjectStatus(
    last=REPORT,
    history=((date(2026, 11, 18), Health.RED), (date(2026, 11, 4), Health.GREEN)),
)
ASKED = replace(
    STATUS,
    open_request_id=77,
    open_state=RequestState.ASKED,
    cut_off_at=datetime(2026, 11, 27, 20, 0, tzinfo=UTC),
)
CARD = ProjectCard(
    project_id=1,
    code="APOLLO",
    name="Campus network",
    council_id=1,
    council="ITS Council",
    phase="execution",
    visibility=Visibility.OPEN,
    pm=DANA,
    deputy=LI,
    sponsor=CAROL,
    start=date(2026, 2, 2),
    baseline_end=date(2027, 1, 29),
    forecast_end=date(2027, 2, 5),
    budget=Decimal("480000.00"),
    description="New switches in all halls.",
    notes={"area": "Networks"},
    tags=("cloud", "erp"),
    facts=ProjectFacts(Visibility.OPEN, council_id=1, pm_id=1),
)


def listed(lines: list[ProjectLine], statuses: dict[int, ProjectStatus]) -> Rendered:
    rendered = project_list(lines, statuses, NOW, "Projects")
    assert_slack_takes([rendered])
    return rendered


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def bold(text: str) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}}


def words(text: str) -> Block:
    return {"type": "text", "text": text}


# --- the list


def test_a_list_looks_exactly_like_this() -> None:
    beta = replace(LINE, project_id=2, code="BETA", council="Arts Council", phase="planning")
    rendered = listed([LINE, beta], {1: STATUS})
    assert rendered.text == "Projects: 1 🟥 Red, 1 ⚪ No report"
    assert rendered.blocks == [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": "Projects", "emoji": False},
        },
        rich(
            section(bold("Arts Council"), words(" · 1 project")),
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    section(
                        words("⚪ No report · "),
                        bold("BETA"),
                        words(" Campus network · planning · Dana Reyes"),
                    )
                ],
            },
        ),
        rich(
            section(bold("ITS Council"), words(" · 1 project")),
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    section(
                        words("🟥 Red (Red: stop) · "),
                        bold("APOLLO"),
                        words(" Campus network · execution · Dana Reyes · 3 days ago"),
                    )
                ],
            },
        ),
    ]


@pytest.mark.parametrize(
    ("fields", "ending"),
    [
        ({"visibility": Visibility.RESTRICTED}, "· Dana Reyes · 3 days ago · restricted"),
        ({"pm": replace(DANA, is_gone=True)}, "· Dana Reyes (has left) · 3 days ago"),
    ],
)
def test_a_line_tells_what_is_special_about_a_project(fields: dict[str, Any], ending: str) -> None:
    assert lines_of(listed([replace(LINE, **fields)], {1: STATUS}))[-1].endswith(ending)


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(), "today"),
        (timedelta(hours=23), "today"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(minutes=-5), "today"),
    ],
)
def test_the_age_of_a_report_is_told_in_days(ago: timedelta, expected: str) -> None:
    status = replace(STATUS, last=replace(REPORT, submitted_at=NOW - ago))
    assert lines_of(listed([LINE], {1: status}))[-1].endswith(f" · {expected}")


@pytest.mark.parametrize(
    ("state", "now", "ending"),
    [
        (RequestState.ASKED, NOW, " · report due Fri 27 Nov 2026 20:00 (UTC)"),
        (
            RequestState.MISSED,
            NOW + timedelta(days=3),
            " · report was due Fri 27 Nov 2026 20:00 (UTC)",
        ),
        (RequestState.ANSWERED, NOW, "days ago"),
    ],
)
def test_a_persons_own_list_tells_which_reports_are_due(
    state: RequestState, now: datetime, ending: str
) -> None:
    statuses = {1: replace(ASKED, open_state=state)}
    rendered = project_list([LINE], statuses, now, "Your projects", shows_due=True)
    assert_slack_takes([rendered])
    assert lines_of(rendered)[-1].endswith(ending)
    assert "due" not in shown(project_list([LINE], statuses, now, "Projects").blocks)


def test_an_empty_list_says_what_to_type_next() -> None:
    rendered = listed([], {})
    assert rendered.text == "Projects: nothing to list"
    assert "`/project list` shows every project that you may see" in shown(rendered.blocks)


def test_reports_without_a_colour_are_counted_apart_from_missing_ones() -> None:
    unrated = replace(STATUS, last=replace(REPORT, answers=Answers()))
    lines = [replace(LINE, project_id=n) for n in range(3)]
    assert listed(lines, {0: unrated}).text == "Projects: 1 ⚪ Not rated, 2 ⚪ No report"


@pytest.mark.parametrize(
    ("count", "councils"), [(30, 3), (300, 1), (400, 400), (2_000, 400), (10_000, 7)]
)
def test_what_does_not_fit_a_list_is_counted(count: int, councils: int) -> None:
    lines = [
        replace(LINE, project_id=n, code=f"P{n:05}", council=f"Council {n % councils:03}")
        for n in range(count)
    ]
    rendered = listed(lines, {})
    shows = sum("· Dana Reyes" in line for line in lines_of(rendered))
    last = lines_of(rendered)[-1]
    left_out = int(last.split(" ")[2]) if last.startswith("… and ") else 0
    assert shows + left_out == count
    assert shows >= min(count, 30)
    assert rendered.text == f"Projects: {count} ⚪ No report"


def test_a_council_is_listed_only_after_all_of_those_before_it() -> None:
    long = [replace(LINE, project_id=n, name="Campus network " * 4) for n in range(200)]
    short = replace(LINE, council="Z", code="Z", name="Z", phase="Z", pm=replace(DANA, name="Z"))
    rendered = listed([*long, short], {})
    assert "Z" not in shown(rendered.blocks)
    assert lines_of(rendered)[-1].startswith("… and ")


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=300), st.integers(1, 120))
@example("*&" * 150, 120)
def test_a_list_of_any_words_fits(text: str, count: int) -> None:
    long = text * 10
    line = replace(
        LINE, code=text, name=long, council=long, phase=long, pm=replace(DANA, name=long)
    )
    lines = [replace(line, project_id=n) for n in range(count)]
    rendered = project_list(lines, {}, NOW, f"Projects with “{long}”")
    assert_slack_takes([rendered])
    assert shown(rendered.blocks[1]).count("⚪ No report · ") >= min(count, 20)


def test_hostile_words_in_a_list_are_shown_as_typed() -> None:
    line = replace(LINE, name=HOSTILE, council=HOSTILE)
    rendered = project_list([line], {}, NOW, f"Projects with “{HOSTILE}”")
    assert shown(rendered.blocks).count(HOSTILE) == 3
    assert "<" not in rendered.text


# --- the card


def the_card(
    card: ProjectCard, status: ProjectStatus, *, can_report: bool = False
) -> list[Rendered]:
    messages = project_card(card, status, NOW, ZONE, can_report=can_report)
    assert_slack_takes(messages)
    return messages


def fact(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def test_a_card_looks_exactly_like_this() -> None:
    [rendered] = the_card(CARD, STATUS)
    assert rendered.text == "APOLLO Campus network: 🟥 Red, reported 3 days ago"
    assert rendered.blocks == [
        {
            "type": "header",
            "text": {"type": "plain_text", "text": "APOLLO · Campus network", "emoji": False},
        },
        rich(
            section(
                bold("🟥 Red (Red: stop)"),
                words(", reported 3 days ago\nLast 2 reports, oldest first: 🟢 🟥"),
            )
        ),
        {
            "type": "section",
            "fields": [
                fact("*Project manager*\nDana Reyes"),
                fact("*Deputy*\nLi Wei"),
                fact("*Sponsor*\nCarol Ito"),
                fact("*Council*\nITS Council"),
                fact("*Phase*\nexecution"),
                fact("*Start*\nMon 2 Feb 2026"),
                fact("*Planned end*\nFri 29 Jan 2027"),
                fact("*Forecast end*\nFri 5 Feb 2027, 7 days late"),
                fact("*Budget*\n480,000"),
                fact("*Tags*\ncloud, erp"),
            ],
        },
        rich(section(words("New switches in all halls."))),
        rich(section(bold("area: "), words("Networks"))),
        {"type": "divider"},
        rich(section(bold("Last report, of Wed 18 Nov 2026"))),
        rich(
            section(
                bold("Why: "),
                words("Vendor is late."),
                words("\n"),
                words("Reported by Dana Reyes, "),
                {
                    "type": "date",
                    "timestamp": int(REPORT.submitted_at.timestamp()),
                    "format": "{date_short_pretty} at {time}",
                    "fallback": "Sun 22 Nov 2026 12:00 (UTC)",
                },
            )
        ),
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "History", "emoji": False},
                    "action_id": "report_history",
                    "value": "APOLLO",
                }
            ],
        },
        rich(section(words("Questions? Ask Dana Reyes or Li Wei."))),
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Ask the PM", "emoji": False},
                    "action_id": "ask_pm",
                    "value": "1",
                }
            ],
        },
    ]


def test_a_project_of_which_little_is_known_leaves_the_rest_out() -> None:
    bare = replace(
        CARD,
        visibility=Visibility.RESTRICTED,
        deputy=None,
        sponsor=None,
        start=None,
        baseline_end=None,
        forecast_end=None,
        budget=None,
        description="",
        notes={},
        tags=(),
    )
    [rendered] = the_card(bare, ProjectStatus())
    assert rendered.text == "APOLLO Campus network: ⚪ No report"
    assert shown(rendered.blocks[2]["fields"]) == (
        "*Project manager*\nDana Reyes*Council*\nITS Council*Phase*\nexecution"
        "*Restricted*\nOnly its own people, its council and the PMO may know of it."
    )
    assert [shown(block) for block in rendered.blocks[1::2]] == [
        "⚪ No report",
        "Questions? Ask Dana Reyes.",
    ]


@pytest.mark.parametrize(
    ("forecast", "ending"),
    [
        (date(2027, 1, 29), "Fri 29 Jan 2027, as planned"),
        (date(2027, 1, 28), "Thu 28 Jan 2027, 1 day early"),
        (date(2027, 1, 30), "Sat 30 Jan 2027, 1 day late"),
    ],
)
def test_the_forecast_end_is_compared_with_the_plan(forecast: date, ending: str) -> None:
    [rendered] = the_card(replace(CARD, forecast_end=forecast), STATUS)
    assert f"*Forecast end*\n{ending}" in shown(rendered.blocks)


def test_a_forecast_end_without_a_plan_stands_alone() -> None:
    [rendered] = the_card(replace(CARD, baseline_end=None), STATUS)
    assert "*Forecast end*\nFri 5 Feb 2027*Budget*" in shown(rendered.blocks)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (ASKED, "*Your report is wanted* before Fri 27 Nov 15:00."),
        (
            replace(ASKED, cut_off_at=NOW, open_state=RequestState.MISSED),
            "*Your report is missing.* The cut-off has passed; an answer still amends the digest.",
        ),
        (
            replace(ASKED, open_state=RequestState.UNCHANGED),
            "*You have answered.* You can still correct it before the cut-off.",
        ),
        (
            replace(ASKED, open_state=RequestState.LATE, cut_off_at=NOW),
            "*You have answered.* You can still correct it.",
        ),
    ],
)
def test_who_may_report_gets_a_button_where_an_answer_is_open(
    status: ProjectStatus, text: str
) -> None:
    [rendered] = the_card(CARD, status, can_report=True)
    block = rendered.blocks[2]
    assert block["text"]["text"] == text
    assert block["accessory"] == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Update", "emoji": False},
        "action_id": "status_update",
        "value": "77",
        "style": "primary",
    }


@pytest.mark.parametrize(("status", "can_report"), [(ASKED, False), (STATUS, True)])
def test_others_and_closed_requests_get_no_button(
    status: ProjectStatus, *, can_report: bool
) -> None:
    [rendered] = the_card(CARD, status, can_report=can_report)
    assert all("accessory" not in block for block in rendered.blocks)


def test_only_the_latest_reports_are_shown_as_symbols() -> None:
    history = tuple((date(2026, 11, 18) - timedelta(weeks=n), Health.GREEN) for n in range(20))
    [rendered] = the_card(
        CARD, replace(STATUS, history=((date(2026, 11, 25), Health.RED), *history))
    )
    assert f"Last 8 reports, oldest first: {'🟢 ' * 7}🟥" in shown(rendered.blocks)


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("pm", "Questions? Ask Li Wei or Carol Ito."),
        ("deputy", "Questions? Ask Dana Reyes or Carol Ito."),
        ("pm deputy sponsor", "Questions? Ask the PMO: nobody else of this project is here"),
    ],
)
def test_nobody_is_sent_to_people_who_have_left(gone: str, expected: str) -> None:
    people = {name: replace(getattr(CARD, name), is_gone=True) for name in gone.split()}
    card = with_fields(people)
    [rendered] = the_card(card, STATUS)
    assert shown(rendered.blocks[-2]).startswith(expected)
    assert shown(rendered.blocks[2]).count("(has left)") == len(people)


def with_fields(fields: dict[str, Any]) -> ProjectCard:
    return replace(CARD, **fields)


LONG = "All of it & more <matters>. It goes on, line after line.\n" * 220


def test_long_texts_are_shown_to_the_letter_over_several_messages() -> None:
    card = with_fields(
        {"description": f"D{LONG}", "notes": {"area": "Networks", "note": "N" + LONG}}
    )
    answers = replace(REPORT.answers, why=f"W{LONG}", risks=f"R{LONG}")
    status = replace(ASKED, last=replace(REPORT, answers=answers))
    messages = the_card(card, status, can_report=True)
    text = "".join(shown(message.blocks) for message in messages)
    assert all(each + LONG in text for each in "DNWR")
    assert {message.text for message in messages[1:]} == {"APOLLO (continued)"}
    assert "accessory" in messages[0].blocks[2]


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=300))
@example("*&" * 150)
def test_a_card_of_any_words_fits(text: str) -> None:
    long = text * 10
    person = replace(DANA, name=long)
    card = replace(
        CARD,
        code=long,
        name=long,
        council=long,
        phase=long,
        pm=person,
        deputy=person,
        sponsor=person,
        description=long,
        notes={long: long},
    )
    report = replace(REPORT, author=long, answers=replace(REPORT.answers, rating=long, why=long))
    the_card(card, replace(STATUS, last=report))


def test_hostile_words_in_a_card_do_nothing() -> None:
    person = replace(DANA, name="<@U9> <!here>")
    card = with_fields({"name": HOSTILE, "pm": person, "description": HOSTILE})
    [rendered] = the_card(card, STATUS)
    assert "<" not in rendered.text
    assert shown(rendered.blocks[0]) == f"APOLLO · {HOSTILE}"
    assert rendered.blocks[2]["fields"][0]["text"] == (
        "*Project manager*\n&lt;@U9&gt; &lt;!here&gt;"
    )
    assert HOSTILE in shown(rendered.blocks[3])


# --- help


def test_help_lists_what_can_be_typed() -> None:
    rendered = help_card(
        [
            CommandHelp("list", "/project list [words]", "Projects that you may see."),
            CommandHelp("show", "/project show CODE", "Everything about one project."),
        ]
    )
    assert_slack_takes([rendered])
    assert rendered.text == "You can type: /project list [words], /project show CODE"
    assert lines_of(rendered) == [
        "What you can ask for",
        "/project list [words] Projects that you may see.",
        "/project show CODE Everything about one project.",
    ]
    usage = rendered.blocks[1]["elements"][0]["elements"][0]["elements"][0]
    assert usage == {"type": "text", "text": "/project list [words]", "style": {"code": True}}
