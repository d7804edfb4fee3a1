"""Makes the bundled templates: `python -m knowledge.templates.build`, and commit what changed.

They can be opened and changed in Word and Excel like any other; this only saves having to do the
same eight times.
"""  # noqa: INP001 - a script beside its output, no package

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from domain.documents.values import CouncilForm, FileForm, Form
from message_templates.documents.package import repacked

MADE: Final = date(2026, 11, 22)
"""What the files say of themselves: made again, they are the same."""

_INK: Final = RGBColor(0x1F, 0x3A, 0x5F)
_GREY: Final = RGBColor(0x59, 0x59, 0x59)
_SHADE: Final = "E8EDF3"
_FONT: Final = "Calibri"
_WIDTH: Final = 16.6
"""Centimetres between margins that A4 and Letter both have."""

Column = tuple[str, str, float]
"""Head, field of the row, and width in centimetres."""

_RISKS: Final[Sequence[Column]] = (
    ("No.", "ref", 1.3),
    ("Risk", "title", 5.6),
    ("L", "likelihood", 1.0),
    ("I", "impact", 1.0),
    ("Owner", "owner", 2.6),
    ("Due", "due", 2.3),
    ("Response", "response", 2.8),
)
_ISSUES: Final[Sequence[Column]] = (
    ("No.", "ref", 1.3),
    ("Issue", "title", 6.0),
    ("Impact", "impact", 1.5),
    ("Owner", "owner", 2.6),
    ("Due", "due", 2.4),
    ("Response", "response", 2.8),
)
_ACTIONS: Final[Sequence[Column]] = (
    ("No.", "ref", 1.3),
    ("Action", "title", 7.3),
    ("Owner", "owner", 3.0),
    ("Due", "due", 2.5),
    ("State", "state", 2.5),
)
_DECISIONS: Final[Sequence[Column]] = (
    ("No.", "ref", 1.3),
    ("Decision", "whole", 7.3),
    ("Who decides", "owner", 3.0),
    ("By", "due", 2.5),
    ("State", "state", 2.5),
)
_MILESTONES: Final[Sequence[Column]] = (
    ("No.", "ref", 1.3),
    ("Milestone", "title", 5.3),
    ("Baseline", "baseline", 2.5),
    ("Forecast", "due", 2.5),
    ("Slip", "slip", 2.6),
    ("State", "state", 2.4),
)
_HISTORY: Final[Sequence[Column]] = (
    ("Report", "date", 2.5),
    ("Health", "health", 1.9),
    ("Next milestone", "milestone", 4.6),
    ("Its forecast", "milestone_forecast", 2.6),
    ("Per cent", "complete", 1.6),
    ("Cost forecast", "cost_forecast", 3.4),
)
_RESTRICTED: Final = (
    '{% if project.visibility == "restricted" %} (restricted: not for everybody){% endif %}'
)
"""A file goes further than a message: it says itself that it must not."""

_TODAY: Final = "{{ document.date }}"


@dataclass(frozen=True)
class Subject:
    """What a document is about: how its head and its first lines name it."""

    short: str
    name: str
    restricted: str
    """Says so, where it is not for everybody."""


_PROJECT: Final = Subject("{{ project.code }}", "{{ project.name }}", _RESTRICTED)
_MEETING: Final = Subject(
    "{{ meeting.council }}",
    "{{ meeting.title }}, {{ meeting.day }}",
    "{% if meeting.restricted %} (restricted: not for everybody){% endif %}",
)


def fill(label: str) -> str:
    """A mark for what no record knows."""
    return f'{{{{ fill("{label}") }}}}'


def _or_fill(name: str, label: str) -> str:
    """A field that a report may leave out, where this document can't."""
    return f"{{% if {name} %}}{{{{ {name} }}}}{{% else %}}{fill(label)}{{% endif %}}"


