"""What a Slack client lets a person do and enter, case by case, without an app."""

from typing import Any

import pytest

from sandbox.acting import ActionResult, ClientRefusal
from sandbox.app import Running
from sandbox.delivery import Ack, Envelope
from sandbox.escaping import rich_text, typed_text
from sandbox.inputs import InputError, client_errors, initial_state, shape, with_ids
from sandbox.workspace import View, Workspace

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.upper()), "value": value}


OPTIONS = [option("a"), option("b"), option("c")]


def field(kind: str, *, optional: bool = False, **fields: Any) -> Json:
    element = {"type": kind, "action_id": "e", **fields}
    return {
        "type": "input",
        "block_id": "b",
        "label": plain(),
        "optional": optional,
        "element": element,
    }


def holding(block: Json, value: Any) -> View:
    """Return a modal of one input in which `value` was entered."""
    state = {"b": {"e": shape(block["element"], value)}}
    return View("V", "modal", "U", {"blocks": [block]}, "h", state)


ENTERED: list[tuple[str, Any, Json]] = [
    ("plain_text_input", "x", {"value": "x"}),
    ("plain_text_input", "", {"value": None}),
    ("number_input", 3, {"value": "3"}),
    ("static_select", "a", {"selected_option": option("a")}),
    ("static_select", option("a"), {"selected_option": option("a")}),
    ("static_select", None, {"selected_option": None}),
    ("radio_buttons", "b", {"selected_option": option("b")}),
    ("checkboxes", ["a", "b"], {"selected_options": [option("a"), option("b")]}),
    ("checkboxes", [], {"selected_options": []}),
    ("multi_static_select", "a", {"selected_options": [option("a")]}),
    ("users_select", "U1", {"selected_user": "U1"}),
    ("multi_users_select", ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    ("conversations_select", "C1", {"selected_conversation": "C1"}),
    ("multi_channels_select", None, {"selected_channels": []}),
    ("datepicker", "2026-11-25", {"selected_date": "2026-11-25"}),
    ("timepicker", "09:30", {"selected_time": "09:30"}),
    ("datetimepicker", 1_795_608_000, {"selected_date_time": 1_795_608_000}),
    ("rich_text_input", {"type": "rich_text"}, {"rich_text_value": {"type": "rich_text"}}),
]


@pytest.mark.parametrize(("kind", "value", "held"), ENTERED)
def test_what_is_entered_has_slacks_shape(kind: str, value: Any, held: Json) -> None:
    assert shape({"type": kind, "options": OPTIONS}, value) == {"type": kind, **held}


@pytest.mark.parametrize(
    ("element", "held"),
    [
        ({"type": "plain_text_input", "initial_value": "x"}, {"value": "x"}),
        (
            {"type": "static_select", "initial_option": option("a")},
            {"selected_option": option("a")},
        ),
        ({"type": "checkboxes"}, {"selected_options": []}),
        ({"type": "datepicker", "initial_date": "2026-11-25"}, {"selected_date": "2026-11-25"}),
        ({"type": "multi_users_select", "initial_users": ["U"]}, {"selected_users": ["U"]}),
    ],
)
def test_an_untouched_input_holds_its_initial_value(element: Json, held: Json) -> None:
    assert initial_state(element) == {"type": element["type"], **held}


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        ("static_select", "z", "has no option 'z'; it offers a, b, c"),
        ("datepicker", "25.11.2026", "takes a date such as 2026-11-25"),
        ("timepicker", "9:30", "takes a time such as 09:30"),
        ("external_select", "x", "is not simulated"),
        ("file_input", ["x.ics"], "takes files, each with `name`"),
        ("file_input", [{"name": "x.ics", "content": "?"}], "is not Base64"),
    ],
)
def test_what_cannot_be_entered_is_refused(kind: str, value: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        shape({"type": kind, "options": OPTIONS}, value)


@pytest.mark.parametrize(
    ("block", "value", "complaint"),
    [
        (field("plain_text_input"), "", "Please complete this required field."),
        (field("plain_text_input", optional=True), "", None),
        (field("checkboxes", options=OPTIONS), [], "Please complete this required field."),
        (field("plain_text_input", min_length=3), "ab", "Please enter at least 3 characters."),
        (field("plain_text_input", min_length=3), "abc", None),
        (
            field("plain_text_input"),
            "x" * 3001,
            "Please enter at most 3000 characters (3001 given).",
        ),
        (field("number_input"), "many", "Please enter a number."),
        (field("number_input"), "NaN", "Please enter a number."),
        (field("number_input"), "1.5", "Please enter a whole number."),
        (field("number_input", is_decimal_allowed=True), "1.5", None),
        (field("number_input", min_value="2"), "1", "Please enter 2 or more."),
        (field("number_input", max_value="2"), "3", "Please enter 2 or less."),
        (field("number_input", min_value="2", max_value="2"), "2", None),
        (field("email_text_input"), "ana", "Please enter a valid e-mail address."),
        (field("email_text_input"), "ana@example.edu", None),
        (field("url_text_input"), "example", "Please enter a valid URL."),
        (field("url_text_input"), "https://example.edu", None),
        (field("multi_users_select", max_selected_items=1), ["U", "V"], "Please choose 1 at most."),
        (field("multi_users_select", max_selected_items=2), ["U", "V"], None),
    ],
)
def test_the_client_checks_what_is_entered(block: Json, value: Any, complaint: str | None) -> None:
    errors = client_errors(holding(block, value))
    assert errors == ({} if complaint is None else {"b": complaint})


def test_missing_ids_and_flags_are_filled_in_without_touching_the_original() -> None:
    blocks: list[Json] = [
        {"type": "input", "element": {"type": "plain_text_input"}},
        {"type": "markdown"},
    ]
    filled = with_ids(blocks)
    assert filled[0]["block_id"]
    assert filled[0]["element"]["action_id"]
    assert filled[0]["optional"] is False
    assert "block_id" not in filled[1]
    assert "block_id" not in blocks[0]


def test_names_become_mentions_and_the_rest_is_escaped() -> None:
    workspace = Workspace()
    ana, pmo = workspace.add_user("ana").id, workspace.add_channel("pmo").id
    typed = f"@ana and <@{ana}> in #pmo, not @nobody, <@U404>, a@b.c & <!here>"
    stored = typed_text(workspace, typed)
    assert stored == (
        f"<@{ana}> and <@{ana}> in <#{pmo}|pmo>, not @nobody, &lt;@U404&gt;, a@b.c "
        "&amp; &lt;!here&gt;"
    )
    (block,) = rich_text(f"<@{ana}> a &lt; b <#{pmo}|pmo>")
    assert block["elements"][0]["elements"] == [
        {"type": "user", "user_id": ana},
        {"type": "text", "text": " a < b "},
        {"type": "channel", "channel_id": pmo},
    ]


# -- conversations --------------------------------------------------------------------------------


async def test_what_a_client_cannot_do_in_a_conversation_is_refused(
    sandbox: Running, people: Any
) -> None:
    acting, ana, council = sandbox.acting, people.ana.id, people.council.id
    people.elsewhere.is_archived = True
    cases = [
        (acting.post(ana, council, "  "), "nothing to send"),
        (acting.post(ana, "C404", "x"), "no conversation with the id C404"),
        (acting.post("U404", council, "x"), "nobody with the id U404"),
        (acting.post(sandbox.workspace.bot_user_id, council, "x"), "Nobody can sign in as pmobot"),
        (acting.post(ana, people.elsewhere.id, "x"), "#elsewhere is archived"),
        (acting.post(ana, council, "x", "1.000001"), "no message 1.000001 to reply to"),
        (acting.press(ana, council, "1.000001", "go"), "no message 1.000001"),
        (acting.invite(ana, council, "U404"), "nobody with the id U404"),
    ]
    for act, reason in cases:
        with pytest.raises(ClientRefusal, match=reason):
            await act


async def test_a_reply_to_a_reply_lands_in_the_same_thread(sandbox: Running, people: Any) -> None:
    acting, ana, council = sandbox.acting, people.ana.id, people.council.id
    root = (await acting.post(ana, council, "root")).ts
    reply = (await acting.post(ana, council, "reply", root)).ts
    await acting.post(ana, council, "again", reply)
    assert root is not None
    assert [m.text for m in sandbox.workspace.replies(council, root)] == ["reply", "again"]


async def test_leaving_is_told_and_invitations_are_not_repeated(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    acting, council = sandbox.acting, people.council
    await acting.leave(people.ben.id, council.id)
    await acting.invite(people.ana.id, council.id, people.ana.id)
    await sandbox.delivery.drain()
    events = [envelope.payload["event"] for envelope in recorder.envelopes]
    assert [(e["type"], e["user"]) for e in events] == [("member_left_channel", people.ben.id)]
    assert people.ben.id not in council.members


async def test_somebody_elses_ephemeral_message_cannot_be_pressed(
    sandbox: Running, people: Any
) -> None:
    message = sandbox.workspace.add_message(people.council.id, "", ephemeral_to=people.ana.id)
    with pytest.raises(ClientRefusal, match="no message"):
        await sandbox.acting.press(people.ben.id, people.council.id, message.ts, "go")


async def test_a_command_with_should_escape_has_its_mentions_resolved(
    start: Any, with_people: Any, recording: Any
) -> None:
    async with start(escaped_commands=frozenset({"/project"})) as sandbox:
        recorder, people = recording(sandbox), with_people(sandbox)
        await sandbox.acting.command(people.ana.id, people.council.id, "/project", "owner @ben")
        assert recorder.last()["text"] == f"owner <@{people.ben.id}>"


# -- views ----------------------------------------------------------------------------------------


def modal(*blocks: Json, **fields: Any) -> Json:
    return {
        "type": "modal",
        "title": plain(),
        "submit": plain(),
        "blocks": list(blocks) or [{"type": "divider"}],
        **fields,
    }


def opened(sandbox: Running, user: str, payload: Json) -> View:
    return sandbox.acting.viewing.open(sandbox.workspace.new_trigger(user).id, payload)


async def test_home_elements_are_pressed_with_the_view_they_stand_in(
    sandbox: Running, people: Any, recorder: Any, client: Any
) -> None:
    ana = people.ana.id
    elements = [{"type": "button", "action_id": "go", "text": plain(), "value": "7"}]
    menu = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    blocks = [
        {"type": "section", "block_id": "s", "text": plain(), "accessory": menu},
        {"type": "actions", "block_id": "row", "elements": elements},
    ]
    await client.views_publish(user_id=ana, view={"type": "home", "blocks": blocks})
    home = sandbox.workspace.home(ana)
    assert home is not None
    await sandbox.acting.press_in_view(ana, home.id, "go")
    assert recorder.last()["actions"][0]["value"] == "7"
    assert recorder.last()["container"] == {"type": "view", "view_id": home.id}
    await sandbox.acting.press_in_view(ana, home.id, "more", "s", "b")
    assert recorder.last()["actions"][0]["selected_option"] == option("b")
    await sandbox.acting.open_home(ana)
    await sandbox.delivery.drain()
    assert recorder.last()["event"]["view"]["id"] == home.id
    for act, reason in (
        (sandbox.acting.close_view(ana, home.id), "Home cannot be closed"),
        (sandbox.acting.submit_view(ana, home.id), "no submit button"),
        (sandbox.acting.press_in_view(ana, home.id, "none"), "no element with action_id none"),
    ):
        with pytest.raises(ClientRefusal, match=reason):
            await act


async def test_enter_in_a_dispatching_input_sends_what_is_typed(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    block = field("plain_text_input") | {"dispatch_action": True}
    view = opened(sandbox, people.ana.id, modal(block))
    await sandbox.acting.press_in_view(people.ana.id, view.id, "e", state={"b": "typed"})
    assert recorder.last()["actions"][0]["value"] == "typed"


async def test_what_was_chosen_stays_chosen(sandbox: Running, people: Any, recorder: Any) -> None:
    block = field("static_select", options=OPTIONS) | {"dispatch_action": True}
    view = opened(sandbox, people.ana.id, modal(block))
    await sandbox.acting.press_in_view(people.ana.id, view.id, "e", value="b")
    await sandbox.acting.submit_view(people.ana.id, view.id)
    held = recorder.last()["view"]["state"]["values"]["b"]["e"]
    assert held["selected_option"] == option("b")


async def test_selects_in_an_actions_block_are_part_of_the_submission(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    select = {"type": "static_select", "action_id": "s", "options": OPTIONS}
    date = {"type": "datepicker", "action_id": "d"}
    block = {"type": "actions", "block_id": "row", "elements": [select, date]}
    view = opened(sandbox, people.ana.id, modal(block))
    await sandbox.acting.submit_view(people.ana.id, view.id, {"row": {"s": "c"}})
    assert recorder.last()["view"]["state"]["values"]["row"] == {
        "s": {"type": "static_select", "selected_option": option("c")},
        "d": {"type": "datepicker", "selected_date": None},
    }


async def test_a_conversation_chosen_in_a_modal_brings_a_response_url(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    block = field("conversations_select", response_url_enabled=True)
    view = opened(sandbox, people.ana.id, modal(block))
    await sandbox.acting.submit_view(people.ana.id, view.id, {"b": people.council.id})
    (right,) = recorder.last()["response_urls"]
    assert (right["channel_id"], right["block_id"]) == (people.council.id, "b")


async def test_the_x_closes_all_views_and_a_quiet_view_tells_nobody(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    ana = people.ana.id
    opened(sandbox, ana, modal())
    top = sandbox.acting.viewing.push(sandbox.workspace.new_trigger(ana).id, modal())
    closed = await sandbox.acting.close_view(ana, top.id, clear=True)
    assert closed == ActionResult(ok=True)
    assert sandbox.workspace.open_views(ana) == []
    assert recorder.envelopes == []


async def test_an_unknown_response_action_is_refused(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    async def answer(_envelope: Envelope) -> Ack:
        return Ack(ok=True, body={"response_action": "dance"})

    recorder.send = answer
    view = opened(sandbox, people.ana.id, modal())
    result = await sandbox.acting.submit_view(people.ana.id, view.id)
    assert (result.ok, result.problem) == (False, "invalid_response_action")


async def test_a_pushed_view_that_slack_refuses_leaves_the_form_open(
    sandbox: Running, people: Any, recorder: Any
) -> None:
    async def answer(_envelope: Envelope) -> Ack:
        return Ack(ok=True, body={"response_action": "push", "view": {"type": "modal"}})

    recorder.send = answer
    view = opened(sandbox, people.ana.id, modal())
    result = await sandbox.acting.submit_view(people.ana.id, view.id)
    assert result.problem == "invalid_arguments"
    assert sandbox.workspace.open_views(people.ana.id) == [view]
