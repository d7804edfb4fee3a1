"""Pure decisions about saying: how fast, how often again, and when to give up."""

from datetime import datetime, timedelta

from models.enums import DeliveryState, PlaceKind

_EDIT_PAUSE = {
    PlaceKind.CHANNEL: timedelta(minutes=1),
    PlaceKind.THREAD: timedelta(minutes=1),
    PlaceKind.PERSON: timedelta(seconds=3),
}
"""Slack takes 50 edits a minute for the whole workspace, and many people answer into one digest."""


def next_edit_at(place_kind: PlaceKind, posted_at: datetime | None, now: datetime) -> datetime:
    """When a message may be brought to a new value: at once, but not twice in a short while."""
    if posted_at is None:
        return now
    return max(now, posted_at + _EDIT_PAUSE[place_kind])


def can_be_withdrawn(state: DeliveryState, slack_ts: str | None, *, is_uncertain: bool) -> bool:
    """Whether it is certain that nobody has seen it and nobody is sending it."""
    return state is DeliveryState.DUE and slack_ts is None and not is_uncertain
