"""How App Home looks, for everybody and for the PMO; Slack takes it however much there is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from domain.delivery.values import Undelivered
from domain.health.values import (
    Area,
    Backlog,
    Finding,
    HealthReport,
    NextAsk,
    NotAsked,
    OwnTime,
    Part,
    Personal,
    Severity,
    Wanted,
    part_of,
)
from message_templates import kit
from message_templates.home.page import (
    DROP,
    FINDINGS,
    NOT_ASKED,
    RETRY,
    RETRY_ALL,
    UNDELIVERED,
    asking_note,
    health_section,
)
from message_templates.home.personal import personal_section
from message_templates.home.reporting import tabs
from message_templates.home.state import HomeState
from message_templates.kit import Block
from models.enums import RequestState
from sandbox.blockkit import check_blocks
from sandbox.inputs import interactive_elements
from tests.support.looks import shown

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
ZONE = "America/New_York"

TIME = OwnTime(ZONE, is_workspace_zone=False, weekdays=(0, 1, 2, 3, 4))
WANTED = Wanted(
    7,
    "APOLLO",
    "Student Portal",
    datetime(2026, 11, 27, 20, tzinfo=UTC),
    is_over=False,
    may_stay=True,
)
ME = Personal(
    name="Priya",
    roles={"PM": ("APOLLO", "BOREAS")},
    wanted=part_of([WANTED], 0, 6),
    next_ask=NextAsk(datetime(2026, 12, 2, 14, tzinfo=UTC), ("ITS Council", "STS Council")),
    time=TIME,
)

FINDING = Finding(
    Severity.PROBLEM, Area.CHANNELS, "#its-council", "the bot is not in it", "invite it"
)
LOST = Undelivered(
    delivery_id=3,
    kind="digest_head",
    channel_id="C0ITS",
    person_slack_id=None,
    since=NOW,
    cause="the channel is archived",
    cure="unarchive it",
    is_held=False,
    is_edit=False,
    is_over=False,
)
MOVED = NotAsked(
    code="APOLLO",
    name="Student Portal",
    council="ITS Council",
    manager="Priya",
    asked="Ben",
    state=RequestState.ASKED,
    reason="on leave until 2026-12-04: deputy asked",
)
REPORT = HealthReport(
    findings=(FINDING,),
    checked={"channels": 3},
    slack_asked_at=NOW,
    backlog=Backlog(2, 5, NOW),
    undelivered=(LOST,),
    not_asked=(MOVED,),
)


def taken(blocks: list[Block]) -> str:
    """The text of a page that Slack takes."""
    assert not check_blocks(kit.home(blocks)["blocks"], "home")
    return shown(blocks)


def personal(**changes: Any) -> str:
    return taken(personal_section(replace(ME, **changes), NOW))


def page(**changes: Any) -> str:
    return taken(health_section(replace(REPORT, **changes), ZONE))


def pressed(blocks: list[Block]) -> list[tuple[str, str | None]]:
    """The buttons of a page, each with its value."""
    return [
        (element["action_id"], element.get("value"))
        for block in blocks
        for element in interactive_elements(block)
    ]


def test_people_are_told_who_they_are_what_is_wanted_and_when_they_are_asked_next() -> None:
    text = personal()
    assert "Hello Priya" in text
    assert "PM of APOLLO, BOREAS" in text
    assert "Your report is wanted before Fri 27 Nov 15:00" in text
    assert "I ask you next on Wed 2 Dec 09:00, for ITS Council and STS Council" in text
    assert pressed(personal_section(ME, NOW)) == [("status_update", "7"), ("status_no_change", "7")]
    changed = replace(ME, wanted=part_of([replace(WANTED, may_stay=False)], 0, 6))
    assert pressed(personal_section(changed, NOW)) == [("status_update", "7")]


def test_people_are_told_their_zone_so_that_they_can_see_a_wrong_one() -> None:
    assert f"Your time zone is {ZONE}: it was Wed 25 Nov 09:00 for you" in personal()
    assert "I take the workspace's" not in personal()
    assert "I take the workspace's" in personal(time=replace(TIME, is_workspace_zone=True))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "I write to you on Monday to Friday, and not on holidays."),
        ({"weekdays": (0, 1, 3)}, "on Mon, Tue, Thu, and"),
        ({"hours": (time(9), time(17))}, "Monday to Friday, 09:00-17:00, and"),
        ({"quiet": (time(18), time(8))}, "never in the quiet hours 18:00-08:00, and"),
        ({"why_off": "public holiday (Thanksgiving)"}, "You are off today: public holiday"),
        (
            {"why_off": "on leave until 2026-12-04", "away_until": date(2026, 12, 4)},
            "You are away until Fri 4 Dec 2026",
        ),
    ],
)
def test_people_are_told_when_they_are_written_to(changes: dict[str, Any], text: str) -> None:
    assert text in personal(time=replace(TIME, **changes))


def test_a_missing_report_is_told_as_missing() -> None:
    text = personal(wanted=part_of([replace(WANTED, is_over=True)], 0, 6))
    assert "Your report is missing: the cut-off was Fri 27 Nov 15:00." in text


def test_who_is_asked_nothing_is_told_so() -> None:
    text = personal(roles={}, wanted=Part(), next_ask=None)
    assert "You have no role in a project or a council" in text
    assert "wanted" not in text
    assert "/project help" in text
    assert "Nothing is wanted from you now." in personal(wanted=Part())


def test_a_guest_is_told_politely_what_a_guest_sees() -> None:
    assert "You are a guest here" in personal(roles={}, wanted=Part(), next_ask=None, is_guest=True)
    assert "PM of APOLLO" in personal(is_guest=True)


def test_somebody_with_hundreds_of_projects_has_a_page_that_counts_the_rest() -> None:
    codes = tuple(f"PROJECT-{number:04}" for number in range(400))
    text = personal(
        roles={"PM": codes, "deputy": codes}, wanted=part_of([WANTED] * 400, 0, 6), name="P" * 300
    )
    assert "1 to 6 of 400" in text


def test_the_pmo_is_told_cause_and_cure() -> None:
    text = page()
    assert "1 problem." in text
    assert "Problem · #its-council" in text
    assert "The bot is not in it." in text
    assert "What to do: Invite it." in text
    assert "Looked at: 3 channels. To be sent: 2 now, 5 later." in text


def test_where_nothing_is_found_the_page_says_so_and_what_was_looked_at() -> None:
    text = page(findings=(), undelivered=(), not_asked=())
    assert "Nothing found" in text
    assert "3 channels" in text
    assert "Not delivered" not in text
    assert "Not asked" not in text
    assert "Slack has not been asked yet" in page(slack_asked_at=None)


def test_problems_and_warnings_are_told_apart_in_words() -> None:
    text = page(findings=(FINDING, FINDING, replace(FINDING, severity=Severity.WARNING)))
    assert "2 problems, 1 warning." in text
    assert text.count("Problem · ") == 2
    assert text.count("Warning · ") == 1


def test_what_was_not_delivered_can_be_tried_again_or_dropped() -> None:
    text = page()
    assert "Not delivered (1)" in text
    assert "a digest to " in text
    assert "C0ITS" in str(health_section(REPORT, ZONE))
    assert "The channel is archived. Unarchive it." in text
    assert ("health_retry", "3") in pressed(health_section(REPORT, ZONE))
    assert ("health_drop", "3") in pressed(health_section(REPORT, ZONE))


def test_what_is_held_asks_to_look_first_and_what_is_over_can_only_be_dropped() -> None:
    held, over = replace(LOST, is_held=True), replace(LOST, delivery_id=4, is_over=True)
    text = page(undelivered=(held, over))
    assert "Perhaps not delivered" in text
    assert "Look whether it is there" in text
    assert "it can only be dropped" in text
    buttons = pressed(health_section(replace(REPORT, undelivered=(held, over)), ZONE))
    assert [each for each in buttons if each[0] in (RETRY, DROP)] == [
        (RETRY, "3"),
        (DROP, "3"),
        (DROP, "4"),
    ]


def test_all_can_be_tried_again_at_once_but_for_what_is_held_or_over() -> None:
    many = (*[LOST] * 3, replace(LOST, is_held=True), replace(LOST, is_over=True))
    assert "Try all 3 again" in str(health_section(replace(REPORT, undelivered=many), ZONE))
    assert RETRY_ALL not in dict(pressed(health_section(REPORT, ZONE)))


def test_who_was_not_asked_as_planned_is_told_with_the_reason() -> None:
    text = page()
    assert "Not asked as planned (1)" in text
    assert "APOLLO Student Portal · ITS Council · PM Priya: on leave until 2026-12-04" in text
    assert "(Ben)" in text
    assert "(Priya)" not in page(not_asked=(replace(MOVED, asked="Priya"),))


def test_however_much_there_is_slack_takes_the_page_and_the_rest_is_counted() -> None:
    long = "long words " * 500
    text = taken(
        [
            *asking_note(),
            *tabs(HomeState(), 99),
            *health_section(
                HealthReport(
                    findings=(replace(FINDING, cause=long, cure=long, subject=long),) * 99,
                    undelivered=(replace(LOST, cause=long, cure=long),) * 99,
                    not_asked=(replace(MOVED, reason=long, name=long, manager=long),) * 99,
                ),
                ZONE,
            ),
        ]
    )
    for most in (FINDINGS, UNDELIVERED, NOT_ASKED):
        assert f"… and {99 - most} more" in text


def test_peoples_words_stay_data() -> None:
    text = page(not_asked=(replace(MOVED, name="*Bold* <!channel>", reason="<@U1> & co"),))
    assert "*Bold* <!channel>" in text
    assert "<@U1> & co" in text
