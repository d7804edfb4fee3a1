"""Composes the request message of a person and day from the record, whenever that has changed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.asking.items import Composer, Line
from domain.collecting.messages import RequestReaders, StatusRequestMessage
from domain.collecting.reminding.reminders import follow_reminders
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from models import collecting as store
from models.collecting import RequestRow
from models.enums import CycleState

PEOPLE_AT_ONCE: Final = 500
"""People whose messages are composed together: a council's cut-off may concern thousands."""


async def say_requests(
    session: AsyncSession,
    workspace_id: int,
    outbox: Outbox,
    people: Collection[tuple[int, date]],
    now: datetime,
) -> None:
    """Say, or bring up to date, the request message of each person and day.

    And those of whoever had one of their requests before.

    Args:
        session: the transaction in which the requests were changed, flushed.
        workspace_id: whose.
        outbox: where it is said.
        people: numbers of people, each with a day on which they are asked.
        now: this instant.
    """
    listed = sorted(people)
    for start in range(0, len(listed), PEOPLE_AT_ONCE):
        some = set(listed[start : start + PEOPLE_AT_ONCE])
        some |= await store.earlier_askees(session, some)
        lines = await _lines(session, workspace_id, some)
        told = [line for line in lines if _is_told(line.row)]
        composer = await Composer.load(session, told, now)
        by_message: dict[tuple[int, date], list[Line]] = {}
        for line in told:
            by_message.setdefault((line.reader_id, line.asks_on), []).append(line)
        letters = [
            _letter(person_id, asks_on, mine, composer)
            for (person_id, asks_on), mine in sorted(by_message.items())
        ]
        await outbox.say_each(session, letters, now)
        await follow_reminders(session, outbox, [line.row.request for line in lines], now)


def request_key(person_id: int, asks_on: date) -> str:
    """The key under which a person's request message of a day is said."""
    return f"request:{person_id}:{asks_on}"


async def _lines(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]]
) -> list[Line]:
    """All that stands in some people's messages, by code."""
    own = [
        Line(row, row.request.person_id, row.request.asks_on)
        for row in await store.request_rows_of(session, workspace_id, asked)
    ]
    gone = [
        Line(row, move.person_id, move.asks_on, move)
        for move, row in await store.moved_rows_of(session, workspace_id, asked)
    ]
    return sorted([*own, *gone], key=lambda line: line.row.project.code)


def _is_told(row: RequestRow) -> bool:
    """Whether somebody was asked it; what is put on hold afterwards stays where it stands."""
    return row.request.state not in store.UNASKED or row.request.asked_at is not None


def _letter(person_id: int, asks_on: date, lines: list[Line], composer: Composer) -> Letter:
    """The message for requests of one person and day."""
    readers = {line.row.council.pk: _readers(line.row) for line in lines}
    message = StatusRequestMessage(
        opens_on=asks_on,
        items=tuple(composer.item(line) for line in lines),
        readers=tuple(sorted(readers.values(), key=lambda each: each.council)),
    )
    return Letter(
        message,
        to=Place.person(person_id),
        key=request_key(person_id, asks_on),
        expires_at=_expiry(lines, composer),
    )


def _expiry(lines: list[Line], composer: Composer) -> datetime | None:
    """The last cut-off; never, if something was handed over when its own had passed."""
    if any(
        move.moved_at >= line.row.cycle.cut_off_at
        for line in lines
        if (move := composer.came(line)) is not None
    ):
        return None
    return max(line.row.cycle.cut_off_at for line in lines)


def _readers(row: RequestRow) -> RequestReaders:
    return RequestReaders(
        council=row.council.name,
        channel_id=row.council.channel_id,
        channel_name=row.council.channel_name,
        cut_off_at=row.cycle.cut_off_at,
        digest_at=row.cycle.digest_at,
        is_over=row.cycle.state is not CycleState.OPEN,
        is_posted=row.cycle.state is CycleState.REPORTED,
    )
