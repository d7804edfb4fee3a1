"""Composes digests from the record, says them, and amends them when answers come late."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.history_rules import Difference, differences
from domain.collecting.keeping import read_report
from domain.collecting.values import Answers
from domain.delivery.messages import Letter, Message, Place
from domain.delivery.service import Outbox
from domain.digests.messages import Composition, DigestCopy, DigestHead
from domain.digests.rules import Layout, add_to, compose, is_outdated, layout_of, newer_reports
from domain.digests.values import Counts, CycleFacts, PastReport, ProjectInCycle, ReportFacts
from domain.errors import NotFoundError
from models import digests as store
from models.base import Database
from models.calendar import digest_subscribers
from models.collecting import Cycle, StatusReport, versions_in_cycle
from models.delivery.rows import first_part, parts_by_key, pmo_people
from models.digests import AskedProject, Digest, DigestVersion, EarlierReport
from models.enums import CycleState, Health, Visibility
from models.portfolio import Council

MEMORY: Final = timedelta(days=3 * 366)
"""How far back the days in a colour are counted."""


@dataclass(frozen=True)
class _Part:
    """What is kept of one audience's part of a digest."""

    head: DigestHead
    layout: Layout


_PARTS: Final = TypeAdapter(dict[str, _Part])
_OPEN, _RESTRICTED = "open", "restricted"


