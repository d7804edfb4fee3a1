"""What Slack does not take where it was to be said, though it might take it elsewhere."""

from collections.abc import Collection, Sequence

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.delivery.rows import is_unsaid
from models.delivery.tables import Delivery
from models.enums import DeliveryState


async def refused(
    session: AsyncSession,
    workspace_id: int,
    beginning: str,
    troubles: Collection[str],
    *,
    locked: bool = False,
) -> Sequence[Delivery]:
    """What was given up for one of some troubles, of the subjects with a beginning, by key.

    Not what perhaps stands in Slack: a person looks after that.
    """
    statement = (
        select(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            is_unsaid(),
            Delivery.state == DeliveryState.FAILED,
            col(Delivery.is_uncertain).is_(False),
            col(Delivery.trouble).in_(troubles),
            col(Delivery.key).startswith(beginning, autoescape=True),
        )
        .order_by(col(Delivery.key), col(Delivery.part))  # as all who lock subjects
    )
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(statement)).all()


async def move_threads(
    session: AsyncSession, workspace_id: int, parent_key: str, conversation: str
) -> None:
    """Let the replies under a message go to where that one goes now."""
    await session.exec(
        update(Delivery)
        .where(col(Delivery.workspace_id) == workspace_id, col(Delivery.parent_key) == parent_key)
        .values(conversation=conversation)
    )
