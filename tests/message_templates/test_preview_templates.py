"""What the PMO reads before a digest is posted, in words."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.digests.messages import DigestHead
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.digests.preview.service import Approval, HoldForm, NoteForm
from domain.digests.rules import compose
from domain.digests.values import CoverNote
from message_templates.digests.preview import approved, hold_view, note_view
from message_templates.kit import cost
from message_templates.kit.limits import MESSAGE_COST
from message_templates.rendering import render
from models.enums import Health, Unapproved
from tests.support.digesting import DIGEST_AT, OPENS_ON, facts, project
from tests.support.scene import words

HOUR = timedelta(hours=1)
WAITING = DigestPreviewed(
    cycle_id=7,
    council="ITS Council",
    opens_on=date(2026, 11, 25),
    timezone="America/New_York",
    channel_id="C0ITS",
    channel_name="its-council",
    digest_at=DIGEST_AT,
    unapproved=Unapproved.WAIT,
)
APPROVED = {"approved_by": "Dana", "approved_at": DIGEST_AT - HOUR}
DUE = "Mon 30 Nov 08:00 (America/New_York)"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, f"Due {DUE}. It is not posted before one of the PMO approves it."),
        (
            {"unapproved": Unapproved.POST},
            f"It is posted {DUE}, approved or not. To stop it, hold it.",
        ),
        (APPROVED, f"Dana approved it Mon 30 Nov 07:00 (America/New_York). It is posted {DUE}."),
        (
            {**APPROVED, "late_answers": 3},
            "3 answers came after the approval; the draft has them.",
        ),
        (
            {"approved_by": "Dana", "approved_at": DIGEST_AT + HOUR},
            "It is posted at once.",
        ),
        (
            {"held_by": "Sam", "held_until": DIGEST_AT + HOUR},
            "Sam holds it until Mon 30 Nov 09:00 (America/New_York). Then it still needs",
        ),
        (
            {"held_by": "Sam", "held_until": DIGEST_AT + HOUR, "unapproved": Unapproved.POST},
            "Then it is posted, approved or not.",
        ),
        ({"is_waiting": True}, f"Its time has come, {DUE}, and nobody has approved it"),
        ({"posted_at": DIGEST_AT}, f"Posted {DUE}, without approval: its time had come."),
        ({**APPROVED, "posted_at": DIGEST_AT}, f"Posted {DUE}, approved by Dana."),
    ],
)
def test_what_is_decided_is_told_in_a_sentence_in_the_message_and_its_notification(
    changes: dict[str, Any], told: str
) -> None:
    (message,) = render(replace(WAITING, **changes))
    assert told in words(message.blocks)
    assert told in message.text
    assert message.text.startswith("ITS Council, digest of 25 Nov: ")
    assert ":white_check_mark:" not in message.text


def test_the_buttons_go_when_it_is_posted_and_approve_when_it_is_approved() -> None:
    def offered(**changes: Any) -> list[str]:
        (message,) = render(replace(WAITING, **changes))
        rows = [each for each in message.blocks if each["type"] == "actions"]
        return [element["action_id"] for row in rows for element in row["elements"]]

    assert offered() == ["preview_approve", "preview_note", "preview_hold"]
    assert offered(**APPROVED) == ["preview_note", "preview_hold"]
    assert offered(posted_at=DIGEST_AT) == []


def test_the_draft_looks_exactly_as_the_posted_head_will() -> None:
    head = _head(CoverNote("Mind APOLLO.", "Dana"))
    assert render(DigestDraft(head)) == render(head)
    (apart,) = render(DigestDraft(head, decided_in="C0PMO"))
    assert apart.blocks[1:] == render(head)[0].blocks


def _head(note: CoverNote | None) -> DigestHead:
    projects = [project(f"P{number:03}", Health.RED, why="Late. " * 60) for number in range(200)]
    return replace(compose(facts(*projects), DIGEST_AT).head, note=note)


def test_a_note_is_shown_whole_as_data_and_the_head_stays_one_message() -> None:
    text = ("*bold* <!channel> & <@U0DANA>\n" * 66)[:2_000]
    (message,) = render(_head(CoverNote(text, "Dana")))
    quotes = [
        element
        for block in message.blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_quote"
    ]
    shown = words(quotes)
    assert shown == f"Note from the PMO (Dana): {text}"
    assert cost(message.blocks) <= MESSAGE_COST
    assert "<!channel>" not in message.text


def test_a_digest_that_waits_says_so_and_then_what_became_of_it() -> None:
    waits = DigestWaits(7, "ITS Council", OPENS_ON, "America/New_York", DIGEST_AT)
    (loud,) = render(waits)
    assert f"It was due {DUE}, and nobody has approved it" in words(loud.blocks)
    assert loud.blocks[-1]["type"] == "actions"
    for outcome, told in (
        ("approved", "Dana has approved it."),
        ("held", "Dana holds it now."),
        ("posted", "It is posted now."),
    ):
        (message,) = render(replace(waits, outcome=outcome, outcome_by="Dana"))
        assert told in message.text
        assert message.blocks[-1]["type"] != "actions"


def test_in_place_of_a_draft_stands_where_the_digest_is() -> None:
    (open_part,) = render(DraftOver("C0ITS", "its-council"))
    assert "posted in #its-council" in open_part.text
    (restricted,) = render(DraftOver("C0ITS", "its-council", is_restricted=True))
    assert "its-council" not in restricted.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, f"Approved. It is posted {DUE}."),
        ({"is_due": True}, "Approved. It is posted at once."),
        ({"is_new": False}, "Dana approved it already, Mon 30 Nov 07:00 (America/New_York)."),
        ({"is_new": False, "posted_at": DIGEST_AT}, f"It is posted already, {DUE}, approved by"),
        ({"by": "", "is_new": False, "posted_at": DIGEST_AT}, "without approval."),
    ],
)
def test_every_press_of_approve_is_answered(changes: dict[str, Any], told: str) -> None:
    press = Approval("Dana", DIGEST_AT - HOUR, DIGEST_AT, "America/New_York", is_new=True)
    assert told in approved(replace(press, **changes)).text


def test_the_forms_tell_who_will_read_and_what_is_there() -> None:
    note = CoverNote("Old", "Sam")
    form = NoteForm(7, "ITS Council", "its-council", note, 2, is_restricted=False)
    told = words(note_view(form)["blocks"])
    assert "Everybody in #its-council reads it" in told
    assert "name no restricted project" in told
    restricted = words(note_view(replace(form, is_restricted=True))["blocks"])
    assert "#its-council" not in restricted
    gone = words(note_view(replace(form, note=None), typed="Mine")["blocks"])
    assert "(The note was taken away.)" in gone
    hold = HoldForm(7, "ITS Council", "America/New_York", DIGEST_AT, DIGEST_AT + HOUR)
    assert f"is due {DUE}. It can be held for 14 days at most." in words(hold_view(hold)["blocks"])
