"""Where the PMO reads of a draft, and what it is told there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from domain.digests.messages import Composition, DigestPage
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.digests.preview.rules import due_at
from domain.digests.saying import OPEN, RESTRICTED
from domain.digests.values import CoverNote
from models import digests as store
from models.collecting import Cycle
from models.delivery.rows import parts_by_key, pmo_people
from models.digests import DigestPreview, PreviewRow
from models.enums import DeliveryState
from models.portfolio import people_by_id

_NOTHING: Final = DigestPage(())
"""What is left of a draft whose projects its readers may not know of any more."""

_ELSEWHERE: Final = "the channel could not be told: each of the PMO was told directly"


def digest_subject(row: PreviewRow) -> str:
    """What the audit calls a digest."""
    return f"digest {row.council.name} {row.cycle.opens_on}"


def waits_of(row: PreviewRow) -> DigestWaits:
    """That a digest waits for the PMO since its time has come, or its hold is over."""
    cycle, council, preview = row
    return DigestWaits(
        cycle_id=cycle.pk,
        council=council.name,
        opens_on=cycle.opens_on,
        timezone=cycle.timezone,
        due_at=due_at(cycle.digest_at, preview.held_until),
    )


async def may_post(session: AsyncSession, cycle: Cycle, now: datetime) -> bool:
    """Whether the PMO lets a digest go, for whoever holds the cycle's row.

    Read anew: until that row was held, somebody could decide otherwise.
    """
    if cycle.preview_at is None:
        return True
    preview = await store.preview_of(session, cycle.pk)
    released = preview.release_at if preview else None
    return released is not None and released <= now


async def cover_note(session: AsyncSession, preview: DigestPreview | None) -> CoverNote | None:
    """The covering note of a draft, if there is one."""
    if preview is None or not preview.note:
        return None
    names = await _names(session, preview)
    return CoverNote(preview.note, names.get(preview.note_author_id, ""))


class PreviewSpeaker:
    """Says a draft where the PMO decides about it: in its channel, or to each of its members.

    The restricted part goes to the members directly: who is in the channel is Slack's to change.
    """

    def __init__(self, workspace_id: int, outbox: Outbox) -> None:
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def say(self, session: AsyncSession, row: PreviewRow, now: datetime) -> None:
        """Bring what is decided about a draft, as the PMO reads it, to what is true now."""
        message = await self._previewed(session, row, now)
        places = await self._places(session, row.preview)
        row.preview.is_told = bool(places)
        if message.posted_at is not None:  # who joins the PMO now need not read of it
            places = await self._told(session, places)
        letters = [Letter(message, place, key) for key, place in places.items()]
        if letters:
            await self._outbox.say_each(session, letters, now)

    async def say_drafts(
        self,
        session: AsyncSession,
        row: PreviewRow,
        compositions: Mapping[str, Composition],
        now: datetime,
    ) -> None:
        """Show the heads as they would be posted, below what is decided about them.

        A draft of what would not be posted any more is emptied.
        """
        for audience, places in (await self._draft_places(session, row.preview)).items():
            shown = compositions.get(audience)
            for key, place in (places if shown else await self._told(session, places)).items():
                apart = "" if place.parent_key else row.preview.channel_id or ""
                draft = DigestDraft(shown.head, decided_in=apart) if shown else _NOTHING
                await self._outbox.say(session, draft, to=place, key=key, now=now)

    async def clear_drafts(self, session: AsyncSession, row: PreviewRow, now: datetime) -> None:
        """Let the drafts end with their digest: it is kept up to date, and they are not."""
        over = DraftOver(row.council.channel_id, row.council.channel_name)
        for audience, places in (await self._draft_places(session, row.preview)).items():
            for key, place in (await self._told(session, places)).items():
                message = replace(over, is_restricted=audience == RESTRICTED)
                await self._outbox.say(session, message, to=place, key=key, now=now)

    async def say_waits(
        self, session: AsyncSession, row: PreviewRow, message: DigestWaits, now: datetime
    ) -> None:
        """Tell the PMO, in a message of its own, that a digest waits for them.

        Or, where that was told, what has become of it.
        """
        name = f"waits:{int(message.due_at.timestamp())}"
        places = {
            f"{key}:{name}": place
            for key, place in (await self._places(session, row.preview)).items()
        }
        if message.outcome:
            places = await self._told(session, places)
        letters = [Letter(message, place, key) for key, place in places.items()]
        if letters:
            await self._outbox.say_each(session, letters, now)

    async def leave_channel(self, session: AsyncSession, row: PreviewRow) -> None:
        """Turn to the members, if Slack has refused what was for the channel."""
        key = store.preview_key(row.cycle.pk)
        parts = (await parts_by_key(session, self._workspace_id, [key])).get(key, [])
        if any(each.state is DeliveryState.FAILED and not each.slack_ts for each in parts):
            waits = f"{key}:waits:{int(waits_of(row).due_at.timestamp())}"
            for name in (key, f"{key}:draft", waits):
                await self._outbox.withdraw(session, name, _ELSEWHERE)
            row.preview.channel_id = None

    async def _places(self, session: AsyncSession, preview: DigestPreview) -> dict[str, Place]:
        """Where it is decided, by the keys of what is said there."""
        key = store.preview_key(preview.cycle_id)
        if preview.channel_id is not None:
            return {key: Place.channel(preview.channel_id)}
        people = await pmo_people(session, self._workspace_id)
        return {f"{key}:{each.pk}": Place.person(each.pk) for each in people}

    async def _draft_places(
        self, session: AsyncSession, preview: DigestPreview
    ) -> dict[str, dict[str, Place]]:
        """Where the drafts stand by audience, by their keys."""
        heads = await self._places(session, preview)
        places = {
            OPEN: {f"{key}:draft": Place.thread(key) for key in heads},
            RESTRICTED: {f"{key}:restricted": Place.thread(key) for key in heads},
        }
        if preview.channel_id is not None:
            prefix = f"{store.preview_key(preview.cycle_id)}:restricted"
            people = await pmo_people(session, self._workspace_id)
            places[RESTRICTED] = {f"{prefix}:{each.pk}": Place.person(each.pk) for each in people}
        return places

    async def _told(self, session: AsyncSession, places: Mapping[str, Place]) -> dict[str, Place]:
        known = await parts_by_key(session, self._workspace_id, places)
        return {key: place for key, place in places.items() if key in known}

    async def _previewed(
        self, session: AsyncSession, row: PreviewRow, now: datetime
    ) -> DigestPreviewed:
        cycle, council, preview = row
        names = await _names(session, preview)
        late = 0
        if preview.approved_at is not None:
            late = await store.answers_since(
                session, cycle.pk, preview.approved_at, only_open=preview.channel_id is not None
            )
        due = due_at(cycle.digest_at, preview.held_until)
        return DigestPreviewed(
            cycle_id=cycle.pk,
            council=council.name,
            opens_on=cycle.opens_on,
            timezone=cycle.timezone,
            channel_id=council.channel_id,
            channel_name=council.channel_name,
            digest_at=cycle.digest_at,
            unapproved=cycle.unapproved,
            note=await cover_note(session, preview),
            approved_by=names.get(preview.approver_id, ""),
            approved_at=preview.approved_at,
            late_answers=late,
            held_by=names.get(preview.holder_id, ""),
            held_until=preview.held_until,
            is_waiting=preview.release_at is None and due <= now,
            posted_at=await store.posted_at(session, cycle.pk),
        )


async def _names(session: AsyncSession, preview: DigestPreview) -> dict[int | None, str]:
    """The names of those who have decided something about a draft, by their number."""
    people = {preview.note_author_id, preview.approver_id, preview.holder_id} - {None}
    found = await people_by_id(session, [each for each in people if each is not None])
    return {number: person.name for number, person in found.items()}
