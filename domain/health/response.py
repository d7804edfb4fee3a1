"""How a cycle is answered, in pure computation: who has and who has not, how many, how fast."""

from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from domain.health.values import Answer, Response
from models.enums import RequestState

IN_TIME = (RequestState.ANSWERED, RequestState.UNCHANGED)


def respond(answers: Iterable[Answer]) -> Response:
    """Sort the answers of one cycle, and count them.

    Who was excused, or is still to be asked, owes no answer: the rate leaves them out. The time to
    answer is counted from the ask to the first answer, corrections and those who answered before
    they were asked left out.
    """
    known = list(answers)

    def those(*states: RequestState) -> tuple[Answer, ...]:
        return tuple(each for each in known if each.state in states)

    answered, late = those(*IN_TIME), those(RequestState.LATE)
    waiting, missed = those(RequestState.ASKED), those(RequestState.MISSED)
    given, due = len(answered) + len(late), len(answered) + len(late) + len(waiting) + len(missed)
    return Response(
        answered=answered,
        late=late,
        waiting=waiting,
        missed=missed,
        to_ask=those(RequestState.PENDING),
        excused=those(RequestState.EXCUSED),
        rate=round(100 * given / due) if due else None,
        median=_median([*answered, *late]),
    )


def _median(answers: Iterable[Answer]) -> timedelta | None:
    """The middle one of the times to answer; of an even number the mean of the two."""
    times = [
        (each.answered_at - each.asked_at).total_seconds()
        for each in answers
        if each.asked_at and each.answered_at and each.answered_at >= each.asked_at
    ]
    return timedelta(seconds=median(times)) if times else None
