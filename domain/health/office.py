"""What the PMO does on its health page: looks, has Slack asked again, tries again, drops."""

from contextlib import suppress
from datetime import datetime

from domain.delivery.errors import CannotMendError
from domain.delivery.sending import DeliveryService
from domain.errors import NotAllowedError
from domain.health.service import HealthService
from domain.health.values import HealthReport
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer


class OfficeService:
    """Every call but the first refuses whoever does not belong to the PMO (any more)."""

    def __init__(self, health: HealthService, delivery: DeliveryService) -> None:
        self._health = health
        self._delivery = delivery

    async def page(self, viewer: Viewer, now: datetime) -> HealthReport | None:
        """What hinders the bot, for the PMO; None for everybody else."""
        return await self._health.report(now) if belongs_to_pmo(viewer) else None

    async def check_slack(self, viewer: Viewer, now: datetime) -> None:
        """Ask Slack now what has changed."""
        self.check_may(viewer)
        await self._health.check_slack(now)

    async def retry(self, viewer: Viewer, delivery_id: int) -> None:
        """Give one thing that was not said another chance."""
        self.check_may(viewer)
        await self._delivery.retry(delivery_id, viewer.slack_id)

    async def retry_all(self, viewer: Viewer, now: datetime) -> None:
        """Give everything another chance that was given up and is worth it.

        What is held is left out: somebody has to look first whether Slack took it.
        """
        self.check_may(viewer)
        for each in await self._delivery.failures(now):
            if not (each.is_held or each.is_over):
                with suppress(CannotMendError):  # somebody was faster
                    await self._delivery.retry(each.delivery_id, viewer.slack_id)

    async def drop(self, viewer: Viewer, delivery_id: int) -> None:
        """Give one thing up for good."""
        self.check_may(viewer)
        await self._delivery.drop(delivery_id, viewer.slack_id)

    def check_may(self, viewer: Viewer) -> None:
        """Make sure that somebody may do what this page offers.

        Raises:
            NotAllowedError: they may not.
        """
        if not belongs_to_pmo(viewer):
            msg = "Only the PMO can do that. The PMO's members stand in its configuration."
            raise NotAllowedError(msg)
