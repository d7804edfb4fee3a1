"""reminders of what was asked before

What was asked before there were reminders is reminded of, too, and so is what its council asks from
now on: at the step that is the default since. Where it lies in the past the next tick reminds, at
an hour at which the person may be written to.

Revision ID: b1d7c25e9f40
Revises: 30936f67b384
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op


revision = "b1d7c25e9f40"
down_revision = "30936f67b384"
branch_labels = None
depends_on = None

_SHARE = 0.8
"""Of the window from ask to cut-off: the default of `remind_after`."""

_UNPLANNED = sa.text(
    """
    SELECT status_request.id, status_request.ask_at, cycle.cut_off_at
    FROM status_request JOIN cycle ON cycle.id = status_request.cycle_id
    WHERE status_request.state = 'asked' AND cycle.state = 'open'
      AND status_request.remind_at IS NULL AND status_request.reminders = 0
      AND status_request.reminded_under IS NULL AND status_request.snoozed_until IS NULL
    """
).columns(
    sa.column("id", sa.Integer()),
    sa.column("ask_at", sa.DateTime(timezone=True)),
    sa.column("cut_off_at", sa.DateTime(timezone=True)),
)

_PLANNED = sa.text("UPDATE status_request SET remind_at = :remind_at WHERE id = :id").bindparams(
    sa.bindparam("remind_at", type_=sa.DateTime(timezone=True))
)


def upgrade() -> None:
    # The default was no step, which nothing heeded; a file that wants none is applied once more.
    op.execute(
        """
        UPDATE reporting_calendar SET remind_after = '["80%"]'
        WHERE CAST(remind_after AS VARCHAR) = '[]'
        """
    )
    connection = op.get_bind()
    for number, ask_at, cut_off_at in connection.execute(_UNPLANNED).all():
        remind_at = _instant(ask_at, cut_off_at)
        connection.execute(_PLANNED, {"id": number, "remind_at": remind_at})


def _instant(ask_at: datetime, cut_off_at: datetime) -> datetime:
    return ask_at + (cut_off_at - ask_at) * _SHARE


def downgrade() -> None:
    """Nothing: what was planned goes with its columns, and the version before heeds no step."""
