"""How a meeting that runs looks: its card, the window in which it is run, what is typed there."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.meetings.attendance.messages import HereTold, SeatTold
from domain.meetings.sitting.messages import (
    ActionTold,
    CardTold,
    DecisionTold,
    ItemTold,
    LiveCard,
    MeetingClosedItself,
    MeetingNotStarted,
    MeetingToOpen,
)
from domain.meetings.sitting.reading.values import Typed
from domain.meetings.sitting.values import Acting, Deciding, Given, Opened, OwnCard, Recorded
from message_templates.kit import Block
from message_templates.meetings.card import Press, own_card_messages, run_view
from message_templates.meetings.deciding import (
    WindowState,
    action_view,
    choose_view,
    decide_view,
    park_view,
    pull_view,
    read_action_fields,
    read_choice,
    read_decide,
)
from message_templates.meetings.sitting import (
    closed_notice,
    given_notice,
    opened_notice,
    recorded_notice,
    recorded_view,
)
from message_templates.rendering import render
from models.enums import Outcome, Purpose
from sandbox.blockkit import check_view
from tests.support.looks import assert_slack_takes, shown

ZONE = "America/New_York"
AT = datetime(2026, 12, 3, 19, 2, tzinfo=UTC)
ITEM = ItemTold(7, 3, "Which cloud?", Purpose.DECIDE, 10, "Omar", "APOLLO")
CARD = CardTold(
    meeting_id=5,
    revision=4,
    title="ITS Council",
    timezone=ZONE,
    began_at=AT,
    chair="Carol",
    here=HereTold((SeatTold("Carol"),), 1, 2),
    current=ITEM,
    ends_at=AT.replace(minute=20),
    ahead=(replace(ITEM, item_id=8, number=4, title="News", code="", minutes=0, is_left=True),),
    left=3,
    consent=(replace(ITEM, item_id=9, number=2, title="Minutes"),),
    decisions=(
        DecisionTold("Budget?", Outcome.CONDITIONAL, "Half", "EOS", (5, 1, 0), 2, has_quorum=False),
    ),
    decided=4,
    actions=(ActionTold("Write the plan", "Omar", date(2026, 12, 11), "APOLLO", "A-3"),),
    given=1,
    parked=("Parking lots",),
)
OWN = OwnCard(
    CARD,
    council_id=1,
    leads=True,
    has_vote=True,
    is_member=True,
    is_running=True,
    may_reopen=False,
)


def of_card(card: CardTold) -> str:
    messages = render(LiveCard(card))
    assert_slack_takes(messages)
    return shown(messages[0].blocks)


def test_the_card_tells_what_is_on_what_comes_and_what_was_recorded() -> None:
    text = of_card(CARD)
    for part in (
        "Carol has the chair",
        "No quorum: 1 vote here, 2 needed",
        "Now: 3. Which cloud? (APOLLO)",
        "Decide, 10 minutes, Omar. Item ends",
        "4. News: decide, Omar (still to be decided)",
        "and 2 more",
        "2. Minutes",
        "Decisions: 4",
        "Approved with conditions:",
        "Budget?: Half (EOS); 5 for, 1 against, 0 abstained; 2 conditions; without a quorum",
        "APOLLO A-3 Write the plan: Omar, due Fri 11 Dec 2026",
        "Parking lots",
    ):
        assert part in text, part
    assert "Running over since" in of_card(replace(CARD, is_over=True))
    between = of_card(replace(CARD, current=None, ends_at=None))
    assert "*Between items.* *Next* goes on; when nothing is left, close the meeting." in between
    assert "Which cloud" not in between


def test_a_closed_meeting_has_no_buttons_and_says_who_closed_it() -> None:
    over = replace(CARD, ended_at=AT.replace(hour=20), closed_by="Dana")
    text = of_card(over)
    assert "Dana closed it. Carol had the chair." in text
    assert "Next" not in text
    assert "Carol had the chair and closed it." in of_card(replace(over, closed_by="Carol"))
    assert "It closed itself" in of_card(replace(over, closed_by=""))
    own = own_card_messages(replace(OWN, card=over, is_running=False, may_reopen=True))
    assert "Open again" in shown(own[0].blocks)


def test_two_hundred_items_and_long_titles_still_fit() -> None:
    items = tuple(
        replace(ITEM, item_id=number, number=number, title="x" * 300, is_restricted=True)
        for number in range(200)
    )
    card = replace(
        CARD,
        ahead=items,
        left=200,
        consent=items,
        actions=(replace(CARD.actions[0], title="y" * 200),) * 200,
        decisions=CARD.decisions * 200,
        parked=("z" * 300,) * 200,
    )
    own = replace(OWN, card=card, news="Dana was faster.")
    assert_slack_takes(own_card_messages(own))
    assert not check_view(run_view(own))
    assert not check_view(choose_view(5, 4, items))
    assert not check_view(pull_view(5, ()))


def test_who_may_press_less_sees_less() -> None:
    assert "Run the meeting" in shown(own_card_messages(OWN)[0].blocks)
    member = shown(own_card_messages(replace(OWN, leads=False))[0].blocks)
    assert "Run the meeting" not in member
    assert "Action" in member
    other = shown(own_card_messages(replace(OWN, leads=False, is_member=False))[0].blocks)
    assert "Pull one out" in other


def test_a_press_is_read_as_it_was_written() -> None:
    press = Press(5, 4, (7, 8))
    assert Press.read(press.text) == press
    assert Press.read(Press(5, 4).text) == Press(5, 4)


def sent(view: Block, **typed: Any) -> dict[str, Any]:
    assert not check_view(view)
    values = {name: {name: field} for name, field in typed.items()}
    return {"private_metadata": view["private_metadata"], "state": {"values": values}}


def test_the_window_of_a_decision_keeps_what_it_is_about() -> None:
    window = Deciding(5, "ITS", 7, "Which cloud?", "APOLLO", 1, "D-1, approved", "No quorum.")
    view = decide_view(window, "V1")
    assert "There is a decision about this item already: D-1, approved" in shown(view["blocks"])
    state, typed, below = read_decide(
        sent(
            view,
            question={"value": "Which cloud?"},
            outcome={"selected_option": {"value": "approved"}},
            method={"selected_option": {"value": "vote"}},
            votes={"value": None},
            effective_on={"selected_date": "2027-01-01"},
        )
    )
    assert (state.meeting_id, state.item_id, state.known, below) == (5, 7, 1, "V1")
    assert typed == Typed("Which cloud?", "approved", "vote", effective_on="2027-01-01")


def test_windows_of_actions_and_items_are_read_as_they_were_typed() -> None:
    acting = Acting(5, "ITS", 4, "Which cloud?", "APOLLO")
    typed = {
        "title": {"value": "Write"},
        "owner": {"selected_user": "U0OMAR"},
        "due_on": {"selected_date": "2026-12-11"},
        "project": {"value": "APOLLO"},
    }
    state, fields, is_action = read_action_fields(sent(action_view(acting), **typed))
    assert (state, is_action) == (WindowState(5), True)
    assert (fields.title, fields.owner, fields.due_on) == ("Write", "U0OMAR", "2026-12-11")
    carry = {"how": {"selected_option": {"value": "carry"}}}
    state, _fields, is_action = read_action_fields(sent(park_view(acting, "V1"), **carry))
    assert (state, is_action) == (WindowState(5, 4, run_view="V1"), False)
    chosen = {"item": {"selected_option": {"value": "7"}}}
    assert read_choice(sent(choose_view(5, 4, [ITEM]), **chosen)) == (WindowState(5, 4), 7)


OPENED = Opened(5, "ITS Council", ZONE, AT, "Carol", is_new=True)
RECORDED = Recorded(
    "D-12", "Cloud?", Outcome.APPROVED, "ITS", "ITS", "Cloud", 2, had_quorum=False, project="APOLLO"
)
GIVEN = Given("A-3", "Write", "Omar", date(2026, 12, 11), "ITS Council")


def test_what_became_of_a_press_is_said() -> None:
    notices = [
        opened_notice(OPENED),
        opened_notice(replace(OPENED, is_new=False)),
        closed_notice(5),
        recorded_notice(RECORDED),
        given_notice(GIVEN),
    ]
    assert_slack_takes(notices)
    opened, again, closed, recorded, given = [shown(each.blocks) for each in notices]
    assert "ITS Council is open." in opened
    assert "runs already" in again
    assert "opened by Carol" in again
    assert "The meeting is closed." in closed
    assert "D-12, approved: Cloud? (APOLLO)" in recorded
    assert "Recorded without a quorum. Its 2 conditions are actions now." in recorded
    assert "Omar has it in hand, due Fri 11 Dec 2026. ITS Council, outside of a meeting." in given
    assert "D-12" in shown(recorded_view(RECORDED)["blocks"])
    assert "A-3" in shown(recorded_view(GIVEN)["blocks"])


@pytest.mark.parametrize(
    ("message", "text", "button"),
    [
        (MeetingToOpen(5, "ITS", AT, ZONE), "Open it when you are together", "Open the meeting"),
        (MeetingToOpen(5, "ITS", AT, ZONE, is_late=True), "nobody has opened", "I take the chair"),
        (MeetingNotStarted(5, "ITS", AT, ZONE, "Carol"), "The chair is Carol", "Open the meeting"),
        (MeetingNotStarted(5, "ITS", AT, ZONE, ""), "has no chair", "Open the meeting"),
        (MeetingClosedItself(5, "ITS", AT, ZONE, 4), "4 hours after its planned", "Open again"),
    ],
)
def test_who_is_to_open_or_close_is_told_with_a_button(
    message: Any, text: str, button: str
) -> None:
    messages = render(message)
    assert_slack_takes(messages)
    assert text in shown(messages[0].blocks)
    assert button in shown(messages[0].blocks)


def test_once_it_is_open_the_button_is_gone() -> None:
    told = MeetingToOpen(5, "ITS", AT, ZONE, opened_by="Omar", opened_at=AT)
    missed = MeetingNotStarted(5, "ITS", AT, ZONE, "Carol", opened_by="Omar", opened_at=AT)
    for message in (told, missed):
        text = shown(render(message)[0].blocks)
        assert "opened by Omar" in text
        assert "Open the meeting" not in text


@pytest.mark.parametrize(
    ("fact", "text"),
    [("is_cancelled", "is cancelled."), ("is_missed", "nobody opened it. Its time is over")],
)
def test_once_it_cannot_be_opened_any_more_the_button_is_gone(fact: str, text: str) -> None:
    became: dict[str, Any] = {fact: True}
    told = MeetingToOpen(5, "ITS", AT, ZONE, is_late=True, **became)
    missed = MeetingNotStarted(5, "ITS", AT, ZONE, "Carol", **became)
    for message in (told, missed):
        (one,) = render(message)
        assert text in shown(one.blocks)
        assert not any(block["type"] == "actions" for block in one.blocks)