class Paper:
    """One Word document, from its head to its foot."""

    def __init__(self, form: FileForm, subject: Subject = _PROJECT) -> None:
        self._document: Any = docx.Document()
        self._section()
        self._styles()
        self._drop_thumbnail()
        properties = self._document.core_properties
        properties.author, properties.last_modified_by = "PMO", ""
        properties.title, properties.comments = f"{subject.short} {form.words}", ""
        self._head(form, subject)
        self._document.add_paragraph(_upper(form.words), style="Title")
        self._document.add_paragraph(subject.name, style="Subtitle")

    def saved(self) -> bytes:
        """The document, the same bytes each time."""
        made = BytesIO()
        self._document.save(made)
        return repacked(made.getvalue(), MADE)

    def heading(self, text: str) -> "Paper":
        """A heading of the first level."""
        self._document.add_heading(text, level=1)
        return self

    def text(self, text: str) -> "Paper":
        """A paragraph."""
        self._document.add_paragraph(text)
        return self

    def note(self, text: str) -> "Paper":
        """A paragraph that tells where something comes from."""
        self._document.add_paragraph(text, style="Note")
        return self

    def facts(self, rows: Sequence[tuple[str, str]]) -> "Paper":
        """A table of labels and what they are."""
        table = self._table((4.2, _WIDTH - 4.2))
        for label, value in rows:
            cells = table.add_row().cells
            _cell(cells[0], label, is_bold=True, shade=_SHADE)
            _cell(cells[1], value)
        self._gap()
        return self

    def rows(self, of: str, columns: Sequence[Column], none: str = "") -> "Paper":
        """A table with a row for each of a list; its head is repeated on each page."""
        table = self._table([width for _, _, width in columns])
        self._row_of_heads(table, [head for head, _, _ in columns])
        _loop(table, f"{{%tr for row in {of} %}}")
        cells = table.add_row().cells
        for cell, (_, name, _width) in zip(cells, columns, strict=True):
            _cell(cell, f"{{{{ row.{name} }}}}")
        _loop(table, "{%tr else %}")
        cells = table.add_row().cells
        _cell(cells[0].merge(cells[-1]), none or "None on the record.")
        _loop(table, "{%tr endfor %}")
        for row in table.rows:
            _keep_whole(row)
        self._gap()
        return self

    def grid(self, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> "Paper":
        """A table with the rows that it is given."""
        table = self._table([width for _, width in columns])
        self._row_of_heads(table, [head for head, _ in columns])
        for texts in rows:
            row = table.add_row()
            for cell, text in zip(row.cells, texts, strict=True):
                _cell(cell, text)
            _keep_whole(row)
        self._gap()
        return self

    def signatures(self, *roles: tuple[str, str]) -> "Paper":
        """Who signs."""
        lines = [(role, name, "", "") for role, name in roles]
        return self.grid((("Role", 4.0), ("Name", 4.6), ("Signature", 5.0), ("Date", 3.0)), lines)

    def _table(self, widths: Sequence[float]) -> Any:
        table = self._document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        return table

    def _row_of_heads(self, table: Any, heads: Sequence[str]) -> None:
        row = table.add_row()
        for cell, head in zip(row.cells, heads, strict=True):
            _cell(cell, head, is_bold=True, shade=_SHADE)
        _flag(row, "w:tblHeader")

    def _gap(self) -> None:
        self._document.add_paragraph(style="Gap")

    def _section(self) -> None:
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.3)

    def _styles(self) -> None:
        styles = self._document.styles
        for name, size, colour in (
            ("Normal", 10.5, None),
            ("Title", 24, _INK),
            ("Subtitle", 13, _GREY),
            ("Heading 1", 14, _INK),
        ):
            _style(styles[name], size, colour)
        title = styles["Title"].element.find(qn("w:pPr"))
        title.remove(title.find(qn("w:pBdr")))
        styles["Title"].paragraph_format.space_after = Pt(0)
        styles["Subtitle"].font.italic = False
        styles["Subtitle"].paragraph_format.space_after = Pt(10)
        styles["Heading 1"].paragraph_format.space_before = Pt(12)
        styles["Heading 1"].paragraph_format.space_after = Pt(4)
        styles["Normal"].paragraph_format.space_after = Pt(4)
        note = styles.add_style("Note", 1)
        _style(note, 9, _GREY)
        gap = styles.add_style("Gap", 1)
        _style(gap, 4, None)
        gap.paragraph_format.space_after = Pt(0)

    def _head(self, form: FileForm, subject: Subject) -> None:
        section = self._document.sections[0]
        head = section.header.paragraphs[0]
        head.text = f"{subject.short}{subject.restricted}\t{_upper(form.words)}"
        foot = section.footer.paragraphs[0]
        foot.text = f"As the record stood on {_TODAY}\tPage "
        _page_field(foot, "PAGE")
        foot.add_run(" of ")
        _page_field(foot, "NUMPAGES")
        for paragraph in (head, foot):
            stops = paragraph.paragraph_format.tab_stops
            paragraph.style.paragraph_format.tab_stops.clear_all()
            stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
            for run in paragraph.runs:
                run.font.size, run.font.color.rgb = Pt(9), _GREY

    def _drop_thumbnail(self) -> None:
        relations = self._document.part.package.rels
        for key in [key for key, each in relations.items() if each.reltype == _THUMBNAIL]:
            del relations[key]


