"""Which section of the handbook belongs to what is told from the record."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.answers.live.messages import Clause
from domain.answers.live.values import Intent
from domain.answers.rules import links, shown
from domain.answers.values import Handbook

_SECTIONS: Final = {
    Intent.LATE: ("kpi:schedule-variance#definition", "status:rag-thresholds#rule"),
    Intent.HEALTH: ("status:rag#meaning", "status:rag-thresholds#rule"),
    Intent.END: ("kpi:schedule-variance#definition", "governance:change-control#rebaseline"),
    Intent.MONEY: ("kpi:cost-variance#definition", "status:rag-thresholds#rule"),
    Intent.MILESTONE: ("kpi:milestone-hit#definition",),
    Intent.DECIDED: ("meeting:decisions#how",),
    Intent.MISSING: ("status:late-report#rule",),
    Intent.MY_DUE: ("status:late-report#rule", "status:cadence#rule"),
    Intent.NEXT_ASK: ("status:cadence#rule",),
    Intent.NEXT_DIGEST: ("status:digest#content",),
    Intent.NEXT_MEETING: ("meeting:agenda#how", "meeting:pre-read#rule"),
}
_DETAILS: Final = {
    "pm": ("role:project-manager#tasks",),
    "deputy": ("status:delegate#rule",),
    "sponsor": ("role:sponsor#tasks",),
    "council": ("role:governance-council#what",),
    "risk": ("template:risk-register#purpose",),
    "issue": ("template:issue-log#purpose",),
    "action": ("meeting:action-items#rule",),
    "decision": ("meeting:decisions#how",),
    "raid": ("template:raid-log#purpose",),
    "milestone": ("kpi:milestone-hit#definition",),
    "health:red": ("status:path-to-green#how", "status:rag#meaning"),
    "health:yellow": ("status:rag#meaning",),
    "on_hold": ("status:on-hold#rule",),
    "late": ("kpi:schedule-variance#definition",),
    "order_approve": ("governance:change-control#steps",),
    "order_colour": ("status:edit-after-submit#rule", "status:rag#meaning"),
    "order_dates": ("governance:change-control#rebaseline",),
    "order_phase": ("governance:stage-gates#what",),
    "order_report": ("status:writing#how",),
    "order_people": ("status:delegate#rule",),
    "reports": ("status:late-report#rule",),
}
_WHOLE: Final = frozenset({Intent.NEEDS, Intent.NEXT_MEETING})
"""What is answered by the section itself, or can't be answered without it."""


def clause_for(
    handbook: Handbook, today: date, topic: Intent | None, detail: str = "", phase: str = ""
) -> Clause:
    """What the handbook says to a topic; nothing, where the PMO's own has no such section."""
    wanted = _wanted(topic, detail, phase.casefold())
    known = [handbook.sections[each] for each in wanted if each in handbook.sections]
    if not known:
        return Clause()
    is_whole = topic in _WHOLE and known[0].id == wanted[0]
    return Clause(shown(known[0], today), is_whole, links(known[1:] if is_whole else known))


def _wanted(topic: Intent | None, detail: str, phase: str) -> Sequence[str]:
    if topic is Intent.PHASE:
        return (f"phase:{phase}#purpose", f"phase:{phase}#exit-criteria")
    if topic is Intent.NEEDS:
        return (
            f"phase:{phase}#exit-criteria",
            f"phase:{phase}#gate",
            "governance:stage-gates#what",
        )
    if topic in _SECTIONS:
        return _SECTIONS[topic]
    return _DETAILS.get(detail, ())
