"""What messages tell of the seats of a meeting: plain values, which their own messages contain."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SeatTold:
    """Somebody who comes to a meeting, or is there."""

    name: str
    """Who sits there: the alternate, if one comes."""
    stands_for: str = ""
    """The member whose alternate they are."""
    is_late: bool = False
    has_vote: bool = True


@dataclass(frozen=True)
class SeatsTold:
    """Who comes to a meeting, as everybody in the council's channel may read it.

    Who has said nothing is only counted, and why somebody can't come stands nowhere here: that is
    between them and the chair.
    """

    coming: tuple[SeatTold, ...]
    apologies: tuple[str, ...]
    """Names of the members who can't come, and for whom nobody does."""
    unsaid: int
    """Members, with a vote or without, who have said nothing."""
    votes: int
    """Coming with a vote: what a quorum is counted from."""
    needed: int


@dataclass(frozen=True)
class HereTold:
    """Who is at a meeting that runs."""

    here: tuple[SeatTold, ...]
    votes: int
    """Here with a vote."""
    needed: int

    @property
    def has_quorum(self) -> bool:
        """Whether those who are here may decide."""
        return self.votes >= self.needed
