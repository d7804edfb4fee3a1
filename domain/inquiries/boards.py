"""The messages of the room: one a day for whoever is asked, the PMO, an asker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times, working_days, zone_of
from domain.calendar.rules import PersonalTime
from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.inquiries.messages import (
    InquiryItem,
    OfficeInquiries,
    OpenInquiries,
    UnansweredInquiries,
)
from domain.inquiries.office import is_out, say_question
from domain.inquiries.reading import items_of, restricted_in
from domain.inquiries.rules import (
    OFFICE_OVERDUE_AFTER,
    OFFICE_REMIND_AFTER,
    OVERDUE_AFTER,
    REMIND_AFTER,
    TELL_AFTER,
    due_at,
)
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import inquiries as store
from models.delivery import queue
from models.delivery.rows import pmo_people
from models.enums import InquiryState, Visibility
from models.inquiries import Inquiry, InquiryRow
from models.portfolio import Project, people_by_id

NOTHING_WAITS: Final = "nothing of it waits for an answer any more"
"""Why a message was taken back before it was said."""

_GATE: Final = "inquiries"
"""The gate that whoever changes inquiries passes one by one: a message holds those of several."""


@dataclass
class Boards:
    """Those messages within one transaction: what is touched is said anew at its end."""

    session: AsyncSession
    outbox: Outbox
    now: datetime
    configuration: WorkspaceConfiguration
    people: set[tuple[int, date]] = field(default_factory=set)
    """Whose message of which day has to be said anew."""
    offices: set[date] = field(default_factory=set)
    askers: set[tuple[int, date]] = field(default_factory=set)
    heads: set[int] = field(default_factory=set)
    """What the PMO was asked itself, each with a message of its own."""

    @classmethod
    async def opened(cls, session: AsyncSession, outbox: Outbox, now: datetime) -> "Boards":
        """Take the turn: nobody else changes an inquiry before this transaction ends."""
        await queue.lock_gates(session, outbox.workspace_id, {_GATE}, now)
        return cls(session, outbox, now, await load_configuration(session, outbox.workspace_id))

    def touch(self, inquiry: Inquiry) -> None:
        """Have every message that holds an inquiry said anew."""
        if inquiry.asked_id is not None and inquiry.asks_on is not None:
            self.people.add((inquiry.asked_id, inquiry.asks_on))
        if inquiry.office_on is not None:
            self.offices.add(inquiry.office_on)
        if inquiry.told_on is not None:
            self.askers.add((inquiry.asker_id, inquiry.told_on))
        if inquiry.is_for_office:
            self.heads.add(inquiry.pk)

    async def give(self, inquiry: Inquiry, person_id: int | None) -> None:
        """Put an inquiry before somebody; None: before the PMO."""
        self.touch(inquiry)
        if inquiry.asked_id is None and not inquiry.is_passed_on:
            inquiry.office_on = None  # the PMO had it because nobody else was there
        inquiry.asked_id, inquiry.asks_on, inquiry.remind_at = person_id, None, None
        if person_id is None:
            await self._give_office(inquiry)
            return
        own = await self.time_of(person_id)
        is_seen = await self.collect(person_id)
        inquiry.remind_at = due_at(own, self.now, TELL_AFTER if is_seen else REMIND_AFTER)

    async def _give_office(self, inquiry: Inquiry) -> None:
        """Put it on the day's list; what the PMO was asked itself has a message of its own."""
        if inquiry.is_for_office:
            own = await self.time_of(None)
            inquiry.remind_at = due_at(own, self.now, OFFICE_REMIND_AFTER)
        else:
            inquiry.office_on = self.now.date()
        self.touch(inquiry)

    async def collect(self, person_id: int) -> bool:
        """Bring all that waits for somebody into one message.

        Into the one that is still to be posted, else into that of the day on which they can be
        written to next; tell whether that one is posted already.
        """
        await self.session.flush()
        waiting = await store.inquiry_rows_waiting_for(
            self.session, self.outbox.workspace_id, person_id
        )
        day, is_posted = await self._day(person_id, waiting)
        for row in waiting:
            self.touch(row.inquiry)
            row.inquiry.asks_on = day
            self.touch(row.inquiry)
        return is_posted

    async def _day(self, person_id: int, waiting: Sequence[InquiryRow]) -> tuple[date, bool]:
        own = await self.time_of(person_id)
        try:
            today = own.allowed_from(self.now).astimezone(own.zone).date()
        except ValueError:  # a calendar without a working day
            today = self.now.astimezone(own.zone).date()
        days = {row.inquiry.asks_on for row in waiting if row.inquiry.asks_on} | {today}
        keys = {person_key(person_id, day): day for day in days}
        standing = await self.outbox.standing(self.session, keys.keys())
        unposted = [keys[key] for key, each in standing.items() if not each.is_posted]
        if unposted:
            return min(unposted), False
        return today, person_key(person_id, today) in standing

    async def time_of(self, person_id: int | None) -> PersonalTime:
        """Somebody's time; the workspace's for the PMO."""
        if person_id is None:
            return PersonalTime(
                zone=zone_of(None, self.configuration),
                working=working_days(self.configuration),
                quiet=self.configuration.attention.quiet,
            )
        workspace_id = self.outbox.workspace_id
        times = await personal_times(self.session, workspace_id, [person_id], self.configuration)
        return times[person_id]

    async def set_overdue(self, inquiry: Inquiry) -> None:
        """Set when its asker and the PMO hear that an inquiry is not answered."""
        own = await self.time_of(inquiry.asked_id)
        days = OFFICE_OVERDUE_AFTER if inquiry.is_for_office else OVERDUE_AFTER
        inquiry.overdue_at = due_at(own, self.now, days)

    async def renew(self) -> None:
        """Say anew what was touched.

        First what the PMO was asked itself: what may not stand in its channel leaves that, and no
        message of a day has it there either.
        """
        await self.session.flush()
        for inquiry_id in sorted(self.heads):
            await say_question(self.session, self.outbox, inquiry_id, self.now)
        for person_id, day in sorted(self.people):
            await self._renew_person(person_id, day)
        for day in sorted(self.offices):
            await self._renew_office(day)
        for asker_id, day in sorted(self.askers):
            await self._renew_asker(asker_id, day)

    async def _renew_person(self, person_id: int, day: date) -> None:
        workspace_id = self.outbox.workspace_id
        rows = await store.inquiry_rows_asked_on(self.session, workspace_id, person_id, day)
        waiting = await store.inquiry_rows_waiting_for(self.session, workspace_id, person_id)
        has_newer = any((row.inquiry.asks_on or day) > day for row in waiting)
        items = await items_of(self.session, rows)
        message = OpenInquiries(tuple(items.values()), has_newer)
        await self._say_to(person_id, person_key(person_id, day), message, items)

    async def _renew_asker(self, asker_id: int, day: date) -> None:
        rows = await store.inquiry_rows_told_on(
            self.session, self.outbox.workspace_id, asker_id, day
        )
        items = await items_of(self.session, rows)
        key = f"inquiries-waiting:{asker_id}:{day}"
        people = await pmo_people(self.session, self.outbox.workspace_id)
        office = tuple(each.name for each in people if each.pk != asker_id)
        message = UnansweredInquiries(tuple(items.values()), office)
        await self._say_to(asker_id, key, message, items)

    async def _say_to(
        self, person_id: int, key: str, message: Message, items: Mapping[int, InquiryItem]
    ) -> None:
        """Say something to a person who is there; what nobody has seen and nobody needs, not."""
        person = (await people_by_id(self.session, [person_id]))[person_id]
        await self._say(key, Place.person(person_id), message, items, is_wanted=not person.is_gone)

    async def _renew_office(self, day: date) -> None:
        """In the PMO's channel; directly what is, or names what is, restricted.

        A channel has other members.
        """
        rows = await store.inquiry_rows_of_office(self.session, self.outbox.workspace_id, day)
        items = await items_of(self.session, rows, for_office=True)
        restricted = await store.restricted_projects(self.session, self.outbox.workspace_id)
        hidden = {
            row.inquiry.pk for row in rows if _is_private(row, items[row.inquiry.pk], restricted)
        }
        openly, privately = await self.office_places()
        for place in {*openly, *privately}:
            seen = {
                row.inquiry.pk: items[row.inquiry.pk]
                for row in rows
                if place in (privately if row.inquiry.pk in hidden else openly)
            }
            key = f"inquiries-office:{day}:{place.name}"
            await self._say(key, place, OfficeInquiries(tuple(seen.values())), seen)

    async def office_places(self) -> tuple[list[Place], list[Place]]:
        """Where the PMO reads of open projects, and of restricted ones."""
        people = await pmo_people(self.session, self.outbox.workspace_id)
        privately = [Place.person(each.pk) for each in people]
        channel_id = self.configuration.pmo_channel_id
        return [Place.channel(channel_id)] if channel_id else privately, privately

    async def _say(
        self,
        key: str,
        place: Place,
        message: Message,
        items: Mapping[int, InquiryItem],
        *,
        is_wanted: bool = True,
    ) -> None:
        is_open = any(each.state is InquiryState.OPEN for each in items.values())
        if not (is_open and is_wanted) and not await is_out(
            self.session, self.outbox, key, NOTHING_WAITS
        ):
            return
        if is_wanted:
            await self.outbox.say(self.session, message, to=place, key=key, now=self.now)


def person_key(person_id: int, day: date) -> str:
    """What the message of a day to somebody who is asked stands under."""
    return f"inquiries:{person_id}:{day}"


def _is_private(row: InquiryRow, item: InquiryItem, restricted: Sequence[Project]) -> bool:
    """Whether the PMO reads of it directly; what it was asked itself, where it has that."""
    if row.inquiry.is_for_office:
        return row.inquiry.channel_id is None
    is_restricted = row.project is not None and row.project.visibility is Visibility.RESTRICTED
    return is_restricted or bool(restricted_in([item.question], restricted))
