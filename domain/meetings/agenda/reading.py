"""What somebody sees of agendas and backlogs, and what they may do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFoundError
from domain.meetings.about import About, about_of
from domain.meetings.access import Seen, council_named, everybodys_text, seen_by
from domain.meetings.agenda.loading import agenda_of, exists_for, item_of, seen_in
from domain.meetings.agenda.rules import mark_of
from domain.meetings.agenda.values import Agenda, AgendaView, BacklogView, Item
from domain.meetings.attendance.loading import roster_of
from domain.meetings.rules import may_run
from domain.portfolio.values import Viewer
from models.enums import ItemState, MeetingState
from models.meetings import Meeting
from models.meetings.agenda import ItemRow, backlog_rows_of, item_rows_of
from models.meetings.queries import coming_meetings
from models.portfolio import Council

_BACK: Final = timedelta(days=3)
"""A meeting runs, or waits to be opened, for no longer than that."""

_EMPTY: Final = Agenda((), 0)

_NO_COUNCIL: Final = "There is no council that you know of. Ask the PMO if there should be one."


@dataclass(frozen=True)
class Place:
    """A council, and the meeting whose agenda is worked on, for somebody."""

    session: AsyncSession
    seen: Seen
    council: Council
    about: About | None
    """None: no meeting is planned."""

    @property
    def viewer(self) -> Viewer:
        """Who looks or acts."""
        return self.seen.viewer

    @property
    def leads(self) -> bool:
        """Whether they order and remove: the chair, whoever runs the meeting, the PMO."""
        if may_run(self.viewer, self.council.chair_id):
            return True
        return (
            self.about is not None
            and self.about.is_running
            and self.about.meeting.chair_id == self.viewer.person_id
        )

    @property
    def may_add(self) -> bool:
        """Whether they may add items: the members and the PMO."""
        viewer = self.viewer
        if viewer.is_guest or viewer.is_gone:
            return False
        return self.leads or viewer.is_pmo or self.council.pk in viewer.council_ids

    @property
    def is_out(self) -> bool:
        """Whether the agenda has gone out: what comes now is late."""
        if self.about is None:
            return False
        return self.about.meeting.frozen_at is not None or self.about.is_running

    async def votes(self) -> bool:
        """Whether they have a vote, of their own or of whom they stand in for."""
        if self.about is None:
            return False
        roster = await roster_of(self.session, self.about)
        me = self.viewer.person_id
        return any(me in (each.member.person_id, each.sitter.person_id) for each in roster.voting)


async def place_for(
    session: AsyncSession,
    viewer: Viewer,
    council: Council,
    now: datetime,
    *,
    locked: bool = False,
) -> Place:
    """A council with the meeting that runs, or else its next one; locked, to be changed."""
    seen = await seen_by(session, council.workspace_id, viewer)
    about = await current_about(session, seen, council, now, locked=locked)
    return Place(session, seen, council, about)


async def current_about(
    session: AsyncSession, seen: Seen, council: Council, now: datetime, *, locked: bool
) -> About | None:
    """The same meeting with what belongs to it; the one after it, if it is closed meanwhile."""
    for _ in range(2):
        meeting = await current_meeting(session, seen, council, now)
        if meeting is None:
            return None
        about = await about_of(session, council.workspace_id, meeting.pk, locked=locked)
        if about is not None and about.meeting.ended_at is None:
            return about
    return None


async def current_meeting(
    session: AsyncSession, seen: Seen, council: Council, now: datetime
) -> Meeting | None:
    """The meeting of a council that runs, or waits to be opened, or is the next."""
    rows = await coming_meetings(session, council.workspace_id, now - _BACK)
    own = [
        each
        for each in rows
        if each.council_id == council.pk
        and each.state is MeetingState.PLANNED
        and each.ended_at is None
    ]
    for each in own:
        about = About(each, council, seen.configuration)
        hours = timedelta(minutes=each.minutes, hours=about.settings.hours_open)
        if about.is_running or each.starts_at + hours > now:
            return each
    return None


async def councils_asked_for(
    session: AsyncSession, workspace_id: int, viewer: Viewer, named: str, now: datetime
) -> Sequence[Council]:
    """The councils that somebody means, the most likely first.

    Where they name none: those that they sit on come first, then whose meeting is nearest.

    Raises:
        NotFoundError: there is none for them.
    """
    seen = await seen_by(session, workspace_id, viewer)
    if named:
        return council_named(seen, named)
    if not seen.councils:
        raise NotFoundError(_NO_COUNCIL)
    found = []
    for each in seen.councils:
        meeting = await current_meeting(session, seen, each, now)
        found.append((each, meeting.starts_at if meeting else None))
    found.sort(
        key=lambda pair: (
            pair[0].pk not in viewer.council_ids,
            pair[1] is None,
            pair[1].isoformat() if pair[1] else "",
        )
    )
    return [council for council, _ in found]


async def view_of(place: Place, others: Sequence[str] = ()) -> AgendaView:
    """An agenda as somebody may see it."""
    session, about, council = place.session, place.about, place.council
    if about is None:
        return AgendaView(
            council_id=council.pk,
            council=council.name,
            agenda=_EMPTY,
            may_add=place.may_add,
            leads=place.leads,
            backlog=len((await backlog_of(place)).items),
            others=tuple(others),
        )
    whole = await agenda_of(session, about)
    return AgendaView(
        council_id=council.pk,
        council=council.name,
        agenda=seen_in(whole, place.seen),
        meeting_id=about.meeting.pk,
        title=place.seen.open_text(about.title),
        starts_at=about.meeting.starts_at,
        timezone=about.meeting.timezone,
        is_frozen=place.is_out,
        may_add=place.may_add,
        leads=place.leads,
        votes=await place.votes(),
        mark=mark_of([each.item_id for each in whole.items]),
        waiting=await _waiting(place, about),
        backlog=len((await backlog_of(place)).items),
        own_ids=_own(place.viewer, whole.items),
        others=tuple(others),
    )


async def backlog_of(place: Place) -> BacklogView:
    """What waits for an agenda, as somebody may see it."""
    rows = await backlog_rows_of(place.session, place.council.pk)
    items = await _seen_items(place, rows)
    return BacklogView(
        council_id=place.council.pk,
        council=place.council.name,
        items=items,
        meeting_id=place.about.meeting.pk if place.about else 0,
        may_add=place.may_add,
        leads=place.leads,
        own_ids=_own(place.viewer, items),
    )


async def _waiting(place: Place, about: About) -> tuple[Item, ...]:
    rows = await item_rows_of(place.session, about.meeting.pk, with_gone=True)
    waiting = [row for row in rows if row.item.state is ItemState.WAITING]
    me = place.viewer.person_id
    mine = [row for row in waiting if place.leads or row.item.added_by_id == me]
    return await _seen_items(place, mine)


async def _seen_items(place: Place, rows: Sequence[ItemRow]) -> tuple[Item, ...]:
    everybodys = await everybodys_text(place.session, place.council.workspace_id)
    items = [item_of(row, everybodys) for row in rows]
    return tuple(each for each in items if exists_for(place.seen, each))


def _own(viewer: Viewer, items: Sequence[Item]) -> frozenset[int]:
    return frozenset(
        each.item_id
        for each in items
        if each.added_by is not None and each.added_by.person_id == viewer.person_id
    )
