"""Composes digests from the record, says them, and amends them when answers come late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.digests.loading import changes_since, facts_of
from domain.digests.messages import Composition, DigestHead
from domain.digests.rules import Layout, add_to, compose, is_outdated, layout_of, newer_reports
from domain.digests.saying import OPEN, RESTRICTED, Speaker
from domain.digests.values import CycleFacts
from domain.errors import NotFoundError
from models import digests as store
from models.base import Database
from models.delivery.rows import first_part
from models.digests import Digest, DigestVersion
from models.enums import CycleState
from models.portfolio import Council


@dataclass(frozen=True)
class _Part:
    """What is kept of one audience's part of a digest."""

    head: DigestHead
    layout: Layout


_PARTS: Final = TypeAdapter(dict[str, _Part])


class DigestService:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._speaker = Speaker(workspace_id, outbox)

    async def post(self, now: datetime) -> bool:
        """Compose, freeze and say the next digest that is due."""
        async with self._database.writing() as session:
            due = await store.cycles_to_report(session, self._workspace_id, now)
            for cycle, council in due:
                cycle.state = CycleState.REPORTED
                facts = await facts_of(session, cycle, council)
                digest = Digest(
                    workspace_id=self._workspace_id,
                    cycle_id=cycle.pk,
                    council_id=council.pk,
                    composed_at=now,
                )
                session.add(digest)
                await session.flush()
                await self._freeze_and_say(session, digest, council, facts, now)
            return bool(due)

    async def amend(self, now: datetime) -> bool:
        """Bring the next digest with late or corrected answers up to date.

        In place up to the council's freeze; after it the posted digest stays as it is, and an
        addendum in its thread tells of the answers.
        """
        async with self._database.writing() as session:
            late = await store.cycles_to_amend(session, self._workspace_id)
            for cycle, council in late:
                cycle.late_answer_at = None
                digest = await store.digest_of(session, cycle.pk)
                if digest is not None:
                    facts = await facts_of(session, cycle, council)
                    is_frozen = cycle.freeze_at is not None and now >= cycle.freeze_at
                    add = self._say_addendum if is_frozen else self._freeze_and_say
                    await add(session, digest, council, facts, now)
            return bool(late)

    async def compose_again(self, cycle_id: int) -> dict[str, tuple[Composition, DigestHead]]:
        """Compose a digest once more from the record, beside the head as it was frozen.

        Returns:
            For each audience: the new composition, and the frozen head.

        Raises:
            NotFoundError: the cycle has no digest.
        """
        async with self._database.reading() as session:
            row = await store.cycle_council(session, cycle_id)
            digest = await store.digest_of(session, cycle_id)
            version = await store.newest_version(session, digest) if digest else None
            if row is None or digest is None or version is None:
                msg = f"Cycle {cycle_id} has no digest."
                raise NotFoundError(msg)
            facts = await facts_of(session, row.cycle, row.council)
        parts = _PARTS.validate_python(version.value)
        return {
            audience: (
                compose(
                    facts,
                    part.head.as_of,
                    restricted=audience == RESTRICTED,
                    kept=part.layout,
                    posted_at=digest.composed_at if part.head.amended_at else None,
                ),
                part.head,
            )
            for audience, part in parts.items()
        }

    async def _freeze_and_say(
        self,
        session: AsyncSession,
        digest: Digest,
        council: Council,
        facts: CycleFacts,
        now: datetime,
    ) -> None:
        before = await store.newest_version(session, digest)
        kept = _PARTS.validate_python(before.value) if before else {}
        told = before.report_ids if before else []
        first = await store.first_version(session, digest) if before else None
        changes = await changes_since(session, facts, first.report_ids) if first else {}
        compositions = {
            audience: compose(
                facts,
                now,
                restricted=audience == RESTRICTED,
                kept=kept[audience].layout if audience in kept else None,
                posted_at=digest.composed_at if before else None,
                changes=changes,
            )
            for audience in _audiences(facts)
            if audience not in kept
            or is_outdated(kept[audience].layout, told, facts, restricted=audience == RESTRICTED)
        }
        parts = kept | {
            name: _Part(composition.head, layout_of(composition))
            for name, composition in compositions.items()
        }
        value = _PARTS.dump_python(parts, mode="json")
        session.add(_version(digest, before, now, value, facts))
        for audience, composition in compositions.items():
            for place, prefix in await self._speaker.places(session, digest, council, audience):
                await self._speaker.say(session, composition, place, prefix, now)
        if OPEN in compositions:
            await self._speaker.say_copies(session, digest, council, compositions[OPEN].head, now)

    async def _say_addendum(
        self,
        session: AsyncSession,
        digest: Digest,
        council: Council,
        facts: CycleFacts,
        now: datetime,
    ) -> None:
        before = await store.newest_version(session, digest)
        if before is None:
            return
        new = newer_reports(before.report_ids, facts)
        session.add(_version(digest, before, now, before.value, facts))
        changes = await changes_since(session, facts, before.report_ids)
        for audience in _audiences(facts):
            addendum = add_to(
                facts,
                new,
                now,
                restricted=audience == RESTRICTED,
                posted_at=digest.composed_at,
                changes=changes,
            )
            if not addendum.reports:
                continue
            for place, prefix in await self._speaker.places(session, digest, council, audience):
                # Who joined since, or reads a part that was empty, has no head to reply to.
                head = await first_part(session, self._workspace_id, f"{prefix}:head")
                to = Place.thread(head.key) if head else place
                key = f"{prefix}:addendum:{before.version + 1}"
                await self._outbox.say(session, addendum, to=to, key=key, now=now)


def _audiences(facts: CycleFacts) -> list[str]:
    """Who gets a part: nobody is told of a part that has no projects."""
    has_open = any(not each.is_restricted for each in facts.projects)
    has_restricted = any(each.is_restricted for each in facts.projects)
    return [OPEN] * has_open + [RESTRICTED] * has_restricted


def _version(
    digest: Digest,
    before: DigestVersion | None,
    now: datetime,
    value: dict[str, Any],
    facts: CycleFacts,
) -> DigestVersion:
    return DigestVersion(
        workspace_id=digest.workspace_id,
        digest_id=digest.pk,
        version=before.version + 1 if before else 1,
        as_of=now,
        value=value,
        report_ids=[each.report.report_id for each in facts.projects if each.report],
    )
