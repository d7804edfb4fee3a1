"""Who is asked for a project's status, when, and why not as usual; as pure decisions.

What the bot promises about asking, whatever happens to it (each point has its test):

- A council's cycle is known by its occurrence, and asks each project once: over restarts, replicas,
  edits of the schedule and clocks that step back or forth.
- Everybody is asked at the hour that they have set for themselves, if it lies before the cut-off.
- Who was asked stays asked. What is not asked yet follows the record: zone, PM, deputy, leave,
  closures, phase, council, the rule itself. A cycle in which somebody was asked keeps its times.
- After downtime a request is asked as long as its cut-off lies ahead, at an hour at which its
  person may be written to. If several cycles of a council were slept through, only the newest asks,
  and the older ones are skipped, with the reason; what nobody could answer in time is missed.
- A paused workspace begins nothing: no cycle opens and nobody is asked. What was asked before runs
  to its end, digest included, because people have answered for it. Nothing is made up afterwards
  but what is still in its window.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime, at_wall

LATE: Final = timedelta(minutes=15)
"""From then on an asking hour was slept through, and its person's time is looked at anew."""

NO_HOUR: Final = "no hour to be asked at before the cut-off"
NO_DAY: Final = "no working day within a year"
GONE: Final = "has left Slack"
_ON_HOLD: Final = "on hold"
PAUSED: Final = "not asked: the workspace is paused"
SUPERSEDED: Final = "not asked: a newer request stands for this one"
SLEPT_THROUGH: Final = "skipped: nobody was asked in time, and a newer cycle asks instead"
HOUR_PASSED: Final = "asked after its hour had passed"
NOT_OWN_HOUR: Final = "asked at the council's hour: their own comes after the cut-off"


@dataclass(frozen=True)
class Window:
    """When a cycle asks: from the ask day's hour to the cut-off."""

    opens_on: date
    ask_at: time
    """In the zone of whoever is asked."""
    cut_off_at: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody who can answer for a project."""

    person_id: int
    time: PersonalTime
    is_gone: bool = False
    asked_on: frozenset[date] = frozenset()
    """Days for which they have a request message: what comes late to such a day joins it."""


@dataclass(frozen=True)
class Ask:
    """What becomes of one project in one cycle."""

    person_id: int
    asks_on: date
    """The day in the person's calendar: all that they are asked on it is one message."""
    ask_at: datetime
    reason: str = ""
    """Why it is not the PM, not the day, or nobody at all."""
    is_excused: bool = False
    """Nobody is asked."""
    is_late: bool = False
    """It is asked although its hour has passed."""


@dataclass(frozen=True)
class _Chance:
    """When somebody could be asked, and what keeps them from it."""

    asks_on: date
    ask_at: datetime
    is_in_time: bool
    why: str = ""
    is_on_leave: bool = False
    is_late: bool = False
    is_own_hour_missed: bool = False
    """The hour that they have set lies behind the cut-off: the council's counts."""


def decide(window: Window, pm: Colleague, deputy: Colleague | None, now: datetime) -> Ask:
    """Decide who is asked and when.

    The PM, on the ask day or the next day they work. The deputy instead, if the PM is on leave and
    the deputy can be asked earlier, or if the PM can't be asked before the cut-off at all. Nobody,
    if neither can.
    """
    mine = _chance(window, pm, now)
    theirs = _chance(window, deputy, now) if deputy and deputy.person_id != pm.person_id else None
    if theirs and deputy and _is_deputys(mine, theirs):
        reason = f"{mine.why}: deputy asked"
        return Ask(deputy.person_id, theirs.asks_on, theirs.ask_at, reason, is_late=theirs.is_late)
    if mine.is_in_time:
        reason = _why_later(window, mine)
        return Ask(pm.person_id, mine.asks_on, mine.ask_at, reason, is_late=mine.is_late)
    reason = f"{mine.why}, deputy: {theirs.why}" if theirs else f"{mine.why}, no deputy"
    return Ask(pm.person_id, mine.asks_on, mine.ask_at, reason, is_excused=True)


def excused(window: Window, pm: Colleague, reason: str) -> Ask:
    """Let nobody be asked, whoever could be."""
    ask_at = at_wall(window.opens_on, window.ask_at, pm.time.zone)
    return Ask(pm.person_id, window.opens_on, ask_at, reason, is_excused=True)


