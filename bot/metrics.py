"""What a Prometheus server reads at `/metrics`: this process's own counts, and the shared queue."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from domain.delivery.errors import Ambiguous, RetryAfter, Transient
from domain.delivery.sending import Came
from domain.delivery.values import (
    Claim,
    NotNeeded,
    PictureDue,
    PicturesLost,
    Said,
    Uploaded,
)
from domain.ports import Clock
from models.delivery.figures import Queue
from models.enums import DeliveryState, DeliveryStep

LATE = timedelta(seconds=60)
"""What is said that long after it was wanted is late."""

_COUNTS = {
    "due": "Messages and edits that were taken up for the first time.",
    "sent": "Messages that stand in Slack.",
    "edited": "Messages that were brought to a newer value.",
    "late": f"Messages that were sent more than {LATE.total_seconds():.0f} s after they were due.",
    "failed": "Deliveries that were given up; the PMO is told.",
    "held": "Deliveries of which nobody can tell whether Slack took them; the PMO is told.",
    "expired": "Deliveries whose time was over, or that a shorter text no longer needs.",
    "retried": "Calls that did not go through and are made again later.",
    "lookups": "Times that Slack was asked whether it had taken a message.",
    "uploads": "Pictures and documents that were uploaded.",
    "pictures_lost": "Messages that were said without a picture or file; the PMO is told.",
    "rate_limited": "Times that Slack asked to wait (HTTP 429).",
}

_COUNTED: Mapping[type, str] = {
    NotNeeded: "expired",
    PicturesLost: "pictures_lost",
    RetryAfter: "rate_limited",
}
"""What counts as one thing, whatever becomes of the delivery."""

_ACK_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)
"""Slack gives up after three seconds."""

_CALL_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Ours time out after ten seconds."""


class Metrics:
    """The figures of one process."""

    def __init__(self, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._counts = {
            name: Counter(f"pmobot_{name}", text, registry=self.registry)
            for name, text in _COUNTS.items()
        }
        self._acks = self._histogram(
            "ack_seconds", "From a request to its acknowledgement.", "kind", _ACK_SECONDS
        )
        self._calls = self._histogram(
            "slack_call_seconds", "Calls of Slack's Web API.", "method", _CALL_SECONDS
        )
        self._database_up = self._gauge("database_up", "1 if the database answered this scrape.")
        self._size = self._gauge("queue_size", "Deliveries that are due, in all replicas.")
        self._age = self._gauge("queue_age_seconds", "How long the oldest of them has been due.")
        self._waiting = self._gauge(
            "waiting",
            "Messages that wait for their reader's hours or budget, or to be tried again.",
        )
        self._skew = self._gauge(
            "clock_skew_seconds", "How far the machine's clock is ahead of Slack's."
        )
        self._ticks = Gauge(
            "pmobot_last_tick_age_seconds",
            "Since this process last looked whether there is work.",
            ["job"],
            registry=self.registry,
        )

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Hear of a request of Slack's."""
        self._acks.labels(kind).observe(seconds)

    def called(self, method: str, seconds: float) -> None:
        """Hear of a call of ours."""
        self._calls.labels(method).observe(seconds)

    def skewed(self, seconds: float) -> None:
        """Hear how far the machine's clock is ahead of Slack's."""
        self._skew.set(seconds)

    def stepped(self, claim: Claim, came: Came, state: DeliveryState | None) -> None:
        """Hear what came of a step of a delivery."""
        self._taken_up(claim, came)
        if claim.step is DeliveryStep.LOOK_UP:
            self._count("lookups")
        match came:
            case Said():
                self._said(claim)
            case Uploaded():
                self._counts["uploads"].inc(len(came.files))
            case Ambiguous() | Transient() if state is DeliveryState.DUE:
                self._count("retried")
            case _ if state in (DeliveryState.FAILED, DeliveryState.HELD):
                self._count(state.value)
            case _ if type(came) in _COUNTED:
                self._count(_COUNTED[type(came)])
            case _:
                pass  # a step on the way

    def text(self, queue: Queue | None, ticks: Mapping[str, float]) -> bytes:
        """All figures, in Prometheus' own format.

        Args:
            queue: what is to be said; None if the database does not answer.
            ticks: the seconds since each job's last tick.
        """
        self._database_up.set(queue is not None)
        if queue is not None:
            self._size.set(queue.due)
            self._waiting.set(queue.waiting)
            self._age.set(_seconds_since(queue.oldest_due_at, self._clock.now()))
        for job, seconds in ticks.items():
            self._ticks.labels(job).set(seconds)
        return generate_latest(self.registry)

    def _taken_up(self, claim: Claim, came: Came) -> None:
        if claim.is_first and not isinstance(came, PictureDue):  # that comes again, as the first
            self._count("due")

    def _said(self, claim: Claim) -> None:
        if claim.step is DeliveryStep.EDIT:
            self._count("edited")
            return
        self._count("sent")
        if self._clock.now() - claim.wanted_at > LATE:
            self._count("late")

    def _count(self, name: str) -> None:
        self._counts[name].inc()

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(f"pmobot_{name}", text, registry=self.registry)

    def _histogram(self, name: str, text: str, label: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"pmobot_{name}", text, [label], registry=self.registry, buckets=buckets)


def _seconds_since(instant: datetime | None, now: datetime) -> float:
    return 0.0 if instant is None else max(0.0, (now - instant).total_seconds())
