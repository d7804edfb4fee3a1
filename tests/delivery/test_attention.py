"""The gatekeeper on the ledger: what costs attention waits for its reader's hours and budget."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.delivery.errors import Ambiguous, Permanent, RetryAfter
from domain.delivery.messages import Place
from models.base import Database
from models.enums import DeliveryState
from tests.support.clock import FakeClock
from tests.support.delivering import GENERAL, Asked, Bench, Note, Reminded, Summed
from tests.support.reporting import statements

QUIET = {"attention": {"messages_per_day": 2, "quiet_hours": "18:00-08:00"}}
EVENING = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
"""Half past six in New York, on a Wednesday."""
MORNING = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)
NO_ONE = Permanent("user_disabled", "the account is deactivated", "appoint another")


def asked(text: str) -> Note:
    return Asked((text,))


def reminded(text: str) -> Note:
    return Reminded((text,))


def summed(text: str) -> Note:
    return Summed((text,))


@pytest.fixture
async def reader(bench: Bench) -> Place:
    """Somebody in New York, with quiet hours and two messages a day."""
    await bench.configure(**QUIET)
    return await bench.person("U1", timezone="America/New_York")


async def _states(bench: Bench, keys: Collection[str]) -> list[str]:
    return [(await bench.row(key)).state.value for key in keys]


async def test_within_hours_and_budget_a_message_is_admitted_and_said(
    bench: Bench, reader: Place
) -> None:
    await bench.say(summed("x"), "k", reader)
    assert (await bench.row("k")).state is DeliveryState.WAITING
    await bench.run()
    row = await bench.row("k")
    assert (row.state, row.admitted_at, row.waited_for) == (
        DeliveryState.SENT,
        bench.clock.now(),
        "",
    )
    assert bench.slack.texts("D-U1") == ["x"]


async def test_nothing_is_said_in_quiet_hours_and_the_record_tells_why(
    bench: Bench, reader: Place
) -> None:
    bench.clock.at = EVENING
    await bench.say(summed("x"), "k", reader)
    await bench.run()
    row = await bench.row("k")
    assert (row.state, row.due_at) == (DeliveryState.WAITING, MORNING)
    why = "waits until Thu 26 Nov 08:00 (America/New_York): outside working hours, or quiet hours"
    assert row.reason == why
    assert await bench.elapse(hours=13, minutes=29) == 0
    await bench.elapse(minutes=1)
    assert bench.slack.texts("D-U1") == ["x"]
    row = await bench.row("k")
    assert (row.reason, row.waited_for) == ("", why)


async def test_what_exceeds_the_budget_waits_for_tomorrow(bench: Bench, reader: Place) -> None:
    for number in range(4):
        await bench.say(summed(f"{number}"), f"k{number}", reader)
        await bench.elapse(minutes=5)
    assert bench.slack.texts("D-U1") == ["0", "1"]
    assert await _states(bench, ["k2", "k3"]) == ["waiting", "waiting"]
    await bench.elapse(days=1)
    assert bench.slack.texts("D-U1") == ["0", "1", "2", "3"]


async def test_the_most_important_goes_first_whatever_came_first(
    bench: Bench, reader: Place
) -> None:
    for number, message in enumerate([summed("digest"), reminded("reminder"), asked("request")]):
        await bench.say(message, f"k{number}", reader)
    await bench.run()
    assert bench.slack.texts("D-U1") == ["reminder", "request"]
    assert await _states(bench, ["k0"]) == ["waiting"]


async def test_answers_replies_and_channels_cost_nothing(bench: Bench, reader: Place) -> None:
    await bench.say(summed("head"), "head", reader)
    for number in range(5):
        await bench.say("answer", f"a{number}", reader)
        await bench.say(summed("reply"), f"r{number}", Place.thread("head"))
        await bench.say(summed("post"), f"c{number}", GENERAL)
    await bench.elapse(minutes=1)
    assert len(bench.slack.messages) == 16
    await bench.say(summed("second"), "second", reader)
    await bench.run()
    assert (await bench.row("second")).state is DeliveryState.SENT


async def test_an_edit_costs_nothing_and_is_made_in_quiet_hours(
    bench: Bench, reader: Place
) -> None:
    await bench.say(asked("old"), "k", reader)
    await bench.run()
    bench.clock.at = EVENING
    await bench.say(asked("new"), "k", reader)
    await bench.run()
    assert bench.slack.texts("D-U1") == ["new"]


async def test_a_newer_value_of_what_waits_goes_on_waiting(bench: Bench, reader: Place) -> None:
    bench.clock.at = EVENING
    await bench.say(summed("old"), "k", reader)
    await bench.run()
    await bench.say(summed("new"), "k", reader)
    await bench.run()
    row = await bench.row("k")
    assert (row.state, row.due_at, row.revision) == (DeliveryState.WAITING, MORNING, 2)
    bench.clock.at = MORNING
    await bench.run()
    assert bench.slack.texts("D-U1") == ["new"]


async def test_a_request_whose_cut_off_moves_ahead_of_its_chance_goes_out_at_once(
    bench: Bench, reader: Place
) -> None:
    bench.clock.at = EVENING
    await bench.say(asked("old"), "k", reader, expires_in=timedelta(days=2))
    await bench.run()
    assert (await bench.row("k")).state is DeliveryState.WAITING
    await bench.say(asked("new"), "k", reader, expires_in=timedelta(hours=3))
    await bench.run()
    assert bench.slack.texts("D-U1") == ["new"]
    assert "its cut-off comes before the next chance" in (await bench.row("k")).waited_for


async def test_a_reminder_that_would_come_too_late_is_dropped_and_nobody_is_troubled(
    bench: Bench, reader: Place
) -> None:
    await bench.person("U-DANA", is_pmo=True)
    bench.clock.at = EVENING
    await bench.say(reminded("hurry"), "k", reader, expires_in=timedelta(hours=3))
    await bench.run()
    row = await bench.row("k")
    assert row.state is DeliveryState.EXPIRED
    assert row.reason.startswith("its time would have been over before it could be said")
    assert await bench.rows_of_kind("delivery_problem") == []


async def test_what_waits_can_be_withdrawn(bench: Bench, reader: Place) -> None:
    bench.clock.at = EVENING
    await bench.say(reminded("hurry"), "k", reader)
    await bench.run()
    async with bench.database.writing() as session:
        assert await bench.outbox.withdraw(session, "k", "answered meanwhile")
    bench.clock.at = MORNING
    await bench.run()
    assert bench.slack.messages == []
    assert (await bench.row("k")).reason == "answered meanwhile"


async def test_what_waits_holds_up_nothing_else_at_its_place(bench: Bench, reader: Place) -> None:
    bench.clock.at = EVENING
    await bench.say(summed("later"), "k", reader)
    await bench.say("an answer", "a", reader)
    await bench.run()
    assert bench.slack.texts("D-U1") == ["an answer"]


async def test_replies_wait_for_their_head(bench: Bench, reader: Place) -> None:
    bench.clock.at = EVENING
    await bench.say(summed("head"), "head", reader)
    await bench.say("detail", "detail", Place.thread("head"))
    assert await bench.run() == 0
    bench.clock.at = MORNING
    await bench.run()
    assert [one.text for one in bench.slack.messages] == ["head", "detail"]


async def test_what_failed_and_is_tried_again_is_not_counted_twice(
    bench: Bench, reader: Place
) -> None:
    bench.slack.plan("open_dm", NO_ONE)
    await bench.say(summed("first"), "k1", reader)
    await bench.run()
    assert (await bench.row("k1")).state is DeliveryState.FAILED
    await bench.service.retry((await bench.row("k1")).pk, "U-DANA")
    await bench.run()
    await bench.say(summed("second"), "k2", reader)
    await bench.elapse(minutes=1)
    assert bench.slack.texts("D-U1") == ["first", "second"]


async def test_what_is_tried_again_in_quiet_hours_waits_for_the_morning(
    bench: Bench, reader: Place
) -> None:
    bench.slack.plan("open_dm", NO_ONE)
    await bench.say(summed("first"), "k", reader)
    await bench.run()
    bench.clock.at = EVENING
    await bench.service.retry((await bench.row("k")).pk, "U-DANA")
    await bench.run()
    assert (await bench.row("k")).state is DeliveryState.WAITING


async def test_what_was_admitted_before_an_outage_is_not_said_in_the_night_after_it(
    bench: Bench, reader: Place
) -> None:
    bench.slack.plan("open_dm", RetryAfter(7 * 3600))
    await bench.say(summed("x"), "k", reader)
    await bench.run()
    bench.clock.at = EVENING
    await bench.run()
    row = await bench.row("k")
    assert (row.state, row.due_at, row.attempts) == (DeliveryState.WAITING, MORNING, 0)
    bench.clock.at = MORNING
    await bench.run()
    assert bench.slack.texts("D-U1") == ["x"]


async def test_what_may_be_posted_already_is_looked_up_at_any_hour(
    bench: Bench, reader: Place
) -> None:
    bench.slack.plan_lost_answer("post", Ambiguous("no_answer", "the answer was lost"))
    await bench.say(summed("x"), "k", reader)
    await bench.run()
    bench.clock.at = EVENING
    await bench.run()
    assert (await bench.row("k")).state is DeliveryState.SENT
    assert bench.slack.texts("D-U1") == ["x"]


async def test_the_carrier_hears_of_what_is_admitted(bench: Bench, reader: Place) -> None:
    await bench.say(summed("x"), "k", reader)
    bench.carried.clear()
    assert await bench.gatekeeper.admit(bench.clock.now())
    assert bench.carried == [{"person:1"}]
    assert not await bench.gatekeeper.admit(bench.clock.now())


async def test_everybody_has_their_own_midnight(bench: Bench) -> None:
    await bench.configure(attention={"messages_per_day": 1})
    bench.clock.at = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    far_east = await bench.person("U1", timezone="Pacific/Kiritimati")
    west = await bench.person("U2", timezone="America/New_York")
    for number in range(2):
        for name, place in (("east", far_east), ("west", west)):
            await bench.say(summed(f"{number}"), f"{name}{number}", place)
    await bench.run()
    assert [len(bench.slack.texts(f"D-U{number}")) for number in (1, 2)] == [1, 1]
    await bench.elapse(minutes=31)
    assert [len(bench.slack.texts(f"D-U{number}")) for number in (1, 2)] == [2, 1]


async def test_two_gatekeepers_spend_a_budget_once(
    any_database: Database, any_workspace_id: int, clock: FakeClock
) -> None:
    bench = Bench(any_database, any_workspace_id, clock)
    await bench.configure(**QUIET)
    reader = await bench.person("U1", timezone="America/New_York")
    second = Database(any_database.url)
    other = Bench(second, any_workspace_id, clock)
    for number in range(6):
        await bench.say(summed("x"), f"k{number}", reader)
        await bench.gatekeeper.admit(clock.now())
        await other.gatekeeper.admit(clock.now())
    await second.close()
    states = await _states(bench, [f"k{number}" for number in range(6)])
    assert states == ["due"] * 2 + ["waiting"] * 4


async def test_a_batch_takes_the_same_statements_for_any_number_of_people(
    bench: Bench, any_database: Database
) -> None:
    await bench.configure(**QUIET)
    counts = []
    for people in (2, 1, 40):  # the first ones find no gate yet
        places = [await bench.person(f"U{people}-{number}") for number in range(people)]
        for number, place in enumerate(places):
            for kind in (summed, asked, reminded):
                await bench.say(kind("x"), f"{people}-{number}-{kind.__name__}", place)
        with statements(any_database) as seen:
            assert await bench.gatekeeper.admit(bench.clock.now())
        counts.append(len(seen))
    assert counts[1] == counts[2]


async def test_looking_for_what_waits_reads_only_that(
    database: Database, workspace_id: int, clock: FakeClock
) -> None:
    bench = Bench(database, workspace_id, clock)
    await bench.say(summed("x"), "k", await bench.person("U1"))
    with statements(database) as seen:
        await bench.gatekeeper.admit(clock.now())
    looks = [each for each in seen if "FROM delivery" in each]
    plans = [await _plan(database, each) for each in looks]
    assert [plan for plan in plans if "SCAN delivery" in plan] == []
    assert "ix_delivery_waiting" in plans[0]
    assert any("ix_delivery_admitted" in plan for plan in plans)


async def _plan(database: Database, statement: str) -> str:
    values: Any = (1,) * statement.count("?")
    async with database.engine.connect() as connection:
        found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "; ".join(row[-1] for row in found)


async def test_what_was_due_before_there_was_a_budget_is_said_as_it_would_have_been(
    bench: Bench, reader: Place
) -> None:
    bench.clock.at = EVENING
    await bench.say(summed("x"), "k", reader)
    await bench.change("k", state=DeliveryState.DUE)
    await bench.run()
    assert bench.slack.texts("D-U1") == ["x"]
