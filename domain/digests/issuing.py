"""One digest in one transaction: frozen and said, amended, added to, and cut where it must be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.digests.loading import changes_since, facts_as_told, facts_of
from domain.digests.messages import Composition, DigestAddendum, DigestPage
from domain.digests.parts import Part, Recomposer, read_facts, read_parts, write_facts, write_parts
from domain.digests.preview.rules import with_note
from domain.digests.preview.saying import cover_note
from domain.digests.rules import Layout, add_to, compose, is_outdated, layout_of, newer_reports
from domain.digests.saying import OPEN, RESTRICTED, Speaker, audiences_of
from domain.digests.values import CoverNote, CycleFacts, LeftProject, ProjectInCycle
from models import digests as store
from models.collecting import Cycle
from models.delivery.rows import first_part
from models.digests import Digest, DigestVersion
from models.enums import Visibility
from models.portfolio import Council

_NOTHING = DigestPage(())
"""What is left of a reply whose projects its readers may not know of any more."""


@dataclass(frozen=True)
class Issue:
    """A digest in hand, locked with its cycle."""

    session: AsyncSession
    outbox: Outbox
    cycle: Cycle
    council: Council
    digest: Digest
    now: datetime

    @property
    def speaker(self) -> Speaker:
        """Who says it."""
        return Speaker(self.digest.workspace_id, self.outbox)

    async def freeze_and_say(self, facts: CycleFacts) -> None:
        """Compose what is new or outdated, keep it as a version, and say it."""
        before = await store.newest_version(self.session, self.digest)
        kept = read_parts(before)
        first = await store.first_version(self.session, self.digest) if before else None
        changes = await changes_since(self.session, facts, first.report_ids) if first else {}
        notes = await self._notes(facts, kept)
        compositions = {
            audience: with_note(
                compose(
                    facts,
                    self.now,
                    restricted=audience == RESTRICTED,
                    kept=kept[audience].layout if audience in kept else None,
                    posted_at=self.digest.composed_at if before else None,
                    changes=changes,
                ),
                notes.get(audience),
            )
            for audience in audiences_of(facts, kept)
            if before is None or await self._is_outdated(audience, before, facts)
        }
        for audience in compositions.keys() & kept.keys():
            compositions[audience] = kept[audience].told_late(compositions[audience])
        version = before.version + 1 if before else 1
        parts = kept | {
            audience: Part(
                composition.head,
                layout_of(composition),
                version,
                due_at=kept[audience].due_at if audience in kept else None,
            )
            for audience, composition in compositions.items()
        }
        told = [each.report.report_id for each in facts.projects if each.report]
        self._keep(version, write_parts(parts), told, facts)
        await store.note_endings(
            self.session,
            self.cycle,
            {
                each.project_id: Visibility.RESTRICTED if each.is_restricted else Visibility.OPEN
                for each in facts.left
            },
        )
        await self._say(compositions, kept)

    async def _notes(self, facts: CycleFacts, kept: Mapping[str, Part]) -> dict[str, CoverNote]:
        """The covering note of each part as it was posted; when it is posted, of the first part."""
        if kept:
            return {name: part.head.note for name, part in kept.items() if part.head.note}
        preview = await store.preview_of(self.session, self.cycle.pk)
        note = await cover_note(self.session, preview)
        return {name: note for name in audiences_of(facts)[:1] if note}

    async def amend(self) -> None:
        """Tell of what has come since: in place, or in an addendum after the freeze.

        What its readers may not know of any more is taken out at any time.
        """
        # Before the facts: who becomes restricted in between is then found once more.
        await store.note_told(self.session, self.cycle)
        before = await store.newest_version(self.session, self.digest)
        if before is None:
            return
        facts = await facts_of(self.session, self.cycle, self.council)
        has_news = bool(newer_reports(before.report_ids, facts))
        freeze_at = self.cycle.freeze_at
        if freeze_at is not None and self.now >= freeze_at:
            if has_news:
                await self._add(before, facts)
            await self._cut()
        elif has_news or not await store.has_later_digest(self.session, self.cycle):
            await self.freeze_and_say(facts)
        else:  # an old one is not told anew for what has become of its projects since
            await self._cut()

    async def _is_outdated(self, audience: str, before: DigestVersion, facts: CycleFacts) -> bool:
        part = read_parts(before).get(audience)
        if part is None:
            return True
        version = await store.version_of(self.session, self.digest, part.version)
        kept, is_restricted = read_facts(version), audience == RESTRICTED
        if kept and await self._tells_wrong_endings(audience, part, kept.facts, facts):
            return True
        told = kept.project_ids(restricted=is_restricted) - set(part.hidden) if kept else None
        return is_outdated(
            part.layout, before.report_ids, facts, restricted=is_restricted, told=told
        )

    async def _tells_wrong_endings(
        self, audience: str, part: Part, kept: CycleFacts, facts: CycleFacts
    ) -> bool:
        """Whether a project that has ended became restricted or open since the part was told."""
        hidden = _hidden(audience, kept, await store.told_in(self.session, self.cycle))
        before = {each.project_id: each.is_restricted for each in kept.left}
        return bool(set(hidden) - set(part.hidden)) or any(
            before.get(each.project_id, each.is_restricted) != each.is_restricted
            for each in facts.left
        )

    def _keep(
        self, version: int, value: dict[str, Any], report_ids: list[int], facts: CycleFacts | None
    ) -> None:
        self.session.add(
            DigestVersion(
                workspace_id=self.digest.workspace_id,
                digest_id=self.digest.pk,
                version=version,
                as_of=self.now,
                value=value,
                report_ids=report_ids,
                facts=write_facts(facts) if facts else None,
            )
        )

    async def _say(self, compositions: Mapping[str, Composition], kept: Mapping[str, Part]) -> None:
        """Say what has become of parts, and take back the replies that they no longer have."""
        for audience, composition in compositions.items():
            before = kept[audience].layout if audience in kept else Layout()
            gone = set(before.details) - set(layout_of(composition).details)
            for place, prefix in await self._places(audience):
                await self.speaker.say(self.session, composition, place, prefix, self.now)
                await self._say_again(
                    prefix, {f"{prefix}:detail:{each}": _NOTHING for each in gone}
                )
        if OPEN in compositions:
            head = compositions[OPEN].head
            await self.speaker.say_copies(self.session, self.digest, self.council, head, self.now)

    async def _say_again(self, prefix: str, replies: Mapping[str, Message]) -> None:
        """Say replies anew in the thread of a head; those that were never said stay unsaid."""
        said = {key: each for key, each in replies.items() if await self._is_in_ledger(key)}
        if said:
            to = Place.thread(f"{prefix}:head")
            await self.outbox.say_all(self.session, said, to=to, now=self.now)

    async def _is_in_ledger(self, key: str) -> bool:
        return await first_part(self.session, self.digest.workspace_id, key) is not None

    async def _places(self, audience: str) -> Collection[tuple[Place, str]]:
        return await self.speaker.places(self.session, self.digest, self.council, audience)

    # --- after the freeze

    async def _add(self, before: DigestVersion, facts: CycleFacts) -> None:
        """Tell of answers that came after the freeze, in an addendum."""
        version = before.version + 1
        told = [each.report.report_id for each in facts.projects if each.report]
        self._keep(version, before.value, told, facts)
        for audience in audiences_of(facts):
            addendum = await self._addendum(audience, before.report_ids, facts, self.now)
            if not addendum.reports:
                continue
            for place, prefix in await self._places(audience):
                # Who joined since, or reads a part that was empty, has no head to reply to.
                head = await first_part(self.session, self.digest.workspace_id, f"{prefix}:head")
                to = Place.thread(head.key) if head else place
                key = f"{prefix}:addendum:{version}"
                await self.outbox.say(self.session, addendum, to=to, key=key, now=self.now)

    async def _addendum(
        self, audience: str, told: Collection[int], facts: CycleFacts, as_of: datetime
    ) -> DigestAddendum:
        """The addendum for one audience, with what is not among the reports told before."""
        return add_to(
            facts,
            newer_reports(told, facts),
            as_of,
            restricted=audience == RESTRICTED,
            posted_at=self.digest.composed_at,
            changes=await changes_since(self.session, facts, told),
        )

    async def _cut(self) -> None:
        """Take out what readers may not know any more, and put back what they may know again.

        Nothing else changes: the digest stays as it was read.
        """
        before = await store.newest_version(self.session, self.digest)
        kept = read_parts(before)
        told = await store.told_in(self.session, self.cycle)
        compositions, parts = {}, dict(kept)
        recomposer = Recomposer(self.session, self.cycle, self.council, self.digest)
        for audience, part in kept.items():
            facts = await recomposer.facts_of(part)
            hidden = _hidden(audience, _as_shown(audience, part, facts), told)
            if set(hidden) != set(part.hidden):
                cut = await recomposer.again(audience, part, hidden=hidden, cut_at=self.now)
                compositions[audience] = cut
                parts[audience] = replace(part, head=cut.head, layout=layout_of(cut), hidden=hidden)
        if before is not None and compositions:
            value = write_parts(parts)
            self._keep(before.version + 1, value, before.report_ids, None)
            await self._say(compositions, kept)
            for audience in compositions:
                await self._cut_addenda(audience, told)

    async def _cut_addenda(self, audience: str, told: Mapping[int, Visibility | None]) -> None:
        versions = await store.versions_of(self.session, self.digest)
        for before, version in pairwise(versions):
            kept = read_facts(version)
            if kept is None:
                continue
            facts = await facts_as_told(self.session, self.cycle, kept, version.as_of)
            hidden = _hidden(audience, facts, told)
            addendum = await self._addendum(
                audience, before.report_ids, facts.without(hidden), version.as_of
            )
            for place, prefix in await self._places(audience):
                key = f"{prefix}:addendum:{version.version}"
                row = await first_part(self.session, self.digest.workspace_id, key)
                if row is not None:
                    to = Place.thread(row.parent_key) if row.parent_key else place
                    left = addendum if addendum.reports else _NOTHING
                    await self.outbox.say(self.session, left, to=to, key=key, now=self.now)


def _as_shown(audience: str, part: Part, facts: CycleFacts) -> CycleFacts:
    """The facts with each project in the part that shows it.

    Of old records, which keep none, they are those of now: what is restricted since is not where it
    was told.
    """
    silent = {each.code for each in part.head.missing}
    shown = {*part.layout.details, *part.hidden}.union(*part.layout.pages)
    return replace(
        facts,
        projects=tuple(
            replace(each, is_restricted=audience == RESTRICTED)
            if each.project_id in shown or each.code in silent
            else each
            for each in facts.projects
        ),
    )


def _hidden(
    audience: str, facts: CycleFacts, told: Mapping[int, Visibility | None]
) -> tuple[int, ...]:
    """The projects of an audience's part that it may not know of any more."""
    permitted = {Visibility.OPEN} if audience == OPEN else set(Visibility)
    ended = (each for each in facts.left if each.project_id in told)
    known: list[ProjectInCycle | LeftProject] = [*facts.projects, *ended]
    return tuple(
        each.project_id
        for each in known
        if each.is_restricted == (audience == RESTRICTED)
        and told.get(each.project_id) not in permitted
    )
