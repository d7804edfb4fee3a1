"""Who opens a meeting, or takes its chair, is there."""

from domain.delivery.service import Outbox
from domain.meetings.attendance.desk import Desk
from domain.meetings.series.keeping import Act
from domain.meetings.sitting.table import Table


async def sit_down(table: Table, outbox: Outbox) -> None:
    """Note that the person is there, on their own seat and the one that they take for somebody."""
    act = Act(table.viewer.slack_id, table.now)
    desk = Desk(table.session, outbox, table.about, act)
    await desk.sit_down(table.roster, table.viewer.person_id)
