"""Agendas: the items of a meeting, and those that wait for one."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Column, Index
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.enums import ItemState, Purpose
from models.portfolio import Person, Project


class AgendaItem(Row, table=True):
    """One item of a council's agenda, or of its backlog."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_meeting", "meeting_id", "position"),
        Index("ix_agenda_item_council", "council_id", "state"),
    )

    council_id: int = Field(foreign_key="council.id")
    meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """None: it waits in the backlog."""
    position: int = 0
    """Its place within the meeting; gaps are allowed."""
    purpose: Purpose = Field(sa_column=Column(EnumText(Purpose), nullable=False))
    title: str
    text: str = ""
    """What there is to know before."""
    minutes: int = 0
    """0: it takes no time of its own, as a consent item."""
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    project_id: int | None = Field(default=None, foreign_key="project.id")
    log_entry_id: int | None = Field(default=None, foreign_key="log_entry.id")
    """The decision needed, or the action, that it is about."""
    source: str = ""
    """What it was built from: `red:42`; empty: somebody wrote it."""
    state: ItemState = Field(
        default=ItemState.OPEN, sa_column=Column(EnumText(ItemState), nullable=False)
    )
    is_consent: bool = False
    """Routine: agreed together with the others of the block, unless a member pulls it out."""
    is_late: bool = False
    """It came after the pack had gone out, with the chair's consent."""
    carried_from_id: int | None = Field(default=None, foreign_key="agenda_item.id")
    added_by_id: int | None = Field(default=None, foreign_key="person.id")
    """None: it was built from what is due."""
    added_at: datetime
    started_at: datetime | None = None
    """When it became the current item."""
    ended_at: datetime | None = None
    note: str = ""
    """What came of it, for the minutes; why it was removed."""
    revision: int = 1


class ItemRow(NamedTuple):
    """An item with what nearly everybody needs beside it."""

    item: AgendaItem
    project: Project | None
    owner: Person | None


_GONE: Final = (ItemState.REMOVED, ItemState.CARRIED)


async def item_rows_of(
    session: AsyncSession, meeting_id: int, *, with_gone: bool = False
) -> list[ItemRow]:
    """The agenda of a meeting, in its order; with what was removed or carried on, if wanted."""
    statement = (
        select(AgendaItem, Project, Person)
        .outerjoin(Project, col(Project.id) == AgendaItem.project_id)
        .outerjoin(Person, col(Person.id) == AgendaItem.owner_id)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(col(AgendaItem.position), col(AgendaItem.id))
    )
    if not with_gone:
        statement = statement.where(col(AgendaItem.state).not_in(_GONE))
    return [ItemRow(*row) for row in (await session.exec(statement)).all()]
