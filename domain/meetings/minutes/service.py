"""Slack's side of minutes: reads, writes and posts them, takes and answers objections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Place
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.about import About, about_of
from domain.meetings.access import Seen, council_named, seen_by
from domain.meetings.minutes.drafting import draft_of
from domain.meetings.minutes.keeping import Pen
from domain.meetings.minutes.loading import EVERYBODY, Kept, kept_of, minutes_in, part_for, part_of
from domain.meetings.minutes.messages import MinutesInFull
from domain.meetings.minutes.rules import (
    changed_wording,
    may_write,
    redrafted,
    reworded,
    text_faults,
    with_addendum,
    without_refs,
    wording_faults,
)
from domain.meetings.minutes.saying import MinutesSayer, minutes_key, objection_read, runners
from domain.meetings.minutes.values import (
    Addendum,
    Minutes,
    MinutesLine,
    MinutesList,
    MinutesRead,
    ObjectionRead,
    Wording,
)
from domain.portfolio.values import Viewer
from models.base import Database
from models.meetings import Objection
from models.meetings.attendance import attendances_of
from models.meetings.minutes import meetings_with_minutes, objection_by_id

LISTED: Final = 20
"""Meetings in a list: two years of a council that meets monthly, less its holidays."""

_NONE: Final = (
    "There are no such minutes, or not for you. `/project minutes` lists those that you may read."
)
_ONLY_CHAIR: Final = (
    "Only whoever led the meeting, the council's chair and the PMO write its minutes. If "
    "something in them is wrong, press *Object* below the posted minutes."
)
_NOT_INVITED: Final = (
    "Only those who were invited to the meeting can object to its minutes. Tell the council's "
    "chair or the PMO what is wrong."
)


@dataclass(frozen=True)
class _Open:
    """The minutes of a meeting, open to be changed by somebody; the meeting is locked."""

    pen: Pen
    seen: Seen
    kept: Kept

    def read(self) -> MinutesRead:
        """As they read them."""
        return _read(self.seen, self.pen.about, self.kept)


class MinutesService:
    """What one person reads and does; what they may not see does not exist."""

    def __init__(self, database: Database, workspace_id: int, sayer: MinutesSayer) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._sayer = sayer

    async def listed(self, viewer: Viewer, named: str, now: datetime) -> MinutesList:
        """The minutes that somebody may read, the newest first; of one council, if it is named.

        Raises:
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            councils = council_named(seen, named) if named else seen.councils
            found = await self._reads(session, seen, [each.pk for each in councils], now)
        lines = tuple(_line(each) for each in found)
        return MinutesList(lines, councils[0].name if named else "")

    async def of_day(self, viewer: Viewer, named: str, day: date, now: datetime) -> MinutesRead:
        """The minutes of the meeting of a day; of several councils' the last one's.

        Raises:
            NotFoundError: there are none, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            councils = council_named(seen, named) if named else seen.councils
            found = await self._reads(session, seen, [each.pk for each in councils], now, day)
        if not found:
            raise NotFoundError(_NONE)
        return found[0]

    async def read(self, viewer: Viewer, meeting_id: int, now: datetime) -> MinutesRead:
        """The minutes of one meeting.

        Raises:
            NotFoundError: there are none, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            about = await about_of(session, self._workspace_id, meeting_id)
            kept = await kept_of(session, about, now) if about else None
        if about is None or kept is None or not _may_read(seen, about, kept):
            raise NotFoundError(_NONE)
        return _read(seen, about, kept)

    async def editing(self, viewer: Viewer, meeting_id: int, now: datetime) -> MinutesRead:
        """The minutes for who may write them.

        Raises:
            NotFoundError: there are none, or not for this person.
            NotAllowedError: the person may only read them.
        """
        read = await self.read(viewer, meeting_id, now)
        if not read.may_write:
            raise NotAllowedError(_ONLY_CHAIR)
        return read

    async def save(
        self, viewer: Viewer, meeting_id: int, version: int, wording: Wording, now: datetime
    ) -> MinutesRead:
        """Keep other words of the chair as a new version; the same words are no new version.

        Args:
            viewer: who writes.
            meeting_id: whose minutes they are.
            version: what their window was opened with.
            wording: what was typed.
            now: this instant.

        Raises:
            FieldErrors: something typed is too long, or a title is missing.
            NotAllowedError: somebody was faster, the minutes are approved, or not theirs to write.
            NotFoundError: there are none.
        """
        if faults := wording_faults(wording):
            raise FieldErrors(faults)
        async with self._opened(viewer, meeting_id, now) as opened:
            typed = changed_wording(opened.read().minutes, wording)
            if typed == Wording():
                return opened.read()
            _refuse_stale(opened, version)
            if opened.kept.standing.is_locked:
                raise NotAllowedError(
                    "These minutes have been approved meanwhile, and their words stay as they "
                    "are. *Add a correction* puts one below them."
                )
            return await self._keep(opened, reworded(opened.kept.minutes, typed))

    async def redraft(
        self, viewer: Viewer, meeting_id: int, version: int, now: datetime
    ) -> MinutesRead:
        """Draft anew from the record, for what was recorded late; the chair's words stay.

        Raises:
            NotAllowedError: as for `save`, or they are posted.
            NotFoundError: there are none.
        """
        async with self._opened(viewer, meeting_id, now) as opened:
            _refuse_stale(opened, version)
            if opened.kept.standing.is_locked:
                raise NotAllowedError("These minutes are approved: only a correction can be added.")
            if opened.kept.standing.is_posted:
                raise NotAllowedError(
                    "These minutes are posted meanwhile: press *Edit* to change their words."
                )
            drafted = await draft_of(opened.pen.session, opened.pen.about)
            first = minutes_in(opened.kept.versions[-1])
            minutes = redrafted(opened.kept.minutes, drafted, first)
            if minutes == opened.kept.minutes:
                return opened.read()
            return await self._keep(opened, minutes)

    async def post(
        self, viewer: Viewer, meeting_id: int, version: int, now: datetime
    ) -> MinutesRead:
        """Post the minutes in the council's channel; posted ones stay so.

        Raises:
            NotAllowedError: somebody has changed them since, or they are not theirs to post.
            NotFoundError: there are none.
        """
        async with self._opened(viewer, meeting_id, now) as opened:
            if opened.kept.standing.is_posted:
                return opened.read()
            _refuse_stale(opened, version)
            pen, newest = opened.pen, opened.kept.newest
            pen.post(newest)
            await self._sayer.say(pen.session, pen.about, now, is_news=True)
            key = f"{minutes_key(pen.about)}:nudge"
            people = await runners(pen.session, pen.about)
            nudges = [f"{key}:{person.pk}" for person in people]
            await self._sayer.outbox.withdraw_each(pen.session, nudges, "the minutes are posted")
            return await self._again(opened)

    async def add(
        self, viewer: Viewer, meeting_id: int, version: int, text: str, now: datetime
    ) -> MinutesRead:
        """Put a correction below approved minutes.

        Raises:
            FieldErrors: it is empty or too long.
            NotAllowedError: as for `save`, or they are not approved.
            NotFoundError: there are none.
        """
        if faults := text_faults(text):
            raise FieldErrors(faults)
        async with self._opened(viewer, meeting_id, now) as opened:
            _refuse_stale(opened, version)
            if not opened.kept.standing.is_locked:
                raise NotAllowedError("These minutes are not approved yet: press *Edit* instead.")
            addendum = Addendum(text.strip(), viewer.name, now)
            return await self._keep(opened, with_addendum(opened.kept.minutes, addendum))

    async def send(self, viewer: Viewer, meeting_id: int, now: datetime) -> MinutesRead:
        """Send somebody the minutes with their files, as a direct message.

        Raises:
            NotFoundError: there are none, or not for this person.
        """
        async with self._database.writing() as session:
            opened = await self._open(session, viewer, meeting_id, now)
            everybody = await part_for(session, opened.pen.about, opened.kept.minutes, EVERYBODY)
            read = opened.read()
            is_restricted = without_refs(read.minutes) != everybody
            message = MinutesInFull(read.minutes, read.standing, is_restricted=is_restricted)
            key = f"meeting:{meeting_id}:minutes:asked:{viewer.person_id}:{int(now.timestamp())}"
            to = Place.person(viewer.person_id)
            await self._sayer.outbox.say(session, message, to=to, key=key, now=now)
        return read

    async def objecting(self, viewer: Viewer, meeting_id: int, now: datetime) -> MinutesRead:
        """The window for an objection.

        Raises:
            NotAllowedError: the time for it is over, or they were not invited.
            NotFoundError: there are none, or not for this person.
        """
        read = await self.read(viewer, meeting_id, now)
        async with self._database.reading() as session:
            await self._refuse_objection(session, viewer, read)
        return read

    async def object(
        self, viewer: Viewer, meeting_id: int, text: str, now: datetime
    ) -> MinutesRead:
        """Keep an objection to posted minutes; whoever led the meeting gets it.

        Raises:
            FieldErrors: it is empty or too long.
            NotAllowedError: the time for it is over, or they were not invited.
            NotFoundError: there are none, or not for this person.
        """
        if faults := text_faults(text):
            raise FieldErrors(faults)
        async with self._database.writing() as session:
            opened = await self._open(session, viewer, meeting_id, now)
            read = opened.read()
            await self._refuse_objection(session, viewer, read)
            if any(
                each.person_id == viewer.person_id and each.text == text.strip()
                for each in opened.kept.objections
            ):
                return read  # the window was sent twice
            objection = Objection(
                workspace_id=self._workspace_id,
                meeting_id=meeting_id,
                version=read.standing.version,
                person_id=viewer.person_id,
                text=text.strip(),
                at=now,
            )
            session.add(objection)
            opened.pen.audit("objection", None, objection.text)
            await session.flush()
            await self._told(opened, objection)
            return await self._again(opened)

    async def answering(self, viewer: Viewer, objection_id: int, now: datetime) -> ObjectionRead:
        """An objection, for who answers it.

        Raises:
            NotAllowedError: they do not write these minutes.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.reading() as session:
            objection = await self._objection(session, objection_id)
        await self.editing(viewer, objection.meeting_id, now)
        async with self._database.reading() as session:
            about = await about_of(session, self._workspace_id, objection.meeting_id)
            kept = await kept_of(session, about, now) if about else None
        if about is None or kept is None:
            raise NotFoundError(_NONE)
        return objection_read(about, kept, objection)

    async def answer(
        self, viewer: Viewer, objection_id: int, text: str, now: datetime
    ) -> ObjectionRead:
        """Answer an objection; who raised it is told.

        Raises:
            FieldErrors: the answer is empty or too long.
            NotAllowedError: somebody has answered it, or they do not write these minutes.
            NotFoundError: there is none, or not for this person.
        """
        if faults := text_faults(text):
            raise FieldErrors(faults)
        async with self._database.reading() as session:
            meeting_id = (await self._objection(session, objection_id)).meeting_id
        async with self._opened(viewer, meeting_id, now) as opened:
            session = opened.pen.session
            objection = await self._objection(session, objection_id)
            if objection.answered_at is not None:
                by = objection_read(opened.pen.about, opened.kept, objection).answered_by
                raise NotAllowedError(f"{by} has answered this objection already.")
            objection.answer, objection.answered_at = text.strip(), now
            objection.answered_by_id = viewer.person_id
            opened.pen.audit("objection", objection.text, f"answered: {objection.answer}")
            await session.flush()
            return await self._told(opened, objection)

    async def _told(self, opened: _Open, objection: Objection) -> ObjectionRead:
        """Tell of an objection, or of its answer, and say everywhere how many are open."""
        pen = opened.pen
        kept = await kept_of(pen.session, pen.about, pen.now) or opened.kept
        await self._sayer.tell_objection(pen.session, pen.about, kept, objection, pen.now)
        await self._sayer.say(pen.session, pen.about, pen.now, is_news=True)
        return objection_read(pen.about, kept, objection)

    async def _objection(self, session: AsyncSession, objection_id: int) -> Objection:
        objection = await objection_by_id(session, self._workspace_id, objection_id)
        if objection is None:
            raise NotFoundError(_NONE)
        return objection

    async def _refuse_objection(
        self, session: AsyncSession, viewer: Viewer, read: MinutesRead
    ) -> None:
        known = await attendances_of(session, read.meeting_id)
        invited = {each.person_id for each in known} | {each.alternate_id for each in known}
        if read.council_id not in viewer.council_ids and viewer.person_id not in invited:
            raise NotAllowedError(_NOT_INVITED)
        if not read.standing.is_objectable:
            raise NotAllowedError(
                "The time for objections to these minutes is over. Raise it in the next meeting, "
                "or ask its chair for a correction."
            )

    async def _keep(self, opened: _Open, minutes: Minutes) -> MinutesRead:
        pen = opened.pen
        pen.keep(minutes, opened.kept)
        await self._sayer.say(pen.session, pen.about, pen.now, is_news=True)
        return await self._again(opened)

    async def _again(self, opened: _Open) -> MinutesRead:
        pen = opened.pen
        kept = await kept_of(pen.session, pen.about, pen.now) or opened.kept
        return _read(opened.seen, pen.about, kept)

    @asynccontextmanager
    async def _opened(self, viewer: Viewer, meeting_id: int, now: datetime) -> AsyncIterator[_Open]:
        """A meeting's minutes in a transaction of whoever may write them."""
        async with self._database.writing() as session:
            opened = await self._open(session, viewer, meeting_id, now)
            if not opened.read().may_write:
                raise NotAllowedError(_ONLY_CHAIR)
            yield opened

    async def _open(
        self, session: AsyncSession, viewer: Viewer, meeting_id: int, now: datetime
    ) -> _Open:
        about = await about_of(session, self._workspace_id, meeting_id, locked=True)
        kept = await kept_of(session, about, now) if about else None
        seen = await seen_by(session, self._workspace_id, viewer)
        if about is None or kept is None or not _may_read(seen, about, kept):
            raise NotFoundError(_NONE)
        return _Open(Pen(session, about, viewer, now), seen, kept)

    async def _reads(
        self,
        session: AsyncSession,
        seen: Seen,
        council_ids: list[int],
        now: datetime,
        day: date | None = None,
    ) -> list[MinutesRead]:
        """What somebody may read, the newest first; only of a day, if it is given."""
        found = []
        for meeting_id in await meetings_with_minutes(session, council_ids):
            about = await about_of(session, self._workspace_id, meeting_id)
            if about is None or day not in (None, about.day):
                continue
            kept = await kept_of(session, about, now)
            if kept is not None and _may_read(seen, about, kept):
                found.append(_read(seen, about, kept))
            if len(found) == LISTED:
                break
        return found


