"""A pack as it froze, with a restricted project in every part of it."""

from datetime import UTC, date, datetime
from typing import Any

from domain.meetings.pre_read.values import (
    CallItem,
    Pack,
    PackAction,
    PackDecided,
    PackDecision,
    PackProject,
)
from models.enums import Health, Outcome, Purpose

APOLLO, MERCURY = 1, 2
"""The open project, and the restricted one."""

FROZE = datetime(2026, 11, 26, 14, tzinfo=UTC)


def project(number: int, code: str, health: Health, days: int = 7, **facts: Any) -> PackProject:
    return PackProject(
        number,
        code,
        f"Project {code.capitalize()}",
        "Ana",
        health,
        days,
        reported_at=FROZE,
        **facts,
    )


PACK = Pack(
    meeting_id=7,
    council="ITS Council",
    title="Meeting on Mercury",
    starts_at=datetime(2026, 12, 3, 19, tzinfo=UTC),
    minutes=60,
    timezone="America/New_York",
    place="The Mercury room",
    chair="Carol",
    members=(("Carol", True), ("Li", False), ("Omar", True)),
    as_of=FROZE,
    on=date(2026, 11, 26),
    agenda=(
        CallItem("Minutes of 5 Nov", Purpose.DECIDE, is_consent=True),
        CallItem("Release the reserve", Purpose.DECIDE, 20, "Ana", "APOLLO", APOLLO),
        CallItem("Stop it?", Purpose.DECIDE, 15, "Ana", "MERCURY", MERCURY),
        CallItem("What Mercury teaches us", Purpose.DISCUSS, 10),
    ),
    digest_on=date(2026, 11, 18),
    projects=(
        project(APOLLO, "APOLLO", Health.RED, 21, why="No supplier.", path_to_green="Sign one."),
        project(MERCURY, "MERCURY", Health.RED, 7, why="No money."),
    ),
    decisions=(
        PackDecision("D-2", "APOLLO", APOLLO, "Release 50,000 of the reserve?", "Council"),
        PackDecision("D-1", "MERCURY", MERCURY, "Stop?", "Council"),
    ),
    actions=(
        PackAction("A-1", "APOLLO", APOLLO, "Ask for offers", "Ana", date(2026, 11, 20)),
        PackAction("A-4", "MERCURY", MERCURY, "Tell the board", "Ana", date(2026, 11, 20)),
        PackAction("A-2", "", None, "Explain Mercury to all", "Omar", date(2026, 11, 20)),
    ),
    decided=(
        PackDecided(
            *("D-11", "APOLLO", APOLLO, "Start?", Outcome.APPROVED, "As with Mercury", "Mercury"),
            date(2026, 11, 5),
        ),
        PackDecided(
            *("D-12", "MERCURY", MERCURY, "Start?", Outcome.DEFERRED, "", "No money"),
            date(2026, 11, 5),
        ),
    ),
)
