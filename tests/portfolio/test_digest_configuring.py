"""`digests:` of the configuration: checked, stored as schedules, audited, stopped."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlmodel import select

from domain.portfolio.configuring import ConfigureService
from domain.portfolio.importing import ImportService
from domain.portfolio.values import ApplyOutcome
from message_templates.calendar.rules import rule_line
from models.base import Database
from models.calendar import PortfolioDigest, portfolio_digests
from models.portfolio import AuditEntry
from tests.support.directory import FakeDirectory

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

OVERVIEW = """\
  - name: Executive overview
    channel: pmo-office
    every: "FREQ=MONTHLY;BYDAY=1MO"
    at: "08:00"
    councils: [its council, Security Council]
    tag: ERP
    note: Questions go to Dana.
"""


class Office:
    """Applies the configuration of the other tests with a part `digests:`."""

    def __init__(
        self, service: ConfigureService, database: Database, text: str, file: Path
    ) -> None:
        self._service = service
        self._database = database
        self._text = text
        self._file = file

    async def apply(self, *digests: str, now: datetime = NOW, head: str = "") -> ApplyOutcome:
        part = "digests:\n" + "".join(digests) if digests else ""
        self._file.write_text(head + self._text + part, encoding="utf-8")
        return await self._service.apply_file(self._file, now=now, actor="pmobot apply")

    async def schedules(self, *, stopped_too: bool = False) -> list[PortfolioDigest]:
        async with self._database.reading() as session:
            return list(await portfolio_digests(session, 1, stopped_too=stopped_too))

    async def audit(self) -> list[tuple[str, str | None, str | None]]:
        async with self._database.reading() as session:
            rows = (await session.exec(select(AuditEntry))).all()
        return [
            (row.field, row.old, row.new)
            for row in rows
            if row.subject == "digest Executive overview"
        ]

    async def dealt_with(self, day: date) -> None:
        """Let an issue have been posted, and the next be expected a month later."""
        async with self._database.writing() as session:
            (row,) = await portfolio_digests(session, 1)
            row.last_on = day


@pytest.fixture
def office(
    configured: ConfigureService, database: Database, configuration_text: str, tmp_path: Path
) -> Office:
    return Office(configured, database, configuration_text, tmp_path / "next.yaml")


async def test_a_digest_is_stored_with_its_next_day_read_back_and_audited(office: Office) -> None:
    outcome = await office.apply(OVERVIEW)
    assert outcome.applied, outcome.problems
    (row,) = await office.schedules()
    assert (row.channel_id, row.channel_name, row.at) == ("C0PMO", "pmo-office", time(8))
    assert (row.tag, row.note, row.timezone) == ("erp", "Questions go to Dana.", None)
    assert len(row.council_ids) == 2
    assert (row.next_on, row.next_at) == (
        date(2026, 12, 7),
        datetime(2026, 12, 7, 13, tzinfo=UTC),
    )
    assert rule_line(outcome.rules[-1]) == (
        "Executive overview is posted every month on the first Monday at 08:00; "
        "next 7 Dec 2026, 4 Jan, 1 Feb 2027"
    )
    told = {
        ("channel_name", None, "pmo-office"),
        ("every", None, "FREQ=MONTHLY;BYDAY=1MO"),
        ("first", None, "2024-01-01"),
        ("at", None, "08:00:00"),
        ("councils", None, "ITS Council, Security Council"),
        ("tag", None, "erp"),
        ("note", None, "Questions go to Dana."),
    }
    assert set(await office.audit()) == told
    again = await office.apply(OVERVIEW)
    assert again.is_unchanged
    assert len(await office.audit()) == len(told)


async def test_a_digest_that_the_file_does_not_name_any_more_stops_and_may_go_on(
    office: Office,
) -> None:
    await office.apply(OVERVIEW)
    await office.dealt_with(date(2026, 12, 7))
    outcome = await office.apply()
    assert [(each.subject, each.field) for each in outcome.changed] == [
        ("digest Executive overview", "every")
    ]
    assert await office.schedules() == []
    (stopped,) = await office.schedules(stopped_too=True)
    assert stopped.next_at is None
    await office.apply(OVERVIEW)
    (row,) = await office.schedules()
    assert (row.id, row.next_on) == (stopped.id, date(2027, 1, 4))


async def test_another_hour_or_zone_moves_what_is_expected_and_what_is_overdue_is_left_alone(
    office: Office,
) -> None:
    await office.apply(OVERVIEW)
    moved = OVERVIEW.replace("08:00", "10:30") + "    timezone: Europe/Berlin\n"
    await office.apply(moved)
    (row,) = await office.schedules()
    assert row.next_at == datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
    late = datetime(2026, 12, 8, tzinfo=UTC)
    await office.apply(moved, now=late)
    assert (await office.schedules())[0].next_on == date(2026, 12, 7)


BAD = [
    ("pmo-office", "pmo-ofice", "channel", "there is no channel 'pmo-ofice'. Did you mean pmo-of"),
    ("pmo-office", "old-council", "channel", "#old-council is archived; unarchive it in Slack"),
    ("its council", "IT Council", "councils", "no council 'IT Council'. Did you mean ITS Counc"),
    ("its council", "Security council", "councils", "'Security Council' stands there twice"),
    ("BYDAY=1MO", "BYDAY=6MO", "every", "no period has so many of a weekday"),
    ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY", "every", "counts from a first day; add `first:`"),
    ("BYDAY=1MO", "BYMONTHDAY=31;BYMONTH=2", "every", "none of its months has that day"),
    ("08:00", "8 am", "at", "is not a time of day; write it as 09:00"),
    ("tag: ERP", "tag: a;b", "tag", "'a;b' is not a tag; write one word or a few"),
    ("tag: ERP", "timezone: New York", "timezone", "'New York' is not a time zone"),
    ("tag: ERP", "tags: erp", "tags", "is not known here. Did you mean tag?"),
    ("note: Questions go to Dana.", f"note: {'x' * 501}", "note", "at most 500 characters"),
]


@pytest.mark.parametrize(("old", "new", "field", "cause"), BAD)
async def test_a_wrong_digest_is_refused_by_line_and_field_with_cause_and_cure(
    office: Office, old: str, new: str, field: str, cause: str
) -> None:
    assert old in OVERVIEW
    outcome = await office.apply(OVERVIEW.replace(old, new))
    (problem,) = outcome.problems
    assert problem.field == f"digests.{field}"
    assert cause in problem.text
    assert await office.schedules() == []


async def test_two_digests_of_one_name_are_refused(office: Office) -> None:
    outcome = await office.apply(OVERVIEW, OVERVIEW.replace("Executive", "executive"))
    assert ["stands there twice" in each.text for each in outcome.problems] == [True]


async def test_a_channel_without_the_bot_and_a_tag_that_nobody_has_are_told_and_taken(
    office: Office, directory: FakeDirectory, database: Database, tmp_path: Path
) -> None:
    outcome = await office.apply(OVERVIEW.replace("pmo-office", "far-away"))
    assert outcome.applied
    assert [each.text for each in outcome.warnings] == [
        "the bot is not in #far-away; write there: /invite @pmobot",
        "no open project has the tag 'erp'. Tags come from the column `tags` of the portfolio file",
    ]
    file = tmp_path / "portfolio.csv"
    file.write_text(
        "code,name,council,pm,visibility,tags\n"
        "A1,One,ITS Council,ana@example.edu,open,erp2\n"
        "A2,Two,ITS Council,ana@example.edu,restricted,erp\n",
        encoding="utf-8",
    )
    imports = ImportService(database, 1, directory)
    assert (await imports.import_file(file, now=NOW, actor="test")).applied
    (warning,) = (await office.apply(OVERVIEW)).warnings
    assert "no open project has the tag 'erp'. Did you mean erp2?" in warning.text
