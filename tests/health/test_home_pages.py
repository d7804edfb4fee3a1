"""How the lists of App Home look, and that Slack takes the page however long they are."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import WORKING_WEEK, Leave, PersonalTime, WorkingDays
from domain.health.personal import HISTORY, PARTS
from domain.health.reporting import COUNCILS, WATCHED
from domain.health.response import respond
from domain.health.values import (
    Answer,
    CouncilChoice,
    CouncilResponse,
    CycleResponse,
    FollowedProject,
    OwnCouncil,
    OwnProject,
    OwnSettings,
    OwnTime,
    Part,
    Past,
    Personal,
    RedProject,
    ReportingPage,
    SettingsWish,
    Wanted,
    Watched,
    part_of,
)
from domain.inquiries.values import InquiryCard, Role, Turn
from domain.logs.values import Entry
from domain.portfolio.values import PersonName
from message_templates import kit
from message_templates.home.personal import personal_section
from message_templates.home.reporting import reporting_section, tabs
from message_templates.home.settings import read_settings, settings_view
from message_templates.home.state import BOT, REPORTING, YOU, HomeState
from message_templates.kit import Block
from models.enums import FollowersWish, Health, InquiryState, InquiryStep, LogKind, RequestState
from sandbox.blockkit import check_blocks, check_view
from sandbox.inputs import initial_values, interactive_elements
from tests.support.looks import shown

NOW = datetime(2026, 11, 18, 14, tzinfo=UTC)
TODAY = date(2026, 11, 18)
ZONE = "America/New_York"
MOST_BYTES = 250_000
"""A view's JSON: Slack refuses more."""

SETTINGS = OwnSettings(
    zone=ZONE,
    today=TODAY,
    hours=PersonalTime(ZoneInfo(ZONE), WorkingDays()),
    usual_weekdays=WORKING_WEEK,
    councils=(CouncilChoice(1, "ITS Council"), CouncilChoice(2, "STS Council")),
)
ME = Personal(
    name="Priya",
    roles={"PM": ("APOLLO",)},
    wanted=Part(),
    next_ask=None,
    time=OwnTime(ZONE, is_workspace_zone=False, weekdays=(0, 1, 2, 3, 4)),
    settings=SETTINGS,
)


def past(*healths: Health | RequestState) -> tuple[Past, ...]:
    """Cycles a week apart; a state stands for one without a report."""
    return tuple(
        Past(TODAY - timedelta(weeks=len(healths) - place), RequestState.ANSWERED, each)
        if isinstance(each, Health)
        else Past(TODAY - timedelta(weeks=len(healths) - place), each)
        for place, each in enumerate(healths)
    )


APOLLO = OwnProject(
    "APOLLO",
    "Student Portal",
    "PM",
    past(Health.GREEN, RequestState.MISSED, Health.YELLOW, RequestState.EXCUSED, Health.RED),
)
ACTION = Entry(
    7,
    LogKind.ACTION,
    3,
    "Sign the contract",
    owner=PersonName(1, "U1", "Priya"),
    due_on=date(2026, 11, 16),
    code="APOLLO",
)
COUNCIL = OwnCouncil(
    "ITS Council",
    "C0ITS",
    "its-council",
    digest_of=date(2026, 11, 11),
    digest_at=datetime(2026, 11, 16, 13, tzinfo=UTC),
    red=(RedProject("APOLLO", "Student Portal", "Priya", date(2026, 11, 11)),),
)


def one_page(things: list[Any], name: str, number: int = 0) -> Part[Any]:
    return part_of(things, number, PARTS[name])


def taken(blocks: list[Block]) -> str:
    """The text of a page that Slack takes."""
    view = kit.home(blocks, private_metadata=HomeState({"projects": 3}).dump())
    assert not check_view(view)
    assert len(json.dumps(view)) < MOST_BYTES
    return "\n".join(shown(block) for block in blocks).replace("*", "")


def personal(**changes: Any) -> str:
    return taken(personal_section(replace(ME, **changes), NOW))


