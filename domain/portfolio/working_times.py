"""Brings people's own working days, hours, holidays and leave to what the file says."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.calendar.day_rules import WEEKDAYS
from domain.calendar.rules import parse_span
from domain.portfolio.changes import Record
from domain.portfolio.configuration import PersonConfiguration
from models.calendar import Absence, PersonalCalendar, file_absences_of, personal_calendars_of
from models.enums import LeaveSource
from models.portfolio import Person, people_by_id

_FIELDS = ("weekdays", "hours_from", "hours_to", "country", "subdivision")
_TOLD = ("working_days", "working_hours", "holidays")


async def project_working_times(
    record: Record, wanted: Iterable[PersonConfiguration], people: Mapping[str, Person]
) -> None:
    """Bring the tables to the file: who is not in it has the workspace's time, and no leave by it.

    Args:
        record: the transaction, and what is noted of it.
        wanted: the people of the file.
        people: their rows, by what the file calls them.
    """
    asked = {people[one.person].pk: one for one in wanted}
    here = (record.session, record.workspace_id)
    calendars = {row.person_id: row for row in await personal_calendars_of(*here)}
    leave: dict[int, list[Absence]] = {}
    for row in await file_absences_of(*here):
        leave.setdefault(row.person_id, []).append(row)
    concerned = asked.keys() | calendars.keys() | leave.keys()
    rows = await people_by_id(record.session, concerned)
    for person_id in sorted(concerned):
        person, one = rows[person_id], asked.get(person_id)
        await _project_calendar(record, person, one, calendars.get(person_id))
        await _project_leave(record, person, one, leave.get(person_id, []))


async def _project_calendar(
    record: Record, person: Person, one: PersonConfiguration | None, row: PersonalCalendar | None
) -> None:
    before = {name: getattr(row, name, None) for name in _FIELDS}
    after = _fields(one)
    if before == after:
        return
    for told, old, new in zip(_TOLD, _words(before), _words(after), strict=True):
        record.change(_subject(person), told, old, new)
    if row is not None and not any(after.values()):
        await record.session.delete(row)
        return
    row = row or PersonalCalendar(workspace_id=record.workspace_id, person_id=person.pk)
    for name, value in after.items():
        setattr(row, name, value)
    record.session.add(row)


def _fields(one: PersonConfiguration | None) -> dict[str, Any]:
    """What is stored: only what differs from everybody's."""
    fields: dict[str, Any] = dict.fromkeys(_FIELDS)
    if one is None:
        return fields
    if one.working_days != WEEKDAYS[:5]:
        fields["weekdays"] = ",".join(one.working_days)
    if one.working_hours is not None:
        fields["hours_from"], fields["hours_to"] = parse_span(one.working_hours)
    if one.holidays is not None:
        fields["country"] = one.holidays.country
        fields["subdivision"] = one.holidays.subdivision
    return fields


def _words(fields: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """The working days, the working hours and the holidays, as the file would say them."""
    begin, end = fields["hours_from"], fields["hours_to"]
    hours = None if begin is None or end is None else f"{begin:%H:%M}-{end:%H:%M}"
    region = "-".join(one for one in (fields["country"], fields["subdivision"]) if one)
    return fields["weekdays"], hours, region or None


async def _project_leave(
    record: Record, person: Person, one: PersonConfiguration | None, rows: Iterable[Absence]
) -> None:
    wanted = {(leave.first, leave.until) for leave in one.leave} if one else set()
    for row in rows:
        days = (row.first, row.until)
        if days in wanted:
            wanted.remove(days)
            continue
        await record.session.delete(row)
        record.change(_subject(person), "leave", f"{row.first}..{row.until}", None)
    for first, until in sorted(wanted):
        absence = Absence(
            workspace_id=record.workspace_id,
            person_id=person.pk,
            first=first,
            until=until,
            source=LeaveSource.FILE,
            created_at=record.now,
        )
        record.session.add(absence)
        record.change(_subject(person), "leave", None, f"{first}..{until}")


def _subject(person: Person) -> str:
    return f"person {person.slack_id}"
