"""The clock's side: hands on what waits for somebody who is not there, reminds, and tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.inquiries.boards import Boards
from domain.inquiries.reading import is_for_channel, why_closed
from domain.inquiries.writing import asked_now, close, is_lost_on
from domain.portfolio.configuring import load_configuration
from models import inquiries as store
from models.enums import Visibility
from models.inquiries import Inquiry, InquiryRow


@dataclass(frozen=True)
class Errand:
    """What is to be done about one inquiry."""

    row: InquiryRow
    why_over: str
    """Why nobody waits for it any more; empty if somebody does."""
    to: int | None
    """Who is to answer it; None: the PMO."""
    is_reminder: bool
    is_overdue: bool

    @property
    def is_any(self) -> bool:
        """Whether there is anything to do."""
        is_moved = self.to != self.row.inquiry.asked_id
        return bool(self.why_over) or is_moved or self.is_reminder or self.is_overdue


async def errands(
    session: AsyncSession, workspace_id: int, now: datetime, *, is_changed: bool = True
) -> list[Errand]:
    """What is to be done about the inquiries that wait, by the record as it is now.

    Args:
        session: a reading one, or the one that has the turn.
        workspace_id: the workspace.
        now: this instant.
        is_changed: the portfolio may have changed since it was looked at last: then somebody may
            have what they must not read any more.
    """
    rows = await store.open_inquiry_rows(session, workspace_id)
    if not rows:
        return []
    configuration = await load_configuration(session, workspace_id)
    people = {each.pk for row in rows for each in (row.pm, row.deputy) if each}
    times = await personal_times(session, workspace_id, people, configuration)
    found = [await _errand(session, row, times, now) for row in rows]
    if is_changed:
        found = [await _without_lost(session, each) for each in found]
    return [each for each in found if each.is_any]


async def _without_lost(session: AsyncSession, errand: Errand) -> Errand:
    return replace(errand, to=None) if await is_lost_on(session, errand.row) else errand


async def _errand(
    session: AsyncSession, row: InquiryRow, times: Mapping[int, PersonalTime], now: datetime
) -> Errand:
    inquiry = row.inquiry
    return Errand(
        row,
        why_over=await why_closed(session, row) if _may_be_over(row) else "",
        to=asked_now(row, times, now),
        is_reminder=inquiry.remind_at is not None and inquiry.remind_at <= now,
        is_overdue=inquiry.overdue_at is not None and inquiry.overdue_at <= now,
    )


def _may_be_over(row: InquiryRow) -> bool:
    """Whether it has to be looked at closer who may still see what: mostly it has not."""
    asker, project = row.asker, row.project
    if project is None:
        return asker.is_gone
    is_hidden = project.visibility is Visibility.RESTRICTED or asker.is_guest
    return is_hidden or asker.is_gone or asker.pk == project.pm_id


async def run(boards: Boards, due: Sequence[Errand]) -> None:
    """Do what is to be done; each errand was found under the turn of `boards`."""
    for each in due:
        inquiry = each.row.inquiry
        boards.touch(inquiry)
        if each.why_over:
            close(boards, inquiry, None, each.why_over)
            continue
        if each.to != inquiry.asked_id:
            await boards.give(inquiry, each.to)
        elif each.is_reminder:
            inquiry.remind_at = None
            await _remind(boards, inquiry)
        if each.is_overdue:
            _set_overdue(boards, inquiry)
    await boards.renew()


async def _remind(boards: Boards, inquiry: Inquiry) -> None:
    """Remind who has it: of all that the PMO has not answered, its message of the day tells."""
    if inquiry.asked_id is not None:
        await boards.collect(inquiry.asked_id)
        return
    inquiry.office_on = boards.now.date()
    boards.touch(inquiry)


def _set_overdue(boards: Boards, inquiry: Inquiry) -> None:
    """Tell who asked that there is no answer; the PMO too, unless it was reminded itself."""
    inquiry.overdue_at = None
    inquiry.told_on = boards.now.date()
    if inquiry.asked_id is not None or not inquiry.is_for_office:
        inquiry.office_on = boards.now.date()
    boards.touch(inquiry)


async def told_too_much(session: AsyncSession, workspace_id: int) -> list[Inquiry]:
    """What stands where others read it, and must not any more by the record as it is now."""
    rows = await store.inquiry_rows_in_channel(session, workspace_id)
    restricted = await store.restricted_projects(session, workspace_id) if rows else []
    if not restricted:
        return []
    entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in rows])
    return [
        row.inquiry for row in rows if not is_for_channel(row, entries[row.inquiry.pk], restricted)
    ]


async def days_told_too_much(session: AsyncSession, workspace_id: int) -> set[date]:
    """The days whose message to the PMO has what must not stand in its channel any more."""
    restricted = await store.restricted_projects(session, workspace_id)
    rows = await store.inquiry_rows_told_to_office(session, workspace_id) if restricted else []
    entries = await store.entries_of_inquiries(session, [row.inquiry.pk for row in rows])
    return {
        row.inquiry.office_on
        for row in rows
        if row.inquiry.office_on is not None
        and not is_for_channel(row, entries[row.inquiry.pk], restricted)
    }
