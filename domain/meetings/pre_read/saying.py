"""Says what is read before a meeting: in the council's channel, and to who wants it directly."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.logs.record import facts_of, viewer_of
from domain.meetings.about import About
from domain.meetings.agenda.loading import agenda_of
from domain.meetings.attendance.loading import roster_of
from domain.meetings.attendance.telling import seats_told
from domain.meetings.calendar_out.rules import open_text, secrets_in
from domain.meetings.pre_read.freezing import told
from domain.meetings.pre_read.messages import (
    CallAgenda,
    CallState,
    MeetingCall,
    MeetingPack,
    Occasion,
    OpenNudge,
    PackCopy,
    WantedPack,
)
from domain.meetings.pre_read.rules import IN_CALL
from domain.meetings.pre_read.values import CallItem, Pack, Text, items_of, part_of, without_numbers
from domain.meetings.rules import may_see_meetings
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models.enums import MeetingState, Purpose, Rsvp, Visibility
from models.meetings import PreRead
from models.meetings import pre_read as store
from models.portfolio import Person, ProjectRow, people_by_id

PACK: Final = TypeAdapter(Pack)

_DROPPED: Final = "the council's series has no such day any more"
_IS_OFF: Final = "the meeting is cancelled"
_OPENED: Final = "they have opened the pack"


@dataclass(frozen=True)
class Sight:
    """What somebody may know of, or everybody in a channel."""

    hidden: frozenset[int]
    restricted: frozenset[int]
    open_text: Text
    councils: frozenset[int]
    """Of the projects that they may see."""

    def of(self, pack: Pack) -> Pack:
        """What they may know of a pack."""
        return part_of(pack, self.hidden, self.restricted, self.open_text)


def sight_of(rows: Sequence[ProjectRow], viewer: Viewer | None = None) -> Sight:
    """What decides about what somebody is shown; None: everybody in the council's channel."""
    hidden = [row for row in rows if not _may_see(row, viewer)]
    gone = frozenset(row.project.pk for row in hidden)
    secret = secrets_in(_words(row for row in hidden if _is_restricted(row)))
    return Sight(
        hidden=gone,
        restricted=frozenset(row.project.pk for row in rows if _is_restricted(row)),
        open_text=lambda text: open_text(text, secret),
        councils=frozenset(row.project.council_id for row in rows if row.project.pk not in gone),
    )


def _may_see(row: ProjectRow, viewer: Viewer | None) -> bool:
    return not _is_restricted(row) if viewer is None else may_see(viewer, facts_of(row.project))


def _is_restricted(row: ProjectRow) -> bool:
    return row.project.visibility is Visibility.RESTRICTED


def _words(rows: Iterable[ProjectRow]) -> list[str]:
    return [word for row in rows for word in (row.project.code, row.project.name)]


