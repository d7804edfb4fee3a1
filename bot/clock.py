"""The clock that the bot lives by, and whether it is right."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from domain.delivery.errors import DeliveryTrouble
from domain.health.rules import LONGEST_SKEW
from domain.ports import Directory

_log = logging.getLogger(__name__)


class SystemClock:
    """The machine's own clock; implements `domain.ports.Clock`."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)


class ClockCheck:
    """Compares the machine's clock with Slack's: a wrong one says everything at a wrong hour."""

    def __init__(self, directory: Directory, noted: Callable[[float], None]) -> None:
        self._directory = directory
        self._noted = noted

    async def run(self, _now: datetime) -> bool:
        """Look once; False, for there is no more to do."""
        try:
            skew = (await self._directory.app()).skew
        except DeliveryTrouble as trouble:
            _log.info("the clock can't be compared with Slack's: %s", trouble)
            return False
        if skew is None:
            return False
        self._noted(skew.total_seconds())
        if abs(skew) > LONGEST_SKEW:
            _log.warning(
                "the machine's clock is %+.0f s off Slack's: set it by NTP, or everything is said "
                "at a wrong hour and signed requests are refused",
                skew.total_seconds(),
            )
        return False
