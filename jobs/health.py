"""The clock's side of health: once a day Slack is asked what has changed."""

from datetime import datetime

from domain.health.service import HealthService


async def run(service: HealthService, now: datetime) -> bool:
    """Ask Slack if that is due; tell whether it was."""
    return await service.check_if_due(now)
