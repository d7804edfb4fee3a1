"""Health reads without colours: each has its own shape and word."""

import pytest

from message_templates.health import HEALTH_SYMBOLS
from message_templates.kit import Grey, health_words
from models.enums import Health


@pytest.mark.parametrize(
    ("health", "expected"),
    [
        (Health.GREEN, "🟢 Green"),
        (Health.YELLOW, "🔶 Yellow"),
        (Health.RED, "🟥 Red"),
        (Health.GREY, "⚪ No report"),
    ],
)
def test_health_is_a_symbol_and_a_word(health: Health, expected: str) -> None:
    assert health_words(health, Grey.NO_REPORT) == expected
    assert health_words(health) == expected


def test_grey_says_why() -> None:
    assert health_words(Health.GREY, Grey.ON_HOLD) == "⚪ On hold"
    assert health_words(Health.GREY, Grey.NOT_RATED) == "⚪ Not rated"


def test_a_colour_has_no_reason() -> None:
    assert health_words(Health.RED, Grey.ON_HOLD) == "🟥 Red"


def test_no_two_symbols_are_alike() -> None:
    assert len(set(HEALTH_SYMBOLS.values())) == len(Health)
