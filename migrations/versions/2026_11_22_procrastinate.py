"""procrastinate

On PostgreSQL only: the tables and functions of procrastinate 3.10.0, word for word its own
`schema.sql` (MIT licence). A newer procrastinate may bring migrations of its own: then each of them
becomes a revision like this one.

Revision ID: 3c1f0c5a9e77
Revises: f1127314d4eb
"""

from pathlib import Path

from alembic import op


revision = "3c1f0c5a9e77"
down_revision = "f1127314d4eb"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parents[1] / "procrastinate_3_10_0.sql"

DROP = r"""
DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs, procrastinate_workers CASCADE;
DO $$
DECLARE
    each regprocedure;
BEGIN
    FOR each IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || each;
    END LOOP;
END;
$$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(DROP)


def _run(script: str) -> None:
    """By the driver itself: SQLAlchemy would take the percent signs in it for parameters."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(script)
    cursor.close()
