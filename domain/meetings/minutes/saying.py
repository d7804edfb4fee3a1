"""Says where minutes stand, to whoever runs the meeting, in the channel and to members."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.logs.record import viewer_of
from domain.meetings.about import About
from domain.meetings.access import seen_by
from domain.meetings.minutes.loading import EVERYBODY, Kept, kept_of, part_for
from domain.meetings.minutes.messages import (
    MinutesAmended,
    MinutesCopy,
    MinutesDraft,
    MinutesInFull,
    MinutesPosted,
    ObjectionAnswered,
    ObjectionRaised,
)
from domain.meetings.minutes.rules import ON_TIME, open_addendum, open_lines, without_refs
from domain.meetings.minutes.values import Minutes, ObjectionRead
from domain.portfolio.values import Viewer
from models.delivery.rows import pmo_people
from models.meetings import Objection
from models.portfolio import Person, members_of_council, people_by_id


class MinutesSayer:
    """Brings all that is said of minutes up to date; what is the same costs nothing."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox

    async def again(self, session: AsyncSession, about: About, now: datetime) -> None:
        """The voice of minutes: says again what has been said."""
        await self.say(session, about, now, is_news=False)

    async def say(
        self, session: AsyncSession, about: About, now: datetime, *, is_news: bool
    ) -> None:
        """Say where the minutes of a meeting stand.

        Args:
            session: a writing one; the meeting is locked.
            about: the meeting.
            now: this instant.
            is_news: something of the minutes has changed; else only what is said is renewed.
        """
        await session.flush()
        kept = await kept_of(session, about, now)
        if kept is None:
            return
        telling = _Telling(self.outbox, session, about, kept, now)
        await telling.drafts(await runners(session, about), is_news=is_news)
        if kept.standing.is_posted:
            await telling.posted(is_news=is_news)

    async def tell_objection(
        self, session: AsyncSession, about: About, kept: Kept, objection: Objection, now: datetime
    ) -> None:
        """Tell whoever runs the meeting of an objection, and who raised it of the answer."""
        read = objection_read(about, kept, objection)
        key = f"{minutes_key(about)}:objection:{objection.pk}"
        for person in await runners(session, about):
            to, raised = Place.person(person.pk), ObjectionRaised(read)
            await self.outbox.say(session, raised, to=to, key=f"{key}:{person.pk}", now=now)
        if objection.answered_at is None:
            return
        author = await viewer_of(session, kept.people[objection.person_id])
        seen = await seen_by(session, about.council.workspace_id, author)
        known = replace(read, answer=open_lines(read.answer, seen.open_text))
        answered, to = ObjectionAnswered(known), Place.person(objection.person_id)
        await self.outbox.say(session, answered, to=to, key=f"{key}:answer", now=now)


class _Telling:
    """All that is said of the minutes of one meeting, as they stand now."""

    def __init__(
        self, outbox: Outbox, session: AsyncSession, about: About, kept: Kept, now: datetime
    ) -> None:
        self._outbox = outbox
        self._session = session
        self._about = about
        self._kept = kept
        self._now = now

    async def drafts(self, people: Sequence[Person], *, is_news: bool) -> None:
        """Tell whoever runs the meeting; who had it before and does no more keeps what they had."""
        is_new = is_news and not self._kept.standing.is_posted
        open_part = await self._part(EVERYBODY)
        for person in people:
            minutes = await self._part(await viewer_of(self._session, person))
            message = MinutesDraft(
                meeting_id=self._about.meeting.pk,
                minutes=minutes,
                standing=self._kept.standing,
                post_by=minutes.ended_at + ON_TIME,
                is_whole_for_all=without_refs(minutes) == open_part,
            )
            key = f"{minutes_key(self._about)}:draft:{person.pk}"
            await self._say(message, Place.person(person.pk), key, is_new=is_new)

    async def posted(self, *, is_news: bool) -> None:
        """Tell the channel, with the items and the files in the thread; members get the rest."""
        meeting_id, standing = self._about.meeting.pk, self._kept.standing
        open_part = await self._part(EVERYBODY)
        head = f"{minutes_key(self._about)}:1:{self._about.council.channel_id}"
        posted = MinutesPosted(meeting_id, open_part, standing)
        channel = Place.channel(self._about.council.channel_id)
        if not await self._say(posted, channel, head, is_new=is_news):
            return
        thread = Place.thread(head)
        full = MinutesInFull(open_part, standing)
        await self._say(full, thread, f"{head}:full", is_new=is_news)
        for number, addendum in enumerate(self._kept.minutes.addenda):
            line = open_addendum(open_part, addendum)
            amended, is_new = MinutesAmended(line, open_part.timezone), is_news and bool(line.text)
            await self._say(amended, thread, f"{head}:addendum:{number}", is_new=is_new)
        await self._copies(open_part, is_news=is_news)

    async def _copies(self, open_part: Minutes, *, is_news: bool) -> None:
        """Members who may read more than the channel get it all, directly."""
        for _seat, person in await members_of_council(self._session, self._about.council.pk):
            minutes = await self._part(await viewer_of(self._session, person))
            is_more = without_refs(minutes) != open_part
            message = MinutesCopy(minutes, self._kept.standing)
            key = f"{minutes_key(self._about)}:copy:{person.pk}"
            await self._say(message, Place.person(person.pk), key, is_new=is_news and is_more)

    async def _part(self, viewer: Viewer) -> Minutes:
        return await part_for(self._session, self._about, self._kept.minutes, viewer)

    async def _say(self, message: Message, to: Place, key: str, *, is_new: bool) -> bool:
        """Say it, or bring it up to date where it has been said; tell whether it is said."""
        if not is_new and key not in await self._outbox.standing(self._session, [key]):
            return False
        await self._outbox.say(self._session, message, to=to, key=key, now=self._now)
        return True


async def runners(session: AsyncSession, about: About) -> Sequence[Person]:
    """Whose task the minutes are: whoever led the meeting, else the chair, else the PMO."""
    wanted = [each for each in (about.meeting.chair_id, about.council.chair_id) if each]
    people = await people_by_id(session, wanted)
    there = [people[each] for each in wanted if each in people and not people[each].is_gone]
    return there[:1] or await pmo_people(session, about.council.workspace_id)


def objection_read(about: About, kept: Kept, objection: Objection) -> ObjectionRead:
    """An objection with the names of those who speak in it."""
    answering = kept.people.get(objection.answered_by_id or 0)
    return ObjectionRead(
        objection_id=objection.pk,
        meeting_id=about.meeting.pk,
        council=about.council.name,
        title=about.title,
        starts_at=about.meeting.starts_at,
        timezone=about.meeting.timezone,
        version=objection.version,
        by=kept.people[objection.person_id].name,
        text=objection.text,
        answer=objection.answer,
        answered_by=answering.name if answering else "",
    )


def minutes_key(about: About) -> str:
    """What the keys of all messages about a meeting's minutes begin with."""
    return f"meeting:{about.meeting.pk}:minutes"
