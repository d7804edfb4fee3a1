"""Counts the app's calls and remembers what was refused, for tests and the control interface."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.clock import Clock
from sandbox.errors import SlackError


@dataclass(frozen=True)
class Refusal:
    """One call that was answered with an error."""

    at: datetime
    method: str
    error: str
    messages: list[str] = field(default_factory=list)


class CallLog:
    """How often each method was called, and every refusal so far."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts: Counter[str] = Counter()
        self.refusals: list[Refusal] = []

    def count(self, method: str) -> None:
        """Note one call."""
        self.counts[method] += 1

    def refused(self, method: str, error: SlackError) -> None:
        """Note one refusal."""
        self.refusals.append(Refusal(self._clock.now(), method, error.error, error.messages))

    def reset(self) -> None:
        """Forget all."""
        self.counts.clear()
        self.refusals.clear()
