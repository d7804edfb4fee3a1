"""The lists inside of other rooms' transactions: read for a report, changed by one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotAllowedError, NotFoundError
from domain.logs.errors import StaleEntryError
from domain.logs.rules import (
    LONGEST_NAME,
    LONGEST_TITLE,
    MOST_OPEN,
    GivenBy,
    Wanted,
    access_of,
    changed_fields,
    check_answer,
    news_in_words,
    raw_of,
    wanted_of,
)
from domain.logs.values import Access, ActionAnswer, Change, Entry, ReportedItems
from domain.portfolio.rules import may_see
from domain.portfolio.values import PersonName, ProjectFacts, Viewer
from models import logs as store
from models.enums import LogKind, LogState
from models.logs import ChangeRow, EntryRow, LogChange, LogEntry
from models.portfolio import (
    Person,
    Project,
    council_ids_of,
    people_by_id,
    people_by_slack_id,
)

NO_ENTRY = "There is no such entry any more. `/project actions` lists your own open actions."


async def open_entries(
    session: AsyncSession,
    workspace_id: int,
    project_ids: Collection[int],
    kinds: Collection[LogKind],
    today: date,
) -> dict[int, list[Entry]]:
    """The open entries of some projects, by project, overdue and earliest due first.

    A project without any is left out; entries without a date come last.
    """
    found: dict[int, list[Entry]] = {}
    for row in await store.open_entry_rows(session, workspace_id, project_ids, kinds):
        entry = entry_of(row, today)
        if entry.project_id is not None:
            found.setdefault(entry.project_id, []).append(entry)
    return found


async def entries_of_owner(
    session: AsyncSession,
    workspace_id: int,
    person_id: int,
    kinds: Collection[LogKind],
    today: date,
) -> list[Entry]:
    """The open entries that somebody has in hand, overdue and earliest due first.

    Those of a project that they may not see any more are left out.
    """
    rows = await store.open_entry_rows_of_owner(session, workspace_id, person_id, kinds)
    if not rows:
        return []
    viewer = await viewer_of(session, (await people_by_id(session, [person_id]))[person_id])
    return [entry_of(row, today) for row in rows if may_see_row(viewer, row)]


async def viewer_of(session: AsyncSession, person: Person) -> Viewer:
    """Somebody else than who looks, to tell what they may see."""
    return Viewer(
        person_id=person.pk,
        slack_id=person.slack_id,
        name=person.name,
        timezone=person.timezone or "UTC",
        is_pmo=person.is_pmo,
        is_guest=person.is_guest,
        council_ids=await council_ids_of(session, person.pk),
        is_gone=person.is_gone,
    )


def may_see_row(viewer: Viewer, row: EntryRow) -> bool:
    """Whether an entry exists for somebody, as far as its project decides about that."""
    return row.project is None or may_see(viewer, facts_of(row.project))


async def answer_action(
    session: AsyncSession, workspace_id: int, answer: ActionAnswer, viewer: Viewer, now: datetime
) -> Entry:
    """Keep what somebody says about an action; the action as it is then.

    An answer that is there already, as of a form that was sent twice, changes nothing.

    Args:
        session: a writing one.
        workspace_id: the workspace.
        answer: what is said.
        viewer: who says it: the action's owner, or who may answer for the project.
        now: this instant.

    Raises:
        NotFoundError: there is no such action, or not for this person.
        NotAllowedError: the person may see it, and not answer it.
        StaleEntryError: it has changed since it was shown.
        UnreadableError: something is missing in the answer.
    """
    today = now.astimezone(ZoneInfo(viewer.timezone)).date()
    row, wanted = await _answered(session, workspace_id, answer, viewer, today)
    Pen(session, viewer, now).change(row, wanted, row.owner)
    await session.flush()
    return entry_of(row, today)


async def stands_otherwise(
    session: AsyncSession, workspace_id: int, answer: ActionAnswer, viewer: Viewer, now: datetime
) -> bool:
    """Whether an answer would change its action; nothing is changed.

    Raises:
        As `answer_action`.
    """
    today = now.astimezone(ZoneInfo(viewer.timezone)).date()
    row, wanted = await _answered(session, workspace_id, answer, viewer, today)
    return bool(changed_fields(raw_of(entry_of(row, today)), wanted.raw))


async def _answered(
    session: AsyncSession, workspace_id: int, answer: ActionAnswer, viewer: Viewer, today: date
) -> tuple[EntryRow, Wanted]:
    """An action, locked, and what an answer makes of it; see `answer_action`."""
    row, access = await entry_for(session, workspace_id, viewer, answer.entry_id, locked=True)
    entry = entry_of(row, today)
    if access is Access.READ:
        raise NotAllowedError(f"Only the owner of {entry.ref}, {who_else(entry)} can answer it.")
    wanted = check_answer(answer, entry, today)
    changed = changed_fields(raw_of(entry), wanted.raw)
    if changed and entry.revision != answer.revision:
        last = await last_changes(session, entry.entry_id, 1)
        news = await with_names(session, workspace_id, last)
        raise StaleEntryError(
            f"{entry.ref} “{entry.title}” has changed since you opened this. "
            f"{news_in_words(entry.kind, news)} Your answer to it is not saved: "
            "open it again to see it as it is now."
        )
    return row, wanted


def who_else(entry: Entry) -> str:
    """Who may change an entry, within a sentence."""
    chair = f"who chairs {entry.council}"
    if not entry.code:
        return f"{chair} and the PMO"
    return f"the PM, the deputy{f', {chair}' if entry.council else ''} and the PMO"


async def entry_for(
    session: AsyncSession, workspace_id: int, viewer: Viewer, entry_id: int, *, locked: bool
) -> tuple[EntryRow, Access]:
    """One entry, and what the person may do with it; locked, if it is about to be changed.

    Raises:
        NotFoundError: there is no such entry, or not for this person.
    """
    row = await store.entry_row(session, workspace_id, entry_id, locked=locked)
    access = None
    if row is not None:
        access = access_to(viewer, row)
    if row is None or access is None:
        raise NotFoundError(NO_ENTRY)
    return row, access


def access_to(viewer: Viewer, row: EntryRow) -> Access | None:
    """What somebody may do with an entry; None: for them there is none."""
    project = facts_of(row.project) if row.project else None
    given_by = GivenBy(row.council.pk, row.council.chair_id) if row.council else None
    return access_of(viewer, project, given_by, entry_of(row, date.min))


async def changes_since(session: AsyncSession, entry_id: int, seen: int) -> tuple[Change, ...]:
    """What has changed about an entry after the change of that number, newest first.

    Old and new are as a form has them: owners by their Slack id.
    """
    return tuple(map(_change, await store.changes_of(session, entry_id, after=seen)))


async def last_changes(session: AsyncSession, entry_id: int, limit: int) -> tuple[Change, ...]:
    """The last changes of an entry, newest first; as `changes_since` tells them."""
    return tuple(map(_change, await store.changes_of(session, entry_id, limit=limit)))


def _change(row: ChangeRow) -> Change:
    change, person = row
    return Change(
        at=change.at,
        who=person.name if person else "Somebody",
        field=change.field,
        old=change.old,
        new=change.new,
    )


async def with_names(
    session: AsyncSession, workspace_id: int, changes: Collection[Change]
) -> tuple[Change, ...]:
    """The same changes with owners by their names, to be read by people."""
    owners = {text for each in changes if each.field == "owner" for text in (each.old, each.new)}
    people = await people_by_slack_id(session, workspace_id, sorted(owners - {""}))
    names = {slack_id: person.name for slack_id, person in people.items()}
    return tuple(
        replace(each, old=names.get(each.old, each.old), new=names.get(each.new, each.new))
        if each.field == "owner"
        else each
        for each in changes
    )


async def take_from_report(
    session: AsyncSession, project_id: int, items: ReportedItems, viewer: Viewer, now: datetime
) -> None:
    """Bring a project's lists to what a status report says of its milestone and decision.

    The open entry of that name is brought up to date, else there is a new one; a name that was
    closed stays closed, unless it comes with another date. A list that is full takes nothing more,
    and the report keeps it all the same.

    Args:
        session: a writing one; the report's request is locked already.
        project_id: the project.
        items: what the report says.
        viewer: who reports.
        now: this instant.
    """
    wishes = [*_milestone(items), *_decision(items)]
    if not wishes:
        return
    project = await store.lock_list(session, project_id)
    pen = Pen(session, viewer, now)
    for kind, wish in wishes:
        await _take(pen, project, kind, wish)
    await session.flush()


async def is_settled(session: AsyncSession, project_id: int, decision: str) -> bool:
    """Whether a decision that a report asked for is on the project's list, and open no more."""
    title = _title(decision).casefold()
    if not title:
        return False
    known = await store.entries_of_list(session, project_id, LogKind.DECISION)
    same = [each.state for each in known if each.title.casefold() == title]
    return bool(same) and LogState.OPEN not in same


