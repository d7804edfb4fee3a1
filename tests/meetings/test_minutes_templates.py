"""How minutes look: drafted, posted, objected to, listed; and the windows they are written in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.delivery.messages import Message
from domain.meetings.minutes.messages import (
    MinutesAmended,
    MinutesDraft,
    MinutesMissing,
    MinutesPosted,
    MinutesWanted,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionsOver,
)
from domain.meetings.minutes.rules import without_refs
from domain.meetings.minutes.values import (
    Addendum,
    Editing,
    MinutedDecision,
    MinutesLine,
    MinutesList,
    MinutesRead,
    ObjectionRead,
    Standing,
)
from message_templates.documents.minutes_fields import decision_words
from message_templates.meetings.minutes_list import list_messages, read_messages
from message_templates.meetings.minutes_window import (
    PAGE,
    addendum_view,
    answering_view,
    chosen_page,
    done_notice,
    done_view,
    editing_view,
    objecting_view,
    read_editing,
    read_text,
)
from message_templates.rendering import render
from models.enums import Method, MinutesState, Outcome
from tests.support.looks import assert_slack_takes, shown
from tests.support.minuted import APPROVED, DRAFT, LIDAR, MAY, MINUTES, POSTED, POSTED_AT

READ = MinutesRead(7, 1, MINUTES, DRAFT, may_write=True)
OBJECTION = ObjectionRead(
    3, 7, "ITS Council", "", MINUTES.starts_at, MINUTES.timezone, 2, "Omar", "I dissented."
)
CORRECTED = replace(MINUTES, addenda=(Addendum("It was 3 to 1.", "Carol", POSTED_AT),))
ADDED = replace(APPROVED, version=3, state=MinutesState.ADDENDUM)
TOLD = ("ITS Council", "ITS Council", MINUTES.starts_at, MINUTES.timezone)


def text_of(message: Message) -> str:
    rendered = render(message)
    assert_slack_takes(rendered)
    return "\n".join([rendered[0].text, *(shown(each.blocks) for each in rendered)])


def draft(standing: Standing, **others: Any) -> str:
    return text_of(MinutesDraft(7, MINUTES, standing, POSTED_AT + timedelta(days=2), **others))


def test_a_draft_tells_all_of_the_record_and_what_to_do() -> None:
    text = draft(DRAFT)
    for part in (
        "Draft minutes: ITS Council",
        "Drafted from the record.",
        "Thu 3 Dec 14:02 to 15:00 (America/New_York), led by Carol",
        "Present: Carol, Łucja Ελένη Олег for Omar",
        "Quorum: 2 of 3 voting seats taken, 2 needed",
        "Apologies: Ben",
        "1. Buy the lidar (decide, APOLLO, Ana)",
        "A *bold* <@U0EVIL> word.",
        "D-3 Do we buy the lidar?",
        "Approved with conditions: The small one (2 for, 1 against, 0 abstained, from Mon 7 Dec",
        "Condition: A third offer",
        "Dissent: Omar: too dear",
        "Declared interest: Ben: his cousin sells it",
        "Votes: Carol for, Omar against",
        "2. Budget 2027 (discuss: carried over to a later meeting)",
        "3. Old minutes (decide: agreed together with the other routine items)",
        "by consensus, without a quorum",
        "Extend the pilot?",
        "Ana, by Thu 10 Dec 2026: Get a third offer (APOLLO A-7, condition of D-3)",
        "Nobody: Book a room (A-1)",
        "Next meeting",
        "Draft, version 1",
        "Draft again",
    ):
        assert part in text, part
    assert "restricted" not in text
    assert "members of the council get all of it" in draft(DRAFT, is_whole_for_all=False)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            replace(LIDAR, question="Buy beer", outcome=Outcome.REJECTED, chosen=""),
            "D-3 Buy beer: Rejected (2 for, 1 against, 0 abstained)",
        ),
        (
            replace(LIDAR, method=Method.CHAIR, chosen=""),
            "D-3 Do we buy the lidar? Approved with conditions (by the chair, 2 for, ",
        ),
        (MAY, "D-4 Meet in May? Approved (by consensus, without a quorum)"),
        (
            replace(MAY, votes_for=3),
            "D-4 Meet in May? Approved (by consensus, 3 for, 0 against, 0 abstained, ",
        ),
    ],
)
def test_a_decision_is_parted_from_its_outcome_and_shows_the_votes_there_are(
    line: MinutedDecision, words: str
) -> None:
    assert decision_words(line).startswith(words)
    in_list = text_of(MinutesPosted(7, replace(MINUTES, items=(), decisions=(line,)), POSTED))
    assert words.removeprefix(f"{line.ref} ") in in_list.replace("*", "")


def test_what_can_be_done_follows_where_the_minutes_stand() -> None:
    assert "Posted. What you edit now" in draft(POSTED)
    assert "Add a correction" in draft(APPROVED)
    assert "approved in the meeting of Thu 7 Jan 2027" in draft(APPROVED)


def test_the_channel_gets_the_outcome_in_one_message_and_no_gaps() -> None:
    bare = without_refs(MINUTES)
    (rendered,) = render(MinutesPosted(7, bare, POSTED))
    text = text_of(MinutesPosted(7, bare, POSTED))
    assert rendered.text.startswith("Minutes of ITS Council, Thu 3 Dec 14:02: 2 decisions, 2 act")
    assert "APOLLO: Do we buy the lidar? Approved with conditions" in text
    assert "Get a third offer (APOLLO, a condition)" in text
    assert "Book a roomNext meeting" in text
    assert "Members can object until the end of Thu 10 Dec 2026 (America/New_York)" in text
    assert "Version 2, posted Thu 3 Dec 15:00, changed Thu 3 Dec 15:30, not approved yet" in text
    assert "D-3" not in text
    assert "Object" in str(rendered.blocks)
    over = replace(POSTED, is_objectable=False)
    assert "Nobody objected in time." in text_of(MinutesPosted(7, bare, over))
    late = text_of(MinutesPosted(7, bare, replace(over, objections=2, open_objections=1)))
    assert "2 objections, 1 without an answer" in late
    many = replace(bare, decisions=bare.decisions * 20, actions=bare.actions * 20, seats_taken=1)
    text = text_of(MinutesPosted(7, many, POSTED))
    assert "and 9 more, in the thread" in text
    assert "Quorum: Missed: 1 of 3" in text
    empty = replace(bare, decisions=(), items=(), actions=(), next_at=None, summary="")
    assert "No decisions." in text_of(MinutesPosted(7, empty, POSTED))


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (MinutesWanted(7, 2, *TOLD), ["are not posted yet", "Post"]),
        (MinutesMissing(7, *TOLD, "Carol"), ["Carol has the draft", "minutes ITS Council 2026-12"]),
        (MinutesMissing(7, *TOLD, ""), ["three working days after the meeting. The PMO"]),
        (ObjectionRaised(OBJECTION), ["Omar objects", "I dissented.", "Answer it, or edit"]),
        (
            ObjectionRaised(replace(OBJECTION, answer="It is in.", answered_by="Carol")),
            ["Carol answered:", "It is in."],
        ),
        (ObjectionAnswered(replace(OBJECTION, answer="In.", answered_by="Carol")), ["In."]),
        (ObjectionAnswered(replace(OBJECTION, answered_by="Carol")), ["answered your objection"]),
        (ObjectionsOver(7, *TOLD, 2, 1), ["2 objections, 1 without an answer"]),
        (MinutesAmended(CORRECTED.addenda[0], MINUTES.timezone), ["3 to 1.", "by Carol, Thu 3 D"]),
        (
            MinutesAmended(replace(CORRECTED.addenda[0], text=""), MINUTES.timezone),
            ["was taken out of here"],
        ),
    ],
)
def test_each_message_says_the_cause_and_what_to_do(message: Message, parts: list[str]) -> None:
    text = text_of(message)
    assert [each for each in parts if each not in text] == []


def test_a_list_and_one_meetings_minutes() -> None:
    line = MinutesLine(7, *TOLD[:2], *TOLD[2:], POSTED)
    messages = list_messages(MinutesList((line, replace(line, title="Extra")), "ITS Council"))
    assert_slack_takes(messages)
    text = shown(messages[0].blocks)
    assert "Thu 3 Dec 14:00" in text
    assert ": Extra" in text
    assert "`/project minutes ITS Council 2026-12-03`" in text
    assert "ITS Council" in shown(list_messages(MinutesList((line,)))[0].blocks)
    assert "There are no minutes that you may read" in shown(
        list_messages(MinutesList(()))[0].blocks
    )
    for read, part in (
        (READ, "Draft minutes"),
        (replace(READ, standing=POSTED, may_write=False), "Send me the files"),
        (replace(READ, minutes=CORRECTED, standing=ADDED), "It was 3 to 1."),
    ):
        messages = read_messages(read)
        assert_slack_takes(messages)
        assert part in "\n".join(shown(each.blocks) for each in messages)
    assert "corrected Thu 3 Dec 15:30" in shown(messages[0].blocks)


def filled(view: dict[str, Any], **typed: str) -> dict[str, Any]:
    """A window as Slack sends it: what it opened with, but for what was typed."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name = block["block_id"]
            initial = block["element"].get("initial_value")
            values[name] = {name: {"value": typed.get(name, initial)}}
    values[PAGE] = {PAGE: {"selected_option": {"value": "1"}}}
    return {**view, "state": {"values": values}}


