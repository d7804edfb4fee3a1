"""A council's series, as the configuration has it."""

from domain.calendar.people import working_days, zone_of
from domain.calendar.rules import parse_wall
from domain.meetings.series.rules import Series
from domain.portfolio.configuration import WorkspaceConfiguration
from models.portfolio import Council


def is_configured(configuration: WorkspaceConfiguration, council: Council) -> bool:
    """Whether the file names the council: one that it does not name is kept as it was."""
    return any(each.name == council.name for each in configuration.councils)


def series_of(configuration: WorkspaceConfiguration, council: Council) -> Series | None:
    """When the council is to meet; None if the file does not say."""
    named = (each.meetings for each in configuration.councils if each.name == council.name)
    meetings = next(named, None)
    if meetings is None:
        return None
    return Series(
        recurrence=meetings.recurrence,
        at=parse_wall(meetings.at),
        minutes=meetings.minutes,
        zone=zone_of(council.timezone, configuration),
        working=working_days(configuration),
        on_holiday=meetings.on_holiday,
    )
