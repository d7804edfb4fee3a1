"""Questions on the list in their groups, read from the record and shown beside the handbook."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.learning.messages import ListedGroup
from domain.answers.learning.rules import chosen_of, trouble_of, troubles_of
from domain.answers.learning.values import ENDED, Group, Listed, Near, Standing
from domain.answers.rules import KEPT
from domain.answers.shelf import Shelf
from domain.answers.values import Section
from models.answers import learning as store
from models.answers.learning import ListedRow
from models.answers.tables import QuestionGroup
from models.portfolio import Person, people_by_id

SHOWN_TEXTS: Final = 3
"""Wordings of a group that are shown; the others are counted."""

_ALL_KEPT: Final = KEPT + timedelta(days=1)


async def load_groups(
    session: AsyncSession, workspace_id: int, now: datetime, group_id: int | None = None
) -> list[Group]:
    """The groups that were asked while questions are kept, oldest first; or one of them."""
    rows = await store.listed_rows(session, workspace_id, now - _ALL_KEPT, group_id)
    asked: defaultdict[int, list[Listed]] = defaultdict(list)
    for row in rows:
        asked[row.question.group_id or 0].append(_listed(row))
    groups = await store.groups_by_id(session, workspace_id, asked.keys())
    people = await people_by_id(session, {each for row in groups.values() for each in _named(row)})
    proposed: defaultdict[int, list[str]] = defaultdict(list)
    for each in await store.open_proposals(session, workspace_id, asked.keys()):
        proposed[each.proposal.group_id or 0].append(each.proposal.phrase)
    return [
        Group(
            number,
            row.acts,
            tuple(asked[number]),
            _standing(row, people, asked[number]),
            tuple(proposed[number]),
        )
        for number, row in sorted(groups.items())
    ]


def nearest_sections(group: Group, shelf: Shelf) -> Sequence[Section]:
    """The sections that come nearest to a group: what askers chose, then what is found now."""
    found = shelf.finder.nearest(group.texts[0]) if group.texts else ()
    stored = [each for asked in group.asked[::-1] for each in asked.top_ids]
    ids = dict.fromkeys([*chosen_of(group), *(each.id for each in found), *stored])
    sections = shelf.handbook.sections
    return [sections[each] for each in ids if each in sections]


def shown_group(group: Group, shelf: Shelf) -> ListedGroup:
    """A group as the PMO reads of it."""
    near = next(iter(nearest_sections(group, shelf)), None)
    texts, chosen = group.texts, chosen_of(group)
    return ListedGroup(
        group_id=group.group_id,
        acts=group.acts,
        texts=texts[:SHOWN_TEXTS],
        more_texts=len(texts[SHOWN_TEXTS:]),
        count=len(group.asked),
        askers=tuple(dict.fromkeys(each.asker for each in group.asked[::-1])),
        newest_at=group.newest_at,
        troubles=troubles_of(group.asked),
        near=near_of(near),
        chosen=near is not None and near.id in chosen,
        unknown=shelf.finder.find(texts[0]).unknown if texts else (),
        standing=group.standing,
        proposed=group.proposed,
    )


def near_of(section: Section | None) -> Near | None:
    """A section in short."""
    return Near(section.id, section.title) if section else None


def _listed(row: ListedRow) -> Listed:
    asked = row.question
    return Listed(
        text=asked.text,
        corrected=asked.corrected,
        asker=row.asker.name,
        listed_at=asked.listed_at or asked.asked_at,
        trouble=trouble_of(asked.band, helpful=asked.helpful),
        chosen_id=asked.clicked_id,
        top_ids=tuple(each for each, _score in asked.top),
    )


def _named(row: QuestionGroup) -> Sequence[int]:
    return [each for each in (row.state_by_id, row.owner_id) if each is not None]


def _standing(row: QuestionGroup, people: dict[int, Person], asked: Sequence[Listed]) -> Standing:
    by, owner = (
        people[each].name if each is not None else "" for each in (row.state_by_id, row.owner_id)
    )
    ended_at = row.state_at if row.state in ENDED else None
    again = sum(each.listed_at > ended_at for each in asked) if ended_at else 0
    return Standing(row.state, row.state_at, by, owner, row.note, again)
