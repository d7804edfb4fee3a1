"""What the menu beside a project's buttons does: snooze, hand on, put on hold, disown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime, parse_zone
from domain.collecting.access import check_wanted, facts_of, meant_request, own_request
from domain.collecting.asking.items import DISOWNED, HANDED, is_disowned
from domain.collecting.asking.planning import day_words, on_hold
from domain.collecting.asking.requests import say_requests
from domain.collecting.errors import AnsweredError, NotWantedError
from domain.collecting.handover.moving import move_request
from domain.collecting.messages import NotTheirs
from domain.collecting.postponing.rules import Quiet, check_hold, check_quiet, offers
from domain.collecting.reminding.reminders import schedule_reminder
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import may_report
from domain.portfolio.values import Viewer
from models import collecting as store
from models.base import Database
from models.collecting import AWAITING, RequestRow, StatusRequest
from models.delivery.rows import pmo_people
from models.enums import RequestState, Visibility
from models.portfolio import AuditEntry, Project, lock_planning, people_by_id, replan


@dataclass(frozen=True)
class SnoozeOffer:
    """What somebody can choose who wants to be reminded later."""

    request_id: int
    code: str
    waiting: int
    """Projects of the same message that wait for an answer, this one included."""
    quiets: tuple[Quiet, ...]
    timezone: str
    """The reader's, in which the choices are told."""
    cut_off_at: datetime


@dataclass(frozen=True)
class HoldOffer:
    """The project that somebody wants to put on hold."""

    request_id: int
    code: str
    name: str
    until: date | None
    """Up to when it is on hold already."""
    reason: str


