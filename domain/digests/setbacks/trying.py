"""Composes one thing at a time, and puts off what raises: the fault of one is not that of all."""

import logging
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.digests.setbacks.rules import again_at, failures_by_now, reason_of
from models.base import Database
from models.delivery.rows import insert_if_new
from models.digests import setbacks as store
from models.digests.setbacks import Setback
from models.enums import Composing

_log = logging.getLogger(__name__)


@dataclass
class Attempt:
    """Stands around the transaction in which something is composed: what raises is put off.

    Of several things it is not known which one raised: then nothing is put off, and it is the
    caller's turn to try each alone. What is raised before it is said what is composed, and what is
    the database's own failure, goes on to the caller.
    """

    setbacks: "Setbacks"
    work: Composing
    now: datetime
    item_ids: tuple[int, ...] = ()

    async def of(self, session: AsyncSession, *item_ids: int) -> None:
        """Say what is composed now; if that ends well, earlier failures are forgotten with it."""
        self.item_ids = item_ids
        await store.forget_setbacks(session, self.work, item_ids)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or not self.item_ids or store.is_of_database(error):
            return False
        _log.error("composing failed: %s of %s", self.work, self.item_ids, exc_info=error)
        if len(self.item_ids) == 1:
            await self.setbacks.put_off(self.work, self.item_ids[0], reason_of(error), self.now)
        return True


@dataclass(frozen=True)
class Setbacks:
    """What could not be composed in one workspace."""

    database: Database
    workspace_id: int

    def trying(self, work: Composing, now: datetime) -> Attempt:
        """Enter it before the transaction."""
        return Attempt(self, work, now)

    async def put_off(self, work: Composing, item_id: int, reason: str, now: datetime) -> None:
        """Try something again after a while, and longer each time."""
        first = Setback(
            workspace_id=self.workspace_id,
            work=work,
            item_id=item_id,
            failures=0,
            failed_at=now,
            next_at=now,
            reason=reason,
        )
        async with self.database.writing() as session:
            await insert_if_new(session, first, ("work", "item_id"))
            row = await store.setback_of(session, work, item_id)
            row.failures = failures_by_now(row.failures, row.failed_at, now)
            row.failed_at, row.next_at = now, again_at(row.failures, now)
            row.reason = reason
