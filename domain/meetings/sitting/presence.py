"""Who opens a meeting, or takes its chair, is there."""

from domain.meetings.sitting.table import Table
from models.meetings import Attendance
from models.meetings.attendance import attendances_of


async def sit_down(table: Table) -> None:
    """Note that the person is there, on their own seat or the one that they take for somebody."""
    me, meeting = table.viewer.person_id, table.meeting
    seats = [each for each in table.roster.seats if each.sitter.person_id == me]
    if not seats or seats[0].is_present:
        return
    member_id = seats[0].member.person_id
    known = {each.person_id: each for each in await attendances_of(table.session, meeting.pk)}
    kept = known.get(member_id) or Attendance(
        workspace_id=meeting.workspace_id, meeting_id=meeting.pk, person_id=member_id
    )
    kept.present_from = kept.present_from or table.now
    kept.present_until = None
    table.session.add(kept)
