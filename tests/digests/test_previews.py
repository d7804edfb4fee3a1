"""Drafts of digests: who sees them when, what the PMO decides, and what becomes of the digest."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from domain.digests.messages import DigestHead, DigestPage
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.digests.values import CoverNote
from domain.errors import FieldErrors, NotAllowedError, NotFoundError, PmobotError
from models.delivery import Delivery
from models.enums import CycleState, DeliveryState, Unapproved
from models.portfolio import AuditEntry
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

ASKED = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
SHOWN = at(27, 21)
DIGEST = at(30, 13)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

WAITS = {"preview": "+2d 16:00", "unapproved": Unapproved.WAIT}
POSTS = {"preview": "+2d 16:00"}


async def _shown(office: Office, **calendar: object) -> int:
    """APOLLO is red and ZEUS is missing: their draft stands in the PMO's channel."""
    world = office.world
    await world.configure(pmo={"channel": "pmo-office"}, pmo_channel_id="C0PMO")
    await world.change_calendar(ITS, **(calendar or POSTS))
    await world.project("APOLLO")
    await world.project("ZEUS")
    await office.tick(ASKED)
    await office.answer("APOLLO", ANSWER, RED)
    await office.ticks(CUT_OFF, SHOWN)
    return (await office.cycle()).pk


async def _heads(office: Office) -> list[DigestHead]:
    return await office.messages(DigestHead)


async def _audit(office: Office) -> list[tuple[str, str, str | None, str | None]]:
    async with office.database.reading() as session:
        entries = (await session.exec(select(AuditEntry))).all()
    return [
        (each.actor, each.field, each.old, each.new)
        for each in entries
        if each.subject == "digest ITS Council 2026-11-25"
    ]


async def _refuse(office: Office, key: str) -> None:
    """Let Slack have refused what stands under a key."""
    async with office.database.writing() as session:
        row = (await session.exec(select(Delivery).where(Delivery.key == key))).one()
        row.state = DeliveryState.FAILED


async def test_the_pmo_sees_the_head_as_it_would_be_posted_and_the_council_nothing(
    office: Office,
) -> None:
    cycle_id = await _shown(office)
    said = {each.key: each for each in await office.said() if each.key.startswith("preview")}
    assert {key: each.place for key, each in said.items()} == {
        f"preview:{cycle_id}": "channel:C0PMO",
        f"preview:{cycle_id}:draft": f"thread:preview:{cycle_id}",
    }
    draft = await office.message(DigestDraft)
    assert [each.code for each in draft.head.red] == ["APOLLO"]
    assert draft.head.as_of == SHOWN
    told = await office.message(DigestPreviewed)
    assert (told.council, told.digest_at, told.approved_at) == (ITS, DIGEST, None)
    assert await _heads(office) == []


async def test_nothing_is_shown_before_its_time_nor_where_no_preview_is_wanted(
    office: Office, world: World
) -> None:
    await world.project("APOLLO")
    await office.ticks(ASKED, CUT_OFF, SHOWN)
    assert await office.messages(DigestPreviewed) == []
    await office.tick(DIGEST)
    assert len(await _heads(office)) == 1


async def test_a_draft_follows_the_record_and_one_without_news_is_left_alone(
    office: Office,
) -> None:
    await _shown(office)
    revisions = {each.key: each.revision for each in await office.said()}
    await office.tick(SHOWN + MINUTE)
    assert {each.key: each.revision for each in await office.said()} == revisions
    await office.answer("ZEUS", SHOWN + HOUR, GREEN)
    await office.tick(SHOWN + HOUR)
    draft = await office.message(DigestDraft)
    assert [each.code for each in draft.head.green] == ["ZEUS"]
    await office.world.change("ZEUS", visibility=RESTRICTED)
    await office.tick(SHOWN + 2 * HOUR)
    assert "ZEUS" not in str(await office.message(DigestDraft, ":draft"))


async def test_unapproved_it_is_posted_at_its_time_and_the_pmo_is_told_so(office: Office) -> None:
    await _shown(office)
    await office.tick(DIGEST - timedelta(seconds=1))
    assert await _heads(office) == []
    await office.tick(DIGEST)
    assert len(await _heads(office)) == 1
    told = await office.message(DigestPreviewed)
    assert (told.posted_at, told.approved_at) == (DIGEST, None)
    assert await office.messages(DigestDraft) == []
    assert await office.messages(DraftOver) == [DraftOver("C0ITS", "its-council")]
    assert await _audit(office) == [("pmobot", "approval", None, "posted without approval")]
    assert await office.messages(DigestWaits) == []


