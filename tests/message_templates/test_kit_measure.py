"""Texts are measured as Slack counts, shortened without harm and split without loss."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_templates.kit import shorten, slack_length, split_whole
from message_templates.kit.measure import clusters
from message_templates.markup.writers import escape

FAMILY = "👩‍👩‍👧‍👦"
PROSE = st.text(st.sampled_from("ab .!\n\r&<>é\u0301👍🏽\u200d🇺🇸")) | st.text()


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("abc", 3), ("a&b", 7), ("<b>", 9), ("é", 1), ("🟢", 2)]
)
def test_length_is_counted_as_slack_counts(text: str, length: int) -> None:
    assert slack_length(text) == length


@given(st.text())
def test_the_length_is_never_less_than_that_of_the_escaped_text(text: str) -> None:
    assert slack_length(text) >= len(escape(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"a{FAMILY}b", ["a", FAMILY, "b"]),
        ("e\u0301e", ["e\u0301", "e"]),
        ("🇺🇸🇩🇪🇫", ["🇺🇸", "🇩🇪", "🇫"]),
        ("👍🏽1\ufe0f\u20e3", ["👍🏽", "1\ufe0f\u20e3"]),
        ("🏴\U000e0067\U000e0062\U000e007f!", ["🏴\U000e0067\U000e0062\U000e007f", "!"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("a\u200d b", ["a\u200d", " ", "b"]),
        ("&amp;&lt;&gt&", ["&amp;", "&lt;", "&gt", "&"]),
        ("", []),
    ],
)
def test_what_readers_see_as_one_character_stays_together(text: str, expected: list[str]) -> None:
    assert list(clusters(text)) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one two…"),
        ("one  two three", 5, "one…"),
        ("incomprehensible", 6, "incom…"),
        ("a incomprehensible", 10, "a incompr…"),
        (f"ab {FAMILY}", 10, "ab…"),
        (f"{FAMILY}{FAMILY}", 12, f"{FAMILY}…"),
        (FAMILY, 4, "…"),
        ("R&D & more", 8, "R&D…"),
        ("a &amp; b", 8, "a…"),
        ("cafe\u0301s", 5, "caf…"),
        ("abc", 1, "…"),
    ],
)
def test_shortening(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected


@given(PROSE, st.integers(1, 40))
def test_a_shortened_text_fits_and_is_the_start_of_the_text(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert slack_length(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


@given(PROSE, st.integers(1, 40))
def test_shortening_cuts_between_characters(text: str, limit: int) -> None:
    whole = list(clusters(text))
    kept = list(clusters(shorten(text, limit).removesuffix("…")))
    assert kept == whole[: len(kept)]


def test_a_limit_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        shorten("abc", 0)
    with pytest.raises(ValueError, match="cannot hold every character"):
        split_whole("abc", 4)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 10, []),
        ("ten chars.", 10, ["ten chars."]),
        ("One.\n\nTwo is longer", 14, ["One.\n\nTwo is ", "longer"]),
        ("First par.\n\nTwo is long", 14, ["First par.\n\n", "Two is long"]),
        ("First line\nand two", 14, ["First line\n", "and two"]),
        ("A full one. Another", 16, ["A full one. ", "Another"]),
        ('He said "no." And left', 18, ['He said "no." ', "And left"]),
        ("words and more words", 12, ["words and ", "more words"]),
        ("incomprehensible", 10, ["incomprehe", "nsible"]),
        ("&&&", 10, ["&&", "&"]),
        (FAMILY * 2, 12, [FAMILY, FAMILY]),
        (FAMILY, 6, ["👩‍👩‍", "👧‍👦"]),
        ("cafe\u0301s!", 5, ["cafe\u0301", "s!"]),
        ("aaaa \u0301bbbb", 6, ["aaaa \u0301", "bbbb"]),
    ],
)
def test_splitting(text: str, limit: int, expected: list[str]) -> None:
    assert split_whole(text, limit) == expected


@given(PROSE, st.integers(5, 60))
def test_pieces_together_are_the_text_and_each_of_them_fits(text: str, limit: int) -> None:
    pieces = split_whole(text, limit)
    assert "".join(pieces) == text
    assert all(0 < slack_length(piece) <= limit for piece in pieces)


def test_pieces_of_prose_end_at_words_and_are_well_filled() -> None:
    text = "The vendor's delivery slipped by two weeks & testing starts later. " * 200
    pieces = split_whole(text, 3_000)
    assert all(piece.endswith(" ") for piece in pieces)
    assert len(pieces) == -(-slack_length(text) // 3_000)
    assert html.unescape("".join(map(escape, pieces))) == text
