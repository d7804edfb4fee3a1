"""Tables of the room `delivery`: the ledger of everything said, and the pacing clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, TextClause, UniqueConstraint, false, text
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import Attention, DeliveryState, PictureState, PlaceKind

LIVE = (DeliveryState.DUE, DeliveryState.SENDING)
"""What is still to be said; the followers at the same place wait for it."""

UNSAID = (DeliveryState.FAILED, DeliveryState.HELD)
"""What was given up, until somebody mends or drops it."""

OVER = (DeliveryState.SENT, DeliveryState.EXPIRED)
"""What nothing more is to be done with."""

_LIVE = text("state IN ('due', 'sending')")
_UNSAID = text("state IN ('failed', 'held')")
_WAITING = text("state = 'waiting'")
_ADMITTED = text("admitted_at IS NOT NULL")
_TOLD = text("told_under IS NOT NULL")
_POSTED = text("posted_at IS NOT NULL")
_WHOLE = text("stripped_at IS NULL")


def _partial(name: str, condition: TextClause, *columns: str) -> Index:
    """An index of the few rows that a condition picks from a ledger that only grows."""
    return Index(name, "workspace_id", *columns, sqlite_where=condition, postgresql_where=condition)


class Delivery(Row, table=True):
    """One Slack message: what is said, where, and how far it got.

    A subject (`key`) whose text outgrows one Slack message has several rows, numbered by `part`.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "key", "part"),
        _partial("ix_delivery_live", _LIVE, "due_at", "id"),
        _partial("ix_delivery_place", _LIVE, "place", "id"),
        _partial("ix_delivery_conversation", _LIVE, "conversation", "id"),
        _partial("ix_delivery_waiting", _WAITING, "due_at", "person_id"),
        _partial("ix_delivery_admitted", _ADMITTED, "person_id", "admitted_at"),
        _partial("ix_delivery_unsaid", _UNSAID, "id"),
        _partial("ix_delivery_told", _TOLD, "told_under"),
        _partial("ix_delivery_posted", _POSTED, "posted_at"),
        _partial("ix_delivery_whole", _WHOLE, "created_at"),
    )

    key: str
    """What, whom, when: `request:17:2026-11-25`. Never shown outside."""
    part: int = 0
    leader_id: int | None = Field(default=None, foreign_key="delivery.id")
    """For the further parts, the row of part 0: they follow right behind it."""
    opaque_id: str = Field(unique=True)
    """What Slack's message metadata carries: any app in the workspace can read that."""
    trace: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The id, in the log, of the click or tick that said this value."""
    kind: str
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    revision: int = 1
    """Rises with each new value of the same subject."""

    place_kind: PlaceKind = Field(sa_column=Column(EnumText(PlaceKind), nullable=False))
    place: str
    """Orders are kept within a place: `channel:C1`, `person:7`, `thread:digest:3:2026-11-27`."""
    conversation: str = Field(sa_column_kwargs={"server_default": ""})
    """The channel or person that the place belongs to: for a reply, where its thread is."""
    channel_id: str | None = None
    """Known from the start for a channel; for a person and a thread, once it is posted."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    parent_key: str | None = Field(default=None, index=True)
    """A thread reply waits until this subject's first part is posted."""
    thread_ts: str | None = None
    """The message of somebody else's that it is a reply to."""

    state: DeliveryState = Field(
        default=DeliveryState.DUE, sa_column=Column(EnumText(DeliveryState), nullable=False)
    )
    due_at: datetime
    """When it can go on; for what waits, when it is looked at again; when it was given up."""
    expires_at: datetime | None = None
    attention: Attention = Field(
        default=Attention.FREE,
        sa_column=Column(EnumText(Attention), nullable=False, server_default="free"),
    )
    admitted_at: datetime | None = None
    """When its reader's hours and budget admitted it; never set for what costs no attention."""
    admitted_until: datetime | None = None
    """What is not posted by then must be admitted anew: it may be night by now."""
    waited_for: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was not admitted at once, or was although it should have waited; stays for ever."""
    attempts: int = 0
    first_attempt_at: datetime | None = None
    """When a post was first tried: a look-up need not read further back."""
    attempted_revision: int = 0
    """What the last post carried: what is there, if a look-up finds it."""
    is_uncertain: bool = False
    """The last post may have been accepted: look it up before posting again."""
    lease_owner: str | None = None
    lease_until: datetime | None = None
    trouble_since: datetime | None = None
    """When Slack first did not take it; empty again once it did."""
    reason: str = ""
    """Why it waits, failed, expired or is held."""
    cure: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What would mend it, where that is known."""
    trouble: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Slack's own word for why it does not take it, such as `edit_window_closed`."""
    told_under: str | None = None
    """The key of the notice that told the PMO of its trouble: one for many deliveries."""
    is_reopened: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """The direct messages were opened anew, because Slack no longer knew their id."""

    picture_state: PictureState = Field(
        default=PictureState.SETTLED,
        sa_column=Column(EnumText(PictureState), nullable=False, server_default="settled"),
    )
    pictures: dict[str, str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    """What is uploaded of it, by the digests of the bytes: Slack's ids of pictures, and its links
    to documents."""

    slack_ts: str | None = None
    posted_revision: int = 0
    posted_at: datetime | None = None
    posted_text: str | None = None
    posted_blocks: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON))
    created_at: datetime
    stripped_at: datetime | None = None
    """When its text was dropped for its age; what it was, where and when, stays."""


class Gate(Row, table=True):
    """The pacing clock of one scope (a method, a channel): the next instant it may be used."""

    __table_args__ = (UniqueConstraint("workspace_id", "scope"),)

    scope: str
    next_at: datetime
    slow_until: datetime | None = None
    """Slack has asked to wait: until then more of its limit is left unused."""
