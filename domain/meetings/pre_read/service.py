"""Opens the pack to who may read it, and sends it directly to who wants that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError, NotFoundError
from domain.meetings.about import About, about_of
from domain.meetings.access import council_named, seen_by
from domain.meetings.attendance.loading import roster_of
from domain.meetings.pre_read.calling import Caller
from domain.meetings.pre_read.saying import Calling
from domain.meetings.pre_read.values import Pack
from domain.portfolio.values import Viewer
from models.base import Database
from models.meetings import Attendance, PackWish
from models.meetings import pre_read as store
from models.meetings.attendance import attendances_of
from models.portfolio import AuditEntry, people_by_id

_NO_PACK: Final = "There is no such pack. `/project meeting next` tells which meetings come."
_NOT_YET: Final = (
    "The pack for that meeting is not out yet: it comes to the council's channel some working days "
    "before the meeting. `/project meeting agenda` shows what is on the agenda so far."
)
_NO_GUESTS: Final = (
    "The pack is for the council, and for full members of the workspace. Ask who invited you."
)


@dataclass(frozen=True)
class Stopped:
    """What became of ending somebody's copies."""

    council: str
    was_wished: bool
    is_chair: bool
    """As which they get them anyway."""


class PreReadService:
    """What members do with what they are to read before a meeting."""

    def __init__(self, database: Database, workspace_id: int, caller: Caller) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._caller = caller

    async def open(self, viewer: Viewer, meeting_id: int, now: datetime) -> Pack:
        """The pack with what somebody may see of it; who sits at the meeting has read it now.

        Raises:
            NotFoundError: there is no such meeting for them, or its pack is not out yet.
            NotAllowedError: they are a guest.
        """
        async with self._database.writing() as session:
            calling = await self._calling(session, viewer, meeting_id, now)
            await _note_opened(calling, viewer)
            return calling.part_for(viewer)

    async def open_next(self, viewer: Viewer, council: str, now: datetime) -> Pack:
        """The newest pack of a council, by its name; the same as pressing the button of its call.

        Raises:
            NotFoundError: there is no such council for them, or no pack yet.
            NotAllowedError: they are a guest.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            named = council_named(seen, council) if council else seen.councils
            found = await store.newest_called(session, [each.pk for each in named])
        if found is None:
            raise NotFoundError(_NOT_YET)
        return await self.open(viewer, found, now)

    async def send(self, viewer: Viewer, meeting_id: int, now: datetime) -> str:
        """Send somebody the pack, and each further one of the council; the council's name.

        Raises:
            NotFoundError: as for `open`.
            NotAllowedError: they are a guest.
        """
        async with self._database.writing() as session:
            calling = await self._calling(session, viewer, meeting_id, now)
            council = calling.about.council
            if await store.pack_wish_of(session, viewer.person_id, council.pk) is None:
                owned = {"workspace_id": self._workspace_id, "council_id": council.pk}
                session.add(PackWish(**owned, person_id=viewer.person_id, since=now))
                session.add(self._entry(viewer, council.name, ("", "yes"), now))
                await session.flush()
            me = await people_by_id(session, [viewer.person_id])
            await calling.send(me.values(), is_wanted=True)
            return council.name

    async def stop(self, viewer: Viewer, meeting_id: int, now: datetime) -> Stopped:
        """End somebody's copies of a council's packs; those that they have stay.

        Raises:
            NotFoundError: there is no such meeting.
        """
        async with self._database.writing() as session:
            about = await about_of(session, self._workspace_id, meeting_id, locked=True)
            if about is None:
                raise NotFoundError(_NO_PACK)
            council, me = about.council, viewer.person_id
            wish = await store.pack_wish_of(session, me, council.pk)
            if wish is not None:
                await session.delete(wish)
                session.add(self._entry(viewer, council.name, ("yes", ""), now))
            return Stopped(council.name, wish is not None, council.chair_id == me)

    async def _calling(
        self, session: AsyncSession, viewer: Viewer, meeting_id: int, now: datetime
    ) -> Calling:
        """What was said before a meeting, for somebody who may read it."""
        if viewer.is_guest or viewer.is_gone:
            raise NotAllowedError(_NO_GUESTS)
        about = await self._about(session, viewer, meeting_id)
        calling = await self._caller.calling(session, about, now)
        if calling is None:
            raise NotFoundError(_NOT_YET)
        return calling

    async def _about(self, session: AsyncSession, viewer: Viewer, meeting_id: int) -> About:
        about = await about_of(session, self._workspace_id, meeting_id, locked=True)
        seen = await seen_by(session, self._workspace_id, viewer)
        if about is None or about.council.pk not in {each.pk for each in seen.councils}:
            raise NotFoundError(_NO_PACK)
        return about

    def _entry(
        self, viewer: Viewer, council: str, changed: tuple[str, str], now: datetime
    ) -> AuditEntry:
        old, new = changed
        return AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=viewer.slack_id,
            subject=f"person {viewer.slack_id}",
            field=f"packs of {council}",
            old=old or None,
            new=new or None,
        )


async def _note_opened(calling: Calling, viewer: Viewer) -> None:
    """Note that somebody has opened the pack, on the seat that they take: it is not audited."""
    session, meeting, me = calling.session, calling.about.meeting, viewer.person_id
    roster = await roster_of(session, calling.about)
    seats = [each for each in roster.seats if me in (each.member.person_id, each.sitter.person_id)]
    known = {each.person_id: each for each in await attendances_of(session, meeting.pk)}
    for member_id in (each.member.person_id for each in seats if not each.has_opened):
        kept = known.get(member_id) or Attendance(
            workspace_id=meeting.workspace_id, meeting_id=meeting.pk, person_id=member_id
        )
        kept.opened_at = calling.now
        session.add(kept)
    await calling.unnudge(me)
