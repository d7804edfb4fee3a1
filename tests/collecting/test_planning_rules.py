"""Who is asked, when, and why not as usual: tables of cases for the pure decisions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import Leave, PersonalTime, WorkingDays
from domain.collecting.asking.planning import (
    HOUR_PASSED,
    LATE,
    NO_HOUR,
    NOT_OWN_HOUR,
    Ask,
    Colleague,
    Standing,
    Window,
    decide,
    slept_through,
)

NEW_YORK = ZoneInfo("America/New_York")
US = WorkingDays("US", "NY")
WEDNESDAY = date(2026, 11, 25)
THURSDAY = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
PM, DEPUTY = 1, 2


def nine(day: date, zone: str = "America/New_York") -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(zone)).astimezone(UTC)


def window(opens_on: date = WEDNESDAY, cut_off_on: date = FRIDAY, ask_at: time = time(9)) -> Window:
    cut_off_at = datetime.combine(cut_off_on, time(15), NEW_YORK).astimezone(UTC)
    return Window(opens_on, ask_at, cut_off_at)


def somebody(
    number: int = PM,
    *away: tuple[date, date],
    zone: str = "America/New_York",
    working: WorkingDays = WorkingDays(),  # noqa: B008 - frozen
    **facts: Any,
) -> Colleague:
    """A colleague; each `away` is a leave's first and last day."""
    colleague = {name: facts.pop(name) for name in ("is_gone", "asked_on") if name in facts}
    leave = tuple(Leave(first, until) for first, until in away)
    own = PersonalTime(zone=ZoneInfo(zone), working=working, leave=leave, **facts)
    return Colleague(number, own, **colleague)


BEFORE = nine(WEDNESDAY) - timedelta(hours=12)
LONG = (date(2026, 11, 20), date(2026, 12, 4))
DAY = (WEDNESDAY, WEDNESDAY)
GONE: dict[str, Any] = {"is_gone": True}

