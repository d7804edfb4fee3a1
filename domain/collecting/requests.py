"""Composes the request message of a person and day from the record, whenever that has changed."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.messages import RequestItem, RequestReaders, StatusRequestMessage
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from models import collecting as store
from models.collecting import RequestRow, StatusReport
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
        some = listed[start : start + PEOPLE_AT_ONCE]
        rows = [
            row
            for row in await store.request_rows_of(session, workspace_id, some)
            if row.request.state not in store.UNASKED
        ]
        record = await _Record.load(session, rows)
        letters = [
            record.letter(person_id, asks_on, list(group))
            for (person_id, asks_on), group in groupby(rows, _whose)
        ]
        await outbox.say_each(session, letters, now)


def _whose(row: RequestRow) -> tuple[int, date]:
    return row.request.person_id, row.request.asks_on


class _Record:
    """What request messages tell about reports: this cycle's, and the last one before."""

    def __init__(
        self,
        reports: dict[int, StatusReport],
        last: dict[int, StatusReport],
        people: dict[int, Person],
    ) -> None:
        self._reports = reports
        self._last = last
        self._people = people

    @classmethod
    async def load(cls, session: AsyncSession, rows: Iterable[RequestRow]) -> "_Record":
        """Read it for many requests at once."""
        rows = list(rows)
        reports = await store.reports_of_requests(session, {row.request.pk for row in rows})
        last = await store.reports_before_requests(session, {row.request.pk for row in rows})
        people = {each.author_id for each in reports.values()} | {row.project.pm_id for row in rows}
        return cls(reports, last, await people_by_id(session, people))

    def letter(self, person_id: int, asks_on: date, rows: list[RequestRow]) -> Letter:
        """The message for requests of one person and day."""
        readers = {row.council.pk: _readers(row) for row in rows}
        message = StatusRequestMessage(
            opens_on=asks_on,
            items=tuple(self._item(row) for row in rows),
            readers=tuple(sorted(readers.values(), key=lambda each: each.council)),
        )
        return Letter(
            message,
            to=Place.person(person_id),
            key=f"request:{person_id}:{asks_on}",
            expires_at=max(row.cycle.cut_off_at for row in rows),
        )

    def _item(self, row: RequestRow) -> RequestItem:
        if not _may_follow(row):
            return _closed_item(row)
        report = self._reports.get(row.request.pk)
        last = self._last.get(row.request.pk)
        asked, pm_id = row.request.person_id, row.project.pm_id
        is_deputy = asked == row.project.deputy_id != pm_id
        is_handed_on = not is_deputy and asked != pm_id
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
            author=self._people[report.author_id].name if report else "",
            version=report.version if report else 0,
            is_restricted=row.project.visibility is Visibility.RESTRICTED,
            handed_to=self._people[pm_id].name if is_handed_on else "",
            in_place_of=self._people[pm_id].name if is_deputy else "",
            reason=row.request.reason,
        )


def _may_follow(row: RequestRow) -> bool:
    """Whether who was asked may still be told of answers: a former PM of a restricted one not."""
    project = row.project
    own = (project.pm_id, project.deputy_id, project.sponsor_id)
    return project.visibility is Visibility.OPEN or row.request.person_id in own


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
    )


def _readers(row: RequestRow) -> RequestReaders:
    return RequestReaders(
        council=row.council.name,
        channel_id=row.council.channel_id,
        channel_name=row.council.channel_name,
        cut_off_at=row.cycle.cut_off_at,
        digest_at=row.cycle.digest_at,
    )
