"""Keeps the versions of minutes: each change is a new one, none is ever overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.meetings.about import About
from domain.meetings.minutes.drafting import draft_of
from domain.meetings.minutes.rules import redrafted
from domain.meetings.minutes.values import Minutes
from domain.portfolio.values import Viewer
from models.enums import MinutesState
from models.meetings import MinutesVersion
from models.meetings.minutes import versions_of
from models.portfolio import AuditEntry

ACTOR: Final = "the record of the meeting"
"""Who drafts minutes, in the audit."""

_ADAPTER: Final = TypeAdapter(Minutes)


def minutes_in(version: MinutesVersion) -> Minutes:
    """What a version says."""
    return _ADAPTER.validate_python(version.document)


def as_document(minutes: Minutes) -> dict[str, Any]:
    """The same as it is stored."""
    document: dict[str, Any] = _ADAPTER.dump_python(minutes, mode="json")
    return document


class MinutesKeeper:
    """The clock's side of minutes, and what both sides share."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def draft(self, session: AsyncSession, about: About, now: datetime) -> None:
        """Draft the minutes of a meeting that is over; again, if it was opened once more.

        What the chair has written meanwhile stays. Minutes that are posted are not drafted again.
        """
        kept = await versions_of(session, about.meeting.pk)
        if kept and kept[0].state is not MinutesState.DRAFT:
            return
        minutes = await draft_of(session, about)
        if kept:
            minutes = redrafted(minutes_in(kept[0]), minutes, minutes_in(kept[-1]))
        if not kept or minutes != minutes_in(kept[0]):
            self.keep(session, about, minutes, kept, by=None, now=now)

    def keep(
        self,
        session: AsyncSession,
        about: About,
        minutes: Minutes,
        kept: Sequence[MinutesVersion],
        *,
        by: Viewer | None,
        now: datetime,
    ) -> MinutesVersion:
        """Keep a new version, which is a draft."""
        version = MinutesVersion(
            workspace_id=about.council.workspace_id,
            meeting_id=about.meeting.pk,
            version=kept[0].version + 1 if kept else 1,
            state=MinutesState.DRAFT,
            document=as_document(minutes),
            written_by_id=by.person_id if by else None,
            written_at=now,
        )
        session.add(version)
        session.add(entry(about, ("minutes", None, f"version {version.version}"), by, now))
        return version


def entry(
    about: About, changed: tuple[str, str | None, str], by: Viewer | None, now: datetime
) -> AuditEntry:
    """What the audit tells of a change: the field, what it was, what it is."""
    field, old, new = changed
    return AuditEntry(
        workspace_id=about.council.workspace_id,
        at=now,
        actor=by.slack_id if by else ACTOR,
        subject=f"meeting {about.council.name} {about.meeting.occurrence}",
        field=field,
        old=old,
        new=new,
    )
