"""Another PM: by hand-over, by the portfolio file, or because one has left Slack."""

import asyncio
from datetime import date

import pytest
from sqlmodel import select

from domain.collecting.handover.messages import (
    ManagerlessProject,
    ManagersLeft,
    ProjectHandedOver,
)
from domain.collecting.handover.service import Handed
from domain.collecting.messages import RequestItem, StatusRequestMessage
from domain.errors import NotAllowedError, NotFoundError, UnreadableError
from domain.portfolio.values import PersonName
from models.enums import RequestState
from models.portfolio import AuditEntry
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day."""
THEN = at(26, 15, 40)
CUT_OFF = at(27, 20)

PMO_CHANNEL = {"pmo": {"channel": "pmo-office", "members": ["dana@example.edu"]}}


async def hand(office: Office, code: str, by: str, to: str) -> Handed:
    viewer = await office.world.viewer(by)
    return await office.handover.hand_over(viewer, code, office.world.id(to), THEN)


async def items(office: Office, name: str, day: date) -> dict[str, RequestItem]:
    key = f"request:{office.world.id(name)}:{day}"
    message = await office.message(StatusRequestMessage, key)
    return {each.code: each for each in message.items}


async def audit(office: Office) -> list[tuple[str, str, str, str | None, str | None]]:
    async with office.database.reading() as session:
        found = (await session.exec(select(AuditEntry))).all()
        return [(each.actor, each.subject, each.field, each.old, each.new) for each in found]


async def left(office: Office) -> dict[str, tuple[ManagerlessProject, ...]]:
    """What the PMO was told of managers who left, by place."""
    return {
        each.place: each.message.projects
        for each in await office.said()
        if isinstance(each.message, ManagersLeft)
    }


async def handovers(office: Office) -> dict[str, ProjectHandedOver]:
    """Who was told of a hand-over apart from request messages, and what."""
    return {
        each.place: each.message
        for each in await office.said()
        if isinstance(each.message, ProjectHandedOver)
    }


# --- by hand


async def test_the_open_request_goes_to_the_new_pm_and_the_old_ones_message_says_so(
    any_office: Office,
) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ana")
    await office.tick(NINE)
    handed = await hand(office, "apollo", "ana", "erik")
    assert (handed.pm.name, handed.has_moved, handed.was_deputy) == ("Erik", True, False)
    before = await items(office, "ana", date(2026, 11, 25))
    assert (before["APOLLO"].handed_to, before["APOLLO"].handed_why) == ("Erik", "new PM")
    assert before["BOREAS"].is_waiting
    mine = (await items(office, "erik", date(2026, 11, 26)))["APOLLO"]
    assert (mine.came_from, mine.is_waiting) == ("Ana", True)
    assert await audit(office) == [("U0ANA", "project APOLLO", "pm", "U0ANA", "U0ERIK")]
    assert await handovers(office) == {}
    receipt = await office.answer("APOLLO", THEN, GREEN, by="erik")
    assert receipt.state is RequestState.ANSWERED
    with pytest.raises(NotAllowedError, match=r"Only the PM of APOLLO \(Erik\)"):
        await office.answer("APOLLO", THEN, GREEN, by="ana")


async def test_what_is_planned_is_asked_of_the_new_pm(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.tick(at(25, 5))
    assert not (await hand(office, "APOLLO", "ana", "ben")).has_moved
    await office.tick(NINE)
    assert (await office.requests("APOLLO"))[0].person_id == office.world.id("ben")


async def test_who_is_handed_a_project_without_an_open_request_is_told_so(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await hand(office, "APOLLO", "dana", "ben")
    told = await handovers(office)
    assert told == {
        f"person:{office.world.id('ben')}": ProjectHandedOver(
            "APOLLO", "Project Apollo", is_yours=True, other_name="Ana", actor_name="Dana"
        ),
        f"person:{office.world.id('ana')}": ProjectHandedOver(
            "APOLLO", "Project Apollo", is_yours=False, other_name="Ben", actor_name="Dana"
        ),
    }


async def test_a_deputy_who_becomes_the_pm_is_deputy_no_more(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    handed = await hand(office, "APOLLO", "ana", "ben")
    assert handed.was_deputy
    assert await audit(office) == [
        ("U0ANA", "project APOLLO", "pm", "U0ANA", "U0BEN"),
        ("U0ANA", "project APOLLO", "deputy", "U0BEN", None),
    ]


async def test_only_the_pm_and_the_pmo_hand_a_project_over(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben", sponsor="sam")
    for name in ("ben", "sam", "carol", "omar", "erik"):
        with pytest.raises(NotAllowedError, match=r"Only the PM of APOLLO \(Ana\) and the PMO"):
            await hand(office, "APOLLO", name, "li")
        with pytest.raises(NotAllowedError, match=r"Only the PM of APOLLO \(Ana\) and the PMO"):
            await office.handover.offer(await office.world.viewer(name), "APOLLO")
    assert (await hand(office, "APOLLO", "dana", "li")).pm.name == "Li"
    assert await audit(office) == [("U0DANA", "project APOLLO", "pm", "U0ANA", "U0LI")]


async def test_what_somebody_may_not_see_can_not_be_handed_over(office: Office) -> None:
    await office.world.project("VAULT", pm="ana", visibility=RESTRICTED)
    texts = set()
    for name, code in (("erik", "VAULT"), ("gus", "VAULT"), ("ana", "NONE")):
        with pytest.raises(NotFoundError) as refused:
            await hand(office, code, name, "li")
        texts.add(str(refused.value).replace(code, ""))
    assert texts == {"There is no project ''."}


async def test_nobody_gets_a_project_who_has_left_or_has_it_already(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.world.change_person("ben", is_gone=True)
    with pytest.raises(UnreadableError, match="Ben has left Slack; choose somebody who is there"):
        await hand(office, "APOLLO", "ana", "ben")
    with pytest.raises(UnreadableError, match="Ana is the PM of APOLLO already"):
        await hand(office, "APOLLO", "ana", "ana")
    assert await audit(office) == []


async def test_a_guest_may_be_given_a_project_as_in_the_file(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    assert (await hand(office, "APOLLO", "ana", "gus")).pm.name == "Gus"


async def test_two_who_hand_over_at_once_do_it_one_after_the_other(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana")
    await office.tick(NINE)
    outcomes = await asyncio.gather(
        hand(office, "APOLLO", "ana", "ben"),
        hand(office, "APOLLO", "ana", "li"),
        return_exceptions=True,
    )
    (done,) = [each for each in outcomes if isinstance(each, Handed)]
    (refused,) = [each for each in outcomes if isinstance(each, NotAllowedError)]
    assert f"({done.pm.name})" in str(refused)
    assert (await office.requests("APOLLO"))[0].person_id == done.pm.person_id


@pytest.mark.parametrize(
    "text",
    [
        "@Ben",
        "ben",
        "BEN@example.edu",
        "U0BEN",
        "<@U0BEN>",
        "<@U0BEN|ben>",
        "<mailto:ben@example.edu|ben@example.edu>",
    ],
)
async def test_a_person_is_found_by_what_people_type(office: Office, text: str) -> None:
    found = await office.handover.find(text)
    assert found == PersonName(office.world.id("ben"), "U0BEN", "Ben")


async def test_who_is_not_found_or_not_told_apart_is_asked_for(office: Office) -> None:
    await office.world.person("zed lee")
    await office.world.person("zed low")
    unknown = await office.handover.find("@Benn")
    assert unknown == "I know nobody called “@Benn”. Did you mean Ben? Choose below."
    several = await office.handover.find("@zed")
    assert several == "“@zed” may be any of Zed lee, Zed low. Choose below."
    await office.world.change_person("ben", is_gone=True)
    assert isinstance(await office.handover.find("ben"), str)


# --- by the file, or by leaving


async def test_a_new_pm_of_the_file_gets_what_was_asked_of_the_old_one(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana")
    await office.world.project("BOREAS", pm="ana")
    await office.tick(NINE)
    await office.answer("BOREAS", NINE, GREEN)
    await office.world.change("APOLLO", pm="ben")
    await office.world.change("BOREAS", pm="ben")
    await office.ticks(THEN, THEN)
    apollo, boreas = await office.requests()
    assert (apollo.person_id, apollo.reason) == (office.world.id("ben"), "new PM")
    assert boreas.person_id == office.world.id("ana")  # it was answered: nothing is to be done
    before = await items(office, "ana", date(2026, 11, 25))
    assert before["APOLLO"].handed_to == "Ben"
    assert list(await items(office, "ben", date(2026, 11, 26))) == ["APOLLO"]


async def test_what_the_deputy_was_asked_stays_with_the_deputy(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.leave("ana", date(2026, 11, 24), date(2026, 12, 4))
    await office.tick(NINE)
    await office.world.change("APOLLO", pm="li")
    await office.tick(THEN)
    assert (await office.requests("APOLLO"))[0].person_id == office.world.id("ben")


async def test_what_was_asked_of_a_pm_who_left_goes_to_the_deputy_and_the_pmo_is_told(
    any_office: Office,
) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.world.project("BOREAS", pm="ana")
    await office.tick(NINE)
    await office.world.change_person("ana", is_gone=True)
    await office.ticks(THEN, THEN)
    apollo, boreas = await office.requests()
    assert (apollo.person_id, apollo.reason) == (office.world.id("ben"), "Ana has left Slack")
    assert boreas.person_id == office.world.id("ana")
    assert await left(office) == {
        f"person:{office.world.id('dana')}": (
            ManagerlessProject("APOLLO", "Project Apollo", "Ana", "Ben"),
            ManagerlessProject("BOREAS", "Project Boreas", "Ana", ""),
        )
    }


async def test_the_pmo_is_told_of_each_project_once(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.world.project("BOREAS", pm="li")
    await office.world.project("GAIA", pm="ana", phase="qualification")  # it is not asked for
    await office.world.change_person("ana", is_gone=True)
    await office.tick(NINE)
    await office.world.change_person("li", is_gone=True)
    await office.tick(NINE)
    ((place, first),) = (await left(office)).items()
    assert [each.code for each in first] == ["APOLLO", "BOREAS"]  # one message for the day
    await office.world.project("CERES", pm="li")
    await office.tick(THEN)
    said = [each for each in await office.said() if isinstance(each.message, ManagersLeft)]
    assert [[one.code for one in each.message.projects] for each in said] == [
        ["APOLLO", "BOREAS"],
        ["CERES"],
    ]
    assert {each.place for each in said} == {place}


async def test_a_restricted_project_is_told_to_the_pmo_in_private(office: Office) -> None:
    await office.world.configure(**PMO_CHANNEL, pmo_channel_id="C0PMO")
    await office.world.project("APOLLO", pm="ana")
    await office.world.project("VAULT", pm="ana", visibility=RESTRICTED)
    await office.world.change_person("ana", is_gone=True)
    await office.tick(NINE)
    told = {place: [each.code for each in of] for place, of in (await left(office)).items()}
    assert told == {"channel:C0PMO": ["APOLLO"], f"person:{office.world.id('dana')}": ["VAULT"]}


async def test_after_the_cut_off_nothing_moves(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.ticks(NINE, CUT_OFF)
    assert not (await hand(office, "APOLLO", "ana", "ben")).has_moved
    assert (await office.requests("APOLLO"))[0].person_id == office.world.id("ana")
