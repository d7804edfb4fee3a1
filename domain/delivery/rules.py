"""Pure decisions about saying: how fast, how often again, and when to give up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.calendar.rules import PersonalTime, at_wall
from domain.delivery.errors import (
    Ambiguous,
    DeliveryTrouble,
    Disconnected,
    FileRefused,
    Permanent,
    PictureNotReady,
    RetryAfter,
)
from models.enums import Attention, DeliveryState, DeliveryStep, PlaceKind

LEASE = timedelta(seconds=60)
"""How long a worker may hold a delivery before another one takes it over."""

CALL_ROOM = timedelta(seconds=15)
"""What must be left of a lease to start a call: its time-out of 10 seconds, and a margin."""

HAND_OVER = timedelta(seconds=5)
"""How long a call that was broken off may still reach Slack's record: then a look-up is sure."""

LONGEST_PAUSE = timedelta(hours=1)
"""Slack asks for minutes at most: a turn further ahead was taken by a clock that was wrong, and
would silence everybody until then."""

LONGEST_WAIT = timedelta(seconds=2)
"""A turn that is further ahead is not taken: the worker has something better to do."""

LOOK_BACK = timedelta(hours=3)
"""How much earlier than the first attempt a look-up reads: Slack's clock is not ours, and ours may
be two hours wrong. Reading too much costs a page or two; reading too little says a thing twice."""

ADMISSION_LASTS = timedelta(hours=1)
"""What is not posted so long after it was admitted is put to its reader's hours again: the bot or
Slack was down meanwhile."""

MAX_ATTEMPTS = 8
"""With the pauses between them, three quarters of an hour."""

OUTAGE_PATIENCE = timedelta(days=1)
"""How long an outage of Slack is waited out: it is no fault of the message, which nobody but a
person could bring back once it is given up."""

MESSAGE_PATIENCE = timedelta(minutes=45)
"""The same where Slack takes other messages meanwhile: then it is this one which it does not take.
It is a time, and no number of attempts: deaths of workers count as attempts too."""

PICTURE_ATTEMPTS = 4
"""How often a message is tried with a file that Slack does not know yet: over two and a half
minutes, where a second is enough as a rule."""

MOST_UPLOADS = 10
"""Files that are uploaded for one value: more only come of drawings that differ each time."""

_OUTAGES = frozenset(
    {
        "fatal_error",
        "internal_error",
        "no_answer",
        "request_timeout",
        "service_unavailable",
        "unreachable",
    }
)
"""What is wrong with Slack, or on the way to it; and every HTTP error page, whatever its number."""

_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))

_DISCONNECTED_PAUSE = timedelta(minutes=5)

_DAY = timedelta(days=1)

USE = 0.955
"""The share of Slack's limits that is used: 95 % by any count, ends of a backlog and roundings
included. The rest is for jitter on the way: 47 ms of each second in a channel."""

_CAREFUL_USE = 0.75
"""The share that is used after Slack has asked to wait: 300 ms of jitter pass even if it tolerates
no burst at all."""

_CAREFUL_FOR = timedelta(minutes=10)

TIME_OVER = "its time was over before it could be said"
"""Why something expired that nobody held back."""

CALLS_NOTHING = frozenset({DeliveryStep.EXPIRE, DeliveryStep.ADMIT})
"""Steps that need no turn within Slack's limits."""

_PER_MINUTE: dict[str, int] = {
    DeliveryStep.OPEN_DM: 50,
    DeliveryStep.LOOK_UP: 50,
    DeliveryStep.EDIT: 50,
    DeliveryStep.UPLOAD: 100,
    DeliveryStep.POST: 300,
}
"""Slack's tier 3, for uploads tier 4, and for posts "several hundred a minute" for a workspace."""

_LANE_PER_MINUTE = 60
"""Slack's "one message a second" for each channel."""

_EDIT_PAUSE = timedelta(seconds=3)
"""Long enough for many values to cost one edit; short, for people wait to see what they changed."""

_NOTICE_PAUSE = timedelta(minutes=1)
"""A notice counts what it tells of: five hundred failures are to cost a few edits."""

_LOST_DM = frozenset({"channel_not_found", "is_archived", "is_inactive", "not_in_channel"})
"""What Slack answers if it does not know direct messages any more by the id that we keep."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of a delivery after a call that did not go through."""

    state: DeliveryState
    due_at: datetime
    attempts: int
    is_uncertain: bool
    pause: frozenset[str] = frozenset()
    """The methods that nobody may use before `due_at`; they hold it back, not its own time."""
    careful_until: datetime | None = None
    """Until when those methods are used less than they might be."""
    loses_pictures: bool = False
    """It is said without its pictures or documents."""


