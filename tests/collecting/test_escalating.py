"""What is missed in a row: counted, told to whom it concerns, and to nobody else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.collecting.escalating.telling import ANSWERED_MEANWHILE, NEVER_ASKED
from domain.collecting.messages import SilentProjects, SponsorNotice, SponsorNoticeCopy
from domain.delivery.messages import Message
from domain.digests.messages import DigestHead
from message_templates.rendering import render
from models.delivery import Delivery
from models.enums import DeliveryState
from tests.support.looks import assert_slack_takes, lines_of
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, Office, statements

NINE = at(25, 14)
"""Nine o'clock in New York on the first ask day, a Wednesday."""
CUT_OFF = at(27, 20)
WEEK = timedelta(days=7)
OFFICE = {"pmo": {"channel": "pmo-office", "members": []}, "pmo_channel_id": "C0PMO"}


@pytest.fixture
async def world(database: Any, workspace_id: int) -> World:
    return await World.stored(database, workspace_id, **OFFICE)


@pytest.fixture
async def any_office(any_office: Office) -> Office:
    await any_office.world.configure(**OFFICE)
    return any_office


async def miss(office: Office, *weeks: int) -> None:
    """Play weeks in which nobody answers, from the first ask day's as week 0."""
    for week in weeks:
        await office.ticks(NINE + week * WEEK, CUT_OFF + week * WEEK)


async def told(office: Office) -> list[tuple[str, str, list[str]]]:
    """What was told of misses: the kind, where, and of which projects."""
    kinds = (SponsorNotice, SponsorNoticeCopy, SilentProjects)
    names = {f"person:{number}": name for name, number in office.world._people.items()}
    return [
        (each.message.kind, names.get(each.place, each.place), [i.code for i in each.message.items])
        for each in await office.said()
        if isinstance(each.message, kinds)
    ]


def text_of(message: Message) -> str:
    rendered = render(message)
    assert_slack_takes(rendered)
    return "\n".join(line for each in rendered for line in lines_of(each))


async def reasons(office: Office, week: int) -> dict[str, str]:
    """Why projects are missing, as the digest of a week says it."""
    await office.tick(at(30, 13) + week * WEEK)
    heads = await office.messages(DigestHead)
    return {line.code: line.reason for line in heads[-1].missing}


async def test_the_second_miss_goes_to_the_sponsor_with_the_pm_in_copy(any_office: Office) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO", sponsor="sam")
    await world.project("BOREAS", sponsor="sam")
    await miss(office, 0)
    assert await told(office) == []
    await office.ticks(NINE + WEEK, NINE + WEEK)
    await office.answer("BOREAS", NINE + WEEK, GREEN)
    await office.ticks(CUT_OFF + WEEK, CUT_OFF + WEEK)
    assert await told(office) == [
        ("sponsor_notice", "sam", ["APOLLO"]),
        ("sponsor_notice_copy", "ana", ["APOLLO"]),
    ]
    notice = text_of(await office.message(SponsorNotice))
    assert "APOLLO Project Apollo · PM Ana · 2 in a row · no report yet" in notice
    copy = text_of(await office.message(SponsorNoticeCopy))
    assert "I have told Sam, who sponsors it" in copy
    assert (await reasons(office, 1))["APOLLO"] == "second miss in a row (sponsor told)"


async def test_the_third_miss_and_more_are_one_list_for_the_pmo_and_council(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.council(STS)
    for code, council in (("APOLLO", ITS), ("BOREAS", ITS), ("CERES", STS)):
        await world.project(code, sponsor="sam", council=council)
    await miss(office, 0, 1)
    before = len(await told(office))
    await miss(office, 2)
    assert (await told(office))[before:] == [
        ("silent_projects", "channel:C0PMO", ["APOLLO", "BOREAS"]),
        ("silent_projects", "channel:C0PMO", ["CERES"]),
    ]
    assert (await reasons(office, 2))["CERES"] == "third miss in a row (PMO told)"


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        ({}, "no sponsor is named"),
        ({"sponsor": "erik"}, "its sponsor has left Slack"),
        ({"sponsor": "ana"}, "its sponsor is who was asked"),
    ],
)
async def test_where_no_sponsor_can_be_told_the_pmo_is_with_the_cure(
    world: World, office: Office, facts: dict[str, Any], cause: str
) -> None:
    await world.change_person("erik", is_gone=True)
    await world.project("APOLLO", **facts)
    await miss(office, 0, 1)
    assert await told(office) == [("silent_projects", "channel:C0PMO", ["APOLLO"])]
    text = text_of(await office.message(SilentProjects))
    assert f"the sponsor was not told, because {cause}" in text
    assert "`sponsor` column" in text or "sponsor column" in text


