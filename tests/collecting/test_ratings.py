"""The colour of a rating, in any spelling, and the word that is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.portfolio.ratings import health_of
from models.enums import Health

GREEN, YELLOW, RED = Health.GREEN, Health.YELLOW, Health.RED


@pytest.mark.parametrize(
    ("word", "health", "kept"),
    [
        ("Green", GREEN, ""),
        ("green", GREEN, ""),
        (" GREEN ", GREEN, ""),
        ("Yellow", YELLOW, ""),
        ("Amber", YELLOW, ""),
        ("aMbEr", YELLOW, ""),
        ("Red", RED, ""),
        ("Amber/Green", YELLOW, "Amber/Green"),
        ("amber-red", YELLOW, "amber-red"),
        ("Amber Red", YELLOW, "Amber Red"),
        ("Red / Amber", YELLOW, "Red / Amber"),
        ("Green/Red", YELLOW, "Green/Red"),
        ("Green–Amber", YELLOW, "Green–Amber"),  # noqa: RUF001 - people type such dashes
        ("Yellow/Amber", YELLOW, "Yellow/Amber"),
        ("Dark green", GREEN, "Dark green"),
        ("Green (on track)", GREEN, "Green (on track)"),
        ("On track (green)", GREEN, "On track (green)"),
        ("Green, on track", GREEN, "Green, on track"),
        ("Red!", RED, "Red!"),
    ],
)
def test_a_rating_has_a_colour_and_keeps_a_finer_word(word: str, health: Health, kept: str) -> None:
    assert health_of(word) == (health, kept)


@pytest.mark.parametrize("word", ["", "purple", "grey", "Reduced", "Evergreen", "🟢", "r e d"])
def test_a_word_without_a_colour_is_refused_with_the_cure(word: str) -> None:
    with pytest.raises(ValueError, match="is not a rating; it needs green, yellow") as error:
        health_of(word)
    assert str(error.value).startswith(f"'{word}'")


COLOURS = st.sampled_from(["green", "yellow", "amber", "red"])


@given(word=COLOURS, flags=st.lists(st.booleans(), min_size=6, max_size=6))
def test_capitals_never_matter(word: str, flags: list[bool]) -> None:
    spelled = "".join(
        letter.upper() if up else letter for letter, up in zip(word, flags, strict=False)
    )
    assert health_of(spelled) == health_of(word) == (health_of(word)[0], "")


@given(one=COLOURS, other=COLOURS, between=st.sampled_from(["/", "-", " ", " / ", ", "]))
def test_what_lies_between_two_colours_is_yellow_and_the_order_does_not_matter(
    one: str, other: str, between: str
) -> None:
    health, kept = health_of(f"{one}{between}{other}")
    assert health is health_of(f"{other}{between}{one}")[0]
    assert health is (health_of(one)[0] if health_of(one) == health_of(other) else YELLOW)
    assert kept == f"{one}{between}{other}"
