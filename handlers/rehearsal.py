"""The word of `/project` that looks ahead: rehearse, for the PMO."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from domain.errors import NotAllowedError, PmobotError
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from domain.ports import Clock
from domain.rehearsal.values import DEFAULT_DAYS, MOST_DAYS, Rehearsal
from handlers.commands import COMMAND, Word
from message_templates.kit import Rendered
from message_templates.portfolio.help import CommandHelp
from message_templates.rehearsal.rehearsal import rehearsal_messages, rehearsal_started


def words(
    rehearse: Callable[[datetime, int], Awaitable[Rehearsal]], clock: Clock
) -> Sequence[Word]:
    async def begin(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not belongs_to_pmo(viewer):
            raise NotAllowedError("Only the PMO can rehearse: a rehearsal shows every project.")
        return [rehearsal_started(_days(text))]

    async def result(_viewer: Viewer, text: str) -> Sequence[Rendered]:
        days = _days(text)
        return rehearsal_messages(await rehearse(clock.now(), days), days)

    usage = f"{COMMAND} rehearse [days]"
    help_ = CommandHelp(
        "rehearse", usage, "For the PMO: who will get what and when, without sending anything."
    )
    return [Word(help_, begin, later=result)]


def _days(text: str) -> int:
    """How many days to rehearse.

    Raises:
        PmobotError: it is no number of days, or too many.
    """
    days = int(text) if text.isascii() and text.isdigit() and len(text) <= len("9999") else 0
    if not text:
        return DEFAULT_DAYS
    if not 1 <= days <= MOST_DAYS:
        msg = f"Give a number of days from 1 to {MOST_DAYS}, such as: {COMMAND} rehearse 14"
        raise PmobotError(msg)
    return days
