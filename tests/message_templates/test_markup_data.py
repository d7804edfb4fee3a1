"""People's words stay data: no text of theirs becomes markup, anywhere."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader

from message_templates.markup import (
    Marked,
    MessageText,
    make_environment,
    mrkdwn,
    plain,
    rich_text,
)
from message_templates.markup.marked import HOLE, seal

HOSTILE = (
    "<!channel>",
    "<@U1>",
    "<@U1|Dana>",
    "<#C1>",
    "<https://evil.example|our portal>",
    "<!date^0^{date}|x>",
    "*bold*",
    "_italic_",
    "~gone~",
    "`code`",
    "```code```",
    ":tada:",
    "> quote",
    "one\n> quote\n• bullet\n1. first\n- dash",
    "1. list",
    "• bullet",
    "{{ 7*7 }}",
    "{% raw %}",
    "{% endblock %}",
    "&amp; &lt;!channel&gt; &#42;",
    "\u202eevil\u202c شكرا",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇺🇸",
    "\ue000\uf8ff\U000f0000\U0010fffd",
    "\ufdd0123\ufdd1*x*\ufdd2123\ufdd3",
    "\0 \x01 \x1f",
    " blank around \n",
)
WIDE = "\N{FULLWIDTH ASTERISK}\N{FULLWIDTH GREATER-THAN SIGN}"
SPECIAL = st.text(st.sampled_from("*_~`<>&:|@#!^\n\r •1.ab-é\0\ufdd0\ufdd1\ue000🟢{}%" + WIDE))
ANY_TEXT = st.one_of(st.text(), SPECIAL, st.sampled_from(HOSTILE))
SURROUNDED = """{% block part %}
{% import "_words.j2" as words %}
{% set kept %}{{ text }}{% endset %}
• *{{ text }}* by {{ words.who(text) }}
> _{{ kept }}_ {{ [text, text]|join(text) }}
{{ "U1"|mention(text) }} {{ text ~ text }} <https://a.example|{{ text }}> {{ text|bold }}
{% endblock %}"""
WHO = "{% macro who(name) %}`{{ name }}`{% endmacro %}"


def message() -> MessageText:
    loader = DictLoader({"message.j2": SURROUNDED, "_words.j2": WHO})
    return MessageText(make_environment(loader).get_template("message.j2"))


MESSAGE = message()


def texts_in(value: Any) -> list[str]:
    """Find the characters of rich text in the order of reading."""
    if isinstance(value, list):
        return [text for part in value for text in texts_in(part)]
    return [value["text"]] if "text" in value else texts_in(value.get("elements", []))


def kinds_in(value: Any) -> list[str]:
    """Find the types of everything in rich text, in the order of reading."""
    if isinstance(value, list):
        return [kind for part in value for kind in kinds_in(part)]
    return [value["type"], *kinds_in(value.get("elements", []))]


def shown(text: str) -> str:
    """Show mrkdwn as Slack does: fallbacks of dates for dates, characters for entities."""
    text = re.sub(r"<!date\^00000000\^\{_\}\|(.)>", r"\1", text).replace("\u00ad", "")
    assert not re.search(r"[<>]", text)
    return re.sub("&(amp|lt|gt);", lambda m: {"amp": "&", "lt": "<", "gt": ">"}[m[1]], text)


@given(ANY_TEXT)
def test_a_value_comes_back_from_rich_text_to_the_character(text: str) -> None:
    written = rich_text(Marked.data(text))
    assert "".join(texts_in(written)) == text
    assert kinds_in(written) == (["rich_text", "rich_text_section", "text"] if text else [])


@given(ANY_TEXT)
def test_a_value_comes_back_from_plain_text_to_the_character(text: str) -> None:
    assert plain(Marked.data(text)) == text


@given(ANY_TEXT)
def test_a_value_is_shown_by_mrkdwn_to_the_character(text: str) -> None:
    assert shown(mrkdwn(Marked.data(text))) == text.replace("\u00ad", "")


@given(ANY_TEXT)
def test_mrkdwn_leaves_slack_nothing_to_format_in_a_value(text: str) -> None:
    written = mrkdwn(Marked.data(text))
    rest = re.sub(r"<!date\^00000000\^\{_\}\|.>", "\u2060", written)
    assert not re.search(r"(?<![^\W_])[*_~]\S", re.sub(r"[*_~](?=\s|$)", "", rest))
    assert not re.search(r"`|:[^\s:]+:|^(&gt;|\N{FULLWIDTH GREATER-THAN SIGN})", rest, re.MULTILINE)


@given(ANY_TEXT)
def test_a_template_gives_the_same_shape_whatever_its_values_say(text: str) -> None:
    harmless = rich_text(MESSAGE.part("part", text="word"))
    written = rich_text(MESSAGE.part("part", text=text or " "))
    assert kinds_in(written) == kinds_in(harmless)
    expected = [part.replace("word", text or " ") for part in texts_in(harmless)]
    assert texts_in(written) == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_plain_text_cannot_ping(text: str) -> None:
    written = plain(MESSAGE.part("part", text=text), escaped=True)
    assert "<" not in written
    assert ">" not in written


@pytest.mark.parametrize("text", HOSTILE)
def test_mrkdwn_holds_only_the_references_of_the_template(text: str) -> None:
    written = re.sub(r"<!date\^00000000\^\{_\}\|.>", "", mrkdwn(MESSAGE.part("part", text=text)))
    assert re.findall("<[^|>]*", written) == ["<@U1", "<https://a.example"]


def test_a_value_with_guessed_signs_is_still_data() -> None:
    guessed = str(MESSAGE.part("part", text="x"))[:1] + "0" * 39 + "\ufdd1*bold*\ufdd2\ufdd3"
    assert texts_in(rich_text(Marked.unseal(guessed))) == [guessed]


def test_marked_text_keeps_its_markup_as_a_value_of_another_template() -> None:
    inner = MESSAGE.part("part", text="*x*")
    loader = DictLoader({"outer.j2": "{% block part %}{{ inner }}{% endblock %}"})
    outer = MessageText(make_environment(loader).get_template("outer.j2"))
    assert outer.part("part", inner=inner) == inner


def test_a_filter_that_cuts_through_the_templates_text_is_found() -> None:
    sealed = str(Marked("*bold*"))
    for cut in (sealed[:20], sealed[:-1], sealed[1:], sealed[-20:]):
        with pytest.raises(ValueError, match="apply it to values only"):
            Marked.unseal(cut)


def test_lines_puts_parts_under_each_other_and_leaves_out_the_empty_ones() -> None:
    parts = [Marked.data("*a*"), Marked.data(""), Marked("*b*")]
    assert Marked.lines(parts) == Marked("\0\n*b*", ("*a*",))


def test_holes_and_values_must_agree() -> None:
    with pytest.raises(ValueError, match="cannot contain"):
        seal(HOLE)
    with pytest.raises(ValueError, match="does not have 2 holes"):
        Marked("\0", ("a", "b"))
