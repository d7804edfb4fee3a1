"""Alembic's entry: works on the connection that `bot.schema` hands it, and reads no file."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel import SQLModel

import models.answers
import models.calendar
import models.collecting
import models.delivery
import models.digests
import models.digests.following
import models.health
import models.inbox
import models.inquiries
import models.logs
import models.meetings
import models.portfolio
from models.base import EnumText


def _render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Keep migrations free of this project's own types and of sqlmodel's."""
    if kind == "type" and isinstance(item, EnumText):
        return "sa.String()"
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        return "sa.DateTime(timezone=True)" if "DateTime" in type(item).__name__ else "sa.String()"
    return False


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave procrastinate's own tables out of every comparison: `models` does not know them."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_item=_render_item,
    include_name=_is_ours,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
