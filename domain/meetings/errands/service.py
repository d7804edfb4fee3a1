"""Does for meetings what is due, one errand a transaction; what raises is put off."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.digests.setbacks.trying import Setbacks
from domain.meetings.about import About, about_of
from domain.meetings.errands.values import Due, Errand
from domain.portfolio.configuring import load_configuration
from models.base import Database
from models.enums import Composing, ErrandKind, MeetingState
from models.meetings import Errand as DoneErrand
from models.meetings.queries import done_errands, meeting_to_look_at, meetings_between
from models.portfolio import councils_of, plan_revision

_LEFT_OUT: Final = "its time was over when the bot came to it"
_BACK: Final = timedelta(days=30)
_AHEAD: Final = timedelta(days=60)
"""Nothing of a meeting is due farther from it."""


class ErrandService:
    """Looks at each meeting when something of it is due, or has changed."""

    def __init__(self, database: Database, workspace_id: int, errands: Sequence[Errand]) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._errands = errands
        self._setbacks = Setbacks(database, workspace_id)
        self._revision: int | None = None
        """Of the configuration, when all meetings were looked at last."""

    async def run(self, now: datetime) -> bool:
        """Do one errand, or note when the next is due; tell whether anything was to do."""
        async with self._database.reading() as session:
            revision = await plan_revision(session, self._workspace_id)
            stale = [] if revision == self._revision else await self._stale(session, now)
            found = await meeting_to_look_at(session, self._workspace_id, now)
        for number in stale:
            await self._mark(number, now)
        self._revision = revision
        if found is None:
            return bool(stale)
        async with (
            self._setbacks.trying(Composing.MEETING, now) as attempt,
            self._database.writing() as session,
        ):
            await attempt.of(session, found)
            about = await about_of(session, self._workspace_id, found, locked=True)
            if about is not None:
                await self._look(session, about, now)
        return True

    async def _look(self, session: AsyncSession, about: About, now: datetime) -> None:
        meeting = about.meeting
        ahead = await self._open(session, about)
        if ahead and ahead[0][0].at <= now:
            due, errand = ahead[0]
            over = due.until is not None and now >= due.until
            if not over:
                await errand.do(session, about, now)
            session.add(
                DoneErrand(
                    workspace_id=self._workspace_id,
                    meeting_id=meeting.pk,
                    kind=errand.kind,
                    done_at=now,
                    left_out=_LEFT_OUT if over else "",
                )
            )
            meeting.next_at = now  # there may be more
        else:
            meeting.next_at = ahead[0][0].at if ahead else None

    async def _open(self, session: AsyncSession, about: About) -> list[tuple[Due, Errand]]:
        if about.meeting.state is not MeetingState.PLANNED:
            return []
        done = await done_errands(session, about.meeting.pk)
        return open_errands(self._errands, about, done)

    async def _stale(self, session: AsyncSession, now: datetime) -> list[int]:
        """The meetings for which a changed configuration has something due at another time."""
        near = await meetings_between(session, self._workspace_id, now - _BACK, now + _AHEAD)
        if not near:
            return []
        configuration = await load_configuration(session, self._workspace_id)
        councils = {each.pk: each for each in await councils_of(session, self._workspace_id)}
        return [
            each.pk
            for each in near
            if await self._is_stale(session, About(each, councils[each.council_id], configuration))
        ]

    async def _is_stale(self, session: AsyncSession, about: About) -> bool:
        ahead = await self._open(session, about)
        return about.meeting.next_at != (ahead[0][0].at if ahead else None)

    async def _mark(self, meeting_id: int, now: datetime) -> None:
        async with self._database.writing() as session:
            about = await about_of(session, self._workspace_id, meeting_id, locked=True)
            if about is not None:
                about.meeting.next_at = now


def open_errands(
    errands: Iterable[Errand], about: About, done: Collection[ErrandKind]
) -> list[tuple[Due, Errand]]:
    """What is still to be done for a meeting, the earliest first."""
    found = [
        (due, errand)
        for errand in errands
        if errand.kind not in done and (due := errand.due(about, done)) is not None
    ]
    return sorted(found, key=lambda each: each[0].at)
