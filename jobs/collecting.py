"""The clock's side of collecting: plan cycles, ask, ask again, hand on, remind, close them."""

from datetime import datetime

from domain.collecting.cycles import CycleService
from domain.collecting.service import CollectingService


async def run(service: CycleService, now: datetime) -> bool:
    """Do what is due in the reporting cycles; tell whether anything was."""
    if not await service.is_due(now):
        return False
    planned = await service.plan(now)
    asked = await service.ask(now)
    closed = await service.close(now)
    resumed = await service.resume(now)
    moved = await service.stand_in(now)
    reminded = await service.remind(now)
    return planned or asked or closed or resumed or moved or reminded


async def forget_drafts(service: CollectingService, now: datetime) -> bool:
    """Forget drafts and free texts that are long over; one statement does it for all of each."""
    await service.forget_drafts(now)
    return False
