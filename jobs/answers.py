"""The clock's side of answers: questions are kept for a while, their words no longer."""

from datetime import datetime

from domain.answers.service import AnswersService


async def forget(service: AnswersService, now: datetime) -> bool:
    """Drop the words of old questions; one statement does it for all."""
    await service.forget(now)
    return False