_THUMBNAIL: Final = RELATIONSHIP_TYPE.THUMBNAIL


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _style(style: Any, size: float, colour: RGBColor | None) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), _FONT)
    if colour is not None:
        style.font.color.rgb = colour


def _cell(cell: Any, text: str, *, is_bold: bool = False, shade: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.space_before = Pt(2)
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold or None, Pt(10)
    if shade:
        made = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", shade)):
            made.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(made)  # noqa: SLF001 - python-docx has no shading


def _loop(table: Any, tag: str) -> None:
    table.add_row().cells[0].paragraphs[0].text = tag


def _keep_whole(row: Any) -> None:
    _flag(row, "w:cantSplit")


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - the only way


def _page_field(paragraph: Any, name: str) -> None:
    for kind, text in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run(text if kind == "text" else "")
        if kind == "":
            made = OxmlElement("w:instrText")
            made.text = text
        elif kind != "text":
            made = OxmlElement("w:fldChar")
            made.set(qn("w:fldCharType"), kind)
        else:
            continue
        run._r.append(made)  # noqa: SLF001 - python-docx has no fields


# --- the documents


def _status_report(paper: Paper) -> Paper:
    health = (
        "{% cellbg report.health_colour %}{{ report.health }}"
        "{% if report.rating %} ({{ report.rating }}){% endif %}"
    )
    milestone = (
        "{{ report.milestone }}{% if report.milestone %}\nBaseline "
        "{{ report.milestone_baseline }}, forecast {{ report.milestone_forecast }} "
        "({{ report.milestone_slip }}){% endif %}"
    )
    decision = (
        "{{ report.decision }}{% if report.decision %}\nFrom {{ report.decision_from }}, "
        "by {{ report.decision_by }}{% endif %}"
    )
    paper.facts(
        (
            ("Reported", "{{ report.date }} by {{ report.author }}"),
            ("Phase", "{{ project.phase }}"),
            ("Project manager", "{{ project.pm }}"),
            ("Sponsor", "{{ project.sponsor }}"),
            ("Council", "{{ council.name }}"),
            ("Planned end", "{{ project.baseline_end }}"),
            ("Forecast end", "{{ project.forecast_end }} ({{ project.slip }})"),
        )
    )
    paper.heading("Status").facts(
        (
            ("Health", health),
            ("Why", "{{ report.why }}"),
            ("Schedule", "{{ report.schedule }}"),
            ("Budget", "{{ report.budget }}"),
            ("Scope", "{{ report.scope }}"),
            ("Resources", "{{ report.resources }}"),
            ("Done", "{{ report.done }}"),
            ("Next", "{{ report.next }}"),
            ("Next milestone", milestone),
            ("Risks and issues", "{{ report.risks }}"),
            ("Path to green", "{{ report.path_to_green }}"),
            ("Decision or help needed", decision),
            ("Spent", _or_fill("report.spent", "spent so far") + " of {{ project.budget }}"),
            ("Cost forecast", _or_fill("report.cost_forecast", "cost forecast")),
            ("Per cent complete", _or_fill("report.percent_complete", "per cent complete")),
        )
    )
    paper.text("{%p if report.computed %}").heading("What the facts say")
    paper.facts(
        (
            ("They come to", "{{ report.computed }}"),
            ("Because", "{{ report.computed_why }}"),
            ("The PM's reason", "{{ report.claim_reason }}"),
        )
    ).text("{%p endif %}")
    paper.text("{%p for row in questions %}").text("{{ row.question }} {{ row.answer }}")
    paper.text("{%p endfor %}")
    paper.heading("Open milestones").rows("open_milestones", _MILESTONES)
    paper.heading("Open risks").rows("open_risks", _RISKS)
    paper.heading("Open issues").rows("open_issues", _ISSUES)
    paper.heading("Open actions").rows("open_actions", _ACTIONS)
    paper.heading("Decisions that are waited for").rows("open_decisions", _DECISIONS)
    return paper.heading("Last reports").rows("history", _HISTORY, "No report yet.")


def _project_charter(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Code", "{{ project.code }}"),
            ("Sponsor", "{{ project.sponsor }}"),
            ("Project manager", "{{ project.pm }}"),
            ("Deputy", "{{ project.deputy }}"),
            ("Council", "{{ council.name }}"),
            ("Phase", "{{ project.phase }}"),
            ("Start", "{{ project.start }}"),
            ("Planned end", "{{ project.baseline_end }}"),
        )
    )
    paper.heading("Purpose").text("{{ project.description }}").text(fill("the need behind it"))
    paper.heading("Scope").facts(
        (("In scope", fill("what is in scope")), ("Out of scope", fill("what is out of scope")))
    )
    for heading, label in (
        ("Success criteria", "success criteria that can be checked"),
        ("Deliverables", "deliverables"),
        ("Constraints", "constraints"),
        ("Assumptions", "assumptions"),
    ):
        paper.heading(heading).text(fill(label))
    paper.heading("Milestones").rows("milestones", _MILESTONES)
    paper.heading("First risks").rows("open_risks", _RISKS)
    paper.heading("Cost").facts(
        (("Budget", "{{ project.budget }}"), ("Source of the money", fill("source of the money")))
    )
    paper.heading("People and approach").facts(
        (
            ("People needed", fill("people needed, by role and share")),
            ("How the work is done", fill("approach")),
        )
    )
    paper.heading("Who decides").facts(
        (
            ("Council", "{{ council.name }}, chaired by {{ council.chair }}"),
            ("Its members", "{{ council.members }}"),
            ("Within the project", fill("what the project manager decides alone")),
        )
    )
    return paper.heading("Signatures").signatures(
        ("Sponsor", "{{ project.sponsor }}"), ("Project manager", "{{ project.pm }}")
    )


