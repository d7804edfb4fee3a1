"""People learned from Slack, and the portfolio as one of them may see it."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event

from domain.errors import NotAllowedError, NotFoundError
from domain.portfolio.people import PeopleService, Roster
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Viewer
from models.base import Database
from models.enums import Visibility
from models.portfolio import Council, CouncilMember, Person, Phase, Project
from tests.support.directory import FakeDirectory, user

Ids = dict[str, int]
"""The number of each person, by name."""


@pytest.fixture
def people(database: Database, workspace_id: int, directory: FakeDirectory) -> PeopleService:
    return PeopleService(database, workspace_id, directory)


@pytest.fixture
def portfolio(database: Database, workspace_id: int) -> PortfolioService:
    return PortfolioService(database, workspace_id)


@pytest.fixture
async def shop(database: Database, workspace_id: int, people: PeopleService) -> Ids:
    """APOLLO is open and Ana's; VAULT is restricted and Ben's; Carol chairs, Omar sits."""
    who = {
        name: (await people.learn(f"U0{name.upper()}")).person_id
        for name in ("ana", "ben", "carol", "dana", "eve", "omar", "pam", "gus")
    }
    async with database.writing() as session:
        council = Council(
            workspace_id=workspace_id,
            name="ITS Council",
            channel_id="C0ITS",
            channel_name="its-council",
            chair_id=who["carol"],
        )
        phase = Phase(workspace_id=workspace_id, name="execution", position=0)
        session.add_all([council, phase])
        await session.flush()
        common: dict[str, Any] = {
            "workspace_id": workspace_id,
            "council_id": council.pk,
            "phase_id": phase.pk,
        }
        session.add_all(
            [
                CouncilMember(
                    workspace_id=workspace_id, council_id=council.pk, person_id=who["omar"]
                ),
                Project(
                    code="APOLLO", name="Portal", pm_id=who["ana"], deputy_id=who["ben"], **common
                ),
                Project(
                    code="VAULT",
                    name="Secret keys",
                    visibility=Visibility.RESTRICTED,
                    pm_id=who["ben"],
                    sponsor_id=who["gus"],
                    tags=["cloud", "erp"],
                    **common,
                ),
            ]
        )
        dana = await session.get_one(Person, who["dana"])
        dana.is_pmo = True
    return who


@asynccontextmanager
async def _counted(database: Database) -> AsyncIterator[list[str]]:
    """The SELECT statements that run inside."""
    seen: list[str] = []

    def record(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", record)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", record)


async def _viewer(people: PeopleService, name: str) -> Viewer:
    found = await people.viewer(f"U0{name.upper()}")
    assert found is not None
    return found


async def test_somebody_unknown_is_learned_once_and_then_read_from_the_record(
    people: PeopleService, directory: FakeDirectory
) -> None:
    assert await people.viewer("U0ANA") is None
    learned = await people.learn("U0ANA")
    assert (learned.slack_id, learned.name, learned.timezone) == (
        "U0ANA",
        "Ana",
        "America/New_York",
    )
    assert await people.viewer("U0ANA") == learned
    assert directory.asked == ["user"]


async def test_learning_again_brings_the_record_to_what_slack_says_now(
    people: PeopleService, directory: FakeDirectory, database: Database
) -> None:
    first = await people.learn("U0ANA")
    async with database.writing() as session:
        (await session.get_one(Person, first.person_id)).is_pmo = True
    directory.everybody = [dataclasses.replace(user("ana"), name="Ana Maria", is_gone=True)]
    again = await people.learn("U0ANA")
    assert (again.person_id, again.name, again.is_gone) == (first.person_id, "Ana Maria", True)
    assert again.is_pmo


async def test_a_person_without_a_zone_gets_the_workspaces(
    people: PeopleService, directory: FakeDirectory
) -> None:
    directory.everybody = [dataclasses.replace(user("ana"), timezone=None)]
    assert (await people.learn("U0ANA")).timezone == "UTC"


async def test_bots_and_ids_that_slack_does_not_know_are_refused(people: PeopleService) -> None:
    with pytest.raises(NotFoundError, match="nobody with the id 'U0NOBODY'"):
        await people.learn("U0NOBODY")
    with pytest.raises(NotAllowedError, match="Bots can't use"):
        await people.learn("U0ROBOT")


async def test_a_viewer_has_their_councils_as_chair_and_as_member(
    people: PeopleService, shop: Ids, database: Database
) -> None:
    async with _counted(database) as statements:
        carol = await _viewer(people, "carol")
    assert len(statements) == 2
    assert carol.person_id == shop["carol"]
    assert len(carol.council_ids) == 1
    assert (await _viewer(people, "omar")).council_ids == carol.council_ids
    assert (await _viewer(people, "eve")).council_ids == frozenset()
    assert (await _viewer(people, "dana")).is_pmo


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("ana", ["APOLLO"]),
        ("ben", ["APOLLO", "VAULT"]),
        ("carol", ["APOLLO", "VAULT"]),
        ("omar", ["APOLLO", "VAULT"]),
        ("dana", ["APOLLO", "VAULT"]),
        ("eve", ["APOLLO"]),
        ("gus", ["VAULT"]),
    ],
)
@pytest.mark.usefixtures("shop")
async def test_a_list_has_only_what_the_viewer_may_see(
    people: PeopleService, portfolio: PortfolioService, name: str, codes: list[str]
) -> None:
    listed = await portfolio.list_projects(await _viewer(people, name))
    assert [line.code for line in listed] == codes


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ("", ["APOLLO", "VAULT"]),
        ("portal", ["APOLLO"]),
        ("its execution", ["APOLLO", "VAULT"]),
        ("ITS keys", ["VAULT"]),
        ("ana", ["APOLLO"]),
        ("ana keys", []),
        ("tag:erp", ["VAULT"]),
        ("cloud its", ["VAULT"]),
        ("tag:vault", []),
    ],
)
@pytest.mark.usefixtures("shop")
async def test_a_list_is_narrowed_by_words_that_must_all_occur(
    people: PeopleService, portfolio: PortfolioService, search: str, codes: list[str]
) -> None:
    listed = await portfolio.list_projects(await _viewer(people, "dana"), search)
    assert [line.code for line in listed] == codes


@pytest.mark.usefixtures("shop")
async def test_mine_are_the_projects_with_a_role_and_not_those_merely_seen(
    people: PeopleService, portfolio: PortfolioService
) -> None:
    async def codes(name: str) -> list[str]:
        return [line.code for line in await portfolio.mine(await _viewer(people, name))]

    assert await codes("ben") == ["APOLLO", "VAULT"]
    assert await codes("ana") == ["APOLLO"]
    assert await codes("gus") == ["VAULT"]
    assert await codes("dana") == []


@pytest.mark.usefixtures("shop")
async def test_a_card_says_everything_about_a_project(
    people: PeopleService, portfolio: PortfolioService, database: Database
) -> None:
    ana = await _viewer(people, "ana")
    async with _counted(database) as statements:
        card = await portfolio.find(ana, " apollo ")
    assert len(statements) == 2
    assert (card.code, card.name, card.council, card.phase) == (
        "APOLLO",
        "Portal",
        "ITS Council",
        "execution",
    )
    assert card.pm.name == "Ana"
    assert card.deputy is not None
    assert card.deputy.slack_id == "U0BEN"
    assert card.sponsor is None
    assert card.facts.pm_id == ana.person_id


@pytest.mark.usefixtures("shop")
async def test_a_restricted_project_is_refused_exactly_as_one_that_does_not_exist(
    people: PeopleService, portfolio: PortfolioService
) -> None:
    eve = await _viewer(people, "eve")
    with pytest.raises(NotFoundError) as hidden:
        await portfolio.find(eve, "VAULT")
    with pytest.raises(NotFoundError) as absent:
        await portfolio.find(eve, "FAULT")
    assert str(hidden.value) == "There is no project 'VAULT'."
    assert str(absent.value) == "There is no project 'FAULT'."
    ben = await _viewer(people, "ben")
    with pytest.raises(NotFoundError, match=r"no project 'FAULT'. Did you mean VAULT\?"):
        await portfolio.find(ben, "FAULT")


@pytest.mark.usefixtures("shop")
async def test_the_button_of_a_project_finds_it_for_whoever_may_see_it_alone(
    people: PeopleService, portfolio: PortfolioService
) -> None:
    eve, ben = await _viewer(people, "eve"), await _viewer(people, "ben")
    vault = await portfolio.find(ben, "VAULT")
    assert await portfolio.find_by_id(ben, vault.project_id) == vault
    for hidden_or_absent in (vault.project_id, vault.project_id + 1_000):
        with pytest.raises(NotFoundError, match="There is no such project any more"):
            await portfolio.find_by_id(eve, hidden_or_absent)


@pytest.mark.usefixtures("shop")
async def test_an_unknown_code_names_the_nearest_and_is_not_echoed_at_length(
    people: PeopleService, portfolio: PortfolioService
) -> None:
    ana = await _viewer(people, "ana")
    with pytest.raises(
        NotFoundError, match=r"^There is no project 'APOLO'. Did you mean APOLLO\?$"
    ):
        await portfolio.find(ana, "apolo")
    with pytest.raises(NotFoundError) as error:
        await portfolio.find(ana, "x" * 5000)
    assert len(str(error.value)) < 80


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("ann@example.edu", r"'ann@example.edu'. Did you mean ana@example.edu\? Check"),
        ("U0NOBODY", "nobody with the id 'U0NOBODY'"),
        ("Ana", "'Ana' is no e-mail address and no Slack id"),
        ("lea@example.edu", "Lea .* has left Slack"),
        ("U0ROBOT", "'U0ROBOT' is a bot"),
    ],
)
def test_whom_a_file_may_not_name_is_refused_with_the_cure(
    directory: FakeDirectory, text: str, cause: str
) -> None:
    roster = Roster(directory.everybody)
    for _twice in range(2):
        with pytest.raises(ValueError, match=cause):
            roster.find(text)


def test_a_person_is_found_by_address_in_any_case_and_by_id(directory: FakeDirectory) -> None:
    roster = Roster(directory.everybody)
    assert roster.find("ANA@Example.edu").slack_id == "U0ANA"
    assert roster.find("U0ANA").slack_id == "U0ANA"
    assert roster.find("gus@example.edu").is_guest


def test_an_address_of_a_closed_and_a_living_account_means_the_living_one() -> None:
    closed = dataclasses.replace(user("old"), email="x@example.edu", is_gone=True)
    living = dataclasses.replace(user("new"), email="x@example.edu")
    assert Roster([closed, living]).find("x@example.edu") == living
    assert Roster([living, closed]).find("x@example.edu") == living


def test_a_guest_has_no_role_beyond_projects(directory: FakeDirectory) -> None:
    roster = Roster(directory.everybody)
    assert roster.find_member("ana@example.edu").name == "Ana"
    with pytest.raises(ValueError, match=r"Gus .* is a guest .* make them a full member"):
        roster.find_member("gus@example.edu")


def test_when_slack_shows_no_addresses_the_missing_scope_is_named() -> None:
    roster = Roster([dataclasses.replace(user("ana"), email=None)])
    with pytest.raises(ValueError, match=r"users:read.email"):
        roster.find("ana@example.edu")
