"""`pmobot apply FILE` from the file on disk to the tables."""

import dataclasses
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlmodel import SQLModel, select

from domain.portfolio import checking
from domain.portfolio.configuration import (
    FORM_FIELDS,
    Attention,
    ConfigurationFile,
    Part,
    RiskScores,
    WorkspaceConfiguration,
)
from domain.portfolio.configuring import ConfigureService, load_configuration
from domain.portfolio.importing import ImportService
from domain.portfolio.values import ApplyOutcome, FieldChange
from domain.ports import SlackChannel
from models.base import Database
from models.calendar import Absence, PersonalCalendar, ReportingCalendar
from models.collecting import StatusReport
from models.enums import LeaveSource, Unapproved
from models.portfolio import (
    AuditEntry,
    Configuration,
    Council,
    CouncilMember,
    Person,
    Phase,
    Workspace,
    configuration_of,
)
from tests.support.directory import FakeDirectory

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


class Office:
    """Applies what a test writes, and looks at what became of it."""

    def __init__(
        self, service: ConfigureService, database: Database, text: str, file: Path
    ) -> None:
        self._service = service
        self._database = database
        self._file = file
        self.text = text

    async def apply(self, *, dry_run: bool = False) -> ApplyOutcome:
        self._file.write_text(self.text, encoding="utf-8")
        return await self._service.apply_file(
            self._file, now=LATER, actor="pmobot apply", dry_run=dry_run
        )

    def edit(self, old: str, new: str) -> None:
        """Change the file where `old` stands for the first time."""
        assert old in self.text
        self.text = self.text.replace(old, new, 1)

    def line(self, text: str) -> str:
        """`line 7`: where a text stands in the file."""
        lines = self.text.splitlines()
        return f"line {next(n for n, line in enumerate(lines, 1) if text in line)}"

    async def all(self, table: type[SQLModel]) -> list[Any]:
        async with self._database.reading() as session:
            return list((await session.exec(select(table))).all())

    async def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Every row that applying a file can touch."""
        tables: list[type[SQLModel]] = [
            Workspace,
            Configuration,
            Phase,
            Person,
            Council,
            CouncilMember,
            ReportingCalendar,
            AuditEntry,
            PersonalCalendar,
            Absence,
        ]
        return {
            table.__name__: [row.model_dump() for row in await self.all(table)] for table in tables
        }

    async def new_audit(self) -> list[tuple[str, str, str | None, str | None]]:
        rows = [row for row in await self.all(AuditEntry) if row.at == LATER]
        return [(row.subject, row.field, row.old, row.new) for row in rows]


@pytest.fixture
def office(
    configured: ConfigureService, database: Database, configuration_text: str, tmp_path: Path
) -> Office:
    """Where the file of the other tests is applied already."""
    return Office(configured, database, configuration_text, tmp_path / "next.yaml")


@pytest.fixture
def fresh(
    configure: ConfigureService, database: Database, configuration_text: str, tmp_path: Path
) -> Office:
    """Where nothing was ever applied."""
    return Office(configure, database, configuration_text, tmp_path / "first.yaml")


async def test_a_first_file_makes_councils_seats_calendars_phases_and_the_pmo(
    fresh: Office, workspace_id: int
) -> None:
    outcome = await fresh.apply()
    assert outcome.created == ("ITS Council", "Security Council")
    assert (outcome.problems, outcome.warnings, outcome.applied) == ((), (), True)
    (workspace,) = await fresh.all(Workspace)
    assert (workspace.id, workspace.timezone) == (workspace_id, "America/New_York")
    its, security = await fresh.all(Council)
    assert (its.name, its.channel_id, its.channel_name) == ("ITS Council", "C0ITS", "its-council")
    assert (its.timezone, its.channel_is_private) == (None, False)
    assert security.channel_is_private
    people = {person.id: person for person in await fresh.all(Person)}
    assert people[its.chair_id].slack_id == "U0CAROL"
    assert security.chair_id is None
    seats = await fresh.all(CouncilMember)
    assert [(seat.council_id, people[seat.person_id].name, seat.voting) for seat in seats] == [
        (its.id, "Carol", True),
        (its.id, "Omar", False),
        (security.id, "Omar", True),
    ]
    assert [person.name for person in people.values() if person.is_pmo] == ["Dana"]
    (calendar,) = await fresh.all(ReportingCalendar)
    assert calendar.model_dump(exclude={"id", "workspace_id"}) == {
        "council_id": its.id,
        "every": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "first": date(2026, 11, 25),
        "ask_at": time(9),
        "remind_after": ["24h", "80%"],
        "cut_off": "+2d 15:00",
        "digest": "+3d 08:00",
        "freeze": "+4d 12:00",
        "preview": None,
        "unapproved": Unapproved.POST,
        "before_days": None,
    }
    phases = [(one.name, one.position, one.asked) for one in await fresh.all(Phase)]
    assert phases == [
        ("qualification", 0, False),
        ("initiation", 1, True),
        ("planning", 2, True),
        ("execution", 3, True),
        ("closeout", 4, True),
    ]


async def test_the_document_is_kept_whole_for_the_other_rooms(
    fresh: Office, database: Database, workspace_id: int
) -> None:
    async with database.reading() as session:
        assert await load_configuration(session, workspace_id) == WorkspaceConfiguration()
    await fresh.apply()
    async with database.reading() as session:
        loaded = await load_configuration(session, workspace_id)
    assert loaded.pmo_channel_id == "C0PMO"
    assert loaded.timezone == "America/New_York"
    assert loaded.form.required == ("health", "done", "next")
    assert loaded.form.scale == ("Green", "Yellow", "Red")
    meetings = loaded.councils[0].meetings
    assert meetings is not None
    assert (meetings.at, meetings.quorum) == ("14:00", "majority")
    assert loaded.thresholds.schedule.red == 10


async def test_applying_twice_changes_nothing(office: Office) -> None:
    before = await office.everything()
    outcome = await office.apply()
    assert outcome == ApplyOutcome(rules=outcome.rules, applied=True)
    assert outcome.is_unchanged
    assert await office.everything() == before


async def test_a_dry_run_tells_the_same_and_changes_nothing(office: Office) -> None:
    office.edit("timezone: America/New_York", "timezone: Europe/Berlin")
    office.edit("Security Council", "Safety Council")
    before = await office.everything()
    tried = await office.apply(dry_run=True)
    assert not tried.applied
    assert await office.everything() == before
    assert dataclasses.replace(tried, applied=True) == await office.apply()


async def test_each_change_is_told_by_name_and_audited_by_slack_id(office: Office) -> None:
    office.edit("chair: carol@", "chair: omar@")
    office.edit(
        "[carol@example.edu, {person: omar@example.edu, voting: false}]", "[omar@example.edu]"
    )
    office.edit("members: [dana@example.edu]", "members: [eve@example.edu]")
    office.edit('ask_at: "09:00"', 'ask_at: "10:30"')
    office.edit("remind_after: [24h, 80%]", "remind_after: [50%]")
    office.edit("minutes: 60", "minutes: 90")
    office.text += "attention: {messages_per_day: 5}\nclosures: [2026-12-24, 2026-12-31]\n"
    outcome = await office.apply()
    assert set(outcome.changed) == {
        FieldChange("pmo", "member", "Dana", ""),
        FieldChange("pmo", "member", "", "Eve"),
        FieldChange("council ITS Council", "chair", "Carol", "Omar"),
        FieldChange("council ITS Council", "member", "Carol (voting)", ""),
        FieldChange("council ITS Council", "member", "Omar (not voting)", "Omar (voting)"),
        FieldChange("council ITS Council", "ask_at", "09:00:00", "10:30:00"),
        FieldChange("council ITS Council", "remind_after", "24h, 80%", "50%"),
        FieldChange("council ITS Council", "meetings.minutes", "60", "90"),
        FieldChange("workspace", "attention.messages_per_day", "3", "5"),
        FieldChange("workspace", "closures", "", "2026-12-24, 2026-12-31"),
    }
    audited = await office.new_audit()
    assert len(audited) == len(outcome.changed)
    assert ("council ITS Council", "chair", "U0CAROL", "U0OMAR") in audited
    assert ("pmo", "member", "U0DANA", None) in audited
    assert (await office.apply()).is_unchanged


async def test_of_a_new_council_only_its_name_is_told_but_everything_is_audited(
    office: Office,
) -> None:
    office.text += "  - {name: New Council, channel: sts-council, members: [eve@example.edu]}\n"
    outcome = await office.apply()
    assert (outcome.created, outcome.changed) == (("New Council",), ())
    assert await office.new_audit() == [
        ("council New Council", "created", None, "New Council"),
        ("council New Council", "member", None, "U0EVE (voting)"),
    ]


async def test_a_chair_who_is_not_listed_gets_a_voting_seat(office: Office) -> None:
    office.edit("members: [carol@example.edu, ", "members: [eve@example.edu, ")
    await office.apply()
    people = {person.id: person.name for person in await office.all(Person)}
    (its, _security) = await office.all(Council)
    seats = [one for one in await office.all(CouncilMember) if one.council_id == its.id]
    assert sorted((people[one.person_id], one.voting) for one in seats) == [
        ("Carol", True),
        ("Eve", True),
        ("Omar", False),
    ]


async def test_a_council_gone_from_the_file_is_told_and_kept(office: Office) -> None:
    start = office.text.index("  - name: Security Council")
    office.text = office.text[:start]
    outcome = await office.apply()
    assert outcome.missing_from_file == ("Security Council",)
    assert [one.name for one in await office.all(Council)] == ["ITS Council", "Security Council"]
    assert len(await office.all(CouncilMember)) == 3


async def test_a_council_that_reports_no_more_loses_its_calendar(office: Office) -> None:
    start, end = office.text.index("    reporting:"), office.text.index("    meetings:")
    office.text = office.text[:start] + office.text[end:]
    outcome = await office.apply()
    every = "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
    assert outcome.changed == (FieldChange("council ITS Council", "reporting", every, ""),)
    assert await office.all(ReportingCalendar) == []


async def test_a_channel_renamed_in_slack_is_followed(
    office: Office, directory: FakeDirectory
) -> None:
    directory.all_channels[0] = SlackChannel("C0ITS", "its-board", is_member=True)
    office.edit("channel: its-council", "channel: '#its-board'")
    outcome = await office.apply()
    assert outcome.changed == (
        FieldChange("council ITS Council", "channel_name", "its-council", "its-board"),
    )


async def test_a_channel_may_be_given_by_its_id(office: Office) -> None:
    office.edit("channel: its-council", "channel: C0ITS")
    assert (await office.apply()).changed == ()


async def test_phases_follow_the_file_while_no_project_stands_in_them(office: Office) -> None:
    office.text += "phases: [{name: Idea, asked: no}, {name: Planning}, {name: execution}]\n"
    outcome = await office.apply()
    assert FieldChange("phases", "phase", "closeout", "") in outcome.changed
    assert FieldChange("phases", "phase", "", "Idea") in outcome.changed
    assert FieldChange("phase planning", "name", "planning", "Planning") in outcome.changed
    phases = sorted((one.position, one.name, one.asked) for one in await office.all(Phase))
    assert phases == [(0, "Idea", False), (1, "Planning", True), (2, "execution", True)]
    assert (await office.apply()).is_unchanged


async def test_a_phase_in_which_projects_stand_is_not_dropped(
    office: Office, database: Database, directory: FakeDirectory, workspace_id: int, tmp_path: Path
) -> None:
    file = tmp_path / "portfolio.csv"
    file.write_text("code,name,council,pm,phase\nA1,x,ITS Council,U0ANA,closeout\n")
    service = ImportService(database, workspace_id, directory)
    assert (await service.import_file(file, now=NOW, actor="x")).applied
    office.text += "phases: [{name: execution}]\n"
    (problem,) = (await office.apply()).problems
    assert str(problem) == (
        f"{office.line('phases:')}, phases: 'closeout' is missing, but projects stand in it (1); "
        "keep it here, or import them with another phase first"
    )


async def test_a_channel_that_the_bot_is_not_in_is_a_warning(office: Office) -> None:
    office.edit("channel: its-council", "channel: far-away")
    outcome = await office.apply()
    assert outcome.applied
    (warning,) = outcome.warnings
    assert (warning.where, warning.field) == (office.line("far-away"), "councils.channel")
    assert warning.text == "the bot is not in #far-away; write there: /invite @pmobot"


async def test_a_digest_may_be_due_at_the_very_cut_off(office: Office) -> None:
    office.edit("+2d 15:00", "+3d 08:00")
    assert (await office.apply()).applied


async def test_a_council_needs_no_freeze_and_no_pmo_channel_is_needed(office: Office) -> None:
    office.edit('      freeze: "+4d 12:00"\n', "")
    office.edit("channel: pmo-office, ", "")
    assert (
        FieldChange("council ITS Council", "freeze", "+4d 12:00", "")
        in (await office.apply()).changed
    )


async def test_nobody_in_the_pmo_is_a_warning(office: Office) -> None:
    office.edit("pmo: {channel: pmo-office, members: [dana@example.edu]}", "pmo:")
    outcome = await office.apply()
    (warning,) = outcome.warnings
    assert "nobody is in the PMO" in warning.text
    assert FieldChange("workspace", "pmo_channel_id", "C0PMO", "") in outcome.changed


BAD = [
    (
        "timezone: America",
        "timezone: Amerika",
        "timezone",
        "'Amerika/New_York' is not a time zone. Did you mean America/New_York? Write",
    ),
    ("timezone: America/New_York", "timezone: ET #", "timezone", "'ET' is not a time zone."),
    (
        "timezone:",
        "time_zone:",
        "time_zone",
        "is not known here. Did you mean timezone? Known: timezone, holidays",
    ),
    ("pmo: {channel", "pmo: {chanel", "pmo.chanel", "is not known here. Did you mean channel?"),
    (
        "channel: pmo-office",
        "channel: pmo office",
        "pmo.channel",
        "'pmo office' is not a channel; write its name, without the #",
    ),
    (
        "channel: pmo-office",
        "channel: pmo-ofice",
        "pmo.channel",
        "no channel 'pmo-ofice'. Did you mean pmo-office? Make it in Slack",
    ),
    (
        "channel: its-council",
        "channel: old-council",
        "councils.channel",
        "#old-council is archived; unarchive it",
    ),
    (
        "channel: sec-council",
        "channel: its-council # too",
        "councils.channel",
        "#its-council is the channel of ITS Council too; give each its own",
    ),
    (
        "name: Security Council",
        "name: its council",
        "councils.name",
        "'its council' stands there twice",
    ),
    ("name: ITS Council", f"name: {'x' * 76}", "councils.name", "must have at most 75 characters"),
    ("name: ITS Council", "name: [x]", "councils.name", "must be a plain text"),
    ("members: [omar@example.edu]", "members: []", "councils.members", "at least 1 item"),
    (
        "    members: [omar@example.edu]\n",
        "",
        "councils.members",
        "is missing; add `members:` here",
    ),
    (
        "members: [omar@example.edu]",
        "members: [{persn: omar@example.edu}]",
        "councils.members.persn",
        "Did you mean person?",
    ),
    (
        "members: [omar@example.edu]",
        "members: omar@example.edu",
        "councils.members",
        "must be a list; write [one, another]",
    ),
    (
        "members: [omar@example.edu]",
        "members: [omar@example.edu, U0OMAR]",
        "councils.members",
        "Omar stands there twice",
    ),
    (
        "members: [omar@example.edu]",
        "members: [gus@example.edu]",
        "councils.members",
        "Gus ('gus@example.edu') is a guest in Slack",
    ),
    (
        "members: [omar@example.edu]",
        "members: [lea@example.edu]",
        "councils.members",
        "has left Slack",
    ),
    (
        "members: [omar@example.edu]",
        "members: [~]",
        "councils.members",
        "must have keys of its own",
    ),
    ("chair: carol@", "chair: karol@", "councils.chair", "Did you mean carol@example.edu?"),
    (
        "members: [dana@example.edu]",
        "members: [U0NOBODY]",
        "pmo.members",
        "nobody with the id 'U0NOBODY'",
    ),
    ("voting: false", "voting: perhaps", "councils.members.voting", "must be true or false"),
    ("BYDAY=WE", "BYDAY=WX", "councils.reporting.every", "write BYDAY as days"),
    (
        "first: 2026-11-25",
        "first: 25.11.2026",
        "councils.reporting.first",
        "'25.11.2026' is not a date; write it as 2026-11-25",
    ),
    (
        "first: 2026-11-25",
        "first: 2026-02-30",
        "councils.reporting.first",
        "no day of the calendar",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "FREQ=WEEKLY;BYDAY=WE;UNTIL=20260101",
        "councils.reporting.every",
        "gives no date",
    ),
    (
        'ask_at: "09:00"',
        "ask_at: 25:00",
        "councils.reporting.ask_at",
        "'25:00' is not a time of day",
    ),
    (
        "24h",
        "24",
        "councils.reporting.remind_after",
        "'24' is not a reminder; write it as 24h or 80%",
    ),
    (
        "+2d 15:00",
        "2 days",
        "councils.reporting.cut_off",
        "'2 days' is not an offset; write it as +2d 15:00",
    ),
    (
        "+3d 08:00",
        "+2d 14:59",
        "councils.reporting.digest",
        "comes before `cut_off:`; the order is",
    ),
    ("+4d 12:00", "+3d 07:00", "councils.reporting.freeze", "comes before `digest:`"),
    (
        'freeze: "+4d 12:00"',
        'preview: {at: "+2d 14:59"}',
        "councils.reporting.preview.at",
        "comes before `cut_off:` (+2d 15:00), when answers are still on their way; name a time",
    ),
    (
        'freeze: "+4d 12:00"',
        'preview: {at: "+3d 08:00"}',
        "councils.reporting.preview.at",
        "leaves no time before `digest:` (+3d 08:00)",
    ),
    (
        'freeze: "+4d 12:00"',
        'preview: {at: "+2d 16:00", unapproved: hope}',
        "councils.reporting.preview.unapproved",
        "must be 'post' or 'wait'",
    ),
    (
        'freeze: "+4d 12:00"',
        'preview: {at: "+2d 16:00", approved: wait}',
        "councils.reporting.preview.approved",
        "Did you mean unapproved? Known: at, unapproved",
    ),
    ("+2d 15:00", "+0d 08:00", "councils.reporting.cut_off", "comes before `ask_at:`"),
    ("FREQ=MONTHLY;BYDAY=1TH", "every month", "councils.meetings.rule", "is not a recurrence rule"),
    ("minutes: 60", "minutes: an hour", "councils.meetings.minutes", "must be a whole number"),
    (
        "minutes: 60",
        "minutes: 2",
        "councils.meetings.minutes",
        "must be greater than or equal to 5",
    ),
    (
        "pre_read: 5d",
        "pre_read: 5 days",
        "councils.meetings.pre_read",
        "no number of working days; write it as 5d",
    ),
    (
        "pre_read: 5d",
        "quorum: most",
        "councils.meetings.quorum",
        "'most' is no quorum; write majority, all",
    ),
]


@pytest.mark.parametrize(("old", "new", "field", "cause"), BAD)
async def test_a_mistake_is_refused_with_its_line_and_the_cure(
    office: Office, old: str, new: str, field: str, cause: str
) -> None:
    before = await office.everything()
    office.edit(old, new)
    outcome = await office.apply()
    assert not outcome.applied
    problem = next(one for one in outcome.problems if one.field == field)
    assert cause in problem.text
    assert problem.where == office.line(new.strip() or "name: Security Council")
    assert await office.everything() == before


MORE_BAD = [
    ("holidays: {country: XX}", "holidays.country", "no holiday calendar for the country 'XX'"),
    (
        "holidays: {country: US, subdivision: ZZ}",
        "holidays.subdivision",
        "'US' has no subdivision 'ZZ'; known: AK, AL",
    ),
    (
        "holidays: {country: AF, subdivision: ZZ}",
        "holidays.subdivision",
        "leave `subdivision:` out",
    ),
    ("holidays: {subdivision: NY}", "holidays.country", "is missing; add `country:`"),
    ("holidays: US", "holidays", "must have keys of its own"),
    (
        "attention: {quiet_hours: at night}",
        "attention.quiet_hours",
        "no span of hours; write it as 09:00-17:00",
    ),
    (
        "attention: {quiet_hours: 18:00-18:00}",
        "attention.quiet_hours",
        "begins and ends at the same hour",
    ),
    ("attention: {quiet_hours: 18:00-8pm}", "attention.quiet_hours", "'8pm' is not a time of day"),
    (
        "attention: {messages_per_day: 0}",
        "attention.messages_per_day",
        "must be greater than or equal to 1",
    ),
    (
        "thresholds: {schedule: {yellow: 10}}",
        "thresholds.schedule.yellow",
        "yellow (10) must be less than red (10)",
    ),
    ("thresholds: {budget: {yellow: 7, red: 3}}", "thresholds.budget.yellow", "must be less"),
    ("thresholds: {budget: {orange: 7}}", "thresholds.budget.orange", "Known: yellow, red"),
    ("thresholds: {budget: {red: much}}", "thresholds.budget.red", "must be a number"),
    ("thresholds: {risk: {yellow: 20}}", "thresholds.risk.yellow", "must be less than red (20)"),
    ("thresholds: {risk: {red: 31}}", "thresholds.risk.red", "less than or equal to 30"),
    ("thresholds: {risk: {red: high}}", "thresholds.risk.red", "must be a whole number"),
    (
        "thresholds: {short_projects: {yellow: 9}}",
        "thresholds.short_projects.yellow",
        "yellow (9) must be less than red (6)",
    ),
    (
        "thresholds: {overdue_milestones: {yellow: 0}}",
        "thresholds.overdue_milestones.yellow",
        "must be greater than or equal to 1",
    ),
    (
        "thresholds: {overdue_milestone: {yellow: 1}}",
        "thresholds.overdue_milestone",
        "Did you mean overdue_milestones?",
    ),
    ("thresholds: {repetition: 1}", "thresholds.repetition", "greater than or equal to 2"),
    ("thresholds: {repetition: often}", "thresholds.repetition", "must be a whole number"),
    ("phases: [{name: a}, {name: A}]", "phases.name", "'A' stands there twice"),
    ("phases: []", "phases", "at least 1 item"),
    ("closures: [24.12.2026]", "closures", "'24.12.2026' is not a date"),
    ("closures: [1700000000]", "closures", "'1700000000' is not a date"),
    (
        "form: {required: [helth]}",
        "form.required",
        "no field 'helth'. Did you mean health? Fields: health, why",
    ),
    (
        "form: {scale: [Green, Red, Blue]}",
        "form.scale",
        "'Blue' is not a rating; it needs green",
    ),
    ("form: {scale: [Green, Red, Reduced]}", "form.scale", "'Reduced' is not a rating"),
    ("escalation: {sponsor_afer: 2}", "escalation.sponsor_afer", "Did you mean sponsor_after?"),
    ("leave: {from_status: perhaps}", "leave.from_status", "must be true or false"),
    (
        "form: {questions: {close: [Accepted?]}}",
        "form.questions.close",
        "there is no phase 'close'",
    ),
    ("form: {scale: [Green]}", "form.scale", "at least 2 items"),
    ("form: {scale: [Green, Red, GREEN]}", "form.scale", "'GREEN' stands there twice"),
    ("pmo_channel_id: C0PMO", "pmo_channel_id", "is not known here"),
    ("closures: [2126-12-24]", "closures", "is far from any plan; write a day from 2000 to 2099"),
    ("people: [{working_days: [MO]}]", "people.person", "is missing; add `person:`"),
    (
        "people: [{person: ana@example.edu, working_days: [Monday]}]",
        "people.working_days",
        "'Monday' is not a day of the week; write MO, TU, WE",
    ),
    (
        "people: [{person: ana@example.edu, working_days: []}]",
        "people.working_days",
        "at least 1 item",
    ),
    (
        "people: [{person: ana@example.edu, working_hours: nine to five}]",
        "people.working_hours",
        "'nine to five' is no span of hours; write it as 09:00-17:00",
    ),
    (
        "people: [{person: ana@example.edu, holidays: {country: XX}}]",
        "people.holidays.country",
        "no holiday calendar for the country 'XX'",
    ),
    (
        "people: [{person: ana@example.edu, leave: [{from: 2026-12-21}]}]",
        "people.leave.until",
        "is missing; add `until:`",
    ),
    (
        "people: [{person: ana@example.edu, leave: [{from: 2026-12-21, until: 2026-12-22, x: 1}]}]",
        "people.leave.x",
        "is not known here. Known: from, until",
    ),
    (
        "people: [{person: ana@example.edu, leave: [{from: 2026-12-21, until: 2026-12-20}]}]",
        "people.leave.until",
        "2026-12-20 is before 2026-12-21; `until:` is the last day away",
    ),
    (
        "people: [{person: ana@example.edu, leave: [{from: 2026-12-21, until: 2036-01-04}]}]",
        "people.leave.until",
        "is more than three years on; check the year",
    ),
    ("people: [{person: nobody@example.edu}]", "people.person", "nobody in Slack has"),
    (
        "requests: {link: 'http://requests.example.edu'}",
        "requests.link",
        "is no web address that people can be sent to; write it as https://...",
    ),
    ("requests: {link: 'https://a b'}", "requests.link", "write it as https://..."),
    ("requests: {link: 'https://x@evil.example'}", "requests.link", "write it as https://..."),
    (
        f"requests: {{service_desk: 'https://x.example/{'x' * 1000}'}}",
        "requests.service_desk",
        "1000",
    ),
    (f"requests: {{text: {'x' * 501}}}", "requests.text", "at most 500"),
    ("requests: {form: x}", "requests.form", "Known: link, text, service_desk"),
    (
        "triage: {small_hours: 80}",
        "triage.small_hours",
        "80 must be less than `project_hours:` (80)",
    ),
    ("triage: {decided_by: [unit]}", "triage.decided_by", "Did you mean units? Known: hours"),
    ("triage: {decided_by: []}", "triage.decided_by", "name at least one of hours"),
    ("triage: {project_money: []}", "triage.project_money", "must be a plain text"),
    ("triage: {texts: {projects: x}}", "triage.texts.projects", "Did you mean project?"),
    (
        "people: [{person: ana@example.edu}, {person: U0ANA}]",
        "people",
        "Ana stands there twice; keep one of the two",
    ),
]


@pytest.mark.parametrize(("line", "field", "cause"), MORE_BAD)
async def test_a_mistake_in_the_workspaces_own_rules_is_refused(
    office: Office, line: str, field: str, cause: str
) -> None:
    office.text += f"{line}\n"
    (problem,) = (await office.apply()).problems
    assert (problem.where, problem.field) == (office.line(line), field)
    assert cause in problem.text


async def test_where_requests_go_and_where_the_line_is_drawn_is_told_and_stored(
    office: Office, workspace_id: int
) -> None:
    office.text += "requests: {link: 'https://requests.example.edu/new?a=1'}\n"
    office.text += "triage: {project_hours: 40, project_money: 20000}\n"
    told = (await office.apply(dry_run=True)).changed
    assert told == (
        FieldChange("workspace", "requests.link", "", "https://requests.example.edu/new?a=1"),
        FieldChange("workspace", "triage.project_hours", "80", "40"),
        FieldChange("workspace", "triage.project_money", "10,000", "20,000"),
    )
    assert (await office.apply()).applied
    async with office._database.reading() as session:
        stored = await load_configuration(session, workspace_id)
    assert stored.requests.link == "https://requests.example.edu/new?a=1"
    assert (stored.triage.project_hours, stored.triage.project_money) == (40, "20,000")


async def test_mistakes_of_one_kind_are_told_all_at_once(office: Office) -> None:
    office.edit("timezone: America/New_York", "timezone: Nowhere")
    office.edit("chair: carol@", "chair: nobody@")
    office.edit("channel: sec-council", "channel: nowhere")
    office.edit("+3d 08:00", "+1d 08:00")
    outcome = await office.apply()
    assert sorted(problem.field for problem in outcome.problems) == [
        "councils.chair",
        "councils.channel",
        "councils.reporting.digest",
        "timezone",
    ]


async def test_what_is_not_yaml_is_a_problem_of_the_outcome(office: Office) -> None:
    office.text = "councils: [\n"
    (problem,) = (await office.apply()).problems
    assert problem.where == "line 2, column 1"


async def test_a_council_may_have_a_zone_and_a_scale_may_be_finer_than_three(
    office: Office, database: Database, workspace_id: int
) -> None:
    office.edit("    channel: its-council", "    timezone: Asia/Kolkata\n    channel: its-council")
    office.text += "form: {scale: [Green, Amber/Green, Amber, Amber/Red, Red]}\n"
    office.text += "holidays: {country: US, subdivision: NY}\n"
    assert (await office.apply()).applied
    assert (await office.all(Council))[0].timezone == "Asia/Kolkata"
    async with database.reading() as session:
        loaded = await load_configuration(session, workspace_id)
    assert len(loaded.form.scale) == 5
    office.edit("timezone: Asia/Kolkata", "timezone: Mars/Olympus")
    (problem,) = (await office.apply()).problems
    assert (problem.where, problem.field) == (office.line("Mars"), "councils.timezone")


async def test_a_document_of_before_the_further_thresholds_still_loads(
    office: Office, database: Database, workspace_id: int
) -> None:
    await office.apply()
    async with database.writing() as session:
        stored = await configuration_of(session, workspace_id)
        assert stored is not None
        few = {name: stored.document["thresholds"][name] for name in ("schedule", "budget")}
        stored.document = {**stored.document, "thresholds": few}
    async with database.reading() as session:
        loaded = await load_configuration(session, workspace_id)
    assert loaded.thresholds.risk == RiskScores(yellow=15, red=20)
    assert loaded.thresholds.repetition == 3


def test_quiet_hours_are_read_as_two_times() -> None:
    assert Attention().quiet is None
    assert Attention(quiet_hours="18:00 - 8:00").quiet == (time(18), time(8))


def test_every_part_of_the_file_can_tell_which_keys_it_knows() -> None:
    assert set(checking._PARTS.values()) == set(_parts(ConfigurationFile))


def _parts(part: type[Part]) -> list[type[Part]]:
    below = [one for field in part.model_fields.values() for one in _inside(field.annotation)]
    return [part, *(each for one in below for each in _parts(one))]


def _inside(annotation: Any) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [one for inner in get_args(annotation) for one in _inside(inner)]


def test_the_form_can_ask_for_nothing_that_a_report_does_not_hold() -> None:
    assert set(FORM_FIELDS) <= set(StatusReport.model_fields)


EVERY = """      every: "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
      first: 2026-11-25
