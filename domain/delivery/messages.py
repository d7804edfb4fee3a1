"""What a message is and where it goes: plain values, stored in the ledger, rendered much later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Protocol

from pydantic import TypeAdapter

from models.enums import Attention, PlaceKind


class Message(Protocol):
    """A frozen dataclass that says *what* to tell, never how it looks.

    Its `kind` is stored beside the value: it must stay the same for as long as rows live.
    """

    kind: ClassVar[str]
    attention: ClassVar[Attention]
    """What it costs its reader when it is a direct message of its own."""


@dataclass(frozen=True)
class Place:
    """Where a message goes; made by `channel`, `person`, `thread` or `under`."""

    kind: PlaceKind
    channel_id: str | None = None
    person_id: int | None = None
    parent_key: str | None = None
    thread_ts: str | None = None

    @classmethod
    def channel(cls, channel_id: str) -> "Place":
        """A channel, by its Slack id."""
        return cls(PlaceKind.CHANNEL, channel_id=channel_id)

    @classmethod
    def person(cls, person_id: int) -> "Place":
        """The direct messages with a person, by the number of their row."""
        return cls(PlaceKind.PERSON, person_id=person_id)

    @classmethod
    def thread(cls, parent_key: str) -> "Place":
        """The thread under another message, by the key under which that one was said."""
        return cls(PlaceKind.THREAD, parent_key=parent_key)

    @classmethod
    def under(cls, channel_id: str, thread_ts: str) -> "Place":
        """The thread under a message of somebody else's, by its channel and timestamp in Slack."""
        return cls(PlaceKind.THREAD, channel_id=channel_id, thread_ts=thread_ts)

    @property
    def name(self) -> str:
        """The place in one word, `channel:C1`: messages keep their order within it."""
        match self.kind:
            case PlaceKind.CHANNEL:
                return f"channel:{self.channel_id}"
            case PlaceKind.PERSON:
                return f"person:{self.person_id}"
            case PlaceKind.THREAD:
                return f"thread:{self.parent_key or f'{self.channel_id}:{self.thread_ts}'}"


@dataclass(frozen=True)
class Letter:
    """One of many messages, each to a person or channel of its own."""

    message: Message
    to: Place
    key: str
    expires_at: datetime | None = None


@dataclass(frozen=True)
class DeliveryProblem:
    """Tells the PMO that something could not be said, and what to do about it."""

    kind: ClassVar[str] = "delivery_problem"
    attention: ClassVar[Attention] = Attention.NOTICE

    what: str
    """The kind of the message that could not be said; of the first one, if there are several."""
    channel_id: str | None
    """The channel that it was for, where it was for one."""
    person_slack_id: str | None
    """The person that it was for, where it was for one."""
    cause: str
    cure: str
    is_held: bool = False
    """Nobody can tell whether Slack took it: a person must look before it is said again."""
    is_picture: bool = False
    """It was said, but without its picture or document."""
    count: int = 1
    """How many messages the same cause has hit on the day."""


@dataclass(frozen=True)
class EmptiedPart:
    """What is left where a newer, shorter text no longer needs one of its further messages.

    Never stored: the worker renders it in place of the part.
    """

    kind: ClassVar[str] = "emptied_part"
    attention: ClassVar[Attention] = Attention.FREE


class MessageCodec:
    """Turns messages into stored values and back, by their kind."""

    def __init__(self, types: Iterable[type[Message]]) -> None:
        self._types: dict[str, type[Message]] = {}
        every: list[type[Message]] = [DeliveryProblem, *types]
        for message_type in every:
            known = self._types.setdefault(message_type.kind, message_type)
            if known is not message_type:
                raise ValueError(
                    f"{known.__name__} and {message_type.__name__} are both of the kind "
                    f"'{message_type.kind}'; give one of them another kind"
                )

    def encode(self, message: Message) -> dict[str, Any]:
        """The value of a message as JSON can hold it.

        Raises:
            ValueError: its type is not one that this codec knows.
        """
        if self._types.get(message.kind) is not type(message):
            raise ValueError(
                f"{type(message).__name__} (kind '{message.kind}') is not registered; "
                "add it to the types that the codec is made from"
            )
        value: dict[str, Any] = _adapter(type(message)).dump_python(message, mode="json")
        return value

    def decode(self, kind: str, value: Mapping[str, Any]) -> Message:
        """The message of a stored value.

        Raises:
            ValueError: the kind is unknown, or the value is not one of that kind.
        """
        if kind not in self._types:
            raise ValueError(
                f"no message is of the kind '{kind}'; it may come from a newer version"
            )
        message: Message = _adapter(self._types[kind]).validate_python(value)
        return message


@cache
def _adapter(message_type: type[Message]) -> TypeAdapter[Any]:
    """Made when the first such message comes: all of them would take a third of a bot's start."""
    return TypeAdapter(message_type)
