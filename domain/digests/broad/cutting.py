"""Takes out of the issues that are posted what not everybody may know of any more.

An issue is a snapshot, and is not amended else: but secrecy goes before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.digests.broad.messages import BroadHead
from domain.digests.broad.rules import MOST_PAGES, Cut, codes_in, cut_head
from domain.digests.heat_map.loading import Cell, HeatMap
from domain.digests.messages import DigestPage
from models.delivery.rows import parts_by_key
from models.digests import PortfolioIssue
from models.digests import broad as store
from models.digests.broad import Hidden

HEAD: Final = TypeAdapter(BroadHead)

_NOTHING: Final = DigestPage(())


def prefix_of(issue: PortfolioIssue) -> str:
    """What the keys of all that an issue says begin with."""
    return f"portfolio:{issue.digest_id}:{issue.occurrence_on}"


@dataclass(frozen=True)
class Cutter:
    """Cuts the issues of a workspace in one transaction."""

    session: AsyncSession
    outbox: Outbox
    now: datetime

    async def cut(self) -> None:
        """Cut every issue that tells too much."""
        for issue, hidden in await self.found(locked=True):
            await self._cut(issue, hidden)

    async def found(self, *, locked: bool = False) -> Sequence[tuple[PortfolioIssue, list[Hidden]]]:
        """The issues that tell too much, each with the projects that it may not tell of."""
        hidden = await store.hidden_projects(self.session, self.outbox.workspace_id)
        if not hidden:
            return []
        issues = await store.issues_of(self.session, self.outbox.workspace_id, locked=locked)
        return [(issue, told) for issue in issues if (told := _told_in(issue, hidden))]

    async def _cut(self, issue: PortfolioIssue, hidden: Sequence[Hidden]) -> None:
        cuts = [
            Cut(each.code, each.council, Cell(cell) if cell else None)
            for each in hidden
            for cell in [issue.healths.get(str(each.project_id))]
        ]
        head = cut_head(HEAD.validate_python(issue.value), cuts, self.now)
        gone = {str(each.project_id) for each in hidden}
        issue.value = HEAD.dump_python(head, mode="json")
        issue.healths = {
            number: cell for number, cell in issue.healths.items() if number not in gone
        }
        await self._say(issue, head, hidden)

    async def _say(self, issue: PortfolioIssue, head: BroadHead, hidden: Sequence[Hidden]) -> None:
        """Edit what was said: the head, the replies about what is cut, the pictures with it."""
        prefix = prefix_of(issue)
        details = {f"{prefix}:detail:{each.project_id}" for each in hidden}
        maps = {f"{prefix}:heat_map:{page}" for page in range(1, MOST_PAGES + 1)}
        said = await parts_by_key(
            self.session, self.outbox.workspace_id, {f"{prefix}:head", *details, *maps}
        )
        replies: dict[str, Message] = dict.fromkeys(sorted(details & said.keys()), _NOTHING)
        codes = {each.code for each in hidden}
        for key in sorted(maps & said.keys()):
            first = said[key][0]
            value = first.value if first.stripped_at is None else None
            replies[key] = self._cut_map(first.kind, value, head, codes)
        for row in said.get(f"{prefix}:head", [])[:1]:
            to = Place.channel(row.channel_id or row.place.removeprefix("channel:"))
            await self.outbox.say(self.session, head, to=to, key=row.key, now=self.now)
        await self.outbox.say_all(
            self.session, replies, to=Place.thread(f"{prefix}:head"), now=self.now
        )

    def _cut_map(
        self, kind: str, value: Mapping[str, Any] | None, head: BroadHead, codes: Collection[str]
    ) -> HeatMap:
        """A page without some projects; an empty one, where it is not known what it showed."""
        shown = self.outbox.codec.decode(kind, value) if value is not None else None
        if isinstance(shown, HeatMap):
            return replace(shown, rows=tuple(row for row in shown.rows if row.code not in codes))
        return HeatMap(head.name, (), (), head.as_of, head.timezone)


def _told_in(issue: PortfolioIssue, hidden: Sequence[Hidden]) -> list[Hidden]:
    """What an issue tells of that not everybody may know."""
    codes = codes_in(issue.value)
    return [each for each in hidden if str(each.project_id) in issue.healths or each.code in codes]
