"""Gives out an action of a council, inside of the transaction of what it comes from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.errors import FieldErrors
from domain.logs.record import facts_of, viewer_of
from domain.logs.rules import LONGEST_TEXT, LONGEST_TITLE, MOST_OPEN
from domain.portfolio.configuring import load_configuration
from domain.portfolio.rules import may_see
from domain.portfolio.values import Viewer
from models import logs as store
from models.enums import LogKind
from models.logs import LogEntry
from models.meetings import Decision, DecisionAction, Meeting
from models.portfolio import AuditEntry, Council, Person, Project, lock_council, people_by_id


@dataclass(frozen=True)
class ActionWish:
    """A task as a council gives it out."""

    title: str
    owner_id: int
    due_on: date
    project_id: int | None = None
    """In whose list it stands; None: only the council keeps it."""
    text: str = ""


class Origin(TypedDict, total=False):
    """Where an action comes from."""

    meeting: Meeting | None
    """In which it was given; its owner is told once that is over."""
    decision: Decision | None
    """What it comes of; flushed."""
    is_condition: bool
    """The decision holds only if it is done."""


async def give_action(
    session: AsyncSession,
    council: Council,
    wish: ActionWish,
    by: Viewer | None,
    now: datetime,
    **origin: Unpack[Origin],
) -> LogEntry:
    """Keep a new action; its owner is told of it soon, of several in one message.

    Args:
        session: a writing one; council and project are locked here.
        council: who gives it out.
        wish: what is to be done.
        by: who says so; None: nobody in person, as after a vote.
        now: this instant.
        origin: where it comes from.

    Raises:
        FieldErrors: with `title`, `text`, `owner` or `due_on`; nothing is kept.
    """
    await lock_council(session, council.pk)
    project = await store.lock_list(session, wish.project_id) if wish.project_id else None
    await _check(session, council, project, wish, now)
    meeting = origin.get("meeting")
    entry = LogEntry(
        workspace_id=council.workspace_id,
        project_id=wish.project_id,
        council_id=council.pk,
        meeting_id=meeting.pk if meeting else None,
        kind=LogKind.ACTION,
        number=await _last_number(session, council, project) + 1,
        title=wish.title.strip(),
        text=wish.text.strip(),
        owner_id=wish.owner_id,
        due_on=wish.due_on,
        baseline_on=wish.due_on,
        opened_at=now,
        opened_by_id=by.person_id if by else None,
    )
    session.add(entry)
    await session.flush()
    if decision := origin.get("decision"):
        session.add(
            DecisionAction(
                workspace_id=council.workspace_id,
                decision_id=decision.pk,
                log_entry_id=entry.pk,
                is_condition=origin.get("is_condition", False),
            )
        )
    session.add(_audit(council, project, entry, by, now))
    return entry


async def _check(
    session: AsyncSession,
    council: Council,
    project: Project | None,
    wish: ActionWish,
    now: datetime,
) -> None:
    owner = (await people_by_id(session, [wish.owner_id])).get(wish.owner_id)
    configuration = await load_configuration(session, council.workspace_id)
    today = now.astimezone(zone_of(council.timezone, configuration)).date()
    faults = _text_faults(wish, today) | await owner_faults(session, owner, project)
    if project and await store.count_open(session, project.pk) >= MOST_OPEN:
        faults["title"] = (
            f"The lists of {project.code} hold {MOST_OPEN} open entries, and no more fit; "
            "close what is over first."
        )
    if faults:
        raise FieldErrors(faults)


async def owner_faults(
    session: AsyncSession, owner: Person | None, project: Project | None
) -> dict[str, str]:
    """Why somebody can't have an action in hand, for the field `owner`; empty if they can."""
    if owner is None or owner.is_gone:
        who = f"{owner.name} has" if owner else "They have"
        return {"owner": f"{who} left Slack; choose somebody else."}
    if project is not None and not may_see(await viewer_of(session, owner), facts_of(project)):
        return {
            "owner": f"{owner.name} may not know of {project.code}: choose one of its people, "
            "its council or the PMO."
        }
    if project is None and owner.is_guest:
        return {"owner": f"{owner.name} is a guest in Slack; choose a full member."}
    return {}


def _text_faults(wish: ActionWish, today: date) -> dict[str, str]:
    faults = {}
    title = wish.title.strip()
    if not title or len(title) > LONGEST_TITLE or "\n" in title:
        faults["title"] = f"Say what is to be done in one line of up to {LONGEST_TITLE} characters."
    if len(wish.text.strip()) > LONGEST_TEXT:
        faults["text"] = f"Longer than {LONGEST_TEXT:,} characters: keep the essence."
    if wish.due_on < today:
        faults["due_on"] = f"{wish.due_on} is in the past: choose a day from today on."
    return faults


async def _last_number(session: AsyncSession, council: Council, project: Project | None) -> int:
    if project is None:
        return await store.last_number_of_council(session, council.pk, LogKind.ACTION)
    return await store.last_number(session, project.pk, LogKind.ACTION)


def _audit(
    council: Council, project: Project | None, entry: LogEntry, by: Viewer | None, now: datetime
) -> AuditEntry:
    return AuditEntry(
        workspace_id=council.workspace_id,
        at=now,
        actor=by.slack_id if by else f"a decision of {council.name}",
        subject=f"action {project.code if project else council.name} A-{entry.number}",
        field="given",
        new=f"{entry.title} (due {entry.due_on})",
    )
