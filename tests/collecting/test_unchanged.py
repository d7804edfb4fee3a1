"""*No change* pressed: what is kept, what is refused, and what a second press does."""

import asyncio
from datetime import date, timedelta

import pytest

from domain.collecting.answering.unchanged import Refused, UnchangedService
from domain.collecting.errors import AnsweredError, NotWantedError
from domain.collecting.messages import StatusRequestMessage
from domain.errors import NotAllowedError
from models.enums import Health, LogKind, ReportSource, RequestState
from tests.support.listing import Registry
from tests.support.portfolio import World, at
from tests.support.reporting import GREEN, YELLOW, Office

NINE = at(25, 14)
WEEK = timedelta(days=7)


@pytest.fixture
async def reported(office: Office) -> Office:
    """APOLLO was green on 25 November, and is asked again on 2 December."""
    return await _reported(office, GREEN)


@pytest.fixture
async def any_reported(any_office: Office) -> Office:
    """The same on each kind of database."""
    return await _reported(any_office, GREEN)


async def _reported(office: Office, answer: dict[str, str]) -> Office:
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.tick(NINE)
    await office.answer("APOLLO", at(26, 15), answer)
    await office.ticks(at(27, 20), at(30, 13), NINE + WEEK)
    return office


async def press(office: Office, weeks: int = 1, by: str = "ana") -> Refused | None:
    service = UnchangedService(office.database, office.world.workspace_id, office.outbox)
    viewer = await office.world.viewer(by)
    now = NINE + weeks * WEEK + timedelta(hours=1)
    return await service.press(viewer, await office.request_id("APOLLO"), now)


async def test_one_press_keeps_the_last_report_as_a_new_one(any_reported: Office) -> None:
    assert await press(any_reported) is None
    first, second = await any_reported.reports()
    assert (second.health, second.done, second.next) == (first.health, first.done, first.next)
    assert (second.source, second.unchanged, second.version) == (ReportSource.NO_CHANGE, 1, 1)
    assert second.opens_on == date(2026, 12, 2)
    assert (await any_reported.requests())[-1].state is RequestState.UNCHANGED
    message = await any_reported.message(StatusRequestMessage, "2026-12-02")
    (item,) = message.items
    assert (item.health, item.unchanged, item.is_waiting) == (Health.GREEN, 1, False)


async def test_a_second_press_is_told_that_it_is_answered_and_saves_nothing(
    reported: Office,
) -> None:
    await press(reported)
    with pytest.raises(AnsweredError, match="APOLLO is answered already, by Ana"):
        await press(reported, by="ben")
    assert len(await reported.reports()) == 2


async def test_two_presses_at_once_save_one_report(any_reported: Office) -> None:
    presses = (press(any_reported), press(any_reported))
    results = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(each).__name__ for each in results) == ["AnsweredError", "NoneType"]
    assert len(await any_reported.reports()) == 2


async def test_after_two_in_a_row_the_third_is_refused_and_nothing_is_saved(
    reported: Office,
) -> None:
    for weeks in (1, 2):
        assert await press(reported, weeks) is None
        await reported.tick(NINE + (weeks + 1) * WEEK)
    assert [each.unchanged for each in await reported.reports()] == [0, 1, 2]
    refused = await press(reported, 3)
    assert refused is not None
    assert "“no change” twice in a row" in refused.note
    assert len(await reported.reports()) == 3
    (item,) = (await reported.message(StatusRequestMessage, "2026-12-16")).items
    assert not item.may_stay


async def test_a_fresh_report_between_begins_the_count_anew(reported: Office) -> None:
    await press(reported, 1)
    await reported.tick(NINE + 2 * WEEK)
    await reported.answer("APOLLO", NINE + 2 * WEEK, GREEN)
    await reported.tick(NINE + 3 * WEEK)
    assert await press(reported, 3) is None
    reports = await reported.reports()
    assert [each.unchanged for each in reports] == [0, 1, 0, 1]
    # Two in the same words and a press are no third time of the same words.
    assert [each.computed for each in reports] == [None] * 4