def _communications_plan(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Project manager", "{{ project.pm }}"),
            ("Deputy", "{{ project.deputy }}"),
            ("Sponsor", "{{ project.sponsor }}"),
            ("Council", "{{ council.name }}, chaired by {{ council.chair }}"),
            ("Visibility", "{{ project.visibility }}"),
        )
    )
    paper.heading("What is told")
    paper.note(
        "The first rows run by themselves, in phases that are asked for status: pmobot sends them, "
        "as the council has agreed."
    )
    digest_in = (
        '{% if project.visibility == "restricted" %}Direct messages to its chair and members'
        "{% else %}{{ council.channel }}{% endif %}"
    )
    who = "{{ project.pm }}"
    heads = ("What", "For whom", "Where", "How often", "Who writes")
    widths = (3.4, 3.6, 3.0, 4.0, 2.6)
    paper.grid(
        tuple(zip(heads, widths, strict=True)),
        (
            (
                "Status request",
                f"{who}, deputy {{{{ project.deputy }}}}",
                "Direct message",
                "{{ council.reporting }}, {{ council.ask_at }} in their own zone",
                "pmobot",
            ),
            (
                "Status report",
                "{{ council.name }}",
                "Form in Slack",
                "Each time, cut-off {{ council.cut_off }} ({{ council.timezone }})",
                who,
            ),
            (
                "Digest",
                "{{ council.name }}",
                digest_in,
                "Each time, {{ council.digest }} ({{ council.timezone }})",
                "pmobot",
            ),
            (
                "Council meeting",
                "{{ council.members }}",
                fill("place or link of the meeting"),
                "{{ council.meetings }}, {{ council.meeting_at }}",
                "{{ council.chair }}",
            ),
            (
                "Notice to followers",
                "Who follows the project, see below",
                "Direct message",
                "Weekly, or when its health changes, as each has chosen",
                "pmobot",
            ),
            (
                fill("what else is told"),
                fill("for whom"),
                fill("by which channel"),
                fill("how often"),
                fill("who writes it"),
            ),
        ),
    )
    paper.heading("Digests across councils").rows(
        "digests",
        (
            ("Digest", "name", 4.6),
            ("Where", "channel", 3.4),
            ("How often", "when", 4.2),
            ("At", "at", 1.4),
            ("Time zone", "timezone", 3.0),
        ),
        "None tells of it.",
    )
    paper.heading("Roles").facts(
        (
            ("Answers for it", "{{ project.pm }}; {{ project.deputy }} when away"),
            ("Agrees", "{{ project.sponsor }}"),
            ("How people answer", fill("how people can answer")),
            ("What is confidential", fill("what is confidential")),
        )
    )
    paper.heading("Members of the council")
    paper.rows("members", (("Name", "name", 9.0), ("Vote", "vote", 7.6)))
    paper.heading("Followers").rows("followers", (("Name", "name", 16.6),), "Nobody yet.")
    paper.heading("Other audiences")
    return paper.text(fill("audiences outside Slack, from the stakeholder register"))


