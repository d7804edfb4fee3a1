"""Takes calendar files: a council's meetings follow the newest one from then on."""

import asyncio
import logging
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.delivery.service import Outbox
from domain.errors import NotAllowedError, UnreadableError
from domain.meetings.about import About
from domain.meetings.access import run_by, seen_by
from domain.meetings.calendar_in.reading import MOST_BYTES, read_calendar
from domain.meetings.calendar_in.rules import Difference, differences, facts_of
from domain.meetings.calendar_in.values import Followed, ReadCalendar, Uploading
from domain.meetings.calendar_out.posting import renew
from domain.meetings.series.keeping import Act, add, change, new_uid
from domain.meetings.voices import Voices
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from domain.ports import FileReader
from models.base import Database
from models.enums import MeetingState
from models.meetings import Meeting
from models.meetings.queries import meetings_of
from models.meetings.uploads import UploadedCalendar, followed_calendars
from models.portfolio import AuditEntry, Council, councils_of, lock_planning

ACTOR: Final = "the uploaded calendar"
"""Who did it, in the audit, when time has brought more of its meetings near."""

_LONGEST_READING: Final = 10.0
"""Seconds: a file that takes longer is refused."""

_log = logging.getLogger(__name__)
_NOTHING: Final = ReadCalendar(())


