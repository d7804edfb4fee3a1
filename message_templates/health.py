"""Health in words: a symbol that differs in shape, not only in colour, and what it stands for."""

from enum import StrEnum
from typing import Final

from models.enums import Health


class Grey(StrEnum):
    """Why a project has no colour."""

    NO_REPORT = "No report"
    NOT_RATED = "Not rated"
    ON_HOLD = "On hold"


HEALTH_SYMBOLS: Final[dict[Health, str]] = {
    Health.GREEN: "🟢",
    Health.YELLOW: "🔶",
    Health.RED: "🟥",
    Health.GREY: "⚪",
}
"""Circle, diamond, square, empty circle."""


def health_words(health: Health, grey: Grey = Grey.NO_REPORT) -> str:
    """Name a health, for example `🟢 Green`; grey by its reason."""
    word = grey.value if health is Health.GREY else health.value.capitalize()
    return f"{HEALTH_SYMBOLS[health]} {word}"
