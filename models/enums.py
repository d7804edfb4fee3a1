"""Words with a fixed set of values; apart from the tables, so that every floor may use them."""

from enum import StrEnum


class Health(StrEnum):
    """How a project is: the colour says who must act."""

    GREEN = "green"
    """Nobody outside the team."""
    YELLOW = "yellow"
    """The PM, within the room they were given."""
    RED = "red"
    """The sponsor or the council."""
    GREY = "grey"
    """No report, not rated, or on hold; never somebody's choice."""


class Visibility(StrEnum):
    """Who may know that a project exists."""

    OPEN = "open"
    RESTRICTED = "restricted"


class LeaveSource(StrEnum):
    """Who says that somebody is away; neither touches what the other says."""

    FILE = "file"
    """The configuration file."""
    PERSON = "person"
    """They themselves, in Slack."""


class RequestState(StrEnum):
    """Where one status request stands."""

    PENDING = "pending"
    """Planned; the asking hour has not come."""
    ASKED = "asked"
    ANSWERED = "answered"
    UNCHANGED = "unchanged"
    LATE = "late"
    """Answered after the cut-off."""
    MISSED = "missed"
    """Nothing by the cut-off."""
    EXCUSED = "excused"
    """Not asked, for the reason on the record."""


class CycleState(StrEnum):
    """Where one reporting cycle stands."""

    OPEN = "open"
    CLOSED = "closed"
    """The cut-off has passed; the digest is not composed yet."""
    REPORTED = "reported"
    """The digest is composed and on its way or posted."""
    SKIPPED = "skipped"
    """Nobody was asked while it was time, and a newer cycle asks instead; the reason is stored."""


class DeliveryState(StrEnum):
    """Where one thing that the bot says stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up, with the reason on the record."""
    EXPIRED = "expired"
    """Its time was over before it could be said."""
    HELD = "held"
    """Nobody can tell whether Slack took it: a person must look."""


class PlaceKind(StrEnum):
    """Where a delivery goes."""

    CHANNEL = "channel"
    PERSON = "person"
    THREAD = "thread"
    """Under the message of another delivery."""


class DeliveryStep(StrEnum):
    """What a delivery needs next: one Slack method, which is also the scope of its pacing."""

    OPEN_DM = "conversations.open"
    LOOK_UP = "conversations.history"
    POST = "chat.postMessage"
    EDIT = "chat.update"
    EXPIRE = "expire"
    """No call at all: its time is over."""
