"""Each check, over facts: what it finds, and that it finds nothing where all is well."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.delivery.values import Undelivered
from domain.health.rules import NAMED, SCOPES, examine
from domain.health.values import (
    Area,
    Backlog,
    ChannelUse,
    CouncilUse,
    DigestUse,
    Facts,
    Finding,
    Holder,
    LeftProject,
    NotComposed,
    Severity,
    SlackFacts,
    UnpostedDigest,
)

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)

DANA = Holder("Dana", is_pmo=True)
ANA = Holder("Ana", manages=("APOLLO",))
ITS = CouncilUse("ITS Council", projects=3, readers=2, has_calendar=True)

DRAFT = UnpostedDigest(
    "ITS Council", date(2026, 11, 25), NOW + timedelta(days=2), "America/New_York"
)

WELL = Facts(
    zone="America/New_York",
    is_configured=True,
    is_paused=False,
    slack=SlackFacts(NOW, frozenset(SCOPES), timedelta(seconds=2)),
    channels=(ChannelUse("its-council", "ITS Council", is_found=True, is_member=True),),
    people=(ANA, DANA),
    councils=(ITS,),
    projects=3,
    left=(),
    backlog=Backlog(due=2, later=5, oldest_due_at=NOW - timedelta(minutes=5)),
    undelivered=(),
    unposted=(replace(DRAFT, needs_approval=True),),  # its time is still to come
)


def found(**changes: Any) -> list[Finding]:
    return list(examine(replace(WELL, **changes), NOW))


def test_nothing_is_found_where_all_is_well() -> None:
    assert found() == []


def slack(**changes: Any) -> SlackFacts:
    return replace(WELL.slack, **changes)


def lost(number: int, cause: str = "the channel is archived", **facts: Any) -> Undelivered:
    told = {"is_held": False, "is_edit": False, "is_over": False, "cure": "unarchive it", **facts}
    return Undelivered(number, "digest_head", "C1", None, NOW, cause, **told)


@pytest.mark.parametrize(
    ("changes", "severity", "area", "subject", "cause"),
    [
        ({"is_configured": False}, "problem", Area.SETUP, "configuration", "nobody is asked"),
        ({"is_paused": True}, "warning", Area.SETUP, "paused", "nobody is asked"),
        ({"projects": 0}, "problem", Area.SETUP, "portfolio", "no project"),
        ({"people": (ANA,)}, "problem", Area.SETUP, "PMO", "nobody hears"),
        (
            {"people": (ANA, replace(DANA, is_gone=True), replace(DANA, name="Dora"))},
            "warning",
            Area.PEOPLE,
            "Dana",
            "one of the PMO",
        ),
        (
            {"slack": slack(scopes=frozenset(SCOPES) - {"im:write"})},
            "problem",
            Area.SLACK,
            "scope im:write",
            "open direct messages",
        ),
        (
            {"slack": slack(skew=timedelta(seconds=31))},
            "warning",
            Area.SLACK,
            "clock",
            "31 seconds ahead of",
        ),
        (
            {"slack": slack(skew=timedelta(hours=-2))},
            "problem",
            Area.SLACK,
            "clock",
            "7200 seconds behind",
        ),
        (
            {"slack": slack(asked_at=NOW - timedelta(days=2, seconds=1))},
            "warning",
            Area.SLACK,
            "last check",
            "for 2 days",
        ),
        (
            {"unposted": (replace(DRAFT, due_at=NOW, needs_approval=True),)},
            "problem",
            Area.DIGESTS,
            "ITS Council, digest of 25 Nov 2026",
            "waits for the PMO's approval since Wed 25 Nov 09:00 (America/New_York)",
        ),
        (
            {"unposted": (replace(DRAFT, held_by="Dana", needs_approval=True),)},
            "warning",
            Area.DIGESTS,
            "ITS Council, digest of 25 Nov 2026",
            "Dana holds it until Fri 27 Nov 09:00",
        ),
        ({"slack": SlackFacts()}, "warning", Area.SLACK, "last check", "not been asked yet"),
        (
            {"digests": (DigestUse("Overview", 0, "erp", has_next=True),)},
            "warning",
            Area.DIGESTS,
            "Overview",
            "there is no open project with the tag 'erp' that is asked for reports",
        ),
        (
            {"digests": (DigestUse("Overview", 3, None, has_next=False),)},
            "warning",
            Area.DIGESTS,
            "Overview",
            "its rule has come to its end",
        ),
        (
            {"channels": (ChannelUse("its", "ITS Council", is_found=False),)},
            "problem",
            Area.CHANNELS,
            "#its",
            "deleted",
        ),
        (
            {"channels": (ChannelUse("its", "the PMO", is_found=True, is_archived=True),)},
            "problem",
            Area.CHANNELS,
            "#its",
            "the channel of the PMO is archived",
        ),
        (
            {"channels": (ChannelUse("its", "the PMO", is_found=True),)},
            "problem",
            Area.CHANNELS,
            "#its",
            "not in the channel",
        ),
        (
            {"left": (LeftProject("APOLLO", "Ana"), LeftProject("BOREAS", "Ana"))},
            "problem",
            Area.PROJECTS,
            "APOLLO, BOREAS",
            "the PM, Ana, has left Slack: nobody can answer",
        ),
        (
            {"left": (LeftProject("APOLLO", "Ana", "Ben"),)},
            "problem",
            Area.PROJECTS,
            "APOLLO",
            "only the deputy, Ben",
        ),
        (
            {"people": (DANA, Holder("Sam", sponsors=("A", "B"), seats=("ITS",), is_gone=True))},
            "warning",
            Area.PEOPLE,
            "Sam",
            "still sponsor of A, B; member of ITS",
        ),
        (
            {"people": (DANA, Holder("Gus", chairs=("ITS",), is_guest=True))},
            "warning",
            Area.PEOPLE,
            "Gus",
            "a guest in Slack",
        ),
        (
            {"people": (DANA, replace(ANA, has_zone=False))},
            "warning",
            Area.PEOPLE,
            "Ana",
            "asked by America/New_York",
        ),
        (
            {"councils": (replace(ITS, has_calendar=False),)},
            "warning",
            Area.COUNCILS,
            "ITS Council",
            "nobody is asked for its projects (3)",
        ),
        (
            {"councils": (replace(ITS, readers=0),)},
            "warning",
            Area.COUNCILS,
            "ITS Council",
            "none of its chair and members",
        ),
        (
            {"backlog": Backlog(7, 0, NOW - timedelta(minutes=6))},
            "problem",
            Area.DELIVERY,
            "7 due",
            "waits for 6 minutes",
        ),
        (
            {"undelivered": (lost(1), lost(2))},
            "problem",
            Area.DELIVERY,
            "2 messages not delivered",
            "the channel is archived",
        ),
        (
            {"undelivered": (lost(1, is_held=True),)},
            "problem",
            Area.DELIVERY,
            "1 message held",
            "nobody can tell",
        ),
    ],
)
def test_what_hinders_the_bot_is_found_once_with_cause_and_cure(
    changes: dict[str, Any], severity: str, area: Area, subject: str, cause: str
) -> None:
    (finding,) = found(**changes)
    assert (finding.severity, finding.area, finding.subject) == (Severity(severity), area, subject)
    assert cause in finding.cause
    assert finding.cure


@pytest.mark.parametrize(
    "changes",
    [
        {"people": (DANA, Holder("Gus", manages=("A",), is_guest=True))},
        {"people": (DANA, Holder("Li", seats=("ITS",), has_zone=False))},
        {"people": (DANA, Holder("Ana", manages=("A",), has_zone=False, is_gone=True))},
        {"councils": (CouncilUse("New", projects=0, readers=1, has_calendar=False),)},
        {"slack": slack(scopes=None, skew=None)},
        {"slack": slack(skew=timedelta(seconds=-30))},
        {"backlog": Backlog(0, 9, None)},
    ],
)
def test_what_hinders_nothing_is_not_told(changes: dict[str, Any]) -> None:
    assert found(**changes) == []


def test_hundreds_without_a_zone_are_one_finding_that_names_some() -> None:
    crowd = tuple(Holder(f"P{n}", manages=("A",), has_zone=False) for n in range(300))
    (finding,) = found(people=(DANA, *crowd))
    assert finding.subject.endswith(f"and {300 - NAMED} more")


def test_problems_come_before_warnings_whatever_they_are_about() -> None:
    told = found(
        councils=(replace(ITS, has_calendar=False),),
        people=(DANA, replace(ANA, has_zone=False)),
        undelivered=(lost(1), lost(2, "another reason")),
        channels=(ChannelUse("its", "the PMO", is_found=True),),
    )
    assert [each.area for each in told] == [
        Area.CHANNELS,
        Area.DELIVERY,
        Area.DELIVERY,
        Area.PEOPLE,
        Area.COUNCILS,
    ]


def test_what_cannot_be_composed_is_told_with_the_fault_and_when_it_is_tried_again() -> None:
    again = NOW + timedelta(minutes=4)
    work = NotComposed("ITS Council, digest of 25 Nov", "KeyError", 3, again, "America/New_York")
    (finding,) = found(not_composed=(work,))
    assert (finding.severity, finding.area) == (Severity.PROBLEM, Area.DIGESTS)
    assert finding.cause.startswith("composing it has failed 3 times: KeyError;")
    assert finding.cure.startswith("it is tried again by itself at Wed 25 Nov 09:04 (America/New_Y")
    (first,) = found(not_composed=(replace(work, failures=1),))
    assert "failed once" in first.cause
