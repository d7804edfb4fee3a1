"""How actions and decisions look, and that people's words are data there."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.meetings.actions.messages import (
    ActionDropped,
    ActionLine,
    ActionsDue,
    ActionsGiven,
    ActionsOverdue,
)
from domain.meetings.actions.values import ActionShown, ActionWant, What
from domain.meetings.logbook.messages import DecisionFile
from domain.meetings.logbook.values import (
    Asked,
    Closure,
    Correction,
    DecisionCard,
    DecisionLine,
    DecisionLog,
    Figures,
    Latency,
)
from message_templates.meetings.action_window import acted_view, action_view, read_want
from message_templates.meetings.decision import (
    card_view,
    correcting_view,
    figures_messages,
    log_messages,
    read_correction,
    sent_notice,
)
from message_templates.rendering import render
from models.enums import LogState, Method, Outcome
from sandbox.blockkit import check_view
from tests.support.looks import assert_slack_takes, shown

TODAY = date(2026, 12, 4)
HOSTILE = "<!channel> *a* {{ 7 * 7 }} :tada: <@U0LI> `x` &amp;"
LINE = ActionLine(1, "A-3", "ITS Council", "Ask the vendor", TODAY, owner="Omar")
DECIDED = DecisionLine(
    decision_id=4,
    revision=1,
    number=12,
    council_id=1,
    council="ITS Council",
    question="Sign?",
    outcome=Outcome.CONDITIONAL,
    method=Method.VOTE,
    decided_on=TODAY,
)


def text_of(message: Any) -> str:
    rendered = render(message)
    assert_slack_takes(rendered)
    return "\n".join(shown(each.blocks) for each in rendered)


def view_text(view: dict[str, Any]) -> str:
    assert not check_view(view)
    return shown(view["blocks"])


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (LINE, "due Fri 4 Dec 2026 · today"),
        (replace(LINE, due_on=date(2026, 12, 2)), "overdue by 2 days"),
        (replace(LINE, due_on=None), "no date"),
        (replace(LINE, first_due_on=date(2026, 11, 20), moves=2), ", first 20 Nov, moved 2x"),
        (replace(LINE, decision="D-12", is_condition=True), "condition of D-12"),
        (replace(LINE, decision="D-12"), "from D-12"),
        (replace(LINE, is_theirs=False), "Omar has it now."),
        (replace(LINE, state=LogState.DONE, note="Sent"), "Done: Sent"),
        (replace(LINE, state=LogState.CANCELLED, note="No need"), "Cancelled: No need"),
    ],
)
def test_a_reminder_tells_of_an_action_as_it_is(line: ActionLine, part: str) -> None:
    text = text_of(ActionsDue(TODAY, (line,)))
    assert part in text
    assert ("Hand to somebody" in text) is line.is_waiting
    assert ("Nothing of this" in text) is not line.is_waiting


def test_what_is_given_is_counted_and_the_chair_reads_who_has_it() -> None:
    assert "2 new actions for you" in text_of(ActionsGiven((LINE, LINE)))
    assert "1 new action for you" in text_of(ActionsGiven((LINE,)))
    told = text_of(ActionsOverdue("ITS Council", date(2026, 12, 8), (LINE,), others=3))
    for part in ("Omar · due", "overdue by 4 days", "3 other actions", "ITS Council overdue"):
        assert part in told
    assert "1 other action of the council is" in text_of(
        ActionsOverdue("ITS Council", TODAY, (LINE,), others=1)
    )


def test_who_chairs_reads_why_an_action_fell_away() -> None:
    gone = replace(LINE, state=LogState.CANCELLED, note="No need")
    assert "Cancelled: No need" in text_of(ActionDropped((gone,)))
    assert "Nothing of this" in text_of(ActionDropped(()))


def test_peoples_words_are_data_and_sixty_actions_fit() -> None:
    line = replace(LINE, title=HOSTILE, text=HOSTILE * 40, place=HOSTILE, owner=HOSTILE)
    text = text_of(ActionsGiven((line,) * 60))
    assert text.count("&lt;!channel&gt;") + text.count("<!channel>") >= 60
    assert "49" not in text
    assert check_and_read(line, "done").note == ""


def check_and_read(line: ActionLine, what: What, **typed: Any) -> ActionWant:
    """What a window gives back, filled in."""
    view = action_view(ActionShown(what, line, 7, last="Omar changed the due date."))
    assert "Omar changed" in view_text(view)
    values = {name: {name: value} for name, value in typed.items()}
    return read_want({**view, "state": {"values": values}})


def test_each_window_gives_back_what_was_typed() -> None:
    moved = check_and_read(LINE, "move", note={"value": "Ill"}, day={"selected_date": "2026-12-09"})
    assert moved == ActionWant(1, 7, "move", "Ill", date(2026, 12, 9))
    handed = check_and_read(LINE, "hand", note={"value": None}, person={"selected_user": "U0ANA"})
    assert handed == ActionWant(1, 7, "hand", person="U0ANA")
    assert check_and_read(LINE, "cancel", note={"value": "No"}).note == "No"


def test_what_is_over_has_no_fields_and_who_came_second_reads_what_happened() -> None:
    done = replace(LINE, state=LogState.DONE)
    over = action_view(ActionShown("move", done, 7, is_open=False))
    assert "submit" not in over
    assert "not open any more" in view_text(over)
    saved = acted_view(ActionShown("done", done, 8, saved=True))
    assert "as it is now" in view_text(saved)
    late = acted_view(ActionShown("move", LINE, 8, last="Ana changed the owner."))
    assert "somebody was faster" in view_text(late)
    assert "Ana changed the owner." in view_text(late)


def test_a_log_says_what_was_looked_for_and_each_decision_opens() -> None:
    asked = Asked("ITS Council vendor", "vendor", 1, None, "ITS Council", date(2026, 9, 1))
    rendered = log_messages(DecisionLog(asked, [replace(DECIDED, chosen="Acme", code="APOLLO")]))
    assert_slack_takes(rendered)
    text = shown(rendered[0].blocks)
    for part in ("ITS Council · “vendor” since Tue 1 Sep 2026", "D-12", "Conditional", "→ Acme"):
        assert part in text
    assert "Send me a CSV file" in text
    for words, part in (("vendor", "all of these words"), ("", "decided yet")):
        nothing = log_messages(DecisionLog(Asked(words, words), []))
        assert part in shown(nothing[0].blocks)
    assert_slack_takes(log_messages(DecisionLog(asked, [DECIDED] * 200)))


def test_a_card_shows_all_fields_and_corrected_words() -> None:
    line = replace(
        DECIDED,
        code="APOLLO",
        options=("Acme", "Nobody"),
        chosen="Acme",
        reason="Cheap",
        conditions=("Audit them",),
        votes=(3, 1, 1),
        dissent="Li: too early",
        interests="Omar owns shares",
        had_quorum=False,
        needed_since=date(2026, 11, 27),
        needed_ref="D-3",
        latency=5,
        effective_on=date(2027, 1, 1),
        meeting_on=TODAY,
    )
    correction = Correction(datetime(2026, 12, 5, tzinfo=UTC), "Carol", "reason", "Dear", "Cheap")
    card = DecisionCard(line, (LINE,), (correction,), "posted", may_correct=True, is_stale=True)
    text = view_text(card_view(card))
    for part in (
        *("Conditional", "by vote: 3 for, 1 against, 1 abstention", "without a quorum"),
        *("meeting of Fri 4 Dec 2026 (minutes: posted)", "in force from Fri 1 Jan 2027"),
        *("(APOLLO D-3): decided after 5 working days", "Audit them", "Omar owns shares"),
        *("A-3", "reason: Dear → Cheap", "Correct the wording", "somebody has corrected"),
    ):
        assert part in text
    plain = view_text(card_view(DecisionCard(DECIDED)))
    assert "Out of cycle" in plain
    assert "Nobody has said since when" in plain
    assert "Correct the wording" not in plain


def test_a_correction_is_read_back() -> None:
    view = correcting_view(DecisionCard(replace(DECIDED, reason="x" * 3_001)))
    assert not check_view(view)
    values = {
        block["block_id"]: {block["element"]["action_id"]: {"value": block["block_id"]}}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    number, revision, wording = read_correction({**view, "state": {"values": values}})
    assert (number, revision) == (4, 1)
    assert wording == {name: name for name in ("question", "dissent", "interests")}
    assert "longer than a field of Slack's holds, and stays" in str(view)


def test_a_file_comes_with_its_message() -> None:
    (rendered,) = render(DecisionFile("ITS Council", (DECIDED,)))
    (file,) = rendered.documents
    assert (file.name, file.title) == ("decisions.csv", "Decisions ITS Council")
    assert b"D-12" in file.data
    assert "1 decision" in sent_notice(1).text


@pytest.mark.parametrize(
    ("latency", "closure", "parts"),
    [
        (
            Latency(0, 2, waiting=1),
            Closure(0, 0, 0, 1, 0, 0),
            (
                "no time is known",
                "of 2 nobody has said since when they were",
                "none has come due; 1 without a date",
            ),
        ),
        (
            Latency(4, 0, 5.5, 9, 3, 2),
            Closure(6, 3, 1, 0, 2, 2, 4, 10),
            (
                *(
                    "median 5.5 working days, nine of ten within 9 (4 decisions)",
                    "*2 for more than",
                ),
                *("3 of 6 done by their date, 1 later, 2 still open; 2 had another date first",),
                *("*2*, median 4 days, the oldest 10 days",),
            ),
        ),
    ],
)
def test_figures_say_what_they_count_and_what_is_not_known(
    latency: Latency, closure: Closure, parts: tuple[str, ...]
) -> None:
    found = [Figures("ITS Council", date(2025, 12, 4), latency, closure)]
    rendered = figures_messages(found)
    assert_slack_takes(rendered)
    text = shown(rendered[0].blocks)
    for part in parts:
        assert part.replace("*", "") in text.replace("*", "")
    assert "no council" in shown(figures_messages([])[0].blocks)
