"""Reminds people of what is still due from them, at the steps of their councils."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times
from domain.calendar.rules import PersonalTime, parse_remind
from domain.collecting.reminder_rules import next_remind_at, step_instants, steps_over
from domain.portfolio.configuring import load_configuration
from models import collecting as store
from models.collecting import ReminderWindow, StatusRequest


async def schedule_reminder(
    session: AsyncSession, requests: Sequence[StatusRequest], now: datetime
) -> None:
    """Set when the people of some requests are reminded next.

    Called when requests are asked, handed on, or snoozed: in each case a message has just told
    their people of them, so that what has come by now is over. `snoozed_until` goes before the
    steps, and those that come before it are over.

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
        quiet_until = max(now, each.snoozed_until or now)
        set_next(each, windows[each.cycle_id], times[each.person_id], quiet_until, now)


def set_next(
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
