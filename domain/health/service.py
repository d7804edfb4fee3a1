"""Asks Slack what has changed, and tells what hinders the bot."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.errors import DeliveryTrouble
from domain.health.facts import load_facts, load_not_asked
from domain.health.rules import SCOPES, examine, in_order
from domain.health.values import Finding, HealthReport
from domain.portfolio.configuring import load_configuration
from domain.portfolio.people import PeopleService
from domain.ports import Directory, SlackApp, SlackChannel
from models import health as store
from models.base import Database
from models.calendar import portfolio_digests
from models.health import CheckResult, WatchedChannel
from models.portfolio import councils_of

PERIOD: Final = timedelta(days=1)
"""How often Slack is asked."""

RETRY: Final = timedelta(hours=1)
"""When it is asked again after something could not be found out, or after whoever asked died."""

Look = Callable[[], Awaitable[Sequence[Finding]]]
"""Looks over something that another room keeps, such as the PMO's own handbook and templates."""

T = TypeVar("T")


async def _nothing() -> Sequence[Finding]:
    return ()


class HealthService:
    """Keeps what is known of Slack fresh, and looks over everything."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        directory: Directory,
        people: PeopleService,
        look: Look = _nothing,
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._directory = directory
        self._people = people
        self._look = look

    async def check_if_due(self, now: datetime) -> bool:
        """Ask Slack if a day has passed since the last time; of several replicas, one does."""
        async with self._database.reading() as session:
            last = await store.slack_check_of(session, self._workspace_id)
        if last is not None and last.next_at > now:
            return False
        async with self._database.writing() as session:
            if not await store.claim_check(session, self._workspace_id, now, now + RETRY):
                return False
        await self.check_slack(now)
        return True

    async def check_slack(self, now: datetime) -> None:
        """Ask Slack about the app, the people and the channels, and write down what it says.

        What Slack refuses is written down as well; the rest goes on.
        """
        troubles = _Troubles()
        app = await troubles.of("the app", self._directory.app)
        await troubles.of("people", self._people.refresh_all)
        channels = await troubles.of("channels", self._directory.channels)
        async with self._database.writing() as session:
            await store.store_check(
                session,
                self._workspace_id,
                _result(app, troubles),
                now,
                now + (RETRY if troubles.found else PERIOD),
            )
            # Behind the row above, which two who check at once both change: one waits there.
            if channels is not None:
                await self._store_channels(session, channels)

    async def report(self, now: datetime) -> HealthReport:
        """What hinders the bot, from the record alone: Slack is not asked."""
        async with self._database.reading() as session:
            facts = await load_facts(session, self._workspace_id, now)
            not_asked = await load_not_asked(session, self._workspace_id)
        return HealthReport(
            findings=in_order([*examine(facts, now), *await self._look()]),
            checked={
                "scopes": 0 if facts.slack.scopes is None else len(SCOPES),
                "channels": len(facts.channels),
                "people": len(facts.people),
                "councils": len(facts.councils),
                "projects": facts.projects,
            },
            slack_asked_at=facts.slack.asked_at,
            backlog=facts.backlog,
            undelivered=facts.undelivered,
            not_asked=not_asked,
        )

    async def _store_channels(
        self, session: AsyncSession, channels: Iterable[SlackChannel]
    ) -> None:
        """Keep what Slack says of the channels that the bot posts to."""
        listed = {channel.channel_id: channel for channel in channels}
        configuration = await load_configuration(session, self._workspace_id)
        used = {}
        if configuration.pmo_channel_id is not None:
            used[configuration.pmo_channel_id] = configuration.pmo.channel or ""
        for council in await councils_of(session, self._workspace_id):
            if found := listed.get(council.channel_id):
                council.channel_name, council.channel_is_private = found.name, found.is_private
            used[council.channel_id] = council.channel_name
        for digest in await portfolio_digests(session, self._workspace_id):
            if found := listed.get(digest.channel_id):
                digest.channel_name = found.name
            used[digest.channel_id] = digest.channel_name
        await store.store_channels(
            session,
            self._workspace_id,
            [
                self._watched(channel_id, name, listed.get(channel_id))
                for channel_id, name in used.items()
            ],
        )

    def _watched(self, channel_id: str, name: str, found: SlackChannel | None) -> WatchedChannel:
        return WatchedChannel(
            workspace_id=self._workspace_id,
            channel_id=channel_id,
            name=found.name if found else name,
            is_found=found is not None,
            is_private=found is not None and found.is_private,
            is_archived=found is not None and found.is_archived,
            is_member=found is not None and found.is_member,
        )


class _Troubles:
    """Goes on where Slack refuses one of several questions, and keeps what it said."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    async def of(self, subject: str, question: Callable[[], Awaitable[T]]) -> T | None:
        """The answer to a question, or None with its trouble kept."""
        try:
            return await question()
        except DeliveryTrouble as trouble:
            cure = trouble.cure or "nothing, if it does not stay: Slack is asked again in an hour"
            self.found.append(
                {
                    "subject": subject,
                    "cause": f"Slack could not be asked: {trouble.reason}",
                    "cure": cure,
                }
            )
            return None


def _result(app: SlackApp | None, troubles: _Troubles) -> CheckResult:
    skew = app.skew if app else None
    return CheckResult(
        scopes=sorted(app.scopes) if app else None,
        skew_seconds=None if skew is None else skew.total_seconds(),
        troubles=troubles.found,
    )
