"""How a cycle is answered: tables of answers, and what they come to."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.health.response import respond
from domain.health.values import Answer, Response
from models.enums import RequestState

ASKED_AT = datetime(2026, 11, 18, 14, tzinfo=UTC)


def answer(
    state: RequestState,
    took: timedelta | None = None,
    *,
    code: str = "APOLLO",
    asked_at: datetime | None = ASKED_AT,
) -> Answer:
    given = ASKED_AT + took if took is not None else None
    return Answer(code, "Portal", "Ana", "Ana", state, asked_at=asked_at, answered_at=given)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


ANSWERED, UNCHANGED, LATE = RequestState.ANSWERED, RequestState.UNCHANGED, RequestState.LATE
WAITING, MISSED = RequestState.ASKED, RequestState.MISSED
EXCUSED, PENDING = RequestState.EXCUSED, RequestState.PENDING


@pytest.mark.parametrize(
    ("answers", "rate", "median"),
    [
        pytest.param([], None, None, id="nobody was asked"),
        pytest.param([answer(EXCUSED), answer(PENDING)], None, None, id="nobody owes one"),
        pytest.param([answer(WAITING), answer(MISSED)], 0, None, id="none answered"),
        pytest.param([answer(ANSWERED, hours(2))], 100, hours(2), id="one"),
        pytest.param(
            [answer(ANSWERED, hours(9)), answer(UNCHANGED, hours(1)), answer(LATE, hours(2))],
            100,
            hours(2),
            id="an odd number",
        ),
        pytest.param(
            [answer(ANSWERED, hours(1)), answer(ANSWERED, hours(4))],
            100,
            hours(2.5),
            id="an even number",
        ),
        pytest.param(
            [answer(ANSWERED, hours(1)), answer(WAITING), answer(MISSED)],
            33,
            hours(1),
            id="a third",
        ),
        pytest.param(
            [answer(ANSWERED, hours(1)), answer(EXCUSED), answer(EXCUSED)],
            100,
            hours(1),
            id="who is excused is left out",
        ),
        pytest.param(
            [answer(ANSWERED, hours(1)), answer(LATE, hours(80)), answer(MISSED)],
            67,
            hours(40.5),
            id="a late answer is an answer",
        ),
        pytest.param(
            [answer(ANSWERED, -hours(1)), answer(ANSWERED, hours(1), asked_at=None)],
            100,
            None,
            id="answered before the ask",
        ),
        pytest.param([answer(ANSWERED, timedelta())], 100, timedelta(), id="at once"),
    ],
)
def test_a_cycles_answers_come_to_a_rate_and_a_median(
    answers: list[Answer], rate: int | None, median: timedelta | None
) -> None:
    response = respond(answers)
    assert (response.rate, response.median) == (rate, median)


def test_each_answer_stands_in_one_list_in_its_order() -> None:
    answers = [
        answer(state, code=f"{state}{number}") for number in (1, 2) for state in RequestState
    ]

    def named(*states: RequestState) -> tuple[Answer, ...]:
        return tuple(each for each in answers if each.state in states)

    assert respond(answers) == Response(
        answered=named(ANSWERED, UNCHANGED),
        late=named(LATE),
        waiting=named(WAITING),
        missed=named(MISSED),
        to_ask=named(PENDING),
        excused=named(EXCUSED),
        rate=60,
    )
