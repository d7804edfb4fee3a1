"""Where a digest goes, and in which messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.messages import Letter, Message, Place
from domain.delivery.service import Outbox
from domain.digests.messages import Composition, DigestCopy, DigestHead
from domain.digests.values import CycleFacts
from models import digests as store
from models.calendar import digest_subscribers
from models.delivery.rows import first_part, parts_by_key, pmo_people
from models.digests import Digest
from models.portfolio import Council

OPEN: Final = "open"
RESTRICTED: Final = "restricted"


def audiences_of(facts: CycleFacts, kept: Collection[str] = ()) -> list[str]:
    """Who gets a part: nobody is told of one that has no projects, unless it once had some."""
    has_open = any(not each.is_restricted for each in facts.projects)
    has_restricted = any(each.is_restricted for each in facts.projects)
    return [OPEN] * (has_open or OPEN in kept) + [RESTRICTED] * (
        has_restricted or RESTRICTED in kept
    )


class Speaker:
    """Says a digest to its audiences: the open projects', and the restricted ones'."""

    def __init__(self, workspace_id: int, outbox: Outbox) -> None:
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def places(
        self, session: AsyncSession, digest: Digest, council: Council, audience: str
    ) -> Sequence[tuple[Place, str]]:
        """Where an audience reads, each with the beginning of the keys of what is said there.

        Restricted projects never stand in a channel: its membership is Slack's to change, and
        the council's own members are known.
        """
        prefix = f"digest:{digest.cycle_id}"
        if audience == OPEN:
            # The council may read elsewhere by now; what is posted stays where it is.
            head = await first_part(session, self._workspace_id, f"{prefix}:head")
            channel_id = (head.channel_id if head else None) or council.channel_id
            return [(Place.channel(channel_id), prefix)]
        readers = await store.council_readers(session, council)
        if not readers:  # nobody sits there yet: it must not go to nobody
            readers = [each.pk for each in await pmo_people(session, self._workspace_id)]
        return [(Place.person(each), f"{prefix}:restricted:{each}") for each in readers]

    async def say(
        self,
        session: AsyncSession,
        composition: Composition,
        place: Place,
        prefix: str,
        now: datetime,
    ) -> None:
        """Say the head message at a place, and the replies of its thread."""
        await self._outbox.say(session, composition.head, to=place, key=f"{prefix}:head", now=now)
        replies: dict[str, Message] = {
            f"{prefix}:detail:{each.report.project_id}": each for each in composition.details
        }
        if composition.missing is not None:
            replies[f"{prefix}:missing"] = composition.missing
        replies |= {f"{prefix}:heat_map:{each.page}": each for each in composition.heat_maps}
        replies |= {
            f"{prefix}:page:{number}": page
            for number, page in enumerate(composition.pages, start=1)
        }
        to = Place.thread(f"{prefix}:head")
        await self._outbox.say_all(session, replies, to=to, now=now)

    async def say_copies(
        self,
        session: AsyncSession,
        digest: Digest,
        council: Council,
        head: DigestHead,
        now: datetime,
    ) -> None:
        """Give the head to everybody who has subscribed to it.

        Who subscribes later gets the next digest, not the amended one of before.
        """
        ((place, prefix),) = await self.places(session, digest, council, OPEN)
        channel_id = place.channel_id or council.channel_id
        is_same = channel_id == council.channel_id
        copy = DigestCopy(head, channel_id, council.channel_name if is_same else "")
        readers = await digest_subscribers(session, council.pk)
        letters = [
            Letter(copy, Place.person(each), f"{prefix}:subscriber:{each}") for each in readers
        ]
        if head.amended_at is not None:
            keys = {each.key for each in letters}
            told = await parts_by_key(session, self._workspace_id, keys)
            letters = [each for each in letters if each.key in told]
        if letters:
            await self._outbox.say_each(session, letters, now)
