"""Pure decisions of votes out of cycle: what can be voted on, until when, and who has won."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.calendar.rules import WorkingDays, at_wall, parse_day, parse_wall
from domain.meetings.attendance.rules import seats_needed
from domain.meetings.ballots.values import ABSTAIN, BallotWish, Result, Share
from domain.portfolio.configuration import OutOfCycle
from models.enums import Outcome, SecretVotes, Verdict

QUESTION, TEXT, OPTIONS, PROJECT = "question", "text", "options", "project"
NEEDED, SECRECY, CLOSES_ON = "needed", "secrecy", "closes_on"
REASON, DELEGATE = "reason", "delegate"
"""The fields of the windows."""

LONGEST_QUESTION: Final = 200
LONGEST_TEXT: Final = 4_000
LONGEST_OPTION: Final = 60
"""A button of Slack's holds 75 characters."""
LONGEST_REASON: Final = 500
MOST_OPTIONS: Final = 8
FARTHEST: Final = timedelta(days=60)
"""A vote that is open longer is a slip of the pen."""

LEAST_SECRET: Final = 3
"""Of one or two votes the result tells who voted what: so few decide nothing in secret."""

DEFAULT_OPTIONS: Final = ("Approve", "Reject")

_MORNING: Final = time(9)
"""When who has not voted is reminded, in the council's zone."""

_MEANT: Final[Mapping[Outcome, frozenset[str]]] = {
    Outcome.REJECTED: frozenset({"reject", "rejected", "no", "against", "decline", "refuse"}),
    Outcome.DEFERRED: frozenset({"defer", "deferred", "later", "postpone"}),
}
"""Options that do not approve of anything."""


@dataclass(frozen=True)
class Opening:
    """A vote as it was typed, read and found possible."""

    question: str
    text: str
    options: tuple[str, ...]
    is_secret: bool
    closes_at: datetime


def earliest_day(terms: OutOfCycle, working: WorkingDays, today: date) -> date:
    """The first day on which a vote that is opened today may close."""
    return working.after(today, terms.days)


def read_opening(
    wish: BallotWish,
    terms: OutOfCycle,
    working: WorkingDays,
    zone: ZoneInfo,
    now: datetime,
) -> Opening | Mapping[str, str]:
    """Read what was typed: a vote, or what is to be mended, by field.

    Args:
        wish: as it was typed.
        terms: what the configuration says.
        working: the days on which people work.
        zone: the council's.
        now: this instant.
    """
    faults: dict[str, str] = {}
    question = _read_question(wish.question, faults)
    options = _read_options(wish.options, faults)
    day = _read_day(wish.closes_on, working, earliest_day(terms, working, _day(now, zone)), faults)
    if len(wish.text.strip()) > LONGEST_TEXT:
        faults[TEXT] = f"It is longer than {LONGEST_TEXT:,} characters: shorten it, or link to it."
    if wish.is_secret and terms.secret is SecretVotes.NEVER:
        faults[SECRECY] = (
            "This council votes openly: the configuration would have to say `secret: allowed` "
            "under `out_of_cycle:`."
        )
    if faults or day is None:
        return faults
    is_secret = wish.is_secret or terms.secret is SecretVotes.ALWAYS
    closes_at = at_wall(day, parse_wall(terms.closes_at), zone)
    return Opening(question, wish.text.strip(), options, is_secret, closes_at)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def _read_question(text: str, faults: dict[str, str]) -> str:
    question = " ".join(text.split())
    if not question:
        faults[QUESTION] = "Write what is to be decided, as a question with the options as answers."
    elif len(question) > LONGEST_QUESTION:
        faults[QUESTION] = (
            f"It is longer than {LONGEST_QUESTION} characters: shorten it, and explain it below."
        )
    return question


def _read_options(text: str, faults: dict[str, str]) -> tuple[str, ...]:
    options = tuple(line for each in text.splitlines() if (line := " ".join(each.split())))
    if not options:
        return DEFAULT_OPTIONS
    plain = [each.casefold() for each in options]
    if len(options) == 1 or len(options) > MOST_OPTIONS:
        faults[OPTIONS] = f"Write from 2 to {MOST_OPTIONS} options, each in a line of its own."
    elif any(len(each) > LONGEST_OPTION for each in options):
        faults[OPTIONS] = (
            f"An option has {LONGEST_OPTION} characters at most, for it is a button: shorten it."
        )
    elif "abstain" in plain:
        faults[OPTIONS] = "One may always abstain: leave that line out."
    elif len(set(plain)) < len(plain):
        faults[OPTIONS] = "The same option stands there twice: leave one out."
    return options


