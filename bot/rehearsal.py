"""A rehearsal: the real services, on a copy of the record, with the time moved and nothing sent.

Whatever the services learn to do, a rehearsal does it too: it knows no rule of its own.

`python -m bot.rehearsal` rehearses for a running bot, which must not lose seconds of its loop to
it: what to do is read from stdin as JSON, and what it comes to is written to stdout.
"""

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot.factory import MESSAGES, Outside, Services, build_services
from bot.rehearsing import MENDABLE, Errand
from bot.runtime import Wake
from bot.slack_errors import channel_refusal
from bot.trial import ManualClock, units_of
from domain.delivery.errors import DeliveryTrouble, Transient
from domain.delivery.messages import MessageCodec
from domain.errors import PmobotError
from domain.ports import Posted, SlackApp, SlackChannel, SlackUser, Stored
from domain.rehearsal.service import RehearsalService
from domain.rehearsal.values import Rehearsal
from jobs.loop import until_idle
from message_templates.rendering import render_unseen
from models.base import Database
from models.copying import copy_record, next_instant
from models.health import watched_channels

LONGEST_STEP: Final = timedelta(hours=6)
"""The clock's jobs look ahead by a day and more: so seldom is often enough for what they plan."""

_NO_MICROSECONDS: Final = timedelta(microseconds=999_999)

MODESTY: Final = 10
"""How much less of the processor an errand takes than the bot, by the scale of `nice`."""

Tell = Callable[[float], None]
"""Is told what share of the days is rehearsed."""


class _Recorder:
    """Stands in for Slack and shows nobody anything; implements `Messenger`.

    It refuses what Slack would, as far as the record knows the channels.
    """

    def __init__(self, clock: ManualClock, refusals: Mapping[str, DeliveryTrouble]) -> None:
        self._clock = clock
        self._refusals = refusals
        self._number = count(1)

    async def open_dm(self, slack_id: str) -> str:
        return f"D-{slack_id}"

    async def upload(self, name: str, data: bytes, title: str, alt: str) -> Stored:  # noqa: ARG002 - part of the protocol
        return Stored(f"F-{name}", f"https://slack.com/files/F-{name}")

    async def post(
        self,
        channel_id: str,
        text: str,  # noqa: ARG002 - part of the protocol, as below
        blocks: Sequence[Mapping[str, Any]],  # noqa: ARG002
        opaque_id: str,  # noqa: ARG002
        thread_ts: str | None = None,  # noqa: ARG002
    ) -> Posted:
        """Name the message as Slack does: by the second in which it came, and a number."""
        if refusal := self._refusals.get(channel_id):
            raise refusal
        second = int(self._clock.now().timestamp())
        return Posted(channel_id, f"{second}.{next(self._number) % 1_000_000:06}")

    async def edit(self, posted: Posted, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Change nothing: an edit tells nobody anything new."""

    async def find(
        self,
        channel_id: str,  # noqa: ARG002
        opaque_id: str,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
        thread_ts: str | None = None,  # noqa: ARG002
    ) -> Posted | None:
        return None


async def _refusals(copy: Database, workspace_id: int) -> dict[str, DeliveryTrouble]:
    """What Slack would say to a post, by channel, as far as it was asked about them."""
    async with copy.reading() as session:
        watched = await watched_channels(session, workspace_id)
    known = {
        channel_id: channel_refusal(
            is_found=each.is_found, is_archived=each.is_archived, is_member=each.is_member
        )
        for channel_id, each in watched.items()
    }
    return {channel_id: refusal for channel_id, refusal in known.items() if refusal}


class _Silence:
    """Stands in for Slack's directory, which nobody asks; implements `Directory`."""

    async def users(self) -> Sequence[SlackUser]:
        raise _not_asked()

    async def user(self, slack_id: str) -> SlackUser | None:  # noqa: ARG002 - part of the protocol
        raise _not_asked()

    async def channels(self) -> Sequence[SlackChannel]:
        raise _not_asked()

    async def app(self) -> SlackApp:
        raise _not_asked()

    async def link(self, channel_id: str, ts: str, reader: str) -> str:  # noqa: ARG002 - as above
        raise _not_asked()


def _not_asked() -> DeliveryTrouble:
    return Transient("rehearsal", "Slack is not asked in a rehearsal")


@dataclass(frozen=True)
class Stage:
    """A copy of the record, and what plays on it."""

    copy: Database
    services: Services
    clock: ManualClock
    reader: RehearsalService

    async def play(self, end: datetime, tell: Tell = lambda _share: None) -> Rehearsal:
        """Let the time pass until `end`, from one thing that is due to the next."""
        begin = self.clock.now()
        before = await self.reader.before()
        units = units_of(self.services)
        while self.clock.now() < end:
            await until_idle(units, self.clock)
            self.clock.move(await self._next())
            tell(min((self.clock.now() - begin) / (end - begin), 1.0))
        return await self.reader.outcome(before, begin, end)

    async def _next(self) -> datetime:
        now = self.clock.now()
        async with self.copy.reading() as session:
            instant = await next_instant(session, now)
        step = now + LONGEST_STEP
        return min(instant + _NO_MICROSECONDS if instant else step, step).replace(microsecond=0)


@asynccontextmanager
async def open_stage(record: Database, workspace_id: int, now: datetime) -> AsyncIterator[Stage]:
    """Copy a workspace's record, which is only read, and set up the services on the copy.

    Args:
        record: at the newest schema.
        workspace_id: whose record.
        now: where the time starts.
    """
    clock = ManualClock(now)

    async def pass_time(seconds: float) -> None:
        clock.move(clock.now() + timedelta(seconds=seconds))

    with _quiet(), tempfile.TemporaryDirectory(prefix="pmobot-rehearsal-") as folder:
        copy = Database(f"sqlite:///{Path(folder) / 'record.sqlite3'}")
        event.listen(copy.engine.sync_engine, "connect", _spare_the_disk)
        try:
            await copy_record(record, copy, workspace_id)
            recorder = _Recorder(clock, await _refusals(copy, workspace_id))
            outside = Outside(_Silence(), recorder, render_unseen)
            services = build_services(copy, workspace_id, outside, clock, Wake(), pass_time)
            reader = RehearsalService(copy, workspace_id, MessageCodec(MESSAGES))
            yield Stage(copy, services, clock, reader)
        finally:
            await copy.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep out of the log what fails in a rehearsal: there it would be taken for real."""
    logger = logging.getLogger("domain")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _spare_the_disk(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    """Nobody needs the copy after a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def _run(errand: Errand) -> Rehearsal:
    record = Database(errand.database_url)
    try:
        async with open_stage(record, errand.workspace_id, errand.now) as stage:
            await stage.reader.check()
            return await stage.play(errand.now + timedelta(days=errand.days))
    finally:
        await record.close()


def _main() -> None:
    if sys.platform != "win32":
        os.nice(MODESTY)
    errand = TypeAdapter(Errand).validate_json(sys.stdin.buffer.read())
    try:
        rehearsal = asyncio.run(_run(errand))
    except PmobotError as error:
        sys.stderr.write(str(error))
        sys.exit(MENDABLE)
    sys.stdout.buffer.write(TypeAdapter(Rehearsal).dump_json(rehearsal))


if __name__ == "__main__":
    _main()
