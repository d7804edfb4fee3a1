"""Fills Excel templates: fields in cells, and a row that stands for each row of a list."""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from html import unescape
from io import BytesIO
from typing import Any, Final

from jinja2 import Environment

from message_templates.documents.faults import TemplateFaultError, check_source
from message_templates.documents.fields import GROUPS, Group
from message_templates.documents.ink import Ink, Piece
from message_templates.documents.jinja import file_environment
from message_templates.documents.package import check_package

MAIN: Final = "xl/workbook.xml"

_LISTS: Final[Mapping[str, Group]] = {each.name: each for each in GROUPS if each.is_list}
_NAMED: Final = re.compile(r"\{\{.*?\b(" + "|".join(_LISTS) + r")\.\w")
_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST: Final = 32_767
"""Characters of a cell; openpyxl cuts without a word."""

_MOST_CELLS: Final = 50_000
"""Of a sheet of a template, empty ones too: one far cell makes billions of them."""

_BLANK: Final = "FFFF00"


def fill_excel(data: bytes, context: dict[str, Any], ink: Ink) -> bytes:
    """Fill a workbook.

    Raises:
        Exception: whatever a broken file can lead to; `check_excel` finds what can be named.
    """
    from openpyxl import load_workbook

    workbook = load_workbook(BytesIO(data))
    pen = _Pen(file_environment(), context, ink)
    for sheet in workbook.worksheets:
        for number in range(1, sheet.max_row + 1):
            name = _list_of(sheet[number])
            if name:
                pen.rows(sheet, number, name)
            else:
                pen.row(sheet[number], {})
    filled = BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def check_excel(data: bytes) -> None:
    """See that a file is a workbook, harmless, and names only fields that there are.

    Raises:
        TemplateFaultError: with the cause and the cure.
    """
    from openpyxl import load_workbook

    check_package(data, MAIN)
    environment = file_environment()
    for sheet in load_workbook(BytesIO(data)).worksheets:
        _check_size(sheet)
        for number in range(1, sheet.max_row + 1):
            name = _list_of(sheet[number])
            if name and number != sheet.max_row:
                raise TemplateFaultError(
                    f"has something below the row of {name} in the sheet “{sheet.title}”: "
                    "a row that is repeated has to be the last one of its sheet."
                )
            own = {name: _LISTS[name]} if name else {}
            for cell in _texts(sheet[number]):
                check_source(cell.value, environment, own)


def _check_size(sheet: Any) -> None:
    """See that a sheet ends near what stands in it: each cell up to its last one is looked at."""
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise TemplateFaultError(
            f"reaches down to row {sheet.max_row:,} in the sheet “{sheet.title}”, and right to "
            f"column {sheet.max_column:,}: delete the empty rows and columns behind the table."
        )


def _list_of(row: Any) -> str:
    """The list whose rows a row of a sheet stands for; empty if it stands for itself."""
    names = {name for cell in _texts(row) for name in _NAMED.findall(cell.value)}
    if len(names) > 1:
        raise TemplateFaultError(
            f"has the lists {' and '.join(sorted(names))} in one row: give each its own sheet."
        )
    return next(iter(names), "")


def _texts(row: Any) -> Iterator[Any]:
    return (cell for cell in row if isinstance(cell.value, str) and cell.data_type == "s")


class _Pen:
    """Writes into sheets."""

    def __init__(self, environment: Environment, context: dict[str, Any], ink: Ink) -> None:
        self._environment = environment
        self._context = context
        self._ink = ink

    def rows(self, sheet: Any, number: int, name: str) -> None:
        """Write a row for each of a list; one that says so where there is none."""
        template = [(cell, cell.value) for cell in sheet[number]]
        height = sheet.row_dimensions[number].height
        records = self._context[name]
        for place, record in enumerate(records):
            sheet.row_dimensions[number + place].height = height
            for cell, value in template:
                made = sheet.cell(number + place, cell.column)
                if made is not cell:
                    made._style = copy(cell._style)  # noqa: SLF001 - openpyxl has no other way
                made.value = value
            self.row(sheet[number + place], {name: record})
        if not records:
            for cell, _value in template:
                cell.value = None
            template[0][0].value = "None on the record."
        self._filter(sheet, number, len(records))

    def row(self, row: Any, own: Mapping[str, Any]) -> None:
        """Write the values of one row."""
        for cell in _texts(row):
            if "{" not in cell.value:
                continue
            template = self._environment.from_string(cell.value)
            # What a filter gives comes escaped, as for the XML of Word; a cell takes plain text.
            printed = unescape(template.render({**self._context, **own}))
            self._write(cell, self._ink.pieces(printed))

    def _write(self, cell: Any, pieces: list[Piece]) -> None:
        from openpyxl.styles import PatternFill

        only = pieces[0] if len(pieces) == 1 else Piece("")
        if only.is_nothing or not isinstance(only.kept, str | None):
            cell.value = only.kept
            return
        text = "".join(each.text for each in pieces)
        if len(text) > _LONGEST:
            raise TemplateFaultError(
                f"puts {len(text):,} characters into the cell {cell.coordinate}, and Excel takes "
                f"{_LONGEST:,}: leave that field out."
            )
        cell.value = text
        cell.data_type = "s"  # a text, whatever it begins with: never a formula
        cell.quotePrefix = text.startswith(_FORMULA)
        if any(each.is_blank for each in pieces):
            cell.fill = PatternFill("solid", start_color=_BLANK, end_color=_BLANK)

    def _filter(self, sheet: Any, number: int, count: int) -> None:
        """Let the filter of the sheet, where it has one, reach down to the last row."""
        if sheet.auto_filter.ref:
            first, _, end = sheet.auto_filter.ref.partition(":")
            column = end.rstrip("0123456789")
            sheet.auto_filter.ref = f"{first}:{column}{number + max(count, 1) - 1}"
