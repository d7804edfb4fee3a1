"""Posts the portfolio digests that are due, and keeps each issue as it was posted."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.digest_rules import DigestDay, due_by, next_after
from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.digests.broad.cutting import HEAD, Cutter
from domain.digests.broad.loading import broad_facts
from domain.digests.broad.messages import BroadComposition
from domain.digests.broad.rules import cells_in, compose_broad, is_same_scope, without
from domain.digests.broad.values import BroadFacts, EarlierIssue
from domain.digests.heat_map.loading import Cell
from domain.digests.heat_map.rules import COLUMNS
from domain.digests.setbacks.trying import Setbacks
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.digest_schedules import rhythm_of
from models.base import Database
from models.calendar import PortfolioDigest
from models.digests import broad as store
from models.digests.broad import PortfolioIssue
from models.enums import Composing
from models.portfolio import councils_of, plan_revision

SLEPT_THROUGH: Final = "not composed: a newer issue was due by then, and tells what is now"
PAUSED: Final = "not composed: the workspace is paused"
EMPTY: Final = "not composed: there is no open project that it could tell of"


class BroadService:
    """Each call is one unit of work in one transaction, and tells whether there was one."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._setbacks = Setbacks(database, workspace_id)
        self._seen_revision: int | None = None
        """The last change after which this process has looked what may not be told any more."""

    async def post(self, now: datetime) -> bool:
        """Compose, keep and say the next portfolio digest that is due, and set when it is next.

        Of several issues that were slept through only the newest is made up for. What raises is
        put off.
        """
        async with self._database.reading() as session:
            if not await store.is_portfolio_digest_due(session, self._workspace_id, now):
                return False
        async with (
            self._setbacks.trying(Composing.PORTFOLIO_DIGEST, now) as attempt,
            self._database.writing() as session,
        ):
            digest = await store.due_portfolio_digest(session, self._workspace_id, now)
            if digest is None or digest.next_on is None:
                return False
            await attempt.of(session, digest.pk)
            await self._post(session, digest, digest.next_on, now)
        # What became restricted while the issue was composed is looked for once it is kept.
        self._seen_revision = None
        return True

    async def _post(
        self, session: AsyncSession, digest: PortfolioDigest, next_on: date, now: datetime
    ) -> None:
        configuration = await load_configuration(session, self._workspace_id)
        rhythm = rhythm_of(digest, configuration)
        *missed, newest = due_by(rhythm, next_on, now) or [None]
        session.add_all(_unmade(digest, each, SLEPT_THROUGH) for each in missed if each)
        if newest is not None:
            await self._issue(session, digest, newest, configuration, now)
            digest.last_on = newest.occurrence_on
        expected = next_after(rhythm, now, digest.last_on)
        digest.next_on = expected.occurrence_on if expected else None
        digest.next_at = expected.due_at if expected else None

    async def cut(self, now: datetime) -> bool:
        """Take projects out of what is posted that have become restricted; looks once a change.

        They do not come back: an issue tells what was, and the next one tells of them again.
        """
        async with self._database.reading() as session:
            revision = await plan_revision(session, self._workspace_id)
            if revision == self._seen_revision:
                return False
            found = await Cutter(session, self._outbox, now).found()
        if found:
            async with self._database.writing() as session:
                await Cutter(session, self._outbox, now).cut()
        self._seen_revision = revision
        return bool(found)

    async def _issue(
        self,
        session: AsyncSession,
        digest: PortfolioDigest,
        day: DigestDay,
        configuration: WorkspaceConfiguration,
        now: datetime,
    ) -> None:
        if configuration.paused:
            session.add(_unmade(digest, day, PAUSED))
            return
        councils = await councils_of(session, self._workspace_id)
        scope = [each.name for each in councils if each.pk in digest.council_ids]
        earlier = await self._earlier(session, digest, scope)
        timezone = digest.timezone or configuration.timezone
        facts = await broad_facts(session, digest, earlier, scope, now, timezone)
        if not facts.councils:
            session.add(_unmade(digest, day, EMPTY))
            return
        composition = compose_broad(replace(facts, due_at=day.due_at), now)
        session.add(_kept(digest, day, composition, facts, now))
        await self._say(session, digest, day, composition, now)

    async def _earlier(
        self, session: AsyncSession, digest: PortfolioDigest, scope: list[str]
    ) -> list[EarlierIssue]:
        """The issues before, as far as they told of the same; without what is restricted by now."""
        found: list[EarlierIssue] = []
        issues = await store.posted_issues(session, digest.pk, limit=COLUMNS - 1)
        hidden = await store.restricted_ids(session, self._workspace_id)
        for issue in issues:
            head = HEAD.validate_python(issue.value)
            if not is_same_scope(head, scope, digest.tag):
                break
            cells = {int(number): Cell(letter) for number, letter in issue.healths.items()}
            found.append(without(EarlierIssue(head.as_of, cells), hidden))
        return found

    async def _say(
        self,
        session: AsyncSession,
        digest: PortfolioDigest,
        day: DigestDay,
        composition: BroadComposition,
        now: datetime,
    ) -> None:
        prefix = f"portfolio:{digest.pk}:{day.occurrence_on}"
        place = Place.channel(digest.channel_id)
        await self._outbox.say(session, composition.head, to=place, key=f"{prefix}:head", now=now)
        replies: dict[str, Message] = {
            f"{prefix}:detail:{each.report.project_id}": each for each in composition.details
        }
        replies |= {f"{prefix}:heat_map:{each.page}": each for each in composition.heat_maps}
        await self._outbox.say_all(session, replies, to=Place.thread(f"{prefix}:head"), now=now)


def _unmade(digest: PortfolioDigest, day: DigestDay, reason: str) -> PortfolioIssue:
    return PortfolioIssue(
        workspace_id=digest.workspace_id,
        digest_id=digest.pk,
        occurrence_on=day.occurrence_on,
        due_at=day.due_at,
        reason=reason,
    )


def _kept(
    digest: PortfolioDigest,
    day: DigestDay,
    composition: BroadComposition,
    facts: BroadFacts,
    now: datetime,
) -> PortfolioIssue:
    return PortfolioIssue(
        workspace_id=digest.workspace_id,
        digest_id=digest.pk,
        occurrence_on=day.occurrence_on,
        due_at=day.due_at,
        composed_at=now,
        value=HEAD.dump_python(composition.head, mode="json"),
        healths={str(number): cell.value for number, cell in cells_in(facts).items()},
        report_ids=[
            each.report.report_id
            for part in facts.councils
            for cycle in part.cycles
            for each in cycle.projects
            if each.report
        ],
    )
