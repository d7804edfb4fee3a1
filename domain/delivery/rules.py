"""Pure decisions about saying: how fast, how often again, and when to give up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.delivery.errors import Ambiguous, DeliveryTrouble, Disconnected, Permanent, RetryAfter
from models.enums import DeliveryState, DeliveryStep

LEASE = timedelta(seconds=60)
"""How long a worker may hold a delivery before another one takes it over."""

CALL_ROOM = timedelta(seconds=15)
"""What must be left of a lease to start a call: its time-out of 10 seconds, and a margin."""

HAND_OVER = timedelta(seconds=5)
"""How long a call that was broken off may still reach Slack's record: then a look-up is sure."""

LONGEST_WAIT = timedelta(seconds=2)
"""A turn that is further ahead is not taken: the worker has something better to do."""

LOOK_BACK = timedelta(minutes=5)
"""How much earlier than the first attempt a look-up reads: Slack's clock is not ours."""

MAX_ATTEMPTS = 8
"""With the pauses between them, three quarters of an hour."""

_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))

_DISCONNECTED_PAUSE = timedelta(minutes=5)

_USE = 0.95
"""The share of Slack's limits that is used; the rest is for jitter on the way."""

_PER_MINUTE: dict[str, int] = {
    DeliveryStep.OPEN_DM: 50,
    DeliveryStep.LOOK_UP: 50,
    DeliveryStep.EDIT: 50,
    DeliveryStep.POST: 300,
}
"""Slack's tier 3, and for posts its "several hundred a minute" for one workspace."""

_LANE_PER_MINUTE = 60
"""Slack's "one message a second" for each channel."""

_EDIT_PAUSE = timedelta(seconds=3)
"""Long enough for many values to cost one edit; short, for people wait to see what they changed."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a call that did not go through."""

    state: DeliveryState
    due_at: datetime
    attempts: int
    is_uncertain: bool
    pause: frozenset[str] = frozenset()
    """The methods that nobody may use before `due_at`; they hold it back, not its own time."""


def spacing(scope: str) -> timedelta:
    """How far apart two uses of a method, or two posts into one conversation, must be."""
    return timedelta(minutes=1) / (_PER_MINUTE.get(scope, _LANE_PER_MINUTE) * _USE)


def next_edit_at(posted_at: datetime | None, now: datetime) -> datetime:
    """When a message may be brought to a new value: at once, but not twice in a short while."""
    return now if posted_at is None else max(now, posted_at + _EDIT_PAUSE)


def can_be_withdrawn(state: DeliveryState, slack_ts: str | None, *, is_uncertain: bool) -> bool:
    """Whether it is certain that nobody has seen it and nobody is sending it."""
    return state is DeliveryState.DUE and slack_ts is None and not is_uncertain


def judge(trouble: DeliveryTrouble, step: DeliveryStep, attempts: int, now: datetime) -> Verdict:
    """Decide whether to try again, and when; `attempts` counts the one that just failed."""
    is_uncertain = step is DeliveryStep.LOOK_UP or (
        step is DeliveryStep.POST and isinstance(trouble, Ambiguous)
    )
    given_up = DeliveryState.HELD if is_uncertain else DeliveryState.FAILED
    if isinstance(trouble, RetryAfter):
        later = now + timedelta(seconds=trouble.seconds)
        return Verdict(DeliveryState.DUE, later, attempts - 1, is_uncertain, frozenset({step}))
    if isinstance(trouble, Disconnected):
        later = now + _DISCONNECTED_PAUSE
        every = frozenset(_PER_MINUTE)
        return Verdict(DeliveryState.DUE, later, attempts - 1, is_uncertain, every)
    if isinstance(trouble, Permanent) or attempts >= MAX_ATTEMPTS:
        return Verdict(given_up, now, attempts, is_uncertain)
    later = now + _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return Verdict(DeliveryState.DUE, later, attempts, is_uncertain)
