"""The clock's side of collecting: plan cycles, ask, hand on, remind, close at the cut-off."""

from datetime import datetime

from domain.collecting.cycles import CycleService
from domain.collecting.service import CollectingService


async def run(service: CycleService, now: datetime) -> bool:
    """Do what is due in the reporting cycles; tell whether anything was."""
    planned = await service.plan(now)
    asked = await service.ask(now)
    closed = await service.close(now)
    moved = await service.stand_in(now)
    reminded = await service.remind(now)
    return planned or asked or closed or moved or reminded


async def forget_drafts(service: CollectingService, now: datetime) -> bool:
    """Forget drafts that nobody has touched for long; one statement does it for all."""
    await service.forget_drafts(now)
    return False
