"""The clock's side of digests: post what is due, amend what has changed, mend what failed."""

from datetime import datetime

from domain.digests.broad.service import BroadService
from domain.digests.preview.keeping import PreviewKeeper
from domain.digests.service import DigestService


async def run(service: DigestService, now: datetime) -> bool:
    """Post, amend or mend one digest; tell whether there was one."""
    return await service.post(now) or await service.amend(now) or await service.mend(now)


async def post_broad(service: BroadService, now: datetime) -> bool:
    """Post one portfolio digest, or cut those that tell too much; tell whether there was one."""
    return await service.post(now) or await service.cut(now)


async def preview(keeper: PreviewKeeper, now: datetime) -> bool:
    """Show the PMO one draft, or bring one up to date; tell whether there was one."""
    return await keeper.show(now) or await keeper.renew(now)