def _change_request(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Number", fill("number of the change")),
            ("Title", fill("title of the change")),
            ("Asked by", fill("who asks for the change")),
            ("Date", _TODAY),
            ("Type and priority", fill("type and priority")),
            ("Project", "{{ project.code }}, {{ project.name }}"),
            ("Project manager", "{{ project.pm }}"),
            ("Sponsor", "{{ project.sponsor }}"),
        )
    )
    paper.heading("What is to change").facts(
        (
            ("How it is now", fill("how it is now")),
            ("How it is to be", fill("how it is to be")),
            ("Reason", fill("reason")),
            ("If it is not done", fill("what happens if it is not done")),
        )
    )
    paper.heading("Baseline that it would alter").facts(
        (
            ("Phase", "{{ project.phase }}"),
            ("Planned end", "{{ project.baseline_end }}"),
            ("Forecast end", "{{ project.forecast_end }} ({{ project.slip }})"),
            ("Budget", "{{ project.budget }}"),
            ("Spent", _or_fill("report.spent", "spent so far")),
            ("Cost forecast", _or_fill("report.cost_forecast", "cost forecast")),
        )
    )
    paper.heading("Impact").facts(
        tuple(
            (each.capitalize(), fill(f"impact on {each}"))
            for each in ("scope", "schedule", "cost", "quality", "risk", "people")
        )
    )
    paper.heading("Milestones that it may move").rows("open_milestones", _MILESTONES)
    paper.heading("Open risks").rows("open_risks", _RISKS)
    paper.heading("Options").text(fill("options, and which one is recommended"))
    return paper.heading("Decision").facts(
        (
            ("Decided by", fill("who decided")),
            ("Decision", fill("decision")),
            ("Date", fill("date of the decision")),
        )
    )


def _meeting_head(paper: Paper) -> Paper:
    time = (
        "{{ council.meeting_at }} ({{ council.timezone }}), {{ council.meeting_minutes }} minutes"
    )
    return paper.facts(
        (
            ("Meeting", "{{ council.name }}"),
            ("Date", "{{ council.next_meeting }}"),
            ("Time", time),
            ("Place or link", fill("place or link of the meeting")),
            ("Chair", "{{ council.chair }}"),
        )
    )


def _meeting_agenda(paper: Paper) -> Paper:
    _meeting_head(paper).facts(
        (
            ("Invited", "{{ council.members }}; {{ project.pm }} for {{ project.code }}"),
            ("Quorum", "{{ council.quorum }}"),
            ("Read before", "{{ council.pre_read }} working days before the meeting"),
            ("Aim", fill("aim of the meeting in one sentence")),
        )
    )
    paper.heading("Items")
    heads = (("Minutes", 1.9), ("Item", 6.6), ("To", 3.0), ("Owner", 5.1))
    minutes = fill("minutes of each item")
    paper.grid(
        heads,
        (
            (minutes, "Quorum, interests, last minutes", "inform", "{{ council.chair }}"),
            (minutes, "Overdue actions", "discuss", "{{ council.chair }}"),
            (minutes, "Decisions that are waited for, see below", "decide", "{{ council.chair }}"),
            (
                minutes,
                "{{ project.code }}: {{ report.health }}, {{ project.phase }}",
                "discuss",
                "{{ project.pm }}",
            ),
            (fill("minutes"), fill("item"), fill("decide, discuss or inform"), fill("owner")),
            (minutes, "Recap of decisions and actions", "inform", "{{ council.chair }}"),
        ),
    )
    paper.heading("Decisions that are waited for").rows("open_decisions", _DECISIONS)
    paper.heading("Open actions").rows("open_actions", _ACTIONS)
    paper.heading("Open issues").rows("open_issues", _ISSUES)
    return paper.heading("Papers to read before").text(fill("papers to read before"))


def _meeting_minutes(paper: Paper) -> Paper:
    _meeting_head(paper)
    paper.heading("Who was there")
    paper.facts(
        (
            ("Present", fill("who of the members was present")),
            ("Excused", fill("who was excused")),
            ("Guests", fill("which guests were there")),
            ("Asked to come", "{{ project.pm }} for {{ project.code }}"),
            ("Quorum", "{{ council.quorum }}: " + fill("whether there was a quorum")),
            ("Minutes by", fill("who took the minutes")),
        )
    )
    paper.heading("Members of the council")
    paper.rows("members", (("Name", "name", 9.0), ("Vote", "vote", 7.6)))
    paper.heading("Summary").text(fill("summary"))
    paper.heading("Decisions")
    paper.note("What the project waits for; write what was decided, by whom, and the reason.")
    paper.rows("open_decisions", _DECISIONS)
    paper.text(fill("what was decided, with reason, owner and date"))
    paper.heading("Actions").rows("open_actions", _ACTIONS)
    paper.text(fill("new actions, with owner and date"))
    paper.heading("Parked").text(fill("what was parked"))
    return paper.heading("Next meeting").text(fill("date of the next meeting"))


