"""What has changed between two reports: told shortly, and nothing of the newer one left out."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.collecting.history.rules import (
    Difference,
    Edit,
    Kind,
    Sign,
    apply_edits,
    differences,
    edits_of,
    texts_of,
)
from domain.collecting.values import Answers, Promise, Report
from models.enums import Health

AT = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
FINE = Answers(health=Health.GREEN, done="Tested", next="Go live")


def report(answers: Answers = FINE, **others: Any) -> Report:
    return Report(answers, "Ana", AT, AT.date(), phase="execution", **others)


def changed(**fields: Any) -> tuple[Difference, ...]:
    """What differs once some answers are others."""
    return differences(report(), report(replace(FINE, **fields)))


@pytest.mark.parametrize(
    ("fields", "name", "kind", "old", "new"),
    [
        ({"health": Health.RED}, "health", Kind.HEALTH, "green", "red"),
        (
            {"health": Health.YELLOW, "rating": "Amber/Green"},
            "health",
            Kind.HEALTH,
            "green",
            "yellow Amber/Green",
        ),
        ({"budget": Health.RED}, "budget", Kind.HEALTH, "", "red"),
        ({"milestone": "Pilot"}, "milestone", Kind.LINE, "", "Pilot"),
        (
            {"milestone_forecast": date(2027, 3, 17)},
            "milestone_forecast",
            Kind.DAY,
            "",
            "2027-03-17",
        ),
        ({"spent": Decimal("500.00")}, "spent", Kind.AMOUNT, "", "500"),
        ({"percent_complete": 0}, "percent_complete", Kind.AMOUNT, "", "0"),
    ],
)
def test_a_short_field_is_told_with_what_it_was(
    fields: dict[str, Any], name: str, kind: Kind, old: str, new: str
) -> None:
    assert changed(**fields) == (Difference(name, kind, old, new),)


def test_money_that_the_database_gives_back_with_its_cents_has_not_changed() -> None:
    old, new = (replace(FINE, spent=Decimal(text)) for text in ("500", "500.00"))
    assert differences(report(old), report(new)) == ()


def test_a_long_text_is_told_by_its_changed_lines() -> None:
    old = "- Vendor signed\n- UAT begun\n- Data moved"
    new = "- Vendor signed\n- UAT finished\n- Data moved\n- Users trained"
    assert edits_of(old, new) == (
        Edit(Sign.KEPT, 1),
        Edit(Sign.REMOVED, 1, "- UAT begun"),
        Edit(Sign.ADDED, 1, "- UAT finished"),
        Edit(Sign.KEPT, 1),
        Edit(Sign.ADDED, 1, "- Users trained"),
    )


def test_a_text_that_is_gone_and_one_that_is_new_are_told_whole() -> None:
    assert edits_of("One\nTwo", "") == (Edit(Sign.REMOVED, 2, "One\nTwo"),)
    assert edits_of("", "One\n\nTwo") == (Edit(Sign.ADDED, 3, "One\n\nTwo"),)
    assert edits_of("Same\n", "Same\n") == (Edit(Sign.KEPT, 2),)


def test_the_phase_the_promises_the_reason_and_the_phases_questions_are_compared_too() -> None:
    old = report(extra={"why": "no", "Accepted?": "yes"})
    promises = (Promise("Go live", "not_done", "vendor\nlate"), Promise("Train", "done"))
    new = replace(
        report(promises=promises, claim_reason="Known", extra={"why": "yes"}), phase="closeout"
    )
    found = differences(old, new)
    assert [(each.name, each.kind) for each in found] == [
        ("phase", Kind.LINE),
        ("promises", Kind.TEXT),
        ("claim_reason", Kind.TEXT),
        ("Accepted?", Kind.QUESTION),
        ("why", Kind.QUESTION),
    ]
    assert found[1].edits == (Edit(Sign.ADDED, 2, "not done: Go live (vendor late)\ndone: Train"),)
    assert found[4].edits == (Edit(Sign.REMOVED, 1, "no"), Edit(Sign.ADDED, 1, "yes"))


def test_of_a_first_report_all_that_it_says_is_new() -> None:
    names = [each.name for each in differences(None, report())]
    assert names == ["health", "phase", "done", "next"]


def test_a_report_that_says_the_same_differs_in_nothing() -> None:
    assert differences(report(), replace(report(), version=2, author="Ben")) == ()


def test_two_texts_of_very_many_lines_are_compared_at_once() -> None:
    old, new = "\n".join("ab" * 3_000), "\n".join("ba" * 3_000)
    assert apply_edits(old, edits_of(old, new)) == new


lines = st.lists(st.text(alphabet="ab \r\u2028", max_size=3), max_size=12).map("\n".join)
texts = lines | st.text(max_size=60)


@given(old=texts, new=texts)
def test_the_changes_applied_to_the_older_text_give_the_newer(old: str, new: str) -> None:
    assert apply_edits(old, edits_of(old, new)) == new


dates = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
amounts = st.none() | st.decimals(0, Decimal("99999999999999.99"), places=2)
healths = st.none() | st.sampled_from(list(Health))
answers_of_all_kinds = st.builds(
    Answers,
    health=st.sampled_from(list(Health)),
    rating=st.sampled_from(["", "Amber/Green"]),
    why=texts,
    schedule=healths,
    done=texts,
    milestone=st.text(max_size=20),
    milestone_forecast=dates,
    decision_by=dates,
    spent=amounts,
    percent_complete=st.none() | st.integers(0, 100),
)


@given(old=answers_of_all_kinds, new=answers_of_all_kinds, extra=st.dictionaries(texts, texts))
def test_an_older_report_and_its_changes_give_the_newer_one(
    old: Answers, new: Answers, extra: dict[str, str]
) -> None:
    before, after = report(old, extra=extra), report(new, claim_reason=new.why)
    texts = {_key(name): text for name, text in texts_of(before).items()}
    for change in differences(before, after):
        key = (change.kind is Kind.QUESTION, change.name)
        is_long = change.kind in (Kind.TEXT, Kind.QUESTION)
        was = texts.get(key, "")
        assert is_long or was == change.old
        texts[key] = apply_edits(was, change.edits) if is_long else change.new
    told = {key: text for key, text in texts.items() if text}
    assert told == {_key(name): text for name, text in texts_of(after).items()}


def _key(name: str) -> tuple[bool, str]:
    return name.startswith("? "), name.removeprefix("? ")
