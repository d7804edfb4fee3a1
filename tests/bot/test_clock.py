"""A clock that differs from Slack's is told, at start and each hour."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import ClockCheck
from bot.runtime import running
from domain.delivery.errors import Transient
from domain.ports import SlackApp
from sandbox.app import Running as Sandbox
from tests.conftest import NOW
from tests.support.directory import FakeDirectory
from tests.support.scene import fresh_copy, settings_for


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(31, "is +31 s off"), (-7200, "is -7200 s off"), (30, ""), (-3, ""), (None, "")],
)
async def test_more_than_half_a_minute_is_told(
    seconds: int | None, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    slack = FakeDirectory()
    slack.itself = SlackApp(
        frozenset(), skew=None if seconds is None else timedelta(seconds=seconds)
    )
    noted: list[float] = []
    assert not await ClockCheck(slack, noted.append).run(NOW)
    assert noted == ([] if seconds is None else [seconds])
    assert told in caplog.text
    assert ("set it by NTP" in caplog.text) == bool(told)


async def test_a_slack_that_does_not_answer_is_no_wrong_clock(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slack = FakeDirectory()
    slack.troubles["app"] = Transient("unreachable", "Slack cannot be reached")
    caplog.set_level("INFO", "bot")
    assert not await ClockCheck(slack, lambda _seconds: None).run(NOW)
    assert "can't be compared with Slack's: Slack cannot be reached" in caplog.text


async def test_the_running_bot_compares_clocks(
    sqlite_template: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    url = fresh_copy(sqlite_template, tmp_path)
    async with running(settings_for(sandbox.api_base_url, url)) as bot:
        assert "clock" in {worker.name for worker in bot.workers}
        await bot.core.clock_check.run(NOW)
        skew = bot.core.metrics.registry.get_sample_value("pmobot_clock_skew_seconds")
    assert skew is not None
    assert 0 < abs(skew) < 30
