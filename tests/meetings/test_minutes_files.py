"""Minutes as files: Word from a template that the PMO may replace, PDF for who only reads."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
from pypdf import PdfReader

from domain.documents.values import CouncilForm
from domain.meetings.minutes.messages import MinutesCopy, MinutesInFull
from domain.meetings.minutes.rules import without_refs
from domain.meetings.minutes.values import Addendum, Minutes
from message_templates.documents.fields import fields_table
from message_templates.documents.minutes_fields import MINUTES_GROUPS, MinutesFacts
from message_templates.documents.minutes_pdf import minutes_pdf
from message_templates.documents.press import Press
from message_templates.meetings.minutes import render_full, render_minutes_copy
from message_templates.rendering import render_with
from tests.support.minuted import MINUTES, POSTED, POSTED_AT

SAID = (
    "Carol, Łucja Ελένη Олег for Omar",
    "Sam (no vote)",
    "2 of 3 voting seats taken, 2 needed",
    "The small one fits.",
    "D-3",
    "Approved with conditions",
    "2 for, 1 against, 0 abstained",
    "Dissent: Omar: too dear",
    "Declared interest: Ben: his cousin sells it",
    "Condition: A third offer",
    "Counts from: 7 Dec 2026",
    "Get a third offer",
    "condition of D-3",
    "A *bold* <@U0EVIL> word.",
    "carried over to a later meeting",
    "Extend the pilot?",
    "2027-01-07 14:00 (America/New_York)",
    "Version 2, posted",
)


def in_pdf(minutes: Minutes, *, is_restricted: bool = False) -> str:
    data = minutes_pdf(MinutesFacts(minutes, POSTED, is_restricted=is_restricted))
    pages = PdfReader(BytesIO(data)).pages
    return " ".join(" ".join(each.extract_text().split()) for each in pages)


def in_word(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    words = [*(each.text for each in document.paragraphs), *cells]
    return " ".join(" ".join(words).split())


def test_both_files_tell_all_that_there_is() -> None:
    filled = Press().fill(CouncilForm.MINUTES, MinutesFacts(MINUTES, POSTED)).filled
    assert filled is not None
    assert not filled.blanks
    word, pdf = in_word(filled.data), in_pdf(MINUTES)
    assert [each for each in SAID if each not in word] == []
    assert [each for each in SAID if each not in pdf] == []
    assert "Correction" not in word + pdf


def test_the_same_minutes_give_the_same_bytes() -> None:
    facts = MinutesFacts(replace(MINUTES, summary="Once."), POSTED)
    again = MinutesFacts(replace(MINUTES, summary="Once."), POSTED)
    first = minutes_pdf(facts)
    minutes_pdf(MinutesFacts(MINUTES, POSTED))
    from message_templates.documents import minutes_pdf as module

    module._written.cache_clear()
    assert minutes_pdf(again) == first


def test_a_decision_longer_than_a_page_goes_on_below() -> None:
    words = [f"word{number}" for number in range(400)]
    long = replace(MINUTES.all_decisions[0], reason=" ".join(words), conditions=("Ü" * 2_000,))
    title = replace(MINUTES.actions[0], title=" ".join(words))
    text = in_pdf(replace(MINUTES, items=(), decisions=(long,), actions=(title,)))
    assert [each for each in words if text.count(f"{each} ") < 2] == []
    assert text.count("Ü") == 2_000


def test_letters_that_the_font_lacks_stay_in_the_text() -> None:
    assert "王小明" in in_pdf(replace(MINUTES, chair="王小明", items=(), actions=()))


def test_empty_and_corrected_minutes_can_be_written_too() -> None:
    bare = replace(MINUTES, summary="", items=(), decisions=(), votes=(), actions=(), next_at=None)
    text = in_pdf(replace(bare, addenda=(Addendum("3 to 1.", "Carol", POSTED_AT),)))
    assert "No decisions." in text
    assert "Correction by Carol, 2026-12-03 15:30 3 to 1." in text


def test_many_items_with_long_notes_lose_nothing() -> None:
    items = tuple(
        replace(MINUTES.items[0], item_id=n, title=f"Item {n}", note=f"note {n} " * 60)
        for n in range(40)
    )
    long = replace(MINUTES.decisions[0], reason="why " * 750, dissent="no " * 1_000)
    text = in_pdf(replace(MINUTES, items=items, decisions=(long,)))
    assert (text.count("why "), text.count("no ") >= 1_000) == (750, True)
    assert text.count("note 39") == 60
    rendered = render_full(MinutesInFull(replace(MINUTES, items=items, decisions=(long,)), POSTED))
    assert str(rendered).count("note 39 ") == 60
    assert [len(each.documents) for each in rendered[:2]] == [2, 0]


def test_a_copy_says_that_it_is_not_for_everybody() -> None:
    rendered = render_minutes_copy(MinutesCopy(MINUTES, POSTED))
    assert "This copy is yours" in str(rendered[0].blocks)
    assert [each.name for each in rendered[0].documents] == [
        "ITS Council minutes 2026-12-03.docx",
        "ITS Council minutes 2026-12-03.pdf",
    ]
    assert "Restricted: not for everybody" in in_pdf(MINUTES, is_restricted=True)
    assert "D-3" not in in_pdf(without_refs(MINUTES))


def test_the_pmos_own_template_takes_its_place_or_is_told_why_not(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    for text, told in (("{{ meeting.council }}: ours", ""), ("{{ meeting.cuoncil }}", "cuoncil")):
        own = docx.Document()
        own.add_paragraph(text)
        own.save(str(folder / CouncilForm.MINUTES.file))
        (first, *_) = render_with(Press(tmp_path))(MinutesInFull(MINUTES, POSTED))
        word = in_word(first.documents[0].data)
        assert ("ITS Council: ours" in word) is not bool(told)
        assert told in str(first.blocks)


def test_the_page_lists_all_fields_that_there_are() -> None:
    page = Path(__file__).parents[2] / "docs" / "documents.md"
    assert fields_table(MINUTES_GROUPS) in page.read_text(encoding="utf-8")
