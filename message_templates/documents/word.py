"""Fills Word templates: fields between double braces, as docxtpl has them."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any, Final

from message_templates.documents.faults import check_source
from message_templates.documents.fields import GROUPS, Group
from message_templates.documents.ink import Ink, Piece
from message_templates.documents.jinja import file_environment
from message_templates.documents.package import check_package

MAIN: Final = "word/document.xml"

_PROPERTIES: Final = ("author", "comments", "identifier", "language", "subject", "title")
"""What docxtpl fills of a document's properties."""

_NOTES: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

_LONGEST_PROPERTY: Final = 255
"""What python-docx takes for a title or an author."""


def fill_word(data: bytes, context: dict[str, Any], ink: Ink) -> bytes:
    """Fill a document.

    Raises:
        Exception: whatever a broken file can lead to; `check_word` finds what can be named.
    """
    from docxtpl import DocxTemplate

    template = DocxTemplate(BytesIO(data))
    template.render(context, file_environment(), autoescape=True)
    for root in _roots(template):
        _write(root, ink)
    for part in _notes(template):
        part._blob = ink.markup(part.blob.decode()).encode()  # noqa: SLF001 - docxtpl does so too
    for name in _PROPERTIES:
        properties = template.docx.core_properties
        text = ink.plain(getattr(properties, name))
        setattr(properties, name, text[:_LONGEST_PROPERTY])
    filled = BytesIO()
    template.save(filled)
    return filled.getvalue()


def check_word(data: bytes, groups: Sequence[Group] = GROUPS) -> None:
    """See that a file is a Word document, harmless, and names only fields that there are.

    Args:
        data: the file.
        groups: what it can name.

    Raises:
        TemplateFaultError: with the cause and the cure.
    """
    from docxtpl import DocxTemplate

    check_package(data, MAIN)
    template = DocxTemplate(BytesIO(data))
    template.init_docx()
    environment = file_environment()
    for source in _sources(template):
        # Each paragraph on a line of its own, so that a mistake is told with its own words.
        patched = template.patch_xml(source).replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")
        check_source(patched, environment, {}, groups)


def _sources(template: Any) -> Iterator[str]:
    yield template.get_xml()
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.get_part_xml(part)
    for part in _notes(template):
        yield part.blob.decode()


def _notes(template: Any) -> list[Any]:
    """The footnotes: docxtpl fills them as a text, not as a tree."""
    return [each for each in template.docx.part.package.parts if each.content_type == _NOTES]


def _roots(template: Any) -> Iterator[Any]:
    document = template.docx
    yield document.element.body
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield part.element


def _write(root: Any, ink: Ink) -> None:
    """Put the values into the runs of a part, and mark what is left to fill."""
    from docx.oxml.ns import qn

    for run in list(root.iter(qn("w:r"))):
        texts = [each for each in run if each.tag == qn("w:t") and ink.has_tokens(each.text or "")]
        if texts:
            _replace(run, ink, qn)


def _replace(run: Any, ink: Ink, qn: Callable[[str], str]) -> None:
    """Put runs in the place of one: as many as its style changes."""
    style = run.find(qn("w:rPr"))
    groups: list[tuple[bool, list[Any]]] = []
    for child in run:
        if child is style:
            continue
        is_text = child.tag == qn("w:t")
        pieces: Sequence[Piece | None] = ink.pieces(child.text or "") if is_text else [None]
        for piece in pieces:
            is_blank = piece is not None and piece.is_blank
            made = [child] if piece is None else list(_texts(piece.text, qn))
            if not groups or groups[-1][0] != is_blank:
                groups.append((is_blank, []))
            groups[-1][1].extend(made)
    for is_blank, children in groups:
        run.addprevious(_run(run, style, children, is_blank=is_blank))
    run.getparent().remove(run)


def _run(run: Any, style: Any, children: Sequence[Any], *, is_blank: bool) -> Any:
    made = run.makeelement(run.tag, dict(run.attrib))
    if style is not None:
        made.append(deepcopy(style))
    for child in children:
        made.append(child)
    if is_blank:
        from docx.enum.text import WD_COLOR_INDEX
        from docx.text.run import Run

        Run(made, None).font.highlight_color = WD_COLOR_INDEX.YELLOW  # type: ignore[arg-type]
    return made


def _texts(text: str, qn: Callable[[str], str]) -> Iterator[Any]:
    """A text as Word has it: line breaks and tabs are elements of their own."""
    from docx.oxml import OxmlElement

    for number, line in enumerate(text.split("\n")):
        if number:
            yield OxmlElement("w:br")
        for place, part in enumerate(line.split("\t")):
            if place:
                yield OxmlElement("w:tab")
            if part:
                made = OxmlElement("w:t")
                made.text = part
                made.set(qn("xml:space"), "preserve")
                yield made
