"""Gives out an action that was typed, in a meeting that runs or outside of one."""

from collections.abc import Collection
from datetime import date
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import FieldErrors, NotAllowedError
from domain.meetings.access import Seen
from domain.meetings.actions.giving import ActionWish, give_action
from domain.meetings.agenda.loading import agenda_of, seen_in
from domain.meetings.sitting.reading.rules import DUE, OWNER, PROJECT
from domain.meetings.sitting.reading.values import Known, TypedAction
from domain.meetings.sitting.steps import refuse_not_running
from domain.meetings.sitting.table import Table
from domain.meetings.sitting.values import Given
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import Viewer
from models.logs import LogEntry
from models.portfolio import Council, Project, people_by_id, people_of, projects_of

_ECHOED: Final = 40
_ONLY_MEMBERS: Final = (
    "Members of the council, who stands in for one and the PMO record its actions. Tell one of "
    "them what you will do."
)


def refuse_no_member(table: Table) -> None:
    """Raise NotAllowedError for who has no seat, and for a meeting that does not run."""
    refuse_not_running(table)
    if not (table.standing.is_member or table.standing.leads):
        raise NotAllowedError(_ONLY_MEMBERS)


async def act(table: Table, typed: TypedAction) -> Given:
    """Give out an action in a meeting that runs; any member does, for themselves or for others.

    Everybody in the room hears it promised, and the card shows it at once with who has it in hand:
    a chair who has to type every one of them loses the meeting, or the actions.

    Raises:
        FieldErrors: something typed is to be mended.
        NotAllowedError: the meeting is over, or the person has no seat.
    """
    refuse_no_member(table)
    agenda = seen_in(await agenda_of(table.session, table.about), table.seen)
    project = await project_of(
        table.session,
        table.about.council,
        table.seen,
        typed.project,
        [each.project_id for each in agenda.items],
    )
    entry = await give_action(
        table.session,
        table.about.council,
        wish_of(typed, project),
        table.viewer,
        table.now,
        meeting=table.meeting,
    )
    return await given(table.session, table.about.council, entry, project, table.title)


async def given(
    session: AsyncSession,
    council: Council,
    entry: LogEntry,
    project: Project | None,
    meeting: str = "",
) -> Given:
    """What is told of an action that is on the record."""
    people = await people_by_id(session, [entry.owner_id or 0])
    if entry.owner_id is None or entry.due_on is None:
        raise LookupError("an action of a meeting has an owner and a date")
    return Given(
        ref=f"A-{entry.number}",
        title=entry.title,
        owner=people[entry.owner_id].name,
        due_on=entry.due_on,
        council=council.name,
        meeting=meeting,
        project=project.code if project else "",
    )


def wish_of(typed: TypedAction, project: Project | None) -> ActionWish:
    """What is to be given out.

    Raises:
        FieldErrors: owner or date are missing.
    """
    faults = {}
    due_on = date.fromisoformat(typed.due_on) if typed.due_on else None
    if typed.owner_id is None:
        faults[OWNER] = "Choose who has it in hand: one person."
    if due_on is None:
        faults[DUE] = "Choose by when it is to be done."
    if typed.owner_id is None or due_on is None:
        raise FieldErrors(faults)
    return ActionWish(
        title=" ".join(typed.title.split()),
        owner_id=typed.owner_id,
        due_on=due_on,
        project_id=project.pk if project else None,
        text=typed.text,
    )


async def known_people(session: AsyncSession, viewer: Viewer, council: Council) -> list[Known]:
    """Who may have something in hand: everybody that the workspace knows, but guests."""
    people = await people_of(session, council.workspace_id)
    return [
        Known(each.pk, each.slack_id, each.name, each.email or "", each.pk == viewer.person_id)
        for each in people
        if not each.is_gone and not each.is_guest
    ]


async def project_of(
    session: AsyncSession,
    council: Council,
    seen: Seen,
    typed: str,
    on_agenda: Collection[int | None] = (),
) -> Project | None:
    """The project of a typed code, among those that the person may see; None for an empty one.

    Args:
        session: any.
        council: whose decision or action it is to be.
        seen: what the person may see.
        typed: the code.
        on_agenda: projects of any council that its meeting is about.

    Raises:
        FieldErrors: there is none, or it belongs to another council.
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return None
    everything = await projects_of(session, council.workspace_id)
    known = {each.code: each for each in everything if each.pk in seen.projects}
    found = next((each for code, each in known.items() if code.casefold() == wanted), None)
    if found is None:
        guess = did_you_mean(typed.strip(), known)
        text = f"There is no project '{typed.strip()[:_ECHOED]}'.{guess} Or leave it empty."
        raise FieldErrors({PROJECT: text})
    if found.council_id != council.pk and found.pk not in on_agenda:
        raise FieldErrors({PROJECT: _not_ours(found, council, seen)})
    return found


def _not_ours(project: Project, council: Council, seen: Seen) -> str:
    owner = next((each.name for each in seen.councils if each.pk == project.council_id), "another")
    return (
        f"{project.code} belongs to {owner}, not to {council.name}: record it there, or "
        "leave the project empty."
    )
