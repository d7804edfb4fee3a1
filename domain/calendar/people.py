"""People's own time, read from the record: zone, working days and hours, quiet hours, leave."""

from collections.abc import Collection
from datetime import date, time
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import (
    WORKING_WEEK,
    Leave,
    PersonalTime,
    WorkingDays,
    parse_weekdays,
    parse_zone,
)
from models.calendar import PersonalCalendar, PersonalSettings, absences_of, personal_rows


class HolidayRegion(Protocol):
    """Whose public holidays count."""

    @property
    def country(self) -> str:
        """ISO 3166 code."""

    @property
    def subdivision(self) -> str | None:
        """State or region."""


class Attention(Protocol):
    """How much of a person's attention the bot may take."""

    @property
    def quiet(self) -> tuple[time, time] | None:
        """The quiet hours, from and to."""


class WorkspaceTime(Protocol):
    """What a workspace's configuration says about everybody's time; this room knows no more."""

    @property
    def timezone(self) -> str:
        """Of whoever has none of their own."""

    @property
    def holidays(self) -> HolidayRegion | None:
        """Whose public holidays are kept; None: nobody's."""

    @property
    def closures(self) -> Collection[date]:
        """Days on which nobody works."""

    @property
    def attention(self) -> Attention:
        """What holds for everybody's attention."""


async def personal_times(
    session: AsyncSession,
    workspace_id: int,
    person_ids: Collection[int],
    configuration: WorkspaceTime,
) -> dict[int, PersonalTime]:
    """The time of each of these people, by their number; two statements for any number of them.

    Args:
        session: where it is read.
        workspace_id: whose people they are.
        person_ids: the people; who is not known there is left out.
        configuration: what holds for whoever has nothing of their own.
    """
    leave: dict[int, list[Leave]] = {}
    for row in await absences_of(session, workspace_id, person_ids):
        leave.setdefault(row.person_id, []).append(Leave(row.first, row.until))
    everybody = working_days(configuration)
    return {
        each.person_id: PersonalTime(
            zone=zone_of(each.timezone, configuration),
            working=_own_days(each.calendar, each.settings, everybody),
            hours=_own_hours(each.calendar),
            quiet=configuration.attention.quiet,
            leave=tuple(leave.get(each.person_id, ())),
            ask_at=each.settings.ask_at if each.settings else None,
        )
        for each in await personal_rows(session, workspace_id, person_ids)
    }


def zone_of(name: str | None, configuration: WorkspaceTime) -> ZoneInfo:
    """A person's zone; the workspace's where Slack tells none, or one that nobody here knows."""
    try:
        return parse_zone(name or configuration.timezone)
    except ValueError:
        return parse_zone(configuration.timezone)


def working_days(configuration: WorkspaceTime) -> WorkingDays:
    """The working days of a workspace: its country's holidays and its own closures are not."""
    holidays = configuration.holidays
    return WorkingDays(
        country=holidays.country if holidays else None,
        subdivision=holidays.subdivision if holidays else None,
        closures=frozenset(configuration.closures),
    )


def _own_days(
    calendar: PersonalCalendar | None, settings: PersonalSettings | None, everybody: WorkingDays
) -> WorkingDays:
    """A person's working days; the workspace is closed for all of its people.

    The days that they have set for themselves go before those of the file.
    """
    own = (settings and settings.weekdays) or (calendar and calendar.weekdays)
    region = calendar if calendar and calendar.country else everybody
    return WorkingDays(
        country=region.country,
        subdivision=region.subdivision,
        closures=everybody.closures,
        weekdays=weekdays_of(own or None),
    )


def weekdays_of(stored: str | None) -> frozenset[int]:
    """Working days as they are stored, `MO,TU`; the usual week where nothing is."""
    return parse_weekdays(stored.split(",")) if stored else WORKING_WEEK


def _own_hours(calendar: PersonalCalendar | None) -> tuple[time, time] | None:
    if calendar is None or calendar.hours_from is None or calendar.hours_to is None:
        return None
    return calendar.hours_from, calendar.hours_to
