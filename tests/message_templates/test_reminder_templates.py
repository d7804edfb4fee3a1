"""Reminders, and what is told of missed reports: as Slack gets them, however much there is."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.collecting.messages import (
    MissedItem,
    NotTheirs,
    Reminder,
    ReminderItem,
    SilentProjects,
    SponsorNotice,
    SponsorNoticeCopy,
    WantedReminder,
)
from domain.delivery.messages import Message
from message_templates.kit import Rendered
from message_templates.rendering import render
from models.enums import Health, RequestState
from tests.support.looks import assert_slack_takes, lines_of

CUT_OFF = datetime(2026, 11, 27, 20, tzinfo=UTC)
NASTY = "<!channel> *bold* `code` {{ 7 * 7 }} " + "&" * 60
"""What somebody may call a project or a person: shown as it is."""

ITEM = ReminderItem(1, "APOLLO", "Student Portal", "ITS Council", RequestState.ASKED, CUT_OFF)
MISSED = MissedItem("APOLLO", "Student Portal", "Ana", 2, Health.RED, date(2026, 11, 4))


def one(message: Message) -> Rendered:
    (rendered,) = render(message)
    assert_slack_takes([rendered])
    return rendered


@pytest.mark.parametrize("kind", [Reminder, WantedReminder])
def test_a_reminder_of_a_hundred_projects_is_one_message_that_names_a_few(
    kind: type[Reminder],
) -> None:
    items = tuple(
        replace(ITEM, request_id=n, code=f"P{n:03}", name=NASTY, council=NASTY[:75])
        for n in range(100)
    )
    message = one(kind(items, "America/New_York"))
    assert "the status of P000, P001, P002, P003, P004 and 95 more is due" in message.text
    assert "And 80 more projects" in "\n".join(lines_of(message))
    assert "{{ 7 * 7 }}" in "\n".join(lines_of(message))


def test_a_reminder_of_one_project_says_by_when_in_its_readers_time() -> None:
    assert one(Reminder((ITEM,), "America/New_York")).text == (
        "Reminder: the status of APOLLO is due, Fri 27 Nov 2026 15:00 (America/New_York)"
    )


@pytest.mark.parametrize(("may_stay", "offered"), [(True, 1), (False, 0)])
def test_a_reminder_offers_no_change_only_where_it_is_an_answer(
    *, may_stay: bool, offered: int
) -> None:
    message = one(Reminder((replace(ITEM, may_stay=may_stay),), "America/New_York"))
    assert str(message.blocks).count("'No change'") == offered
    assert ("one press is enough" in "\n".join(lines_of(message))) is may_stay


def test_a_reminder_after_the_cut_off_says_that_an_answer_still_counts() -> None:
    late = one(Reminder((replace(ITEM, state=RequestState.MISSED),), "America/New_York"))
    shown = "\n".join(lines_of(late))
    assert "The cut-off is over. An answer still counts, as late." in shown
    assert "Nothing of this waits" not in shown
    assert late.text == "The cut-off is over; an answer for APOLLO still counts, as late"


@pytest.mark.parametrize(
    "message",
    [
        SponsorNotice(NASTY[:75], CUT_OFF, ()),
        SponsorNoticeCopy((NASTY, "Omar"), NASTY[:75], CUT_OFF, ()),
        SilentProjects(NASTY[:75], CUT_OFF, ()),
    ],
)
def test_whoever_hears_of_a_hundred_silent_projects_gets_one_message(
    message: SponsorNotice | SponsorNoticeCopy | SilentProjects,
) -> None:
    trouble = "Omar has left Slack; name another sponsor in the portfolio file"
    items = tuple(
        replace(MISSED, code=f"P{n:03}", name=NASTY, pm=NASTY, trouble=trouble, answered_at=CUT_OFF)
        for n in range(100)
    )
    shown = "\n".join(lines_of(one(replace(message, items=items))))
    assert "And 70 more projects: the digest lists them all." in shown
    assert "{{ 7 * 7 }}" in shown


def test_the_pmo_reads_what_to_do_where_somebody_is_asked_for_what_is_not_theirs() -> None:
    message = one(NotTheirs("APOLLO", NASTY, NASTY, CUT_OFF))
    assert "/project handover APOLLO" in "\n".join(lines_of(message))
