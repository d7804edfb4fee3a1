"""What was reported, until the turns of the projects' followers know of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import Row


class ReportNews(Row, table=True):
    """A report that came in; a row of its own, so that two answers never wait for each other."""

    __tablename__ = "report_news"

    project_id: int = Field(foreign_key="project.id")
    reported_at: datetime


async def oldest_news(session: AsyncSession, workspace_id: int, limit: int) -> Sequence[ReportNews]:
    """The first of what nobody has looked at yet, locked; what others look at is left out."""
    found = await session.exec(
        select(ReportNews)
        .where(ReportNews.workspace_id == workspace_id)
        .order_by(col(ReportNews.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()
