"""Changes one item in a transaction: under the lock of its meeting, seen, allowed, audited."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.logs.record import facts_of
from domain.meetings.about import About, about_of
from domain.meetings.access import everybodys_text, seen_by
from domain.meetings.agenda.building import put_in, renumber
from domain.meetings.agenda.loading import exists_for, item_of
from domain.meetings.agenda.reading import Place, current_about
from domain.meetings.agenda.rules import OWNER, Meant, read_item
from domain.meetings.agenda.values import Done, ItemWish, Where
from domain.meetings.auditing import note, subject_of
from domain.meetings.series.keeping import Act
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models.enums import ItemState, Visibility
from models.meetings import AgendaItem, Meeting
from models.meetings.agenda import (
    ItemRow,
    item_row,
    item_rows_of,
    last_agenda_change,
    locked_item,
)
from models.portfolio import Council, councils_of, project_rows_of

NO_ITEM: Final = (
    "There is no such item any more. `/project meeting agenda` shows those that there are."
)
ORDER: Final = "agenda order"
PULLED_OUT: Final = "pulled out"
"""Fields of the audit. That of an item begins with `item 12`."""

PULLED_MINUTES: Final = 5
"""What an item without time of its own takes once it is talked about."""

_OF_ORDER: Final = (ORDER, "agenda built", "carried on", PULLED_OUT, "item ")
"""How the fields of the audit begin that tell of a changed order."""

_ONLY_LEADS: Final = (
    "Only the council's chair, whoever runs the meeting and the PMO order and remove items. "
    "Ask one of them; your own items you can change and take back."
)


@dataclass(frozen=True)
class Grip:
    """One item, locked, with all that decides about what somebody may do with it."""

    place: Place
    """Its council; with its own meeting, or, for one of the backlog, with the next one."""
    row: ItemRow

    @property
    def item(self) -> AgendaItem:
        """The item itself."""
        return self.row.item

    @property
    def session(self) -> AsyncSession:
        """The transaction."""
        return self.place.session

    @property
    def is_asleep(self) -> bool:
        """Whether it waits in the backlog."""
        return self.item.meeting_id is None

    @property
    def is_own(self) -> bool:
        """Whether they wrote it themselves."""
        return self.item.added_by_id == self.place.viewer.person_id

    @property
    def meeting(self) -> Meeting | None:
        """On whose agenda it stands."""
        about = self.place.about
        return about.meeting if about is not None and not self.is_asleep else None

    def audit(self, now: datetime, what: str, old: str = "", new: str = "") -> None:
        """Note who changed what about it."""
        act = Act(self.place.viewer.slack_id, now)
        note(self.session, self.place.council, self.meeting, act, (what, old, new))

    def done(self) -> Done:
        """Where it is now."""
        about, council, item = self.place.about, self.place.council, self.item
        done = Done(item.title, council.name, council.pk, where_of(item))
        if self.is_asleep or about is None:
            return done
        return replace(
            done,
            starts_at=about.meeting.starts_at,
            timezone=about.meeting.timezone,
        )

    async def same(self, *fields: str) -> Done:
        """The same, where nothing was to do; with who has done it before, and when.

        Args:
            fields: how those of the audit begin that tell of it; without any, all of the item.
        """
        about = f"item {self.item.pk} "
        by, at = await _last(self.session, self.place.council, self.meeting, fields or (about,))
        return replace(self.done(), is_same=True, by=by, at=at)


async def grip(
    session: AsyncSession,
    workspace_id: int,
    viewer: Viewer,
    item_id: int,
    now: datetime,
    *,
    locked: bool = True,
) -> Grip:
    """Take an item in hand.

    Args:
        session: a writing one, if it is to be locked.
        workspace_id: the workspace.
        viewer: who looks or acts.
        item_id: which item.
        now: this instant.
        locked: whether it is about to be changed: its meeting is locked first, then the item.

    Raises:
        NotFoundError: there is none, or not for this person.
        NotAllowedError: it went elsewhere in this very moment.
    """
    row = await item_row(session, workspace_id, item_id)
    if row is None:
        raise NotFoundError(NO_ITEM)
    seen = await seen_by(session, workspace_id, viewer)
    councils = await councils_of(session, workspace_id)
    council = next(each for each in councils if each.pk == row.item.council_id)
    meeting_id = row.item.meeting_id
    if meeting_id is None:
        about = await current_about(session, seen, council, now, locked=locked)
    else:
        about = await about_of(session, workspace_id, meeting_id, locked=locked)
    if locked:
        row = await _locked(session, row)
    found = Grip(Place(session, seen, council, about), row)
    everybodys = await everybodys_text(session, workspace_id)
    is_known = found.place.may_add or council.pk in {each.pk for each in seen.councils}
    if not is_known or not exists_for(seen, item_of(found.row, everybodys)):
        raise NotFoundError(NO_ITEM)
    return found


async def _locked(session: AsyncSession, row: ItemRow) -> ItemRow:
    was_at = row.item.meeting_id
    item = await locked_item(session, row.item.pk)
    if item is None:
        raise NotFoundError(NO_ITEM)
    if item.meeting_id != was_at:
        raise NotAllowedError(
            "Somebody has moved this item in the same moment, and nothing of yours was saved: "
            "`/project meeting agenda` shows where it is."
        )
    return row._replace(item=item)


def refuse_who_does_not_lead(place: Place) -> None:
    """Refuse whoever may only look and add.

    Raises:
        NotAllowedError: the person is none of those.
    """
    if not place.leads:
        raise NotAllowedError(_ONLY_LEADS)


def refuse_what_is_dealt_with(held: Grip) -> None:
    """Refuse to change what a meeting has dealt with, or deals with now.

    Raises:
        NotAllowedError: it is so.
    """
    if held.item.state in (ItemState.OPEN, ItemState.WAITING):
        return
    raise NotAllowedError(
        f"“{held.item.title}” {_SETTLED[held.item.state]}, and stays as it is: "
        "`/project meeting agenda` shows what is ahead."
    )


_SETTLED: Final[Mapping[ItemState, str]] = {
    ItemState.CURRENT: "is what the meeting talks about now",
    ItemState.DONE: "has been dealt with",
    ItemState.PARKED: "was parked in the meeting",
    ItemState.CARRIED: "stands on a later agenda",
    ItemState.REMOVED: "was removed",
}


async def join(session: AsyncSession, about: About, item: AgendaItem) -> None:
    """Put an item onto an agenda, where it belongs among what is still ahead."""
    rows = await item_rows_of(session, about.meeting.pk)
    items = [row.item for row in rows if row.item.id != item.id]
    behind = max(
        (place for place, each in enumerate(items, 1) if each.state is not ItemState.OPEN),
        default=0,
    )
    item.meeting_id = about.meeting.pk
    session.add(item)
    renumber([*items[:behind], *put_in(items[behind:], item)])
    await session.flush()


def set_all(item: AgendaItem, new: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Bring an item to new values; what changed, from what, to what."""
    changed = {
        name: (str(getattr(item, name)), str(value))
        for name, value in new.items()
        if getattr(item, name) != value
    }
    for name in changed:
        setattr(item, name, new[name])
    if changed:
        item.revision += 1
    return changed


