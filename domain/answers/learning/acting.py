"""Something done about a group: the row is locked, and what was said of it follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.learning.loading import load_groups, near_of, nearest_sections
from domain.answers.learning.messages import AssignedQuestions, QuestionWeekList
from domain.answers.learning.proposing import audit
from domain.answers.learning.values import Group, GroupRef, Standing
from domain.answers.shelf import Shelf
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.errors import NotFoundError, PmobotError
from domain.inquiries.rules import names_in
from domain.logs.record import facts_of
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models.answers import learning as store
from models.answers.tables import QuestionGroup
from models.delivery.rows import pmo_people
from models.enums import GroupState, Visibility
from models.portfolio import projects_of

NO_GROUP: Final = (
    "These questions are not on the list any more: their words are dropped after 180 days."
)

_TEXTS: Final = 10
"""Wordings that an owner reads; the others are counted."""

_UNPOSTED: Final = timedelta(days=7)
"""How long a changed list that is not posted yet may still be."""


class TooLateError(PmobotError):
    """Somebody else has done something about it first; the text says who and what."""


@dataclass
class Act:
    """A group in the hands of somebody, until the transaction ends."""

    session: AsyncSession
    outbox: Outbox
    shelf: Shelf
    row: QuestionGroup
    group: Group
    now: datetime

    @classmethod
    async def begun(
        cls,
        session: AsyncSession,
        services: tuple[Outbox, Shelf],
        ref: GroupRef,
        now: datetime,
        *,
        is_current: bool = True,
    ) -> "Act":
        """Take a group in hand.

        Args:
            session: a writing transaction.
            services: where things are said, and the handbook.
            ref: the group as somebody has seen it.
            now: this instant.
            is_current: it must be as they have seen it.

        Raises:
            NotFoundError: it is gone.
            TooLateError: somebody has done something about it since.
        """
        outbox, shelf = services
        row = await store.locked_group(session, outbox.workspace_id, ref.group_id)
        found = await load_groups(session, outbox.workspace_id, now, ref.group_id)
        if row is None or not found:
            raise NotFoundError(NO_GROUP)
        if is_current and row.acts != ref.acts:
            text = f"{happened(found[0].standing)} Nothing was changed: look at it as it is now."
            raise TooLateError(text)
        return cls(session, outbox, shelf, row, found[0], now)

    async def move(
        self, viewer: Viewer, state: GroupState, *, owner_id: int | None = None, note: str = ""
    ) -> None:
        """Bring the group into a state: kept, audited, and shown wherever it was told."""
        row, before = self.row, self.row.state
        key = owner_key(row) if before is GroupState.ASSIGNED else ""
        row.state, row.state_at, row.state_by_id = state, self.now, viewer.person_id
        row.owner_id = owner_id or row.owner_id
        row.note = note
        row.acts += 1
        audit(
            self.session,
            row.workspace_id,
            self.now,
            (viewer.slack_id, f"question group {row.pk}", "state"),
            old=before.value,
            new=state.value,
        )
        await self.session.flush()
        if key:
            await self._tell_owner(key, viewer, state, note)
        await self.renew()

    async def ask_owner(self, viewer: Viewer, owner: Viewer, texts: Sequence[str]) -> None:
        """Ask somebody to see to the group; it is theirs from now on."""
        await self.move(viewer, GroupState.ASSIGNED, owner_id=owner.person_id)
        near = next(iter(nearest_sections(self.group, self.shelf)), None)
        message = AssignedQuestions(
            group_id=self.row.pk,
            acts=self.row.acts,
            assigner=viewer.name,
            texts=tuple(texts[:_TEXTS]),
            more_texts=len(texts[_TEXTS:]),
            near=near_of(near),
        )
        place = Place.person(owner.person_id)
        await self.outbox.say(
            self.session, message, to=place, key=owner_key(self.row), now=self.now
        )

    async def renew(self) -> None:
        """Read the group again, and bring the lists that have it to how it stands now."""
        found = await load_groups(self.session, self.outbox.workspace_id, self.now, self.row.pk)
        self.group = found[0]
        weeks = await store.weeks_of(self.session, self.outbox.workspace_id)
        office = [each.pk for each in await pmo_people(self.session, self.outbox.workspace_id)]
        keys = [weeks[each].key for each in office if each in weeks and weeks[each].key]
        for key, each in (await self.outbox.standing(self.session, keys)).items():
            if isinstance(each.message, QuestionWeekList) and each.person_id is not None:
                await self.outbox.say(
                    self.session,
                    self._renewed(each.message),
                    to=Place.person(each.person_id),
                    key=key,
                    now=self.now,
                    expires_at=None if each.is_posted else self.now + _UNPOSTED,
                )

    def _renewed(self, message: QuestionWeekList) -> QuestionWeekList:
        group = self.group
        groups = (
            replace(each, acts=group.acts, standing=group.standing, proposed=group.proposed)
            if each.group_id == group.group_id
            else each
            for each in message.groups
        )
        return replace(message, groups=tuple(groups))

    async def _tell_owner(self, key: str, viewer: Viewer, state: GroupState, note: str) -> None:
        """Show whoever was asked what became of it: in the message that asked them."""
        standing = await self.outbox.standing(self.session, [key])
        for each in standing.values():
            if isinstance(each.message, AssignedQuestions) and each.person_id is not None:
                is_theirs = each.person_id == viewer.person_id
                told = replace(
                    each.message, state=state, by="" if is_theirs else viewer.name, note=note
                )
                place = Place.person(each.person_id)
                await self.outbox.say(self.session, told, to=place, key=key, now=self.now)


def owner_key(row: QuestionGroup) -> str:
    """Under which the one is asked who has the group now."""
    return f"assigned:{row.pk}:{row.acts}"


def happened(standing: Standing) -> str:
    """What somebody did about a group, as a sentence."""
    by, owner = standing.by or "Somebody", standing.owner or "somebody"
    match standing.state:
        case GroupState.ASSIGNED:
            return f"{by} has asked {owner} to see to it."
        case GroupState.RETURNED:
            return f"{by} has given it back: it is not theirs."
        case GroupState.DONE:
            return f"{by} has seen to it."
        case GroupState.CLOSED:
            return f"{by} has closed it: there is nothing to do."
        case GroupState.NAMED:
            return "A proposed alias stands in the handbook by now."
        case GroupState.OPEN:
            return "It is open."


async def readable(
    session: AsyncSession, workspace_id: int, owner: Viewer, texts: Sequence[str]
) -> list[str]:
    """The questions that name no restricted project that somebody may not see."""
    hidden = [
        name
        for each in await projects_of(session, workspace_id)
        if each.visibility is Visibility.RESTRICTED and not may_see(owner, facts_of(each))
        for name in (each.code, each.name)
    ]
    return [each for each in texts if not names_in(each, hidden)]
