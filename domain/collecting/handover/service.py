"""Another PM for a project: by hand-over, by the portfolio file, or because one has left Slack.

Whoever changes the record says nothing of requests; one pass (`follow_people`) sees which of them
wait for somebody who no longer answers for the project, and moves each to who does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import facts_of
from domain.collecting.handover.messages import (
    ManagerlessProject,
    ManagersLeft,
    ProjectHandedOver,
)
from domain.collecting.handover.moving import move_request
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.errors import NotAllowedError, NotFoundError, UnreadableError
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import belongs_to_pmo, may_see
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.values import PersonName, ProjectFacts, Viewer
from models import collecting as store
from models.base import Database
from models.collecting import LeftProject, StrandedRequest
from models.delivery import rows
from models.enums import RequestState, Visibility
from models.portfolio import (
    AuditEntry,
    Person,
    Project,
    lock_planning,
    people_by_id,
    people_of,
    project_row,
    projects_of,
    replan,
)

NEW_PM: Final = "new PM"
"""Why a request moved, as both messages say it."""

_ECHOED: Final = 40
"""Characters of an unknown word that are said back."""


@dataclass(frozen=True)
class Offer:
    """A project that somebody may hand over."""

    code: str
    name: str
    pm: str


@dataclass(frozen=True)
class Handed:
    """What became of a hand-over."""

    code: str
    name: str
    pm: PersonName
    has_moved: bool
    """The request that waits for an answer is with the new PM."""
    was_deputy: bool
    """The new PM was the deputy: there is none now."""


class HandoverService:
    """Hands projects over."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._outbox = outbox

    async def offer(self, viewer: Viewer, code: str) -> Offer:
        """The project that somebody wants to hand over.

        Raises:
            NotFoundError: there is none of that code, or not for this person.
            NotAllowedError: the person may see it, and not hand it over.
        """
        async with self._database.reading() as session:
            project = await self._own(session, viewer, code)
            people = await people_by_id(session, [project.pm_id])
        return Offer(project.code, project.name, people[project.pm_id].name)

    async def find(self, text: str) -> PersonName | str:
        """The person that a name, an e-mail address or a Slack id means, from the record alone.

        Where it means nobody, or several: why.
        """
        async with self._database.reading() as session:
            everybody = await people_of(session, self._workspace_id)
        wanted = _wanted(text)
        present = [each for each in everybody if not each.is_gone]
        whole = [each for each in present if wanted in _called(each)]
        found = whole or [each for each in present if wanted in _first_words(each)]
        if len(found) == 1:
            return _named(found[0])
        if found:
            names = ", ".join(sorted(each.name for each in found)[:5])
            return f"“{text[:_ECHOED]}” may be any of {names}. Choose below."
        guess = did_you_mean(wanted, [each.name for each in present])
        return f"I know nobody called “{text[:_ECHOED]}”.{guess} Choose below."

    async def hand_over(self, viewer: Viewer, code: str, person_id: int, now: datetime) -> Handed:
        """Make somebody the PM of a project; the request that waits for an answer goes with it.

        Raises:
            NotFoundError: there is no project of that code, or not for this person.
            NotAllowedError: the person may see it, and not hand it over.
            UnreadableError: whom it is handed to can't be its PM.
        """
        async with self._database.writing() as session:
            await lock_planning(session, self._workspace_id)
            project = await self._own(session, viewer, code)
            people = await people_by_id(session, {person_id, project.pm_id})
            new, old = people[person_id], people[project.pm_id]
            _check(new, project)
            was_deputy = project.deputy_id == new.pk
            changes: dict[str, tuple[Person, Person | None]] = {"pm": (old, new)}
            if was_deputy:  # nobody stands in for themselves
                changes["deputy"] = (new, None)
            self._change(session, project, viewer, changes, now)
            await replan(session, self._workspace_id)
            await session.flush()
            moved = await move_stranded(session, self._workspace_id, self._outbox, now)
            newest = await store.newest_request_row(session, self._workspace_id, project.pk)
            has_moved = newest is not None and newest.request.pk in moved
            if not has_moved:
                await self._tell(session, project, viewer, (old, new), now)
        return Handed(project.code, project.name, _named(new), has_moved, was_deputy)

    async def _own(self, session: AsyncSession, viewer: Viewer, code: str) -> Project:
        wanted = code.strip().upper()
        row = await project_row(session, self._workspace_id, wanted)
        if row is None or not may_see(viewer, facts_of(row.project)):
            known = await projects_of(session, self._workspace_id)
            seen = [each.code for each in known if may_see(viewer, facts_of(each))]
            guess = did_you_mean(wanted, seen, 3)
            raise NotFoundError(f"There is no project '{wanted[:_ECHOED]}'.{guess}")
        if not may_hand_over(viewer, facts_of(row.project)):
            raise NotAllowedError(
                f"Only the PM of {row.project.code} ({row.pm.name}) and the PMO can hand it over."
            )
        return row.project

    def _change(
        self,
        session: AsyncSession,
        project: Project,
        viewer: Viewer,
        changes: Mapping[str, tuple[Person, Person | None]],
        now: datetime,
    ) -> None:
        """Change who has which role, from whom to whom."""
        for role, (old, new) in changes.items():
            setattr(project, f"{role}_id", new.pk if new else None)
            session.add(
                AuditEntry(
                    workspace_id=self._workspace_id,
                    at=now,
                    actor=viewer.slack_id,
                    subject=_subject(project.code),
                    field=role,
                    old=old.slack_id,
                    new=new.slack_id if new else None,
                )
            )

    async def _tell(
        self,
        session: AsyncSession,
        project: Project,
        viewer: Viewer,
        people: tuple[Person, Person],
        now: datetime,
    ) -> None:
        """Tell both, where no request message does: not who did it, and nobody who has left."""
        old, new = people
        for person, other in ((new, old), (old, new)):
            if person.pk == viewer.person_id or person.is_gone:
                continue
            message = ProjectHandedOver(
                project.code, project.name, person is new, other.name, viewer.name
            )
            key = f"handover:{project.pk}:{person.pk}:{now.isoformat()}"
            to = Place.person(person.pk)
            await self._outbox.say(session, message, to=to, key=key, now=now)