"""
BEFORE = "      before_meeting: 5d\n"


async def test_a_council_may_be_asked_so_many_working_days_before_its_meetings(
    office: Office,
) -> None:
    office.edit(EVERY, BEFORE)
    outcome = await office.apply()
    assert set(outcome.changed) == {
        FieldChange(
            "council ITS Council",
            "every",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
            "FREQ=MONTHLY;BYDAY=1TH",
        ),
        FieldChange("council ITS Council", "first", "2026-11-25", "2024-01-01"),
        FieldChange("council ITS Council", "before_days", "", "5"),
    }
    (calendar,) = await office.all(ReportingCalendar)
    assert (calendar.every, calendar.before_days) == ("FREQ=MONTHLY;BYDAY=1TH", 5)
    assert (await office.apply()).is_unchanged
    office.edit("{rule: ", "{first: 2026-12-03, rule: ")
    await office.apply()
    (calendar,) = await office.all(ReportingCalendar)
    assert calendar.first == date(2026, 12, 3)
    office.edit(BEFORE, EVERY)
    await office.apply()
    (calendar,) = await office.all(ReportingCalendar)
    assert (calendar.first, calendar.before_days) == (date(2026, 11, 25), None)


RHYTHM_BAD = [
    (
        EVERY,
        "",
        "councils.reporting",
        "reporting:",
        "needs `every:` and `first:`, or `before_meeting:` as 5d; add the one or the other",
    ),
    (
        "      first: 2026-11-25\n",
        "",
        "councils.reporting",
        "reporting:",
        "needs `first:`, the day that `every:` counts from",
    ),
    (
        "      first: 2026-11-25\n",
        "      first: 2026-11-25\n" + BEFORE,
        "councils.reporting.every",
        "every:",
        "stands beside `before_meeting:`, which says when to ask; drop `every:`",
    ),
    (
        EVERY,
        "      before_meeting: a week\n",
        "councils.reporting.before_meeting",
        "before_meeting:",
        "'a week' is no number of working days; write it as 5d",
    ),
    (
        EVERY,
        "      before_meeting: 2d\n",
        "councils.reporting.digest",
        "digest:",
        "comes after the meeting, which is +2d 14:00 from the ask day; name an earlier digest",
    ),
    (
        "FREQ=MONTHLY;BYDAY=1TH",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH",
        "councils.meetings.rule",
        "INTERVAL=2;BYDAY=1TH",
        "counts from a first day; add `first:` with the first meeting",
    ),
    (
        "FREQ=MONTHLY;BYDAY=1TH",
        "FREQ=MONTHLY",
        "councils.meetings.rule",
        "rule:",
        "counts from a first day; add `first:`",
    ),
]


@pytest.mark.parametrize(("old", "new", "field", "stands", "cause"), RHYTHM_BAD)
async def test_a_rhythm_that_does_not_add_up_is_refused(
    office: Office, old: str, new: str, field: str, stands: str, cause: str
) -> None:
    office.edit(old, new)
    problem = next(one for one in (await office.apply()).problems if one.field == field)
    assert cause in problem.text
    assert problem.where == office.line(stands)


async def test_asking_before_meetings_needs_meetings(office: Office) -> None:
    office.edit(EVERY, BEFORE)
    office.text = re.sub("    meetings: .*\n", "", office.text)
    (problem,) = (await office.apply()).problems
    assert problem.field == "councils.reporting.before_meeting"
    assert "needs the council's `meetings:`; add them, or say `every:`" in problem.text


PRIYA = """\
people:
  - person: ana@example.edu
    working_days: [mo, TU, WE, TH]
    working_hours: "09:00-17:00"
    holidays: {country: GB, subdivision: ENG}
    leave: [{from: 2026-12-21, until: 2027-01-04}, {from: 2026-11-30, until: 2026-12-04}]
