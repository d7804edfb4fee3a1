"""Tells the PMO what the handbook left open: each of them one message a day, directly.

Never in a channel: a question may name what its reader must not know of, such as a restricted
project.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.finding.finder import Band
from domain.answers.messages import OpenQuestion, OpenQuestions
from domain.delivery.messages import Letter, Place
from domain.delivery.service import Outbox
from models import answers as store
from models.answers import Question, ToldRow
from models.delivery import queue
from models.delivery.rows import pmo_people

_GATE = "open-questions"
"""The gate that tellers pass one by one: each of them says all that the day has left open."""


async def tell_pmo(
    session: AsyncSession, outbox: Outbox, questions: list[Question], now: datetime
) -> bool:
    """Put questions on the day's list; False if there is nobody who is the PMO."""
    workspace_id, day = outbox.workspace_id, now.date()
    await queue.lock_gates(session, workspace_id, {_GATE}, now)
    for each in questions:
        each.told_on = each.told_on or day
    await session.flush()
    rows = await store.told_on(session, workspace_id, day)
    message = OpenQuestions(tuple(map(_open_question, rows)))
    people = await pmo_people(session, workspace_id)
    letters = [
        Letter(message, Place.person(each.pk), f"open-questions:{day}:{each.pk}") for each in people
    ]
    await outbox.say_each(session, letters, now)
    return bool(people)


def _open_question(row: ToldRow) -> OpenQuestion:
    asked = row.question
    return OpenQuestion(
        asker=row.asker.name,
        asked_at=asked.asked_at,
        text=asked.text,
        is_unhelpful=asked.band != Band.UNKNOWN,
    )
