"""Aliases that the PMO proposes: kept until they stand in the handbook, which people change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.learning.rules import in_handbook, phrase_key
from domain.answers.learning.values import ENDED, Proposed
from domain.answers.values import Handbook, Section
from domain.portfolio.values import Viewer
from models.answers import learning as store
from models.answers.learning import ProposalRow
from models.answers.tables import AliasProposal
from models.base import Database
from models.enums import GroupState
from models.portfolio import AuditEntry


async def taken_by(
    session: AsyncSession, workspace_id: int, handbook: Handbook
) -> Sequence[AliasProposal]:
    """The open proposals that stand in the handbook by now."""
    rows = await store.open_proposals(session, workspace_id)
    return [
        row.proposal
        for row in rows
        if in_handbook(row.proposal.phrase, row.proposal.section_id, handbook)
    ]


async def take_from_handbook(
    session: AsyncSession, workspace_id: int, handbook: Handbook, now: datetime
) -> int:
    """Note which proposals the handbook has taken, and end their groups; how many."""
    taken = await taken_by(session, workspace_id, handbook)
    for each in taken:
        await take(session, each, "pmobot", now)
    return len(taken)


async def take(session: AsyncSession, proposal: AliasProposal, actor: str, now: datetime) -> None:
    """Note that a proposal was taken: its group is ended, unless it was already."""
    proposal.taken_at = now
    audit(session, proposal.workspace_id, now, (actor, f"alias proposal {proposal.pk}", "taken"))
    if proposal.group_id is None:
        return
    group = await store.locked_group(session, proposal.workspace_id, proposal.group_id)
    if group is not None and group.state not in ENDED:
        group.state, group.state_at, group.state_by_id = GroupState.NAMED, now, None
        group.acts += 1


async def keep_proposal(
    session: AsyncSession,
    viewer: Viewer,
    wanted: tuple[int, str, Section],
    workspace_id: int,
    now: datetime,
) -> Proposed:
    """Keep a phrase that a section be found by, for a group; again it changes nothing.

    Args:
        session: the transaction.
        viewer: who proposes it.
        wanted: the group's number, the phrase, the section.
        workspace_id: where.
        now: this instant.
    """
    group_id, phrase, section = wanted
    known = await store.proposal_like(session, workspace_id, phrase_key(phrase), section.id)
    if known is not None and known.proposal.taken_at is None:
        return replace(proposed(known, section), is_new=False)
    row = known.proposal if known else None
    if row is None:
        row = AliasProposal(
            workspace_id=workspace_id,
            phrase_key=phrase_key(phrase),
            phrase=phrase,
            section_id=section.id,
            file="",
            line=0,
            person_id=viewer.person_id,
            proposed_at=now,
        )
        session.add(row)
    row.group_id, row.phrase, row.person_id = group_id, phrase, viewer.person_id
    row.proposed_at, row.taken_at = now, None
    row.file, row.line = section.file, section.line
    await session.flush()
    audit(
        session,
        workspace_id,
        now,
        (viewer.slack_id, f"alias proposal {row.pk}", "proposed"),
        new=section.id,
    )
    return Proposed(
        row.pk,
        phrase,
        section.id,
        section.title,
        section.file,
        section.line,
        viewer.name,
        now.date(),
    )


def proposed(row: ProposalRow, section: Section | None) -> Proposed:
    """A stored proposal; where the section stands now, or stood then."""
    proposal = row.proposal
    return Proposed(
        proposal_id=proposal.pk,
        phrase=proposal.phrase,
        section_id=proposal.section_id,
        title=section.title if section else "",
        file=section.file if section else proposal.file,
        line=section.line if section else proposal.line,
        by=row.person.name,
        on=proposal.proposed_at.date(),
    )


async def list_open(
    database: Database, workspace_id: int, handbook: Handbook, now: datetime
) -> list[Proposed]:
    """The proposals that wait; those that stand in the handbook by now are noted as taken."""
    async with database.writing() as session:
        await take_from_handbook(session, workspace_id, handbook, now)
        await session.flush()
        rows = await store.open_proposals(session, workspace_id)
        return [proposed(row, handbook.sections.get(row.proposal.section_id)) for row in rows]


async def mark_taken(
    database: Database, workspace_id: int, proposal_id: int, now: datetime
) -> bool:
    """Note that somebody has dealt with a proposal; False if there is none that waits."""
    async with database.writing() as session:
        found = await store.proposal_by_id(session, workspace_id, proposal_id)
        if found is None or found.taken_at is not None:
            return False
        await take(session, found, "pmobot knowledge proposals", now)
        return True


def audit(
    session: AsyncSession,
    workspace_id: int,
    now: datetime,
    what: tuple[str, str, str],
    old: str | None = None,
    new: str | None = None,
) -> None:
    """Note who did what about questions; never their words.

    Args:
        session: the transaction.
        workspace_id: where.
        now: when.
        what: who, of what, and which field of it.
        old: what it was.
        new: what it is.
    """
    actor, subject, field = what
    entry = AuditEntry(
        workspace_id=workspace_id,
        at=now,
        actor=actor,
        subject=subject,
        field=field,
        old=old,
        new=new,
    )
    session.add(entry)
