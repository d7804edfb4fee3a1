"""The Block Kit validator, fault by fault."""

from typing import Any

import pytest

from sandbox.blockkit import check_blocks, check_view, total_chars

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**fields: Any) -> Json:
    return {"type": "section", **(fields or {"text": mrkdwn()})}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain(), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", text: str = "A") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(str(index)) for index in range(count)]


def select(**fields: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options(2), **fields}


def boxes(kind: str = "checkboxes", **fields: Any) -> Json:
    return {"type": kind, "action_id": "c", "options": options(2), **fields}


def field(element: Json | None = None, **fields: Any) -> Json:
    typed = element or {"type": "plain_text_input", "action_id": "t"}
    return {"type": "input", "label": plain(), "element": typed, **fields}


def text_input(**fields: Any) -> Json:
    return field({"type": "plain_text_input", "action_id": "t", **fields})


def number_input(**fields: Any) -> Json:
    return field({"type": "number_input", "is_decimal_allowed": False, **fields})


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 1, cells: int = 1, text: str = "x", kind: str = "table") -> Json:
    made = {"type": kind, "rows": [[cell(text)] * cells for _ in range(rows)]}
    return made | ({"caption": "c"} if kind == "data_table" else {})


def chart(**fields: Any) -> Json:
    pie = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    return {"type": "data_visualization", "title": "t", "chart": pie, **fields}


def bar(*labels: str, categories: tuple[str, ...] = ("a", "b")) -> Json:
    data = [{"label": label, "value": 1} for label in labels]
    series = [{"name": "s", "data": data}]
    axes = {"categories": list(categories)}
    return chart(chart={"type": "bar", "series": series, "axis_config": axes})


def image(**fields: Any) -> Json:
    return {"type": "image", "alt_text": "a", **fields}


def task(**fields: Any) -> Json:
    return {"type": "task_card", "task_id": "1", "title": "t", **fields}


def modal(*blocks: Json, **fields: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks) or [section()], **fields}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}

GOOD_MESSAGES: list[list[Json]] = [
    [],
    [section()] * 50,
    [section(text=mrkdwn("x" * 3000))],
    [section(fields=[mrkdwn("x" * 2000)] * 10)],
    [section(text=plain(), accessory=button(style="primary", value="v", confirm=CONFIRM))],
    [section(text=plain(), accessory=image(image_url="https://example.com/a.png"))],
    [{"type": "header", "text": plain("x" * 150), "level": 2}],
    [{"type": "context", "elements": [mrkdwn(), image(slack_file={"id": "F1"})]}],
    [actions(*(button(action_id=str(index)) for index in range(25)))],
    [actions(select(initial_option=option("1")), boxes(initial_options=[option("0")]))],
    [actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-02-28"})],
    [actions({"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Berlin"})],
    [actions({"type": "overflow", "options": options(5)})],
    [text_input(min_length=0, max_length=3000, initial_value="x", multiline=True)],
    [number_input(min_value="1", max_value="5", initial_value="3")],
    [
        rich(
            rich_section({"type": "text", "text": "a", "style": {"bold": True}}),
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 1,
                "elements": [rich_section({"type": "user", "user_id": "U1"})],
            },
            {"type": "rich_text_quote", "elements": [{"type": "emoji", "name": "tada"}]},
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "link", "url": "https://example.com"}],
            },
            rich_section(
                {"type": "date", "timestamp": 1_700_000_000, "format": "{date}"},
                {"type": "broadcast", "range": "here"},
                {"type": "color", "value": "#F405B3"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
            ),
        )
    ],
    [table(rows=100, cells=20)],
    [table(rows=201, cells=1, kind="data_table")],
    [chart(), bar("b", "a")],
    [{"type": "markdown", "text": "x" * 12_000}],
    [{"type": "plan", "title": "t", "tasks": [task(status="pending")]}],
    [{"type": "card", "title": plain(), "actions": [button()]}],
    [{"type": "container", "title": plain(), "child_blocks": [section()]}],
]

