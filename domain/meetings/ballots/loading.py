"""Loads one ballot with everything that decides about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days, zone_of
from domain.calendar.rules import WorkingDays
from domain.errors import NotFoundError
from domain.meetings.access import Seen
from domain.meetings.ballots.messages import Question
from domain.meetings.ballots.rules import Box, result_of
from domain.meetings.ballots.values import Result
from domain.meetings.calendar_out.rules import open_text, secrets_in
from domain.portfolio.configuration import Meetings, OutOfCycle, WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from models.enums import Visibility
from models.logs import LogEntry
from models.meetings.ballots import (
    Ballot,
    VoterRow,
    ballot_by_id,
    tallies_of,
    voter_rows_of,
)
from models.meetings.queries import restricted_names
from models.portfolio import Council, Person, Project

NO_BALLOT = "There is no such vote any more. `/project vote` shows those that are open."


@dataclass(frozen=True)
class Ground:
    """A ballot, its council, what it is about, and who votes."""

    ballot: Ballot
    council: Council
    configuration: WorkspaceConfiguration
    voters: Sequence[VoterRow]
    opener: Person
    project: Project | None
    entry: LogEntry | None

    @property
    def zone(self) -> ZoneInfo:
        """In which the council's wall times count."""
        return zone_of(self.council.timezone, self.configuration)

    @property
    def working(self) -> WorkingDays:
        """The days on which people work."""
        return working_days(self.configuration)

    @property
    def asked(self) -> Question:
        """What is voted on, as everybody who may know of it reads it."""
        return Question(
            ballot_id=self.ballot.pk,
            council=self.council.name,
            question=self.ballot.question,
            text=self.ballot.text,
            options=tuple(self.ballot.options),
            is_secret=self.ballot.is_secret,
            opened_by=self.opener.name,
            closes_at=self.ballot.closes_at,
            timezone=self.zone.key,
            code=self.project.code if self.project else "",
            project=self.project.name if self.project else "",
            needed=self.entry.title if self.entry else "",
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """All that somebody wrote in it."""
        return (self.ballot.question, self.ballot.text, *self.ballot.options)

    @property
    def seats(self) -> int:
        """How many can vote: who has left the council without having voted cannot."""
        return sum(can_vote(row) or row.voter.voted_at is not None for row in self.voters)

    @property
    def cast(self) -> int:
        """How many have voted."""
        return sum(row.voter.voted_at is not None for row in self.voters)

    def voter(self, member_id: int) -> VoterRow | None:
        """The vote of a member; None if they were not asked."""
        found = (row for row in self.voters if row.voter.person_id == member_id)
        return next(found, None)


def can_vote(row: VoterRow) -> bool:
    """Whether somebody still has the seat that they were asked on."""
    return row.seat is not None and not row.person.is_gone and not row.person.is_guest


async def ground_of(
    session: AsyncSession, workspace_id: int, ballot_id: int, *, locked: bool = False
) -> Ground:
    """Load a ballot with what belongs to it; locked, if it is about to be changed.

    Raises:
        NotFoundError: there is none.
    """
    ballot = await ballot_by_id(session, workspace_id, ballot_id, locked=locked)
    if ballot is None:
        raise NotFoundError(NO_BALLOT)
    return Ground(
        ballot=ballot,
        council=await session.get_one(Council, ballot.council_id),
        configuration=await load_configuration(session, workspace_id),
        voters=await voter_rows_of(session, ballot),
        opener=await session.get_one(Person, ballot.opened_by_id),
        project=await session.get(Project, ballot.project_id) if ballot.project_id else None,
        entry=await session.get(LogEntry, ballot.log_entry_id) if ballot.log_entry_id else None,
    )


def settings_of(configuration: WorkspaceConfiguration, council: Council) -> Meetings | None:
    """What the configuration says about a council's meetings."""
    named = (each.meetings for each in configuration.councils if each.name == council.name)
    return next(named, None)


def terms_of(configuration: WorkspaceConfiguration, council: Council) -> OutOfCycle | None:
    """What it says about votes out of cycle; None: there are none."""
    settings = settings_of(configuration, council)
    return settings.out_of_cycle if settings else None


async def result_now(session: AsyncSession, ground: Ground) -> Result:
    """What the votes come to; only to be told once the vote is closed."""
    ballot = ground.ballot
    votes: Mapping[str, Sequence[str]] | Mapping[str, int] = _by_choice(ground.voters)
    if ballot.is_secret:
        votes = await tallies_of(session, ballot.pk)
    hands = {row.voter.voted_by_id for row in ground.voters if row.voter.voted_at}
    seats = ballot.seats or ground.seats
    box = Box(votes, ground.cast, seats, ballot.is_secret, len(hands))
    return result_of(ballot.options, box, ballot.quorum)


def _by_choice(voters: Sequence[VoterRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in voters:
        if row.voter.voted_at is not None and row.voter.choice is not None:
            found.setdefault(row.voter.choice, []).append(row.person.name)
    return found


async def is_hidden(session: AsyncSession, ground: Ground) -> bool:
    """Whether not everybody in the council's channel may know of it."""
    if ground.project is not None and ground.project.visibility is Visibility.RESTRICTED:
        return True
    names = await restricted_names(session, ground.council.workspace_id)
    secret = secrets_in(word for pair in names for word in pair)
    return any(open_text(each, secret) != each for each in ground.texts)


def is_seen(ground: Ground, seen: Seen) -> bool:
    """Whether what is voted on exists for somebody."""
    is_known = ground.project is None or ground.project.pk in seen.projects
    return is_known and all(seen.open_text(each) == each for each in ground.texts)
