"""The form over the wire: what it asks, what it keeps, and two people at once."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlmodel import col, select

from models.collecting import StatusReport
from models.logs import LogEntry
from models.portfolio import Project
from sandbox.acting import ActionResult
from sandbox.inputs import state_of
from sandbox.workspace import View
from tests.support.lists import Lists
from tests.support.scene import Scene, fields_of, fresh_copy, held, over_socket_mode, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

PINGING = "<!channel> *bold* {{ 7 * 7 }} <@U123> \u202eright to left\u202c 🚀"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """A week in: APOLLO and CERES have reported once, and all are asked again."""
    folder = tmp_path_factory.mktemp("scene")
    async with over_socket_mode(fresh_copy(sqlite_template, folder), folder) as made:
        await made.at(at(18, 14))
        for code in ("APOLLO", "CERES", "BOREAS"):
            await made.report(
                "priya", code, health="Green", done="Chose a vendor", next="- Sign it\n- Pay it"
            )
        await made.at(at(20, 20))
        await made.at(at(23, 13))
        await made.at(at(25, 14))
        yield made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def send(scene: Scene, name: str, view: View, **values: str | None) -> ActionResult:
    """Send a form as it is, with these values typed into it."""
    result = await scene.sandbox.acting.submit_view(scene.id(name), view.id, dict(values))
    assert result.ok, result
    return result


async def open_by_card(scene: Scene, name: str, code: str) -> View:
    """Open the form from a project's card: a deputy may answer without being asked."""
    (card, *_more) = await Lists(scene, name).ask(f"show {code}")
    is_answered = "Correct" in words(card.blocks)  # by a test that ran before
    await Lists(scene, name).press(card, "Correct" if is_answered else "Update")
    return await scene.view(name, "status_form")


async def top(scene: Scene, name: str) -> View:
    view = scene.sandbox.workspace.top_view(scene.id(name))
    assert view is not None
    return view


async def close(scene: Scene, name: str) -> None:
    view = await top(scene, name)
    await scene.sandbox.acting.close_view(scene.id(name), view.id, clear=True)
    await scene.settle()


async def typed_in(scene: Scene, name: str, view: View, field: str, text: str) -> None:
    """Type into a long field, as Slack tells it while somebody types; wait until it is kept."""
    await scene.choose(name, view, field, text)
    await scene.sandbox.delivery.drain()


def stands(view: View, field: str) -> Any:
    """What stands in a field now."""
    (held_now,) = state_of(view)[field].values()
    chosen = held_now.get("selected_option")
    return chosen["value"] if chosen else held_now.get("value") or held_now.get("selected_date")


async def versions(scene: Scene, code: str) -> list[StatusReport]:
    async with scene.core.database.reading() as session:
        found = await session.exec(
            select(StatusReport)
            .join(Project, col(Project.id) == StatusReport.project_id)
            .where(Project.code == code)
            .order_by(col(StatusReport.id))
        )
        return list(found)


async def entries(scene: Scene) -> dict[str, LogEntry]:
    async with scene.core.database.reading() as session:
        return {each.title: each for each in await session.exec(select(LogEntry))}


async def test_the_form_follows_the_health_and_keeps_what_is_typed(office: Scene) -> None:
    view = await office.open_form("priya", "APOLLO")
    assert not {"why", "path_to_green"} & fields_of(view)
    await typed_in(office, "priya", view, "risks", "The vendor may fold")
    await office.choose("priya", view, "health", "Red")
    await office.until(lambda: {"why", "path_to_green"} <= fields_of(view), "what red asks")
    await typed_in(office, "priya", view, "path_to_green", "Another vendor by Friday")
    await office.choose("priya", view, "health", "Green")
    await office.until(lambda: "path_to_green" not in fields_of(view), "what green asks")
    await office.choose("priya", view, "health", "Yellow")
    await office.until(lambda: "path_to_green" in fields_of(view), "what yellow asks")
    assert stands(view, "path_to_green") == "Another vendor by Friday"
    assert stands(view, "risks") == "The vendor may fold"
    await close(office, "priya")


