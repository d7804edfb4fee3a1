"""The judge of the kill test finds each thing that can go wrong."""

import pytest

from benchmarks.talking import Subject, Verdict, judge
from domain.delivery.messages import Place
from sandbox.workspace import Message, Workspace

LONG = "Done. " * 4_000


class Scene:
    """A head with a reply in a channel, and one more message: all as it must be."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        channel = self.workspace.add_channel("general").id
        place = Place.channel(channel)
        self.head = Subject(0, place, channel, is_report=True, text=LONG)
        self.reply = Subject(1, Place.thread(self.head.key), channel, head=0)
        self.other = Subject(2, place, channel)
        (first, *rest) = self.head.texts()
        root = self.post(first)
        for text in [*rest, *self.reply.texts()]:
            self.post(text, root.ts)
        self.post(*self.other.texts())

    def post(self, text: str, thread_ts: str | None = None, channel_id: str = "") -> Message:
        channel = channel_id or self.head.channel_id
        return self.workspace.add_message(channel, "UBOT", text, thread_ts=thread_ts)

    def posted(self, tag: str) -> list[Message]:
        messages = self.workspace.messages_in(self.head.channel_id)
        return [message for message in messages if tag in message.text]

    def verdict(self) -> Verdict:
        return judge([self.head, self.reply, self.other], self.workspace)

    def wrong(self) -> set[str]:
        return {kind for kind, number in self.verdict().counts().items() if number}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_is_right_is_clean(scene: Scene) -> None:
    assert len(scene.posted("k0v1")) > 1
    assert scene.verdict().is_clean
    assert scene.verdict().said == 3


@pytest.mark.parametrize("which", [0, -1])
def test_a_missing_message_or_part_is_lost(scene: Scene, which: int) -> None:
    scene.workspace.delete_message(scene.posted("k0v1")[which])
    assert "lost" in scene.wrong()


def test_a_second_message_is_a_double(scene: Scene) -> None:
    scene.post(*scene.other.texts())
    assert scene.wrong() == {"double"}


def test_an_older_value_is_stale(scene: Scene) -> None:
    scene.other.version = 2
    assert scene.wrong() == {"stale"}


def test_a_message_in_another_channel_is_misplaced(scene: Scene) -> None:
    scene.workspace.delete_message(scene.posted("k2v1")[0])
    (text,) = scene.other.texts()
    scene.post(text, channel_id=scene.workspace.add_channel("other").id)
    assert scene.wrong() == {"misplaced"}


@pytest.mark.parametrize("tag", ["k1v1", "k2v1"])
def test_a_message_under_the_wrong_head_is_misplaced(scene: Scene, tag: str) -> None:
    (message,) = scene.posted(tag)
    message.thread_ts = scene.posted("k2v1")[0].ts if tag == "k1v1" else scene.posted("k0v1")[0].ts
    assert scene.wrong() == {"misplaced"}


def test_a_message_before_an_older_one_is_out_of_order(scene: Scene) -> None:
    older = Subject(3, scene.other.place, scene.other.channel_id)
    scene.post(*Subject(4, scene.other.place, scene.other.channel_id).texts())
    scene.post(*older.texts())
    assert scene.wrong() == {"disordered"}