def _closeout_report(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Sponsor", "{{ project.sponsor }}"),
            ("Project manager", "{{ project.pm }}"),
            ("Council", "{{ council.name }}"),
            ("Phase", "{{ project.phase }}"),
            ("Date", _TODAY),
        )
    )
    paper.heading("Goals against results").facts(
        (
            ("Description", "{{ project.description }}"),
            ("Goals", fill("goals, as the charter has them")),
            ("Results", fill("results")),
        )
    )
    paper.heading("Deliverables").text(fill("which deliverables were accepted, and how"))
    cost = (
        f"{_or_fill('report.cost_forecast', 'actual cost')}, "
        f"spent {_or_fill('report.spent', 'spent so far')}"
    )
    paper.heading("Planned against actual").grid(
        (("", 3.4), ("Baseline", 3.6), ("Last forecast or actual", 4.2), ("Reason", 5.4)),
        (
            (
                "End",
                "{{ project.baseline_end }}",
                "{{ project.forecast_end }} ({{ project.slip }})",
                fill("reason for the difference in time"),
            ),
            (
                "Cost",
                "{{ project.budget }}",
                cost,
                fill("reason for the difference in cost"),
            ),
        ),
    )
    paper.heading("Milestones").rows("milestones", _MILESTONES)
    paper.heading("How the forecasts went").rows("history", _HISTORY, "No report yet.")
    paper.heading("What the project was asked")
    paper.rows(
        "questions", (("Question", "question", 7.6), ("Answer", "answer", 9.0)), "Nothing yet."
    )
    paper.heading("Operation").facts(
        (
            ("Who runs it", fill("who runs it from now on")),
            ("What it costs", fill("what operation costs")),
        )
    )
    paper.heading("What stays open")
    paper.rows("open_issues", _ISSUES).rows("open_actions", _ACTIONS).rows("open_risks", _RISKS)
    paper.text(fill("who takes over what stays open"))
    paper.heading("Lessons").text(fill("lessons"))
    paper.heading("Documents").text(fill("where the documents are"))
    paper.heading("Review of the benefits").text(fill("when the benefits are reviewed"))
    return paper.heading("Signatures").signatures(
        ("Sponsor", "{{ project.sponsor }}"), ("Project manager", "{{ project.pm }}")
    )


def _council_pack(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Meeting", "{{ meeting.title }}"),
            ("Date", "{{ meeting.day }}"),
            ("Time", "{{ meeting.time }}, {{ meeting.minutes }} minutes"),
            ("Place or link", "{{ meeting.place }}"),
            ("Chair", "{{ meeting.chair }}"),
            ("Members", "{{ meeting.members }}"),
            ("Status as of", "{{ meeting.as_of }}"),
            ("Projects", "{{ meeting.health }}"),
        )
    )
    paper.note("Frozen then: what comes later is not in it, so that all read the same.")
    paper.heading("Agenda")
    paper.rows(
        "agenda",
        (
            ("No.", "number", 1.3),
            ("Item", "title", 6.9),
            ("To", "purpose", 2.6),
            ("Minutes", "minutes", 1.6),
            ("Owner", "owner", 2.6),
            ("Project", "project", 1.6),
        ),
        "No item yet.",
    )
    paper.heading("Decisions needed")
    paper.rows(
        "decisions",
        (
            ("Project", "project", 2.2),
            ("No.", "ref", 1.3),
            ("What is to be decided", "text", 7.6),
            ("Who decides", "owner", 3.0),
            ("By", "due", 2.5),
        ),
        "No decision is waited for.",
    )
    status = (
        ("Project", "code", 2.2),
        ("Health", "health", 1.8),
        ("Days", "days", 1.2),
        ("Why", "why", 6.4),
        ("Path to green", "path_to_green", 5.0),
    )
    paper.heading("Red").rows("reds", status, "No project is red.")
    paper.heading("Yellow").rows("yellows", status, "No project is yellow.")
    paper.heading("Green, or without a colour")
    paper.rows(
        "others",
        (
            ("Project", "code", 2.2),
            ("Health", "health", 1.8),
            ("Name", "name", 4.2),
            ("What was done, or why there is no report", "why", 5.6),
            ("Last known", "last_known", 2.8),
        ),
        "None.",
    )
    paper.heading("Overdue actions")
    paper.rows(
        "actions",
        (
            ("Project", "project", 2.2),
            ("No.", "ref", 1.3),
            ("Action", "title", 6.0),
            ("Owner", "owner", 2.7),
            ("Due", "due", 2.2),
            ("First due", "first_due", 2.2),
        ),
        "No action is overdue.",
    )
    paper.heading("Decided since the last meeting began")
    return paper.rows(
        "decided",
        (
            ("No.", "ref", 1.3),
            ("Project", "project", 2.2),
            ("Question", "question", 5.6),
            ("Outcome", "outcome", 2.2),
            ("Reason", "reason", 3.1),
            ("Day", "on", 2.2),
        ),
        "Nothing.",
    )


