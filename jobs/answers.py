"""The clock's side of answers: the PMO learns from questions, whose words are kept for a while."""

from datetime import datetime

from domain.answers.learning.clock import LearningClock
from domain.answers.service import AnswersService


async def forget(service: AnswersService, now: datetime) -> bool:
    """Drop the words of old questions; one statement does it for all."""
    await service.forget(now)
    return False


async def learn(clock: LearningClock, now: datetime) -> bool:
    """Sort questions, and tell the PMO's list of the week; tell whether there was any."""
    return await clock.tend(now)
