"""The lists in the record, as other rooms read and change them within their own transactions."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import NotAllowedError, NotFoundError, UnreadableError
from domain.logs.errors import StaleEntryError
from domain.logs.rules import MOST_OPEN
from domain.logs.values import ActionAnswer
from models.base import Database
from models.enums import LogKind, LogState
from tests.support.listing import NOW, TODAY, Registry
from tests.support.portfolio import RESTRICTED
from tests.support.reporting import statements

RISK, ACTION, MILESTONE, DECISION = (
    LogKind.RISK,
    LogKind.ACTION,
    LogKind.MILESTONE,
    LogKind.DECISION,
)


async def test_entries_are_numbered_by_kind_and_project(any_registry: Registry) -> None:
    await any_registry.project("BOREAS")
    for code in ("APOLLO", "APOLLO", "BOREAS"):
        await any_registry.add(RISK, "A vendor fails", code=code, likelihood=4, impact=5)
    await any_registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    refs = [each.ref for each in await any_registry.open(code="APOLLO")]
    assert sorted(refs) == ["A-1", "R-1", "R-2"]
    assert [each.ref for each in await any_registry.open(code="BOREAS")] == ["R-1"]


async def test_two_who_add_at_once_get_two_numbers(any_registry: Registry) -> None:
    await asyncio.gather(*(any_registry.add(RISK, f"Risk {number}") for number in range(4)))
    assert sorted(each.number for each in await any_registry.open(RISK)) == [1, 2, 3, 4]


async def test_open_entries_come_overdue_and_earliest_first_in_one_statement(
    any_registry: Registry, any_database: Database
) -> None:
    for days in (9, None, -3, 2):
        due = None if days is None else TODAY + timedelta(days=days)
        await any_registry.add(MILESTONE, f"{days}", due_on=due)
    with statements(any_database) as seen:
        found = await any_registry.open(MILESTONE)
    assert [each.title for each in found] == ["-3", "2", "9", "None"]
    assert [each.is_overdue(TODAY) for each in found] == [True, False, False, False]
    assert len([each for each in seen if each.startswith("SELECT")]) == 1
    assert await any_registry.open(RISK) == []


async def test_an_entry_tells_its_age_score_and_slip(registry: Registry) -> None:
    await registry.add(RISK, "A vendor fails", owner="ben", likelihood=4, impact=5)
    await registry.add(MILESTONE, "Go live", baseline_on=date(2027, 3, 3), due_on=date(2027, 3, 13))
    milestone, risk = await registry.open(today=TODAY + timedelta(days=12))
    assert (risk.score, risk.is_high, risk.age_days, risk.code) == (20, True, 12, "APOLLO")
    assert risk.owner is not None
    assert risk.owner.name == "Ben"
    assert (milestone.slip_days, milestone.score, milestone.is_high) == (10, None, False)


async def test_the_day_of_opening_is_the_workspaces(registry: Registry) -> None:
    await registry.add(RISK, "A vendor fails")
    assert (await registry.open())[0].opened_on == TODAY


async def test_an_owner_finds_their_own_but_not_what_they_may_not_see(
    any_registry: Registry,
) -> None:
    await any_registry.project("VAULT", visibility=RESTRICTED)
    await any_registry.add(ACTION, "Seen", owner="li", due_on=TODAY)
    await any_registry.add(ACTION, "Secret", code="VAULT", owner="li", due_on=TODAY)
    await any_registry.add(ACTION, "Somebody else's", owner="ben", due_on=TODAY)
    assert [each.title for each in await any_registry.owned("li")] == ["Seen"]
    assert await any_registry.owned("li", [RISK]) == []
    assert await any_registry.owned("erik") == []


async def test_an_owner_says_done_and_the_history_says_who(any_registry: Registry) -> None:
    action = await any_registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    done = await any_registry.answer("li", ActionAnswer(action, 1, "done", "Room 5"))
    assert (done.state, done.note, done.revision) == (LogState.DONE, "Room 5", 2)
    assert done.closed_at == NOW
    assert await any_registry.open() == []
    li = any_registry.world.id("li")
    assert await any_registry.history() == [
        (li, "state", "open", "done"),
        (li, "note", "", "Room 5"),
    ]


async def test_an_answer_sent_twice_changes_nothing_the_second_time(registry: Registry) -> None:
    action = await registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    for _time in range(2):
        done = await registry.answer("li", ActionAnswer(action, 1, "done"))
    assert done.revision == 2
    assert len(await registry.history()) == 1


async def test_an_answer_to_what_has_changed_meanwhile_is_refused_with_the_change(
    any_registry: Registry,
) -> None:
    action = await any_registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    later = TODAY + timedelta(days=7)
    await any_registry.answer("ana", ActionAnswer(action, 1, "moved", due_on=later))
    with pytest.raises(StaleEntryError, match="Ana changed the due date from 2026-11-25 to 2026"):
        await any_registry.answer("li", ActionAnswer(action, 1, "done"))
    (kept,) = await any_registry.open()
    assert (kept.due_on, kept.state) == (later, LogState.OPEN)


async def test_two_answers_at_once_are_one_and_a_refusal(any_registry: Registry) -> None:
    action = await any_registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    later = TODAY + timedelta(days=7)
    outcomes = await asyncio.gather(
        any_registry.answer("li", ActionAnswer(action, 1, "done")),
        any_registry.answer("ana", ActionAnswer(action, 1, "moved", due_on=later)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, StaleEntryError) for each in outcomes) == 1
    assert len(await any_registry.history()) == 1


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (ActionAnswer(0, 1, "moved"), "give the day to which it has moved"),
        (ActionAnswer(0, 1, "moved", due_on=TODAY - timedelta(days=1)), "is in the past"),
        (ActionAnswer(0, 1, "cancelled"), "say why it falls away"),
        (ActionAnswer(0, 1, "open", "x" * 3_001), "3,001 characters"),
    ],
)
async def test_an_answer_that_lacks_something_says_what(
    registry: Registry, answer: ActionAnswer, cure: str
) -> None:
    action = await registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    meant = ActionAnswer(action, 1, answer.outcome, answer.note, answer.due_on)
    with pytest.raises(UnreadableError, match=cure):
        await registry.answer("li", meant)
    assert await registry.history() == []


async def test_owner_pm_deputy_and_pmo_answer_an_action_and_nobody_else(
    registry: Registry,
) -> None:
    await registry.project("VAULT", visibility=RESTRICTED)
    action = await registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    secret = await registry.add(ACTION, "Secret", code="VAULT", owner="li", due_on=TODAY)
    for revision, name in enumerate(("li", "ana", "ben", "dana"), start=1):
        answer = ActionAnswer(action, revision, "open", f"Said by {name}")
        assert (await registry.answer(name, answer)).note == f"Said by {name}"
    for name in ("erik", "carol", "sam"):
        with pytest.raises(NotAllowedError, match="Only the owner of A-1"):
            await registry.answer(name, ActionAnswer(action, 5, "done"))
    for name, entry in (("li", secret), ("gus", action), ("ana", 999)):
        with pytest.raises(NotFoundError, match="There is no such entry any more"):
            await registry.answer(name, ActionAnswer(entry, 1, "done"))


async def test_a_report_opens_its_milestone_and_decision_and_then_moves_them(
    any_registry: Registry,
) -> None:
    first: dict[str, Any] = {"milestone": "Go live", "milestone_forecast": date(2027, 3, 3)}
    asked: dict[str, Any] = {
        "decision": "Choose a vendor\nA is dear, B is late",
        "decision_from": "ITS Council",
    }
    await any_registry.report(**first, **asked)
    decision, milestone = sorted(await any_registry.open(), key=lambda each: each.ref)
    assert (milestone.baseline_on, milestone.due_on) == (date(2027, 3, 3), date(2027, 3, 3))
    assert (decision.title, decision.owner_name) == ("Choose a vendor", "ITS Council")
    assert decision.text == "Choose a vendor\nA is dear, B is late"
    assert await any_registry.history() == []

    moved: dict[str, Any] = {"milestone": "GO LIVE", "milestone_forecast": date(2027, 3, 20)}
    for _time in range(2):
        await any_registry.report(**moved, decision="choose a vendor", decision_by=TODAY)
    decision, milestone = sorted(await any_registry.open(), key=lambda each: each.ref)
    assert milestone.slip_days == 17
    assert (decision.due_on, decision.owner_name) == (TODAY, "ITS Council")
    ana = any_registry.world.id("ana")
    assert (
        await any_registry.history()
        == [
            (ana, "due_on", "2027-03-03", "2027-03-20"),
            (ana, "due_on", "", "2026-11-25"),
            (ana, "text", "Choose a vendor\nA is dear, B is late", "choose a vendor"),
        ][:2]
    )


async def test_a_report_that_names_neither_leaves_the_lists_alone(registry: Registry) -> None:
    await registry.report()
    assert await registry.stored() == []


async def test_a_milestone_that_was_met_is_not_opened_again_by_the_same_report(
    registry: Registry,
) -> None:
    named: dict[str, Any] = {"milestone": "Go live", "milestone_forecast": date(2026, 11, 20)}
    await registry.report(**named)
    (entry,) = await registry.stored()
    async with registry.database.writing() as session:
        session.add(entry)
        entry.state = LogState.DONE
    await registry.report(**named)
    assert len(await registry.stored()) == 1
    await registry.report(milestone="Go live", milestone_forecast=date(2027, 1, 20))
    assert [each.ref for each in await registry.open()] == ["M-2"]


async def test_a_long_decision_is_kept_whole_under_its_first_line(registry: Registry) -> None:
    text = "Which " + "very " * 60 + "long way?"
    await registry.report(decision=text)
    (entry,) = await registry.open(DECISION)
    assert (entry.text, len(entry.title), entry.title[-1]) == (text, 200, "…")
    await registry.report(decision=text)
    assert len(await registry.stored()) == 1


async def test_a_report_is_taken_even_when_the_lists_are_full(registry: Registry) -> None:
    await registry.fill(MOST_OPEN)
    await registry.report(milestone="Go live", milestone_forecast=date(2027, 3, 3))
    assert await registry.open(MILESTONE) == []