def take_out(item: AgendaItem) -> None:
    """Take an item out of the consent block, so that it is talked about."""
    set_all(item, {"is_consent": False, "minutes": item.minutes or PULLED_MINUTES})


async def codes_for(place: Place) -> dict[str, int]:
    """The projects that an item can be about, by code: of this council, or open ones."""
    rows = await project_rows_of(place.session, place.council.workspace_id)
    return {
        row.project.code: row.project.pk
        for row in rows
        if row.project.pk in place.seen.projects
        and (
            row.project.council_id == place.council.pk or row.project.visibility is Visibility.OPEN
        )
    }


async def why_no_owner(place: Place, owner: Viewer | None, project_id: int | None) -> str | None:
    """Why somebody can't have an item in hand; None: they can."""
    if owner is None:
        return None
    if owner.is_guest or owner.is_gone:
        return "Guests and people who left Slack can't have an item in hand: choose a full member."
    rows = await project_rows_of(place.session, place.council.workspace_id)
    facts = next((facts_of(row.project) for row in rows if row.project.pk == project_id), None)
    if facts is not None and not may_see(owner, facts):
        return "They may not know of that project: choose somebody else, or leave it empty."
    return None


async def who_was_faster(
    session: AsyncSession, council: Council, meeting: Meeting | None
) -> tuple[str, datetime | None]:
    """Who has changed an agenda last, and when."""
    return await _last(session, council, meeting, _OF_ORDER)


async def _last(
    session: AsyncSession, council: Council, meeting: Meeting | None, fields: Collection[str]
) -> tuple[str, datetime | None]:
    subject = subject_of(council, meeting)
    row = await last_agenda_change(session, council.workspace_id, subject, fields)
    if row is None:
        return "", None
    return row.person.name if row.person else "The bot", row.entry.at


def where_of(item: AgendaItem) -> Where:
    """Where an item is."""
    if item.state is ItemState.WAITING:
        return Where.WAITING
    if item.state is ItemState.REMOVED:
        return Where.REMOVED
    if item.state is not ItemState.OPEN:
        return Where.DEALT
    if item.meeting_id is None:
        return Where.BACKLOG
    return Where.LATE if item.is_late else Where.AGENDA


def refuse_who_may_not_change(held: Grip) -> None:
    """Refuse whoever neither leads nor wrote the item; and what is dealt with.

    Raises:
        NotAllowedError: it is so.
    """
    if not held.is_own:
        refuse_who_does_not_lead(held.place)
    refuse_what_is_dealt_with(held)


async def read_wish(place: Place, wish: ItemWish, owner: Viewer | None) -> Meant:
    """Read what was typed for an item that somebody writes.

    Raises:
        FieldErrors: something is to be mended.
    """
    codes = await codes_for(place)
    meant = read_item(wish, codes)
    project_id = meant.project_id if isinstance(meant, Meant) else None
    fault = await why_no_owner(place, owner, project_id)
    faults = {OWNER: fault} if fault else {}
    if not isinstance(meant, Meant):
        raise FieldErrors({**meant, **faults})
    if faults:
        raise FieldErrors(faults)
    return meant
