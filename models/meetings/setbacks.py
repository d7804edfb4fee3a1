"""Whose meetings and votes could not be gone on with."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.digests.setbacks import Setback
from models.enums import Composing
from models.meetings.ballots import Ballot
from models.meetings.tables import Meeting
from models.portfolio import Council


async def councils_put_off(
    session: AsyncSession, workspace_id: int
) -> dict[tuple[Composing, int], str]:
    """The names of councils of which something is put off, by its kind and number."""
    found: dict[tuple[Composing, int], str] = {}
    tables: tuple[tuple[Composing, Any], ...] = (
        (Composing.MEETING, Meeting),
        (Composing.BALLOT, Ballot),
    )
    for work, table in tables:
        rows = await session.exec(
            select(Setback.item_id, Council.name)
            .join(table, table.id == Setback.item_id)
            .join(Council, col(Council.id) == table.council_id)
            .where(Setback.workspace_id == workspace_id, Setback.work == work)
        )
        found |= {(work, number): name for number, name in rows.all()}
    return found
