"""Counts what was missed in a row, and tells sponsors and the PMO of it, courteously."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.collecting.asking.planning import day_words
from domain.collecting.escalating.rules import NoSponsor, Told, in_a_row, reason_of, told_of
from domain.collecting.messages import (
    MissedItem,
    SilentProjects,
    SponsorNotice,
    SponsorNoticeCopy,
)
from domain.delivery.messages import Letter, Message, Place
from domain.delivery.service import Outbox
from domain.portfolio.configuration import Escalation, WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.collecting import Cycle, Outcome, RequestRow, StatusReport, StatusRequest
from models.delivery import rows as delivery_rows
from models.enums import RequestState, Visibility
from models.portfolio import Person, Project, people_by_id

ANSWERED_MEANWHILE: Final = "all of it was answered before it could be said"
"""Why a notice was taken back."""

NEVER_ASKED: Final = "not asked: the bot was not running at the hour"
"""Why a request was missed that nobody could answer; the digest says it."""


async def count_misses(
    session: AsyncSession,
    workspace_id: int,
    unanswered: Sequence[StatusRequest],
    cycles: Mapping[int, Cycle],
) -> None:
    """Mark requests as missed at their cut-off: how often in a row, and why, as the digest says.

    Args:
        session: the writing one in which their cycles are closed.
        workspace_id: whose.
        unanswered: what nobody has answered, locked.
        cycles: theirs, by number.
    """
    if not unanswered:
        return
    configuration = await load_configuration(session, workspace_id)
    people = {each.person_id for each in unanswered}
    times = await personal_times(session, workspace_id, people, configuration)
    before = await store.outcomes_before(session, {each.pk for each in unanswered})
    projects = await store.projects_by_id(session, {each.project_id for each in unanswered})
    sponsors = await _sponsors(session, projects.values())
    counted: dict[int, int] = {}
    for each in sorted(unanswered, key=attrgetter("opens_on", "pk")):
        misses = _misses_before(before.get(each.pk), counted)
        each.state, each.remind_at = RequestState.MISSED, None
        excuse = _excuse(each, times[each.person_id], cycles[each.cycle_id].cut_off_at)
        if excuse:
            each.reason, counted[each.pk] = excuse, misses
            continue
        each.misses = counted[each.pk] = misses + 1
        told = _told(each, projects[each.project_id], sponsors, configuration.escalation)
        each.reason = reason_of(each.misses, told, each.reason)


def _misses_before(before: Outcome | None, counted: Mapping[int, int]) -> int:
    """In a row up to a request; `counted` knows those that are closed in the same breath."""
    if before is None:
        return 0
    return counted.get(before.request_id, in_a_row(before.state, before.misses))


async def escalate(
    session: AsyncSession,
    workspace_id: int,
    outbox: Outbox,
    cycle_ids: Collection[int],
    now: datetime,
) -> None:
    """Tell of what was missed in a row in cycles that have just been closed."""
    letters = await _letters(session, workspace_id, cycle_ids)
    await outbox.say_each(session, letters, now)


async def follow_escalation(
    session: AsyncSession, workspace_id: int, outbox: Outbox, cycle_id: int, now: datetime
) -> None:
    """Bring what was told of a cycle to what has been answered since; nobody is told anew.

    What is not posted yet is taken back if all of it is answered.
    """
    letters = await _letters(session, workspace_id, {cycle_id})
    standing = await outbox.standing(session, {each.key for each in letters})
    for each in letters:
        if each.key in standing:
            is_over = all(item.answered_at for item in _items(each.message))
            if not is_over or standing[each.key].is_posted:
                await outbox.say_each(session, [each], now)
            else:
                await outbox.withdraw(session, each.key, ANSWERED_MEANWHILE)


def _items(message: Message) -> Sequence[MissedItem]:
    if isinstance(message, SponsorNotice | SponsorNoticeCopy | SilentProjects):
        return message.items
    return ()


def _excuse(request: StatusRequest, own: PersonalTime, cut_off_at: datetime) -> str:
    """Why a missed request is nobody's miss; empty if it is."""
    if request.asked_at is None:
        return NEVER_ASKED
    day = cut_off_at.astimezone(own.zone).date()
    leave = own.away_on(day)
    return f"on leave until {day_words(leave.until, day)}" if leave else ""


async def _sponsors(session: AsyncSession, projects: Iterable[Project]) -> dict[int, Person]:
    return await people_by_id(session, {each.sponsor_id for each in projects if each.sponsor_id})


def _told(
    request: StatusRequest,
    project: Project,
    people: Mapping[int, Person],
    escalation: Escalation,
) -> Told:
    no_sponsor = _no_sponsor(request, project, people)
    return told_of(request.misses, escalation.sponsor_after, escalation.pmo_after, no_sponsor)


