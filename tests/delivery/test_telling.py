"""Who hears of trouble: the PMO, once for each cause and day, in its channel if it has one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.delivery.errors import Permanent
from domain.delivery.messages import Place
from models.enums import DeliveryState
from tests.support.delivering import Asked, Bench, Reminded

NO_ENTRY = Permanent("not_in_channel", "the bot is not in the channel", "invite it")
TOLD = "note: the bot is not in the channel; invite it"


async def _values(bench: Bench) -> Mapping[str, Any]:
    problems = await bench.rows_of_kind("delivery_problem")
    return {row.place: (row.value["what"], row.value["count"]) for row in problems}


async def test_the_pmo_reads_of_trouble_in_its_channel_if_it_has_one(bench: Bench) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post C1", NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    assert bench.slack.texts("C-PMO") == [TOLD]
    assert bench.slack.texts("D-U-DANA") == []


async def test_sixty_failures_are_one_notice_and_few_edits(bench: Bench) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    bench.slack.plan("post C1", *[NO_ENTRY] * 60)
    for number in range(60):
        await bench.say("x", f"k{number}")
    await bench.elapse(minutes=1)
    await bench.elapse(minutes=5)
    assert bench.slack.texts("C-PMO") == [TOLD]
    assert await _values(bench) == {"channel:C-PMO": ("note", 60)}
    assert bench.slack.calls.count("edit") <= 3


async def test_a_message_that_fails_twice_a_day_is_counted_once(bench: Bench) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    bench.slack.plan("post C1", NO_ENTRY, NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    await bench.service.try_again("C1", bench.clock.now())
    await bench.elapse(minutes=5)
    assert await _values(bench) == {"channel:C-PMO": ("note", 1)}


async def test_if_the_channel_of_the_pmo_is_the_trouble_its_people_hear_of_it(
    bench: Bench,
) -> None:
    await bench.configure(pmo_channel_id="C1")
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post C1", NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    assert bench.slack.texts("D-U-DANA") == [TOLD]


async def test_what_the_channel_of_the_pmo_does_not_take_its_people_read_directly(
    bench: Bench,
) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post C1", NO_ENTRY)
    bench.slack.plan("post C-PMO", Permanent("is_archived", "the channel is archived", "unarchive"))
    await bench.say("x", "k")
    await bench.run()
    assert sorted(bench.slack.texts("D-U-DANA")) == [
        "delivery_problem: the channel is archived; unarchive",
        TOLD,
    ]


async def test_a_notice_waits_for_the_hours_of_its_reader(bench: Bench) -> None:
    await bench.configure(attention={"quiet_hours": "18:00-08:00"})
    bench.clock.at = datetime(2026, 11, 25, 22, tzinfo=UTC)
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post C1", NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    assert bench.slack.messages == []
    bench.clock.at = datetime(2026, 11, 26, 8, tzinfo=UTC)
    await bench.run()
    assert bench.slack.texts("D-U-DANA") == [TOLD]


async def test_what_could_not_be_said_in_time_is_told_once_a_day(bench: Bench) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    to = await bench.person("U1")
    for number in range(3):
        await bench.say(Asked(("x",)), f"k{number}", to, expires_in=timedelta(hours=1))
    await bench.say("y", "channel", Place.channel("C1"), expires_in=timedelta(hours=1))
    await bench.elapse(hours=2)
    await bench.elapse(minutes=5)
    states = [(await bench.row(f"k{number}")).state for number in range(3)]
    assert states == [DeliveryState.EXPIRED] * 3
    assert (await bench.row("k0")).reason == "its time was over before it could be said"
    (told,) = bench.slack.texts("C-PMO")
    assert "its time was over" in told
    assert [count for _what, count in (await _values(bench)).values()] == [4]


async def test_nobody_is_told_of_a_reminder_that_came_too_late_or_was_withdrawn(
    bench: Bench,
) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    to = await bench.person("U1")
    await bench.say(Reminded(("x",)), "late", to, expires_in=timedelta(hours=1))
    await bench.say(Asked(("x",)), "withdrawn", to, expires_in=timedelta(hours=1))
    async with bench.database.writing() as session:
        await bench.outbox.withdraw(session, "withdrawn", "answered meanwhile")
    await bench.elapse(hours=2)
    assert (await bench.row("late")).state is DeliveryState.EXPIRED
    assert bench.slack.messages == []
