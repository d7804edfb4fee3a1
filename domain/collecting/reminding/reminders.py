"""Reminds people of what is still due from them, at the steps of their councils."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime, parse_remind
from domain.collecting.messages import Reminder, ReminderItem, WantedReminder
from domain.collecting.reminding.rules import (
    TOGETHER,
    allowed_before,
    allowed_by_day,
    next_remind_at,
    step_instants,
    steps_over,
)
from domain.collecting.standing.loading import unchanged_possible
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox, Standing
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.collecting import OpenRow, ReminderWindow, StatusRequest
from models.enums import RequestState

PEOPLE_AT_ONCE: Final = 200
"""People whom one transaction reminds: it stays short, and other writers get their turn."""

JUST_TOLD: Final = timedelta(hours=1)
"""How long whoever gets a request from somebody else is not reminded of it."""

NOTHING_OPEN: Final = "nothing of it waits for an answer any more, or its reader wants quiet"
"""Why a reminder was taken back before it was said."""


async def schedule_reminder(
    session: AsyncSession, requests: Sequence[StatusRequest], now: datetime
) -> None:
    """Set when the people of some requests are reminded next.

    Called when requests are asked, handed on, or snoozed: in each case a message has just told
    their people of them, so that what has come by now is over; for who got it from somebody else,
    also what would come right after. `snoozed_until` goes before the steps, and those that come
    before it are over.

    Args:
        session: the writing one in which the requests were changed.
        requests: of one workspace, each with its person and what else was changed.
        now: this instant.
    """
    if not requests:
        return
    workspace_id = requests[0].workspace_id
    windows = await store.reminder_windows(session, {each.cycle_id for each in requests})
    configuration = await load_configuration(session, workspace_id)
    people = {each.person_id for each in requests}
    times = await personal_times(session, workspace_id, people, configuration)
    for each in requests:
        just_told = now if each.asked_at == now else now + JUST_TOLD
        over_until = max(now, each.snoozed_until) if each.snoozed_until else just_told
        _set_next(each, windows[each.cycle_id], times[each.person_id], over_until, now)


async def remind_due(
    session: AsyncSession, workspace_id: int, outbox: Outbox, now: datetime
) -> bool:
    """Remind a batch of people whose reminders are due; tell whether there were any.

    One message tells each of them of all that waits for them, and counts for whatever else would
    be reminded of shortly after. Who may not be written to now is reminded when they may; if that
    is after the cut-off, the gatekeeper drops what is said, with the reason on its row.
    """
    people = await store.people_to_remind(session, workspace_id, now, PEOPLE_AT_ONCE)
    if not people:
        return False
    rows = await store.open_rows_of_people(session, workspace_id, people, now)
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, people, configuration)
    windows = await store.reminder_windows(session, {row.request.cycle_id for row in rows})
    standing = await outbox.standing(session, _keys(row.request for row in rows))
    asked = [(row.request, row.cycle) for row in rows]
    unchanged = await unchanged_possible(session, workspace_id, asked, now)
    letters = []
    for person_id, group in groupby(sorted(rows, key=_person), key=_person):
        turn = _turn(list(group), times[person_id], now)
        if turn.due:
            key = turn.key(standing)
            letters.append(_letter(turn.message(unchanged), person_id, key))
            turn.note(key, windows, now)
    await session.flush()
    await outbox.say_each(session, letters, now)
    return True


async def follow_reminders(
    session: AsyncSession, outbox: Outbox, requests: Iterable[StatusRequest], now: datetime
) -> None:
    """Bring the reminders that told of some requests to what has become of these.

    What is not posted yet tells of what is still open, and is taken back if nothing is.

    Args:
        session: the transaction in which the requests were changed, flushed.
        outbox: where reminders are said again.
        requests: what was changed.
        now: this instant.
    """
    keys = _keys(requests)
    if not keys:
        return
    told = [
        _Told(key, each.message, each.person_id, each.is_posted)
        for key, each in sorted((await outbox.standing(session, keys)).items())
        if isinstance(each.message, Reminder) and each.person_id is not None
    ]
    ids = {item.request_id for each in told for item in each.message.items}
    rows = {row.request.pk: row for row in await store.rows_of_requests(session, ids)}
    letters = []
    for each in told:
        newest = each.brought_up_to_date(rows, now)
        if newest.items:
            letters.append(_letter(newest, each.person_id, each.key))
        else:
            await outbox.withdraw(session, each.key, NOTHING_OPEN)
    await outbox.say_each(session, letters, now)


@dataclass(frozen=True)
class _Told:
    """A reminder that is read in Slack, or will be."""

    key: str
    message: Reminder
    person_id: int
    is_posted: bool

    def brought_up_to_date(self, rows: Mapping[int, OpenRow], now: datetime) -> Reminder:
        """With what has become of its requests.

        What is not posted yet needs only the open ones of which its reader wants to hear now.
        """
        items = [self._item(item, rows[item.request_id].request) for item in self.message.items]
        if not self.is_posted:
            quiet = {key for key, row in rows.items() if _is_snoozed(row.request, now)}
            items = [item for item in items if _is_open(item) and item.request_id not in quiet]
        return replace(self.message, items=tuple(items))

    def _item(self, item: ReminderItem, request: StatusRequest) -> ReminderItem:
        if request.person_id != self.person_id:  # how far somebody else is, is theirs to know
            return replace(item, is_handed_on=True)
        return replace(item, state=request.state)


@dataclass(frozen=True)
class _Turn:
    """One person's reminder."""

    due: Sequence[OpenRow]
    """What has made it due; nothing: it is not."""
    others: Sequence[OpenRow]
    """What else waits for them, and is told with it."""
    own: PersonalTime
    now: datetime
    is_allowed: bool
    """Whether the person may be written to now."""

    @property
    def _is_wanted(self) -> bool:
        """Whether it comes at a time that its reader has asked for: then it costs nothing."""
        return self.is_allowed and all(row.request.snoozed_until for row in self.due)

    def message(self, unchanged: Collection[int]) -> Reminder:
        """What is said; `unchanged` are the requests of which *No change* is an answer."""
        kind = WantedReminder if self._is_wanted else Reminder
        rows = sorted([*self.due, *self.others], key=lambda row: (row.cut_off_at, row.project.code))
        return kind(tuple(_item(row, unchanged) for row in rows), self.own.zone.key)

    def key(self, standing: Mapping[str, Standing]) -> str:
        """What is not posted yet is brought up to date: nobody gets two where one will do."""
        rows = [*self.due, *self.others]
        first = min((row.request for row in self.due), key=attrgetter("pk"))
        if self.is_allowed and not self._is_wanted:
            for key in sorted(_keys(row.request for row in rows)):
                if _waits_for(first.person_id, standing.get(key)):
                    return key
        at = (first.remind_at or self.now).astimezone(UTC)
        return f"reminder:{first.person_id}:{first.pk}:{at:%Y-%m-%dT%H:%M:%S}"

    def note(self, key: str, windows: Mapping[int, ReminderWindow], now: datetime) -> None:
        """Count what is said by this reminder, and set when the next one comes."""
        for row in self.due:
            row.request.reminded_under, row.request.snoozed_until = key, None
            _set_next(row.request, windows[row.request.cycle_id], self.own, now, now)
        for row in self.others:
            row.request.reminded_under = key
            coming = row.request.remind_at
            if coming is not None and coming <= now + TOGETHER:
                _set_next(row.request, windows[row.request.cycle_id], self.own, coming, now)


