"""Who is asked, what they may do, and when somebody hears again: plain values in and out."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.inquiries.rules import (
    Asked,
    Candidate,
    due_at,
    is_same,
    names_in,
    role_of,
    whom_to_ask,
    why_not_pm,
    why_over,
)
from domain.inquiries.values import Role, Why
from domain.portfolio.values import ProjectFacts, Viewer
from models.enums import Visibility

PM, DEPUTY, ASKER, LI = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("pm", "deputy", "asker", "asked", "wanted"),
    [
        ("here", "here", ASKER, None, PM),
        ("away", "here", ASKER, None, DEPUTY),
        ("gone", "here", ASKER, None, DEPUTY),
        ("away", "", ASKER, None, PM),
        ("gone", "", ASKER, None, None),
        ("gone", "gone", ASKER, None, None),
        ("away", "away", ASKER, None, PM),
        ("gone", "away", ASKER, None, DEPUTY),
        ("away", "gone", ASKER, None, PM),
        ("here", "here", DEPUTY, None, PM),
        ("away", "here", DEPUTY, None, PM),
        ("gone", "here", DEPUTY, None, None),
        ("here", "here", PM, None, DEPUTY),
        ("here", "here", ASKER, DEPUTY, DEPUTY),
        ("here", "away", ASKER, DEPUTY, PM),
        ("away", "away", ASKER, DEPUTY, DEPUTY),
        ("away", "here", ASKER, PM, DEPUTY),
        ("here", "here", ASKER, 9, PM),
    ],
)
def test_the_pm_is_asked_and_the_deputy_in_their_place(
    pm: str, deputy: str, asker: int, asked: int | None, wanted: int | None
) -> None:
    manager = Candidate(PM, pm == "gone", pm == "away")
    stand_in = Candidate(DEPUTY, deputy == "gone", deputy == "away") if deputy else None
    assert whom_to_ask(manager, stand_in, asker, asked) == wanted


@pytest.mark.parametrize(
    ("pm", "asked", "why"),
    [
        (Candidate(PM), PM, None),
        (Candidate(PM, is_away=True), DEPUTY, Why.PM_AWAY),
        (Candidate(PM, is_gone=True), DEPUTY, Why.PM_GONE),
        (Candidate(PM, is_gone=True), None, Why.NOBODY),
    ],
)
def test_it_is_told_why_somebody_else_is_asked(
    pm: Candidate, asked: int | None, why: Why | None
) -> None:
    assert why_not_pm(pm, asked) is why


def viewer(person_id: int, *, is_pmo: bool = False, is_gone: bool = False) -> Viewer:
    return Viewer(person_id, f"U{person_id}", f"Person {person_id}", "UTC", is_pmo, is_gone=is_gone)


OPEN = ProjectFacts(Visibility.OPEN, 1, PM, DEPUTY)
HIDDEN = ProjectFacts(Visibility.RESTRICTED, 1, PM, DEPUTY)


@pytest.mark.parametrize(
    ("who", "project", "role"),
    [
        (viewer(ASKER), OPEN, Role.ASKER),
        (viewer(ASKER, is_pmo=True), OPEN, Role.ASKER),
        (viewer(ASKER), HIDDEN, None),
        (viewer(PM), OPEN, Role.ANSWERER),
        (viewer(DEPUTY), HIDDEN, Role.ANSWERER),
        (viewer(9, is_pmo=True), HIDDEN, Role.ANSWERER),
        (viewer(9), OPEN, Role.READER),
        (viewer(9), HIDDEN, None),
        (viewer(PM, is_gone=True), OPEN, None),
    ],
)
def test_what_somebody_may_do_with_an_inquiry(
    who: Viewer, project: ProjectFacts, role: Role | None
) -> None:
    assert role_of(who, project, Asked(ASKER)) is role


@pytest.mark.parametrize(
    ("who", "project", "role"),
    [
        (viewer(ASKER), None, Role.ASKER),
        (viewer(9, is_pmo=True), None, Role.ANSWERER),
        (viewer(LI), None, Role.ANSWERER),
        (viewer(LI), OPEN, Role.ANSWERER),
        (viewer(LI), HIDDEN, None),
        (viewer(LI, is_gone=True), None, None),
        (viewer(9), None, None),
        (viewer(PM), None, None),
        (viewer(PM), OPEN, Role.ANSWERER),
        (viewer(9), OPEN, Role.READER),
    ],
)
def test_what_the_pmo_was_asked_is_for_its_asker_the_pmo_and_whom_they_chose(
    who: Viewer, project: ProjectFacts | None, role: Role | None
) -> None:
    assert role_of(who, project, Asked(ASKER, is_for_office=True, asked_id=LI)) is role


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Is FALCON late?", ["FALCON"], {"FALCON"}),
        ("is falcon's plan ok", ["FALCON"], {"FALCON"}),
        ("FAL\u200bCON?", ["FALCON"], {"FALCON"}),
        ("hr 2, HR2 or hr_2", ["HR-2"], {"HR-2"}),
        ("about the merger   readiness.", ["FALCON", "Merger Readiness"], {"Merger Readiness"}),
        ("merger-readiness", ["Merger Readiness"], {"Merger Readiness"}),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER F}ALCON", ["FALCON"], {"FALCON"}),
        ("a falconer, a readiness", ["FALCON", "Merger Readiness"], set()),
        ("which merger?", ["Merger Readiness"], set()),
        ("what is a RAID log?", ["", "-", "FALCON"], set()),
        ("", ["FALCON"], set()),
        ("anything", [], set()),
    ],
)
def test_a_text_is_seen_to_name_a_project_however_it_is_written(
    text: str, names: list[str], found: set[str]
) -> None:
    assert names_in(text, names) == found


@pytest.mark.parametrize(
    ("who", "project", "why"),
    [
        (viewer(ASKER), OPEN, ""),
        (viewer(ASKER, is_gone=True), OPEN, "Person 3 has left Slack."),
        (viewer(ASKER), HIDDEN, "Person 3 may not see the project any more."),
        (viewer(PM), OPEN, "Person 1 is the PM of the project now."),
    ],
)
def test_nobody_waits_for_an_answer_that_they_may_not_read(
    who: Viewer, project: ProjectFacts, why: str
) -> None:
    assert why_over(who, project) == why


def test_the_pm_of_a_project_may_ask_the_pmo_about_it_and_anybody_about_none() -> None:
    assert why_over(viewer(PM), OPEN, is_for_office=True) == ""
    assert why_over(viewer(ASKER), None) == ""
    assert why_over(viewer(ASKER, is_gone=True), None) == "Person 3 has left Slack."


NINE_TO_FIVE = PersonalTime(
    ZoneInfo("America/New_York"),
    WorkingDays("US"),
    hours=(time(9), time(17)),
    leave=(Leave(date(2026, 12, 1), date(2026, 12, 2)),),
)


@pytest.mark.parametrize(
    ("now", "days", "due"),
    [
        ("2026-11-23 15:00", 2, "2026-11-25 15:00"),
        ("2026-11-23 23:30", 2, "2026-11-27 14:00"),  # read on the 24th; the 26th is Thanksgiving
        ("2026-11-28 15:00", 0, "2026-11-30 14:00"),  # a Saturday
        ("2026-11-27 15:00", 2, "2026-12-03 14:00"),  # on leave then: the morning after it
    ],
)
def test_working_days_are_those_of_who_is_asked(now: str, days: int, due: str) -> None:
    instants = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (now, due)]
    assert due_at(NINE_TO_FIVE, instants[0], days) == instants[1]


def test_a_calendar_without_working_days_counts_plain_ones() -> None:
    never = PersonalTime(ZoneInfo("UTC"), WorkingDays(weekdays=frozenset()))
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert due_at(never, noon, 2) == noon.replace(day=27)


def test_blanks_and_capitals_make_no_other_question() -> None:
    assert is_same(" When do\nyou go live? ", "when do you  GO live?")
    assert not is_same("When?", "Why?")
