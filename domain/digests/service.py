"""Composes digests from the record, says them, and amends them when answers come late."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.digests.issuing import Issue
from domain.digests.loading import facts_of
from domain.digests.messages import Composition, DigestHead
from domain.digests.parts import Recomposer, read_parts
from domain.digests.preview.saying import may_post
from domain.digests.restating import Restating
from domain.digests.setbacks.trying import Attempt, Setbacks
from domain.errors import NotFoundError
from models import digests as store
from models.base import Database
from models.digests import CycleCouncil, Digest
from models.enums import Composing, CycleState
from models.portfolio import plan_revision

_STUCK_FOR: Final = timedelta(minutes=1)


class DigestService:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._setbacks = Setbacks(database, workspace_id)
        self._seen_revision: int | None = None
        """The last change after which this process has looked who is told of what."""
        self._stuck: set[tuple[int, int]] = set()
        """What had no other way out when this process last looked: deliveries and revisions."""
        self._stuck_until = datetime.min.replace(tzinfo=UTC)

    async def post(self, now: datetime) -> bool:
        """Compose, freeze and say the next digest that is due; what raises is put off."""
        async with self._database.reading() as session:
            if not await store.cycles_to_report(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.DIGEST, now) as attempt,
            self._database.writing() as session,
        ):
            due = await store.cycles_to_report(session, self._workspace_id, now, locked=True)
            for each in due:
                await self._post(session, each, attempt, now)
            return bool(due)
        return True  # put off: what is due behind it may go

    async def _post(
        self, session: AsyncSession, due: CycleCouncil, attempt: Attempt, now: datetime
    ) -> None:
        cycle, council = due
        await attempt.of(session, cycle.pk)
        if not await may_post(session, cycle, now):
            return  # held since it was found
        cycle.state = CycleState.REPORTED
        await store.note_told(session, cycle)
        facts = await facts_of(session, cycle, council)
        digest = Digest(
            workspace_id=self._workspace_id,
            cycle_id=cycle.pk,
            council_id=council.pk,
            composed_at=now,
        )
        session.add(digest)
        await session.flush()
        await Issue(session, self._outbox, cycle, council, digest, now).freeze_and_say(facts)

    async def amend(self, now: datetime) -> bool:
        """Bring the next digest with late or corrected answers up to date.

        In place up to the council's freeze; after it the posted digest stays as it is, and an
        addendum in its thread tells of the answers. What its readers may not know of any more is
        taken out of it at any time.
        """
        await self._find_what_is_told_too_widely(now)
        async with self._database.reading() as session:
            if not await store.cycles_to_amend(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.AMENDMENT, now) as attempt,
            self._database.writing() as session,
        ):
            late = await store.cycles_to_amend(session, self._workspace_id, now, locked=True)
            for cycle, council in late:
                await attempt.of(session, cycle.pk)
                cycle.late_answer_at = None
                digest = await store.digest_of(session, cycle.pk)
                if digest is not None:
                    await Issue(session, self._outbox, cycle, council, digest, now).amend()
            return bool(late)
        return True  # put off: what is due behind it may go

    async def mend(self, now: datetime) -> bool:
        """Say elsewhere what Slack does not take where it was to be said.

        What has no other way out is looked at again only once a minute: it may stay so for weeks.
        """
        async with self._database.reading() as session:
            rows = await Restating(session, self._outbox, now).refused()
        found = {(row.pk, row.revision) for row in rows}
        if not found or (found <= self._stuck and now < self._stuck_until):
            return False
        async with self._database.writing() as session:
            has_mended = await Restating(session, self._outbox, now).restate()
        self._stuck, self._stuck_until = (set() if has_mended else found), now + _STUCK_FOR
        return has_mended

    async def _find_what_is_told_too_widely(self, now: datetime) -> None:
        """Mark the digests whose projects became restricted, or open, or left; once a change."""
        async with self._database.reading() as session:
            revision = await plan_revision(session, self._workspace_id)
            if revision == self._seen_revision:
                return
            cycle_ids = await store.cycles_telling_too_much(session, self._workspace_id)
        if cycle_ids:
            async with self._database.writing() as session:
                await store.mark_outdated(session, cycle_ids, now)
        self._seen_revision = revision

    async def compose_again(
        self, cycle_id: int, version: int | None = None
    ) -> dict[str, tuple[Composition, DigestHead]]:
        """Compose a digest once more from the record, beside the head as it was frozen.

        Args:
            cycle_id: the cycle's number.
            version: which state of the digest; None: the newest.

        Returns:
            For each audience: the new composition, and the frozen head.

        Raises:
            NotFoundError: the cycle has no digest, or the digest no such version.
        """
        async with self._database.reading() as session:
            row = await store.cycle_council(session, cycle_id)
            digest = await store.digest_of(session, cycle_id)
            if row is None or digest is None:
                msg = f"Cycle {cycle_id} has no digest."
                raise NotFoundError(msg)
            wanted = (
                await store.newest_version(session, digest)
                if version is None
                else await store.version_of(session, digest, version)
            )
            if wanted is None:
                msg = f"The digest of cycle {cycle_id} has no version {version}."
                raise NotFoundError(msg)
            recomposer = Recomposer(session, row.cycle, row.council, digest)
            return {
                audience: (await recomposer.again(audience, part), part.head)
                for audience, part in read_parts(wanted).items()
            }
