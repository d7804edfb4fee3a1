"""Makes of a roster what messages tell of it."""

from domain.meetings.attendance.messages import HereTold, SeatsTold, SeatTold
from domain.meetings.attendance.values import Roster, Seat
from models.enums import Rsvp


def seats_told(roster: Roster) -> SeatsTold:
    """Who comes, as the council's channel reads it."""
    return SeatsTold(
        coming=tuple(_told(each) for each in roster.seats if each.is_coming),
        apologies=tuple(each.member.name for each in roster.seats if each.rsvp is Rsvp.NO),
        unsaid=sum(each.rsvp is Rsvp.NONE for each in roster.seats),
        votes=roster.coming,
        needed=roster.needed,
    )


def here_told(roster: Roster) -> HereTold:
    """Who is there now, as the live card tells it."""
    return HereTold(
        here=tuple(_told(each) for each in roster.seats if each.is_present),
        votes=roster.present,
        needed=roster.needed,
    )


def _told(seat: Seat) -> SeatTold:
    is_stand_in = seat.alternate is not None and seat.rsvp is Rsvp.ALTERNATE
    return SeatTold(
        name=seat.sitter.name,
        stands_for=seat.member.name if is_stand_in else "",
        is_late=seat.rsvp is Rsvp.LATE and not seat.is_present,
        has_vote=seat.is_voting,
    )
