"""The workspace that the sandbox simulates: people, channels, messages, views, and its clock."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from sandbox.clock import Clock
from sandbox.limits import STATUS_SECONDS

Json = dict[str, Any]
StateValues = dict[str, dict[str, Json]]
"""What inputs hold, in Slack's shape: block_id -> action_id -> {"type": ..., "value": ...}."""

ID_SPACE = 36**8
ID_STEP = 2_654_435_761  # coprime to ID_SPACE: scatters a counter over it without repeats


@dataclass
class User:
    """A person, guest or bot."""

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "UTC"
    title: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    """Seconds of the epoch; 0: the status stays until it is changed."""


@dataclass
class Channel:
    """A public or private channel, or a direct message (`is_im`, then `user` is the other side)."""

    id: str
    name: str = ""
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    members: list[str] = field(default_factory=list)
    topic: str = ""
    user: str = ""
    creator: str = ""
    created: int = 0

    @property
    def kind(self) -> Literal["public_channel", "private_channel", "im"]:
        """Slack's name of this type of conversation."""
        if self.is_im:
            return "im"
        return "private_channel" if self.is_private else "public_channel"


@dataclass
class Message:
    """A message; `text` is as Slack stores it, with `&<>` escaped in what people typed."""

    channel: str
    ts: str
    user: str
    text: str = ""
    bot_id: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    thread_ts: str | None = None
    reply_broadcast: bool = False
    metadata: Json | None = None
    edited: str | None = None
    ephemeral_to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether the message stands inside a thread (its root does not count)."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal or an App Home; `payload` is as the app gave it, with missing ids filled in."""

    id: str
    type: Literal["modal", "home"]
    user: str
    payload: Json
    hash: str
    state: StateValues = field(default_factory=dict)
    root_view_id: str = ""
    previous_view_id: str | None = None

    @property
    def external_id(self) -> str:
        """The app's own name for this view, or an empty string."""
        return str(self.payload.get("external_id") or "")

    @property
    def blocks(self) -> list[Json]:
        """The blocks on show."""
        return list(self.payload.get("blocks") or [])


@dataclass
class File:
    """An uploaded file; it exists for others once the upload is completed."""

    id: str
    name: str
    title: str = ""
    content: bytes = b""
    alt_txt: str = ""
    announced_size: int = 0
    user: str = ""
    created: int = 0
    uploaded: bool = False
    completed: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it is shown where it stands, and not only offered for download."""
        return self.name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))


@dataclass(frozen=True)
class Prompt:
    """Something that the app suggests to ask."""

    title: str
    message: str


@dataclass(frozen=True)
class Status:
    """What the app says that it is doing in a thread."""

    thread_ts: str
    text: str
    age: Callable[[], float]


@dataclass
class Trigger:
    """The right to open one modal, handed to the app with an interaction."""

    id: str
    user: str
    age: Callable[[], float]
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction a few times, without being in the channel."""

    id: str
    user: str
    channel: str
    age: Callable[[], float]
    ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Change:
    """A notice that something changed.

    `kind` is one of: message, message_changed, message_deleted, prompts, status, view, home, user,
    channel, read, clock, link (the app connected or left), reset.
    """

    kind: str
    user: str = ""
    channel: str = ""
    ts: str = ""
    view_id: str = ""


