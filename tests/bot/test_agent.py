"""Slack's agent experience is an extra: whatever becomes of it, answers come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.agent import AgentView
from tests.support.clock import FakeClock

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MESSAGE = {"ts": "5.0", "text": "what is a risk?"}


class Slack:
    """Keeps the statuses that it is told, and fails where it is told to."""

    def __init__(self) -> None:
        self.statuses: list[str] = []
        self.error = ""
        self.turn: Callable[[], Awaitable[None]] | None = None

    @property
    def client(self) -> AsyncWebClient:
        return cast("AsyncWebClient", self)

    async def assistant_threads_setStatus(  # noqa: N802 - the client's own name
        self, *, status: str, **_others: Any
    ) -> None:
        if self.turn is not None:
            await self.turn()
        self._answer()
        self.statuses.append(status)

    async def assistant_threads_setSuggestedPrompts(  # noqa: N802 - as above
        self, **_others: Any
    ) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.error == "timeout":
            raise TimeoutError
        if self.error:
            response: Any = {"ok": False, "error": self.error}
            raise SlackApiError("x", _Response(response))  # type: ignore[no-untyped-call]


class _Response(dict[str, Any]):
    status_code = 200
    headers: dict[str, str] = {}  # noqa: RUF012 - as the client's


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def agent(clock: FakeClock) -> AgentView:
    return AgentView(clock)


async def test_questions_are_threads_once_slack_says_that_the_bot_is_an_agent(
    agent: AgentView, slack: Slack
) -> None:
    assert agent.thread_of(MESSAGE) is None
    assert agent.thread_of({**MESSAGE, "thread_ts": "1.0"}) == "1.0"
    assert agent.thread_of({**MESSAGE, "assistant_thread": {}}) == "5.0"
    slack.error = "not_agent_app"
    await agent.suggest(slack.client, "D1", [])
    assert agent.thread_of(MESSAGE) is None
    slack.error = ""
    await agent.suggest(slack.client, "D1", [])
    assert agent.thread_of(MESSAGE) == "5.0"
    assert agent.thread_of({**MESSAGE, "thread_ts": "1.0"}) == "1.0"


async def test_a_status_in_time_is_left_to_the_answer(agent: AgentView, slack: Slack) -> None:
    async with agent.looking(slack.client, "D1", "5.0") as work:
        await asyncio.sleep(0)
        work.is_answered = True
    assert slack.statuses == ["is looking into the handbook …"]


async def test_a_status_without_an_answer_in_its_thread_is_taken_back(
    agent: AgentView, slack: Slack
) -> None:
    async with agent.looking(slack.client, "D1", "5.0"):
        await asyncio.sleep(0)
    assert slack.statuses == ["is looking into the handbook …", ""]


async def test_the_work_does_not_wait_for_a_slow_status_which_is_taken_back(
    agent: AgentView, slack: Slack
) -> None:
    done = asyncio.Event()
    slack.turn = done.wait  # type: ignore[assignment] # whether it was set is nobody's business
    async with agent.looking(slack.client, "D1", "5.0") as work:
        await asyncio.sleep(0)
        assert slack.statuses == []
        work.is_answered = True
        done.set()
    assert slack.statuses[-1] == ""


async def test_outside_of_threads_there_is_no_status(agent: AgentView, slack: Slack) -> None:
    async with agent.looking(slack.client, "D1", None):
        pass
    assert slack.statuses == []


@pytest.mark.parametrize("error", ["missing_scope", "ratelimited", "not_allowed", "timeout"])
async def test_a_failure_costs_a_line_a_day_and_no_answer(
    agent: AgentView,
    slack: Slack,
    clock: FakeClock,
    caplog: pytest.LogCaptureFixture,
    error: str,
) -> None:
    caplog.set_level(logging.WARNING)
    slack.error = error
    for day in (1, 2):
        for _time in range(2):
            async with agent.looking(slack.client, "D1", "5.0"):
                await asyncio.sleep(0)
            await agent.suggest(slack.client, "D1", [])
        assert len(caplog.records) == 2 * day
        clock.advance(days=1)
    assert {each.getMessage().partition(",")[0] for each in caplog.records} == {
        "assistant.threads.setStatus failed",
        "assistant.threads.setSuggestedPrompts failed",
    }
