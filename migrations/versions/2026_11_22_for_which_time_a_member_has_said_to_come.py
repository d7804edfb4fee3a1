"""for which time a member has said to come

Revision ID: 3728a5870892
Revises: 4250f6cccadd
"""

import sqlalchemy as sa
from alembic import op

revision = "3728a5870892"
down_revision = "4250f6cccadd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said_for", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_column("said_for")
