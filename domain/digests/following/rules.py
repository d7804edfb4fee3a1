"""When followers are told and of what: pure decisions about one reader at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.calendar.rules import PersonalTime
from domain.digests.following.messages import (
    FollowedChanges,
    FollowedGap,
    FollowedLine,
    FollowersDigest,
)
from models.enums import FollowersWish, Health

CALM: Final = timedelta(minutes=10)
"""How long nothing more must come before a change is told: a slip that is corrected is none."""

LONGEST_CALM: Final = timedelta(hours=1)
"""From the first report on: where one follows the other all day, there is never calm."""

_WORST_FIRST: Final = (Health.RED, Health.YELLOW, Health.GREY, Health.GREEN)


@dataclass(frozen=True)
class Known:
    """The newest report of a project."""

    report_id: int
    author_id: int
    opens_on: date
    health: Health
    rating: str = ""
    summary: str = ""
    path_to_green: str = ""
    computed: Health | None = None


@dataclass(frozen=True)
class Followed:
    """A project that somebody follows, as the record tells of it."""

    project_id: int
    code: str
    name: str
    pm: str
    newest: Known | None
    gap: str = ""
    """Why there is no report that holds today; empty if there is one."""

    @property
    def report_id(self) -> int:
        """Of the newest report; 0: there is none."""
        return self.newest.report_id if self.newest else 0


@dataclass(frozen=True)
class Seen:
    """A followed project, and what its reader was told of it last."""

    project: Followed
    before: Health | None
    told: int = 0
    """The report that told it; 0: there was none."""

    def change(self) -> FollowedLine | None:
        """The line that tells of a change of health; None if there is none."""
        newest = self.project.newest
        return self.line() if newest and newest.health is not self.before else None

    def line(self) -> FollowedLine | None:
        """The line of a project with a report."""
        project, newest = self.project, self.project.newest
        if newest is None:
            return None
        return FollowedLine(
            project_id=project.project_id,
            code=project.code,
            name=project.name,
            pm=project.pm,
            health=newest.health,
            previous=self.before,
            opens_on=newest.opens_on,
            rating=newest.rating,
            summary=newest.summary,
            path_to_green=newest.path_to_green,
            computed=newest.computed,
        )


def wants_weekly(wish: FollowersWish) -> bool:
    """Whether somebody gets the message of the week."""
    return wish in (FollowersWish.WEEKLY, FollowersWish.BOTH)


def wants_at_once(wish: FollowersWish) -> bool:
    """Whether somebody is told as soon as a health has changed."""
    return wish in (FollowersWish.AT_ONCE, FollowersWish.BOTH)


def calm_at(since: datetime, reported_at: datetime) -> datetime:
    """When changes are told after a report, if nothing more comes.

    Args:
        since: when the first of the reports came that are waited upon.
        reported_at: when the last one came.
    """
    return min(reported_at + CALM, since + LONGEST_CALM)


def weekly(seen: Iterable[Seen], own: PersonalTime, now: datetime) -> FollowersDigest:
    """The message of the week: nothing that is followed is left out."""
    today = now.astimezone(own.zone).date()
    changed, missing, unchanged = [], [], []
    for each in seen:
        line = each.line()
        if each.project.gap or line is None:
            missing.append(_gap(each.project, today))
        elif each.change():
            changed.append(line)
        else:
            unchanged.append(line)
    return FollowersDigest(
        as_of=now,
        timezone=own.zone.key,
        changed=_worst_first(changed),
        missing=tuple(missing),
        unchanged=_worst_first(unchanged),
    )


def at_once(
    seen: Iterable[Seen], reader_id: int, own: PersonalTime, now: datetime
) -> FollowedChanges | None:
    """The changes to be told now; None if there are none. Nobody is told what they reported."""
    lines = [
        line
        for each in seen
        if each.project.newest and each.project.newest.author_id != reader_id
        for line in [each.change()]
        if line
    ]
    return FollowedChanges(now, own.zone.key, _worst_first(lines)) if lines else None


def _gap(project: Followed, today: date) -> FollowedGap:
    last = project.newest
    return FollowedGap(
        project_id=project.project_id,
        code=project.code,
        name=project.name,
        pm=project.pm,
        reason=project.gap,
        last_health=last.health if last else None,
        last_on=last.opens_on if last else None,
        days=max((today - last.opens_on).days, 0) if last else 0,
    )


def _worst_first(lines: Iterable[FollowedLine]) -> tuple[FollowedLine, ...]:
    return tuple(sorted(lines, key=lambda line: (_WORST_FIRST.index(line.health), line.code)))
