"""Facts of a reporting cycle in few words, for the rules of the room `digests`."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.collecting.values import Answers
from domain.digests.values import CycleFacts, PastReport, ProjectInCycle, ReportFacts
from models.enums import Health, RequestState

OPENS_ON = date(2026, 11, 25)
WEEK = timedelta(days=7)
ANSWERED_AT = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
DIGEST_AT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
"""A Monday, eight o'clock in New York."""
COLOURS = {
    "g": Health.GREEN,
    "y": Health.YELLOW,
    "r": Health.RED,
    "-": Health.GREY,
}


def past_of(letters: str, milestone: str = "", forecast: date | None = None) -> list[PastReport]:
    """Earlier answers, newest first, one letter a week: `gy` for green, yellow before; `.` none."""
    return [
        PastReport(OPENS_ON - WEEK * ago, COLOURS[letter], milestone, forecast)
        for ago, letter in enumerate(letters, start=1)
        if letter != "."
    ]


def project(
    code: str,
    health: Health | None = None,
    *,
    past: Iterable[PastReport] = (),
    state: RequestState | None = None,
    report: dict[str, Any] | None = None,
    is_restricted: bool = False,
    **answers: Any,
) -> ProjectInCycle:
    """A project of the cycle; without a health it has no report."""
    number = sum(ord(letter) * 256**place for place, letter in enumerate(code))
    given: dict[str, Any] = {"submitted_at": ANSWERED_AT, "version": 1, **(report or {})}
    answered = None
    if health is not None:
        answered = ReportFacts(
            number, Answers(health=health, **answers), "Ana", "execution", **given
        )
    default = RequestState.MISSED if health is None else RequestState.ANSWERED
    return ProjectInCycle(
        project_id=number,
        code=code,
        name=f"Project {code}",
        pm="Ana",
        state=state or default,
        reason="",
        is_restricted=is_restricted,
        report=answered,
        past=tuple(past),
    )


def facts(*projects: ProjectInCycle, **others: Any) -> CycleFacts:
    """The facts of a weekly cycle."""
    given: dict[str, Any] = {
        "cycle_id": 1,
        "council": "ITS Council",
        "opens_on": OPENS_ON,
        "cut_off_at": CUT_OFF,
        "timezone": "America/New_York",
        "earlier_on": tuple(OPENS_ON - WEEK * ago for ago in range(1, 157)),
    }
    ordered = tuple(sorted(projects, key=lambda each: each.code))
    return CycleFacts(projects=ordered, **{**given, **others})
