"""The clock's side of actions: tells owners what is theirs, reminds them, tells who chairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.delivery.service import Outbox
from domain.digests.setbacks.trying import Setbacks
from domain.logs.record import may_see_row, viewer_of
from domain.meetings.actions.rules import (
    TOGETHER,
    Given,
    Plan,
    chair_at,
    earliest,
    given_at,
    reminder,
)
from domain.meetings.actions.saying import Speaker
from domain.portfolio.configuring import load_configuration
from models import logs as store
from models.base import Database
from models.enums import ActionStep, Composing, LogState
from models.logs import EntryRow, LogEntry
from models.meetings import ActionTold, ActionWatch
from models.meetings.actions import (
    action_to_look_at,
    last_change_of,
    stale_actions_of,
    told_of,
    watches_of,
)
from models.meetings.queries import meeting_by_id
from models.portfolio import Person, lock_planning, people_by_id

_OWN = "they gave it to themselves"


@dataclass
class _Look:
    """One action that is looked at, and what is done about it."""

    row: EntryRow
    told: Sequence[ActionTold]
    given: Given
    is_given: bool = False
    """Its owner is told now that it is theirs."""
    plan: Plan = field(default_factory=Plan)
    chair_next: datetime | None = None

    @property
    def entry(self) -> LogEntry:
        return self.row.entry


class ActionClock:
    """Looks at actions when something of them is due, or has changed; an owner at a time."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._setbacks = Setbacks(database, workspace_id)

    async def run(self, now: datetime) -> bool:
        """Tell what is due of one owner's actions; whether anything was to do."""
        async with self._database.reading() as session:
            found = await action_to_look_at(session, self._workspace_id, now)
        if found is None:
            return False
        async with (
            self._setbacks.trying(Composing.ACTION, now) as attempt,
            self._database.writing() as session,
        ):
            await lock_planning(session, self._workspace_id)  # replicas take turns
            await attempt.of(session, found.pk)
            await _Owner(session, self._outbox, found.owner_id, now).look()
        return True


