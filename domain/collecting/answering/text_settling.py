"""Brings the messages about free text to what became of it, however that came."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.answering.text_messages import TextItem, TextRead
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.portfolio.values import Viewer
from models import collecting as store
from models.collecting import RequestRow
from models.delivery import Delivery, rows
from models.enums import PlaceKind, TextState

Edit = Callable[[TextItem], TextItem]


async def settle_written(
    session: AsyncSession, outbox: Outbox, row: RequestRow, viewer: Viewer, now: datetime
) -> None:
    """Close what was written about a request that has been answered in another way.

    Args:
        session: a writing one, with the request locked.
        outbox: where the messages about the texts are said again.
        row: the request.
        viewer: who answered it.
        now: this instant.
    """
    for each in await store.open_written(session, row.request.pk):
        each.state = TextState.ANSWERED
        is_own = each.person_id == viewer.person_id
        note = "" if is_own else f"{viewer.name} has answered for {row.project.code} meanwhile."
        await edit_items(session, outbox, each.key, {each.pk: closed(each.state, note)}, now)


def closed(state: TextState, note: str = "") -> Edit:
    """What makes an item say what became of it."""
    return lambda item: replace(item, state=state, note=note, lacks=(), choices=())


async def edit_items(
    session: AsyncSession,
    outbox: Outbox,
    key: str,
    edits: Mapping[int, Edit],
    now: datetime,
) -> None:
    """Say a message about a text again, with some of its items changed.

    One whose text is not kept any more is so old that nobody looks at it: it stays as it is.
    """
    parts = await rows.parts_of(session, outbox.workspace_id, key)
    if not parts or not parts[0].value:
        return
    message = outbox.codec.decode(parts[0].kind, parts[0].value)
    if isinstance(message, TextRead):
        items = tuple(
            edits[item.number](item) if item.number in edits else item for item in message.items
        )
        changed = replace(message, items=items)
        await outbox.say(session, changed, to=_place(parts[0]), key=key, now=now)


def _place(row: Delivery) -> Place:
    if row.place_kind is PlaceKind.THREAD and row.parent_key is not None:
        return Place.thread(row.parent_key)
    return Place(PlaceKind.PERSON, person_id=row.person_id)
