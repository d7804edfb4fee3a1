"""cycles by occurrence

A cycle is known by the date of its rule (or of its meeting), and a request by the day on which its
person is asked; both were the nominal ask day until now.

Revision ID: 8a9d9ed32143
Revises: 550b1c767e4f
"""

import sqlalchemy as sa
from alembic import op


revision = "8a9d9ed32143"
down_revision = "550b1c767e4f"
branch_labels = None
depends_on = None

_SQLITE_NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}
"""SQLite's constraints have no names of their own; while it is rebuilt a table needs them."""


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("cycle", sa.Column("occurrence_on", sa.Date(), nullable=True))
    op.execute("UPDATE cycle SET occurrence_on = opens_on")
    with op.batch_alter_table("cycle", naming_convention=_SQLITE_NAMES) as batch_op:
        batch_op.drop_constraint(
            "uq_cycle_council_id_opens_on" if on_sqlite else "cycle_council_id_opens_on_key",
            type_="unique",
        )
        batch_op.alter_column("occurrence_on", existing_type=sa.Date(), nullable=False)
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        batch_op.create_unique_constraint(
            "cycle_council_id_occurrence_on_key", ["council_id", "occurrence_on"]
        )
    op.add_column("status_request", sa.Column("asks_on", sa.Date(), nullable=True))
    op.execute("UPDATE status_request SET asks_on = opens_on")
    with op.batch_alter_table("status_request") as batch_op:
        batch_op.alter_column("asks_on", existing_type=sa.Date(), nullable=False)
        batch_op.drop_index("ix_status_request_person")
        batch_op.create_index("ix_status_request_person", ["person_id", "asks_on"], unique=False)


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("status_request") as batch_op:
        batch_op.drop_index("ix_status_request_person")
        batch_op.create_index("ix_status_request_person", ["person_id", "opens_on"], unique=False)
        batch_op.drop_column("asks_on")
    with op.batch_alter_table("cycle", naming_convention=_SQLITE_NAMES) as batch_op:
        batch_op.drop_constraint("cycle_council_id_occurrence_on_key", type_="unique")
        batch_op.drop_column("reason")
        batch_op.drop_column("occurrence_on")
        batch_op.create_unique_constraint(
            "uq_cycle_council_id_opens_on" if on_sqlite else "cycle_council_id_opens_on_key",
            ["council_id", "opens_on"],
        )