class DigestService:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def post(self, now: datetime) -> bool:
        """Compose, freeze and say the next digest that is due."""
        async with self._database.writing() as session:
            due = await store.cycles_to_report(session, self._workspace_id, now)
            for cycle, council in due:
                cycle.state = CycleState.REPORTED
                facts = await _facts(session, cycle, council)
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
                    facts = await _facts(session, cycle, council)
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
            facts = await _facts(session, row.cycle, row.council)
        parts = _PARTS.validate_python(version.value)
        return {
            audience: (
                compose(
                    facts,
                    part.head.as_of,
                    restricted=audience == _RESTRICTED,
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
        changes = await _changes(session, facts, first.report_ids) if first else {}
        compositions = {
            audience: compose(
                facts,
                now,
                restricted=audience == _RESTRICTED,
                kept=kept[audience].layout if audience in kept else None,
                posted_at=digest.composed_at if before else None,
                changes=changes,
            )
            for audience in _audiences(facts)
            if audience not in kept
            or is_outdated(kept[audience].layout, told, facts, restricted=audience == _RESTRICTED)
        }
        parts = kept | {
            name: _Part(composition.head, layout_of(composition))
            for name, composition in compositions.items()
        }
        value = _PARTS.dump_python(parts, mode="json")
        session.add(_version(digest, before, now, value, facts))
        for audience, composition in compositions.items():
            for place, prefix in await self._places(session, digest, council, audience):
                await self._say(session, composition, place, prefix, now)
        if _OPEN in compositions:
            await self._say_copies(session, digest, council, compositions[_OPEN].head, now)

    async def _say_copies(
        self,
        session: AsyncSession,
        digest: Digest,
        council: Council,
        head: DigestHead,
        now: datetime,
    ) -> None:
        """Give the head to everybody who has subscribed to it.

        Who subscribes later gets the next digest, not the amended one of before.
        """
        ((place, prefix),) = await self._places(session, digest, council, _OPEN)
        channel_id = place.channel_id or council.channel_id
        is_same = channel_id == council.channel_id
        copy = DigestCopy(head, channel_id, council.channel_name if is_same else "")
        readers = await digest_subscribers(session, council.pk)
        letters = [
            Letter(copy, Place.person(each), f"{prefix}:subscriber:{each}") for each in readers
        ]
        if head.amended_at is not None:
            keys = {each.key for each in letters}
            told = await parts_by_key(session, self._workspace_id, keys)
            letters = [each for each in letters if each.key in told]
        if letters:
            await self._outbox.say_each(session, letters, now)

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
        changes = await _changes(session, facts, before.report_ids)
        for audience in _audiences(facts):
            addendum = add_to(
                facts,
                new,
                now,
                restricted=audience == _RESTRICTED,
                posted_at=digest.composed_at,
                changes=changes,
            )
            if not addendum.reports:
                continue
            for place, prefix in await self._places(session, digest, council, audience):
                # Who joined since, or reads a part that was empty, has no head to reply to.
                head = await first_part(session, self._workspace_id, f"{prefix}:head")
                to = Place.thread(head.key) if head else place
                key = f"{prefix}:addendum:{before.version + 1}"
                await self._outbox.say(session, addendum, to=to, key=key, now=now)

    async def _places(
        self, session: AsyncSession, digest: Digest, council: Council, audience: str
    ) -> Sequence[tuple[Place, str]]:
        """Where an audience reads, each with the beginning of the keys of what is said there.

        Restricted projects never stand in a channel: its membership is Slack's to change, and
        the council's own members are known.
        """
        prefix = f"digest:{digest.cycle_id}"
        if audience == _OPEN:
            # The council may read elsewhere by now; what is posted stays where it is.
            head = await first_part(session, self._workspace_id, f"{prefix}:head")
            channel_id = (head.channel_id if head else None) or council.channel_id
            return [(Place.channel(channel_id), prefix)]
        readers = await store.council_readers(session, council)
        if not readers:  # nobody sits there yet: it must not go to nobody
            readers = [each.pk for each in await pmo_people(session, self._workspace_id)]
        return [(Place.person(each), f"{prefix}:restricted:{each}") for each in readers]

    async def _say(
        self,
        session: AsyncSession,
        composition: Composition,
        place: Place,
        prefix: str,
        now: datetime,
    ) -> None:
        await self._outbox.say(session, composition.head, to=place, key=f"{prefix}:head", now=now)
        replies: dict[str, Message] = {
            f"{prefix}:detail:{each.report.project_id}": each for each in composition.details
        }
        replies |= {
            f"{prefix}:page:{number}": page
            for number, page in enumerate(composition.pages, start=1)
        }
        to = Place.thread(f"{prefix}:head")
        await self._outbox.say_all(session, replies, to=to, now=now)


def _audiences(facts: CycleFacts) -> list[str]:
    """Who gets a part: nobody is told of a part that has no projects."""
    has_open = any(not each.is_restricted for each in facts.projects)
    has_restricted = any(each.is_restricted for each in facts.projects)
    return [_OPEN] * has_open + [_RESTRICTED] * has_restricted


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


async def _changes(
    session: AsyncSession, facts: CycleFacts, told: Collection[int]
) -> dict[int, tuple[Difference, ...]]:
    """In what reports differ from the versions that a digest told, by project."""
    news = {each.project_id for each in newer_reports(told, facts)}
    versions = await versions_in_cycle(session, facts.cycle_id, news) if news else ()
    old = {each.project_id: each for each in versions if each.pk in set(told)}
    newest = {each.project_id: each for each in sorted(versions, key=lambda one: one.version)}
    return {
        project_id: differences(read_report(report, ""), read_report(newest[project_id], ""))
        for project_id, report in old.items()
    }


async def _facts(session: AsyncSession, cycle: Cycle, council: Council) -> CycleFacts:
    """Everything about a cycle that its digest tells, in a fixed number of statements."""
    asked = await store.asked_projects(session, cycle)
    reports = await store.cycle_reports(session, cycle.pk)
    past = _by_project(await store.earlier_reports(session, cycle, cycle.opens_on - MEMORY))
    earlier = await store.cycles_before(session, cycle, cycle.opens_on - MEMORY)
    previous = next(iter(earlier), None)
    counts = await store.health_counts(session, previous) if previous else []
    return CycleFacts(
        cycle_id=cycle.pk,
        council=council.name,
        opens_on=cycle.opens_on,
        cut_off_at=cycle.cut_off_at,
        digest_at=cycle.digest_at,
        timezone=cycle.timezone,
        projects=tuple(
            _project(each, reports.get(each.project_id), past.get(each.project_id, ()))
            for each in asked
        ),
        earlier_on=tuple(each.opens_on for each in earlier),
        previous=_counts(counts, Visibility.OPEN),
        previous_restricted=_counts(counts, Visibility.RESTRICTED),
    )


def _by_project(reports: Iterable[EarlierReport]) -> dict[int, tuple[PastReport, ...]]:
    return {
        project_id: tuple(
            PastReport(each.opens_on, each.health, each.milestone, each.milestone_forecast)
            for each in group
        )
        for project_id, group in groupby(reports, key=lambda report: report.project_id)
    }


def _project(
    asked: AskedProject,
    answer: tuple[StatusReport, str] | None,
    past: tuple[PastReport, ...],
) -> ProjectInCycle:
    return ProjectInCycle(
        project_id=asked.project_id,
        code=asked.code,
        name=asked.name,
        pm=asked.pm,
        state=asked.state,
        reason=asked.reason,
        is_restricted=asked.visibility is Visibility.RESTRICTED,
        report=_report(*answer) if answer else None,
        past=past,
    )


def _report(stored: StatusReport, author: str) -> ReportFacts:
    return ReportFacts(
        report_id=stored.pk,
        answers=Answers.of(stored),
        author=author,
        phase=stored.phase,
        submitted_at=stored.submitted_at,
        version=stored.version,
        computed=stored.computed,
        computed_why=tuple(stored.computed_why),
        claim_reason=stored.claim_reason,
        extra=tuple(stored.extra.items()),
        unchanged=stored.unchanged,
    )


def _counts(
    rows: list[tuple[Visibility, Health | None, int]], visibility: Visibility
) -> Counts | None:
    counted = dict.fromkeys(Health, 0)
    for of, health, number in rows:
        if of is visibility:
            counted[health or Health.GREY] += number
    total = {health.value: number for health, number in counted.items()}
    return Counts(**total) if any(total.values()) else None