def on_hold(until: date, reason: str, opens_on: date) -> str:
    """Why nobody is asked for a project that is on hold up to a day."""
    return f"{_ON_HOLD} until {day_words(until, opens_on)}" + (f": {reason}" if reason else "")


def asked_by(council: str) -> str:
    """Why nobody is asked for a project that came from another council while that one asks."""
    return f"reports to {council}, which had asked before it moved; here from the next cycle on"


def tells_hold(reason: str) -> bool:
    """Whether it is a hold that a stored reason tells of."""
    return reason.startswith(_ON_HOLD)


def _is_deputys(mine: _Chance, theirs: _Chance) -> bool:
    if not theirs.is_in_time:
        return False
    return not mine.is_in_time or (mine.is_on_leave and theirs.ask_at < mine.ask_at)


def _why_later(window: Window, mine: _Chance) -> str:
    days = (mine.asks_on - window.opens_on).days
    if mine.why and days > 0:
        return f"asked {'a day' if days == 1 else f'{days} days'} later: {mine.why}"
    if mine.is_late:
        return HOUR_PASSED
    return NOT_OWN_HOUR if mine.is_own_hour_missed else ""


def _chance(window: Window, who: Colleague, now: datetime) -> _Chance:
    try:
        due = who.time.asked_before(window.opens_on, window.ask_at, window.cut_off_at)
        ask_at = due if due > now - LATE else who.time.allowed_from(now)
    except ValueError:
        return _none(window, who, NO_DAY)
    if who.is_gone:
        return _none(window, who, GONE)
    is_late = ask_at != due
    since = _day(now, who) if is_late else window.opens_on
    why, is_on_leave = _why_off(who.time, since, _day(ask_at, who))
    is_in_time = ask_at < window.cut_off_at
    return _Chance(
        asks_on=_day(ask_at if _day(due, who) not in who.asked_on else due, who),
        ask_at=ask_at,
        is_in_time=is_in_time,
        why=why or ("" if is_in_time else NO_HOUR),
        is_on_leave=is_on_leave,
        is_late=is_late,
        is_own_hour_missed=_misses_own_hour(window, who),
    )


def _misses_own_hour(window: Window, who: Colleague) -> bool:
    """Whether the hour that somebody has set for themselves comes too late in this cycle."""
    own = who.time.ask_at
    return own is not None and who.time.asked_at(window.opens_on, own) >= window.cut_off_at


def _none(window: Window, who: Colleague, why: str) -> _Chance:
    ask_at = at_wall(window.opens_on, window.ask_at, who.time.zone)
    return _Chance(window.opens_on, ask_at, is_in_time=False, why=why)


def _day(instant: datetime, who: Colleague) -> date:
    return instant.astimezone(who.time.zone).date()


def _why_off(own: PersonalTime, since: date, until: date) -> tuple[str, bool]:
    """Why somebody is not asked between two days, and whether that is leave; that comes first."""
    days = [since + timedelta(days=number) for number in range((until - since).days)]
    for day in days:
        if leave := own.away_on(day):
            return f"on leave until {day_words(leave.until, since)}", True
    return next((why for day in days if (why := own.working.why_off(day))), ""), False


def day_words(day: date, reference: date) -> str:
    """A day as it stands in a reason: `4 Dec`, with the year where that is another."""
    year = "" if day.year == reference.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


@dataclass(frozen=True)
class Standing:
    """How far one open cycle of a council is."""

    cycle_id: int
    opens_on: date
    has_asked: bool
    is_overdue: bool
    """The hour of some of its requests has passed, and they are not asked."""


def slept_through(cycles: Iterable[Standing]) -> set[int]:
    """The cycles of one council for which it is too late: nobody was asked, and a newer one asks.

    Returns:
        The numbers of the cycles.
    """
    late: set[int] = set()
    newer_asks = False
    for each in sorted(cycles, key=lambda cycle: (cycle.opens_on, cycle.cycle_id), reverse=True):
        if newer_asks and each.is_overdue and not each.has_asked:
            late.add(each.cycle_id)
        newer_asks = newer_asks or each.has_asked or each.is_overdue
    return late
