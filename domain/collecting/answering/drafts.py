"""Drafts: what somebody has typed and not reported yet. Only its author ever sees one."""

from collections.abc import Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.values import Draft
from models import collecting as store
from models.collecting import ReportDraft


async def save_draft(
    session: AsyncSession, workspace_id: int, request_id: int, person_id: int, draft: Draft
) -> None:
    """Keep what was typed, in one statement; an empty form is no draft.

    What its author has reported meanwhile makes it void: it is not kept then.
    """
    if not is_worth_keeping(draft.typed):
        return
    row = ReportDraft(
        workspace_id=workspace_id,
        request_id=request_id,
        person_id=person_id,
        saved_at=draft.saved_at,
        source=draft.source,
        base_version=draft.base_version,
        typed=dict(draft.typed),
    )
    await store.store_draft(session, row)


async def draft_of(session: AsyncSession, request_id: int, person_id: int) -> Draft | None:
    """What somebody has typed for a request and not reported yet."""
    row = await store.draft_of(session, request_id, person_id)
    if row is None:
        return None
    return Draft(row.typed, row.source, row.saved_at, row.base_version)


async def drop_draft(session: AsyncSession, request_id: int, person_id: int) -> None:
    """Forget somebody's draft: it was reported, or is not wanted any more.

    A draft of somebody else for the same request stays: not a word of it is in the report.
    """
    await store.remove_draft(session, request_id, person_id)


def is_worth_keeping(typed: Mapping[str, str]) -> bool:
    """Whether anything was said at all; the phase alone says nothing."""
    return any(text.strip() for name, text in typed.items() if name != "phase")
