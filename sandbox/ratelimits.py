"""Slack's rate limits, strictly: per method and minute, and per channel for posting."""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.workspace import Workspace

WINDOW_SECONDS = 60.0
PER_MINUTE = {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100, "Special": 300}
"""Calls a minute by tier. Slack calls these "N+"; "Special" stands for "several hundred"."""

POSTS_BURST = 3
"""Posts that one channel takes at once; then one a second. Slack allows bursts, unnumbered."""


class RateLimits:
    """Counts calls by method and posts by channel."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._calls: defaultdict[str, deque[Callable[[], float]]] = defaultdict(deque)

    def retry_after(self, method: str, tier: str, channel: str = "") -> int:
        """Count a call; return 0, or after how many seconds it may be repeated."""
        checks = [(method, PER_MINUTE[tier], WINDOW_SECONDS)]
        if method == "chat.postMessage" and channel:
            checks.append((f"{method} {channel}", POSTS_BURST, float(POSTS_BURST)))
        wait = max(self._wait(*check) for check in checks)
        if wait > 0:
            return math.ceil(wait)
        for key, _, _ in checks:
            self._calls[key].append(self._workspace.stopwatch())
        return 0

    def _wait(self, key: str, most: int, window_seconds: float) -> float:
        ages = self._calls[key]
        while ages and ages[0]() >= window_seconds:
            ages.popleft()
        return 0.0 if len(ages) < most else window_seconds - ages[0]()
