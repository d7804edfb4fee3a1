"""Tables of the room `answers`: what was asked of the handbook, and what the PMO makes of it."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field

from models.base import EnumText, Row
from models.enums import AskedIn, GroupState


class QuestionGroup(Row, table=True):
    """Questions that ask the same, and what the PMO did about them; none of their words."""

    __tablename__ = "question_group"

    opened_at: datetime
    state: GroupState = Field(
        default=GroupState.OPEN, sa_column=Column(EnumText(GroupState), nullable=False)
    )
    state_at: datetime | None = None
    """Since when; what is asked after the end of a group opens it anew."""
    state_by_id: int | None = Field(default=None, foreign_key="person.id")
    """Who did it; NULL: nobody, it came about by itself."""
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    """Who is, or was last, asked to see to it."""
    note: str = ""
    """What they said that they have done."""
    acts: int = 0
    """How often something was done: who acts on an older state is told what happened."""


class Question(Row, table=True):
    """One question, and what became of it; only the PMO reads of it."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "origin", "position"),
        Index("ix_question_asked_at", "workspace_id", "asked_at"),
        Index("ix_question_listed", "workspace_id", "listed_at"),
    )

    asked_at: datetime
    person_id: int = Field(foreign_key="person.id")
    asked_in: AskedIn = Field(sa_column=Column(EnumText(AskedIn), nullable=False))
    origin: str | None = None
    """Slack's id of the event that brought it; NULL for a command, which comes but once."""
    position: int = 0
    """Which question of the text it is."""
    text: str
    """Without people's names and addresses; empty once it is purged."""
    corrected: str = ""
    """How its spelling was repaired; empty if it was not, or is purged."""
    band: str
    """How sure the answer was."""
    top: list[tuple[str, float]] = Field(sa_column=Column(JSON, nullable=False))
    """The sections that came nearest, by id, best first, with their scores."""
    answered_id: str = ""
    """The section that was shown."""
    clicked_id: str = ""
    """The section that somebody chose afterwards."""
    helpful: bool | None = None
    handbook: str
    """The version of the handbook that answered."""
    listed_at: datetime | None = None
    """Since when it is on the PMO's list as one without a good answer; NULL: it is not."""
    group_id: int | None = Field(default=None, foreign_key="question_group.id", index=True)
    """The questions on the list that ask the same; NULL: not sorted yet, or not on the list."""
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id", index=True)
    """Where the PMO was asked it; NULL: nobody was."""


class AliasProposal(Row, table=True):
    """What somebody of the PMO would have a section be found by; the handbook decides."""

    __tablename__ = "alias_proposal"
    __table_args__ = (UniqueConstraint("workspace_id", "phrase_key", "section_id"),)

    group_id: int | None = Field(default=None, foreign_key="question_group.id")
    phrase: str
    """As they typed it."""
    phrase_key: str
    """The same in small letters."""
    section_id: str
    file: str
    line: int
    """Where the section stood then."""
    person_id: int = Field(foreign_key="person.id")
    proposed_at: datetime
    taken_at: datetime | None = None
    """Since when the handbook has it, or somebody has said so."""


class QuestionWeek(Row, table=True):
    """Up to when one of the PMO was told of questions."""

    __tablename__ = "question_week"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: int = Field(foreign_key="person.id")
    told_week: date | None = None
    """The Monday of the last week that was told, or is not to be."""
    told_at: datetime | None = None
    """Up to when questions were told; NULL: of none yet."""
    key: str = ""
    """Under which the last list was said; empty: there was none."""
