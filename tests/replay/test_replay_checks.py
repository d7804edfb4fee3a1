"""The replay's checks find what does not hold: without that, a green replay would say nothing."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.gmpp import Portfolio, Published, slug
from benchmarks.replay_checks import Check, Composed, Evidence, Stored, checks_of, words
from models.collecting import StatusReport
from models.enums import DeliveryState, Health, RequestState

HEAD = f"{datetime(2022, 4, 5, 7, tzinfo=UTC).timestamp():.6f}"
REPLY = HEAD.replace(".000000", ".000001")
WHY = "The supplier is late.\nThe test window absorbs it."


def published(**changes: Any) -> Published:
    given: dict[str, Any] = {
        "year": 2022,
        "code": "MOD_1",
        "name": "Ships",
        "department": "MOD",
        "category": "",
        "rating": "Amber/red",
        "description": "",
        "why": WHY,
        "start": "",
        "end": "",
        "schedule": "On time.",
        "year_budget": "",
        "year_forecast": "",
        "whole_life_cost": "1.5",
        "budget": "Within budget.",
    }
    return Published(**{**given, **changes})


def evidence() -> Evidence:
    """What a replay of one report leaves behind when all went well."""
    made = Evidence(Portfolio([published()]))
    report = StatusReport(
        workspace_id=1,
        request_id=1,
        project_id=1,
        opens_on=date(2022, 3, 31),
        author_id=1,
        submitted_at=datetime(2022, 3, 31, 16, tzinfo=UTC),
        health=Health.YELLOW,
        rating="Amber/Red",
        why=WHY,
        done="On time.",
        risks="Within budget.",
        cost_forecast=Decimal(1_500_000),
    )
    made.stored[2022, "MOD_1"] = Stored("MOD_1", report)
    made.versions = 1
    made.requests = Counter([RequestState.ANSWERED])
    made.deliveries = Counter([DeliveryState.SENT])
    made.channels = {
        "MOD": [message("head"), message(WHY, "On time.", "Within budget.", root=HEAD)]
    }
    made.asked = {f"{slug('MOD')}-1": [message("Please answer.")]}
    made.composed = [Composed("MOD", 2022, has_same_head=True, has_same_text=True)]
    return made


def message(*texts: str, root: str | None = None) -> dict[str, Any]:
    elements = [{"type": "text", "text": f"{text}\n"} for text in texts]
    section = {"type": "rich_text_section", "elements": elements}
    posted = {"ts": HEAD, "text": "", "blocks": [{"type": "rich_text", "elements": [section]}]}
    return {**posted, "ts": REPLY, "thread_ts": root} if root else posted


def failed(of: Evidence) -> list[str]:
    return [each.what for each in checks_of(of) if not each.holds]


def test_all_checks_hold_when_all_is_well() -> None:
    assert failed(evidence()) == []


def test_a_text_that_lacks_its_last_word_is_not_readable_in_full() -> None:
    made = evidence()
    made.channels["MOD"][1] = message(WHY[:-4], "On time.", "Within budget.", root=HEAD)
    assert failed(made) == ["rating commentaries readable in full in Slack"]


def test_a_text_that_stands_in_another_years_digest_does_not_count() -> None:
    made = evidence()
    made.channels["MOD"][1]["ts"] = "1680678000.000000"
    assert "schedule commentaries readable in full in Slack" in failed(made)


def test_a_second_head_message_is_found() -> None:
    made = evidence()
    made.channels["MOD"].append(message("head again"))
    assert failed(made) == ["one head message for each council and cycle"]


def test_a_second_request_message_is_found() -> None:
    made = evidence()
    made.asked["mod-1"].append(message("Please answer."))
    assert failed(made) == ["one request message for each PM and year"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("why", "Else"), ("risks", ""), ("cost_forecast", None), ("health", Health.RED)],
)
def test_a_report_that_is_stored_differently_is_found(name: str, value: object) -> None:
    made = evidence()
    setattr(made.stored[2022, "MOD_1"].report, name, value)
    check = _check(made, "reports stored as published")
    assert check.details == (f"2022 MOD_1: {name} differ",)


def test_a_rating_that_lost_its_word_is_found() -> None:
    made = evidence()
    made.stored[2022, "MOD_1"].report.rating = ""
    assert failed(made) == ["Amber/Green and Amber/Red: yellow, rating kept"]


def test_a_colour_for_an_unrated_report_is_found() -> None:
    made = evidence()
    made.portfolio = Portfolio([published(rating="")])
    assert "without a rating: stored as not rated, grey" in failed(made)


def test_a_second_version_is_found() -> None:
    made = evidence()
    made.versions = 2
    assert failed(made) == ["reports stored as published"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"refusals": [{"method": "chat.update", "error": "x"}]}, "no refusal by the sandbox"),
        ({"not_taken": ["2022 MOD_1: {}"]}, "submissions taken at once"),
        ({"deliveries": Counter([DeliveryState.FAILED])}, "deliveries in the ledger sent"),
        ({"requests": Counter([RequestState.MISSED])}, "asked exactly those"),
        ({"composed": [Composed("MOD", 2022, True, False)]}, "digests with the same text"),  # noqa: FBT003 - the two halves of the comparison
        ({"composed": []}, "digests with the same text"),
    ],
)
def test_each_other_kind_of_fault_is_found(change: dict[str, Any], what: str) -> None:
    made = evidence()
    for name, value in change.items():
        setattr(made, name, value)
    assert [each.startswith(what) for each in failed(made)] == [True]


def test_words_are_read_as_they_stand_and_context_is_left_out() -> None:
    text = {"type": "text", "text": "one "}
    section = {"type": "rich_text_section", "elements": [text, {"type": "text", "text": "two"}]}
    blocks: list[dict[str, Any]] = [
        {"type": "rich_text", "elements": [section]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "MOD_1, continued"}]},
        {"type": "section", "text": {"type": "mrkdwn", "text": "R&amp;D"}},
    ]
    assert words(blocks) == "one two\n\nR&D"


def _check(made: Evidence, what: str) -> Check:
    return next(each for each in checks_of(made) if each.what == what)
