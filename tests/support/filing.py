"""A project with all that a record can know of it, and one of which it knows next to nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.collecting.values import Answers, Promise, Report
from domain.documents.values import (
    FiledCouncil,
    FiledDigest,
    FiledProject,
    MeetingSeries,
    PastReport,
    ProjectFile,
    ReportingRhythm,
    Seat,
)
from domain.logs.values import Entry
from domain.portfolio.values import PersonName
from models.enums import Health, LogKind, LogState, Visibility

NAME = "Student {{ 7*7 }} <w:p/> {_{ & {% Portal"
"""Prints as it is typed."""

LONG = "Shall the old ledger run on beside the new one? " * 6 + "Recommended: no."
"""A decision whose title is cut in the list."""

LI = PersonName(1, "U0LI", "Li Wei")

_REPORT = Report(
    Answers(
        health=Health.YELLOW,
        rating="Yellow",
        why="The vendor is late",
        schedule=Health.YELLOW,
        done="UAT passed\nTraining held",
        next="Go-live",
        milestone="Go-live",
        milestone_baseline=date(2027, 3, 1),
        milestone_forecast=date(2027, 3, 15),
        decision="Confirm the new date",
        decision_from="Carol",
        decision_by=date(2026, 12, 10),
        spent=Decimal("120000.50"),
        percent_complete=60,
    ),
    author="Ana",
    submitted_at=datetime(2026, 11, 20, 15, tzinfo=UTC),
    opens_on=date(2026, 11, 18),
    computed=Health.RED,
    computed_why=("M-1 was due on 1 Mar.",),
    claim_reason="The vendor has signed.",
    promises=(Promise("Test", "done"),),
    extra={"Who runs it?": "Operations"},
)

_OPENED = date(2026, 11, 1)

FACTS = ProjectFile(
    on=date(2026, 11, 22),
    project=FiledProject(
        project_id=1,
        code="APOLLO",
        name=NAME,
        phase="execution",
        visibility=Visibility.OPEN,
        pm="Ana",
        deputy="Ben",
        start=date(2026, 1, 5),
        baseline_end=date(2027, 3, 1),
        forecast_end=date(2027, 3, 15),
        budget=Decimal("250000.00"),
        description="A portal\nfor \x0bstudents\tof all years. " + "Long. " * 2_000,
        notes=(("vendor", "ACME"),),
    ),
    council=FiledCouncil(
        name="ITS Council",
        channel="its-council",
        timezone="America/New_York",
        chair="Carol",
        seats=(Seat("Carol", is_voting=True), Seat("Li Wei", is_voting=False)),
        reporting=ReportingRhythm(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", date(2026, 11, 25), "09:00", "+2d 15:00", "+0d 16:00"
        ),
        meetings=MeetingSeries(
            "FREQ=MONTHLY;BYDAY=1TH",
            date(2026, 1, 1),
            "14:00",
            60,
            "majority",
            "5d",
            date(2026, 12, 3),
        ),
    ),
    report=_REPORT,
    entries=(
        Entry(
            1,
            LogKind.RISK,
            1,
            "=cmd|' /C calc'!A0",
            owner=LI,
            due_on=date(2026, 12, 1),
            likelihood=4,
            impact=5,
            response="-1 day",
            opened_on=_OPENED,
        ),
        Entry(2, LogKind.RISK, 2, "Nobody has it", opened_on=_OPENED),
        Entry(
            3,
            LogKind.ACTION,
            1,
            "Write the plan",
            owner_name="ACME",
            due_on=date(2026, 12, 2),
            opened_on=_OPENED,
        ),
        Entry(
            4,
            LogKind.MILESTONE,
            1,
            "Go-live",
            owner=LI,
            due_on=date(2027, 3, 15),
            baseline_on=date(2027, 3, 1),
            opened_on=_OPENED,
        ),
        Entry(
            5,
            LogKind.ACTION,
            2,
            "Over long ago",
            owner=LI,
            due_on=date(2026, 11, 2),
            state=LogState.DONE,
            closed_at=datetime(2026, 11, 3, tzinfo=UTC),
            opened_on=_OPENED,
        ),
        Entry(
            6,
            LogKind.DECISION,
            1,
            f"{LONG[:199]}…",
            text=LONG,
            owner=LI,
            due_on=date(2026, 12, 10),
            opened_on=_OPENED,
        ),
    ),
    past=(
        PastReport(
            date(2026, 11, 18),
            "Ana",
            Health.YELLOW,
            milestone="Go-live",
            milestone_forecast=date(2027, 3, 15),
            percent_complete=60,
        ),
        PastReport(date(2026, 11, 4), "Ana", Health.GREY),
    ),
    followers=("Erik", "Zoe"),
    digests=(
        FiledDigest(
            "Executives",
            "executives",
            "FREQ=MONTHLY;BYDAY=1MO",
            date(2026, 1, 1),
            "08:00",
            "America/New_York",
        ),
    ),
)

UNKNOWN = replace(
    FACTS,
    project=FiledProject(2, "BARE", "Bare", "initiation", Visibility.OPEN, "Ana"),
    council=FiledCouncil("ITS Council", "its-council", "UTC"),
    report=None,
    entries=(),
    past=(),
    followers=(),
    digests=(),
)
