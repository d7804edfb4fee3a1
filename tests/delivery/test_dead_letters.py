"""What was given up: shown with cause and cure, tried again once, dropped for good, audited."""

from datetime import timedelta

import pytest
from sqlmodel import select

from domain.delivery.errors import Ambiguous, CannotMendError, Permanent, Transient
from domain.delivery.messages import Place
from domain.errors import NotFoundError
from models.enums import DeliveryState
from models.portfolio import AuditEntry
from tests.support.delivering import Bench, note

LOST = Ambiguous("no_answer", "the answer was lost")
NO_ENTRY = Permanent("not_in_channel", "the bot is not in the channel", "invite it")
NO_ONE = Permanent("user_disabled", "the account is deactivated", "appoint another")
NO_HISTORY = Permanent("missing_scope", "a scope is missing", "add it", is_local=False)
GONE = Permanent("channel_not_found", "the channel does not exist")


async def _number(bench: Bench, key: str) -> int:
    return (await bench.row(key)).pk


async def _audit(bench: Bench) -> list[tuple[str, str, str | None, str | None]]:
    async with bench.database.reading() as session:
        found = await session.exec(select(AuditEntry))
        return [(each.actor, each.subject, each.old, each.new) for each in found.all()]


async def test_what_failed_is_listed_with_what_where_since_when_and_the_cure(
    bench: Bench,
) -> None:
    to = await bench.person("U-PM")
    await bench.say("head", "head")
    await bench.run()
    bench.slack.plan("post", NO_ENTRY)
    bench.slack.plan("open_dm", NO_ONE)
    since = bench.clock.now()
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.say("asked", "asked", to)
    await bench.run()
    direct, reply = await bench.service.failures(bench.clock.now())
    assert (reply.kind, reply.channel_id, reply.person_slack_id) == ("note", "C1", None)
    assert (reply.cause, reply.cure) == (NO_ENTRY.reason, NO_ENTRY.cure)
    assert since <= reply.since <= bench.clock.now()
    assert (direct.channel_id, direct.person_slack_id) == (None, "U-PM")
    assert (direct.is_held, direct.is_edit, direct.is_over) == (False, False, False)


async def test_what_is_said_waiting_or_dropped_is_not_listed(bench: Bench) -> None:
    await bench.say("said", "said")
    await bench.run()
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("lost", "lost")
    await bench.run()
    await bench.say("due", "due")
    await bench.service.drop(await _number(bench, "lost"), "U-DANA")
    assert await bench.service.failures(bench.clock.now()) == []


async def test_what_is_mended_is_tried_again_and_the_audit_tells_who_wanted_it(
    bench: Bench,
) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    number = await _number(bench, "k")
    await bench.service.retry(number, "U-DANA")
    assert bench.carried[-1] == {"channel:C1"}
    await bench.run()
    assert bench.slack.texts("C1") == ["x"]
    assert await _audit(bench) == [("U-DANA", f"delivery {number}", "failed", "due")]


