"""Pictures go up before the message that shows them, once, and hold up no words."""

import pytest

from domain.delivery.errors import (
    Ambiguous,
    Permanent,
    PictureNotReady,
    Transient,
)
from models.base import Database
from models.enums import DeliveryState, PictureState
from tests.support.clock import FakeClock
from tests.support.delivering import Bench, Drawn

LOST = Ambiguous("no_answer", "the answer was lost")
DOWN = Transient("down", "Slack is down")
REFUSED = Permanent("file_uploads_disabled", "the workspace takes no files", is_local=False)
NOT_READY = PictureNotReady("invalid_blocks", "Slack does not know the picture's file")


@pytest.fixture
def on_sqlite(database: Database, workspace_id: int, clock: FakeClock) -> Bench:
    """The bench where no SQL differs."""
    return Bench(database, workspace_id, clock)


def drawn(text: str) -> Drawn:
    return Drawn((text,))


def shown(bench: Bench) -> str:
    """What the only message shows: the file of its picture, or the words in its place."""
    (message,) = bench.slack.messages
    (block,) = message.blocks
    told = block["slack_file"]["id"] if block["type"] == "image" else block["text"]["text"]
    return str(told)


async def test_a_picture_is_uploaded_before_the_message_that_shows_it(bench: Bench) -> None:
    await bench.say(drawn("a"), "k")
    await bench.elapse(seconds=2)
    assert bench.slack.calls == ["upload", "post"]
    assert bench.slack.files == [("note.png", b"PNG of a", "shows a")]
    assert shown(bench) == "F1"
    row = await bench.row("k")
    assert (row.state, row.picture_state) == (DeliveryState.SENT, PictureState.SETTLED)
    assert row.posted_blocks == bench.slack.messages[0].blocks
    await bench.say(drawn("b"), "k")
    await bench.elapse(minutes=1)
    assert bench.slack.calls == ["upload", "post", "upload", "edit"]
    assert shown(bench) == "F2"
    assert set((await bench.row("k")).pictures or {}) == {drawn("b").rendered.pictures[0].digest}
