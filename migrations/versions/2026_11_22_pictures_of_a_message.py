"""pictures of a message

Slack's ids of what is uploaded for it, and whether something has to be uploaded first.

Revision ID: 7d2f2944a85f
Revises: 1bcb9dff44de
"""

import sqlalchemy as sa
from alembic import op


revision = "7d2f2944a85f"
down_revision = "1bcb9dff44de"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = sa.Column("picture_state", sa.String(), server_default="settled", nullable=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(state)
        batch_op.add_column(sa.Column("pictures", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("pictures")
        batch_op.drop_column("picture_state")
