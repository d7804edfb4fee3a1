"""Slack's side of a meeting that runs: each press is one transaction on the locked meeting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from domain.meetings.sitting.opening import (
    CarryOn,
    close_meeting,
    open_meeting,
    reopen_meeting,
    take_chair,
)
from domain.meetings.sitting.table import Table, table_for
from domain.meetings.sitting.values import Opened
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database


class SittingService:
    """What people press while a council meets; two who press at once are served in turn."""

    def __init__(
        self, database: Database, workspace_id: int, voices: Voices, carry_on: CarryOn
    ) -> None:
        """Serve a workspace.

        Args:
            database: where the record is.
            workspace_id: the workspace.
            voices: say again what has been said of a meeting.
            carry_on: takes to the next meeting what one leaves open.
        """
        self._database = database
        self._workspace_id = workspace_id
        self._voices = voices
        self._carry_on = carry_on

    async def open(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Open a meeting, or tell since when it runs.

        Raises:
            NotAllowedError: not now, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await open_meeting(table)

    async def take_chair(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Take the chair: of a meeting that runs, or by opening it in the chair's absence.

        Raises:
            NotAllowedError: not now, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            if not table.about.is_running:
                return await open_meeting(table)
            await take_chair(table)
            return Opened(
                meeting_id=meeting_id,
                title=table.about.title,
                timezone=table.meeting.timezone,
                at=table.meeting.started_at or now,
                by=viewer.name,
                is_new=True,
            )

    async def close(self, viewer: Viewer, meeting_id: int, revision: int, now: datetime) -> None:
        """Close a meeting.

        Raises:
            NotAllowedError: not by this person, or somebody was faster.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await close_meeting(table, revision, self._carry_on)

    async def reopen(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Open a meeting again that was closed by mistake within the last hour.

        Raises:
            NotAllowedError: not any more, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await reopen_meeting(table)

    @asynccontextmanager
    async def _at(self, viewer: Viewer, meeting_id: int, now: datetime) -> AsyncIterator[Table]:
        async with self._database.writing() as session:
            table = await table_for(session, self._workspace_id, viewer, meeting_id, now)
            yield table
            await self._voices.again(session, table.about, now)