def _milestone(items: ReportedItems) -> list[tuple[LogKind, Wanted]]:
    title = _title(items.milestone)
    if not title:
        return []
    due = items.milestone_forecast or items.milestone_baseline
    state = LogState.DONE if items.milestone_met else LogState.OPEN
    wanted = Wanted(title, baseline_on=items.milestone_baseline, due_on=due, state=state)
    return [(LogKind.MILESTONE, wanted)]


def _decision(items: ReportedItems) -> list[tuple[LogKind, Wanted]]:
    text = items.decision.strip()
    title = _title(text)
    if not title:
        return []
    wanted = Wanted(
        title,
        text="" if text == title else text,
        owner_name=items.decision_from.strip()[:LONGEST_NAME],
        due_on=items.decision_by,
    )
    return [(LogKind.DECISION, wanted)]


def _title(text: str) -> str:
    """The first line, as far as a title goes."""
    first = text.strip().partition("\n")[0].strip()
    return first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1].rstrip()}…"


async def _take(pen: "Pen", project: Project, kind: LogKind, wish: Wanted) -> None:
    known = await store.entries_of_list(pen.session, project.pk, kind)
    same = [each for each in known if each.title.casefold() == wish.title.casefold()]
    for each in same:
        if each.state is LogState.OPEN:
            await _bring(pen, each, wish)
            return
    if any(wish.due_on in (None, each.due_on) for each in same):
        return
    if await store.count_open(pen.session, project.pk) < MOST_OPEN:
        await pen.add(project, kind, wish, None)


