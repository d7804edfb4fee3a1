"""Minutes as a PDF file: the same facts as the Word file, for whoever only reads.

Written by fpdf2 (LGPL-3.0, used as it comes). Its letters are DejaVu Sans, which matplotlib brings
along under the licence of Bitstream Vera (free to embed); the PDF holds those that it uses.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from domain.collecting.answering.claim_rules import day_words
from domain.meetings.minutes.values import MinutedAction, MinutedDecision
from message_templates.documents.ink import NOTHING, clean
from message_templates.documents.minutes_fields import (
    ItemLine,
    MinutesFacts,
    decision_words,
    local_words,
    more_words,
    origin_words,
)
from message_templates.documents.minutes_words import (
    item_words,
    names_words,
    quorum_words,
    state_words,
)

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT: Final = "DejaVu"
_LAST: Final = "LastResort"
"""The boxes that stand for letters which DejaVu lacks, such as Chinese ones; the text stays whole
and can be copied and searched."""

_INK: Final = (31, 58, 95)
_BLACK: Final = (0, 0, 0)
_GREY: Final = (89, 89, 89)
_LINE: Final = 5.0
"""Height of a line, in millimetres."""

_TALLEST: Final = 40
"""Lines of a row of a table: a page holds some more, and a row that is taller than it none."""

_SHORT: Final = 40
"""Characters of a cell that is no taller than that, however narrow it is."""

_LABEL: Final = 32.0
_MARGIN: Final = 18.0

Row = Sequence[str]


def minutes_pdf(facts: MinutesFacts) -> bytes:
    """Write the file; the same facts give the same bytes."""
    return _written(facts)


# The ledger renders a message for each of its steps.
@lru_cache(maxsize=4)
def _written(facts: MinutesFacts) -> bytes:
    logging.getLogger("fpdf").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    paper = _Paper(facts)
    paper.head()
    paper.text("Summary", facts.minutes.summary)
    minutes = facts.minutes
    paper.decisions("Decisions", minutes.all_decisions, none="No decisions.")
    paper.table(
        "Actions",
        (
            ("No.", 0.6),
            ("Project", 0.9),
            ("Action", 2.7),
            ("Owner", 1.2),
            ("Due", 1.2),
            ("From", 1),
        ),
        [_action(each) for each in minutes.actions],
        none="No actions.",
    )
    for line in facts.items:
        paper.item(line)
    paper.decisions("Decided between the meetings, and noted", minutes.votes)
    for addendum in minutes.addenda:
        when = local_words(minutes, addendum.at)
        paper.text(f"Correction by {addendum.by}, {when}", addendum.text)
    if minutes.next_at:
        paper.text("Next meeting", f"{local_words(minutes, minutes.next_at)} ({minutes.timezone})")
    return paper.bytes()


def _action(line: MinutedAction) -> Row:
    due = day_words(line.due_on) if line.due_on else ""
    return (line.ref, line.code, line.title, line.owner, due, origin_words(line))


class _Paper:
    """The pages."""

    def __init__(self, facts: MinutesFacts) -> None:
        self._facts = facts
        self._pdf = _empty(facts)

    def head(self) -> None:
        """Title, and who was there."""
        minutes, pdf = self._facts.minutes, self._pdf
        day = day_words(minutes.began_at.astimezone(minutes.zone).date())
        self._line("Minutes", 20, _INK, is_bold=True)
        self._line(f"{minutes.title}, {day}", 12, _GREY)
        if self._facts.is_restricted:
            self._line("Restricted: not for everybody", 10, _INK, is_bold=True)
        pdf.ln(2)
        ended = f"{minutes.ended_at.astimezone(minutes.zone):%H:%M} ({minutes.timezone})"
        self._facts_table(
            (
                ("Council", minutes.council),
                ("Time", f"{minutes.began_at.astimezone(minutes.zone):%H:%M} to {ended}"),
                ("Place or link", minutes.place),
                ("Chair", minutes.chair),
                ("Present", names_words(minutes.present)),
                ("Apologies", names_words(minutes.apologies)),
                ("Absent", names_words(minutes.absent)),
                ("Quorum", quorum_words(minutes)),
                ("State", state_words(minutes, self._facts.standing)),
            )
        )

    def text(self, heading: str, text: str) -> None:
        """A heading and a text, where there is one."""
        if text:
            self._heading(heading)
            self._line(text, 10, _BLACK)

    def item(self, line: ItemLine) -> None:
        """What came of an item."""
        self._heading(f"{line.number}. {line.item.title}")
        self._line(item_words(line.item), 9, _GREY)
        for text in (line.item.note, line.decided):
            if text:
                self._line(text, 10, _BLACK)

    def decisions(self, heading: str, lines: Sequence[MinutedDecision], none: str = "") -> None:
        """What was decided, each with what else there is to say: as long as pages go on.

        Not as a table: a row must fit on one page, and a reason may be longer.
        """
        if not lines:
            self.text(heading, none)
            return
        self._heading(heading)
        for line in lines:
            code = f"{line.code}: " if line.code else ""
            self._line(f"{code}{decision_words(line)}", 10, _BLACK, is_bold=True)
            if more := more_words(line):
                self._line(more, 10, _BLACK)

    def table(
        self,
        heading: str,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Row],
        none: str = "",
    ) -> None:
        """Rows under a heading; without any, what stands in their place, if something does."""
        if not rows:
            self.text(heading, none)
            return
        self._heading(heading)
        self._style(9, _BLACK)
        with self._pdf.table(
            col_widths=tuple(width for _, width in columns), line_height=_LINE, text_align="LEFT"
        ) as table:
            heads = tuple(head for head, _ in columns)
            parts = [part for row in rows for part in self._parts(row, columns)]
            for row in (heads, *parts):
                made = table.row()
                for cell in row:
                    made.cell(cell)

    def _parts(self, row: Row, columns: Sequence[tuple[str, float]]) -> Iterable[Row]:
        """A row, or as many below each other as its longest text takes: none breaks over pages."""
        room = self._pdf.epw / sum(width for _, width in columns)
        pieces = [
            self._pieces(clean(cell) or NOTHING, width * room)
            for cell, (_, width) in zip(row, columns, strict=True)
        ]
        return zip_longest(*pieces, fillvalue="")

    def _pieces(self, text: str, width: float) -> Sequence[str]:
        """A text that fits a column, in pieces that fit a page."""
        if len(text) <= _SHORT:
            return [text]
        narrow = width - 2 * self._pdf.c_margin - 1  # so that no line is broken once more
        found = self._pdf.multi_cell(narrow, _LINE, text, align="L", dry_run=True, output="LINES")
        lines = cast("list[str]", found)
        if len(lines) <= _TALLEST:
            return [text]
        starts = range(0, len(lines), _TALLEST)
        return ["\n".join(lines[start : start + _TALLEST]) for start in starts]

    def bytes(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def _facts_table(self, rows: Iterable[tuple[str, str]]) -> None:
        for label, value in rows:
            self._style(10, _BLACK, is_bold=True)
            self._pdf.cell(_LABEL, _LINE, label)
            self._line(value or NOTHING, 10, _BLACK)

    def _heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._line(text, 13, _INK, is_bold=True)

    def _line(
        self, text: str, size: int, colour: tuple[int, int, int], *, is_bold: bool = False
    ) -> None:
        self._style(size, colour, is_bold=is_bold)
        height = max(_LINE, size * 0.5)
        self._pdf.multi_cell(0, height, clean(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def _style(self, size: int, colour: tuple[int, int, int], *, is_bold: bool = False) -> None:
        self._pdf.set_font(_FONT, "B" if is_bold else "", size)
        self._pdf.set_text_color(*colour)


def _empty(facts: MinutesFacts) -> "FPDF":
    """The first page, with the letters that the text needs."""
    from fpdf import FPDF

    minutes, fonts = facts.minutes, _fonts()
    pdf = FPDF(format="A4")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
        pdf.add_font(_FONT, style, fonts / f"{name}.ttf")
    if _lacks(pdf, set(repr(facts))):
        pdf.add_font(_LAST, "", fonts / "LastResortHE-Regular.ttf")
        pdf.set_fallback_fonts([_LAST], exact_match=False)
    pdf.set_creation_date(datetime.combine(facts.on, time(0), tzinfo=UTC))
    pdf.set_title(clean(f"{minutes.council} minutes {facts.on.isoformat()}"))
    pdf.set_author("PMO")
    pdf.set_lang("en")
    pdf.add_page()
    return pdf


def _lacks(pdf: "FPDF", letters: Iterable[str]) -> bool:
    """Whether the font of the text has no picture of a letter."""
    from fpdf.fonts import TTFFont

    font = pdf.fonts[_FONT.lower()]
    return isinstance(font, TTFFont) and any(ord(each) not in font.cmap for each in letters)


def _fonts() -> Path:
    """Where matplotlib keeps its fonts; found without loading it, which takes a second."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib, which brings the fonts, is not installed")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
