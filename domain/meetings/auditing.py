"""Keeps on the record who changed what about a meeting."""

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.series.keeping import Act
from models.meetings import Meeting
from models.portfolio import AuditEntry, Council


def subject_of(council: Council, meeting: Meeting | None) -> str:
    """What the audit calls a meeting; without one, its council's backlog."""
    return f"meeting {council.name} {meeting.occurrence if meeting else 'backlog'}"


def note(
    session: AsyncSession,
    council: Council,
    meeting: Meeting | None,
    act: Act,
    changed: tuple[str, str, str],
) -> None:
    """Note a change.

    Args:
        session: the writing one in which it is made.
        council: whose meeting.
        meeting: which one; None: what waits in the council's backlog.
        act: who changes it, and when.
        changed: what is changed, from what, to what.
    """
    field, old, new = changed
    session.add(
        AuditEntry(
            workspace_id=council.workspace_id,
            at=act.at,
            actor=act.actor,
            subject=subject_of(council, meeting),
            field=field,
            old=old or None,
            new=new or None,
        )
    )
