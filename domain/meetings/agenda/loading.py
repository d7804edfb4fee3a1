"""Loads the agenda of a meeting."""

from collections.abc import Callable
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.meetings.about import About
from domain.meetings.access import Seen, everybodys_text
from domain.meetings.agenda.values import Agenda, Item
from domain.portfolio.values import PersonName
from models.enums import ItemState, Visibility
from models.meetings.agenda import ItemRow, item_rows_of
from models.portfolio import Person


async def agenda_of(session: AsyncSession, about: About) -> Agenda:
    """The agenda of a meeting, with what is restricted: `open_for_all` and `seen_in` leave it out.

    What is removed, carried on or waits for consent is not on it.
    """
    rows = await item_rows_of(session, about.meeting.pk)
    is_open = await everybodys_text(session, about.council.workspace_id)
    return Agenda(tuple(item_of(row, is_open) for row in rows), about.meeting.minutes)


def seen_in(agenda: Agenda, seen: Seen) -> Agenda:
    """What of an agenda exists for somebody."""
    return agenda.where(partial(exists_for, seen))


def exists_for(seen: Seen, item: Item) -> bool:
    """Whether an item exists for somebody: by its project, and by what its words name.

    Who wrote the words knows them. Guests see what is about their own projects alone.
    """
    if item.project_id is None and seen.viewer.is_guest:
        return False
    if item.project_id is not None and item.project_id not in seen.projects:
        return False
    if item.added_by is not None and item.added_by.person_id == seen.viewer.person_id:
        return True
    return all(seen.open_text(text) == text for text in (item.title, item.text, item.note))


def item_of(row: ItemRow, everybodys: Callable[[str], str]) -> Item:
    """A stored item, as the room gives it out.

    Args:
        row: the item.
        everybodys: gives a text back as everybody may read it: `everybodys_text`.
    """
    item, project = row.item, row.project
    is_hidden = project is not None and project.visibility is Visibility.RESTRICTED
    texts = (item.title, item.text, item.note)
    return Item(
        item_id=item.pk,
        purpose=item.purpose,
        title=item.title,
        text=item.text,
        minutes=item.minutes,
        owner=_named(row.owner),
        project_id=item.project_id,
        code=project.code if project else "",
        is_restricted=is_hidden or any(everybodys(text) != text for text in texts),
        state=item.state,
        is_consent=item.is_consent,
        is_late=item.is_late,
        source=item.source,
        log_entry_id=item.log_entry_id,
        note=item.note,
        revision=item.revision,
        started_at=item.started_at,
        ended_at=item.ended_at,
        added_by=_named(row.added_by),
        is_carried=item.carried_from_id is not None,
        was_parked=row.before is ItemState.PARKED,
    )


def _named(person: Person | None) -> PersonName | None:
    if person is None:
        return None
    return PersonName(
        person_id=person.pk, slack_id=person.slack_id, name=person.name, is_gone=person.is_gone
    )
