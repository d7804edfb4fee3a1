"""What applying a configuration file changes: noted for the audit, and for whoever applied it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.portfolio.values import FieldChange
from models.portfolio import AuditEntry


class Record:
    """Notes what changes, for the audit and for whoever applied the file.

    The audit names people by their Slack id, so that a name can be erased.
    """

    def __init__(self, session: AsyncSession, workspace_id: int, now: datetime, actor: str) -> None:
        self.session = session
        self.workspace_id = workspace_id
        self.now = now
        self.names: Mapping[str, str] = {}
        """People's names by Slack id, for what is told."""
        self.changes: list[FieldChange] = []
        self.created: list[str] = []
        self._actor = actor

    def create(self, council: str) -> None:
        """Note a new council; what it consists of is audited, but not told one by one."""
        self.created.append(council)
        self._audit(council_subject(council), "created", None, council)

    def change(self, subject: str, field: str, old: Any, new: Any) -> None:
        """Note one change; nothing if there is none."""
        if old == new:
            return
        before, after = text_of(old), text_of(new)
        self._audit(subject, field, before, after)
        if subject not in map(council_subject, self.created):
            kind, space, name = subject.partition(" ")
            told = kind + space + self.names.get(name, name)
            self.changes.append(FieldChange(told, field, self._shown(before), self._shown(after)))

    def update(self, row: SQLModel, subject: str, wanted: Mapping[str, Any]) -> None:
        """Bring a row to what is wanted."""
        for field, new in wanted.items():
            old = getattr(row, field)
            if old != new:
                setattr(row, field, new)
                self.change(subject, field, old, new)

    def _shown(self, text: str | None) -> str:
        """The text with a name in place of the Slack id that it begins with."""
        first, space, rest = (text or "").partition(" ")
        return self.names.get(first, first) + space + rest

    def _audit(self, subject: str, field: str, old: str | None, new: str | None) -> None:
        entry = AuditEntry(
            workspace_id=self.workspace_id,
            at=self.now,
            actor=self._actor,
            subject=subject,
            field=field,
            old=old,
            new=new,
        )
        self.session.add(entry)


def council_subject(name: str) -> str:
    """What the audit calls a council."""
    return f"council {name}"


def text_of(value: Any) -> str | None:
    """A value as the audit has it."""
    if isinstance(value, list):
        return ", ".join(value)
    return None if value is None else str(value)
