"""The heat map in a digest's thread: each audience its own, amended and frozen with the digest."""

from datetime import date, timedelta

from domain.digests.heat_map.loading import HeatMap
from models.collecting import StatusRequest
from models.enums import RequestState
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

WEEK = timedelta(days=7)
NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
LATE = at(30, 15)
FREEZE = at(1, 17, month=12)


async def _reported(office: Office) -> Office:
    """Two open projects, one of them red, and a restricted one: their digest is said."""
    await office.world.project("APOLLO")
    await office.world.project("VAULT", visibility=RESTRICTED)
    await office.world.project("ZEUS")
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, RED)
    await office.answer("VAULT", ANSWER, YELLOW)
    await office.ticks(CUT_OFF, DIGEST)
    return office


async def _heat_maps(office: Office, cycle: int = 1) -> dict[str, tuple[str, int, dict[str, str]]]:
    """Where each heat map of a digest stands, how often it has changed, and its rows."""
    return {
        each.key.removeprefix(f"digest:{cycle}:"): (
            each.place.removeprefix(f"thread:digest:{cycle}:"),
            each.revision,
            {row.code: row.cells for row in each.message.rows},
        )
        for each in await office.said()
        if isinstance(each.message, HeatMap) and each.key.startswith(f"digest:{cycle}:")
    }


async def _excuse(office: Office, code: str, reason: str) -> None:
    async with office.database.writing() as session:
        request = await session.get(StatusRequest, await office.request_id(code))
        assert request is not None
        request.state, request.reason = RequestState.EXCUSED, reason


async def test_each_audience_gets_the_picture_of_its_own_projects_in_its_thread(
    office: Office,
) -> None:
    await _reported(office)
    maps = await _heat_maps(office)
    public = maps.pop("heat_map:1")
    assert public == ("head", 1, {"APOLLO": "R", "ZEUS": "-"})
    assert maps
    for key, (thread, _revision, rows) in maps.items():
        assert (key.split(":")[0], thread.split(":")[0], rows) == (
            "restricted",
            "restricted",
            {"VAULT": "Y"},
        )


async def test_earlier_cycles_tell_answers_and_why_there_was_none(any_office: Office) -> None:
    office = await _reported(any_office)
    await office.tick(NINE + WEEK)
    await office.answer("ZEUS", ANSWER + WEEK, GREEN)
    await _excuse(office, "APOLLO", "on hold until 4 Dec: no budget")
    await office.ticks(CUT_OFF + WEEK, DIGEST + WEEK)
    await office.world.project("HERA")
    await office.tick(NINE + 2 * WEEK)
    await office.answer("ZEUS", ANSWER + 2 * WEEK, GREEN)
    await office.answer("HERA", ANSWER + 2 * WEEK, YELLOW)
    await office.ticks(CUT_OFF + 2 * WEEK, DIGEST + 2 * WEEK)
    assert (await _heat_maps(office, 3))["heat_map:1"][2] == {
        "HERA": "..Y",
        "APOLLO": "R=-",
        "ZEUS": "-GG",
    }
    last = await office.message(HeatMap, "digest:3:heat_map:1")
    assert last.columns == (date(2026, 11, 25), date(2026, 12, 2), date(2026, 12, 9))


async def test_a_late_answer_changes_the_picture_in_place_and_a_correction_of_words_does_not(
    office: Office,
) -> None:
    await _reported(office)
    await office.answer("APOLLO", LATE, RED | {"done": "More"})
    await office.tick(LATE)
    assert (await _heat_maps(office))["heat_map:1"][1] == 1
    later = LATE + timedelta(minutes=10)
    await office.answer("ZEUS", later, GREEN)
    await office.tick(later)
    assert (await _heat_maps(office))["heat_map:1"] == ("head", 2, {"APOLLO": "R", "ZEUS": "G"})
    assert (await office.message(HeatMap, "digest:1:heat_map:1")).as_of == later


async def test_after_the_freeze_the_picture_stays_as_it_was_read(office: Office) -> None:
    await _reported(office)
    before = await _heat_maps(office)
    await office.answer("ZEUS", FREEZE, RED)
    await office.ticks(FREEZE, FREEZE + timedelta(minutes=1))
    assert await _heat_maps(office) == before


async def test_composing_again_gives_the_same_picture(office: Office) -> None:
    await _reported(office)
    await office.answer("ZEUS", LATE, GREEN)
    await office.tick(LATE)
    cycle = await office.cycle()
    again = await office.digests.compose_again(cycle.pk)
    said = await office.message(HeatMap, "digest:1:heat_map:1")
    assert again["open"][0].heat_maps == (said,)