def pressed(blocks: list[Block]) -> dict[str, str | None]:
    """The buttons of a page, each with its value."""
    return {
        element["action_id"]: element.get("value")
        for block in blocks
        for element in interactive_elements(block)
    }


def project(**changes: Any) -> str:
    return personal(projects=one_page([replace(APOLLO, **changes)], "projects"))


def test_a_project_shows_its_healths_oldest_first_with_gaps_and_the_newest_in_words() -> None:
    text = project()
    assert "APOLLO Student Portal\n🟢 ✖ 🔶 ◌ 🟥 · now 🟥 Red, 11 Nov" in text
    assert "oldest first: 🟢 green, 🔶 yellow, 🟥 red, ⚪ not rated, ✖ no report" in text


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"past": ()}, "APOLLO Student Portal\nno report yet"),
        ({"past": past(RequestState.MISSED)}, "✖ · no report yet · the last one was missed"),
        ({"past": past(Health.GREY)}, "⚪ · now ⚪ Not rated"),
        ({"unchanged": 2}, "now 🟥 Red, 11 Nov · unchanged x2"),
        ({"rating": "Amber/Red"}, "now 🟥 Red (Amber/Red), 11 Nov"),
        (
            {"past": (Past(TODAY, RequestState.LATE, Health.GREEN),)},
            "🟢 · now 🟢 Green, 18 Nov · late",
        ),
        (
            {"hold_until": date(2026, 12, 4), "hold_reason": "the vendor"},
            "On hold until Fri 4 Dec 2026: the vendor",
        ),
        ({"role": "deputy"}, "Student Portal · you are the deputy"),
        ({"is_restricted": True}, "Student Portal · restricted"),
    ],
)
def test_what_is_to_be_said_of_a_project_is_said_in_words(
    changes: dict[str, Any], text: str
) -> None:
    assert text in project(**changes)


def test_actions_say_when_they_are_due_and_open() -> None:
    blocks = personal_section(replace(ME, actions=one_page([ACTION], "actions")), NOW)
    text = taken(blocks)
    assert "A-3 · APOLLO Sign the contract" in text
    assert "Overdue by 2 days: it was due on Mon 16 Nov 2026." in text
    assert pressed(blocks)["log_open"] == "7"
    later = replace(ACTION, due_on=date(2026, 12, 1))
    assert "Due on Tue 1 Dec 2026." in personal(actions=one_page([later], "actions"))
    never = replace(ACTION, due_on=None)
    assert "No due date." in personal(actions=one_page([never], "actions"))


def test_councils_show_their_newest_digest_and_what_is_red() -> None:
    text = personal(councils=one_page([COUNCIL], "councils"))
    assert "The newest digest is that of Wed 11 Nov 2026" in text
    red = "By the newest report of each 1 project is red:\n"
    assert f"{red}• APOLLO Student Portal · Priya, report of 11 Nov" in text
    none = OwnCouncil("STS Council", "C0STS", "sts-council")
    text = personal(councils=one_page([none], "councils"))
    assert "There is no digest yet." in text
    assert "By the newest report of each no project is red." in text
    many = replace(COUNCIL, red=COUNCIL.red * 12)
    assert "… and 7 more" in personal(councils=one_page([many], "councils"))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "I ask you at the hour that each council says, on Monday to Friday."),
        ({"ask_at": time(9, 30)}, "I ask you at 09:30, as you have set, on Monday to Friday."),
        (
            {
                "weekdays": frozenset({0, 2}),
                "hours": replace(SETTINGS.hours, working=WorkingDays(weekdays=frozenset({0, 2}))),
            },
            "on Mon, Wed, as you have set.",
        ),
        (
            {"leave": Leave(TODAY, date(2026, 11, 20))},
            "You are away Wed 18 Nov 2026 to Fri 20 Nov 2026.",
        ),
        (
            {"told_leave": (Leave(TODAY, date(2026, 11, 20)),)},
            "as the PMO's files or your Slack status say.",
        ),
        ({}, "I send you no digests"),
        (
            {"councils": (CouncilChoice(1, "ITS Council", is_subscribed=True),)},
            "I send you the digests of ITS Council.",
        ),
    ],
)
def test_settings_are_told_in_words(changes: dict[str, Any], text: str) -> None:
    assert text in personal(settings=replace(SETTINGS, **changes))


