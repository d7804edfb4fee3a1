"""Tells the PMO what could not be said: one notice for each cause and day, however many it hits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery import rules
from domain.delivery.messages import DeliveryProblem, Message, Place
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from models.delivery import queue, rows

_TELLERS = "notice"
"""The gate that tellers pass one by one: each of them counts what the others have told."""


@dataclass(frozen=True)
class Cause:
    """What is told once a day, with the first message that it hit."""

    name: str
    """What makes two troubles the same: `channel:C1:not_in_channel`."""
    problem: DeliveryProblem


def missed(kind: str, channel_id: str | None, person_slack_id: str | None) -> Cause:
    """That a message's time was over before it could be said."""
    problem = DeliveryProblem(
        what=kind,
        channel_id=None if person_slack_id else channel_id,
        person_slack_id=person_slack_id,
        cause=rules.TIME_OVER,
        cure="see in the bot's log whether the bot or Slack was down; it is not said any more",
    )
    return Cause("workspace:expired", problem)


async def tell_pmo(
    session: AsyncSession, outbox: Outbox, cause: Cause, hit: Collection[int], now: datetime
) -> None:
    """Tell of deliveries that a cause has hit: in the PMO's channel, or to each of the PMO.

    Who heard of the cause today sees the number in that notice rise.

    Args:
        session: the transaction in which the deliveries were given up.
        outbox: where it is said.
        cause: what hindered them.
        hit: their numbers.
        now: this instant.
    """
    await queue.lock_gates(session, outbox.workspace_id, {_TELLERS}, now)
    key = f"problem:{cause.name}:{now.date()}"
    count = await rows.mark_told(session, outbox.workspace_id, hit, key)
    problem = replace(cause.problem, count=count)
    for name, place in (await _readers(session, outbox, problem)).items():
        await _say(session, outbox, problem, place, f"{key}:{name}", now)


async def pass_on(
    session: AsyncSession, outbox: Outbox, key: str, value: Mapping[str, Any], now: datetime
) -> None:
    """Tell each of the PMO directly what their channel could not be told.

    Args:
        session: the transaction in which that was given up.
        outbox: where it is said.
        key: of the notice to the channel.
        value: what it said.
        now: this instant.
    """
    notice = outbox.codec.decode(DeliveryProblem.kind, value)
    for name, place in (await _people(session, outbox)).items():
        await outbox.say(session, notice, to=place, key=f"{key}:{name}", now=now)


async def _readers(
    session: AsyncSession, outbox: Outbox, problem: DeliveryProblem
) -> Mapping[str, Place]:
    """The PMO's channel, unless that is where the trouble is; else each of the PMO."""
    configuration = await load_configuration(session, outbox.workspace_id)
    channel_id = configuration.pmo_channel_id
    if channel_id is None or channel_id == problem.channel_id:
        return await _people(session, outbox)
    return {channel_id: Place.channel(channel_id)}


async def _people(session: AsyncSession, outbox: Outbox) -> Mapping[str, Place]:
    people = await rows.pmo_people(session, outbox.workspace_id)
    return {str(person.pk): Place.person(person.pk) for person in people}


async def _say(
    session: AsyncSession,
    outbox: Outbox,
    problem: DeliveryProblem,
    to: Place,
    key: str,
    now: datetime,
) -> None:
    """Say it, or bring the number in the notice of that day up to date."""
    notice: Message = problem
    for first in (await rows.parts_of(session, outbox.workspace_id, key))[:1]:
        known = outbox.codec.decode(first.kind, first.value)
        if isinstance(known, DeliveryProblem):
            notice = replace(known, count=problem.count)
    await outbox.say(session, notice, to=to, key=key, now=now)
