"""Minutes are written, posted, objected to, approved, and then locked; every version is kept."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.minutes.messages import (
    MinutesAmended,
    MinutesCopy,
    MinutesDraft,
    MinutesInFull,
    MinutesMissing,
    MinutesPosted,
    MinutesWanted,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionsOver,
)
from domain.meetings.minutes.values import Wording
from models.enums import Attention, ItemState, MinutesState, Outcome
from models.meetings import AgendaItem
from models.meetings.minutes import ends_and_posts, versions_of
from tests.support.meeting import Secretary
from tests.support.minuting import HOUR, Scribe, drafted
from tests.support.portfolio import NEW_YORK, RESTRICTED

DAY = timedelta(days=1)


@pytest.fixture
async def scribe(secretary: Secretary) -> Scribe:
    return await Scribe.opened(secretary)


async def test_who_led_the_meeting_gets_the_draft_and_nobody_else_reads_it(scribe: Scribe) -> None:
    (draft,) = await scribe.said(MinutesDraft)
    assert draft.minutes.items[0].note == "Two offers."
    assert (draft.standing.version, draft.is_whole_for_all) == (1, True)
    assert draft.post_by == scribe.ended_at + timedelta(hours=48)
    assert not await scribe.said(MinutesPosted)
    assert (await scribe.read("dana")).may_write
    with pytest.raises(NotFoundError, match="no such minutes"):
        await scribe.read("omar")


async def test_each_save_is_a_version_and_the_same_words_are_none(scribe: Scribe) -> None:
    item = (await scribe.read()).minutes.items[0]
    wording = Wording("We met.", titles=((item.item_id, "Lidar"),), notes=((item.item_id, "A\nB"),))
    read = await scribe.save(wording)
    assert (read.standing.version, read.standing.written_by) == (2, "Carol")
    assert (read.minutes.summary, read.minutes.items[0].title) == ("We met.", "Lidar")
    assert read.minutes.items[0].note == "A\nB"
    assert (await scribe.save(wording, version=1)).standing.version == 2
    kept = await drafted(scribe.secretary, scribe.meeting)
    assert [each.summary for each in kept] == ["We met.", ""]
    assert kept[0].all_decisions == kept[1].all_decisions


async def test_who_saves_or_posts_second_is_told_and_overwrites_nothing(scribe: Scribe) -> None:
    await scribe.save(Wording("By Dana."), name="dana")
    with pytest.raises(NotAllowedError, match=r"Dana saved version 2 .* still in the window"):
        await scribe.save(Wording("By Carol."))
    with pytest.raises(NotAllowedError, match="Dana saved version 2"):
        await scribe.post(version=1)
    assert (await scribe.read()).minutes.summary == "By Dana."
    assert not (await scribe.read()).standing.is_posted


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording("x" * 12_001), "summary"),
        (Wording(titles=((1, " "),)), "title:1"),
        (Wording(notes=((1, "x" * 12_001),)), "note:1"),
    ],
)
async def test_what_cannot_be_kept_is_told_at_its_field(
    scribe: Scribe, wording: Wording, field: str
) -> None:
    with pytest.raises(FieldErrors) as raised:
        await scribe.save(wording)
    assert list(raised.value.errors) == [field]


async def test_posted_they_stand_once_in_the_channel_and_a_later_version_takes_their_place(
    scribe: Scribe,
) -> None:
    await scribe.post()
    assert (await scribe.post(version=7)).standing.version == 1
    await scribe.save(Wording("Late words."))
    (posted,) = await scribe.said(MinutesPosted)
    assert (posted.standing.version, posted.minutes.summary) == (2, "Late words.")
    assert posted.standing.state is MinutesState.POSTED
    assert {each.ref for each in posted.minutes.all_decisions} == {""}
    (full,) = await scribe.said(MinutesInFull)
    assert full.minutes == posted.minutes
    assert not await scribe.said(MinutesCopy)
    rows = {each.kind: each for each in await scribe.secretary.said()}
    assert rows["minutes_posted"].place == "channel:C0ITS"
    assert rows["minutes_in_full"].parent_key == rows["minutes_posted"].key
    assert (await scribe.read("erik")).minutes.summary == "Late words."
    with pytest.raises(NotAllowedError, match="Only whoever led the meeting"):
        await scribe.save(Wording("Mine."), version=2, name="erik")
    with pytest.raises(NotFoundError):
        await scribe.read("gus")


async def test_what_is_restricted_is_told_to_members_alone(secretary: Secretary) -> None:
    await secretary.world.project("ORION")
    scribe = await Scribe.opened(secretary, visibility=RESTRICTED)
    (draft,) = await scribe.said(MinutesDraft)
    assert not draft.is_whole_for_all
    await scribe.save(Wording("All is well.\nAPOLLO is not.", notes=()))
    await scribe.post(version=2)
    (posted,) = await scribe.said(MinutesPosted)
    assert [each.title for each in posted.minutes.items] == ["Budget 2027"]
    assert [each.question for each in posted.minutes.all_decisions] == ["Meet in May?"]
    assert (posted.minutes.summary, posted.minutes.actions) == ("All is well.", ())
    copies = await scribe.said(MinutesCopy)
    assert len(copies) == 4
    assert [each.ref for each in copies[0].minutes.all_decisions] == ["D-3", "D-4"]
    assert (await scribe.read("erik")).minutes == posted.minutes
    assert len((await scribe.read("ana")).minutes.items) == 2
    erik = await scribe.world.viewer("erik")
    await scribe.service.send(erik, scribe.meeting.pk, scribe.ended_at)
    assert (await scribe.said(MinutesInFull))[-1].minutes == posted.minutes


async def test_a_project_that_has_become_restricted_leaves_what_is_posted(scribe: Scribe) -> None:
    await scribe.post()
    await scribe.world.change("APOLLO", visibility=RESTRICTED)
    assert await scribe.secretary.planner.plan(scribe.ended_at)
    (posted,) = await scribe.said(MinutesPosted)
    assert [each.title for each in posted.minutes.items] == ["Budget 2027"]


async def test_a_correction_that_names_it_leaves_the_thread(scribe: Scribe) -> None:
    await scribe.post()
    await scribe.approve()
    carol = await scribe.world.viewer("carol")
    for version, text in enumerate(("APOLLO is late.", "It was 3 to 1."), start=1):
        now = scribe.ended_at + version * HOUR
        await scribe.service.add(carol, scribe.meeting.pk, version, text, now)
    await scribe.world.change("APOLLO", visibility=RESTRICTED)
    assert await scribe.secretary.planner.plan(scribe.ended_at)
    told = [each.addendum.text for each in await scribe.said(MinutesAmended)]
    assert told == ["", "It was 3 to 1."]


async def test_the_chair_is_reminded_once_and_then_the_pmo_hears(scribe: Scribe) -> None:
    for hours in (47, 95, 96, 97, 119, 120, 121, 200):  # two working days from Thursday: Monday
        await scribe.secretary.run(scribe.ended_at + hours * HOUR)
        if hours < 96:
            assert not await scribe.said(MinutesWanted)
        if hours < 120:
            assert not await scribe.said(MinutesMissing)
    assert [each.version for each in await scribe.said(MinutesWanted)] == [1]
    assert [each.chair for each in await scribe.said(MinutesMissing)] == ["Carol"]


async def test_nobody_is_reminded_of_minutes_that_are_posted(scribe: Scribe) -> None:
    await scribe.post()
    await scribe.secretary.run(scribe.ended_at + 9 * DAY)
    assert not await scribe.said(MinutesWanted)
    assert not await scribe.said(MinutesMissing)
    assert not await scribe.said(ObjectionsOver)


async def test_an_objection_reaches_the_chair_and_its_answer_who_raised_it(scribe: Scribe) -> None:
    await scribe.post()
    omar, carol = await scribe.world.viewer("omar"), await scribe.world.viewer("carol")
    number, now = scribe.meeting.pk, scribe.ended_at + DAY
    await scribe.service.objecting(omar, number, now)
    for _sent in range(2):
        await scribe.service.object(omar, number, "I dissented.", now)
    (raised,) = await scribe.said(ObjectionRaised)
    assert raised.attention is Attention.FREE
    assert (raised.objection.by, raised.objection.text) == ("Omar", "I dissented.")
    (posted,) = await scribe.said(MinutesPosted)
    assert (posted.standing.objections, posted.standing.open_objections) == (1, 1)
    objection = await scribe.service.answering(carol, raised.objection.objection_id, now)
    with pytest.raises(FieldErrors, match="text"):
        await scribe.service.answer(carol, objection.objection_id, " ", now)
    await scribe.service.answer(carol, objection.objection_id, "It is in now.", now)
    with pytest.raises(NotAllowedError, match="Carol has answered"):
        await scribe.service.answer(carol, objection.objection_id, "Again.", now)
    (answered,) = await scribe.said(ObjectionAnswered)
    assert answered.objection.answer == "It is in now."
    assert [each.objection.answered_by for each in await scribe.said(ObjectionRaised)] == ["Carol"]
    with pytest.raises(NotFoundError):
        await scribe.service.answering(carol, 99, now)


async def test_only_who_was_invited_objects_and_only_in_time(scribe: Scribe) -> None:
    await scribe.post()
    number = scribe.meeting.pk
    for name, fault in (("erik", "Only those who were invited"), ("ana", "")):
        viewer = await scribe.world.viewer(name)
        if fault:
            with pytest.raises(NotAllowedError, match=fault):
                await scribe.service.object(viewer, number, "No.", scribe.ended_at)
        else:
            await scribe.service.object(viewer, number, "I stood in.", scribe.ended_at)
    until = (await scribe.read()).standing.objections_until
    assert until is not None
    assert until.astimezone(ZoneInfo(NEW_YORK)).isoformat() == "2026-12-11T00:00:00-05:00"
    await scribe.secretary.run(until)
    (posted,) = await scribe.said(MinutesPosted)
    assert not posted.standing.is_objectable
    assert [each.open_objections for each in await scribe.said(ObjectionsOver)] == [1]
    omar = await scribe.world.viewer("omar")
    with pytest.raises(NotAllowedError, match="time for objections"):
        await scribe.service.objecting(omar, number, until)
    with pytest.raises(FieldErrors):
        await scribe.service.object(omar, number, "", until)


async def test_approved_they_are_locked_and_a_correction_stands_below(scribe: Scribe) -> None:
    carol, number = await scribe.world.viewer("carol"), scribe.meeting.pk
    await scribe.approve()
    assert (await scribe.read()).standing.state is MinutesState.DRAFT
    await scribe.post()
    with pytest.raises(NotAllowedError, match="not approved yet"):
        await scribe.service.add(carol, number, 1, "Too soon.", scribe.ended_at)
    await scribe.approve(Outcome.DEFERRED)
    assert not (await scribe.read()).standing.is_locked
    await scribe.approve()
    standing = (await scribe.read()).standing
    assert (standing.is_locked, str(standing.approved_on)) == (True, "2027-01-07")
    with pytest.raises(NotAllowedError, match="approved meanwhile"):
        await scribe.save(Wording("Other words."))
    with pytest.raises(NotAllowedError, match="only a correction"):
        await scribe.service.redraft(carol, number, 1, scribe.ended_at)
    await scribe.service.add(carol, number, 1, "It was 3 to 1.", scribe.ended_at)
    read = await scribe.read()
    assert (read.standing.version, read.standing.state) == (2, MinutesState.ADDENDUM)
    assert [(each.text, each.by) for each in read.minutes.addenda] == [("It was 3 to 1.", "Carol")]
    assert [each.addendum.text for each in await scribe.said(MinutesAmended)] == ["It was 3 to 1."]
    with pytest.raises(FieldErrors):
        await scribe.service.add(carol, number, 2, "", scribe.ended_at)
    audit = [each for each in await scribe.secretary.audit() if each.field == "minutes"]
    assert [each.new for each in audit] == [
        "version 1, draft",
        "version 1, posted",
        "version 1, approved in the meeting 2027-01-07",
        "version 2, addendum",
    ]
    assert {each.subject for each in audit} == {"meeting ITS Council 2026-12-03"}


async def test_drafted_again_they_keep_what_was_written_and_take_what_was_recorded_late(
    scribe: Scribe,
) -> None:
    item = (await scribe.read()).minutes.items[0]
    await scribe.save(Wording("We met.", notes=((item.item_id, "Mine."),)))
    async with scribe.world.database.writing() as session:
        found = await session.exec(select(AgendaItem).where(AgendaItem.title == "Party"))
        party = found.one()
        party.state, party.note = ItemState.DONE, "Cake."
    carol = await scribe.world.viewer("carol")
    again = await scribe.service.redraft(carol, scribe.meeting.pk, 2, scribe.ended_at)
    assert [(each.title, each.note) for each in again.minutes.items] == [
        ("Buy the lidar", "Mine."),
        ("Budget 2027", ""),
        ("Party", "Cake."),
    ]
    assert (again.minutes.summary, again.standing.version) == ("We met.", 3)
    same = await scribe.service.redraft(carol, scribe.meeting.pk, 3, scribe.ended_at)
    await scribe.post(version=3)
    with pytest.raises(NotAllowedError, match="posted meanwhile"):
        await scribe.service.redraft(carol, scribe.meeting.pk, 3, scribe.ended_at)
    assert same.standing.version == 3


async def test_the_list_has_what_somebody_may_read_by_council_and_day(scribe: Scribe) -> None:
    carol, erik = await scribe.world.viewer("carol"), await scribe.world.viewer("erik")
    now, day = scribe.ended_at, (await scribe.secretary.about(scribe.meeting)).day
    assert not (await scribe.service.listed(erik, "", now)).lines
    await scribe.post()
    found = await scribe.service.listed(erik, "its", now)
    assert (found.named, len(found.lines)) == ("ITS Council", 1)
    assert (await scribe.service.of_day(carol, "", day, now)).may_write
    with pytest.raises(NotFoundError):
        await scribe.service.of_day(carol, "", day + DAY, now)
    with pytest.raises(NotAllowedError, match="Only whoever led"):
        await scribe.service.editing(erik, scribe.meeting.pk, now)


async def test_without_a_chair_the_pmo_gets_the_draft(secretary: Secretary) -> None:
    await secretary.world.change_person("carol", is_gone=True)
    scribe = await Scribe.opened(secretary)
    rows = [each for each in await secretary.said() if each.kind == "minutes_draft"]
    assert [each.person_id for each in rows] == [scribe.world.id("dana")]


async def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(
    any_secretary: Secretary,
) -> None:
    scribe = await Scribe.opened(any_secretary)
    await scribe.post()
    saves = (scribe.save(Wording(each.capitalize()), name=each) for each in ("carol", "dana"))
    outcomes = await asyncio.gather(*saves, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["MinutesRead", "NotAllowedError"]
    ended_at = scribe.ended_at
    async with scribe.world.database.reading() as session:
        versions = await versions_of(session, scribe.meeting.pk)
        council_id = scribe.meeting.council_id
        told = await ends_and_posts(session, council_id, ended_at, ended_at + DAY)
    assert [each.version for each in versions] == [2, 1]
    assert told == [(ended_at, ended_at)]
