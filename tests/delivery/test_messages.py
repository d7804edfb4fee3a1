"""Messages become stored values and come back the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

import pytest

from bot.factory import MESSAGES
from domain.delivery.errors import Transient
from domain.delivery.messages import DeliveryProblem, MessageCodec, Place, _adapter
from models.enums import Attention, Health


@dataclass(frozen=True)
class Line:
    code: str
    health: Health


@dataclass(frozen=True)
class Report:
    kind: ClassVar[str] = "report"
    attention: ClassVar[Attention] = Attention.FREE

    at: datetime
    due: date | None
    spent: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Other:
    kind: ClassVar[str] = "report"
    attention: ClassVar[Attention] = Attention.FREE


REPORT = Report(
    datetime(2026, 11, 25, 14, tzinfo=UTC),
    date(2026, 12, 1),
    Decimal("10.50"),
    (Line("APOLLO", Health.RED),),
)


def test_a_message_survives_storing() -> None:
    codec = MessageCodec([Report])
    value = codec.encode(REPORT)
    assert value == {
        "at": "2026-11-25T14:00:00Z",
        "due": "2026-12-01",
        "spent": "10.50",
        "lines": [{"code": "APOLLO", "health": "red"}],
    }
    assert codec.decode("report", value) == REPORT


def test_every_message_of_the_bot_can_be_stored() -> None:
    """Each is looked into when the first of its kind is said, which would be late to hear of it."""
    assert all(_adapter(each) for each in MESSAGES)


def test_the_problem_message_is_always_known() -> None:
    codec = MessageCodec([DeliveryProblem])
    problem = DeliveryProblem("digest", "C1", None, "cause", "cure")
    assert codec.decode("delivery_problem", codec.encode(problem)) == problem


def test_two_messages_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="Report and Other are both of the kind 'report'"):
        MessageCodec([Report, Other])


def test_a_message_that_nobody_registered_is_refused_when_it_is_said() -> None:
    with pytest.raises(ValueError, match=r"Report \(kind 'report'\) is not registered"):
        MessageCodec([]).encode(REPORT)
    with pytest.raises(ValueError, match=r"Other .* is not registered"):
        MessageCodec([Report]).encode(Other())


def test_a_kind_that_nobody_knows_is_refused_when_it_is_read() -> None:
    with pytest.raises(ValueError, match="no message is of the kind 'poll'"):
        MessageCodec([]).decode("poll", {})


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place.channel("C1"), "channel:C1"),
        (Place.person(7), "person:7"),
        (Place.thread("digest:3:2026-11-27"), "thread:digest:3:2026-11-27"),
    ],
)
def test_a_place_has_one_name(place: Place, name: str) -> None:
    assert place.name == name


def test_a_trouble_reads_as_cause_and_cure() -> None:
    assert str(Transient("down", "Slack is down")) == "Slack is down"
    assert str(Transient("x", "no entry", "invite the bot")) == "no entry; invite the bot"
