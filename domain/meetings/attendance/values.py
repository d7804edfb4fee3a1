"""Who sits on a council at one meeting."""

from dataclasses import dataclass

from domain.portfolio.values import PersonName
from models.enums import Rsvp


@dataclass(frozen=True)
class Seat:
    """One member, and what is known of their coming."""

    member: PersonName
    is_voting: bool
    rsvp: Rsvp = Rsvp.NONE
    alternate: PersonName | None = None
    """Who comes instead, and votes with the member's vote."""
    apology: str = ""
    has_opened: bool = False
    """They have pressed *Open the pack*."""
    is_present: bool = False
    """The member, or their alternate, is there now."""
    was_present: bool = False
    """They were there, at any time."""

    @property
    def sitter(self) -> PersonName:
        """Who sits there, if anybody does: the alternate, if one is named."""
        is_stand_in = self.alternate is not None and self.rsvp is Rsvp.ALTERNATE
        return self.alternate if self.alternate and is_stand_in else self.member

    @property
    def is_coming(self) -> bool:
        """Whether somebody will sit there, as far as anybody has said."""
        return self.rsvp in (Rsvp.YES, Rsvp.LATE, Rsvp.ALTERNATE)


@dataclass(frozen=True)
class Roster:
    """All seats of a council at one meeting, and how many voting ones make a quorum."""

    seats: tuple[Seat, ...]
    needed: int
    rule: str
    """As the configuration writes it."""

    def seat_of(self, person_id: int) -> Seat | None:
        """The seat of a member; None if they have none."""
        return next((each for each in self.seats if each.member.person_id == person_id), None)

    def stood_in_by(self, person_id: int) -> Seat | None:
        """The seat on which somebody sits for another; None if they stand in for nobody."""
        named = (
            each for each in self.seats if each.alternate and each.alternate.person_id == person_id
        )
        return next(named, None)

    @property
    def voting(self) -> tuple[Seat, ...]:
        """The seats with a vote."""
        return tuple(each for each in self.seats if each.is_voting)

    @property
    def coming(self) -> int:
        """Voting seats on which somebody will sit, as far as anybody has said."""
        return sum(each.is_coming for each in self.voting)

    @property
    def unsaid(self) -> int:
        """Voting seats of which nothing is known."""
        return sum(each.rsvp is Rsvp.NONE for each in self.voting)

    @property
    def present(self) -> int:
        """Voting seats on which somebody sits now."""
        return sum(each.is_present for each in self.voting)

    @property
    def has_quorum(self) -> bool:
        """Whether those present may decide."""
        return self.present >= self.needed


@dataclass(frozen=True)
class Attended:
    """Who was at a meeting, for its minutes."""

    present: tuple[Seat, ...]
    """Members who were there themselves, at any time of it."""
    by_alternate: tuple[Seat, ...]
    apologies: tuple[Seat, ...]
    """They had said that they can't come, or that somebody comes instead who did not."""
    absent: tuple[Seat, ...]
    needed: int
    rule: str
    """Of the quorum, as the configuration writes it."""
