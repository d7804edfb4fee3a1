"""Slack's rate limits, strictly: per method and minute, and per channel for posting.

They go by the sandbox's clock alone, so that hours of them can be played in minutes.
"""

import math
from collections import defaultdict, deque
from datetime import datetime

from sandbox.clock import Clock

WINDOW_SECONDS = 60.0
PER_MINUTE = {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100, "Special": 300}
"""Calls a minute by tier. Slack calls these "N+"; "Special" stands for "several hundred"."""

POSTS_BURST = 3
"""Posts that one channel takes at once; then one a second. Slack allows bursts, unnumbered."""


class RateLimits:
    """Counts calls by method and posts by channel."""

    def __init__(self, clock: Clock, posts_burst: int = POSTS_BURST) -> None:
        self._clock = clock
        self._posts_burst = posts_burst
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def retry_after(self, method: str, tier: str, channel: str = "") -> int:
        """Count a call; return 0, or after how many seconds it may be repeated."""
        checks = [(method, PER_MINUTE[tier], WINDOW_SECONDS)]
        if method == "chat.postMessage" and channel:
            burst = self._posts_burst
            checks.append((f"{method} {channel}", burst, float(burst)))
        wait = max(self._wait(*check) for check in checks)
        if wait > 0:
            return math.ceil(wait)
        for key, _, _ in checks:
            self._calls[key].append(self._clock.now())
        return 0

    def _wait(self, key: str, most: int, window_seconds: float) -> float:
        calls, now = self._calls[key], self._clock.now()
        while calls and not 0 <= (now - calls[0]).total_seconds() < window_seconds:
            calls.popleft()  # long ago, or the clock was set back since
        if len(calls) < most:
            return 0.0
        return window_seconds - (now - calls[0]).total_seconds()
