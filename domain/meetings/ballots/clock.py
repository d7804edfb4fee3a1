"""The clock's side of votes out of cycle: reminds once, and closes at the end of the window."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from domain.digests.setbacks.trying import Setbacks
from domain.logs.record import viewer_of
from domain.meetings.access import seen_by
from domain.meetings.ballots.loading import (
    Ground,
    can_vote,
    ground_of,
    is_hidden,
    is_seen,
    result_now,
)
from domain.meetings.ballots.messages import BallotResult
from domain.meetings.ballots.noting import CLOCK, audit
from domain.meetings.ballots.papers import Papers
from domain.meetings.ballots.rules import by_name, in_words
from domain.meetings.ballots.values import Result
from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Decided
from models.base import Database
from models.enums import BallotState, Composing, Method
from models.meetings.ballots import (
    VoterRow,
    ballot_by_id,
    ballot_to_look_at,
    forget_tallies,
)
from models.portfolio import Person, lock_council, lock_planning, members_of_council


class BallotClock:
    """Looks at each ballot when something of it is due."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._setbacks = Setbacks(database, workspace_id)

    async def tend(self, now: datetime) -> bool:
        """Remind of one ballot, or close one; tell whether there was one."""
        async with self._database.reading() as session:
            found = await ballot_to_look_at(session, self._workspace_id, now)
        if found is None:
            return False
        async with (
            self._setbacks.trying(Composing.BALLOT, now) as attempt,
            self._database.writing() as session,
        ):
            await lock_planning(session, self._workspace_id)  # a decision changes what is asked
            await attempt.of(session, found)
            ballot = await ballot_by_id(session, self._workspace_id, found)
            if ballot is not None:
                await lock_council(session, ballot.council_id)
                ground = await ground_of(session, self._workspace_id, found, locked=True)
                await self._look(session, ground, now)
        return True

    async def _look(self, session: AsyncSession, ground: Ground, now: datetime) -> None:
        ballot = ground.ballot
        if ballot.state is not BallotState.OPEN:
            ballot.next_at = None  # another replica was faster, or it was cancelled
        elif now >= ballot.closes_at:
            await self._close(session, ground, now)
        else:
            await self._remind(session, ground, now)

    async def _remind(self, session: AsyncSession, ground: Ground, now: datetime) -> None:
        papers = Papers(session, self._outbox, ground, now)
        for row in ground.voters:
            if row.voter.voted_at is None and can_vote(row):
                row.voter.reminded_at = now
                await self._remind_of(papers, row)
        ground.ballot.next_at = ground.ballot.closes_at

    async def _remind_of(self, papers: Papers, row: VoterRow) -> None:
        delegate = row.delegate
        if delegate is None or await self._can_cast(papers, delegate):
            await papers.remind(row)
            return
        # Nobody would cast it: it goes back to its member, who is told so instead.
        row.voter.delegate_id = None
        audit(papers.session, papers.ground, CLOCK, papers.now, ("delegate", delegate.name, ""))
        await papers.session.flush()
        back = row._replace(delegate=None)
        await papers.renew(back)
        await papers.give_back(back)

    async def _can_cast(self, papers: Papers, delegate: Person) -> bool:
        """Whether somebody who took a vote is still there, and may still know of its project."""
        if delegate.is_gone or delegate.is_guest:
            return False
        viewer = await viewer_of(papers.session, delegate)
        return is_seen(papers.ground, await seen_by(papers.session, self._workspace_id, viewer))

    async def _close(self, session: AsyncSession, ground: Ground, now: datetime) -> None:
        """Count what was cast within the window, however late it is by now."""
        ballot = ground.ballot
        ballot.seats = ground.seats
        result = await result_now(session, ground)
        ballot.state, ballot.verdict = BallotState.CLOSED, result.verdict
        ballot.closed_at, ballot.next_at = now, None
        ballot.revision += 1
        if ballot.is_secret and not result.shares:
            await forget_tallies(session, ballot.pk)
        audit(session, ground, CLOCK, now, ("closed", "", in_words(result)))
        await session.flush()
        decision = await self._decide(session, ground, result)
        await self._tell(session, ground, result, decision, now)
        papers = Papers(session, self._outbox, ground, now)
        for row in ground.voters:
            await papers.renew(row, result=result)

    async def _decide(self, session: AsyncSession, ground: Ground, result: Result) -> str:
        """Record what was decided, as of the window's end; empty if nothing was."""
        if result.outcome is None:
            return ""
        ballot = ground.ballot
        decided = Decided(
            question=ballot.question,
            outcome=result.outcome,
            method=Method.VOTE,
            options=tuple(ballot.options),
            chosen=result.chosen,
            reason=in_words(result),
            votes_for=result.votes_for,
            votes_against=result.votes_against,
            abstained=result.abstained.count,
            voted_by_name=by_name(result),
            dissent=", ".join(result.dissent),
            project_id=ballot.project_id,
            log_entry_id=ballot.log_entry_id,
            ballot_id=ballot.pk,
            effective_on=ballot.closes_at.astimezone(ground.zone).date(),
        )
        made = await record_decision(session, ground.council, decided, None, ballot.closes_at)
        return f"D-{made.number}"

    async def _tell(
        self,
        session: AsyncSession,
        ground: Ground,
        result: Result,
        decision: str,
        now: datetime,
    ) -> None:
        """Tell the channel; members alone, where not everybody there may know of it."""
        hidden = await is_hidden(session, ground)
        # The channel gets no number: a missing one would tell of what is restricted.
        number = decision if hidden else ""
        told = BallotResult(ground.asked, result, now, number, is_private=hidden)
        key = f"ballot:{ground.ballot.pk}:result"
        if not hidden:
            to = Place.channel(ground.council.channel_id)
            await self._outbox.say(session, told, to=to, key=key, now=now)
            return
        readers = await self._who_may_know(session, ground)
        letters = [Letter(told, Place.person(each), f"{key}:{each}") for each in readers]
        await self._outbox.say_each(session, letters, now)

    async def _who_may_know(self, session: AsyncSession, ground: Ground) -> list[int]:
        """The council's members and who opened the vote, as far as it exists for them."""
        members = [person for _, person in await members_of_council(session, ground.council.pk)]
        people = {each.pk: each for each in (*members, ground.opener)}
        found = []
        for person in people.values():
            viewer = await viewer_of(session, person)
            if is_seen(ground, await seen_by(session, self._workspace_id, viewer)):
                found.append(person.pk)
        return found
