"""The words of `/project` about being away: away, back."""

from collections.abc import Sequence

from domain.calendar.service import LeaveService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Word
from message_templates.calendar.leave import leave_card
from message_templates.kit import Rendered
from message_templates.portfolio.help import CommandHelp


def words(leave: LeaveService, clock: Clock) -> Sequence[Word]:
    async def away(viewer: Viewer, text: str) -> Sequence[Rendered]:
        now = clock.now()
        if text:
            return [leave_card(await leave.go(viewer, text, now))]
        return [leave_card(await leave.standing(viewer, now))]

    async def back(viewer: Viewer, text: str) -> Sequence[Rendered]:
        return [leave_card(await leave.back(viewer, text, clock.now()))]

    return [
        Word(
            CommandHelp(
                "away",
                f"{COMMAND} away [until DAY]",
                "Your leave; or be away until a day, or for a span such as "
                "2026-12-24..2027-01-02: your deputies are asked then.",
            ),
            away,
        ),
        Word(
            CommandHelp("back", f"{COMMAND} back [DAY]", "Be here again: today, or on that day."),
            back,
        ),
    ]