CASES = {
    "a working day": (window(), somebody(), None, Ask(PM, WEDNESDAY, nine(WEDNESDAY))),
    "a working day, and a deputy": (
        window(),
        somebody(),
        somebody(DEPUTY),
        Ask(PM, WEDNESDAY, nine(WEDNESDAY)),
    ),
    "an hour of their own": (
        window(),
        somebody(ask_at=time(11)),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) + timedelta(hours=2)),
    ),
    "an hour of their own on the last day": (
        window(WEDNESDAY, WEDNESDAY),
        somebody(ask_at=time(14, 30)),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) + timedelta(hours=5, minutes=30)),
    ),
    "an hour of their own that comes after the cut-off": (
        window(WEDNESDAY, WEDNESDAY),
        somebody(ask_at=time(15)),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY), NOT_OWN_HOUR),
    ),
    "an hour of their own in the quiet hours": (
        window(),
        somebody(ask_at=time(7), quiet=(time(18), time(8))),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) - timedelta(hours=1)),
    ),
    "on leave, and a deputy with an hour of their own": (
        window(),
        somebody(PM, LONG),
        somebody(DEPUTY, ask_at=time(11)),
        Ask(
            DEPUTY,
            WEDNESDAY,
            nine(WEDNESDAY) + timedelta(hours=2),
            "on leave until 4 Dec: deputy asked",
        ),
    ),
    "a public holiday": (
        window(THURSDAY, MONDAY),
        somebody(working=US),
        somebody(DEPUTY),
        Ask(
            PM,
            FRIDAY,
            nine(FRIDAY),
            "asked a day later: public holiday (Thanksgiving Day)",
        ),
    ),
    "a closure before a weekend": (
        window(FRIDAY, date(2026, 12, 2)),
        somebody(working=WorkingDays(closures=frozenset({FRIDAY}))),
        None,
        Ask(PM, MONDAY, nine(MONDAY), "asked 3 days later: company closure"),
    ),
    "not a working day of theirs until after the cut-off, and a deputy": (
        window(THURSDAY, FRIDAY),
        somebody(working=WorkingDays(weekdays=frozenset({0, 1}))),
        somebody(DEPUTY),
        Ask(DEPUTY, THURSDAY, nine(THURSDAY), "not a working day: deputy asked"),
    ),
    "not a working day of theirs until after the cut-off": (
        window(THURSDAY, FRIDAY),
        somebody(working=WorkingDays(weekdays=frozenset({0, 1}))),
        None,
        Ask(PM, MONDAY, nine(MONDAY), "not a working day, no deputy", is_excused=True),
    ),
    "on leave, and a deputy": (
        window(),
        somebody(PM, LONG),
        somebody(DEPUTY),
        Ask(DEPUTY, WEDNESDAY, nine(WEDNESDAY), "on leave until 4 Dec: deputy asked"),
    ),
    "on leave, and a deputy far away": (
        window(),
        somebody(PM, LONG),
        somebody(DEPUTY, zone="Asia/Kolkata"),
        Ask(
            DEPUTY,
            WEDNESDAY,
            nine(WEDNESDAY, "Asia/Kolkata"),
            "on leave until 4 Dec: deputy asked",
        ),
    ),
    "on leave, no deputy": (
        window(),
        somebody(PM, LONG),
        None,
        Ask(
            PM,
            date(2026, 12, 7),
            nine(date(2026, 12, 7)),
            "on leave until 4 Dec, no deputy",
            is_excused=True,
        ),
    ),
    "on leave over the year, no deputy": (
        window(),
        somebody(PM, (WEDNESDAY, date(2027, 1, 4))),
        None,
        Ask(
            PM,
            date(2027, 1, 5),
            nine(date(2027, 1, 5)),
            "on leave until 4 Jan 2027, no deputy",
            is_excused=True,
        ),
    ),
    "on leave and back before the cut-off, no deputy": (
        window(),
        somebody(PM, DAY),
        None,
        Ask(PM, THURSDAY, nine(THURSDAY), "asked a day later: on leave until 25 Nov"),
    ),
    "on leave and back before the deputy": (
        window(),
        somebody(PM, DAY),
        somebody(DEPUTY, (WEDNESDAY, THURSDAY)),
        Ask(PM, THURSDAY, nine(THURSDAY), "asked a day later: on leave until 25 Nov"),
    ),
    "both on leave": (
        window(),
        somebody(PM, LONG),
        somebody(DEPUTY, (WEDNESDAY, FRIDAY)),
        Ask(
            PM,
            date(2026, 12, 7),
            nine(date(2026, 12, 7)),
            "on leave until 4 Dec, deputy: on leave until 27 Nov",
            is_excused=True,
        ),
    ),
    "a holiday that runs into leave, and a deputy": (
        window(THURSDAY, date(2026, 12, 2)),
        somebody(PM, (FRIDAY, MONDAY), working=US),
        somebody(DEPUTY),
        Ask(DEPUTY, THURSDAY, nine(THURSDAY), "on leave until 30 Nov: deputy asked"),
    ),
    "gone from Slack, and a deputy": (
        window(),
        somebody(**GONE),
        somebody(DEPUTY),
        Ask(DEPUTY, WEDNESDAY, nine(WEDNESDAY), "has left Slack: deputy asked"),
    ),
    "gone from Slack, no deputy": (
        window(),
        somebody(**GONE),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY), "has left Slack, no deputy", is_excused=True),
    ),
    "both gone from Slack": (
        window(),
        somebody(**GONE),
        somebody(DEPUTY, **GONE),
        Ask(
            PM,
            WEDNESDAY,
            nine(WEDNESDAY),
            "has left Slack, deputy: has left Slack",
            is_excused=True,
        ),
    ),
    "their own deputy": (
        window(),
        somebody(PM, LONG),
        somebody(PM, LONG),
        Ask(
            PM,
            date(2026, 12, 7),
            nine(date(2026, 12, 7)),
            "on leave until 4 Dec, no deputy",
            is_excused=True,
        ),
    ),
    "an hour that comes after the cut-off": (
        window(cut_off_on=WEDNESDAY),
        somebody(zone="Etc/GMT+12"),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY, "Etc/GMT+12"), f"{NO_HOUR}, no deputy", is_excused=True),
    ),
    "working hours that begin later": (
        window(),
        somebody(hours=(time(10, 30), time(17))),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) + timedelta(minutes=90)),
    ),
    "an hour after their working hours": (
        window(ask_at=time(18)),
        somebody(hours=(time(9), time(17))),
        None,
        Ask(PM, THURSDAY, nine(THURSDAY)),
    ),
    "quiet hours over midnight": (
        window(ask_at=time(7)),
        somebody(quiet=(time(18), time(8))),
        None,
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) - timedelta(hours=1)),
    ),
}


@pytest.mark.parametrize(
    ("when", "pm", "deputy", "ask"), CASES.values(), ids=[each.replace(" ", "-") for each in CASES]
)
def test_who_is_asked_and_when(
    when: Window, pm: Colleague, deputy: Colleague | None, ask: Ask
) -> None:
    assert decide(when, pm, deputy, BEFORE) == ask