def _read_day(
    text: str, working: WorkingDays, earliest: date, faults: dict[str, str]
) -> date | None:
    try:
        day = parse_day(text)
    except ValueError as error:
        faults[CLOSES_ON] = f"{error}."
        return None
    if day < earliest:
        faults[CLOSES_ON] = (
            f"That is too soon for this council: the first day is {earliest}, by `window:` in the "
            "configuration."
        )
    elif day - earliest > FARTHEST:
        faults[CLOSES_ON] = f"That is more than {FARTHEST.days} days ahead: check the date."
    elif (why := working.why_off(day)) is not None:
        faults[CLOSES_ON] = f"Nobody works on that day: {why}. The next is {working.after(day, 1)}."
    return day


def remind_at(
    opened_at: datetime,
    closes_at: datetime,
    terms: OutOfCycle,
    working: WorkingDays,
    zone: ZoneInfo,
) -> datetime | None:
    """When who has not voted is reminded; None: it would come on the day of the asking."""
    day = working.before(_day(closes_at, zone), terms.days_before)
    at = at_wall(day, _MORNING, zone)
    return at if _day(opened_at, zone) < day and at < closes_at else None


@dataclass(frozen=True)
class Box:
    """What is in the ballot box at the end."""

    votes: Mapping[str, Sequence[str]] | Mapping[str, int]
    """For each choice who made it; of a secret vote only how many."""
    cast: int
    """How many have voted, with those who abstained."""
    seats: int
    """How many could."""
    is_secret: bool = False
    hands: int | None = None
    """How many people have put them in: who votes for two knows more; None: one for each vote."""

    @property
    def tells_who(self) -> bool:
        """Whether the counts of a secret vote would tell who has voted what."""
        hands = self.cast if self.hands is None else self.hands
        return self.is_secret and hands < LEAST_SECRET

    def share(self, option: str) -> Share:
        """How often something was chosen."""
        found = self.votes.get(option, 0)
        if isinstance(found, int):
            return Share(option, found)
        return Share(option, len(found), tuple(found))


def result_of(options: Sequence[str], box: Box, quorum: str) -> Result:
    """What a vote comes to: more than half of the votes without those who abstain, or nothing.

    Args:
        options: the ballot's.
        box: who has voted, and what.
        quorum: the rule that held when it was opened.
    """
    needed = max(seats_needed(quorum, box.seats), LEAST_SECRET if box.is_secret else 1)
    shares = () if box.tells_who else tuple(box.share(each) for each in options)
    abstained = Share(ABSTAIN, 0) if box.tells_who else box.share(ABSTAIN)
    decisive = sum(each.count for each in shares)
    won = next((each for each in shares if 2 * each.count > decisive), None)
    is_decided = box.cast >= needed and won is not None
    is_short = box.cast < needed or box.tells_who
    undecided = Verdict.NO_QUORUM if is_short else Verdict.NO_MAJORITY
    others = [each for each in shares if each is not won] if is_decided else []
    return Result(
        verdict=Verdict.DECIDED if is_decided else undecided,
        shares=shares,
        abstained=abstained,
        seats=box.seats,
        cast=box.cast,
        needed=needed,
        chosen=won.option if won and is_decided else "",
        outcome=outcome_of(won.option) if won and is_decided else None,
        dissent=tuple(name for each in others for name in each.names),
    )


def outcome_of(option: str) -> Outcome:
    """What it means for a question that an option has won."""
    word = option.casefold()
    return next((each for each, words in _MEANT.items() if word in words), Outcome.APPROVED)


def why_not_handed(
    *, is_self: bool, is_member: bool, has_handed_on: bool, is_outsider: bool
) -> str | None:
    """Why somebody cannot take another's vote; None if they can.

    Args:
        is_self: they are who hands it.
        is_member: they are asked to vote themselves.
        has_handed_on: they have handed their own vote to somebody.
        is_outsider: they are no full member of the workspace, or may not know of what is voted on.
    """
    if is_self:
        return "That is you: the buttons of your ballot are yours. Choose somebody else."
    if has_handed_on:
        return "They have handed their own vote on, and cannot take another: choose somebody else."
    if is_outsider and not is_member:
        return (
            "They cannot vote on this: choose another voting member, or a full member of this "
            "workspace who may see the project."
        )
    return None


def in_words(result: Result) -> str:
    """What a vote came to, in one sentence, for who was not there."""
    shares = ", ".join(f"{each.option} {each.count}" for each in result.shares)
    abstained = f", {result.abstained.count} abstained" if result.abstained.count else ""
    counts = f": {shares}{abstained}" if shares else ""
    voted = f"{result.cast} of {result.seats} voted{counts}"
    match result.verdict:
        case Verdict.DECIDED:
            return f"{result.chosen}: {voted}."
        case Verdict.NO_QUORUM:
            return f"Not decided, for {result.needed} had to vote: {voted}."
        case Verdict.NO_MAJORITY:
            return f"Not decided, for no option has more than half of the votes: {voted}."


def by_name(result: Result) -> str:
    """Who voted what: `Approve: Carol, Omar. Abstained: Li.`; empty of a secret vote."""
    said = [(each.option, each.names) for each in result.shares]
    said.append(("Abstained", result.abstained.names))
    return " ".join(f"{what}: {', '.join(names)}." for what, names in said if names)
