"""What is kept of a digest, so that it can be amended, composed again, and cut where it must be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.digests.loading import changes_since, facts_as_told, facts_of
from domain.digests.messages import Composition, DigestHead
from domain.digests.rules import Layout, compose
from domain.digests.saying import RESTRICTED
from domain.digests.values import CycleFacts, KeptFacts
from models import digests as store
from models.collecting import Cycle
from models.digests import Digest, DigestVersion
from models.portfolio import Council


@dataclass(frozen=True)
class Part:
    """What is kept of one audience's part of a digest."""

    head: DigestHead
    layout: Layout
    version: int = 0
    """The version whose facts it was composed from; 0 in records older than this field."""
    hidden: tuple[int, ...] = ()
    """Projects that stood in it, and that its readers may not know of any more."""
    due_at: datetime | None = None
    """When it was due, if it was composed in time and no channel took it for a while."""

    def told_late(self, composition: Composition) -> Composition:
        """A composition that says when it was due, if this part has said so before."""
        if self.due_at is None:
            return composition
        return replace(composition, head=replace(composition.head, due_at=self.due_at))


_PARTS: Final = TypeAdapter(dict[str, Part])
_KEPT: Final = TypeAdapter(KeptFacts)


def read_parts(version: DigestVersion | None) -> dict[str, Part]:
    """The parts of a digest, by audience."""
    return _PARTS.validate_python(version.value) if version else {}


def write_parts(parts: Mapping[str, Part]) -> dict[str, Any]:
    """The parts as a version keeps them."""
    value: dict[str, Any] = _PARTS.dump_python(dict(parts), mode="json")
    return value


def read_facts(version: DigestVersion | None) -> KeptFacts | None:
    """What a version has kept of its facts, if it has."""
    if version is None or version.facts is None:
        return None
    return _KEPT.validate_python(version.facts)


def write_facts(facts: CycleFacts) -> dict[str, Any]:
    """Facts as a version keeps them."""
    value: dict[str, Any] = _KEPT.dump_python(KeptFacts.of(facts), mode="json")
    return value


class Recomposer:
    """Composes parts of one digest again, as they were told."""

    def __init__(
        self, session: AsyncSession, cycle: Cycle, council: Council, digest: Digest
    ) -> None:
        self._session = session
        self._cycle = cycle
        self._council = council
        self._digest = digest
        self._first: DigestVersion | None = None

    async def again(
        self,
        audience: str,
        part: Part,
        *,
        hidden: Collection[int] | None = None,
        cut_at: datetime | None = None,
    ) -> Composition:
        """Compose a part once more from what it was made from.

        Args:
            audience: whose part it is.
            part: as it was kept.
            hidden: projects to leave out, where these are others than it leaves out already.
            cut_at: when they are left out, if that is now.
        """
        facts = await self.facts_of(part)
        left_out = set(part.hidden if hidden is None else hidden)
        is_amended = part.head.amended_at is not None or cut_at is not None
        first = await self._first_version()
        composition = compose(
            facts.without(left_out),
            part.head.as_of,
            restricted=audience == RESTRICTED,
            kept=part.layout,
            posted_at=self._digest.composed_at if is_amended else None,
            changes=await changes_since(self._session, facts, first.report_ids),
        )
        amended_at = cut_at or part.head.amended_at
        head = replace(composition.head, amended_at=amended_at, note=part.head.note)
        return part.told_late(replace(composition, head=head))

    async def facts_of(self, part: Part) -> CycleFacts:
        """The facts that a part was made from; of old records, which keep none, those of now."""
        version = await store.version_of(self._session, self._digest, part.version)
        kept = read_facts(version)
        if kept is None:
            return await facts_of(self._session, self._cycle, self._council)
        return await facts_as_told(self._session, self._cycle, kept, part.head.as_of)

    async def _first_version(self) -> DigestVersion:
        if self._first is None:
            self._first = await store.first_version(self._session, self._digest)
        if self._first is None:
            msg = f"digest {self._digest.pk} has no version"
            raise ValueError(msg)
        return self._first
