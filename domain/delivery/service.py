"""How the other rooms say something: in one transaction with the change behind it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import rules
from domain.delivery.messages import Letter, Message, MessageCodec, Place
from models.delivery import LIVE, Delivery, rows
from models.enums import Attention, DeliveryState, PictureState, PlaceKind


@dataclass(frozen=True)
class Standing:
    """A message in the ledger that is read in Slack, or will be."""

    message: Message
    person_id: int | None
    """Whose direct message it is, if it is one."""
    is_posted: bool


class Carrier(Protocol):
    """Takes care that what has become due in the ledger is soon worked on."""

    async def carry(self, session: AsyncSession, places: Collection[str]) -> None:
        """Hear in which conversations something is due, in the transaction that made it so.

        Args:
            session: that transaction.
            places: names of channels and people; for a reply, where its thread is.
        """
        ...


class Outbox:
    """Where every room puts what it has to say, in the transaction of the change behind it."""

    def __init__(
        self,
        workspace_id: int,
        codec: MessageCodec,
        carrier: Carrier,
        trace: Callable[[], str] = str,
    ) -> None:
        """Make one for a workspace.

        Args:
            workspace_id: the workspace's number.
            codec: knows every message that may be said.
            carrier: hears what has become due.
            trace: the log's id of what is being done; stored with what is said.
        """
        self.workspace_id = workspace_id
        self.codec = codec
        self.carrier = carrier
        self._trace = trace

    async def say(
        self,
        session: AsyncSession,
        message: Message,
        *,
        to: Place,
        key: str,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> None:
        """Say a message once, or bring what was said under the key to a new value.

        The same value again changes nothing. A new one edits what is posted (at once, but not
        twice within seconds: many values cost one edit), changes what is not posted yet, and
        gives what had failed, expired or is held another chance. What is not posted by
        `expires_at` is not said any more. What costs its reader attention waits until the
        gatekeeper admits it.

        Raises:
            ValueError: the thread's parent was never said, or the key belongs to another place.
        """
        conversation = await self._conversation(session, to)
        row = self._first_row(Letter(message, to, key, expires_at), conversation, now)
        if not await rows.insert_delivery(session, row):
            parts = await rows.parts_of(session, self.workspace_id, key)
            if not _renew(parts, row, now):
                return
        await self.carrier.carry(session, {conversation})

    async def say_all(
        self, session: AsyncSession, messages: Mapping[str, Message], *, to: Place, now: datetime
    ) -> None:
        """Say many messages at one place, in their order: as `say` for each, in few statements.

        Args:
            session: the transaction of the change behind them.
            messages: by their keys.
            to: the place of all of them.
            now: this instant.

        Raises:
            ValueError: as for `say`.
        """
        conversation = await self._conversation(session, to)
        new = {
            key: self._first_row(Letter(message, to, key), conversation, now)
            for key, message in messages.items()
        }
        stored = await rows.insert_deliveries(session, list(new.values()))
        parts = await rows.parts_by_key(session, self.workspace_id, new.keys() - stored)
        renewed = [_renew(of_key, new[key], now) for key, of_key in parts.items()]
        if stored or any(renewed):
            await self.carrier.carry(session, {conversation})

    async def say_each(
        self, session: AsyncSession, letters: Sequence[Letter], now: datetime
    ) -> None:
        """Say many messages to as many people or channels: as `say` for each, in few statements.

        Raises:
            ValueError: a key belongs to another place.
        """
        new = {each.key: self._first_row(each, each.to.name, now) for each in letters}
        stored = await rows.insert_deliveries(session, list(new.values()))
        parts = await rows.parts_by_key(session, self.workspace_id, new.keys() - stored)
        renewed = {key for key, of_key in parts.items() if _renew(of_key, new[key], now)}
        if said := stored | renewed:
            await self.carrier.carry(session, {new[key].place for key in said})

    async def say_once(
        self, session: AsyncSession, message: Message, *, to: Place, key: str, now: datetime
    ) -> None:
        """Say a message unless something was said under its key before, whatever it was."""
        conversation = await self._conversation(session, to)
        row = self._first_row(Letter(message, to, key), conversation, now)
        if await rows.insert_delivery(session, row):
            await self.carrier.carry(session, {conversation})

    async def is_said(self, session: AsyncSession, key: str) -> bool:
        """Whether something posted stands under a key: to change it notifies nobody."""
        parts = await rows.parts_of(session, self.workspace_id, key)
        return bool(parts) and parts[0].posted_at is not None

    async def withdraw(self, session: AsyncSession, key: str, reason: str) -> bool:
        """Take back what is not posted yet; tell whether there was something, now or before."""
        return await self.withdraw_each(session, [key], reason)

    async def withdraw_each(
        self, session: AsyncSession, keys: Collection[str], reason: str
    ) -> bool:
        """Take back many subjects: as `withdraw` for each, in few statements."""
        found = await rows.parts_by_key(session, self.workspace_id, keys)
        unposted = [
            part
            for parts in found.values()
            for part in parts
            if rules.can_be_withdrawn(part.state, part.slack_ts, is_uncertain=part.is_uncertain)
        ]
        for part in unposted:
            part.state = DeliveryState.EXPIRED
            part.reason = reason
        if unposted:  # what waited behind it can go on
            await self.carrier.carry(session, {part.conversation for part in unposted})
        return bool(unposted)

    async def standing(self, session: AsyncSession, keys: Collection[str]) -> dict[str, Standing]:
        """What is, or will be, read under some keys; locked. What is over is left out."""
        found = await rows.parts_by_key(session, self.workspace_id, keys)
        heads = {key: parts[0] for key, parts in found.items()}
        return {
            key: Standing(
                message=self.codec.decode(head.kind, head.value),
                person_id=head.person_id,
                is_posted=head.slack_ts is not None,
            )
            for key, head in heads.items()
            if head.stripped_at is None
            and (head.slack_ts or head.state in (*LIVE, DeliveryState.WAITING))
        }

    async def try_again(self, session: AsyncSession, to: Place, now: datetime) -> int:
        """Give what failed or is held at a place and in its threads another chance; how many."""
        unsaid = await rows.unsaid_at(session, self.workspace_id, to.name)
        for row in unsaid:
            _revive(row, now)
        if unsaid:
            await self.carrier.carry(session, {to.name})
        return len(unsaid)

    async def revive(self, session: AsyncSession, row: Delivery, now: datetime) -> None:
        """Give one message that failed or is held another chance."""
        _revive(row, now)
        await self.carrier.carry(session, {row.conversation})

    async def _conversation(self, session: AsyncSession, to: Place) -> str:
        """The channel or person that a place belongs to: for a thread, where its head stands."""
        if to.thread_ts is not None:
            return f"channel:{to.channel_id}"
        if to.parent_key is None:
            return to.name
        parent = await rows.first_part(session, self.workspace_id, to.parent_key)
        if parent is None:
            raise ValueError(f"'{to.parent_key}' was never said: say it before its replies")
        if parent.place_kind is PlaceKind.THREAD:
            raise ValueError(
                f"'{to.parent_key}' is itself a reply: reply to '{parent.parent_key}' instead"
            )
        return parent.place

    def _first_row(self, letter: Letter, conversation: str, now: datetime) -> Delivery:
        message, to = letter.message, letter.to
        return Delivery(
            workspace_id=self.workspace_id,
            key=letter.key,
            opaque_id=uuid4().hex,
            trace=self._trace(),
            kind=message.kind,
            value=self.codec.encode(message),
            place_kind=to.kind,
            place=to.name,
            conversation=conversation,
            channel_id=to.channel_id,
            person_id=to.person_id,
            parent_key=to.parent_key,
            thread_ts=to.thread_ts,
            state=_first_state(to.kind, message.attention),
            due_at=now,
            expires_at=letter.expires_at,
            attention=message.attention,
            created_at=now,
        )


def _renew(parts: Sequence[Delivery], new: Delivery, now: datetime) -> bool:
    """Bring a subject's parts to a new value; tell whether it is one."""
    first = parts[0]
    if first.place != new.place:
        raise ValueError(
            f"'{new.key}' was said to {first.place}, not to {new.place}: use another key"
        )
    if (first.kind, first.value) == (new.kind, new.value):
        return False
    first.expires_at, first.attention = new.expires_at, new.attention
    for part in parts:
        part.kind, part.value, part.trace = new.kind, new.value, new.trace
        part.revision += 1
        part.stripped_at = None
        part.picture_state = PictureState.SETTLED  # who says it looks what it shows
        if part.state is DeliveryState.WAITING:
            part.due_at = now  # its time may end sooner now: it is looked at again
        elif part.state not in LIVE:
            _revive(part, now)
    return True


def _first_state(place_kind: PlaceKind, attention: Attention) -> DeliveryState:
    is_counted = rules.is_counted(place_kind, attention)
    return DeliveryState.WAITING if is_counted else DeliveryState.DUE


def _revive(row: Delivery, now: datetime) -> None:
    """Take a row up again; what an attempt may have left at Slack is still looked up first."""
    may_be_seen = row.slack_ts is not None or row.is_uncertain
    row.state = DeliveryState.DUE if may_be_seen else _first_state(row.place_kind, row.attention)
    row.due_at = rules.next_edit_at(row.posted_at, now, row.attention)
    row.attempts, row.is_reopened = 0, False
    row.picture_state = PictureState.SETTLED
    row.trouble_since, row.reason, row.cure, row.trouble = None, "", "", ""