def spacing(scope: str, *, is_careful: bool = False) -> timedelta:
    """How far apart two uses of a method, or two posts into one conversation, must be."""
    use = _CAREFUL_USE if is_careful else USE
    return timedelta(minutes=1) / (_PER_MINUTE.get(scope, _LANE_PER_MINUTE) * use)


def next_edit_at(
    posted_at: datetime | None, now: datetime, attention: Attention = Attention.FREE
) -> datetime:
    """When a message may be brought to a new value: at once, but not twice in a short while."""
    if posted_at is None:
        return now
    pause = _NOTICE_PAUSE if attention is Attention.NOTICE else _EDIT_PAUSE
    return max(now, posted_at + pause)


def is_counted(place_kind: PlaceKind, attention: Attention) -> bool:
    """Whether a message costs its reader attention: an unasked one to a person does."""
    return place_kind is PlaceKind.PERSON and attention is not Attention.FREE


def is_missed(place_kind: PlaceKind, attention: Attention) -> bool:
    """Whether the PMO is to hear of a message whose time was over before it could be said.

    A late reminder is worth nothing; a reply goes with the message that it is under.
    """
    return place_kind is not PlaceKind.THREAD and attention is not Attention.REMINDER


def can_be_withdrawn(state: DeliveryState, slack_ts: str | None, *, is_uncertain: bool) -> bool:
    """Whether it is certain that nobody has seen it and nobody is sending it."""
    is_idle = state not in (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.HELD)
    return is_idle and slack_ts is None and not is_uncertain


def leaves_doubt(trouble: DeliveryTrouble, step: DeliveryStep) -> bool:
    """Whether Slack may hold a message now that the ledger does not know of.

    The one policy for answers that were lost. A post is in doubt until a look-up, in its
    conversation or in its thread, has shown whether it is there; what cannot be looked up is held.
    Opening direct messages, uploading and editing are repeated: doing them twice does no harm, for
    a file that no message shows is seen by nobody.
    """
    match step:
        case DeliveryStep.POST:
            return isinstance(trouble, Ambiguous)
        case DeliveryStep.LOOK_UP:
            return True
        case DeliveryStep.OPEN_DM | DeliveryStep.UPLOAD | DeliveryStep.EDIT:
            return False
        case DeliveryStep.EXPIRE | DeliveryStep.ADMIT:
            return False


def loses_pictures(
    trouble: DeliveryTrouble, step: DeliveryStep, attempts: int, state: DeliveryState
) -> bool:
    """Whether to say a message without its pictures and documents rather than not at all.

    Args:
        trouble: what went wrong.
        step: what was being done.
        attempts: how often by now, this one counted.
        state: what would become of the delivery.
    """
    if step is DeliveryStep.UPLOAD:
        return state is DeliveryState.FAILED
    if isinstance(trouble, FileRefused):
        return True
    return isinstance(trouble, PictureNotReady) and attempts >= PICTURE_ATTEMPTS


def has_lost_dm(trouble: DeliveryTrouble, step: DeliveryStep) -> bool:
    """Whether to ask Slack anew for the id of somebody's direct messages, before giving up."""
    is_sending = step in (DeliveryStep.POST, DeliveryStep.LOOK_UP)
    return is_sending and isinstance(trouble, Permanent) and trouble.code in _LOST_DM


def judge(
    trouble: DeliveryTrouble,
    step: DeliveryStep,
    attempts: int,
    since: datetime,
    now: datetime,
    patience: timedelta = OUTAGE_PATIENCE,
) -> Verdict:
    """Decide whether to try again, and when.

    Args:
        trouble: what went wrong.
        step: what was being done.
        attempts: how often by now, this one counted.
        since: when the trouble began.
        now: this instant.
        patience: how long what looks like an outage is waited out.
    """
    is_uncertain = leaves_doubt(trouble, step)
    given_up = DeliveryState.HELD if is_uncertain else DeliveryState.FAILED
    if isinstance(trouble, RetryAfter):
        later = now + min(timedelta(seconds=trouble.seconds), LONGEST_PAUSE)
        pause = frozenset({step.value})
        careful_until = later + _CAREFUL_FOR
        return Verdict(DeliveryState.DUE, later, attempts - 1, is_uncertain, pause, careful_until)
    if isinstance(trouble, Disconnected):
        later = now + _DISCONNECTED_PAUSE
        every = frozenset(_PER_MINUTE)
        return Verdict(DeliveryState.DUE, later, attempts - 1, is_uncertain, every)
    is_waited_out = _is_outage(trouble) and now - since < patience
    if isinstance(trouble, Permanent) or (attempts >= MAX_ATTEMPTS and not is_waited_out):
        return Verdict(given_up, now, attempts, is_uncertain)
    later = now + _PAUSES[min(attempts, len(_PAUSES)) - 1]
    return Verdict(DeliveryState.DUE, later, min(attempts, MAX_ATTEMPTS - 1), is_uncertain)


