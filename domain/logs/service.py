"""Lists as people keep them in Slack: look, add, change, close."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import FieldErrors, NotAllowedError, NotFoundError, UnreadableError
from domain.logs.errors import StaleEntryError
from domain.logs.record import (
    Pen,
    access_to,
    answer_action,
    changes_since,
    entries_of_owner,
    entry_for,
    entry_of,
    facts_of,
    last_changes,
    open_entries,
    viewer_of,
    who_else,
    with_names,
)
from domain.logs.rules import (
    LONGEST_TEXT,
    MOST_OPEN,
    changed_fields,
    check_entry,
    merged,
    raw_of,
    sits_on,
    with_kept_owner,
)
from domain.logs.values import (
    Access,
    ActionAnswer,
    Clash,
    Entry,
    EntryCard,
    EntryList,
    ListCounts,
    NewEntry,
    Outcome,
    Saved,
    Shown,
)
from domain.portfolio.people import PeopleService
from domain.portfolio.rules import may_report, may_see
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import ProjectCard, Viewer
from models import logs as store
from models.base import Database
from models.enums import LogKind, LogState
from models.logs import EntryRow
from models.portfolio import (
    Council,
    Person,
    Project,
    councils_of,
    people_by_id,
    people_by_slack_id,
    project_row,
)

HISTORY: Final = 10
"""Changes that an entry shows; the rest is counted."""


class LogsService:
    """Keeps the lists of projects, for one person at a time."""

    def __init__(
        self,
        database: Database,
        workspace_id: int,
        portfolio: PortfolioService,
        people: PeopleService,
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._portfolio = portfolio
        self._people = people

    async def of_project(
        self, viewer: Viewer, kind: LogKind, code: str, now: datetime, *, with_closed: bool = False
    ) -> EntryList:
        """One list of a project: what is open, and with `with_closed` what is not.

        Raises:
            NotFoundError: there is no such project, or not for this person.
        """
        today = _today(viewer, now)
        project = await self._portfolio.find(viewer, code)
        number = project.project_id
        async with self._database.reading() as session:
            found = await open_entries(session, self._workspace_id, [number], [kind], today)
            closed = await store.closed_entry_rows(session, self._workspace_id, number, kind)
        entries = found.get(number, [])
        return EntryList(
            kind=kind,
            entries=(*entries, *(entry_of(row, today) for row in closed if with_closed)),
            code=project.code,
            name=project.name,
            may_add=may_report(viewer, project.facts),
            closed=0 if with_closed else len(closed),
            today=today,
        )

    async def of_place(
        self, viewer: Viewer, kind: LogKind, named: str, now: datetime, *, with_closed: bool = False
    ) -> EntryList:
        """A list of a project by its code, or of a council by its name or the beginning of it.

        Raises:
            NotFoundError: there is neither, or not for this person.
        """
        wanted = named.casefold().strip()
        async with self._database.reading() as session:
            councils = await councils_of(session, self._workspace_id)
            project = await project_row(session, self._workspace_id, wanted.upper())
        is_code = project is not None and may_see(viewer, facts_of(project.project))
        exact = [each for each in councils if each.name.casefold() == wanted]
        begun = [each for each in councils if each.name.casefold().startswith(wanted)]
        if exact or (len(begun) == 1 and not is_code):
            council = (exact or begun)[0]
            found = await self._of_council(viewer, kind, council, now, with_closed=with_closed)
            if found is not None:
                return found
        return await self.of_project(viewer, kind, named, now, with_closed=with_closed)

    async def _of_council(
        self, viewer: Viewer, kind: LogKind, council: Council, now: datetime, *, with_closed: bool
    ) -> EntryList | None:
        """What a council has given out; None: whoever looks knows nothing of it."""
        today = _today(viewer, now)
        async with self._database.reading() as session:
            rows = await store.entry_rows_of_council(session, self._workspace_id, council.pk, kind)
        seen = [entry_of(row, today) for row in rows if access_to(viewer, row)]
        if not seen and not sits_on(viewer, council.pk, council.chair_id):
            return None
        closed = [each for each in seen if each.state is not LogState.OPEN]
        return EntryList(
            kind=kind,
            entries=(
                *(each for each in seen if each.state is LogState.OPEN),
                *(each for each in reversed(closed) if with_closed),
            ),
            scope=council.name,
            is_council=True,
            closed=0 if with_closed else len(closed),
            today=today,
        )

    async def mine(self, viewer: Viewer, kind: LogKind, now: datetime) -> EntryList:
        """The open entries of a kind that the person has in hand, over all projects."""
        today = _today(viewer, now)
        async with self._database.reading() as session:
            entries = await entries_of_owner(
                session, self._workspace_id, viewer.person_id, [kind], today
            )
        return EntryList(kind, tuple(entries), scope="mine", today=today)

    async def overdue(self, viewer: Viewer, kind: LogKind, now: datetime) -> EntryList:
        """The overdue entries of a kind in all that the person may see."""
        today = _today(viewer, now)
        async with self._database.reading() as session:
            rows = await store.open_entry_rows_before(session, self._workspace_id, kind, today)
        seen = tuple(entry_of(row, today) for row in rows if access_to(viewer, row))
        return EntryList(kind, seen, scope="overdue", today=today)

    async def counts(self, viewer: Viewer, project_id: int, now: datetime) -> ListCounts:
        """A project's lists in numbers, for who has found the project already."""
        today = _today(viewer, now)
        async with self._database.reading() as session:
            found = await open_entries(
                session, self._workspace_id, [project_id], tuple(LogKind), today
            )
        entries = found.get(project_id, [])
        milestones = (each for each in entries if each.kind is LogKind.MILESTONE and each.due_on)
        return ListCounts(
            open=_by_kind(entries),
            high=_by_kind(each for each in entries if each.is_high),
            overdue=_by_kind(each for each in entries if each.is_overdue(today)),
            next_milestone=next(milestones, None),
            today=today,
        )

    async def blank(self, viewer: Viewer, kind: LogKind, code: str) -> NewEntry:
        """What a form for a new entry is for.

        Raises:
            NotFoundError: there is no such project, or not for this person.
            NotAllowedError: the person may see the project, and not add to its lists.
        """
        project = await self._may_add(viewer, code)
        return NewEntry(kind, project.code, project.name)

    async def add(
        self, viewer: Viewer, place: NewEntry, raw: Mapping[str, str], now: datetime
    ) -> Saved:
        """Keep a new entry.

        Args:
            viewer: who adds it.
            place: the list, as `blank` gave it.
            raw: the typed texts, by field.
            now: this instant.

        Raises:
            FieldErrors: something has to be mended; nothing is saved.
            NotFoundError: there is no such project, or not for this person.
            NotAllowedError: the person may see the project, and not add to its lists.
        """
        known = await self._may_add(viewer, place.code)
        today = _today(viewer, now)
        wanted = check_entry(place.kind, raw, None, today)
        await self._meet(wanted.owner)
        async with self._database.writing() as session:
            project = await store.lock_list(session, known.project_id)
            owner = await self._owner(session, wanted.owner, project)
            await _refuse_double(session, project, place.kind, wanted.title)
            await _refuse_full(session, project)
            row = await Pen(session, viewer, now).add(project, place.kind, wanted, owner)
            return Saved(entry_of(row, today), is_new=True)

    async def card(self, viewer: Viewer, entry_id: int, now: datetime) -> EntryCard:
        """One entry with its history, and what the person may do with it.

        Raises:
            NotFoundError: there is no such entry, or not for this person.
        """
        async with self._database.reading() as session:
            # Before the entry: what changes between the two is told twice rather than missed.
            seen = await store.last_change(session, entry_id)
            row, access = await entry_for(
                session, self._workspace_id, viewer, entry_id, locked=False
            )
            card = await self._card(session, row, access, _today(viewer, now))
        return replace(card, seen=seen)

    async def change(
        self, viewer: Viewer, shown: Shown, raw: Mapping[str, str], now: datetime
    ) -> Saved | Clash:
        """Keep what a form says of an entry, unless somebody else was faster.

        Args:
            viewer: who changes it.
            shown: the entry as the form shows it.
            raw: the typed texts, by field.
            now: this instant.

        Raises:
            FieldErrors: something has to be mended; nothing is saved.
            NotFoundError: there is no such entry, or not for this person.
            NotAllowedError: the person may see the entry, and not change it.
        """
        await self._meet(raw.get("owner", ""))
        today = _today(viewer, now)
        async with self._database.writing() as session:
            row, access = await entry_for(
                session, self._workspace_id, viewer, shown.entry_id, locked=True
            )
            entry = entry_of(row, today)
            if access is not Access.CHANGE:
                raise NotAllowedError(f"Only {who_else(entry)} change {entry.ref}.")
            if clash := await self._clash(session, row, shown, raw, today):
                return clash
            wanted = check_entry(entry.kind, raw, entry, today)
            owner = row.owner
            if owner is None or wanted.owner != owner.slack_id:
                owner = await self._owner(session, wanted.owner, row.project)
            if wanted.state is LogState.OPEN is not entry.state and row.project:
                await _refuse_full(session, row.project)
            changed = Pen(session, viewer, now).change(row, wanted, owner)
            return Saved(entry_of(row._replace(owner=owner), today), changed)

    async def answer(
        self, viewer: Viewer, shown: Shown, raw: Mapping[str, str], now: datetime
    ) -> Saved | Clash:
        """Keep what the owner of an action says about it, unless somebody else was faster.

        Args:
            viewer: the owner.
            shown: the action as the form shows it.
            raw: the typed texts: `outcome`, `due_on`, `note`.
            now: this instant.

        Raises:
            FieldErrors: something has to be mended; nothing is saved.
            NotFoundError: there is no such action, or not for this person.
            NotAllowedError: the person may see the action, and not answer it.
        """
        answer = _answer(shown, raw)
        try:
            async with self._database.writing() as session:
                entry = await answer_action(session, self._workspace_id, answer, viewer, now)
        except UnreadableError as error:
            field = "due_on" if answer.outcome == "moved" else "note"
            raise FieldErrors({field: str(error)}) from error
        except StaleEntryError:
            card = await self.card(viewer, shown.entry_id, now)
            async with self._database.reading() as session:
                news = await changes_since(session, shown.entry_id, shown.seen)
                told = await with_names(session, self._workspace_id, news)
            return Clash(replace(card, raw={**card.raw, **raw}), told)
        return Saved(entry)

    async def _may_add(self, viewer: Viewer, code: str) -> ProjectCard:
        project = await self._portfolio.find(viewer, code)
        if not may_report(viewer, project.facts):
            raise NotAllowedError(
                f"Only the PM of {project.code} ({project.pm.name}), the deputy and the PMO can "
                "add to its lists."
            )
        return project

    async def _clash(
        self,
        session: AsyncSession,
        row: EntryRow,
        shown: Shown,
        raw: Mapping[str, str],
        today: date,
    ) -> Saved | Clash | None:
        """What to say instead of saving, if the entry has changed since the form was opened.

        A form that says nothing but what is there, as one that was sent twice, is saved already.
        """
        news = await changes_since(session, shown.entry_id, shown.seen)
        if not news:
            return None
        entry = entry_of(row, today)
        present = raw_of(entry)
        wanted = merged(with_kept_owner(raw, entry), present, news)
        if not changed_fields(present, wanted):
            return Saved(entry)
        card = await self._card(session, row, Access.CHANGE, today)
        told = await with_names(session, self._workspace_id, news)
        return Clash(replace(card, raw=wanted), told)

    async def _card(
        self, session: AsyncSession, row: EntryRow, access: Access, today: date
    ) -> EntryCard:
        entry = entry_of(row, today)
        last = await last_changes(session, entry.entry_id, HISTORY)
        opener = row.entry.opened_by_id
        people = await people_by_id(session, [] if opener is None else [opener])
        return EntryCard(
            entry=entry,
            access=access,
            raw=raw_of(entry),
            history=await with_names(session, self._workspace_id, last),
            changes=await store.count_changes(session, entry.entry_id),
            seen=await store.last_change(session, entry.entry_id),
            opened_by=people[opener].name if opener in people else "",
            today=today,
        )

    async def _meet(self, slack_id: str) -> None:
        """Get to know the person that was chosen; only Slack can tell about somebody new.

        Raises:
            FieldErrors: it is nobody who could own something.
        """
        if not slack_id or await self._people.viewer(slack_id):
            return
        try:
            await self._people.learn(slack_id)
        except NotAllowedError as error:
            text = "A bot can't have anything in hand; choose a person."
            raise FieldErrors({"owner": text}) from error
        except NotFoundError as error:
            raise FieldErrors({"owner": f"{error} Choose somebody else."}) from error

    async def _owner(
        self, session: AsyncSession, slack_id: str, project: Project | None
    ) -> Person | None:
        """The person who is to own an entry.

        Raises:
            FieldErrors: they can't do anything about it.
        """
        if not slack_id:
            return None
        person = (await people_by_slack_id(session, self._workspace_id, [slack_id]))[slack_id]
        if person.is_gone:
            raise FieldErrors({"owner": f"{person.name} has left Slack; choose somebody else."})
        viewer = await viewer_of(session, person)
        if project is not None and may_see(viewer, facts_of(project)):
            return person
        if person.is_guest:
            text = (
                f"{person.name} is a guest in Slack and does not see this project; choose a "
                "full member, or write the name in the field below."
            )
            raise FieldErrors({"owner": text})
        if project is not None:
            text = (
                f"{person.name} may not know of {project.code}, which is restricted: choose one "
                "of its people, its council or the PMO."
            )
            raise FieldErrors({"owner": text})
        return person


