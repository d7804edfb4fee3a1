"""Opens votes out of cycle, and cancels them: the chair's and the PMO's side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import working_days
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError
from domain.meetings.access import Seen, seen_by
from domain.meetings.ballots.loading import (
    Ground,
    ground_of,
    settings_of,
    terms_of,
)
from domain.meetings.ballots.noting import audit
from domain.meetings.ballots.papers import Papers, first_papers
from domain.meetings.ballots.rules import (
    LEAST_SECRET,
    LONGEST_REASON,
    NEEDED,
    PROJECT,
    QUESTION,
    REASON,
    SECRECY,
    Opening,
    earliest_day,
    read_opening,
    remind_at,
)
from domain.meetings.ballots.values import (
    ABSTAIN,
    BallotWish,
    Blank,
    Opened,
    Outcomes,
    Pressed,
)
from domain.meetings.calendar_out.rules import open_text, secrets_in
from domain.meetings.rules import may_run
from domain.portfolio.configuration import OutOfCycle
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import BallotState, LogKind, Visibility
from models.logs import open_entry_rows
from models.meetings.ballots import (
    Ballot,
    BallotTally,
    BallotVoter,
    ballots_since,
    forget_tallies,
)
from models.portfolio import (
    Council,
    Person,
    lock_council,
    members_of_council,
    project_rows_of,
)

_MOST_CHOICES: Final = 100
"""Of a menu of Slack's."""

_ONLY_CHAIR: Final = (
    "Only the council's chair and the PMO open and cancel votes out of cycle: ask one of them."
)
NOT_CONFIGURED: Final = (
    "{council} decides in its meetings alone. To vote between them, add `out_of_cycle: {{window: "
    "3d}}` under its `meetings:` in the configuration, and apply it (`pmobot apply`)."
)


@dataclass(frozen=True)
class _Subject:
    """What a vote is about, beside its question."""

    project_id: int | None
    log_entry_id: int | None