def _is_outage(trouble: DeliveryTrouble) -> bool:
    return trouble.code in _OUTAGES or trouble.code.startswith("http_")


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its reader's attention."""

    delivery_id: int
    attention: Attention
    expires_at: datetime | None


@dataclass(frozen=True)
class Admission:
    """What becomes of a message that waited: due now, waiting on, or expired."""

    delivery_id: int
    state: DeliveryState
    due_at: datetime
    """For what waits on, when it is looked at again."""
    reason: str = ""
    """Why it waits or expires, or why it goes out although it should wait."""


@dataclass(frozen=True)
class _Chance:
    """When a person may be written to, and why not before."""

    at: datetime
    why: str


def midnight(reader: PersonalTime, now: datetime) -> datetime:
    """When the reader's day began: from then on their budget counts."""
    return at_wall(now.astimezone(reader.zone).date(), time.min, reader.zone)


def admit(
    waiting: Collection[Waiting], reader: PersonalTime, left: int, now: datetime
) -> list[Admission]:
    """Decide about all that waits for one person.

    Args:
        waiting: what is to be decided about; the most important gets what is left of the day.
        reader: when the person may be written to.
        left: how many messages their budget has left for the day; below 0 it is overdrawn.
        now: this instant.
    """
    ranks = list(Attention)
    hours, tomorrow = _first_chance(reader, now), _tomorrow(reader, now)
    admissions = []
    for each in sorted(waiting, key=lambda each: (ranks.index(each.attention), each.delivery_id)):
        chance = hours if hours.at > now or left > 0 else tomorrow
        admission = _admission(each, chance, reader, now)
        left -= admission.state is DeliveryState.DUE and not _is_over(each, now)
        admissions.append(admission)
    return admissions


def _is_over(each: Waiting, instant: datetime) -> bool:
    return each.expires_at is not None and each.expires_at <= instant


def _admission(each: Waiting, chance: _Chance, reader: PersonalTime, now: datetime) -> Admission:
    if _is_over(each, now):  # the sender finds that out, and tells the PMO
        return Admission(each.delivery_id, DeliveryState.DUE, now)
    if chance.at <= now:
        return Admission(each.delivery_id, DeliveryState.DUE, now)
    if not _is_over(each, chance.at):
        local = chance.at.astimezone(reader.zone)
        reason = f"waits until {local:%a %d %b %H:%M} ({reader.zone.key}): {chance.why}"
        return Admission(each.delivery_id, DeliveryState.WAITING, chance.at, reason)
    if each.attention is Attention.REQUEST:
        reason = f"sent at once, for its cut-off comes before the next chance: {chance.why}"
        return Admission(each.delivery_id, DeliveryState.DUE, now, reason)
    reason = f"its time would have been over before it could be said: {chance.why}"
    return Admission(each.delivery_id, DeliveryState.EXPIRED, now, reason)


def _first_chance(reader: PersonalTime, instant: datetime) -> _Chance:
    """The first instant from this one on that the reader's hours allow."""
    try:
        at = reader.allowed_from(instant)
    except ValueError as error:  # a calendar without a working day: it may be mended by tomorrow
        return _Chance(instant + _DAY, str(error))
    today = instant.astimezone(reader.zone).date()
    return _Chance(at, reader.why_off(today) or "outside working hours, or quiet hours")


def _tomorrow(reader: PersonalTime, now: datetime) -> _Chance:
    next_day = now.astimezone(reader.zone).date() + _DAY
    chance = _first_chance(reader, at_wall(next_day, time.min, reader.zone))
    return _Chance(chance.at, "the day's messages are used up (attention: messages_per_day)")
