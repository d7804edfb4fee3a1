"""The PMO's own templates: used where they work; else told what is wrong, and the bundled used."""

import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from openpyxl import Workbook, load_workbook

from domain.documents.messages import FilledTemplate
from domain.documents.values import CouncilForm, Form
from message_templates.documents import package
from message_templates.documents.faults import TemplateFaultError
from message_templates.documents.filled import render_filled
from message_templates.documents.press import Press, Pressed
from message_templates.rendering import render_with
from tests.support.filing import FACTS, NAME

CHARTER = Form.PROJECT_CHARTER
CONTENTS = "[Content_Types].xml"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


@cache
def _plain_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("HERE")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def patched(data: bytes, part: str, old: str, new: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package_, zipfile.ZipFile(made, "w") as new_package:
        for name in package_.namelist():
            text = package_.read(name)
            new_package.writestr(
                name, text.replace(old.encode(), new.encode()) if name == part else text
            )
    return made.getvalue()


def word(text: str) -> bytes:
    """A document with one paragraph."""
    return patched(_plain_document(), "word/document.xml", "HERE", text)


def related(kind: str) -> bytes:
    relation = f'<Relationship Id="x1" Type="{LINK}{kind}" Target="file:///x" TargetMode="External"'
    part = "word/_rels/document.xml.rels"
    return patched(word("x"), part, "</Relationships>", f"{relation}/></Relationships>")


def with_note(text: str) -> bytes:
    """A document with a footnote, and an author."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    relation = f'<Relationship Id="x1" Type="{LINK}footnotes" Target="footnotes.xml"/>'
    rels = "word/_rels/document.xml.rels"
    data = patched(patched(word("x"), CONTENTS, "</Types>", part), rels, "</R", f"{relation}</R")
    made = BytesIO(patched(data, "docProps/core.xml", "python-docx", "{{ project.name }}"))
    with zipfile.ZipFile(made, "a") as new_package:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        note = f"<w:footnote><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>"
        xml = f'<w:footnotes xmlns:w="{space}">{note}</w:footnotes>'
        new_package.writestr("word/footnotes.xml", xml)
    return made.getvalue()


def excel(*rows: list[str]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def with_own(folder: Path, form: Form, data: bytes) -> Press:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / form.file).write_bytes(data)
    return Press(folder)


def texts_of(pressed: Pressed) -> list[str]:
    assert pressed.filled is not None
    return [each.text for each in docx.Document(BytesIO(pressed.filled.data)).paragraphs]


def test_the_pmos_own_template_is_used_and_changed_without_a_restart(tmp_path: Path) -> None:
    press = with_own(tmp_path, CHARTER, word("{{ project.code }} is {{ project.name }}."))
    pressed = press.fill(CHARTER, FACTS)
    assert pressed.is_own
    assert texts_of(pressed) == [f"APOLLO is {NAME}."]
    with_own(
        tmp_path, CHARTER, word("{% for row in open_risks %}{{ row.title|upper }};{% endfor %}")
    )
    assert texts_of(press.fill(CHARTER, FACTS)) == ["=CMD|' /C CALC'!A0;NOBODY HAS IT;"]


def test_footnotes_and_properties_are_filled_like_all_else(tmp_path: Path) -> None:
    pressed = with_own(tmp_path, CHARTER, with_note("{{ project.name }}")).fill(CHARTER, FACTS)
    assert pressed.filled is not None, pressed.trouble
    assert docx.Document(BytesIO(pressed.filled.data)).core_properties.author == NAME
    with zipfile.ZipFile(BytesIO(pressed.filled.data)) as made:
        assert f">{escape(NAME)}</w:t>" in made.read("word/footnotes.xml").decode()
    press = with_own(tmp_path, CHARTER, with_note("{{ project.nmae }}"))
    assert "Did you mean project.name?" in press.fill(CHARTER, FACTS).trouble


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "{{ project.nmae }}",
            "names {{ project.nmae }}, and there is no such field. Did you mean project.name?",
        ),
        (
            "{{ projet.name }}",
            "names {{ projet }}, and there is no such field. Did you mean project?",
        ),
        ("{% if report.wyh %}x{% endif %}", "Did you mean report.why?"),
        ("{{ project['nmae'] }}", "names {{ project.nmae }}"),
        ("{{ open_risks.title }}", "open_risks is a list: write {% for row in open_risks %}"),
        ("{% for row in open_risks %}{{ row.ownr }}{% endfor %}", "Did you mean row.owner?"),
        ("{% for row in open_riks %}x{% endfor %}", "Did you mean open_risks?"),
        ("{{ project.name.length }}", "names {{ project.name.length }}"),
        ("{{ project.name", "has a field that can't be read near “{{ project.name”"),
        (
            "{% for row in history %}x",
            (
                "read near “{% for row in history %}x”: {% for %} is opened and never closed. "
                "Put {% endfor %} behind it."
            ),
        ),
        ("{% endif %}", "there is no {% endif %}, or nothing for it to close. Correct it or"),
        ("{{ 'x'.ljust(9999999) }}", "can't be filled"),
        ("{{ (project.name ~ '').zfill(9999999) }}", "can't be filled"),
        (
            (
                "{% for a in risks %}{% for b in risks %}{% for c in risks %}x"
                "{% endfor %}{% endfor %}{% endfor %}"
            ),
            "has more than 2 loops in each other",
        ),
        ("{% for a in risks recursive %}x{% endfor %}", "loops in each other"),
        ("{% macro x() %}{{ x() }}{% endmacro %}", "uses {% macro %}, which no template may"),
        ("{{ '%9999999d' % 1 }}", "can't be filled (% is not known in templates)"),
        ("{{ project.name * 9999999 }}", "can't be filled (* is not known in templates)"),
        ("{{ ''.__class__.__mro__ }}", "can't be filled"),
        ("{{ project.name|safe }}", "No filter named 'safe'"),
        ("{% include 'x' %}", "uses {% include %}, which no template may: write out"),
        ("{{ lipsum() }}", "names {{ lipsum }}"),
    ],
)
def test_a_field_that_there_is_not_is_named_with_the_cure(
    text: str, cause: str, tmp_path: Path
) -> None:
    pressed = with_own(tmp_path, CHARTER, word(text)).fill(CHARTER, FACTS)
    assert pressed.trouble.startswith("The PMO's own template project-charter.docx ")
    assert cause in pressed.trouble
    assert not pressed.is_own
    assert pressed.filled == Press().fill(CHARTER, FACTS).filled


@pytest.mark.parametrize(
    "text",
    [
        "{% set who = project.pm %}{{ who }}{{ who.x }}",
        "{% for row in history %}{{ loop.index }}{{ row.health }}{% else %}none{% endfor %}",
        "{% for row in risks if row.owner %}{{ row.ref }}{% endfor %}",
        "{% for a, b in [(1, 2)] %}{{ a }}{{ b.c }}{% endfor %}",
        (
            "{% for a in risks %}{% for b in risks %}x{% endfor %}{% endfor %}"
            "{% for a in risks %}x{% endfor %}"
        ),
        "{{ fill('x') }}{{ document.date }}{{ (project.pm ~ '').upper() }}",
    ],
)
def test_what_only_looks_unknown_is_let_be(text: str, tmp_path: Path) -> None:
    assert (
        "no such field" not in with_own(tmp_path, CHARTER, word(text)).fill(CHARTER, FACTS).trouble
    )


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"Dear all", "is no Word document: save it as one again."),
    "excel": (lambda: excel(["x"]), "is no Word document"),
    "large": (lambda: b"x" * (package.MOST_BYTES + 1), "5,000,000 are the most"),
    "half": (lambda: word("x")[:9_000], "is no Word document"),
    "xml": (lambda: word("</w:t>"), "can't be opened"),
    "template": (lambda: related("attachedTemplate"), "fetches something from elsewhere"),
    "picture": (lambda: related("image"), "fetches something from elsewhere"),
    "entities": (
        lambda: patched(word("x"), "word/document.xml", "<w:document", "<!DOCTYPE x><w:document"),
        "declares a document type in word/document.xml",
    ),
    "macros": (
        lambda: patched(word("x"), CONTENTS, "<Default", "<!-- macroEnabled --><Default"),
        "holds macros",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_broken_or_does_more_than_look_good_is_refused(
    name: str, tmp_path: Path
) -> None:
    make, cause = BROKEN[name]
    assert cause in with_own(tmp_path, CHARTER, make()).fill(CHARTER, FACTS).trouble


def test_a_link_to_click_on_is_welcome(tmp_path: Path) -> None:
    assert not with_own(tmp_path, CHARTER, related("hyperlink")).fill(CHARTER, FACTS).trouble


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = word("x" * 100)
    monkeypatch.setattr(package, "MOST_UNPACKED", 1_000)
    monkeypatch.delattr(zipfile.ZipFile, "read")
    with pytest.raises(TemplateFaultError, match="unpacks to more than"):
        package.check_package(data, "word/document.xml")


def test_a_workbook_of_the_pmo_has_one_row_for_each_of_a_list(tmp_path: Path) -> None:
    data = excel(
        ["{{ project.code }} {{ 'R&D'|lower }}", "=1+1"],
        ["{{ actions.ref }}: {{ actions.title }}", "x"],
    )
    pressed = with_own(tmp_path, Form.RAID_LOG, data).fill(Form.RAID_LOG, FACTS)
    assert pressed.filled is not None
    sheet = load_workbook(BytesIO(pressed.filled.data)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["APOLLO r&d", "=1+1"],
        ["A-1: Write the plan", "x"],
        ["A-2: Over long ago", "x"],
    ]
    assert sheet["B1"].data_type == "f"  # the PMO's own formula stays one


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        ((["{{ actions.ref }}"], ["below"]), "has something below the row of actions"),
        ((["{{ actions.ref }}", "{{ risks.ref }}"],), "has the lists actions and risks in one row"),
        ((["{{ actions.rfe }}"],), "Did you mean actions.ref?"),
        ((["{{ project.description * 9 }}"],), "can't be filled"),
        ((*[["x"]] * 5, [""] * 10_000 + ["x"]), "down to row 6 in the sheet “Sheet”, and right to"),
    ],
)
def test_a_workbook_that_cannot_be_filled_says_why(
    rows: tuple[list[str], ...], cause: str, tmp_path: Path
) -> None:
    press = with_own(tmp_path, Form.RAID_LOG, excel(*rows))
    assert cause in press.fill(Form.RAID_LOG, FACTS).trouble


def test_who_asks_reads_what_is_wrong_and_has_the_bundled_one(tmp_path: Path) -> None:
    press = with_own(tmp_path, CHARTER, word("{{ project.nmae }}"))
    (rendered,) = render_with(press)(FilledTemplate(CHARTER, FACTS))
    shown = str(rendered.blocks)
    assert "names {{ project.nmae }}, and there is no such field" in shown
    assert "I used the one that comes with me" in shown
    with_own(tmp_path, CHARTER, word("{{ project.name }}"))
    (rendered,) = render_filled(FilledTemplate(CHARTER, FACTS), press)
    assert "in the PMO's own template" in str(rendered.blocks)
    assert "Nothing is left to fill" in str(rendered.blocks)


def test_even_without_any_template_there_is_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("message_templates.documents.press.bundled_templates", lambda: tmp_path)
    (rendered,) = render_filled(FilledTemplate(CHARTER, FACTS))
    assert not rendered.documents
    assert "could not be filled. Show this message to the PMO." in str(rendered.blocks)
    assert "can't be read (No such file or directory)" in str(rendered.blocks)


def test_every_file_is_looked_at_and_the_fault_named_with_the_cure(tmp_path: Path) -> None:
    press = with_own(tmp_path, CHARTER, word("{{ project.nmae }}"))
    with_own(tmp_path, Form.MEETING_AGENDA, word("{{ project.name }}"))
    folder = tmp_path / "templates"
    for name in ("charter.docx", "~$project-charter.docx", "notes.txt"):
        (folder / name).write_bytes(b"x")
    names = ", ".join(form.file for form in (*Form, *CouncilForm))
    assert [(each.file, each.text) for each in press.faults()] == [
        (
            folder / "charter.docx",
            f"fills no template: rename it to one of {names}, or take it away.",
        ),
        (
            folder / CHARTER.file,
            "names {{ project.nmae }}, and there is no such field. Did you mean project.name?",
        ),
    ]
    assert not Press(tmp_path / "none").faults()
    assert not Press().faults()


def test_a_folder_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = with_own(tmp_path, CHARTER, word("x"))

    def refuse(*_given: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name in ("iterdir", "exists", "open"):
        monkeypatch.setattr(Path, name, refuse)
    (fault,) = press.faults()
    assert fault.text == "can't be read (Permission denied): see to its rights."
    assert "can't be read (Permission denied)" in press.fill(CHARTER, FACTS).trouble
