"""What may be set for oneself: tables of choices and what is wrong with them."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.calendar.rules import WORKING_WEEK, Leave, PersonalTime, WorkingDays
from domain.errors import FieldErrors
from domain.health.settings_rules import check_settings
from domain.health.values import CheckedSettings, OwnSettings, SettingsWish

TODAY = date(2026, 11, 18)
OFFICE, NIGHT = (time(9), time(17)), (time(18), time(8))
OWN = OwnSettings(
    zone="America/New_York",
    today=TODAY,
    hours=PersonalTime(ZoneInfo("America/New_York"), WorkingDays()),
    usual_weekdays=WORKING_WEEK,
)
BEGUN, COMING = (
    Leave(date(2026, 11, 16), date(2026, 11, 20)),
    Leave(date(2026, 12, 1), date(2026, 12, 4)),
)


def settings(**hours: Any) -> OwnSettings:
    return replace(OWN, hours=replace(OWN.hours, **hours))


def refused(own: OwnSettings = OWN, **wish: Any) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        check_settings(SettingsWish(**wish), own)
    return caught.value.errors


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        ({}, (None, None, None)),
        ({"ask_at": "09:30"}, (time(9, 30), None, None)),
        ({"weekdays": ("MO", "TU")}, (None, frozenset({0, 1}), None)),
        ({"weekdays": ("MO", "TU", "WE", "TH", "FR")}, (None, None, None)),
        ({"away_until": "2026-11-20"}, (None, None, Leave(TODAY, date(2026, 11, 20)))),
        ({"away_from": "2026-12-01", "away_until": "2026-12-04"}, (None, None, COMING)),
        (
            {"away_from": "2026-11-16", "away_until": "2026-11-20", "leave": BEGUN},
            (None, None, BEGUN),
        ),
        (
            {"away_from": "2026-11-16", "away_until": "2026-11-25", "leave": BEGUN},
            (None, None, Leave(TODAY, date(2026, 11, 25))),
        ),
        ({"leave": BEGUN}, (None, None, None)),
    ],
)
def test_what_is_chosen_is_read_and_what_is_as_the_pmo_says_is_not_ones_own(
    wish: dict[str, Any], kept: tuple[Any, Any, Any]
) -> None:
    assert check_settings(SettingsWish(**wish), OWN) == CheckedSettings(*kept)


@pytest.mark.parametrize(
    ("wish", "field", "text"),
    [
        ({"away_from": "2026-12-01"}, "away_until", "Choose the last day away too"),
        (
            {"away_from": "2026-11-16", "away_until": "2026-11-20"},
            "away_from",
            "2026-11-16 is over: choose today or a later day.",
        ),
        (
            {"away_from": "2026-12-04", "away_until": "2026-12-01"},
            "away_until",
            "2026-12-01 is before the first day away: choose 2026-12-04 or a later day.",
        ),
        ({"away_until": "2026-11-17"}, "away_until", "2026-11-17 is before the first day away"),
        (
            {"away_from": "2026-12-01", "away_until": "2036-12-01"},
            "away_until",
            "more than three years on; check the year.",
        ),
        ({"away_until": "soon"}, "away_until", "'soon' is not a date; write it as 2026-12-24"),
        ({"ask_at": "25:00"}, "ask_at", "'25:00' is not a time of day"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(wish: dict[str, Any], field: str, text: str) -> None:
    errors = refused(**wish)
    assert list(errors) == [field]
    assert text in errors[field]


@pytest.mark.parametrize(
    ("hours", "ask_at", "text"),
    [
        ({"hours": OFFICE}, "08:30", "choose an hour in your working hours 09:00-17:00."),
        ({"hours": OFFICE}, "17:00", "choose an hour in your working hours 09:00-17:00."),
        ({"quiet": NIGHT}, "19:00", "choose an hour outside the quiet hours 18:00-08:00."),
        (
            {"hours": OFFICE, "quiet": NIGHT},
            "07:00",
            "in your working hours 09:00-17:00 and outside the quiet hours 18:00-08:00.",
        ),
    ],
)
def test_an_hour_at_which_nobody_may_write_to_them_is_refused(
    hours: dict[str, Any], ask_at: str, text: str
) -> None:
    assert text in refused(settings(**hours), ask_at=ask_at)["ask_at"]
    assert check_settings(SettingsWish(ask_at="16:30"), settings(**hours)).ask_at == time(16, 30)


def test_all_that_is_wrong_is_told_at_once() -> None:
    own = settings(hours=OFFICE)
    assert set(refused(own, ask_at="07:00", away_from="2026-12-01")) == {"ask_at", "away_until"}
