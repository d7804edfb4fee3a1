"""How votes out of cycle look: ballots, reminders, results, lists and windows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.meetings.ballots.messages import (
    BallotPaper,
    BallotReminder,
    BallotResult,
    PaperState,
    Question,
)
from domain.meetings.ballots.values import (
    BallotCard,
    BallotList,
    BallotWish,
    Blank,
    CouncilBallots,
    Opened,
    Outcomes,
    Pressed,
    Result,
    Share,
)
from domain.portfolio.values import PersonName
from message_templates.meetings.ballot import told
from message_templates.meetings.ballot_list import ballot_messages
from message_templates.meetings.ballot_window import (
    cancelling_view,
    done_view,
    handing_view,
    opened_view,
    opening_view,
    read_cancelling,
    read_handing,
    read_opening,
)
from message_templates.rendering import render
from models.enums import BallotState, Outcome, SecretVotes, Verdict
from sandbox.blockkit import check_view
from tests.support.looks import assert_slack_takes, shown

CLOSES = datetime(2026, 11, 30, 22, tzinfo=UTC)
VOTED = datetime(2026, 11, 27, 15, 2, tzinfo=UTC)
ASKED = Question(
    ballot_id=7,
    council="ITS Council",
    question="Buy the <licence>?",
    text="x" * 4_000,
    options=("Approve", "Reject"),
    is_secret=False,
    opened_by="Carol",
    closes_at=CLOSES,
    timezone="America/New_York",
    code="APOLLO",
    project="Moon",
    needed="Which vendor?",
)
SECRET = replace(ASKED, is_secret=True)
PAPER = BallotPaper(ASKED, 12, can_hand_on=True)
RESULT = Result(
    verdict=Verdict.DECIDED,
    shares=(Share("Approve", 2, ("Carol", "Omar")), Share("Reject", 1, ("Ben",))),
    abstained=Share("", 1, ("Li",)),
    seats=5,
    cast=4,
    needed=3,
    chosen="Approve",
    outcome=Outcome.APPROVED,
)


def buttons_of(paper: BallotPaper) -> list[dict[str, Any]]:
    messages = render(paper)
    assert_slack_takes(messages)
    blocks = [block for each in messages for block in each.blocks]
    return [button for each in blocks if each["type"] == "actions" for button in each["elements"]]


def words_of(message: Any) -> str:
    messages = render(message)
    assert_slack_takes(messages)
    return "\n".join(shown(each.blocks) for each in messages)


@pytest.mark.parametrize(
    ("paper", "labels", "text"),
    [
        (PAPER, ["Approve", "Reject", "Abstain", "Hand my vote to …"], "ITS Council votes openly"),
        (
            replace(PAPER, voted_at=VOTED, choice="Approve", can_hand_on=False),
            ["Approve", "Reject", "Abstain"],
            "You voted Approve, ",
        ),
        (replace(PAPER, voted_at=VOTED, can_hand_on=False), ["Approve"], "You voted to abstain"),
        (replace(PAPER, asked=SECRET), ["Approve"], "your press counts once"),
        (replace(PAPER, asked=SECRET, voted_at=VOTED), [], "Your vote is counted, "),
        (
            replace(PAPER, asked=SECRET, voted_at=VOTED, voted_by="Ben", state=PaperState.HANDED),
            [],
            "Your vote is counted: Ben has cast it",
        ),
        (
            replace(PAPER, state=PaperState.HANDED, delegate="Ben"),
            ["Take my vote back"],
            "take it back until it is cast",
        ),
        (
            replace(
                PAPER,
                state=PaperState.HANDED,
                delegate="Ben",
                voted_by="Ben",
                voted_at=VOTED,
                choice="Reject",
            ),
            ["Take my vote back"],
            "Ben voted Reject",
        ),
        (
            replace(PAPER, member="Omar", can_hand_on=False),
            ["Approve", "Reject", "Abstain", "Hand it back"],
            "Omar has handed you this vote",
        ),
        (
            replace(PAPER, member="Omar", voted_at=VOTED, choice="Reject", can_hand_on=False),
            ["Approve"],
            "You voted Reject for Omar",
        ),
        (replace(PAPER, member="Omar", state=PaperState.TAKEN_BACK), [], "with Omar again"),
        (replace(PAPER, state=PaperState.LEFT), [], "You have no vote on this council any more"),
        (
            replace(PAPER, state=PaperState.CANCELLED, reason="The vendor withdrew"),
            [],
            "Cancelled, and nothing of it counts: The vendor withdrew",
        ),
        (replace(PAPER, state=PaperState.CLOSED, result=RESULT), [], "Your vote was not cast."),
        (
            replace(
                PAPER, state=PaperState.CLOSED, result=RESULT, voted_at=VOTED, choice="Approve"
            ),
            [],
            "Approve: 2 (Carol, Omar)",
        ),
    ],
)
def test_a_ballot_says_how_it_stands_and_has_what_can_be_pressed(
    paper: BallotPaper, labels: list[str], text: str
) -> None:
    told_ = words_of(paper)
    assert text in told_
    assert "Buy the <licence>?" in told_
    assert told_.count("x" * 100) == 40  # whole, however it stands
    found = [each["text"]["text"] for each in buttons_of(paper)]
    assert found[: len(labels)] == labels
    assert bool(found) == bool(labels)


def test_a_secret_vote_is_asked_about_and_an_open_one_shows_the_choice() -> None:
    confirms = ["confirm" in each for each in buttons_of(replace(PAPER, asked=SECRET))]
    assert confirms == [True, True, True, False]
    cast = replace(PAPER, voted_at=VOTED, choice="Reject", can_hand_on=False)
    assert [each.get("style") for each in buttons_of(cast)] == [None, "primary", None]
    assert [each["value"] for each in buttons_of(cast)] == ["7:12:0", "7:12:1", "7:12:2"]


@pytest.mark.parametrize(
    ("reminder", "text"),
    [
        (BallotReminder(PAPER), "A vote is still in your hands"),
        (BallotReminder(PAPER, is_back=True), "Your vote is yours again"),
    ],
)
def test_a_reminder_can_be_answered_at_once_and_falls_silent(
    reminder: BallotReminder, text: str
) -> None:
    assert text in words_of(reminder)
    assert text in render(reminder)[0].text
    over = replace(reminder, paper=replace(PAPER, voted_at=VOTED, choice="Approve"))
    assert text not in words_of(over)


@pytest.mark.parametrize(
    ("message", "texts"),
    [
        (
            BallotResult(ASKED, RESULT, CLOSES, "D-3"),
            ["has decided out of cycle (D-3)", "4 of 5 voted, 3 had to", "Abstained: 1 (Li)"],
        ),
        (
            BallotResult(SECRET, replace(RESULT, verdict=Verdict.NO_MAJORITY, chosen=""), CLOSES),
            ["in secret", "no option has more than half"],
        ),
        (
            BallotResult(
                SECRET,
                Result(Verdict.NO_QUORUM, (), Share("", 0), 5, 2, 3),
                CLOSES.replace(hour=23),
                is_private=True,
            ),
            ["too few have voted", "would say who voted what", "I was away then", "members alone"],
        ),
    ],
)
def test_the_result_tells_what_was_decided_and_on_what_grounds(
    message: BallotResult, texts: list[str]
) -> None:
    found = words_of(message)
    for text in texts:
        assert text in found


OMAR = PersonName(4, "U0OMAR", "Omar")
PRESS = Outcomes(Pressed.VOTED, "Buy?", is_secret=False, closes_at=CLOSES, timezone="UTC")


@pytest.mark.parametrize(
    ("press", "text"),
    [
        (replace(PRESS, choice="Approve"), "Your vote: Approve. You may change it until"),
        (replace(PRESS, pressed=Pressed.CHANGED, member=OMAR), "The vote of Omar: abstain."),
        (replace(PRESS, is_secret=True), "Your vote is counted. It is final."),
        (replace(PRESS, pressed=Pressed.SAME), "Your vote was that already: abstain"),
        (replace(PRESS, pressed=Pressed.HANDED, member=OMAR), "Your vote is with Omar"),
        (replace(PRESS, pressed=Pressed.TAKEN_BACK), "Your vote is yours again"),
        (replace(PRESS, pressed=Pressed.HANDED_BACK, member=OMAR), "Omar has the vote back"),
        (replace(PRESS, pressed=Pressed.CANCELLED), "Cancelled."),
    ],
)
def test_who_presses_hears_what_became_of_it(press: Outcomes, text: str) -> None:
    assert_slack_takes([told(press)])
    assert text in shown(told(press).blocks)
    assert not check_view(done_view(press))


CARD = BallotCard(
    ballot_id=7,
    council_id=1,
    council="ITS Council",
    question="Buy?",
    code="APOLLO",
    state=BallotState.OPEN,
    is_secret=True,
    closes_at=CLOSES,
    timezone="UTC",
    closed_at=None,
    voted=3,
    seats=5,
    waiting=("Ben", "Li"),
    may_run=True,
)


def test_the_list_shows_what_is_open_and_what_came_of_the_others() -> None:
    closed = replace(CARD, state=BallotState.CLOSED, result=RESULT, is_secret=False)
    off = replace(CARD, state=BallotState.CANCELLED, reason="No need")
    cards = (CARD, closed, off)
    messages = ballot_messages(
        BallotList((CouncilBallots(1, "ITS Council", cards, may_open=True),))
    )
    assert_slack_takes(messages)
    found = "\n".join(shown(each.blocks) for each in messages)
    for text in (
        "3 of 5 have voted. Not yet: Ben, Li.",
        "Approve: 2 (Carol, Omar)",
        "cancelled. No need",
        "Open a vote",
    ):
        assert text in found
    assert found.count("Cancel it") == 1


def test_the_list_says_why_there_is_nothing() -> None:
    assert "You are on no council" in shown(ballot_messages(BallotList(()))[0].blocks)
    own = CouncilBallots(1, "ITS Council", (), may_open=False)
    assert "No vote is open" in shown(ballot_messages(BallotList((own,)))[0].blocks)
    refused = replace(own, why_not="Add `out_of_cycle:`")
    assert "Add `out_of_cycle:`" in shown(ballot_messages(BallotList((refused,)))[0].blocks)


BLANK = Blank(
    council_id=1,
    council="ITS Council",
    timezone="America/New_York",
    closes_on=date(2026, 11, 30),
    closes_at="17:00",
    window=3,
    secret=SecretVotes.ALLOWED,
    voters=5,
    needed={9: "APOLLO: " + "x" * 100},
)


def filled(view: dict[str, Any], **typed: dict[str, Any]) -> dict[str, Any]:
    values = {name: {name: field} for name, field in typed.items()}
    return {"private_metadata": view["private_metadata"], "state": {"values": values}}


def test_the_window_is_read_as_it_was_filled_in() -> None:
    view = opening_view(BLANK)
    assert not check_view(view)
    typed = filled(
        view,
        question={"value": "Buy?"},
        text={"value": "It costs"},
        more={"value": "20,000."},
        options={"value": "Yes\nNo"},
        project={"value": None},
        needed={"selected_option": {"value": "9"}},
        secrecy={"selected_option": {"value": "in_secret"}},
        closes_on={"selected_date": "2026-12-01"},
    )
    assert read_opening(typed) == (
        1,
        BallotWish("Buy?", "It costs\n20,000.", "Yes\nNo", "2026-12-01", "", 9, is_secret=True),
    )
    opened = Opened("ITS Council", "Buy?", 5, CLOSES, "UTC")
    assert "5 members have until" in shown(opened_view(opened)["blocks"])


@pytest.mark.parametrize(
    ("secret", "text"),
    [(SecretVotes.NEVER, "votes openly"), (SecretVotes.ALWAYS, "votes in secret")],
)
def test_the_window_says_how_is_voted_where_there_is_no_choice(
    secret: SecretVotes, text: str
) -> None:
    view = opening_view(replace(BLANK, secret=secret, needed={}))
    assert not check_view(view)
    assert text in shown(view["blocks"])
    assert read_opening(filled(view, question={"value": "Buy?"}))[1].log_entry_id is None


def test_the_small_windows_are_read_as_well() -> None:
    for view in (handing_view(7), cancelling_view(7), done_view(PRESS)):
        assert not check_view(view)
    chosen = filled(handing_view(7), delegate={"selected_user": "U0BEN"})
    assert read_handing(chosen) == (7, "U0BEN")
    typed = filled(cancelling_view(7), reason={"value": "No need"})
    assert read_cancelling(typed) == (7, "No need")
