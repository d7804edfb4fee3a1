"""Answers that come after the digest: in place before the freeze, in an addendum after it."""

import asyncio
from datetime import timedelta

from domain.digests.messages import DigestAddendum, DigestDetail, DigestHead, DigestPage
from domain.digests.values import Counts
from tests.support.portfolio import ITS, RESTRICTED, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
LATE = at(30, 15, 40)
FREEZE = at(1, 17, month=12)


async def _posted(office: Office) -> Office:
    """APOLLO and VAULT (restricted) are missing, ZEUS is green: their digest is said."""
    await office.world.project("APOLLO")
    await office.world.project("VAULT", pm="li", visibility=RESTRICTED)
    await office.world.project("ZEUS")
    await office.tick(NINE)
    await office.answer("ZEUS", ANSWER, GREEN)
    await office.ticks(CUT_OFF, DIGEST)
    return office


async def _revisions(office: Office, beginning: str) -> dict[str, int]:
    return {
        each.key.removeprefix(beginning): each.revision
        for each in await office.said()
        if each.key.startswith(beginning) and not each.key.startswith(f"{beginning}restricted:")
    }


async def test_a_late_answer_is_added_in_place_and_marked(any_office: Office) -> None:
    office = await _posted(any_office)
    apollo = (await office.requests("APOLLO"))[0].project_id
    await office.answer("APOLLO", LATE, RED)
    await office.ticks(LATE, LATE + timedelta(minutes=1))
    head = await office.message(DigestHead, "digest:1:head")
    assert (head.as_of, head.amended_at) == (LATE, LATE)
    assert [(line.code, line.added_at, line.corrected_at) for line in head.red] == [
        ("APOLLO", LATE, None)
    ]
    assert (head.missing, head.counts) == ((), Counts(green=1, red=1))
    assert await _revisions(office, "digest:1:") == {
        "head": 2,
        "heat_map:1": 2,
        "page:1": 1,
        f"detail:{apollo}": 1,
    }
    detail = await office.message(DigestDetail)
    assert (detail.report.code, detail.report.is_late) == ("APOLLO", True)


async def test_a_correction_is_marked_as_one(office: Office) -> None:
    await _posted(office)
    await office.answer("ZEUS", LATE, GREEN | {"done": "Tested it twice"})
    await office.tick(LATE)
    head = await office.message(DigestHead, "digest:1:head")
    assert [(line.code, line.added_at, line.corrected_at) for line in head.green] == [
        ("ZEUS", None, LATE)
    ]
    assert head.green[0].summary == "Tested it twice"
    assert await _revisions(office, "digest:1:") == {"head": 2, "page:1": 2, "heat_map:1": 1}


async def test_a_correction_says_in_its_reply_what_it_changed(any_office: Office) -> None:
    office = await _posted(any_office)
    await office.answer("ZEUS", LATE, GREEN | {"done": "Tested it twice"})
    await office.tick(LATE)
    again = LATE + timedelta(hours=1)
    await office.answer("ZEUS", again, YELLOW)
    await office.tick(again)
    (detail,) = await office.messages(DigestDetail)
    assert [each.name for each in detail.report.changes] == ["health", "why"]


async def test_a_late_answer_has_changed_nothing_that_was_posted(office: Office) -> None:
    await _posted(office)
    await office.answer("APOLLO", LATE, RED)
    await office.tick(LATE)
    assert (await office.message(DigestDetail)).report.changes == ()


async def test_a_correction_to_red_moves_to_a_reply_of_its_own(office: Office) -> None:
    await _posted(office)
    await office.answer("ZEUS", LATE, RED)
    await office.tick(LATE)
    assert (await office.message(DigestDetail)).report.code == "ZEUS"
    assert (await office.message(DigestPage)).reports == ()


async def test_many_answers_before_the_next_tick_are_one_amendment(office: Office) -> None:
    await _posted(office)
    for turn in range(4):
        await office.answer("APOLLO", LATE + timedelta(seconds=turn), YELLOW)
    await office.tick(LATE + timedelta(minutes=1))
    assert (await _revisions(office, "digest:1:"))["head"] == 2


