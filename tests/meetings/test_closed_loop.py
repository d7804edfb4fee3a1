"""The loop: a decision gives an action, the next form asks for it, the next agenda has it late."""

from datetime import date, datetime

import pytest

from domain.collecting.values import StatusForm
from domain.errors import FieldErrors
from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Condition, Decided
from models.enums import LogState, Method, Outcome
from models.meetings.decisions import actions_of
from models.portfolio import Council
from tests.support.actions import Clerk
from tests.support.agenda import Table
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, at
from tests.support.reporting import GREEN, Office

TITLE = "Train the help desk"


class Loop:
    """APOLLO, which Ana reports on, and a condition that Omar has to meet by 27 November."""

    def __init__(self, secretary: Secretary) -> None:
        self.world = secretary.world
        self.clerk, self.office = Clerk(secretary), Office(secretary.world)
        self.table = Table(secretary)

    async def decide(self) -> int:
        """Let the council approve under a condition; the number of its action."""
        due_on = date(2026, 11, 27)
        decided = Decided(
            "Go live?",
            Outcome.CONDITIONAL,
            Method.CONSENSUS,
            conditions=(Condition(TITLE, self.world.id("omar"), due_on),),
            project_id=await self.world.project("APOLLO"),
        )
        carol = await self.world.viewer("carol")
        async with self.world.database.writing() as session:
            council = await session.get_one(Council, self.world.council_id(ITS))
            decision = await record_decision(session, council, decided, carol, NOON)
            return (await actions_of(session, decision.pk))[0]

    async def form(self, now: datetime) -> StatusForm:
        """What Ana is asked."""
        request = await self.office.request_id("APOLLO")
        return await self.office.collecting.form(await self.world.viewer("ana"), request, now)

    async def overdue(self, now: datetime) -> list[str]:
        """What the next agenda has that is overdue, after it was brought to what is due."""
        await self.table.build(now)
        titles = [each.title for each in (await self.table.agenda()).items]
        return [each for each in titles if each.startswith("Overdue")]


async def test_a_condition_comes_back_in_the_form_and_on_the_agenda_until_it_is_met(
    secretary: Secretary,
) -> None:
    loop = Loop(secretary)
    entry_id = await loop.decide()
    await loop.office.tick(at(25, 18))
    await loop.clerk.run(at(25, 18))
    assert await loop.clerk.told() == [("omar", "actions_given waiting", TITLE)]
    await _the_pm_has_to_say_what_became_of_it(loop, entry_id)
    await _it_is_late_for_the_chair_and_the_agenda(loop)
    await _it_is_met_in_the_next_report(loop, entry_id)


async def _the_pm_has_to_say_what_became_of_it(loop: Loop, entry_id: int) -> None:
    form = await loop.form(at(25, 19))
    assert [(each.ref, each.title) for each in form.actions] == [("A-1", TITLE)]
    field = f"action:{entry_id}:1"
    with pytest.raises(FieldErrors, match="A-1 is due: say what became of it"):
        await loop.office.answer("APOLLO", at(25, 19), {**GREEN, field: ""})
    await loop.office.answer("APOLLO", at(25, 19), {**GREEN, field: "open"})


async def _it_is_late_for_the_chair_and_the_agenda(loop: Loop) -> None:
    await loop.clerk.run(at(1, 14, month=12))
    overdue = [name for name, kind, _titles in await loop.clerk.told() if "overdue" in kind]
    assert overdue == ["carol"]
    assert await loop.overdue(at(1, 15, month=12)) == [f"Overdue action: {TITLE}"]


async def _it_is_met_in_the_next_report(loop: Loop, entry_id: int) -> None:
    await loop.office.ticks(at(27, 20), at(30, 13), at(2, 14, month=12))
    (asked,) = (await loop.form(at(2, 15, month=12))).actions
    done = {**GREEN, "done": "Trained", f"action:{entry_id}:{asked.revision}": "done"}
    await loop.office.answer("APOLLO", at(2, 15, month=12), done)
    assert await loop.overdue(at(2, 16, month=12)) == []
    await loop.clerk.run(at(2, 16, month=12))
    carol = await loop.world.viewer("carol")
    shown = await loop.clerk.service.shown(carol, entry_id, "done")
    assert (shown.line.state, shown.last) == (
        LogState.DONE,
        "Ana changed the state from open to done.",
    )
