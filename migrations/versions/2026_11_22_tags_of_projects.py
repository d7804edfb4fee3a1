"""tags of projects

A column `tags` of the portfolio file was kept as a note until now: what stands there become tags.

Revision ID: 3de886edde17
Revises: b1d7c25e9f40
"""

import re

import sqlalchemy as sa
from alembic import op


revision = "3de886edde17"
down_revision = "b1d7c25e9f40"
branch_labels = None
depends_on = None

LONGEST, MOST = 40, 20

project = sa.table(
    "project",
    sa.column("id", sa.Integer),
    sa.column("notes", sa.JSON),
    sa.column("imported", sa.JSON),
    sa.column("tags", sa.JSON),
)


def upgrade() -> None:
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tags", sa.JSON(), server_default="[]", nullable=False))
    connection = op.get_bind()
    rows = connection.execute(sa.select(project.c.id, project.c.notes, project.c.imported)).all()
    for number, notes, imported in rows:
        tags = _tags("; ".join(text for name, text in notes.items() if _is_tags(name)))
        if tags and len(tags) <= MOST and all(len(each) <= LONGEST for each in tags):
            known = {**_others(imported), "tags": "; ".join(tags)}
            values = {"notes": _others(notes), "imported": known, "tags": tags}
            connection.execute(project.update().where(project.c.id == number).values(values))


def _is_tags(name: str) -> bool:
    return name.strip().casefold() == "tags"


def _others(words: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if not _is_tags(name)}


def _tags(text: str) -> list[str]:
    parts = (" ".join(part.split()).lower() for part in re.split("[;,]", text))
    return sorted({part for part in parts if part})


def downgrade() -> None:
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("tags")
