"""Votes out of cycle: who is asked, who has voted, and, if they are open, what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import JSON, Column, Index, UniqueConstraint, case, delete, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.base import EnumText, Row
from models.digests.setbacks import is_not_put_off
from models.enums import BallotState, Composing, Verdict
from models.portfolio import CouncilMember, Person


class Ballot(Row, table=True):
    """A question that a council decides by direct messages, within a window."""

    __table_args__ = (Index("ix_ballot_next_at", "workspace_id", "next_at"),)

    council_id: int = Field(foreign_key="council.id", index=True)
    project_id: int | None = Field(default=None, foreign_key="project.id")
    log_entry_id: int | None = Field(default=None, foreign_key="log_entry.id")
    """The project's decision needed that it is to settle."""
    question: str
    text: str = ""
    """What there is to know before one votes."""
    options: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    """Beside them one may always abstain."""
    is_secret: bool = False
    """Then nobody, and no row, knows what somebody has voted."""
    quorum: str
    """The rule that held when it was opened, as the configuration writes it."""
    state: BallotState = Field(
        default=BallotState.OPEN, sa_column=Column(EnumText(BallotState), nullable=False)
    )
    opened_by_id: int = Field(foreign_key="person.id")
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None
    next_at: datetime | None = None
    """When the clock looks at it next: to remind, or to close it."""
    verdict: Verdict | None = Field(
        default=None, sa_column=Column(EnumText(Verdict), nullable=True)
    )
    """What came of it, once it is closed."""
    seats: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many could have voted at its end; what the quorum was counted from."""
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was cancelled."""
    noted_meeting_id: int | None = Field(default=None, foreign_key="meeting.id")
    """The meeting that took note of the result."""
    revision: int = 1


class BallotVoter(Row, table=True):
    """One voting member of a ballot."""

    __tablename__ = "ballot_voter"
    __table_args__ = (UniqueConstraint("ballot_id", "person_id"),)

    ballot_id: int = Field(foreign_key="ballot.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    delegate_id: int | None = Field(default=None, foreign_key="person.id")
    """Who votes instead."""
    voted_at: datetime | None = None
    voted_by_id: int | None = Field(default=None, foreign_key="person.id")
    choice: str | None = None
    """Of an open ballot, empty for who abstains; NULL in a secret one."""
    reminded_at: datetime | None = None


class BallotTally(Row, table=True):
    """How many of a secret ballot have chosen something; nothing tells who."""

    __tablename__ = "ballot_tally"
    __table_args__ = (UniqueConstraint("ballot_id", "choice"),)

    ballot_id: int = Field(foreign_key="ballot.id")
    choice: str
    """Empty for who abstains. All rows are there from the beginning: their order tells nothing."""
    count: int = 0


class VoterRow(NamedTuple):
    """A voting member of a ballot, with who votes instead and whether they still sit there."""

    voter: BallotVoter
    person: Person
    delegate: Person | None
    seat: CouncilMember | None
    """None: they have left the council."""


async def ballot_by_id(
    session: AsyncSession, workspace_id: int, ballot_id: int, *, locked: bool = False
) -> Ballot | None:
    """The ballot of a number, as buttons carry it; locked, if it is about to be changed."""
    statement = select(Ballot).where(Ballot.workspace_id == workspace_id, Ballot.id == ballot_id)
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).first()


async def voter_rows_of(session: AsyncSession, ballot: Ballot) -> list[VoterRow]:
    """Who was asked to vote, by their names."""
    delegate = aliased(Person)
    statement = (
        select(BallotVoter, Person, delegate, CouncilMember)
        .join(Person, col(Person.id) == BallotVoter.person_id)
        .outerjoin(delegate, col(delegate.id) == BallotVoter.delegate_id)
        .outerjoin(
            CouncilMember,
            (col(CouncilMember.person_id) == Person.id)
            & (col(CouncilMember.council_id) == ballot.council_id)
            & col(CouncilMember.voting).is_(True),
        )
        .where(BallotVoter.ballot_id == ballot.pk)
        .order_by(col(Person.name), col(Person.id))
    )
    return [VoterRow(*row) for row in (await session.exec(statement)).all()]


async def count_in_secret(session: AsyncSession, ballot_id: int, choice: str) -> None:
    """Count one secret vote.

    All rows are written, whatever was chosen: PostgreSQL keeps in each row which transaction wrote
    it last, and the one that counted a vote has written the voter's row, too.
    """
    more = case((col(BallotTally.choice) == choice, 1), else_=0)
    await session.exec(
        update(BallotTally)
        .where(col(BallotTally.ballot_id) == ballot_id)
        .values(count=col(BallotTally.count) + more)
    )


async def tallies_of(session: AsyncSession, ballot_id: int) -> dict[str, int]:
    """How often each option of a secret ballot was chosen."""
    found = await session.exec(select(BallotTally).where(BallotTally.ballot_id == ballot_id))
    return {each.choice: each.count for each in found.all()}


async def forget_tallies(session: AsyncSession, ballot_id: int) -> None:
    """Forget what was chosen, where a count would tell who chose it."""
    await session.exec(delete(BallotTally).where(col(BallotTally.ballot_id) == ballot_id))


async def ballot_to_look_at(session: AsyncSession, workspace_id: int, now: datetime) -> int | None:
    """The ballot that the clock is to remind of or to close first; None if there is none."""
    found = await session.exec(
        select(Ballot.id)
        .where(
            Ballot.workspace_id == workspace_id,
            col(Ballot.next_at) <= now,
            is_not_put_off(Composing.BALLOT, col(Ballot.id), now),
        )
        .order_by(col(Ballot.next_at), col(Ballot.id))
        .limit(1)
    )
    return found.first()


async def ballots_since(
    session: AsyncSession, workspace_id: int, council_ids: Collection[int], since: datetime
) -> Sequence[Ballot]:
    """The open ballots of some councils and those that ended after an instant, newest first."""
    found = await session.exec(
        select(Ballot)
        .where(
            Ballot.workspace_id == workspace_id,
            col(Ballot.council_id).in_(council_ids),
            or_(col(Ballot.state) == BallotState.OPEN, col(Ballot.closed_at) > since),
        )
        .order_by(col(Ballot.opened_at).desc(), col(Ballot.id).desc())
    )
    return found.all()


async def unnoted_ballots(session: AsyncSession, council_id: int) -> Sequence[Ballot]:
    """The closed ballots of a council that no meeting has taken note of, oldest first."""
    found = await session.exec(
        select(Ballot)
        .where(
            Ballot.council_id == council_id,
            Ballot.state == BallotState.CLOSED,
            col(Ballot.noted_meeting_id).is_(None),
        )
        .order_by(col(Ballot.closed_at), col(Ballot.id))
    )
    return found.all()
