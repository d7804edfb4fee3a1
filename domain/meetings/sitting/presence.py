"""Who opens a meeting, or takes its chair, is there."""

from domain.delivery.service import Outbox
from domain.meetings.attendance.desk import Desk
from domain.meetings.series.keeping import Act
from domain.meetings.sitting.table import Table


async def sit_down(table: Table, outbox: Outbox) -> None:
    """Note that the person is there, on their own seat or the one that they take for somebody."""
    me = table.viewer.person_id
    seat = table.roster.seat_of(me) or table.roster.stood_in_by(me)
    if seat is not None and not seat.is_present:
        act = Act(table.viewer.slack_id, table.now)
        await Desk(table.session, outbox, table.about, act).come(seat)