def _answer(shown: Shown, raw: Mapping[str, str]) -> ActionAnswer:
    text = raw.get("due_on", "")
    note = raw.get("note", "").strip()
    if len(note) > LONGEST_TEXT:
        raise FieldErrors({"note": f"{len(note):,} characters, and {LONGEST_TEXT:,} fit here."})
    return ActionAnswer(
        entry_id=shown.entry_id,
        revision=shown.revision,
        outcome=cast("Outcome", raw["outcome"]),
        note=note,
        due_on=date.fromisoformat(text) if text else None,
    )


async def _refuse_double(
    session: AsyncSession, project: Project, kind: LogKind, title: str
) -> None:
    """Refuse an open entry of the same title: it is a form sent twice, or a mix-up to come."""
    for each in await store.entries_of_list(session, project.pk, kind):
        if each.state is LogState.OPEN and each.title.casefold() == title.casefold():
            ref = Entry(each.pk, kind, each.number, title).ref
            text = f"{ref} is open under this title already; change that one, or tell them apart."
            raise FieldErrors({"title": text})


async def _refuse_full(session: AsyncSession, project: Project) -> None:
    if await store.count_open(session, project.pk) >= MOST_OPEN:
        text = (
            f"The lists of {project.code} hold {MOST_OPEN} open entries, and no more fit; "
            "close what is over first."
        )
        raise FieldErrors({"title": text})


def overdue_only(found: EntryList) -> EntryList:
    """What of a list is overdue."""
    late = tuple(each for each in found.entries if each.is_overdue(found.today))
    return replace(found, entries=late, closed=0, is_overdue=True)


def _by_kind(entries: Iterable[Entry]) -> dict[LogKind, int]:
    return dict(Counter(each.kind for each in entries))


def _today(viewer: Viewer, now: datetime) -> date:
    return now.astimezone(ZoneInfo(viewer.timezone)).date()
