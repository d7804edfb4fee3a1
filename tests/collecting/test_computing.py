"""Claim against facts on the record: what is loaded, and what is kept beside the claim."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.collecting.answering.keeping import keep_report, read_report
from domain.collecting.rules import check_answers
from domain.collecting.values import Answers, Submission
from models import collecting as store
from models.collecting import StatusReport
from models.enums import Health, LogKind, LogState, ReportSource
from tests.support.listing import Registry
from tests.support.portfolio import at
from tests.support.reporting import GREEN, YELLOW, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day."""
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
LATE_END: dict[str, Any] = {"start": date(2026, 1, 1), "baseline_end": date(2026, 12, 31)}


async def test_the_facts_are_kept_beside_the_claim_and_leave_it_alone(any_office: Office) -> None:
    end = date(2027, 3, 1)
    await any_office.world.project("APOLLO", **LATE_END, forecast_end=end, budget=Decimal(500))
    await any_office.tick(NINE)
    await any_office.answer("APOLLO", ANSWER, {**GREEN, "cost_forecast": "530"})
    [report] = await any_office.reports()
    assert (report.health, report.computed) == (Health.GREEN, Health.RED)
    assert report.computed_why == [
        "The forecast end 1 Mar 2027 is 60 days (16.5 %) past the baseline.",
        "The forecast at completion 530 is 30 (6 %) over the budget of 500.",
    ]
    told = read_report(report, "Ana")
    assert (told.computed, told.computed_why) == (Health.RED, tuple(report.computed_why))


async def test_the_thresholds_are_those_that_were_applied(office: Office) -> None:
    await office.world.configure(thresholds={"schedule": {"yellow": 20, "red": 40}})
    await office.world.project("APOLLO", **LATE_END, forecast_end=date(2027, 3, 1))
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, GREEN)
    assert [(each.computed, each.computed_why) for each in await office.reports()] == [
        (Health.GREEN, [])
    ]


async def test_without_facts_nothing_is_computed(office: Office) -> None:
    await office.world.project("APOLLO")
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, YELLOW)
    [report] = await office.reports()
    assert (report.computed, report.computed_why) == (None, [])


async def test_the_day_is_the_one_where_the_council_is(office: Office) -> None:
    await office.world.project("APOLLO", forecast_end=date(2026, 11, 26))
    await office.tick(NINE)
    await office.answer("APOLLO", at(27, 4, 59), GREEN)
    await office.answer("APOLLO", at(27, 5, 1), GREEN)
    assert [each.computed for each in await office.reports()] == [None, Health.YELLOW]


async def test_the_third_report_in_the_same_words_is_told_of(any_office: Office) -> None:
    await any_office.world.project("APOLLO")
    for week in (4, 11, 18):
        await any_office.tick(at(week, 14))
        await any_office.answer("APOLLO", at(week, 15), {**GREEN, "next": f"Week {week}"})
        await any_office.answer("APOLLO", at(week, 16), {**GREEN, "next": f"Week {week}"})
    assert [each.computed for each in await any_office.reports()] == [None] * 4 + [
        Health.YELLOW,
        Health.YELLOW,
    ]
    assert (await any_office.reports())[-1].computed_why == [
        "“Done since the last report” says the same in 3 reports in a row."
    ]


async def test_nothing_changed_is_no_repetition(office: Office) -> None:
    await office.world.project("APOLLO")
    for week, source in ((4, ReportSource.FORM), (11, ReportSource.NO_CHANGE)):
        await office.tick(at(week, 14))
        await _keep(office, week, Submission(_answers(), source=source))
    await office.tick(at(18, 14))
    kept = await _keep(office, 18, Submission(_answers(), source=ReportSource.NO_CHANGE))
    assert kept.computed is None


async def test_what_stands_on_the_projects_lists_is_a_fact(any_office: Office) -> None:
    registry = await Registry.opened(any_office.world)
    await any_office.tick(NINE)
    await registry.add(LogKind.RISK, "Vendor fails", likelihood=5, impact=5)
    await registry.add(LogKind.RISK, "Rain", likelihood=1, impact=2)
    await registry.add(LogKind.ACTION, "Sign", owner="ana", due_on=date(2026, 11, 24))
    await registry.add(LogKind.MILESTONE, "Pilot", due_on=date(2026, 11, 20))
    await registry.add(LogKind.DECISION, "Which bank", due_on=date(2026, 11, 2))
    await any_office.answer("APOLLO", ANSWER, GREEN)
    [report] = await any_office.reports()
    assert (report.computed, report.computed_why) == (
        Health.RED,
        [
            "Risk R-1 “Vendor fails” is open with a score of 25.",
            "Milestone M-1 “Pilot” was due 20 Nov 2026, 6 days ago.",
            "Decision D-1 “Which bank” was due 2 Nov 2026, 24 days ago.",
            "Action A-1 “Sign” was due 24 Nov 2026, 2 days ago.",
        ],
    )


async def test_what_was_closed_on_a_list_is_no_fact_any_more(any_office: Office) -> None:
    registry = await Registry.opened(any_office.world)
    await any_office.tick(NINE)
    for kind, title in ((LogKind.MILESTONE, "Pilot"), (LogKind.DECISION, "Which bank")):
        await registry.add(kind, title, due_on=date(2026, 11, 2), state=LogState.DONE)
    told = {"milestone": "pilot", "milestone_forecast": "2026-11-02", "milestone_met": "met"}
    told |= {"decision": "Which bank"}
    await any_office.answer("APOLLO", ANSWER, {**GREEN, **told})
    assert [each.computed for each in await any_office.reports()] == [None]


async def test_a_reason_is_kept_where_the_claim_is_better_and_only_there(office: Office) -> None:
    await office.world.project("APOLLO", forecast_end=date(2026, 11, 2))
    await office.tick(at(4, 14))
    better = await _keep(office, 4, Submission(_answers(), claim_reason="Handover only"))
    assert (better.computed, better.claim_reason) == (Health.YELLOW, "Handover only")
    answers = check_answers(YELLOW, ())
    same = await _keep(office, 4, Submission(answers, claim_reason="Handover only"))
    assert (same.computed, same.claim_reason) == (Health.YELLOW, "")


def _answers() -> Answers:
    return check_answers(GREEN, ())


async def _keep(office: Office, week: int, submission: Submission) -> StatusReport:
    """Keep an answer for the request of a week, whatever way it would have come."""
    request = (await office.requests("APOLLO"))[-1]
    viewer = await office.world.viewer("ana")
    async with office.database.writing() as session:
        row = await store.request_row(session, office.world.workspace_id, request.pk, locked=True)
        assert row is not None
        return await keep_report(session, office.outbox, row, viewer, submission, at(week, 15))
