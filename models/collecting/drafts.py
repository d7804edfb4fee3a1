"""Queries about drafts: what somebody has typed and not reported yet."""

from datetime import datetime
from types import ModuleType
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, and_, cast, delete, exists, func, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.collecting.tables import ReportDraft, StatusReport
from models.enums import DraftSource

_KEY: Final = ("request_id", "person_id")
_REPLACED: Final = ("saved_at", "source", "base_version")


async def store_draft(session: AsyncSession, draft: ReportDraft) -> None:
    """Keep a draft in the place of its author's last one for the request, in one statement.

    What the form does not show just now stays as it was typed before; a draft that was written in
    free text is whole by itself. Two things that Slack handed over may arrive in the other order:
    an older draft never takes the place of a newer one, and none comes back after its author's
    report.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table: Any = ReportDraft.__table__  # type: ignore[attr-defined]
    values = draft.model_dump(exclude={"id"})
    row = select(*(literal(value, table.c[name].type) for name, value in values.items())).where(
        ~_is_reported(draft)
    )
    insert = dialect.insert(ReportDraft).from_select(list(values), row)
    await session.exec(
        insert.on_conflict_do_update(
            index_elements=_KEY,
            set_={
                **{name: insert.excluded[name] for name in _REPLACED},
                "typed": _typed(draft, insert.excluded.typed, dialect),
            },
            where=col(ReportDraft.saved_at) <= insert.excluded.saved_at,
        )
    )


def _typed(draft: ReportDraft, new: ColumnElement[Any], dialect: ModuleType) -> Any:
    """The fields of a draft over those that are kept."""
    kept = col(ReportDraft.typed)
    if draft.source is DraftSource.TEXT:
        return new
    if dialect is sqlite:
        return func.json_patch(kept, new)
    return cast(cast(kept, postgresql.JSONB).op("||")(cast(new, postgresql.JSONB)), JSON)


def _is_reported(draft: ReportDraft) -> ColumnElement[bool]:
    """The condition that the author has reported since the draft was begun."""
    return exists().where(
        and_(
            col(StatusReport.request_id) == draft.request_id,
            col(StatusReport.author_id) == draft.person_id,
            col(StatusReport.version) > draft.base_version,
        )
    )


async def draft_of(session: AsyncSession, request_id: int, person_id: int) -> ReportDraft | None:
    """What somebody has typed for a request and not reported yet."""
    found = await session.exec(
        select(ReportDraft).where(
            ReportDraft.request_id == request_id, ReportDraft.person_id == person_id
        )
    )
    return found.first()


async def remove_draft(session: AsyncSession, request_id: int, person_id: int) -> None:
    """Forget what somebody has typed for a request."""
    await session.exec(
        delete(ReportDraft).where(
            col(ReportDraft.request_id) == request_id, col(ReportDraft.person_id) == person_id
        )
    )


async def purge_drafts(session: AsyncSession, workspace_id: int, before: datetime) -> int:
    """Forget all drafts that nobody has touched since an instant; how many they were."""
    removed = await session.exec(
        delete(ReportDraft).where(
            col(ReportDraft.workspace_id) == workspace_id, col(ReportDraft.saved_at) < before
        )
    )
    return removed.rowcount
