"""The short transactions around each call to Slack: take a delivery, and write down what came."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import rules
from domain.delivery.errors import DeliveryTrouble
from domain.delivery.messages import Place
from domain.delivery.values import (
    Claim,
    DmOpened,
    NotAdmitted,
    NotNeeded,
    NotPosted,
    OnTheWay,
    Outcome,
    PictureDue,
    Said,
    Uploaded,
)
from models.delivery import Delivery, queue, rows
from models.delivery.queue import Candidate
from models.enums import DeliveryState, DeliveryStep, PictureState, PlaceKind

_log = logging.getLogger(__name__)


async def claim_next(
    session: AsyncSession, workspace_id: int, now: datetime, conversation: str | None = None
) -> Claim | None:
    """Take the delivery whose turn it is, with a lease and a slot within Slack's limits."""
    horizon, believable = now + rules.LONGEST_WAIT, now + rules.LONGEST_PAUSE
    candidate = await queue.next_candidate(
        session, workspace_id, now, horizon, believable, conversation
    )
    if candidate is None:
        return None
    send_at = await _reserve(session, candidate, now)
    if send_at is None:
        return None
    return _lease(candidate, now, send_at)


async def _reserve(session: AsyncSession, candidate: Candidate, now: datetime) -> datetime | None:
    """Take the next free slot of every limit that the step is under; None if it is far ahead."""
    if candidate.step in rules.CALLS_NOTHING:
        return now
    scopes = {candidate.step.value}
    if candidate.step is DeliveryStep.POST:
        scopes.add(queue.lane(candidate.delivery.conversation))
    gates = await queue.lock_gates(session, candidate.delivery.workspace_id, scopes, now)
    believable = now + rules.LONGEST_PAUSE
    turns = [gate.next_at for gate in gates if gate.next_at <= believable]
    slot = max([now, *turns])
    if slot > now + rules.LONGEST_WAIT:  # another worker was faster
        return None
    for gate in gates:
        is_careful = gate.slow_until is not None and slot < gate.slow_until
        gate.next_at = slot + rules.spacing(gate.scope, is_careful=is_careful)
    return slot


def _lease(candidate: Candidate, now: datetime, send_at: datetime) -> Claim:
    row, parent, person = candidate.delivery, candidate.parent, candidate.person
    row.state = DeliveryState.SENDING
    row.lease_owner = uuid4().hex
    row.lease_until = now + rules.LEASE
    row.attempts += 1
    found_revision = row.attempted_revision
    is_first = _is_first(candidate)
    if candidate.step is DeliveryStep.POST:
        row.first_attempt_at = row.first_attempt_at or now
        row.attempted_revision = row.revision
    return Claim(
        delivery_id=row.pk,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        send_at=send_at,
        step=candidate.step,
        attempts=row.attempts,
        is_first=is_first,
        wanted_at=row.admitted_at or row.created_at,
        trace=row.trace,
        key=row.key,
        kind=row.kind,
        value=row.value,
        attention=row.attention,
        place_kind=row.place_kind,
        revision=row.revision,
        attempted_revision=found_revision,
        part=row.part,
        opaque_id=row.opaque_id,
        since=(row.first_attempt_at or row.created_at) - rules.LOOK_BACK,
        conversation=row.conversation,
        channel_id=row.channel_id or _channel_of(candidate),
        person_slack_id=person.slack_id if person else None,
        thread_ts=parent.slack_ts if parent else row.thread_ts,
        slack_ts=row.slack_ts,
        posted_text=row.posted_text,
        posted_blocks=row.posted_blocks,
        picture_state=row.picture_state,
        pictures=row.pictures or {},
    )


def _is_first(candidate: Candidate) -> bool:
    """Whether a value is tried for the first time; steps on the way to it do not count."""
    if candidate.step is DeliveryStep.POST:
        return candidate.delivery.first_attempt_at is None
    return candidate.step is DeliveryStep.EDIT and candidate.delivery.attempts == 1


def _channel_of(candidate: Candidate) -> str | None:
    if candidate.parent is not None:
        return candidate.parent.channel_id
    return candidate.person.dm_channel if candidate.person else None


async def record(
    session: AsyncSession, claim: Claim, outcome: Outcome, now: datetime
) -> DeliveryState | None:
    """Write down what came of a call, and give the state; None if it is another worker's by now."""
    row = await _held(session, claim)
    if row is None:
        return None
    match outcome:
        case NotNeeded(reason):
            _drop(row, claim, reason, now)
        case NotAdmitted():
            _hand_back(row, claim, now)
            row.state = DeliveryState.WAITING
        case Said():
            _note_said(row, outcome, now)
            if row.part == 0:
                await _add_parts(session, row, outcome.parts, now)
        case DmOpened() | NotPosted() | PictureDue() | Uploaded():
            await _go_on(session, row, claim, outcome, now)
    return row.state