class OpeningService:
    """Lets who runs a council put a question to its members between two meetings."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def blank(self, viewer: Viewer, council_id: int, now: datetime) -> Blank:
        """The window in which a vote is opened.

        Raises:
            NotAllowedError: they don't run the council, or it does not vote out of cycle.
        """
        async with self._database.reading() as session:
            seen = await seen_by(session, self._workspace_id, viewer)
            council = run_by(seen, council_id)
            terms = _terms(seen, council)
            voters = await _voters(session, council)
            needed = await _needed(session, seen, council)
        zone = seen.zone(council)
        working = working_days(seen.configuration)
        return Blank(
            council_id=council_id,
            council=council.name,
            timezone=zone.key,
            closes_on=earliest_day(terms, working, now.astimezone(zone).date()),
            closes_at=terms.closes_at,
            window=terms.days,
            secret=terms.secret,
            voters=len(voters),
            needed=dict(list(needed.items())[:_MOST_CHOICES]),
        )

    async def open(
        self, viewer: Viewer, council_id: int, wish: BallotWish, now: datetime
    ) -> Opened:
        """Put a question to all voting members of a council.

        Raises:
            FieldErrors: something typed is to be mended.
            NotAllowedError: as for `blank`, or the council has no voting members.
        """
        async with self._database.writing() as session:
            council = await lock_council(session, council_id)  # one at a time, so none comes twice
            seen = await seen_by(session, self._workspace_id, viewer)
            run_by(seen, council_id)
            terms = _terms(seen, council)
            zone, working = seen.zone(council), working_days(seen.configuration)
            opening = read_opening(wish, terms, working, zone, now)
            if not isinstance(opening, Opening):
                raise FieldErrors(opening)
            voters = await _voters(session, council)
            _check_voters(council, voters, opening)
            subject = await self._subject(session, seen, council, wish)
            await self._check_open(session, council, opening, subject, now)
            await _check_names(session, seen, council, opening)
            ballot = self._ballot(council, opening, subject, viewer, now)
            settings = settings_of(seen.configuration, council)
            ballot.quorum = terms.quorum or (settings.quorum if settings else "")
            first = remind_at(now, opening.closes_at, terms, working, zone)
            ballot.next_at = first or opening.closes_at
            ground = await self._stored(session, ballot, voters)
            audit(session, ground, viewer.slack_id, now, ("opened", "", _told(opening)))
            await self._outbox.say_each(session, first_papers(ground), now)
        return Opened(council.name, opening.question, len(voters), opening.closes_at, zone.key)

    async def cancel(self, viewer: Viewer, ballot_id: int, reason: str, now: datetime) -> Outcomes:
        """Cancel a vote that is open, for a reason; of a secret one forget what was cast.

        Raises:
            FieldErrors: the reason is missing or too long.
            NotAllowedError: they don't run the council, or it is over.
            NotFoundError: there is none.
        """
        _check_reason(reason)
        async with self._database.writing() as session:
            ground = await ground_of(session, self._workspace_id, ballot_id, locked=True)
            seen = await seen_by(session, self._workspace_id, viewer)
            run_by(seen, ground.council.pk)
            ballot = ground.ballot
            if ballot.state is not BallotState.OPEN or now >= ballot.closes_at:
                raise NotAllowedError("This vote is over already: `/project vote` shows its end.")
            ballot.state, ballot.closed_at, ballot.next_at = BallotState.CANCELLED, now, None
            ballot.reason = reason.strip()
            ballot.revision += 1
            await forget_tallies(session, ballot_id)
            audit(session, ground, viewer.slack_id, now, ("cancelled", "", ballot.reason))
            papers = Papers(session, self._outbox, ground, now)
            for row in ground.voters:
                await papers.renew(row)
        return Outcomes(
            Pressed.CANCELLED, ballot.question, ballot.is_secret, ballot.closes_at, ground.zone.key
        )

    async def _subject(
        self, session: AsyncSession, seen: Seen, council: Council, wish: BallotWish
    ) -> _Subject:
        """The project and the decision needed, as far as they exist for who opens the vote."""
        rows = await project_rows_of(session, self._workspace_id)
        known = {
            row.project.code.casefold(): row.project.pk
            for row in rows
            if row.project.pk in seen.projects and row.project.council_id == council.pk
        }
        code = wish.code.strip()
        project_id = known.get(code.casefold())
        if code and project_id is None:
            codes = [row.project.code for row in rows if row.project.pk in known.values()]
            guess = did_you_mean(code, codes)
            msg = (
                f"{council.name} has no project of that code.{guess} Leave it empty if it is none."
            )
            raise FieldErrors({PROJECT: msg})
        if wish.log_entry_id is None:
            return _Subject(project_id, None)
        entries = await open_entry_rows(
            session, self._workspace_id, list(known.values()), [LogKind.DECISION]
        )
        own = {row.entry.pk: row.entry.project_id for row in entries}
        if wish.log_entry_id not in own:
            raise FieldErrors({NEEDED: "It was settled or taken back meanwhile: choose another."})
        if project_id not in (None, own[wish.log_entry_id]):
            raise FieldErrors({NEEDED: "It belongs to another project than the code above."})
        return _Subject(own[wish.log_entry_id], wish.log_entry_id)

    async def _check_open(
        self,
        session: AsyncSession,
        council: Council,
        opening: Opening,
        subject: _Subject,
        now: datetime,
    ) -> None:
        """Refuse what is being voted on already: sent twice, or opened by two."""
        for each in await ballots_since(session, self._workspace_id, [council.pk], now):
            if each.question.casefold() == opening.question.casefold():
                field = QUESTION
            elif subject.log_entry_id and each.log_entry_id == subject.log_entry_id:
                field = NEEDED
            else:
                continue
            msg = (
                "This is being voted on already: `/project vote` shows it. Wait for its end, or "
                "cancel it."
            )
            raise FieldErrors({field: msg})

    def _ballot(
        self,
        council: Council,
        opening: Opening,
        subject: _Subject,
        viewer: Viewer,
        now: datetime,
    ) -> Ballot:
        return Ballot(
            workspace_id=self._workspace_id,
            council_id=council.pk,
            project_id=subject.project_id,
            log_entry_id=subject.log_entry_id,
            question=opening.question,
            text=opening.text,
            options=list(opening.options),
            is_secret=opening.is_secret,
            quorum="",
            opened_by_id=viewer.person_id,
            opened_at=now,
            closes_at=opening.closes_at,
        )

    async def _stored(
        self, session: AsyncSession, ballot: Ballot, voters: Sequence[Person]
    ) -> Ground:
        session.add(ballot)
        await session.flush()
        own: dict[str, Any] = {"workspace_id": self._workspace_id, "ballot_id": ballot.pk}
        session.add_all([BallotVoter(**own, person_id=each.pk) for each in voters])
        if ballot.is_secret:
            choices = (*ballot.options, ABSTAIN)
            session.add_all([BallotTally(**own, choice=each) for each in choices])
        await session.flush()
        return await ground_of(session, self._workspace_id, ballot.pk, locked=True)


def run_by(seen: Seen, council_id: int) -> Council:
    """The council of a number, for who runs it.

    Raises:
        NotAllowedError: the person is neither its chair nor of the PMO.
    """
    council = next((each for each in seen.councils if each.pk == council_id), None)
    if council is None or not may_run(seen.viewer, council.chair_id):
        raise NotAllowedError(_ONLY_CHAIR)
    return council


def _terms(seen: Seen, council: Council) -> OutOfCycle:
    terms = terms_of(seen.configuration, council)
    if terms is None:
        raise NotAllowedError(NOT_CONFIGURED.format(council=council.name))
    return terms


async def _voters(session: AsyncSession, council: Council) -> list[Person]:
    """Who votes: members with a vote who are full members of the workspace."""
    return [
        person
        for member, person in await members_of_council(session, council.pk)
        if member.voting and not person.is_guest
    ]


async def _needed(session: AsyncSession, seen: Seen, council: Council) -> dict[int, str]:
    """The decisions that the council's projects need, the earliest due first."""
    rows = await open_entry_rows(
        session, council.workspace_id, list(seen.projects), [LogKind.DECISION]
    )
    return {
        row.entry.pk: f"{row.project.code}: {row.entry.title}"
        for row in rows
        if row.project is not None and row.project.council_id == council.pk
    }


