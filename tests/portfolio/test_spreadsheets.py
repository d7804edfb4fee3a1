"""Files of every kind that people save a portfolio as, read or refused with the cure."""

import os
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import WriteOnlyCell

from domain.errors import InvalidFileError
from domain.portfolio import spreadsheets
from domain.portfolio.spreadsheets import Cell, Table, heading_key, read_table

HEADINGS = ("code", "name", "council", "pm", "budget")


def _csv(folder: Path, content: str | bytes, name: str = "portfolio.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def _xlsx(folder: Path, rows: Iterable[list[Any]], title: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    file = folder / "portfolio.xlsx"
    book.save(file)
    return file


def _texts(table: Table) -> list[tuple[str, list[str]]]:
    return [(row.where, [cell.text for cell in row.cells]) for row in table.rows]


def _cause(file: Path) -> str:
    with pytest.raises(InvalidFileError) as error:
        read_table(file, HEADINGS)
    (problem,) = error.value.problems
    return str(problem)


def test_a_csv_file_is_read_with_the_line_on_which_each_row_begins(tmp_path: Path) -> None:
    table = read_table(
        _csv(tmp_path, 'code,name\nA1,"two\nlines"\n\n,,\nB2,"a ""quoted"" word"\n'), HEADINGS
    )
    assert [cell.text for cell in table.heading.cells] == ["code", "name"]
    assert _texts(table) == [
        ("line 2", ["A1", "two\nlines"]),
        ("line 6", ["B2", 'a "quoted" word']),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(tmp_path: Path, newline: str) -> None:
    table = read_table(_csv(tmp_path, newline.join(["code,name", "A1,x", "B2,y"])), HEADINGS)
    assert _texts(table) == [("line 2", ["A1", "x"]), ("line 3", ["B2", "y"])]


@pytest.mark.parametrize(
    "content",
    [
        "code;name;budget\nA1;x, y;3\n",
        "code\tname\tbudget\nA1\tx, y\t3\n",
        '"code";"name";"budget"\n"A1";"x, y";"3"\n',
        'code, name, budget\nA1, "x, y", 3\n',
        "\ufeffcode;name;budget\nA1;x, y;3\n",
    ],
)
def test_semicolons_tabs_quotes_and_a_byte_order_mark_are_understood(
    tmp_path: Path, content: str
) -> None:
    table = read_table(_csv(tmp_path, content), HEADINGS)
    assert [cell.text for cell in table.heading.cells] == ["code", "name", "budget"]
    assert _texts(table) == [("line 2", ["A1", "x, y", "3"])]


def test_a_first_line_may_tell_excel_the_delimiter_and_still_counts_as_a_line(
    tmp_path: Path,
) -> None:
    table = read_table(_csv(tmp_path, "sep=|\r\ncode|name\r\nA1|x\r\n"), HEADINGS)
    assert table.heading.where == "line 2"
    assert _texts(table) == [("line 3", ["A1", "x"])]


def test_a_heading_is_known_whatever_its_case_and_spaces() -> None:
    for text in ("forecast_end", " Forecast  End ", "FORECAST-END"):
        assert heading_key(text) == "forecast_end"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n \n,,\n", "is empty", id="blank"),
        pytest.param(b"code,name\n\n", "line 1: has column names but no project", id="header only"),
        pytest.param("code\nA\n".encode("utf-16"), "UTF-16.*CSV UTF-8", id="utf-16"),
        pytest.param("code,name\nA,x\n".encode("utf-16-le"), "UTF-16", id="utf-16 without mark"),
        pytest.param(
            "code,name\nA,x\nB,caf\u00e9\n".encode("cp1252"),
            "line 3: is not in UTF-8: .*0xE9, which is '\u00e9' in Windows-1252; .*CSV UTF-8",
            id="windows-1252",
        ),
        pytest.param(b"code,name\nA,x\0y\n", "line 2: holds a NUL byte", id="nul"),
        pytest.param(
            b'code,name\nA,"x\nB,y\n', "line 2: .*not well quoted.*close", id="open quote"
        ),
        pytest.param(b'code,name\nA,x\nB,"y"z\n', "line 3: .*not well quoted", id="stray quote"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook", r"old \.xls .* \.xlsx", id="xls"
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password; save it without",
            id="password",
        ),
        pytest.param(b"PK\x03\x04 and so on", "damaged workbook; save it again", id="half a zip"),
    ],
)
def test_what_can_not_be_read_is_refused_with_the_cure(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    assert re.search(cause, _cause(_csv(tmp_path, content)))


def test_a_csv_named_as_a_workbook_is_refused(tmp_path: Path) -> None:
    assert "none; save it again" in _cause(_csv(tmp_path, "code\nA\n", "portfolio.xlsx"))


def test_no_file_and_what_is_no_file_are_told_apart(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is a directory" in _cause(tmp_path)
    assert "no such file" in _cause(tmp_path / "missing.csv")
    assert "no ordinary file" in _cause(tmp_path / "pipe")
    assert "can't be read (File name too long)" in _cause(tmp_path / ("x" * 300))


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as huge:
        huge.truncate(50_000_000)
    assert "has 50 MB; at most 20 MB are read" in _cause(file)


def test_more_rows_than_the_limit_are_refused_at_the_first_one_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    three = "code,name\n" + "A,x\n" * 3
    assert len(read_table(_csv(tmp_path, three), HEADINGS).rows) == 3
    assert "line 5: has more than 3 rows" in _cause(_csv(tmp_path, three + "B,y\n"))
    assert "row 5: has more than 3 rows" in _cause(_xlsx(tmp_path, [["code"], *[["A"]] * 5]))


def test_a_workbook_is_read_with_the_kind_of_each_cell(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["code", "name"],
        ["A1", " x\r\ny "],
        [],
        [2024, 1.5],
        [date(2026, 1, 2), datetime(2026, 1, 2, 10)],  # noqa: DTZ001 - spreadsheets know no zones
        [time(9), True],
        ["=1+1", 480000.0],
    ]
    file = _xlsx(tmp_path, rows)
    table = read_table(file, HEADINGS)
    assert [(row.where, row.cells) for row in table.rows] == [
        ("row 2", (Cell("A1"), Cell("x\ny"))),
        ("row 4", (Cell("2024", "number"), Cell("1.5", "number"))),
        ("row 5", (Cell("2026-01-02", "date"), Cell("2026-01-02 10:00:00", "date"))),
        ("row 6", (Cell("09:00:00", "date"), Cell("True"))),
        ("row 7", (Cell("=1+1", "formula"), Cell("480000", "number"))),
    ]


def test_an_error_in_a_cell_is_known_as_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    broken = WriteOnlyCell(sheet, value="#REF!")
    broken.data_type = "e"
    sheet.append(["code"])
    sheet.append([broken])
    file = tmp_path / "errors.xlsx"
    book.save(file)
    assert read_table(file, HEADINGS).rows[0].cells == (Cell("#REF!", "error"),)


def test_the_sheet_called_portfolio_is_taken_or_else_the_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["nothing"])
    book.worksheets[0].append(["here"])
    wanted = book.create_sheet("Portfolio ")
    wanted.append(["code"])
    wanted.append(["A1"])
    file = tmp_path / "two.xlsx"
    book.save(file)
    assert _texts(read_table(file, HEADINGS)) == [("row 2", ["A1"])]
    wanted.title = "Other"
    book.save(file)
    assert _texts(read_table(file, HEADINGS)) == [("row 2", ["here"])]


def test_rows_of_a_workbook_are_as_wide_as_its_heading(tmp_path: Path) -> None:
    table = read_table(_xlsx(tmp_path, [["code", "name", "budget"], ["A1"]]), HEADINGS)
    assert _texts(table) == [("row 2", ["A1", "", ""])]


def test_a_size_that_the_workbook_wrongly_claims_cuts_nothing_off(tmp_path: Path) -> None:
    file = _xlsx(tmp_path, [["code", "name"], ["A1", "x"], ["B2", "y"]])
    _rewrite(file, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'"A1:B3"', b'"A1:A2"'))
    assert _texts(read_table(file, HEADINGS)) == [("row 2", ["A1", "x"]), ("row 3", ["B2", "y"])]