async def test_amenders_at_the_same_instant_amend_once(any_office: Office) -> None:
    office = await _posted(any_office)
    await office.answer("APOLLO", LATE, RED)
    amended = await asyncio.gather(*(office.digests.amend(LATE) for _amender in range(4)))
    assert sorted(amended) == [False, False, False, True]
    assert (await _revisions(office, "digest:1:"))["head"] == 2


async def test_an_answer_between_cut_off_and_digest_needs_no_amendment(office: Office) -> None:
    await office.world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF)
    late = CUT_OFF + timedelta(hours=1)
    await office.answer("APOLLO", late, RED)
    await office.ticks(DIGEST, DIGEST + timedelta(minutes=1))
    head = await office.message(DigestHead)
    assert (head.amended_at, head.red[0].added_at) == (None, late)
    assert (await _revisions(office, "digest:1:"))["head"] == 1


async def test_after_the_freeze_the_head_stays_and_each_answer_is_added_once(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    before = await office.message(DigestHead, "digest:1:head")
    await office.answer("APOLLO", FREEZE, RED)
    await office.ticks(FREEZE, FREEZE + timedelta(minutes=1))
    later = FREEZE + timedelta(hours=1)
    await office.answer("ZEUS", later, YELLOW)
    await office.ticks(later, later + timedelta(minutes=1))
    assert await office.message(DigestHead, "digest:1:head") == before
    first = await office.message(DigestAddendum, "digest:1:addendum:2")
    second = await office.message(DigestAddendum, "digest:1:addendum:3")
    assert [line.code for line in first.lines] == ["APOLLO"]
    assert [report.answers.why for report in first.reports] == ["No funding"]
    assert [line.code for line in second.lines] == ["ZEUS"]
    assert (await office.places())["digest:1:addendum:2"] == "thread:digest:1:head"


async def test_an_addendum_says_what_a_correction_changed_of_what_was_told_last(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    await office.answer("ZEUS", FREEZE, YELLOW)
    await office.tick(FREEZE)
    later = FREEZE + timedelta(hours=1)
    await office.answer("ZEUS", later, {**YELLOW, "next": "Wait"})
    await office.tick(later)
    first = await office.message(DigestAddendum, "digest:1:addendum:2")
    second = await office.message(DigestAddendum, "digest:1:addendum:3")
    told = [
        (each.lines[0].corrected_at, [change.name for change in each.reports[0].changes])
        for each in (first, second)
    ]
    assert told == [(FREEZE, ["health", "why"]), (later, ["next"])]
    assert (first.council, first.opens_on) == (ITS, NINE.date())


async def test_one_second_before_the_freeze_is_before_it(office: Office) -> None:
    await _posted(office)
    almost = FREEZE - timedelta(seconds=1)
    await office.answer("APOLLO", almost, RED)
    await office.tick(almost)
    assert (await _revisions(office, "digest:1:"))["head"] == 2


async def test_without_a_freeze_answers_are_added_in_place_for_ever(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, freeze=None)
    await _posted(office)
    months_later = at(20, 12, month=12)
    request = (await office.requests("APOLLO"))[0]
    await office.collecting.submit(await world.viewer("ana"), request.pk, RED, months_later)
    await office.digests.amend(months_later)
    assert (await office.message(DigestHead, "digest:1:head")).amended_at == months_later


async def test_a_restricted_late_answer_touches_nothing_in_the_channel(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    omar = office.world.id("omar")
    channel = await office.message(DigestHead, "digest:1:head")
    await office.answer("VAULT", LATE, RED, by="li")
    await office.tick(LATE)
    assert await office.message(DigestHead, "digest:1:head") == channel
    assert (await _revisions(office, "digest:1:"))["head"] == 1
    private = await office.message(DigestHead, f"restricted:{omar}:head")
    assert (private.amended_at, [line.code for line in private.red]) == (LATE, ["VAULT"])
    await office.answer("VAULT", FREEZE, GREEN, by="li")
    await office.tick(FREEZE)
    assert "digest:1:addendum:3" not in await office.places()
    addendum = await office.message(DigestAddendum, f"restricted:{omar}:addendum")
    assert [line.code for line in addendum.lines] == ["VAULT"]


async def test_an_open_late_answer_touches_nothing_of_the_restricted_part(office: Office) -> None:
    await _posted(office)
    await office.answer("APOLLO", LATE, RED)
    await office.tick(LATE)
    omar = f"digest:1:restricted:{office.world.id('omar')}:"
    assert await _revisions(office, omar) == {"head": 1}


async def test_both_parts_keep_what_they_told_when_they_are_amended_in_turn(
    office: Office,
) -> None:
    await _posted(office)
    await office.answer("VAULT", LATE, RED, by="li")
    await office.tick(LATE)
    later = LATE + timedelta(hours=1)
    await office.answer("APOLLO", later, YELLOW)
    await office.tick(later)
    again = await office.digests.compose_again(1)
    assert {name: part[1].amended_at for name, part in again.items()} == {
        "open": later,
        "restricted": LATE,
    }
    assert all(composition.head == frozen for composition, frozen in again.values())


async def test_composing_again_after_an_amendment_gives_the_amended_head(office: Office) -> None:
    await _posted(office)
    await office.answer("APOLLO", LATE, RED)
    await office.tick(LATE)
    composition, frozen = (await office.digests.compose_again(1))["open"]
    assert composition.head == frozen == await office.message(DigestHead, "digest:1:head")


async def test_composing_again_after_the_freeze_gives_the_head_as_it_was_frozen(
    office: Office,
) -> None:
    await _posted(office)
    await office.answer("APOLLO", FREEZE, RED)
    await office.tick(FREEZE)
    composition, frozen = (await office.digests.compose_again(1))["open"]
    assert frozen == await office.message(DigestHead, "digest:1:head")
    assert composition.head == frozen


async def test_a_council_that_reads_elsewhere_by_now_finds_amendments_where_the_digest_stands(
    world: World, office: Office
) -> None:
    await _posted(office)
    await world.change_council(ITS, channel_id="C0NEW", channel_name="new-home")
    await office.answer("APOLLO", LATE, RED)
    await office.tick(LATE)
    assert (await office.message(DigestHead, "digest:1:head")).amended_at == LATE
    assert "channel:C0NEW" not in (await office.places()).values()


async def test_who_joined_the_council_since_reads_the_amended_part_and_every_addendum(
    world: World, office: Office
) -> None:
    await _posted(office)
    await world.seat(ITS, "sam")
    await office.answer("VAULT", LATE, RED, by="li")
    await office.tick(LATE)
    await world.seat(ITS, "erik")
    await office.answer("VAULT", FREEZE, GREEN, by="li")
    await office.tick(FREEZE)
    places = await office.places()
    sam, erik = world.id("sam"), world.id("erik")
    assert places[f"digest:1:restricted:{sam}:head"] == f"person:{sam}"
    assert (
        places[f"digest:1:restricted:{sam}:addendum:3"] == f"thread:digest:1:restricted:{sam}:head"
    )
    assert places[f"digest:1:restricted:{erik}:addendum:3"] == f"person:{erik}"


async def test_a_project_opened_to_all_since_is_added_where_the_channel_had_nothing(
    world: World, office: Office
) -> None:
    await world.project("VAULT", pm="li", visibility=RESTRICTED)
    await office.ticks(NINE, CUT_OFF, DIGEST)
    await world.change("VAULT", visibility="open")
    await office.answer("VAULT", FREEZE, RED, by="li")
    await office.tick(FREEZE)
    assert (await office.places())["digest:1:addendum:2"] == "channel:C0ITS"


async def test_a_project_restricted_since_is_left_out_of_the_channel_from_then_on(
    world: World, office: Office
) -> None:
    await _posted(office)
    await world.change("ZEUS", visibility=RESTRICTED)
    await office.answer("APOLLO", LATE, RED)
    await office.tick(LATE)
    channel = [
        each for each in await office.said() if each.key in ("digest:1:head", "digest:1:page:1")
    ]
    assert len(channel) == 2
    assert "ZEUS" not in str(channel)
