"""Reads a configuration's rules back: each with its next dates, so that a slip of the pen shows."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from domain.calendar.digest_rules import told_on
from domain.calendar.people import working_days
from domain.calendar.rules import (
    SEARCH_YEARS,
    Recurrence,
    Rhythm,
    WallOffset,
    WorkingDays,
    ask_days,
    parse_wall,
    parse_zone,
)
from domain.calendar.values import RuleDay, RuleEcho
from domain.portfolio.configuration import (
    ConfigurationFile,
    CouncilConfiguration,
    DigestConfiguration,
    Meetings,
    Reporting,
)

NEXT = 3
"""Dates of each rule that are told."""


def rules_of(file: ConfigurationFile, now: datetime) -> Iterator[RuleEcho]:
    """Every rule of a checked file, with the next dates as the workspace works."""
    working = working_days(file)
    for council in file.councils:
        today = now.astimezone(parse_zone(council.timezone or file.timezone)).date()
        if council.reporting is not None:
            yield _reporting(council, council.reporting, working, today)
        if council.meetings is not None:
            yield _meetings(council.name, council.meetings, working, today)
    for digest in file.digests:
        today = now.astimezone(parse_zone(digest.timezone or file.timezone)).date()
        yield _digest(digest, working, today)


def _reporting(
    council: CouncilConfiguration, reporting: Reporting, working: WorkingDays, today: date
) -> RuleEcho:
    rhythm = _rhythm(reporting, council.meetings)
    until = max(today, rhythm.recurrence.first) + timedelta(days=366 * SEARCH_YEARS)
    days = [
        RuleDay(
            day=opens_on,
            meeting=None if rhythm.before_days is None else occurrence,
            why_off=working.why_off(opens_on),
        )
        for occurrence, opens_on in islice(ask_days(rhythm, working, today, until), NEXT)
    ]
    return RuleEcho(
        council=council.name,
        recurrence=rhythm.recurrence,
        at=rhythm.ask_at,
        days=tuple(days),
        before_days=rhythm.before_days,
    )


def _meetings(council: str, meetings: Meetings, working: WorkingDays, today: date) -> RuleEcho:
    days = meetings.recurrence.upcoming(today, NEXT)
    return RuleEcho(
        council=council,
        recurrence=meetings.recurrence,
        at=parse_wall(meetings.at),
        days=tuple(RuleDay(day, why_off=working.why_off(day)) for day in days),
        is_of_meetings=True,
    )


def _digest(digest: DigestConfiguration, working: WorkingDays, today: date) -> RuleEcho:
    days = digest.recurrence.upcoming(today, NEXT)
    return RuleEcho(
        council=digest.name,
        recurrence=digest.recurrence,
        at=parse_wall(digest.at),
        days=tuple(
            RuleDay(day, why_off=None if told_on(day, working) == day else working.why_off(day))
            for day in days
        ),
        is_of_digest=True,
    )


def _rhythm(reporting: Reporting, meetings: Meetings | None) -> Rhythm:
    if reporting.days_before is not None and meetings is not None:
        recurrence = meetings.recurrence
    elif reporting.every is not None and reporting.first is not None:
        recurrence = Recurrence(reporting.every, reporting.first)
    else:
        msg = "a checked reporting calendar has a rule"
        raise ValueError(msg)
    return Rhythm(
        recurrence=recurrence,
        ask_at=parse_wall(reporting.ask_at),
        cut_off=WallOffset.parse(reporting.cut_off),
        digest=WallOffset.parse(reporting.digest),
        freeze=WallOffset.parse(reporting.freeze) if reporting.freeze else None,
        before_days=reporting.days_before,
    )