def _check_voters(council: Council, voters: Sequence[Person], opening: Opening) -> None:
    if not voters:
        raise NotAllowedError(
            f"{council.name} has no voting members: name them under `members:` in the "
            "configuration, and apply it (`pmobot apply`)."
        )
    if opening.is_secret and len(voters) < LEAST_SECRET:
        msg = (
            f"{council.name} has fewer than {LEAST_SECRET} voting members, so the result would "
            "tell who voted what: vote openly, or in a meeting."
        )
        raise FieldErrors({SECRECY: msg})


async def _check_names(
    session: AsyncSession, seen: Seen, council: Council, opening: Opening
) -> None:
    """Refuse the name of a restricted project of another council: members may not know of it."""
    rows = await project_rows_of(session, council.workspace_id)
    foreign = [
        word
        for row in rows
        if row.project.visibility is Visibility.RESTRICTED
        and row.project.council_id != council.pk
        and row.project.pk in seen.projects
        for word in (row.project.code, row.project.name)
    ]
    secret = secrets_in(foreign)
    for each in (opening.question, opening.text, *opening.options):
        if open_text(each, secret) != each:
            msg = "It names a restricted project of another council, which not all members may see."
            raise FieldErrors({QUESTION: msg})


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise FieldErrors({REASON: "Say why: who was asked to vote reads it."})
    if len(reason.strip()) > LONGEST_REASON:
        msg = f"It is longer than {LONGEST_REASON} characters: shorten it."
        raise FieldErrors({REASON: msg})


def _told(opening: Opening) -> str:
    kind = "secret" if opening.is_secret else "open"
    return f"{opening.question} ({kind}, until {opening.closes_at:%Y-%m-%d %H:%M} UTC)"
