"""What stands about a project in somebody's request message, read from the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.messages import DueMilestone, RequestItem
from domain.collecting.standing.loading import day_in, open_matters, standing_of, why_not_unchanged
from domain.logs.values import Entry
from models import collecting as store
from models.collecting import RequestMove, RequestRow, StatusReport, StatusRequest
from models.enums import LogKind, RequestState, Visibility
from models.portfolio import Person, people_by_id

SOON: Final = timedelta(days=30)
"""How far ahead a milestone is named."""

DISOWNED: Final = "who was asked says that the project is not theirs: the PMO was told"
"""Joins the reason on the record of a request when *Not my project* is pressed."""

HANDED: Final = "handed to the deputy"
"""Why a request moved that its PM has given away."""


@dataclass(frozen=True)
class Line:
    """A request in somebody's message: theirs, or one that they had."""

    row: RequestRow
    reader_id: int
    asks_on: date
    gone: RequestMove | None = None
    """How it left them, if it did."""


@dataclass(frozen=True)
class _Read:
    """What the record says of the requests of some messages, by their or their project's number."""

    reports: dict[int, StatusReport]
    """This cycle's, by request."""
    last: dict[int, StatusReport]
    """The one before this cycle, by request."""
    moves: dict[int, RequestMove]
    """The last one of each request."""
    entries: dict[int, list[Entry]]
    """Open actions and milestones, by project."""
    people: dict[int, Person]


class Composer:
    """Composes items, when all that they tell was read at once."""

    def __init__(self, read: _Read, now: datetime) -> None:
        self._read = read
        self._now = now

    @classmethod
    async def load(cls, session: AsyncSession, lines: Sequence[Line], now: datetime) -> "Composer":
        """Read what is told about some lines; as many statements for many as for one."""
        ids = {line.row.request.pk for line in lines}
        reports = await store.reports_of_requests(session, ids)
        moves = await store.last_moves(session, ids)
        people = {each.author_id for each in reports.values()} | _people_of(lines, moves.values())
        projects = {line.row.project.pk for line in lines}
        workspaces = {line.row.request.workspace_id for line in lines}
        entries = {
            project_id: found
            for each in workspaces
            for project_id, found in (await open_matters(session, each, projects, now)).items()
        }
        last = await store.reports_before_requests(session, ids)
        read = _Read(reports, last, moves, entries, await people_by_id(session, people))
        return cls(read, now)

    def came(self, line: Line) -> RequestMove | None:
        """How a request came to its reader, if somebody gave it to them."""
        move = self._read.moves.get(line.row.request.pk)
        return move if move and not line.gone and move.to_person_id == line.reader_id else None

    def item(self, line: Line) -> RequestItem:
        """What stands there about one request."""
        row = line.row
        if not _may_follow(line):
            return _closed_item(row)
        last = self._read.last.get(row.request.pk)
        return RequestItem(
            request_id=row.request.pk,
            code=row.project.code,
            name=row.project.name,
            council=row.council.name,
            state=row.request.state,
            last_health=last.health if last else None,
            last_on=last.opens_on if last else None,
            promised=last.next if last else "",
            is_restricted=row.project.visibility is Visibility.RESTRICTED,
            reason=row.request.reason,
            may_answer=line.reader_id in (row.project.pm_id, row.project.deputy_id),
            **self._answer(row),
            **self._hands(line),
            **self._lists(row),
            **self._put_off(row),
        )

    def _answer(self, row: RequestRow) -> dict[str, Any]:
        """What was answered; where nothing was, whether *No change* would be an answer."""
        report = self._read.reports.get(row.request.pk)
        if report is None:
            standing = standing_of(
                self._read.last.get(row.request.pk), self._read.entries.get(row.project.pk, ())
            )
            return {"may_stay": not why_not_unchanged(standing, row.cycle, self._now)}
        return {
            "health": report.health,
            "rating": report.rating,
            "summary": report.why or report.done,
            "answered_at": report.submitted_at,
            "author": self._name(report.author_id),
            "version": report.version,
            "unchanged": report.unchanged,
        }

    def _hands(self, line: Line) -> dict[str, Any]:
        """Whose hands the request is in, and whose it was in before or could be in."""
        project = line.row.project
        if line.gone:  # whoever it went to may have given it on, or back
            last = self._read.moves.get(line.row.request.pk, line.gone)
            return {
                "handed_to": self._name(last.to_person_id),
                "handed_at": last.moved_at,
                "handed_why": "" if last.reason == HANDED else last.reason,  # the name says it
            }
        deputy = {"deputy": self._deputy(line)}
        if came := self.came(line):
            return {**deputy, "came_from": self._name(came.person_id)}
        if line.reader_id == project.pm_id:
            return deputy
        is_deputy = line.reader_id == project.deputy_id
        return {"in_place_of" if is_deputy else "handed_to": self._name(project.pm_id)}

    def _deputy(self, line: Line) -> str:
        """The deputy, if they could take it."""
        deputy = self._read.people.get(line.row.project.deputy_id or 0)
        if deputy is None or deputy.pk == line.reader_id or deputy.is_gone or deputy.is_guest:
            return ""
        return deputy.name

    def _lists(self, row: RequestRow) -> dict[str, Any]:
        """What the project's lists have to be told: milestones soon, actions that wait."""
        today = day_in(row.cycle, self._now)
        entries = self._read.entries.get(row.project.pk, [])
        actions = [each for each in entries if each.kind is LogKind.ACTION]
        return {
            "milestones": tuple(
                DueMilestone(each.title, each.due_on, each.is_overdue(today))
                for each in entries
                if each.kind is LogKind.MILESTONE and each.due_on and each.due_on <= today + SOON
            ),
            "open_actions": len(actions),
            "overdue_actions": sum(each.is_overdue(today) for each in actions),
        }

    def _put_off(self, row: RequestRow) -> dict[str, Any]:
        """Until when it is put off, and by whom it is disowned."""
        snoozed, is_held = row.request.snoozed_until, is_on_hold(row, self._now)
        return {
            "hold_until": row.project.hold_until if is_held else None,
            "hold_reason": row.project.hold_reason if is_held else "",
            "snoozed_until": snoozed if snoozed and snoozed > self._now else None,
            "is_disowned": is_disowned(row.request),
        }

    def _name(self, person_id: int) -> str:
        return self._read.people[person_id].name


def is_disowned(request: StatusRequest) -> bool:
    """Whether who is asked says that the project is not theirs; the record may say more of it."""
    return DISOWNED in request.reason


def is_on_hold(row: RequestRow, now: datetime) -> bool:
    """Whether a project is on hold at an instant, as days are counted where its council is."""
    until = row.project.hold_until
    return until is not None and until >= day_in(row.cycle, now)


def _people_of(lines: Iterable[Line], moves: Iterable[RequestMove]) -> set[int]:
    """Everybody whom some lines may name."""
    every_move = [*moves, *(line.gone for line in lines if line.gone)]
    projects = [line.row.project for line in lines]
    people = {project.pm_id for project in projects}
    people |= {project.deputy_id for project in projects if project.deputy_id is not None}
    return people | {each for move in every_move for each in (move.person_id, move.to_person_id)}


def _may_follow(line: Line) -> bool:
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