SLEPT = {
    "within minutes the hour stands": (
        nine(WEDNESDAY) + LATE - timedelta(seconds=1),
        {},
        Ask(PM, WEDNESDAY, nine(WEDNESDAY)),
    ),
    "at once, where that is allowed": (
        nine(WEDNESDAY) + LATE,
        {},
        Ask(PM, WEDNESDAY, nine(WEDNESDAY) + LATE, HOUR_PASSED, is_late=True),
    ),
    "not at night": (
        nine(THURSDAY) - timedelta(hours=6),
        {"quiet": (time(18), time(8))},
        Ask(PM, THURSDAY, nine(THURSDAY) - timedelta(hours=1), HOUR_PASSED, is_late=True),
    ),
    "in the message that there is for the day": (
        nine(THURSDAY),
        {"asked_on": frozenset({WEDNESDAY})},
        Ask(PM, WEDNESDAY, nine(THURSDAY), HOUR_PASSED, is_late=True),
    ),
    "in today's message, if there is none for the day": (
        nine(THURSDAY),
        {"asked_on": frozenset({FRIDAY})},
        Ask(PM, THURSDAY, nine(THURSDAY), HOUR_PASSED, is_late=True),
    ),
}


@pytest.mark.parametrize(
    ("now", "facts", "ask"), SLEPT.values(), ids=[each.replace(" ", "-") for each in SLEPT]
)
def test_after_its_hour_a_request_is_asked_when_its_person_may_be_written_to(
    now: datetime, facts: dict[str, Any], ask: Ask
) -> None:
    assert decide(window(), somebody(**facts), None, now) == ask


def test_who_goes_on_leave_while_the_bot_sleeps_is_not_asked_afterwards() -> None:
    ask = decide(window(), somebody(PM, (THURSDAY, MONDAY)), somebody(DEPUTY), nine(THURSDAY))
    assert (ask.person_id, ask.reason) == (DEPUTY, "on leave until 30 Nov: deputy asked")


DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0))
ZONES = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC"]
)


@st.composite
def _colleagues(draw: st.DrawFn, number: int) -> Colleague:
    first = draw(DAYS)
    until = first + timedelta(days=draw(st.integers(0, 30)))
    hours = draw(st.sampled_from([None, (time(9), time(17)), (time(22), time(6))]))
    quiet = draw(st.sampled_from([None, (time(18), time(8)), (time(12), time(13))]))
    weekdays = draw(st.sets(st.integers(0, 6), min_size=1).map(frozenset))
    own = PersonalTime(
        zone=ZoneInfo(draw(ZONES)),
        working=WorkingDays(weekdays=weekdays),
        hours=hours,
        quiet=quiet,
        leave=(Leave(first, until),),
    )
    return Colleague(number, own, is_gone=draw(st.booleans()))


@given(
    opens_on=DAYS,
    ask_at=TIMES,
    days=st.integers(1, 20),
    pm=_colleagues(PM),
    deputy=st.none() | _colleagues(DEPUTY),
    slept=st.integers(-26, 500),
)
def test_whoever_is_asked_works_then_and_can_still_answer(
    opens_on: date, ask_at: time, days: int, pm: Colleague, deputy: Colleague | None, slept: int
) -> None:
    cut_off_at = datetime.combine(opens_on + timedelta(days=days), time(15), UTC)
    when = Window(opens_on, ask_at, cut_off_at)
    now = datetime.combine(opens_on, ask_at, UTC) + timedelta(hours=slept)
    ask = decide(when, pm, deputy, now)
    if ask.is_excused:
        assert ask.reason
        return
    asked = pm if ask.person_id == PM else deputy
    assert asked is not None
    assert not asked.is_gone
    assert ask.ask_at < cut_off_at
    assert asked.time.allowed_from(ask.ask_at) == ask.ask_at
    assert ask.ask_at > now - LATE or ask.ask_at >= now
    if asked is deputy:
        assert ask.reason.endswith(": deputy asked")


def _standings(text: str) -> list[Standing]:
    """Cycles of a council, oldest first: `l` is overdue, `a` has asked, `.` waits for its hour."""
    return [
        Standing(number, WEDNESDAY + timedelta(days=number), letter == "a", letter == "l")
        for number, letter in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("cycles", "too_late"),
    [
        ("", set()),
        (".", set()),
        ("l", set()),
        ("l.", set()),
        ("ll", {0}),
        ("lll", {0, 1}),
        ("l.l", {0}),
        ("la", {0}),
        ("al", set()),
        ("aa", set()),
        ("all.", {1}),
    ],
)
def test_of_cycles_slept_through_only_the_newest_asks(cycles: str, too_late: set[int]) -> None:
    assert slept_through(reversed(_standings(cycles))) == too_late
