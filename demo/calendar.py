"""Moves the sample in time, so that its running cycle is always the present one."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

ANCHOR = date(2026, 11, 25)
"""The ask day of the running cycle in the sample's files."""

CYCLE_DAYS: Mapping[str, int] = {
    "ITS Council": 14,
    "Student and Teaching Systems Council": 14,
    "Infrastructure and Security Council": 7,
}
"""From one ask day to the next."""

DATES = ("start", "baseline_end", "forecast_end")

_NO_DAYS_OFF = r"# \g<1>: none here, because the demo plays on any day of the year"

_FRIDAY = 4
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def anchor_for(now: datetime) -> date:
    """The last weekday that is over in no zone's morning any more: everybody has been asked."""
    day = (now - timedelta(hours=18)).date()
    while day.weekday() > _FRIDAY:
        day -= timedelta(days=1)
    return day


def shifted_portfolio(text: str, anchor: date) -> str:
    """The portfolio file with all its dates moved."""
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        moved = {name: _moved(row[name], anchor) for name in DATES if row[name]}
        writer.writerow({**row, **moved})
    return out.getvalue()


def shifted_configuration(text: str, anchor: date) -> str:
    """The configuration file with all its dates moved, asking and meeting on the anchor's weekday.

    Without its holidays and closures: the story is played on any day of the year, and its people
    have to be asked on that day.
    """
    working = re.sub(r"^(holidays|closures):.*$", _NO_DAYS_OFF, text, flags=re.MULTILINE)
    moved = re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: _moved(found[0], anchor), working)
    weekday = moved.replace("Wednesday", f"{anchor:%A}")
    weekly = r'((?:every|rule): "FREQ=WEEKLY[^"]*BYDAY=)WE'
    return re.sub(weekly, rf"\g<1>{_DAYS[anchor.weekday()]}", weekday)


def _moved(day: str, anchor: date) -> str:
    return (date.fromisoformat(day) + (anchor - ANCHOR)).isoformat()
