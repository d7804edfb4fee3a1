"""A client of Slack's Web API that tells how long its calls take."""

import time
from collections.abc import Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from typing_extensions import override

Called = Callable[[str, float], None]
"""Hears of each call: its method, and the seconds until it was answered or given up."""


def unheard(_method: str, _seconds: float) -> None:
    """Tell nobody."""


class TimedClient(AsyncWebClient):
    """The client, with somebody who hears of each call."""

    def __init__(self, *, called: Called, **others: Any) -> None:
        super().__init__(**others)
        self._called = called

    @override
    async def api_call(self, api_method: str, **others: Any) -> AsyncSlackResponse:
        began = time.perf_counter()
        try:
            return await super().api_call(api_method, **others)
        finally:
            self._called(api_method, time.perf_counter() - began)
