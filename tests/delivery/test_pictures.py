"""Pictures go up before the message that shows them, once, and never hold up its words for good."""

from collections.abc import Sequence
from itertools import count
from threading import current_thread, main_thread

import pytest

from domain.delivery import rules
from domain.delivery.errors import (
    Ambiguous,
    DeliveryTrouble,
    Permanent,
    PictureNotReady,
    RetryAfter,
    Transient,
)
from domain.delivery.housekeeping import Housekeeper
from domain.delivery.messages import DeliveryProblem, Message, Place
from domain.delivery.values import Rendered
from models.base import Database
from models.enums import DeliveryState, DeliveryStep, PictureState
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, Drawn, render

LOST = Ambiguous("no_answer", "the answer was lost")
DOWN = Transient("down", "Slack is down")
REFUSED = Permanent("file_uploads_disabled", "the workspace takes no files", is_local=False)
NOT_READY = PictureNotReady("invalid_blocks", "Slack does not know the picture's file")

IN_WORDS = "Note\nThis picture could not be shown. In words:\nshows a"


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


@pytest.fixture
def on_sqlite(database: Database, workspace_id: int, clock: FakeClock) -> Bench:
    """The bench, where no SQL is tried that differs."""
    return Bench(database, workspace_id, clock)


def drawn(text: str) -> Drawn:
    return Drawn((text,))


def shown(bench: Bench) -> str:
    """What the only message shows: the file of its picture, or the words in its place."""
    message = next(each for each in bench.slack.messages if each.channel_id == "C1")
    (block,) = message.blocks
    told = block["slack_file"]["id"] if block["type"] == "image" else block["text"]["text"]
    return str(told)


async def say(bench: Bench, text: str = "a") -> None:
    await bench.say(drawn(text), "k")
    await bench.elapse(seconds=2)


async def test_a_picture_is_uploaded_before_the_message_that_shows_it(bench: Bench) -> None:
    await say(bench)
    assert bench.slack.calls == ["upload", "post"]
    assert bench.slack.files == [("note.png", b"PNG of a", "shows a")]
    assert shown(bench) == "F1"
    row = await bench.row("k")
    assert (row.state, row.picture_state) == (DeliveryState.SENT, PictureState.SETTLED)
    assert row.posted_blocks == bench.slack.messages[0].blocks
    bench.clock.advance(minutes=1)
    await say(bench, "b")
    assert bench.slack.calls == ["upload", "post", "upload", "edit"]
    assert shown(bench) == "F2"
    kept = (await bench.row("k")).pictures or {}
    assert list(kept.values()) == ["F2"]


async def test_to_a_person_it_goes_by_the_same_steps(bench: Bench) -> None:
    await bench.say(drawn("a"), "k", await bench.person("U1"))
    await bench.elapse(seconds=2)
    assert bench.slack.calls == ["open_dm", "upload", "post"]


@pytest.mark.parametrize("trouble", [LOST, DOWN, RetryAfter(3)])
async def test_an_upload_that_did_not_go_through_is_repeated(
    on_sqlite: Bench, trouble: DeliveryTrouble
) -> None:
    on_sqlite.slack.plan_lost_answer("upload", trouble)
    await say(on_sqlite)
    await on_sqlite.elapse(seconds=5)
    assert on_sqlite.slack.calls == ["upload", "upload", "post"]
    assert shown(on_sqlite) == "F2"


async def test_a_post_whose_answer_is_lost_is_looked_up_and_its_picture_kept(
    on_sqlite: Bench,
) -> None:
    on_sqlite.slack.plan_lost_answer("post", LOST)
    await say(on_sqlite)
    await on_sqlite.elapse(seconds=5)
    assert on_sqlite.slack.calls == ["upload", "post", "find"]
    row = await on_sqlite.row("k")
    assert row.posted_blocks == on_sqlite.slack.messages[0].blocks
    await on_sqlite.say(drawn("a"), "k")
    assert await on_sqlite.elapse(minutes=1) == 0


@pytest.mark.parametrize(
    ("call", "calls"),
    [
        ("upload", ["upload", "upload", "post"]),
        ("post", ["upload", "post", "find", "post"]),
    ],
)
async def test_who_takes_over_from_a_dead_worker_uploads_only_what_is_not_there(
    on_sqlite: Bench, call: str, calls: list[str]
) -> None:
    on_sqlite.slack.plan(call, Killed())
    with pytest.raises(Killed):
        await say(on_sqlite)
    await on_sqlite.elapse(minutes=1)
    await on_sqlite.elapse(seconds=2)
    assert on_sqlite.slack.calls == calls
    assert len(on_sqlite.slack.messages) == 1


async def test_a_file_that_is_not_ready_for_its_message_is_waited_for(on_sqlite: Bench) -> None:
    on_sqlite.slack.plan("post", NOT_READY, NOT_READY)
    await say(on_sqlite)
    await on_sqlite.elapse(seconds=5)
    await on_sqlite.elapse(seconds=30)
    assert on_sqlite.slack.calls == ["upload", "post", "post", "post"]
    assert shown(on_sqlite) == "F1"


