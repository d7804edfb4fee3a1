"""Documents go up before the message that brings them along: never twice, never lost, in order."""

from contextlib import suppress

import pytest

from domain.delivery.errors import Ambiguous, FileRefused, Permanent, RetryAfter, Transient
from domain.delivery.messages import DeliveryProblem, Place
from models.base import Database
from models.enums import DeliveryState, DeliveryStep
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, Brought

LOST = Ambiguous("no_answer", "the answer was lost")
REFUSED = Permanent("file_uploads_disabled", "the workspace takes no files", is_local=False)
BARRED = FileRefused("blocked_file_type", "the workspace does not take files of that type")


class Killed(BaseException):
    """The process is gone: nothing after it is done."""


@pytest.fixture
def on_sqlite(database: Database, workspace_id: int, clock: FakeClock) -> Bench:
    """The bench, where no SQL is tried that differs."""
    return Bench(database, workspace_id, clock)


def linked(number: int, name: str) -> str:
    """How a message's text names a document that is uploaded."""
    return f"<https://x.slack.com/files/F{number}/{name}.txt|File {name}>"


async def say(bench: Bench, *inside: str, text: str = "Here", to: Place | None = None) -> None:
    await bench.say(Brought((text, *inside)), "k", to or Place.channel("C1"))
    await bench.elapse(seconds=4)


async def later(bench: Bench) -> None:
    """Let pass what a dead worker's lease, and then a pause, last."""
    for seconds in (60, 30, 5):
        await bench.elapse(seconds=seconds)


async def test_documents_are_uploaded_in_order_and_then_said_once(bench: Bench) -> None:
    await say(bench, "a", "b")
    assert bench.slack.calls == ["upload", "upload", "post"]
    assert bench.slack.files == [("a.txt", b"a", "File a"), ("b.txt", b"b", "File b")]
    assert bench.slack.texts("C1") == [f"Here\n{linked(1, 'a')}\n{linked(2, 'b')}"]
    row = await bench.row("k")
    assert row.state is DeliveryState.SENT
    assert row.posted_blocks == bench.slack.messages[0].blocks


async def test_what_comes_after_it_waits_until_its_documents_are_there(on_sqlite: Bench) -> None:
    on_sqlite.slack.plan("upload", Transient("down", "Slack is down"))
    await on_sqlite.say(Brought(("Here", "a")), "k")
    await on_sqlite.say("after", "after")
    await on_sqlite.run()
    assert on_sqlite.slack.messages == []
    await on_sqlite.elapse(seconds=5)
    await on_sqlite.elapse(seconds=2)
    assert on_sqlite.slack.texts("C1") == [f"Here\n{linked(1, 'a')}", "after"]


async def test_to_a_person_their_direct_messages_are_opened_first(on_sqlite: Bench) -> None:
    await say(on_sqlite, "a", to=await on_sqlite.person("U1"))
    assert on_sqlite.slack.calls == ["open_dm", "upload", "post"]
    assert on_sqlite.slack.texts("D-U1") == [f"Here\n{linked(1, 'a')}"]


async def test_a_document_comes_into_a_thread(on_sqlite: Bench) -> None:
    await say(on_sqlite, "a", to=Place.under("C1", "1.000100"))
    assert on_sqlite.slack.texts("C1", "1.000100") == [f"Here\n{linked(1, 'a')}"]


@pytest.mark.parametrize("end", [Killed(), LOST], ids=["killed", "lost answer"])
@pytest.mark.parametrize(
    ("call", "is_done", "calls"),
    [
        ("upload", False, ["upload", "upload", "post"]),
        ("upload", True, ["upload", "upload", "post"]),
        ("post", False, ["upload", "post", "find", "post"]),
        ("post", True, ["upload", "post", "find"]),
    ],
)
async def test_wherever_a_worker_ends_the_document_stands_there_once(
    on_sqlite: Bench, end: BaseException, call: str, calls: list[str], *, is_done: bool
) -> None:
    plan = on_sqlite.slack.plan_lost_answer if is_done else on_sqlite.slack.plan
    plan(call, end)
    with suppress(Killed):
        await say(on_sqlite, "a")
    await later(on_sqlite)
    assert on_sqlite.slack.calls == calls
    (text,) = on_sqlite.slack.texts("C1")
    assert text == f"Here\n{linked(len(on_sqlite.slack.files), 'a')}"
    row = await on_sqlite.row("k")
    assert (row.state, row.posted_text) == (DeliveryState.SENT, text)


