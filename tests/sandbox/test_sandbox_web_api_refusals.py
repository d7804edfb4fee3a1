"""The rarer refusals of the Web API, method by method."""

import json
from typing import Any

import aiohttp
import pytest

from sandbox.app import Running

Json = dict[str, Any]


class Caller:
    """Calls methods without a client library in between."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Running) -> None:
        self.session = session
        self.sandbox = sandbox

    async def __call__(self, method: str, fields: Json) -> Json:
        url = f"{self.sandbox.api_base_url}{method}"
        data = {"token": "xoxb-1", **fields}
        async with self.session.post(url, data=data) as response:
            answer: Json = await response.json()
            return answer


@pytest.fixture
async def call(sandbox: Running) -> Any:
    async with aiohttp.ClientSession() as session:
        yield Caller(session, sandbox)


CASES: list[tuple[str, Json, str]] = [
    (
        "chat.postMessage",
        {"channel": "{council}", "text": "x", "metadata": "[]"},
        "invalid_metadata_format",
    ),
    ("chat.postMessage", {"channel": "{council}", "blocks": "{}"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "{council}", "attachments": "{}"}, "invalid_attachments"),
    ("chat.postMessage", {"channel": "{council}", "markdown_text": "x" * 12_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "{gone}", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": "{council}", "text": "x"}, "invalid_arguments"),
    ("chat.delete", {"channel": "{council}", "ts": "{hers}"}, "cant_delete_message"),
    ("conversations.list", {"limit": "many"}, "invalid_arguments"),
    ("conversations.list", {"limit": "2000"}, "invalid_limit"),
    ("conversations.list", {"cursor": "b2Zmc2V0Og=="}, "invalid_cursor"),
    ("conversations.history", {"channel": "{elsewhere}"}, "not_in_channel"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "{ana},{ben}"}, "method_not_supported_for_channel_type"),
    ("conversations.join", {"channel": "{secret}"}, "channel_not_found"),
    ("conversations.join", {"channel": "{archived}"}, "is_archived"),
    ("conversations.join", {"channel": "{dm}"}, "method_not_supported_for_channel_type"),
    ("conversations.create", {}, "invalid_name_required"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.invite", {"channel": "{council}"}, "no_user"),
    (
        "conversations.invite",
        {"channel": "{dm}", "users": "{ben}"},
        "method_not_supported_for_channel_type",
    ),
    ("conversations.invite", {"channel": "{council}", "users": "{bot}"}, "cant_invite_self"),
    ("conversations.invite", {"channel": "{council}", "users": "{gone}"}, "cant_invite"),
    ("conversations.invite", {"channel": "{council}", "users": "U404"}, "user_not_found"),
    ("users.info", {}, "invalid_arguments"),
    ("team.info", {"team": "T404"}, "team_not_found"),
    ("views.open", {"trigger_id": "x"}, "invalid_arguments"),
    ("views.open", {"trigger_id": "x", "view": "{"}, "invalid_arguments"),
    ("views.update", {"view": "{}"}, "invalid_arguments"),
    (
        "reactions.add",
        {"channel": "{council}", "timestamp": "{hers}", "name": "not ok"},
        "invalid_name",
    ),
    ("files.getUploadURLExternal", {"filename": "a"}, "invalid_arguments"),
    (
        "files.getUploadURLExternal",
        {"filename": "a", "length": "1", "alt_txt": "x" * 1001},
        "alt_txt_too_large",
    ),
    *[
        (
            "chat.postMessage",
            {
                "channel": "{council}",
                "blocks": f'[{{"type": "image", "alt_text": "x", "slack_file": {shown}}}]',
            },
            "invalid_blocks",
        )
        for shown in ('{"id": "F404"}', '{"id": "{unfinished}"}', '{"url": "https://x/F404/a"}')
    ],
    ("files.completeUploadExternal", {}, "invalid_arguments"),
    ("files.completeUploadExternal", {"files": '[{"id": "F404"}]'}, "file_not_found"),
    (
        "files.completeUploadExternal",
        {"files": "{file}", "channel_id": "C404"},
        "channel_not_found",
    ),
    (
        "files.completeUploadExternal",
        {"files": "{file}", "channel_id": "{elsewhere}"},
        "not_in_channel",
    ),
    (
        "files.completeUploadExternal",
        {"files": "{file}", "channel_id": "{archived}"},
        "posting_to_channel_denied",
    ),
    (
        "files.completeUploadExternal",
        {"files": "{file}", "channels": "C," * 101},
        "channels_limit_exceeded",
    ),
]


async def filled(sandbox: Running, people: Any, fields: Json) -> Json:
    """Put the ids of this sandbox where a case names them."""
    workspace = sandbox.workspace
    gone = workspace.add_user("gone", deleted=True)
    bot = workspace.bot_user_id
    archived = workspace.add_channel("archived", is_archived=True, members=[bot])
    file = await upload(sandbox)
    names = {
        "council": people.council.id,
        "elsewhere": people.elsewhere.id,
        "secret": people.private.id,
        "archived": archived.id,
        "dm": workspace.dm(people.ana.id).id,
        "ana": people.ana.id,
        "ben": people.ben.id,
        "gone": gone.id,
        "bot": bot,
        "hers": workspace.add_message(people.council.id, people.ana.id, "hers").ts,
        "file": f'[{{"id": "{file}"}}]',
        "unfinished": file,
    }
    replaced = {}
    for name, value in fields.items():
        text = str(value)
        for word, known in names.items():
            text = text.replace("{" + word + "}", known)
        replaced[name] = text
    return replaced


async def upload(sandbox: Running) -> str:
    """Upload one byte and return the id of the file."""
    async with aiohttp.ClientSession() as session:
        call = Caller(session, sandbox)
        place = await call("files.getUploadURLExternal", {"filename": "a.txt", "length": "1"})
        async with session.post(place["upload_url"], data=b"x") as response:
            assert await response.text() == "OK - 1"
    return str(place["file_id"])


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0]}-{c[2]}-{i}" for i, c in enumerate(CASES)])
async def test_a_rare_mistake_has_slacks_own_error(
    sandbox: Running, people: Any, call: Caller, case: tuple[str, Json, str]
) -> None:
    method, fields, error = case
    answer = await call(method, await filled(sandbox, people, fields))
    assert (answer["ok"], answer.get("error")) == (False, error)


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_a_broken_json_body_is_refused(sandbox: Running, body: str, error: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.api_base_url}auth.test", data=body, headers=headers) as response,
    ):
        assert (await response.json())["error"] == error


async def test_a_completed_file_is_shown_by_its_id_or_address_and_completed_once(
    sandbox: Running, people: Any, call: Caller
) -> None:
    listed = json.dumps([{"id": await upload(sandbox)}])
    (file,) = (await call("files.completeUploadExternal", {"files": listed}))["files"]
    again = await call("files.completeUploadExternal", {"files": listed})
    assert again["error"] == "file_not_found"
    for shown in ({"id": file["id"]}, {"url": file["permalink"]}):
        image = {"type": "image", "alt_text": "x", "slack_file": shown}
        said = {"channel": people.council.id, "text": "x", "blocks": json.dumps([image])}
        assert (await call("chat.postMessage", said))["ok"]


@pytest.mark.parametrize(("size", "status"), [(1, 200), (2, 400)])
async def test_an_upload_must_have_the_announced_size_and_comes_once(
    sandbox: Running, call: Caller, size: int, status: int
) -> None:
    place = await call("files.getUploadURLExternal", {"filename": "a.txt", "length": "1"})
    form = aiohttp.FormData()
    form.add_field("file", b"x" * size, filename="a.txt")
    async with call.session.post(place["upload_url"], data=form) as response:
        assert response.status == status
    again = status if status == 400 else 404
    async with call.session.post(place["upload_url"], data=b"xx") as response:
        assert response.status == again
    async with call.session.get(f"{sandbox.url}/files/{place['file_id']}/a.txt") as response:
        assert response.status == 404  # not shared yet
