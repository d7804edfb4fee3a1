"""When a previewed digest may be posted, and what may be decided about it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.digests.preview.rules import hold_fault, note_fault, release_at, remind_at
from models.enums import Unapproved

DIGEST = datetime(2026, 11, 30, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = DIGEST - 16 * HOUR
POST, WAIT = Unapproved.POST, Unapproved.WAIT


@pytest.mark.parametrize(
    ("unapproved", "is_approved", "held_until", "released"),
    [
        (POST, False, None, DIGEST),
        (POST, True, None, DIGEST),
        (POST, False, DIGEST + HOUR, DIGEST + HOUR),
        (POST, False, DIGEST - HOUR, DIGEST),
        (WAIT, False, None, None),
        (WAIT, False, DIGEST + HOUR, None),
        (WAIT, True, None, DIGEST),
    ],
)
def test_a_digest_is_let_go_by_its_time_its_hold_and_its_approval(
    unapproved: Unapproved,
    *,
    is_approved: bool,
    held_until: datetime | None,
    released: datetime | None,
) -> None:
    assert release_at(DIGEST, held_until, unapproved, is_approved=is_approved) == released


@pytest.mark.parametrize(
    ("released", "now", "reminded"),
    [
        (None, NOW, DIGEST),
        (None, DIGEST, None),  # the draft itself says so
        (DIGEST, NOW, None),
    ],
)
def test_the_pmo_is_told_once_that_a_digest_waits(
    released: datetime | None, now: datetime, reminded: datetime | None
) -> None:
    assert remind_at(released, DIGEST, now) == reminded


@pytest.mark.parametrize(
    ("until", "now", "fault"),
    [
        (NOW, NOW, "That time is over."),
        (DIGEST, NOW, "due only at Mon 30 Nov 08:00 (America/New_York)"),
        (DIGEST + HOUR, NOW, ""),
        (DIGEST + HOUR, DIGEST + 2 * HOUR, "That time is over."),
        (NOW + timedelta(days=14), NOW, ""),
        (
            NOW + timedelta(days=14, seconds=1),
            NOW,
            "14 days at most. Choose a time up to Sun 13 Dec 16:00",
        ),
    ],
)
def test_a_hold_lies_between_the_digests_time_and_fourteen_days_from_now(
    until: datetime, now: datetime, fault: str
) -> None:
    told = hold_fault(until, DIGEST, now, "America/New_York")
    assert fault in told
    assert bool(told) == bool(fault)


@pytest.mark.parametrize(
    ("text", "is_fine"), [("a" * 2_000, True), ("a" * 2_001, False), ("🙂" * 1_001, False)]
)
def test_a_note_is_as_long_as_slack_counts(text: str, *, is_fine: bool) -> None:
    assert (note_fault(text) == "") is is_fine