async def test_what_was_typed_is_offered_again_and_can_be_dropped(office: Scene) -> None:
    view = await office.open_form("priya", "APOLLO")
    assert "Your draft of" in words(view.blocks)
    assert (held(view, "health"), held(view, "risks")) == ("Yellow", "The vendor may fold")
    result = await office.sandbox.acting.press_in_view(
        office.id("priya"), view.id, "status_start_over", "status_start_over"
    )
    assert result.ok
    await office.until(lambda: "Your draft of" not in words(view.blocks), "a fresh form")
    assert (stands(view, "health"), stands(view, "risks")) == ("Green", None)
    await close(office, "priya")
    again = await office.open_form("priya", "APOLLO")
    assert "Your draft of" not in words(again.blocks)
    await close(office, "priya")


async def test_a_draft_is_nobody_elses(office: Scene) -> None:
    view = await office.open_form("priya", "APOLLO")
    await typed_in(office, "priya", view, "done", "For my eyes only")
    await close(office, "priya")
    other = await open_by_card(office, "ben", "APOLLO")
    assert "For my eyes only" not in str(other.payload)
    await close(office, "ben")


async def test_a_refused_form_leaves_a_draft_and_errors_stand_at_their_fields(
    office: Scene,
) -> None:
    view = await office.open_form("priya", "CERES")
    result = await send(
        office,
        "priya",
        view,
        risks=PINGING,
        milestone="Go-live",
        milestone_forecast="2026-11-01",
        decision="Fund it",
        decision_by="2026-11-02",
    )
    assert result.errors is not None
    assert result.errors.keys() == {"milestone_forecast", "decision_by"}
    await close(office, "priya")
    again = await office.open_form("priya", "CERES")
    assert held(again, "risks") == PINGING
    assert held(again, "milestone_forecast") == "2026-11-01"
    result = await send(office, "priya", again, milestone_met="met", decision_by="2026-12-02")
    assert not result.errors
    if (await top(office, "priya")).payload["callback_id"] == "status_form":
        await send(office, "priya", again, claim_reason="It is only a question")
    await close(office, "priya")
    report = (await versions(office, "CERES"))[-1]
    assert (report.risks, report.milestone_met) == (PINGING, True)
    assert (await entries(office))["Go-live"].state.value == "done"


async def test_promises_go_from_next_and_count_as_done(office: Scene) -> None:
    view = await office.open_form("priya", "APOLLO")
    assert [held(view, f"promise:{number}") for number in (0, 1)] == [None, None]
    await office.choose("priya", view, "promise:0", "done")
    await office.until(lambda: stands(view, "next") == "- Pay it", "a shorter next")
    await office.choose("priya", view, "promise:1", "moved")
    await send(office, "priya", view, done=None)
    receipt = await top(office, "priya")
    assert "Saved" in str(receipt.payload["title"])
    await close(office, "priya")
    report = (await versions(office, "APOLLO"))[-1]
    assert (report.done, report.next) == ("Sign it", "- Pay it")
    assert [(each["text"], each["outcome"]) for each in report.promises] == [
        ("Sign it", "done"),
        ("Pay it", "moved"),
    ]


async def test_the_second_of_two_editors_is_told_and_loses_nothing(office: Scene) -> None:
    dana = await open_by_card(office, "dana", "BOREAS")
    priya = await office.open_form("priya", "BOREAS")
    await send(office, "priya", priya, done="Priya was first", percent_complete="40")
    await close(office, "priya")
    await send(office, "dana", dana, done="Dana was second")
    told = await top(office, "dana")
    assert told.payload["callback_id"] == "status_form"
    text = words(told.blocks)
    assert "Not saved yet" in text
    assert "Priya saved version 1 at 09:00: " in text
    assert "done Chose a vendor → Priya was first" in text
    assert "Send again to save yours as version 2." in text
    assert stands(told, "done") == "Dana was second"
    assert len(await versions(office, "BOREAS")) == 2
    await send(office, "dana", told)
    await close(office, "dana")
    *_, hers, danas = await versions(office, "BOREAS")
    assert (hers.version, hers.done) == (1, "Priya was first")
    assert (danas.version, danas.done) == (2, "Dana was second")


async def test_a_form_that_is_sent_twice_is_one_version(office: Scene) -> None:
    view = await office.open_form("priya", "BOREAS")
    before = len(await versions(office, "BOREAS"))
    payload = {"done": "Once", "next": "More"}
    acting, who = office.sandbox.acting, office.id("priya")
    await office.choose("priya", view, "health", "Green")
    blocks = dict(view.payload)
    await acting.submit_view(who, view.id, payload)
    first = words((await top(office, "priya")).blocks)
    acting.viewing.update(view, blocks)  # as if the first answer had been lost
    await acting.submit_view(who, view.id, payload)
    assert words((await top(office, "priya")).blocks) == first
    await close(office, "priya")
    assert [each.done for each in (await versions(office, "BOREAS"))[before:]] == ["Once"]


