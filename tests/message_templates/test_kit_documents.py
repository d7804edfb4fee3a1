"""Documents of a message: refused before Slack or somebody's computer would refuse them."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest

from message_templates import kit
from message_templates.kit import Document, LimitError, Rendered, limits
from message_templates.markup import Marked
from tests.support.looks import assert_slack_takes, shown

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
        ("ä" * 73 + ".docx", b"PK", "a", "name has 151"),
        ("a/b.docx", b"PK", "a", "no system could save"),
        ("a.docx ", b"PK", "a", "no system could save"),
        ("a.docx", b"", "a", "is empty"),
        ("a.docx", b"PK", "", "title has 0"),
        ("a.docx", b"PK", "&" * 31, "title has 155"),
        ("a.docx", b"PK", "a\nb", "to be one line"),
        ("a.docx", b"P" * (limits.DOCUMENT_BYTES + 1), "a", "sends 5,000,000 at most"),
    ],
)
def test_what_nobody_could_take_is_refused(name: str, data: bytes, title: str, cause: str) -> None:
    with pytest.raises(LimitError, match=cause):
        Document(name, data, title)


def test_one_message_takes_five_documents() -> None:
    with pytest.raises(LimitError, match="Slack takes 0 to 5"):
        Rendered.of(Marked("Charters"), [], documents=(CHARTER,) * 6)


def office_file(made: int, said: str) -> bytes:
    """An archive as Office files are, of parts that name the year in which it was made."""
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, content in (("docProps/core.xml", str(made)), ("word/document.xml", said)):
            archive.writestr(ZipInfo(name, (made, 1, 1, 0, 0, 0)), content)
    return data.getvalue()


def test_an_office_file_made_later_is_the_same_if_it_says_the_same() -> None:
    digests = [
        Document("a.docx", office_file(made, said), "a").digest
        for made, said in ((2025, "x"), (2026, "x"), (2026, "y"))
    ]
    assert digests[0] == digests[1] != digests[2]


LINK = "https://x.slack.com/files/U1/F1/charter.docx"


def test_a_document_is_linked_in_the_message_and_in_its_text() -> None:
    message = Rendered.of(Marked("A & B"), [kit.section("Here")], documents=(CHARTER,))
    filled = message.with_files({CHARTER.digest: LINK})
    link = f"<{LINK}|Project charter of ATLAS>"
    assert filled.text == f"A &amp; B\n{link}"
    assert filled.blocks[1]["text"] == {"type": "mrkdwn", "text": f":page_facing_up: {link}"}
    assert filled.with_files({}) == filled
    assert_slack_takes([filled])


def test_a_message_without_its_document_says_that_it_is_missing() -> None:
    message = Rendered.of(Marked("A charter"), [kit.section("Here")], documents=(CHARTER,))
    filled = message.with_files({})
    assert filled.text == "A charter\nFile missing: Project charter of ATLAS"
    assert shown(filled.blocks[1:]) == (
        ":warning: *File missing: Project charter of ATLAS*\n"
        "Slack did not take it; the PMO has been told why. Ask for it again once that is mended."
    )
    assert_slack_takes([filled])


def test_the_longest_links_fit_into_the_fullest_message() -> None:
    documents = tuple(Document(f"{n}.docx", str(n).encode(), f"{n}" * 150) for n in range(5))
    links = {each.digest: "https://" + "a" * 532 for each in documents}
    blocks = [kit.section("x" * 2_800) for _ in range(3)]
    message = Rendered.of(Marked("x" * 5_000), blocks, documents=documents)
    assert_slack_takes([message.with_files(links)])
    with pytest.raises(LimitError, match="Slack takes 1 to 400"):
        Rendered("x" * 401, blocks, documents=documents)
    with pytest.raises(LimitError, match="about 8,400"):
        Rendered("x", [*blocks, kit.section("x")], documents=documents)
