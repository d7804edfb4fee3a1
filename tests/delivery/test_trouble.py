"""What goes wrong, what is tried again, what is given up, and who hears of it."""

import logging

import pytest

from domain.delivery.errors import Ambiguous, Disconnected, Permanent, RetryAfter, Transient
from domain.delivery.messages import DeliveryProblem, Place
from models.enums import DeliveryState
from tests.support.delivering import GENERAL, Bench, Looks, note

DOWN = Transient("down", "Slack is down")
LOST = Ambiguous("no_answer", "the answer was lost")
NO_ENTRY = Permanent("not_in_channel", "the bot is not in the channel", "invite it")


async def test_passing_trouble_is_tried_again_with_longer_and_longer_pauses(
    bench: Bench,
) -> None:
    bench.slack.plan("post", *[DOWN] * 8)
    await bench.say("x", "k")
    await bench.run()
    pauses = []
    while (row := await bench.row("k")).state is DeliveryState.DUE:
        pauses.append((row.due_at - bench.clock.now()).total_seconds())
        assert row.reason == "Slack is down"
        await bench.elapse(seconds=pauses[-1])
    assert pauses == [5, 30, 120, 600, 600, 600, 600]
    assert (row.state, row.reason) == (DeliveryState.FAILED, "Slack is down")


async def test_a_success_forgets_the_failures_before_it(bench: Bench) -> None:
    bench.slack.plan("post", DOWN)
    await bench.say("x", "k")
    await bench.run()
    await bench.elapse(seconds=5)
    row = await bench.row("k")
    assert (row.state, row.attempts, row.reason) == (DeliveryState.SENT, 0, "")


async def test_lasting_trouble_is_told_to_each_of_the_pmo_once_a_day(bench: Bench) -> None:
    await bench.person("U-DANA", is_pmo=True)
    await bench.person("U-LEE", is_pmo=True)
    await bench.person("U-GONE", is_pmo=True, is_gone=True)
    await bench.person("U-PM")
    bench.slack.plan("post C1", NO_ENTRY, NO_ENTRY)
    await bench.say("one", "k1")
    await bench.say("two", "k2")
    await bench.run()
    told = "note: the bot is not in the channel; invite it"
    assert bench.slack.texts("D-U-DANA") == [told]
    assert bench.slack.texts("D-U-LEE") == [told]
    assert {message.channel_id for message in bench.slack.messages} == {"D-U-DANA", "D-U-LEE"}
    problems = await bench.rows_of_kind(DeliveryProblem.kind)
    assert [row.key for row in problems] == [
        "problem:channel:C1:not_in_channel:2026-11-25:1",
        "problem:channel:C1:not_in_channel:2026-11-25:2",
    ]
    assert problems[0].value == {
        "what": "note",
        "channel_id": "C1",
        "person_slack_id": None,
        "cause": "the bot is not in the channel",
        "cure": "invite it",
        "is_held": False,
        "is_picture": False,
        "count": 2,
    }
    row = await bench.row("k1")
    assert (row.state, row.reason, row.cure) == (
        DeliveryState.FAILED,
        NO_ENTRY.reason,
        NO_ENTRY.cure,
    )


async def test_a_trouble_that_is_not_of_the_place_is_told_once_for_all_places(
    bench: Bench,
) -> None:
    await bench.person("U-DANA", is_pmo=True)
    scope = Permanent("missing_scope", "a scope is missing", "add it", is_local=False)
    bench.slack.plan("post C1", scope)
    bench.slack.plan("post C2", scope)
    for channel in ("C1", "C2"):
        await bench.say("x", channel, Place.channel(channel))
    await bench.run()
    (problem,) = await bench.rows_of_kind(DeliveryProblem.kind)
    assert problem.key == "problem:workspace:missing_scope:2026-11-25:1"


@pytest.mark.no_cover
async def test_a_message_that_slack_alone_never_takes_holds_up_its_channel_for_no_day(
    bench: Bench,
) -> None:
    bench.slack.plan("post C1", *[Ambiguous("internal_error", "Slack failed")] * 20)
    await bench.say("poison", "k1")
    await bench.say("behind it", "k2")
    for minute in range(90):
        await bench.say("elsewhere", f"other {minute}", Place.channel("C2"))
        await bench.elapse(minutes=1)
        if bench.slack.texts("C1"):
            break
    assert (await bench.row("k1")).state in (DeliveryState.FAILED, DeliveryState.HELD)