@pytest.mark.parametrize("count", [60, 500])
def test_somebody_with_hundreds_of_everything_has_a_page_that_slack_takes_and_can_turn_it(
    count: int,
) -> None:
    long = "long & <words> " * 60
    wanted = Wanted(9, "P" * 30, long, NOW, is_over=True)
    mine = OwnProject(
        "P" * 30,
        long,
        "PM",
        past(*[Health.GREEN] * HISTORY),
        rating="Amber/Red",
        unchanged=2,
        hold_until=TODAY,
        hold_reason=long,
    )
    action = replace(ACTION, title=long)
    turn = Turn(long, NOW, InquiryStep.QUESTION, long)
    question = InquiryCard(7, "P" * 30, long, long, long, InquiryState.OPEN, (turn,), Role.ANSWERER)
    council = replace(COUNCIL, name=long, red=(RedProject("P" * 30, long, long, TODAY),) * count)
    followed = FollowedProject(1, "P" * 30, long, long, Health.RED, "", TODAY)
    settings = replace(
        SETTINGS,
        leave=Leave(TODAY, TODAY),
        told_leave=(Leave(TODAY, TODAY),) * count,
        councils=tuple(CouncilChoice(n, long, is_subscribed=True) for n in range(count)),
    )
    last = {name: -(-count // size) - 1 for name, size in PARTS.items()}
    for numbers in (dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 1), last):
        me = replace(
            ME,
            name=long,
            roles=dict.fromkeys(("PM", "deputy", "sponsor", "chair"), ("P" * 30,) * count),
            wanted=one_page([wanted] * count, "due", numbers["due"]),
            projects=one_page([mine] * count, "projects", numbers["projects"]),
            actions=one_page([action] * count, "actions", numbers["actions"]),
            questions=one_page([question] * count, "questions", numbers["questions"]),
            councils=one_page([council] * count, "councils", numbers["councils"]),
            followed=one_page([followed] * count, "followed", numbers["followed"]),
            settings=settings,
        )
        blocks = [*tabs(HomeState(), 99), *personal_section(me, NOW)]
        taken(blocks)
        turns = pressed(blocks)
        for name in PARTS:
            assert (f"home_turn:{name}:previous" in turns) is (numbers[name] > 0)
            assert (f"home_turn:{name}:next" in turns) is (numbers[name] < last[name])
    assert turns["home_turn:projects:previous"] == f"projects={last['projects'] - 1}"


# --- who has answered


def answer(state: RequestState, code: str = "APOLLO", **facts: Any) -> Answer:
    return Answer(code, "Student Portal", "Priya", "Priya", state, **facts)


def cycle(*answers: Answer, is_open: bool = True, number: int = 5) -> CycleResponse:
    return CycleResponse(
        number, "ITS Council", TODAY, NOW + timedelta(days=2), ZONE, is_open, respond(answers)
    )


def reporting(page: ReportingPage, **places: int) -> str:
    return taken([*tabs(HomeState(places), 0), *reporting_section(page, HomeState(places))])


def page_of(*cycles: CycleResponse, **facts: Any) -> ReportingPage:
    councils = part_of([CouncilResponse("ITS Council", cycles)], 0, COUNCILS)
    return ReportingPage(**{"councils": councils, "watched": Part(), **facts})


MIXED = cycle(
    answer(RequestState.ANSWERED, asked_at=NOW, answered_at=NOW + timedelta(hours=2, minutes=10)),
    answer(RequestState.UNCHANGED, asked_at=NOW, answered_at=NOW + timedelta(minutes=5)),
    answer(RequestState.ASKED, "BOREAS"),
    answer(RequestState.EXCUSED, "CERES", reason="on leave until 4 Dec, no deputy"),
)


def test_a_council_says_how_many_have_answered_how_fast_and_who_is_missing() -> None:
    over = cycle(
        answer(RequestState.MISSED, "DELTA", reason="not asked: the bot was not running"),
        answer(RequestState.LATE, "EOS"),
        is_open=False,
        number=4,
    )
    text = reporting(page_of(MIXED, over))
    assert "Open, of Wed 18 Nov 2026: 2 of 3 answered (67 %), half of them within 1 h 7 min" in text
    assert "Cut-off Fri 20 Nov 09:00." in text
    assert "Waiting (1): BOREAS (Priya)" in text
    assert "Not asked (1): CERES (Priya)" in text
    assert "Last, of Wed 18 Nov 2026: 1 of 2 answered (50 %), 1 late." in text
    assert "Missed (1): DELTA (Priya)" in text
    buttons = pressed(reporting_section(page_of(MIXED, over), HomeState()))
    assert {buttons["home_turn:cycle:5"], buttons["home_turn:cycle:4"]} == {"cycle=5", "cycle=4"}


def test_a_council_that_asked_nobody_says_so() -> None:
    assert "It has not asked anybody yet." in reporting(page_of())
    assert "nobody was asked" in reporting(page_of(cycle()))
    nothing = page_of(councils=Part())
    assert "There is no council yet" in reporting(nothing)


def test_a_cycle_that_is_opened_lists_every_project_with_its_reason_what_is_missing_first() -> None:
    text = reporting(page_of(opened=MIXED))
    assert "ITS Council, 18 Nov" in text
    assert "The cycle is open: its cut-off is Fri 20 Nov 09:00. 2 of 3 answered (67 %)" in text
    lines = [line for line in text.splitlines() if line.startswith("• ")]
    assert lines == [
        "• BOREAS Student Portal · Priya: waiting",
        "• CERES Student Portal · Priya: not asked (on leave until 4 Dec, no deputy)",
        "• APOLLO Student Portal · Priya: answered after 2 h 10 min",
        "• APOLLO Student Portal · Priya: no change after 5 min",
    ]
    assert pressed(reporting_section(page_of(opened=MIXED), HomeState()))["home_turn:cycle:0"]
    assert "No project of this council" in reporting(page_of(opened=cycle()))


def test_who_was_asked_instead_is_named() -> None:
    deputy = replace(answer(RequestState.ASKED, reason="on leave: deputy asked"), asked="Ben")
    assert "Priya: waiting (on leave: deputy asked: Ben)" in reporting(
        page_of(opened=cycle(deputy))
    )


def test_projects_to_look_at_are_told_with_the_cure() -> None:
    watched = [
        Watched("APOLLO", "Portal", "ITS Council", "Priya", misses=3),
        Watched("BOREAS", "Records", "ITS Council", "Li", is_gone=True),
        Watched("CERES", "Renewal", "ITS Council", "Li", is_gone=True, deputy="Ben"),
        Watched("DELTA", "Data", "ITS Council", "Li", hold_until=TODAY, hold_reason="vendor"),
    ]
    text = reporting(page_of(watched=part_of(watched, 0, WATCHED)))
    assert "Projects to look at (4)" in text
    assert "Silent: 3 cut-offs missed in a row." in text
    assert "Li has left Slack. Nobody is asked. Name a new one" in text
    assert "/project handover BOREAS @person" in text
    assert "Ben, the deputy, is asked." in text
    assert "On hold until Wed 18 Nov 2026: vendor" in text
    assert "No project is silent" in reporting(page_of())


@pytest.mark.parametrize("count", [60, 500])
def test_the_pmo_of_hundreds_of_projects_has_pages_that_slack_takes(count: int) -> None:
    long = "long & <words> " * 60
    many = [
        Answer("P" * 30, long, long, f"{long}!", state, long, NOW, NOW + timedelta(days=3, hours=2))
        for _ in range(count)
        for state in RequestState
    ]
    full = replace(cycle(*many), council=long)
    councils = [CouncilResponse(long, (full, full))] * count
    watched = [
        Watched("P" * 30, long, long, long, is_gone=True, hold_until=TODAY, hold_reason=long)
    ] * count
    page = ReportingPage(
        councils=part_of(councils, 1, COUNCILS), watched=part_of(watched, 1, WATCHED)
    )
    text = reporting(page)
    assert f"7 to 12 of {count}" in text
    assert f"and {count - 6} more" in text
    opened = replace(page, opened=full)
    assert f"37 to 72 of {count * len(RequestState)}" in reporting(opened, lines=1)


def test_tabs_say_where_one_is_and_how_many_problems_there_are() -> None:
    (row,) = tabs(HomeState({"tab": REPORTING}), 0)
    assert [each.get("style") for each in row["elements"]] == [None, "primary", None, None]
    assert "Health of the bot (2)" in shown(tabs(HomeState({"tab": BOT}), 2))
    assert "2 problems hinder the bot." in shown(tabs(HomeState({"tab": YOU}), 2))
    assert "hinder" not in shown(tabs(HomeState({"tab": BOT}), 2))


# --- where somebody stands


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"tab": "x"}', '"tab"'])
def test_a_place_that_cannot_be_read_is_the_first_page(text: str) -> None:
    assert HomeState.load(text) == HomeState()


