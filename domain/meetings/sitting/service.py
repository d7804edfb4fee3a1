"""Slack's side of a meeting that runs: each press is one transaction on the locked meeting."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from domain.delivery.service import Outbox
from domain.errors import NotAllowedError
from domain.meetings.agenda.values import Item
from domain.meetings.sitting import moving, opening
from domain.meetings.sitting.acting import act, refuse_no_member
from domain.meetings.sitting.deciding import keeping, lines
from domain.meetings.sitting.finding import last_closed, running_one, to_open
from domain.meetings.sitting.looking import acting_window, deciding_window, own_card
from domain.meetings.sitting.reading.values import Typed, TypedAction
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.table import Table, table_for
from domain.meetings.sitting.telling import CardVoice
from domain.meetings.sitting.values import (
    Acting,
    Deciding,
    Given,
    Opened,
    OwnCard,
    ParkingWish,
    Recorded,
)
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database

R = TypeVar("R")

NOT_OPENED = "This meeting has not been opened yet: `/project meeting open`."


class SittingService:
    """What people press while a council meets; two who press at once are served in turn."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        outbox: Outbox,
        voices: Voices,
        settlers: Settlers,
    ) -> None:
        """Serve a workspace.

        Args:
            database: where the record is.
            workspace_id: the workspace.
            outbox: takes what is said.
            voices: say again what has been said of a meeting.
            settlers: do what items stand for, once they are agreed or decided.
        """
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._card = CardVoice(outbox)
        self._voices = voices
        self._settlers = settlers

    async def open(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Open a meeting, or tell since when it runs.

        Raises:
            NotAllowedError: not now, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await self._open(table)

    async def open_named(self, viewer: Viewer, named: str, now: datetime) -> Opened:
        """Open the meeting that is to begin, of a council by its name.

        Raises:
            NotAllowedError: not by this person.
            NotFoundError: there is none that can be opened now.
        """
        async with self._database.reading() as session:
            meeting_id = await to_open(session, self._workspace_id, viewer, named, now)
        return await self.open(viewer, meeting_id, now)

    async def take_chair(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Take the chair: of a meeting that runs, or by opening it in the chair's absence.

        Raises:
            NotAllowedError: not now, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            if table.about.is_running:
                await opening.take_chair(table, self._outbox)
            return await self._open(table)

    async def close(self, viewer: Viewer, meeting_id: int, revision: int, now: datetime) -> None:
        """Close a meeting.

        Raises:
            NotAllowedError: not by this person, or somebody was faster.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            following = await opening.close_meeting(table, revision)
            if following is not None:  # its members may have been called to it already
                await self._voices.again(table.session, following, now)

    async def reopen(self, viewer: Viewer, meeting_id: int, now: datetime) -> Opened:
        """Open a meeting again that was closed by mistake within the last hour.

        Raises:
            NotAllowedError: not any more, or not by this person.
            NotFoundError: there is none, or not for this person.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await opening.reopen_meeting(table)

    async def reopen_named(self, viewer: Viewer, named: str, now: datetime) -> Opened:
        """Open the meeting again that was closed last, of a council by its name.

        Raises:
            NotAllowedError: as for `reopen`.
            NotFoundError: there is none.
        """
        async with self._database.reading() as session:
            meeting_id = await last_closed(session, self._workspace_id, viewer, named, now)
        return await self.reopen(viewer, meeting_id, now)

    async def go_on(self, viewer: Viewer, meeting_id: int, revision: int, now: datetime) -> None:
        """Call up the next item.

        Raises:
            NotAllowedError: not by this person, somebody was faster, or nothing is left.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await moving.go_on(table, revision)

    async def go_back(self, viewer: Viewer, meeting_id: int, revision: int, now: datetime) -> None:
        """Call up the item again that was dealt with last.

        Raises:
            NotAllowedError: not by this person, somebody was faster, or there is none.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await moving.go_back(table, revision)

    async def choose(
        self, viewer: Viewer, meeting_id: int, revision: int, item_id: int, now: datetime
    ) -> None:
        """Call up any item.

        Raises:
            NotAllowedError: not by this person, somebody was faster, or it is not open any more.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await moving.choose(table, revision, item_id)

    async def park(
        self, viewer: Viewer, meeting_id: int, revision: int, wish: ParkingWish, now: datetime
    ) -> None:
        """Leave the current item unsettled, as an action or for the next meeting.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: not by this person, or somebody was faster.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await moving.park(table, revision, wish)

    async def agree(
        self,
        viewer: Viewer,
        meeting_id: int,
        revision: int,
        item_ids: Collection[int],
        now: datetime,
    ) -> None:
        """Agree to consent items together.

        Raises:
            NotAllowedError: not by this person, somebody was faster, or there is no quorum.
        """
        async with self._at(viewer, meeting_id, now) as table:
            await moving.agree(table, revision, item_ids, self._settlers)

    async def pull_out(self, viewer: Viewer, meeting_id: int, item_id: int, now: datetime) -> Item:
        """Take an item out of the consent block.

        Raises:
            NotAllowedError: the person has no vote, or it is agreed to already.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await moving.pull_out(table, item_id)

    async def deciding(
        self, viewer: Viewer, meeting_id: int, revision: int, now: datetime
    ) -> Deciding:
        """The window of a decision about the current item.

        Raises:
            NotAllowedError: not by this person, or the card that was pressed is not up to date.
        """
        async with self._looking(viewer, meeting_id, now) as table:
            await moving.check(table, revision)
            return await deciding_window(table)

    async def decide(
        self, viewer: Viewer, window: Deciding, typed: Typed, now: datetime
    ) -> Recorded:
        """Record a decision.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: there is no quorum, or somebody has recorded one meanwhile.
        """
        async with self._at(viewer, window.meeting_id, now) as table:
            return await keeping.decide_now(
                table, window.item_id, typed, window.known, self._settlers
            )

    async def acting(self, viewer: Viewer, meeting_id: int, now: datetime) -> Acting:
        """The window of an action.

        Raises:
            NotAllowedError: the meeting is over, or the person has no seat.
        """
        async with self._looking(viewer, meeting_id, now) as table:
            refuse_no_member(table)
            return await acting_window(table)

    async def parking(
        self, viewer: Viewer, meeting_id: int, revision: int, now: datetime
    ) -> Acting:
        """The window of what becomes of the current item.

        Raises:
            NotAllowedError: not by this person, or the card that was pressed is not up to date.
        """
        async with self._looking(viewer, meeting_id, now) as table:
            await moving.check(table, revision)
            await moving.unsettled_item(table)
            return await acting_window(table)

    async def act(
        self, viewer: Viewer, meeting_id: int, typed: TypedAction, now: datetime
    ) -> Given:
        """Give out an action.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: the meeting is over, or the person has no seat.
        """
        async with self._at(viewer, meeting_id, now) as table:
            return await act(table, typed)

    async def card(self, viewer: Viewer, meeting_id: int, now: datetime) -> OwnCard:
        """A meeting as the person may see it.

        Raises:
            NotAllowedError: it has not been opened.
            NotFoundError: there is none, or not for this person.
        """
        async with self._looking(viewer, meeting_id, now) as table:
            if table.meeting.started_at is None:
                raise NotAllowedError(NOT_OPENED)
            return await own_card(table)

    async def in_window(
        self,
        viewer: Viewer,
        meeting_id: int,
        act: Callable[[], Awaitable[R]],
        now: datetime,
    ) -> tuple[R | None, OwnCard]:
        """Do something that was pressed in a meeting's window; what came of it, and the window.

        Where it can't be done, the window tells why, and shows how things stand: pressed again, it
        can.

        Raises:
            NotFoundError: there is no such meeting, or not for this person.
        """
        try:
            done, news = await act(), ""
        except NotAllowedError as error:
            done, news = None, str(error)
        return done, replace(await self.card(viewer, meeting_id, now), news=news)

    async def card_named(self, viewer: Viewer, named: str, now: datetime) -> OwnCard:
        """The meeting that runs, of a council by its name.

        Raises:
            NotFoundError: none runs, or several do.
        """
        async with self._database.reading() as session:
            meeting_id = await running_one(session, self._workspace_id, viewer, named, now)
        return await self.card(viewer, meeting_id, now)

    async def decide_line(self, viewer: Viewer, text: str, now: datetime) -> Recorded:
        """Record a decision that was typed in one line.

        Raises:
            NotAllowedError: not by this person, or there is no quorum.
            NotFoundError: there is no such council.
            UnreadableError: it can't be read.
        """
        async with self._database.writing() as session:
            place = await lines.place_of(session, self._workspace_id, viewer, text, now)
            recorded = await lines.decide(place, self._settlers)
            await self._again(place.table, now)
            return recorded

    async def act_line(self, viewer: Viewer, text: str, now: datetime) -> Given:
        """Give out an action that was typed in one line.

        Raises:
            NotAllowedError: not by this person.
            NotFoundError: there is no such council.
            UnreadableError: it can't be read.
        """
        async with self._database.writing() as session:
            place = await lines.place_of(session, self._workspace_id, viewer, text, now)
            given = await lines.act(place)
            await self._again(place.table, now)
            return given

    async def _open(self, table: Table) -> Opened:
        opened = await opening.open_meeting(table, self._outbox)
        await self._card.post(table.session, table.about, table.now)
        return opened

    async def _again(self, table: Table | None, now: datetime) -> None:
        if table is not None:
            await self._voices.again(table.session, table.about, now)

    @asynccontextmanager
    async def _at(self, viewer: Viewer, meeting_id: int, now: datetime) -> AsyncIterator[Table]:
        async with self._database.writing() as session:
            table = await table_for(session, self._workspace_id, viewer, meeting_id, now)
            yield table
            await self._again(table, now)

    @asynccontextmanager
    async def _looking(
        self, viewer: Viewer, meeting_id: int, now: datetime
    ) -> AsyncIterator[Table]:
        async with self._database.reading() as session:
            yield await table_for(
                session, self._workspace_id, viewer, meeting_id, now, locked=False
            )
