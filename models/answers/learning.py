"""What the PMO learns from: questions in groups, proposed aliases, figures, whose week is told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.answers.tables import AliasProposal, Question, QuestionGroup, QuestionWeek
from models.portfolio import Person

REMEMBERED = 2_000
"""Of the questions that are sorted already, the newest that a new one is compared with."""


class ListedRow(NamedTuple):
    """A question on the list, and who asked it."""

    question: Question
    asker: Person


class ProposalRow(NamedTuple):
    """A proposal, and whose it is."""

    proposal: AliasProposal
    person: Person


async def unsorted(session: AsyncSession, workspace_id: int, limit: int) -> Sequence[Question]:
    """Some of the questions that are on the list and in no group yet, oldest first."""
    found = await session.exec(
        select(Question)
        .where(
            Question.workspace_id == workspace_id,
            col(Question.listed_at).is_not(None),
            col(Question.group_id).is_(None),
        )
        .order_by(col(Question.id))
        .limit(limit)
    )
    return found.all()


async def sorted_texts(session: AsyncSession, workspace_id: int) -> Sequence[tuple[int, str, str]]:
    """The group, words and repaired words of the newest questions that are in one."""
    found = await session.exec(
        select(Question.group_id, Question.text, Question.corrected)
        .where(
            Question.workspace_id == workspace_id,
            col(Question.group_id).is_not(None),
            Question.text != "",
        )
        .order_by(col(Question.id).desc())
        .limit(REMEMBERED)
    )
    return [(group_id or 0, text, corrected) for group_id, text, corrected in found.all()]


async def listed_rows(
    session: AsyncSession, workspace_id: int, since: datetime, group_id: int | None = None
) -> Sequence[ListedRow]:
    """The questions that came on the list since an instant and are sorted; those of one group."""
    statement = (
        select(Question, Person)
        .join(Person, col(Person.id) == Question.person_id)
        .where(
            Question.workspace_id == workspace_id,
            col(Question.listed_at) >= since,
            col(Question.group_id).is_not(None),
        )
        .order_by(col(Question.listed_at), col(Question.id))
    )
    if group_id is not None:
        statement = statement.where(Question.group_id == group_id)
    return [ListedRow(*row) for row in (await session.exec(statement)).all()]


async def groups_by_id(
    session: AsyncSession, workspace_id: int, ids: Collection[int]
) -> dict[int, QuestionGroup]:
    """Some groups."""
    found = await session.exec(
        select(QuestionGroup).where(
            QuestionGroup.workspace_id == workspace_id, col(QuestionGroup.id).in_(ids)
        )
    )
    return {each.pk: each for each in found.all()}


async def locked_group(
    session: AsyncSession, workspace_id: int, group_id: int
) -> QuestionGroup | None:
    """One group, for who does something about it."""
    found = await session.exec(
        select(QuestionGroup)
        .where(QuestionGroup.workspace_id == workspace_id, QuestionGroup.id == group_id)
        .with_for_update()
    )
    return found.first()


async def open_proposals(
    session: AsyncSession, workspace_id: int, group_ids: Collection[int] | None = None
) -> Sequence[ProposalRow]:
    """The proposals that the handbook has not taken, oldest first; those of some groups."""
    statement = (
        select(AliasProposal, Person)
        .join(Person, col(Person.id) == AliasProposal.person_id)
        .where(AliasProposal.workspace_id == workspace_id, col(AliasProposal.taken_at).is_(None))
        .order_by(col(AliasProposal.id))
    )
    if group_ids is not None:
        statement = statement.where(col(AliasProposal.group_id).in_(group_ids))
    return [ProposalRow(*row) for row in (await session.exec(statement)).all()]


async def proposal_like(
    session: AsyncSession, workspace_id: int, phrase_key: str, section_id: str
) -> ProposalRow | None:
    """The proposal of the same phrase for the same section, if there ever was one."""
    found = await session.exec(
        select(AliasProposal, Person)
        .join(Person, col(Person.id) == AliasProposal.person_id)
        .where(
            AliasProposal.workspace_id == workspace_id,
            AliasProposal.phrase_key == phrase_key,
            AliasProposal.section_id == section_id,
        )
    )
    row = found.first()
    return None if row is None else ProposalRow(*row)


async def proposal_by_id(
    session: AsyncSession, workspace_id: int, proposal_id: int
) -> AliasProposal | None:
    """One proposal."""
    found = await session.exec(
        select(AliasProposal).where(
            AliasProposal.workspace_id == workspace_id, AliasProposal.id == proposal_id
        )
    )
    return found.first()


async def weeks_of(session: AsyncSession, workspace_id: int) -> dict[int, QuestionWeek]:
    """Up to when each of the PMO was told, by person."""
    found = await session.exec(
        select(QuestionWeek).where(QuestionWeek.workspace_id == workspace_id)
    )
    return {each.person_id: each for each in found.all()}


async def sections_answered(
    session: AsyncSession, workspace_id: int, since: datetime, until: datetime
) -> dict[str, int]:
    """How often each section was shown, by its id."""
    found = await session.exec(
        select(Question.answered_id, func.count())
        .where(
            Question.workspace_id == workspace_id,
            Question.asked_at >= since,
            Question.asked_at < until,
            Question.answered_id != "",
        )
        .group_by(col(Question.answered_id))
    )
    return dict(found.all())


async def sections_used(session: AsyncSession, workspace_id: int, since: datetime) -> set[str]:
    """The ids of all sections that were shown or chosen since an instant."""
    found = await session.exec(
        select(Question.answered_id, Question.clicked_id)
        .where(
            Question.workspace_id == workspace_id,
            Question.asked_at >= since,
            or_(col(Question.answered_id) != "", col(Question.clicked_id) != ""),
        )
        .distinct()
    )
    return {each for row in found.all() for each in row if each}


async def oldest_question(session: AsyncSession, workspace_id: int) -> datetime | None:
    """When the first question was asked."""
    found = await session.exec(
        select(func.min(Question.asked_at)).where(Question.workspace_id == workspace_id)
    )
    return found.first()


async def counts_by_band(
    session: AsyncSession, workspace_id: int, since: datetime
) -> Sequence[tuple[str, bool | None, int]]:
    """How many questions were answered how surely, and found helpful or not."""
    found = await session.exec(
        select(Question.band, Question.helpful, func.count())
        .where(Question.workspace_id == workspace_id, Question.asked_at >= since)
        .group_by(Question.band, col(Question.helpful))
    )
    return [(band, helpful, count) for band, helpful, count in found.all()]


async def person_called(session: AsyncSession, workspace_id: int, word: str) -> Person | None:
    """Somebody by e-mail address or Slack id, as a section's `owner` has it."""
    found = await session.exec(
        select(Person).where(
            Person.workspace_id == workspace_id,
            or_(
                func.lower(Person.email) == word.strip().lower(),
                col(Person.slack_id) == word.strip(),
            ),
        )
    )
    return found.first()
