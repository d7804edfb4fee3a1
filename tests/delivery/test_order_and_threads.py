"""The order within a place, replies under their message, texts of several messages."""

from datetime import timedelta

from domain.delivery.errors import Permanent, Transient
from domain.delivery.messages import Place
from models.enums import DeliveryState
from tests.support.delivering import Bench, note

DOWN = Transient("down", "Slack is down")
NO_ENTRY = Permanent("not_in_channel", "the bot is not in the channel", "invite it")


async def test_each_place_keeps_its_order(bench: Bench) -> None:
    for number in range(6):
        await bench.say(f"{number}", f"k{number}", Place.channel(f"C{number % 2}"))
    await bench.run()
    assert bench.slack.texts("C0") == ["0", "2", "4"]
    assert bench.slack.texts("C1") == ["1", "3", "5"]


async def test_what_fails_for_a_while_is_not_overtaken_at_its_place(bench: Bench) -> None:
    bench.slack.plan("post", DOWN)
    await bench.say("first", "k1")
    await bench.say("second", "k2")
    await bench.say("elsewhere", "k3", Place.channel("C2"))
    await bench.run()
    assert bench.slack.texts("C1") == []
    assert bench.slack.texts("C2") == ["elsewhere"]
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1") == ["first", "second"]


async def test_what_has_failed_for_good_lets_the_next_one_through(bench: Bench) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("first", "k1")
    await bench.say("second", "k2")
    await bench.run()
    assert bench.slack.texts("C1") == ["second"]


async def test_only_one_delivery_of_a_place_is_under_way(bench: Bench) -> None:
    await bench.say("first", "k1")
    await bench.say("second", "k2")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    assert await bench.service.claim(bench.clock.now()) is None
    await bench.service.carry_out(claim)
    await bench.run()
    assert bench.slack.texts("C1") == ["first", "second"]


async def test_a_reply_waits_for_the_message_that_it_is_under(bench: Bench) -> None:
    bench.slack.plan("post", DOWN)
    await bench.say("head", "head")
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.run()
    assert bench.slack.messages == []
    await bench.elapse(seconds=5)
    head = await bench.row("head")
    assert bench.slack.texts("C1") == ["head"]
    assert bench.slack.texts("C1", head.slack_ts) == ["detail"]
    assert (await bench.row("detail")).channel_id == "C1"


async def test_a_reply_in_direct_messages_goes_to_the_same_conversation(bench: Bench) -> None:
    to = await bench.person("U1")
    await bench.say("head", "head", to)
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.run()
    assert bench.slack.texts("D-U1", (await bench.row("head")).slack_ts) == ["detail"]


async def test_replies_expire_with_a_message_that_was_never_posted(bench: Bench) -> None:
    await bench.say("head", "head", expires_in=timedelta(minutes=1))
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.elapse(minutes=1)
    assert bench.slack.calls == []
    assert (await bench.row("detail")).state is DeliveryState.EXPIRED


async def test_replies_wait_for_a_failed_message_to_get_another_chance(bench: Bench) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("head", "head")
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.run()
    assert (await bench.row("detail")).state is DeliveryState.DUE
    await bench.say("head, mended", "head")
    await bench.run()
    assert [message.text for message in bench.slack.messages] == ["head, mended", "detail"]


async def test_a_person_s_direct_messages_are_opened_once(bench: Bench) -> None:
    to = await bench.person("U1")
    await bench.say("one", "k1", to)
    await bench.say("two", "k2", to)
    await bench.run()
    assert bench.slack.texts("D-U1") == ["one", "two"]
    assert bench.slack.calls == ["open_dm", "post", "post"]


async def test_a_long_text_goes_on_in_its_own_thread_before_any_reply(bench: Bench) -> None:
    await bench.say(note("1/3", "2/3", "3/3"), "head")
    await bench.say("reply", "reply", Place.thread("head"))
    await bench.run()
    parts = await bench.parts("head")
    assert bench.slack.texts("C1") == ["1/3"]
    assert bench.slack.texts("C1", parts[0].slack_ts) == ["2/3", "3/3", "reply"]
    assert [part.state for part in parts] == [DeliveryState.SENT] * 3


async def test_a_long_reply_goes_on_in_the_same_thread_before_the_next_reply(
    bench: Bench,
) -> None:
    await bench.say("head", "head")
    await bench.say(note("1/2", "2/2"), "long", Place.thread("head"))
    await bench.say("next", "next", Place.thread("head"))
    await bench.run()
    head = await bench.row("head")
    assert bench.slack.texts("C1", head.slack_ts) == ["1/2", "2/2", "next"]


async def test_a_reply_to_somebody_elses_message_stands_in_its_thread(bench: Bench) -> None:
    under = Place.under("C1", "1700000000.000100")
    await bench.say(note("1/2", "2/2"), "long", under)
    await bench.say("next", "next", under)
    await bench.say("aside", "aside")
    await bench.run()
    assert bench.slack.texts("C1", "1700000000.000100") == ["1/2", "2/2", "next"]
    assert bench.slack.texts("C1") == ["aside"]
    assert [part.conversation for part in await bench.parts("long")] == ["channel:C1"] * 2


async def test_a_text_that_grows_gets_further_messages(bench: Bench) -> None:
    await bench.say("short", "k")
    await bench.run()
    await bench.say(note("long", "longer"), "k")
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C1") == ["long"]
    assert bench.slack.texts("C1", (await bench.row("k")).slack_ts) == ["longer"]


async def test_a_text_that_shrinks_leaves_a_pointer_where_it_went_on(bench: Bench) -> None:
    await bench.say(note("1", "2", "3"), "k")
    await bench.run()
    await bench.say(note("1", "two"), "k")
    await bench.elapse(minutes=2)
    head = await bench.row("k")
    assert bench.slack.texts("C1", head.slack_ts) == ["two", "(continued above)"]
    await bench.say(note("1", "two", "three"), "k")
    await bench.elapse(minutes=2)
    assert bench.slack.texts("C1", head.slack_ts) == ["two", "three"]


async def test_a_further_message_that_is_not_needed_any_more_is_not_posted(
    bench: Bench,
) -> None:
    await bench.say(note("1", "2"), "k")
    assert await bench.service.deliver_next(bench.clock.now())
    await bench.say(note("1"), "k")
    await bench.elapse(minutes=1)
    parts = await bench.parts("k")
    assert bench.slack.calls == ["post"]
    assert [part.state for part in parts] == [DeliveryState.SENT, DeliveryState.EXPIRED]
    assert "fewer messages" in parts[1].reason


async def test_a_further_message_that_is_needed_again_while_it_is_being_dropped_is_posted(
    bench: Bench,
) -> None:
    await bench.say(note("1", "2"), "k")
    assert await bench.service.deliver_next(bench.clock.now())
    await bench.say(note("1"), "k")
    bench.clock.advance(seconds=2)
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    assert claim.part == 1
    await bench.say(note("1", "two"), "k")
    await bench.service.carry_out(claim)
    await bench.elapse(minutes=1)
    assert [message.text for message in bench.slack.messages] == ["1", "two"]


async def test_further_messages_are_said_even_after_the_time_of_the_first_is_over(
    bench: Bench,
) -> None:
    await bench.say(note("1", "2"), "k", expires_in=timedelta(minutes=1))
    assert await bench.service.deliver_next(bench.clock.now())
    await bench.elapse(hours=1)
    assert len(bench.slack.messages) == 2
