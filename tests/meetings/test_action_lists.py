"""Actions of a council in lists, and in what is rehearsed."""

from datetime import date

import pytest

from domain.errors import NotFoundError
from domain.logs.service import LogsService, overdue_only
from domain.portfolio.service import PortfolioService
from models.enums import LogKind
from tests.support.actions import Clerk, give
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, at
from tests.support.rehearsing import rehearse

ACTION = LogKind.ACTION


@pytest.fixture
def lists(secretary: Secretary) -> LogsService:
    world = secretary.world
    portfolio = PortfolioService(world.database, world.workspace_id)
    return LogsService(world.database, world.workspace_id, portfolio, Clerk(secretary).people)


async def test_a_councils_list_has_what_its_reader_may_see(
    secretary: Secretary, lists: LogsService
) -> None:
    world, clerk = secretary.world, Clerk(secretary)
    apollo = await world.project("APOLLO")
    nova = await world.project("NOVA", visibility=RESTRICTED)
    for project, title in ((None, "Ask"), (apollo, "Book"), (nova, "Hide")):
        await give(secretary, "ana", project_id=project, title=title)
    done = await give(secretary, title="Done with")
    await clerk.act("omar", done, "done")

    async def titles(name: str, *, with_closed: bool = False) -> list[str]:
        found = await lists.of_place(
            await world.viewer(name), ACTION, "its", NOON, with_closed=with_closed
        )
        return [each.title for each in found.entries]

    assert await titles("carol") == ["Ask", "Book", "Hide"]
    assert await titles("omar", with_closed=True) == ["Ask", "Book", "Hide", "Done with"]
    assert await titles("ana") == ["Ask", "Book", "Hide"]  # she has them in hand
    assert await titles("erik") == ["Book"]
    with pytest.raises(NotFoundError):
        await titles("gus")


async def test_a_project_is_found_before_a_council_that_begins_as_its_code_does(
    secretary: Secretary, lists: LogsService
) -> None:
    carol = await secretary.world.viewer("carol")
    assert (await lists.of_place(carol, ACTION, "its", NOON)).scope == ITS
    await secretary.world.project("ITS")
    assert (await lists.of_place(carol, ACTION, "its", NOON)).code == "ITS"
    assert (await lists.of_place(carol, ACTION, "its council", NOON)).scope == ITS


async def test_what_is_overdue_is_listed_over_projects_and_councils(
    secretary: Secretary, lists: LogsService
) -> None:
    await give(secretary, due_on=date(2026, 11, 26))
    await give(secretary, title="Later")
    omar, later = await secretary.world.viewer("omar"), at(27, 15)
    assert [each.title for each in (await lists.overdue(omar, ACTION, later)).entries] == [
        "Ask the vendor"
    ]
    mine = overdue_only(await lists.mine(omar, ACTION, later))
    assert [each.place for each in mine.entries] == [ITS]
    erik = await secretary.world.viewer("erik")
    assert (await lists.overdue(erik, ACTION, later)).entries == ()


async def test_what_will_be_told_of_actions_is_rehearsed(secretary: Secretary) -> None:
    await give(secretary, meeting=await secretary.first())
    rehearsal = await rehearse(secretary.world, NOON, 7)
    told = [each for each in rehearsal.sendings if "action" in str(each)]
    assert len(told) == 2