def test_empty_cells_inside_a_row_count_and_formatted_ones_behind_it_do_not(
    tmp_path: Path,
) -> None:
    file = _xlsx(tmp_path, [["code", "name", "budget"], ["A1", None, 5]])
    book = openpyxl.load_workbook(file)
    book.worksheets[0].cell(2, 9).number_format = "0.00"
    book.save(file)
    assert _texts(read_table(file, HEADINGS)) == [("row 2", ["A1", "", "5"])]


def test_what_the_library_does_not_know_in_a_workbook_does_not_matter(tmp_path: Path) -> None:
    file = _xlsx(tmp_path, [["code"], ["A1"]])
    validation = b'<extLst><ext uri="{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    _rewrite(file, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</worksheet>", validation))
    assert _texts(read_table(file, HEADINGS)) == [("row 2", ["A1"])]


def _rewrite(file: Path, member: str, change: Any) -> None:
    with zipfile.ZipFile(file) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    contents[member] = change(contents[member])
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            new.writestr(name, content)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    file = _xlsx(tmp_path, [["code"], ["A1"]])
    _rewrite(file, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    assert "is a damaged workbook (" in _cause(file)


def test_an_archive_without_a_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sheet.ods"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "an archive but no Excel workbook; save it as .xlsx" in _cause(file)


def test_a_small_workbook_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    file = _xlsx(tmp_path, [["code"], ["A1"]])
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/media/bomb", "w", force_zip64=True) as member,
    ):
        for _ in range(210):
            member.write(bytes(1_000_000))
    assert file.stat().st_size < 1_000_000
    assert "unpacks to 210 MB; at most 200 MB" in _cause(file)


def test_a_cell_claimed_in_row_two_billion_does_not_keep_the_reader_busy(tmp_path: Path) -> None:
    file = _xlsx(tmp_path, [["code"], ["A1"]])
    _rewrite(
        file,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<row r="2">', b'<row r="2147483646">').replace(
            b'"A2"', b'"A2147483646"'
        ),
    )
    assert "has column names but no project" in _cause(file)


def test_an_empty_workbook_is_told_as_such(tmp_path: Path) -> None:
    assert "is empty" in _cause(_xlsx(tmp_path, []))


def test_a_workbook_named_as_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    named = _xlsx(tmp_path, [["code"], ["A1"]]).rename(tmp_path / "portfolio.csv")
    assert _texts(read_table(named, HEADINGS)) == [("row 2", ["A1"])]
