"""Stores meetings and what becomes of them: each change raises the sequence and is audited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import MeetingState
from models.meetings import Meeting
from models.portfolio import AuditEntry, Council

_WORDS: Final = {
    "title": "title",
    "starts_at": "time",
    "minutes": "minutes",
    "place": "place",
    "state": "state",
    "reason": "reason",
}
"""What the audit calls the fields that people read."""


@dataclass(frozen=True)
class Act:
    """Who changes something, and when."""

    actor: str
    """A Slack user id, or what did it."""
    at: datetime


def change(session: AsyncSession, council: Council, meeting: Meeting, act: Act, **new: Any) -> bool:
    """Change a meeting; tell whether anything is different now."""
    differing = {name: value for name, value in new.items() if getattr(meeting, name) != value}
    told = [name for name in _WORDS if name in differing]
    before = {name: _words(meeting, name) for name in told}
    for name, value in differing.items():
        setattr(meeting, name, value)
    if not differing:
        return False
    meeting.sequence += 1
    meeting.changed_at = act.at
    meeting.next_at = act.at  # what is due for it may be due at another time now
    for name in told:
        old, now = before[name], _words(meeting, name)
        session.add(_entry(council, meeting, act, (_WORDS[name], old, now)))
    return True


def add(session: AsyncSession, council: Council, meeting: Meeting, act: Act) -> None:
    """Keep a new meeting."""
    meeting.next_at = act.at
    session.add(meeting)
    what = _words(meeting, "starts_at")
    if meeting.state is MeetingState.CANCELLED:
        what = f"{what}, cancelled"
    session.add(_entry(council, meeting, act, ("planned", "", what)))
    if meeting.reason:
        session.add(_entry(council, meeting, act, ("reason", "", meeting.reason)))


def new_uid() -> str:
    """What a calendar knows a meeting or a series by, for ever."""
    return f"{uuid4().hex}@pmobot"


def _words(meeting: Meeting, name: str) -> str:
    if name == "starts_at":
        local = meeting.starts_at.astimezone(ZoneInfo(meeting.timezone))
        return f"{local:%Y-%m-%d %H:%M} {meeting.timezone}"
    return str(getattr(meeting, name))


def _entry(
    council: Council, meeting: Meeting, act: Act, changed: tuple[str, str, str]
) -> AuditEntry:
    field, old, new = changed
    return AuditEntry(
        workspace_id=council.workspace_id,
        at=act.at,
        actor=act.actor,
        subject=f"meeting {council.name} {meeting.occurrence}",
        field=field,
        old=old or None,
        new=new or None,
    )
