"""Who asks for a filled template gets one message for each ask, with what the record says."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import pytest
from sqlmodel import col, select

from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from domain.documents.messages import FilledTemplate
from domain.documents.rules import Wish
from domain.documents.service import DocumentsService
from domain.documents.values import Form, Seat
from domain.errors import NotFoundError
from domain.portfolio.service import PortfolioService
from message_templates.rendering import render
from models.base import Database
from models.calendar import PortfolioDigest
from models.delivery import Delivery
from models.enums import Health, LogKind, LogState
from models.logs import LogEntry
from models.portfolio import add_follower
from tests.support.portfolio import ITS, RESTRICTED, World, at
from tests.support.reporting import Office

STATUS = Form.STATUS_REPORT
DAY = date(2026, 1, 1)
CODEC = MessageCodec(MESSAGES)
COUNCIL = {
    "name": ITS,
    "channel": "its-council",
    "members": ["carol@example.edu"],
    "meetings": {"rule": "FREQ=MONTHLY;BYDAY=1TH", "at": "14:00"},
    "reporting": {
        "before_meeting": "5d",
        "ask_at": "09:00",
        "cut_off": "+2d 15:00",
        "digest": "+3d 08:00",
    },
}


class Desk:
    """People ask for templates by their names."""

    def __init__(self, world: World) -> None:
        self.world = world
        outbox = Outbox(world.workspace_id, CODEC, Wake())
        self.portfolio = PortfolioService(world.database, world.workspace_id)
        self.service = DocumentsService(world.database, outbox, self.portfolio)

    async def ask(self, name: str, project: str, key: str = "1") -> FilledTemplate:
        viewer = await self.world.viewer(name)
        project_id = await self.service.project_of(viewer, Wish(STATUS, project, is_certain=True))
        assert project_id is not None
        await self.service.fill(viewer, STATUS, project_id, key, at(25, 17))
        return (await self.said())[-1]

    async def rows(self) -> Sequence[Delivery]:
        async with self.world.database.reading() as session:
            return (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()

    async def said(self) -> list[FilledTemplate]:
        messages = [CODEC.decode(row.kind, row.value) for row in await self.rows()]
        return [each for each in messages if isinstance(each, FilledTemplate)]


@pytest.fixture
async def desk(database: Database, workspace_id: int) -> Desk:
    return Desk(await World.stored(database, workspace_id))


async def test_what_the_record_says_is_told(any_database: Database, any_workspace_id: int) -> None:
    world = await World.stored(any_database, any_workspace_id, councils=[COUNCIL])
    desk = Desk(world)
    held: dict[str, Any] = {
        "hold_until": date(2026, 12, 31),
        "hold_reason": "No money",
        "notes": {"vendor": "ACME"},
    }
    number = await world.project("APOLLO", deputy="ben", sponsor="sam", tags=["erp"], **held)
    async with world.database.writing() as session:
        for count, (state, due) in enumerate(
            [(LogState.DONE, date(2026, 11, 1)), (LogState.OPEN, None), (LogState.OPEN, date.max)],
            1,
        ):
            session.add(
                LogEntry(
                    workspace_id=world.workspace_id,
                    project_id=number,
                    kind=LogKind.RISK,
                    number=count,
                    title=f"Risk {count}",
                    state=state,
                    due_on=due,
                    opened_at=at(1, 12),
                )
            )
        for name, tag in (("Executives", None), ("ERP", "erp"), ("Other", "other")):
            row: dict[str, Any] = {
                "channel_id": "C0X",
                "channel_name": "x",
                "every": "FREQ=WEEKLY",
                "tag": tag,
            }
            session.add(
                PortfolioDigest(
                    workspace_id=world.workspace_id, name=name, first=DAY, at=time(8), **row
                )
            )
        for name in ("erik", "zoe"):
            await add_follower(session, world.workspace_id, world.id(name), number, at(1, 12))
    await world.change_person("zoe", is_gone=True)
    facts = (await desk.ask("erik", "apollo")).facts
    assert (facts.on, facts.project.pm, facts.project.deputy) == (date(2026, 11, 25), "Ana", "Ben")
    assert (facts.project.sponsor, facts.project.tags) == ("Sam", ("erp",))
    assert (facts.project.hold_until, facts.project.hold_reason) == (date(2026, 12, 31), "No money")
    assert facts.project.notes == (("vendor", "ACME"),)
    assert facts.followers == ("Erik",)
    assert [(each.name, each.at) for each in facts.digests] == [
        ("ERP", "08:00"),
        ("Executives", "08:00"),
    ]
    await world.change("APOLLO", visibility=RESTRICTED)
    assert (await desk.ask("carol", "apollo", "2")).facts.digests == ()
    assert [each.title for each in facts.entries] == ["Risk 3", "Risk 2", "Risk 1"]
    assert facts.council.seats == (Seat("Carol", is_voting=True), Seat("Omar", is_voting=True))
    assert facts.council.reporting is not None
    assert (facts.council.reporting.rule, facts.council.reporting.days_before) == (
        "FREQ=MONTHLY;BYDAY=1TH",
        5,
    )
    assert facts.council.meetings is not None
    assert facts.council.meetings.next_on == date(2026, 12, 3)


async def test_reports_are_told_with_who_gave_them(desk: Desk) -> None:
    office = Office(desk.world)
    await desk.world.project("APOLLO")
    await office.ticks(at(11, 17))
    await office.answer(
        "APOLLO", at(11, 18), {"health": "Yellow", "why": "Late", "done": "x", "next": "y"}
    )
    facts = (await desk.ask("erik", "Project Apollo")).facts
    assert facts.report is not None
    assert (facts.report.author, facts.report.answers.health) == ("Ana", Health.YELLOW)
    assert [(each.author, each.health) for each in facts.past] == [("Ana", Health.YELLOW)]
    assert (facts.council.reporting, facts.council.meetings) == (None, None)
    (rendered,) = render((await desk.said())[0])
    assert rendered.documents


async def test_each_ask_is_one_message_to_who_asks(desk: Desk) -> None:
    await desk.world.project("APOLLO", hold_until=date(2026, 11, 24), hold_reason="Over")
    for key in ("1", "1", "2"):
        facts = (await desk.ask("erik", "APOLLO", key)).facts
        assert (facts.project.hold_until, facts.project.hold_reason) == (None, "")
    assert [row.person_id for row in await desk.rows()] == [desk.world.id("erik")] * 2


async def test_a_project_that_somebody_may_not_see_is_as_unknown_as_any(desk: Desk) -> None:
    number = await desk.world.project("SECRET", visibility=RESTRICTED)
    await desk.world.project("OPEN")
    texts = []
    for name, project in (("erik", "SECRET"), ("erik", "SECRXT"), ("gus", "OPEN"), ("gus", "OPXN")):
        with pytest.raises(NotFoundError) as caught:
            await desk.ask(name, project)
        texts.append(str(caught.value).replace(project, "X"))
    assert texts[0] == texts[1]
    assert texts[2] == texts[3]
    with pytest.raises(NotFoundError, match="There is no such project any more"):
        await desk.service.fill(await desk.world.viewer("erik"), STATUS, number, "1", at(25, 17))
    carol, erik = await desk.world.viewer("carol"), await desk.world.viewer("erik")
    assert await desk.service.is_code(carol, "SECRET")
    assert not await desk.service.is_code(erik, "SECRET")
    assert (await desk.ask("carol", "secret")).facts.project.code == "SECRET"
    assert [each.code for each in await desk.service.projects(await desk.world.viewer("erik"))] == [
        "OPEN"
    ]


async def test_words_that_name_no_project_may_be_a_question(desk: Desk) -> None:
    wish = Wish(STATUS, "for the steering committee", is_certain=False)
    assert await desk.service.project_of(await desk.world.viewer("erik"), wish) is None
