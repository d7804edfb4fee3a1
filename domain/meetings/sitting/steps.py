"""Who comes second is told what happened; who does not lead is told who does."""

from typing import Final
from zoneinfo import ZoneInfo

from domain.errors import NotAllowedError
from domain.meetings.sitting.table import Did, Table

_WORDS: Final = {
    "opened": "opened the meeting",
    "closed": "closed the meeting",
    "reopened": "opened the meeting again",
    "chair": "took the chair",
    "item": "went on to {new}",
    "parked": "parked {new}",
    "agreed": "had the consent items agreed",
    "pulled out": "took {new} out of the consent items",
}
_NOT_RUNNING: Final = (
    "This meeting is not open. The chair and the PMO open it: `/project meeting open`."
)
_NOT_LEADING: Final = (
    "Only whoever chairs the meeting, and the PMO, do that. Members say that they are here, "
    "record actions and pull items out of the consent block."
)


def refuse_who_does_not_lead(table: Table) -> None:
    """Raise NotAllowedError for who neither chairs the meeting nor is of the PMO."""
    if not table.standing.leads:
        raise NotAllowedError(_NOT_LEADING)


def refuse_not_running(table: Table) -> None:
    """Raise NotAllowedError for a meeting that is not open."""
    if not table.about.is_running:
        raise NotAllowedError(_NOT_RUNNING)


async def refuse_stale(table: Table, revision: int) -> None:
    """Tell who presses what they have not seen what has happened meanwhile.

    Raises:
        NotAllowedError: the meeting has moved on, or does not run.
    """
    if table.meeting.revision != revision and (did := await table.last_step()):
        raise NotAllowedError(told(table, did))
    refuse_not_running(table)


def told(table: Table, did: Did) -> str:
    """What somebody did meanwhile, in a sentence or two."""
    at = did.at.astimezone(ZoneInfo(table.meeting.timezone))
    what = _WORDS[did.what].format(new=_named(table, did.new))
    who = "You" if did.who == table.viewer.name else did.who
    return (
        f"{who} {what} at {at:%H:%M}, before you pressed. Nothing more was done; the card shows "
        "how it stands in a moment."
    )


def _named(table: Table, title: str) -> str:
    """An item by its title, unless that names what does not exist for the person."""
    shown = table.seen.open_text(title)
    return f"“{shown}”" if shown else "another item"
