"""what digests have told

Revision ID: 1bcb9dff44de
Revises: 3de886edde17
"""

import sqlalchemy as sa
from alembic import op

revision = "1bcb9dff44de"
down_revision = "3de886edde17"
branch_labels = None
depends_on = None

_TOLD = """
    UPDATE status_request SET told =
        (SELECT visibility FROM project WHERE project.id = status_request.project_id)
    WHERE cycle_id IN (SELECT cycle_id FROM digest)
"""
"""What was told to whom was not kept before: the visibility of today is the best guess."""


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trouble", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("digest_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts", sa.JSON(), nullable=True))
    with op.batch_alter_table("status_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.String(), nullable=True))
    op.execute(sa.text(_TOLD))


def downgrade() -> None:
    with op.batch_alter_table("status_request", schema=None) as batch_op:
        batch_op.drop_column("told")
    with op.batch_alter_table("digest_version", schema=None) as batch_op:
        batch_op.drop_column("facts")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("trouble")
