"""Slack's side: tells a council's agenda; members add to it, the chair orders and removes."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import NotAllowedError, NotFoundError
from domain.meetings.about import About
from domain.meetings.access import everybodys_text
from domain.meetings.agenda import late
from domain.meetings.agenda.building import is_built, refresh
from domain.meetings.agenda.changing import (
    Grip,
    grip,
    join,
    read_wish,
    refuse_who_may_not_change,
)
from domain.meetings.agenda.loading import item_of
from domain.meetings.agenda.reading import (
    Place,
    backlog_of,
    councils_asked_for,
    place_for,
    view_of,
)
from domain.meetings.agenda.values import (
    AgendaView,
    BacklogView,
    Done,
    Item,
    ItemWindow,
    ItemWish,
)
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import ItemState
from models.meetings import AgendaItem
from models.meetings.agenda import ItemRow, item_row
from models.portfolio import Council, councils_of

_NOT_A_MEMBER: Final = (
    "Only the council's members and the PMO add items and see what waits for an agenda. "
    "A project's PM brings a decision before the council with “decision needed” in the report."
)
_NO_SUCH_COUNCIL: Final = "There is no such council any more. `/project meeting agenda` has those."


class AgendaService:
    """Reads and changes agendas for one person; what they may not see does not exist."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices

    # --- looking

    async def show(self, viewer: Viewer, named: str, now: datetime) -> AgendaView:
        """A council's agenda; of those that may be meant, the most likely one.

        It is brought to what is due, as long as it has not gone out.

        Raises:
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            found = await councils_asked_for(session, self._workspace_id, viewer, named, now)
            place = await place_for(session, viewer, found[0], now)
        others = [each.name for each in found[1:]]
        if place.about is None or not is_built(place.about.meeting):
            return await self.at(viewer, found[0].pk, now, others)
        async with self._database.writing() as session:
            place = await place_for(session, viewer, found[0], now, locked=True)
            if place.about is not None:
                await refresh(session, place.about, now)
            return await view_of(place, others)

    async def at(
        self, viewer: Viewer, council_id: int, now: datetime, others: list[str] | None = None
    ) -> AgendaView:
        """The same of the council that a button belongs to, as it stands.

        Raises:
            NotFoundError: it does not exist for this person.
        """
        async with self._database.reading() as session:
            council = await self._council(session, council_id)
            place = await place_for(session, viewer, council, now)
            _refuse_stranger(place)
            return await view_of(place, others or ())

    async def backlog(self, viewer: Viewer, named: str, now: datetime) -> BacklogView:
        """What waits for an agenda of a council.

        Raises:
            NotAllowedError: the person does not belong to it.
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            found = await councils_asked_for(session, self._workspace_id, viewer, named, now)
            return await _backlog(await place_for(session, viewer, found[0], now))

    async def backlog_at(self, viewer: Viewer, council_id: int, now: datetime) -> BacklogView:
        """The same of the council that a button belongs to.

        Raises:
            As `backlog`.
        """
        async with self._database.reading() as session:
            council = await self._council(session, council_id)
            return await _backlog(await place_for(session, viewer, council, now))

    async def item(self, viewer: Viewer, item_id: int, now: datetime) -> Item:
        """One item, to be read whole.

        Raises:
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.reading() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now, locked=False)
            return await _item(held)

    async def blank(
        self, viewer: Viewer, council_id: int, now: datetime, *, is_backlog: bool = False
    ) -> ItemWindow:
        """The window of a new item.

        Raises:
            NotAllowedError: the person does not belong to the council.
        """
        async with self._database.reading() as session:
            council = await self._council(session, council_id)
            place = await place_for(session, viewer, council, now)
            _refuse_who_may_not_add(place)
        return _window(place, is_backlog=is_backlog or place.about is None)

    async def window(self, viewer: Viewer, item_id: int, now: datetime) -> ItemWindow:
        """The window of an item, with what it holds now.

        Raises:
            NotAllowedError: it is not theirs to change, or dealt with.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.reading() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now, locked=False)
            refuse_who_may_not_change(held)
            return _window(held.place, await _item(held), is_backlog=held.is_asleep)

    # --- adding

    async def add(
        self,
        viewer: Viewer,
        council_id: int,
        wish: ItemWish,
        owner: Viewer | None,
        now: datetime,
        *,
        is_backlog: bool = False,
    ) -> Done:
        """Add an item to the next agenda; once it has gone out, the chair is asked.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: the person does not belong to the council.
        """
        async with self._database.writing() as session:
            council = await self._council(session, council_id)
            place = await place_for(session, viewer, council, now, locked=True)
            _refuse_who_may_not_add(place)
            meant = await read_wish(place, wish, owner)
            item = AgendaItem(
                workspace_id=self._workspace_id,
                council_id=council_id,
                purpose=meant.purpose,
                title=meant.title,
                text=meant.text,
                minutes=meant.minutes,
                owner_id=owner.person_id if owner else None,
                project_id=meant.project_id,
                is_consent=wish.is_consent and place.leads,
                added_by_id=viewer.person_id,
                added_at=now,
            )
            about = None if is_backlog else place.about
            await self._put(place, about, item)
            held = Grip(place, await _kept(session, item))
            held.audit(now, f"item {item.pk} added", new=item.title)
            if item.state is ItemState.WAITING and about is not None:
                await late.ask(session, self._outbox, about, held.row, now)
            if about is not None:
                await self._voices.again(session, about, now)
            return held.done()

    async def _put(self, place: Place, about: About | None, item: AgendaItem) -> None:
        """Put a new item onto an agenda, or into the backlog."""
        place.session.add(item)
        if about is not None and place.is_out:
            item.is_late = True
            item.state = ItemState.OPEN if place.leads else ItemState.WAITING
        if about is not None and item.state is ItemState.OPEN:
            await join(place.session, about, item)
        elif about is not None:
            item.meeting_id = about.meeting.pk
        await place.session.flush()

    async def _council(self, session: AsyncSession, council_id: int) -> Council:
        councils = await councils_of(session, self._workspace_id)
        found = next((each for each in councils if each.pk == council_id), None)
        if found is None:
            raise NotFoundError(_NO_SUCH_COUNCIL)
        return found


async def _backlog(place: Place) -> BacklogView:
    _refuse_stranger(place)
    _refuse_who_may_not_add(place)
    return await backlog_of(place)


def _refuse_stranger(place: Place) -> None:
    if place.council.pk not in {each.pk for each in place.seen.councils}:
        raise NotFoundError(_NO_SUCH_COUNCIL)


def _refuse_who_may_not_add(place: Place) -> None:
    if not place.may_add:
        raise NotAllowedError(_NOT_A_MEMBER)


def _window(place: Place, item: Item | None = None, *, is_backlog: bool) -> ItemWindow:
    about = None if is_backlog else place.about
    return ItemWindow(
        council_id=place.council.pk,
        council=place.council.name,
        title=place.seen.open_text(about.title) if about else "",
        starts_at=about.meeting.starts_at if about else None,
        timezone=about.meeting.timezone if about else "UTC",
        is_late=about is not None and place.is_out,
        leads=place.leads,
        item=item,
        is_backlog=is_backlog,
    )


async def _item(held: Grip) -> Item:
    return item_of(held.row, await everybodys_text(held.session, held.place.council.workspace_id))


async def _kept(session: AsyncSession, item: AgendaItem) -> ItemRow:
    """An item that has just been stored, with what belongs to it."""
    row = await item_row(session, item.workspace_id, item.pk)
    if row is None:
        raise LookupError(f"the item {item.pk} has just been stored")
    return row
