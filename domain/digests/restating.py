"""Says a digest elsewhere where Slack does not take it: closed for edits, thread or channel gone.

The PMO has heard of the cause by then, from whoever could not deliver it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.digests.messages import DigestCopy, DigestHead, DigestRestated
from domain.digests.parts import read_parts, write_parts
from domain.digests.rules import LATE
from domain.digests.saying import OPEN
from models import digests as store
from models.delivery import Delivery
from models.delivery.refused import move_threads, refused
from models.delivery.rows import first_part, parts_of
from models.enums import DeliveryState, PlaceKind

_PREFIX: Final = "digest:"
_CYCLE: Final = re.compile(r"digest:(\d+):")

_NO_EDIT: Final = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
"""What stands in Slack stays as it is, or is gone: only another message can tell the news."""

_NO_THREAD: Final = frozenset(
    {"cannot_reply_to_message", "message_not_found", "restricted_action_thread_locked"}
    | {"thread_not_found"}
)
"""Nothing can be said under the message any more, as where somebody has deleted it."""

_NO_CHANNEL: Final = frozenset(
    {"channel_not_found", "is_archived", "is_inactive", "not_in_channel", "restricted_action"}
    | {"restricted_action_read_only_channel"}
)
"""A council that has been given another channel since is told there."""

TROUBLES: Final = _NO_EDIT | _NO_THREAD | _NO_CHANNEL


@dataclass(frozen=True)
class Restating:
    """What was refused, taken up in one transaction."""

    session: AsyncSession
    outbox: Outbox
    now: datetime

    async def restate(self) -> bool:
        """Say elsewhere what can be said elsewhere; tell whether there was something."""
        rows = await self.refused(locked=True)
        return any([await self._take_up(row) for row in rows])

    async def refused(self, *, locked: bool = False) -> Sequence[Delivery]:
        """What of digests was refused in a way that may have another way out."""
        return await refused(
            self.session, self.outbox.workspace_id, _PREFIX, TROUBLES, locked=locked
        )

    async def _take_up(self, row: Delivery) -> bool:
        is_posted, is_reply = row.slack_ts is not None, row.place_kind is PlaceKind.THREAD
        if row.trouble in _NO_CHANNEL:
            to, is_unseen = await self._other_channel(row), not is_posted and not is_reply
            is_marked = is_unseen and await self._mark_late(row)
            if to is None:
                return is_marked
            return await (self._move(row, to) if is_unseen else self._say_anew(row, to))
        if is_posted:
            return row.trouble in _NO_EDIT and await self._say_again(row)
        return is_reply and row.trouble in _NO_THREAD and await self._say_anew(row)

    async def _other_channel(self, row: Delivery) -> Place | None:
        """The channel that the digest's council has been given since, if it is in one."""
        found = _CYCLE.match(row.key)
        council = await store.cycle_council(self.session, int(found[1])) if found else None
        if council is None or not row.conversation.startswith("channel:"):
            return None
        to = Place.channel(council.council.channel_id)
        return to if to.name != row.conversation else None

    async def _mark_late(self, row: Delivery) -> bool:
        """Let a head that was composed in time say when it was due: it will be read later."""
        head, found = self._message(row), _CYCLE.match(row.key)
        council = await store.cycle_council(self.session, int(found[1])) if found else None
        if not isinstance(head, DigestHead) or head.due_at or council is None:
            return False
        due_at = council.cycle.digest_at
        digest = await store.digest_of(self.session, council.cycle.pk)
        version = await store.newest_version(self.session, digest) if digest else None
        part = read_parts(version).get(OPEN)
        if version is None or part is None or self.now <= due_at + LATE:
            return False
        told = replace(part, head=replace(part.head, due_at=due_at), due_at=due_at)
        version.value = write_parts(read_parts(version) | {OPEN: told})
        to, late = Place.channel(row.channel_id or ""), replace(head, due_at=due_at)
        await self.outbox.say(self.session, late, to=to, key=row.key, now=self.now)
        return True

    async def _move(self, row: Delivery, to: Place) -> bool:
        """Send a head that was never posted, and its thread, to another channel."""
        row.place, row.channel_id, row.conversation = to.name, to.channel_id, to.name
        await move_threads(self.session, row.workspace_id, row.key, to.name)
        await self.outbox.revive(self.session, row, self.now)
        return True

    async def _say_again(self, row: Delivery) -> bool:
        """Say in the thread what cannot be edited: once, and edited there from then on."""
        head_key = row.parent_key or row.key
        if await first_part(self.session, row.workspace_id, f"{head_key}:anew"):
            return await self._say_anew(row)
        message = self._message(row)
        head = _head_in(message)
        if head is None and row.parent_key is None:
            return False
        self._settle(row, DeliveryState.SENT)  # it stands there, with what it said before
        to, again = (
            Place.thread(row.parent_key or row.key),
            DigestRestated(head) if head else message,
        )
        await self.outbox.say(self.session, again, to=to, key=f"{row.key}:again", now=self.now)
        return True

    async def _say_anew(self, row: Delivery, to: Place | None = None) -> bool:
        """Post the head once more, where its thread is gone, and a reply under it."""
        old = (
            await parts_of(self.session, self.outbox.workspace_id, row.parent_key)
            if row.parent_key
            else [row]
        )
        head = _head_in(self._message(old[0])) if old and old[0].stripped_at is None else None
        if head is None:
            return False
        key, message = f"{old[0].key}:anew", self._message(row)
        self._settle(row, DeliveryState.SENT if row.slack_ts else DeliveryState.EXPIRED)
        anew, to = DigestRestated(head, is_alone=True), to or _place_of(old[0])
        await self.outbox.say(self.session, anew, to=to, key=key, now=self.now)
        if _head_in(message) is None:
            reply, under = f"{row.key}:anew", Place.thread(key)
            await self.outbox.say(self.session, message, to=under, key=reply, now=self.now)
        return True

    def _message(self, row: Delivery) -> Message:
        return self.outbox.codec.decode(row.kind, row.value)

    @staticmethod
    def _settle(row: Delivery, state: DeliveryState) -> None:
        row.state, row.reason = state, f"said in another message: {row.reason}"


def _head_in(message: Message) -> DigestHead | None:
    """The head that a message shows, if it shows one."""
    if isinstance(message, DigestCopy | DigestRestated):
        return message.head
    return message if isinstance(message, DigestHead) else None


def _place_of(row: Delivery) -> Place:
    """Where a message stands, for another one beside it."""
    if row.person_id is not None:
        return Place.person(row.person_id)
    return Place.channel(row.channel_id or "")