def _turn(rows: Sequence[OpenRow], own: PersonalTime, now: datetime) -> _Turn:
    """What one person is reminded of now; puts off what they may not be written about yet."""
    for row in rows:
        if not _is_theirs(row):  # somebody else answers for it now
            row.request.remind_at = None
    mine = [row for row in rows if _is_theirs(row)]
    due, is_allowed = [], True
    for row in mine:
        if row.request.remind_at is None or row.request.remind_at > now:
            continue
        allowed = allowed_before if row.request.snoozed_until else allowed_by_day
        at = allowed(own, now, row.cut_off_at)
        if at is not None and at > now:
            row.request.remind_at = at
        else:
            due.append(row)
            is_allowed = is_allowed and at is not None
    others = [row for row in mine if row not in due and not _is_snoozed(row.request, now)]
    return _Turn(due, others if is_allowed else (), own, now, is_allowed)


def _set_next(
    request: StatusRequest,
    window: ReminderWindow,
    own: PersonalTime,
    over_until: datetime,
    now: datetime,
) -> None:
    """Count the steps that are over by an instant, and set when the next reminder comes."""
    steps = [parse_remind(each) for each in window.steps]
    instants = step_instants(steps, request.ask_at, window.cut_off_at)
    request.reminders = steps_over(instants, request.reminders, over_until)
    request.remind_at = next_remind_at(
        instants, request.reminders, own, window.cut_off_at, now, request.snoozed_until
    )


def _letter(message: Reminder, person_id: int, key: str) -> Letter:
    expires_at = max(item.cut_off_at for item in message.items)
    return Letter(message, Place.person(person_id), key, expires_at)


def _item(row: OpenRow, unchanged: Collection[int]) -> ReminderItem:
    return ReminderItem(
        request_id=row.request.pk,
        code=row.project.code,
        name=row.project.name,
        council=row.council,
        state=row.request.state,
        cut_off_at=row.cut_off_at,
        may_stay=row.request.pk in unchanged,
    )


def _is_open(item: ReminderItem) -> bool:
    return item.state is RequestState.ASKED and not item.is_handed_on


def _is_theirs(row: OpenRow) -> bool:
    """Whether who was asked is still the one to answer."""
    return row.request.person_id in (row.project.pm_id, row.project.deputy_id)


def _is_snoozed(request: StatusRequest, now: datetime) -> bool:
    return request.snoozed_until is not None and request.snoozed_until > now


def _keys(requests: Iterable[StatusRequest]) -> Collection[str]:
    return {each.reminded_under for each in requests if each.reminded_under is not None}


def _waits_for(person_id: int, said: Standing | None) -> bool:
    """Whether a reminder is still to be posted to somebody; one may wait for who had it before."""
    return said is not None and said.person_id == person_id and not said.is_posted


def _person(row: OpenRow) -> int:
    return row.request.person_id
