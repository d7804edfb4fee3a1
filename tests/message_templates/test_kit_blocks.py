"""The builders make what Slack takes, and refuse what it would not with the cause and the cure."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_templates import kit
from message_templates.kit import LimitError, limits
from message_templates.markup import Marked, mrkdwn

LIMITS_FILE = Path(__file__).parents[3] / "shared" / "data" / "slack" / "limits.json"


def plain_object(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn_object(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def test_a_string_is_shown_as_it_is_and_marked_text_with_its_markup() -> None:
    words = "*a* <!channel> :tada:"
    marked = Marked("*\0*", ("<b>",))
    formatted = mrkdwn_object("*&lt;b&gt;*")
    assert kit.section(words)["text"] == plain_object(words)
    assert kit.section(marked)["text"] == formatted
    assert kit.section(mrkdwn(marked))["text"] == formatted
    assert kit.context(words, marked)["elements"] == [plain_object(words), formatted]
    assert kit.header(marked)["text"] == plain_object("<b>")


def test_sections() -> None:
    press = kit.button("Open", "open")
    assert kit.section(fields=["a", Marked("*b*")], accessory=press, block_id="x") == {
        "type": "section",
        "block_id": "x",
        "fields": [plain_object("a"), mrkdwn_object("*b*")],
        "accessory": press,
    }


def test_buttons() -> None:
    sure = kit.confirm("Sure?", Marked("Post *now*"), "Post")
    assert sure == {
        "title": plain_object("Sure?"),
        "text": mrkdwn_object("Post *now*"),
        "confirm": plain_object("Post"),
        "deny": plain_object("Cancel"),
    }
    press = kit.button("Go", "go", value="v", style="danger", url="https://a.b", confirm=sure)
    assert kit.actions(press, block_id="row") == {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "text": plain_object("Go"),
                "action_id": "go",
                "value": "v",
                "style": "danger",
                "url": "https://a.b",
                "confirm": sure,
            }
        ],
    }


def test_choices() -> None:
    red, green = kit.option("Red", "red", "Needs help"), kit.option("Green", "green")
    assert red["description"] == plain_object("Needs help")
    assert kit.static_select("h", [red, green], initial="green", placeholder="Pick") == {
        "type": "static_select",
        "action_id": "h",
        "options": [red, green],
        "initial_option": green,
        "placeholder": plain_object("Pick"),
    }
    assert kit.radio_buttons("h", [red]) == {
        "type": "radio_buttons",
        "action_id": "h",
        "options": [red],
    }


def test_fields_of_a_form() -> None:
    field = kit.plain_text_input("why", multiline=True, initial="a\nb", max_length=500)
    assert kit.input_block("Why", field, block_id="why", hint="Briefly", dispatch=True) == {
        "type": "input",
        "block_id": "why",
        "label": plain_object("Why"),
        "element": {
            "type": "plain_text_input",
            "action_id": "why",
            "multiline": True,
            "initial_value": "a\nb",
            "max_length": 500,
        },
        "hint": plain_object("Briefly"),
        "optional": False,
        "dispatch_action": True,
    }
    assert kit.number_input("n", decimal=True, initial=Decimal("1E+2"), minimum=0, maximum=100) == {
        "type": "number_input",
        "action_id": "n",
        "is_decimal_allowed": True,
        "initial_value": "100",
        "min_value": "0",
        "max_value": "100",
    }
    assert kit.datepicker("d", initial=date(2026, 11, 25), placeholder="When") == {
        "type": "datepicker",
        "action_id": "d",
        "initial_date": "2026-11-25",
        "placeholder": plain_object("When"),
    }


def test_an_empty_initial_text_is_left_out() -> None:
    assert "initial_value" not in kit.plain_text_input("why", initial="")


def test_modals() -> None:
    form = [kit.input_block("Why", kit.plain_text_input("why"))]
    view = kit.modal("Status", form, submit="Send", callback_id="status", private_metadata="{}")
    assert view == {
        "type": "modal",
        "title": plain_object("Status"),
        "blocks": form,
        "submit": plain_object("Send"),
        "callback_id": "status",
        "private_metadata": "{}",
    }
    assert kit.modal("Help", [kit.divider()], close="Close")["close"] == plain_object("Close")


@given(st.text(max_size=9_000))
def test_a_persons_text_is_shown_whole_and_literally(text: str) -> None:
    parts = [
        part
        for block in kit.user_text(text)
        for element in block["elements"]
        for part in element["elements"]
    ]
    assert "".join(part["text"] for part in parts) == text
    assert all(part.keys() == {"type", "text"} and part["text"] for part in parts)


def test_a_long_text_of_a_person_takes_several_blocks() -> None:
    text = "word & " * 1_000
    assert len(kit.user_text(text)) == 4
    assert kit.user_text("short")[0]["elements"][0]["elements"] == [
        {"type": "text", "text": "short"}
    ]


ROW = kit.button("Go", "go")
TEXT_FIELD = kit.input_block("Why", kit.plain_text_input("why"))
OPTIONS = [kit.option("A", "a")]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: kit.header(""), "header.text has 0 characters"),
        (lambda: kit.header("&" * 31), "header.text has 155 characters, Slack takes 1 to 150"),
        (lambda: kit.section("a" * 3_001), r"section.text has 3,001 .* user_text\(\)"),
        (lambda: kit.section(Marked("a" * 3_001)), "section.text has 3,001 characters"),
        (kit.section, "needs a text or fields"),
        (lambda: kit.section(fields=["a"] * 11), "section.fields has 11, Slack takes 0 to 10"),
        (lambda: kit.section(fields=["a" * 2_001]), "section.fields has 2,001"),
        (lambda: kit.section("a", block_id="b" * 256), "block_id has 256"),
        (lambda: kit.context(*["a"] * 11), "context.elements has 11"),
        (kit.context, "context.elements has 0, Slack takes 1 to 10"),
        (lambda: kit.actions(*[ROW] * 26), "actions.elements has 26"),
        (lambda: kit.button("a" * 76, "x"), "button.text has 76"),
        (lambda: kit.button("a", ""), "action_id has 0"),
        (lambda: kit.button("a", "x" * 256), "action_id has 256"),
        (lambda: kit.button("a", "x", value="v" * 2_001), "button.value has 2,001"),
        (lambda: kit.button("a", "x", url="v" * 3_001), "button.url has 3,001"),
        (lambda: kit.option("a" * 76, "x"), "option.text has 76"),
        (lambda: kit.option("a", "x" * 76), "option.value has 76"),
        (lambda: kit.option("a", "x", "d" * 76), "option.description has 76"),
        (lambda: kit.static_select("s", []), "static_select.options has 0"),
        (lambda: kit.static_select("s", OPTIONS * 101), "static_select.options has 101"),
        (lambda: kit.static_select("s", OPTIONS, initial="b"), "no option of the value 'b'"),
        (lambda: kit.static_select("s", OPTIONS, placeholder="p" * 151), "placeholder has 151"),
        (lambda: kit.radio_buttons("s", OPTIONS * 11), "radio_buttons.options has 11"),
        (lambda: kit.plain_text_input("s", max_length=3_001), "max_length is 3,001"),
        (lambda: kit.plain_text_input("s", initial="abc", max_length=2), r"split_whole\(\)"),
        (lambda: kit.input_block("l" * 2_001, ROW), "input.label has 2,001"),
        (lambda: kit.input_block("l", ROW, hint="h" * 2_001), "input.hint has 2,001"),
        (lambda: kit.confirm("t" * 101, "x", "y"), "confirm.title has 101"),
        (lambda: kit.confirm("t", "x" * 301, "y"), "confirm.text has 301"),
        (lambda: kit.confirm("t", "x", "y" * 31), "confirm.confirm has 31"),
        (lambda: kit.confirm("t", "x", "y", "n" * 31), "confirm.deny has 31"),
        (lambda: kit.modal("t" * 25, [ROW]), "modal.title has 25"),
        (lambda: kit.modal("t", []), "modal.blocks has 0"),
        (lambda: kit.modal("t", [ROW] * 101), "modal.blocks has 101"),
        (lambda: kit.modal("t", [ROW], submit="s" * 25), "modal.submit has 25"),
        (lambda: kit.modal("t", [TEXT_FIELD]), "needs `submit`"),
        (lambda: kit.modal("t", [ROW], callback_id="c" * 256), "callback_id has 256"),
        (lambda: kit.modal("t", [ROW], private_metadata="c" * 3_001), "private_metadata has 3,001"),
    ],
)
def test_what_slack_would_refuse_is_refused(build: Callable[[], object], message: str) -> None:
    with pytest.raises(LimitError, match=message):
        build()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: kit.header(mrkdwn(Marked("*a*"))), "pass the Marked text itself"),
        (lambda: kit.header(f"{Marked('*a*')}!"), r"use plain\(\)"),
    ],
)
def test_markup_does_not_slip_into_plain_text(build: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        build()


def published_limits() -> Iterator[tuple[str, object]]:
    if not LIMITS_FILE.exists():
        pytest.skip("the published limits are not beside this checkout")
    for entry in json.loads(LIMITS_FILE.read_text(encoding="utf-8"))["limits"]:
        yield entry["key"], entry["value"]


def test_the_limits_are_the_published_ones() -> None:
    published = dict(published_limits())
    ours = {
        "message.blocks.max_items": limits.MESSAGE_BLOCKS,
        "chat.update.text.max_length": limits.MESSAGE_TEXT,
        "view.blocks.max_items": limits.MODAL_BLOCKS,
        "modal.title/submit/close.max_length": limits.MODAL_WORDS,
        "view.private_metadata.max_length": limits.PRIVATE_METADATA,
        "view.callback_id.max_length": limits.CALLBACK_ID,
        "block_id.max_length": limits.BLOCK_ID,
        "action_id.max_length": limits.ACTION_ID,
        "text_object.max_length": limits.TEXT,
        "header.text.max_length": limits.HEADER,
        "section.fields.max_items": limits.SECTION_FIELDS,
        "section.fields.item_max_length": limits.SECTION_FIELD,
        "context.elements.max_items": limits.CONTEXT_ELEMENTS,
        "actions.elements.max_items": limits.ACTIONS_ELEMENTS,
        "input.label.max_length": limits.INPUT_LABEL,
        "input.hint.max_length": limits.INPUT_HINT,
        "button.text.max_length": limits.BUTTON_TEXT,
        "button.value.max_length": limits.BUTTON_VALUE,
        "button.url.max_length": limits.URL,
        "option.text.max_length": limits.OPTION_TEXT,
        "option.description.max_length": limits.OPTION_DESCRIPTION,
        "select.options.max_items": limits.SELECT_OPTIONS,
        "radio_buttons.options.max_items": limits.RADIO_OPTIONS,
        "placeholder.max_length": limits.PLACEHOLDER,
        "plain_text_input.max_length.max": limits.INPUT_TEXT,
        "confirm.title/text/confirm/deny": [
            limits.CONFIRM_TITLE,
            limits.CONFIRM_TEXT,
            limits.CONFIRM_BUTTON,
            limits.CONFIRM_BUTTON,
        ],
    }
    assert ours == {key: published[key] for key in ours}


def test_a_menu_of_people() -> None:
    sure = kit.confirm("Sure?", "It moves", "Move it")
    assert kit.users_select("who", initial="U012AB3CD", placeholder="Anybody", confirm=sure) == {
        "type": "users_select",
        "action_id": "who",
        "initial_user": "U012AB3CD",
        "placeholder": plain_object("Anybody"),
        "confirm": sure,
    }
    assert kit.users_select("who") == {"type": "users_select", "action_id": "who"}
    for wrong in ("", "U" * 22):
        with pytest.raises(LimitError, match="initial_user"):
            kit.users_select("who", initial=wrong)
