"""Documents of a message: refused before Slack or somebody's computer would refuse them."""

import pytest

from message_templates.kit import Document, LimitError, Rendered, limits
from message_templates.markup import Marked

CHARTER = Document("ATLAS charter.docx", b"PK", "Project charter of ATLAS")


def test_a_message_brings_its_documents_along() -> None:
    assert Rendered.of(Marked("A charter"), [], documents=(CHARTER,)).documents == (CHARTER,)


def test_a_document_is_known_by_its_bytes() -> None:
    assert Document("b.docx", b"PK", "b").digest == CHARTER.digest
    assert Document("b.docx", b"PK2", "b").digest != CHARTER.digest


@pytest.mark.parametrize(
    ("name", "data", "title", "cause"),
    [
        ("", b"PK", "a", "name has 0"),
        ("ä" * 126 + ".docx", b"PK", "a", "name has 257"),
        ("a/b.docx", b"PK", "a", "no system could save"),
        ("a.docx ", b"PK", "a", "no system could save"),
        ("a.docx", b"", "a", "is empty"),
        ("a.docx", b"PK", "", "title has 0"),
        ("a.docx", b"P" * (limits.DOCUMENT_BYTES + 1), "a", "sends 10,000,000 at most"),
    ],
)
def test_what_nobody_could_take_is_refused(name: str, data: bytes, title: str, cause: str) -> None:
    with pytest.raises(LimitError, match=cause):
        Document(name, data, title)


def test_one_message_takes_ten_documents() -> None:
    with pytest.raises(LimitError, match="Slack takes 0 to 10"):
        Rendered.of(Marked("Charters"), [], documents=(CHARTER,) * 11)
