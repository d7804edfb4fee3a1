"""What is kept of a vote beside its rows: the audit, and that a meeting has taken note of it."""

from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.ballots.loading import Ground, ground_of, result_now
from domain.meetings.ballots.rules import in_words
from domain.meetings.ballots.values import ToNote
from domain.portfolio.values import Viewer
from models.enums import Verdict
from models.meetings import Meeting
from models.meetings.ballots import ballot_by_id, unnoted_ballots
from models.portfolio import AuditEntry, Council

CLOCK: Final = "pmobot"
"""Who acts where nobody does."""


def audit(
    session: AsyncSession,
    ground: Ground,
    actor: str,
    now: datetime,
    changed: tuple[str, str, str],
) -> None:
    """Note who did what with a ballot; of a secret one never what somebody voted.

    Args:
        session: the transaction that does it.
        ground: the ballot.
        actor: a Slack user id, or what did it.
        now: this instant.
        changed: what of it, from what, to what.
    """
    field, old, new = changed
    session.add(
        AuditEntry(
            workspace_id=ground.council.workspace_id,
            at=now,
            actor=actor,
            subject=f"ballot {ground.council.name} {ground.ballot.pk}",
            field=field,
            old=old or None,
            new=new or None,
        )
    )


async def to_note(session: AsyncSession, council: Council) -> list[ToNote]:
    """The votes of a council of which its next meeting is to take note, oldest first.

    What was not decided, for lack of a quorum or a majority, is for that meeting to decide.
    """
    found = []
    for ballot in await unnoted_ballots(session, council.pk):
        ground = await ground_of(session, council.workspace_id, ballot.pk)
        result = await result_now(session, ground)
        found.append(
            ToNote(
                ballot_id=ballot.pk,
                question=ballot.question,
                text=f"Vote out of cycle, {_day(ground)}. {in_words(result)}",
                is_decided=ballot.verdict is Verdict.DECIDED,
                project_id=ballot.project_id,
                log_entry_id=ballot.log_entry_id,
            )
        )
    return found


def _day(ground: Ground) -> str:
    return f"{ground.ballot.closes_at.astimezone(ground.zone):%Y-%m-%d}"


async def noted(
    session: AsyncSession, ballot_id: int, meeting: Meeting, by: Viewer | None, now: datetime
) -> None:
    """Keep that a meeting has taken note of a vote; the second time changes nothing.

    Args:
        session: a writing one; the meeting is locked.
        ballot_id: the vote that the item is about: its source is `ballot:ID`.
        meeting: which one.
        by: who has ended the item; None: the clock.
        now: this instant.
    """
    ballot = await ballot_by_id(session, meeting.workspace_id, ballot_id, locked=True)
    if ballot is None or ballot.noted_meeting_id is not None:
        return
    ballot.noted_meeting_id = meeting.pk
    ground = await ground_of(session, meeting.workspace_id, ballot_id)
    actor = by.slack_id if by else CLOCK
    audit(session, ground, actor, now, ("noted", "", f"meeting {meeting.occurrence}"))