async def test_an_edit_uploads_only_what_has_changed(on_sqlite: Bench) -> None:
    await say(on_sqlite, "a", "b")
    on_sqlite.clock.advance(minutes=1)
    await say(on_sqlite, "a", "b", text="There")
    assert on_sqlite.slack.calls[3:] == ["edit"]
    on_sqlite.clock.advance(minutes=1)
    await say(on_sqlite, "c", "b", text="There")
    assert on_sqlite.slack.calls[4:] == ["upload", "edit"]
    assert on_sqlite.slack.texts("C1") == [f"There\n{linked(3, 'c')}\n{linked(2, 'b')}"]
    kept = (await on_sqlite.row("k")).pictures or {}
    assert len(kept) == 2


async def test_what_went_up_before_an_upload_failed_is_not_kept_from_its_readers(
    on_sqlite: Bench,
) -> None:
    await on_sqlite.person("U-DANA", is_pmo=True)
    on_sqlite.slack.plan("upload b.txt", REFUSED)
    await say(on_sqlite, "a", "b")
    assert on_sqlite.slack.texts("C1") == [f"Here\n{linked(1, 'a')}\nFile missing: File b"]
    (problem,) = await on_sqlite.rows_of_kind(DeliveryProblem.kind)
    assert (problem.value["is_picture"], problem.value["cause"]) == (True, REFUSED.reason)


@pytest.mark.parametrize("call", ["post", "edit"])
async def test_a_message_that_slack_takes_only_without_its_document_says_so(
    on_sqlite: Bench, call: str
) -> None:
    await on_sqlite.person("U-DANA", is_pmo=True)
    if call == "edit":
        await say(on_sqlite)
        on_sqlite.clock.advance(minutes=1)
    on_sqlite.slack.plan(f"{call} C1", BARRED)
    await say(on_sqlite, "a")
    await on_sqlite.elapse(seconds=5)
    assert on_sqlite.slack.texts("C1") == ["Here\nFile missing: File a"]
    assert len(await on_sqlite.rows_of_kind(DeliveryProblem.kind)) == 1


async def test_where_the_bot_is_not_its_document_goes_with_the_message_once_it_is(
    on_sqlite: Bench,
) -> None:
    on_sqlite.slack.plan("post", Permanent("not_in_channel", "the bot is not in the channel"))
    await say(on_sqlite, "a")
    assert (await on_sqlite.row("k")).state is DeliveryState.FAILED
    await on_sqlite.service.try_again("C1", on_sqlite.clock.now())
    await on_sqlite.elapse(seconds=2)
    assert on_sqlite.slack.calls == ["upload", "post", "post"]
    assert on_sqlite.slack.texts("C1") == [f"Here\n{linked(1, 'a')}"]


async def test_slack_s_wish_to_wait_holds_up_uploads_alone(on_sqlite: Bench) -> None:
    on_sqlite.slack.plan("upload", RetryAfter(30))
    await say(on_sqlite, "a")
    assert (await on_sqlite.row("k")).attempts == 0
    claim = await on_sqlite.service.claim(on_sqlite.clock.now())
    assert claim is None
    on_sqlite.clock.advance(seconds=30)
    claim = await on_sqlite.service.claim(on_sqlite.clock.now())
    assert claim is not None
    assert claim.step is DeliveryStep.UPLOAD


@pytest.mark.parametrize("inside", [(), ("a",)], ids=["no document", "a document"])
async def test_what_slack_refuses_even_without_a_document_is_given_up(
    on_sqlite: Bench, inside: tuple[str, ...]
) -> None:
    for _time in range(6):
        on_sqlite.slack.plan("post C1", BARRED)
    await say(on_sqlite, *inside)
    for _time in range(5):
        await on_sqlite.elapse(seconds=5)
    assert on_sqlite.slack.calls == [*["upload" for _each in inside], *["post"] * (1 + len(inside))]
    assert (await on_sqlite.row("k")).state is DeliveryState.FAILED
