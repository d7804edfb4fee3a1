"""How meetings look: lists, windows and what is typed there."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from domain.meetings.values import CouncilMeetings, MeetingCard, MeetingList, Planning, Saved, Wish
from message_templates.meetings.calendar import posted
from message_templates.meetings.list import meeting_messages
from message_templates.meetings.window import (
    WindowState,
    cancelling_view,
    planning_view,
    read_cancelling,
    read_window,
    saved_notice,
    saved_view,
)
from models.enums import MeetingState
from tests.support.looks import assert_slack_takes, shown

CARD = MeetingCard(
    meeting_id=5,
    council_id=1,
    council="ITS Council",
    title="Budget",
    starts_at=datetime(2026, 12, 4, 19, tzinfo=UTC),
    minutes=60,
    timezone="America/New_York",
    place="https://meet.example/1",
    state=MeetingState.PLANNED,
    reason="company closure",
    moved_from=date(2026, 12, 3),
    is_extra=False,
    sequence=3,
    may_run=True,
)
OFF = replace(CARD, state=MeetingState.CANCELLED, reason="No quorum", moved_from=None)
PLANNING = Planning(1, "ITS Council", "America/New_York", date(2026, 12, 4), time(14), 60)


def listed(*cards: MeetingCard, named: str = "", may_run: bool = True) -> str:
    own = CouncilMeetings(1, "ITS Council", cards, may_run)
    messages = meeting_messages(MeetingList([own], is_next=False, named=named))
    assert_slack_takes(messages)
    return "\n".join(shown(each.blocks) for each in messages)


def test_a_list_says_what_is_moved_or_cancelled_and_why() -> None:
    text = listed(CARD, OFF)
    for part in ("Moved from Thu 3 Dec 2026 (company closure)", "cancelled*: No quorum", "Budget"):
        assert part in text
    assert "Let it take place" in text


def test_among_councils_a_few_meetings_each_are_shown_and_of_one_all() -> None:
    assert "and 9 later" in listed(*[CARD] * 12)
    assert listed(*[CARD] * 12, named="ITS Council").count("Budget") == 12
    reader = listed(*[replace(CARD, may_run=False)] * 2, may_run=False)
    assert "Change" not in reader
    assert "The council's chair and the PMO plan them" in listed(may_run=False)
    assert "There is no council" in shown(meeting_messages(MeetingList([], is_next=True))[0].blocks)


def test_a_window_remembers_what_it_was_opened_with_and_is_read_as_it_was_typed() -> None:
    planning = replace(PLANNING, meeting_id=5, sequence=3, title="Budget")
    view = planning_view(planning)
    typed: dict[str, Any] = {
        each["block_id"]: {each["element"]["action_id"]: {"value": "typed"}}
        for each in view["blocks"]
        if each["type"] == "input"
    }
    typed["day"] = {"day": {"selected_date": "2026-12-05"}}
    typed["title"] = {"title": {"value": None}}
    sent = {"private_metadata": view["private_metadata"], "state": {"values": typed}}
    state, wish = read_window(sent)
    assert state == WindowState(1, 5, 3)
    assert wish == Wish("2026-12-05", "typed", "typed", title="", place="typed")
    asked = cancelling_view(planning)
    values = {"reason": {"reason": {"value": "Ill"}}}
    metadata = asked["private_metadata"]
    assert read_cancelling({"private_metadata": metadata, "state": {"values": values}}) == (
        state,
        "Ill",
    )


@pytest.mark.parametrize(
    ("saved", "text"),
    [
        (Saved(CARD), "leaves this meeting alone"),
        (Saved(CARD, is_same=True), "It was so already"),
        (Saved(CARD, is_skipped=True), "The clocks skip that hour"),
        (Saved(OFF), "Cancelled."),
    ],
)
def test_what_became_of_a_press_is_said(saved: Saved, text: str) -> None:
    assert text in shown(saved_view(saved)["blocks"])
    assert text in shown(saved_notice(saved).blocks)
    assert_slack_takes([saved_notice(saved), posted("ITS Council")])
