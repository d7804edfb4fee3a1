"""Two meetings of one council, from the first reports to locked minutes, as people play them.

FALCON is restricted: whoever reads the channel must not learn that there is such a project.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.acting import ClientRefusal
from sandbox.workspace import View
from tests.support.council_meeting import (
    COUNCIL,
    Meetings,
    in_order,
    new_york,
    words_of_document,
)
from tests.support.scene import buttons, fields_of, fresh_copy, held, over_socket_mode, words

RED = {
    "health": "Red",
    "why": "The buyer has withdrawn",
    "done": "Tested it",
    "next": "Go live",
    "path_to_green": "Find another one by May",
    "decision_by": "2026-12-04",
}


@pytest.fixture
async def council(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Meetings]:
    url = fresh_copy(sqlite_template, tmp_path)
    async with over_socket_mode(url, tmp_path, COUNCIL) as scene:
        yield Meetings(scene)


async def test_a_council_meets_twice_and_what_it_decides_comes_back(council: Meetings) -> None:
    await the_agenda_is_built_added_to_and_ordered(council)
    await members_are_called_read_and_say_whether_they_come(council)
    await who_runs_it_is_warned_and_who_has_not_read_is_nudged(council)
    await it_is_opened_and_people_come(council)
    await routine_is_agreed_and_of_two_who_go_on_one_wins(council)
    await what_is_decided_and_given_stands_on_the_card(council)
    await what_is_restricted_is_decided_in_a_window_of_ones_own(council)
    await it_is_closed_and_its_minutes_are_drafted(council)
    assert "alcon" not in council.channel().casefold()
    await minutes_are_edited_posted_and_objected_to(council)
    await members_vote_between_the_meetings(council)
    await owners_are_reminded(council)
    await the_next_report_answers_for_the_actions(council)
    await the_second_agenda_has_what_is_left(council)
    await the_second_meeting_approves_the_minutes_of_the_first(council)
    await both_meetings_stand_in_the_log(council)
    await the_channel_was_told_little_and_nothing_restricted(council)


async def the_agenda_is_built_added_to_and_ordered(council: Meetings) -> None:
    scene = council.scene
    await scene.at(new_york(18, 9, month=11))
    await scene.report("priya", "APOLLO", **RED, decision="Buy from Acme instead?")
    await scene.report("priya", "FALCON", **RED, decision="Sell the falcons?")
    await scene.at(new_york(23, 9, month=11))
    (agenda,) = await council["omar"].ask("meeting agenda ITS")
    view = await council.window("omar", agenda, "Add an item")
    added = await council.fill("omar", view, title="Who tests in March?", minutes="15")
    assert "is on the agenda of Thu 3 Dec 2026 14:00" in added
    (agenda,) = await council["carol"].ask("meeting agenda ITS")
    await council.push("carol", agenda, "To the top", "Who tests in March?")
    view = await council.window("carol", agenda, "Add an item")
    routine = {"title": "A room for January", "purpose": "decide", "consent": ["consent"]}
    await council.fill("carol", view, **routine, minutes="0")
    for name, decisions in (("carol", ["Buy from Acme", "Sell the falcons?"]), ("erik", ["Buy"])):
        told = await council[name].read("meeting agenda ITS")
        assert in_order(
            told, "*1.*", "Who tests", "Omar", "*2.*", "Quorum", *decisions, "red since"
        )
        assert ("alcon" in told) is (len(decisions) > 1)


async def members_are_called_read_and_say_whether_they_come(council: Meetings) -> None:
    scene = council.scene
    await scene.at(new_york(26, 9, month=11))
    (call,) = council.heads("Open the pack")
    told = words(call.blocks)
    assert in_order(told, "Thu 3 Dec 2026 14:00", "0 votes coming, 3 needed", "6 items, 36 of 60")
    assert in_order(told, "1. Who tests", "3. Buy from Acme", "A room for January", "read back")
    pack = await council.press("omar", call, "Open the pack", "With restricted projects")
    assert in_order(words(pack.blocks), "Decisions needed: 2", "Sell the falcons?", "🟥 Red: 2")
    pack = await council.press("erik", call, "Open the pack", "Decisions needed: 1")
    assert "alcon" not in words(pack.blocks)
    await council.press("omar", call, "I'll be there", "Noted: I'll be there.")
    view = await council.window("nadia", call, "Send an alternate")
    assert "Erik comes in your place" in await council.fill(
        "nadia", view, alternate=scene.id("erik")
    )
    await council.told("erik", "you sit in their place and vote with their vote")
    (call,) = council.heads("Coming: Erik for Nadia, Omar")
    assert "2 votes coming, 3 needed; 3 members have not said yet" in words(call.blocks)


async def who_runs_it_is_warned_and_who_has_not_read_is_nudged(council: Meetings) -> None:
    await council.scene.at(new_york(2, 14))
    warning = await council.told("carol", "The quorum is at risk: 2 votes coming, 3 needed.")
    assert "Not said yet: Ben" in words(warning.blocks)
    await council.press("carol", warning, "I'll be there", "Noted")
    await council.told("carol", "Enough come by now: 3 votes coming, 3 needed")
    nudged = [
        each for each in council.mail("ben") if "You have not opened the pack" in words(each.blocks)
    ]
    assert len(nudged) == 1
    await council.press("ben", nudged[0], "Open the pack", "Decisions needed: 2")
    assert "have not opened" not in "".join(words(each.blocks) for each in council.mail("omar"))


async def it_is_opened_and_people_come(council: Meetings) -> None:
    await council.scene.at(new_york(3, 14, 1))
    waiting = await council.told("carol", "Open it when you are together")
    await council.press("carol", waiting, "Open the meeting", "is open.")
    card = await council.card("No quorum: 1 vote here, 3 needed: Carol")
    view = await council.window("carol", card, "Decide")
    await council["carol"].close()
    assert "quorum" in words(view.blocks)
    for name in ("omar", "ben", "arjun", "erik"):
        await council.press(name, card, "I'm here", "You are here")
    card = await council.card("4 votes here, 3 needed: Arjun (no vote), Ben, Carol, Erik for Nadia")
    told = words(card.blocks)
    assert in_order(told, "Carol has the chair", "Now: 1. Who tests in March?", "|14:16>")
    assert in_order(told, "2. Quorum", "To be agreed together", "A room for January")


async def routine_is_agreed_and_of_two_who_go_on_one_wins(council: Meetings) -> None:
    await council.push("carol", await council.card(), "Agree to all")
    card = await council.card("Approved: A room for January")
    view = await council.window("carol", card, "Park")
    await council.fill("carol", view, how="carry", title="Nobody knows yet")
    card = await council.card("Parked for the next meeting\nWho tests in March?")
    assert "Now: 2. Quorum" in words(card.blocks)
    await asyncio.gather(*(council.push(name, card, "Next") for name in ("carol", "dana")))
    card = await council.card("Now: 3. Buy from Acme instead? (APOLLO)")

    def second() -> bool:
        said = [*council.mail("carol"), *council.mail("dana")]
        return (
            sum("went on to “Buy from Acme instead?”" in words(each.blocks) for each in said) == 1
        )

    await council.scene.until(second, "who came second")


async def what_is_decided_and_given_stands_on_the_card(council: Meetings) -> None:
    scene, card = council.scene, await council.card()
    view = await council.window("carol", card, "Decide")
    assert (held(view, "question"), held(view, "project")) == ("Buy from Acme instead?", "APOLLO")
    told = await council.fill(
        "carol",
        view,
        outcome="conditional",
        method="vote",
        votes="for: Carol, Omar, Erik; against: Ben",
        conditions="@priya by 2026-12-09: Check the contract",
        reason="It is cheaper",
    )
    assert "D-2, approved with conditions: Buy from Acme instead? (APOLLO)" in told
    view = await council.window("carol", card, "Action")
    given = {"title": "Find a second buyer", "owner": scene.id("priya"), "due_on": "2026-12-09"}
    assert "A-2: Find a second buyer (APOLLO)" in await council.fill("carol", view, **given)
    view = await council.window("omar", card, "Action")
    given = {"title": "Ask the testers", "owner": scene.id("omar"), "due_on": "2026-12-07"}
    assert "A-1: Ask the testers" in await council.fill("omar", view, **given, project="")
    told = words((await council.card("Actions: 3")).blocks)
    assert in_order(told, "Decisions: 2", "3 for, 1 against, 0 abstained; 1 condition")
    assert in_order(
        told, "Check the contract (APOLLO): Priya, due Wed 9 Dec", "Ask the testers: Omar"
    )


async def what_is_restricted_is_decided_in_a_window_of_ones_own(council: Meetings) -> None:
    opened = await council.told("carol", "is open.")
    await council.push("carol", await council.card(), "Next")
    card = await council.card("Between items")
    assert in_order(words(card.blocks), "Between items", "Student Portal: red since")
    run = await council.window("carol", opened, "Run the meeting")
    assert "Sell the falcons? (FALCON)" in words(run.blocks)
    view = await council.window_above("carol", run, "Decide")
    assert "D-3" in await council.fill_above(
        "carol", view, run, outcome="rejected", method="consensus"
    )
    told = words((await council.card("Between items")).blocks)
    assert "Decisions: 2" in told
    assert "Sell the falcons?" in await council["omar"].read("meeting card")
    assert "alcon" not in await council["erik"].read("meeting card")
    await council.push("carol", card, "Next")
    await council.card("red since 18 Nov 2026 (APOLLO)*")


async def it_is_closed_and_its_minutes_are_drafted(council: Meetings) -> None:
    await council.scene.at(new_york(3, 14, 55))
    card = await council.card()
    await council.press("carol", card, "Close the meeting", "The meeting is closed.")
    (card,) = council.heads("met from")
    assert buttons(card) == []
    draft = await council.told("carol", "Drafted from the record")
    told = words(draft.blocks)
    assert in_order(told, "Present: Arjun (no vote), Ben, Carol, Omar, Erik for Nadia", "4 of 4")
    assert in_order(told, "Who tests in March?", "parked", "D-2", "For: Carol, Omar, Erik", "D-3")
    assert in_order(told, "Actions", "condition of D-2", "Next meeting: Thu 17 Dec 2026 14:00")
    told = words((await council.told("priya", "2 new actions for you")).blocks)
    assert in_order(told, "Check the contract", "condition of D-2", "Find a second buyer")


async def minutes_are_edited_posted_and_objected_to(council: Meetings) -> None:
    await council.scene.at(new_york(4, 9))
    draft = await council.told("carol", "Drafted from the record")
    view = await council.window("carol", draft, "Edit")
    assert "Version 2 is saved." in await council.fill("carol", view, summary="Acme it is.")
    draft = await council.told("carol", "Draft, version 2")
    await council.press("carol", draft, "Post", "The minutes are posted: version 2.")
    minutes = await council.seen(lambda: council.heads("Minutes: ITS Council"), "Acme it is.")
    assert in_order(words(minutes.blocks), "APOLLO: Buy from Acme instead?", "not approved yet")
    (written,), (printed,) = council.files(".docx")[-1:], council.files(".pdf")
    assert in_order(words_of_document(written), "Acme it is.", "Buy from Acme instead?")
    assert "alcon" not in words_of_document(written)
    assert printed.content.startswith(b"%PDF-")
    await council.told("omar", "This copy is yours")
    assert "Sell the falcons?" in words((await council.told("omar", "This copy is yours")).blocks)
    view = await council.window("ben", minutes, "Object")
    assert "is kept" in await council.fill("ben", view, text="I abstained.")
    objection = await council.told("carol", "Ben objects to the minutes")
    view = await council.window("carol", objection, "Answer")
    assert "Ben gets it" in await council.fill("carol", view, text="You said no twice.")
    await council.told("ben", "You said no twice.")
    await council.seen(lambda: council.heads("Minutes: ITS"), "1 objection, 0 without an answer")


async def members_vote_between_the_meetings(council: Meetings) -> None:
    (votes,) = await council["carol"].ask("vote ITS")
    view = await council.window("carol", votes, "Open a vote")
    told = await council.fill("carol", view, question="Rent a second room?")
    assert "4 members have until Tue 8 Dec 2026 17:00" in told
    for name in ("carol", "omar"):
        paper = await council.told(name, "votes openly")
        await council.press(name, paper, "Approve", "Your vote: Approve.")
    await council.scene.at(new_york(7, 9))
    paper = await council.told("ben", "A vote is still in your hands.")
    await council.press("ben", paper, "Reject", "Your vote: Reject.")
    await council.scene.at(new_york(8, 17, 1))
    (result,) = council.heads("has decided out of cycle")
    told = words(result.blocks)
    assert in_order(told, "Approve: 2 (Carol, Omar)", "Reject: 1 (Ben)", "3 of 4 voted, 3 had to")
    assert "Rent a second room?" in await council["omar"].read("decisions room")


async def owners_are_reminded(council: Meetings) -> None:
    """Three working days before: Priya; on the day and two days after: Omar, then the chair."""
    told = [
        words(each.blocks) for each in council.mail("priya") if "to see to" in words(each.blocks)
    ]
    assert len(told) == 1
    assert in_order(told[0], "2 actions to see to", "Check the contract", "due Wed 9 Dec 2026")
    await council.told("omar", "due Mon 7 Dec 2026 · today")
    await council.scene.at(new_york(9, 9, 30))
    await council.told("omar", "overdue by 2 days")
    overdue = words((await council.told("carol", "Overdue in ITS Council")).blocks)
    assert in_order(overdue, "Ask the testers", "Omar", "overdue by 2 days")
    assert "Check the contract" not in overdue


async def the_next_report_answers_for_the_actions(council: Meetings) -> None:
    scene = council.scene
    assert "2 open actions" in words((await council.told("priya", "Status Wed 9 Dec")).blocks)
    view = await scene.open_form("priya", "APOLLO")
    checked, moved = sorted(each for each in fields_of(view) if each.startswith("action:"))
    assert not held(view, "decision")  # it has been taken
    assert label(view, checked).startswith("A-1 Check the contract · Priya · due Wed 9 Dec")
    with pytest.raises(ClientRefusal) as refused:  # what is due by the cut-off needs an answer
        await scene.send("priya", view, {"promise:0": "not_done"})
    assert {checked, moved} <= refused.value.errors.keys()
    due = moved.replace("action:", "action_due:").rpartition(":")[0]
    await scene.choose("priya", view, moved, "moved")
    await scene.until(lambda: due in fields_of(top(council)), "the field for the date")
    view = top(council)
    sent = await scene.send("priya", view, {checked: "done", due: "2026-12-18"})
    assert sent.ok, sent
    assert not sent.errors, sent
    await council["priya"].close()
    told = await council["carol"].read("actions ITS Council")
    assert in_order(told, "Ask the testers", "overdue by 2 days", "Find a second buyer")
    assert "due Fri 18 Dec 2026" in told
    assert "1 action closed" in told


def label(view: View, block_id: str) -> str:
    """The words over a field."""
    block = next(each for each in view.blocks if each.get("block_id") == block_id)
    return words(block["label"])


def top(council: Meetings) -> View:
    view = council["priya"].top()
    assert view is not None
    return view


async def the_second_agenda_has_what_is_left(council: Meetings) -> None:
    await council.scene.at(new_york(10, 9))
    call = await council.seen(lambda: council.heads("Thu 17 Dec 2026 14:00"), "Open the pack")
    told = words(call.blocks)
    assert in_order(told, "By consent", "Approve the minutes of 3 Dec", "Rent a second room?")
    assert in_order(told, "Overdue action: Ask the testers", "Who tests in March?", "read back")
    assert "Buy from Acme" not in told


async def the_second_meeting_approves_the_minutes_of_the_first(council: Meetings) -> None:
    await council.scene.at(new_york(17, 14))
    waiting = await council.told("carol", "begins Thu 17 Dec 2026 14:00")
    await council.press("carol", waiting, "Open the meeting", "is open.")
    card = await council.card("1 vote here")
    for name in ("omar", "nadia"):
        await council.press(name, card, "I'm here", "You are here")
    await council.push("carol", await council.card("3 votes here"), "Agree to all")
    card = await council.card("Approved: Approve the minutes of 3 Dec 2026")
    await council.push("carol", card, "Next")
    card = await council.card("Overdue action: Ask the testers*")
    await council.press("carol", card, "Close the meeting", "The meeting is closed.")
    (minutes,) = council.heads("approved in the meeting of Thu 17 Dec 2026")
    assert buttons(minutes) == []
    told = words((await council.told("carol", "Approved, and locked.")).blocks)
    assert "Add a correction" in told
    draft = await council.told("carol", "Drafted from the record")
    assert "noted" in words(draft.blocks)
    assert "Rent a second room?" in words(draft.blocks)


async def both_meetings_stand_in_the_log(council: Meetings) -> None:
    told = await council["carol"].read("decisions")
    assert in_order(
        told,
        *("*D-5*", "Approve the minutes", "*D-4*", "Rent a second room?"),
        *("*D-3*", "Sell the falcons?", "*D-2*", "Buy from Acme", "*D-1*", "A room for January"),
    )
    assert "alcon" not in await council["erik"].read("decisions")
    figures = await council["carol"].read("meeting figures ITS")
    assert "Decisions: median 11 working days" in figures


async def the_channel_was_told_little_and_nothing_restricted(council: Meetings) -> None:
    """Of each meeting a call, a card and its minutes; of the vote its result; and two digests."""
    assert "alcon" not in council.channel().casefold()
    for text, count in (
        ("Open the pack", 2),
        ("met from", 2),
        ("Minutes: ITS Council", 1),
        ("decided out of cycle", 1),
        ("· status", 2),
    ):
        assert len(council.heads(text)) == count, text
    assert len(council.scene.heads("its-council")) == 8
    assert council.scene.sandbox.calls.refusals == []
