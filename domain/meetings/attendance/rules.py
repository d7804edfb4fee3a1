"""Pure decisions about attendance: how many make a quorum, and what may go on without one."""

from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import WorkingDays, at_wall
from domain.meetings.attendance.values import Roster
from domain.portfolio.values import Viewer
from models.enums import WithoutQuorum

ALTERNATE, REASON = "alternate", "reason"
"""The fields of the windows."""

_MAJORITY: Final = "majority"
_ALL: Final = "all"
_CHECK_AT: Final = time(10)
"""Of the working day before a meeting, in its zone: who is reminded then can still answer."""
_GRACE: Final = timedelta(hours=4)
"""How long people have to say whether they come to a meeting that was just planned or moved."""
_LATEST: Final = timedelta(hours=2)
"""So long before it begins its chair hears of a quorum at risk, however late it was planned."""


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


def check_at(
    starts_at: datetime, planned_at: datetime, zone: ZoneInfo, working: WorkingDays
) -> datetime:
    """When it is looked whether enough come.

    Args:
        starts_at: of the meeting.
        planned_at: when it was planned, or changed last.
        zone: the meeting's.
        working: the days on which people work.
    """
    day: date = working.before(starts_at.astimezone(zone).date(), 1)
    grace = min(planned_at + _GRACE, starts_at - _LATEST)
    return max(at_wall(day, _CHECK_AT, zone), grace)


def stand_in_fault(alternate: Viewer, member_id: int, roster: Roster) -> str | None:
    """Why somebody can't be a member's alternate; None if they can.

    Args:
        alternate: who is named.
        member_id: whose place it is.
        roster: of the meeting.
    """
    if alternate.person_id == member_id:
        return "That is yourself. Choose who comes in your place, or say that you come."
    if alternate.is_gone or alternate.is_guest:
        return f"{alternate.name} is a guest or has left Slack. Choose a full member."
    own = roster.seat_of(alternate.person_id)
    if own is not None and own.is_voting:
        return f"{alternate.name} has a vote of their own here. Choose somebody who has none."
    taken = roster.stood_in_by(alternate.person_id)
    if taken is not None and taken.member.person_id != member_id:
        return f"{alternate.name} comes for {taken.member.name} already. Choose somebody else."
    return None