async def _go_on(
    session: AsyncSession, row: Delivery, claim: Claim, outcome: OnTheWay, now: datetime
) -> None:
    """Write down a step on the way; the next one may follow at once."""
    match outcome:
        case DmOpened(channel_id):
            await rows.store_dm(session, row, channel_id)
            _hand_back(row, claim, now)
        case NotPosted():
            row.is_uncertain = False
            _hand_back(row, claim, now)
        case PictureDue():
            _await_picture(row, claim, now)
        case Uploaded():
            _note_uploaded(row, outcome, now)


async def record_trouble(
    session: AsyncSession, claim: Claim, trouble: DeliveryTrouble, now: datetime
) -> rules.Verdict | None:
    """Write down what went wrong and when to try again; None if it is another worker's by now.

    Whom the verdict pauses is left to `pause`, for the end of the transaction.
    """
    row = await _held(session, claim)
    if row is None:
        return None
    row.trouble_since = since = row.trouble_since or now
    patience = await _patience(session, row, claim, since)
    verdict = rules.judge(trouble, claim.step, claim.attempts, since, now, patience)
    _release(row, verdict.state, row.due_at if verdict.pause else verdict.due_at)
    row.attempts = verdict.attempts
    row.is_uncertain |= verdict.is_uncertain  # only a look-up that gives an answer ends a doubt
    row.reason, row.cure, row.trouble = trouble.reason, trouble.cure, trouble.code
    if await _reopens(session, row, claim, trouble):
        row.state = DeliveryState.DUE
    if _gives_up_pictures(row, claim, trouble, now):
        return replace(verdict, state=row.state, loses_pictures=True)
    if row.state is not DeliveryState.DUE and row.revision > claim.revision:
        row.state, row.attempts = DeliveryState.DUE, 0  # a newer value deserves its own chance
    return replace(verdict, state=row.state)


async def _patience(
    session: AsyncSession, row: Delivery, claim: Claim, since: datetime
) -> timedelta:
    """How long an outage is waited out; not as long if Slack takes other messages meanwhile."""
    is_last_try = claim.attempts >= rules.MAX_ATTEMPTS
    if is_last_try and await rows.is_any_said_since(session, row.workspace_id, since):
        return rules.MESSAGE_PATIENCE
    return rules.OUTAGE_PATIENCE


async def pause(session: AsyncSession, workspace_id: int, verdict: rules.Verdict) -> None:
    """Move the shared pacing clocks, so that every worker obeys.

    The last thing in a transaction: who takes a delivery holds that and wants the clocks.
    """
    if not verdict.pause:
        return
    for gate in await queue.lock_gates(session, workspace_id, verdict.pause, verdict.due_at):
        is_believable = gate.next_at <= verdict.due_at + rules.LONGEST_PAUSE
        gate.next_at = max(gate.next_at, verdict.due_at) if is_believable else verdict.due_at
        gate.slow_until = verdict.careful_until or gate.slow_until


async def _reopens(
    session: AsyncSession, row: Delivery, claim: Claim, trouble: DeliveryTrouble
) -> bool:
    """Forget the id of somebody's direct messages if Slack does not know it any more; once."""
    is_dm = row.place_kind is PlaceKind.PERSON and row.slack_ts is None
    if not is_dm or row.is_reopened or not rules.has_lost_dm(trouble, claim.step):
        return False
    row.is_reopened = True
    await rows.store_dm(session, row, None)
    return True


def _gives_up_pictures(
    row: Delivery, claim: Claim, trouble: DeliveryTrouble, now: datetime
) -> bool:
    """Say it without its pictures and documents, if they are the trouble; tell whether they are.

    Not if there is a newer value: that may show others. What went up before an upload failed is
    shown nevertheless. What is refused with no file in it is refused for good: it would be said
    without pause.
    """
    is_lost = rules.loses_pictures(trouble, claim.step, claim.attempts, row.state)
    has_files = claim.step is DeliveryStep.UPLOAD or bool(row.pictures)
    if not (is_lost and has_files) or row.revision > claim.revision:
        return False
    row.picture_state = PictureState.GIVEN_UP
    if claim.step is not DeliveryStep.UPLOAD:
        row.pictures = None
    row.state, row.due_at, row.attempts, row.trouble_since = DeliveryState.DUE, now, 0, None
    return True


