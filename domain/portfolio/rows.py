"""The rows of a portfolio file, checked cell by cell into canonical words; finds every problem.

A *word* is a cell's content in its one stored form: a person's Slack id, an ISO date, an amount
with two decimals, a council's name as configured. Words are compared, stored and audited.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from rapidfuzz.distance import OSA

from domain.errors import Problem
from domain.portfolio.people import Roster
from domain.portfolio.spreadsheets import MAX_COLUMNS, Cell, Row, Table, heading_key
from domain.portfolio.suggest import did_you_mean, nearest
from domain.portfolio.tags import read_tags, tags_text
from models.enums import Visibility

COLUMNS = (
    "code",
    "name",
    "council",
    "phase",
    "visibility",
    "pm",
    "deputy",
    "sponsor",
    "start",
    "baseline_end",
    "forecast_end",
    "budget",
    "description",
    "tags",
)
REQUIRED = ("code", "name", "council", "pm")
PEOPLE = ("pm", "deputy", "sponsor")
DATES = ("start", "baseline_end", "forecast_end")
SILENT_WHEN_BLANK = ("phase", "visibility")
"""A blank cell says nothing here: it must not send a project back to its first phase, nor open a
restricted one. A new project gets the first phase that is asked, and is open."""

MAX_NAME = 150
MAX_DESCRIPTION = 10_000
MAX_NOTE = 2_000
MAX_NOTE_NAME = 60

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{1,23}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHER_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_YEARS = range(1970, 2200)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")
"""Below a thousand billion: with two decimals that is exact in every database."""
_STORED_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
"""A number of a workbook, which may have more decimals than are shown there."""
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")
_FORMULA_STARTS = ("=", "+", "-", "@")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CENT = Decimal("0.01")
_ECHOED = 60


@dataclass(frozen=True)
class Known:
    """What the cells may name."""

    councils: Collection[str]
    phases: Sequence[str]
    roster: Roster


@dataclass(frozen=True)
class ProjectRow:
    """A row without problems, in canonical words."""

    where: str
    code: str
    words: Mapping[str, str]
    """Of the columns that say something, the code left out; other names are notes."""


@dataclass(frozen=True)
class CheckedTable:
    """What a portfolio file says, and what is wrong with it."""

    rows: tuple[ProjectRow, ...]
    codes: frozenset[str]
    """Every code that the file names, also in rows with problems."""
    heading_problems: tuple[Problem, ...]
    row_problems: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, as they stand in the file."""
        return self.heading_problems + self.row_problems


Progress = Callable[[int, int], None]


def check_table(table: Table, known: Known, progress: Progress | None = None) -> CheckedTable:
    """Check every cell of a portfolio file."""
    names = [_column_name(cell) for cell in table.heading.cells]
    places: dict[str, str] = {}
    rows: list[ProjectRow] = []
    problems: list[Problem] = []
    repeated = _repeated_codes(table, names)
    for number, row in enumerate(table.rows, start=1):
        checker = _RowChecker(row, names, known)
        words = checker.words()
        code = words.pop("code", "")
        if code in repeated:
            checker.note_repeated(code, places.setdefault(code, row.where))
        problems += checker.problems
        if not checker.problems and code not in repeated:
            rows.append(ProjectRow(where=row.where, code=code, words=words))
        if progress is not None:
            progress(number, len(table.rows))
    codes = frozenset(_codes(table, names))
    heading = _heading_problems(table.heading, names)
    return CheckedTable(tuple(rows), codes, tuple(heading), tuple(problems))


def _column_name(cell: Cell) -> str:
    """The known column that a heading means, or the heading itself, which names a note."""
    key = heading_key(cell.text)
    return key if key in COLUMNS else cell.text


def _heading_problems(heading: Row, names: Sequence[str]) -> list[Problem]:
    texts = [f"the column '{name}' is missing; add it" for name in REQUIRED if name not in names]
    counted = Counter(heading_key(name) for name in names if name)
    texts += [
        f"the column '{key}' stands there {times} times; keep one of them"
        for key, times in counted.items()
        if times > 1
    ]
    if len(names) > MAX_COLUMNS:
        texts.append(f"there are more than {MAX_COLUMNS} columns; take out what is not needed")
    for name in names:
        if name and name not in COLUMNS:
            texts += _note_name_problems(name)
    return [Problem(where=heading.where, field="", text=text) for text in texts]