def _no_sponsor(
    request: StatusRequest, project: Project, people: Mapping[int, Person]
) -> NoSponsor | None:
    if project.sponsor_id is None:
        return NoSponsor.NOT_NAMED
    if people[project.sponsor_id].is_gone:
        return NoSponsor.GONE
    return NoSponsor.ANSWERS if project.sponsor_id in (project.pm_id, request.person_id) else None


# --- letters


async def _letters(
    session: AsyncSession, workspace_id: int, cycle_ids: Collection[int]
) -> list[Letter]:
    rows = await store.missed_rows(session, workspace_id, cycle_ids)
    if not rows:
        return []
    news = await _News.load(session, workspace_id, rows)
    return [*news.to_sponsors(), *news.to_pms(), *news.to_pmo()]


@dataclass(frozen=True)
class _News:
    """What was missed in some cycles, and who is to hear of it."""

    rows: Sequence[RequestRow]
    people: Mapping[int, Person]
    pmo: Sequence[Person]
    reports: Mapping[int, StatusReport]
    """Answers that came after all, by request."""
    last: Mapping[int, StatusReport]
    """The report before, by request."""
    configuration: WorkspaceConfiguration

    @classmethod
    async def load(
        cls, session: AsyncSession, workspace_id: int, rows: Sequence[RequestRow]
    ) -> "_News":
        ids = {row.request.pk for row in rows}
        people = {row.project.pm_id for row in rows}
        people |= {row.project.sponsor_id for row in rows if row.project.sponsor_id}
        return cls(
            rows=rows,
            people=await people_by_id(session, people),
            pmo=await delivery_rows.pmo_people(session, workspace_id),
            reports=await store.reports_of_requests(session, ids),
            last=await store.reports_before_requests(session, ids),
            configuration=await load_configuration(session, workspace_id),
        )

    def to_sponsors(self) -> Iterator[Letter]:
        for (cycle_id, sponsor_id), rows in self._by(self._of_sponsors(), "sponsor_id").items():
            message = SponsorNotice(*_cycle(rows), self._items(rows))
            yield Letter(message, Place.person(sponsor_id), f"missed:{cycle_id}:{sponsor_id}")

    def to_pms(self) -> Iterator[Letter]:
        for (cycle_id, pm_id), rows in self._by(self._of_sponsors(), "pm_id").items():
            if self.people[pm_id].is_gone:
                continue
            sponsors = {self.people[row.project.sponsor_id or 0].name for row in rows}
            message = SponsorNoticeCopy(tuple(sorted(sponsors)), *_cycle(rows), self._items(rows))
            yield Letter(message, Place.person(pm_id), f"missed-copy:{cycle_id}:{pm_id}")

    def to_pmo(self) -> Iterator[Letter]:
        """In the PMO's channel; directly what is restricted, for a channel has other members."""
        channel_id = self.configuration.pmo_channel_id
        by_cycle: dict[tuple[int, bool], list[RequestRow]] = defaultdict(list)
        for row in self.rows:
            if self._told(row).pmo:
                is_public = channel_id is not None and row.project.visibility is Visibility.OPEN
                by_cycle[row.cycle.pk, is_public].append(row)
        for (cycle_id, is_public), rows in by_cycle.items():
            message = SilentProjects(*_cycle(rows), self._items(rows))
            places = [Place.person(each.pk) for each in self.pmo]
            if is_public and channel_id is not None:
                places = [Place.channel(channel_id)]
            for place in places:
                yield Letter(message, place, f"silent:{cycle_id}:{place.name}")

    def _of_sponsors(self) -> list[RequestRow]:
        return [row for row in self.rows if self._told(row).sponsor]

    def _by(
        self, rows: Iterable[RequestRow], reader: str
    ) -> Mapping[tuple[int, int], list[RequestRow]]:
        found: dict[tuple[int, int], list[RequestRow]] = defaultdict(list)
        for row in rows:
            found[row.cycle.pk, getattr(row.project, reader)].append(row)
        return found

    def _told(self, row: RequestRow) -> Told:
        return _told(row.request, row.project, self.people, self.configuration.escalation)

    def _items(self, rows: Iterable[RequestRow]) -> tuple[MissedItem, ...]:
        return tuple(self._item(row) for row in rows)

    def _item(self, row: RequestRow) -> MissedItem:
        last, report = self.last.get(row.request.pk), self.reports.get(row.request.pk)
        trouble = _no_sponsor(row.request, row.project, self.people)
        return MissedItem(
            code=row.project.code,
            name=row.project.name,
            pm=self.people[row.project.pm_id].name,
            misses=row.request.misses,
            last_health=last.health if last else None,
            last_on=last.opens_on if last else None,
            answered_at=report.submitted_at if report else None,
            trouble=trouble.value if trouble else "",
        )


def _cycle(rows: Sequence[RequestRow]) -> tuple[str, datetime]:
    return rows[0].council.name, rows[0].cycle.cut_off_at