FAULTY_MESSAGES: list[tuple[str, list[Json], str]] = [
    ("51 blocks", [section()] * 51, "/blocks"),
    ("an unknown block", [{"type": "fireworks"}], "/blocks/0/type"),
    ("a block without type", [{"text": plain()}], "/blocks/0"),
    ("a block that is no object", ["x"], "/blocks/0"),  # type: ignore[list-item]
    ("an unknown field", [section(text=plain(), colour="red")], "/blocks/0"),
    ("a header in mrkdwn", [{"type": "header", "text": mrkdwn()}], "/blocks/0/text/type"),
    ("a long header", [{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
    ("a header of level 5", [{"type": "header", "text": plain(), "level": 5}], "/blocks/0/level"),
    ("an empty section text", [section(text=mrkdwn(""))], "/blocks/0/text/text"),
    ("a long section text", [section(text=mrkdwn("x" * 3001))], "/blocks/0/text/text"),
    ("a section without text", [section(block_id="b")], "/blocks/0"),
    ("a text that is no text object", [section(text="x")], "/blocks/0/text"),
    (
        "a text of a wrong type",
        [section(text={"type": "html", "text": "x"})],
        "/blocks/0/text/type",
    ),
    ("a number as text", [section(text={"type": "mrkdwn", "text": 1})], "/blocks/0/text/text"),
    ("11 fields", [section(fields=[plain()] * 11)], "/blocks/0/fields"),
    ("a long field", [section(fields=[plain("x" * 2001)])], "/blocks/0/fields/0/text"),
    ("an emoji flag as word", [section(text=plain() | {"emoji": "yes"})], "/blocks/0/text/emoji"),
    (
        "11 context elements",
        [{"type": "context", "elements": [plain()] * 11}],
        "/blocks/0/elements",
    ),
    (
        "a button in context",
        [{"type": "context", "elements": [button()]}],
        "/blocks/0/elements/0/type",
    ),
    ("26 actions", [actions(*[button(action_id=str(i)) for i in range(26)])], "/blocks/0/elements"),
    ("no actions", [actions()], "/blocks/0/elements"),
    (
        "a text input in actions",
        [actions({"type": "plain_text_input"})],
        "/blocks/0/elements/0/type",
    ),
    ("the same action_id twice", [actions(button(), button())], "/blocks/0/elements/1/action_id"),
    ("a long action_id", [actions(button(action_id="x" * 256))], "/blocks/0/elements/0/action_id"),
    ("the same block_id twice", [section(text=plain(), block_id="b")] * 2, "/blocks/1/block_id"),
    ("a long block_id", [section(text=plain(), block_id="b" * 256)], "/blocks/0/block_id"),
    (
        "a long button text",
        [actions(button(text=plain("x" * 76)))],
        "/blocks/0/elements/0/text/text",
    ),
    ("a button in mrkdwn", [actions(button(text=mrkdwn()))], "/blocks/0/elements/0/text/type"),
    ("a long button value", [actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
    ("a long button url", [actions(button(url="x" * 3001))], "/blocks/0/elements/0/url"),
    ("a green button", [actions(button(style="success"))], "/blocks/0/elements/0/style"),
    (
        "a long confirm title",
        [actions(button(confirm=CONFIRM | {"title": plain("x" * 101)}))],
        "/blocks/0/elements/0/confirm/title/text",
    ),
    (
        "a long option text",
        [actions(select(options=[option(text="x" * 76)]))],
        "/blocks/0/elements/0/options/0/text/text",
    ),
    (
        "a long option value",
        [actions(select(options=[option("x" * 151)]))],
        "/blocks/0/elements/0/options/0/value",
    ),
    (
        "an option twice",
        [actions(select(options=[option(), option()]))],
        "/blocks/0/elements/0/options/1/value",
    ),
    ("101 options", [actions(select(options=options(101)))], "/blocks/0/elements/0/options"),
    ("no options", [actions({"type": "static_select"})], "/blocks/0/elements/0"),
    (
        "an initial option that is not offered",
        [actions(select(initial_option=option("z")))],
        "/blocks/0/elements/0/initial_option",
    ),
    (
        "initial options that are not offered",
        [actions(boxes(initial_options=[option("z")]))],
        "/blocks/0/elements/0/initial_options",
    ),
    ("11 checkboxes", [actions(boxes(options=options(11)))], "/blocks/0/elements/0/options"),
    (
        "11 radio buttons",
        [actions(boxes("radio_buttons", options=options(11)))],
        "/blocks/0/elements/0/options",
    ),
    (
        "6 overflow options",
        [actions({"type": "overflow", "options": options(6)})],
        "/blocks/0/elements/0/options",
    ),
    (
        "a date that is none",
        [actions({"type": "datepicker", "initial_date": "25.11.2026"})],
        "/blocks/0/elements/0/initial_date",
    ),
    (
        "a time that is none",
        [actions({"type": "timepicker", "initial_time": "24:00"})],
        "/blocks/0/elements/0/initial_time",
    ),
    (
        "a long placeholder",
        [field({"type": "users_select", "placeholder": plain("x" * 151)})],
        "/blocks/0/element/placeholder/text",
    ),
    ("an image without address", [image()], "/blocks/0"),
    (
        "an image with two addresses",
        [image(image_url="https://example.com/a.png", slack_file={"id": "F"})],
        "/blocks/0",
    ),
    (
        "an image without alternative text",
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "/blocks/0",
    ),
    ("a long alternative text", [image(image_url="u", alt_text="x" * 2001)], "/blocks/0/alt_text"),
    (
        "an input with too long a maximum",
        [text_input(max_length=3001)],
        "/blocks/0/element/max_length",
    ),
    ("crossed lengths", [text_input(min_length=5, max_length=4)], "/blocks/0/element/min_length"),
    (
        "an initial value over the maximum",
        [text_input(max_length=2, initial_value="abc")],
        "/blocks/0/element/initial_value",
    ),
    ("a label in mrkdwn", [field() | {"label": mrkdwn()}], "/blocks/0/label/type"),
    ("a long label", [field() | {"label": plain("x" * 2001)}], "/blocks/0/label/text"),
    ("a button as input", [field(button())], "/blocks/0/element/type"),
    ("an unknown element", [field({"type": "slider"})], "/blocks/0/element/type"),
    ("a number that is none", [number_input(min_value="low")], "/blocks/0/element/min_value"),
    (
        "a number out of range",
        [number_input(max_value="5", initial_value="6")],
        "/blocks/0/element/initial_value",
    ),
    ("a number input that hides decimals", [field({"type": "number_input"})], "/blocks/0/element"),
    (
        "an unknown rich_text element",
        [rich({"type": "rich_text_table"})],
        "/blocks/0/elements/0/type",
    ),
    (
        "an unknown rich_text part",
        [rich(rich_section({"type": "blink", "text": "x"}))],
        "/blocks/0/elements/0/elements/0/type",
    ),
    (
        "an empty rich_text text",
        [rich(rich_section({"type": "text", "text": ""}))],
        "/blocks/0/elements/0/elements/0/text",
    ),
    (
        "a list of a wrong style",
        [rich({"type": "rich_text_list", "style": "star", "elements": [rich_section()]})],
        "/blocks/0/elements/0/style",
    ),
    (
        "a mention in preformatted text",
        [rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U"}]})],
        "/blocks/0/elements/0/elements/0/type",
    ),
    (
        "too much markdown in all",
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "/blocks",
    ),
    ("101 table rows", [table(rows=101)], "/blocks/0/rows"),
    ("21 table cells", [table(cells=21)], "/blocks/0/rows/0"),
    ("too much text in tables", [table(rows=2, cells=6, text="x" * 1000)], "/blocks"),
    ("a data_table of one row", [table(kind="data_table")], "/blocks/0/rows"),
    (
        "a data_table without caption",
        [{k: v for k, v in table(2, kind="data_table").items() if k != "caption"}],
        "/blocks/0",
    ),
    (
        "a ragged data_table",
        [table(kind="data_table") | {"rows": [[cell()], [cell(), cell()]]}],
        "/blocks/0/rows/1",
    ),
    (
        "rich text in a data_table's head",
        [table(kind="data_table") | {"rows": [[rich(rich_section())], [cell()]]}],
        "/blocks/0/rows/0/0",
    ),
    ("three charts", [chart(), chart(), chart()], "/blocks"),
    ("a long chart title", [chart(title="x" * 51)], "/blocks/0/title"),
    (
        "a pie segment of zero",
        [chart(chart={"type": "pie", "segments": [{"label": "a", "value": 0}]})],
        "/blocks/0/chart/segments/0/value",
    ),
    ("a series that misses a category", [bar("a")], "/blocks/0/chart/series/0/data"),
    ("an alert in a message", [{"type": "alert", "text": plain()}], "/blocks/0/type"),
    ("a pending task outside a plan", [task(status="pending")], "/blocks/0/status"),
    (
        "4 buttons on a card",
        [
            {
                "type": "card",
                "title": plain(),
                "actions": [button(action_id=str(i)) for i in range(4)],
            }
        ],
        "/blocks/0/actions",
    ),
    ("a file input in a message", [field({"type": "file_input"})], "/blocks/0/element"),
    (
        "two elements with the focus",
        [field({"type": "users_select", "focus_on_load": True})] * 2,
        "/blocks",
    ),
]

GOOD_VIEWS: list[Json] = [
    modal(),
    modal(*[section()] * 100),
    modal(field(), submit=plain("Send"), close=plain("Back"), private_metadata="x" * 3000),
    modal(field({"type": "file_input", "max_files": 3}), submit=plain()),
    home(field(), section(), table()),
]

FAULTY_VIEWS: list[tuple[str, Json, str]] = [
    ("a view of no known type", {"type": "popup", "blocks": []}, "/view/type"),
    ("a modal without title", {"type": "modal", "blocks": []}, "/view"),
    ("a modal without blocks", {"type": "modal", "title": plain()}, "/view"),
    ("a long title", modal(title=plain("x" * 25)), "/view/title/text"),
    ("a title in mrkdwn", modal(title=mrkdwn()), "/view/title/type"),
    ("a long submit", modal(submit=plain("x" * 25)), "/view/submit/text"),
    ("101 blocks", modal(*[section()] * 101), "/view/blocks"),
    ("an input without submit", modal(field()), "/view"),
    ("markdown in a modal", modal({"type": "markdown", "text": "x"}), "/view/blocks/0/type"),
    ("a table in a modal", modal(table()), "/view/blocks/0/type"),
    ("a chart on App Home", home(chart()), "/view/blocks/0/type"),
    ("an alert on App Home", home({"type": "alert", "text": plain()}), "/view/blocks/0/type"),
    ("long private metadata", modal(private_metadata="x" * 3001), "/view/private_metadata"),
    ("a long callback_id", modal(callback_id="x" * 256), "/view/callback_id"),
    ("an unknown field", modal(colour="red"), "/view"),
    ("a submit button on App Home", home() | {"submit": plain()}, "/view"),
    ("a word for a flag", modal(notify_on_close="yes"), "/view/notify_on_close"),
]


@pytest.mark.parametrize("blocks", GOOD_MESSAGES)
def test_what_slack_takes_in_a_message_passes(blocks: list[Json]) -> None:
    assert check_blocks(blocks, "message") == []


@pytest.mark.parametrize(
    ("blocks", "pointer"),
    [case[1:] for case in FAULTY_MESSAGES],
    ids=[case[0] for case in FAULTY_MESSAGES],
)
def test_a_fault_in_a_message_is_found_where_it_is(blocks: list[Json], pointer: str) -> None:
    assert pointer in {problem.pointer for problem in check_blocks(blocks, "message")}


@pytest.mark.parametrize("view", GOOD_VIEWS)
def test_what_slack_takes_as_a_view_passes(view: Json) -> None:
    assert check_view(view) == []


@pytest.mark.parametrize(
    ("view", "pointer"),
    [case[1:] for case in FAULTY_VIEWS],
    ids=[case[0] for case in FAULTY_VIEWS],
)
def test_a_fault_in_a_view_is_found_where_it_is(view: Json, pointer: str) -> None:
    assert [problem.pointer for problem in check_view(view)] == [pointer]


def test_blocks_that_are_no_list_are_refused() -> None:
    assert check_blocks({"type": "section"}, "message")


def test_a_problem_reads_like_slacks_own() -> None:
    (problem,) = check_blocks([{"type": "header", "text": plain("x" * 151)}], "message")
    assert str(problem) == (
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    )


def test_the_total_counts_escaped_text_and_headers_extra() -> None:
    blocks = [section(text=mrkdwn("a&<>")), {"type": "header", "text": plain("abc")}]
    assert total_chars(blocks) == (1 + 5 + 4 + 4) + (3 + 100)
