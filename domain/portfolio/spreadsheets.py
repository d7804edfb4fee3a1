"""Reads a CSV file or an Excel workbook into rows of cells, or says why it can't be read.

Limits are checked before anything is read whole, so that no file can exhaust the memory.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from domain.portfolio.files import decode, read_bytes, refusal

MAX_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 200_000_000
"""Of a workbook, which is a compressed archive: a small one can unpack to anything."""
MAX_ROWS = 20_000
MAX_COLUMNS = 100
_EXCEL_ROWS = 1_048_576
"""What an Excel sheet can have; a damaged file may claim a cell in row two billion."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of .xls files, and of workbooks with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS = (",", ";", "\t")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""How Excel is told a CSV file's delimiter in its first line."""
_SAVE_AS_UTF8 = "save it as UTF-8 (in Excel: Save As, 'CSV UTF-8 (Comma delimited)')"

Kind = Literal["text", "number", "date", "formula", "error"]


_KINDS: Mapping[str, Kind] = {"n": "number", "d": "date", "f": "formula", "e": "error"}


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, as text; a date or time is in ISO form."""

    text: str
    kind: Kind = "text"
    """What a workbook says that it is; in a CSV file everything is text."""


@dataclass(frozen=True)
class Row:
    """The cells of a row, and where the row begins in its file."""

    where: str
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(cell.text for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A heading and the rows under it, blank ones left out."""

    heading: Row
    rows: tuple[Row, ...]


def heading_key(text: str) -> str:
    """A column's name whatever its case and spaces: `Forecast End` is `forecast_end`."""
    return re.sub(r"[\s_-]+", "_", text.strip().casefold())


def read_table(path: Path, known_headings: Collection[str]) -> Table:
    """Read a CSV file or an Excel workbook, whichever its content says that it is.

    Args:
        path: the file.
        known_headings: tells which of the possible delimiters a CSV file uses.

    Raises:
        InvalidFileError: it is neither, or it can't be read; with the cure.
    """
    data = read_bytes(path, MAX_BYTES)
    if data.startswith(_ZIP):
        rows = _workbook_rows(path, data)
    elif data.startswith(_OLE):
        raise refusal(path, _ole_cause(data))
    elif path.suffix.casefold() in {".xlsx", ".xlsm"}:
        raise refusal(path, "is named as an Excel workbook but is none; save it again in Excel")
    else:
        rows = _csv_rows(path, decode(path, data, _SAVE_AS_UTF8), known_headings)
    return _table(path, rows)


def _ole_cause(data: bytes) -> str:
    if _ENCRYPTED in data:
        return "is protected with a password; save it without one (File, Info, Protect Workbook)"
    return "is in the old .xls format; save it as .xlsx or as 'CSV UTF-8'"


def _table(path: Path, rows: Iterator[Row]) -> Table:
    heading = next(rows, None)
    if heading is None:
        raise refusal(path, "is empty; the first line names the columns, one project a line below")
    below: list[Row] = []
    for row in rows:
        if len(below) == MAX_ROWS:
            raise refusal(path, f"has more than {MAX_ROWS:,} rows; split the file", row.where)
        below.append(row)
    if not below:
        raise refusal(path, "has column names but no project below them", heading.where)
    return Table(heading=heading, rows=tuple(below))


def _csv_rows(path: Path, text: str, known_headings: Collection[str]) -> Iterator[Row]:
    """The rows of a CSV file; each is placed by its first line, for a cell may have several."""
    lines = io.StringIO(text, newline="")
    delimiter, skipped = _delimiter(text, known_headings)
    if skipped:
        lines.readline()
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    begins = skipped + 1
    try:
        for texts in reader:
            row = Row(f"line {begins}", tuple(Cell(_clean(one)) for one in texts))
            begins = skipped + reader.line_num + 1
            if not row.is_blank:
                yield row
    except csv.Error as error:
        raise refusal(
            path,
            f"a cell that begins here is not well quoted ({error}); close the quotation mark, and "
            'write a quotation mark inside a cell twice: ""',
            f"line {begins}",
        ) from error


def _delimiter(text: str, known_headings: Collection[str]) -> tuple[str, int]:
    """What separates the cells, and how many lines it takes to say so."""
    told = _SEPARATOR_LINE.fullmatch(text.partition("\n")[0])
    if told:
        return told[1], 1
    heading = next((line for line in io.StringIO(text, newline="") if line.strip()), "")

    def recognized(delimiter: str) -> int:
        cells = heading.split(delimiter)
        return sum(heading_key(cell.strip().strip('"')) in known_headings for cell in cells)

    return max(_DELIMITERS, key=recognized), 0


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _workbook_rows(path: Path, data: bytes) -> Iterator[Row]:
    """The rows of the sheet `portfolio`, or of the first one, all as wide as the heading."""
    _refuse_archive(path, data)
    with warnings.catch_warnings():
        # What openpyxl does not know (styles, validations) does not matter for the values.
        warnings.simplefilter("ignore")
        try:
            rows = list(islice(_sheet_rows(data), MAX_ROWS + 2))
        except Exception as error:  # a damaged workbook fails anywhere inside the library
            raise refusal(
                path, f"is a damaged workbook ({type(error).__name__}); save it again in Excel"
            ) from error
    width = len(rows[0].cells) if rows else 0
    for row in rows:
        yield Row(row.where, row.cells + (Cell(""),) * (width - len(row.cells)))


def _refuse_archive(path: Path, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile as error:
        raise refusal(path, "is a damaged workbook; save it again in Excel") from error
    if "xl/workbook.xml" not in names:
        raise refusal(path, "is an archive but no Excel workbook; save it as .xlsx or as CSV")
    if size > MAX_UNPACKED_BYTES:
        raise refusal(
            path,
            f"unpacks to {size / 1e6:,.0f} MB; at most {MAX_UNPACKED_BYTES / 1e6:.0f} MB are "
            "read. Copy the portfolio's rows to a new workbook",
        )


def _sheet_rows(data: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True)
    sheets = book.worksheets
    named = [one for one in sheets if one.title.strip().casefold() == "portfolio"]
    sheet: Any = (named or sheets)[0]
    sheet.reset_dimensions()  # what the file claims as its size is often wrong
    for number, cells in enumerate(sheet.iter_rows(max_row=_EXCEL_ROWS), start=1):
        row = Row(f"row {number}", _filled(cells))
        if not row.is_blank:
            yield row


def _filled(cells: Sequence[Any]) -> tuple[Cell, ...]:
    """The row without the empty cells at its end."""
    width = len(cells)
    while width and cells[width - 1].value is None:
        width -= 1
    return tuple(_cell(one.value, one.data_type) for one in cells[:width])


def _cell(value: Any, data_type: str) -> Cell:
    """A workbook's cell; `data_type` is openpyxl's letter for it."""
    if value is None:
        return Cell("")
    kind = _KINDS.get(data_type, "text")
    if kind == "date":
        return Cell(_iso(value), kind)
    if kind == "number":
        return Cell(_plain_number(value), kind)
    return Cell(_clean(str(value)), kind)


def _iso(value: Any) -> str:
    """A date where it is one; a time of day or a span stays what it is, and is refused later."""
    is_day = isinstance(value, datetime) and value.time() == time.min
    return value.date().isoformat() if is_day else str(value)


def _plain_number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
