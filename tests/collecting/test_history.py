"""Looking back at a project: every report, every version, late ones, missing ones."""

from datetime import date, timedelta

from domain.collecting.history.rules import Asked
from domain.collecting.history.service import HistoryService
from models.enums import RequestState
from tests.support.portfolio import at
from tests.support.reporting import GREEN, YELLOW, Office, statements

NINE, ANSWER, CUT_OFF = at(4, 14), at(5, 15), at(6, 20)
WEEK = timedelta(days=7)


async def history(office: Office) -> tuple[Asked, ...]:
    project_id = (await office.requests("APOLLO"))[0].project_id
    return await HistoryService(office.database).of_project(project_id)


async def test_every_version_is_kept_with_who_when_and_what_changed(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO", deputy="ben")
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, GREEN)
    await office.answer("APOLLO", ANSWER + timedelta(hours=1), YELLOW, by="ben")
    await office.ticks(CUT_OFF, NINE + WEEK)
    await office.answer("APOLLO", ANSWER + WEEK, {**YELLOW, "next": "Wait"})
    newest, first = await history(office)
    assert (newest.opens_on, first.opens_on) == (date(2026, 11, 11), date(2026, 11, 4))
    told = [
        (version.report.version, version.report.author, [each.name for each in version.changes])
        for version in (*newest.versions, *first.versions)
    ]
    assert told == [
        (1, "Ana", ["next"]),
        (2, "Ben", ["health", "why"]),
        (1, "Ana", ["health", "phase", "done", "next"]),
    ]
    assert [each.is_first_report for each in first.versions] == [False, True]
    assert first.versions[0].report.submitted_at == ANSWER + timedelta(hours=1)


async def test_late_missed_and_open_requests_stand_in_it(any_office: Office) -> None:
    office = any_office
    await office.world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF)
    await office.answer("APOLLO", CUT_OFF + timedelta(hours=1), GREEN)
    await office.ticks(NINE + WEEK, CUT_OFF + WEEK, NINE + 2 * WEEK)
    told = [(each.state, each.is_late, len(each.versions)) for each in await history(office)]
    assert told == [
        (RequestState.ASKED, False, 0),
        (RequestState.MISSED, False, 0),
        (RequestState.LATE, True, 1),
    ]


async def test_over_a_missed_week_the_report_before_it_is_compared_with(office: Office) -> None:
    await office.world.project("APOLLO")
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, GREEN)
    await office.ticks(CUT_OFF, NINE + WEEK, CUT_OFF + WEEK, NINE + 2 * WEEK)
    await office.answer("APOLLO", ANSWER + 2 * WEEK, YELLOW)
    newest, _missed, _first = await history(office)
    assert [each.name for each in newest.versions[0].changes] == ["health", "why"]


async def test_what_is_only_planned_is_not_history(office: Office) -> None:
    await office.world.project("APOLLO")
    await office.tick(NINE - timedelta(hours=3))
    assert [each.state for each in await office.requests()] == [RequestState.PENDING]
    assert await history(office) == ()


async def test_a_long_history_is_read_with_one_statement(office: Office) -> None:
    await office.world.project("APOLLO")
    for week in range(3):
        await office.tick(NINE + week * WEEK)
        await office.answer("APOLLO", ANSWER + week * WEEK, GREEN)
    project_id = (await office.requests("APOLLO"))[0].project_id
    with statements(office.database) as seen:
        assert len(await HistoryService(office.database).of_project(project_id)) == 3
    assert len([each for each in seen if each.startswith("SELECT")]) == 1
