"""Digests across councils and of a programme: when they are posted, where, and what is kept."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from domain.digests.broad.messages import BroadHead, CouncilLine
from domain.digests.broad.service import EMPTY, PAUSED, SLEPT_THROUGH
from domain.digests.heat_map.loading import HeatMap
from domain.digests.messages import DigestDetail
from domain.digests.values import Counts
from models.calendar import PortfolioDigest
from models.delivery import Delivery
from models.digests import PortfolioIssue
from models.enums import Health
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office, Said, statements

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DUE = at(30, 15)
WEEK = timedelta(days=7)


async def _answered(office: Office, **answers: dict[str, str]) -> None:
    for code, raw in answers.items():
        await office.answer(code, ANSWER, raw)


async def _reported(office: Office) -> Office:
    """Two councils: APOLLO is red, HERA missing, ZEUS green; NOTUS yellow, and the programme."""
    world = office.world
    await world.council(STS)
    for code in ("APOLLO", "HERA", "ZEUS"):
        await world.project(code, tags=["erp"] if code == "ZEUS" else [])
    await world.project("NOTUS", council=STS, tags=["cloud", "erp"])
    await office.tick(NINE)
    needs = {"decision": "Fund it", "decision_from": "ITS", "decision_by": "2026-12-04"}
    await _answered(office, APOLLO=RED | needs, ZEUS=GREEN, NOTUS=YELLOW)
    await office.tick(CUT_OFF)
    return office


async def _issues(office: Office) -> list[PortfolioIssue]:
    async with office.database.reading() as session:
        found = await session.exec(select(PortfolioIssue).order_by(col(PortfolioIssue.id)))
        return list(found.all())


async def _digest(office: Office) -> PortfolioDigest:
    async with office.database.reading() as session:
        return (await session.exec(select(PortfolioDigest))).one()


async def _forget_the_picture(office: Office) -> None:
    """What was said is not kept for ever."""
    is_picture = col(Delivery.key).like("portfolio:%:heat_map:%")
    async with office.database.writing() as session:
        await session.exec(update(Delivery).where(is_picture).values(stripped_at=DUE, value={}))


def _is_broad(said: Said) -> bool:
    return said.key.startswith("portfolio:")


async def test_an_issue_is_posted_once_when_it_is_due_and_kept_as_it_was(
    any_office: Office,
) -> None:
    office = await _reported(any_office)
    number = await office.world.digest(note="Questions: ask Dana")
    await office.tick(DUE - timedelta(seconds=1))
    assert not any(map(_is_broad, await office.said()))
    posted = await asyncio.gather(*(office.broad.post(DUE) for _replica in range(3)))
    assert sorted(posted) == [False, False, True]
    await office.ticks(DUE, DUE + timedelta(minutes=1))
    prefix = f"portfolio:{number}:2026-11-30"
    apollo = (await office.requests("APOLLO"))[0].project_id
    assert [(each.key, each.place) for each in filter(_is_broad, await office.said())] == [
        (f"{prefix}:head", "channel:C0EXEC"),
        (f"{prefix}:detail:{apollo}", f"thread:{prefix}:head"),
    ]
    head = await office.message(BroadHead)
    assert (head.counts, head.received, head.due) == (Counts(1, 1, 1, 1), 3, 4)
    assert [(each.council, each.received, each.due, each.opens_on) for each in head.councils] == [
        (ITS, 2, 3, date(2026, 11, 25)),
        (STS, 1, 1, date(2026, 11, 25)),
    ]
    assert [(each.code, each.council, each.age) for each in head.red] == [("APOLLO", ITS, 4)]
    assert [(each.code, each.council) for each in head.missing] == [("HERA", ITS)]
    assert [(each.code, each.decision_by) for each in head.decisions] == [
        ("APOLLO", date(2026, 12, 4))
    ]
    assert (head.previous, head.note, head.due_at) == (None, "Questions: ask Dana", None)
    (issue,) = await _issues(office)
    assert (issue.composed_at, issue.occurrence_on) == (DUE, date(2026, 11, 30))
    assert sorted(issue.healths.values()) == ["-", "G", "R", "Y"]
    assert len(issue.report_ids) == 3
    digest = await _digest(office)
    assert (digest.last_on, digest.next_on) == (date(2026, 11, 30), date(2026, 12, 7))
    assert digest.next_at == at(7, 15, month=12)


async def test_the_next_issue_tells_what_has_changed_since_and_the_first_stays_as_it_was(
    office: Office,
) -> None:
    await _reported(office)
    await office.world.digest()
    await office.ticks(DUE, NINE + WEEK)
    for code, raw in {"APOLLO": YELLOW, "ZEUS": YELLOW, "HERA": GREEN}.items():
        await office.answer(code, ANSWER + WEEK, raw)
    await office.world.change("NOTUS", phase="qualification")
    await office.ticks(CUT_OFF + WEEK, DUE + WEEK)
    first, second = await office.messages(BroadHead)
    assert first.counts == Counts(1, 1, 1, 1)
    assert (second.counts, second.previous) == (Counts(1, 2, 0, 0), first.counts)
    assert second.previous_on == date(2026, 11, 30)
    assert [(each.code, each.previous) for each in second.newly_worse] == [("ZEUS", Health.GREEN)]
    assert [(each.code, each.previous, each.is_closed) for each in second.improved] == [
        ("APOLLO", Health.RED, False),
        ("NOTUS", Health.YELLOW, True),
    ]
    assert {each.revision for each in await office.said() if _is_broad(each)} == {1}
    picture = await office.message(HeatMap, "portfolio:")
    assert [(each.code, each.cells) for each in picture.rows] == [
        ("APOLLO", "RY"),
        ("ZEUS", "GY"),
        ("HERA", "-G"),
    ]


async def test_what_is_reported_in_a_cycle_that_is_still_open_counts_and_silence_in_it_does_not(
    office: Office,
) -> None:
    await _reported(office)
    thursday: dict[str, Any] = {"every": "FREQ=WEEKLY;BYDAY=TH", "next_on": date(2026, 12, 3)}
    await office.world.digest(next_at=at(3, 15, month=12), **thursday)
    await office.tick(NINE + WEEK)
    await office.answer("APOLLO", at(2, 16, month=12), GREEN)
    await office.tick(at(3, 15, month=12))
    head = await office.message(BroadHead)
    assert head.counts == Counts(green=2, yellow=1, red=0, grey=1)
    assert [each.council for each in head.councils] == [ITS, STS]
    assert (head.councils[0].received, head.councils[0].due) == (2, 3)
    assert [each.reason for each in head.missing] == [""]


async def test_restricted_projects_do_not_exist_in_it_not_even_as_a_change(
    office: Office,
) -> None:
    await _reported(office)
    world = office.world
    await world.project("VAULT", visibility=RESTRICTED, council=STS)
    await world.digest()
    await office.tick(DUE)
    assert (await office.message(BroadHead)).counts == Counts(1, 1, 1, 1)
    await world.change("APOLLO", visibility=RESTRICTED)
    await office.tick(DUE + WEEK)
    second = (await office.messages(BroadHead))[1]
    assert second.amended_at is None
    assert second.previous == Counts(green=1, yellow=1, red=0, grey=1)
    assert "APOLLO" not in repr(second)
    assert not [each for each in await office.messages(DigestDetail) if "VAULT" in repr(each)]


async def test_what_becomes_restricted_is_taken_out_of_every_issue_that_is_posted(
    office: Office,
) -> None:
    await _reported(office)
    world = office.world
    await world.digest()
    await office.ticks(DUE, NINE + WEEK)
    await office.answer("APOLLO", ANSWER + WEEK, RED)
    await world.change("NOTUS", phase="qualification")
    await office.ticks(CUT_OFF + WEEK, DUE + WEEK)
    for code in ("APOLLO", "NOTUS"):
        await world.change(code, visibility=RESTRICTED)
    later = DUE + WEEK + timedelta(hours=1)
    await office.ticks(later, later + timedelta(hours=1))

    heads = await office.messages(BroadHead)
    assert [(each.amended_at, each.previous, each.counts) for each in heads] == [
        (later, None, Counts(green=1, grey=1)),
        (later, None, Counts(grey=2)),
    ]
    assert [(each.received, each.due) for each in heads] == [(1, 2), (0, 2)]
    assert [each.councils for each in heads] == [
        (CouncilLine(ITS, date(2026, 11, 25), 2, 1, Counts(green=1, grey=1)),),
        (CouncilLine(ITS, date(2026, 12, 2), 2, 0, Counts(grey=2)),),
    ]
    said = repr([each.message for each in await office.said() if _is_broad(each)])
    kept = repr([each.value for each in await _issues(office)])
    for code in ("APOLLO", "NOTUS"):
        assert code not in said + kept
    assert len((await office.message(HeatMap, "portfolio:")).rows) == 2

    await _forget_the_picture(office)
    await world.change("ZEUS", visibility=RESTRICTED)
    await office.tick(later + timedelta(hours=2))
    assert (await office.message(HeatMap, "portfolio:")).rows == ()


async def test_a_programme_tells_of_the_projects_with_its_tag_in_the_councils_named(
    office: Office,
) -> None:
    await _reported(office)
    world = office.world
    await world.digest("ERP", tag="erp")
    await world.digest("Cloud", tag="cloud", council_ids=[world.council_id(STS)])
    await world.digest("Nothing", tag="moon")
    await office.tick(DUE)
    told = {each.name: each for each in await office.messages(BroadHead)}
    assert told.keys() == {"ERP", "Cloud"}
    assert (told["ERP"].counts, told["ERP"].scope) == (Counts(green=1, yellow=1), ())
    assert (told["Cloud"].counts, told["Cloud"].scope) == (Counts(yellow=1), (STS,))
    assert [each.council for each in told["Cloud"].councils] == [STS]
    assert [each.reason for each in await _issues(office) if each.reason] == [EMPTY]


async def test_of_several_that_were_slept_through_only_the_newest_is_made_up_for(
    office: Office,
) -> None:
    await _reported(office)
    await office.world.digest()
    late = DUE + 3 * WEEK + timedelta(hours=2)
    await office.tick(late)
    head = await office.message(BroadHead)
    assert (head.as_of, head.due_at) == (late, DUE + 3 * WEEK)
    issues = await _issues(office)
    assert [each.reason for each in issues] == [SLEPT_THROUGH] * 3 + [""]
    assert [each.occurrence_on.day for each in issues] == [30, 7, 14, 21]
    assert (await _digest(office)).next_on == date(2026, 12, 28)


async def test_a_paused_workspace_posts_none_and_says_so_on_the_record(
    world: World, office: Office
) -> None:
    await _reported(office)
    await world.configure(paused=True)
    await world.digest(every="FREQ=WEEKLY;BYDAY=MO;UNTIL=20261201")
    await office.tick(DUE)
    assert await office.messages(BroadHead) == []
    assert [each.reason for each in await _issues(office)] == [PAUSED]
    assert (await _digest(office)).next_at is None


async def test_a_project_that_nobody_was_asked_for_is_missing_with_the_reason(
    world: World, office: Office
) -> None:
    await _reported(office)
    await world.council("New Council")
    await world.drop_calendar("New Council")
    await world.project("LATER")
    await world.project("NOVEL", council="New Council")
    await world.digest()
    await office.tick(DUE)
    head = await office.message(BroadHead)
    assert {each.code: each.reason for each in head.missing} == {
        "HERA": "",
        "LATER": "not asked in its council's last cycle",
        "NOVEL": "its council has asked nobody yet",
    }
    assert head.due == 4


async def test_an_issue_of_more_projects_takes_no_more_statements(
    world: World, office: Office
) -> None:
    async def counted(name: str, now: datetime) -> int:
        once = f"FREQ=DAILY;UNTIL={now:%Y%m%d}"
        await world.digest(name, every=once, next_on=now.date(), next_at=now)
        with statements(office.database) as seen:
            assert await office.broad.post(now)
        return len([each for each in seen if each.startswith("SELECT")])

    await _reported(office)
    few = await counted("Few", DUE)
    for number in range(20):
        await world.project(f"P{number:02}")
    await office.tick(NINE + WEEK)
    for number in range(20):
        await office.answer(f"P{number:02}", ANSWER + WEEK, RED)
    await office.tick(CUT_OFF + WEEK)
    assert await counted("Many", DUE + WEEK) == few
    assert len((await office.messages(BroadHead))[-1].red) == 20
