"""Whether the clock finds anything to do in the cycles: one statement for each tick at rest."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Date, Integer, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from models.collecting.absent import absent_requests
from models.collecting.moves import held_requests
from models.collecting.planning import cycles_over, requests_due
from models.collecting.reminders import reminders_due
from models.portfolio import Workspace

_DAY = timedelta(days=1)


async def is_something_due(session: AsyncSession, workspace_id: int, now: datetime) -> bool:
    """Whether there is anything to plan, ask, close, ask again, hand on or remind of.

    Each part is the condition by which its own job finds its rows: what this overlooks would never
    be done.
    """
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "tomorrow": (now + _DAY).date(),
        "yesterday": (now - _DAY).date(),
    }
    found = await session.exec(_due(), params=values)
    return bool(found.one())


@cache
def _due() -> Any:
    """The statement, built once: building it costs more than its answer."""
    workspace_id = bindparam("workspace_id", type_=Integer())
    now = bindparam("now", type_=UTCDateTime())
    tomorrow = bindparam("tomorrow", type_=Date())
    parts = (
        requests_due(workspace_id, now, now),
        cycles_over(workspace_id, now),
        held_requests(workspace_id, now, tomorrow),
        absent_requests(),
        reminders_due(workspace_id, now),
    )
    is_outdated = col(Workspace.plan_revision) != Workspace.planned_revision
    return select(or_(is_outdated, *(each.exists() for each in parts))).where(
        Workspace.id == workspace_id
    )