def test_a_place_is_kept_and_turned() -> None:
    state = HomeState({"tab": 1}).turned("projects=2")
    assert HomeState.load(state.dump()) == state == HomeState({"tab": 1, "projects": 2})
    assert state.turned("tab=0").tab == YOU
    for nonsense in ("", "projects", "projects=", "projects=x", "=1", "projects=-1"):
        assert state.turned(nonsense) == state


def test_another_cycle_begins_at_its_first_line() -> None:
    assert HomeState({"lines": 3, "cycle": 4}).turned("cycle=5") == HomeState({"cycle": 5})


# --- the form of settings


def filled(view: Block) -> SettingsWish:
    """What the form says when it is sent as it opens."""
    return read_settings(view | {"state": {"values": initial_values(view["blocks"])}})


def test_the_form_opens_with_what_is_set_and_reads_it_back() -> None:
    own = replace(
        SETTINGS,
        ask_at=time(9, 30),
        leave=Leave(TODAY, date(2026, 11, 20)),
        told_leave=(Leave(TODAY, TODAY),),
        councils=(CouncilChoice(1, "ITS Council", is_subscribed=True), CouncilChoice(2, "STS")),
        followed=FollowersWish.BOTH,
    )
    view = settings_view(own)
    assert not check_view(view)
    assert filled(view) == SettingsWish(
        ask_at="09:30",
        weekdays=("MO", "TU", "WE", "TH", "FR"),
        away_from="2026-11-18",
        away_until="2026-11-20",
        leave=own.leave,
        council_ids=frozenset({1}),
        followed="both",
    )
    assert "that is not changed here" in shown(view["blocks"])


def test_a_form_with_nothing_set_says_nothing_of_ones_own() -> None:
    view = settings_view(replace(SETTINGS, councils=()))
    assert not check_view(view)
    assert filled(view) == SettingsWish(weekdays=("MO", "TU", "WE", "TH", "FR"))


def test_a_menu_holds_a_hundred_councils_those_that_are_chosen_first() -> None:
    councils = tuple(
        CouncilChoice(number, f"Council {number} " + "x" * 99, is_subscribed=number == 250)
        for number in range(300)
    )
    view = settings_view(replace(SETTINGS, councils=councils))
    assert not check_view(view)
    assert filled(view).council_ids == {250}


def test_an_hour_between_the_half_hours_is_kept() -> None:
    assert filled(settings_view(replace(SETTINGS, ask_at=time(9, 17)))).ask_at == "09:17"
    assert check_blocks(settings_view(SETTINGS)["blocks"], "modal") == []
