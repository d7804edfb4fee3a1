"""What people set for themselves: hour to be asked, working days, leave, what they are sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import personal_times, weekdays_of
from domain.calendar.rules import Leave
from domain.calendar.service import LeaveService
from domain.errors import NotAllowedError
from domain.health.settings_rules import check_settings
from domain.health.values import CheckedSettings, CouncilChoice, OwnSettings, SettingsWish
from domain.portfolio.configuring import load_configuration
from domain.portfolio.values import Viewer
from models.base import Database
from models.calendar import (
    DigestSubscription,
    PersonalSettings,
    absences_until,
    personal_rows,
    replan,
    subscriptions_of,
)
from models.enums import FollowersWish, LeaveSource
from models.portfolio import AuditEntry, councils_of, lock_planning

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class SettingsService:
    """Everybody sets for themselves alone; what the PMO's files say is never touched."""

    def __init__(self, database: Database, workspace_id: int, leave: LeaveService) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._leave = leave

    async def settings(self, viewer: Viewer, now: datetime) -> OwnSettings:
        """What holds for somebody, and what of it they have set themselves."""
        async with self._database.reading() as session:
            return await own_settings(session, self._workspace_id, viewer, now)

    async def save(self, viewer: Viewer, wish: SettingsWish, now: datetime) -> OwnSettings:
        """Keep what somebody has chosen, all of it or nothing; what is planned follows it.

        Raises:
            FieldErrors: choices that need mending, by field; nothing is saved.
            NotAllowedError: guests and people who have left set nothing.
        """
        if viewer.is_guest or viewer.is_gone:
            msg = "Guests have no settings here. Ask the PMO if you are to be asked differently."
            raise NotAllowedError(msg)
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            before = await own_settings(session, self._workspace_id, viewer, now)
            checked = check_settings(wish, before)
            await self._keep_time(session, viewer, before, checked, now)
            await self._keep_leave(session, viewer, (wish.leave, checked.leave), now)
            await self._keep_subscriptions(session, viewer, before, wish.council_ids, now)
            await session.flush()
            return await own_settings(session, self._workspace_id, viewer, now)

    async def _keep_time(
        self,
        session: AsyncSession,
        viewer: Viewer,
        before: OwnSettings,
        checked: CheckedSettings,
        now: datetime,
    ) -> None:
        """The hour, the working days, and how they hear of what they follow."""
        changes = {
            "asking hour": (_hour(before), _hour(checked)),
            "working days": (_days(before), _days(checked)),
            "followers' digest": (_followed(before), _followed(checked)),
        }
        if all(old == new for old, new in changes.values()):
            return
        rows = await personal_rows(session, self._workspace_id, [viewer.person_id])
        row = rows[0].settings or PersonalSettings(
            workspace_id=self._workspace_id, person_id=viewer.person_id
        )
        row.ask_at, row.weekdays = checked.ask_at, _days(checked) or None
        row.followed = checked.followed if _followed(checked) else None
        session.add(row)
        self._audit(session, viewer, changes, now)
        await session.flush()
        await replan(session, self._workspace_id)

    async def _keep_leave(
        self,
        session: AsyncSession,
        viewer: Viewer,
        leave: tuple[Leave | None, Leave | None],
        now: datetime,
    ) -> None:
        """Bring the leave that the form showed to what it says now."""
        shown, wanted = leave
        if shown == wanted:
            return
        if shown:
            await self._leave.take_back(session, viewer, shown, now)
        if wanted:
            await self._leave.be_away(session, viewer, wanted, now)

    async def _keep_subscriptions(
        self,
        session: AsyncSession,
        viewer: Viewer,
        before: OwnSettings,
        wanted: Collection[int],
        now: datetime,
    ) -> None:
        rows = {each.council_id: each for each in await subscriptions_of(session, viewer.person_id)}
        known = {each.council_id: each.name for each in before.councils}
        for council_id, name in known.items():
            if council_id in rows and council_id not in wanted:
                await session.delete(rows[council_id])
                self._audit(session, viewer, {f"digests of {name}": ("yes", "")}, now)
            elif council_id in wanted and council_id not in rows:
                owned = {"workspace_id": self._workspace_id, "person_id": viewer.person_id}
                session.add(DigestSubscription(**owned, council_id=council_id))
                self._audit(session, viewer, {f"digests of {name}": ("", "yes")}, now)

    def _audit(
        self,
        session: AsyncSession,
        viewer: Viewer,
        changes: dict[str, tuple[str, str]],
        now: datetime,
    ) -> None:
        session.add_all(
            AuditEntry(
                workspace_id=self._workspace_id,
                at=now,
                actor=viewer.slack_id,
                subject=f"person {viewer.slack_id}",
                field=field,
                old=old or None,
                new=new or None,
            )
            for field, (old, new) in changes.items()
            if old != new
        )


async def own_settings(
    session: AsyncSession, workspace_id: int, viewer: Viewer, now: datetime
) -> OwnSettings:
    """What holds for somebody, in a fixed number of statements."""
    me = viewer.person_id
    configuration = await load_configuration(session, workspace_id)
    times = await personal_times(session, workspace_id, [me], configuration)
    (row,) = await personal_rows(session, workspace_id, [me])
    today = now.astimezone(times[me].zone).date()
    absences = await absences_until(session, me, today)
    leave = [Leave(each.first, each.until) for each in absences if _is_own(each.source)]
    subscribed = {each.council_id for each in await subscriptions_of(session, me)}
    councils = [] if viewer.is_guest else await councils_of(session, workspace_id)
    own = row.settings
    return OwnSettings(
        zone=times[me].zone.key,
        today=today,
        hours=times[me],
        usual_weekdays=weekdays_of(row.calendar.weekdays if row.calendar else None),
        ask_at=own.ask_at if own else None,
        weekdays=weekdays_of(own.weekdays) if own and own.weekdays else None,
        leave=leave[0] if leave else None,
        told_leave=tuple(
            Leave(each.first, each.until) for each in absences if not _is_own(each.source)
        ),
        followed=(own.followed if own else None) or FollowersWish.WEEKLY,
        councils=tuple(
            CouncilChoice(each.pk, each.name, each.pk in subscribed) for each in councils
        ),
    )


def _is_own(source: LeaveSource) -> bool:
    return source is LeaveSource.PERSON


def _hour(settings: OwnSettings | CheckedSettings) -> str:
    return f"{settings.ask_at:%H:%M}" if settings.ask_at else ""


def _followed(settings: OwnSettings | CheckedSettings) -> str:
    """What they have chosen; empty for what everybody gets."""
    return "" if settings.followed is FollowersWish.WEEKLY else settings.followed.value


def _days(settings: OwnSettings | CheckedSettings) -> str:
    return ",".join(_DAYS[number] for number in sorted(settings.weekdays or ()))
