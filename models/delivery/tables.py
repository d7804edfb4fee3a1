"""Tables of the room `delivery`: the ledger of everything said, and the pacing clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import DeliveryState, PlaceKind

LIVE = (DeliveryState.DUE, DeliveryState.SENDING)
"""What is still to be said; the followers at the same place wait for it."""

_LIVE = text("state IN ('due', 'sending')")


class Delivery(Row, table=True):
    """One Slack message: what is said, where, and how far it got.

    A subject (`key`) whose text outgrows one Slack message has several rows, numbered by `part`.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "key", "part"),
        Index(
            "ix_delivery_live",
            "workspace_id",
            "due_at",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "ix_delivery_place",
            "workspace_id",
            "place",
            "id",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
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
    channel_id: str | None = None
    """Known from the start for a channel; for a person and a thread, once it is posted."""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    parent_key: str | None = Field(default=None, index=True)
    """A thread reply waits until this subject's first part is posted."""

    state: DeliveryState = Field(
        default=DeliveryState.DUE, sa_column=Column(EnumText(DeliveryState), nullable=False)
    )
    due_at: datetime
    expires_at: datetime | None = None
    attempts: int = 0
    first_attempt_at: datetime | None = None
    """When a post was first tried: a look-up need not read further back."""
    attempted_revision: int = 0
    """What the last post carried: what is there, if a look-up finds it."""
    is_uncertain: bool = False
    """The last post may have been accepted: look it up before posting again."""
    lease_owner: str | None = None
    lease_until: datetime | None = None
    reason: str = ""
    """Why it failed, expired or is held, with the cure."""

    slack_ts: str | None = None
    posted_revision: int = 0
    posted_at: datetime | None = None
    posted_text: str | None = None
    posted_blocks: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON))
    created_at: datetime


class Gate(Row, table=True):
    """The pacing clock of one scope (a method, a channel): the next instant it may be used."""

    __table_args__ = (UniqueConstraint("workspace_id", "scope"),)

    scope: str
    next_at: datetime
