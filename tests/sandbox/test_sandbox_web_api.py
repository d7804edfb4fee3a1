"""The Web API as the real Slack client sees it."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import Running, SandboxOptions
from sandbox.tokens import Tokens

Json = dict[str, Any]
HEADER: Json = {"type": "header", "text": {"type": "plain_text", "text": "h"}}
MODAL: Json = {
    "type": "modal",
    "callback_id": "f",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [HEADER],
}


def long_sections(characters: int) -> list[Json]:
    text = {"type": "mrkdwn", "text": "x" * 100}
    return [{"type": "section", "fields": [text] * 10}] * (characters // 1000)


async def refused(call: Any) -> Json:
    """Return the refusal that a call of the client meets."""
    with pytest.raises(SlackApiError) as caught:
        await call
    data = caught.value.response.data
    assert isinstance(data, dict)
    assert data["ok"] is False
    return data


async def error_of(call: Any) -> str:
    return str((await refused(call))["error"])


# -- tokens, methods, scopes ----------------------------------------------------------------------


async def test_auth_test_tells_who_the_bot_is(sandbox: Running, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == sandbox.workspace.bot_user_id
    assert answer["bot_id"] == sandbox.workspace.bot_id
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("secret", "invalid_auth"), ("xapp-1", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(sandbox: Running, token: str, error: str) -> None:
    client = AsyncWebClient(token, base_url=sandbox.api_base_url)
    assert await error_of(client.auth_test()) == error


async def test_only_the_configured_token_is_accepted(start: Any) -> None:
    async with start(SandboxOptions(tokens=Tokens(bot="xoxb-right"))) as sandbox:
        wrong = AsyncWebClient("xoxb-wrong", base_url=sandbox.api_base_url)
        right = AsyncWebClient("xoxb-right", base_url=sandbox.api_base_url)
        assert await error_of(wrong.auth_test()) == "invalid_auth"
        assert (await right.auth_test())["ok"]


async def test_an_unknown_method_is_refused_and_noted(
    sandbox: Running, client: AsyncWebClient
) -> None:
    assert await error_of(client.api_call("canvases.create")) == "unknown_method"
    assert [(r.method, r.error) for r in sandbox.calls.refusals] == [
        ("canvases.create", "unknown_method")
    ]


async def test_a_method_without_its_scope_names_what_is_missing(
    start: Any, new_client: Any
) -> None:
    async with start(scopes=frozenset({"chat:write"})) as sandbox:
        client = new_client(sandbox)
        refusal = await refused(client.users_list())
        upload = await refused(client.files_getUploadURLExternal(filename="a.png", length=1))
    assert refusal["error"] == "missing_scope"
    assert (refusal["needed"], refusal["provided"]) == ("users:read", "chat:write")
    assert (upload["error"], upload["needed"]) == ("missing_scope", "files:write")


async def test_addresses_are_hidden_without_their_scope(
    start: Any, new_client: Any, with_people: Any
) -> None:
    async with start(scopes=frozenset({"users:read"})) as sandbox:
        people = with_people(sandbox)
        answer = await new_client(sandbox).users_info(user=people.ana.id)
    assert "email" not in answer["user"]["profile"]


async def test_a_reading_method_ignores_a_json_body_as_slack_does(
    sandbox: Running, people: Any
) -> None:
    url = f"{sandbox.api_base_url}users.info"
    headers = {"Authorization": "Bearer xoxb-1"}
    async with aiohttp.ClientSession(headers=headers) as session:
        as_json = await session.post(url, json={"user": people.ana.id})
        as_form = await session.post(url, data={"user": people.ana.id})
        as_query = await session.get(url, params={"user": people.ana.id})
        oks = [(await response.json())["ok"] for response in (as_json, as_form, as_query)]
    assert oks == [False, True, True]


# -- people and conversations ---------------------------------------------------------------------


@pytest.mark.usefixtures("people")
async def test_people_are_listed_in_pages(client: AsyncWebClient) -> None:
    first = await client.users_list(limit=2)
    second = await client.users_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    names = [user["name"] for user in [*first["members"], *second["members"]]]
    assert names == ["pmobot", "ana", "ben"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert await error_of(client.users_list(limit=2, cursor="nonsense")) == "invalid_cursor"


async def test_a_person_is_described_with_zone_and_address(
    people: Any, client: AsyncWebClient
) -> None:
    user = (await client.users_info(user=people.ana.id))["user"]
    assert user["tz"] == "America/New_York"
    assert user["tz_offset"] in (-18_000, -14_400)
    assert user["profile"]["email"] == "ana@example.edu"
    assert user["profile"]["title"] == "PM"


async def test_people_are_found_by_address_unless_deactivated(
    people: Any, client: AsyncWebClient
) -> None:
    found = await client.users_lookupByEmail(email="ANA@example.edu")
    assert found["user"]["id"] == people.ana.id
    people.ana.deleted = True
    call = client.users_lookupByEmail(email="ana@example.edu")
    assert await error_of(call) == "users_not_found"
    assert await error_of(client.users_info(user="U404")) == "user_not_found"


async def test_a_private_channel_without_the_app_does_not_exist_for_it(
    people: Any, client: AsyncWebClient
) -> None:
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [c["name"] for c in listed["channels"]] == ["its-council", "elsewhere"]
    for call in (
        client.conversations_info(channel=people.private.id),
        client.conversations_members(channel=people.private.id),
        client.chat_postMessage(channel=people.private.id, text="x"),
    ):
        assert await error_of(call) == "channel_not_found"


async def test_the_apps_own_conversations_can_be_listed(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    sandbox.workspace.dm(people.ana.id)
    own = await client.users_conversations(types="public_channel,im")
    assert [c.get("name") or c["user"] for c in own["channels"]] == ["its-council", people.ana.id]
    assert await error_of(client.users_conversations(types="secret_channel")) == "invalid_types"


async def test_a_dm_is_opened_once(people: Any, client: AsyncWebClient) -> None:
    first = await client.conversations_open(users=people.ana.id)
    again = await client.conversations_open(users=people.ana.id, return_im=True)
    assert first["channel"] == {"id": again["channel"]["id"]}
    assert again["already_open"] is True
    assert again["channel"]["user"] == people.ana.id


async def test_dms_that_slack_refuses_are_refused(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    people.ben.deleted = True
    cases = {
        people.ben.id: "user_disabled",
        "U404": "user_not_found",
        sandbox.workspace.bot_user_id: "cannot_dm_bot",
        ",".join(["U1"] * 9): "too_many_users",
    }
    for users, error in cases.items():
        assert await error_of(client.conversations_open(users=users)) == error


async def test_channels_are_created_joined_and_filled(people: Any, client: AsyncWebClient) -> None:
    created = (await client.conversations_create(name="new-one"))["channel"]
    await client.conversations_invite(channel=created["id"], users=people.ana.id)
    members = (await client.conversations_members(channel=created["id"]))["members"]
    assert people.ana.id in members
    again = client.conversations_invite(channel=created["id"], users=people.ana.id)
    assert await error_of(again) == "already_in_channel"
    assert await error_of(client.conversations_create(name="new-one")) == "name_taken"
    assert await error_of(client.conversations_create(name="Not OK")) == "invalid_name_specials"
    joined = await client.conversations_join(channel=created["id"])
    assert joined["warning"] == "already_in_channel"


async def test_history_pages_backwards_and_hides_replies_and_ephemerals(
    people: Any, client: AsyncWebClient
) -> None:
    channel = people.council.id
    posted = [(await client.chat_postMessage(channel=channel, text=str(i)))["ts"] for i in range(5)]
    await client.chat_postMessage(channel=channel, text="reply", thread_ts=posted[0])
    await client.chat_postEphemeral(channel=channel, user=people.ana.id, text="only you")
    first = await client.conversations_history(channel=channel, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel=channel, limit=3, cursor=cursor)
    texts = [m["text"] for m in [*first["messages"], *second["messages"]]]
    assert texts == ["4", "3", "2", "1", "0"]
    assert second["messages"][-1]["reply_count"] == 1
    between = await client.conversations_history(
        channel=channel, oldest=posted[1], latest=posted[3], inclusive=True
    )
    assert [m["text"] for m in between["messages"]] == ["3", "2", "1"]
    inside = await client.conversations_history(channel=channel, oldest=posted[1], latest=posted[3])
    assert [m["text"] for m in inside["messages"]] == ["2"]
    bad = client.conversations_history(channel=channel, oldest="yesterday")
    assert await error_of(bad) == "invalid_ts_oldest"


async def test_a_thread_is_read_from_its_root(people: Any, client: AsyncWebClient) -> None:
    channel = people.council.id
    root = (await client.chat_postMessage(channel=channel, text="root"))["ts"]
    reply = await client.chat_postMessage(channel=channel, text="a", thread_ts=root)
    await client.chat_postMessage(channel=channel, text="b", thread_ts=reply["ts"])
    thread = (await client.conversations_replies(channel=channel, ts=root))["messages"]
    assert [(m["text"], m["thread_ts"]) for m in thread] == [(t, root) for t in ("root", "a", "b")]
    gone = client.conversations_replies(channel=channel, ts="1.000001")
    assert await error_of(gone) == "thread_not_found"


# -- messages -------------------------------------------------------------------------------------


async def test_metadata_comes_back_only_when_asked_for(people: Any, client: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "42"}}
    channel = people.council.id
    await client.chat_postMessage(channel=channel, text="x", metadata=metadata)
    plain = await client.conversations_history(channel=channel)
    full = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"blocks": long_sections(14_000)}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "x", "event_payload": {"a": "x" * 9000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    ],
)
async def test_a_message_that_slack_refuses_is_refused(
    people: Any, client: AsyncWebClient, fields: Json, error: str
) -> None:
    assert await error_of(client.chat_postMessage(channel=people.council.id, **fields)) == error


@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
async def test_invalid_blocks_say_where_and_why(people: Any, client: AsyncWebClient) -> None:
    header = {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}
    refusal = await refused(client.chat_postMessage(channel=people.council.id, blocks=[header]))
    assert refusal["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"
    ]


async def test_blocks_just_under_the_total_pass(people: Any, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(
        channel=people.council.id, text="x", blocks=long_sections(13_000)
    )
    assert posted["ok"]


async def test_a_very_long_text_is_cut_with_a_warning(people: Any, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=people.council.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    assert posted["response_metadata"]["warnings"] == ["message_truncated"]


async def test_posting_where_the_app_is_not_is_refused_unless_scoped(
    start: Any, new_client: Any, with_people: Any
) -> None:
    async with start(scopes=frozenset({"chat:write"})) as sandbox:
        people, client = with_people(sandbox), new_client(sandbox)
        call = client.chat_postMessage(channel=people.elsewhere.id, text="x")
        assert await error_of(call) == "not_in_channel"
    async with start(scopes=frozenset({"chat:write", "chat:write.public"})) as sandbox:
        people, client = with_people(sandbox), new_client(sandbox)
        assert (await client.chat_postMessage(channel="#elsewhere", text="x"))["ok"]


async def test_an_archived_channel_takes_nothing(people: Any, client: AsyncWebClient) -> None:
    people.council.is_archived = True
    call = client.chat_postMessage(channel=people.council.id, text="x")
    assert await error_of(call) == "is_archived"


async def test_a_post_to_a_person_lands_in_the_dm(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel=people.ana.id, text="hello")
    assert posted["channel"] == sandbox.workspace.dm(people.ana.id).id
    bot = client.chat_postMessage(channel=sandbox.workspace.bot_user_id, text="x")
    assert await error_of(bot) == "cannot_dm_bot"


async def test_an_update_keeps_what_is_not_given(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    channel = people.council.id
    metadata = {"event_type": "d", "event_payload": {}}
    posted = await client.chat_postMessage(
        channel=channel, text="old", blocks=[HEADER], metadata=metadata
    )
    await client.chat_update(channel=channel, ts=posted["ts"], text="new")
    message = sandbox.workspace.message(channel, posted["ts"])
    assert message is not None
    assert (message.text, message.blocks, message.metadata) == ("new", [], metadata)
    assert message.edited is not None


@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
async def test_updates_that_slack_refuses_are_refused(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    channel = people.council.id
    own = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    hers = (await sandbox.acting.post(people.ana.id, channel, "hers")).ts
    only = await client.chat_postEphemeral(channel=channel, user=people.ana.id, text="x")
    cases = [
        ({"ts": own, "text": "x" * 4001}, "msg_too_long"),
        ({"ts": own}, "no_text"),
        ({"ts": hers, "text": "x"}, "cant_update_message"),
        ({"ts": only["message_ts"], "text": "x"}, "message_not_found"),
        ({"ts": "1.000001", "text": "x"}, "message_not_found"),
    ]
    for fields, error in cases:
        assert await error_of(client.chat_update(channel=channel, **fields)) == error


async def test_a_message_is_deleted_once(people: Any, client: AsyncWebClient) -> None:
    channel = people.council.id
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    await client.chat_delete(channel=channel, ts=ts)
    assert await error_of(client.chat_delete(channel=channel, ts=ts)) == "message_not_found"


async def test_an_ephemeral_message_needs_a_member(people: Any, client: AsyncWebClient) -> None:
    people.council.members.remove(people.ben.id)
    call = client.chat_postEphemeral(channel=people.council.id, user=people.ben.id, text="x")
    assert await error_of(call) == "user_not_in_channel"


async def test_permalinks_and_reactions(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    channel = people.council.id
    ts = (await client.chat_postMessage(channel=channel, text="x"))["ts"]
    link = (await client.chat_getPermalink(channel=channel, message_ts=ts))["permalink"]
    assert link.endswith(f"/archives/{channel}/p{ts.replace('.', '')}")
    await client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    again = client.reactions_add(channel=channel, timestamp=ts, name="eyes")
    assert await error_of(again) == "already_reacted"
    message = (await client.conversations_history(channel=channel))["messages"][0]
    assert message["reactions"] == [
        {"name": "eyes", "users": [sandbox.workspace.bot_user_id], "count": 1}
    ]


async def test_the_app_s_post_shares_the_files_that_it_links_to(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    files = [(await client.files_upload_v2(file=b"x", filename=name))["file"] for name in "ab"]
    link, other = (f"<{file['permalink']}|{file['title']}>" for file in files)
    workspace, where = sandbox.workspace, people.council.id
    workspace.add_message(where, people.ana.id, link)
    await client.chat_postEphemeral(channel=where, user=people.ana.id, text=link)
    await client.chat_postMessage(channel=where, text=link, unfurl_media=False)
    posted = await client.chat_postMessage(channel=where, text=f"Look: {link} {link}")
    shared = [message.files for message in workspace.messages_in(where)]
    assert shared == [[], [], [files[0]["id"]]]
    await client.chat_update(channel=where, ts=posted["ts"], text=other)
    assert workspace.messages_in(where)[-1].files == [file["id"] for file in files]


async def test_a_file_is_uploaded_in_three_steps(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    uploaded = await client.files_upload_v2(
        channel=people.council.id,
        file=b"code,name\nAPOLLO,Apollo\n",
        filename="portfolio.csv",
        title="Portfolio",
        initial_comment="As of today",
    )
    message = sandbox.workspace.messages_in(people.council.id)[-1]
    assert (message.text, message.files) == ("As of today", [uploaded["file"]["id"]])
    async with aiohttp.ClientSession() as session:
        response = await session.get(uploaded["file"]["url_private"])
        assert await response.text() == "code,name\nAPOLLO,Apollo\n"
    files: list[dict[str, str | None]] = [{"id": "F404"}]
    assert await error_of(client.files_completeUploadExternal(files=files)) == "file_not_found"


async def test_the_team_and_the_bot_describe_themselves(
    sandbox: Running, client: AsyncWebClient
) -> None:
    assert (await client.team_info())["team"]["id"] == sandbox.workspace.team_id
    bot = (await client.bots_info(bot=sandbox.workspace.bot_id))["bot"]
    assert bot["user_id"] == sandbox.workspace.bot_user_id
    assert await error_of(client.bots_info(bot="B404")) == "bot_not_found"
    assert await error_of(client.api_test(error="my_error")) == "my_error"


# -- views ----------------------------------------------------------------------------------------


async def test_a_trigger_is_good_once_and_for_three_seconds(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    workspace = sandbox.workspace
    used, late = workspace.new_trigger(people.ana.id), workspace.new_trigger(people.ana.id)
    await client.views_open(trigger_id=used.id, view=MODAL)
    workspace.clock.advance(3.1)
    cases = {
        used.id: "exchanged_trigger_id",
        late.id: "expired_trigger_id",
        "1": "invalid_trigger_id",
    }
    for trigger_id, error in cases.items():
        assert await error_of(client.views_open(trigger_id=trigger_id, view=MODAL)) == error


async def test_a_frozen_clock_does_not_keep_triggers_alive(
    sandbox: Running, people: Any, client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = sandbox.workspace
    workspace.clock.set_time(workspace.clock.now(), running=False)
    trigger = workspace.new_trigger(people.ana.id)
    monkeypatch.setattr("sandbox.viewing.TRIGGER_SECONDS", 0.0)  # so that the test need not wait
    call = client.views_open(trigger_id=trigger.id, view=MODAL)
    assert await error_of(call) == "expired_trigger_id"


async def test_three_modals_stack_and_no_more(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    workspace, ana = sandbox.workspace, people.ana.id

    def trigger() -> str:
        return workspace.new_trigger(ana).id

    assert await error_of(client.views_push(trigger_id=trigger(), view=MODAL)) == "not_found"
    root = (await client.views_open(trigger_id=trigger(), view=MODAL))["view"]
    second = (await client.views_push(trigger_id=trigger(), view=MODAL))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    await client.views_push(trigger_id=trigger(), view=MODAL)
    fourth = client.views_push(trigger_id=trigger(), view=MODAL)
    assert await error_of(fourth) == "push_limit_reached"
    assert [view.id for view in workspace.open_views(ana)][:2] == [root["id"], second["id"]]


async def test_an_update_needs_the_right_hash_and_an_open_view(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    trigger = sandbox.workspace.new_trigger(people.ana.id)
    view = (await client.views_open(trigger_id=trigger.id, view=MODAL | {"external_id": "e"}))[
        "view"
    ]
    newer = await client.views_update(external_id="e", view=MODAL | {"external_id": "e"})
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert newer["view"]["hash"] != view["hash"]
    assert await error_of(stale) == "hash_conflict"
    assert await error_of(client.views_update(view_id="V404", view=MODAL)) == "not_found"
    other = sandbox.workspace.new_trigger(people.ben.id)
    twin = client.views_open(trigger_id=other.id, view=MODAL | {"external_id": "e"})
    assert await error_of(twin) == "duplicate_external_id"


async def test_views_that_slack_refuses_are_refused(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    trigger = sandbox.workspace.new_trigger(people.ana.id).id
    untitled = {"type": "modal", "blocks": []}
    huge = MODAL | {"blocks": [HEADER | {"block_id": "x" * 255}] * 1000}
    cases: list[tuple[Any, str]] = [
        (untitled, "invalid_arguments"),
        (huge, "view_too_large"),
        ([], "invalid_arguments"),
    ]
    for view, error in cases:
        assert await error_of(client.views_open(trigger_id=trigger, view=view)) == error


async def test_app_home_is_published_and_replaced(
    sandbox: Running, people: Any, client: AsyncWebClient
) -> None:
    view = {"type": "home", "blocks": [HEADER]}
    first = (await client.views_publish(user_id=people.ana.id, view=view))["view"]
    second = (await client.views_publish(user_id=people.ana.id, view=view, hash=first["hash"]))[
        "view"
    ]
    stale = client.views_publish(user_id=people.ana.id, view=view, hash=first["hash"])
    assert second["id"] == first["id"]
    assert await error_of(stale) == "hash_conflict"
    nobody = await refused(client.views_publish(user_id="U404", view=view))
    assert nobody["response_metadata"]["messages"] == ["invalid `user_id`"]
    home = sandbox.workspace.home(people.ana.id)
    assert home is not None
    assert home.blocks[0]["block_id"]


async def test_answers_have_the_fields_that_slack_documents(
    sandbox: Running,
    people: Any,
    client: AsyncWebClient,
    documented: Callable[[str], Json],
) -> None:
    trigger = sandbox.workspace.new_trigger(people.ana.id).id
    view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
    assert documented("views.open")["view"].keys() <= view.keys()
    user = (await client.users_info(user=people.ana.id))["user"]
    assert documented("users.info")["user"].keys() - {"color", "has_2fa"} <= user.keys()
    channel = (await client.conversations_info(channel=people.council.id))["channel"]
    undone = {"is_frozen", "updated", "parent_conversation", "shared_team_ids"}
    undone |= {"pending_connected_team_ids", "properties"}
    assert documented("conversations.info")["channel"].keys() - undone <= channel.keys()
    answer = await client.auth_test()
    assert isinstance(answer.data, dict)
    assert documented("auth.test").keys() <= answer.data.keys()
