"""Rich text, mrkdwn and plain text from the same marked text."""

from collections.abc import Callable
from typing import Any

import pytest

from message_templates.markup import Marked, mrkdwn, plain, rich_text

Say = Callable[..., Marked]


def text(words: str, *styles: str) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "text", "text": words}
    return {**element, "style": dict.fromkeys(styles, True)} if styles else element


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain", [text("plain")]),
        ("a *b* c", [text("a "), text("b", "bold"), text(" c")]),
        ("_a_ ~b~ `c*d*`", [text("a", "italic"), text(" "), text("b", "strike"), text(" "),
                            text("c*d*", "code")]),
        ("*a _b_ c*", [text("a ", "bold"), text("b", "bold", "italic"), text(" c", "bold")]),
        ("snake_case_name 2*3*4 * x *", [text("snake_case_name 2*3*4 * x *")]),
        ("{{ x }}_a_ un*{{ x }}*able", [text("<x>"), text("a", "italic"), text(" un"),
                                        text("<x>", "bold"), text("able")]),
        ("at 10:30:00, :tada:", [text("at 10:30:00, "), {"type": "emoji", "name": "tada"}]),
        ("*<@U1>*", [{"type": "user", "user_id": "U1", "style": {"bold": True}}]),
        ("<#C1|its>", [{"type": "channel", "channel_id": "C1"}]),
        ("<https://a.b|c {{ x }}>", [{"type": "link", "url": "https://a.b", "text": "c <x>"}]),
        ("<https://a.b/{{ 3 }}>",
         [{"type": "link", "url": "https://a.b/3", "text": "https://a.b/3"}]),
        ("<!date^{{ 12 }}^{date_short} at {time}|{{ x }}>",
         [{"type": "date", "timestamp": 12, "format": "{date_short} at {time}",
           "fallback": "<x>"}]),
        ("<!date^12^{date}^https://a.b|x>",
         [{"type": "date", "timestamp": 12, "format": "{date}", "fallback": "x",
           "url": "https://a.b"}]),
    ],
)  # fmt: skip
def test_rich_text_of_a_line(say: Say, source: str, expected: list[dict[str, Any]]) -> None:
    written = rich_text(say(source, x="<x>"))
    assert written == [{"type": "rich_text", "elements": [section(*expected)]}]


LINES = """Done:
• a *b*
• {{ x }}
• {{ "" }}

1. one
1. two
> said
> {{ x }}
end"""


def test_rich_text_of_lists_and_quotes(say: Say) -> None:
    [block] = rich_text(say(LINES, x="- c\n• d"))
    assert block["elements"] == [
        section(text("Done:")),
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                section(text("a "), text("b", "bold")),
                section(text("- c\n• d")),
                section(text(" ")),
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [section(text("one")), section(text("two"))],
        },
        {"type": "rich_text_quote", "elements": [text("said\n- c\n• d")]},
        section(text("end")),
    ]


def test_lists_and_quotes_in_mrkdwn_and_plain_text(say: Say) -> None:
    marked = say(LINES, x="- c\n• d")
    bullets = "\n• - c\n    • d\n• \n\n1. one\n2. two\n"
    assert mrkdwn(marked) == f"Done:\n• a *b*{bullets}> said\n> - c\n> • d\nend"
    assert plain(marked) == f"Done:\n• a b{bullets}said\n- c\n• d\nend"


def test_paragraphs_of_rich_text_keep_their_distance(say: Say) -> None:
    [block] = rich_text(say("a\n\n*b*\n{{ x }}", x="\nc\n"))
    assert block["elements"] == [section(text("a\n\n"), text("b", "bold"), text("\n\nc\n"))]


def test_an_empty_text_makes_no_block() -> None:
    assert rich_text(Marked("")) == []
    assert mrkdwn(Marked("")) == ""


TICK, AST = "\N{MODIFIER LETTER GRAVE ACCENT}", "\N{ASTERISK OPERATOR}"
STAR = "<!date^00000000^{_}|*>"


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("*a* & b", "", "*a* &amp; b"),
        ("*a _b_ c*", "", "*a _b_ c*"),
        ("*{{ x }}*", "a b", "*a b*"),
        ("*{{ x }}*", " a \n\n b ", " *a* \n\n *b* "),
        ("un*{{ x }}*able", "do", "un\u200b*do*\u200bable"),
        ("*{{ x }}*_{{ x }}_", "do", "*do*_do_"),
        ("{{ x }}", "*a*", f"{STAR}a{STAR}"),
        ("{{ x }}", "a*b*c, snake_case, 2 * 3 * 4", "a*b*c, snake_case, 2 * 3 * 4"),
        ("{{ x }}", "* dash\n*", "* dash\n*"),
        ("{{ x }}", "> a > b", "\u00ad&gt; a &gt; b"),
        ("{{ x }}", "a`b", "a<!date^00000000^{_}|`>b"),
        ("{{ x }}", "at 10:30, :+1:", "at 10:30, <!date^00000000^{_}|:>+1:"),
        ("`{{ x }}`", "a`*b* & :c:\n|_d_", f"`a{TICK}*b* &amp; :c:`\n`|_d_`"),
        ("<https://a.b?c&d|{{ x }}>", "*a|<b>\nc_d", f"<https://a.b?c&amp;d|{AST}a¦&lt;b&gt; c_d>"),
        ("<https://a.b|{{ x }}>", ":a: > `", f"<https://a.b|\N{RATIO}a: &gt; {TICK}>"),
        ("<@U1|{{ x }}> <#C1|{{ x }}> :tada:", "*x*", "<@U1> <#C1> :tada:"),
        ("<!date^1^{date}^https://a.b|{{ x }}>", "<x>", "<!date^1^{date}^https://a.b|&lt;x&gt;>"),
    ],
)  # fmt: skip
def test_mrkdwn(say: Say, source: str, value: str, expected: str) -> None:
    assert mrkdwn(say(source, x=value)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* _b_ ~c~ `d` :tada:", "a b c d :tada:"),
        ("<@U1|{{ x }}> <@U2>", "R&D <*> @U2"),
        ("<#C1|its> <#C2>", "#its #C2"),
        ("<https://a.b|{{ x }}> <https://a.b>", "R&D <*> https://a.b"),
        ("<!date^1^{date}|on Friday>", "on Friday"),
    ],
)
def test_plain_text(say: Say, source: str, expected: str) -> None:
    assert plain(say(source, x="R&D <*>")) == expected


def test_plain_text_can_be_escaped_for_the_text_of_a_message(say: Say) -> None:
    assert plain(say("*{{ x }}*", x="<!here> & <@U1>"), escaped=True) == (
        "&lt;!here&gt; &amp; &lt;@U1&gt;"
    )
