"""When what could not be composed is tried again, and what may be told of the fault."""

import traceback
from datetime import datetime, timedelta
from typing import Final

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
"""So that a new version of the bot, or a mended record, is found within the hour."""

FORGOTTEN_AFTER: Final = timedelta(days=1)
"""What fails so long after its last failure fails for the first time."""

_LONGEST: Final = 200
"""Characters of a reason."""

_OURS: Final = frozenset({"domain", "models"})
"""Where composing goes on: a fault of a library is told by the line of ours that called it."""

_WITHOUT_PEOPLE: Final = (
    *(AttributeError, IndexError, NameError, UnboundLocalError, TypeError),
    *(NotImplementedError, OverflowError, RecursionError, ZeroDivisionError),
)
"""Errors whose words are Python's own. Those of others may quote what people have written."""


def failures_by_now(before: int, failed_at: datetime, now: datetime) -> int:
    """How many times in a row something has failed, with the failure of now."""
    return 1 if now - failed_at > FORGOTTEN_AFTER else before + 1


def again_at(failures: int, now: datetime) -> datetime:
    """When it is tried again: each time after twice the wait, up to the longest."""
    doublings = min(failures - 1, 10)  # beyond that the longest holds in any case
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def reason_of(error: Exception) -> str:
    """What was raised, and where in the bot's code: `KeyError in domain.digests.rules, line 12`.

    With its first line only where nothing of what people have written can stand in it.
    """
    told = type(error).__name__
    places = [
        (str(frame.f_globals.get("__name__")), number)
        for frame, number in traceback.walk_tb(error.__traceback__)
    ]
    ours = [place for place in places if place[0].split(".")[0] in _OURS]
    if ours:
        module, number = ours[-1]
        told += f" in {module}, line {number}"
    words = str(error).strip()
    if type(error) in _WITHOUT_PEOPLE and words:
        told += f": {words.splitlines()[0]}"
    return told[:_LONGEST]