async def test_yellow_does_not_hold_on_without_a_word(office: Office) -> None:
    await _reported(office, YELLOW)
    refused = await press(office)
    assert refused == Refused(
        await office.request_id("APOLLO"),
        "“No change” won't do today. The last report was yellow: please say where it stands now.",
    )


async def test_without_any_report_there_is_nothing_that_could_hold_on(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.tick(NINE)
    refused = await press(office, 0)
    assert refused is not None
    assert "There is no report yet" in refused.note


async def test_a_gap_between_does_not_matter(reported: Office) -> None:
    await reported.ticks(at(4, 21, month=12), NINE + 2 * WEEK)
    assert await press(reported, 2) is None


async def test_an_action_due_by_the_cut_off_wants_the_form(world: World, office: Office) -> None:
    await _reported(office, GREEN)
    registry = Registry(world)
    registry.projects["APOLLO"] = (await office.requests())[0].project_id
    await registry.add(LogKind.ACTION, "Sign the contract", due_on=date(2026, 12, 4))
    refused = await press(office)
    assert refused is not None
    assert "A-1 “Sign the contract” waits for an answer" in refused.note


LATE_END = {
    "start": date(2026, 1, 1),
    "baseline_end": date(2026, 12, 31),
    "forecast_end": date(2027, 3, 1),
}


async def test_facts_that_have_become_worse_than_the_claim_want_a_reason(
    reported: Office,
) -> None:
    await reported.world.change("APOLLO", **LATE_END)
    refused = await press(reported)
    assert refused is not None
    assert refused.note == (
        "“No change” won't do today. The facts come to red by now. "
        "The forecast end 1 Mar 2027 is 60 days (16.5 %) past the baseline."
    )
    assert len(await reported.reports()) == 1


async def test_a_reason_that_was_given_is_not_asked_for_again(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana", deputy="ben", **LATE_END)
    await office.tick(NINE)
    await office.answer("APOLLO", at(26, 15), {**GREEN, "claim_reason": "The council agreed"})
    await office.ticks(at(27, 20), at(30, 13), NINE + WEEK)
    assert await press(office) is None
    kept = (await office.reports())[-1]
    assert (kept.unchanged, kept.claim_reason) == (1, "The council agreed")


async def test_a_press_after_the_cut_off_is_late_and_amends_the_digest(reported: Office) -> None:
    cut_off, digest = at(4, 20, month=12), at(7, 13, month=12)
    await reported.ticks(cut_off, digest)
    service = UnchangedService(reported.database, reported.world.workspace_id, reported.outbox)
    viewer = await reported.world.viewer("ana")
    request_id = await reported.request_id("APOLLO")
    assert await service.press(viewer, request_id, digest + timedelta(hours=1)) is None
    assert (await reported.requests())[-1].state is RequestState.LATE


async def test_a_form_after_it_makes_it_an_answer_like_others(reported: Office) -> None:
    await press(reported)
    await reported.answer("APOLLO", NINE + WEEK + timedelta(hours=2), GREEN)
    assert (await reported.requests())[-1].state is RequestState.ANSWERED
    last = (await reported.reports())[-1]
    assert (last.version, last.unchanged, last.source) == (2, 0, ReportSource.FORM)


async def test_an_old_button_means_the_newest_request(reported: Office) -> None:
    old = (await reported.requests())[0]
    service = UnchangedService(reported.database, reported.world.workspace_id, reported.outbox)
    viewer = await reported.world.viewer("ana")
    assert await service.press(viewer, old.pk, NINE + WEEK) is None
    assert (await reported.reports())[-1].request_id == (await reported.requests())[-1].pk


async def test_who_may_not_answer_may_not_press(reported: Office) -> None:
    with pytest.raises(NotAllowedError, match="Only the PM of APOLLO"):
        await press(reported, by="erik")


async def test_in_a_phase_that_nobody_is_asked_in_nothing_is_wanted(reported: Office) -> None:
    await reported.world.change("APOLLO", phase="qualification")
    with pytest.raises(NotWantedError, match="in which no status is asked for"):
        await press(reported)