def _may_read(seen: Seen, about: About, kept: Kept) -> bool:
    """Drafts are read by who writes them; posted minutes by who may know of the meeting.

    Guests read none, though they may know when a council meets: minutes tell of more than of the
    projects that they have a role in.
    """
    if seen.viewer.is_guest or about.council.pk not in {each.pk for each in seen.councils}:
        return False
    return kept.standing.is_posted or _may_write(seen, about)


def _may_write(seen: Seen, about: About) -> bool:
    return may_write(seen.viewer, about.council.chair_id, about.meeting.chair_id)


def _read(seen: Seen, about: About, kept: Kept) -> MinutesRead:
    return MinutesRead(
        meeting_id=about.meeting.pk,
        council_id=about.council.pk,
        minutes=part_of(seen, about, kept.minutes),
        standing=kept.standing,
        may_write=_may_write(seen, about),
    )


def _line(read: MinutesRead) -> MinutesLine:
    minutes = read.minutes
    return MinutesLine(
        read.meeting_id,
        minutes.council,
        minutes.title,
        minutes.starts_at,
        minutes.timezone,
        read.standing,
    )


def _refuse_stale(opened: _Open, version: int) -> None:
    standing = opened.kept.standing
    if standing.version == version:
        return
    who = standing.written_by or "The bot"
    at = standing.written_at.astimezone(opened.pen.about.zone)
    raise NotAllowedError(
        f"{who} saved version {standing.version} of these minutes on {at:%Y-%m-%d} at {at:%H:%M}, "
        f"after the version {version} that you had. Nothing of yours was saved or posted. If you "
        "were writing, your text is still in the window below this one: copy it, close the "
        "window, and press *Edit* again."
    )
