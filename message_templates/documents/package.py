"""Files of Word and Excel as what they are: a zip of XML, which may come from anywhere."""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from message_templates.documents.faults import TemplateFaultError

MOST_BYTES: Final = 5_000_000
"""Of a template, as it lies there: room for a logo."""

MOST_UNPACKED: Final = 50_000_000
"""Of all its parts: a file of kilobytes can unpack to gigabytes."""

_MOST_PARTS: Final = 1_000
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest instant that a zip knows: the same value gives the same bytes."""

_MACROS: Final = re.compile(rb"macroEnabled|vnd\.ms-office\.vbaProject")
_RUNNING: Final = re.compile(
    r"vbaProject|activeX|/embeddings/|externalLink|oleObject", re.IGNORECASE
)
_RELATION: Final = re.compile(rb"<Relationship\s[^>]*>")
_DTD: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def check_package(data: bytes, main: str) -> None:
    """See that a file is what it should be, and brings nothing that runs or calls elsewhere.

    Args:
        data: the file.
        main: the part that makes it one of Word or Excel, such as `word/document.xml`.

    Raises:
        TemplateFaultError: it is not.
    """
    if len(data) > MOST_BYTES:
        raise TemplateFaultError(
            f"has {len(data):,} bytes, and {MOST_BYTES:,} are the most: make its pictures smaller."
        )
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = _parts(package)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise TemplateFaultError(f"is no {_KINDS[main]}: save it as one again.") from error
    if main not in parts or _CONTENTS not in parts:
        raise TemplateFaultError(f"is no {_KINDS[main]}: save it as one again.")
    _refuse_what_runs(parts)


def repacked(data: bytes, on: date) -> bytes:
    """The same file, with nothing in it that tells when it was made but the given day."""
    stamp = rb"\g<1>" + f"{on.isoformat()}T00:00:00Z".encode() + rb"\g<2>"
    packed = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(stamp, part)
            info = ZipInfo(name, _EPOCH)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, part)
    return packed.getvalue()


_CONTENTS: Final = "[Content_Types].xml"
_KINDS: Final = {"word/document.xml": "Word document", "xl/workbook.xml": "Excel workbook"}


def _parts(package: ZipFile) -> Mapping[str, bytes]:
    infos = package.infolist()
    if len(infos) > _MOST_PARTS or sum(each.file_size for each in infos) > MOST_UNPACKED:
        raise TemplateFaultError(
            f"unpacks to more than {MOST_UNPACKED:,} bytes or {_MOST_PARTS:,} parts: "
            "make it anew, with smaller pictures."
        )
    # A zip may lie about its sizes: `read` gives no more than it says, and checks the sum.
    return {each.filename: package.read(each) for each in infos}


def _refuse_what_runs(parts: Mapping[str, bytes]) -> None:
    running = next((name for name in parts if _RUNNING.search(name)), "")
    if running or _MACROS.search(parts[_CONTENTS]):
        raise TemplateFaultError(
            "holds macros, embedded files or links to other files, which no template may: "
            "save it without them."
        )
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and _DTD.search(part):
            raise TemplateFaultError(f"declares a document type in {name}: save it anew.")
        if name.endswith(".rels"):
            _refuse_links(part)


def _refuse_links(relations: bytes) -> None:
    for relation in _RELATION.findall(relations):
        is_external = re.search(rb"TargetMode\s*=\s*[\"']External", relation)
        if is_external and not re.search(rb"/hyperlink[\"']", relation):
            raise TemplateFaultError(
                "fetches something from elsewhere (a linked picture, or the template that it was "
                "made from): put it into the file itself. Links to click on are welcome."
            )
