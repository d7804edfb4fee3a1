"""Tables of the room `portfolio`: workspaces, people, councils, projects, configuration, audit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import EnumText, Row
from models.enums import Visibility


class Workspace(SQLModel, table=True):
    """One Slack team; every other row belongs to one."""

    id: int | None = Field(default=None, primary_key=True)
    team_id: str = Field(unique=True)
    name: str
    timezone: str = "UTC"
    created_at: datetime


class Configuration(Row, table=True):
    """What `pmobot apply` was last given, checked and whole; rooms read their part of it."""

    __table_args__ = (UniqueConstraint("workspace_id"),)

    applied_at: datetime
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Phase(Row, table=True):
    """A step of a project's life; data, because other shops have other phases."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: str
    position: int
    asked: bool = True


class Person(Row, table=True):
    """A Slack user known to the bot."""

    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    slack_id: str
    email: str | None = Field(default=None, index=True)
    name: str
    timezone: str | None = None
    is_pmo: bool = False
    is_guest: bool = False
    is_gone: bool = False
    dm_channel: str | None = None


class Council(Row, table=True):
    """A governance body and the channel where it reads."""

    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    name: str
    channel_id: str
    channel_name: str
    channel_is_private: bool = False
    chair_id: int | None = Field(default=None, foreign_key="person.id")
    timezone: str | None = None


class CouncilMember(Row, table=True):
    """A person's seat on a council."""

    __tablename__ = "council_member"
    __table_args__ = (UniqueConstraint("council_id", "person_id"),)

    council_id: int = Field(foreign_key="council.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    voting: bool = True


class Project(Row, table=True):
    """A project of the portfolio."""

    __table_args__ = (UniqueConstraint("workspace_id", "code"),)

    code: str
    name: str
    council_id: int = Field(foreign_key="council.id", index=True)
    phase_id: int = Field(foreign_key="phase.id")
    visibility: Visibility = Field(
        default=Visibility.OPEN, sa_column=Column(EnumText(Visibility), nullable=False)
    )
    pm_id: int = Field(foreign_key="person.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    sponsor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    budget: Decimal | None = Field(default=None, max_digits=16, decimal_places=2)
    description: str = ""
    notes: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """Extra columns of the portfolio file."""
    imported: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The file's own words at the last import: the file wins only where the file itself changed."""


class AuditEntry(Row, table=True):
    """Who changed what, when, from what, to what."""

    __tablename__ = "audit_entry"

    at: datetime
    actor: str
    """A Slack user id, or the command that did it."""
    subject: str
    """The kind and name of what was changed, such as `project APOLLO`."""
    field: str
    old: str | None = None
    new: str | None = None
