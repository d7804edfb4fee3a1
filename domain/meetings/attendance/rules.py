"""Pure decisions about attendance: how many make a quorum, and what may go on without one."""

from math import ceil
from typing import Final

from domain.meetings.attendance.values import Roster
from models.enums import WithoutQuorum

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


def may_decide(roster: Roster, without: WithoutQuorum) -> str | None:
    """Why a council may not decide as things are; None if it may.

    Args:
        roster: who sits there now.
        without: what the configuration allows without a quorum. With `decide` the decision has to
            say that there was none: `roster.has_quorum`.
    """
    if roster.has_quorum or without is WithoutQuorum.DECIDE:
        return None
    return (
        f"{_no_quorum(roster)} Without a quorum nothing is decided: get more members here, each "
        "with “I'm here”, put it to a vote out of cycle, or carry it on to the next meeting."
    )


def may_go_on(roster: Roster, without: WithoutQuorum) -> str | None:
    """Why a council may not even discuss its next item; None if it may."""
    if roster.has_quorum or without is not WithoutQuorum.NOTHING:
        return None
    return (
        f"{_no_quorum(roster)} In this council nothing goes on without a quorum: get more members "
        "here, each with “I'm here”, or close the meeting and plan another day."
    )


def _no_quorum(roster: Roster) -> str:
    verb = "is" if roster.present == 1 else "are"
    return f"{roster.present} with a vote {verb} here, {roster.needed} are needed."
