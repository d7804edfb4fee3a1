"""A council of any size with words as people write them: the same for the same numbers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.digests.values import Counts, CycleFacts, LeftProject, ProjectInCycle
from models.enums import Health
from tests.support.digesting import OPENS_ON, facts, past_of, project

_NAMES = (
    "Student Portal",
    "Learning Records",
    "Campus Network Refresh",
    "Library Catalogue Migration",
    "Multi-factor Sign-in Rollout",
    "Payroll Replacement",
    "Print Service Consolidation",
)
_PMS = ("Ana Ruiz", "Priya Nair", "Omar Haddad", "Simon Whitfield", "Maria-Luisa Fernandez")
_WHY = (
    "The vendor's API is two weeks late. Go-live moves from 3 Mar to 17 Mar. Budget unaffected.",
    "Two of five engineers were moved to payroll.",
    "The security review found open issues in the sign-in flow; fixes need a second test.",
)
_PATHS = (
    "New vendor's contract by 1 Dec (Omar), adapter tested by 12 Dec (Ana)",
    "Fixes tested by 9 Dec; green again when the review is closed",
)
_DONE = ("Tested the import of 40,000 records", "Trained 120 users in three faculties")
_DECISIONS = (
    "Approve $90,000 for the second supplier, or move the go-live to April?",
    "Release the database administrator from payroll until 31 January?",
)
_REASONS = ("on leave until 4 Dec, no deputy", "second miss: sponsor told", "")
_PASTS = ("rrg", "y", "g", "yyyyy", "", "gg")


def council(
    count: int, *, red: int = 0, yellow: int = 0, missing: int = 0, decisions: int = 0
) -> CycleFacts:
    """A cycle of a council; what is neither red, yellow nor missing is green.

    Every third project has a milestone in the weeks around; decisions are asked for by the first
    projects in the order red, yellow, green.
    """
    healths = [Health.RED] * red + [Health.YELLOW] * yellow
    healths += [Health.GREEN] * (count - red - yellow - missing)
    projects = [
        _project(number, health, has_decision=number < decisions)
        for number, health in enumerate([*healths, *[None] * missing])
    ]
    left = LeftProject(9_999, "ZEUS", "Email Archive", "Li Wei", "operations", is_restricted=False)
    before = Counts(green=max(count - 8, 0), yellow=4, red=2, grey=2)
    return facts(*projects, previous=before, left=(left,), last_phase="closeout")


def _project(number: int, health: Health | None, *, has_decision: bool) -> ProjectInCycle:
    answers: dict[str, Any] = {}
    if health is not None:
        answers["done"] = _nth(_DONE, number)
    if health in (Health.RED, Health.YELLOW):
        answers |= {"why": _nth(_WHY, number), "path_to_green": _nth(_PATHS, number)}
    if health is not None and has_decision:
        by = OPENS_ON + timedelta(days=number * 5 % 30 - 2)
        answers |= {"decision": _nth(_DECISIONS, number), "decision_by": by}
        answers["decision_from"] = "Carol Sponsor"
    if health is not None and number % 3 == 0:
        planned, now = timedelta(days=number % 40), timedelta(days=number % 40 + number % 4 * 7)
        answers |= {"milestone": "Go-live", "milestone_baseline": OPENS_ON + planned}
        answers["milestone_forecast"] = OPENS_ON + now
    claimed = {"computed": Health.RED, "claim_reason": "Only the archive moves in spring"}
    made = project(
        f"P-{number:04}",
        health,
        past=past_of(_nth(_PASTS, number)),
        report=claimed if number % 23 == 0 else {"unchanged": int(number % 11 == 0)},
        **answers,
    )
    return replace(
        made,
        project_id=number + 1,
        name=_nth(_NAMES, number),
        pm=_nth(_PMS, number),
        reason="" if health else _nth(_REASONS, number),
    )


def _nth(words: tuple[str, ...], number: int) -> str:
    return words[number % len(words)]
