"""The app as an agent: what it suggests to ask, and what it says that it is doing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import Running, SandboxOptions
from sandbox.page.conversations import timeline
from sandbox.page.live import touched
from sandbox.page.visit import Visit
from sandbox.state import dump, restore
from sandbox.workspace import Change, Prompt, Workspace

PROMPT = {"title": "A plan", "message": "What goes into a plan?"}


class Ground:
    """Ana has written to the app."""

    def __init__(self, sandbox: Running, ana: str, client: AsyncWebClient) -> None:
        self.workspace, self.client = sandbox.workspace, client
        self.dm = sandbox.workspace.dm(ana)
        self.visit = Visit(sandbox.workspace, sandbox.workspace.users[ana])
        self.root = sandbox.workspace.add_message(self.dm.id, ana, "What is a plan?").ts

    async def suggest(self, prompts: list[Any], **more: Any) -> None:
        await self.client.assistant_threads_setSuggestedPrompts(
            channel_id=self.dm.id, prompts=prompts, **more
        )

    async def status(self, text: str, **more: Any) -> None:
        named = {"channel_id": self.dm.id, "thread_ts": self.root, "status": text, **more}
        await self.client.assistant_threads_setStatus(**named)

    def doing(self) -> str:
        status = self.workspace.status(self.dm.id)
        return status.text if status else ""


@pytest.fixture
async def ground(start: Any, with_people: Any, new_client: Any) -> AsyncIterator[Ground]:
    async with start(SandboxOptions(rate_limits=True)) as sandbox:
        yield Ground(sandbox, with_people(sandbox).ana.id, new_client(sandbox))


async def test_suggestions_are_kept_over_a_restart(ground: Ground) -> None:
    await ground.suggest([PROMPT])
    await ground.suggest([PROMPT, PROMPT], thread_ts=ground.root)
    assert ground.workspace.prompts[ground.dm.id] == (Prompt(*PROMPT.values()),) * 2
    after = Workspace()
    restore(after, dump(ground.workspace))
    assert after.prompts == ground.workspace.prompts
    assert touched(Change("prompts", channel=ground.dm.id), ground.visit) == {
        "parts": ["agent"],
        "channel": ground.dm.id,
    }


@pytest.mark.parametrize(
    "prompts", [[], [PROMPT] * 5, "x", [{"title": "A plan"}], [{**PROMPT, "title": ""}], [3]]
)
async def test_suggestions_that_slack_does_not_take_are_refused(
    ground: Ground, prompts: Any
) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await ground.suggest(prompts)


async def test_a_status_ends_with_the_answer_in_its_thread_or_after_two_minutes(
    ground: Ground,
) -> None:
    await ground.status("is looking", loading_messages=["one", "two"])
    await ground.client.chat_postMessage(channel=ground.dm.id, text="elsewhere")
    assert ground.doing() == "is looking"
    await ground.client.chat_postMessage(channel=ground.dm.id, text="x", thread_ts=ground.root)
    assert ground.doing() == ""
    await ground.status("is looking")
    await ground.status("")
    assert ground.doing() == ""
    await ground.status("is looking")
    ground.workspace.clock.advance(120)
    assert ground.doing() == ""


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel_id": "D0"}, "channel_not_found"),
        ({"thread_ts": "1.0"}, "invalid_thread_ts"),
        ({"status": None}, "invalid_arguments"),
        ({"loading_messages": ["x"] * 11}, "invalid_arguments"),
        ({"loading_messages": ["x" * 51]}, "invalid_arguments"),
    ],
)
async def test_a_status_that_slack_does_not_take_is_refused(
    ground: Ground, change: dict[str, Any], error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await ground.status("x", **change)


async def test_a_status_belongs_into_a_direct_message(
    ground: Ground,
) -> None:
    council = ground.workspace.channel_named("its-council")
    assert council is not None
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await ground.status("x", channel_id=council.id)


async def test_a_direct_message_takes_sixty_statuses_a_minute(ground: Ground) -> None:
    for _ in range(60):
        await ground.status("x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await ground.status("x")


async def test_an_app_that_is_no_agent_suggests_nothing(
    start: Any, with_people: Any, new_client: Any
) -> None:
    async with start(agent_view=False) as sandbox:
        ground = Ground(sandbox, with_people(sandbox).ana.id, new_client(sandbox))
        with pytest.raises(SlackApiError, match="not_agent_app"):
            await ground.suggest([PROMPT])


async def test_threads_stand_in_the_conversation_with_an_agent(ground: Ground) -> None:
    await ground.client.chat_postMessage(channel=ground.dm.id, text="x", thread_ts=ground.root)
    ground.workspace.add_message(ground.dm.id, ground.visit.user.id, "And a risk?")
    alone, after = timeline(ground.visit, ground.dm).cards
    assert (alone.replies, after.is_continuation) == (1, True)
    question, answer, another = timeline(ground.visit, ground.dm, shows_replies=True).cards
    assert [each.ts for each in (question, another)] == [alone.ts, after.ts]
    assert (question.is_inline, answer.is_inline, another.is_inline) == (False, True, False)
    assert not another.is_continuation
