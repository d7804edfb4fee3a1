"""One life of the bot, which ends by death: a process that runs it until it is killed.

It is the whole bot (`bot.runtime.running`), but for its clock, which goes faster, and for the
place at which it is to die.
"""

import asyncio
import functools
import logging
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from sqlalchemy.orm import configure_mappers

import bot.slack
from benchmarks.common import bot_settings
from bot.runtime import running
from domain.delivery import ledger
from domain.delivery.sending import DeliveryService
from jobs import postgres_carrier

CLAIMED = "claimed, not committed"
CALLING = "claim committed, before the call"
ACCEPTED = "post taken, nothing recorded"
ANSWERED = "other call done, nothing recorded"
RECORDED = "outcome recorded, not committed"
WRITTEN = "outcome committed"
STEPS = (CLAIMED, CALLING, ACCEPTED, ANSWERED, RECORDED, WRITTEN)
"""Where a process can die by itself: between any two things that outlast it."""

TIDY_CRON = "* * * * * */3"
"""Every three seconds: the usual fifteen, on a clock that goes five times as fast."""

DEATH = 137
"""The exit code of a process that died at one of them; as the shell tells of SIGKILL."""

configure_mappers()  # once, for all the processes that are forked from where this is loaded

_SHORTEST_TIMEOUT_SECONDS = 2.0
"""However fast the clock: a busy machine must not take a call for lost."""


@dataclass(frozen=True)
class FastClock:
    """Goes on from an instant by a multiple of real time, the same in every process."""

    began: datetime
    began_real: float
    speed: float

    @classmethod
    def starting(cls, at: datetime, speed: float) -> "FastClock":
        """A clock that stands at an instant now."""
        return cls(at, time.time(), speed)

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self.began + timedelta(seconds=(time.time() - self.began_real) * self.speed)

    async def sleep(self, seconds: float) -> None:
        """Wait until so many seconds have passed on this clock."""
        await asyncio.sleep(seconds / self.speed)


@dataclass(frozen=True)
class Life:
    """What a process is told at its birth."""

    api_base_url: str
    database_url: str
    clock: FastClock
    dies_at: str = ""
    """One of `STEPS`; empty: whenever it is killed from outside."""
    passage: int = 1
    """At which of its passages there."""
    looks_up: bool = True


def live(life: Life) -> None:
    """Run the bot until death: what a process is started with."""
    asyncio.run(_live(life))


async def _live(life: Life) -> None:
    logging.disable()  # it will be full of the violent ends of others
    _arm(life)
    settings = bot_settings(life.api_base_url, life.database_url)
    async with running(settings, life.clock, life.clock.sleep):
        await asyncio.Event().wait()


def _arm(life: Life) -> None:
    """Put death where it belongs; shorten the time-out as the clock shortens the lease."""
    passages: Counter[str] = Counter()

    def passing(step: str) -> None:
        passages[step] += 1
        if step == life.dies_at and passages[step] == life.passage:
            os._exit(DEATH)

    timeout = bot.slack.TIMEOUT_SECONDS / life.clock.speed
    _replace(bot.slack, "TIMEOUT_SECONDS", max(timeout, _SHORTEST_TIMEOUT_SECONDS))
    _hurry_carrier(life.clock.speed)
    _surround(ledger, "claim_next", passing, after=CLAIMED, only_results=True)
    for name in ("open_dm", "post", "edit", "find"):
        after = ACCEPTED if name == "post" else ANSWERED
        _surround(bot.slack.SlackMessenger, name, passing, before=CALLING, after=after)
    for name in ("record", "record_trouble"):
        _surround(ledger, name, passing, after=RECORDED)
    _surround(DeliveryService, "carry_out", passing, after=WRITTEN)
    if not life.looks_up:
        _replace(bot.slack.SlackMessenger, "find", _finds_nothing)


def _hurry_carrier(speed: float) -> None:
    """Let procrastinate go as fast: it lives by the database's clock, which nobody can move."""
    for name in ("HEARTBEAT_SECONDS", "STALLED_SECONDS", "PAUSE_AFTER_FAILURE_SECONDS"):
        _replace(postgres_carrier, name, getattr(postgres_carrier, name) / speed)
    _replace(postgres_carrier, "_TIDY_CRON", TIDY_CRON)
    send_later = postgres_carrier.PostgresCarrier.send_later

    async def send_sooner(
        carrier: postgres_carrier.PostgresCarrier, conversation: str, wait: timedelta
    ) -> None:
        await send_later(carrier, conversation, wait / speed)

    _replace(postgres_carrier.PostgresCarrier, "send_later", send_sooner)


async def _finds_nothing(*_arguments: object) -> None:
    """Look nothing up: the fault that the whole test must be able to see."""


def _surround(
    owner: object,
    name: str,
    passing: Callable[[str], None],
    *,
    before: str = "",
    after: str = "",
    only_results: bool = False,
) -> None:
    """Pass a step before and after each call of a function; or after those alone that give one."""
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    @functools.wraps(inner)
    async def outer(*args: Any, **kwargs: Any) -> Any:
        passing(before)
        result = await inner(*args, **kwargs)
        if result is not None or not only_results:
            passing(after)
        return result

    _replace(owner, name, outer)


def _replace(owner: object, name: str, value: object) -> None:
    mock.patch.object(owner, name, value).start()