async def test_it_waits_for_an_approval_says_so_once_and_then_comes_at_once(
    any_office: Office,
) -> None:
    office = any_office
    cycle_id = await _shown(office, **WAITS)
    await office.ticks(DIGEST, DIGEST + HOUR, DIGEST + 2 * HOUR)
    assert await _heads(office) == []
    (waits,) = await office.messages(DigestWaits)
    assert (waits.due_at, waits.outcome) == (DIGEST, "")
    assert (await office.message(DigestPreviewed)).is_waiting
    dana = await office.world.viewer("dana")
    approval = await office.preview.approve(dana, cycle_id, DIGEST + 2 * HOUR)
    assert (approval.is_new, approval.is_due, approval.by) == (True, True, "Dana")
    assert (await office.message(DigestWaits)).outcome == "approved"
    await office.tick(DIGEST + 2 * HOUR)
    (head,) = await _heads(office)
    assert (head.as_of, head.due_at) == (DIGEST + 2 * HOUR, DIGEST)
    assert (await office.message(DigestWaits)).outcome == "posted"


async def test_approved_before_its_time_it_comes_at_its_time(office: Office) -> None:
    cycle_id = await _shown(office, **WAITS)
    dana = await office.world.viewer("dana")
    approval = await office.preview.approve(dana, cycle_id, SHOWN + HOUR)
    assert (approval.is_due, approval.due_at) == (False, DIGEST)
    await office.tick(DIGEST - MINUTE)
    assert await _heads(office) == []
    await office.tick(DIGEST)
    assert len(await _heads(office)) == 1
    assert await _audit(office) == [("U0DANA", "approval", None, "approved")]


async def test_answers_after_the_approval_are_counted_and_it_stays_approved(
    office: Office,
) -> None:
    cycle_id = await _shown(office, **WAITS)
    await office.preview.approve(await office.world.viewer("dana"), cycle_id, SHOWN + HOUR)
    await office.answer("ZEUS", SHOWN + 2 * HOUR, GREEN)
    await office.answer("ZEUS", SHOWN + 3 * HOUR, YELLOW)
    await office.tick(SHOWN + 3 * HOUR)
    told = await office.message(DigestPreviewed)
    assert (told.late_answers, told.approved_by) == (1, "Dana")
    await office.tick(DIGEST)
    assert len(await _heads(office)) == 1


async def test_who_presses_second_hears_who_was_first(any_office: Office) -> None:
    office = any_office
    await office.world.change_person("sam", is_pmo=True)
    cycle_id = await _shown(office)
    viewers = [await office.world.viewer(name) for name in ("dana", "sam")]
    pressed = await asyncio.gather(
        *(office.preview.approve(each, cycle_id, SHOWN + HOUR) for each in viewers)
    )
    assert sorted(each.is_new for each in pressed) == [False, True]
    assert len({each.by for each in pressed}) == 1
    await office.tick(DIGEST)
    late = await office.preview.approve(viewers[1], cycle_id, DIGEST + HOUR)
    assert (late.is_new, late.posted_at) == (False, DIGEST)
    assert len(await _audit(office)) == 1


async def test_the_note_stands_on_the_draft_and_on_the_posted_head_and_stays_when_amended(
    office: Office,
) -> None:
    cycle_id = await _shown(office)
    dana = await office.world.viewer("dana")
    assert await office.preview.write_note(dana, (cycle_id, 0), " Mind APOLLO. ", SHOWN) is None
    note = CoverNote("Mind APOLLO.", "Dana")
    assert (await office.message(DigestPreviewed)).note == note
    await office.tick(SHOWN + MINUTE)
    assert (await office.message(DigestDraft)).head.note == note
    await office.tick(DIGEST)
    await office.answer("ZEUS", DIGEST + HOUR, GREEN)
    await office.tick(DIGEST + HOUR)
    (head,) = await _heads(office)
    assert (head.note, head.amended_at) == (note, DIGEST + HOUR)
    for again, frozen in (await office.digests.compose_again(cycle_id)).values():
        assert again.head == frozen


