"""A meeting that took place, as the record has it before its minutes are drafted."""

from datetime import datetime, timedelta
from typing import Any, Final

from domain.delivery.messages import Message
from domain.meetings.about import about_of, look_again
from domain.meetings.minutes.approving import MinutesApprover
from domain.meetings.minutes.errands import minutes_errands
from domain.meetings.minutes.loading import minutes_in
from domain.meetings.minutes.saying import MinutesSayer
from domain.meetings.minutes.service import MinutesService
from domain.meetings.minutes.values import Minutes, MinutesRead, Wording
from models.enums import ItemState, LogKind, Method, Outcome, Purpose, Rsvp
from models.logs import LogEntry
from models.meetings import AgendaItem, Attendance, Decision, DecisionAction, Meeting
from models.meetings.minutes import versions_of
from tests.support.meeting import CODEC, Secretary

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


class Scribe:
    """Keeps the minutes of the first meeting, which is over and drafted."""

    def __init__(self, secretary: Secretary, meeting: Meeting) -> None:
        self.secretary = secretary
        self.world = secretary.world
        self.meeting = meeting
        self.sayer = MinutesSayer(secretary.outbox)
        self.service = MinutesService(self.world.database, self.world.workspace_id, self.sayer)
        self.approver = MinutesApprover(self.sayer)
        self.ended_at = meeting.starts_at + HOUR

    @classmethod
    async def opened(cls, secretary: Secretary, **project: Any) -> "Scribe":
        made = cls(secretary, await held(secretary, **project))
        secretary.errands += minutes_errands(made.sayer)
        secretary.voices.add(made.sayer.again)
        await secretary.run(made.ended_at)
        return made

    async def read(self, name: str = "carol", now: datetime | None = None) -> MinutesRead:
        viewer = await self.world.viewer(name)
        return await self.service.read(viewer, self.meeting.pk, now or self.ended_at)

    async def save(self, wording: Wording, version: int = 1, name: str = "carol") -> MinutesRead:
        viewer = await self.world.viewer(name)
        return await self.service.save(viewer, self.meeting.pk, version, wording, self.ended_at)

    async def post(self, version: int = 1, name: str = "carol") -> MinutesRead:
        viewer = await self.world.viewer(name)
        return await self.service.post(viewer, self.meeting.pk, version, self.ended_at)

    async def approve(self, outcome: Outcome = Outcome.APPROVED) -> None:
        """Let the second meeting approve them."""
        _first, second, *_ = await self.secretary.cards()
        carol = await self.world.viewer("carol")
        async with self.world.database.writing() as session:
            later = await about_of(session, self.world.workspace_id, second.meeting_id, locked=True)
            assert later is not None
            await self.approver.settle(
                session, later, self.meeting.pk, outcome, carol, later.meeting.starts_at
            )

    async def said(self, kind: type[Message]) -> list[Any]:
        """What is said of a kind, as it stands now, in the order in which it was said."""
        rows = [each for each in await self.secretary.said() if each.kind == kind.kind]
        return [CODEC.decode(each.kind, each.value) for each in sorted(rows, key=lambda r: r.pk)]
