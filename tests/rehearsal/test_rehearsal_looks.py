"""A rehearsal in Slack: never more than the messages there are, and what is left out is counted."""

import re
from datetime import UTC, datetime, timedelta

from domain.rehearsal.values import About, Recipient, Rehearsal, Sending, Unsent
from message_templates.rehearsal.rehearsal import (
    MOST_MESSAGES,
    notes,
    rehearsal_messages,
    rehearsal_started,
    subject,
)
from tests.support.looks import assert_slack_takes, lines_of

BEGIN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PRIYA = Recipient("U0PRIYA", "Priya Shah", "America/New_York")
ITS = Recipient("C0ITS", "#its-council", "America/New_York", is_channel=True)
ASKED = About("status_request", ("APOLLO", "BOREAS"), ("ITS Council",))
AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


def of(*sendings: Sending, unsent: tuple[Unsent, ...] = ()) -> Rehearsal:
    return Rehearsal(
        BEGIN, BEGIN + timedelta(days=14), "America/New_York", sendings=sendings, unsent=unsent
    )


def text_of(rehearsal: Rehearsal) -> list[str]:
    messages = rehearsal_messages(rehearsal, 14)
    assert_slack_takes(messages)
    return [line for message in messages for line in lines_of(message)]


def test_each_line_tells_local_time_zone_person_and_projects() -> None:
    digest = Sending(AT, ITS, About("digest_head", councils=("ITS Council",)), further=2)
    lines = text_of(of(Sending(AT, PRIYA, ASKED), digest))
    assert (
        "Wed 25 Nov 09:00 America/New_York · Priya Shah · status request"
        " · APOLLO, BOREAS (ITS Council)"
    ) in lines
    assert (
        "Wed 25 Nov 09:00 America/New_York · #its-council · digest · ITS Council"
        " · 2 more messages in its thread"
    ) in lines


def test_what_is_not_sent_stands_first_and_what_is_wrong_is_marked() -> None:
    unsent = (
        Unsent(ASKED, "on leave until 4 Dec, no deputy", to=PRIYA, at=AT),
        Unsent(ASKED, "the phase 'qualification' is not asked", is_problem=False),
    )
    lines = text_of(of(Sending(AT, PRIYA, ASKED), unsent=unsent))
    wrong = next(line for line in lines if "no deputy" in line)
    meant = next(line for line in lines if "qualification" in line)
    assert wrong.startswith("⚠️ Priya Shah · status request")
    assert "would be Wed 25 Nov 09:00 America/New_York" in wrong
    assert meant.startswith("status request · APOLLO")
    assert lines.index(wrong) < next(n for n, line in enumerate(lines) if line.startswith("Sent"))


def test_nothing_to_send_is_said() -> None:
    assert "Nothing would be sent in these days." in text_of(of())


def test_what_does_not_fit_is_counted() -> None:
    rehearsal = of(*(Sending(AT + timedelta(minutes=n), PRIYA, ASKED) for n in range(2_000)))
    messages = rehearsal_messages(rehearsal, 14)
    lines = text_of(rehearsal)
    shown = sum("Priya Shah" in line for line in lines)
    assert len(messages) == MOST_MESSAGES
    assert shown > 200
    assert lines[-1] == (
        f"… and {2_000 - shown} more. All of it: pmobot rehearse --days 14 where the bot runs."
    )


def test_a_thousand_projects_of_one_line_are_counted_in_slack_and_whole_elsewhere() -> None:
    codes = tuple(f"P{number:04}" for number in range(1_000))
    about = About("status_request", codes, ("ITS Council",))
    line = next(line for line in text_of(of(Sending(AT, PRIYA, about))) if "Priya" in line)
    assert "P0019 and 980 more (ITS Council)" in line
    assert re.findall(r"P\d{4}", subject(about)) == list(codes)


def test_peoples_words_are_data() -> None:
    rogue = Recipient("U0X", "*Bo* <!channel>", "UTC")
    (message,) = rehearsal_messages(of(Sending(AT, rogue, ASKED, notes=("_x_ <@U0ANA>",))), 14)
    text = "\n".join(lines_of(message))
    assert "*Bo* <!channel>" in text
    assert "_x_ <@U0ANA>" in text
    assert "user_id" not in str(message.blocks)


def test_a_kind_that_nobody_has_named_is_told_by_its_own_name() -> None:
    sending = Sending(AT, PRIYA, About("vote_reminder"))
    assert any("· vote reminder" in line for line in text_of(of(sending)))
    assert notes(sending) == []


def test_the_beginning_is_told() -> None:
    message = rehearsal_started(1)
    assert_slack_takes([message])
    assert message.text.startswith("Rehearsing 1 day on a copy of the record")
