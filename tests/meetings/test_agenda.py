"""Agendas: built from what is due, in a council's order, and carried on when time is over."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.meetings.agenda.rules import DueItem, Order, order_of, place_for
from models.enums import (
    BallotState,
    Health,
    ItemState,
    LogKind,
    LogState,
    MeetingState,
    MinutesState,
    Purpose,
    Verdict,
)
from models.logs import LogEntry
from models.meetings import AgendaItem, Ballot, Meeting, MinutesVersion
from tests.support.agenda import Table
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import RESTRICTED, at

DAY = timedelta(days=1)


@pytest.fixture
def table(secretary: Secretary) -> Table:
    return Table(secretary)


@pytest.fixture
def any_table(any_secretary: Secretary) -> Table:
    return Table(any_secretary)


# --- order


@pytest.mark.parametrize(
    ("present", "new", "place"),
    [
        ([], ("red:1", Purpose.DISCUSS), 0),
        (["opening", "decision:1", "recap"], ("red:1", Purpose.DISCUSS), 2),
        (["opening", "decision:1", "recap"], ("action:1", Purpose.DISCUSS), 1),
        (["opening", "decision:1", "red:1", "recap"], ("", Purpose.DECIDE), 2),
        (["opening", "decision:1", "red:1", "recap"], ("", Purpose.DISCUSS), 3),
        (["opening", "", "recap"], ("", Purpose.INFORM), 2),
        (["red:1", "decision:1", "action:1"], ("silent:1", Purpose.DISCUSS), 3),
        (["recap", "red:1"], ("opening", Purpose.INFORM), 0),
    ],
)
def test_an_item_goes_where_councils_expect_it(
    present: list[str], new: tuple[str, Purpose], place: int
) -> None:
    orders = [order_of(each, Purpose.DISCUSS) for each in present]
    assert place_for(order_of(*new), orders) == place


def test_what_is_built_goes_by_its_date_and_before_what_members_add() -> None:
    def due(number: int, within: str) -> Order:
        return DueItem(f"decision:{number}", Purpose.DECIDE, "", within=within).order

    early, late, undated = due(3, "2026-12-01"), due(1, "2026-12-02"), due(2, "9999-12-31")
    assert sorted([undated, order_of("", Purpose.DECIDE), late, early]) == [
        early,
        late,
        undated,
        order_of("", Purpose.DECIDE),
    ]


# --- building


async def fill(table: Table) -> dict[str, int]:
    """One of everything that can be due."""
    world, council_id = table.world, table.council_id
    ids = {code: await world.project(code) for code in ("APOLLO", "GEMINI", "TITAN", "VEGA")}
    for day in (4, 11, 18):
        await table.report(ids["GEMINI"], day, Health.RED, why="No money", path_to_green="Ask")
    await table.report(ids["APOLLO"], 11, Health.GREEN)
    await table.report(ids["APOLLO"], 18, Health.RED, why="No people")
    await table.report(ids["TITAN"], 11, Health.RED)
    await table.report(ids["TITAN"], 18, Health.GREEN)
    await table.miss(ids["VEGA"], 18, 3)
    kept: dict[str, Any] = {"project_id": ids["APOLLO"]}
    await table.entry(LogKind.DECISION, "Which vendor?", **kept)
    await table.entry(LogKind.DECISION, "Go live?", due_on=date(2026, 12, 1), **kept)
    await table.entry(LogKind.ACTION, "Call them", due_on=date(2026, 11, 20), **kept)
    await table.entry(LogKind.ACTION, "Not yet", due_on=date(2026, 11, 25), **kept)
    await table.entry(
        LogKind.ACTION, "Find a room", due_on=date(2026, 11, 2), council_id=council_id
    )
    ids["past"] = await table.keep(
        Meeting,
        council_id=council_id,
        occurrence="2026-11-05",
        starts_at=at(5, 19),
        minutes=60,
        timezone="America/New_York",
        uid="1",
        changed_at=at(1, 12),
        ended_at=at(5, 20),
    )
    await table.keep(
        MinutesVersion,
        meeting_id=ids["past"],
        version=1,
        state=MinutesState.POSTED,
        document={},
        written_at=at(6, 12),
        posted_at=at(6, 12),
    )
    ids["ballot"] = await table.keep(
        Ballot,
        council_id=council_id,
        question="Buy it?",
        quorum="majority",
        state=BallotState.CLOSED,
        options=["Yes", "No"],
        verdict=Verdict.DECIDED,
        opened_by_id=world.id("carol"),
        opened_at=at(9, 12),
        closes_at=at(12, 12),
        closed_at=at(12, 12),
    )
    return ids


async def test_it_is_built_from_what_is_due_in_the_order_of_councils(any_table: Table) -> None:
    ids = await fill(any_table)
    await any_table.item("A word about lunch", purpose=Purpose.INFORM)
    assert await any_table.build()
    agenda = await any_table.agenda()
    assert [(each.title, each.purpose.value, each.minutes) for each in agenda.items] == [
        ("Quorum, and interests to declare", "inform", 3),
        ("Approve the minutes of 5 Nov 2026", "decide", 0),
        ("Voted out of cycle: Buy it?", "inform", 0),
        ("Overdue action: Find a room", "discuss", 1),
        ("Overdue action: Call them", "discuss", 1),
        ("Go live?", "decide", 10),
        ("Which vendor?", "decide", 10),
        ("Project Gemini: red since 4 Nov 2026", "discuss", 5),
        ("Project Apollo: red since 18 Nov 2026", "discuss", 5),
        ("Project Vega: 3 reports missing in a row", "discuss", 2),
        ("A word about lunch", "inform", 10),
        ("Decisions and actions, read back", "inform", 3),
    ]
    assert [each.source for each in agenda.consent] == [
        f"minutes:{ids['past']}",
        f"ballot:{ids['ballot']}",
    ]
    by_source = {each.source: each for each in agenda.items}
    red = by_source[f"red:{ids['GEMINI']}"]
    assert (red.code, red.owner and red.owner.name) == ("GEMINI", "Ana")
    assert red.text == "No money\nPath to green: Ask"
    assert [each.text for each in agenda.items if each.title == "Go live?"] == [
        "Needed by 1 Dec 2026."
    ]
    assert (agenda.minutes, agenda.length, agenda.is_over) == (50, 60, False)
    audit = (await any_table.secretary.audit())[-1]
    assert audit.field == "agenda built"
    assert f"red:{ids['GEMINI']}" in (audit.new or "")
    assert not await any_table.build()
    assert (await any_table.agenda()) == agenda


async def test_what_is_settled_goes_what_was_touched_stays_and_what_was_removed_stays_away(
    table: Table,
) -> None:
    apollo = await table.world.project("APOLLO")
    entries = [
        await table.entry(LogKind.DECISION, title, project_id=apollo)
        for title in ("One", "Two", "Three", "Four")
    ]
    await table.build()
    one, two, three, four = [each for each in (await table.agenda()).items if each.project_id]
    await table.change(AgendaItem, two.item_id, revision=2, minutes=15)
    await table.change(AgendaItem, three.item_id, state=ItemState.REMOVED)
    await table.change(AgendaItem, four.item_id, meeting_id=None)
    for number in entries[:2]:
        await table.change(LogEntry, number, state=LogState.DONE)
    await table.change(LogEntry, entries[2], title="Three, really")
    assert await table.build()
    assert [each.item_id for each in (await table.agenda()).items if each.project_id] == [
        two.item_id
    ]
    async with table.world.database.reading() as session:
        assert await session.get(AgendaItem, one.item_id) is None
    await table.change(LogEntry, entries[3], state=LogState.DONE)
    await table.build()
    async with table.world.database.reading() as session:
        assert await session.get(AgendaItem, four.item_id) is None


async def test_it_follows_the_record_and_keeps_the_chairs_order(table: Table) -> None:
    apollo = await table.world.project("APOLLO")
    number = await table.entry(LogKind.DECISION, "One", project_id=apollo)
    await table.build()
    first, *_ = (await table.agenda()).items
    await table.change(AgendaItem, first.item_id, position=50)
    await table.change(LogEntry, number, title="One, really")
    await table.entry(LogKind.DECISION, "Two", project_id=apollo)
    await table.build()
    assert await table.titles() == [
        "One, really",
        "Two",
        "Decisions and actions, read back",
        "Quorum, and interests to declare",
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"frozen_at": NOON},
        {"started_at": NOON},
        {"state": MeetingState.CANCELLED},
    ],
)
async def test_nothing_comes_or_goes_once_the_pack_is_out(
    table: Table, facts: dict[str, Any]
) -> None:
    await table.change(Meeting, (await table.first()).pk, **facts)
    assert not await table.build()
    assert await table.titles() == []


async def test_what_is_closed_or_on_hold_is_no_red(table: Table) -> None:
    closed = await table.world.project("APOLLO", phase="qualification")
    held = await table.world.project("GEMINI", hold_until=date(2026, 12, 31))
    for number in (closed, held):
        await table.report(number, 18, Health.RED)
        await table.miss(number, 25, 5)
    await table.build()
    assert await table.sources() == ["opening", "recap"]


async def test_what_stood_on_a_meeting_that_does_not_take_place_is_taken_over(
    table: Table,
) -> None:
    first, second = await table.first(), await table.second()
    await table.item("By hand")
    await table.item("Came late", state=ItemState.WAITING)
    await table.build()
    assert await table.build(meeting=second)
    assert "By hand" not in await table.titles(second)
    await table.change(Meeting, first.pk, state=MeetingState.CANCELLED)
    await table.build(meeting=second)
    assert await table.sources(second) == ["opening", "By hand", "Came late", "recap"]


async def test_what_names_a_restricted_project_is_not_for_the_channel(table: Table) -> None:
    secret = await table.world.project("SECRET", visibility=RESTRICTED)
    await table.entry(LogKind.DECISION, "Buy land?", project_id=secret)
    await table.item("About lunch")
    await table.item("What of Secret?")
    await table.item("A risk", text="It is project secret that worries me")
    await table.build()
    agenda = await table.agenda()
    assert [each.title for each in agenda.items if each.is_restricted] == [
        "Buy land?",
        "What of Secret?",
        "A risk",
    ]
    assert [each.source or each.title for each in agenda.open_for_all().items] == [
        "opening",
        "About lunch",
        "recap",
    ]
    assert agenda.open_for_all().number_of(agenda.items[0].item_id) == 1
    assert agenda.open_for_all().number_of(10_000) == 0


# --- carrying on


@pytest.fixture
async def played(any_table: Table) -> dict[str, int]:
    """A meeting is over, in which nearly nothing was dealt with."""
    table, second = any_table, await any_table.second()
    ids = await fill(table)
    for title, state in (
        ("Talked about", ItemState.CURRENT),
        ("Not reached", ItemState.OPEN),
        ("Parked", ItemState.PARKED),
        ("Settled", ItemState.DONE),
        ("Late", ItemState.WAITING),
    ):
        await table.item(title, state=state)
    await table.build(meeting=second)  # somebody has looked ahead
    await table.build()
    await table.carry((await table.first()).starts_at)
    return ids


async def test_what_was_not_reached_is_settled(any_table: Table, played: dict[str, int]) -> None:
    assert played
    states = await any_table.states()
    assert states["Settled"] is ItemState.DONE
    assert states["Parked"] is ItemState.PARKED
    assert states["Not reached"] is states["Talked about"] is ItemState.CARRIED
    assert states["Voted out of cycle: Buy it?"] is ItemState.DONE
    assert states["Approve the minutes of 5 Nov 2026"] is ItemState.CARRIED
    assert states["Decisions and actions, read back"] is ItemState.REMOVED
    assert "Late" not in states


async def test_what_was_not_reached_goes_on_to_the_next_meeting(
    any_table: Table, played: dict[str, int]
) -> None:
    table, ids, second = any_table, played, await any_table.second()
    assert await table.build(meeting=second)
    after = await table.agenda(second)
    by_title = {each.title: each for each in after.items}
    assert [each for each in by_title if by_title[each].was_parked] == ["Parked"]
    assert {"Talked about", "Not reached", "Late"} <= by_title.keys()
    assert by_title["Project Gemini: red since 4 Nov 2026"].is_carried
    sources = [each.source for each in after.items if each.source]
    assert len(sources) == len(set(sources))
    assert f"minutes:{ids['past']}" in sources
    assert f"ballot:{ids['ballot']}" not in sources
    assert not await table.build(meeting=second)


async def test_without_a_next_meeting_it_goes_to_the_backlog(table: Table) -> None:
    first = await table.first()
    apollo = await table.world.project("APOLLO")
    await table.entry(LogKind.DECISION, "Go live?", project_id=apollo)
    await table.item("By hand", purpose=Purpose.DECIDE)
    await table.build()
    for card in (await table.secretary.cards())[1:]:
        await table.change(Meeting, card.meeting_id, state=MeetingState.CANCELLED)
    await table.carry(first.starts_at)
    assert await table.titles() == []
    assert await table.backlog() == ["By hand"]


async def test_what_comes_onto_a_frozen_agenda_is_marked_as_late(table: Table) -> None:
    first, second = await table.first(), await table.second()
    await table.item("By hand")
    await table.change(Meeting, second.pk, frozen_at=NOON + DAY)
    await table.carry(first.starts_at)
    assert [each.is_late for each in (await table.agenda(second)).items] == [True]
