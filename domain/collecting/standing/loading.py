"""What a project's lists and its last report say about today, as several things here need it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.collecting.standing.rules import Matter, Standing, why_not
from domain.collecting.values import Answers
from domain.logs.record import open_entries
from domain.logs.values import Entry
from models import collecting as store
from models.collecting import Cycle, StatusReport, StatusRequest
from models.enums import LogKind

_WAITING = (LogKind.ACTION, LogKind.MILESTONE)


async def open_matters(
    session: AsyncSession, workspace_id: int, project_ids: Collection[int], now: datetime
) -> dict[int, list[Entry]]:
    """Open actions and milestones by project, earliest due first; those without any left out."""
    return await open_entries(session, workspace_id, project_ids, _WAITING, now.date())


def standing_of(last: StatusReport | None, entries: Sequence[Entry]) -> Standing:
    """What decides whether *No change* is an answer."""
    return Standing(
        last=Answers.of(last) if last else None,
        unchanged=last.unchanged if last else 0,
        actions=_matters(entries, LogKind.ACTION),
        milestones=_matters(entries, LogKind.MILESTONE),
    )


def why_not_unchanged(standing: Standing, cycle: Cycle, now: datetime) -> tuple[str, ...]:
    """Why *No change* is no answer in a cycle at an instant; nothing, if it is one."""
    return why_not(standing, day_in(cycle, now), day_in(cycle, cycle.cut_off_at))


async def unchanged_possible(
    session: AsyncSession,
    workspace_id: int,
    waiting: Sequence[tuple[StatusRequest, Cycle]],
    now: datetime,
) -> set[int]:
    """The requests, by number, of which *No change* is an answer as far as the record shows.

    As many statements for many as for one.
    """
    last = await store.reports_before_requests(session, {each.pk for each, _cycle in waiting})
    projects = {each.project_id for each, _cycle in waiting}
    entries = await open_matters(session, workspace_id, projects, now)
    return {
        each.pk
        for each, cycle in waiting
        if not why_not_unchanged(
            standing_of(last.get(each.pk), entries.get(each.project_id, ())), cycle, now
        )
    }


def day_in(cycle: Cycle, instant: datetime) -> date:
    """The day of an instant where a cycle's council is."""
    return instant.astimezone(parse_zone(cycle.timezone)).date()


def _matters(entries: Sequence[Entry], kind: LogKind) -> tuple[Matter, ...]:
    return tuple(Matter(each.ref, each.title, each.due_on) for each in entries if each.kind is kind)
