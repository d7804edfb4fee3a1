"""Actions of the ITS Council: given by Carol, told by the clock, answered by their owners."""

from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from domain.meetings.actions.giving import ActionWish, give_action
from domain.meetings.actions.service import ActionService
from domain.meetings.actions.telling import ActionClock
from domain.meetings.actions.values import ActionShown, ActionWant, What
from domain.portfolio.people import PeopleService
from message_templates.markup import plain
from message_templates.meetings.action import action_line
from models.delivery import Delivery
from models.enums import Method, Outcome
from models.logs import LogEntry
from models.meetings import ActionTold, Decision
from models.meetings.decisions import next_decision_number
from models.portfolio import Council, Person
from tests.support.directory import FakeDirectory
from tests.support.meeting import CODEC, NOON, Secretary
from tests.support.portfolio import ITS

FRIDAY = date(2026, 12, 4)
_LOOKS = 20


async def give(secretary: Secretary, owner: str = "omar", **facts: Any) -> LogEntry:
    """Let Carol give somebody something to do, due on Friday, 4 December.

    Args:
        secretary: of the council.
        owner: who is to do it.
        facts: of the wish; `meeting`, `decision` and `is_condition` as `give_action` has them,
            `now`, and `by`, where that is not Carol.
    """
    world = secretary.world
    origin = {each: facts.pop(each) for each in ("meeting", "decision") if each in facts}
    is_condition = facts.pop("is_condition", False)
    now, by = facts.pop("now", NOON), facts.pop("by", "carol")
    wished = {"title": "Ask the vendor", "due_on": FRIDAY, **facts}
    wish = ActionWish(owner_id=world.id(owner), **wished)
    viewer = await world.viewer(by)
    async with world.database.writing() as session:
        council = await session.get_one(Council, world.council_id(ITS))
        return await give_action(
            session, council, wish, viewer, now, is_condition=is_condition, **origin
        )


class Clerk:
    """Lets the clock tell of actions, and people do things with them."""

    def __init__(self, secretary: Secretary) -> None:
        self.secretary, self.world = secretary, secretary.world
        at_home = (self.world.database, self.world.workspace_id)
        self.clock = ActionClock(*at_home, secretary.outbox)
        self.people = PeopleService(*at_home, FakeDirectory())
        self.service = ActionService(*at_home, self.people)

    async def decision(self, **facts: Any) -> Decision:
        """A decision of the council, as if it had been recorded."""
        known = {"question": "Go?", "outcome": Outcome.APPROVED, "method": Method.CONSENSUS}
        async with self.world.database.writing() as session:
            council_id = self.world.council_id(ITS)
            decision = Decision(
                workspace_id=self.world.workspace_id,
                council_id=council_id,
                number=await next_decision_number(session, council_id),
                **{**known, "decided_at": NOON, **facts},
            )
            session.add(decision)
        return decision

    async def run(self, now: datetime) -> None:
        """Let the clock tell all that is due."""
        for _ in range(_LOOKS):
            if not await self.clock.run(now):
                return
        raise AssertionError("the clock finds no end")

    async def told(self) -> list[tuple[str, str, str]]:
        """What is told of actions, oldest first: to whom, its kind and state, the titles."""
        async with self.world.database.reading() as session:
            found = await session.exec(
                select(Delivery, Person)
                .join(Person, col(Person.id) == Delivery.person_id)
                .where(col(Delivery.kind).startswith("action"))
                .order_by(col(Delivery.id))
            )
            return [
                (person.name.lower(), f"{row.kind} {row.state}", self._titles(row))
                for row, person in found.all()
            ]

    def _titles(self, row: Delivery) -> str:
        message: Any = CODEC.decode(row.kind, row.value)
        return ", ".join(each.title for each in message.lines)

    async def lines(self, kind: str) -> list[str]:
        """The lines of the newest message of a kind, as one reads them."""
        rows = [each for each in await self.secretary.said() if each.kind == kind]
        message: Any = CODEC.decode(kind, rows[-1].value)
        return [plain(action_line(each, getattr(message, "on", None))) for each in message.lines]

    async def left_out(self) -> list[tuple[str, str]]:
        """What was not said, and why."""
        async with self.world.database.reading() as session:
            found = await session.exec(
                select(ActionTold).where(ActionTold.left_out != "").order_by(col(ActionTold.id))
            )
            return [(each.step.value, each.left_out) for each in found.all()]

    async def act(self, name: str, entry: LogEntry, what: What, **sent: Any) -> ActionShown:
        """Let somebody do something with an action as it stood when `entry` was read."""
        now = sent.pop("now", NOON)
        want = ActionWant(entry.pk, sent.pop("revision", entry.revision), what, **sent)
        shown = await self.service.act(await self.world.viewer(name), want, now)
        entry.revision = shown.revision
        return shown
