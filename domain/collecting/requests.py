"""Composes the request message of a person and day from the record, whenever that has changed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.messages import RequestItem, RequestReaders, StatusRequestMessage
from domain.collecting.reminding import follow_reminders
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from models import collecting as store
from models.collecting import RequestMove, RequestRow, StatusReport
from models.enums import RequestState, Visibility
from models.portfolio import Person, people_by_id

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
        by_message: dict[tuple[int, date], list[_Line]] = {}
        lines = await _lines(session, workspace_id, some)
        for line in lines:
            if line.row.request.state in store.UNASKED:
                continue
            by_message.setdefault((line.reader_id, line.asks_on), []).append(line)
        record = await _Record.load(session, by_message.values())
        letters = [record.letter(*whose, lines) for whose, lines in sorted(by_message.items())]
        await outbox.say_each(session, letters, now)
        await follow_reminders(session, outbox, [line.row.request for line in lines], now)


def request_key(person_id: int, asks_on: date) -> str:
    """The key under which a person's request message of a day is said."""
    return f"request:{person_id}:{asks_on}"


@dataclass(frozen=True)
class _Line:
    """A request in somebody's message: theirs, or one that they had."""

    row: RequestRow
    reader_id: int
    asks_on: date
    gone: RequestMove | None = None
    """How it left them, if it did."""


async def _lines(
    session: AsyncSession, workspace_id: int, asked: Collection[tuple[int, date]]
) -> list[_Line]:
    """All that stands in some people's messages, by code."""
    own = [
        _Line(row, row.request.person_id, row.request.asks_on)
        for row in await store.request_rows_of(session, workspace_id, asked)
    ]
    gone = [
        _Line(row, move.person_id, move.asks_on, move)
        for move, row in await store.moved_rows_of(session, workspace_id, asked)
    ]
    return sorted([*own, *gone], key=lambda line: line.row.project.code)


class _Record:
    """What request messages tell about reports: this cycle's, and the last one before."""

    def __init__(
        self,
        reports: dict[int, StatusReport],
        last: dict[int, StatusReport],
        moves: dict[int, RequestMove],
        people: dict[int, Person],
    ) -> None:
        self._reports = reports
        self._last = last
        self._moves = moves
        self._people = people

    @classmethod
    async def load(cls, session: AsyncSession, messages: Iterable[Iterable[_Line]]) -> "_Record":
        """Read it for many requests at once."""
        lines = [line for each in messages for line in each]
        ids = {line.row.request.pk for line in lines}
        reports = await store.reports_of_requests(session, ids)
        last = await store.reports_before_requests(session, ids)
        moves = await store.last_moves(session, ids)
        every_move = [*moves.values(), *(line.gone for line in lines if line.gone)]
        people = {each.author_id for each in reports.values()}
        people |= {line.row.project.pm_id for line in lines}
        people |= {each for move in every_move for each in (move.person_id, move.to_person_id)}
        return cls(reports, last, moves, await people_by_id(session, people))

    def letter(self, person_id: int, asks_on: date, lines: list[_Line]) -> Letter:
        """The message for requests of one person and day."""
        readers = {line.row.council.pk: _readers(line.row) for line in lines}
        message = StatusRequestMessage(
            opens_on=asks_on,
            items=tuple(self._item(line) for line in lines),
            readers=tuple(sorted(readers.values(), key=lambda each: each.council)),
        )
        return Letter(
            message,
            to=Place.person(person_id),
            key=request_key(person_id, asks_on),
            expires_at=self._expiry(lines),
        )

    def _expiry(self, lines: list[_Line]) -> datetime | None:
        """The last cut-off; never, if something was handed over when its own had passed."""
        if any(
            move.moved_at >= line.row.cycle.cut_off_at
            for line in lines
            if (move := self._came(line)) is not None
        ):
            return None
        return max(line.row.cycle.cut_off_at for line in lines)

    def _came(self, line: _Line) -> RequestMove | None:
        """How a request came to its reader, if somebody gave it to them."""
        move = self._moves.get(line.row.request.pk)
        return move if move and not line.gone and move.to_person_id == line.reader_id else None

    def _item(self, line: _Line) -> RequestItem:
        row = line.row
        if not _may_follow(line):
            return _closed_item(row)
        report = self._reports.get(row.request.pk)
        last = self._last.get(row.request.pk)
        return RequestItem(
            request_id=row.request.pk,
            code=row.project.code,
            name=row.project.name,
            council=row.council.name,
            state=row.request.state,
            last_health=last.health if last else None,
            last_on=last.opens_on if last else None,
            promised=last.next if last else "",
            health=report.health if report else None,
            rating=report.rating if report else "",
            summary=(report.why or report.done) if report else "",
            answered_at=report.submitted_at if report else None,
            author=self._name(report.author_id) if report else "",
            version=report.version if report else 0,
            is_restricted=row.project.visibility is Visibility.RESTRICTED,
            reason=row.request.reason,
            may_answer=line.reader_id in (row.project.pm_id, row.project.deputy_id),
            **self._hands(line),
        )

    def _hands(self, line: _Line) -> dict[str, Any]:
        """Whose hands the request is in, and whose it was in before."""
        project = line.row.project
        if line.gone:
            return {
                "handed_to": self._name(line.gone.to_person_id),
                "handed_at": line.gone.moved_at,
                "handed_why": line.gone.reason,
            }
        if came := self._came(line):
            return {"came_from": self._name(came.person_id)}
        if line.reader_id == project.pm_id:
            return {}
        is_deputy = line.reader_id == project.deputy_id
        return {"in_place_of" if is_deputy else "handed_to": self._name(project.pm_id)}

    def _name(self, person_id: int) -> str:
        return self._people[person_id].name


def _may_follow(line: _Line) -> bool:
    """Whether who was asked may still be told of answers: a former PM of a restricted one not."""
    project = line.row.project
    own = (project.pm_id, project.deputy_id, project.sponsor_id)
    return project.visibility is Visibility.OPEN or line.reader_id in own


def _closed_item(row: RequestRow) -> RequestItem:
    """What is left of a project that who was asked may not see any more: what they knew of it."""
    return RequestItem(
        request_id=row.request.pk,
        code=row.project.code,
        name=row.project.name,
        council=row.council.name,
        state=RequestState.ASKED,
        last_health=None,
        last_on=None,
        promised="",
        is_restricted=True,
        handed_to="Somebody else",
        may_answer=False,
    )


def _readers(row: RequestRow) -> RequestReaders:
    return RequestReaders(
        council=row.council.name,
        channel_id=row.council.channel_id,
        channel_name=row.council.channel_name,
        cut_off_at=row.cycle.cut_off_at,
        digest_at=row.cycle.digest_at,
    )
