"""What owners and chairs are told of actions: merged, once, and up to date."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.meetings.actions.messages import ActionLine
from models.enums import DeliveryState
from tests.support.actions import Clerk, give
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, at
from tests.support.sitting import Chamber, past

SOON = NOON + timedelta(minutes=2)


@pytest.fixture
def clerk(secretary: Secretary) -> Clerk:
    return Clerk(secretary)


async def test_what_one_is_given_within_minutes_is_told_in_one_message(
    any_secretary: Secretary,
) -> None:
    clerk = Clerk(any_secretary)
    await give(any_secretary)
    await give(any_secretary, "ana", title="Book a room")
    await give(any_secretary, title="Write it down", now=NOON + timedelta(minutes=1))
    await clerk.run(NOON + timedelta(minutes=1))
    assert await clerk.told() == []
    await clerk.run(SOON)
    await clerk.run(SOON + timedelta(minutes=5))
    assert await clerk.told() == [
        ("omar", "actions_given waiting", "Ask the vendor, Write it down"),
        ("ana", "actions_given waiting", "Book a room"),
    ]


async def test_what_is_given_in_a_meeting_is_told_once_it_is_over(clerk: Clerk) -> None:
    chamber = Chamber(clerk.secretary)
    await chamber.open()
    meeting = await chamber.meeting()
    due_on = date(2026, 12, 10)
    for minute, title in ((5, "Ask the vendor"), (40, "Book a room")):
        facts: dict[str, Any] = {"due_on": due_on, "now": past(minute), "meeting": meeting}
        await give(clerk.secretary, title=title, **facts)
        await clerk.run(past(minute + 5))
    assert await clerk.told() == []
    await chamber.close(minutes=60)
    await clerk.run(past(60))
    assert await clerk.told() == [("omar", "actions_given waiting", "Ask the vendor, Book a room")]


async def test_each_reminder_is_one_message_a_day_and_follows_what_becomes_of_it(
    clerk: Clerk,
) -> None:
    first = await give(clerk.secretary)
    await give(clerk.secretary, title="Book a room")
    await clerk.run(SOON)
    await clerk.run(at(1, 14, month=12))
    await clerk.run(at(1, 15, month=12))
    assert (await clerk.told())[1:] == [
        ("omar", "actions_due waiting", "Ask the vendor, Book a room")
    ]
    await clerk.act("omar", first, "done", note="They said yes.", now=at(1, 15, month=12))
    await clerk.run(at(1, 16, month=12))
    assert await clerk.lines("actions_due") == [
        ":white_check_mark: A-1 · ITS Council · Ask the vendor\nDone: They said yes.",
        "A-2 · ITS Council · Book a room\ndue Fri 4 Dec 2026",
    ]
    await clerk.run(at(4, 14, month=12))
    assert (await clerk.told())[2:] == [("omar", "actions_due waiting", "Book a room")]


async def test_a_moved_date_is_reminded_of_anew_and_the_old_ones_stay_in_sight(
    clerk: Clerk,
) -> None:
    entry = await give(clerk.secretary)
    await clerk.run(SOON)
    for day in (9, 10):
        await clerk.act("omar", entry, "move", due_on=date(2026, 12, day), note="Ill")
    await clerk.run(SOON)
    moved = "A-1 · ITS Council · Ask the vendor\ndue Thu 10 Dec 2026, first 4 Dec, moved 2x"
    assert await clerk.lines("actions_given") == [moved]
    await clerk.run(at(4, 14, month=12))
    assert len(await clerk.told()) == 1
    await clerk.run(at(10, 14, month=12))
    today = moved.replace("2026,", "2026 · today,")
    assert await clerk.lines("actions_due") == [today]


async def test_a_reminder_whose_day_has_passed_is_left_out_and_says_so(clerk: Clerk) -> None:
    await give(clerk.secretary)
    await clerk.run(SOON)
    await clerk.run(at(10, 14, month=12))
    told = [(name, kind) for name, kind, _titles in await clerk.told()]
    assert told == [("omar", "actions_given waiting"), ("carol", "actions_overdue waiting")]
    over = "its day was over when the bot came to it"
    assert await clerk.left_out() == [("before", over), ("due", over), ("after", over)]


async def test_who_chairs_is_told_of_what_is_two_working_days_late_with_the_rest_counted(
    clerk: Clerk,
) -> None:
    await give(clerk.secretary, title="Old", due_on=date(2026, 11, 27))
    await give(clerk.secretary)
    await give(clerk.secretary, "carol", title="Her own")
    await clerk.run(SOON)
    for day in (1, 8):
        await clerk.run(at(day, 14, month=12))
    overdue = [each for each in await clerk.told() if "overdue" in each[1]]
    assert [titles for _name, _kind, titles in overdue] == ["Old", "Ask the vendor"]
    said = [each.value for each in await clerk.secretary.said() if "overdue" in each.kind]
    assert [(each["council"], each["others"]) for each in said] == [(ITS, 0), (ITS, 2)]


async def test_whoever_it_is_handed_to_is_told_and_the_old_message_says_who_has_it(
    clerk: Clerk,
) -> None:
    entry = await give(clerk.secretary)
    await clerk.run(SOON)
    await clerk.act("omar", entry, "hand", person="U0ANA", now=SOON)
    await clerk.run(SOON)
    assert await clerk.told() == [
        ("omar", "actions_given expired", "Ask the vendor"),
        ("ana", "actions_given waiting", "Ask the vendor"),
    ]
    await clerk.act("ana", entry, "hand", person="U0OMAR", now=SOON + timedelta(hours=1))
    await clerk.run(SOON + timedelta(hours=1))
    assert (await clerk.told())[2:] == [("omar", "actions_given waiting", "Ask the vendor")]


async def test_what_was_posted_says_what_became_of_it(clerk: Clerk) -> None:
    entry = await give(clerk.secretary)
    await clerk.run(SOON)
    async with clerk.world.database.writing() as session:
        (row,) = await clerk.secretary.said()
        row.state, row.slack_ts, row.posted_at = DeliveryState.SENT, "1.2", SOON
        session.add(row)
    await clerk.act("carol", entry, "hand", person="U0ANA", now=SOON)
    await clerk.run(SOON)
    (mine, _anas) = await clerk.secretary.said()
    assert mine.revision == 2
    shown = ActionLine(**mine.value["lines"][0])
    assert (shown.owner, shown.is_theirs) == ("Ana", False)


async def test_nobody_is_told_of_what_they_may_not_see_or_can_not_read(clerk: Clerk) -> None:
    world = clerk.world
    nova = await world.project("NOVA", visibility=RESTRICTED)
    for name in ("omar", "ana"):
        await give(clerk.secretary, name, project_id=nova)
    await give(clerk.secretary, "li")
    await world.council(STS, chair="dana", members=())
    await world.change("NOVA", council=STS)
    await world.change_person("li", is_gone=True)
    await clerk.run(SOON)
    await clerk.run(at(8, 14, month=12))
    readers = [(name, titles) for name, _kind, titles in await clerk.told()]
    assert readers == [("ana", "Ask the vendor")] * 2 + [("carol", "Ask the vendor")]
    (overdue,) = [each.value for each in await clerk.secretary.said() if "overdue" in each.kind]
    assert [each["owner"] for each in overdue["lines"]] == ["Li"]


async def test_what_somebody_gives_to_themselves_needs_no_message_but_its_reminders(
    clerk: Clerk,
) -> None:
    await give(clerk.secretary, "carol")
    await clerk.run(SOON)
    assert await clerk.told() == []
    assert await clerk.left_out() == [("given", "they gave it to themselves")]
    await clerk.run(at(4, 14, month=12))
    assert [kind for _name, kind, _titles in await clerk.told()] == ["actions_due waiting"]


@pytest.mark.parametrize(("by", "told"), [("omar", ["carol"]), ("carol", []), ("dana", [])])
async def test_who_chairs_is_told_when_somebody_else_cancels_what_the_council_gave_out(
    clerk: Clerk, by: str, told: list[str]
) -> None:
    entry = await give(clerk.secretary)
    await clerk.run(SOON)
    await clerk.act(by, entry, "cancel", note="No need")
    await clerk.run(SOON)
    await clerk.run(SOON + timedelta(hours=1))
    said = [name for name, kind, _titles in await clerk.told() if "dropped" in kind]
    assert said == told


async def test_what_somebody_may_not_see_any_more_leaves_the_message_when_it_is_said_again(
    clerk: Clerk,
) -> None:
    nova = await clerk.world.project("NOVA", visibility=RESTRICTED)
    await give(clerk.secretary, title="Hide", project_id=nova)
    entry = await give(clerk.secretary, title="Ask")
    await clerk.run(SOON)
    await clerk.world.council(STS, chair="dana", members=())
    await clerk.world.change("NOVA", council=STS)
    await clerk.act("omar", entry, "move", due_on=date(2026, 12, 9), note="Ill")
    await clerk.run(SOON)
    assert await clerk.told() == [("omar", "actions_given waiting", "Ask")]