async def hand_back(session: AsyncSession, claim: Claim, now: datetime) -> None:
    """End a lease early: what was perhaps posted under it is looked up by whoever takes over.

    Not at once, for Slack may still be taking a call whose connection has just been closed.
    """
    row = await rows.leased(session, claim.delivery_id, claim.lease_owner)
    if row is not None:
        row.lease_until = min(claim.lease_until, now + rules.HAND_OVER)


async def _held(session: AsyncSession, claim: Claim) -> Delivery | None:
    row = await rows.leased(session, claim.delivery_id, claim.lease_owner)
    if row is None:
        _log.warning("delivery %s was taken over by another worker", claim.delivery_id)
    return row


def _release(row: Delivery, state: DeliveryState, due_at: datetime) -> None:
    row.state, row.due_at = state, due_at
    row.lease_owner = row.lease_until = None


def _hand_back(row: Delivery, claim: Claim, now: datetime) -> None:
    """A step on the way is done and was no attempt: the next one may follow at once."""
    _release(row, DeliveryState.DUE, now)
    row.attempts = claim.attempts - 1


def _await_picture(row: Delivery, claim: Claim, now: datetime) -> None:
    """Have a picture or document uploaded first; what was claimed as a post was none."""
    _hand_back(row, claim, now)
    row.picture_state = PictureState.DUE
    if claim.is_first and claim.step is DeliveryStep.POST:
        row.first_attempt_at = None


def _note_uploaded(row: Delivery, uploaded: Uploaded, now: datetime) -> None:
    _release(row, DeliveryState.DUE, now)
    row.pictures = {**(row.pictures or {}), **uploaded.files}
    row.picture_state = PictureState.SETTLED if uploaded.is_complete else PictureState.DUE
    row.attempts = 0
    row.trouble_since, row.reason, row.cure, row.trouble = None, "", "", ""


def _drop(row: Delivery, claim: Claim, reason: str, now: datetime) -> None:
    """Say it no more, unless it has a newer value: that may have more time, or more messages."""
    if row.revision == claim.revision:
        _release(row, DeliveryState.EXPIRED, now)
        row.reason = reason
        return
    _hand_back(row, claim, now)
    if rules.is_counted(row.place_kind, row.attention):
        row.state = DeliveryState.WAITING


def _note_said(row: Delivery, said: Said, now: datetime) -> None:
    row.slack_ts, row.channel_id = said.posted.ts, said.posted.channel_id
    row.posted_revision, row.posted_at = said.revision, now
    if said.looks is not None:
        row.posted_text = said.looks.text
        row.posted_blocks = [dict(block) for block in said.looks.blocks]
        files, known = [*said.looks.pictures, *said.looks.documents], row.pictures or {}
        shown = {file.digest for file in files}
        row.pictures = {each: known[each] for each in shown & known.keys()} or None
    row.attempts, row.is_uncertain, row.is_reopened = 0, False, False
    row.trouble_since, row.reason, row.cure, row.trouble = None, "", "", ""
    if row.revision > said.revision:
        _release(row, DeliveryState.DUE, rules.next_edit_at(now, now, row.attention))
    else:
        _release(row, DeliveryState.SENT, now)


async def _add_parts(session: AsyncSession, first: Delivery, count: int, now: datetime) -> None:
    """Queue the further messages of a long text: in its own thread, or on in the same one.

    They never expire: what was begun is said to its end.
    """
    place = _place_of_parts(first)
    for part in range(1, count):
        row = Delivery(
            workspace_id=first.workspace_id,
            key=first.key,
            part=part,
            leader_id=first.id,
            opaque_id=uuid4().hex,
            trace=first.trace,
            kind=first.kind,
            value=first.value,
            revision=first.revision,
            place_kind=place.kind,
            place=place.name,
            conversation=first.conversation,
            channel_id=place.channel_id,
            parent_key=place.parent_key,
            thread_ts=place.thread_ts,
            due_at=now,
            created_at=now,
        )
        await rows.insert_delivery(session, row)


def _place_of_parts(first: Delivery) -> Place:
    """Where the further messages of a text go."""
    if first.channel_id is not None and first.thread_ts is not None:
        return Place.under(first.channel_id, first.thread_ts)
    is_reply = first.place_kind is PlaceKind.THREAD
    return Place.thread(first.parent_key if is_reply and first.parent_key else first.key)
