"""What the PMO finds about the answers of all councils, out of the record."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.health.response import respond
from domain.health.values import (
    Answer,
    CouncilResponse,
    CycleResponse,
    ReportingPage,
    Watched,
    part_of,
)
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from models import health as store
from models.base import Database
from models.enums import CycleState
from models.health import ResponseRow, WatchedCycle, WatchedRow
from models.portfolio import councils_of

COUNCILS: Final = 6
WATCHED: Final = 12
"""How many of each list a page shows."""

SILENT: Final = 2
"""Misses in a row from which a project is silent."""


class ReportingService:
    """Tells the PMO, and nobody else, who has answered and who has not."""

    def __init__(self, database: Database, workspace_id: int) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def page(
        self, viewer: Viewer, now: datetime, pages: Mapping[str, int]
    ) -> ReportingPage | None:
        """One page of it; None for everybody but the PMO.

        Args:
            viewer: who looks.
            now: this instant.
            pages: which part of `councils_answered` and `watched` is shown, from 0 on, and the
                number of the `cycle` that is looked at closer, if any is.
        """
        if not belongs_to_pmo(viewer):
            return None
        today = now.astimezone(parse_zone(viewer.timezone)).date()
        async with self._database.reading() as session:
            councils = await councils_of(session, self._workspace_id)
            shown = part_of(councils, pages.get("councils_answered", 0), COUNCILS)
            cycles = await store.watched_cycles(
                session, self._workspace_id, [each.pk for each in shown.shown]
            )
            opened = await self._opened(session, pages.get("cycle", 0))
            answers = await self._answers(session, [*cycles, *opened])
            watched = await store.watched_projects(session, self._workspace_id, today, SILENT)
        of_council: defaultdict[str, list[CycleResponse]] = defaultdict(list)
        for each in cycles:
            of_council[each.council].append(_response(each, answers[each.cycle.pk]))
        return ReportingPage(
            councils=part_of(
                [CouncilResponse(each.name, tuple(of_council[each.name])) for each in councils],
                shown.number,
                COUNCILS,
            ),
            watched=part_of(
                [_watched(each, today) for each in watched],
                pages.get("watched", 0),
                WATCHED,
            ),
            opened=_response(opened[0], answers[opened[0].cycle.pk]) if opened else None,
        )

    async def _opened(self, session: AsyncSession, cycle_id: int) -> list[WatchedCycle]:
        found = await store.watched_cycle(session, self._workspace_id, cycle_id)
        return [found] if found else []

    async def _answers(
        self, session: AsyncSession, cycles: Iterable[WatchedCycle]
    ) -> Mapping[int, list[Answer]]:
        answers: defaultdict[int, list[Answer]] = defaultdict(list)
        for row in await store.responses(session, {each.cycle.pk for each in cycles}):
            answers[row.cycle_id].append(_answer(row))
        return answers


def _watched(row: WatchedRow, today: date) -> Watched:
    is_held = row.hold_until is not None and row.hold_until >= today
    return Watched(
        code=row.code,
        name=row.name,
        council=row.council,
        manager=row.manager,
        is_gone=row.is_gone,
        deputy=row.deputy or "",
        hold_until=row.hold_until if is_held else None,
        hold_reason=row.hold_reason if is_held else "",
        misses=row.misses,
    )


def _answer(row: ResponseRow) -> Answer:
    return Answer(*row[1:])


def _response(watched: WatchedCycle, answers: Iterable[Answer]) -> CycleResponse:
    cycle = watched.cycle
    return CycleResponse(
        cycle_id=cycle.pk,
        council=watched.council,
        opens_on=cycle.opens_on,
        cut_off_at=cycle.cut_off_at,
        timezone=cycle.timezone,
        is_open=cycle.state is CycleState.OPEN,
        response=respond(answers),
    )