def test_the_window_gives_back_what_it_was_opened_with_also_long_texts() -> None:
    long = ("A line of words.\n" * 300 + "x" * 3_000 + " end").strip()
    items = (replace(MINUTES.items[0], note=long), *MINUTES.items[1:])
    minutes = replace(MINUTES, items=items, summary="s" * 2_400)
    view = editing_view(Editing(replace(READ, minutes=minutes), is_saved=True))
    state, wording = read_editing(filled(view))
    assert (state.number, state.version) == (7, 1)
    assert wording.summary == minutes.summary
    assert dict(wording.notes)[1] == long
    assert dict(wording.titles) == {1: "Buy the lidar", 2: "Budget 2027", 3: "Old minutes"}
    assert "saved as version 1" in shown(view["blocks"])
    more = {"summary~1": "And more."}
    assert read_editing(filled(view, **more))[1].summary == f"{minutes.summary}\nAnd more."


def test_many_items_come_in_pages() -> None:
    items = tuple(replace(MINUTES.items[1], item_id=n, note="n" * 11_900) for n in range(25))
    read = replace(READ, minutes=replace(MINUTES, items=items), standing=POSTED)
    views = [editing_view(Editing(read, page)) for page in range(3)]
    assert [len(view["blocks"]) <= 100 for view in views] == [True] * 3
    found = [read_editing(filled(view))[1] for view in views]
    assert [len(each.notes) for each in found] == [10, 10, 5]
    assert [each.summary is None for each in found] == [False, True, True]
    assert "Items 11 to 20 of 25" in str(views[1])
    assert chosen_page({"actions": [{"selected_option": {"value": "2"}}]}) == 2


def test_the_small_windows_take_one_text() -> None:
    for view in (addendum_view(READ), objecting_view(READ), answering_view(OBJECTION)):
        state, text = read_text(filled(view, text=" Said. "))
        assert (state.number in (3, 7), text) == (True, "Said.")
    for name in ("saved", "added", "objected", "answered"):
        assert done_view(name, standing=DRAFT, told=OBJECTION)["type"] == "modal"
    for name in ("posted", "redrafted", "sent"):
        assert done_notice(name, standing=POSTED, zone=MINUTES.timezone).text
