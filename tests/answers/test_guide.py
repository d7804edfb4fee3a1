"""The triage with its PMO: who is led where, by what is configured and what the handbook has."""

from dataclasses import replace
from datetime import date

import pytest

from domain.answers.finding.finder import Finder
from domain.answers.guiding.messages import (
    TriagePointer,
    TriageQuestion,
    TriageReview,
    TriageVerdict,
)
from domain.answers.guiding.service import GuideService
from domain.answers.guiding.values import Contact, Lines, Offer, Outcome, Requests
from domain.answers.shelf import Shelf
from domain.answers.values import Handbook, Section
from domain.errors import UnreadableError
from domain.portfolio.service import PortfolioService
from models.base import Database
from models.enums import Visibility
from tests.support.clock import FakeClock
from tests.support.portfolio import World, at

DEFINITION = Section(
    "process:what-is-a-project#definition",
    "What a project is",
    "Something temporary.",
    "what-is-a-project",
    ("project definition",),
    reviewed=date(2026, 11, 22),
)
BOOK = Handbook({DEFINITION.id: DEFINITION})
SHELF = Shelf(BOOK, Finder(BOOK, {}), "v1")


class Office:
    """People ask, and the PMO configures."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.guide = GuideService(
            world.database,
            world.workspace_id,
            self._shelf,
            PortfolioService(world.database, world.workspace_id),
            FakeClock(at(25, 17)),
        )

    async def _shelf(self) -> Shelf:
        return SHELF

    async def verdict(self, carried: str) -> TriageVerdict:
        message = await self.guide.go_on(carried)
        assert isinstance(message, TriageVerdict)
        return message


@pytest.fixture
async def office(database: Database, workspace_id: int) -> Office:
    return Office(await World.stored(database, workspace_id))


async def test_who_has_an_idea_is_asked_back_only_where_nobody_else_reads(office: Office) -> None:
    erik = await office.world.viewer("erik")
    asked = await office.guide.answer(erik, "is this a project?")
    assert isinstance(asked, TriageQuestion)
    assert [each.title for each in asked.links] == ["What a project is"]
    assert await office.guide.answer(erik, "what is a project?") is None
    reader = replace(erik, is_among_others=True)
    told = await office.guide.answer(reader, "is this a project?")
    assert isinstance(told, TriagePointer)
    assert told.shown.title == "What a project is"
    # The handbook has no section on starting one: whatever else it finds is said.
    assert await office.guide.answer(reader, "how do I start a project?") is None


async def test_the_lines_and_ways_are_those_of_the_pmo(office: Office) -> None:
    plain = await office.verdict("verdict|repeat|more|one")
    assert (plain.lines, plain.requests, plain.advice) == (Lines(), Requests(), "")
    assert plain.clause is not None
    assert plain.contacts == (Contact("U0DANA", "Dana"),)
    assert (await office.verdict("verdict|new|more|one")).clause is None
    await office.world.configure(
        triage={"project_hours": 40, "decided_by": ["units"], "texts": {"small_work": "Just do."}},
        requests={"link": "https://x.example/", "text": "Ask Dana."},
    )
    told = await office.verdict("verdict|new|more|one")
    assert told.verdict.outcome is Outcome.SMALL_WORK
    assert (told.lines.project_hours, told.advice) == (40, "Just do.")
    assert told.requests == Requests("https://x.example/", "Ask Dana.")


async def test_buttons_lead_on_and_what_none_of_them_carries_is_refused(office: Office) -> None:
    asked = await office.guide.go_on("effort|new||")
    assert isinstance(asked, TriageQuestion)
    assert asked.links == ()
    assert isinstance(await office.guide.go_on("review|new|days|one"), TriageReview)
    assert await office.guide.go_on("result|||") == await office.guide.start()
    with pytest.raises(UnreadableError, match="Begin anew with `/project start`"):
        await office.guide.go_on("verdict|new||")


async def test_questions_are_offered_by_ones_own_projects_and_role(office: Office) -> None:
    await office.world.project("ALPHA", sponsor="li", phase="planning")
    await office.world.project("BETA", pm="li", visibility=Visibility.RESTRICTED)

    async def offer(name: str) -> Offer:
        return await office.guide.offer(await office.world.viewer(name))

    assert await offer("ana") == Offer("planning")
    assert await offer("li") == Offer("execution")
    assert await offer("dana") == Offer(is_pmo=True)
    assert await offer("erik") == Offer()
