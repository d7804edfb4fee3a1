"""Brings the tables to what a checked configuration says; each change is audited."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_wall
from domain.portfolio.changes import Record, council_subject, text_of
from domain.portfolio.configuration import (
    ConfigurationFile,
    CouncilConfiguration,
    Member,
    Reporting,
    WorkspaceConfiguration,
)
from domain.portfolio.digest_schedules import project_digests
from domain.portfolio.resolving import Resolution
from domain.portfolio.working_times import project_working_times
from models.calendar import ReportingCalendar, council_calendars
from models.enums import Unapproved
from models.portfolio import (
    Configuration,
    Council,
    CouncilMember,
    Person,
    Phase,
    Workspace,
    configuration_of,
    council_members_of,
    councils_of,
    phases_of,
)


async def project(
    record: Record, file: ConfigurationFile, found: Resolution, people: Mapping[str, Person]
) -> tuple[str, ...]:
    """Bring the tables to the file; gives the names of stored councils that it does not name.

    Args:
        record: the transaction, and what is noted of it.
        file: what is wanted, checked.
        found: whom and what in Slack the file means.
        people: everybody stored, by Slack id; those in the file included.
    """
    record.names = {slack_id: person.name for slack_id, person in people.items()}
    workspace = await record.session.get_one(Workspace, record.workspace_id)
    record.update(workspace, "workspace", {"timezone": file.timezone})
    _project_pmo(record, {found.people[text].slack_id for text in file.pmo.members}, people)
    await _project_phases(record, file)
    missing = await _Councils(record, found, people).project(file.councils)
    await project_digests(record, file, found)
    found_people = {one.person: people[found.people[one.person].slack_id] for one in file.people}
    await project_working_times(record, file.people, found_people)
    await _store_document(record, file, found)
    return missing


def _project_pmo(record: Record, wanted: set[str], people: Mapping[str, Person]) -> None:
    for slack_id, person in people.items():
        if person.is_pmo != (slack_id in wanted):
            person.is_pmo = not person.is_pmo
            old, new = (None, slack_id) if person.is_pmo else (slack_id, None)
            record.change("pmo", "member", old, new)


async def _project_phases(record: Record, file: ConfigurationFile) -> None:
    stored = {one.name.casefold(): one for one in await phases_of(*_here(record))}
    for position, phase in enumerate(file.phases):
        wanted: dict[str, Any] = {"name": phase.name, "position": position, "asked": phase.asked}
        row = stored.pop(phase.name.casefold(), None)
        if row is None:
            record.session.add(Phase(workspace_id=record.workspace_id, **wanted))
            record.change("phases", "phase", None, phase.name)
        else:
            record.update(row, f"phase {row.name}", wanted)
    for row in stored.values():
        await record.session.delete(row)
        record.change("phases", "phase", row.name, None)


def _here(record: Record) -> tuple[AsyncSession, int]:
    return record.session, record.workspace_id


class _Councils:
    """Brings councils, their seats and their calendars to the file."""

    def __init__(self, record: Record, found: Resolution, people: Mapping[str, Person]) -> None:
        self._record = record
        self._found = found
        self._people = people
        self._slack_ids = {person.pk: slack_id for slack_id, person in people.items()}

    async def project(self, wanted: Iterable[CouncilConfiguration]) -> tuple[str, ...]:
        """Bring every council to the file; gives the names of those it does not name."""
        here = _here(self._record)
        stored = {one.name.casefold(): one for one in await councils_of(*here)}
        seats: dict[int, list[CouncilMember]] = {}
        for seat in await council_members_of(*here):
            seats.setdefault(seat.council_id, []).append(seat)
        calendars = {one.council.pk: one.calendar for one in await council_calendars(*here)}
        for council in wanted:
            row = await self._council(stored.pop(council.name.casefold(), None), council)
            await self._seats(row, council, seats.get(row.pk, []))
            await self._calendar(row, council, calendars.get(row.pk))
        return tuple(sorted(row.name for row in stored.values()))

    async def _council(self, row: Council | None, wanted: CouncilConfiguration) -> Council:
        channel = self._found.channels[wanted.channel]
        fields: dict[str, Any] = {
            "name": wanted.name,
            "channel_id": channel.channel_id,
            "channel_name": channel.name,
            "channel_is_private": channel.is_private,
            "timezone": wanted.timezone,
        }
        if row is None:
            row = Council(workspace_id=self._record.workspace_id, **fields)
            self._record.session.add(row)
            self._record.create(wanted.name)
            await self._record.session.flush()
        else:
            self._record.update(row, council_subject(row.name), fields)
        self._chair(row, wanted.chair)
        return row

    def _chair(self, row: Council, wanted: str | None) -> None:
        old, new = row.chair_id, None if wanted is None else self._person(wanted).pk
        row.chair_id = new
        before, after = (self._slack_ids[one] if one else None for one in (old, new))
        self._record.change(council_subject(row.name), "chair", before, after)

    async def _seats(
        self, row: Council, wanted: CouncilConfiguration, seats: Iterable[CouncilMember]
    ) -> None:
        """The chair has a seat too, a voting one unless the file says otherwise."""
        members = list(wanted.members)
        if wanted.chair is not None and self._person(wanted.chair).pk not in {
            self._person(one.person).pk for one in members
        }:
            members.insert(0, Member(person=wanted.chair))
        wanted_seats = {self._person(one.person).pk: one for one in members}
        stored = {seat.person_id: seat for seat in seats}
        for person_id in sorted(stored.keys() | wanted_seats.keys()):
            await self._seat(row, person_id, stored.get(person_id), wanted_seats.get(person_id))

    async def _seat(
        self, row: Council, person_id: int, seat: CouncilMember | None, wanted: Member | None
    ) -> None:
        old, new = (
            None if one is None else self._seat_text(person_id, voting=one.voting)
            for one in (seat, wanted)
        )
        if wanted is None:
            await self._record.session.delete(seat)
        else:
            seat = seat or CouncilMember(
                workspace_id=row.workspace_id, council_id=row.pk, person_id=person_id
            )
            seat.voting = wanted.voting
            self._record.session.add(seat)
        self._record.change(council_subject(row.name), "member", old, new)

    def _seat_text(self, person_id: int, *, voting: bool) -> str:
        return f"{self._slack_ids[person_id]} ({'voting' if voting else 'not voting'})"

    async def _calendar(
        self, row: Council, council: CouncilConfiguration, calendar: ReportingCalendar | None
    ) -> None:
        subject = council_subject(row.name)
        if council.reporting is None:
            if calendar is not None:
                await self._record.session.delete(calendar)
                self._record.change(subject, "reporting", calendar.every, None)
            return
        fields = _rule_fields(council, council.reporting) | _hour_fields(council.reporting)
        if calendar is None:
            self._record.change(subject, "reporting", None, fields["every"])
            fields |= {"workspace_id": row.workspace_id, "council_id": row.pk}
            self._record.session.add(ReportingCalendar(**fields))
        else:
            self._record.update(calendar, subject, fields)

    def _person(self, text: str) -> Person:
        return self._people[self._found.people[text].slack_id]


def _rule_fields(council: CouncilConfiguration, reporting: Reporting) -> dict[str, Any]:
    """The rule of the ask days; or that of the meetings, and how long before them is asked."""
    meetings = council.meetings
    if reporting.days_before is None or meetings is None:
        return {"every": reporting.every, "first": reporting.first, "before_days": None}
    rule = meetings.recurrence
    return {"every": rule.text, "first": rule.first, "before_days": reporting.days_before}


def _hour_fields(reporting: Reporting) -> dict[str, Any]:
    return {
        "ask_at": parse_wall(reporting.ask_at),
        "remind_after": list(reporting.remind_after),
        "cut_off": reporting.cut_off,
        "digest": reporting.digest,
        "freeze": reporting.freeze,
        "preview": reporting.preview.at if reporting.preview else None,
        "unapproved": reporting.preview.unapproved if reporting.preview else Unapproved.POST,
    }


async def _store_document(record: Record, file: ConfigurationFile, found: Resolution) -> None:
    """Keep the whole file, and note what changed in it that no table shows."""
    office = None if file.pmo.channel is None else found.channels[file.pmo.channel].channel_id
    wanted = WorkspaceConfiguration(**dict(file), pmo_channel_id=office)
    document = wanted.model_dump(mode="json", by_alias=True)
    stored = await configuration_of(*_here(record))
    if stored is not None and stored.document == document:
        return
    before = (
        stored.document
        if stored
        else WorkspaceConfiguration().model_dump(mode="json", by_alias=True)
    )
    _note_differences(record, before, document)
    row = stored or Configuration(
        workspace_id=record.workspace_id, document={}, applied_at=record.now
    )
    row.document = document
    row.applied_at = record.now
    record.session.add(row)


_TABLELESS = (
    *("holidays", "attention", "thresholds", "closures", "form", "triage", "requests"),
    *("paused", "pmo_channel_id"),
)


def _note_differences(record: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    pairs = [("workspace", _part(before, _TABLELESS), _part(after, _TABLELESS))]
    meetings = {one["name"].casefold(): one for one in before["councils"]}
    for council in after["councils"]:
        old = meetings.get(council["name"].casefold(), {})
        subject = council_subject(council["name"])
        pairs.append((subject, _part(old, ("meetings",)), _part(council, ("meetings",))))
    for subject, old_texts, new_texts in pairs:
        for name in sorted(old_texts.keys() | new_texts.keys()):
            record.change(subject, name, old_texts.get(name), new_texts.get(name))


def _part(document: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    return _flat({key: document[key] for key in keys if key in document}, "")


def _flat(value: Any, name: str) -> dict[str, str]:
    """A part of the document as texts, by dotted name; a list is one text."""
    if isinstance(value, Mapping):
        below = [_flat(one, f"{name}.{key}".lstrip(".")) for key, one in value.items()]
        return {key: text for texts in below for key, text in texts.items()}
    text = text_of([str(one) for one in value] if isinstance(value, list) else value)
    return {} if text is None else {name: text}
