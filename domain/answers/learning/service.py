"""What the PMO and the owners of sections do about questions: one call for each button."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.answers.finding.finder import Band
from domain.answers.learning.acting import (
    NO_GROUP,
    Act,
    TooLateError,
    happened,
    readable,
)
from domain.answers.learning.clock import GATE
from domain.answers.learning.files import append_proposal
from domain.answers.learning.loading import load_groups, nearest_sections, shown_group
from domain.answers.learning.messages import ListedGroup, QuestionsPage
from domain.answers.learning.proposing import keep_proposal
from domain.answers.learning.rules import (
    OFFERED,
    OWNER,
    PHRASE,
    SECTION,
    biggest_first,
    phrase_of,
    why_no_alias,
)
from domain.answers.learning.values import (
    AliasForm,
    Figures,
    GroupRef,
    Near,
    OwnerForm,
    Proposed,
)
from domain.answers.rules import one_line
from domain.answers.shelf import Shelf
from domain.answers.values import Section
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.logs.record import viewer_of
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from models.answers import learning as store
from models.base import Database
from models.delivery import queue
from models.enums import GroupState

FIGURES_OF: Final = 30
"""Days that the page's figures count."""

_FOR_PMO: Final = "Only the PMO can do that. The PMO's members stand in its configuration."
_FOR_OWNER: Final = "Only who was asked, or the PMO, can say what became of these questions."
_NO_READER: Final = (
    "These questions name a project that {name} may not see. Choose somebody who may, or see to "
    "them yourself."
)


