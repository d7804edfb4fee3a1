"""When each of the PMO gets the list of the week, and which list a new question comes on."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime
from domain.calendar.week_rules import begun_week, next_weekly
from domain.portfolio.configuring import load_configuration
from models.answers.learning import weeks_of
from models.answers.tables import Question, QuestionWeek
from models.delivery.rows import pmo_people


@dataclass(frozen=True)
class Reader:
    """One of the PMO."""

    person_id: int
    own: PersonalTime
    row: QuestionWeek | None
    """None: the clock has not met them yet."""

    def begun(self, now: datetime) -> date | None:
        """The Monday of this week, if its list is due by now: whoever is new waits for the next."""
        with suppress(ValueError):  # a calendar without a working day
            return begun_week(self.own, now)
        return None

    def next_at(self, now: datetime) -> datetime | None:
        """When their next list is due; None: their calendar has no working day."""
        told = self.row.told_week if self.row else self.begun(now)
        with suppress(ValueError):
            return next_weekly(self.own, told, now)
        return None

    def wants(self, now: datetime) -> bool:
        """Whether the clock has something to do for them."""
        at = self.next_at(now)
        return self.row is None or (at is not None and at <= now)


async def load_readers(session: AsyncSession, workspace_id: int) -> list[Reader]:
    """All of the PMO, with their own time."""
    people = [each.pk for each in await pmo_people(session, workspace_id)]
    if not people:
        return []
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, people, configuration)
    rows = await weeks_of(session, workspace_id)
    return [Reader(each, times[each], rows.get(each)) for each in people]


@dataclass(frozen=True)
class ListedOn:
    """Where the PMO will read of a question."""

    is_told: bool
    """There is somebody who is the PMO."""
    day: date | None = None
    """The day of the first list that has it; None: nobody can tell."""


async def put_on_list(
    session: AsyncSession, workspace_id: int, questions: list[Question], now: datetime
) -> ListedOn:
    """Put questions on the PMO's list."""
    for each in questions:
        each.listed_at = now
    readers = await load_readers(session, workspace_id)
    days = [at.astimezone(each.own.zone).date() for each in readers if (at := each.next_at(now))]
    return ListedOn(bool(readers), min(days, default=None))
