"""Addresses under which somebody's own calendar program reads the meetings."""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError
from domain.meetings.calendar_out.posting import load_calendar
from domain.meetings.messages import CouncilCalendar
from domain.meetings.values import FeedState
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from models.base import Database
from models.meetings import CalendarFeed
from models.meetings.queries import feed_by_hash, feed_of
from models.portfolio import (
    AuditEntry,
    Council,
    Person,
    council_ids_of,
    councils_of,
    lock_planning,
    people_by_id,
)

PATH: Final = "/calendar/"
"""Where the addresses begin, behind the bot's public one."""
SUFFIX: Final = ".ics"

_BYTES: Final = 32
"""Of chance in an address: nobody guesses 256 bits."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_NOT_A_MEMBER: Final = (
    "Only members of a council and the PMO have a calendar of its meetings. "
    "`/project meeting list` shows the meetings that you may know of."
)


class FeedService:
    """Makes, takes back and reads addresses; only a digest of each is kept."""

    def __init__(self, database: Database, workspace_id: int, public_url: str) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._public_url = public_url.rstrip("/")

    async def state(self, viewer: Viewer, now: datetime) -> FeedState:
        """The address of somebody: one is made if they have none.

        Raises:
            NotAllowedError: the person belongs to no council.
        """
        async with self._database.reading() as session:
            councils = await self._councils(session, viewer)
            feed = await feed_of(session, viewer.person_id)
        if feed is not None or not self._public_url:
            since = feed.made_at if feed else None
            return FeedState(
                since=since, is_possible=bool(self._public_url), councils=_names(councils)
            )
        return await self.renew(viewer, now)

    async def renew(self, viewer: Viewer, now: datetime) -> FeedState:
        """Make a new address; the one before ends.

        Raises:
            NotAllowedError: the person belongs to no council.
        """
        if not self._public_url:
            return FeedState(is_possible=False)
        token = secrets.token_urlsafe(_BYTES)
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            councils = await self._councils(session, viewer)
            had = await self._end(session, viewer, now)
            session.add(
                CalendarFeed(
                    workspace_id=self._workspace_id,
                    person_id=viewer.person_id,
                    token_hash=_hash(token),
                    made_at=now,
                )
            )
            session.add(self._audited(viewer, now, "made anew" if had else "made"))
        address = f"{self._public_url}{PATH}{token}{SUFFIX}"
        return FeedState(address=address, since=now, councils=_names(councils))

    async def revoke(self, viewer: Viewer, now: datetime) -> FeedState:
        """Take the address back: whoever has it reads nothing from then on."""
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            if await self._end(session, viewer, now):
                session.add(self._audited(viewer, now, "revoked"))
        return FeedState(is_possible=bool(self._public_url), is_revoked=True)

    async def read(self, token: str) -> Sequence[CouncilCalendar] | None:
        """The calendars behind an address; None if there is no such address, or not any more."""
        if not _TOKEN.fullmatch(token):
            return None
        wanted = _hash(token)
        async with self._database.reading() as session:
            feed = await feed_by_hash(session, self._workspace_id, wanted)
            if feed is None or not hmac.compare_digest(feed.token_hash, wanted):
                return None
            person = (await people_by_id(session, [feed.person_id]))[feed.person_id]
            councils = await self._councils_of(session, person)
            if not councils:
                return None
            configuration = await load_configuration(session, self._workspace_id)
            found = [await load_calendar(session, configuration, each) for each in councils]
        return [each for each in found if each is not None]

    async def _councils_of(self, session: AsyncSession, person: Person) -> list[Council]:
        """The councils of an address' owner as the record is now; whoever left has none."""
        if person.is_gone or person.is_guest:
            return []
        own = await council_ids_of(session, person.pk)
        everything = await councils_of(session, self._workspace_id)
        return [each for each in everything if person.is_pmo or each.pk in own]

    async def _councils(self, session: AsyncSession, viewer: Viewer) -> list[Council]:
        is_of_it = not viewer.is_guest and not viewer.is_gone
        own = viewer.council_ids if is_of_it else frozenset()
        everything = await councils_of(session, self._workspace_id)
        found = [each for each in everything if belongs_to_pmo(viewer) or each.pk in own]
        if not found:
            raise NotAllowedError(_NOT_A_MEMBER)
        return found

    async def _end(self, session: AsyncSession, viewer: Viewer, now: datetime) -> bool:
        feed = await feed_of(session, viewer.person_id)
        if feed is None:
            return False
        feed.revoked_at = now
        return True

    def _audited(self, viewer: Viewer, now: datetime, what: str) -> AuditEntry:
        return AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=viewer.slack_id,
            subject=f"person {viewer.slack_id}",
            field="calendar address",
            new=what,
        )


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _names(councils: Sequence[Council]) -> tuple[str, ...]:
    return tuple(each.name for each in councils)
