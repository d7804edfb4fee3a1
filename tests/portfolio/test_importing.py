"""`pmobot import FILE` from the file on disk to the projects in the database."""

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from domain.portfolio.configuring import ConfigureService
from domain.portfolio.importing import ImportService
from domain.portfolio.people import PeopleService
from domain.portfolio.rows import COLUMNS
from domain.portfolio.service import PortfolioService
from domain.portfolio.values import Conflict, FieldChange, ImportOutcome, ProjectCard
from models.base import Database
from models.enums import Visibility
from models.portfolio import AuditEntry, Person, Phase, Project, Workspace
from tests.support.directory import FakeDirectory, user

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)

FULL = {
    "code": "APOLLO",
    "name": "Portal",
    "council": "ITS Council",
    "phase": "execution",
    "visibility": "restricted",
    "pm": "ana@example.edu",
    "deputy": "U0BEN",
    "sponsor": "Carol@Example.edu",
    "start": "2026-01-15",
    "baseline_end": "2026-12-31",
    "forecast_end": "2027-02-28",
    "budget": "480000",
    "description": "One page for all.\nNo more passwords.",
    "tags": "ERP, cloud first;erp",
    "Service Area": "Enterprise",
}
LEAST = {"code": "B2", "name": "Least", "council": "its council", "pm": "ben@example.edu"}


class Shop:
    """Imports what a test writes, and looks at what became of it."""

    def __init__(self, service: ImportService, database: Database, folder: Path) -> None:
        self._service = service
        self._database = database
        self._file = folder / "portfolio.csv"

    async def take(self, *rows: Mapping[str, str], **options: Any) -> ImportOutcome:
        """Import rows, written as a CSV file with the columns of them all."""
        return await self.take_text(_written(rows), **options)

    async def take_text(self, text: str, **options: Any) -> ImportOutcome:
        self._file.write_text(text, encoding="utf-8", newline="")
        return await self.take_file(self._file, **options)

    async def take_file(self, file: Path, **options: Any) -> ImportOutcome:
        return await self._service.import_file(file, now=NOW, actor="pmobot import", **options)

    async def refuse(self, *rows: Mapping[str, str]) -> list[str]:
        """The problems of rows, of which nothing was saved."""
        outcome = await self.take(*rows)
        assert not outcome.applied
        assert await self.codes() == []
        return [str(problem) for problem in outcome.problems]

    async def codes(self) -> list[str]:
        async with self._database.reading() as session:
            return list((await session.exec(select(Project.code).order_by(Project.code))).all())

    async def audit(self) -> list[tuple[str, str, str | None, str | None]]:
        async with self._database.reading() as session:
            entries = await session.exec(
                select(AuditEntry).where(AuditEntry.actor == "pmobot import")
            )
            return [(one.subject, one.field, one.old, one.new) for one in entries]

    async def change_in_slack(self, **fields: Any) -> None:
        async with self._database.writing() as session:
            for project in await session.exec(select(Project)):
                for name, value in fields.items():
                    setattr(project, name, value)