async def test_a_note_of_somebody_else_has_to_be_approved_again(office: Office) -> None:
    await office.world.change_person("sam", is_pmo=True)
    cycle_id = await _shown(office, **WAITS)
    dana, sam = [await office.world.viewer(name) for name in ("dana", "sam")]
    await office.preview.approve(dana, cycle_id, SHOWN)
    await office.preview.write_note(dana, (cycle_id, 0), "Mine", SHOWN + MINUTE)
    assert (await office.message(DigestPreviewed)).approved_by == "Dana"
    await office.preview.write_note(sam, (cycle_id, 1), "Sam's", SHOWN + HOUR)
    assert (await office.message(DigestPreviewed)).approved_by == ""
    await office.tick(DIGEST)
    assert await _heads(office) == []
    await office.preview.approve(dana, cycle_id, DIGEST + HOUR)
    await office.tick(DIGEST + HOUR)
    assert [each.note for each in await _heads(office)] == [CoverNote("Sam's", "Sam")]


async def test_two_who_edit_the_note_lose_nothing(office: Office) -> None:
    await office.world.change_person("sam", is_pmo=True)
    cycle_id = await _shown(office)
    dana, sam = [await office.world.viewer(name) for name in ("dana", "sam")]
    assert (await office.preview.note_form(sam, cycle_id)).version == 0
    await office.preview.write_note(dana, (cycle_id, 0), "Dana's", SHOWN)
    newer = await office.preview.write_note(sam, (cycle_id, 0), "Sam's", SHOWN)
    assert newer is not None
    assert (newer.note, newer.version) == (CoverNote("Dana's", "Dana"), 1)
    assert await office.preview.write_note(sam, (cycle_id, 1), "Both", SHOWN) is None
    assert (await office.preview.note_form(dana, cycle_id)).note == CoverNote("Both", "Sam")
    await office.preview.write_note(dana, (cycle_id, 2), "", SHOWN)
    assert (await office.preview.note_form(dana, cycle_id)).note is None


async def test_held_it_waits_and_then_comes_by_itself(office: Office) -> None:
    await office.world.change_person("sam", is_pmo=True)
    cycle_id = await _shown(office)
    sam = await office.world.viewer("sam")
    await office.preview.approve(await office.world.viewer("dana"), cycle_id, SHOWN)
    await office.preview.hold(sam, cycle_id, DIGEST + 2 * HOUR, SHOWN + HOUR)
    told = await office.message(DigestPreviewed)
    assert (told.held_by, told.held_until, told.approved_at) == ("Sam", DIGEST + 2 * HOUR, None)
    await office.ticks(DIGEST, DIGEST + HOUR)
    assert await _heads(office) == []
    await office.tick(DIGEST + 2 * HOUR)
    assert len(await _heads(office)) == 1


async def test_an_approval_ends_a_hold(office: Office) -> None:
    cycle_id = await _shown(office)
    dana = await office.world.viewer("dana")
    await office.preview.hold(dana, cycle_id, DIGEST + 2 * HOUR, SHOWN)
    await office.tick(DIGEST)
    await office.preview.approve(dana, cycle_id, DIGEST + HOUR)
    await office.tick(DIGEST + HOUR)
    assert len(await _heads(office)) == 1
    held = f"until {DIGEST + 2 * HOUR:%Y-%m-%dT%H:%M:%S+00:00}"
    assert await _audit(office) == [
        ("U0DANA", "hold", None, held),
        ("U0DANA", "approval", f"held {held}", "approved"),
    ]


async def test_one_that_waits_for_approval_is_told_of_anew_when_its_hold_ends(
    office: Office,
) -> None:
    cycle_id = await _shown(office, **WAITS)
    await office.tick(DIGEST)
    dana = await office.world.viewer("dana")
    await office.preview.hold(dana, cycle_id, DIGEST + 2 * HOUR, DIGEST + HOUR)
    assert (await office.message(DigestWaits)).outcome == "held"
    await office.tick(DIGEST + HOUR)
    assert not (await office.message(DigestPreviewed)).is_waiting
    await office.ticks(DIGEST + 2 * HOUR, DIGEST + 3 * HOUR)
    assert [(each.outcome, each.due_at) for each in await office.messages(DigestWaits)] == [
        ("held", DIGEST),
        ("", DIGEST + 2 * HOUR),
    ]
    assert await _heads(office) == []


