"""What the domain needs from outside, as small protocols; `bot` gives the real ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    """Says what time it is: the only source of `now` at the edges."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SlackUser:
    """A person as Slack knows them."""

    slack_id: str
    name: str
    email: str | None
    timezone: str | None
    is_guest: bool = False
    is_gone: bool = False
    is_bot: bool = False
    status_emoji: str = ""
    """As Slack writes it: `:palm_tree:`."""
    status_ends_at: datetime | None = None
    """When Slack clears the status; None: never."""


@dataclass(frozen=True)
class SlackChannel:
    """A channel as Slack knows it."""

    channel_id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    is_member: bool = False
    """Whether the bot is in it: posting needs that."""


@dataclass(frozen=True)
class SlackApp:
    """The app as Slack knows it."""

    scopes: frozenset[str]
    """What it is granted."""
    skew: timedelta | None = None
    """How far this machine's clock is ahead of Slack's; None where Slack does not tell its time."""
    team_id: str = ""
    team: str = ""


class Directory(Protocol):
    """Who and what there is in the Slack workspace now; nothing is remembered between two calls.

    Every method raises one of the `DeliveryTrouble` errors of `domain.delivery.errors`.
    """

    async def users(self) -> Sequence[SlackUser]:
        """Everybody, guests and people who left included."""
        ...

    async def user(self, slack_id: str) -> SlackUser | None:
        """One person, or None if Slack knows nobody of that id."""
        ...

    async def channels(self) -> Sequence[SlackChannel]:
        """Every channel that the bot can see."""
        ...

    async def app(self) -> SlackApp:
        """The app itself: what it is granted, and how Slack's clock compares with ours."""
        ...

    async def link(self, channel_id: str, ts: str, reader: str) -> str:
        """A link to a message; empty if the person with the Slack id `reader` can't read there."""
        ...


@dataclass(frozen=True)
class Posted:
    """A message that Slack has taken."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class Stored:
    """A file that Slack has, and that nobody but the bot sees until a message names it."""

    file_id: str
    """By which a block shows it, if it is a picture."""
    link: str
    """Its permalink: a post of the bot that contains it shares the file with its readers."""


class FileReader(Protocol):
    """Fetches what people have given to Slack in a form."""

    async def fetch(self, address: str, most: int) -> bytes:
        """The first bytes of a file, `most` at most.

        Raises:
            UnreadableError: Slack does not give it; the text says why, and the cure.
        """
        ...


class NoFiles:
    """Where nobody can upload anything: in a rehearsal."""

    async def fetch(self, address: str, most: int) -> bytes:
        """Nothing is there."""
        raise FileNotFoundError(address, most)


class Messenger(Protocol):
    """The one way out to Slack, one call each, never repeated by itself.

    Every method raises one of the `DeliveryTrouble` errors of `domain.delivery.errors`.
    """

    async def open_dm(self, slack_id: str) -> str:
        """The id of the direct-message channel with a person."""
        ...

    async def upload(self, name: str, data: bytes, title: str, alt: str) -> Stored:
        """Upload a picture or document that nobody sees until a message shows it.

        Repeating it does no harm: it gives another file. `alt` is empty for a document.
        """
        ...

    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        """Post a message whose metadata carries `opaque_id`."""
        ...

    async def edit(self, posted: Posted, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Bring a posted message to a newer value; repeating it does no harm."""
        ...

    async def find(
        self, channel_id: str, opaque_id: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        """Look up whether a message with that metadata was taken at or after `since`."""
        ...
