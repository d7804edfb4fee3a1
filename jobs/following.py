"""The clock's side of following: followers are told what they follow, when it is their turn."""

from datetime import datetime

from domain.digests.following.service import FollowersService


async def run(service: FollowersService, now: datetime) -> bool:
    """Do the next thing for followers; tell whether there was one."""
    return await service.tell(now)
