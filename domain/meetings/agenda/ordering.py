"""Slack's side: the chair orders, removes, takes out of the backlog, lets on what comes late."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError
from domain.meetings.about import About, about_of
from domain.meetings.access import everybodys_text
from domain.meetings.agenda import late
from domain.meetings.agenda.building import renumber
from domain.meetings.agenda.changing import (
    ORDER,
    PULLED_OUT,
    Grip,
    grip,
    join,
    read_wish,
    refuse_what_is_dealt_with,
    refuse_who_does_not_lead,
    refuse_who_may_not_change,
    set_all,
    take_out,
    who_was_faster,
)
from domain.meetings.agenda.loading import exists_for, item_of
from domain.meetings.agenda.messages import LateAnswer, LateVerdict
from domain.meetings.agenda.reading import Place
from domain.meetings.agenda.rules import TIME, fate_faults, mark_of, moved, read_minutes
from domain.meetings.agenda.values import Done, Fate, ItemWish, Stale, Step
from domain.meetings.voices import Voices
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import ItemState
from models.meetings.agenda import ItemRow, item_rows_of, next_meeting

_NO_VOTE: Final = (
    "Only voting members, the chair and the PMO pull an item out of the consent block."
)
_NO_MEETING: Final = (
    "No meeting of this council is planned: the chair and the PMO plan one with "
    "`/project meeting list`."
)
_STALE: Final = "has changed since you opened it, and nothing of yours was saved"


class AgendaOrder:
    """Changes agendas for one person, an item at a time."""

    def __init__(
        self, database: Database, workspace_id: int, outbox: Outbox, voices: Voices
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._voices = voices

    # --- ordering

    async def move(
        self, viewer: Viewer, item_id: int, step: Step, mark: str, now: datetime
    ) -> Done | Stale:
        """Move an item within the agenda, unless somebody has ordered it meanwhile.

        Args:
            viewer: who presses.
            item_id: what moves.
            step: where to.
            mark: of the order that the person sees.
            now: this instant.

        Raises:
            NotAllowedError: the person does not lead, or it is dealt with.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            refuse_who_does_not_lead(held.place)
            refuse_what_is_dealt_with(held)
            if held.meeting is None:
                return held.done()
            rows = await item_rows_of(session, held.meeting.pk)
            ids = [row.item.pk for row in rows]
            if mark_of(ids) != mark or item_id not in ids:
                by, at = await who_was_faster(session, held.place.council, held.meeting)
                return Stale(by, at, held.meeting.timezone, held.place.council.pk)
            shown = await _shown(held.place, rows)
            wanted = moved(shown, ids, item_id, step)
            by_id = {row.item.pk: row.item for row in rows}
            renumber([by_id[each] for each in wanted])
            if wanted != ids:
                held.item.revision += 1
                held.audit(now, ORDER, new=f"item {item_id} {step.value}")
                await self._changed(held, now)
            return held.done()

    async def change(
        self,
        viewer: Viewer,
        item_id: int,
        revision: int,
        wish: ItemWish,
        owner: Viewer | None,
        now: datetime,
    ) -> Done:
        """Change an item, put it back into the backlog, or remove it for a reason.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: it is not theirs to change, dealt with, or was changed meanwhile.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            refuse_who_may_not_change(held)
            new = await _wanted(held, wish, owner)
            if held.item.revision != revision:
                raise NotAllowedError(await _stale(held))
            was_waiting = held.item.state is ItemState.WAITING
            for name, (old, now_it_is) in set_all(held.item, new).items():
                held.audit(now, f"item {item_id} {_WORDS.get(name, name)}", old, now_it_is)
            await self._send(held, wish, now)
            if was_waiting and held.item.state is not ItemState.WAITING:
                is_gone = held.item.state is ItemState.REMOVED
                verdict = LateVerdict.REMOVED if is_gone else LateVerdict.NEXT
                await self._settled(held, verdict, now)
            await self._changed(held, now)
            return held.done()

    async def _send(self, held: Grip, wish: ItemWish, now: datetime) -> None:
        """Do what the window says is to become of the item."""
        item = held.item
        if wish.fate in (Fate.REMOVE, Fate.BACKLOG):
            item.revision += 1
        if wish.fate == Fate.REMOVE:
            held.audit(now, f"item {item.pk} removed", new=wish.reason.strip())
            item.state, item.note = ItemState.REMOVED, wish.reason.strip()
        elif wish.fate == Fate.BACKLOG and not held.is_asleep:
            held.audit(now, f"item {item.pk} to the backlog")
            item.meeting_id, item.state, item.is_late = None, ItemState.OPEN, False
        await held.session.flush()

    async def pull_out(self, viewer: Viewer, item_id: int, now: datetime) -> Done:
        """Pull an item out of the consent block, so that it is talked about.

        Raises:
            NotAllowedError: the person has no vote there, or it is dealt with.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            if not held.place.leads and not await held.place.votes():
                raise NotAllowedError(_NO_VOTE)
            refuse_what_is_dealt_with(held)
            item = held.item
            if not item.is_consent:
                return await held.same(PULLED_OUT)
            take_out(item)
            everybodys = await everybodys_text(session, self._workspace_id)
            held.audit(now, PULLED_OUT, new=item_of(held.row, everybodys).label)
            if held.place.about is not None and held.place.about.is_running:
                held.place.about.meeting.revision += 1
            await self._changed(held, now)
            return held.done()

    # --- backlog and what comes late

    async def take(self, viewer: Viewer, item_id: int, now: datetime) -> Done:
        """Take an item out of the backlog onto the next agenda.

        Raises:
            NotAllowedError: the person does not lead, or no meeting is planned.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            refuse_who_does_not_lead(held.place)
            if not held.is_asleep:
                return await held.same()
            refuse_what_is_dealt_with(held)
            about = held.place.about
            if about is None:
                raise NotAllowedError(_NO_MEETING)
            held.item.is_late = held.place.is_out
            held.item.revision += 1
            await join(session, about, held.item)
            held.audit(now, f"item {item_id} onto the agenda", new=held.item.title)
            await self._changed(held, now)
            return held.done()

    async def let_on(self, viewer: Viewer, item_id: int, now: datetime) -> Done:
        """Let an item onto an agenda that has gone out.

        Raises:
            NotAllowedError: the person does not lead.
            NotFoundError: there is none, or not for this person.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            refuse_who_does_not_lead(held.place)
            about = held.place.about
            if held.item.state is not ItemState.WAITING or about is None:
                return await held.same()
            if about.meeting.ended_at is not None:
                return await self._to_next(held, about, now)
            held.item.state = ItemState.OPEN
            held.item.revision += 1
            await join(session, about, held.item)
            held.audit(now, f"item {item_id} let on", new=held.item.title)
            await self._settled(held, LateVerdict.LET_ON, now)
            await self._changed(held, now)
            return held.done()

    async def to_next(self, viewer: Viewer, item_id: int, now: datetime) -> Done:
        """Put an item that came late onto the next agenda but one, or into the backlog.

        Raises:
            As `let_on`.
        """
        async with self._database.writing() as session:
            held = await grip(session, self._workspace_id, viewer, item_id, now)
            refuse_who_does_not_lead(held.place)
            about = held.place.about
            if held.item.state is not ItemState.WAITING or about is None:
                return await held.same()
            return await self._to_next(held, about, now)

    async def _to_next(self, held: Grip, about: About, now: datetime) -> Done:
        session, item, council = held.session, held.item, held.place.council
        held.audit(now, f"item {item.pk} to the next agenda", new=item.title)
        item.state, item.revision = ItemState.OPEN, item.revision + 1
        after = about.meeting.starts_at
        following = await next_meeting(session, council.pk, after, locked=True)
        later = None
        if following is not None:
            later = await about_of(session, self._workspace_id, following.pk, locked=True)
        item.meeting_id, item.is_late = None, False
        if later is not None:
            item.is_late = later.meeting.frozen_at is not None
            await join(session, later, item)
        await session.flush()
        settled = (LateVerdict.NEXT, held.place.viewer, now)
        await late.settle(session, self._outbox, about, held.row, settled)
        moved_on = Grip(Place(session, held.place.seen, council, later), held.row)
        await self._answer(moved_on, LateVerdict.NEXT, now)
        await self._changed(moved_on, now)
        return moved_on.done()

    async def _settled(self, held: Grip, verdict: LateVerdict, now: datetime) -> None:
        """Tell everybody concerned what became of an item that came late."""
        about = held.place.about
        if about is None:
            return
        settled = (verdict, held.place.viewer, now)
        await late.settle(held.session, self._outbox, about, held.row, settled)
        if not held.is_own:
            await self._answer(held, verdict, now)

    async def _answer(self, held: Grip, verdict: LateVerdict, now: datetime) -> None:
        meeting = held.meeting
        told = LateAnswer(
            council=held.place.council.name,
            title=held.item.title,
            verdict=verdict,
            by=held.place.viewer.name,
            starts_at=meeting.starts_at if meeting else None,
            timezone=meeting.timezone if meeting else "UTC",
        )
        await late.answer(held.session, self._outbox, held.row, told, now)

    async def _changed(self, held: Grip, now: datetime) -> None:
        """Say again what has been said of the meeting."""
        await held.session.flush()
        if held.place.about is not None:
            await self._voices.again(held.session, held.place.about, now)