@dataclass(frozen=True)
class Calling:
    """What is said before one meeting, in one transaction; its members were called."""

    session: AsyncSession
    outbox: Outbox
    about: About
    pre_read: PreRead
    rows: Sequence[ProjectRow]
    """All projects of the workspace, which decide about who may know what."""
    now: datetime

    @cached_property
    def pack(self) -> Pack:
        """All of the pack, as it froze."""
        return PACK.validate_python(self.pre_read.value)

    @cached_property
    def channel(self) -> Sight:
        """What everybody in the council's channel may know of."""
        return sight_of(self.rows)

    def part_for(self, viewer: Viewer | None) -> Pack:
        """What somebody may know of the pack; None: everybody in the channel.

        The council's own numbers are for its members and the PMO: a gap tells of restricted ones.
        """
        part = sight_of(self.rows, viewer).of(self.pack)
        if viewer and (viewer.is_pmo or self.about.council.pk in viewer.council_ids):
            return part
        return without_numbers(part)

    @property
    def key(self) -> str:
        """What the call is known by."""
        return f"{self._prefix}:call"

    def occasion(self, sight: Sight) -> Occasion:
        """When and where the meeting is, in words that some readers may read."""
        meeting, text = self.about.meeting, sight.open_text
        is_dropped = meeting.state is MeetingState.DROPPED
        was = self.pre_read.called_for
        return Occasion(
            meeting_id=meeting.pk,
            council=self.about.council.name,
            title=text(self.about.title) or self.about.council.name,
            starts_at=meeting.starts_at,
            minutes=meeting.minutes,
            timezone=meeting.timezone,
            place=text(meeting.place),
            state=_state(meeting.state, meeting.ended_at),
            reason=_DROPPED if is_dropped else text(meeting.reason),
            moved_from=was if was != meeting.starts_at else None,
        )

    async def say(self) -> None:
        """Say all that belongs into the channel, and again what was said to people."""
        await self._say_call()
        if (told := self._fingerprint()) == self.pre_read.told:
            return  # seats and agenda change often, what froze does not
        self.pre_read.told = told
        pack = MeetingPack(self.part_for(None))
        await self._say(pack, Place.thread(self.key), f"{self.key}:pack")
        await self._again("pack", self._copy)
        await self._again("nudge", self._nudge)
        await self.send_missing()

    async def send_missing(self) -> None:
        """Send a copy to who is to have one and has none: nobody has, as the call goes out.

        Else it is a new chair, or somebody whose copy had to wait and was taken back meanwhile.
        """
        if self._is_off or self.now >= self.about.meeting.starts_at:
            return
        people = await store.pack_readers(self.session, self.about.council)
        keys = {each.pk: f"{self._prefix}:pack:{each.pk}" for each in people}
        standing = await self.outbox.standing(self.session, set(keys.values()))
        await self.send(each for each in people if keys[each.pk] not in standing)

    async def send(self, people: Iterable[Person], *, is_wanted: bool = False) -> None:
        """Give people their copy of the pack, each with what they may see.

        Args:
            people: who.
            is_wanted: they ask for it just now, so it costs no attention.
        """
        for person in people:
            copy = await self._copy(person)
            if copy is None:
                continue
            message = WantedPack(copy.occasion, copy.pack, copy.is_wished) if is_wanted else copy
            await self._tell(message, person.pk, f"{self._prefix}:pack:{person.pk}")

    async def nudge(self) -> None:
        """Remind whoever sits at the meeting and has not opened the pack."""
        roster = await roster_of(self.session, self.about)
        unread = [
            each.sitter.person_id
            for each in roster.seats
            if not each.has_opened and each.rsvp is not Rsvp.NO
        ]
        message = await self._nudge()
        for number in unread:
            await self._tell(message, number, f"{self._prefix}:nudge:{number}")

    async def unnudge(self, person_id: int) -> None:
        """Take a reminder back that somebody need not get any more."""
        await self.outbox.withdraw(self.session, f"{self._prefix}:nudge:{person_id}", _OPENED)

    @property
    def _prefix(self) -> str:
        return f"meeting:{self.about.meeting.pk}"

    async def _items(self) -> tuple[CallItem, ...]:
        """The agenda as it stands, as the channel may know it."""
        agenda = await agenda_of(self.session, self.about)
        items = tuple(told(each) for each in agenda.items)
        return items_of(items, self.channel.hidden, self.channel.open_text)

    async def _say_call(self) -> None:
        items = await self._items()
        seats = seats_told(await roster_of(self.session, self.about))
        call = MeetingCall(self.occasion(self.channel), items, seats, self.pack.as_of)
        await self._say(call, Place.channel(self.pre_read.channel_id), self.key)
        agenda = f"{self.key}:agenda"
        is_said = agenda in await self.outbox.standing(self.session, [agenda])
        if len(items) > IN_CALL or is_said:
            await self._say(CallAgenda(items), Place.thread(self.key), agenda)

    async def _copy(self, person: Person) -> PackCopy | None:
        viewer = await viewer_of(self.session, person)
        sight, council = sight_of(self.rows, viewer), self.about.council
        if viewer.is_guest or not may_see_meetings(viewer, council.pk, sight.councils):
            return None
        wish = await store.pack_wish_of(self.session, person.pk, council.pk)
        return PackCopy(self.occasion(sight), self.part_for(viewer), is_wished=wish is not None)

    async def _nudge(self, _person: Person | None = None) -> OpenNudge:
        items = await self._items()
        decisions = sum(each.purpose is Purpose.DECIDE for each in items)
        return OpenNudge(self.occasion(self.channel), decisions)

    async def _again(
        self, what: str, message_for: Callable[[Person], Awaitable[Message | None]]
    ) -> None:
        """Say again to people what they were told, or are to be."""
        prefix = f"{self._prefix}:{what}:"
        people = await store.people_told(self.session, self.pre_read.workspace_id, prefix)
        keys = {f"{prefix}{number}": number for number in people}
        standing = await self.outbox.standing(self.session, keys)
        known = await people_by_id(self.session, set(keys.values()))
        for key in sorted(standing):
            message = await message_for(known[keys[key]])
            if message is not None:
                is_posted = standing[key].is_posted
                await self._tell(message, keys[key], key, is_posted=is_posted)
            if self._is_off:  # after it has its new value: another one brings it back
                await self.outbox.withdraw(self.session, key, _IS_OFF)

    @property
    def _is_off(self) -> bool:
        return self.about.meeting.state is not MeetingState.PLANNED

    def _fingerprint(self) -> str:
        """What decides about the packs: when the meeting is, and of what nobody may know."""
        words = sorted(_words(row for row in self.rows if _is_restricted(row)))
        meant = repr((words, self.occasion(self.channel)))
        return hashlib.sha256(meant.encode()).hexdigest()

    async def _tell(
        self, message: Message, person_id: int, key: str, *, is_posted: bool = False
    ) -> None:
        """Tell somebody directly; not any more once the meeting has begun."""
        to, until = Place.person(person_id), None if is_posted else self.about.meeting.starts_at
        await self.outbox.say(self.session, message, to=to, key=key, now=self.now, expires_at=until)

    async def _say(self, message: Message, to: Place, key: str) -> None:
        await self.outbox.say(self.session, message, to=to, key=key, now=self.now)


def _state(state: MeetingState, ended_at: datetime | None) -> CallState:
    if state is not MeetingState.PLANNED:
        return CallState.CANCELLED
    return CallState.AHEAD if ended_at is None else CallState.OVER
