"""A `Messenger` that needs no Slack: it keeps what it is given, and fails when it is told to."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.delivery.errors import DeliveryTrouble
from domain.ports import Posted, Stored


@dataclass
class FakeMessage:
    """A message as the pretended Slack holds it."""

    channel_id: str
    ts: str
    text: str
    blocks: list[Mapping[str, Any]]
    opaque_id: str
    thread_ts: str | None = None
    edits: int = 0


@dataclass
class _Plan:
    trouble: BaseException
    after: bool


@dataclass
class FakeMessenger:
    """Takes every call, one at a time, unless trouble is planned for it."""

    messages: list[FakeMessage] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    files: list[tuple[str, bytes, str]] = field(default_factory=list)
    """Name, bytes and alternative text, or title, of each that was uploaded."""
    on_call: Callable[[str], None] = lambda _call: None
    """Called in the midst of each call: what else happens at that time."""
    _plans: dict[str, deque[_Plan]] = field(default_factory=dict)

    def plan(self, call: str, *troubles: DeliveryTrouble | BaseException) -> None:
        """The next calls (`post`, or `post C1` for one channel) fail before Slack acts on them."""
        self._plans.setdefault(call, deque()).extend(_Plan(one, after=False) for one in troubles)

    def plan_lost_answer(self, call: str, trouble: BaseException) -> None:
        """The next call is done by Slack, and its answer is lost."""
        self._plans.setdefault(call, deque()).append(_Plan(trouble, after=True))

    def texts(self, channel_id: str, thread_ts: str | None = None) -> list[str]:
        """What stands in a conversation, in the order in which it came."""
        return [
            message.text
            for message in self.messages
            if (message.channel_id, message.thread_ts) == (channel_id, thread_ts)
        ]

    async def open_dm(self, slack_id: str) -> str:
        self._begin("open_dm", slack_id)()
        return f"D-{slack_id}"

    async def upload(self, name: str, data: bytes, title: str, alt: str) -> Stored:
        end = self._begin("upload", name)
        self.files.append((name, data, alt or title))
        end()
        number = len(self.files)
        return Stored(f"F{number}", f"https://x.slack.com/files/F{number}/{name}")

    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        end = self._begin("post", channel_id)
        ts = f"{1000 + len(self.messages)}.000100"
        self.messages.append(FakeMessage(channel_id, ts, text, list(blocks), opaque_id, thread_ts))
        end()
        return Posted(channel_id, ts)

    async def edit(self, posted: Posted, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        end = self._begin("edit", posted.channel_id)
        message = next(one for one in self.messages if one.ts == posted.ts)
        message.text, message.blocks = text, list(blocks)
        message.edits += 1
        end()

    async def find(
        self,
        channel_id: str,
        opaque_id: str,
        since: datetime,  # noqa: ARG002 - part of the protocol
        thread_ts: str | None = None,
    ) -> Posted | None:
        self._begin("find", channel_id)()
        for message in self.messages:
            where = (message.channel_id, message.thread_ts)
            if where == (channel_id, thread_ts) and message.opaque_id == opaque_id:
                return Posted(channel_id, message.ts)
        return None

    def _begin(self, call: str, where: str) -> Callable[[], None]:
        """Count the call; raise what is planned before it, or return what raises it after it."""
        self.calls.append(call)
        self.on_call(call)
        plans = self._plans.get(f"{call} {where}") or self._plans.get(call)
        plan = plans.popleft() if plans else None
        if plan is not None and not plan.after:
            raise plan.trouble

        def end() -> None:
            if plan is not None:
                raise plan.trouble

        return end
