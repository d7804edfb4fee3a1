"""Saying something: one subject, its newest value, the caller's transaction."""

from datetime import timedelta

import pytest

from domain.delivery.messages import Place
from models.enums import DeliveryState, DeliveryStep
from tests.support.delivering import GENERAL, Asked, Bench, Note, note

MINUTE = timedelta(minutes=1)


async def test_what_is_said_is_posted_once(bench: Bench) -> None:
    await bench.say("hello", "k")
    assert await bench.run() == 1
    assert bench.slack.texts("C1") == ["hello"]
    row = await bench.row("k")
    assert row.state is DeliveryState.SENT
    assert (row.slack_ts, row.channel_id) == ("1000.000100", "C1")
    assert (row.posted_revision, row.posted_at) == (1, bench.clock.now())
    assert row.posted_text == "hello"
    assert row.posted_blocks == [{"type": "section", "text": {"type": "plain_text", "text": "-"}}]
    assert (row.lease_owner, row.lease_until, row.attempts) == (None, None, 0)


async def test_saying_the_same_again_changes_nothing(bench: Bench) -> None:
    await bench.say("hello", "k")
    await bench.say("hello", "k")
    await bench.run()
    await bench.say("hello", "k")
    assert await bench.elapse(hours=1) == 0
    assert bench.slack.calls == ["post"]
    assert (await bench.row("k")).revision == 1


async def test_a_change_before_the_post_changes_what_is_posted(bench: Bench) -> None:
    await bench.say("first", "k")
    await bench.say("second", "k")
    await bench.run()
    assert bench.slack.texts("C1") == ["second"]
    assert bench.slack.calls == ["post"]


async def test_many_changes_cost_one_edit(bench: Bench) -> None:
    await bench.say("0", "k")
    await bench.run()
    for number in range(1, 51):
        await bench.say(str(number), "k")
    await bench.elapse(seconds=3)
    assert bench.slack.texts("C1") == ["50"]
    assert bench.slack.calls == ["post", "edit"]
    assert (await bench.row("k")).posted_revision == 51


async def test_a_stream_of_changes_costs_an_edit_every_three_seconds(bench: Bench) -> None:
    await bench.say("0", "k")
    await bench.run()
    for number in range(1, 31):
        await bench.say(str(number), "k")
        await bench.elapse(seconds=1)
    assert bench.slack.texts("C1") == ["30"]
    assert bench.slack.calls.count("edit") == 10


async def test_a_change_to_a_message_that_has_stood_for_a_while_is_shown_at_once(
    bench: Bench,
) -> None:
    await bench.say("asked", "k")
    await bench.elapse(seconds=3)
    bench.clock.advance(seconds=3)
    await bench.say("answered", "k")
    await bench.run()
    assert bench.slack.texts("C1") == ["answered"]


async def test_a_change_back_to_what_is_posted_costs_no_call(bench: Bench) -> None:
    await bench.say("a", "k")
    await bench.run()
    await bench.say("b", "k")
    await bench.say("a", "k")
    await bench.elapse(minutes=1)
    assert bench.slack.calls == ["post"]
    row = await bench.row("k")
    assert (row.state, row.posted_revision) == (DeliveryState.SENT, 3)