"""


async def _leave(office: Office) -> list[tuple[date, date, LeaveSource]]:
    return [(row.first, row.until, row.source) for row in await office.all(Absence)]


async def test_a_persons_own_working_time_is_stored_told_and_audited(office: Office) -> None:
    office.text += PRIYA
    outcome = await office.apply()
    told = [
        ("working_days", "MO,TU,WE,TH"),
        ("working_hours", "09:00-17:00"),
        ("holidays", "GB-ENG"),
        ("leave", "2026-11-30..2026-12-04"),
        ("leave", "2026-12-21..2027-01-04"),
    ]
    assert outcome.changed == tuple(
        FieldChange("person Ana", field, "", new) for field, new in told
    )
    assert await office.new_audit() == [("person U0ANA", each, None, new) for each, new in told]
    (row,) = await office.all(PersonalCalendar)
    assert row.weekdays == "MO,TU,WE,TH"
    assert (row.hours_from, row.hours_to) == (time(9), time(17))
    assert (row.country, row.subdivision) == ("GB", "ENG")
    before = await office.everything()
    assert (await office.apply()).is_unchanged
    assert await office.everything() == before


async def test_the_file_wins_over_its_own_leave_and_leaves_a_persons_word_alone(
    office: Office, database: Database, workspace_id: int
) -> None:
    office.text += PRIYA
    await office.apply()
    ana = next(one for one in await office.all(Person) if one.slack_id == "U0ANA")
    async with database.writing() as session:
        session.add(
            Absence(
                workspace_id=workspace_id,
                person_id=ana.pk,
                first=date(2026, 12, 21),
                until=date(2027, 1, 4),
                source=LeaveSource.PERSON,
                created_at=NOW,
            )
        )
    office.edit("{from: 2026-12-21, until: 2027-01-04}, ", "")
    outcome = await office.apply()
    assert outcome.changed == (FieldChange("person Ana", "leave", "2026-12-21..2027-01-04", ""),)
    assert await _leave(office) == [
        (date(2026, 11, 30), date(2026, 12, 4), LeaveSource.FILE),
        (date(2026, 12, 21), date(2027, 1, 4), LeaveSource.PERSON),
    ]


async def test_who_is_gone_from_the_file_has_the_workspaces_time_again(office: Office) -> None:
    plain = office.text
    office.text += PRIYA
    await office.apply()
    office.text = plain
    outcome = await office.apply()
    assert {(one.subject, one.new) for one in outcome.changed} == {("person Ana", "")}
    assert len(outcome.changed) == 5
    assert await office.all(PersonalCalendar) == []
    assert await _leave(office) == []


async def test_closures_that_leave_nobody_a_day_to_work_are_refused(office: Office) -> None:
    mondays = [date(2026, 11, 23) + timedelta(days=7 * week) for week in range(120)]
    office.text += f"closures: [{', '.join(map(str, mondays))}]\n"
    assert (await office.apply()).applied
    office.text += "people: [{person: ana@example.edu, working_days: [MO]}]\n"
    (problem,) = (await office.apply()).problems
    assert (problem.where, problem.field) == (office.line("closures:"), "closures")
    assert "there are no 1 working days after 2026-11-23" in problem.text


async def _plan(office: Office) -> int:
    (workspace,) = await office.all(Workspace)
    revision: int = workspace.plan_revision
    return revision


async def test_only_a_file_that_changes_something_makes_a_new_plan(office: Office) -> None:
    before = await _plan(office)
    await office.apply()
    assert await _plan(office) == before
    office.text += "closures: [2026-12-24]\n"
    await office.apply(dry_run=True)
    assert await _plan(office) == before
    await office.apply()
    assert await _plan(office) == before + 1
