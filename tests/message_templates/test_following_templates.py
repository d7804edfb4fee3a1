"""What followers read is one message, however much they follow, and says what to do about it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.digests.following.messages import (
    FollowedChanges,
    FollowedGap,
    FollowedLine,
    FollowersDigest,
)
from domain.portfolio.following import Following
from domain.rehearsal.service import about
from message_templates.portfolio.following import UNFOLLOW, follows, stopped
from message_templates.rehearsal.rehearsal import kind, subject
from message_templates.rendering import render
from models.enums import FollowersWish, Health
from sandbox.inputs import interactive_elements
from tests.support.looks import assert_slack_takes, lines_of, shown

NOW = datetime(2026, 11, 24, 14, tzinfo=UTC)
RED = FollowedLine(
    project_id=1,
    code="APOLLO",
    name="Student Portal",
    pm="Ana",
    health=Health.RED,
    previous=Health.GREEN,
    opens_on=date(2026, 11, 18),
    summary="No funding",
    path_to_green="The council decides",
)
CLAIM = replace(
    RED,
    code="BOREAS",
    name="Learning",
    pm="Ben",
    health=Health.YELLOW,
    previous=None,
    rating="On watch",
    computed=Health.RED,
    path_to_green="",
)
GREEN = replace(RED, code="CERES", health=Health.GREEN)
GAP = FollowedGap(4, "DELTA", "Data", "Sam", "on leave", Health.RED, date(2026, 11, 11), 13)
NEW = FollowedGap(5, "EOS", "Timetables", "Sam", "no report yet")
WEEK = FollowersDigest(
    as_of=NOW,
    timezone="America/New_York",
    changed=(RED, CLAIM),
    missing=(GAP, NEW),
    unchanged=(replace(RED, code="GAIA"), GREEN, replace(GREEN, code="HELIOS")),
)


def test_a_week_tells_changes_then_gaps_with_reasons_then_the_rest_in_one_line() -> None:
    (rendered,) = render(WEEK)
    assert_slack_takes([rendered])
    told = [line.removesuffix(" · Ben, report of 18 Nov") for line in lines_of(rendered)]
    assert told[:-1] == [
        "What you follow · week of 23 Nov 2026",
        "2 changed · 2 without a report · 3 unchanged",
        "Changed: 2",
        "APOLLO Student Portal · 🟢 Green → 🟥 Red · Ana, report of 18 Nov",
        "No funding",
        "Path to green: The council decides",
        "BOREAS Learning · first report: 🔶 Yellow (On watch) (claimed yellow, facts say red)",
        "No funding",
        "⚪ No report: 2",
        "DELTA Data · Sam · on leave · last known 🟥 Red, 13 days old",
        "EOS Timetables · Sam · no report yet",
        "Unchanged: 🟥 Red GAIA · 🟢 Green CERES, HELIOS",
    ]
    assert rendered.text == (
        "What you follow: APOLLO is red, was green; BOREAS is yellow; 2 without a report; "
        "3 unchanged."
    )
    assert "/project unfollow CODE" in lines_of(rendered)[-1]
    assert "settings on my Home tab" in lines_of(rendered)[-1]


def test_a_week_without_a_change_is_short_and_says_so() -> None:
    (rendered,) = render(replace(WEEK, changed=(), missing=(), unchanged=(GREEN,)))
    assert lines_of(rendered)[1:-1] == [
        "Nothing has changed · 1 as before",
        "Unchanged: 🟢 Green CERES",
    ]
    assert rendered.text == "What you follow: nothing has changed; 1 unchanged."


def test_changes_are_told_in_one_message_with_their_reasons() -> None:
    (rendered,) = render(FollowedChanges(NOW, "America/New_York", (RED,)))
    assert_slack_takes([rendered])
    assert lines_of(rendered)[:4] == [
        "The health of a project that you follow has changed.",
        "APOLLO Student Portal · 🟢 Green → 🟥 Red · Ana, report of 18 Nov",
        "No funding",
        "Path to green: The council decides",
    ]
    assert rendered.text == "What you follow: APOLLO is red, was green."


def test_a_name_that_turns_the_direction_of_writing_turns_nothing_after_it() -> None:
    turned: dict[str, Any] = {"name": "\u202eportal", "pm": "\u2067Ana"}
    week = replace(WEEK, changed=(replace(RED, **turned),), missing=(replace(GAP, **turned),))
    for line in lines_of(render(week)[0]):
        assert line.count("\u202e") == line.count("\u202c"), line
        assert line.count("\u2067") == line.count("\u2069"), line
    assert "\u202eportal\u202c" in shown(render(week)[0].blocks)


def test_a_thousand_followed_projects_are_one_message_and_what_does_not_fit_is_counted() -> None:
    long = replace(RED, code="P" * 60, name="<!channel> *n* " * 30, summary="Why? " * 900)
    gap = replace(GAP, code="G" * 60, reason="because " * 200)
    many = replace(WEEK, changed=(long,) * 400, missing=(gap,) * 400, unchanged=(long,) * 400)
    messages = [*render(many), *render(FollowedChanges(NOW, "Asia/Kolkata", (long,) * 400))]
    assert_slack_takes(messages)
    assert len(messages) == 2
    for message in messages:
        told = lines_of(message)
        shown = sum(line.startswith("P" * 29) for line in told)
        (left, *_gaps) = [line for line in told if line.startswith("… and ")]
        assert left.startswith(f"… and {400 - shown} more")
    assert " · and " in next(line for line in lines_of(messages[0]) if "Unchanged:" in line)


@pytest.mark.parametrize("has_changed", [True, False])
@pytest.mark.parametrize("wish", FollowersWish)
def test_who_follows_already_is_offered_to_stop_and_everybody_reads_how_they_hear(
    wish: FollowersWish, *, has_changed: bool
) -> None:
    following = Following(7, "APOLLO", "Student Portal", has_changed, wish)
    rendered = follows(following)
    assert_slack_takes([rendered, stopped(following)])
    elements = [each for block in rendered.blocks for each in interactive_elements(block)]
    stop = [] if has_changed else [(UNFOLLOW, "7")]
    assert [(each["action_id"], each["value"]) for each in elements] == stop
    assert ("now." if has_changed else "already.") in rendered.text
    assert ("nothing" in rendered.text) == (wish is FollowersWish.NEVER)


def test_a_rehearsal_names_what_a_week_tells_of() -> None:
    told = about(WEEK)
    assert kind(told) == "digest of what they follow"
    assert subject(told).startswith("APOLLO, BOREAS, CERES")
