"""What a rehearsal tells of what would not be sent, and what it refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rehearsal import open_stage
from domain.errors import NotFoundError, SettingsError
from domain.meetings.pre_read.calling import Caller
from domain.meetings.pre_read.errands import CallErrand
from domain.rehearsal.values import Unsent
from message_templates.rehearsal.rehearsal import summary
from models.base import Database
from models.calendar import Absence
from models.enums import LeaveSource, Unapproved
from models.health import WatchedChannel
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, World
from tests.support.rehearsing import rehearse

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASK_DAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
OFFICE = {"pmo": {"channel": "pmo-office", "members": ["dana@example.edu"]}}


@pytest.fixture
async def world(database: Database, workspace_id: int) -> World:
    return await World.stored(database, workspace_id, **OFFICE)


def gist(unsent: Unsent) -> tuple[str, tuple[str, ...], str]:
    return unsent.to.name if unsent.to else "", unsent.about.projects, unsent.why


async def test_projects_of_a_phase_that_is_not_asked_are_told_once(world: World) -> None:
    for code in ("GAIA", "HYDRA"):
        await world.project(code, phase="qualification")
    await world.project("APOLLO")
    rehearsal = await rehearse(world, MONDAY, 14)
    (unsent,) = rehearsal.unsent
    assert gist(unsent) == ("", ("GAIA", "HYDRA"), "the phase 'qualification' is not asked")
    assert unsent.about.councils == (ITS,)
    assert not rehearsal.has_problems


async def test_a_council_without_a_calendar_asks_nobody(world: World) -> None:
    await world.council(STS)
    await world.drop_calendar(STS)
    await world.project("BOREAS", council=STS)
    await world.project("APOLLO")
    (unsent,) = (await rehearse(world, MONDAY, 7)).unsent
    assert unsent.about.projects == ("BOREAS",)
    assert "no reporting calendar" in unsent.why


async def on_leave(world: World, name: str) -> None:
    async with world.database.writing() as session:
        session.add(
            Absence(
                workspace_id=world.workspace_id,
                person_id=world.id(name),
                first=date(2026, 11, 20),
                until=date(2026, 12, 4),
                source=LeaveSource.PERSON,
                created_at=MONDAY,
            )
        )


async def test_who_is_on_leave_without_a_deputy_is_told_as_not_asked(world: World) -> None:
    await world.project("APOLLO")
    await on_leave(world, "ana")
    rehearsal = await rehearse(world, MONDAY, 3)
    assert rehearsal.sendings == ()
    (unsent,) = rehearsal.unsent
    name, projects, why = gist(unsent)
    assert (name, projects) == ("Ana", ("APOLLO",))
    assert "on leave until" in why
    assert unsent.at == ASK_DAY + timedelta(hours=2)
    assert rehearsal.has_problems


async def test_the_deputy_of_who_is_on_leave_is_asked_and_the_note_tells_why(world: World) -> None:
    await world.project("APOLLO", deputy="ben")
    await world.project("BOREAS", deputy="ben")
    await on_leave(world, "ana")
    rehearsal = await rehearse(world, MONDAY, 3)
    (sending,) = rehearsal.sendings
    assert (sending.to.name, sending.about.projects) == ("Ben", ("APOLLO", "BOREAS"))
    (note,) = sending.notes
    assert note.startswith("APOLLO, BOREAS: ")
    assert "on leave" in note
    assert not rehearsal.has_problems


async def test_a_paused_workspace_asks_nobody_and_says_so(world: World) -> None:
    await world.configure(paused=True)
    await world.project("APOLLO")
    rehearsal = await rehearse(world, MONDAY, 3)
    assert (rehearsal.sendings, rehearsal.is_paused) == ((), True)
    assert "paused" in summary(rehearsal)


async def test_a_channel_that_slack_would_refuse_is_told_and_the_pmo_hears_of_it(
    world: World,
) -> None:
    await world.project("APOLLO")
    async with world.database.writing() as session:
        session.add(
            WatchedChannel(
                workspace_id=world.workspace_id,
                channel_id="C0ITS",
                name="its-council",
                is_found=True,
            )
        )
    rehearsal = await rehearse(world, ASK_DAY, 7)
    (unsent,) = (each for each in rehearsal.unsent if each.about.kind == "digest_head")
    assert unsent.to is not None
    assert unsent.to.name == "#its-council"
    assert "not_in_channel" in unsent.why
    assert "/invite @pmobot" in unsent.why
    assert "delivery_problem" in {each.about.kind for each in rehearsal.sendings}
    assert rehearsal.has_problems


async def test_a_restricted_part_goes_to_the_members_and_not_to_the_channel(world: World) -> None:
    await world.project("FALCON", visibility=RESTRICTED)
    digests = [
        each
        for each in (await rehearse(world, ASK_DAY, 7)).sendings
        if each.about.kind == "digest_head"
    ]
    assert {each.to.name for each in digests} == {"Carol", "Omar"}
    assert all(each.about.is_restricted for each in digests)


async def test_a_digest_of_nothing_is_told_as_not_sent(world: World) -> None:
    await world.project("GAIA", phase="qualification")
    rehearsal = await rehearse(world, ASK_DAY, 7)
    assert rehearsal.sendings == ()
    (unsent,) = (each for each in rehearsal.unsent if each.about.kind == "digest_head")
    assert unsent.why == "no project was asked in its cycle"
    assert unsent.at == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert not rehearsal.has_problems


async def test_one_person_and_one_council_can_be_looked_at_alone(world: World) -> None:
    await world.council(STS)
    await world.project("APOLLO")
    await world.project("BOREAS", "li", council=STS)
    rehearsal = await rehearse(world, ASK_DAY - timedelta(hours=12), 7)
    assert {each.to.name for each in rehearsal.only("U0LI").sendings} == {"Li"}
    of_its = rehearsal.only(council=ITS).sendings
    assert {each.to.name for each in of_its} == {"Ana", "#its-council"}
    assert rehearsal.only("U0LI", ITS).sendings == ()


async def test_people_and_councils_are_found_or_guessed(world: World) -> None:
    await world.project("APOLLO")
    async with open_stage(world.database, world.workspace_id, MONDAY) as stage:
        assert await stage.reader.person("Li@example.edu") == "U0LI"
        assert await stage.reader.person("u0li") == "U0LI"
        assert await stage.reader.council("its council") == ITS
        with pytest.raises(NotFoundError, match=r"Did you mean ana@example\.edu"):
            await stage.reader.person("anna@example.edu")
        with pytest.raises(NotFoundError, match="Did you mean ITS Council"):
            await stage.reader.council("ITS Counsel")


async def test_without_projects_it_tells_what_to_do_first(world: World) -> None:
    async with open_stage(world.database, world.workspace_id, MONDAY) as stage:
        with pytest.raises(SettingsError, match="pmobot import"):
            await stage.reader.check()


async def test_without_councils_it_tells_what_to_do_first(
    database: Database, workspace_id: int
) -> None:
    async with open_stage(database, workspace_id, MONDAY) as stage:
        with pytest.raises(SettingsError, match="pmobot apply"):
            await stage.reader.check()


async def test_reminders_and_what_follows_misses_are_rehearsed_too(world: World) -> None:
    await world.change_calendar(ITS, remind_after=["24h"])
    await world.project("APOLLO", sponsor="sam")
    rehearsal = await rehearse(world, ASK_DAY, 14)
    told = [(each.to.name, each.about.kind) for each in rehearsal.sendings]
    assert told.count(("Ana", "reminder")) == 2
    assert {("Sam", "sponsor_notice"), ("Ana", "sponsor_notice_copy")} <= set(told)
    assert all(each.about.projects == ("APOLLO",) for each in rehearsal.sendings[:2])


async def test_a_reminder_that_falls_away_is_told_and_is_no_problem(world: World) -> None:
    await world.change_calendar(ITS, remind_after=["24h"])
    await world.personal("ana", weekdays="WE")
    await world.project("APOLLO")
    (unsent,) = (await rehearse(world, ASK_DAY, 4)).unsent
    assert unsent.about.kind == "reminder"
    assert "not a working day" in unsent.why
    assert not unsent.is_problem


async def test_a_digest_that_waits_for_approval_is_told_as_waiting_with_its_draft(
    world: World,
) -> None:
    await world.project("APOLLO")
    await world.change_calendar(ITS, preview="+2d 16:00", unapproved=Unapproved.WAIT)
    rehearsal = await rehearse(world, MONDAY, 8)
    told = [
        (each.at.replace(second=0, microsecond=0), each.to.name, each.about.kind)
        for each in rehearsal.sendings[-2:]
    ]
    assert told == [
        (datetime(2026, 11, 27, 21, 0, tzinfo=UTC), "Dana", "digest_preview"),
        (datetime(2026, 11, 30, 13, 0, tzinfo=UTC), "Dana", "digest_waits"),
    ]
    (unsent,) = rehearsal.unsent
    assert (unsent.at, unsent.is_problem) == (datetime(2026, 11, 30, 13, 0, tzinfo=UTC), False)
    assert "waits for the PMO's approval" in unsent.why


async def test_a_call_is_told_with_its_council_and_is_not_made_twice(world: World) -> None:
    secretary = await Secretary.opened(world)
    caller = Caller(secretary.outbox)
    secretary.errands.append(CallErrand(caller))
    rehearsal = (await rehearse(world, NOON, 8)).only(council=ITS)
    told = [(each.about.kind, each.to.name) for each in rehearsal.sendings]
    assert told.count(("meeting_call", "#its-council")) == 1
    assert told.count(("meeting_pack_copy", "Carol")) == 1
    assert told.count(("meeting_open_nudge", "Omar")) == 1
    assert told.count(("meeting_quorum_warning", "Carol")) == 1  # nobody has said that they come
    went_out = NOON + timedelta(days=1)
    await secretary.run(went_out)
    kinds = [each.about.kind for each in (await rehearse(world, went_out, 4)).sendings]
    assert kinds == ["meeting_call", "meeting_pack_copy"]  # what waits to be posted, and no other
