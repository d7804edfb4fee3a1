"""Recurrence rules read back to people, with their next dates."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.rules import Recurrence
from domain.portfolio.configuration import ConfigurationFile
from domain.portfolio.echoing import rules_of
from message_templates.calendar.recurrences import in_words
from message_templates.calendar.rules import rule_line
from tests.support.recurrences import MANY_RULES

FIRST = date(2026, 11, 25)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every day from Monday to Friday"),
        ("FREQ=WEEKLY", "every week on Wednesday"),
        ("freq=weekly;byday=we", "every week on Wednesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "every 2 weeks on Wednesday"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=TH,MO", "every week on Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,WE", "every week on Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;BYDAY=WE;BYMONTH=9,5", "every week on Wednesday in May and September"),
        ("FREQ=MONTHLY", "every month on the 25th"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,15,1", "every month on the 1st, the 15th and the last day"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=2,3,11,-2",
            "every month on the 2nd, the 3rd, the 11th and the second to last day",
        ),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH", "every 2 months on the first Thursday"),
        ("FREQ=MONTHLY;BYDAY=+2TU,-1FR", "every month on the second Tuesday and the last Friday"),
        ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the second to last Friday"),
        ("FREQ=MONTHLY;BYDAY=FR", "every month on every Friday"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "every month on the last day from Monday to Friday",
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,3",
            "every month on the first Tuesday and the third Tuesday",
        ),
        (
            "FREQ=MONTHLY;BYDAY=TU,MO;BYSETPOS=1",
            "every month on the first day of Monday and Tuesday",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYDAY=1TH",
            "every month on the first Thursday in March, June, September and December",
        ),
        ("FREQ=WEEKLY;BYDAY=WE;UNTIL=20271231", "every week on Wednesday until 31 Dec 2027"),
        ("FREQ=YEARLY", "every year on 25 November"),
        ("FREQ=YEARLY;BYMONTH=3", "every year on the 25th in March"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every year on the 29th in February"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year on the fourth Thursday in November"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "by the rule FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
        ("FREQ=YEARLY;BYDAY=20MO", "by the rule FREQ=YEARLY;BYDAY=20MO"),
        ("FREQ=YEARLY;BYMONTHDAY=1", "by the rule FREQ=YEARLY;BYMONTHDAY=1"),
        ("FREQ=MONTHLY;BYDAY=MO,1TU", "by the rule FREQ=MONTHLY;BYDAY=MO,1TU"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,2;BYSETPOS=1",
            "by the rule FREQ=MONTHLY;BYMONTHDAY=1,2;BYSETPOS=1",
        ),
    ],
)
def test_a_rule_is_said_in_words_or_shown_as_it_is(rule: str, words: str) -> None:
    assert in_words(Recurrence.parse(rule, FIRST)) == words


@given(text=MANY_RULES, first=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_every_rule_can_be_said(text: str, first: date) -> None:
    words = in_words(Recurrence(text, first))
    assert words.startswith("every ") or words == f"by the rule {text}"


COUNCIL = {
    "name": "ITS Council",
    "channel": "its-council",
    "members": ["carol@example.edu"],
    "reporting": {
        "every": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "first": "2026-11-25",
        "ask_at": "09:00",
        "cut_off": "+2d 15:00",
        "digest": "+3d 08:00",
    },
    "meetings": {"rule": "FREQ=MONTHLY;BYDAY=1TH", "at": "14:00"},
}


def _lines(now: datetime, reporting: dict[str, str] | None = None, **more: object) -> list[str]:
    council = {**COUNCIL, "reporting": reporting or COUNCIL["reporting"]}
    file = ConfigurationFile.model_validate(
        {"timezone": "America/New_York", "councils": [council], **more}
    )
    return [rule_line(rule) for rule in rules_of(file, now)]


def test_each_rule_is_read_back_with_its_next_three_dates() -> None:
    assert _lines(datetime(2026, 11, 22, 12, tzinfo=UTC)) == [
        (
            "ITS Council: every 2 weeks on Wednesday, asked at 09:00 of each person's own time; "
            "next 25 Nov, 9 Dec, 23 Dec 2026"
        ),
        (
            "ITS Council meets every month on the first Thursday at 14:00; "
            "next 3 Dec 2026, 7 Jan, 4 Feb 2027"
        ),
    ]


def test_a_date_on_which_nobody_works_says_so_and_what_happens_then() -> None:
    closures = ["2026-12-09", "2027-01-07"]
    asks, meets = _lines(datetime(2026, 11, 26, 12, tzinfo=UTC), closures=closures)
    assert asks.endswith(
        "next 9 Dec [company closure: asked on the next day that each person works], "
        "23 Dec 2026, 6 Jan 2027"
    )
    assert meets.endswith("next 3 Dec 2026, 7 Jan [company closure], 4 Feb 2027")


def test_asking_before_meetings_tells_the_meeting_of_each_day() -> None:
    hours = {"ask_at": "09:00", "cut_off": "+2d 15:00", "digest": "+3d 08:00"}
    asks, _meets = _lines(
        datetime(2026, 11, 22, 12, tzinfo=UTC),
        {"before_meeting": "5d", **hours},
        holidays={"country": "US"},
    )
    assert asks == (
        "ITS Council: 5 working days before each meeting, asked at 09:00 of each person's own "
        "time; next 25 Nov (for 3 Dec), 30 Dec 2026 (for 7 Jan), 28 Jan 2027 (for 4 Feb)"
    )


def test_today_is_that_of_the_councils_zone_and_a_rule_may_be_over() -> None:
    late = datetime(2026, 12, 4, 4, 59, tzinfo=UTC)
    assert "next 3 Dec 2026" in _lines(late)[1]
    over = {**COUNCIL["reporting"], "every": "FREQ=WEEKLY;UNTIL=20261202"}  # type: ignore[dict-item]
    asks, _meets = _lines(late, over)
    assert asks.endswith("of each person's own time; it has come to its end")