def _council_minutes(paper: Paper) -> Paper:
    paper.facts(
        (
            ("Meeting", "{{ meeting.title }}"),
            ("Date", "{{ meeting.day }}"),
            ("Time", "{{ meeting.time }}"),
            ("Place or link", "{{ meeting.place }}"),
            ("Chair", "{{ meeting.chair }}"),
            ("Present", "{{ meeting.present }}"),
            ("Apologies", "{{ meeting.apologies }}"),
            ("Absent", "{{ meeting.absent }}"),
            ("Quorum", "{{ meeting.quorum }}"),
            ("State", "{{ meeting.state }}"),
        )
    )
    paper.text("{%p if meeting.summary %}").heading("Summary").text("{{ meeting.summary }}")
    paper.text("{%p endif %}").heading("Decisions")
    decisions = (
        ("No.", "ref", 1.4),
        ("Project", "project", 2.0),
        ("Question", "question", 5.2),
        ("Outcome", "outcome", 2.6),
        ("How", "how", 2.4),
        ("More", "more", 3.0),
    )
    paper.rows("decisions", decisions, "No decisions.")
    paper.heading("Actions")
    paper.rows(
        "actions",
        (
            ("No.", "ref", 1.4),
            ("Project", "project", 2.0),
            ("Action", "title", 5.9),
            ("Owner", "owner", 2.7),
            ("Due", "due", 2.4),
            ("From", "origin", 2.2),
        ),
        "No actions.",
    )
    paper.heading("Items")
    paper.rows(
        "items",
        (
            ("No.", "number", 1.2),
            ("Item", "title", 3.9),
            ("What it was", "what", 3.1),
            ("What was said", "note", 4.6),
            ("Decided", "decided", 3.8),
        ),
        "No items.",
    )
    paper.text("{%p if votes %}").heading("Decided between the meetings, and noted")
    paper.rows("votes", decisions).text("{%p endif %}")
    paper.text("{%p if addenda %}").heading("Corrections after the approval")
    corrections = (("Day", "at", 2.4), ("By", "by", 3.0), ("Correction", "text", 11.2))
    paper.rows("addenda", corrections).text("{%p endif %}")
    return paper.heading("Next meeting").text("{{ meeting.next }}")


_WRITTEN: Final[dict[Form, Callable[[Paper], Paper]]] = {
    Form.STATUS_REPORT: _status_report,
    Form.PROJECT_CHARTER: _project_charter,
    Form.COMMUNICATIONS_PLAN: _communications_plan,
    Form.CHANGE_REQUEST: _change_request,
    Form.MEETING_AGENDA: _meeting_agenda,
    Form.MEETING_MINUTES: _meeting_minutes,
    Form.CLOSEOUT_REPORT: _closeout_report,
}


# --- the workbook


@dataclass(frozen=True)
class _Sheet:
    title: str
    of: str
    columns: Sequence[tuple[str, str, int]]
    """Head, field, width in characters."""