async def test_after_the_posting_note_and_hold_are_refused_where_they_were_typed(
    office: Office,
) -> None:
    cycle_id = await _shown(office)
    await office.tick(DIGEST)
    dana = await office.world.viewer("dana")
    with pytest.raises(FieldErrors, match="note: The digest of ITS Council is posted already"):
        await office.preview.write_note(dana, (cycle_id, 0), "Too late", DIGEST)
    with pytest.raises(FieldErrors, match=r"held_until: .*posted already"):
        await office.preview.hold(dana, cycle_id, DIGEST + HOUR, DIGEST)
    with pytest.raises(PmobotError, match="posted already"):
        await office.preview.note_form(dana, cycle_id)


async def test_only_the_pmo_decides(office: Office) -> None:
    cycle_id = await _shown(office)
    carol = await office.world.viewer("carol")
    with pytest.raises(NotAllowedError, match="Only the PMO"):
        await office.preview.approve(carol, cycle_id, SHOWN)
    with pytest.raises(NotAllowedError):
        await office.preview.note_form(carol, cycle_id)
    await office.world.change_person("dana", is_pmo=False)
    with pytest.raises(NotAllowedError):
        await office.preview.hold(await office.world.viewer("dana"), cycle_id, DIGEST, SHOWN)
    await office.world.change_person("dana", is_pmo=True)
    with pytest.raises(NotFoundError):
        await office.preview.approve(await office.world.viewer("dana"), cycle_id + 1, SHOWN)


async def test_a_digest_that_waits_does_not_keep_others_back(any_office: Office) -> None:
    office = any_office
    await office.world.council(STS, rhythm={"digest": "+3d 08:30"})
    await office.world.project("HERA", council=STS)
    await _shown_beside(office)
    await office.tick(DIGEST + HOUR)
    assert [each.council for each in await _heads(office)] == [STS]


async def _shown_beside(office: Office) -> None:
    world = office.world
    await world.change_calendar(ITS, **WAITS)
    await world.project("APOLLO")
    await office.ticks(ASKED, CUT_OFF, SHOWN)


async def test_without_a_channel_each_of_the_pmo_sees_all_of_it(office: Office) -> None:
    await office.world.change_person("sam", is_pmo=True)
    await office.world.project("SECRET", visibility=RESTRICTED)
    await _shown_beside(office)
    cycle_id = (await office.cycle()).pk
    dana = f"preview:{cycle_id}:{office.world.id('dana')}"
    places = await office.places()
    assert places[dana] == f"person:{office.world.id('dana')}"
    assert places[f"{dana}:draft"] == places[f"{dana}:restricted"] == f"thread:{dana}"
    assert len(await office.messages(DigestPreviewed)) == 2


async def test_restricted_projects_are_drafted_to_the_pmo_directly_and_not_counted_elsewhere(
    office: Office,
) -> None:
    world = office.world
    await world.project("SECRET", visibility=RESTRICTED)
    cycle_id = await _shown(office)
    dana = world.id("dana")
    assert (await office.places())[f"preview:{cycle_id}:restricted:{dana}"] == f"person:{dana}"
    hidden = await office.message(DigestDraft, ":restricted:")
    assert (hidden.decided_in, hidden.head.is_restricted) == ("C0PMO", True)
    await office.preview.approve(await world.viewer("dana"), cycle_id, SHOWN)
    await office.answer("SECRET", SHOWN + HOUR, RED)
    await office.tick(SHOWN + HOUR)
    assert (await office.message(DigestPreviewed)).late_answers == 0
    assert [each.code for each in (await office.message(DigestDraft, ":restr")).head.red] == [
        "SECRET"
    ]
    public = await office.message(DigestDraft, ":draft")
    assert "SECRET" not in str(public)


async def test_a_draft_loses_all_of_its_projects_when_they_become_restricted(
    office: Office,
) -> None:
    cycle_id = await _shown(office)
    for code in ("APOLLO", "ZEUS"):
        await office.world.change(code, visibility=RESTRICTED)
    await office.tick(SHOWN + HOUR)
    said = {each.key: each.message for each in await office.said()}
    assert said[f"preview:{cycle_id}:draft"] == DigestPage(())
    hidden = said[f"preview:{cycle_id}:restricted:{office.world.id('dana')}"]
    assert [each.code for each in hidden.head.red] == ["APOLLO"]
    await office.world.change("APOLLO", visibility="open")
    await office.tick(SHOWN + 2 * HOUR)
    draft = await office.message(DigestDraft, ":draft")
    assert [each.code for each in draft.head.red] == ["APOLLO"]


