"""A meeting that took place, as the record has it before its minutes are drafted."""

from datetime import timedelta
from typing import Any, Final

from domain.meetings.about import look_again
from domain.meetings.minutes.keeping import minutes_in
from domain.meetings.minutes.values import Minutes
from models.enums import ItemState, LogKind, Method, Outcome, Purpose, Rsvp
from models.logs import LogEntry
from models.meetings import AgendaItem, Attendance, Decision, DecisionAction, Meeting
from models.meetings.minutes import versions_of
from tests.support.meeting import Secretary

HOUR: Final = timedelta(hours=1)


async def held(secretary: Secretary, **project: Any) -> Meeting:
    """The first meeting, over, with three items, a decision with a condition, and an action."""
    meeting = await secretary.first()
    await secretary.seat("ben")
    await secretary.seat("sam", voting=False)
    apollo = await secretary.world.project("APOLLO", **project)
    own: dict[str, Any] = {
        "workspace_id": secretary.world.workspace_id,
        "council_id": meeting.council_id,
        "meeting_id": meeting.pk,
    }
    async with secretary.world.database.writing() as session:
        kept = await session.get_one(Meeting, meeting.pk)
        kept.started_at, kept.ended_at = meeting.starts_at + HOUR / 30, meeting.starts_at + HOUR
        kept.chair_id = secretary.world.id("carol")
        look_again(kept, kept.ended_at)
        items = _items(own, meeting, apollo, secretary.world.id("ana"))
        session.add_all([*items, *_attendances(secretary, meeting)])
        await session.flush()
        made = _decisions(own, meeting, apollo, items[0].pk)
        given = _action(own, meeting, apollo, secretary.world.id("ana"))
        session.add_all([*made, given])
        await session.flush()
        origin = {"decision_id": made[0].pk, "log_entry_id": given.pk}
        session.add(DecisionAction(workspace_id=meeting.workspace_id, is_condition=True, **origin))
    return meeting


async def drafted(secretary: Secretary, meeting: Meeting) -> list[Minutes]:
    """What the versions of its minutes say, the newest first."""
    async with secretary.world.database.reading() as session:
        return [minutes_in(each) for each in await versions_of(session, meeting.pk)]


def _items(own: dict[str, Any], meeting: Meeting, apollo: int, ana: int) -> list[AgendaItem]:
    lidar: dict[str, Any] = {"owner_id": ana, "project_id": apollo, "note": "Two offers."}
    wanted: list[tuple[Purpose, str, ItemState, dict[str, Any]]] = [
        (Purpose.DECIDE, "Buy the lidar", ItemState.DONE, lidar),
        (Purpose.DISCUSS, "Budget 2027", ItemState.CARRIED, {}),
        (Purpose.INFORM, "Party", ItemState.REMOVED, {}),
    ]
    return [
        AgendaItem(
            **{**own, **more, "added_at": meeting.starts_at},
            position=place,
            purpose=purpose,
            title=title,
            state=state,
        )
        for place, (purpose, title, state, more) in enumerate(wanted)
    ]


def _decisions(
    own: dict[str, Any], meeting: Meeting, apollo: int, item_id: int
) -> tuple[Decision, Decision]:
    lidar = Decision(
        **{**own, "agenda_item_id": item_id, "project_id": apollo},
        number=3,
        question="Do we buy the lidar?",
        outcome=Outcome.CONDITIONAL,
        method=Method.VOTE,
        votes_for=2,
        votes_against=1,
        abstained=0,
        conditions=["A third offer"],
        dissent="Omar: too dear",
        decided_at=meeting.starts_at,
    )
    may = Decision(
        **own,
        number=4,
        question="Meet in May?",
        outcome=Outcome.APPROVED,
        method=Method.CONSENSUS,
        decided_at=meeting.starts_at,
    )
    return lidar, may


def _action(own: dict[str, Any], meeting: Meeting, apollo: int, ana: int) -> LogEntry:
    return LogEntry(
        **{**own, "project_id": apollo, "owner_id": ana},
        kind=LogKind.ACTION,
        number=7,
        title="Get a third offer",
        due_on=meeting.starts_at.date(),
        opened_at=meeting.starts_at,
    )


def _attendances(secretary: Secretary, meeting: Meeting) -> list[Attendance]:
    who, here = secretary.world.id, {"present_from": meeting.starts_at}
    wanted: dict[str, dict[str, Any]] = {
        "carol": {"rsvp": Rsvp.YES, **here},
        "omar": {"rsvp": Rsvp.ALTERNATE, "alternate_id": who("ana"), **here},
        "ben": {"rsvp": Rsvp.NO, "apology": "Flu"},
    }
    return [
        Attendance(
            workspace_id=meeting.workspace_id,
            meeting_id=meeting.pk,
            person_id=who(name),
            **facts,
        )
        for name, facts in wanted.items()
    ]