async def _bring(pen: "Pen", entry: LogEntry, wish: Wanted) -> None:
    """Bring an open entry to what a report says; what the report leaves out stays."""
    row = await store.entry_row(pen.session, entry.workspace_id, entry.pk, locked=True)
    if row is None:
        raise LookupError(f"the entry {entry.pk} was there under the same lock")
    present = wanted_of(entry_of(row, date.min))
    is_milestone = entry.kind is LogKind.MILESTONE
    wanted = replace(
        present,
        text=wish.text or present.text,
        owner_name="" if present.owner else wish.owner_name or present.owner_name,
        baseline_on=(is_milestone and wish.baseline_on) or present.baseline_on,
        due_on=wish.due_on or present.due_on,
        state=wish.state,
    )
    pen.change(row, wanted, row.owner)


class Pen:
    """Writes entries and their history, in somebody's name, in one transaction."""

    def __init__(self, session: AsyncSession, viewer: Viewer | None, now: datetime) -> None:
        """Take the pen; without a viewer it is the clock that writes."""
        self.session = session
        self._writer_id = viewer.person_id if viewer else None
        self._now = now

    async def add(
        self, project: Project, kind: LogKind, wanted: Wanted, owner: Person | None
    ) -> EntryRow:
        """Store a new entry; the project is locked: `lock_list`."""
        entry = LogEntry(
            workspace_id=project.workspace_id,
            project_id=project.pk,
            kind=kind,
            number=await store.last_number(self.session, project.pk, kind) + 1,
            title=wanted.title,
            opened_at=self._now,
            opened_by_id=self._writer_id,
        )
        self._fill(entry, wanted, owner)
        self.session.add(entry)
        await self.session.flush()
        row = await store.entry_row(self.session, project.workspace_id, entry.pk)
        if row is None:
            raise LookupError(f"the entry {entry.pk} has just been stored")
        return row

    def change(self, row: EntryRow, wanted: Wanted, owner: Person | None) -> tuple[str, ...]:
        """Bring an entry to what is wanted, with a line of history for each field; these fields."""
        entry = row.entry
        before, after = raw_of(entry_of(row, date.min)), wanted.raw
        changed = changed_fields(before, after)
        for name in changed:
            self.session.add(
                LogChange(
                    workspace_id=entry.workspace_id,
                    entry_id=entry.pk,
                    at=self._now,
                    person_id=self._writer_id,
                    field=name,
                    old=before[name],
                    new=after[name],
                )
            )
        if changed:
            self._fill(entry, wanted, owner)
            entry.revision += 1
        return changed

    def _fill(self, entry: LogEntry, wanted: Wanted, owner: Person | None) -> None:
        for name in ("title", "text", "owner_name", "due_on", "likelihood", "impact", "response"):
            setattr(entry, name, getattr(wanted, name))
        entry.owner_id = owner.pk if owner else None
        entry.note = wanted.note
        if entry.kind is LogKind.MILESTONE:
            entry.baseline_on = wanted.baseline_on
        entry.baseline_on = entry.baseline_on or wanted.due_on
        if wanted.state is not entry.state:
            entry.state = wanted.state
            entry.closed_at = None if wanted.state is LogState.OPEN else self._now


def entry_of(row: EntryRow, today: date) -> Entry:
    """A stored entry, as the room gives it out."""
    entry = row.entry
    opened_on = entry.opened_at.astimezone(ZoneInfo(row.timezone)).date()
    return Entry(
        entry_id=entry.pk,
        kind=entry.kind,
        number=entry.number,
        title=entry.title,
        text=entry.text,
        owner=_named(row.owner),
        owner_name=entry.owner_name,
        due_on=entry.due_on,
        baseline_on=entry.baseline_on,
        likelihood=entry.likelihood,
        impact=entry.impact,
        response=entry.response,
        state=entry.state,
        opened_on=opened_on,
        age_days=max((today - opened_on).days, 0),
        closed_at=entry.closed_at,
        note=entry.note,
        revision=entry.revision,
        project_id=entry.project_id,
        code=row.project.code if row.project else "",
        council=row.council.name if row.council else "",
    )


def _named(person: Person | None) -> PersonName | None:
    if person is None:
        return None
    return PersonName(
        person_id=person.pk, slack_id=person.slack_id, name=person.name, is_gone=person.is_gone
    )


def facts_of(project: Project) -> ProjectFacts:
    """What decides about who may see a project and change its lists."""
    return ProjectFacts(
        visibility=project.visibility,
        council_id=project.council_id,
        pm_id=project.pm_id,
        deputy_id=project.deputy_id,
        sponsor_id=project.sponsor_id,
    )
