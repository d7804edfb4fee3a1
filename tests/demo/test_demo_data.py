"""Checks that the sample portfolio and its story are complete and agree with each other."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from dateutil.rrule import rrulestr
from ruamel.yaml import YAML

DEMO = Path(__file__).parents[2] / "demo"
ANCHOR = date(2026, 11, 25)  # the day that the sample dates were written for
HEADER = (
    "code,name,council,phase,visibility,pm,deputy,sponsor,start,baseline_end,forecast_end,"
    "budget,description,tags,service_area"
)
PHASES = {"qualification", "initiation", "planning", "execution", "closeout"}
DIMENSIONS = ("schedule", "budget", "scope", "resources")
TEXTS = ("why", "done", "next", "risks", "path_to_green")
FIELDS = {*TEXTS, *DIMENSIONS, "health", "milestone", "decision", "percent_complete", "late"}
COLOURS = {"green", "yellow", "red"}
SPECIAL = ("C&E", "<legacy>", "*beta*", "@channel", "<b>", "snake_case", "🚀")
SENTENCE_WORTH_COMPARING = 25  # characters; "Still silence." may well be written twice


@dataclass(frozen=True)
class Report:
    """One report of the story, with where it stands."""

    when: int
    code: str
    fields: dict[str, Any]

    @property
    def unchanged(self) -> bool:
        return "unchanged" in self.fields

    @property
    def place(self) -> str:
        return f"{self.code} in cycle {self.when}"

    def texts(self) -> dict[str, str]:
        texts = {name: self.fields[name] for name in TEXTS if name in self.fields}
        if "decision" in self.fields:
            texts["decision"] = self.fields["decision"]["text"]
        return texts


def read_yaml(name: str) -> Any:
    return YAML(typ="safe").load(DEMO / name)


@pytest.fixture(scope="module")
def people() -> list[dict[str, Any]]:
    return list(read_yaml("people.yaml"))


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return dict(read_yaml("pmobot.yaml"))


@pytest.fixture(scope="module")
def projects() -> dict[str, dict[str, str]]:
    with (DEMO / "portfolio.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    cycles = read_yaml("story.yaml")["cycles"]
    return [
        Report(cycle["when"], code, fields)
        for cycle in cycles
        for code, fields in cycle["reports"].items()
    ]


@pytest.fixture(scope="module")
def answers(reports: list[Report]) -> list[Report]:
    return [report for report in reports if not report.unchanged]


@pytest.fixture(scope="module")
def cycle_days(config: dict[str, Any], projects: dict[str, dict[str, str]]) -> dict[str, int]:
    """Days from one ask to the next, by project code."""
    days = {}
    for council in config["councils"]:
        first, second = ask_days(council["reporting"], count=2)
        days[council["name"]] = (second - first).days
    return {code: days[project["council"]] for code, project in projects.items()}


def ask_days(reporting: dict[str, Any], count: int) -> list[date]:
    rule = rrulestr(reporting["every"], dtstart=reporting["first"])
    return [day.date() for day in islice(rule, count)]


def histories(reports: list[Report]) -> dict[str, list[Report]]:
    """Return the reports by project code, oldest first."""
    found = defaultdict(list)
    for report in sorted(reports, key=lambda report: report.when):
        found[report.code].append(report)
    return found


def addresses_in(value: Any) -> Iterator[str]:
    """Yield every e-mail address at any depth of a configuration."""
    if isinstance(value, str):
        yield from re.findall(r"\S+@\S+", value)
    elif isinstance(value, dict):
        for part in value.values():
            yield from addresses_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from addresses_in(part)


def sentences_of(report: Report) -> set[str]:
    parts = (
        part.removeprefix("- ").strip().casefold()
        for text in report.texts().values()
        for part in re.split(r"\n+|(?<=[.?!;])\s+", text)
    )
    return {part for part in parts if len(part) >= SENTENCE_WORTH_COMPARING}


# --- people ---


def test_everybody_has_a_name_a_title_a_known_zone_and_an_address_of_their_own(
    people: list[dict[str, Any]],
) -> None:
    zones = available_timezones()
    assert 30 <= len(people) <= 40
    assert max(Counter(person["email"] for person in people).values()) == 1
    assert max(Counter(person["name"] for person in people).values()) == 1
    for person in people:
        assert set(person) - {"guest"} == {"name", "email", "title", "timezone"}
        assert re.fullmatch(r"[a-z]+@northfield\.example", person["email"])
        assert person["timezone"] in zones, person


def test_there_is_one_guest_who_holds_no_role(
    people: list[dict[str, Any]],
    config: dict[str, Any],
    projects: dict[str, dict[str, str]],
) -> None:
    guests = [person["email"] for person in people if person.get("guest")]
    in_use = {*addresses_in(config), *addresses_in(list(projects.values()))}
    assert len(guests) == 1
    assert not in_use & set(guests)


def test_every_address_in_use_belongs_to_a_person(
    people: list[dict[str, Any]],
    config: dict[str, Any],
    projects: dict[str, dict[str, str]],
) -> None:
    known = {person["email"] for person in people}
    assert set(addresses_in(config)) <= known
    assert set(addresses_in(list(projects.values()))) <= known


# --- configuration ---


def test_each_council_has_its_chair_among_its_voting_members(config: dict[str, Any]) -> None:
    assert len(config["councils"]) == 3
    for council in config["councils"]:
        assert council["chair"] in council["members"], council["name"]


def test_each_first_ask_day_is_a_day_of_its_rule(config: dict[str, Any]) -> None:
    for council in config["councils"]:
        reporting = council["reporting"]
        assert ask_days(reporting, count=1) == [reporting["first"]], council["name"]


def test_the_anchor_day_is_an_ask_day_of_every_council(config: dict[str, Any]) -> None:
    for council in config["councils"]:
        assert ANCHOR in ask_days(council["reporting"], count=12), council["name"]


def test_only_qualification_is_not_asked(config: dict[str, Any]) -> None:
    assert {phase["name"] for phase in config["phases"]} == PHASES
    silent = [phase["name"] for phase in config["phases"] if not phase.get("asked", True)]
    assert silent == ["qualification"]


# --- portfolio ---


def test_the_portfolio_has_the_promised_columns_and_unique_codes() -> None:
    with (DEMO / "portfolio.csv").open(encoding="utf-8", newline="") as file:
        header = file.readline().rstrip()
        codes = [line[0] for line in csv.reader(file)]
    assert header == HEADER
    assert len(codes) == len(set(codes)) >= 26
    assert all(re.fullmatch(r"[A-Z][A-Z0-9-]{2,11}", code) for code in codes)


def test_the_portfolio_covers_every_council_phase_and_visibility(
    projects: dict[str, dict[str, str]],
    config: dict[str, Any],
) -> None:
    councils = Counter(project["council"] for project in projects.values())
    phases = Counter(project["phase"] for project in projects.values())
    visibilities = Counter(project["visibility"] for project in projects.values())
    assert set(councils) == {council["name"] for council in config["councils"]}
    assert set(phases) == PHASES
    assert min(phases.values()) >= 2
    assert set(visibilities) == {"open", "restricted"}
    assert visibilities["restricted"] == 3


def test_twelve_managers_carry_one_to_five_projects_each(
    projects: dict[str, dict[str, str]],
) -> None:
    loads = Counter(project["pm"] for project in projects.values())
    assert len(loads) == 12
    assert (min(loads.values()), max(loads.values())) == (1, 5)


def test_every_project_has_a_sponsor_and_most_have_a_deputy_who_is_not_the_manager(
    projects: dict[str, dict[str, str]],
) -> None:
    deputies = [project for project in projects.values() if project["deputy"]]
    assert all(project["sponsor"] for project in projects.values())
    assert len(deputies) > len(projects) * 0.7
    assert not [project["code"] for project in deputies if project["deputy"] == project["pm"]]


def test_project_dates_are_in_order_and_some_forecasts_are_late(
    projects: dict[str, dict[str, str]],
) -> None:
    late = 0
    for project in projects.values():
        start = date.fromisoformat(project["start"])
        baseline = date.fromisoformat(project["baseline_end"])
        forecast = date.fromisoformat(project["forecast_end"])
        assert start <= ANCHOR < forecast, project["code"]
        assert start < baseline <= forecast, project["code"]
        assert int(project["budget"]) > 0
        late += forecast > baseline
    assert 5 <= late < len(projects) - 5


# --- story: form ---


def test_the_story_has_three_finished_cycles_and_the_running_one() -> None:
    assert [cycle["when"] for cycle in read_yaml("story.yaml")["cycles"]] == [-3, -2, -1, 0]


def test_only_known_projects_that_are_asked_report(
    reports: list[Report],
    projects: dict[str, dict[str, str]],
) -> None:
    for report in reports:
        assert projects[report.code]["phase"] != "qualification", report.place


def test_one_to_three_projects_miss_each_finished_cycle(
    reports: list[Report],
    projects: dict[str, dict[str, str]],
) -> None:
    asked = {code for code, project in projects.items() if project["phase"] != "qualification"}
    for when in (-3, -2, -1):
        answered = {report.code for report in reports if report.when == when}
        assert 1 <= len(asked - answered) <= 3, when


def test_a_third_of_the_managers_have_answered_for_all_their_projects_in_the_running_cycle(
    reports: list[Report],
    projects: dict[str, dict[str, str]],
) -> None:
    answered = {report.code for report in reports if report.when == 0}
    managers = {projects[code]["pm"] for code in answered}
    asked_of_them = {
        code
        for code, project in projects.items()
        if project["pm"] in managers and project["phase"] != "qualification"
    }
    assert len(managers) == 4
    assert answered == asked_of_them


def test_no_report_has_an_unknown_field_or_colour(answers: list[Report]) -> None:
    for report in answers:
        assert set(report.fields) <= FIELDS, report.place
        colours = {report.fields[name] for name in ("health", *DIMENSIONS) if name in report.fields}
        assert colours <= COLOURS, report.place


def test_each_colour_brings_the_fields_that_it_requires(answers: list[Report]) -> None:
    required = {
        "green": {"done", "next"},
        "yellow": {"done", "next", "why"},
        "red": {"done", "next", "why", "path_to_green"},
    }
    for report in answers:
        assert required[report.fields["health"]] <= set(report.fields), report.place


def test_done_and_next_are_two_to_five_bullets_of_one_line_each(answers: list[Report]) -> None:
    for report in answers:
        for name in ("done", "next"):
            lines = report.fields[name].split("\n")
            assert 2 <= len(lines) <= 5, f"{name} of {report.place}"
            assert all(re.match(r"- \S", line) for line in lines), f"{name} of {report.place}"


def test_braces_hold_a_signed_number_of_days_and_nothing_else(answers: list[Report]) -> None:
    for report in answers:
        for name, text in report.texts().items():
            left = re.sub(r"\{[+-]\d{1,3}\}", "", text)
            assert not re.search(r"[{}]", left), f"{name} of {report.place}"


def test_no_text_names_a_month_because_the_story_is_moved_to_any_date(
    answers: list[Report],
) -> None:
    month = re.compile(
        r"\b(January|February|April|June|July|August|September|October|November|December"
        r"|\d{1,2} (?:March|May)|(?:March|May) \d{1,2}|20\d\d)\b"
    )
    for report in answers:
        for name, text in report.texts().items():
            assert not month.search(text), f"{name} of {report.place}"


def test_milestones_and_decisions_are_complete(
    answers: list[Report],
    config: dict[str, Any],
    people: list[dict[str, Any]],
) -> None:
    deciders = {council["name"] for council in config["councils"]}
    deciders |= {person["name"] for person in people}
    for report in answers:
        milestone = report.fields.get("milestone", {"name": "-", "baseline": 0, "forecast": 0})
        decision = report.fields.get("decision", {"text": "-", "from": "ITS Council", "by": 1})
        assert set(milestone) == {"name", "baseline", "forecast"}, report.place
        assert isinstance(milestone["baseline"], int), report.place
        assert isinstance(milestone["forecast"], int), report.place
        assert set(decision) == {"text", "from", "by"}, report.place
        assert decision["from"] in deciders, report.place
        assert decision["by"] > 0, report.place


def test_unchanged_stands_alone_and_follows_at_most_twice_on_a_green_report(
    reports: list[Report],
) -> None:
    for history in histories(reports).values():
        for position, report in enumerate(history):
            if report.unchanged:
                before = [earlier for earlier in history[:position] if not earlier.unchanged][-1]
                assert report.fields == {"unchanged": True}, report.place
                assert before.fields["health"] == "green", report.place
                assert report.when - before.when <= 2, report.place


def test_no_sentence_is_used_by_two_projects(answers: list[Report]) -> None:
    users = defaultdict(set)
    for report in answers:
        for sentence in sentences_of(report):
            users[sentence].add(report.code)
    assert not {sentence: codes for sentence, codes in users.items() if len(codes) > 1}


# --- story: the meeting ---


def test_the_meeting_is_held_by_members_of_its_council(
    config: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    told = read_yaml("story.yaml")["meeting"]
    (council,) = [each for each in config["councils"] if each["name"] == told["council"]]
    voting = {each.partition("@")[0] for each in council["members"] if isinstance(each, str)}
    assert council["channel"] == told["channel"]
    assert {*told["reads"], *told["comes"], *told["apologies"]} == voting
    assert {step["who"] for step in told["course"]} <= voting - set(told["apologies"])
    owners = {
        step["fields"]["owner"] for step in told["course"] if "owner" in step.get("fields", {})
    }
    assert owners <= {person["email"].partition("@")[0] for person in people}
    minutes = [step["minute"] for step in told["course"]]
    assert minutes == sorted(minutes)


def test_the_meeting_decides_under_a_condition_gives_an_action_and_parks_an_item() -> None:
    course = read_yaml("story.yaml")["meeting"]["course"]
    pressed = Counter(step["press"] for step in course)
    assert pressed["Decide"] == 2
    assert (pressed["Action"], pressed["Park"], pressed["Close the meeting"]) == (1, 1, 1)
    assert [step["press"] for step in course][-1] == "Post"
    decided = [step["fields"] for step in course if step["press"] == "Decide"]
    assert [each["outcome"] for each in decided] == ["conditional", "approved"]


# --- story: development ---


def test_a_milestone_keeps_its_baseline_date_from_cycle_to_cycle(
    answers: list[Report],
    cycle_days: dict[str, int],
) -> None:
    baselines = defaultdict(set)
    for report in answers:
        if "milestone" in report.fields:
            milestone = report.fields["milestone"]
            ask_day = report.when * cycle_days[report.code]
            baselines[report.code, milestone["name"]].add(ask_day + milestone["baseline"])
    assert not {key: days for key, days in baselines.items() if len(days) > 1}


def test_a_milestone_slips_twice(answers: list[Report], cycle_days: dict[str, int]) -> None:
    twice = set()
    for code, history in histories(answers).items():
        forecasts = [
            report.when * cycle_days[code] + report.fields["milestone"]["forecast"]
            for report in history
            if report.when < 0 and "milestone" in report.fields
        ]
        if sum(later > earlier for earlier, later in pairwise(forecasts)) >= 2:
            twice.add(code)
    assert "IDCARD" in twice


def test_progress_never_runs_backwards(answers: list[Report]) -> None:
    for code, history in histories(answers).items():
        progress = [report.fields["percent_complete"] for report in history]
        assert progress == sorted(progress), code


def test_projects_worsen_recover_and_stay_green(reports: list[Report]) -> None:
    healths = {
        code: [report.fields.get("health", "unchanged") for report in history]
        for code, history in histories(reports).items()
    }
    assert healths["PORTAL"] == ["yellow", "red", "green"]
    assert healths["WIFI7"] == ["green", "yellow", "red", "yellow"]
    assert healths["ADVISE"] == ["green", "green", "green"]
    assert healths["MFA"] == ["green", "unchanged", "unchanged", "green"]
    assert healths["ERPFIN"] == ["yellow", "red", "red"]


def test_a_decision_that_was_asked_is_answered_in_the_next_report(reports: list[Report]) -> None:
    for code in ("PORTAL", "ADMIT-CRM", "WIFI7", "DCMOVE"):
        history = histories(reports)[code]
        asked = [place for place, report in enumerate(history) if "decision" in report.fields]
        assert len(asked) == 1, code
        answer = history[asked[0] + 1]
        told = " ".join(answer.texts().values())
        assert re.search(r"(council|approved)\b.*\{-\d+\}", told, re.IGNORECASE), code


def test_one_long_accomplishment_and_one_long_risk_exceed_a_slack_field(
    answers: list[Report],
) -> None:
    long = [
        (report.fields["health"], name)
        for report in answers
        for name, text in report.texts().items()
        if len(text) > 3500
    ]
    assert sorted(long) == [("green", "done"), ("red", "risks")]


def test_some_reports_of_each_finished_cycle_are_late(answers: list[Report]) -> None:
    late = {report.when for report in answers if report.fields.get("late")}
    assert late == {-3, -2, -1}


@pytest.mark.parametrize("special", SPECIAL)
def test_texts_hold_what_people_really_type(answers: list[Report], special: str) -> None:
    assert any(special in text for report in answers for text in report.texts().values())
