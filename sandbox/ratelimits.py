"""Slack's rate limits, strictly: per method and minute, and per channel for posting.

They go by the sandbox's clock alone, so that hours of them can be played in minutes.
"""

import math
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sandbox.clock import Clock

WINDOW_SECONDS = 60.0
PER_MINUTE = {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100, "Special": 300}
"""Calls a minute by tier. Slack calls these "N+"; "Special" stands for "several hundred"."""

STATUSES_PER_MINUTE = 60
"""Of one direct message: `assistant.threads.setStatus` has a limit of its own."""

POSTS_BURST = 3
"""Posts that one channel takes at once; then one a second. Slack allows bursts, unnumbered."""

EARLY_SECONDS = 0.25
"""How much too early a call may come where calls must be spread evenly: for jitter on the way."""


class RateLimits:
    """Counts calls by method and posts by channel.

    Args:
        clock: what they go by.
        evenly: methods of which a minute's calls may not come at once, but only evenly spread:
            stricter than Slack is known to be.
    """

    def __init__(self, clock: Clock, evenly: Collection[str] = ()) -> None:
        self._clock = clock
        self._evenly = evenly
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._next: dict[str, datetime] = {}

    def retry_after(self, method: str, tier: str, channel: str = "") -> int:
        """Count a call; return 0, or after how many seconds it may be repeated."""
        limits = [_Limit(method, PER_MINUTE[tier], WINDOW_SECONDS)]
        if method == "chat.postMessage" and channel:
            limits.append(_Limit(f"{method} {channel}", POSTS_BURST, float(POSTS_BURST)))
        if method == "assistant.threads.setStatus":
            limits.append(_Limit(f"{method} {channel}", STATUSES_PER_MINUTE, WINDOW_SECONDS))
        if method in self._evenly:
            return self._retry_evenly(limits)
        wait = max(self._wait(limit) for limit in limits)
        if wait > 0:
            return math.ceil(wait)
        for limit in limits:
            self._calls[limit.scope].append(self._clock.now())
        return 0

    def _retry_evenly(self, limits: Iterable["_Limit"]) -> int:
        now = self._clock.now()
        turns = {limit: max(now, self._next.get(limit.scope, now)) for limit in limits}
        wait = (max(turns.values()) - now).total_seconds()
        if wait > EARLY_SECONDS:
            return math.ceil(wait)
        for limit, turn in turns.items():
            self._next[limit.scope] = turn + timedelta(seconds=limit.seconds / limit.most)
        return 0

    def _wait(self, limit: "_Limit") -> float:
        calls, now = self._calls[limit.scope], self._clock.now()
        while calls and not 0 <= (now - calls[0]).total_seconds() < limit.seconds:
            calls.popleft()  # long ago, or the clock was set back since
        if len(calls) < limit.most:
            return 0.0
        return limit.seconds - (now - calls[0]).total_seconds()


class _Limit(NamedTuple):
    """So many calls in so many seconds."""

    scope: str
    most: int
    seconds: float
