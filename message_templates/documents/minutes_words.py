"""What minutes are told in, the same in Slack and in the files."""

from collections.abc import Iterable
from typing import Final

from domain.meetings.minutes.values import (
    Attendee,
    MinutedDecision,
    MinutedItem,
    Minutes,
    Standing,
)
from message_templates.markup import load, plain
from models.enums import ItemState, Method

_TEMPLATE: Final = "documents/minutes_words"
_ENDS: Final = (".", "!", "?", ":")
"""What a text ends with that needs nothing more before what follows."""


def outcome_words(line: MinutedDecision) -> str:
    """`Approved with conditions`."""
    return plain(load(_TEMPLATE).part(line.outcome.value))


def lead_words(question: str) -> str:
    """A question with what parts it from its outcome: `Buy beer:`; `Do we buy beer?`."""
    return question if question.endswith(_ENDS) else f"{question}:"


def how_words(line: MinutedDecision) -> str:
    """`2 for, 1 against, 0 abstained`; `by consensus`; `by the chair, 2 for, ...`."""
    values = {
        "by_vote": line.method is Method.VOTE,
        "by_chair": line.method is Method.CHAIR,
        "has_votes": line.votes_for is not None,
    }
    return plain(load(_TEMPLATE).part("how", line=line, **values))


def item_words(item: MinutedItem) -> str:
    """What kind of item it was, and where it was left: `decide, APOLLO, Ana: parked`."""
    texts = load(_TEMPLATE)
    what = ", ".join(filter(None, (plain(texts.part(item.purpose)), item.code, item.owner)))
    left = plain(texts.part(item.state))
    if item.is_consent and item.state is ItemState.DONE:
        left = plain(texts.part("consent"))
    return f"{what}: {left}" if left else what


def names_words(people: Iterable[Attendee]) -> str:
    """`Ana for Omar, Carol, Li (no vote)`."""
    texts = load(_TEMPLATE)
    names = [plain(texts.part("attendee", each=each)) for each in people]
    return ", ".join(names) or plain(texts.part("nobody"))


def quorum_words(minutes: Minutes) -> str:
    """How many voting seats were taken, and how many were needed."""
    everybody = (*minutes.present, *minutes.apologies, *minutes.absent)
    seats = sum(each.is_voting for each in everybody)
    values = {"taken": minutes.seats_taken, "needed": minutes.seats_needed, "seats": seats}
    return plain(load(_TEMPLATE).part("quorum", is_met=minutes.had_quorum, **values))


def state_words(minutes: Minutes, standing: Standing) -> str:
    """`Version 2, posted Thu 3 Dec 16:10, not approved yet`."""
    return standing_words(standing, minutes.timezone)


def standing_words(standing: Standing, zone: str) -> str:
    """The same, where the minutes themselves are not at hand."""
    return plain(load(_TEMPLATE).part(f"is_{standing.state}", standing=standing, zone=zone))