_TAIL: Final = (
    ("State", "state", 12),
    ("Opened", "opened", 13),
    ("Closed", "closed", 13),
    ("Last word", "note", 40),
)
_SHEETS: Final = (
    _Sheet(
        "Risks",
        "risks",
        (
            ("No.", "ref", 8),
            ("Risk", "title", 40),
            ("Description", "text", 50),
            ("Likelihood", "likelihood", 12),
            ("Impact", "impact", 10),
            ("Score", "score", 9),
            ("Owner", "owner", 20),
            ("Response", "response", 40),
            ("Due", "due", 13),
            *_TAIL,
        ),
    ),
    _Sheet(
        "Actions",
        "actions",
        (
            ("No.", "ref", 8),
            ("Action", "title", 45),
            ("Description", "text", 50),
            ("Owner", "owner", 20),
            ("Due", "due", 13),
            ("First due", "baseline", 13),
            *_TAIL,
        ),
    ),
    _Sheet(
        "Issues",
        "issues",
        (
            ("No.", "ref", 8),
            ("Issue", "title", 40),
            ("Description", "text", 50),
            ("Impact", "impact", 10),
            ("Owner", "owner", 20),
            ("Response", "response", 40),
            ("Due", "due", 13),
            *_TAIL,
        ),
    ),
    _Sheet(
        "Decisions",
        "decisions",
        (
            ("No.", "ref", 8),
            ("Decision", "title", 45),
            ("Question and options", "text", 50),
            ("Who decides", "owner", 20),
            ("Needed by", "due", 13),
            *_TAIL,
        ),
    ),
    _Sheet(
        "Milestones",
        "milestones",
        (
            ("No.", "ref", 8),
            ("Milestone", "title", 45),
            ("Baseline", "baseline", 13),
            ("Forecast", "due", 13),
            ("Slip", "slip", 16),
            ("Owner", "owner", 20),
            *_TAIL,
        ),
    ),
)
_DATES: Final = frozenset({"due", "baseline", "opened", "closed"})
_DAY_FORMAT: Final = "d mmm yyyy"
_LINE: Final = Border(bottom=Side("thin", color="D0D5DB"))


def _raid_log() -> bytes:
    workbook = Workbook()
    _about(workbook.active)
    for each in _SHEETS:
        _list(workbook.create_sheet(each.title), each)
    workbook.properties.creator, workbook.properties.title = "PMO", "RAID log"
    made = BytesIO()
    workbook.save(made)
    return repacked(made.getvalue(), MADE)


def _about(sheet: Any) -> None:
    sheet.title = "About"
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 70
    rows = (
        ("RAID log", "{{ project.code }} {{ project.name }}"),
        ("As of", _TODAY),
        ("Project manager", "{{ project.pm }}"),
        ("Sponsor", "{{ project.sponsor }}"),
        ("Council", "{{ council.name }}"),
        ("Phase", "{{ project.phase }}"),
        ("Letters", "R risks, A actions, I issues, D decisions; milestones stand behind them."),
        ("Assumptions", fill("assumptions")),
        ("Dependencies", fill("dependencies on other projects")),
    )
    for number, (label, value) in enumerate(rows, 1):
        sheet.cell(number, 1, label).font = Font(_FONT, 11, bold=True)
        cell = sheet.cell(number, 2, value)
        cell.font, cell.alignment = Font(_FONT, 11), _top()
        cell.number_format = _DAY_FORMAT if value == _TODAY else "General"
    sheet.cell(1, 1).font = Font(_FONT, 16, bold=True, color="1F3A5F")
    sheet.cell(1, 2).font = Font(_FONT, 16, color="1F3A5F")
    sheet.sheet_view.showGridLines = False


def _list(sheet: Any, listed: _Sheet) -> None:
    for number, (head, name, width) in enumerate(listed.columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        top = sheet.cell(1, number, head)
        top.font, top.fill = Font(_FONT, 11, bold=True), PatternFill("solid", start_color=_SHADE)
        top.border, top.alignment = _LINE, _top()
        cell = sheet.cell(2, number, f"{{{{ {listed.of}.{name} }}}}")
        cell.font, cell.border, cell.alignment = Font(_FONT, 11), _LINE, _top()
        cell.number_format = _DAY_FORMAT if name in _DATES else "General"
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(listed.columns))}2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _top() -> Alignment:
    return Alignment(vertical="top", horizontal="left", wrap_text=True)


_FOR_COUNCILS: Final[dict[CouncilForm, Callable[[Paper], Paper]]] = {
    CouncilForm.PACK: _council_pack,
    CouncilForm.MINUTES: _council_minutes,
}


def built() -> Iterator[tuple[FileForm, bytes]]:
    """All templates, made anew."""
    for council_form, write in _FOR_COUNCILS.items():
        yield council_form, write(Paper(council_form, _MEETING)).saved()
    for form, write in _WRITTEN.items():
        yield form, write(Paper(form)).saved()
    yield Form.RAID_LOG, _raid_log()


def main() -> None:
    """Write all templates beside this script."""
    for form, data in built():
        Path(__file__).with_name(form.file).write_bytes(data)


if __name__ == "__main__":
    main()
