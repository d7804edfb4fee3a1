"""The voters' side: votes, hands them to others and takes them back; shows what is voted on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.access import Seen, council_named, seen_by
from domain.meetings.ballots.loading import (
    NO_BALLOT,
    Ground,
    can_vote,
    ground_of,
    is_seen,
    result_now,
    terms_of,
)
from domain.meetings.ballots.noting import audit
from domain.meetings.ballots.opening import NOT_CONFIGURED
from domain.meetings.ballots.papers import Papers
from domain.meetings.ballots.rules import DELEGATE, why_not_handed
from domain.meetings.ballots.values import (
    ABSTAIN,
    BallotCard,
    BallotList,
    CouncilBallots,
    Outcomes,
    Pressed,
)
from domain.meetings.rules import may_run
from domain.portfolio.values import PersonName, Viewer
from models.base import Database
from models.enums import BallotState
from models.meetings.ballots import VoterRow, ballots_since, count_in_secret
from models.portfolio import Council, Person

_SHOWN: Final = timedelta(days=30)
"""How long a vote that has ended stands in the list."""

_NOT_YOURS: Final = (
    "This vote is not yours to cast. Who votes are the council's voting members as they were when "
    "it was opened, and those to whom one of them has handed a vote."
)
_COUNTED: Final = "Your vote is counted already. In a secret vote it can't be changed."


class BallotService:
    """Takes votes while the window is open, each in a transaction that holds the ballot."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def listed(self, viewer: Viewer, named: str, now: datetime) -> BallotList:
        """The open votes of somebody's councils, and those that ended in the last month.

        Raises:
            NotFoundError: there is no such council, or not for this person.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            councils = council_named(seen, named) if named else seen.councils
            own = [each for each in councils if _belongs(viewer, each)]
            found = [await self._of_council(session, seen, each, now) for each in own]
        return BallotList(tuple(found), named)

    async def vote(
        self, viewer: Viewer, ballot_id: int, member_id: int, option: int, now: datetime
    ) -> Outcomes:
        """Cast a vote, or change it in an open ballot.

        Args:
            viewer: who presses.
            ballot_id: which ballot.
            member_id: whose vote it is: their own, or one that was handed to them.
            option: its place among the options; behind the last one: they abstain.
            now: this instant.

        Raises:
            NotAllowedError: it is over, not theirs, or final.
            NotFoundError: there is none.
        """
        async with self._database.writing() as session:
            ground, row = await self._in_hand(session, viewer, ballot_id, member_id, now)
            ballot, voter = ground.ballot, row.voter
            choices = [*ballot.options, ABSTAIN]
            if not 0 <= option < len(choices):
                raise NotFoundError(NO_BALLOT)
            choice = choices[option]
            is_first = voter.voted_at is None
            if ballot.is_secret:
                if not is_first:
                    raise NotAllowedError(_COUNTED)
                await count_in_secret(session, ballot_id, choice)
                new, kept = ("", "counted"), None
            elif not is_first and voter.choice == choice:
                return _outcome(Pressed.SAME, ground, row, viewer)
            else:
                old = "" if is_first else (voter.choice or "abstains")
                new, kept = (old, choice or "abstains"), choice
            voter.voted_at, voter.voted_by_id, voter.choice = now, viewer.person_id, kept
            field = "vote" if voter.person_id == viewer.person_id else f"vote of {row.person.name}"
            audit(session, ground, viewer.slack_id, now, (field, *new))
            await session.flush()
            await Papers(session, self._outbox, ground, now).renew(row)
            pressed = Pressed.VOTED if is_first else Pressed.CHANGED
            return _outcome(pressed, ground, row, viewer)

    async def hand(
        self, viewer: Viewer, ballot_id: int, delegate: Viewer, now: datetime
    ) -> Outcomes:
        """Hand one's own vote to somebody, who gets a ballot for it.

        Raises:
            FieldErrors: they can't take it.
            NotAllowedError: it is over or cast, or the council allows no delegation.
            NotFoundError: there is none.
        """
        async with self._database.writing() as session:
            ground, row = await self._in_hand(session, viewer, ballot_id, viewer.person_id, now)
            await self._check_delegate(session, ground, row, viewer, delegate)
            row.voter.delegate_id = delegate.person_id
            row = row._replace(delegate=await session.get_one(Person, delegate.person_id))
            change = ("delegate", "", delegate.name)
            audit(session, ground, viewer.slack_id, now, change)
            await session.flush()
            papers = Papers(session, self._outbox, ground, now)
            await papers.renew(row)
            await papers.hand_over(row)
            outcome = _outcome(Pressed.HANDED, ground, row, viewer)
            return replace(outcome, member=_named(row.delegate or row.person))

    async def take_back(self, viewer: Viewer, ballot_id: int, now: datetime) -> Outcomes:
        """Take one's own vote back; in an open ballot also one that the other has cast.

        Raises:
            NotAllowedError: it is over, was not handed to anybody, or is counted in secret.
            NotFoundError: there is none.
        """
        async with self._database.writing() as session:
            ground, row = await self._of_member(session, ballot_id, viewer.person_id)
            _check_votable(ground, row, now)
            return await self._back(session, ground, row, viewer, now)

    async def hand_back(
        self, viewer: Viewer, ballot_id: int, member_id: int, now: datetime
    ) -> Outcomes:
        """Give a vote back to the member, who is told that it is theirs again.

        Raises:
            NotAllowedError: it is over, not with them, or counted in secret.
            NotFoundError: there is none.
        """
        async with self._database.writing() as session:
            ground, row = await self._of_member(session, ballot_id, member_id)
            _check_votable(ground, row, now)
            if row.voter.delegate_id != viewer.person_id:
                raise NotAllowedError(_taken_back(row))
            outcome = await self._back(session, ground, row, viewer, now)
            if row.voter.voted_at is None:
                await Papers(session, self._outbox, ground, now).give_back(
                    row._replace(delegate=None)
                )
            return replace(outcome, pressed=Pressed.HANDED_BACK)

    async def _back(
        self, session: AsyncSession, ground: Ground, row: VoterRow, viewer: Viewer, now: datetime
    ) -> Outcomes:
        before = row.delegate
        if before is None:
            raise NotAllowedError("Your vote is with you already: vote with the buttons above.")
        if ground.ballot.is_secret and row.voter.voted_at is not None:
            raise NotAllowedError(_COUNTED)
        row.voter.delegate_id = None
        audit(session, ground, viewer.slack_id, now, ("delegate", before.name, ""))
        await session.flush()
        back = row._replace(delegate=None)
        await Papers(session, self._outbox, ground, now).renew(back, readers=[before.pk])
        return _outcome(Pressed.TAKEN_BACK, ground, back, viewer)

    async def _of_member(
        self, session: AsyncSession, ballot_id: int, member_id: int
    ) -> tuple[Ground, VoterRow]:
        """The vote of a member, and the ballot, locked."""
        ground = await ground_of(session, self._workspace_id, ballot_id, locked=True)
        row = ground.voter(member_id)
        if row is None:
            raise NotAllowedError(_NOT_YOURS)
        return ground, row

    async def _in_hand(
        self, session: AsyncSession, viewer: Viewer, ballot_id: int, member_id: int, now: datetime
    ) -> tuple[Ground, VoterRow]:
        """A vote that this person may cast now, and the ballot, locked."""
        ground, row = await self._of_member(session, ballot_id, member_id)
        if viewer.person_id not in (member_id, row.voter.delegate_id):
            raise NotAllowedError(await self._why_not_theirs(session, ground, row, viewer))
        _check_votable(ground, row, now)
        if viewer.person_id == member_id and row.delegate is not None:
            raise NotAllowedError(
                f"Your vote is with {row.delegate.name}: press *Take my vote back* first."
            )
        if viewer.person_id != member_id and not await _may_know(session, ground, viewer):
            raise NotFoundError(NO_BALLOT)
        return ground, row

    async def _why_not_theirs(
        self, session: AsyncSession, ground: Ground, row: VoterRow, viewer: Viewer
    ) -> str:
        """Who held the vote before hears what became of it; anybody else learns nothing."""
        key = f"ballot:{ground.ballot.pk}:{row.voter.person_id}:{viewer.person_id}"
        had_it = await self._outbox.standing(session, [key])
        return _taken_back(row) if had_it else _NOT_YOURS

    async def _check_delegate(
        self,
        session: AsyncSession,
        ground: Ground,
        row: VoterRow,
        viewer: Viewer,
        delegate: Viewer,
    ) -> None:
        terms = terms_of(ground.configuration, ground.council)
        if terms is None or not terms.delegation:
            raise NotAllowedError(
                f"In {ground.council.name} everybody votes for themselves: the configuration "
                "says `delegation: false`."
            )
        if row.voter.voted_at is not None:
            raise NotAllowedError("You have voted: a vote that is cast can't be handed on.")
        held = [each for each in ground.voters if each.voter.delegate_id == viewer.person_id]
        if held:
            raise NotAllowedError(
                f"You hold the vote of {held[0].person.name}: hand it back before you hand on "
                "your own. A vote goes through one pair of hands."
            )
        theirs = ground.voter(delegate.person_id)
        is_full = not delegate.is_guest and not delegate.is_gone
        why = why_not_handed(
            is_self=delegate.person_id == viewer.person_id,
            is_member=theirs is not None and can_vote(theirs),
            has_handed_on=theirs is not None and theirs.delegate is not None,
            is_outsider=not is_full or not await _may_know(session, ground, delegate),
        )
        if why is not None:
            raise FieldErrors({DELEGATE: why})

    async def _of_council(
        self, session: AsyncSession, seen: Seen, council: Council, now: datetime
    ) -> CouncilBallots:
        ballots = await ballots_since(session, self._workspace_id, [council.pk], now - _SHOWN)
        cards = []
        for each in ballots:
            ground = await ground_of(session, self._workspace_id, each.pk)
            if is_seen(ground, seen):
                cards.append(await _card(session, ground, seen.viewer))
        runs = may_run(seen.viewer, council.chair_id)
        allowed = terms_of(seen.configuration, council) is not None
        return CouncilBallots(
            council_id=council.pk,
            council=council.name,
            cards=tuple(cards),
            may_open=runs and allowed,
            why_not="" if allowed or not runs else NOT_CONFIGURED.format(council=council.name),
        )


def _belongs(viewer: Viewer, council: Council) -> bool:
    """Whether somebody may know what a council votes on before it is decided."""
    return not viewer.is_guest and (viewer.is_pmo or council.pk in viewer.council_ids)


async def _may_know(session: AsyncSession, ground: Ground, viewer: Viewer) -> bool:
    """Whether what is voted on exists for somebody who is to vote for another."""
    return is_seen(ground, await seen_by(session, ground.council.workspace_id, viewer))


def _check_votable(ground: Ground, row: VoterRow, now: datetime) -> None:
    """Refuse what comes too late, or for a seat that its member has not any more."""
    ballot = ground.ballot
    if ballot.state is BallotState.CANCELLED:
        raise NotAllowedError(f"This vote was cancelled, and nothing of it counts: {ballot.reason}")
    if ballot.state is BallotState.CLOSED or now >= ballot.closes_at:
        local = ballot.closes_at.astimezone(ground.zone)
        raise NotAllowedError(
            f"The window closed on {local:%a %d %b %H:%M} ({ground.zone.key}): what comes later "
            "does not count. `/project vote` shows what came of it."
        )
    if not can_vote(row):
        raise NotAllowedError(
            f"{row.person.name} has no vote on {ground.council.name} any more. What was cast "
            "before counts, and nothing is added or changed."
        )


def _taken_back(row: VoterRow) -> str:
    return f"{row.person.name} has the vote back, so it is not yours to cast any more."


def _outcome(pressed: Pressed, ground: Ground, row: VoterRow, viewer: Viewer) -> Outcomes:
    ballot = ground.ballot
    is_own = row.voter.person_id == viewer.person_id
    return Outcomes(
        pressed=pressed,
        question=ballot.question,
        is_secret=ballot.is_secret,
        closes_at=ballot.closes_at,
        timezone=ground.zone.key,
        choice=row.voter.choice or ABSTAIN,
        member=None if is_own else _named(row.person),
    )


def _named(person: Person) -> PersonName:
    return PersonName(person.pk, person.slack_id, person.name, is_gone=person.is_gone)


async def _card(session: AsyncSession, ground: Ground, viewer: Viewer) -> BallotCard:
    ballot = ground.ballot
    runs = may_run(viewer, ground.council.chair_id)
    is_open = ballot.state is BallotState.OPEN
    waiting = [row for row in ground.voters if row.voter.voted_at is None and can_vote(row)]
    return BallotCard(
        ballot_id=ballot.pk,
        council_id=ballot.council_id,
        council=ground.council.name,
        question=ballot.question,
        code=ground.project.code if ground.project else "",
        state=ballot.state,
        is_secret=ballot.is_secret,
        closes_at=ballot.closes_at,
        timezone=ground.zone.key,
        closed_at=ballot.closed_at,
        voted=ground.cast,
        seats=ballot.seats or ground.seats,
        waiting=tuple(row.person.name for row in waiting) if runs and is_open else (),
        may_run=runs,
        result=await result_now(session, ground) if ballot.state is BallotState.CLOSED else None,
        reason=ballot.reason,
    )