async def test_an_outage_is_told_once_and_not_for_each_message(bench: Bench) -> None:
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post C1", *[DOWN] * 8)
    bench.slack.plan("post C2", *[DOWN] * 8)
    for channel in ("C1", "C2"):
        await bench.say("x", channel, Place.channel(channel))
    for _ in range(8):
        await bench.elapse(minutes=10)
    assert bench.slack.texts("D-U-DANA") == ["note: Slack is down; "]


async def test_the_next_day_it_is_told_again(bench: Bench) -> None:
    await bench.person("U-DANA", is_pmo=True)
    for day in range(2):
        bench.slack.plan("post", NO_ENTRY)
        await bench.say("one", f"k{day}")
        await bench.elapse(days=day)
    assert len(bench.slack.texts("D-U-DANA")) == 2


async def test_a_problem_names_the_person_whose_direct_messages_it_is_about(
    bench: Bench,
) -> None:
    await bench.person("U-DANA", is_pmo=True)
    to = await bench.person("U-PM")
    bench.slack.plan("open_dm", Permanent("user_disabled", "deactivated", "appoint another"))
    await bench.say("asked", "k", to)
    await bench.run()
    (problem,) = await bench.rows_of_kind(DeliveryProblem.kind)
    assert problem.value["person_slack_id"] == "U-PM"
    assert problem.value["channel_id"] is None


async def test_trouble_with_telling_the_trouble_is_only_logged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post", NO_ENTRY)
    bench.slack.plan("open_dm", Permanent("user_disabled", "deactivated", "appoint another"))
    await bench.say("one", "k")
    with caplog.at_level(logging.ERROR):
        await bench.run()
    assert len(await bench.rows_of_kind(DeliveryProblem.kind)) == 1
    assert "delivery_problem to person:1): deactivated" in caplog.messages[-1]


async def test_a_new_value_gives_what_failed_another_chance(bench: Bench) -> None:
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("one", "k")
    await bench.run()
    await bench.say("two", "k")
    await bench.run()
    assert bench.slack.texts("C1") == ["two"]


async def test_a_new_value_of_what_failed_starts_anew_with_short_pauses(bench: Bench) -> None:
    bench.slack.plan("post", *[DOWN] * 9)
    await bench.say("one", "k")
    for _ in range(8):
        await bench.elapse(minutes=10)
    assert (await bench.row("k")).state is DeliveryState.FAILED
    await bench.say("two", "k")
    assert (await bench.row("k")).reason == ""
    await bench.run()
    assert bench.slack.messages == []
    await bench.elapse(seconds=5)
    assert bench.slack.texts("C1") == ["two"]


async def test_a_new_value_does_not_cut_a_pause_short(bench: Bench) -> None:
    bench.slack.plan("post", DOWN)
    await bench.say("one", "k")
    await bench.run()
    await bench.say("two", "k")
    assert await bench.elapse(seconds=4) == 0
    await bench.elapse(seconds=1)
    assert bench.slack.texts("C1") == ["two"]


async def test_a_new_value_that_came_during_the_failing_call_is_tried_too(
    bench: Bench,
) -> None:
    bench.slack.plan("post", Permanent("invalid_blocks", "Slack does not take it"))
    await bench.say("one", "k")
    claim = await bench.service.claim(bench.clock.now())
    assert claim is not None
    await bench.say("two", "k")
    await bench.service.carry_out(claim)
    await bench.run()
    assert bench.slack.texts("C1") == ["two"]


async def test_once_the_cause_is_mended_all_at_the_place_can_be_tried_again(
    bench: Bench,
) -> None:
    bench.slack.plan("post", Permanent("x", "x"), NO_ENTRY)
    await bench.say("elsewhere", "k0", Place.channel("C2"))
    await bench.say("one", "k1")
    await bench.say("detail", "k2", Place.thread("k1"))
    await bench.run()
    for expected in (1, 0):
        async with bench.database.writing() as session:
            again = await bench.outbox.try_again(session, GENERAL, bench.clock.now())
        assert again == expected
        await bench.run()
    assert [message.text for message in bench.slack.messages] == ["one", "detail"]


async def test_replies_that_failed_are_tried_again_with_their_channel(bench: Bench) -> None:
    await bench.say("head", "head")
    await bench.run()
    bench.slack.plan("post", NO_ENTRY)
    await bench.say("detail", "detail", Place.thread("head"))
    await bench.run()
    async with bench.database.writing() as session:
        assert await bench.outbox.try_again(session, GENERAL, bench.clock.now()) == 1
    await bench.run()
    assert len(bench.slack.messages) == 2


