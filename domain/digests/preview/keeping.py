"""The clock's side of previews: shows drafts when they are due, and keeps them up to date."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.digests.loading import facts_of
from domain.digests.messages import Composition
from domain.digests.preview.rules import release_at, remind_at, with_note
from domain.digests.preview.saying import PreviewSpeaker, cover_note, digest_subject, waits_of
from domain.digests.rules import compose
from domain.digests.saying import RESTRICTED, audiences_of
from domain.digests.setbacks.trying import Setbacks
from domain.digests.values import CycleFacts
from domain.portfolio.configuring import load_configuration
from models import digests as store
from models.base import Database
from models.digests import CycleCouncil, DigestPreview, PreviewRow
from models.enums import Composing, CycleState
from models.portfolio import AuditEntry, plan_revision

_CLOCK: Final = "pmobot"
"""Who the audit says has done what nobody pressed."""


class PreviewKeeper:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._setbacks = Setbacks(database, workspace_id)
        self._speaker = PreviewSpeaker(workspace_id, outbox)

    async def show(self, now: datetime) -> bool:
        """Show the PMO the next draft that is due."""
        async with self._database.reading() as session:
            if not await store.cycles_to_preview(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.PREVIEW, now) as attempt,
            self._database.writing() as session,
        ):
            due = await store.cycles_to_preview(session, self._workspace_id, now, locked=True)
            for each in due:
                await attempt.of(session, each.cycle.pk)
                await self._show(session, each, now)
            return bool(due)
        return True  # put off: what is due behind it may go

    async def renew(self, now: datetime) -> bool:
        """Bring the next draft of which there is something new up to date.

        Up to its posting only: what comes later amends the digest itself.
        """
        async with self._database.reading() as session:
            if not await store.previews_to_renew(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.RENEWAL, now) as attempt,
            self._database.writing() as session,
        ):
            rows = await store.previews_to_renew(session, self._workspace_id, now, locked=True)
            for row in rows:
                await attempt.of(session, row.cycle.pk)
                if row.cycle.state is CycleState.REPORTED:
                    await self._finish(session, row, now)
                else:
                    await self._renew(session, row, now)
            return bool(rows)
        return True  # put off: what is due behind it may go

    async def _show(self, session: AsyncSession, due: CycleCouncil, now: datetime) -> None:
        cycle, council = due
        released = release_at(cycle.digest_at, None, cycle.unapproved, is_approved=False)
        preview = DigestPreview(
            workspace_id=self._workspace_id,
            cycle_id=cycle.pk,
            shown_at=now,
            release_at=released,
            remind_at=remind_at(released, cycle.digest_at, now),
        )
        session.add(preview)
        await self._note_seen(session, preview)
        facts = await facts_of(session, cycle, council)
        if not facts.projects:  # there is nothing that anybody could look at, or would be told
            preview.release_at, preview.remind_at, preview.is_over = cycle.digest_at, None, True
            return
        if any(not each.is_restricted for each in facts.projects):
            configuration = await load_configuration(session, self._workspace_id)
            preview.channel_id = configuration.pmo_channel_id
        row = PreviewRow(cycle, council, preview)
        await session.flush()
        await self._say(session, row, facts, now)

    async def _renew(self, session: AsyncSession, row: PreviewRow, now: datetime) -> None:
        cycle, council, preview = row
        await self._speaker.leave_channel(session, row)
        await self._note_seen(session, preview)
        await self._say(session, row, await facts_of(session, cycle, council), now)
        if preview.remind_at is not None and preview.remind_at <= now:
            preview.remind_at = None
            await self._speaker.say_waits(session, row, waits_of(row), now)

    async def _note_seen(self, session: AsyncSession, preview: DigestPreview) -> None:
        """Note how far the record is, before it is read: what changes meanwhile is seen next."""
        preview.seen_reports = await store.reports_seen(session, preview.cycle_id)
        preview.seen_revision = await plan_revision(session, self._workspace_id)

    async def _say(
        self, session: AsyncSession, row: PreviewRow, facts: CycleFacts, now: datetime
    ) -> None:
        await self._speaker.say(session, row, now)
        compositions = await self._drafts(session, row.preview, facts, now)
        await self._speaker.say_drafts(session, row, compositions, now)

    async def _drafts(
        self, session: AsyncSession, preview: DigestPreview, facts: CycleFacts, now: datetime
    ) -> dict[str, Composition]:
        """What would be posted now, by audience; the first of them has the note."""
        note = await cover_note(session, preview)
        drafts: dict[str, Composition] = {}
        for audience in audiences_of(facts):
            draft = compose(facts, now, restricted=audience == RESTRICTED)
            drafts[audience] = with_note(draft, None if drafts else note)
        return drafts

    async def _finish(self, session: AsyncSession, row: PreviewRow, now: datetime) -> None:
        """Tell the PMO that its digest is posted, which takes the place of the drafts."""
        row.preview.is_over = True
        await self._speaker.say(session, row, now)
        await self._speaker.clear_drafts(session, row, now)
        waits = replace(waits_of(row), outcome="posted")
        await self._speaker.say_waits(session, row, waits, now)
        if row.preview.approved_at is None:
            entry = AuditEntry(
                workspace_id=self._workspace_id,
                at=now,
                actor=_CLOCK,
                subject=digest_subject(row),
                field="approval",
                new="posted without approval",
            )
            session.add(entry)
