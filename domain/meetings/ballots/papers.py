"""Each vote in the direct messages of who is to cast it: said once, then brought up to date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Letter, Message, Place
from domain.delivery.service import Outbox
from domain.meetings.ballots.loading import Ground, can_vote, terms_of
from domain.meetings.ballots.messages import BallotPaper, BallotReminder, PaperState
from domain.meetings.ballots.values import Result
from models.enums import BallotState
from models.meetings.ballots import VoterRow

REMIND: Final = "remind"
BACK: Final = "back"
"""Beginnings of the further messages of one vote: the reminder, and that it is back."""

_STILL_TOLD: Final = (PaperState.OPEN, PaperState.HANDED)

_OVER: Final = "the vote is over, or is not in its reader's hands any more"


def key_of(ground: Ground, row: VoterRow, reader_id: int, kind: str = "") -> str:
    """The key under which a vote is told to somebody: `ballot:7:12`, or `ballot:7:12:15`."""
    member_id = row.voter.person_id
    parts = ["ballot", ground.ballot.pk, kind, member_id]
    if reader_id != member_id:
        parts.append(reader_id)
    return ":".join(str(each) for each in parts if each != "")


def paper_of(
    ground: Ground, row: VoterRow, reader_id: int, result: Result | None = None
) -> BallotPaper:
    """A vote as somebody reads it who is to cast it, or was."""
    voter, is_own = row.voter, reader_id == row.voter.person_id
    terms = terms_of(ground.configuration, ground.council)
    state = _state(ground, row, reader_id)
    is_free = state is PaperState.OPEN and voter.voted_at is None
    paper = BallotPaper(
        asked=ground.asked,
        member_id=voter.person_id,
        state=state,
        member="" if is_own else row.person.name,
        delegate=row.delegate.name if row.delegate and is_own else "",
        can_hand_on=is_own and is_free and terms is not None and terms.delegation,
        result=result,
        reason=ground.ballot.reason,
    )
    if voter.voted_at is None or state is PaperState.TAKEN_BACK:
        return paper
    is_by_other = voter.voted_by_id != reader_id
    return replace(
        paper,
        voted_at=voter.voted_at,
        voted_by=_caster(row) if is_by_other else "",
        choice=voter.choice or "",
    )


def _caster(row: VoterRow) -> str:
    if row.voter.voted_by_id == row.voter.person_id:
        return row.person.name
    return row.delegate.name if row.delegate else "their delegate"


def _state(ground: Ground, row: VoterRow, reader_id: int) -> PaperState:
    voter = row.voter
    if reader_id not in (voter.person_id, voter.delegate_id):
        return PaperState.TAKEN_BACK
    if ground.ballot.state is BallotState.CANCELLED:
        return PaperState.CANCELLED
    if ground.ballot.state is BallotState.CLOSED:
        return PaperState.CLOSED
    if not can_vote(row) and voter.voted_at is None:
        return PaperState.LEFT
    is_handed = reader_id == voter.person_id and voter.delegate_id is not None
    return PaperState.HANDED if is_handed else PaperState.OPEN


def first_papers(ground: Ground) -> list[Letter]:
    """The ballot of each voting member."""
    return [
        Letter(
            paper_of(ground, row, row.voter.person_id),
            Place.person(row.voter.person_id),
            key_of(ground, row, row.voter.person_id),
            ground.ballot.closes_at,
        )
        for row in ground.voters
    ]


@dataclass(frozen=True)
class Papers:
    """Tells of one ballot's votes, in the transaction that changes them."""

    session: AsyncSession
    outbox: Outbox
    ground: Ground
    now: datetime

    async def renew(
        self, row: VoterRow, *, readers: Sequence[int] = (), result: Result | None = None
    ) -> None:
        """Bring one vote up to date wherever it is told.

        Args:
            row: whose vote.
            readers: who reads of it beside the member and who votes instead: who did so before.
            result: what the vote came to, once it is over.
        """
        at_hand = {row.voter.person_id, row.voter.delegate_id, *readers}
        for reader_id in sorted(each for each in at_hand if each is not None):
            paper = paper_of(self.ground, row, reader_id, result)
            further = BallotReminder(paper)
            told: dict[str, Message] = {
                key_of(self.ground, row, reader_id): paper,
                key_of(self.ground, row, reader_id, REMIND): further,
                key_of(self.ground, row, reader_id, BACK): replace(further, is_back=True),
            }
            standing = await self.outbox.standing(self.session, told)
            for key in standing:
                if standing[key].is_posted or _is_worth_saying(told[key]):
                    await self._say(told[key], key, reader_id)
                else:
                    await self.outbox.withdraw(self.session, key, _OVER)

    async def hand_over(self, row: VoterRow) -> None:
        """Give a vote to who is to cast it instead, in a message that they notice."""
        reader_id = _holder(row)
        paper = paper_of(self.ground, row, reader_id)
        await self._say(paper, key_of(self.ground, row, reader_id), reader_id)

    async def remind(self, row: VoterRow) -> None:
        """Remind who is to cast a vote that it is still in their hands."""
        reader_id = _holder(row)
        reminder = BallotReminder(paper_of(self.ground, row, reader_id))
        await self._say(reminder, key_of(self.ground, row, reader_id, REMIND), reader_id)

    async def give_back(self, row: VoterRow) -> None:
        """Tell a member, in a message that they notice, that their vote is theirs again."""
        reader_id = row.voter.person_id
        returned = BallotReminder(paper_of(self.ground, row, reader_id), is_back=True)
        await self._say(returned, key_of(self.ground, row, reader_id, BACK), reader_id)

    async def _say(self, message: Message, key: str, reader_id: int) -> None:
        await self.outbox.say(
            self.session,
            message,
            to=Place.person(reader_id),
            key=key,
            now=self.now,
            expires_at=self.ground.ballot.closes_at,
        )


def _holder(row: VoterRow) -> int:
    return row.voter.delegate_id or row.voter.person_id


def _is_worth_saying(message: Message) -> bool:
    """Whether somebody who has not read it yet still has to."""
    if isinstance(message, BallotReminder):
        return message.paper.state is PaperState.OPEN and message.paper.voted_at is None
    return (
        isinstance(message, BallotPaper)
        and message.state in _STILL_TOLD
        and message.voted_at is None
    )
