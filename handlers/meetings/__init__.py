"""Slack's side of councils' meetings: `/project meeting` and its sub-words, buttons and windows."""

from collections.abc import Mapping, Sequence

from slack_bolt.async_app import AsyncApp

from domain.errors import UnreadableError
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.commands import COMMAND, Answer, Word
from handlers.home import Home, Section
from handlers.meetings import (
    actions,
    agenda,
    attendance,
    ballots,
    calendar_in,
    decisions,
    minutes,
    pre_read,
    series,
    sitting,
)
from handlers.meetings.parts import WORD, Answered, Parts
from message_templates.portfolio.help import CommandHelp

_USAGE = (
    f"{COMMAND} {WORD} next|list|agenda|backlog|attendance|pack|open|card|reopen|figures "
    "[COUNCIL], or calendar"
)

_HELP = CommandHelp(
    WORD, _USAGE, "When councils meet, and an address for your own calendar; the chair plans here."
)


def words(parts: Parts, clock: Clock) -> Sequence[Word]:
    """What the room offers to `/project`."""
    subwords: Mapping[str, Answer] = {
        **series.subwords(parts, clock),
        **agenda.subwords(parts, clock),
        **attendance.subwords(parts, clock),
        **pre_read.subwords(parts, clock),
        **decisions.subwords(parts, clock),
        **sitting.subwords(parts, clock),
    }

    async def answer(viewer: Viewer, text: str) -> Answered:
        what, _, rest = text.partition(" ")
        found = subwords.get(what.casefold() or "next")
        if found is None:
            guess = did_you_mean(what, subwords)
            raise UnreadableError(f"I don't know “{what[:40]}” here.{guess} Write {_USAGE}.")
        return await found(viewer, rest.strip())

    return [
        Word(_HELP, answer),
        *ballots.words(parts, clock),
        *decisions.words(parts, clock),
        *minutes.words(parts, clock),
        *sitting.words(parts, clock),
    ]


def section(parts: Parts) -> Section:
    """What the room shows on App Home: the next meetings of who has a seat."""
    return attendance.section(parts)


def register(app: AsyncApp, parts: Parts, clock: Clock, home: Home) -> None:
    """Have the room's buttons and windows answered."""
    series.register(app, parts, clock)
    agenda.register(app, parts, clock)
    attendance.register(app, parts, clock, home)
    calendar_in.register(app, parts, clock)
    actions.register(app, parts, clock)
    decisions.register(app, parts, clock)
    pre_read.register(app, parts, clock)
    ballots.register(app, parts, clock)
    minutes.register(app, parts, clock)
    sitting.register(app, parts, clock)
