"""How what the ledger holds reaches Slack: one step of one delivery at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import ledger, mending, rules, telling
from domain.delivery.errors import DeliveryTrouble, Disconnected, Permanent, Transient
from domain.delivery.messages import DeliveryProblem, EmptiedPart, Message
from domain.delivery.service import Outbox
from domain.delivery.values import (
    Claim,
    DmOpened,
    File,
    NotAdmitted,
    NotNeeded,
    NotPosted,
    Outcome,
    PictureDue,
    PicturesLost,
    Rendered,
    Said,
    Undelivered,
    Uploaded,
)
from domain.ports import Clock, Messenger, Posted
from models.base import Database
from models.delivery import UNSAID, rows
from models.enums import DeliveryState, DeliveryStep, PictureState

_log = logging.getLogger(__name__)

_TROUBLE = "delivery %s (%s to %s): %s"

Render = Callable[[Message], Sequence[Rendered]]
"""Makes the Slack messages of a message: usually one, more if its text outgrows one."""

Sleep = Callable[[float], Awaitable[object]]

Came = Outcome | PicturesLost | DeliveryTrouble

Watch = Callable[[Claim, Came, DeliveryState | None], None]
"""Hears what came of each step; after a trouble, also what became of the delivery."""


class DeliveryService:
    """Brings what the ledger holds to Slack: one step of one delivery at a time.

    No transaction is open while Slack is called: take, call, write down. A worker that dies in
    between leaves a lease behind; who takes over after it looks up what became of the call.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        messenger: Messenger,
        render: Render,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._messenger = messenger
        self._render = render
        self._clock = clock
        self._sleep = sleep
        self._drawing = asyncio.Lock()
        self._watches: list[Watch] = []

    def watch(self, watch: Watch) -> None:
        """Let somebody hear what comes of each step, once it is written down."""
        self._watches.append(watch)

    async def deliver_next(self, now: datetime) -> bool:
        """Do the next step of one delivery; tell whether there was one to do."""
        claim = await self.claim(now)
        if claim is None:
            return False
        await self.carry_out(claim)
        return True

    async def claim(self, now: datetime, conversation: str | None = None) -> Claim | None:
        """Take the delivery whose turn it is, if there is one, for `carry_out`.

        Of all, or of one conversation: the channel or person, with the threads there.
        """
        async with self._database.writing() as session:
            return await ledger.claim_next(session, self._outbox.workspace_id, now, conversation)

    async def try_again(self, channel_id: str, now: datetime) -> int:
        """Give what could not be said in a channel another chance; how many messages."""
        async with self._database.writing() as session:
            return await mending.try_again_in(session, self._outbox, channel_id, now)

    async def failures(self, now: datetime) -> Sequence[Undelivered]:
        """Everything that was given up and is neither mended nor dropped, oldest first."""
        async with self._database.reading() as session:
            return await mending.failures(session, self._outbox.workspace_id, now)

    async def retry(self, delivery_id: int, actor: str) -> None:
        """Give one thing that was given up another chance.

        Args:
            delivery_id: its number.
            actor: the Slack id of who wants that, for the audit.

        Raises:
            NotFoundError: there is no such delivery.
            CannotMendError: it is not given up, or its time is over.
        """
        async with self._database.writing() as session:
            await mending.retry(session, self._outbox, delivery_id, actor, self._clock.now())

    async def drop(self, delivery_id: int, actor: str) -> None:
        """Give one thing up for good; arguments and errors as for `retry`."""
        async with self._database.writing() as session:
            await mending.drop(session, self._outbox, delivery_id, actor, self._clock.now())

    async def next_due(self) -> datetime | None:
        """When the earliest of all that is still to be said is due; None if nothing is."""
        async with self._database.reading() as session:
            return await rows.next_due(session, self._outbox.workspace_id)

    async def carry_out(self, claim: Claim) -> None:
        """Do the step that was claimed, and write down what came of it."""
        try:
            outcome = await self._do_step(claim)
        except DeliveryTrouble as trouble:
            await self._record_trouble(claim, trouble)
        else:
            await self._record(claim, outcome)
            self._tell(claim, outcome)

    async def _do_step(self, claim: Claim) -> Outcome:
        if claim.step is DeliveryStep.EXPIRE:
            return NotNeeded(rules.TIME_OVER)
        if claim.step is DeliveryStep.ADMIT:
            return NotAdmitted()
        if claim.attempts > rules.MAX_ATTEMPTS:
            raise Permanent(
                "interrupted",
                f"the bot was stopped {rules.MAX_ATTEMPTS} times while it was saying this",
                "look into the log for what stops it",
            )
        calls = {
            DeliveryStep.OPEN_DM: self._open_dm,
            DeliveryStep.LOOK_UP: self._look_up,
            DeliveryStep.UPLOAD: self._upload,
            DeliveryStep.POST: self._post,
            DeliveryStep.EDIT: self._edit,
        }
        return await calls[claim.step](claim)

    async def _wait_for_turn(self, claim: Claim) -> None:
        wait = (claim.send_at - self._clock.now()).total_seconds()
        if wait > 0:
            await self._sleep(wait)
        if self._clock.now() + rules.CALL_ROOM > claim.lease_until:
            # Another worker may take over any moment: two calls must never be under way.
            raise Transient("held_up", "the bot was held up and its turn ran out")

    async def _open_dm(self, claim: Claim) -> Outcome:
        await self._wait_for_turn(claim)
        return DmOpened(await self._messenger.open_dm(claim.person))

    async def _look_up(self, claim: Claim) -> Outcome:
        await self._wait_for_turn(claim)
        found = await self._messenger.find(
            claim.channel, claim.opaque_id, claim.since, claim.thread_ts
        )
        if found is None:
            return NotPosted()
        if claim.attempted_revision != claim.revision:
            return Said(found, claim.attempted_revision, looks=None)
        rendered = await self._rendered(claim)
        looks = rendered[claim.part].with_files(claim.pictures)
        return Said(found, claim.revision, looks, len(rendered))

    async def _upload(self, claim: Claim) -> Outcome:
        rendered = await self._rendered(claim)
        missing = _missing(claim, rendered)
        if not missing:  # a newer value has none
            return Uploaded({}, is_complete=True)
        if len(claim.pictures) >= rules.MOST_UPLOADS:
            raise Permanent(
                "picture_differs",
                f"a file of a '{claim.kind}' is different each time that it is made",
                "this is a fault of the bot: report it with the log",
                is_local=False,
            )
        file = missing[0]
        await self._wait_for_turn(claim)
        stored = await self._messenger.upload(file.name, file.data, file.title, file.short_alt)
        is_document = file in rendered[claim.part].documents
        named = stored.link if is_document else stored.file_id
        return Uploaded({file.digest: named}, is_complete=len(missing) == 1)

    async def _post(self, claim: Claim) -> Outcome:
        rendered = await self._rendered(claim)
        if claim.part >= len(rendered):
            return NotNeeded("a newer, shorter text needs fewer messages")
        if _missing(claim, rendered):
            return PictureDue()
        looks = rendered[claim.part].with_files(claim.pictures)
        await self._wait_for_turn(claim)
        posted = await self._messenger.post(
            claim.channel, looks.text, looks.blocks, claim.opaque_id, claim.thread_ts
        )
        return Said(posted, claim.revision, looks, len(rendered))

    async def _edit(self, claim: Claim) -> Outcome:
        rendered = await self._rendered(claim)
        if _missing(claim, rendered):
            return PictureDue()
        is_emptied = claim.part >= len(rendered)
        newest = self._render(EmptiedPart())[0] if is_emptied else rendered[claim.part]
        looks = newest.with_files(claim.pictures)
        posted = Posted(claim.channel, claim.slack_ts or "")
        await self._wait_for_turn(claim)
        if (looks.text, list(looks.blocks)) != (claim.posted_text, claim.posted_blocks):
            await self._messenger.edit(posted, looks.text, looks.blocks)
        return Said(posted, claim.revision, looks, len(rendered))

    async def _rendered(self, claim: Claim) -> Sequence[Rendered]:
        try:
            message = self._outbox.codec.decode(claim.kind, claim.value)
            # In a thread, for a picture takes up to seconds and acknowledgements cannot wait; one
            # at a time, for it has the processor to itself anyway, and who asks for the same
            # meanwhile finds it drawn.
            async with self._drawing:
                rendered = await asyncio.to_thread(self._render, message)
        except Exception as error:
            _log.exception("delivery %s cannot be rendered", claim.delivery_id)
            raise Permanent(
                "cannot_render",
                f"the text of a '{claim.kind}' could not be made ({error})",
                "this is a fault of the bot: report it with the log",
                is_local=False,
            ) from error
        if not rendered:
            raise Permanent("no_text", f"a '{claim.kind}' has no text", "report it as a fault")
        return rendered

    def _tell(
        self,
        claim: Claim,
        came: Came,
        state: DeliveryState | None = None,
    ) -> None:
        if isinstance(came, Said | Uploaded):
            told = (claim.delivery_id, claim.kind, claim.conversation, claim.step)
            words = "said" if isinstance(came, Said) else "uploaded a file"
            _log.info(
                "delivery %s (%s to %s): %s (%s)",
                *told[:3],
                words,
                claim.step,
                extra={"trace": claim.trace},
            )
        for watch in self._watches:
            watch(claim, came, state)

    async def hand_back(self, claim: Claim) -> None:
        """Give up a delivery in hand, so that whoever takes it over need not wait for the lease."""
        async with self._database.writing() as session:
            await ledger.hand_back(session, claim, self._clock.now())

    async def _record(self, claim: Claim, outcome: Outcome) -> None:
        now = self._clock.now()
        async with self._database.writing() as session:
            state = await ledger.record(session, claim, outcome, now)
            is_over = claim.step is DeliveryStep.EXPIRE and state is DeliveryState.EXPIRED
            if is_over and rules.is_missed(claim.place_kind, claim.attention):
                missed = telling.missed(claim.kind, claim.channel_id, claim.person_slack_id)
                await telling.tell_pmo(session, self._outbox, missed, [claim.delivery_id], now)

    async def _record_trouble(self, claim: Claim, trouble: DeliveryTrouble) -> None:
        now = self._clock.now()
        told = (claim.delivery_id, claim.kind, claim.conversation, trouble)
        extra = {"trace": claim.trace}
        async with self._database.writing() as session:
            verdict = await ledger.record_trouble(session, claim, trouble, now)
            is_lasting = isinstance(trouble, Disconnected) or _is_lasting(verdict)
            _log.log(logging.ERROR if is_lasting else logging.WARNING, _TROUBLE, *told, extra=extra)
            if verdict is not None and is_lasting:
                await self._report(session, claim, trouble, verdict)
            if verdict is not None:
                await ledger.pause(session, self._outbox.workspace_id, verdict)
        came = PicturesLost() if verdict and verdict.loses_pictures else trouble
        self._tell(claim, came, verdict.state if verdict else None)

    async def _report(
        self,
        session: AsyncSession,
        claim: Claim,
        trouble: DeliveryTrouble,
        verdict: rules.Verdict,
    ) -> None:
        now, is_held = self._clock.now(), verdict.state is DeliveryState.HELD
        if claim.kind == DeliveryProblem.kind:
            if claim.person_slack_id is not None or verdict.state not in UNSAID:
                return  # what cannot be told is in the log, and not told in a circle
            await telling.pass_on(session, self._outbox, claim.key, claim.value, now)
        problem = DeliveryProblem(
            what=claim.kind,
            channel_id=None if claim.person_slack_id else claim.channel_id,
            person_slack_id=claim.person_slack_id,
            cause=trouble.reason,
            cure=trouble.cure,
            is_held=is_held,
            is_picture=verdict.loses_pictures,
        )
        where = claim.conversation if trouble.is_local or is_held else "workspace"
        if verdict.loses_pictures:
            where = "pictures"
        cause = telling.Cause(f"{where}:{trouble.code}", problem)
        await telling.tell_pmo(session, self._outbox, cause, [claim.delivery_id], now)


def _missing(claim: Claim, rendered: Sequence[Rendered]) -> Sequence[File]:
    """The pictures and documents that must be uploaded before a message can be said."""
    if claim.part >= len(rendered) or claim.picture_state is PictureState.GIVEN_UP:
        return ()
    files = [*rendered[claim.part].pictures, *rendered[claim.part].documents]
    return [file for file in files if file.digest not in claim.pictures]


def _is_lasting(verdict: rules.Verdict | None) -> bool:
    """Whether somebody has to hear of it."""
    return verdict is not None and (verdict.state in UNSAID or verdict.loses_pictures)
