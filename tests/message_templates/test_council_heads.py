"""Heads of whole councils: one message, read in minutes, and nothing cut in silence."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.collecting.values import LONG_FIELDS
from domain.digests.messages import DigestHead
from domain.digests.rules import compose, layout_of
from domain.digests.values import CycleFacts
from message_templates.digests.head import render_head
from message_templates.kit import Rendered
from models.enums import Health
from tests.support.council import council
from tests.support.digesting import DIGEST_AT
from tests.support.looks import assert_slack_takes, lines_of, shown
from tests.support.reporting import CODEC

LATER = datetime(2026, 12, 1, 15, 40, tzinfo=UTC)

USUAL = council(200, red=6, yellow=30, missing=12, decisions=10)
COUNCILS = {
    "usual": USUAL,
    "all red": council(200, red=200, decisions=200),
    "all yellow": council(200, yellow=200),
    "all green": council(200),
    "all missing": council(200, missing=200),
    "small": council(10, red=2, yellow=3, missing=1, decisions=2),
}


def long(facts: CycleFacts) -> CycleFacts:
    """The same with as many words as people may write, of the kind that Slack counts five-fold."""

    def stretched(value: Any, names: tuple[str, ...]) -> Any:
        texts = {name: getattr(value, name) for name in names}
        return replace(value, **{name: f"{text} & " * 30 for name, text in texts.items() if text})

    projects = []
    for each in facts.projects:
        project = stretched(each, ("name", "pm", "reason"))
        if each.report:
            answers = stretched(each.report.answers, (*LONG_FIELDS, "milestone", "decision_from"))
            project = replace(project, report=replace(each.report, answers=answers))
        projects.append(project)
    return replace(facts, council=f"{facts.council} & " * 60, projects=tuple(projects))


def the_head(head: DigestHead) -> Rendered:
    [rendered] = render_head(head)
    assert_slack_takes([rendered])
    return rendered


_WORDS_A_MINUTE = 300
"""Lines of a list, looked through; a text is read with some 240."""

SECTIONS = {
    "Decisions needed": ("decisions",),
    "🟥 Red": ("red",),
    "🔶 Newly worse": ("newly_worse",),
    "🔶 Yellow for 28 days or more": ("long_yellow",),
    "🔶 Yellow": ("other_yellow",),
    "🔶 Other yellow": ("other_yellow",),
    "Improved and closed": ("improved", "closed"),
    "Closed": ("closed",),
    "Milestones moved, met, or due within 30 days": ("milestones",),
    "⚪ No report": ("missing",),
    "🟢 Green": ("green",),
}


def told(rendered: Rendered) -> dict[str, tuple[int, int]]:
    """What each section says it has, and what it shows and counts as left out."""
    found = {}
    for block in rendered.blocks[1:]:
        text = shown(block)
        first = shown(block["elements"][:1])
        title = re.match(r"([^:]+): (\d+)", first)
        if block["type"] == "rich_text" and title and title[1] in SECTIONS:
            left = re.search(r"… and (\d+) more", text)
            lists = [one for one in block["elements"] if one["type"] == "rich_text_list"]
            items = sum(len(one["elements"]) for one in lists)
            codes = len(re.findall(r"P-\d{4}|ZEUS", text))
            found[title[1]] = (int(title[2]), (items or codes) + (int(left[1]) if left else 0))
    return found


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("name", COUNCILS)
def test_a_head_of_any_council_is_one_message_that_shows_or_counts_everything(
    name: str, *, is_long: bool
) -> None:
    facts = long(COUNCILS[name]) if is_long else COUNCILS[name]
    first = compose(facts, DIGEST_AT)
    amended = compose(facts, LATER, kept=layout_of(first), posted_at=DIGEST_AT)
    for head in (first.head, amended.head):
        rendered = the_head(head)
        assert len(rendered.text) < 1_000
        sections = told(rendered)
        for title, (count, accounted) in sections.items():
            expected = sum(len(getattr(head, field)) for field in SECTIONS[title])
            assert count == accounted == expected, title
        assert sum(count for count, _ in sections.values()) == sum(
            len(getattr(head, each.name))
            for each in fields(head)
            if isinstance(getattr(head, each.name), tuple)
        )


def test_what_the_council_has_to_act_on_comes_first_whole_and_in_two_minutes() -> None:
    lines = lines_of(the_head(compose(USUAL, DIGEST_AT).head))
    worse = next(n for n, line in enumerate(lines) if line.startswith("🔶"))
    to_act_on = "\n".join(lines[:worse])
    assert "… and" not in to_act_on
    assert to_act_on.count("Path to green: ") == 6
    assert to_act_on.count("from Carol Sponsor, by") == 10
    assert len(to_act_on.split()) < 2 * _WORDS_A_MINUTE
    assert len(" ".join(lines).split()) < 5 * _WORDS_A_MINUTE


def test_a_small_council_gets_a_cause_for_each_colour() -> None:
    lines = lines_of(the_head(compose(COUNCILS["small"], DIGEST_AT).head))
    yellow = [n for n, line in enumerate(lines) if " yellow for " in line or "→ 🔶" in line]
    assert len(yellow) == 3
    assert {lines[n + 1].split()[0] for n in yellow} == {"The", "Two"}


def test_a_notification_reads_well_alone() -> None:
    assert the_head(compose(COUNCILS["small"], DIGEST_AT).head).text == (
        "ITS Council, 25 Nov: 9 of 10 reports in. 2 red, 3 yellow (-1), 4 green (+2), 1 missing."
        " Decision needed: P-0000: Approve $90,000 for the second supplier, or move the go-live to"
        " April? (and 1 more). Red: P-0000, P-0001."
    )
    text = the_head(compose(COUNCILS["all red"], DIGEST_AT).head).text
    assert text.endswith("P-0054, P-0060, P-0066 and 188 more.")


def test_a_head_that_was_stored_before_it_told_days_and_endings_is_still_read() -> None:
    composition = compose(COUNCILS["small"], DIGEST_AT)
    stored = CODEC.encode(composition.head)
    for name in ("closed", "previous_on", "has_missing_reply"):
        del stored[name]
    for line in stored["red"]:
        for name in ("reports", "next_date", "claim_reason"):
            del line[name]
    head = CODEC.decode("digest_head", stored)
    assert isinstance(head, DigestHead)
    assert (head.closed, head.red[0].reports, head.red[0].next_date) == ((), 0, None)
    assert head.red[0].health is Health.RED
    assert any(" · red for " in line for line in lines_of(the_head(head)))