def may_hand_over(viewer: Viewer, project: ProjectFacts) -> bool:
    """Whether somebody may name another PM: the PM themselves, and the PMO."""
    is_pm = viewer.person_id == project.pm_id and not viewer.is_gone
    return is_pm or belongs_to_pmo(viewer)


async def follow_people(
    session: AsyncSession, workspace_id: int, outbox: Outbox, now: datetime
) -> bool:
    """Move what waits for the wrong person, and tell the PMO of managers who left.

    Args:
        session: a writing one that holds the lock of planning.
        workspace_id: whose.
        outbox: where it is said.
        now: this instant.

    Returns:
        Whether there was something.
    """
    moved = await move_stranded(session, workspace_id, outbox, now)
    return await _tell_of_left(session, workspace_id, outbox, now) or bool(moved)


async def move_stranded(
    session: AsyncSession, workspace_id: int, outbox: Outbox, now: datetime
) -> set[int]:
    """Move each request that waits for somebody who does not answer for the project any more.

    To the PM; to the deputy, if the PM has left Slack; else it stays where it is.

    Returns:
        The numbers of those that moved.
    """
    moved: set[int] = set()
    for each in await store.stranded_requests(session, workspace_id, now):
        to = _answers(each)
        row = await store.request_row(session, workspace_id, each.request_id, locked=True)
        if to is None or row is None or row.request.state is not RequestState.ASKED:
            continue
        reason = f"{each.asked_name} has left Slack" if each.asked_is_gone else NEW_PM
        await move_request(session, outbox, row, to, reason, now)
        moved.add(each.request_id)
    return moved


def _answers(request: StrandedRequest) -> int | None:
    """Who answers for a project now, as far as there is somebody."""
    if not request.pm_is_gone:
        return request.pm_id
    return None if request.deputy_is_gone else request.deputy_id


async def _tell_of_left(
    session: AsyncSession, workspace_id: int, outbox: Outbox, now: datetime
) -> bool:
    """Tell the PMO once of each project whose manager has left: one message for all of a day."""
    await store.forget_returned(session, workspace_id)
    left = await store.left_projects(session, workspace_id)
    new = [each.project for each in left if each.project.left_pm_id is None]
    if not new:
        return False
    for project in new:
        project.left_pm_id, project.left_told_at = project.pm_id, now
    today = [each for each in left if _told_on(each.project) == now.date()]
    for place, projects in (await _readers(session, outbox, today)).items():
        message = ManagersLeft(tuple(_managerless(each) for each in projects))
        key = f"left:{now.date()}:{place.name}"
        await outbox.say(session, message, to=place, key=key, now=now)
    return True


async def _readers(
    session: AsyncSession, outbox: Outbox, left: Iterable[LeftProject]
) -> Mapping[Place, list[LeftProject]]:
    """Who of the PMO reads of which projects: their channel, but restricted ones in private."""
    configuration = await load_configuration(session, outbox.workspace_id)
    people = await rows.pmo_people(session, outbox.workspace_id)
    privately = [Place.person(each.pk) for each in people]
    channel_id = configuration.pmo_channel_id
    openly = [Place.channel(channel_id)] if channel_id else privately
    found: dict[Place, list[LeftProject]] = {}
    for each in left:
        is_restricted = each.project.visibility is Visibility.RESTRICTED
        for place in privately if is_restricted else openly:
            found.setdefault(place, []).append(each)
    return found


def _managerless(left: LeftProject) -> ManagerlessProject:
    deputy = left.deputy
    stands_in = deputy.name if deputy is not None and not deputy.is_gone else ""
    return ManagerlessProject(left.project.code, left.project.name, left.manager.name, stands_in)


def _told_on(project: Project) -> date | None:
    return project.left_told_at.date() if project.left_told_at else None


def _subject(code: str) -> str:
    return f"project {code}"


def _named(person: Person) -> PersonName:
    return PersonName(person.pk, person.slack_id, person.name, person.is_gone)


def _check(new: Person, project: Project) -> None:
    """Tell why somebody can't be a project's PM; guests can, as in the portfolio file.

    Raises:
        UnreadableError: with the cause and the cure.
    """
    if new.is_gone:
        raise UnreadableError(f"{new.name} has left Slack; choose somebody who is there.")
    if new.pk == project.pm_id:
        raise UnreadableError(f"{new.name} is the PM of {project.code} already.")


def _wanted(text: str) -> str:
    """A typed name as it is looked up: `@Ben`, `ben@example.edu`, `<@U123|ben>`."""
    inner = text.strip().removeprefix("<").removesuffix(">").removeprefix("mailto:")
    return inner.partition("|")[0].lstrip("@").strip().casefold()


def _called(person: Person) -> set[str]:
    """What means somebody and nobody else, as it is looked up."""
    called = {person.slack_id, person.name, person.email or ""}
    return {each.casefold() for each in called} - {""}


def _first_words(person: Person) -> set[str]:
    """What may mean several: the first name, and an address without its domain."""
    address = (person.email or "").partition("@")[0]
    return {each.casefold() for each in (person.name.split(" ")[0], address)} - {""}
