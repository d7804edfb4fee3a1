"""The gatekeeper: admits what costs attention when its reader's hours and budget allow it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.delivery import rules
from domain.delivery.rules import Admission, Waiting
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from models.base import Database
from models.delivery import queue, waiting
from models.delivery.waiting import WaitingRow
from models.enums import DeliveryState

PEOPLE_AT_ONCE: Final = 500
"""People of one transaction: it stays short, and takes the same statements for any number."""

_GATEKEEPERS: Final = "attention"
"""The gate that gatekeepers of several replicas pass one by one: two would spend a budget twice."""


class Gatekeeper:
    """Looks at what waits: each is admitted, put off with the reason, or dropped with it."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def admit(self, now: datetime) -> bool:
        """Decide for a batch of people; tell whether there was somebody to decide for."""
        workspace_id = self._outbox.workspace_id
        async with self._database.reading() as session:
            if not await waiting.is_anybody_waiting(session, workspace_id, now):
                return False
        async with self._database.writing() as session:
            await queue.lock_gates(session, workspace_id, {_GATEKEEPERS}, now)
            people = await waiting.readers(session, workspace_id, now, PEOPLE_AT_ONCE)
            found = await waiting.waiting_for(session, workspace_id, people, now)
            if not found:
                return False
            by_id = {row.id: row for row in found}
            admissions = await self._decide(session, found, now)
            await waiting.store_decisions(
                session, [_values(each, by_id[each.delivery_id], now) for each in admissions]
            )
            decided = [each for each in admissions if each.state is not DeliveryState.WAITING]
            if decided:
                places = {by_id[each.delivery_id].place for each in decided}
                await self._outbox.carrier.carry(session, places)
        return True

    async def _decide(
        self, session: AsyncSession, found: Iterable[WaitingRow], now: datetime
    ) -> list[Admission]:
        by_person = {
            person_id: [Waiting(row.id, row.attention, row.expires_at) for row in rows]
            for person_id, rows in groupby(sorted(found, key=_person), key=_person)
        }
        workspace_id = self._outbox.workspace_id
        configuration = await load_configuration(session, workspace_id)
        times = await personal_times(session, workspace_id, by_person.keys(), configuration)
        spent = await self._spent(session, times, now)
        budget = configuration.attention.messages_per_day
        return [
            admission
            for person_id, mine in by_person.items()
            for admission in rules.admit(mine, times[person_id], budget - spent[person_id], now)
        ]

    async def _spent(
        self, session: AsyncSession, times: Mapping[int, PersonalTime], now: datetime
    ) -> Counter[int]:
        """How many messages each of these people was sent since their own midnight."""
        midnights = {person_id: rules.midnight(time, now) for person_id, time in times.items()}
        admitted = await waiting.admitted_since(
            session, self._outbox.workspace_id, times.keys(), min(midnights.values())
        )
        return Counter(person_id for person_id, at in admitted if midnights[person_id] <= at)


def _values(admission: Admission, row: WaitingRow, now: datetime) -> dict[str, Any]:
    """What is written down; why it had to wait stays on the record when it goes out."""
    is_admitted = admission.state is DeliveryState.DUE
    return {
        "id": admission.delivery_id,
        "state": admission.state,
        "due_at": admission.due_at,
        "reason": "" if is_admitted else admission.reason,
        "waited_for": admission.reason or row.waited_for,
        "admitted_at": now if is_admitted else None,
        "admitted_until": now + rules.ADMISSION_LASTS if is_admitted else None,
    }


def _person(row: WaitingRow) -> int:
    return row.person_id