async def test_a_change_while_the_message_is_on_its_way_is_brought_to_it(bench: Bench) -> None:
    await bench.say("first", "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    await bench.say("second", "k")
    await bench.service.carry_out(claim)
    assert bench.slack.texts("C1") == ["first"]
    assert await bench.run() == 0  # the pause between two changes
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C1") == ["second"]


async def test_nothing_is_said_if_the_transaction_fails(bench: Bench) -> None:
    with pytest.raises(RuntimeError):
        async with bench.database.writing() as session:
            await bench.outbox.say(session, note("x"), to=GENERAL, key="k", now=bench.clock.now())
            raise RuntimeError
    assert await bench.parts("k") == []
    assert bench.wakes == 0


async def test_the_worker_is_woken_once_something_new_is_committed(bench: Bench) -> None:
    await bench.say("x", "k")
    assert bench.wakes == 1
    await bench.say("x", "k")
    assert bench.wakes == 1
    await bench.say("y", "k")
    assert bench.wakes == 2


async def test_the_carrier_hears_the_conversation_even_of_a_reply(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.say("reply", "reply", to=Place.thread("head"))
    await bench.say("hello", "hello", to=await bench.person("U1"))
    assert bench.carried == [{"channel:C1"}, {"channel:C1"}, {"person:1"}]


async def test_what_is_said_once_is_never_changed(bench: Bench) -> None:
    for text in ("first", "second"):
        async with bench.database.writing() as session:
            await bench.outbox.say_once(
                session, note(text), to=GENERAL, key="k", now=bench.clock.now()
            )
    assert bench.wakes == 1
    assert (await bench.row("k")).value == {"texts": ["first"]}


async def test_a_key_belongs_to_one_place(bench: Bench) -> None:
    await bench.say("x", "k")
    with pytest.raises(ValueError, match="'k' was said to channel:C1, not to channel:C2"):
        await bench.say("x", "k", Place.channel("C2"))


async def test_a_reply_needs_a_message_to_reply_to(bench: Bench) -> None:
    with pytest.raises(ValueError, match="'head' was never said"):
        await bench.say("x", "k", Place.thread("head"))
    await bench.say("head", "head")
    await bench.say("reply", "reply", Place.thread("head"))
    with pytest.raises(ValueError, match="'reply' is itself a reply: reply to 'head'"):
        await bench.say("x", "k", Place.thread("reply"))


async def test_what_is_not_said_in_time_is_not_said(bench: Bench) -> None:
    await bench.say("hurry", "k", expires_in=MINUTE)
    bench.clock.advance(minutes=1)
    await bench.say("other", "other")
    await bench.run()
    assert bench.slack.texts("C1") == ["other"]
    row = await bench.row("k")
    assert row.state is DeliveryState.EXPIRED
    assert "time was over" in row.reason


async def test_the_end_of_its_time_does_not_stop_changes_to_a_posted_message(
    bench: Bench,
) -> None:
    await bench.say("a", "k", expires_in=MINUTE)
    await bench.run()
    await bench.say("b", "k", expires_in=MINUTE)
    await bench.elapse(hours=1)
    assert bench.slack.texts("C1") == ["b"]


async def test_a_new_value_gives_what_expired_another_chance(bench: Bench) -> None:
    await bench.say("a", "k", expires_in=MINUTE)
    await bench.elapse(minutes=1)
    await bench.say("a", "k", expires_in=MINUTE)
    await bench.run()
    assert bench.slack.texts("C1") == []
    await bench.say("b", "k", expires_in=MINUTE)
    await bench.run()
    assert bench.slack.texts("C1") == ["b"]
    assert (await bench.row("k")).reason == ""


@pytest.mark.parametrize("message", [note("later"), Asked(("later",))])
async def test_a_new_value_that_came_while_the_old_one_was_expiring_is_said(
    bench: Bench, message: Note
) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    to = GENERAL if message == note("later") else await bench.person("U1")
    await bench.say(type(message)(("early",)), "k", to, expires_in=timedelta(hours=1))
    bench.clock.advance(hours=2)
    await bench.gatekeeper.admit(bench.clock.now())
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    assert claim.step is DeliveryStep.EXPIRE
    await bench.say(message, "k", to, expires_in=timedelta(hours=1))
    await bench.service.carry_out(claim)
    expected = DeliveryState.DUE if to == GENERAL else DeliveryState.WAITING
    assert (await bench.row("k")).state is expected
    await bench.run()
    assert [each.text for each in bench.slack.messages] == ["later"]


async def test_what_waits_behind_something_withdrawn_is_looked_for(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.say("reply", "reply", Place.thread("head"))
    bench.carried.clear()
    async with bench.database.writing() as session:
        await bench.outbox.withdraw(session, "reply", "answered meanwhile")
    assert bench.carried == [{"channel:C1"}]


async def test_what_is_not_posted_yet_can_be_withdrawn(bench: Bench) -> None:
    await bench.say("reminder", "k")
    async with bench.database.writing() as session:
        assert await bench.outbox.withdraw(session, "k", "answered meanwhile")
    assert await bench.run() == 0
    row = await bench.row("k")
    assert (row.state, row.reason) == (DeliveryState.EXPIRED, "answered meanwhile")


async def test_what_is_posted_cannot_be_withdrawn(bench: Bench) -> None:
    await bench.say("reminder", "k")
    await bench.run()
    async with bench.database.writing() as session:
        assert not await bench.outbox.withdraw(session, "k", "answered meanwhile")
    assert (await bench.row("k")).state is DeliveryState.SENT