def _note_name_problems(name: str) -> list[str]:
    """An unknown column is a note, unless it is too long or looks like a slip of the pen."""
    if len(name) > MAX_NOTE_NAME:
        return [f"the column name '{_echo(name)}' has more than {MAX_NOTE_NAME} characters"]
    key = heading_key(name)
    guess = nearest(key, COLUMNS)
    # `sponsor_2` or `phase2` is meant to be another column.
    if not guess or key[-1].isdigit() or not _is_slip(key, guess[0]):
        return []
    text = f"the column '{name}' is unknown; did you mean {guess[0]}?"
    return [f"{text} If it is a note of your own, give it a name less like that"]


def _is_slip(key: str, column: str) -> bool:
    """Whether two letters at most, or one in a short word, tell the two apart."""
    return OSA.distance(key, column) <= (2 if len(column) > 5 else 1)  # noqa: PLR2004 - as said


def _codes(table: Table, names: Sequence[str]) -> list[str]:
    if "code" not in names:
        return []
    place = names.index("code")
    cells = [row.cells[place].text for row in table.rows if place < len(row.cells)]
    return [text.upper() for text in cells if text]


def _repeated_codes(table: Table, names: Sequence[str]) -> frozenset[str]:
    counted = Counter(_codes(table, names))
    return frozenset(code for code, times in counted.items() if times > 1)


class _RowChecker:
    """Checks one row and collects its problems."""

    def __init__(self, row: Row, names: Sequence[str], known: Known) -> None:
        self._row = row
        self._names = names
        self._known = known
        self.problems: list[Problem] = []

    def words(self) -> dict[str, str]:
        """The words of the cells that are right and say something."""
        words: dict[str, str] = {}
        self._check_width()
        for place, (name, cell) in enumerate(zip(self._names, self._row.cells, strict=False)):
            try:
                word = self._word(name, cell)
            except ValueError as error:
                self._note(name or f"column {place + 1}", str(error))
            else:
                if word is not None:
                    words[name] = word
        self._compare(words)
        return words

    def note_repeated(self, code: str, first: str) -> None:
        """Note that the row's code stands in another row too, unless this is the first one."""
        if first != self._row.where:
            self._note("code", f"'{code}' stands at {first} too; keep one of the two rows")

    def _note(self, field: str, text: str) -> None:
        self.problems.append(Problem(where=self._row.where, field=field, text=text))

    def _check_width(self) -> None:
        cells, wide = self._row.cells, len(self._names)
        if len(cells) < wide:
            cure = "write every comma, and put a cell with a line break in quotation marks"
        elif any(cell.text for cell in cells[wide:]):
            cure = "put a cell with a comma in quotation marks"
        else:
            return
        self._note("", f"has {len(cells)} cells, the heading has {wide}; {cure}")

    def _word(self, name: str, cell: Cell) -> str | None:
        _refuse_formulas(cell)
        if not cell.text:
            if name in REQUIRED:
                msg = f"is empty; every project needs a {name}"
                raise ValueError(msg)
            return "" if name and name not in SILENT_WHEN_BLANK else None
        if not name:
            msg = f"'{_echo(cell.text)}' stands under no column name; give the column one"
            raise ValueError(msg)
        return _CHECKS.get(name, _note_text)(cell, self._known)

    def _compare(self, words: Mapping[str, str]) -> None:
        for later in ("baseline_end", "forecast_end"):
            if words.get("start") and words.get(later) and words[later] < words["start"]:
                self._note(later, f"{words[later]} is before the start, {words['start']}")
        if words.get("deputy") and words["deputy"] == words.get("pm"):
            self._note("deputy", "is the PM too; name somebody else, or leave it empty")


def _refuse_formulas(cell: Cell) -> None:
    if cell.kind == "error":
        msg = f"holds the error {cell.text}; put the value itself there"
        raise ValueError(msg)
    if cell.kind == "formula":
        msg = "holds a formula; put its value there (in Excel: Paste Special, Values)"
        raise ValueError(msg)
    if cell.text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(cell.text):
        msg = (
            f"'{_echo(cell.text)}' begins with '{cell.text[0]}', which a spreadsheet takes for a "
            "formula; begin it with a letter, or leave the cell empty"
        )
        raise ValueError(msg)


def _echo(text: str) -> str:
    return text if len(text) <= _ECHOED else text[: _ECHOED - 1] + "…"


def _text(cell: Cell, limit: int) -> str:
    if (odd := _CONTROL.search(cell.text)) is not None:
        msg = f"holds the control character U+{ord(odd[0]):04X}; take it out"
        raise ValueError(msg)
    if len(cell.text) > limit:
        msg = f"has {len(cell.text):,} characters; {limit:,} are possible"
        raise ValueError(msg)
    return cell.text


def _label(cell: Cell, limit: int) -> str:
    """A text of one line, which a spreadsheet may not have taken for a date."""
    if cell.kind == "date":
        msg = f"was made a date ({cell.text}) by the spreadsheet; format the cell as Text"
        raise ValueError(msg)
    return " ".join(_text(cell, limit).split())


