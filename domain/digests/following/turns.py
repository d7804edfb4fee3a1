"""One reader's turn: when they are told next, what they are told now, and what is taken back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from domain.calendar import week_rules
from domain.delivery.messages import Letter, Message, Place
from domain.digests.following import rules
from domain.digests.following.loading import Reader
from domain.digests.following.rules import Seen, wants_at_once, wants_weekly
from models.delivery import LIVE, Delivery
from models.digests.following import FollowerTurn
from models.enums import DeliveryState, Health

Way = Literal["weekly", "at_once"]
"""The two ways of telling, as the columns of `Follower` are named."""

_WAITING: Final = (*LIVE, DeliveryState.WAITING)


def keys_of(row: FollowerTurn) -> Iterator[str]:
    """The subjects under which somebody was told last."""
    yield from filter(None, (_weekly_key(row), row.at_once_key))


@dataclass
class Turn:
    """Decides for one reader; the row and what is noted of their projects change with it."""

    row: FollowerTurn
    reader: Reader
    said: Mapping[str, Delivery]
    """The first part of what was said last, by key."""
    healths: Mapping[int, Health]
    """Of the reports that followers were told of, by number."""
    now: datetime
    letters: list[Letter] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    """Keys of what is not to be said any more."""

    def take(self, revision: int) -> None:
        """Plan, tell what is due, and bring what is not posted yet to the record as it is now."""
        is_stale = self.row.plan_revision != revision
        self._plan(revision)
        if _is_over(self.row.weekly_at, self.now):
            self._tell_week()
        elif is_stale and self._waits(key := _weekly_key(self.row)):
            self._tell_week_again(key)
        is_due = _is_over(self.row.at_once_at, self.now)
        if is_due or (is_stale and self._waits(self.row.at_once_key)):
            self._tell_changes()
        if is_due:
            self.row.at_once_at = self.row.news_since = None

    def _plan(self, revision: int) -> None:
        """Set when the next turn is; who wants a way of telling anew hears of what comes now."""
        row, wish = self.row, self.reader.wish
        if wants_weekly(wish) and not wants_weekly(row.wish):
            self._begin("weekly")
            row.told_week = max(filter(None, (row.told_week, self._begun_week())), default=None)
        if wants_at_once(wish) and not wants_at_once(row.wish):
            self._begin("at_once")
        row.wish, row.plan_revision = wish, revision
        row.weekly_at = self._next_weekly() if wants_weekly(wish) else None
        if not wants_at_once(wish):
            row.at_once_at = row.news_since = None

    def _begun_week(self) -> date | None:
        with suppress(ValueError):  # a calendar without a working day
            return week_rules.begun_week(self.reader.own, self.now)
        return None

    def _next_weekly(self) -> datetime | None:
        with suppress(ValueError):  # as above; it is planned again when that is mended
            return week_rules.next_weekly(self.reader.own, self.row.told_week, self.now)
        return None

    def _tell_week(self) -> None:
        before = self._seen("weekly", _weekly_key(self.row))
        self.row.told_week = week_rules.monday_of(self.now, self.reader.own.zone)
        self._say_week(before, self.row.told_week)
        self.row.weekly_at = self._next_weekly()

    def _tell_week_again(self, key: str | None) -> None:
        """Bring what waits to the record as it is: its reader may see less of it by now."""
        if key is None or self.row.told_week is None:
            return
        if wants_weekly(self.row.wish):
            self._say_week(self._seen("weekly", key), self.row.told_week)
        else:
            self.withdrawn.append(key)

    def _say_week(self, seen: Sequence[Seen], week: date) -> None:
        own = self.reader.own
        key = f"followed:{self.row.person_id}:{week_rules.week_name(week)}"
        self._say(rules.weekly(seen, own, self.now), key, week_rules.week_end(week, own.zone))
        self._note("weekly", seen)

    def _tell_changes(self) -> None:
        """Tell all changes in one message: what waits under the last key takes them in."""
        row, waiting = self.row, self.row.at_once_key
        seen = self._seen("at_once", waiting)
        is_wanted = wants_at_once(row.wish)
        own = self.reader.own
        message = rules.at_once(seen, row.person_id, own, self.now) if is_wanted else None
        if message is not None:
            if waiting is None or self._is_posted(waiting):
                newest = max(each.project.report_id for each in seen)
                row.at_once_key = f"followed_now:{row.person_id}:{newest}"
            self._say(message, str(row.at_once_key))
        elif waiting is not None and self._waits(waiting):
            self.withdrawn.append(waiting)
        self._note("at_once", seen)

    def _say(self, message: Message, key: str, expires_at: datetime | None = None) -> None:
        to = Place.person(self.row.person_id)
        self.letters.append(Letter(message, to, key, expires_at))

    def _seen(self, way: Way, key: str | None) -> list[Seen]:
        """What is followed, with what its reader has read of it last, or will before this."""
        name = f"{way}_told" if key is None or self._is_posted(key) else f"{way}_before"
        return [
            Seen(project, self.healths.get(number), number)
            for follower, project in self.reader.follows
            for number in [getattr(follower, name)]
        ]

    def _note(self, way: Way, seen: Sequence[Seen]) -> None:
        """Note what is told now, and from where on."""
        for (follower, project), each in zip(self.reader.follows, seen, strict=True):
            setattr(follower, f"{way}_before", each.told)
            setattr(follower, f"{way}_told", project.report_id)

    def _begin(self, way: Way) -> None:
        for follower, project in self.reader.follows:
            setattr(follower, f"{way}_before", project.report_id)
            setattr(follower, f"{way}_told", project.report_id)

    def _is_posted(self, key: str) -> bool:
        first = self.said.get(key)
        return first is not None and first.slack_ts is not None

    def _waits(self, key: str | None) -> bool:
        first = self.said.get(key or "")
        return first is not None and first.slack_ts is None and first.state in _WAITING


def _weekly_key(row: FollowerTurn) -> str | None:
    week = row.told_week
    return f"followed:{row.person_id}:{week_rules.week_name(week)}" if week else None


def _is_over(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now