async def test_a_reply_is_tried_again_in_the_conversation_of_its_head(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.run()
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.run()
    await bench.service.retry(await _number(bench, "detail"), "U-DANA")
    assert bench.carried[-1] == {"channel:C1"}


async def test_what_is_held_is_looked_up_before_it_is_said_again(bench: Bench) -> None:
    bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan("find", NO_HISTORY)
    await bench.say("x", "k")
    await bench.run()
    await bench.elapse(seconds=5)
    (held,) = await bench.service.failures(bench.clock.now())
    assert held.is_held
    await bench.service.retry(held.delivery_id, "U-DANA")
    await bench.run()
    assert bench.slack.calls == ["post", "find", "find"]
    assert bench.slack.texts("C1") == ["x"]


async def test_what_is_dropped_is_never_said_and_the_record_tells_who_did_it(
    bench: Bench,
) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("x", "k")
    await bench.run()
    number = await _number(bench, "k")
    await bench.service.drop(number, "U-DANA")
    await bench.elapse(days=1)
    row = await bench.row("k")
    assert row.state is DeliveryState.EXPIRED
    assert row.reason == "dropped by U-DANA: the bot is not in the channel"
    assert bench.slack.messages == []
    assert await _audit(bench) == [("U-DANA", f"delivery {number}", "failed", "dropped")]


async def test_dropping_a_failed_edit_leaves_the_message_that_stands(bench: Bench) -> None:
    await bench.say("old", "k")
    await bench.run()
    bench.slack.plan("edit", Permanent("edit_window_closed", "too old to edit"))
    await bench.say("new", "k")
    await bench.elapse(minutes=1)
    (failed,) = await bench.service.failures(bench.clock.now())
    assert failed.is_edit
    await bench.service.drop(failed.delivery_id, "U-DANA")
    await bench.say("reply", "reply", Place.thread("k"))
    await bench.elapse(minutes=1)
    assert [one.text for one in bench.slack.messages] == ["old", "reply"]


async def test_dropping_a_head_drops_its_replies(bench: Bench) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("head", "head")
    await bench.say("reply", "reply", Place.thread("head"))
    await bench.run()
    await bench.service.drop(await _number(bench, "head"), "U-DANA")
    await bench.run()
    assert (await bench.row("reply")).state is DeliveryState.EXPIRED
    assert await bench.service.failures(bench.clock.now()) == []


async def test_what_nobody_could_use_any_more_can_only_be_dropped(bench: Bench) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("x", "k", expires_in=timedelta(hours=1))
    await bench.run()
    bench.clock.advance(hours=1)
    (failed,) = await bench.service.failures(bench.clock.now())
    assert failed.is_over
    with pytest.raises(CannotMendError, match="Its time is over"):
        await bench.service.retry(failed.delivery_id, "U-DANA")
    await bench.service.drop(failed.delivery_id, "U-DANA")


async def test_what_is_not_given_up_is_neither_tried_again_nor_dropped(bench: Bench) -> None:
    await bench.say("x", "k")
    await bench.run()
    number = await _number(bench, "k")
    for act in (bench.service.retry, bench.service.drop):
        with pytest.raises(CannotMendError, match="not undelivered any more"):
            await act(number, "U-DANA")
        with pytest.raises(NotFoundError, match="no such message"):
            await act(number + 1, "U-DANA")
    assert await _audit(bench) == []


async def test_direct_messages_that_slack_knows_no_more_are_opened_anew_once(
    bench: Bench,
) -> None:
    to = await bench.person("U1", dm_channel="D-OLD")
    bench.slack.plan("post D-OLD", GONE)
    await bench.say("x", "k", to)
    await bench.run()
    assert bench.slack.calls == ["post", "open_dm", "post"]
    assert bench.slack.texts("D-U1") == ["x"]


async def test_direct_messages_that_stay_unknown_are_given_up(bench: Bench) -> None:
    to = await bench.person("U1", dm_channel="D-OLD")
    bench.slack.plan("post", GONE, GONE)
    await bench.say("x", "k", to)
    await bench.run()
    assert bench.slack.calls == ["post", "open_dm", "post"]
    assert (await bench.row("k")).state is DeliveryState.FAILED


async def test_a_look_up_in_lost_direct_messages_opens_them_anew_and_looks_again(
    bench: Bench,
) -> None:
    to = await bench.person("U1")
    bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan("find", GONE)
    await bench.say("x", "k", to)
    await bench.run()
    await bench.elapse(seconds=5)
    assert bench.slack.calls == ["open_dm", "post", "find", "open_dm", "find"]
    assert bench.slack.texts("D-U1") == ["x"]


async def test_direct_messages_that_are_not_opened_at_once_are_still_looked_through(
    bench: Bench,
) -> None:
    to = await bench.person("U1")
    bench.slack.plan_lost_answer("post", LOST)
    bench.slack.plan("find", GONE)
    await bench.say("x", "k", to)
    await bench.run()
    bench.slack.plan("open_dm", Transient("down", "Slack is down"))
    await bench.elapse(seconds=5)
    await bench.elapse(minutes=2)
    assert bench.slack.calls == ["open_dm", "post", "find", "open_dm", "open_dm", "find"]
    assert bench.slack.texts("D-U1") == ["x"]


async def test_a_dropped_reply_s_followers_are_looked_for_in_its_conversation(
    bench: Bench,
) -> None:
    await bench.say("head", "head")
    await bench.run()
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("reply", "reply", Place.thread("head"))
    await bench.run()
    bench.carried.clear()
    await bench.service.drop(await _number(bench, "reply"), "U-DANA")
    assert bench.carried == [{"channel:C1"}]


async def test_a_long_text_that_failed_in_one_part_is_listed_by_its_part(bench: Bench) -> None:
    await bench.say(note("one", "two"), "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    await bench.service.carry_out(claim)
    bench.slack.plan("post", NO_ENTRY)
    await bench.run()
    (failed,) = await bench.service.failures(bench.clock.now())
    await bench.service.retry(failed.delivery_id, "U-DANA")
    await bench.run()
    assert [one.text for one in bench.slack.messages] == ["one", "two"]
