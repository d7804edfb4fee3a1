"""Brings the portfolio digests to what a checked configuration says; each change is audited."""

from collections.abc import Collection, Mapping
from typing import Any

from domain.calendar.digest_rules import DigestRhythm, next_after
from domain.calendar.people import working_days
from domain.calendar.rules import Recurrence, parse_wall, parse_zone
from domain.portfolio.changes import Record
from domain.portfolio.configuration import ConfigurationFile, DigestConfiguration
from domain.portfolio.resolving import Resolution
from models.calendar import PortfolioDigest, portfolio_digests
from models.portfolio import councils_of

_TOLD = ("channel_name", "every", "first", "at", "timezone", "tag", "note")
"""Columns whose changes are told as they are."""


async def project_digests(record: Record, file: ConfigurationFile, found: Resolution) -> None:
    """Bring the schedules to the file; a digest that it does not name any more is stopped.

    Its issues stay, and it goes on where it was if the file names it again.
    """
    stored = await portfolio_digests(record.session, record.workspace_id, stopped_too=True)
    rows = {each.name.casefold(): each for each in stored}
    councils = await councils_of(record.session, record.workspace_id)
    ids = {each.name.casefold(): each.pk for each in councils}
    names = {each.pk: each.name for each in councils}
    for wanted in file.digests:
        fields = _fields(wanted, found, ids)
        row = rows.pop(wanted.name.casefold(), None)
        before = {} if row is None or row.is_stopped else row.model_dump()
        _note(record, wanted.name, before, fields, names)
        row = _brought(record, row, fields)
        _expect(row, file, record)
    for row in rows.values():
        if not row.is_stopped:
            record.change(_subject(row.name), "every", row.every, None)
            row.is_stopped, row.next_on, row.next_at = True, None, None


def _subject(name: str) -> str:
    return f"digest {name}"


def _fields(
    wanted: DigestConfiguration, found: Resolution, ids: Mapping[str, int]
) -> dict[str, Any]:
    channel = found.channels[wanted.channel]
    return {
        "name": wanted.name,
        "channel_id": channel.channel_id,
        "channel_name": channel.name,
        "every": wanted.recurrence.text,
        "first": wanted.recurrence.first,
        "at": parse_wall(wanted.at),
        "timezone": wanted.timezone,
        "council_ids": sorted(ids[name.casefold()] for name in wanted.councils),
        "tag": wanted.tag,
        "note": wanted.note,
        "is_stopped": False,
    }


def _note(
    record: Record,
    name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Mapping[int, str],
) -> None:
    for field in _TOLD:
        record.change(_subject(name), field, before.get(field), after[field])
    old, new = (
        [names[each] for each in fields.get("council_ids", ()) if each in names] or None
        for fields in (before, after)
    )
    record.change(_subject(name), "councils", old, new)


def _brought(
    record: Record, row: PortfolioDigest | None, fields: Mapping[str, Any]
) -> PortfolioDigest:
    if row is None:
        row = PortfolioDigest(workspace_id=record.workspace_id, **fields)
    for name, value in fields.items():
        setattr(row, name, value)
    record.session.add(row)
    return row


def _expect(row: PortfolioDigest, file: ConfigurationFile, record: Record) -> None:
    """Set when it is due next; what is overdue is left to whoever posts it."""
    if row.next_at is not None and row.next_at <= record.now:
        return
    expected = next_after(rhythm_of(row, file), record.now, row.last_on)
    row.next_on = expected.occurrence_on if expected else None
    row.next_at = expected.due_at if expected else None


def is_about(digest: PortfolioDigest, council_id: int, tags: Collection[str]) -> bool:
    """Whether a digest is about a project of that council with those tags."""
    if digest.council_ids and council_id not in digest.council_ids:
        return False
    return digest.tag is None or digest.tag in tags


def rhythm_of(row: PortfolioDigest, configuration: ConfigurationFile) -> DigestRhythm:
    """When a digest is posted, as the workspace works."""
    return DigestRhythm(
        recurrence=Recurrence(row.every, row.first),
        at=row.at,
        zone=parse_zone(row.timezone or configuration.timezone),
        working=working_days(configuration),
    )
