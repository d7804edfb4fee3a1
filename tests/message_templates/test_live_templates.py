"""How facts from the record look: one sentence, what it rests on, the handbook; names are data."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.factory import MESSAGES
from domain.answers.live.messages import (
    Clause,
    LiveNote,
    Option,
    OwnReport,
    OwnTold,
    ProjectsTold,
    ProjectTold,
    TimesTold,
    ToldLine,
    ToldProject,
    ToldReport,
    ToldTime,
)
from domain.answers.live.values import ABOUT_ONE, Intent
from domain.answers.messages import Link, Shown
from domain.answers.values import Guidance
from domain.delivery.messages import Message, MessageCodec
from domain.logs.values import Entry
from domain.portfolio.values import PersonName
from message_templates.rendering import render
from models.enums import Health, LogKind, LogState
from sandbox.inputs import interactive_elements
from tests.support.looks import assert_slack_takes, lines_of

HOSTILE = "<!channel> *a* {{ 7 * 7 }} <@U0LI> `x` &amp; 😀"
NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
SHOWN = Shown(
    *("phase:planning#exit-criteria", "What must be true", "- A baseline\n", Guidance.GENERAL),
    *("PMO handbook, Phases", "", "PMO", TODAY),
    is_stale=False,
)
CLAUSE = Clause(SHOWN, links=(Link(SHOWN.section_id, SHOWN.title),))
ANA, SAM = PersonName(1, "U0ANA", "Ana"), PersonName(2, "U0SAM", "Sam", is_gone=True)
REPORT = ToldReport(
    Health.YELLOW,
    "Amber",
    date(2026, 11, 18),
    "Ana",
    "The vendor",
    Health.RED,
    Health.RED,
    ("So.",),
)
APOLLO = ToldProject(
    *(7, "APOLLO", "Student Portal", "ITS Council", "planning", ANA, None, SAM),
    forecast_end=date(2027, 3, 15),
    baseline_end=date(2027, 3, 3),
    start=date(2026, 1, 7),
)
SPENT = replace(
    APOLLO,
    budget=Decimal(480000),
    report=replace(
        REPORT, budget=Health.RED, spent=Decimal("310000.50"), cost_forecast=Decimal(500000)
    ),
)
RISK = Entry(3, LogKind.RISK, 1, "No staff", owner=SAM, likelihood=5, impact=5, code="APOLLO")
DUE = Entry(4, LogKind.MILESTONE, 2, "Design", due_on=date(2026, 11, 10))
TAKEN = Entry(
    *(5, LogKind.DECISION, 3, "Which cloud"), state=LogState.DONE, closed_at=NOON, note="The first"
)
PAST: dict[str, Any] = dict.fromkeys(("baseline_end", "forecast_end"), date(2026, 11, 24))
LINE = ToldLine("APOLLO", "Student Portal", "ITS Council", "planning", "Ana", slip_days=12)


def told(topic: Intent, project: ToldProject = APOLLO, **values: object) -> ProjectTold:
    return replace(ProjectTold(topic, project, TODAY), **values)  # type: ignore[arg-type]


def text_of(message: Message) -> str:
    rendered = render(message)
    assert_slack_takes(rendered)
    return "\n".join(line for each in rendered for line in lines_of(each))


@pytest.mark.parametrize(
    ("project", "entries", "words"),
    [
        (APOLLO, (), "APOLLO is 12 days late: its forecast end is Mon 15 Mar 2027"),
        (replace(APOLLO, forecast_end=date(2027, 3, 1)), (), "Nothing on the record says"),
        (replace(APOLLO, forecast_end=date(2027, 3, 1)), (), "2 days early"),
        (replace(APOLLO, forecast_end=date(2027, 3, 3)), (), "as planned"),
        (
            replace(APOLLO, **PAST),
            (),
            "has passed: forecast was Tue 24 Nov 2026; it is in planning",
        ),
        (
            replace(APOLLO, **{**PAST, "forecast_end": None}),
            (DUE,),
            "planned was Tue 24 Nov 2026, without",
        ),
        (replace(APOLLO, forecast_end=None), (DUE,), "APOLLO has 1 overdue milestone."),
        (replace(APOLLO, forecast_end=date(2027, 3, 3)), (DUE,), "has not moved behind the plan"),
        (replace(APOLLO, forecast_end=None), (), "can't tell whether APOLLO is late"),
        (replace(APOLLO, forecast_end=None, report=REPORT), (), "it is not reported green"),
        (replace(APOLLO, report=REPORT), (), "Report of Wed 18 Nov 2026, by Ana: 🔶 Yellow"),
        (replace(APOLLO, report=REPORT), (), "What the facts came to then: 🟥 Red. So."),
    ],
)
def test_whether_a_project_is_late_says_the_strongest_sign_there_is(
    project: ToldProject, entries: tuple[Entry, ...], words: str
) -> None:
    assert words in text_of(told(Intent.LATE, project, entries=entries))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (told(Intent.HEALTH), "no report yet"),
        (told(Intent.HEALTH, replace(APOLLO, report=REPORT)), "is 🔶 Yellow (Amber)"),
        (
            told(Intent.HEALTH, replace(APOLLO, hold_until=TODAY, hold_reason="Audit")),
            "on hold until Wed 25 Nov 2026: Audit",
        ),
        (told(Intent.ROLE, detail="pm", corrected="APOLLO"), "Showing APOLLO"),
        (
            told(Intent.ROLE, replace(APOLLO, deputy=SAM), detail="pm"),
            "The deputy is Sam (has left)",
        ),
        (told(Intent.ROLE, detail="sponsor"), "Sam (has left) is the sponsor"),
        (told(Intent.ROLE, detail="deputy"), "no deputy on the record"),
        (told(Intent.ROLE, detail="council"), "The ITS Council decides"),
        (told(Intent.PHASE, clause=CLAUSE), "Handbook: *What must be true*"),
        (told(Intent.END), "12 days late"),
        (told(Intent.END), "Start: Wed 7 Jan 2026"),
        (told(Intent.END, replace(APOLLO, forecast_end=date(2027, 3, 1))), "2 days early"),
        (told(Intent.END, replace(APOLLO, forecast_end=None)), "there is no forecast"),
        (
            told(Intent.END, replace(APOLLO, forecast_end=None, baseline_end=None)),
            "no end date",
        ),
        (told(Intent.MONEY), "no budget on the record"),
        (told(Intent.MONEY, SPENT), "has a budget of 480,000."),
        (told(Intent.MONEY, SPENT), "by Ana: 310,000.5 spent, 500,000 forecast in all, budget 🟥"),
        (
            told(Intent.MONEY, replace(APOLLO, report=replace(REPORT, budget=Health.GREEN))),
            "by Ana: budget 🟢 Green",
        ),
        (told(Intent.MILESTONE, entries=(DUE,)), "M-2 · Design · forecast Tue 10 Nov 2026"),
        (told(Intent.MILESTONE), "no open milestone with a date"),
        (told(Intent.NEEDS, clause=replace(CLAUSE, is_whole=True)), "A baseline"),
        (told(Intent.NEEDS), "Nothing stands in the way"),
        (told(Intent.NEEDS), "the handbook has no exit criteria for that"),
        (told(Intent.LIST, detail="risk", entries=(RISK,)), "1 open risk of APOLLO"),
        (told(Intent.LIST, detail="risk", entries=(RISK,)), "nearly certain, severe · high"),
        (told(Intent.LIST, detail="issue"), "no open issues on its list"),
        (told(Intent.LIST, detail="raid", entries=(RISK,) * 12), "… and 2 more: /project show"),
        (told(Intent.LIST, detail="risk", entries=(RISK,) * 12), "2 more: /project risks APOLLO"),
        (told(Intent.DECIDED, closed=(TAKEN,)), "D-3 Which cloud · Decided"),
        (told(Intent.DECIDED, closed=(TAKEN,) * 12), "2 more: /project decisions APOLLO all"),
        (told(Intent.DECIDED, entries=(DUE,)), "no decision that was taken"),
        (told(Intent.DECIDED, entries=(DUE,)), "Still to be decided"),
        (told(Intent.PHASE, question="what phase?"), "what phase?"),
    ],
)
def test_what_is_asked_of_a_project_is_told_in_one_sentence_and_its_grounds(
    message: ProjectTold, words: str
) -> None:
    assert words in text_of(message)


@pytest.mark.parametrize(
    ("topic", "detail", "lines", "words"),
    [
        (Intent.PROJECTS, "health:red", 1, "1 project whose last report is red, of the 9"),
        (Intent.PROJECTS, "phase:planning", 2, "2 projects in planning"),
        (Intent.PROJECTS, "council:ITS Council", 0, "There is no project of the ITS Council"),
        (Intent.PROJECTS, "", 0, "There is no project that you may see"),
        (Intent.PROJECTS, "late", 31, "… and 1 more"),
        (Intent.PROJECTS, "late", 1, "APOLLO Student Portal · planning · Ana · 12 days late"),
        (Intent.OF_PERSON, "Ana", 1, "in which Ana is PM, deputy or sponsor"),
        (Intent.MY_PROJECTS, "", 3, "Your 3 projects"),
        (Intent.MY_PROJECTS, "", 0, "of no project"),
        (Intent.MISSING, "", 0, "No report is waited for: of 9 projects"),
        (Intent.MISSING, "", 1, "1 report is missing"),
        (Intent.PROJECTS, "restricted", 0, "There is no project that is restricted, among the 9"),
        (Intent.PROJECTS, "over_budget", 1, "12 days late · on hold until 25 Nov · 500 of 400"),
    ],
)
def test_projects_are_listed_under_what_they_have_in_common(
    topic: Intent, detail: str, lines: int, words: str
) -> None:
    line = replace(LINE, cut_off_at=NOON, is_missed=True, hold_until=TODAY)
    line = replace(line, budget=Decimal(400), cost=Decimal(500)) if "over" in detail else line
    message = ProjectsTold(topic, detail, (line,) * lines, 9, ("ITS Council",), CLAUSE)
    assert words in text_of(message)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (OwnTold(Intent.MY_DUE, TODAY), "No report is due from you."),
        (OwnTold(Intent.MY_DUE, TODAY), "I don't know when I ask you next"),
        (
            OwnTold(
                *(Intent.MY_DUE, TODAY, ""),
                (OwnReport("APOLLO", "Portal", NOON, is_over=True),),
                left=2,
                entries=(RISK,),
            ),
            "… and 2 more: /project mine",
        ),
        (OwnTold(Intent.MY_DUE, TODAY, entries=(RISK,)), "1 open action that you have in hand"),
        (
            OwnTold(Intent.NEXT_ASK, TODAY, next_ask=NOON, next_councils=("ITS", "STS")),
            "for ITS and STS",
        ),
        (OwnTold(Intent.MY_LIST, TODAY, "risk", entries=(RISK,)), "R-1 · APOLLO · No staff"),
        (OwnTold(Intent.MY_LIST, TODAY, "action"), "You have no open actions in hand."),
        (TimesTold(Intent.NEXT_DIGEST, ()), "I know of no next digest"),
        (
            TimesTold(Intent.NEXT_DIGEST, (ToldTime("ITS", NOON, is_held=True),), ("STS",)),
            "once the PMO has looked at it",
        ),
        (TimesTold(Intent.NEXT_DIGEST, (ToldTime("ITS", NOON),), ("STS",)), "Not set: STS"),
        (TimesTold(Intent.NEXT_MEETING, (ToldTime("ITS", NOON),)), "/project meeting list"),
        (TimesTold(Intent.NEXT_MEETING, ()), "No meeting is planned"),
        (LiveNote("unknown", "Zephyr"), "I know no project called Zephyr."),
        (LiveNote("unknown", "Zephyr", is_among_others=True), "I tell of open projects only"),
        (LiveNote("untold"), "I can't tell that from the record."),
        (LiveNote("past"), "not which were in an earlier cycle"),
        (LiveNote("english", "APOLLO"), "Ask me about APOLLO like this"),
        (OwnTold(Intent.TO_DECIDE, TODAY, "decision", entries=(TAKEN,)), "1 open decision in the"),
        (OwnTold(Intent.ACROSS, TODAY, "risk"), "There are no open risks"),
        (
            ProjectsTold(
                Intent.MISSING, "", (replace(LINE, is_missed=True, cut_off_at=NOON),) * 2, 9
            ),
            "2 reports are missing",
        ),
        (
            ProjectsTold(Intent.MISSING, "", (replace(LINE, cut_off_at=NOON),) * 2, 9),
            "No report is missing; 2 are still waited for",
        ),
        (
            ProjectsTold(Intent.PROJECTS, "late", (), 0, is_among_others=True),
            "is behind the planned one. In a channel I tell of open projects only.",
        ),
        (LiveNote("private"), "yours alone"),
        (LiveNote("reports"), "/project ask: the PMO, a council"),
        (LiveNote("order_colour", "APOLLO", pm="Ana"), "Ana, the deputy or the PMO gives it"),
        (LiveNote("order_approve"), "/project decisions CODE"),
        (
            LiveNote("order_approve", "APOLLO", entry=replace(TAKEN, owner=ANA)),
            "D-3 of APOLLO is on the list, still open: Which cloud. Ana has it in hand;",
        ),
        (LiveNote("untold", question_id=7), "Ask the PMO"),
        (LiveNote("order_delete", "APOLLO"), "the PMO closes it"),
        *(
            (LiveNote(f"order_{name}", "APOLLO"), "Nothing is done by asking me.")
            for name in (
                *("dates", "close", "add", "people", "follow", "phase", "report", "remind"),
                "project",
            )
        ),
    ],
)
def test_what_is_ones_own_what_comes_next_and_why_there_is_no_fact(
    message: Message, words: str
) -> None:
    assert words in text_of(message)


def test_a_name_that_means_several_is_offered_as_buttons_that_ask() -> None:
    options = (Option("APOLLO · Portal", "is APOLLO late?"), Option("ERP · ERP", "is ERP late?"))
    (message,) = render(LiveNote("which", "portal", options))
    (row,) = (each for each in message.blocks if each["type"] == "actions")
    values = [(each["action_id"], each["value"]) for each in interactive_elements(row)]
    assert values == [("answer_ask:0", "is APOLLO late?"), ("answer_ask:1", "is ERP late?")]


def test_peoples_words_are_data_and_every_value_survives_the_ledger() -> None:
    entry = replace(RISK, title=HOSTILE, owner_name=HOSTILE, note=HOSTILE)
    person = replace(ANA, name=HOSTILE)
    report = replace(
        SPENT.report or REPORT, why=HOSTILE, author=HOSTILE, rating=HOSTILE, computed_why=(HOSTILE,)
    )
    project = replace(SPENT, name=HOSTILE, pm=person, sponsor=person, report=report)
    codec = MessageCodec(MESSAGES)
    every: list[Message] = [
        *(
            told(
                *(topic, project),
                detail="risk" if topic is Intent.LIST else "sponsor",
                entries=(entry,),
                closed=(entry,),
                clause=CLAUSE,
                question=HOSTILE,
            )
            for topic in ABOUT_ONE
        ),
        ProjectsTold(Intent.MISSING, HOSTILE, (replace(LINE, name=HOSTILE, cut_off_at=NOON),), 1),
        ProjectsTold(Intent.PROJECTS, "", (replace(LINE, name=HOSTILE, pm=HOSTILE),), 1),
        OwnTold(Intent.MY_DUE, TODAY, reports=(OwnReport(HOSTILE, HOSTILE, NOON, is_over=False),)),
        TimesTold(Intent.NEXT_DIGEST, (ToldTime(HOSTILE, NOON + timedelta(1)),)),
        LiveNote("unknown", HOSTILE),
        LiveNote("which", HOSTILE, (Option(HOSTILE, HOSTILE),)),
    ]
    for each in every:
        assert codec.decode(each.kind, codec.encode(each)) == each
        text = text_of(each)
        assert "49" not in text
        assert "*a*" in text
        assert all("<!channel>" not in message.text for message in render(each))