class PostponingService:
    """Puts requests off, hands them on, and tells the PMO whose they are not."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def snooze_offer(self, viewer: Viewer, request_id: int, now: datetime) -> SnoozeOffer:
        """What somebody can choose who wants to be reminded later.

        Raises:
            PmobotError: nothing waits for an answer, or not from this person.
        """
        async with self._database.writing() as session:
            waiting = await self._asked_with(session, viewer, request_id, now)
            row = await self._waiting(session, viewer, request_id, now)
            own = await self._time_of(session, row.request.person_id)
        cut_off_at = row.cycle.cut_off_at
        return SnoozeOffer(
            request_id=row.request.pk,
            code=row.project.code,
            waiting=len(waiting),
            quiets=offers(own, row.request.ask_at, cut_off_at, now),
            timezone=own.zone.key,
            cut_off_at=cut_off_at,
        )

    async def snooze(
        self, viewer: Viewer, request_id: int, until: datetime, now: datetime, *, alone: bool
    ) -> None:
        """Leave who is asked in peace up to an instant, and remind them then.

        Args:
            viewer: who asks for it.
            request_id: of what.
            until: up to when.
            now: this instant.
            alone: only that project; else all that wait in the same message. Those whose cut-off
                comes before are reminded as ever.

        Raises:
            FieldErrors: at `snooze_at`, with the cure.
            PmobotError: nothing waits for an answer, or not from this person.
        """
        async with self._database.writing() as session:
            together = [] if alone else await self._asked_with(session, viewer, request_id, now)
            row = await self._waiting(session, viewer, request_id, now)
            own = await self._time_of(session, row.request.person_id)
            until = check_quiet(until, own, row.cycle.cut_off_at, now, "snooze_at")
            rows = together or [row]
            requests = [each.request for each in rows if until < each.cycle.cut_off_at]
            for each in requests:
                each.snoozed_until = until
            await schedule_reminder(session, requests, now)
            await session.flush()
            await self._say(session, requests, now)

    async def hand_to_deputy(self, viewer: Viewer, request_id: int, now: datetime) -> None:
        """Let the deputy be asked instead, at once or as soon as their hours allow it.

        Raises:
            NotWantedError: there is none who could, with the reason.
            PmobotError: nothing waits for an answer, or not from this person.
        """
        async with self._database.writing() as session:
            row = await self._waiting(session, viewer, request_id, now)
            deputy_id = await self._able_deputy(session, row, now)
            await move_request(session, self._outbox, row, deputy_id, HANDED, now)

    async def hold_offer(self, viewer: Viewer, request_id: int) -> HoldOffer:
        """The project that somebody wants to put on hold.

        Raises:
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        async with self._database.reading() as session:
            row = await meant_request(session, viewer, self._workspace_id, request_id)
        project = row.project
        return HoldOffer(
            row.request.pk, project.code, project.name, project.hold_until, project.hold_reason
        )

    async def hold(
        self, viewer: Viewer, request_id: int, raw: Mapping[str, str], now: datetime
    ) -> None:
        """Put a project on hold: what is asked is excused with the reason, and nothing is asked.

        Raises:
            FieldErrors: the day or the reason needs mending.
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        until, reason = check_hold(raw, now.astimezone(parse_zone(viewer.timezone)).date())
        async with self._database.writing() as session:
            row, held = await self._project_rows(session, viewer, request_id, now)
            self._note_hold(session, row.project, viewer, (until, reason), now)
            for each in held:
                each.request.state = RequestState.EXCUSED
                each.request.reason = on_hold(until, reason, each.request.opens_on)
                each.request.remind_at = each.request.snoozed_until = None
            await session.flush()
            await self._say(session, [row.request, *(each.request for each in held)], now)

    async def resume(self, viewer: Viewer, request_id: int, now: datetime) -> None:
        """End a hold: what it had excused is asked again, as long as its cut-off lies ahead.

        Raises:
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        async with self._database.writing() as session:
            row, rows = await self._project_rows(session, viewer, request_id, now)
            if row.project.hold_until is None:
                return
            self._note_hold(session, row.project, viewer, (None, ""), now)
            requests = [each.request for each in rows if each.request.state in store.UNASKED]
            for each in requests:
                each.state, each.reason = RequestState.ASKED, ""
            await session.flush()
            await schedule_reminder(session, requests, now)
            await self._say(session, [row.request, *requests], now)

    async def disown(self, viewer: Viewer, request_id: int, now: datetime) -> None:
        """Tell the PMO, once, that somebody is asked for a project that is not theirs.

        Raises:
            NotWantedError: the PMO was told already.
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        async with self._database.writing() as session:
            row = await self._meant(session, viewer, request_id)
            if is_disowned(row.request):
                msg = f"The PMO was told already that {row.project.code} is not yours."
                raise NotWantedError(msg)
            row.request.reason = "; ".join(filter(None, (row.request.reason, DISOWNED)))
            await session.flush()
            project = row.project
            message = NotTheirs(project.code, project.name, viewer.name, row.cycle.cut_off_at)
            for place in await self._pmo(session, project):
                key = f"not_theirs:{row.request.pk}:{place.name}"
                await self._outbox.say_once(session, message, to=place, key=key, now=now)
            await self._say(session, [row.request], now)

    # --- what these have in common

    async def _meant(self, session: AsyncSession, viewer: Viewer, request_id: int) -> RequestRow:
        """The request that a press means today, locked."""
        meant = await meant_request(session, viewer, self._workspace_id, request_id)
        return await own_request(session, viewer, self._workspace_id, meant.request.pk, locked=True)

    async def _waiting(
        self, session: AsyncSession, viewer: Viewer, request_id: int, now: datetime
    ) -> RequestRow:
        """The request that a press means today, if it waits for an answer; locked."""
        row = await self._meant(session, viewer, request_id)
        await check_wanted(session, row, now)
        mine = await store.reports_of_requests(session, [row.request.pk])
        if row.request.pk in mine:
            authors = await people_by_id(session, [mine[row.request.pk].author_id])
            raise AnsweredError(row.project.code, authors[mine[row.request.pk].author_id].name)
        if row.request.state not in AWAITING:
            msg = f"Nothing is asked for {row.project.code} just now: {row.request.reason}."
            raise NotWantedError(msg)
        return row

    async def _project_rows(
        self, session: AsyncSession, viewer: Viewer, request_id: int, now: datetime
    ) -> tuple[RequestRow, list[RequestRow]]:
        """A press's request, and all of its project that are open; planning hears of it."""
        await lock_planning(session, self._workspace_id)
        row = await meant_request(session, viewer, self._workspace_id, request_id)
        rows = await store.open_rows_of_project(session, self._workspace_id, row.project.pk, now)
        await replan(session, self._workspace_id)
        return row, rows

    async def _asked_with(
        self, session: AsyncSession, viewer: Viewer, request_id: int, now: datetime
    ) -> Sequence[RequestRow]:
        """All that waits in the same message, before its cut-off, and is the viewer's to answer.

        Asked for before the request itself, so that all are locked in everybody's order.
        """
        row = await meant_request(session, viewer, self._workspace_id, request_id)
        whose = {(row.request.person_id, row.request.asks_on)}
        rows = await store.waiting_rows(session, self._workspace_id, whose, now)
        return [
            each
            for each in rows
            if each.request.state is RequestState.ASKED
            and may_report(viewer, facts_of(each.project))
        ]

    async def _time_of(self, session: AsyncSession, person_id: int) -> PersonalTime:
        configuration = await load_configuration(session, self._workspace_id)
        here = (session, self._workspace_id)
        return (await personal_times(*here, [person_id], configuration))[person_id]

    async def _able_deputy(self, session: AsyncSession, row: RequestRow, now: datetime) -> int:
        """The deputy, if they can be asked.

        Raises:
            NotWantedError: why not, and what can be done instead.
        """
        deputy_id, code = row.project.deputy_id, row.project.code
        if deputy_id is None:
            msg = f"{code} has no deputy. The PMO can name one in the portfolio file."
            raise NotWantedError(msg)
        deputy = (await people_by_id(session, [deputy_id]))[deputy_id]
        if row.request.person_id == deputy_id:
            raise NotWantedError(f"{deputy.name} is asked for {code} already.")
        if deputy.is_gone or deputy.is_guest:
            why = "has left Slack" if deputy.is_gone else "is a guest here"
            msg = f"{deputy.name}, the deputy, {why}. The PMO can name another one."
            raise NotWantedError(msg)
        own = await self._time_of(session, deputy_id)
        today = now.astimezone(own.zone).date()
        leave = own.away_on(today)
        if leave is not None:
            until = day_words(leave.until, today)
            msg = (
                f"{deputy.name}, the deputy, is away until {until}: {code} stays with you. "
                "*On hold…* or *Snooze…* in the same menu may help."
            )
            raise NotWantedError(msg)
        return deputy_id

    def _note_hold(
        self,
        session: AsyncSession,
        project: Project,
        viewer: Viewer,
        hold: tuple[date | None, str],
        now: datetime,
    ) -> None:
        """Change up to when a project is on hold, and why; the audit has both."""
        until, reason = hold
        changes = {
            "hold_until": (project.hold_until, until),
            "hold_reason": (project.hold_reason or None, reason or None),
        }
        project.hold_until, project.hold_reason = until, reason
        session.add_all(
            AuditEntry(
                workspace_id=self._workspace_id,
                at=now,
                actor=viewer.slack_id,
                subject=f"project {project.code}",
                field=field,
                old=str(old) if old else None,
                new=str(new) if new else None,
            )
            for field, (old, new) in changes.items()
            if old != new
        )

    async def _say(
        self, session: AsyncSession, requests: Sequence[StatusRequest], now: datetime
    ) -> None:
        """Bring the messages that tell of some requests up to date."""
        told = {(each.person_id, each.asks_on) for each in requests if each.asked_at is not None}
        await say_requests(session, self._workspace_id, self._outbox, told, now)

    async def _pmo(self, session: AsyncSession, project: Project) -> Sequence[Place]:
        """Where the PMO reads of a project: their channel, but restricted ones in private."""
        configuration = await load_configuration(session, self._workspace_id)
        if configuration.pmo_channel_id and project.visibility is Visibility.OPEN:
            return [Place.channel(configuration.pmo_channel_id)]
        people = await pmo_people(session, self._workspace_id)
        return [Place.person(each.pk) for each in people]
