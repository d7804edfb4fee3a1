"""The clock that the bot lives by."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's own clock; implements `domain.ports.Clock`."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)
