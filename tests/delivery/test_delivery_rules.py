"""How fast, how often again, when to give up: tables of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import rules
from domain.delivery.errors import (
    Ambiguous,
    DeliveryTrouble,
    Disconnected,
    Permanent,
    PictureNotReady,
    RetryAfter,
    Transient,
)
from domain.delivery.rules import (
    OUTAGE_PATIENCE,
    can_be_withdrawn,
    judge,
    leaves_doubt,
    loses_pictures,
    next_edit_at,
    spacing,
)
from models.enums import Attention, DeliveryState, DeliveryStep

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
DOWN = Transient("down", "down")
LOST = Ambiguous("lost", "lost")
CLOSED = Permanent("closed", "closed")
NOT_READY = PictureNotReady("invalid_blocks", "not ready")
DUE, FAILED, HELD = DeliveryState.DUE, DeliveryState.FAILED, DeliveryState.HELD


@pytest.mark.parametrize(
    ("trouble", "step", "attempts", "state", "seconds", "is_uncertain"),
    [
        (DOWN, DeliveryStep.POST, 1, DUE, 5, False),
        (DOWN, DeliveryStep.POST, 2, DUE, 30, False),
        (DOWN, DeliveryStep.POST, 3, DUE, 120, False),
        (DOWN, DeliveryStep.POST, 4, DUE, 600, False),
        (DOWN, DeliveryStep.POST, 7, DUE, 600, False),
        (DOWN, DeliveryStep.POST, 8, FAILED, 0, False),
        (LOST, DeliveryStep.POST, 1, DUE, 5, True),
        (LOST, DeliveryStep.POST, 8, HELD, 0, True),
        (LOST, DeliveryStep.EDIT, 1, DUE, 5, False),
        (LOST, DeliveryStep.EDIT, 8, FAILED, 0, False),
        (LOST, DeliveryStep.OPEN_DM, 1, DUE, 5, False),
        (DOWN, DeliveryStep.LOOK_UP, 1, DUE, 5, True),
        (DOWN, DeliveryStep.LOOK_UP, 8, HELD, 0, True),
        (CLOSED, DeliveryStep.POST, 1, FAILED, 0, False),
        (CLOSED, DeliveryStep.EDIT, 1, FAILED, 0, False),
        (CLOSED, DeliveryStep.OPEN_DM, 1, FAILED, 0, False),
        (CLOSED, DeliveryStep.LOOK_UP, 1, HELD, 0, True),
    ],
)
def test_what_becomes_of_a_delivery_after_trouble(
    trouble: DeliveryTrouble,
    step: DeliveryStep,
    attempts: int,
    state: DeliveryState,
    seconds: int,
    is_uncertain: bool,  # noqa: FBT001 - a column of the table
) -> None:
    verdict = judge(trouble, step, attempts, NOW - OUTAGE_PATIENCE, NOW)
    assert (verdict.state, verdict.is_uncertain) == (state, is_uncertain)
    assert verdict.due_at - NOW == timedelta(seconds=seconds)
    assert (verdict.attempts, verdict.pause) == (attempts, frozenset())


@pytest.mark.parametrize("code", ["no_answer", "unreachable", "http_503", "internal_error"])
def test_an_outage_of_slack_is_waited_out_for_a_day(code: str) -> None:
    trouble, post = Transient(code, "Slack is down"), DeliveryStep.POST
    verdict = judge(trouble, post, 8, NOW - OUTAGE_PATIENCE + timedelta(seconds=1), NOW)
    assert (verdict.state, verdict.due_at) == (DUE, NOW + timedelta(minutes=10))
    assert verdict.attempts == 7, "the next attempt must not be taken for a worker's eighth death"
    assert judge(trouble, post, 8, NOW - OUTAGE_PATIENCE, NOW).state is FAILED


def test_what_slack_fails_at_while_it_takes_others_is_given_up_sooner() -> None:
    trouble = Ambiguous("internal_error", "Slack failed (internal_error)")
    patience = rules.MESSAGE_PATIENCE
    just_so = NOW - patience + timedelta(seconds=1)
    assert judge(trouble, DeliveryStep.EDIT, 8, just_so, NOW, patience).state is DUE
    assert judge(trouble, DeliveryStep.EDIT, 8, NOW - patience, NOW, patience).state is FAILED
    assert judge(trouble, DeliveryStep.EDIT, 7, NOW - patience, NOW, patience).state is DUE


def test_no_pause_is_longer_than_an_hour() -> None:
    verdict = judge(RetryAfter(86_400), DeliveryStep.POST, 1, NOW, NOW)
    assert verdict.due_at == NOW + timedelta(hours=1)


def test_being_asked_to_wait_pauses_the_method_and_is_no_attempt() -> None:
    verdict = judge(RetryAfter(7), DeliveryStep.EDIT, 8, NOW, NOW)
    assert (verdict.state, verdict.attempts) == (DUE, 7)
    assert verdict.due_at == NOW + timedelta(seconds=7)
    assert verdict.pause == {"chat.update"}


def test_a_refused_token_pauses_every_method_and_is_no_attempt() -> None:
    refused = Disconnected("token_revoked", "revoked")
    verdict = judge(refused, DeliveryStep.LOOK_UP, 8, NOW, NOW)
    assert (verdict.state, verdict.attempts, verdict.is_uncertain) == (DUE, 7, True)
    assert verdict.due_at == NOW + timedelta(minutes=5)
    assert verdict.pause == set(DeliveryStep) - {DeliveryStep.EXPIRE, DeliveryStep.ADMIT}


@pytest.mark.parametrize(
    ("scope", "a_minute"),
    [
        ("chat.postMessage", 286.5),
        ("chat.update", 47.75),
        ("conversations.open", 47.75),
        ("conversations.history", 47.75),
        ("chat.postMessage channel:C1", 57.3),
    ],
)
def test_the_use_of_each_limit_is_a_little_above_ninety_five_per_cent(
    scope: str, a_minute: float
) -> None:
    assert timedelta(minutes=1) / spacing(scope) == pytest.approx(a_minute, abs=0.001)


def test_after_slack_has_asked_to_wait_less_of_the_limit_is_used_for_ten_minutes() -> None:
    verdict = judge(RetryAfter(7), DeliveryStep.POST, 1, NOW, NOW)
    assert verdict.careful_until == NOW + timedelta(minutes=10, seconds=7)
    careful = spacing("chat.postMessage", is_careful=True)
    assert timedelta(minutes=1) / careful == pytest.approx(225, abs=0.01)


def test_a_notice_changes_at_most_once_a_minute() -> None:
    assert next_edit_at(NOW, NOW, Attention.NOTICE) == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("trouble", "step", "in_doubt"),
    [
        (LOST, DeliveryStep.POST, True),
        (DOWN, DeliveryStep.POST, False),
        (CLOSED, DeliveryStep.POST, False),
        (DOWN, DeliveryStep.LOOK_UP, True),
        (LOST, DeliveryStep.EDIT, False),
        (LOST, DeliveryStep.OPEN_DM, False),
        (LOST, DeliveryStep.UPLOAD, False),
        (LOST, DeliveryStep.EXPIRE, False),
        (LOST, DeliveryStep.ADMIT, False),
    ],
)
def test_only_a_post_leaves_doubt_until_a_look_up_ends_it(
    trouble: DeliveryTrouble,
    step: DeliveryStep,
    in_doubt: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert leaves_doubt(trouble, step) is in_doubt


@pytest.mark.parametrize(
    ("trouble", "step", "attempts", "state", "is_lost"),
    [
        (CLOSED, DeliveryStep.UPLOAD, 1, FAILED, True),
        (DOWN, DeliveryStep.UPLOAD, 1, DUE, False),
        (DOWN, DeliveryStep.UPLOAD, 8, FAILED, True),
        (NOT_READY, DeliveryStep.POST, 3, DUE, False),
        (NOT_READY, DeliveryStep.POST, 4, DUE, True),
        (NOT_READY, DeliveryStep.EDIT, 4, DUE, True),
        (CLOSED, DeliveryStep.POST, 1, FAILED, False),
        (DOWN, DeliveryStep.EDIT, 8, FAILED, False),
    ],
)
def test_a_message_is_said_without_its_pictures_only_if_they_are_the_trouble(
    trouble: DeliveryTrouble,
    step: DeliveryStep,
    attempts: int,
    state: DeliveryState,
    is_lost: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert loses_pictures(trouble, step, attempts, state) is is_lost


@pytest.mark.parametrize(("posted_before", "wait"), [(None, 0), (0, 3), (1, 2), (3, 0), (60, 0)])
def test_a_message_changes_at_once_but_not_twice_in_a_short_while(
    posted_before: int | None, wait: int
) -> None:
    posted_at = None if posted_before is None else NOW - timedelta(seconds=posted_before)
    assert next_edit_at(posted_at, NOW) == NOW + timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("state", "slack_ts", "is_uncertain", "can"),
    [
        (DUE, None, False, True),
        (DeliveryState.WAITING, None, False, True),
        (DUE, None, True, False),
        (DUE, "1.0", False, False),
        (DeliveryState.SENDING, None, False, False),
        (FAILED, None, False, True),
        (DeliveryState.EXPIRED, None, False, True),
        (DeliveryState.HELD, None, True, False),
        (DeliveryState.SENT, "1.0", False, False),
    ],
)
def test_only_what_surely_nobody_has_seen_can_be_withdrawn(
    state: DeliveryState,
    slack_ts: str | None,
    is_uncertain: bool,  # noqa: FBT001 - a column of the table
    can: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert can_be_withdrawn(state, slack_ts, is_uncertain=is_uncertain) is can
