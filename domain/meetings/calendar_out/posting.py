"""The calendar of a council in its channel: one message, brought up to date with each change."""

from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.meetings.calendar_out.rules import calendar_of
from domain.meetings.messages import CouncilCalendar
from domain.meetings.series.keeping import Act
from domain.meetings.series.loading import series_of
from domain.portfolio.configuration import WorkspaceConfiguration
from models.meetings.queries import meetings_of, restricted_names
from models.portfolio import Council

_KEY: Final = "calendar"


async def load_calendar(
    session: AsyncSession, configuration: WorkspaceConfiguration, council: Council
) -> CouncilCalendar | None:
    """The calendar of a council as everybody may read it; None if it never had a meeting."""
    meetings = await meetings_of(session, council.workspace_id, [council.pk])
    hidden = [
        word for pair in await restricted_names(session, council.workspace_id) for word in pair
    ]
    return calendar_of(council.name, meetings, series_of(configuration, council), hidden)


async def post(
    session: AsyncSession,
    outbox: Outbox,
    configuration: WorkspaceConfiguration,
    council: Council,
    act: Act,
) -> bool:
    """Post a council's calendar in its channel; tell whether there is one."""
    calendar = await load_calendar(session, configuration, council)
    if calendar is None:
        return False
    to = Place.channel(council.channel_id)
    await outbox.say(session, calendar, to=to, key=_key(council), now=act.at)
    return True


async def renew(
    session: AsyncSession,
    outbox: Outbox,
    configuration: WorkspaceConfiguration,
    council: Council,
    act: Act,
) -> None:
    """Bring what is posted up to date; nothing where nobody has posted it."""
    await session.flush()
    key = _key(council)
    if key in await outbox.standing(session, [key]):
        await post(session, outbox, configuration, council, act)


def _key(council: Council) -> str:
    """By the channel as well: a council that moves has its calendar posted anew."""
    return f"{_KEY}:{council.pk}:{council.channel_id}"