@pytest.mark.parametrize(
    ("call", "troubles"), [("upload", [REFUSED]), ("post", [NOT_READY] * rules.PICTURE_ATTEMPTS)]
)
async def test_without_its_picture_it_is_said_in_words_and_the_pmo_told_once(
    on_sqlite: Bench, call: str, troubles: list[DeliveryTrouble]
) -> None:
    await on_sqlite.person("U-DANA", is_pmo=True)
    on_sqlite.slack.plan(f"{call} {'note.png' if call == 'upload' else 'C1'}", *troubles)
    await say(on_sqlite)
    for _ in range(4):
        await on_sqlite.elapse(minutes=3)
    assert shown(on_sqlite) == IN_WORDS
    row = await on_sqlite.row("k")
    assert (row.state, row.picture_state) == (DeliveryState.SENT, PictureState.GIVEN_UP)
    (problem,) = await on_sqlite.rows_of_kind(DeliveryProblem.kind)
    assert (problem.value["is_picture"], problem.value["count"]) == (True, 1)
    assert problem.key.startswith("problem:pictures:")
    await say(on_sqlite, "b")
    assert shown(on_sqlite).startswith("F")


async def test_what_came_while_a_picture_was_given_up_gets_its_own_chance(
    on_sqlite: Bench,
) -> None:
    await on_sqlite.say(drawn("a"), "k")
    await on_sqlite.service.deliver_next(on_sqlite.clock.now())
    claim = await on_sqlite.service.claim(on_sqlite.clock.now())
    assert claim is not None
    assert claim.step is DeliveryStep.UPLOAD
    await on_sqlite.say(drawn("b"), "k")
    on_sqlite.slack.plan("upload", REFUSED)
    await on_sqlite.service.carry_out(claim)
    await on_sqlite.elapse(seconds=2)
    assert shown(on_sqlite) == "F1"
    assert on_sqlite.slack.files == [("note.png", b"PNG of b", "shows b")]


async def test_a_newer_value_or_another_try_begins_with_its_picture_again(
    on_sqlite: Bench,
) -> None:
    on_sqlite.slack.plan("upload", REFUSED)
    on_sqlite.slack.plan("post", DOWN)
    await say(on_sqlite)
    assert (await on_sqlite.row("k")).picture_state is PictureState.GIVEN_UP
    on_sqlite.slack.plan("upload", REFUSED)
    on_sqlite.slack.plan("post", Permanent("is_archived", "the channel is archived"))
    await on_sqlite.say(drawn("b"), "k")
    await on_sqlite.elapse(seconds=5)
    await on_sqlite.elapse(seconds=2)
    row = await on_sqlite.row("k")
    assert (row.state, row.picture_state) == (DeliveryState.FAILED, PictureState.GIVEN_UP)
    await on_sqlite.service.try_again("C1", on_sqlite.clock.now())
    await on_sqlite.elapse(seconds=2)
    assert shown(on_sqlite) == "F1"
    assert on_sqlite.slack.calls == ["upload", "post"] * 3


async def test_a_picture_that_differs_each_time_is_given_up(on_sqlite: Bench) -> None:
    number = count()

    def draw(message: Message) -> Sequence[Rendered]:
        return render(drawn(str(next(number))) if isinstance(message, Drawn) else message)

    on_sqlite.service = on_sqlite.worker(on_sqlite.slack, draw)
    await on_sqlite.say(drawn("a"), "k")
    for _ in range(2 * rules.MOST_UPLOADS):
        await on_sqlite.elapse(seconds=3)
    assert on_sqlite.slack.calls.count("upload") == rules.MOST_UPLOADS
    assert (await on_sqlite.row("k")).picture_state is PictureState.GIVEN_UP
    assert len(on_sqlite.slack.messages) == 1


async def test_uploads_keep_to_their_own_limit(on_sqlite: Bench) -> None:
    on_sqlite.slack.plan("upload", RetryAfter(30))
    await say(on_sqlite)
    await on_sqlite.say("words", "w", Place.channel("C2"))
    await on_sqlite.run()
    assert on_sqlite.slack.texts("C2") == ["words"]
    assert on_sqlite.slack.calls == ["upload", "post"]
    await on_sqlite.elapse(seconds=30)
    assert on_sqlite.slack.calls == ["upload", "post", "upload", "post"]


async def test_what_is_said_is_drawn_in_a_thread(on_sqlite: Bench) -> None:
    threads = []

    def draw(message: Message) -> Sequence[Rendered]:
        threads.append(current_thread())
        return render(message)

    on_sqlite.service = on_sqlite.worker(on_sqlite.slack, draw)
    await say(on_sqlite)
    assert threads
    assert main_thread() not in threads


async def test_the_ids_of_old_pictures_go_with_the_text(on_sqlite: Bench) -> None:
    await say(on_sqlite)
    on_sqlite.clock.advance(days=91)
    await Housekeeper(on_sqlite.database, on_sqlite.workspace_id).strip(on_sqlite.clock.now())
    assert (await on_sqlite.row("k")).pictures is None
    await say(on_sqlite, "b")
    assert on_sqlite.slack.calls == ["upload", "post", "upload", "edit"]