def _written(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.fixture
def service(database: Database, workspace_id: int, directory: FakeDirectory) -> ImportService:
    return ImportService(database, workspace_id, directory)


@pytest.fixture
def shop(
    service: ImportService, database: Database, tmp_path: Path, configured: ConfigureService
) -> Shop:
    assert configured is not None
    return Shop(service, database, tmp_path)


@pytest.fixture
def people(database: Database, workspace_id: int, directory: FakeDirectory) -> PeopleService:
    return PeopleService(database, workspace_id, directory)


@pytest.fixture
async def any_shop(
    any_database: Database,
    any_workspace_id: int,
    directory: FakeDirectory,
    configuration_text: str,
    tmp_path: Path,
) -> Shop:
    """The shop on each kind of database."""
    file = tmp_path / "pmobot.yaml"
    file.write_text(configuration_text, encoding="utf-8")
    configure = ConfigureService(any_database, any_workspace_id, directory)
    for _twice in range(2):
        assert (await configure.apply_file(file, now=NOW, actor="pmobot apply")).applied
    return Shop(ImportService(any_database, any_workspace_id, directory), any_database, tmp_path)


async def test_importing_works_the_same_on_each_kind_of_database(any_shop: Shop) -> None:
    assert (await any_shop.take(FULL, LEAST)).created == ("APOLLO", "B2")
    assert (await any_shop.take(FULL, LEAST)).unchanged == 2
    await any_shop.change_in_slack(budget=Decimal("1.50"))
    outcome = await any_shop.take({**FULL, "budget": "999999999999.99"}, LEAST)
    assert outcome.changed == (FieldChange("APOLLO", "budget", "1.50", "999999999999.99"),)
    assert (await any_shop.take({**FULL, "budget": "999999999999.99"}, LEAST)).unchanged == 2


async def _card(database: Database, people: PeopleService, code: str) -> ProjectCard:
    dana = await people.viewer("U0DANA")
    assert dana is not None
    return await PortfolioService(database, 1).find(dana, code)


async def test_a_full_row_becomes_a_project_with_everything_that_it_says(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    outcome = await shop.take(FULL)
    assert outcome == ImportOutcome(created=("APOLLO",), applied=True)
    card = await _card(database, people, "APOLLO")
    assert (card.name, card.council, card.phase) == ("Portal", "ITS Council", "execution")
    assert card.visibility is Visibility.RESTRICTED
    assert card.deputy is not None
    assert card.sponsor is not None
    assert [one.slack_id for one in (card.pm, card.deputy, card.sponsor)] == [
        "U0ANA",
        "U0BEN",
        "U0CAROL",
    ]
    assert (card.start, card.baseline_end) == (date(2026, 1, 15), date(2026, 12, 31))
    assert card.forecast_end == date(2027, 2, 28)
    assert card.budget == Decimal(480000)
    assert card.description == "One page for all.\nNo more passwords."
    assert card.tags == ("cloud first", "erp")
    assert card.notes == {"Service Area": "Enterprise"}
    assert await shop.audit() == [("project APOLLO", "created", None, "Portal")]


async def test_a_least_row_is_open_and_in_the_first_phase_that_is_asked(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(LEAST)
    card = await _card(database, people, "B2")
    assert (card.phase, card.visibility, card.council) == (
        "initiation",
        Visibility.OPEN,
        "ITS Council",
    )
    assert (card.deputy, card.start, card.budget, card.description) == (None, None, None, "")


async def test_without_an_asked_phase_a_new_project_is_in_the_first(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    async with database.writing() as session:
        for phase in await session.exec(select(Phase)):
            phase.asked = False
    await shop.take(LEAST)
    assert (await _card(database, people, "B2")).phase == "qualification"


async def test_people_of_the_file_become_known_with_what_slack_says(
    shop: Shop, database: Database, directory: FakeDirectory
) -> None:
    directory.asked.clear()
    await shop.take({**LEAST, "deputy": "gus@example.edu"})
    assert directory.asked == ["users"]
    async with database.reading() as session:
        known = {one.slack_id: one for one in await session.exec(select(Person))}
    assert known["U0BEN"].email == "ben@example.edu"
    assert known["U0BEN"].timezone == "America/New_York"
    assert known["U0GUS"].is_guest
    assert "U0PAM" not in known


async def test_a_workbook_gives_the_same_projects_as_a_csv_file(
    shop: Shop, database: Database, people: PeopleService, tmp_path: Path
) -> None:
    await shop.take(FULL)
    before = await _card(database, people, "APOLLO")
    book = openpyxl.Workbook()
    typed = {
        **FULL,
        "start": date(2026, 1, 15),
        "baseline_end": datetime(2026, 12, 31),  # noqa: DTZ001 - spreadsheets know no zones
        "budget": 480000.0,
    }
    book.worksheets[0].append(list(typed))
    book.worksheets[0].append(list(typed.values()))
    book.save(tmp_path / "portfolio.xlsx")
    outcome = await shop.take_file(tmp_path / "portfolio.xlsx")
    assert outcome == ImportOutcome(unchanged=1, applied=True)
    assert await _card(database, people, "APOLLO") == before


BAD_CELLS = [
    ("code", "", "is empty; every project needs a code"),
    ("code", "A B", "'A B' is no code; write 2 to 24 letters"),
    ("code", "X", "'X' is no code"),
    ("code", "Ä1", "is no code"),
    ("code", "A" * 200, "has 200 characters; 150 are possible"),
    ("name", " ", "is empty; every project needs a name"),
    ("name", "x" * 151, "has 151 characters; 150 are possible"),
    ("name", "bell\x07", "holds the control character U+0007"),
    ("name", "=HYPERLINK(1)", "'=HYPERLINK(1)' begins with '=', which a spreadsheet takes"),
    ("name", "+cmd", "begins with '+'"),
    ("name", "@sum", "begins with '@'"),
    ("name", "- first", "begins with '-'"),
    ("council", "", "is empty"),
    ("council", "IT Council", "no council 'IT Council'. Did you mean ITS Council? Councils are"),
    ("council", "Nowhere", "no council 'Nowhere'. Councils are made by `pmobot apply`"),
    ("phase", "exection", "no phase 'exection'. Did you mean execution? Phases: qualification, in"),
    ("visibility", "secret", "'secret' is neither open nor restricted"),
    ("pm", "", "is empty; every project needs a pm"),
    ("pm", "ann@example.edu", "Did you mean ana@example.edu?"),
    ("pm", "lea@example.edu", "Lea ('lea@example.edu') has left Slack; name somebody"),
    ("deputy", "U0ROBOT", "'U0ROBOT' is a bot; name a person"),
    ("deputy", "U0ANA", "is the PM too; name somebody else, or leave it empty"),
    ("sponsor", "Carol", "no e-mail address and no Slack id"),
    ("start", "03/04/2026", "two dates; write it as 2026-03-04 or 2026-04-03"),
    ("start", "25.12.2026", "'25.12.2026' is not a date; write it as 2026-12-25"),
    ("start", "13/13/2026", "is not a date; write it as 2026-02-28 (year-month-day)"),
    ("start", "7/7/2026", "is not a date; write it as 2026-07-07"),
    ("start", "2026-02-30", "'2026-02-30' is no day of the calendar"),
    ("start", "20260115", "'20260115' is not a date"),
    ("start", "soon", "'soon' is not a date"),
    ("start", "0226-01-15", "in the year 226; check the year"),
    ("baseline_end", "2026-01-14", "2026-01-14 is before the start, 2026-01-15"),
    ("forecast_end", "2025-12-31", "2025-12-31 is before the start, 2026-01-15"),
    ("budget", "-5", "-5 is negative; write the approved amount"),
    ("budget", "480,000", "'480,000' is not an amount; write it without currency and separators"),
    ("budget", "$480", "is not an amount"),
    ("budget", "1e6", "is not an amount"),
    ("budget", "1.234", "is not an amount"),
    ("budget", "9999999999999", "below a thousand billion"),
    ("description", "x" * 10_001, "has 10,001 characters; 10,000 are possible"),
    ("tags", "erp, " + "x" * 41, "is too long for a tag; 40 characters are possible"),
    ("tags", ",".join(map(str, range(21))), "has 21 tags; 20 are possible"),
    ("Service Area", "x" * 2_001, "has 2,001 characters; 2,000 are possible"),
    ("Service Area", "-n/a", "begins with '-'"),
]


@pytest.mark.parametrize(("column", "text", "cause"), BAD_CELLS)
async def test_a_bad_cell_is_refused_by_line_and_column_with_cause_and_cure(
    shop: Shop, column: str, text: str, cause: str
) -> None:
    (problem,) = await shop.refuse(LEAST, {**FULL, column: text})
    assert problem.startswith(f"line 3, {column}: ")
    assert cause in problem


@pytest.mark.parametrize(
    ("column", "value", "cause"),
    [
        ("code", date(2026, 3, 1), "was made a date (2026-03-01) by the spreadsheet"),
        ("name", "=A1", "holds a formula; put its value there"),
        ("start", 46000, "is the number 46000; format the cell as a date"),
        ("start", datetime(2026, 1, 1, 10), "'2026-01-01 10:00:00' is not a date"),  # noqa: DTZ001
        ("budget", -5.5, "-5.50 is negative"),
        ("budget", 1e-7, "'1e-07' is not an amount"),
        ("budget", 1e300, "is not an amount"),
    ],
)
async def test_a_bad_cell_of_a_workbook_is_refused_by_row_and_column(
    shop: Shop, tmp_path: Path, column: str, value: Any, cause: str
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(FULL))
    book.worksheets[0].append(list({**FULL, column: value}.values()))
    book.save(tmp_path / "portfolio.xlsx")
    outcome = await shop.take_file(tmp_path / "portfolio.xlsx")
    (problem,) = outcome.problems
    assert str(problem).startswith(f"row 2, {column}: ")
    assert cause in str(problem)


async def test_an_error_in_a_cell_is_refused(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(FULL))
    sheet.append(list({**FULL, "budget": "#REF!"}.values()))
    sheet.cell(2, 12).data_type = "e"
    book.save(tmp_path / "portfolio.xlsx")
    (problem,) = (await shop.take_file(tmp_path / "portfolio.xlsx")).problems
    assert str(problem) == "row 2, budget: holds the error #REF!; put the value itself there"


@pytest.mark.parametrize("value", ["-5", "+3.5%", "-1,5", "12"])
async def test_a_plain_number_is_no_formula(
    shop: Shop, database: Database, people: PeopleService, value: str
) -> None:
    await shop.take({**LEAST, "Score": value})
    assert (await _card(database, people, "B2")).notes == {"Score": value}


async def test_cents_of_a_workbook_are_rounded_and_kept(
    shop: Shop, database: Database, people: PeopleService, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([*LEAST, "budget"])
    book.worksheets[0].append([*LEAST.values(), 0.1 + 0.2])
    book.save(tmp_path / "portfolio.xlsx")
    await shop.take_file(tmp_path / "portfolio.xlsx")
    assert (await _card(database, people, "B2")).budget == Decimal("0.30")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "name,Note\nA1,x\n",
            [
                "line 1: the column 'code' is missing; add it",
                "line 1: the column 'council' is missing; add it",
                "line 1: the column 'pm' is missing; add it",
            ],
        ),
        (
            "code,name,council,pm,forcast_end\nA1,x,ITS Council,U0ANA,\n",
            ["line 1: the column 'forcast_end' is unknown; did you mean forecast_end? If it is"],
        ),
        (
            "code,name,council,pm,Code\nA1,x,ITS Council,U0ANA,A1\n",
            ["line 1: the column 'code' stands there 2 times; keep one of them"],
        ),
        (
            f"code,name,council,pm,{'n' * 61}\nA1,x,ITS Council,U0ANA,y\n",
            [f"line 1: the column name '{'n' * 59}…' has more than 60 characters"],
        ),
        (
            "code,name,council,pm\nA1,x,ITS Council,U0ANA,y\n",
            ["line 2: has 5 cells, the heading has 4; put a cell with a comma in quotation marks"],
        ),
        (
            "code,name,council,pm\nA1,x\nITS Council,U0ANA\n",
            [
                "line 2: has 2 cells, the heading has 4; write every comma, and put",
                "line 3: has 2 cells",
                "line 3, code: 'ITS COUNCIL' is no code",
            ],
        ),
        (
            "code,name,council,pm,\nA1,x,ITS Council,U0ANA,y\n",
            ["line 2, column 5: 'y' stands under no column name; give the column one"],
        ),
    ],
)
async def test_columns_that_are_not_as_they_should_be_are_told(
    shop: Shop, text: str, problems: list[str]
) -> None:
    outcome = await shop.take_text(text, partial=True)
    assert await shop.codes() == []
    for told, expected in zip(outcome.problems, problems, strict=True):
        assert str(told).startswith(expected)


async def test_more_columns_than_anybody_needs_are_refused(shop: Shop) -> None:
    row = LEAST | {f"Note {chr(97 + n // 26)}{chr(97 + n % 26)}": "x" for n in range(100)}
    assert await shop.refuse(row) == [
        "line 1: there are more than 100 columns; take out what is not needed"
    ]


@pytest.mark.parametrize("column", ["sponsor_2", "phase2", "Cost center", "team", "note"])
async def test_a_column_of_ones_own_is_a_note_and_no_slip(
    shop: Shop, database: Database, people: PeopleService, column: str
) -> None:
    await shop.take({**LEAST, column: "x"})
    assert (await _card(database, people, "B2")).notes == {column: "x"}


async def test_all_problems_of_a_file_are_told_at_once_and_nothing_is_saved(shop: Shop) -> None:
    problems = await shop.refuse(
        {**FULL, "budget": "much", "start": "soon"},
        LEAST,
        {**FULL, "code": "C3", "pm": "U0NOBODY", "description": "two\nlines"},
        {**LEAST, "code": "D4", "council": "None"},
    )
    assert [problem.partition(": ")[0] for problem in problems] == [
        "line 2, start",
        "line 2, budget",
        "line 5, pm",
        "line 7, council",
    ]


async def test_with_partial_the_other_rows_go_in_and_the_bad_ones_are_told(shop: Shop) -> None:
    outcome = await shop.take({**FULL, "budget": "much"}, LEAST, partial=True)
    assert (outcome.created, outcome.applied) == (("B2",), True)
    assert [problem.field for problem in outcome.problems] == ["budget"]
    assert await shop.codes() == ["B2"]


async def test_two_rows_with_one_code_are_refused_both(shop: Shop) -> None:
    twice = {**LEAST, "code": "apollo"}
    (problem,) = await shop.refuse(FULL, twice)
    assert problem == "line 4, code: 'APOLLO' stands at line 2 too; keep one of the two rows"
    outcome = await shop.take(FULL, twice, LEAST, partial=True)
    assert outcome.created == ("B2",)


async def test_a_dry_run_tells_everything_and_saves_nothing(shop: Shop) -> None:
    outcome = await shop.take(FULL, dry_run=True)
    assert (outcome.created, outcome.applied) == (("APOLLO",), False)
    assert await shop.codes() == []
    assert await shop.audit() == []


async def test_what_can_not_be_read_is_a_problem_of_the_outcome(shop: Shop, tmp_path: Path) -> None:
    outcome = await shop.take_file(tmp_path / "missing.csv")
    assert not outcome.applied
    assert [problem.text for problem in outcome.problems] == [
        "there is no such file; check the path"
    ]


async def test_progress_is_told_row_by_row(shop: Shop) -> None:
    told: list[tuple[int, int]] = []
    await shop.take(FULL, LEAST, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


async def test_what_the_file_changed_is_changed_told_and_audited(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL, LEAST)
    outcome = await shop.take(
        {**FULL, "pm": "pam@example.edu", "budget": "", "Service Area": ""}, LEAST
    )
    assert outcome.changed == (
        FieldChange("APOLLO", "pm", "Ana", "Pam"),
        FieldChange("APOLLO", "budget", "480000.00", ""),
        FieldChange("APOLLO", "Service Area", "Enterprise", ""),
    )
    assert (outcome.unchanged, outcome.conflicts) == (1, ())
    card = await _card(database, people, "APOLLO")
    assert (card.pm.name, card.budget, card.notes) == ("Pam", None, {})
    assert (await shop.audit())[2:] == [
        ("project APOLLO", "pm", "U0ANA", "U0PAM"),
        ("project APOLLO", "budget", "480000.00", ""),
        ("project APOLLO", "Service Area", "Enterprise", ""),
    ]


async def test_what_was_changed_in_slack_is_kept_while_the_file_says_the_same(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL)
    await shop.change_in_slack(forecast_end=date(2027, 5, 31))
    outcome = await shop.take({**FULL, "name": "Portal II"})
    assert [change.field for change in outcome.changed] == ["name"]
    assert outcome.conflicts == ()
    assert (await _card(database, people, "APOLLO")).forecast_end == date(2027, 5, 31)


async def test_where_slack_and_the_file_changed_the_file_wins_and_the_conflict_is_told(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL)
    await shop.change_in_slack(forecast_end=date(2027, 5, 31))
    later = {**FULL, "forecast_end": "2027-06-30"}
    for dry_run in (True, False):
        outcome = await shop.take(later, dry_run=dry_run)
        assert outcome.conflicts == (
            Conflict("APOLLO", "forecast_end", "2027-02-28", "2027-05-31", "2027-06-30"),
        )
        assert outcome.changed == (
            FieldChange("APOLLO", "forecast_end", "2027-05-31", "2027-06-30"),
        )
    assert (await _card(database, people, "APOLLO")).forecast_end == date(2027, 6, 30)
    assert (await shop.take(later)).unchanged == 1


async def test_tags_are_the_same_whatever_their_order_and_case_and_are_taken_back_by_a_blank_cell(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL)
    assert (await shop.take({**FULL, "tags": "Cloud  First; ERP"})).unchanged == 1
    await shop.change_in_slack(tags=["erp"])
    outcome = await shop.take({**FULL, "tags": "erp; network"}, dry_run=True)
    assert outcome.conflicts == (
        Conflict("APOLLO", "tags", "cloud first; erp", "erp", "erp; network"),
    )
    await shop.take({**FULL, "tags": ""})
    assert (await _card(database, people, "APOLLO")).tags == ()
    assert (await shop.audit())[-1] == ("project APOLLO", "tags", "erp", "")


async def test_a_blank_phase_or_visibility_never_sends_a_project_back(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL)
    outcome = await shop.take({**FULL, "phase": "", "visibility": ""})
    assert outcome.unchanged == 1
    card = await _card(database, people, "APOLLO")
    assert (card.phase, card.visibility) == ("execution", Visibility.RESTRICTED)


async def test_columns_that_a_later_file_lacks_are_left_alone(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    await shop.take(FULL)
    before = await _card(database, people, "APOLLO")
    outcome = await shop.take({name: FULL[name] for name in LEAST})
    assert outcome.unchanged == 1
    assert await _card(database, people, "APOLLO") == before
    await shop.change_in_slack(description="Mended in Slack.")
    assert (await shop.take(FULL)).unchanged == 1


async def test_a_project_gone_from_the_file_is_told_and_kept(shop: Shop) -> None:
    await shop.take(FULL, LEAST)
    outcome = await shop.take(LEAST)
    assert outcome.missing_from_file == ("APOLLO",)
    assert await shop.codes() == ["APOLLO", "B2"]


async def test_a_project_whose_row_is_bad_is_not_gone_from_the_file(shop: Shop) -> None:
    await shop.take(FULL, LEAST)
    outcome = await shop.take({**FULL, "code": "apollo", "budget": "much"}, LEAST, partial=True)
    assert outcome.missing_from_file == ()


async def test_a_project_is_the_same_whatever_the_case_of_its_code(shop: Shop) -> None:
    await shop.take(FULL)
    assert (await shop.take({**FULL, "code": "apollo"})).unchanged == 1


async def test_without_any_council_the_cure_is_to_apply_the_configuration_first(
    service: ImportService, database: Database, tmp_path: Path
) -> None:
    shop = Shop(service, database, tmp_path)
    (problem,) = await shop.refuse(LEAST)
    assert "Councils are made by `pmobot apply` from the configuration file" in problem


_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40
).filter(lambda text: not text.strip().startswith(("=", "+", "-", "@")))
_DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1)).map(date.isoformat) | st.just("")
_PERSON = st.sampled_from(["ana@example.edu", "U0BEN", "CAROL@example.edu", "gus@example.edu"])


@st.composite
def _row(draw: st.DrawFn, code: str) -> dict[str, str]:
    start = draw(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
    return {
        "code": code,
        "name": draw(_TEXT.filter(lambda text: text.strip() != "")),
        "council": draw(st.sampled_from(["ITS Council", "security council"])),
        "phase": draw(st.sampled_from(["", "Planning", "closeout"])),
        "visibility": draw(st.sampled_from(["", "open", "Restricted"])),
        "pm": draw(_PERSON),
        "deputy": draw(st.sampled_from(["", "eve@example.edu"])),
        "sponsor": draw(_PERSON | st.just("")),
        "start": start.isoformat(),
        "baseline_end": (start + timedelta(days=draw(st.integers(0, 999)))).isoformat(),
        "forecast_end": draw(st.sampled_from(["", start.isoformat()])),
        "budget": draw(st.decimals(0, 10**12 - 1, places=2).map(str) | st.just("")),
        "description": draw(_TEXT),
        "tags": draw(st.sampled_from(["", "ERP;cloud", "cloud, erp,", "  Student   success"])),
        "A note": draw(_TEXT),
    }


_FILES = st.lists(
    st.from_regex(r"[A-Z0-9][A-Z0-9-]{1,11}", fullmatch=True), unique=True, min_size=1, max_size=5
).flatmap(lambda codes: st.tuples(*(_row(code) for code in codes)))


@given(rows=_FILES, later=_FILES)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_importing_twice_changes_nothing_and_what_went_in_comes_out(
    shop: Shop,
    database: Database,
    people: PeopleService,
    rows: tuple[dict[str, str], ...],
    later: tuple[dict[str, str], ...],
) -> None:
    for file in (rows, later):
        first = await shop.take(*file)
        assert first.applied, first.problems
        audited = len(await shop.audit())
        again = await shop.take(*file)
        assert (again.created, again.changed, again.conflicts) == ((), (), ())
        assert again.unchanged == len(file)
        assert len(await shop.audit()) == audited
        for row in file:
            card = await _card(database, people, row["code"])
            assert card.name == " ".join(row["name"].split())
            assert card.description == row["description"].strip()
            assert card.notes == (
                {"A note": row["A note"].strip()} if row["A note"].strip() else {}
            )
            assert card.budget == (Decimal(row["budget"]) if row["budget"] else None)
            assert card.start == date.fromisoformat(row["start"])
            assert card.council.casefold() == row["council"].casefold()


GMPP = Path(__file__).parents[3] / "shared" / "data" / "gmpp" / "gmpp_2021_2023.csv"


@pytest.mark.skipif(not GMPP.exists(), reason="the real portfolio data is not beside the checkout")
async def test_a_real_portfolio_of_three_hundred_projects_goes_in_and_stays(
    shop: Shop, database: Database, people: PeopleService
) -> None:
    with GMPP.open(encoding="utf-8", newline="") as stream:
        newest = {row["project_id"]: row for row in csv.DictReader(stream)}
    rows = [_portfolio_row(row) for row in newest.values()]
    assert len(rows) == 298
    outcome = await shop.take(*rows)
    assert [str(problem) for problem in outcome.problems] == []
    assert len(outcome.created) == 298
    assert (await shop.take(*rows)).unchanged == 298
    for row in rows[::50]:
        card = await _card(database, people, row["code"])
        assert card.description == row["description"].strip().replace("\r\n", "\n")


def _portfolio_row(row: Mapping[str, str]) -> dict[str, str]:
    """A row of the real data: its dates and budgets are often missing or `N/A`."""
    cost = row["whole_life_cost_gbp_m"]
    start, end = row["start_date"], row["end_date"]
    return {
        "code": row["project_id"],
        "name": row["project_name"][:150],
        "council": "ITS Council",
        "pm": "ana@example.edu",
        "start": start,
        "forecast_end": end if end > start else "",
        "budget": f"{Decimal(cost):.2f}" if cost.replace(".", "").isdigit() else "",
        "description": row["description"],
        "Department": row["department"],
    }


async def test_people_are_stored_in_several_statements_where_one_would_be_too_long(
    shop: Shop, directory: FakeDirectory, database: Database
) -> None:
    directory.everybody += [user(f"p{number}") for number in range(600)]
    outcome = await shop.take(
        *({**LEAST, "code": f"P{number}", "pm": f"U0P{number}"} for number in range(600))
    )
    assert len(outcome.created) == 600
    async with database.reading() as session:
        known = {one.slack_id for one in await session.exec(select(Person))}
    assert known >= {f"U0P{number}" for number in range(600)}


def test_the_columns_are_those_of_the_documentation() -> None:
    assert ",".join(COLUMNS) == (
        "code,name,council,phase,visibility,pm,deputy,sponsor,"
        "start,baseline_end,forecast_end,budget,description,tags"
    )


async def test_a_person_who_left_since_is_told_by_name_where_the_file_still_says_them(
    shop: Shop, directory: FakeDirectory
) -> None:
    await shop.take(FULL)
    directory.everybody = [
        dataclasses.replace(one, is_gone=one.slack_id == "U0ANA") for one in directory.everybody
    ]
    outcome = await shop.take(FULL)
    assert [str(problem) for problem in outcome.problems] == [
        "line 2, pm: Ana ('ana@example.edu') has left Slack; name somebody who is there"
    ]


async def test_only_an_import_that_changes_something_makes_a_new_plan(
    shop: Shop, database: Database
) -> None:
    async def revision() -> int:
        async with database.reading() as session:
            return (await session.exec(select(Workspace))).one().plan_revision

    before = await revision()
    await shop.take(LEAST, dry_run=True)
    assert await revision() == before
    await shop.take(LEAST)
    assert await revision() == before + 1
    await shop.take(LEAST)
    assert await revision() == before + 1
    await shop.take({**LEAST, "pm": "ana@example.edu"})
    assert await revision() == before + 2
