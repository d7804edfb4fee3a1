"""Builds what is shown of actions: in messages, in windows, on the cards of decisions."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.logs.record import entry_of
from domain.meetings.actions.messages import ActionLine
from models import logs as store
from models.logs import EntryRow
from models.meetings.actions import LinkRow, decisions_behind, moves_of


class Lines:
    """Some actions, read with all that is shown of them."""

    def __init__(
        self,
        rows: Mapping[int, EntryRow],
        moves: Mapping[int, int],
        behind: Mapping[int, LinkRow],
    ) -> None:
        self.rows = rows
        self._moves = moves
        self._behind = behind

    @classmethod
    async def load(
        cls, session: AsyncSession, workspace_id: int, entry_ids: Collection[int]
    ) -> "Lines":
        """Read some actions, by their numbers; four statements for any number of them."""
        return cls(
            await store.entry_rows_by_id(session, workspace_id, entry_ids),
            await moves_of(session, entry_ids),
            await decisions_behind(session, entry_ids),
        )

    def line(self, entry_id: int, reader_id: int | None = None) -> ActionLine:
        """One action, for a reader; without one, for anybody."""
        row = self.rows[entry_id]
        entry = entry_of(row, date.min)
        behind = self._behind.get(entry_id)
        is_moved = entry.baseline_on != entry.due_on
        return ActionLine(
            entry_id=entry_id,
            ref=entry.ref,
            place=entry.place,
            title=entry.title,
            text=entry.text,
            due_on=entry.due_on,
            first_due_on=entry.baseline_on if is_moved else None,
            moves=self._moves.get(entry_id, 0),
            state=entry.state,
            note=entry.note,
            owner=entry.owner.name if entry.owner else entry.owner_name,
            is_theirs=reader_id is None or row.entry.owner_id == reader_id,
            decision=f"D-{behind.decision.number}" if behind else "",
            is_condition=behind is not None and behind.link.is_condition,
        )
