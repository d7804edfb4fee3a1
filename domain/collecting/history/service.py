"""Looking back: every report of a project, every version of it, and what has changed between."""

from itertools import groupby

from domain.collecting.answering.keeping import read_report
from domain.collecting.history.rules import Asked, Version, differences
from domain.collecting.values import Report
from domain.inquiries.reading import counts_of
from domain.inquiries.values import InquiryCounts
from models import collecting as store
from models.base import Database
from models.collecting import HistoryRow


class HistoryService:
    """Reads what was reported; who may see the project may see all of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_project(self, project_id: int) -> tuple[Asked, ...]:
        """All that was asked of a project and what was answered, newest first."""
        async with self._database.reading() as session:
            rows = await store.history_rows(session, project_id)
        answered: list[Asked] = []
        before: Report | None = None
        by_request = [list(group) for _, group in groupby(rows, lambda row: row.request.pk)]
        for group in reversed(by_request):
            asked, before = _asked(group, before)
            answered.append(asked)
        return tuple(reversed(answered))

    async def inquiries(self, project_id: int) -> InquiryCounts:
        """What was asked about a project beside its reports, in numbers."""
        async with self._database.reading() as session:
            return await counts_of(session, project_id)


def _asked(rows: list[HistoryRow], before: Report | None) -> tuple[Asked, Report | None]:
    """One request with its versions, newest first, and the report that the next compares with."""
    versions: list[Version] = []
    for row in reversed(rows):
        if row.report is not None:
            report = read_report(row.report, row.author or "")
            versions.append(Version(report, differences(before, report), before is None))
            before = report
    request = rows[0].request
    asked = Asked(
        opens_on=request.opens_on,
        state=request.state,
        reason=request.reason,
        cut_off_at=rows[0].cycle.cut_off_at,
        versions=tuple(reversed(versions)),
    )
    return asked, before
