"""Sections spread over messages that Slack takes, and nothing of them is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_templates import kit
from message_templates.kit import Block, LimitError, Rendered, cost, pack
from message_templates.markup import Marked, rich_text


def strings(value: Any) -> list[str]:
    """Find all shown characters, in order."""
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    if isinstance(value, dict):
        shown = (part for name, part in value.items() if name not in {"type", "style"})
        return [text for part in shown for text in strings(part)]
    return [value] if isinstance(value, str) else []


def everything(value: Any) -> str:
    return "".join(strings(value))


def paragraph(length: int) -> Block:
    return kit.section("x" * length)


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


LONG_ITEM = "Tested & accepted by the council, with remarks. " * 80


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], 0),
        ([kit.header("Red & late")], 14 + 100),
        ([kit.section("a < b")], 8),
        ([kit.section(Marked("*\0*", ("<",)))], 6),
        ([kit.divider()], 0),
        ([kit.actions(kit.button("Go", "id", value="12"), block_id="row")], 4),
        (rich_text(Marked("*a* <@U1>\n• b <https://a.b|c>")), 1 + 1 + 2 + 2 + len("https://a.bc")),
    ],
)
def test_the_cost_is_all_that_slack_may_count(blocks: list[Block], expected: int) -> None:
    assert cost(blocks) == expected


def test_sections_stay_whole_and_in_order() -> None:
    one, two, three = ([paragraph(1_000)] * n for n in (5, 6, 6))
    assert pack([one, two, [], three]) == [[*one, *two], three]


def test_a_message_holds_no_more_blocks_than_allowed() -> None:
    dividers = [kit.divider()]
    assert [len(message) for message in pack([dividers * 30, dividers * 20, dividers])] == [50, 1]
    assert [len(message) for message in pack([dividers * 120])] == [50, 50, 20]


def test_nothing_packs_into_no_message() -> None:
    assert pack([]) == []
    assert pack([[]]) == []


def test_a_header_stays_with_what_follows_it() -> None:
    before = [kit.header("Title"), *[paragraph(2_500)] * 4]
    big = [kit.header("Red"), kit.divider(), *[paragraph(2_900)] * 5]
    assert pack([before, big]) == [before, big[:6], big[6:]]


def test_a_long_text_is_split_between_words_over_messages() -> None:
    block = rich_text(Marked("*\0*", (LONG_ITEM * 5,)))
    messages = pack([[kit.header("Why"), *block]])
    assert len(messages) == 2
    assert everything(messages) == "Why" + LONG_ITEM * 5
    assert all(text.endswith((" ", "Why")) for text in strings(messages))
    styles = [
        part["style"]
        for message in messages
        for part_of in message
        if part_of["type"] == "rich_text"
        for element in part_of["elements"]
        for part in element["elements"]
    ]
    assert styles == [{"bold": True}] * len(styles)


def test_a_long_list_is_split_between_its_items_and_counts_on() -> None:
    items = "\n".join(["1. \0"] * 30)
    [block] = rich_text(Marked(items, tuple(f"{n} {'word ' * 100}" for n in range(30))))
    messages = pack([[block]])
    lists = [element for message in messages for part in message for element in part["elements"]]
    assert everything(messages) == everything(block)
    assert [element.get("offset", 0) for element in lists] == [0, 5, 10, 15, 20, 25]
    assert all(len(element["elements"]) == 5 for element in lists)


def test_a_huge_item_of_a_list_is_split_between_its_words() -> None:
    [block] = rich_text(Marked("• \0\n• b", (LONG_ITEM * 5,)))
    messages = pack([[block]])
    assert everything(messages) == LONG_ITEM * 5 + "b"
    assert all(cost(message) <= 12_000 for message in messages)


def test_only_the_long_part_of_a_text_is_divided() -> None:
    [block] = rich_text(Marked("Short.\n• \0\n> said", (LONG_ITEM * 4,)))
    messages = pack([[block]])
    elements = [part for message in messages for whole in message for part in whole["elements"]]
    assert elements[0] == block["elements"][0]
    assert elements[-1] == block["elements"][-1]
    assert everything(messages) == everything(block)


def test_fields_too_many_for_a_message_get_sections_of_their_own() -> None:
    press = kit.button("Go", "go")
    fields = kit.section("Numbers", fields=["x" * 2_000] * 10, accessory=press)
    messages = pack([[fields]])
    assert [message[0]["type"] for message in messages] == ["section", "section"]
    assert messages[0][0] == kit.section("Numbers", accessory=press)
    assert everything(messages) == "Numbers" + "Go" + "go" + "x" * 20_000
    only_fields = kit.section(fields=["x" * 2_000] * 10)
    assert everything(pack([[only_fields]])) == "x" * 20_000


def test_a_block_that_cannot_be_divided_is_refused() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 9_000}] * 2]}
    link = rich_text(Marked("<https://a.b|\0>", (LONG_ITEM * 5,)))
    with pytest.raises(LimitError, match="type table costs 18,000 characters, more than the 12,0"):
        pack([[table]])
    with pytest.raises(LimitError, match="type rich_text costs 20,811"):
        pack([link])


TEXTS = st.text(st.sampled_from("ab &<\n.🟢é"), min_size=1, max_size=300)
BLOCKS = st.one_of(
    st.builds(kit.divider),
    st.builds(kit.header, st.text("ab", min_size=1, max_size=50)),
    st.builds(lambda text: rich({"type": "rich_text_section", "elements": [text]}),
              st.builds(lambda text: {"type": "text", "text": text}, TEXTS)),
    st.builds(lambda text: rich_text(Marked("• \0\n• *b* \0\n> \0", (text,) * 3))[0], TEXTS),
)  # fmt: skip


@given(st.lists(st.lists(BLOCKS, max_size=8), max_size=8), st.integers(160, 900))
def test_packing_loses_nothing_and_every_message_fits(
    sections: list[list[Block]], budget: int
) -> None:
    messages = pack(sections, budget=budget, max_blocks=5)
    assert everything(messages) == everything(sections)
    for message in messages:
        assert 1 <= len(message) <= 5
        assert cost(message) <= budget


@given(st.lists(st.lists(BLOCKS, min_size=1, max_size=4), max_size=8))
def test_a_section_that_fits_into_a_message_is_never_split(sections: list[list[Block]]) -> None:
    budget = max((cost(section) for section in sections), default=1)
    messages = pack(sections, budget=budget, max_blocks=4)
    rest = list(sections)
    for message in messages:
        taken: list[Block] = []
        while len(taken) < len(message):
            taken += rest.pop(0)
        assert taken == message
    assert not rest


def test_a_message_of_its_parts() -> None:
    blocks = [kit.section("a")]
    assert Rendered.of(Marked("*\0*", ("R&D <!here>",)), blocks) == Rendered(
        "R&amp;D &lt;!here&gt;", blocks
    )


def test_a_long_text_for_notifications_is_shortened_before_it_is_escaped() -> None:
    text = Rendered.of(Marked.data("R & D " * 900), []).text
    assert len(text) <= 4_000
    assert text.endswith("D…")


@pytest.mark.parametrize(
    ("text", "blocks", "message"),
    [
        ("", [], "the text of a message has 0 characters"),
        (" \n", [], "the text of a message has 0 characters"),
        ("a" * 4_001, [], "the text of a message has 4,001 characters, Slack takes 1 to 4,000"),
        ("a", [kit.divider()] * 51, "a message's blocks has 51"),
        ("a", [paragraph(3_000)] * 5, r"cost 15,000 characters, .* pack\(\) them"),
        ("<!channel> a", [], "would ping everybody"),
    ],
)
def test_a_message_that_slack_would_refuse_is_refused(
    text: str, blocks: list[Block], message: str
) -> None:
    with pytest.raises(LimitError, match=message):
        Rendered(text, blocks)


def test_marked_text_is_no_text_of_a_message() -> None:
    with pytest.raises(TypeError, match=r"use plain\(\)"):
        Rendered(f"{Marked('*a*')}", [])
