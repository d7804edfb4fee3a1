"""Saying many things at one place: as one after the other, in few statements."""

from collections.abc import Mapping

import pytest

from domain.delivery.messages import Place
from models.base import Database
from tests.support.delivering import GENERAL, Bench, note
from tests.support.reporting import statements

THREAD = Place.thread("head")


async def _say_all(bench: Bench, texts: Mapping[str, str], to: Place = THREAD) -> None:
    messages = {key: note(text) for key, text in texts.items()}
    async with bench.database.writing() as session:
        await bench.outbox.say_all(session, messages, to=to, now=bench.clock.now())


async def test_many_replies_are_posted_in_their_order(bench: Bench) -> None:
    await bench.say("head", "head")
    texts = {f"reply:{9 - number}": f"text {number}" for number in range(10)}
    await _say_all(bench, texts)
    await bench.elapse(minutes=1)
    (head,) = [one for one in bench.slack.messages if one.thread_ts is None]
    assert bench.slack.texts("C1", head.ts) == list(texts.values())


async def test_many_that_were_said_before_are_edited_where_they_differ(bench: Bench) -> None:
    await bench.say("head", "head")
    await _say_all(bench, {"a": "one", "b": "two", "c": "three"})
    await bench.elapse(minutes=1)
    await _say_all(bench, {"a": "one", "b": "changed", "d": "new"})
    await bench.elapse(minutes=1)
    (head,) = [one for one in bench.slack.messages if one.thread_ts is None]
    assert bench.slack.texts("C1", head.ts) == ["one", "changed", "three", "new"]
    assert bench.slack.calls.count("edit") == 1
    assert [(await bench.row(key)).revision for key in "abcd"] == [1, 2, 1, 1]


async def test_many_wake_the_worker_once_and_the_same_again_not_at_all(bench: Bench) -> None:
    await bench.say("head", "head")
    before = bench.wakes
    await _say_all(bench, {"a": "one", "b": "two"})
    assert bench.wakes == before + 1
    await _say_all(bench, {"a": "one", "b": "two"})
    assert bench.wakes == before + 1


async def test_none_of_many_is_said_under_a_head_that_was_never_said(bench: Bench) -> None:
    with pytest.raises(ValueError, match="'head' was never said"):
        await _say_all(bench, {"a": "one"})
    assert await bench.elapse(minutes=1) == 0


async def test_one_of_many_whose_key_belongs_to_another_place_is_refused(bench: Bench) -> None:
    await bench.say("elsewhere", "b", to=GENERAL)
    with pytest.raises(ValueError, match="'b' was said to channel:C1"):
        await _say_all(bench, {"a": "one", "b": "two"}, to=Place.channel("C2"))
    await bench.elapse(minutes=1)
    assert bench.slack.texts("C2") == []


async def test_nothing_to_say_says_nothing(bench: Bench) -> None:
    await bench.say("head", "head")
    before = bench.wakes
    await _say_all(bench, {})
    assert bench.wakes == before


async def test_hundreds_cost_few_statements(bench: Bench, any_database: Database) -> None:
    await bench.say("head", "head")
    texts = {f"k{number:03}": "text" for number in range(300)}
    with statements(any_database) as first:
        await _say_all(bench, texts)
    with statements(any_database) as again:
        await _say_all(bench, texts)
    assert len(first) <= 10
    assert len(again) <= 10
    said = [row.key for row in await bench.rows_of_kind("note")]
    assert said == ["head", *texts]