async def test_a_failed_edit_leaves_the_message_and_says_why(bench: Bench) -> None:
    await bench.say("a", "k")
    await bench.run()
    bench.slack.plan("edit", Permanent("edit_window_closed", "too old to edit", "ask an admin"))
    await bench.say("b", "k")
    await bench.elapse(minutes=1)
    row = await bench.row("k")
    assert (row.state, row.posted_text) == (DeliveryState.FAILED, "a")
    assert (row.reason, row.cure) == ("too old to edit", "ask an admin")
    await bench.say("c", "k")
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C1") == ["c"]


async def test_an_edit_without_an_answer_is_repeated_without_a_look_up(bench: Bench) -> None:
    await bench.say("a", "k")
    await bench.run()
    bench.slack.plan_lost_answer("edit", LOST)
    await bench.say("b", "k")
    await bench.elapse(minutes=1)
    await bench.elapse(seconds=5)
    assert bench.slack.calls == ["post", "edit", "edit"]
    assert (await bench.row("k")).state is DeliveryState.SENT


async def test_being_asked_to_wait_is_no_attempt_and_everybody_obeys(bench: Bench) -> None:
    bench.slack.plan("post", RetryAfter(30))
    await bench.say("one", "k1")
    await bench.say("two", "k2", Place.channel("C2"))
    await bench.run()
    row = await bench.row("k1")
    assert (row.state, row.attempts) == (DeliveryState.DUE, 0)
    assert row.reason == "Slack asked to wait 30 seconds"
    assert await bench.elapse(seconds=27) == 0
    await bench.elapse(seconds=3)
    assert [message.text for message in bench.slack.messages] == ["one", "two"]
    assert bench.slack.calls == ["post", "post", "post"]


async def test_being_asked_to_wait_with_posts_does_not_hold_up_edits(bench: Bench) -> None:
    await bench.say("a", "k1")
    await bench.run()
    bench.clock.advance(minutes=1)
    bench.slack.plan("post", RetryAfter(30))
    await bench.say("new", "k2", Place.channel("C2"))
    await bench.run()
    bench.clock.advance(seconds=5)
    await bench.say("b", "k1")
    await bench.run()
    assert bench.slack.texts("C1") == ["b"]


async def test_a_refused_token_holds_everything_and_is_told_when_it_works_again(
    bench: Bench,
) -> None:
    await bench.person("U-DANA", is_pmo=True)
    bench.slack.plan("post", Disconnected("token_revoked", "the token was revoked", "a new one"))
    await bench.say("one", "k1")
    await bench.say("two", "k2", Place.channel("C2"))
    await bench.run()
    assert bench.slack.calls == ["post"]
    assert (await bench.row("k1")).attempts == 0
    await bench.elapse(minutes=5)
    assert bench.slack.texts("C1") == ["one"]
    assert bench.slack.texts("C2") == ["two"]
    assert bench.slack.texts("D-U-DANA") == ["note: the token was revoked; a new one"]


async def test_a_notice_that_a_refused_token_holds_back_is_not_told_by_other_ways_too(
    bench: Bench,
) -> None:
    await bench.configure(pmo_channel_id="C-PMO")
    await bench.person("U-DANA", is_pmo=True)
    revoked = Disconnected("token_revoked", "the token was revoked", "a new one")
    bench.slack.plan("post", *[revoked] * 3)
    await bench.say("one", "k")
    await bench.run()
    bench.clock.advance(minutes=5)
    claims = [await bench.service.claim(bench.clock.now()) for _ in range(2)]
    assert [claim.kind for claim in claims if claim] == ["note", DeliveryProblem.kind]
    for claim in filter(None, claims):
        await bench.service.carry_out(claim)
    await bench.elapse(minutes=10)
    assert bench.slack.texts("C-PMO") == ["note: the token was revoked; a new one"]
    assert bench.slack.texts("D-U-DANA") == []


async def test_a_text_that_cannot_be_made_fails_at_once_with_the_cause(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_message: object) -> list[Looks]:
        raise KeyError("headline")

    await bench.say("x", "k")
    worker = bench.worker(bench.slack, broken)
    assert await worker.deliver_next(bench.clock.now())
    row = await bench.row("k")
    assert row.state is DeliveryState.FAILED
    assert "the text of a 'note' could not be made ('headline')" in row.reason
    assert "KeyError" in caplog.text


async def test_a_message_without_any_text_fails(bench: Bench) -> None:
    await bench.say(note(), "k")
    await bench.run()
    assert "a 'note' has no text" in (await bench.row("k")).reason


async def test_a_message_of_a_newer_version_fails_and_says_so(bench: Bench) -> None:
    await bench.say("x", "k")
    await bench.change("k", kind="poll")
    await bench.run()
    assert "no message is of the kind 'poll'" in (await bench.row("k")).reason
