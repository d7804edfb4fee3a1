"""The query for requests that stand with somebody who may be away."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, bindparam, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.sqltypes import UTCDateTime

from models.calendar import Absence
from models.collecting.requests import is_newest_asked
from models.collecting.tables import Cycle, StatusRequest
from models.enums import CycleState, RequestState
from models.portfolio import Person, Project

_DAY = timedelta(days=1)


class AbsentRequest(NamedTuple):
    """A request that was asked of a PM or a deputy who may be on leave."""

    request_id: int
    person_id: int
    pm_id: int
    deputy_id: int
    ask_at: datetime
    cut_off_at: datetime


async def requests_of_absent(
    session: AsyncSession, workspace_id: int, now: datetime
) -> list[AbsentRequest]:
    """What waits for somebody with leave about now, where PM and deputy are both in Slack.

    Their own day may be the one before or after that of UTC: whether they are away is decided by
    their zone.
    """
    values = {
        "workspace_id": workspace_id,
        "now": now,
        "tomorrow": (now + _DAY).date(),
        "yesterday": (now - _DAY).date(),
    }
    found = await session.exec(absent_requests(), params=values)
    return [AbsentRequest(*row) for row in found.all()]


@cache
def absent_requests() -> Any:
    """The statement, built once: each tick asks it, and building it costs more than the answer.

    Its values: `workspace_id`, `now`, `tomorrow` and `yesterday` of it in UTC.
    """
    now = bindparam("now", type_=UTCDateTime())
    pm, deputy = aliased(Person), aliased(Person)
    is_away = (
        select(Absence.id)
        .where(
            Absence.person_id == StatusRequest.person_id,
            col(Absence.first) <= bindparam("tomorrow", type_=Date()),
            col(Absence.until) >= bindparam("yesterday", type_=Date()),
        )
        .exists()
    )
    columns = (
        *(StatusRequest.id, StatusRequest.person_id, Project.pm_id, Project.deputy_id),
        *(StatusRequest.ask_at, Cycle.cut_off_at),
    )
    return (
        select(*columns)  # type: ignore[call-overload]
        .select_from(StatusRequest)
        .join(Cycle, col(Cycle.id) == StatusRequest.cycle_id)
        .join(Project, col(Project.id) == StatusRequest.project_id)
        .join(pm, col(pm.id) == Project.pm_id)
        .join(deputy, col(deputy.id) == Project.deputy_id)
        .where(
            StatusRequest.workspace_id == bindparam("workspace_id", type_=Integer()),
            StatusRequest.state == RequestState.ASKED,
            Cycle.state == CycleState.OPEN,
            col(Cycle.cut_off_at) > now,
            col(pm.is_gone).is_(False),
            col(deputy.is_gone).is_(False),
            pm.id != deputy.id,
            or_(
                col(StatusRequest.person_id) == Project.pm_id,
                col(StatusRequest.person_id) == Project.deputy_id,
            ),
            is_away,
            is_newest_asked(),
        )
        .order_by(col(Cycle.id), col(StatusRequest.id))
    )
