"""Slack's side: tells when councils meet; the chair or the PMO plans, changes and cancels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.about import About
from domain.meetings.access import Seen, council_named, run_by, seen_by
from domain.meetings.attendance.loading import own_said
from domain.meetings.calendar_out.posting import post, renew
from domain.meetings.rules import (
    REASON,
    Meant,
    may_run,
    read_wish,
    text_faults,
)
from domain.meetings.series.keeping import Act, add, change, new_uid
from domain.meetings.series.loading import series_of
from domain.meetings.series.rules import is_extra, is_uploaded, next_extra, wall_skipped
from domain.meetings.sitting.rules import EARLIEST
from domain.meetings.values import (
    CouncilMeetings,
    MeetingCard,
    MeetingList,
    OwnSaid,
    Planning,
    Saved,
    Wish,
)
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import MeetingState
from models.meetings import Meeting
from models.meetings.queries import coming_meetings, meeting_by_id, meetings_of
from models.portfolio import Council, lock_planning

LONGEST_MEETING: Final = timedelta(days=1)
"""What began before that is over."""

_NO_MEETING: Final = (
    "There is no such meeting any more. `/project meeting list` shows those that are planned."
)
_STALE: Final = (
    "Somebody has changed this meeting since you opened it, and nothing of yours was saved. "
    "`/project meeting list` shows how it stands now; change it from there."
)
_OVER: Final = "This meeting has begun or is over: what has taken place stays as it was."


class MeetingsService:
    """Reads and changes meetings for one person; what they may not see does not exist."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices

    async def coming(
        self, viewer: Viewer, named: str, now: datetime, *, is_next: bool = False
    ) -> MeetingList:
        """The meetings from now on; of each council only the next one, if that is asked for.

        Raises:
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await self._seen(session, viewer)
            councils = council_named(seen, named) if named else seen.councils
            rows = await coming_meetings(session, self._workspace_id, now - LONGEST_MEETING)
            own = await own_said(session, viewer.person_id, rows)
        found = [_of_council(seen, each, rows, own, now, is_next=is_next) for each in councils]
        return MeetingList(found, is_next, councils[0].name if named else "")

    async def new(self, viewer: Viewer, council_id: int, now: datetime) -> Planning:
        """The window for an extra meeting: it begins with the council's usual hour, in a week.

        Raises:
            NotAllowedError: the person is neither chair nor PMO.
        """
        async with self._database.reading() as session:
            seen = await self._seen(session, viewer)
            council = run_by(seen, council_id)
        series = series_of(seen.configuration, council)
        zone = seen.zone(council)
        return Planning(
            council_id=council_id,
            council=council.name,
            timezone=zone.key,
            day=now.astimezone(zone).date() + timedelta(days=7),
            at=series.at if series else time(9),
            minutes=series.minutes if series else 60,
        )

    async def planned(self, viewer: Viewer, meeting_id: int, now: datetime) -> Planning:
        """The window of a meeting, with what it holds now.

        Raises:
            NotFoundError: there is none.
            NotAllowedError: it is over, or the person is neither chair nor PMO.
        """
        async with self._database.reading() as session:
            _seen, council, meeting = await self._found(
                session, viewer, meeting_id, now, locked=False
            )
        local = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone))
        return Planning(
            council_id=council.pk,
            council=council.name,
            timezone=meeting.timezone,
            day=local.date(),
            at=local.time(),
            minutes=meeting.minutes,
            title=meeting.title,
            place=meeting.place,
            meeting_id=meeting_id,
            sequence=meeting.sequence,
        )

    async def plan_extra(self, viewer: Viewer, council_id: int, wish: Wish, now: datetime) -> Saved:
        """Plan a meeting that belongs to no series.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: the person is neither chair nor PMO.
        """
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            seen = await self._seen(session, viewer)
            council = run_by(seen, council_id)
            others = await meetings_of(session, self._workspace_id, [council_id])
            zone = seen.zone(council)
            meant = _meant(wish, zone, others, now)
            meeting = Meeting(
                workspace_id=self._workspace_id,
                council_id=council_id,
                occurrence=next_extra(each.occurrence for each in others),
                uid=new_uid(),
                is_by_hand=True,
                timezone=zone.key,
                sequence=1,
                changed_at=now,
                **_facts(meant),
            )
            act = Act(viewer.slack_id, now)
            add(session, council, meeting, act)
            await self._changed(session, About(meeting, council, seen.configuration), act)
            is_skipped = wall_skipped(meant.day, meant.at, zone)
            return Saved(_card(seen, council, meeting), is_skipped=is_skipped)

    async def change(
        self, viewer: Viewer, meeting_id: int, sequence: int, wish: Wish, now: datetime
    ) -> Saved:
        """Change a meeting's time, length, title or place; the series leaves it alone from then on.

        Args:
            viewer: who changes it.
            meeting_id: which one.
            sequence: what its window was opened with.
            wish: what was typed.
            now: this instant.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: it is over or was changed meanwhile, or is not theirs to change.
            NotFoundError: there is none.
        """
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            seen, council, meeting = await self._found(session, viewer, meeting_id, now)
            everything = await meetings_of(session, self._workspace_id, [council.pk])
            others = [each for each in everything if each.pk != meeting_id]
            zone = ZoneInfo(meeting.timezone)
            meant = _meant(wish, zone, others, now)
            is_skipped = wall_skipped(meant.day, meant.at, zone)
            if all(getattr(meeting, name) == value for name, value in _facts(meant).items()):
                return Saved(_card(seen, council, meeting), is_same=True)
            _refuse_stale(meeting, sequence)
            act = Act(viewer.slack_id, now)
            new = {**_facts(meant), "is_by_hand": True}
            if meeting.starts_at != meant.starts_at:
                new["reason"] = ""  # a holiday's, which explains the hour before
            change(session, council, meeting, act, **new)
            await self._changed(session, About(meeting, council, seen.configuration), act)
            return Saved(_card(seen, council, meeting), is_skipped=is_skipped)

    async def cancel(
        self, viewer: Viewer, meeting_id: int, sequence: int, reason: str, now: datetime
    ) -> Saved:
        """Cancel a meeting, for a reason.

        Raises:
            FieldErrors: the reason is missing or too long.
            NotAllowedError: as for `change`.
            NotFoundError: there is none.
        """
        faults = text_faults({REASON: reason})
        if not reason.strip():
            faults = {REASON: "Say why: it is what people read in place of the meeting."}
        if faults:
            raise FieldErrors(faults)
        new = {"state": MeetingState.CANCELLED, "reason": reason.strip(), "is_by_hand": True}
        return await self._set(viewer, meeting_id, sequence, new, now)

    async def restore(self, viewer: Viewer, meeting_id: int, sequence: int, now: datetime) -> Saved:
        """Let a cancelled meeting take place after all, at the time that it had.

        Raises:
            NotAllowedError: as for `change`.
            NotFoundError: there is none.
        """
        new = {"state": MeetingState.PLANNED, "reason": "", "is_by_hand": True}
        return await self._set(viewer, meeting_id, sequence, new, now)

    async def post_calendar(self, viewer: Viewer, council_id: int, now: datetime) -> str:
        """Post a council's calendar in its channel, or bring it up to date; the council's name.

        Raises:
            NotAllowedError: the person is neither chair nor PMO.
            NotFoundError: the council has no meetings.
        """
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            seen = await self._seen(session, viewer)
            council = run_by(seen, council_id)
            act = Act(viewer.slack_id, now)
            if not await post(session, self._outbox, seen.configuration, council, act):
                msg = (
                    f"{council.name} has no meetings: plan one here, or give it a series in the "
                    "configuration (`meetings:`)."
                )
                raise NotFoundError(msg)
            return council.name

    async def _set(
        self,
        viewer: Viewer,
        meeting_id: int,
        sequence: int,
        new: Mapping[str, Any],
        now: datetime,
    ) -> Saved:
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            seen, council, meeting = await self._found(session, viewer, meeting_id, now)
            if meeting.state is new["state"] and meeting.reason == new["reason"]:
                return Saved(_card(seen, council, meeting), is_same=True)
            _refuse_stale(meeting, sequence)
            act = Act(viewer.slack_id, now)
            change(session, council, meeting, act, **new)
            await self._changed(session, About(meeting, council, seen.configuration), act)
            return Saved(_card(seen, council, meeting))

    async def _changed(self, session: AsyncSession, about: About, act: Act) -> None:
        await renew(session, self._outbox, about.configuration, about.council, act)
        await self._voices.again(session, about, act.at)

    async def _seen(self, session: AsyncSession, viewer: Viewer) -> Seen:
        return await seen_by(session, self._workspace_id, viewer)

    async def _found(
        self,
        session: AsyncSession,
        viewer: Viewer,
        meeting_id: int,
        now: datetime,
        *,
        locked: bool = True,
    ) -> tuple[Seen, Council, Meeting]:
        """A meeting that can still be changed, by somebody who may."""
        seen = await self._seen(session, viewer)
        meeting = await meeting_by_id(session, self._workspace_id, meeting_id, locked=locked)
        if meeting is None or meeting.council_id not in {each.pk for each in seen.councils}:
            raise NotFoundError(_NO_MEETING)
        council = run_by(seen, meeting.council_id)
        if meeting.starts_at <= now or meeting.started_at is not None:
            raise NotAllowedError(_OVER)
        return seen, council, meeting


def _refuse_stale(meeting: Meeting, sequence: int) -> None:
    if meeting.sequence != sequence:
        raise NotAllowedError(_STALE)


def _meant(wish: Wish, zone: ZoneInfo, others: Sequence[Meeting], now: datetime) -> Meant:
    taken = {each.starts_at for each in others if each.state is MeetingState.PLANNED}
    meant = read_wish(wish, zone, taken, now)
    if not isinstance(meant, Meant):
        raise FieldErrors(meant)
    return meant


def _facts(meant: Meant) -> dict[str, Any]:
    return {
        "starts_at": meant.starts_at,
        "minutes": meant.minutes,
        "title": meant.title,
        "place": meant.place,
    }


def _of_council(
    seen: Seen,
    council: Council,
    rows: Sequence[Meeting],
    said: Mapping[int, OwnSaid],
    now: datetime,
    *,
    is_next: bool,
) -> CouncilMeetings:
    own = [
        each
        for each in rows
        if each.council_id == council.pk and each.starts_at + timedelta(minutes=each.minutes) > now
    ]
    if is_next:
        # What is cancelled before it is said as well: somebody may be waiting for that one.
        first = next(
            (place for place, each in enumerate(own) if each.state is MeetingState.PLANNED),
            len(own),
        )
        own = own[: first + 1]
    cards = tuple(
        replace(
            _card(seen, council, each),
            own=said.get(each.pk),
            may_open=_may_open(seen, council, each, now),
        )
        for each in own
    )
    return CouncilMeetings(council.pk, council.name, cards, may_run(seen.viewer, council.chair_id))


def _may_open(seen: Seen, council: Council, meeting: Meeting, now: datetime) -> bool:
    is_near = meeting.starts_at - EARLIEST <= now and meeting.ended_at is None
    return is_near and may_run(seen.viewer, council.chair_id)


def _card(seen: Seen, council: Council, meeting: Meeting) -> MeetingCard:
    return MeetingCard(
        meeting_id=meeting.id or 0,
        council_id=council.pk,
        council=council.name,
        title=seen.open_text(meeting.title),
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        timezone=meeting.timezone,
        place=seen.open_text(meeting.place),
        state=meeting.state,
        reason=seen.open_text(meeting.reason),
        moved_from=_moved_from(meeting),
        is_extra=is_extra(meeting.occurrence) and not is_uploaded(meeting.occurrence),
        sequence=meeting.sequence,
        may_run=may_run(seen.viewer, council.chair_id),
    )


def _moved_from(meeting: Meeting) -> date | None:
    if is_extra(meeting.occurrence):
        return None
    own = date.fromisoformat(meeting.occurrence)
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)).date()
    return own if local != own else None