class Workspace:
    """Everything that the simulated workspace holds, in memory."""

    def __init__(self, *, name: str = "Sandbox", bot_name: str = "pmobot") -> None:
        self.clock = Clock()
        self.name = name
        self.domain = name.lower().replace(" ", "-")
        self.bot_name = bot_name
        self.base_url = "http://127.0.0.1"
        self._listeners: list[asyncio.Queue[Change]] = []
        self.clock.on_change(lambda: self.announce(Change("clock")))
        self._clear()

    def _clear(self) -> None:
        self.ids_given = 0
        self.team_id = self.new_id("T")
        self.app_id = self.new_id("A")
        self.bot_id = self.new_id("B")
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.retired_ts: dict[str, set[str]] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.last_read: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, tuple[Prompt, ...]] = {}
        self.statuses: dict[str, Status] = {}
        self._last_micros = self._last_now = 0
        self.bot_user_id = self.add_user(self.bot_name, is_bot=True).id

    def reset(self) -> None:
        """Forget everything but the settings; the clock goes back to real time."""
        self._clear()
        self.clock.reset()
        self.announce(Change("reset"))

    # -- identifiers and timestamps ---------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """Return an id that looks like Slack's, such as U0K2X9QJ1."""
        self.ids_given += 1
        return prefix + "0" + _base36(self.ids_given * ID_STEP % ID_SPACE).rjust(8, "0")

    def new_ts(self, channel: str) -> str:
        """Return a message timestamp from the clock, never used before in `channel`."""
        now = round(self.clock.now().timestamp() * 1_000_000)
        micros = now if now < self._last_now else max(now, self._last_micros + 1)
        taken = self.messages.get(channel, {}).keys() | self.retired_ts.get(channel, set())
        while _as_ts(micros) in taken:
            micros += 1
        self._last_micros, self._last_now = micros, now
        return _as_ts(micros)

    def new_hash(self) -> str:
        """Return a fresh view hash."""
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def stopwatch(self) -> Callable[[], float]:
        """Return a function that tells the seconds since now.

        The larger of sandbox time and real time: a jump of the clock makes things expire, and a
        frozen clock does not keep them alive for ever.
        """
        began, began_real = self.clock.now(), time.monotonic()
        return lambda: max(
            (self.clock.now() - began).total_seconds(), time.monotonic() - began_real
        )

    # -- change notices ---------------------------------------------------------------------------

    def announce(self, change: Change) -> None:
        """Tell every subscriber about `change`."""
        for queue in self._listeners:
            queue.put_nowait(change)

    @contextmanager
    def subscribe(self) -> Iterator[asyncio.Queue[Change]]:
        """Yield a queue that receives every `Change` from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            yield queue
        finally:
            self._listeners.remove(queue)

    async def wait_until(self, condition: Callable[[], bool], timeout_seconds: float = 5) -> bool:
        """Wait until `condition()` holds, looking again after every change; False on timeout."""
        with self.subscribe() as changes:
            try:
                async with asyncio.timeout(timeout_seconds):
                    while not condition():
                        await changes.get()
            except TimeoutError:
                return condition()
        return True

    # -- people and channels ----------------------------------------------------------------------

    def add_user(self, name: str, **fields: Any) -> User:
        """Add a person; `fields` are those of `User` (an `id` may be given)."""
        user_id = str(fields.pop("id", "") or self.new_id("U"))
        fields.setdefault("real_name", name)
        user = User(id=user_id, name=name, **fields)
        self.users[user.id] = user
        self.announce(Change("user", user=user.id))
        return user

    def add_channel(self, name: str, **fields: Any) -> Channel:
        """Add a channel; `fields` are those of `Channel` (an `id` may be given)."""
        channel_id = str(fields.pop("id", "") or self.new_id("C"))
        fields.setdefault("created", int(self.clock.now().timestamp()))
        channel = Channel(id=channel_id, name=name, **fields)
        self.channels[channel.id] = channel
        self.announce(Change("channel", channel=channel.id))
        return channel

    def dm(self, user: str) -> Channel:
        """Return the direct message between `user` and the app, made if there is none yet."""
        for channel in self.channels.values():
            if channel.is_im and channel.user == user:
                return channel
        return self.add_channel(
            "",
            id=self.new_id("D"),
            is_im=True,
            is_private=True,
            user=user,
            members=[user, self.bot_user_id],
        )

    def announce_user(self, user: User) -> None:
        """Tell everybody that a person changed."""
        self.announce(Change("user", user=user.id))

    def announce_channel(self, channel: Channel) -> None:
        """Tell everybody that a channel or its members changed."""
        self.announce(Change("channel", channel=channel.id))

    def user_named(self, name_or_email: str) -> User | None:
        """Return the person with this id, name or e-mail address."""
        wanted = name_or_email.lower()
        for user in self.users.values():
            if wanted in {user.id.lower(), user.name.lower(), user.email.lower()}:
                return user
        return None

    def channel_named(self, name_or_id: str) -> Channel | None:
        """Return the channel with this id or name (with or without the leading #)."""
        if name_or_id in self.channels:
            return self.channels[name_or_id]
        name = name_or_id.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and not c.is_im), None)

    def channels_of(self, user: str) -> list[Channel]:
        """Return the conversations that `user` is a member of."""
        return [channel for channel in self.channels.values() if user in channel.members]

    # -- messages ---------------------------------------------------------------------------------

    def add_message(self, channel: str, user: str, text: str = "", **fields: Any) -> Message:
        """Store a message with a fresh `ts`; `fields` are those of `Message`."""
        message = Message(channel=channel, ts=self.new_ts(channel), user=user, text=text, **fields)
        self.messages.setdefault(channel, {})[message.ts] = message
        self.announce(
            Change("message", channel=channel, ts=message.ts, user=message.ephemeral_to or "")
        )
        return message

    def message_changed(self, message: Message, *, edited: bool = True) -> None:
        """Mark `message` as changed in place (and as edited) and tell everybody."""
        if edited:
            message.edited = _as_ts(round(self.clock.now().timestamp() * 1_000_000))
        self.announce(Change("message_changed", channel=message.channel, ts=message.ts))

    def delete_message(self, message: Message) -> None:
        """Remove a message; its `ts` is never given again."""
        del self.messages[message.channel][message.ts]
        self.retired_ts.setdefault(message.channel, set()).add(message.ts)
        self.announce(Change("message_deleted", channel=message.channel, ts=message.ts))

    def message(self, channel: str, ts: str) -> Message | None:
        """Return the message at `ts`, or None."""
        return self.messages.get(channel, {}).get(ts)

    def messages_in(self, channel: str, *, viewer: str | None = None) -> list[Message]:
        """Return a channel's messages, oldest first, replies included.

        Ephemeral ones are included only for `viewer`.
        """
        found = self.messages.get(channel, {}).values()
        return sorted(
            (m for m in found if m.ephemeral_to in (None, viewer)),
            key=lambda m: as_micros(m.ts),
        )

    def replies(self, channel: str, thread_ts: str, *, viewer: str | None = None) -> list[Message]:
        """Return the replies of a thread, oldest first, without its root."""
        found = [
            message
            for message in self.messages.get(channel, {}).values()
            if message.thread_ts == thread_ts
            and message.is_reply
            and message.ephemeral_to in (None, viewer)
        ]
        return sorted(found, key=lambda m: as_micros(m.ts))

    def reply_count(self, message: Message) -> int:
        """Return how many replies the thread of `message` has."""
        return len(self.replies(message.channel, message.ts))

    def mark_read(self, user: str, channel: str) -> None:
        """Note that `user` has seen all there is in `channel`."""
        messages = self.messages_in(channel, viewer=user)
        self.last_read[user, channel] = messages[-1].ts if messages else ""
        self.announce(Change("read", user=user, channel=channel))

    def unread_count(self, user: str, channel: str) -> int:
        """Return how many messages of others `user` has not seen in `channel`."""
        seen = as_micros(self.last_read.get((user, channel), "") or "0.0")
        messages = self.messages_in(channel, viewer=user)
        return sum(as_micros(m.ts) > seen and m.user != user for m in messages)

    # -- the app as an agent ----------------------------------------------------------------------

    def suggest(self, channel: str, prompts: tuple[Prompt, ...]) -> None:
        """Keep what the app suggests to ask in a direct message."""
        self.prompts[channel] = prompts
        self.announce(Change("prompts", channel=channel))

    def set_status(self, channel: str, thread_ts: str, text: str) -> None:
        """Keep what the app is doing in a thread; an empty text ends it."""
        self.statuses.pop(channel, None)
        if text:
            self.statuses[channel] = Status(thread_ts, text, self.stopwatch())
        self.announce(Change("status", channel=channel))

    def status(self, channel: str) -> Status | None:
        """What the app is doing in a direct message now."""
        status = self.statuses.get(channel)
        return status if status is not None and status.age() < STATUS_SECONDS else None

    # -- views ------------------------------------------------------------------------------------

    def open_views(self, user: str) -> list[View]:
        """Return the modals open for `user`, the one on top last."""
        return [self.views[view_id] for view_id in self.stacks.get(user, [])]

    def top_view(self, user: str) -> View | None:
        """Return the modal that `user` sees now, or None."""
        stack = self.stacks.get(user, [])
        return self.views[stack[-1]] if stack else None

    def home(self, user: str) -> View | None:
        """Return the App Home published for `user`, or None."""
        view_id = self.homes.get(user)
        return self.views[view_id] if view_id else None

    # -- short-lived rights -----------------------------------------------------------------------

    def new_trigger(self, user: str, view_id: str | None = None) -> Trigger:
        """Hand out the right to open one modal for `user` within three seconds."""
        self.triggers = {
            key: trigger
            for key, trigger in self.triggers.items()
            if trigger.age() < TRIGGER_MEMORY.total_seconds()
        }
        self.ids_given += 1
        trigger_id = f"{self.ids_given}.{int(self.clock.now().timestamp())}.{secrets.token_hex(8)}"
        trigger = Trigger(trigger_id, user, self.stopwatch(), view_id)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, user: str, channel: str, **fields: Any) -> ResponseUrl:
        """Hand out the right to answer `user` in `channel`; `fields` are those of `ResponseUrl`."""
        right = ResponseUrl(secrets.token_urlsafe(18), user, channel, self.stopwatch(), **fields)
        self.response_urls[right.id] = right
        return right


TRIGGER_MEMORY = timedelta(hours=1)
"""How long a trigger is remembered, to tell an expired one from an invented one."""


def as_micros(ts: str) -> int:
    """Return a message timestamp as a whole number of microseconds, for exact comparison."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds or 0) * 1_000_000 + int(fraction.ljust(6, "0")[:6] or 0)


def _as_ts(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits or "0"