def _code(cell: Cell, _known: Known) -> str:
    code = _label(cell, MAX_NAME).upper()
    if not _CODE.fullmatch(code):
        msg = (
            f"'{_echo(code)}' is no code; write 2 to 24 letters, digits, '-', '_' or '.', "
            "beginning with a letter or digit"
        )
        raise ValueError(msg)
    return code


def _name(cell: Cell, _known: Known) -> str:
    return _label(cell, MAX_NAME)


def _named(text: str, choices: Collection[str]) -> str | None:
    """The choice that is meant, whatever the case."""
    return next((one for one in choices if one.casefold() == text.casefold()), None)


def _council(cell: Cell, known: Known) -> str:
    text = _label(cell, MAX_NAME)
    council = _named(text, known.councils)
    if council is None:
        guess = did_you_mean(text, known.councils)
        msg = (
            f"there is no council '{_echo(text)}'.{guess} Councils are made by "
            "`pmobot apply` from the configuration file"
        )
        raise ValueError(msg)
    return council


def _phase(cell: Cell, known: Known) -> str:
    text = _label(cell, MAX_NAME)
    phase = _named(text, known.phases)
    if phase is None:
        guess = did_you_mean(text, known.phases)
        phases = ", ".join(known.phases)
        msg = f"there is no phase '{_echo(text)}'.{guess} Phases: {phases}"
        raise ValueError(msg)
    return phase


def _visibility(cell: Cell, _known: Known) -> str:
    text = _label(cell, MAX_NAME)
    visibility = _named(text, [one.value for one in Visibility])
    if visibility is None:
        msg = f"'{_echo(text)}' is neither open nor restricted; write one of the two"
        raise ValueError(msg)
    return visibility


def _person(cell: Cell, known: Known) -> str:
    # Guests too: a contractor may manage a project, and a role in it is how a guest is added.
    return known.roster.find(_label(cell, MAX_NAME)).slack_id


def _date(cell: Cell, _known: Known) -> str:
    if cell.kind == "number":
        msg = f"is the number {cell.text}; format the cell as a date, or write it as 2026-02-28"
        raise ValueError(msg)
    try:
        day = date.fromisoformat(cell.text) if _ISO.fullmatch(cell.text) else None
    except ValueError as error:
        msg = f"'{cell.text}' is no day of the calendar; write one as 2026-02-28"
        raise ValueError(msg) from error
    if day is None:
        raise ValueError(_other_date(cell.text))
    if day.year not in _YEARS:
        msg = f"{day} is in the year {day.year}; check the year"
        raise ValueError(msg)
    return day.isoformat()


def _other_date(text: str) -> str:
    """Why a date is refused; nothing is guessed, but what it may mean is offered."""
    cure = "2026-02-28 (year-month-day)"
    if (match := _OTHER_DATE.fullmatch(text)) is not None:
        first, second, year = (int(one) for one in match.groups())
        readings = {_day(year, first, second), _day(year, second, first)} - {""}
        cure = " or ".join(sorted(readings)) or cure
        if len(readings) > 1:
            return f"'{text}' can be read as two dates; write it as {cure}"
    return f"'{_echo(text)}' is not a date; write it as {cure}"


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _budget(cell: Cell, _known: Known) -> str:
    text = cell.text
    if cell.kind == "number" and _STORED_NUMBER.fullmatch(text):
        text = f"{Decimal(text).quantize(_CENT, ROUND_HALF_UP):f}"
    if text.startswith("-"):
        msg = f"{text} is negative; write the approved amount, 0 or more"
        raise ValueError(msg)
    if not _AMOUNT.fullmatch(text):
        msg = (
            f"'{_echo(text)}' is not an amount; write it without currency and separators, as "
            "480000 or 480000.50, below a thousand billion"
        )
        raise ValueError(msg)
    return f"{Decimal(text).quantize(_CENT):f}"


def _description(cell: Cell, _known: Known) -> str:
    return _text(cell, MAX_DESCRIPTION)


def _tags(cell: Cell, _known: Known) -> str:
    return tags_text(read_tags(_label(cell, MAX_NOTE)))


def _note_text(cell: Cell, _known: Known) -> str:
    return _text(cell, MAX_NOTE)


_CHECKS: Mapping[str, Callable[[Cell, Known], str]] = {
    "code": _code,
    "name": _name,
    "council": _council,
    "phase": _phase,
    "visibility": _visibility,
    "pm": _person,
    "deputy": _person,
    "sponsor": _person,
    "start": _date,
    "baseline_end": _date,
    "forecast_end": _date,
    "budget": _budget,
    "description": _description,
    "tags": _tags,
}
