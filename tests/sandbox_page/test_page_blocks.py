"""How blocks and their elements become HTML."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.page.render import RenderContext, render_blocks

SCRIPT = '<script>alert("x")</script>'


def plain(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def render(block: Any, context: RenderContext) -> str:
    return str(render_blocks([block], context))


def element(element: dict[str, Any], context: RenderContext, **block: Any) -> str:
    whole = {"type": "input", "block_id": "b1", "label": plain("Label"), **block}
    return render({**whole, "element": {"action_id": "a1", **element}}, context)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "divider"}, '<hr class="block">'),
        ({"type": "header", "text": plain("Digest")}, '<h3 class="block header">Digest</h3>'),
        ({"type": "header", "text": plain("A"), "level": 1}, '<h2 class="block header">A</h2>'),
        (
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*PM*"}, plain("Ana")]},
            '<div class="fields"><div><strong>PM</strong></div><div>Ana</div></div>',
        ),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of *now*"}]},
            '<div class="block context"><span>as of <strong>now</strong></span></div>',
        ),
        (
            {"type": "image", "image_url": "https://x.edu/a.png", "alt_text": "A chart"},
            '<img src="https://x.edu/a.png" alt="A chart" title="A chart" class="picture">',
        ),
        (
            {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A chart"},
            '<img src="/files/F1" alt="A chart"',
        ),
        (
            {"type": "table", "rows": [[{"type": "raw_text", "text": "<b>"}]]},
            "<table><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>",
        ),
        (
            {
                "type": "table",
                "column_settings": [None, {"align": "right"}],
                "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "1"}]],
            },
            '<td>a</td><td class="align-right">1</td>',
        ),
        (
            {
                "type": "data_table",
                "caption": "Projects",
                "rows": [[{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "b"}]],
            },
            "<caption>Projects</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td>",
        ),
        (
            {"type": "alert", "level": "warning", "text": plain("Past baseline")},
            '<div class="block alert alert-warning" role="note">Past baseline</div>',
        ),
        ({"type": "file", "external_id": "X1"}, "<code>X1</code>"),
    ],
)
def test_a_block_is_drawn(block: dict[str, Any], expected: str, context: RenderContext) -> None:
    assert expected in render(block, replace(context, files={"F1": "/files/F1"}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (plain("*literal* :tada: <b>"), "*literal* :tada: &lt;b&gt;"),
        (plain(":tada:", emoji=True), "🎉"),
        (plain("two\nlines"), "two<br>lines"),
    ],
)
def test_plain_text_is_shown_literally(
    text: dict[str, Any], shown: str, context: RenderContext
) -> None:
    block = {"type": "section", "text": text}

    assert f'<div class="text">{shown}</div>' in render(block, context)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "hologram", "text": SCRIPT},
        {"type": "section", "text": "not a text object"},
        {"type": "table", "rows": [[1]]},
        {"type": "data_table", "rows": []},
        {"type": "rich_text", "elements": [{"type": "rich_text_spiral"}]},
        {"type": "actions", "elements": [{"type": "lever"}]},
        "not even a block",
    ],
)
def test_what_cannot_be_drawn_is_shown_with_its_json(block: Any, context: RenderContext) -> None:
    html = render(block, context)

    assert 'class="unknown"' in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# Title", '<p class="heading-1"><strong>Title</strong></p>'),
        ("**b** *i* ~~s~~ `c`", "<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("> said", "<blockquote>said</blockquote>"),
        ("```py\n<x>\n```\nafter", "<pre>&lt;x&gt;</pre><p>after</p>"),
        ("[go](https://x.edu)", '<a href="https://x.edu" target="_blank"'),
        ("[go](javascript:x)", '<span class="refused-link">go (javascript:x)</span>'),
        ("<@U1> :tada:", "@Ana Silva</span> 🎉"),
        ("a\nb", "<p>a<br>b</p>"),
        ("---", "<hr>"),
    ],
)
def test_markdown_is_read(markdown: str, expected: str, context: RenderContext) -> None:
    assert expected in render({"type": "markdown", "text": markdown}, context)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"type": "text", "text": "*x* <b>"}, "*x* &lt;b&gt;"),
        (
            {"type": "text", "text": "x", "style": {"bold": True, "italic": True, "strike": True}},
            "<strong><em><s>x</s></em></strong>",
        ),
        ({"type": "text", "text": "x", "style": {"code": True}}, "<code>x</code>"),
        ({"type": "link", "url": "https://x.edu", "text": "X"}, ">X</a>"),
        ({"type": "link", "url": "javascript:x"}, "javascript:x (javascript:x)</span>"),
        ({"type": "user", "user_id": "U1"}, "@Ana Silva"),
        ({"type": "channel", "channel_id": "C1"}, "#its-council"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "emoji", "name": "red_circle"}, "🔴"),
        ({"type": "emoji", "name": "our_logo"}, ":our_logo:"),
        ({"type": "date", "timestamp": 1795615500, "format": "{time}"}, "<time>9:05 AM</time>"),
        ({"type": "color", "value": "#F405B3"}, 'fill="#F405B3"'),
    ],
)
def test_rich_text_parts_are_drawn(
    part: dict[str, Any], expected: str, context: RenderContext
) -> None:
    section = {"type": "rich_text_section", "elements": [part]}

    assert expected in render({"type": "rich_text", "elements": [section]}, context)


@pytest.mark.parametrize(
    ("wrapper", "expected"),
    [
        ({"type": "rich_text_quote"}, "<blockquote>x</blockquote>"),
        ({"type": "rich_text_preformatted"}, "<pre>x</pre>"),
    ],
)
def test_rich_text_wrappers_are_drawn(
    wrapper: dict[str, Any], expected: str, context: RenderContext
) -> None:
    part = {**wrapper, "elements": [{"type": "text", "text": "x"}]}

    assert expected in render({"type": "rich_text", "elements": [part]}, context)


def test_lists_keep_their_indent_and_their_first_number(context: RenderContext) -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    lists = [
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [item]},
        {"type": "rich_text_list", "style": "ordered", "offset": 4, "elements": [item]},
    ]

    html = render({"type": "rich_text", "elements": lists}, context)

    assert '<ul class="indent-1"><li>x</li></ul>' in html
    assert '<ol class="indent-0" start="5"><li>x</li></ol>' in html


def test_a_button_carries_its_coordinates(context: RenderContext) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "style": "primary"}

    html = render({"type": "actions", "block_id": "b1", "elements": [button]}, context)

    assert (
        '<button type="button" class="button primary" id="m-b1-go" data-block="b1" '
        'data-action="go" data-press="click">Go</button>'
    ) in html


def test_a_url_button_is_a_link_that_tells_the_app_too(context: RenderContext) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "url": "https://x.edu"}

    html = render({"type": "actions", "elements": [button]}, context)

    assert '<a href="https://x.edu"' in html
    assert 'data-press="click"' in html


def test_a_button_with_an_unsafe_address_is_no_link(context: RenderContext) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "url": "javascript:x"}

    assert "javascript" not in render({"type": "actions", "elements": [button]}, context)


def test_a_confirm_dialog_travels_with_its_button(context: RenderContext) -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": {"type": "mrkdwn", "text": f"*Really* {SCRIPT}"},
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "confirm": confirm}

    html = render({"type": "actions", "elements": [button]}, context)

    assert "&lt;strong&gt;Really&lt;/strong&gt; &amp;lt;script&amp;gt;" in html


def test_an_overflow_menu_lists_its_options(context: RenderContext) -> None:
    options = [option("edit"), {**option("docs"), "url": "https://x.edu"}]
    overflow = {"type": "overflow", "action_id": "more", "options": options}

    html = render({"type": "actions", "block_id": "b1", "elements": [overflow]}, context)

    assert 'data-value="edit">Edit</button>' in html
    assert 'href="https://x.edu"' in html


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"type": "plain_text_input", "initial_value": 'a "b"'}, 'value="a &#34;b&#34;"'),
        ({"type": "plain_text_input", "multiline": True, "initial_value": "\n<"}, "\n\n&lt;</tex"),
        ({"type": "number_input", "initial_value": "5"}, 'inputmode="decimal" value="5"'),
        ({"type": "file_input", "filetypes": ["ics"], "max_files": 1}, 'type="file" accept=".ics"'),
        ({"type": "email_text_input"}, 'type="email"'),
        ({"type": "url_text_input"}, 'type="url"'),
        ({"type": "datepicker", "initial_date": "2026-11-25"}, 'type="date" value="2026-11-25"'),
        ({"type": "timepicker", "initial_time": "09:30"}, 'type="time" value="09:30"'),
        (
            {"type": "datetimepicker", "initial_date_time": 1795615500},
            'type="datetime-local" value="2026-11-25T09:05"',
        ),
        (
            {
                "type": "static_select",
                "options": [option("red"), option("green")],
                "initial_option": option("green"),
            },
            '<option value="red">Red</option><option value="green" selected>Green</option>',
        ),
        (
            {
                "type": "static_select",
                "option_groups": [{"label": plain("Hot"), "options": [option("red")]}],
            },
            '<optgroup label="Hot"><option value="red">Red</option></optgroup>',
        ),
        ({"type": "users_select", "initial_user": "U1"}, '"U1" selected>Ana Silva</option>'),
        (
            {"type": "conversations_select", "initial_conversation": "C1"},
            '<option value="C1" selected>#its-council</option>',
        ),
        (
            {"type": "radio_buttons", "options": [option("red")], "initial_option": option("red")},
            '<input type="radio" name="m-b1-a1" value="red" checked>',
        ),
        (
            {"type": "checkboxes", "options": [option("red")], "initial_options": [option("red")]},
            '<input type="checkbox" name="m-b1-a1" value="red" checked>',
        ),
        (
            {"type": "multi_static_select", "options": [option("a"), option("b")]},
            '<input type="checkbox" name="m-b1-a1" value="b">',
        ),
        (
            {"type": "multi_users_select", "initial_users": ["U1"]},
            '<input type="checkbox" name="m-b1-a1" value="U1" checked>',
        ),
        (
            {
                "type": "rich_text_input",
                "initial_value": {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "text", "text": "hello"}],
                        }
                    ],
                },
            },
            ">\nhello</textarea>",
        ),
    ],
)
def test_every_kind_of_input_shows_its_initial_value(
    asked: dict[str, Any], expected: str, context: RenderContext
) -> None:
    html = element(asked, context)

    assert expected in html
    assert "data-input" in html


@pytest.mark.parametrize(
    ("asked", "held", "expected"),
    [
        (
            {"type": "plain_text_input", "initial_value": "old"},
            {"type": "plain_text_input", "value": "typed"},
            'value="typed"',
        ),
        (
            {"type": "plain_text_input", "initial_value": "old"},
            {"type": "plain_text_input", "value": None},
            'value=""',
        ),
        (
            {"type": "static_select", "options": [option("red"), option("green")]},
            {"type": "static_select", "selected_option": option("red")},
            '<option value="red" selected>',
        ),
        (
            {"type": "checkboxes", "options": [option("red"), option("green")]},
            {"type": "checkboxes", "selected_options": [option("green")]},
            'value="green" checked>',
        ),
        (
            {"type": "datepicker", "initial_date": "2026-11-25"},
            {"type": "datepicker", "selected_date": "2027-01-01"},
            'value="2027-01-01"',
        ),
    ],
)
def test_what_was_typed_wins_over_the_initial_value(
    asked: dict[str, Any], held: dict[str, Any], expected: str, context: RenderContext
) -> None:
    assert expected in element(asked, replace(context, state={"b1": {"a1": held}}))


def test_an_input_has_a_label_a_hint_and_a_place_for_its_error(context: RenderContext) -> None:
    html = element({"type": "plain_text_input"}, context, hint=plain("Be brief"), optional=True)

    assert '<label for="m-b1-a1" id="m-b1-label">Label<small> (optional)</small></label>' in html
    assert 'aria-describedby="m-b1-hint m-b1-error"' in html
    assert '<p class="error" id="m-b1-error" data-error="b1" hidden></p>' in html
    assert '<p class="hint" id="m-b1-hint">Be brief</p>' in html


@pytest.mark.parametrize(
    ("config", "event"),
    [
        ({}, "enter"),
        ({"trigger_actions_on": ["on_enter_pressed"]}, "enter"),
        ({"trigger_actions_on": ["on_character_entered"]}, "input"),
    ],
)
def test_a_dispatching_input_names_its_event(
    config: dict[str, Any], event: str, context: RenderContext
) -> None:
    asked = {"type": "plain_text_input", "dispatch_action_config": config}

    assert f'data-press="{event}"' in element(asked, context, dispatch_action=True)
    assert "data-press" not in element(asked, context)


def test_no_block_can_bring_in_markup(context: RenderContext) -> None:
    text = plain(SCRIPT)
    image = {"type": "image", "image_url": 'https://x/"onload="x', "alt_text": SCRIPT}
    button = {"type": "button", "action_id": '"><b>', "text": text, "value": SCRIPT}
    select = {
        "type": "static_select",
        "placeholder": text,
        "options": [{"text": text, "value": SCRIPT, "description": text}],
    }
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": text},
        {"type": "section", "block_id": '"><b>', "text": text, "accessory": image},
        {"type": "actions", "block_id": SCRIPT, "elements": [button, select]},
        {"type": "image", "title": text, **image},
        {"type": "input", "label": text, "hint": text, "element": {"type": "plain_text_input"}},
        {"type": "markdown", "text": SCRIPT},
        {"type": "file", "external_id": SCRIPT},
        {"type": "video", "title": text, "title_url": "javascript:x", "thumbnail_url": "x"},
        {"type": SCRIPT},
    ]

    html = str(render_blocks(blocks, context))

    assert "<script" not in html
    assert "<b>" not in html
    assert '"onload="' not in html
    assert 'href="javascript' not in html