class _Owner:
    """The actions of one owner, looked at together."""

    def __init__(
        self, session: AsyncSession, outbox: Outbox, owner_id: int | None, now: datetime
    ) -> None:
        self._session = session
        self._outbox = outbox
        self._owner_id = owner_id or 0  # nobody has that number
        self._now = now
        self._workspace_id = outbox.workspace_id
        self._new: set[str] = set()
        """Keys of what is said for the first time."""
        self._told: dict[tuple[int, int, ActionStep, date], ActionTold] = {}

    async def look(self) -> None:
        """Tell what is due, say again what has changed, and note when to look next."""
        # What comes within minutes goes along with what is told now.
        until = self._now + TOGETHER
        owner_id = self._owner_id or None
        entries = await stale_actions_of(self._session, self._workspace_id, owner_id, until)
        looks = await self._looks([each.pk for each in entries])
        is_open = [each for each in looks if each.entry.state is LogState.OPEN]
        time = await self._time(self._owner_id)
        if time is not None:
            seen = [each for each in is_open if await self._is_seen(each.row, self._owner_id)]
            self._give(seen)
            self._remind(seen, time)
        for each in is_open:
            await self._tell_chair(each)
        for each in looks:
            if each.entry.state is LogState.CANCELLED:
                await self._tell_of_dropping(each)
        await self._session.flush()
        before = {told.key for each in looks for told in each.told if told.key}
        await Speaker(self._session, self._outbox, self._now).say(before, self._new)
        await self._watch(looks)

    async def _looks(self, entry_ids: Sequence[int]) -> list[_Look]:
        rows = await store.entry_rows_by_id(self._session, self._workspace_id, entry_ids)
        told = await told_of(self._session, entry_ids)
        self._told = {(t.entry_id, t.person_id, t.step, t.due_on): t for t in told}
        looks = []
        for entry_id in entry_ids:
            own = [each for each in told if each.entry_id == entry_id]
            looks.append(_Look(rows[entry_id], own, await self._given(rows[entry_id].entry, own)))
        return looks

    async def _given(self, entry: LogEntry, told: Sequence[ActionTold]) -> Given:
        mine = [each for each in told if each.person_id == self._owner_id]
        handed = await last_change_of(self._session, entry.pk, "owner")
        at = handed.at if handed else entry.opened_at
        giver = handed.person_id if handed else entry.opened_by_id
        is_own = giver == self._owner_id and (handed is not None or entry.meeting_id is None)
        steps = [each for each in mine if each.step is ActionStep.GIVEN and each.at >= at]
        if is_own and not steps:
            self._keep(entry, ActionStep.GIVEN, left_out=_OWN)
        return Given(
            due_on=entry.due_on,
            at=at,
            is_handed=handed is not None,
            awaits_close=handed is None and await self._goes_on(entry.meeting_id),
            is_known=is_own or bool(steps),
            done=frozenset(each.step for each in mine if each.due_on == entry.due_on),
        )

    async def _goes_on(self, meeting_id: int | None) -> bool:
        if meeting_id is None:
            return False
        meeting = await meeting_by_id(self._session, self._workspace_id, meeting_id)
        return bool(meeting and meeting.started_at and meeting.ended_at is None)

    def _give(self, looks: Iterable[_Look]) -> None:
        new = {each.entry.pk: each for each in looks if given_at(each.given) is not None}
        if not any(at <= self._now for each in new.values() if (at := given_at(each.given))):
            return
        key = f"action:{min(new)}:given:{self._owner_id}:{self._now:%Y%m%d%H%M%S}"
        for each in new.values():
            each.is_given = True
            self._keep(each.entry, ActionStep.GIVEN, key=key)

    def _remind(self, looks: Iterable[_Look], time: PersonalTime) -> None:
        today = self._now.astimezone(time.zone).date()
        for each in looks:
            if not (each.given.is_known or each.is_given):
                continue
            each.plan = reminder(each.given, time, self._now)
            for step, why in each.plan.left_out.items():
                self._keep(each.entry, step, left_out=why)
            if each.plan.tell:
                key = f"action:due:{self._owner_id}:{today}"
                self._keep(each.entry, each.plan.tell, key=key)

    async def _tell_chair(self, look: _Look) -> None:
        council, entry = look.row.council, look.entry
        chair_id = council.chair_id if council else None
        time = await self._time(chair_id)
        if council is None or chair_id is None or time is None:
            return
        is_told = any(
            each.step is ActionStep.CHAIR and each.due_on == entry.due_on for each in look.told
        )
        at = chair_at(entry.due_on, time)
        if at is None or is_told or chair_id == self._owner_id:
            return
        if at > self._now:
            look.chair_next = at
        elif await self._is_seen(look.row, chair_id):
            today = self._now.astimezone(time.zone).date()
            key = f"action:overdue:{council.pk}:{chair_id}:{today}"
            self._keep(entry, ActionStep.CHAIR, person_id=chair_id, key=key)

    async def _tell_of_dropping(self, look: _Look) -> None:
        """What the council has given out does not fall away behind its back."""
        council, entry = look.row.council, look.entry
        chair_id = council.chair_id if council else None
        is_told = any(each.step is ActionStep.DROPPED for each in look.told)
        if council is None or chair_id is None or is_told:
            return
        change = await last_change_of(self._session, entry.pk, "state")
        by = await self._person(change.person_id if change else None)
        if by is None or by.is_pmo or by.pk == chair_id:
            return
        if await self._time(chair_id) and await self._is_seen(look.row, chair_id):
            key = f"action:{entry.pk}:dropped:{chair_id}"
            self._keep(entry, ActionStep.DROPPED, person_id=chair_id, key=key)

    def _keep(
        self,
        entry: LogEntry,
        step: ActionStep,
        *,
        person_id: int | None = None,
        key: str = "",
        left_out: str = "",
    ) -> None:
        if key:
            self._new.add(key)
        reader, due_on = person_id or self._owner_id, entry.due_on or date.min
        told = self._told.get((entry.pk, reader, step, due_on))
        if told is None:
            told = ActionTold(
                workspace_id=self._workspace_id,
                entry_id=entry.pk,
                person_id=reader,
                step=step,
                due_on=due_on,
                at=self._now,
            )
            self._session.add(told)
        # One that came back to its owner is theirs anew.
        told.at, told.key, told.left_out = self._now, key, left_out

    async def _watch(self, looks: Sequence[_Look]) -> None:
        watches = await watches_of(self._session, [each.entry.pk for each in looks])
        for each in looks:
            entry = each.entry
            watch = watches.get(entry.pk)
            if watch is None:
                watch = ActionWatch(
                    workspace_id=self._workspace_id, entry_id=entry.pk, revision=entry.revision
                )
                self._session.add(watch)
            is_open = entry.state is LogState.OPEN
            told_next = None if each.is_given else given_at(each.given)
            if told_next and told_next <= self._now:
                told_next = None  # nobody can be told
            ahead = (told_next, each.plan.next_at, each.chair_next)
            watch.revision = entry.revision
            watch.next_at = earliest(ahead) if is_open else None
            watch.awaits_close = is_open and each.given.awaits_close and not each.given.is_known

    async def _person(self, person_id: int | None) -> Person | None:
        if person_id is None:
            return None
        return (await people_by_id(self._session, [person_id])).get(person_id)

    async def _time(self, person_id: int | None) -> PersonalTime | None:
        """The time of somebody who can be written to; None: they can't."""
        person = await self._person(person_id)
        if person is None or person.is_gone:
            return None
        configuration = await load_configuration(self._session, self._workspace_id)
        times = await personal_times(self._session, self._workspace_id, [person.pk], configuration)
        return times.get(person.pk)

    async def _is_seen(self, row: EntryRow, person_id: int | None) -> bool:
        person = await self._person(person_id)
        return person is not None and may_see_row(await viewer_of(self._session, person), row)
