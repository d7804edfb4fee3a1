"""What a form of a list may say, who may do what, and how two people's changes meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import FieldErrors
from domain.logs.rules import GivenBy, access_of, check_entry, merged, news_in_words, raw_of
from domain.logs.values import Access, Change, Entry
from domain.portfolio.values import PersonName, ProjectFacts, Viewer
from models.enums import LogKind, LogState, Visibility

TODAY = date(2026, 11, 25)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LI = PersonName(person_id=7, slack_id="U0LI", name="Li")

GOOD: dict[LogKind, dict[str, str]] = {
    LogKind.RISK: {"title": "A vendor fails", "likelihood": "4", "impact": "5"},
    LogKind.ISSUE: {"title": "The vendor failed", "impact": "5"},
    LogKind.ACTION: {"title": "Book a room", "owner": "U0LI", "due_on": str(TOMORROW)},
    LogKind.DECISION: {"title": "Which vendor?"},
    LogKind.MILESTONE: {"title": "Go live", "due_on": str(TOMORROW)},
}


def errors_of(kind: LogKind, raw: dict[str, str], before: Entry | None = None) -> dict[str, str]:
    try:
        check_entry(kind, raw, before, TODAY)
    except FieldErrors as error:
        return error.errors
    return {}


@pytest.mark.parametrize("kind", LogKind)
def test_each_kind_is_taken_with_what_it_needs_and_refused_without(kind: LogKind) -> None:
    assert errors_of(kind, GOOD[kind]) == {}
    for name in GOOD[kind]:
        left_out = {field: text for field, text in GOOD[kind].items() if field != name}
        assert list(errors_of(kind, left_out)) == [name]


@pytest.mark.parametrize(
    ("field", "longest"), [("title", 200), ("text", 3_000), ("response", 3_000), ("note", 3_000)]
)
def test_a_text_is_taken_at_its_limit_and_refused_beyond(field: str, longest: int) -> None:
    for sign in ("x", "😀", "ש"):
        at_limit = {**GOOD[LogKind.RISK], field: sign * longest}
        assert getattr(check_entry(LogKind.RISK, at_limit, None, TODAY), field) == sign * longest
        beyond = {**at_limit, field: sign * (longest + 1)}
        assert f"{longest + 1:,} characters" in errors_of(LogKind.RISK, beyond)[field]


@pytest.mark.parametrize(
    ("field", "text", "cure"),
    [
        ("due_on", "31/12/2026", "write it as 2026-11-25"),
        ("likelihood", "6", "from 1 to 5"),
        ("impact", "abc", "from 1 to 5"),
        ("impact", "-1", "from 1 to 5"),
        ("state", "gone", "is no state"),
        ("owner_name", "x" * 101, "101 characters"),
    ],
)
def test_what_cant_be_read_is_told_at_its_field(field: str, text: str, cure: str) -> None:
    errors = errors_of(LogKind.RISK, {**GOOD[LogKind.RISK], field: text})
    assert list(errors) == [field]
    assert cure in errors[field]


@pytest.mark.parametrize("kind", LogKind)
def test_a_new_entry_is_never_due_in_the_past(kind: LogKind) -> None:
    errors = errors_of(kind, {**GOOD[kind], "due_on": str(YESTERDAY)})
    word = "forecast" if kind is LogKind.MILESTONE else "due date"
    assert errors == {
        "due_on": f"The {word} 2026-11-24 is in the past; give the day on which it is expected now."
    }
    assert errors_of(kind, {**GOOD[kind], "due_on": str(TODAY)}) == {}


ACTION = Entry(
    entry_id=1, kind=LogKind.ACTION, number=1, title="Book a room", owner=LI, due_on=YESTERDAY
)


def test_a_date_in_the_past_may_stay_but_not_be_set_unless_it_is_closed() -> None:
    assert errors_of(LogKind.ACTION, {"title": "Book two rooms"}, ACTION) == {}
    older = {"due_on": str(YESTERDAY - timedelta(days=1))}
    assert "or close it" in errors_of(LogKind.ACTION, older, ACTION)["due_on"]
    assert errors_of(LogKind.ACTION, {**older, "state": "done"}, ACTION) == {}


def test_what_falls_away_needs_a_reason() -> None:
    assert list(errors_of(LogKind.ACTION, {"state": "cancelled"}, ACTION)) == ["note"]
    assert errors_of(LogKind.ACTION, {"state": "cancelled", "note": "No need"}, ACTION) == {}
    assert errors_of(LogKind.ACTION, {"state": "done"}, ACTION) == {}


def test_an_owner_is_a_person_or_a_name_and_not_both() -> None:
    outside = {**GOOD[LogKind.ACTION], "owner": "", "owner_name": "The vendor"}
    assert errors_of(LogKind.ACTION, outside) == {}
    both = {**GOOD[LogKind.ACTION], "owner_name": "The vendor"}
    assert list(errors_of(LogKind.ACTION, both)) == ["owner_name"]


def test_an_owner_who_has_left_is_replaced_or_kept_with_what_is_closed() -> None:
    gone = replace(ACTION, owner=replace(LI, is_gone=True))
    empty = {"owner": ""}  # a form can't show who is not there any more
    assert "Li has left Slack" in errors_of(LogKind.ACTION, empty, gone)["owner"]
    assert errors_of(LogKind.ACTION, {"owner": "U0BEN"}, gone) == {}
    closed = check_entry(LogKind.ACTION, {**empty, "state": "done"}, gone, TODAY)
    assert closed.owner == "U0LI"


def test_a_milestone_without_a_baseline_starts_from_its_forecast() -> None:
    wanted = check_entry(LogKind.MILESTONE, GOOD[LogKind.MILESTONE], None, TODAY)
    assert wanted.baseline_on == TOMORROW
    planned = {**GOOD[LogKind.MILESTONE], "baseline_on": "2025-01-01"}
    assert check_entry(LogKind.MILESTONE, planned, None, TODAY).baseline_on == date(2025, 1, 1)


def test_a_text_longer_than_a_field_stays_where_it_was_not_touched() -> None:
    long = replace(ACTION, kind=LogKind.DECISION, text="x" * 9_000)
    assert check_entry(LogKind.DECISION, {"title": "Another"}, long, TODAY).text == long.text


PROJECT = ProjectFacts(visibility=Visibility.OPEN, council_id=1, pm_id=1, deputy_id=2, sponsor_id=3)
SECRET = replace(PROJECT, visibility=Visibility.RESTRICTED)


def person(number: int, **facts: object) -> Viewer:
    known = Viewer(person_id=number, slack_id=f"U{number}", name=f"{number}", timezone="UTC")
    return replace(known, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("viewer", "opened", "secret", "councils"),
    [
        (person(1), Access.CHANGE, Access.CHANGE, None),
        (person(2), Access.CHANGE, Access.CHANGE, None),
        (person(3), Access.READ, Access.READ, None),
        (person(4), Access.READ, None, Access.CHANGE),
        (person(4, is_guest=True), None, None, None),
        (person(7), Access.ANSWER, None, Access.ANSWER),
        (person(8), Access.READ, None, None),
        (person(8, council_ids=frozenset({1})), Access.READ, Access.READ, Access.READ),
        (person(9, is_pmo=True), Access.CHANGE, Access.CHANGE, Access.CHANGE),
        (person(9, is_pmo=True, is_guest=True), None, None, None),
        (person(7, is_guest=True), None, None, None),
        (person(1, is_gone=True), None, None, None),
        (person(7, is_gone=True), None, None, None),
    ],
)
def test_who_may_change_answer_and_read(
    viewer: Viewer, opened: Access | None, secret: Access | None, councils: Access | None
) -> None:
    assert access_of(viewer, PROJECT, None, ACTION) is opened
    assert access_of(viewer, SECRET, None, ACTION) is secret
    assert access_of(viewer, None, GivenBy(1, chair_id=4), ACTION) is councils


def test_the_chair_changes_what_the_council_gave_out_where_they_may_see_its_project() -> None:
    chair, of_council = person(4), GivenBy(1, chair_id=4)
    assert access_of(chair, PROJECT, of_council, ACTION) is Access.CHANGE
    assert access_of(chair, SECRET, of_council, ACTION) is None


def test_only_actions_are_answered_by_their_owner() -> None:
    risk = replace(ACTION, kind=LogKind.RISK)
    assert access_of(person(7), PROJECT, None, risk) is Access.READ


def change(field: str, old: str, new: str) -> Change:
    return Change(at=datetime(2026, 11, 25, tzinfo=UTC), who="Ana", field=field, old=old, new=new)


def test_what_was_typed_stays_and_the_rest_takes_what_it_holds_now() -> None:
    shown = raw_of(ACTION)
    now = {**shown, "due_on": "2026-12-24", "title": "Book a hall"}
    news = [
        change("due_on", "2026-12-01", "2026-12-24"),
        change("title", "Book a room", "Book a hall"),
        change("due_on", "2026-11-24", "2026-12-01"),
    ]
    typed = {**shown, "title": "Book a barn", "text": "For ten people"}
    assert merged(typed, now, news) == {
        **now,
        "title": "Book a barn",
        "text": "For ten people",
        "due_on": "2026-12-24",
    }
    assert merged(shown, now, news) == now, "nothing was typed"


def test_news_tell_dates_and_names_but_no_long_texts() -> None:
    news = [change("text", "a" * 900, "b"), change("due_on", "", "2026-12-24")]
    assert news_in_words(LogKind.MILESTONE, news) == (
        "Ana changed the forecast from nothing to 2026-12-24. Ana changed the details."
    )


@pytest.mark.parametrize(
    ("kind", "likelihood", "impact", "is_high"),
    [
        (LogKind.RISK, 4, 5, True),
        (LogKind.RISK, 4, 4, False),
        (LogKind.RISK, None, 5, False),
        (LogKind.ISSUE, None, 4, True),
        (LogKind.ISSUE, None, 3, False),
        (LogKind.ISSUE, None, None, False),
    ],
)
def test_what_is_high(
    kind: LogKind, likelihood: int | None, impact: int | None, *, is_high: bool
) -> None:
    entry = replace(ACTION, kind=kind, likelihood=likelihood, impact=impact)
    assert entry.is_high is is_high


def test_only_what_is_open_and_past_its_date_is_overdue() -> None:
    assert ACTION.is_overdue(TODAY)
    assert not ACTION.is_overdue(YESTERDAY)
    assert not replace(ACTION, state=LogState.DONE).is_overdue(TODAY)
    assert not replace(ACTION, due_on=None).is_overdue(TODAY)
