"""Keeps the versions of minutes: each change is a new one, none is ever overwritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About, look_again
from domain.meetings.minutes.drafting import draft_of
from domain.meetings.minutes.loading import Kept, as_document, kept_of, minutes_in
from domain.meetings.minutes.rules import objections_end, redrafted
from domain.meetings.minutes.saying import MinutesSayer
from domain.meetings.minutes.values import Minutes
from domain.portfolio.values import Viewer
from models.enums import MinutesState
from models.meetings import MinutesVersion
from models.portfolio import AuditEntry

ACTOR: Final = "the record of the meeting"
"""Who drafts minutes, in the audit."""


@dataclass(frozen=True)
class Pen:
    """Writes about one meeting, which is locked; None: what is on the record does."""

    session: AsyncSession
    about: About
    by: Viewer | None
    now: datetime

    def keep(self, minutes: Minutes, before: Kept | None) -> MinutesVersion:
        """Keep a new version; what is posted stays so, what is approved gets an addendum."""
        newest = before.newest if before else None
        version = MinutesVersion(
            workspace_id=self.about.council.workspace_id,
            meeting_id=self.about.meeting.pk,
            version=newest.version + 1 if newest else 1,
            state=_next_state(newest),
            document=as_document(minutes),
            written_by_id=self.by.person_id if self.by else None,
            written_at=self.now,
            posted_at=self.now if newest and newest.posted_at else None,
            objections_until=newest.objections_until if newest else None,
            approved_at=newest.approved_at if newest else None,
            approved_in_id=newest.approved_in_id if newest else None,
        )
        self.session.add(version)
        old = f"version {newest.version}" if newest else None
        self.audit("minutes", old, f"version {version.version}, {version.state}")
        return version

    def post(self, newest: MinutesVersion) -> None:
        """Let a draft be the minutes that the council has."""
        about = self.about
        days = int(about.settings.objections.removesuffix("d"))
        until = objections_end(self.now, days, about.working, about.zone)
        newest.state = MinutesState.POSTED
        newest.posted_at, newest.objections_until = self.now, until
        about.meeting.minutes_posted_at = self.now
        about.meeting.objections_until = until
        look_again(about.meeting, self.now)
        self.audit("minutes", "draft", f"version {newest.version}, posted")

    def approve(self, newest: MinutesVersion, in_meeting: About) -> None:
        """Lock what a later meeting has approved."""
        newest.state = MinutesState.APPROVED
        newest.approved_at, newest.approved_in_id = self.now, in_meeting.meeting.pk
        new = f"version {newest.version}, approved in the meeting {in_meeting.meeting.occurrence}"
        self.audit("minutes", "posted", new)

    def audit(self, field: str, old: str | None, new: str) -> None:
        """Tell the audit of a change."""
        self.session.add(
            AuditEntry(
                workspace_id=self.about.council.workspace_id,
                at=self.now,
                actor=self.by.slack_id if self.by else ACTOR,
                subject=f"meeting {self.about.council.name} {self.about.meeting.occurrence}",
                field=field,
                old=old,
                new=new,
            )
        )


def _next_state(newest: MinutesVersion | None) -> MinutesState:
    if newest is None:
        return MinutesState.DRAFT
    is_locked = newest.state is MinutesState.APPROVED
    return MinutesState.ADDENDUM if is_locked else newest.state


async def draft(sayer: MinutesSayer, pen: Pen) -> None:
    """Draft the minutes of a meeting that is over; again, if it was opened once more.

    What the chair has written meanwhile stays. Minutes that are posted are not drafted again.
    """
    kept = await kept_of(pen.session, pen.about, pen.now)
    if kept and kept.newest.state is not MinutesState.DRAFT:
        return
    minutes = await draft_of(pen.session, pen.about)
    if kept:
        minutes = redrafted(kept.minutes, minutes, minutes_in(kept.versions[-1]))
    if kept is None or minutes != kept.minutes:
        pen.keep(minutes, kept)
    await sayer.say(pen.session, pen.about, pen.now, is_news=True)