async def test_where_all_is_restricted_the_channel_hears_nothing_and_the_note_goes_with_it(
    office: Office, world: World
) -> None:
    await world.configure(pmo={"channel": "pmo-office"}, pmo_channel_id="C0PMO")
    await world.change_calendar(ITS, **POSTS)
    await world.project("SECRET", visibility=RESTRICTED)
    await office.ticks(ASKED, CUT_OFF, SHOWN)
    assert "channel:C0PMO" not in (await office.places()).values()
    cycle_id = (await office.cycle()).pk
    dana = await world.viewer("dana")
    assert (await office.preview.note_form(dana, cycle_id)).is_restricted
    await office.preview.write_note(dana, (cycle_id, 0), "Quietly", SHOWN)
    await office.tick(DIGEST)
    assert {each.note for each in await _heads(office)} == {CoverNote("Quietly", "Dana")}


async def test_who_comes_to_the_pmo_later_is_shown_what_nobody_was_there_for(
    office: Office, world: World
) -> None:
    await world.change_person("dana", is_pmo=False)
    await _shown_beside(office)
    await office.tick(DIGEST)
    assert await office.messages(DigestPreviewed) == []
    await world.change_person("sam", is_pmo=True)
    await office.tick(DIGEST + HOUR)
    assert (await office.message(DigestPreviewed)).is_waiting
    assert await _heads(office) == []


async def test_a_draft_that_the_channel_does_not_take_goes_to_the_members(
    any_office: Office,
) -> None:
    office = any_office
    cycle_id = await _shown(office)
    await _refuse(office, f"preview:{cycle_id}")
    await office.tick(SHOWN + HOUR)
    dana = f"preview:{cycle_id}:{office.world.id('dana')}"
    places = await office.places()
    assert (places[dana], places[f"{dana}:draft"]) == (
        f"person:{office.world.id('dana')}",
        f"thread:{dana}",
    )
    async with office.database.reading() as session:
        rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
    assert [each.state for each in rows if each.conversation == "channel:C0PMO"] == [
        DeliveryState.EXPIRED,
        DeliveryState.EXPIRED,
    ]


async def test_a_bot_that_slept_over_both_shows_the_draft_and_waits(office: Office) -> None:
    world = office.world
    await world.change_calendar(ITS, **WAITS)
    await world.project("APOLLO")
    await office.ticks(ASKED, DIGEST + HOUR)
    assert (await office.message(DigestPreviewed)).is_waiting
    assert await office.messages(DigestWaits) == []  # the draft says so by itself
    assert await _heads(office) == []


async def test_a_bot_that_slept_over_both_posts_where_silence_means_that(office: Office) -> None:
    await office.world.change_calendar(ITS, **POSTS)
    await office.world.project("APOLLO")
    await office.ticks(ASKED, DIGEST + HOUR)
    assert len(await _heads(office)) == 1
    assert (await office.message(DigestPreviewed)).posted_at == DIGEST + HOUR


async def test_a_cycle_without_projects_is_over_without_a_word(
    office: Office, world: World
) -> None:
    await world.change_calendar(ITS, **WAITS)
    await office.ticks(ASKED, CUT_OFF, SHOWN, DIGEST)
    assert await office.said() == []
    assert (await office.cycle()).state is CycleState.REPORTED


async def test_a_cycle_that_has_asked_keeps_its_times_when_the_preview_is_configured_later(
    office: Office, world: World
) -> None:
    await world.project("APOLLO")
    await office.tick(ASKED - timedelta(hours=14))
    await world.change_calendar(ITS, **WAITS)
    await office.tick(ASKED - HOUR)
    assert (await office.cycle()).preview_at == SHOWN
    await office.tick(ASKED)
    await world.change_calendar(ITS, preview=None, unapproved=Unapproved.POST)
    await office.tick(ASKED + HOUR)
    assert ((await office.cycle()).preview_at, (await office.cycle()).unapproved) == (
        SHOWN,
        Unapproved.WAIT,
    )
