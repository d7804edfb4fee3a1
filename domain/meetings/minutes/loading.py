"""Loads where the minutes of a meeting stand, and what of them somebody may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About, about_of
from domain.meetings.access import Seen, seen_by
from domain.meetings.minutes.rules import seen_part
from domain.meetings.minutes.values import Minutes, Standing
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from models.enums import MinutesState
from models.meetings import MinutesVersion, Objection
from models.meetings.minutes import objections_of, versions_of
from models.portfolio import Person, people_by_id

EVERYBODY: Final = Viewer(0, "", "", "UTC", is_among_others=True)
"""Who reads in a channel."""

_ADAPTER: Final = TypeAdapter(Minutes)


@dataclass(frozen=True)
class Kept:
    """The minutes of a meeting as they are kept."""

    versions: Sequence[MinutesVersion]
    """All of them, the newest first."""
    minutes: Minutes
    """What the newest one says."""
    standing: Standing
    objections: Sequence[Objection]
    people: dict[int, Person]
    """Who wrote a version or objected."""

    @property
    def newest(self) -> MinutesVersion:
        """The version that counts."""
        return self.versions[0]


def minutes_in(version: MinutesVersion) -> Minutes:
    """What a version says."""
    return _ADAPTER.validate_python(version.document)


def as_document(minutes: Minutes) -> dict[str, Any]:
    """The same as it is stored."""
    document: dict[str, Any] = _ADAPTER.dump_python(minutes, mode="json")
    return document


async def kept_of(session: AsyncSession, about: About, now: datetime) -> Kept | None:
    """The minutes of a meeting; None: they are not drafted yet."""
    versions = await versions_of(session, about.meeting.pk)
    if not versions:
        return None
    objections = await objections_of(session, about.meeting.pk)
    wrote = {versions[0].written_by_id, *(each.person_id for each in objections)}
    wrote |= {each.answered_by_id for each in objections}
    people = await people_by_id(session, sorted(each for each in wrote if each))
    writer = people.get(versions[0].written_by_id or 0)
    until = about.meeting.objections_until
    is_locked = versions[0].state in (MinutesState.APPROVED, MinutesState.ADDENDUM)
    standing = Standing(
        version=versions[0].version,
        state=versions[0].state,
        written_at=versions[0].written_at,
        written_by=writer.name if writer else "",
        posted_at=about.meeting.minutes_posted_at,
        objections_until=until,
        is_objectable=until is not None and now < until and not is_locked,
        objections=len(objections),
        open_objections=sum(each.answered_at is None for each in objections),
        approved_on=await _approved_on(session, about, versions[0]),
    )
    return Kept(versions, minutes_in(versions[0]), standing, objections, people)


async def _approved_on(session: AsyncSession, about: About, version: MinutesVersion) -> date | None:
    if version.approved_in_id is None:
        return None
    approving = await about_of(session, about.council.workspace_id, version.approved_in_id)
    return approving.day if approving else None


async def part_for(
    session: AsyncSession, about: About, minutes: Minutes, viewer: Viewer
) -> Minutes:
    """What of a meeting's minutes somebody may read."""
    seen = await seen_by(session, about.council.workspace_id, viewer)
    return part_of(seen, about, minutes)


def part_of(seen: Seen, about: About, minutes: Minutes) -> Minutes:
    """The same, for who is known already."""
    with_refs = is_of_council(seen.viewer, about.council.pk)
    return seen_part(minutes, seen.projects, seen.open_text, with_refs=with_refs)


def is_of_council(viewer: Viewer, council_id: int) -> bool:
    """Whether somebody sees all projects of a council: it is theirs, or they are of the PMO."""
    if viewer.is_among_others or viewer.is_guest or viewer.is_gone:
        return False
    return belongs_to_pmo(viewer) or council_id in viewer.council_ids
