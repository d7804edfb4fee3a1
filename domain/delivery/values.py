"""What a worker holds while it says something, and what can come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.ports import Posted
from models.enums import Attention, DeliveryStep, PictureState, PlaceKind


class File(Protocol):
    """A picture or document of a message; made twice of the same, it has the same bytes."""

    @property
    def name(self) -> str:
        """Of the file."""
        ...

    @property
    def data(self) -> bytes:
        """The file."""
        ...

    @property
    def title(self) -> str:
        """What Slack calls it."""
        ...

    @property
    def short_alt(self) -> str:
        """What a picture shows, in words that a file takes; nothing for a document."""
        ...

    @property
    def digest(self) -> str:
        """What its bytes are known by."""
        ...


class Rendered(Protocol):
    """One Slack message as it will look; templates make it."""

    @property
    def text(self) -> str:
        """The plain text, for notifications."""
        ...

    @property
    def blocks(self) -> Sequence[Mapping[str, Any]]:
        """The Block Kit of it."""
        ...

    @property
    def pictures(self) -> Sequence[File]:
        """What it shows, and what has to be uploaded before it can be said."""
        ...

    @property
    def documents(self) -> Sequence[File]:
        """What it brings along, to be uploaded as well."""
        ...

    def with_files(self, files: Mapping[str, str]) -> "Rendered":
        """As Slack takes it: what is uploaded, by digest, and what is not, in words.

        A picture is known by its file's id, a document by the link to it.
        """
        ...


@dataclass(frozen=True)
class Claim:
    """One delivery in one worker's hands, with all that its next step needs."""

    delivery_id: int
    lease_owner: str
    lease_until: datetime
    send_at: datetime
    """The turn that Slack's limits leave for the call."""
    step: DeliveryStep
    attempts: int
    """This one counted."""
    is_first: bool
    """Whether this value was never tried before."""
    wanted_at: datetime
    """When this value was to be said: how late it is counts from there."""

    trace: str
    """The log's id of what caused it."""
    key: str
    kind: str
    value: Mapping[str, Any]
    attention: Attention
    place_kind: PlaceKind
    revision: int
    attempted_revision: int
    """What an earlier post carried, if there was one."""
    part: int
    opaque_id: str
    since: datetime
    """A look-up need not read further back."""

    conversation: str
    """The conversation: for a reply, that of the message which it is under."""
    channel_id: str | None
    """None as long as a direct message is not opened."""
    person_slack_id: str | None
    """Whose direct messages these are, if they are somebody's."""
    thread_ts: str | None
    slack_ts: str | None
    posted_text: str | None
    posted_blocks: Sequence[Mapping[str, Any]] | None
    picture_state: PictureState
    pictures: Mapping[str, str]
    """By digest what is uploaded: Slack's ids of pictures, its links to documents."""

    @property
    def channel(self) -> str:
        """The id of the conversation, for every step but the one that opens it."""
        if self.channel_id is None:
            raise ValueError(f"delivery {self.delivery_id}: {self.conversation} is not opened yet")
        return self.channel_id

    @property
    def person(self) -> str:
        """The Slack id of the person, for the step that opens their direct messages."""
        if self.person_slack_id is None:
            raise ValueError(f"delivery {self.delivery_id}: {self.conversation} is no person")
        return self.person_slack_id


@dataclass(frozen=True)
class DmOpened:
    """The direct messages with a person are open: the message itself comes next."""

    channel_id: str


@dataclass(frozen=True)
class NotPosted:
    """A look-up has shown that Slack never took it: posting it comes next."""


@dataclass(frozen=True)
class PictureDue:
    """Nothing was posted: it has a picture or document that has to be uploaded first."""


@dataclass(frozen=True)
class Uploaded:
    """Slack has a picture or document: the next one comes next, or the message itself."""

    files: Mapping[str, str]
    """Its id or link by its digest; nothing if none was missing after all."""
    is_complete: bool


@dataclass(frozen=True)
class NotNeeded:
    """It need not be said any more."""

    reason: str


@dataclass(frozen=True)
class NotAdmitted:
    """It was held up for so long that its reader's hours must be asked again."""


@dataclass(frozen=True)
class Said:
    """Slack has it, with the text of one revision."""

    posted: Posted
    revision: int
    looks: Rendered | None
    """As it looks there; None where a look-up found an older revision."""
    parts: int = 1
    """How many Slack messages the whole text takes."""


OnTheWay = DmOpened | NotPosted | PictureDue | Uploaded
"""What is done, and followed by another step at once."""

Outcome = OnTheWay | NotNeeded | NotAdmitted | Said


@dataclass(frozen=True)
class PicturesLost:
    """Slack does not take its files: it is said with words in their place, and the PMO told."""


@dataclass(frozen=True)
class Undelivered:
    """A delivery that was given up, as the PMO sees it: a dead letter."""

    delivery_id: int
    kind: str
    """The kind of the message, such as `status_request`."""
    channel_id: str | None
    """The channel that it is for, or in whose thread it stands; None for a direct message."""
    person_slack_id: str | None
    """The person that it is for; None for a channel."""
    since: datetime
    cause: str
    cure: str
    is_held: bool
    """Nobody can tell whether Slack took it: somebody must look before it is said again."""
    is_edit: bool
    """It stands in Slack, with an older text."""
    is_over: bool
    """It would be worth nothing any more, so that it can only be dropped."""
