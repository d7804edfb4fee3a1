"""When a previewed digest may be posted, and what may be decided about it; as pure decisions."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.digests.messages import Composition
from domain.digests.values import CoverNote
from models.enums import Unapproved

LONGEST_NOTE: Final = 2_000
"""Characters as Slack counts them."""

LONGEST_HOLD: Final = timedelta(days=14)


def due_at(digest_at: datetime, held_until: datetime | None) -> datetime:
    """When a digest is to come: at its time, or when it is not held any more."""
    return digest_at if held_until is None else max(digest_at, held_until)


def release_at(
    digest_at: datetime,
    held_until: datetime | None,
    unapproved: Unapproved,
    *,
    is_approved: bool,
) -> datetime | None:
    """From when on a digest may be posted; None: not before somebody approves it."""
    if not is_approved and unapproved is Unapproved.WAIT:
        return None
    return due_at(digest_at, held_until)


def remind_at(released: datetime | None, due: datetime, now: datetime) -> datetime | None:
    """When the PMO is told that a digest waits for them.

    None: it does not, or its draft comes so late that it says so by itself.
    """
    return due if released is None and due > now else None


def note_fault(text: str) -> str:
    """What is wrong with a covering note, with the cure; empty if nothing is."""
    length = len(text.encode("utf-16-le")) // 2
    if length <= LONGEST_NOTE:
        return ""
    return f"It has {length:,} characters; shorten it to {LONGEST_NOTE:,}, or say the rest apart."


def hold_fault(until: datetime, digest_at: datetime, now: datetime, timezone: str) -> str:
    """What is wrong with the time up to which a digest is to be held; empty if nothing is."""
    if until <= now:
        return "That time is over. Choose one that is still to come."
    if until <= digest_at:
        return (
            f"The digest is due only at {_clock(digest_at, timezone)}, and is not posted before. "
            "Choose a later time."
        )
    if until > now + LONGEST_HOLD:
        last = _clock(now + LONGEST_HOLD, timezone)
        return f"A digest is held for {LONGEST_HOLD.days} days at most. Choose a time up to {last}."
    return ""


def with_note(composition: Composition, note: CoverNote | None) -> Composition:
    """The same composition with a covering note on top of its head."""
    return replace(composition, head=replace(composition.head, note=note))


def _clock(instant: datetime, timezone: str) -> str:
    local = instant.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M} ({timezone})"
