"""Slack's side of actions: done, moved, handed on, cancelled; one person at a time."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import FieldErrors, NotAllowedError
from domain.logs.record import (
    Pen,
    entry_for,
    entry_of,
    last_changes,
    who_else,
    with_names,
)
from domain.logs.rules import FIELDS, Wanted, news_in_words, wanted_of
from domain.logs.values import Access
from domain.meetings.actions.giving import owner_faults
from domain.meetings.actions.lines import Lines
from domain.meetings.actions.rules import PERSON, want_faults
from domain.meetings.actions.values import ActionShown, ActionWant, What
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import LogKind, LogState
from models.logs import EntryRow
from models.portfolio import Person, people_by_slack_id

_STATES: Final = {"done": LogState.DONE, "cancel": LogState.CANCELLED}


class ActionService:
    """Changes actions as their owner, the chair, the PMO or the project's PM wants."""

    def __init__(self, database: Database, workspace_id: int, people: PeopleService) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._people = people

    async def shown(self, viewer: Viewer, entry_id: int, what: What) -> ActionShown:
        """An action as it is, for somebody who wants to do something with it.

        Raises:
            NotFoundError: there is no such action, or not for this person.
            NotAllowedError: the person may see it, and not change it so.
        """
        async with self._database.reading() as session:
            row, access = await entry_for(
                session, self._workspace_id, viewer, entry_id, locked=False
            )
            _check(row, access)
            return await self._shown(session, row, what)

    async def act(self, viewer: Viewer, want: ActionWant, now: datetime) -> ActionShown:
        """Do with an action what somebody wants, as long as it is as they saw it.

        What is so already, as of a form that was sent twice, changes nothing.

        Raises:
            FieldErrors: something sent is to be mended; nothing is saved.
            NotFoundError: there is no such action, or not for this person.
            NotAllowedError: the person may see it, and not change it so.
        """
        person = await self._met(want.person)
        today = now.astimezone(ZoneInfo(viewer.timezone)).date()
        async with self._database.writing() as session:
            row, access = await entry_for(
                session, self._workspace_id, viewer, want.entry_id, locked=True
            )
            _check(row, access)
            wanted, owner = _wanted(row, want, person)
            if row.entry.revision != want.revision or row.entry.state is not LogState.OPEN:
                is_so = wanted == wanted_of(entry_of(row, today))
                return replace(await self._shown(session, row, want.what), saved=is_so)
            faults = want_faults(want, row.entry.due_on, today)
            if person is not None and not faults:
                found = await owner_faults(session, person, row.project)
                faults = {PERSON: found["owner"]} if found else {}
            if faults:
                raise FieldErrors(faults)
            Pen(session, viewer, now).change(row, wanted, owner)
            await session.flush()
            return replace(await self._shown(session, row, want.what), saved=True)

    async def _met(self, slack_id: str) -> Person | None:
        """The person who is to take it over; only Slack can tell about somebody new."""
        if not slack_id:
            return None
        if not await self._people.viewer(slack_id):
            await self._people.learn(slack_id)
        async with self._database.reading() as session:
            return (await people_by_slack_id(session, self._workspace_id, [slack_id]))[slack_id]

    async def _shown(self, session: AsyncSession, row: EntryRow, what: What) -> ActionShown:
        entry = row.entry
        lines = await Lines.load(session, self._workspace_id, [entry.pk])
        changes = await last_changes(session, entry.pk, len(FIELDS[LogKind.ACTION]))
        same = [each for each in changes if each.at == changes[0].at]
        last = await with_names(session, self._workspace_id, same)
        return ActionShown(
            what=what,
            line=lines.line(entry.pk),
            revision=entry.revision,
            last=news_in_words(LogKind.ACTION, last),
            is_open=entry.state is LogState.OPEN,
        )


def _check(row: EntryRow, access: Access) -> None:
    entry = entry_of(row, date.min)
    if entry.kind is not LogKind.ACTION or access is Access.READ:
        raise NotAllowedError(f"Only the owner of {entry.ref}, {who_else(entry)} can change it.")


def _wanted(row: EntryRow, want: ActionWant, person: Person | None) -> tuple[Wanted, Person | None]:
    present = wanted_of(entry_of(row, date.min))
    wanted = replace(present, note=want.note.strip() or present.note)
    if want.what == "move":
        return replace(wanted, due_on=want.due_on), row.owner
    if want.what == "hand":
        owner = person.slack_id if person else present.owner
        owner_name = "" if person else present.owner_name
        return replace(wanted, owner=owner, owner_name=owner_name), person or row.owner
    return replace(wanted, state=_STATES[want.what]), row.owner