class CalendarInService:
    """Reads uploaded calendars for who runs a council's meetings, and goes on with them daily."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        outbox: Outbox,
        voices: Voices,
        files: FileReader,
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices
        self._files = files
        self._gone_on: date | None = None
        """The day for which all followed calendars have been read."""

    async def window(self, viewer: Viewer, council_id: int) -> Uploading:
        """The window for a council.

        Raises:
            NotAllowedError: the person is neither its chair nor of the PMO.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            council = run_by(seen, council_id)
            followed = await followed_calendars(session, self._workspace_id, council_id)
        name = followed[-1].name if followed else ""
        return Uploading(council_id, council.name, seen.zone(council).key, name)

    async def upload(
        self, viewer: Viewer, council_id: int, name: str, address: str, now: datetime
    ) -> Followed:
        """Have a council follow a calendar file that somebody has given to Slack.

        A file that can't be fetched or read changes nothing; the answer says why.

        Raises:
            NotAllowedError: the person is neither its chair nor of the PMO.
        """
        window = await self.window(viewer, council_id)
        try:
            return await self._take(viewer, window, name, address, now)
        except UnreadableError as error:
            return Followed(window.council, name, problem=str(error))

    async def _take(
        self, viewer: Viewer, window: Uploading, name: str, address: str, now: datetime
    ) -> Followed:
        content = await self._files.fetch(address, MOST_BYTES + 1)
        read = await _read(content, ZoneInfo(window.timezone), now)
        if not read.meetings:
            raise UnreadableError(
                f"{name} has no meeting of {window.council} within the next twelve months. "
                "Nothing has changed. Export the calendar anew, with what is to come."
            )
        uploaded = UploadedCalendar(
            workspace_id=self._workspace_id,
            council_id=window.council_id,
            name=name,
            content=content,
            uploaded_by_id=viewer.person_id,
            uploaded_at=now,
        )
        return await self._replace(viewer, window.council_id, uploaded, read, now)

    async def take_back(self, viewer: Viewer, council_id: int, now: datetime) -> Followed:
        """Follow no calendar file any more: its meetings ahead go, but those changed by hand.

        Raises:
            NotAllowedError: the person is neither its chair nor of the PMO, or there is none.
        """
        if not (await self.window(viewer, council_id)).followed:
            raise NotAllowedError("This council follows no calendar file: there is none to end.")
        return await self._replace(viewer, council_id, None, _NOTHING, now)

    async def go_on(self, now: datetime) -> bool:
        """Once a day, plan what of the followed calendars has come near; whether there was any."""
        if self._gone_on == now.date():
            return False
        async with self._database.reading() as session:
            configuration = await load_configuration(session, self._workspace_id)
            councils = {each.pk: each for each in await councils_of(session, self._workspace_id)}
            followed = await followed_calendars(session, self._workspace_id)
        is_any = False
        for each in followed:
            council = councils[each.council_id]
            try:
                read = await _read(each.content, zone_of(council.timezone, configuration), now)
            except UnreadableError as error:  # it could be once: the others go on, and the clock
                _log.warning("%s of %s can't be read: %s", each.name, council.name, error)
                continue
            is_any |= await self._bring_near(each, read, now)
        self._gone_on = now.date()
        return is_any

    async def _bring_near(
        self, followed: UploadedCalendar, read: ReadCalendar, now: datetime
    ) -> bool:
        async with self._database.reading() as session:
            councils = await councils_of(session, self._workspace_id)
            council = next(each for each in councils if each.pk == followed.council_id)
            stored = await meetings_of(session, self._workspace_id, [council.pk])
        if not differences(read.meetings, council.name, stored, now).is_any:
            return False
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            still = await followed_calendars(session, self._workspace_id, council.pk)
            if [each.pk for each in still] == [followed.pk]:
                configuration = await load_configuration(session, self._workspace_id)
                await self._follow(session, configuration, council, read, Act(ACTOR, now))
        return True

    async def _replace(
        self,
        viewer: Viewer,
        council_id: int,
        uploaded: UploadedCalendar | None,
        read: ReadCalendar,
        now: datetime,
    ) -> Followed:
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            seen = await seen_by(session, self._workspace_id, viewer)
            council = run_by(seen, council_id)
            before = await followed_calendars(session, self._workspace_id, council_id)
            for each in before:
                each.ended_at = now
            if uploaded:
                session.add(uploaded)
            name = uploaded.name if uploaded else ""
            old = before[-1].name if before else ""
            session.add(_audited(council, Act(viewer.slack_id, now), old, name))
            act = Act(viewer.slack_id, now)
            found = await self._follow(session, seen.configuration, council, read, act)
        return Followed(
            council=council.name,
            name=name,
            planned=len(found.new),
            changed=len(found.changed),
            dropped=len(found.dropped),
            by_hand=found.by_hand,
            known=found.known,
            notes=read.notes,
        )

    async def _follow(
        self,
        session: AsyncSession,
        configuration: WorkspaceConfiguration,
        council: Council,
        read: ReadCalendar,
        act: Act,
    ) -> Difference:
        stored = await meetings_of(session, self._workspace_id, [council.pk])
        found = differences(read.meetings, council.name, stored, act.at)
        known = {each.occurrence: each for each in stored}
        for name in found.dropped:
            change(session, council, known[name], act, state=MeetingState.DROPPED)
        for given in found.changed:
            new = facts_of(given, council.name)
            change(session, council, known[given.occurrence], act, **new)
        zone = zone_of(council.timezone, configuration)
        for given in found.new:
            meeting = Meeting(
                workspace_id=self._workspace_id,
                council_id=council.pk,
                occurrence=given.occurrence,
                uid=new_uid(),
                timezone=zone.key,
                sequence=1,
                changed_at=act.at,
                **facts_of(given, council.name),
            )
            add(session, council, meeting, act)
        await renew(session, self._outbox, configuration, council, act)
        for name in (*found.dropped, *(each.occurrence for each in found.changed)):
            about = About(known[name], council, configuration)
            await self._voices.again(session, about, act.at)
        return found


async def _read(content: bytes, zone: ZoneInfo, now: datetime) -> ReadCalendar:
    """Read a file beside everything else; one made to take for ever is given up."""
    try:
        async with asyncio.timeout(_LONGEST_READING):
            return await asyncio.to_thread(read_calendar, content, zone, now)
    except TimeoutError as error:
        raise UnreadableError(
            "This file's rules take too long to count out. Use a rule by weeks or months."
        ) from error


def _audited(council: Council, act: Act, old: str, new: str) -> AuditEntry:
    return AuditEntry(
        workspace_id=council.workspace_id,
        at=act.at,
        actor=act.actor,
        subject=f"meetings {council.name}",
        field="calendar file",
        old=old or None,
        new=new or None,
    )