async def test_a_restricted_project_is_told_to_the_pmos_people_and_not_to_their_channel(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await world.project("FALCON", visibility=RESTRICTED)
    await miss(office, 0, 1)
    assert sorted(await told(office)) == [
        ("silent_projects", "channel:C0PMO", ["APOLLO"]),
        ("silent_projects", "dana", ["FALCON"]),
    ]


async def test_without_a_channel_the_pmos_people_get_the_list(world: World, office: Office) -> None:
    await world.configure()
    await world.project("APOLLO")
    await miss(office, 0, 1)
    assert await told(office) == [("silent_projects", "dana", ["APOLLO"])]


async def test_a_late_answer_ends_the_row(world: World, office: Office) -> None:
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0)
    await office.answer("APOLLO", CUT_OFF + timedelta(hours=1), GREEN)
    await miss(office, 1)
    assert await told(office) == []


async def test_leave_neither_counts_nor_ends_the_row_and_blames_nobody(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0)
    await office.tick(NINE + WEEK)
    await world.leave("ana", date(2026, 12, 3), date(2026, 12, 8))
    await office.tick(CUT_OFF + WEEK)
    assert await told(office) == []
    assert (await reasons(office, 1))["APOLLO"] == "on leave until 8 Dec"
    await miss(office, 2)
    assert [kind for kind, _, _ in await told(office)] == ["sponsor_notice", "sponsor_notice_copy"]


async def test_what_nobody_was_asked_is_nobodys_miss(world: World, office: Office) -> None:
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0)
    await world.leave("ana", date(2026, 12, 1), date(2026, 12, 6))
    await miss(office, 1)  # excused: on leave before it was asked
    await office.ticks(at(9, 13, month=12), at(11, 20, month=12))  # asleep from before nine on
    assert await told(office) == []
    assert (await office.requests("APOLLO"))[-1].reason == NEVER_ASKED
    await miss(office, 3)
    assert [codes for _, _, codes in await told(office)] == [["APOLLO"], ["APOLLO"]]


async def test_cycles_that_close_in_the_same_breath_are_counted_in_their_order(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, every="FREQ=DAILY", cut_off="+1d 15:00", digest="+2d 08:00")
    await world.project("APOLLO", sponsor="sam")
    await office.ticks(at(23, 14), at(24, 14))
    await office.cycles.close(at(26, 14))
    assert [each.misses for each in await office.requests("APOLLO") if each.misses] == [1, 2]


async def test_how_many_it_takes_is_configuration_and_zero_is_never(
    world: World, office: Office
) -> None:
    await world.configure(**OFFICE, escalation={"sponsor_after": 1, "pmo_after": 0})
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0)
    assert ("sponsor_notice", "sam", ["APOLLO"]) in await told(office)
    await world.configure(**OFFICE, escalation={"sponsor_after": 0, "pmo_after": 0})
    before = await told(office)
    await miss(office, 1)
    assert await told(office) == before


async def test_a_notice_that_is_not_posted_yet_is_taken_back_when_the_answer_comes(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0, 1)
    await office.answer("APOLLO", CUT_OFF + WEEK + timedelta(hours=1), GREEN)
    async with office.database.reading() as session:
        rows = (
            await session.exec(select(Delivery).where(col(Delivery.key).startswith("missed")))
        ).all()
    assert {(row.state, row.reason) for row in rows} == {
        (DeliveryState.EXPIRED, ANSWERED_MEANWHILE)
    }


async def test_a_posted_notice_shows_the_answer_that_came_after_all(
    world: World, office: Office
) -> None:
    await world.project("APOLLO", sponsor="sam")
    await miss(office, 0, 1)
    async with office.database.writing() as session:
        for row in (await session.exec(select(Delivery))).all():
            row.slack_ts, row.state = f"1.{row.pk}", DeliveryState.SENT
            session.add(row)
    await office.answer("APOLLO", CUT_OFF + WEEK + timedelta(hours=1), GREEN)
    assert "answered since" in text_of(await office.message(SponsorNotice))


async def test_closing_takes_as_many_statements_for_many_projects_as_for_few(
    office: Office,
) -> None:
    world = office.world
    await world.configure(**OFFICE, escalation={"pmo_after": 0})
    counts = []
    for start, count in ((0, 2), (2, 20)):
        for number in range(start, start + count):
            name = f"pm{number}"
            await world.person(name)
            await world.project(name.upper(), pm=name, sponsor="sam")
        week = start and 3
        await miss(office, week)
        await office.tick(NINE + (week + 1) * WEEK)
        with statements(office.database) as seen:
            await office.cycles.close(_cut_off(week + 1))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def _cut_off(week: int) -> datetime:
    return CUT_OFF + week * WEEK