class LearningService:
    """Every call refuses whoever it is not for."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        shelf: Callable[[], Awaitable[Shelf]],
        folder: Path | None = None,
    ) -> None:
        """Make one for a workspace.

        Args:
            database: where questions are kept.
            outbox: where people are told.
            shelf: the handbook.
            folder: the PMO's own, where proposals are written; None: there is none.
        """
        self._database = database
        self._outbox = outbox
        self._workspace_id = outbox.workspace_id
        self._shelf = shelf
        self._folder = folder

    async def page(
        self, viewer: Viewer, now: datetime, number: int, size: int
    ) -> QuestionsPage | None:
        """A part of the open groups, with the figures of some days; None for who is not the PMO."""
        if not belongs_to_pmo(viewer):
            return None
        shelf = await self._shelf()
        async with self._database.reading() as session:
            groups = biggest_first(
                each
                for each in await load_groups(session, self._workspace_id, now)
                if each.standing.is_open
            )
            proposals = await store.open_proposals(session, self._workspace_id)
            figures = await self._figures(session, now)
        number = max(0, min(number, (len(groups) - 1) // size))
        part = groups[number * size : (number + 1) * size]
        shown = tuple(shown_group(each, shelf) for each in part)
        return QuestionsPage(shown, number, len(groups), figures, len(proposals))

    async def close(self, viewer: Viewer, ref: GroupRef, now: datetime) -> ListedGroup:
        """Note that there is nothing to do about a group, until it is asked again.

        Raises:
            NotAllowedError: the person is not of the PMO.
            NotFoundError: the group is gone.
            TooLateError: somebody has done something about it since it was seen.
        """
        _refuse_unless_pmo(viewer)
        shelf = await self._shelf()
        async with self._database.writing() as session:
            act = await Act.begun(session, (self._outbox, shelf), ref, now)
            await act.move(viewer, GroupState.CLOSED)
            return shown_group(act.group, shelf)

    async def assign(
        self, viewer: Viewer, ref: GroupRef, now: datetime, to: Viewer | None = None
    ) -> ListedGroup | OwnerForm:
        """Ask somebody to see to a group: who is chosen, or who keeps the nearest section.

        Returns:
            The group as it is now, or what to ask the presser if nobody knows whom to ask.

        Raises:
            FieldErrors: who is chosen can't be asked.
            NotAllowedError: the person is not of the PMO.
            NotFoundError: the group is gone.
            TooLateError: somebody has done something about it since it was seen.
        """
        _refuse_unless_pmo(viewer)
        shelf = await self._shelf()
        async with self._database.writing() as session:
            act = await Act.begun(session, (self._outbox, shelf), ref, now)
            near = next(iter(nearest_sections(act.group, shelf)), None)
            owner = to or await self._keeper(session, near)
            why = await self._why_not(act, owner) if owner else ""
            if owner is None or (why and to is None):
                return OwnerForm(
                    ref,
                    next(iter(act.group.texts), ""),
                    near.id if near else "",
                    near.owner if near else "",
                    why,
                )
            if why:
                raise FieldErrors({OWNER: why})
            texts = await readable(session, self._workspace_id, owner, act.group.texts)
            await act.ask_owner(viewer, owner, texts)
            return shown_group(act.group, shelf)

    async def done(self, viewer: Viewer, ref: GroupRef, note: str, now: datetime) -> ListedGroup:
        """Note that who was asked has seen to a group, and what they say of it.

        Raises:
            NotAllowedError: the person was not asked.
            NotFoundError: the group is gone.
            TooLateError: it is not in their hands any more.
        """
        return await self._by_owner(viewer, ref, (GroupState.DONE, note.strip()), now)

    async def not_mine(self, viewer: Viewer, ref: GroupRef, now: datetime) -> ListedGroup:
        """Give a group back to the PMO; as `done`."""
        return await self._by_owner(viewer, ref, (GroupState.RETURNED, ""), now)

    async def check_owner(self, viewer: Viewer, ref: GroupRef, now: datetime) -> None:
        """Make sure that a group is in somebody's hands, before they write what they have done.

        Raises:
            NotAllowedError: the person was not asked.
            TooLateError: it is not in their hands any more.
        """
        async with self._database.reading() as session:
            groups = await load_groups(session, self._workspace_id, now, ref.group_id)
            rows = await store.groups_by_id(session, self._workspace_id, [ref.group_id])
        row = rows.get(ref.group_id)
        if row is not None and row.acts != ref.acts:
            raise TooLateError(" ".join(happened(each.standing) for each in groups))
        _refuse_others(viewer, row.owner_id if row else None)

    async def naming(self, viewer: Viewer, group_id: int, now: datetime) -> AliasForm:
        """What the window for an alias offers.

        Raises:
            NotAllowedError: the person is not of the PMO.
            NotFoundError: the group is gone.
        """
        _refuse_unless_pmo(viewer)
        shelf = await self._shelf()
        async with self._database.reading() as session:
            found = await load_groups(session, self._workspace_id, now, group_id)
        if not found:
            raise NotFoundError(NO_GROUP)
        near = nearest_sections(found[0], shelf)[:OFFERED]
        offered = [Near(each.id, each.title) for each in near]
        texts = found[0].texts
        return AliasForm(group_id, phrase_of(texts), texts[:3], tuple(offered))

    async def propose(
        self, viewer: Viewer, group_id: int, words: tuple[str, str], now: datetime
    ) -> Proposed:
        """Keep a phrase that a section be found by; it is in force once the handbook has it.

        Args:
            viewer: who proposes it.
            group_id: the group that is to be answered by it.
            words: the phrase, and the section's id.
            now: this instant.

        Raises:
            FieldErrors: the phrase is taken or no name, or there is no such section.
            NotAllowedError: the person is not of the PMO.
            NotFoundError: the group is gone.
        """
        _refuse_unless_pmo(viewer)
        shelf = await self._shelf()
        phrase, section = one_line(words[0]), _section(shelf, words[1].strip())
        if why := why_no_alias(phrase, section, shelf.handbook):
            raise FieldErrors({PHRASE: why})
        async with self._database.writing() as session:
            await queue.lock_gates(session, self._workspace_id, {GATE}, now)
            services = (self._outbox, shelf)
            act = await Act.begun(session, services, GroupRef(group_id, 0), now, is_current=False)
            wanted = (group_id, phrase, section)
            made = await keep_proposal(session, viewer, wanted, self._workspace_id, now)
            await act.renew()
        return await self._written(made)

    async def _written(self, made: Proposed) -> Proposed:
        """Write a new proposal into the PMO's folder, if there is one."""
        if self._folder is None or not made.is_new:
            return made
        try:
            path = await asyncio.to_thread(append_proposal, self._folder, made)
        except OSError as error:
            return replace(made, trouble=f"{self._folder}: {error.strerror or error}")
        return replace(made, written_to=str(path))

    async def _by_owner(
        self, viewer: Viewer, ref: GroupRef, end: tuple[GroupState, str], now: datetime
    ) -> ListedGroup:
        state, note = end
        shelf = await self._shelf()
        async with self._database.writing() as session:
            act = await Act.begun(session, (self._outbox, shelf), ref, now)
            _refuse_others(viewer, act.row.owner_id)
            await act.move(viewer, state, note=note)
            return shown_group(act.group, shelf)

    async def _keeper(self, session: AsyncSession, section: Section | None) -> Viewer | None:
        """Who keeps a section, if its `owner` is somebody's address or Slack id."""
        if section is None:
            return None
        person = await store.person_called(session, self._workspace_id, section.owner)
        return await viewer_of(session, person) if person else None

    async def _why_not(self, act: Act, owner: Viewer) -> str:
        """Why somebody can't be asked to see to a group; empty if they can."""
        if owner.is_gone or owner.is_guest:
            return f"{owner.name} is a guest or has left Slack. Choose somebody else."
        texts = act.group.texts
        if texts and not await readable(act.session, self._workspace_id, owner, texts):
            return _NO_READER.format(name=owner.name)
        return ""

    async def _figures(self, session: AsyncSession, now: datetime) -> Figures:
        since = now - timedelta(days=FIGURES_OF)
        rows = await store.counts_by_band(session, self._workspace_id, since)

        def count(*bands: Band) -> int:
            return sum(count for band, _helpful, count in rows if band in bands)

        return Figures(
            days=FIGURES_OF,
            answered=count(Band.ANSWER),
            unsure=count(Band.UNSURE),
            unknown=count(Band.UNKNOWN),
            helpful=sum(count for _band, helpful, count in rows if helpful),
            unhelpful=sum(count for _band, helpful, count in rows if helpful is False),
        )


def _section(shelf: Shelf, section_id: str) -> Section:
    sections = shelf.handbook.sections
    if section_id in sections:
        return sections[section_id]
    guess = did_you_mean(section_id, sections, 3)
    text = f"There is no section '{section_id[:80]}'.{guess} Its id stands below each answer."
    raise FieldErrors({SECTION: text})


def _refuse_unless_pmo(viewer: Viewer) -> None:
    if not belongs_to_pmo(viewer):
        raise NotAllowedError(_FOR_PMO)


def _refuse_others(viewer: Viewer, owner_id: int | None) -> None:
    if viewer.person_id != owner_id and not belongs_to_pmo(viewer):
        raise NotAllowedError(_FOR_OWNER)