async def test_due_actions_must_be_answered_and_are_kept_with_the_report(office: Scene) -> None:
    simon = Lists(office, "simon")
    for title, due in (("Call the vendor", "2026-11-26"), ("Write it up", "2026-12-30")):
        await simon.add(
            "actions", "DELTA", "Add an action", title=title, due_on=due, owner=office.id("simon")
        )
    view = await office.open_form("simon", "DELTA")
    known = await entries(office)
    due, later = (f"action:{known[each].pk}:1" for each in ("Call the vendor", "Write it up"))
    optional = {each["block_id"]: each["optional"] for each in view.blocks if "optional" in each}
    assert (optional[due], optional[later]) == (False, True)
    await office.choose("simon", view, due, "moved")
    moved_to = f"action_due:{known['Call the vendor'].pk}"
    await office.until(lambda: moved_to in fields_of(view), "to which day")
    values = {"health": "Green", "done": "x", "next": "y"}
    result = await send(office, "simon", view, **values)
    assert result.errors == {moved_to: "Give the day to which it moved."}
    await send(office, "simon", view, **{moved_to: "2026-12-04"})
    await close(office, "simon")
    call = (await entries(office))["Call the vendor"]
    assert (call.due_on, call.revision) == (date(2026, 12, 4), 2)
    assert len(await versions(office, "DELTA")) == 1


async def test_a_claim_that_is_better_than_the_facts_asks_for_the_reason_once(
    office: Scene,
) -> None:
    view = await office.open_form("simon", "DELTA")
    slip = {
        "milestone": "Cut-over",
        "milestone_baseline": "2026-06-01",
        "milestone_forecast": "2027-06-01",
    }
    await send(office, "simon", view, **slip)
    asked = await top(office, "simon")
    assert asked.payload["callback_id"] == "status_form"
    assert "the facts come to" in words(asked.blocks)
    assert "claim_reason" in fields_of(asked)
    assert "Cut-over" not in await entries(office)
    refused = await send(office, "simon", asked)
    assert refused.errors == {"claim_reason": "Say what the facts do not show."}
    await send(office, "simon", asked, claim_reason="The council has moved the date")
    await close(office, "simon")
    report = (await versions(office, "DELTA"))[-1]
    assert (report.health.value, report.claim_reason) == (
        "green",
        "The council has moved the date",
    )
    assert report.computed is not None
    assert "Cut-over" in await entries(office)


async def test_a_milestone_of_the_list_fills_in_its_name_and_dates(office: Scene) -> None:
    await Lists(office, "simon").add(
        "milestones",
        "DELTA",
        "Add a milestone",
        title="Acceptance",
        baseline_on="2027-02-01",
        due_on="2027-02-15",
    )
    view = await office.open_form("simon", "DELTA")
    await typed_in(office, "simon", view, "risks", "Typed before")
    for field, typed in (("milestone", "Another"), ("milestone_forecast", "2027-07-07")):
        await office.choose("simon", view, field, typed)
    chosen = str((await entries(office))["Acceptance"].pk)
    await office.choose("simon", view, "status_milestone", chosen)
    await office.until(lambda: stands(view, "milestone") == "Acceptance", "the milestone")
    assert stands(view, "milestone_baseline") == "2027-02-01"
    assert stands(view, "milestone_forecast") == "2027-02-15"
    assert stands(view, "risks") == "Typed before"
    await close(office, "simon")


async def test_closeout_asks_closeout_questions(office: Scene) -> None:
    view = await office.open_form("priya", "APOLLO")
    await office.choose("priya", view, "phase", "closeout")
    await office.until(
        lambda: any(each.startswith("question:") for each in fields_of(view)), "questions"
    )
    first = next(each for each in view.blocks if each.get("block_id", "").startswith("question:"))
    assert first["label"]["text"] == "Are all deliverables accepted?"
    await send(office, "priya", view, **{first["block_id"]: "All but the manual"})
    await close(office, "priya")
    report = (await versions(office, "APOLLO"))[-1]
    assert (report.phase, report.extra) == (
        "closeout",
        {"Are all deliverables accepted?": "All but the manual"},
    )
    _result, answers = await office.command("erik", "show APOLLO")
    assert "All but the manual" in "\n".join(words(each.blocks) for each in answers)
