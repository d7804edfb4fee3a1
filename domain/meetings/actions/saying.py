"""Says what is told of actions, and says it again when one of them has changed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.calendar.rules import at_wall
from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.logs.record import entry_of, may_see_row, viewer_of
from domain.meetings.actions.lines import Lines
from domain.meetings.actions.messages import (
    ActionDropped,
    ActionLine,
    ActionsDue,
    ActionsGiven,
    ActionsOverdue,
)
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models import logs as store
from models.enums import ActionStep, LogKind
from models.logs import EntryRow
from models.meetings import ActionTold
from models.meetings.actions import told_under
from models.portfolio import Person, people_by_id

_OVER = "nothing of it is to be done any more"


class Speaker:
    """Composes the messages of some keys from the record as it is now."""

    def __init__(self, session: AsyncSession, outbox: Outbox, now: datetime) -> None:
        self._session = session
        self._outbox = outbox
        self._now = now
        self._workspace_id = outbox.workspace_id

    async def say(self, before: Collection[str], new: Collection[str]) -> None:
        """Say what is new, and bring what was said before up to date, where it still stands."""
        standing = await self._outbox.standing(self._session, before)
        keys = {*standing, *new}
        told = await told_under(self._session, self._workspace_id, keys)
        lines = await Lines.load(
            self._session, self._workspace_id, sorted({each.entry_id for each in told})
        )
        people = await people_by_id(self._session, {each.person_id for each in told})
        for key in sorted(keys):
            own = [each for each in told if each.key == key]
            await self._say(key, own, people[own[0].person_id], lines)

    async def _say(
        self, key: str, told: Sequence[ActionTold], person: Person, known: Lines
    ) -> None:
        viewer = await viewer_of(self._session, person)
        seen = [each for each in told if may_see_row(viewer, known.rows[each.entry_id])]
        step = told[0].step
        is_chair = step in (ActionStep.CHAIR, ActionStep.DROPPED)
        reader = None if is_chair else person.pk
        lines = tuple(known.line(each.entry_id, reader) for each in seen)
        if step is not ActionStep.DROPPED and not any(each.is_waiting for each in lines):
            await self._outbox.withdraw(self._session, key, _OVER)
            if not await self._outbox.is_said(self._session, key):
                return
        on, ends_at = await self._day(told[0].at, person)
        message = await self._message(viewer, known.rows[told[0].entry_id], step, on, lines)
        await self._outbox.say(
            self._session,
            message,
            to=Place.person(person.pk),
            key=key,
            now=self._now,
            expires_at=ends_at if isinstance(message, ActionsDue) else None,
        )

    async def _message(
        self,
        viewer: Viewer,
        row: EntryRow,
        step: ActionStep,
        on: date,
        lines: tuple[ActionLine, ...],
    ) -> Message:
        if step is ActionStep.GIVEN:
            return ActionsGiven(lines)
        if step is ActionStep.DROPPED:
            return ActionDropped(lines)
        if step is ActionStep.CHAIR:
            return await self._overdue(viewer, row, on, lines)
        return ActionsDue(on, lines)

    async def _day(self, at: datetime, person: Person) -> tuple[date, datetime]:
        """The day of an instant where a person is, and when it ends."""
        configuration = await load_configuration(self._session, self._workspace_id)
        zone = zone_of(person.timezone, configuration)
        day = at.astimezone(zone).date()
        return day, at_wall(day + timedelta(days=1), time(), zone)

    async def _overdue(
        self, viewer: Viewer, row: EntryRow, on: date, lines: tuple[ActionLine, ...]
    ) -> ActionsOverdue:
        if row.council is None:
            raise LookupError(f"the action {row.entry.pk} comes from no council")
        every = await store.entry_rows_of_council(
            self._session, self._workspace_id, row.council.pk, LogKind.ACTION
        )
        overdue = {
            each.entry.pk
            for each in every
            if entry_of(each, on).is_overdue(on) and may_see_row(viewer, each)
        }
        others = overdue - {each.entry_id for each in lines}
        return ActionsOverdue(row.council.name, on, lines, len(others))