_WORDS: Final[Mapping[str, str]] = {
    "is_consent": "consent",
    "owner_id": "owner",
    "project_id": "project",
}
"""What the audit calls fields whose names are not plain."""


async def _shown(place: Place, rows: Sequence[ItemRow]) -> list[int]:
    """The items ahead that somebody sees, in their order."""
    everybodys = await everybodys_text(place.session, place.council.workspace_id)
    return [
        row.item.pk
        for row in rows
        if row.item.state is ItemState.OPEN and exists_for(place.seen, item_of(row, everybodys))
    ]


async def _wanted(held: Grip, wish: ItemWish, owner: Viewer | None) -> dict[str, Any]:
    """The new values of an item, as far as its window has fields for them."""
    faults = fate_faults(wish, held.item.source)
    if held.item.source:
        minutes = read_minutes(wish.minutes)
        if minutes is None:
            faults[TIME] = "Write a number of minutes."
        if faults:
            raise FieldErrors(faults)
        return {"minutes": minutes, "is_consent": wish.is_consent}
    if faults:
        raise FieldErrors(faults)
    meant = await read_wish(held.place, wish, owner)
    new: dict[str, Any] = {
        "title": meant.title,
        "purpose": meant.purpose,
        "text": meant.text,
        "minutes": meant.minutes,
        "project_id": meant.project_id,
        "owner_id": owner.person_id if owner else None,
    }
    return {**new, "is_consent": wish.is_consent} if held.place.leads else new


async def _stale(held: Grip) -> str:
    by, at = await who_was_faster(held.session, held.place.council, held.meeting)
    when = ""
    if at is not None and held.place.about is not None:
        when = f" ({by}, {at.astimezone(held.place.about.zone):%H:%M})"
    return f"“{held.item.title}” {_STALE}{when}. Open it again to see how it stands."
