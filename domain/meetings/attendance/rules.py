"""Pure decisions about attendance: how many make a quorum."""

from math import ceil
from typing import Final

_MAJORITY: Final = "majority"
_ALL: Final = "all"


def seats_needed(rule: str, voting: int) -> int:
    """How many of the voting seats have to be taken so that a council may decide; at least one.

    Args:
        rule: as the configuration writes it: `majority` (more than half, as Robert's Rules have it
            where nothing else is said), `all`, a number of people, or a share (`60%`, rounded up).
            A number beyond the seats asks for all of them, else the council could never decide.
        voting: how many seats have a vote.
    """
    if rule == _MAJORITY:
        needed = voting // 2 + 1
    elif rule == _ALL:
        needed = voting
    elif rule.endswith("%"):
        needed = ceil(voting * int(rule.removesuffix("%")) / 100)
    else:
        needed = int(rule)
    return max(min(needed, voting), 1)
