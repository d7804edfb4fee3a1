"""Pictures in messages: by their bytes until Slack has given them an id, in words without one."""

import pytest

from message_templates import kit
from message_templates.kit import LimitError, Picture, Rendered, picture_block
from message_templates.markup import Marked
from tests.support.looks import assert_slack_takes, shown

PICTURE = Picture("map.png", b"PNG", "Two of three projects are <red>")


def message(*pictures: Picture, blocks: int = 1) -> Rendered:
    shown_blocks = [picture_block(PICTURE, "Heat map")] * blocks
    return Rendered.of(Marked("A map"), [kit.divider(), *shown_blocks], pictures)


def test_a_picture_is_shown_by_the_id_of_its_file() -> None:
    rendered = message(PICTURE).with_files({PICTURE.digest: "F0123ABCD"})
    assert rendered.blocks[0] == kit.divider()
    assert rendered.blocks[1] == {
        "type": "image",
        "title": {"type": "plain_text", "text": "Heat map", "emoji": False},
        "alt_text": "Two of three projects are <red>",
        "slack_file": {"id": "F0123ABCD"},
    }
    assert_slack_takes([rendered])


def test_without_a_file_it_is_told_in_words() -> None:
    rendered = message(PICTURE).with_files({})
    words = "Heat map\nThis picture could not be shown. In words:\nTwo of three projects are <red>"
    assert shown(rendered.blocks) == words
    assert_slack_takes([rendered])


def test_the_same_bytes_have_the_same_digest_whatever_their_name() -> None:
    assert Picture("b.png", b"PNG", "b").digest == PICTURE.digest
    assert Picture("b.png", b"GIF", "b").digest != PICTURE.digest


def test_a_file_has_a_shorter_alternative_text_than_its_block() -> None:
    long = Picture("map.png", b"PNG", "red " * 499)
    assert len(long.short_alt) <= 1_000
    assert long.short_alt.endswith("…")
    assert picture_block(long)["alt_text"] == long.alt
    rendered = Rendered.of(Marked("A map"), [picture_block(long)], (long,))
    assert_slack_takes([rendered.with_files({})])


@pytest.mark.parametrize(
    ("name", "data", "alt", "cause"),
    [
        ("", b"PNG", "a", "name has 0"),
        ("a.png", b"", "a", "is empty"),
        ("a.png", b"PNG", "", "text has 0"),
        ("a.png", b"PNG", "x" * 2_001, "text has 2,001"),
    ],
)
def test_what_slack_would_not_take_is_refused(name: str, data: bytes, alt: str, cause: str) -> None:
    with pytest.raises(LimitError, match=cause):
        Picture(name, data, alt)


@pytest.mark.parametrize(("pictures", "blocks"), [((), 1), ((PICTURE,), 0)])
def test_a_message_has_its_pictures_and_their_blocks(
    pictures: tuple[Picture, ...], blocks: int
) -> None:
    with pytest.raises(LimitError, match="pictures"):
        message(*pictures, blocks=blocks)
