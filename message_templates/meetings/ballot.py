"""What is said of votes out of cycle: ballots and reminders in direct messages, and the result."""

import re
from datetime import timedelta
from typing import Any, Final

from domain.meetings.ballots.messages import (
    BallotPaper,
    BallotReminder,
    BallotResult,
    PaperState,
    Question,
)
from domain.meetings.ballots.values import ABSTAIN, Outcomes, Result
from message_templates import kit
from message_templates.kit import Block, Rendered
from message_templates.markup import Marked, load, plain, rich_text

VOTE: Final = "ballot_vote"
"""The beginning of the actions of a ballot's buttons; a value is `ballot:member:option`."""

VOTES: Final = re.compile(rf"{VOTE}_\d+")

HAND: Final = "ballot_hand"
"""The action of the button that asks who is to vote instead; its value is the ballot's number."""

TAKE_BACK: Final = "ballot_take_back"
"""The same for taking it back."""

HAND_BACK: Final = "ballot_hand_back"
"""The action of who votes for another; its value is `ballot:member`."""

_TEMPLATE: Final = "meetings/ballot"
_NAME: Final = 75
_LONG: Final = 500
_LATE: Final = timedelta(minutes=15)
"""A bot that runs counts within a minute."""


def render_ballot(paper: BallotPaper) -> list[Rendered]:
    """Render a vote for who is to cast it."""
    return _paper(paper)


def render_ballot_reminder(reminder: BallotReminder) -> list[Rendered]:
    """The same once more, with why it comes again."""
    return _paper(reminder.paper, is_reminder=not reminder.is_back, is_back=reminder.is_back)


def render_ballot_result(message: BallotResult) -> list[Rendered]:
    """Render what came of a vote, for the channel or for members."""
    texts = load(_TEMPLATE)
    is_late = message.closed_at - message.asked.closes_at > _LATE
    names = {**_names(message.asked), "message": message, "result": message.result}
    blocks = [
        *rich_text(texts.part("announced", **names)),
        *rich_text(_result(message.result, message.asked)),
        kit.context(texts.part("as_of", is_late=is_late, **names)),
    ]
    return [Rendered.of(texts.part("announced_fallback", **names), blocks)]


def told(outcome: Outcomes) -> Rendered:
    """Tell who has pressed what became of it."""
    text = load(_TEMPLATE).part(
        "told",
        outcome=outcome,
        what=outcome.pressed.value,
        member=outcome.member.name if outcome.member else "",
        choice=outcome.choice or "abstain",
    )
    return Rendered.of(text, rich_text(text))


def result_lines(result: Result, *, is_secret: bool) -> Marked:
    """What a vote came to, line by line."""
    is_veiled = is_secret and not result.shares
    return load(_TEMPLATE).part("result", result=result, is_veiled=is_veiled)


def _result(result: Result, asked: Question) -> Marked:
    return result_lines(result, is_secret=asked.is_secret)


def _names(asked: Question) -> dict[str, Any]:
    return {
        "asked": asked,
        "project": kit.shorten(asked.project, _NAME) if asked.project else "",
        "needed": kit.shorten(asked.needed, _LONG) if asked.needed else "",
    }


def _paper(
    paper: BallotPaper, *, is_reminder: bool = False, is_back: bool = False
) -> list[Rendered]:
    texts = load(_TEMPLATE)
    is_open = paper.state is PaperState.OPEN and paper.voted_at is None
    values = {
        **_names(paper.asked),
        "paper": paper,
        "state": paper.state.value,
        "is_reminder": is_reminder and is_open,
        "is_back": is_back and is_open,
    }
    head = rich_text(texts.part("asked", **values))
    text = kit.user_text(paper.asked.text) if paper.asked.text else []
    standing = rich_text(texts.part("standing", **values))
    if paper.result is not None:
        standing += rich_text(_result(paper.result, paper.asked))
    buttons = _buttons(paper)
    end = [kit.actions(*buttons)] if buttons else []
    if is_open:
        end.append(kit.context(texts.part("opened_by", **values)))
    fallback = texts.part("fallback", **values)
    packed = kit.pack([head, text, [*standing, *end]])
    return [Rendered.of(fallback, blocks) for blocks in packed]


def _buttons(paper: BallotPaper) -> list[Block]:
    """What its reader can do now."""
    texts, ballot = load(_TEMPLATE), str(paper.asked.ballot_id)
    is_final = paper.asked.is_secret and paper.voted_at is not None
    if paper.state is PaperState.HANDED and not is_final:
        return [kit.button(texts.part("take_back"), TAKE_BACK, value=ballot)]
    if paper.state is not PaperState.OPEN or is_final:
        return []
    choices = [*paper.asked.options, ABSTAIN]
    buttons = [_choice(paper, place, each) for place, each in enumerate(choices)]
    if paper.can_hand_on:
        buttons.append(kit.button(texts.part("hand"), HAND, value=ballot))
    if paper.member:
        value = f"{ballot}:{paper.member_id}"
        buttons.append(kit.button(texts.part("hand_back"), HAND_BACK, value=value))
    return buttons


def _choice(paper: BallotPaper, place: int, option: str) -> Block:
    texts = load(_TEMPLATE)
    words = option or plain(texts.part("abstain"))
    sure = kit.confirm(
        texts.part("sure"), texts.part("sure_text", choice=words), texts.part("sure_yes")
    )
    is_chosen = paper.voted_at is not None and paper.choice == option
    return kit.button(
        words,
        f"{VOTE}_{place}",
        value=f"{paper.asked.ballot_id}:{paper.member_id}:{place}",
        style="primary" if is_chosen else None,
        confirm=sure if paper.asked.is_secret else None,
    )
