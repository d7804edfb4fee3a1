"""What each failure of a call to Slack means, over the wire wherever the sandbox can fail so."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.slack import SlackMessenger, posting_client
from bot.slack_errors import refused_upload, trouble_of
from domain.delivery.errors import (
    Ambiguous,
    DeliveryTrouble,
    Disconnected,
    FileRefused,
    Permanent,
    PictureNotReady,
    RetryAfter,
    Transient,
)
from sandbox.app import Running, running_sandbox
from sandbox.faults import Fault

TOKEN = "xoxb-1"  # noqa: S105 - the sandbox takes any


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running_sandbox() as running:
        yield running


@pytest.fixture
def channel(sandbox: Running) -> str:
    return sandbox.workspace.add_channel("general", members=[sandbox.workspace.bot_user_id]).id


def refusal(response: Any) -> SlackApiError:
    """What slack_sdk raises for an answer."""
    return SlackApiError("x", response)  # type: ignore[no-untyped-call]


async def trouble_with_posting(url: str, channel: str) -> DeliveryTrouble:
    messenger = SlackMessenger(posting_client(TOKEN, url))
    with pytest.raises(DeliveryTrouble) as raised:
        await messenger.post(channel, "x", [], "id")
    return raised.value


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ("not_in_channel", Permanent, "invite the bot: /invite @pmobot"),
        ("channel_not_found", Permanent, "does not exist or the bot cannot see it"),
        ("is_archived", Permanent, "unarchive it, or give the council another channel"),
        ("user_not_found", Permanent, "Slack knows nobody of that id"),
        ("edit_window_closed", Permanent, "does not let messages of that age be edited"),
        ("message_not_found", Permanent, "was deleted in Slack"),
        ("cant_update_message", Permanent, "not the bot's own"),
        ("msg_too_long", Permanent, "a fault of the bot: report it"),
        ("some_new_error", Permanent, "Slack does not take it (some_new_error)"),
        ("account_inactive", Disconnected, "install the app anew"),
        ("invalid_auth", Disconnected, "set SLACK_BOT_TOKEN"),
        ("token_revoked", Disconnected, "the bot's token was revoked"),
        ("service_unavailable", Transient, "Slack is not available"),
        ("internal_error", Ambiguous, "Slack failed (internal_error)"),
        ("fatal_error", Ambiguous, "Slack failed (fatal_error)"),
        ("rate_limited", RetryAfter, "wait 30 seconds"),
    ],
)
async def test_each_error_of_slack_has_a_meaning(
    sandbox: Running, channel: str, error: str, kind: type[DeliveryTrouble], words: str
) -> None:
    sandbox.faults.add(Fault("chat.postMessage", "error", error=error))
    trouble = await trouble_with_posting(sandbox.api_base_url, channel)
    assert type(trouble) is kind
    assert words in str(trouble)
    if kind is not RetryAfter:
        assert trouble.code == error


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault("*", "status", status=500), Ambiguous, "http_500"),
        (Fault("*", "status", status=503), Ambiguous, "http_503"),
        (Fault("*", "html", status=502), Ambiguous, "http_502"),
        (Fault("*", "html", status=200), Ambiguous, "http_200"),
        (Fault("*", "html", status=407), Transient, "http_407"),
        (Fault("*", "drop"), Ambiguous, "no_answer"),
    ],
)
async def test_an_answer_that_is_not_slack_s_may_hide_a_success(
    sandbox: Running, channel: str, fault: Fault, kind: type[DeliveryTrouble], code: str
) -> None:
    sandbox.faults.add(Fault(fault.method, fault.kind, status=fault.status))
    trouble = await trouble_with_posting(sandbox.api_base_url, channel)
    assert (type(trouble), trouble.code) == (kind, code)


async def test_an_answer_that_takes_too_long_may_hide_a_success(
    sandbox: Running, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.faults.delays["chat.postMessage"] = 0.3
    monkeypatch.setattr("bot.slack.TIMEOUT_SECONDS", 0.05)
    trouble = await trouble_with_posting(sandbox.api_base_url, channel)
    assert (type(trouble), trouble.code) == (Ambiguous, "no_answer")
    sandbox.faults.clear()


async def test_what_was_never_sent_is_simply_tried_again(unused_tcp_port: int) -> None:
    trouble = await trouble_with_posting(f"http://127.0.0.1:{unused_tcp_port}/api/", "C1")
    assert (type(trouble), trouble.code) == (Transient, "unreachable")


async def test_slack_s_wish_to_wait_is_read_from_the_header(sandbox: Running, channel: str) -> None:
    sandbox.faults.add(Fault("*", "ratelimited", retry_after=7))
    trouble = await trouble_with_posting(sandbox.api_base_url, channel)
    assert isinstance(trouble, RetryAfter)
    assert trouble.seconds == 7


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "3"}, 3), ({"Retry-After": "soon"}, 30), ({}, 30)],
)
def test_a_wish_to_wait_without_a_number_means_half_a_minute(
    headers: dict[str, str], seconds: float
) -> None:
    response = SimpleNamespace(data={"error": "ratelimited"}, status_code=429, headers=headers)
    trouble = trouble_of(refusal(response))
    assert isinstance(trouble, RetryAfter)
    assert trouble.seconds == seconds


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (SimpleNamespace(status=200), Ambiguous),  # aiohttp's own: its body could not be read
        (SimpleNamespace(data="<html>", status_code=404), Transient),
        (SimpleNamespace(data=b"", status_code=500), Ambiguous),
    ],
)
def test_an_unreadable_answer_is_no_crash(response: Any, kind: type[DeliveryTrouble]) -> None:
    assert type(trouble_of(refusal(response))) is kind


def test_a_missing_scope_is_named() -> None:
    data = {"error": "missing_scope", "needed": "channels:history", "provided": "chat:write"}
    trouble = trouble_of(refusal(SimpleNamespace(data=data, status_code=200)))
    assert isinstance(trouble, Permanent)
    assert "lacks the scope channels:history" in trouble.reason


def wrong_blocks(told: str) -> DeliveryTrouble:
    data = {"error": "invalid_blocks", "response_metadata": {"messages": [f"[ERROR] {told}"]}}
    return trouble_of(refusal(SimpleNamespace(data=data, status_code=200)))


def test_what_slack_finds_wrong_in_a_message_is_passed_on() -> None:
    trouble = wrong_blocks("must be less than 3001 [json-pointer:/blocks/0/text]")
    assert isinstance(trouble, Permanent)
    assert "json-pointer:/blocks/0/text" in trouble.reason


def test_a_file_that_slack_does_not_know_may_only_not_be_ready() -> None:
    trouble = wrong_blocks("invalid slack file [json-pointer:/blocks/0/slack_file]")
    assert isinstance(trouble, PictureNotReady)
    assert trouble.cure


@pytest.mark.parametrize("code", ["file_uploads_disabled", "storage_limit_reached"])
def test_no_room_for_files_is_the_workspace_s_trouble_and_not_the_channel_s(code: str) -> None:
    trouble = trouble_of(refusal(SimpleNamespace(data={"error": code}, status_code=200)))
    assert isinstance(trouble, Permanent)
    assert not trouble.is_local
    assert trouble.cure


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (403, Transient, "answered HTTP 403"),  # the address has expired: another one is asked for
        (413, Permanent, "the file is too large"),
        (429, RetryAfter, "wait 9 seconds"),
    ],
)
def test_what_the_file_server_answers_has_a_meaning(
    status: int, kind: type[DeliveryTrouble], words: str
) -> None:
    trouble = refused_upload(status, {"Retry-After": "9"})
    assert type(trouble) is kind
    assert words in str(trouble)


@pytest.mark.parametrize("code", ["blocked_file_type", "slack_connect_file_link_sharing_blocked"])
def test_a_post_that_is_refused_for_its_file_is_told_from_others(code: str) -> None:
    trouble = trouble_of(refusal(SimpleNamespace(data={"error": code}, status_code=200)))
    assert isinstance(trouble, FileRefused)
    assert trouble.cure


async def test_a_file_whose_link_is_not_told_is_uploaded_again(
    sandbox: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger = SlackMessenger(posting_client(TOKEN, sandbox.api_base_url))
    stored = await messenger.upload("a b.txt", b"a", "A", "")
    assert stored.link == f"{sandbox.url}/files/{stored.file_id}/a%20b.txt"
    monkeypatch.setattr("sandbox.webapi.files.file_json", lambda _workspace, _file: {})
    with pytest.raises(Transient, match="did not tell the link"):
        await messenger.upload("a.txt", b"a", "A", "")


async def test_a_look_up_reads_nothing_older_than_it_must(sandbox: Running, channel: str) -> None:
    messenger = SlackMessenger(posting_client(TOKEN, sandbox.api_base_url))
    posted = await messenger.post(channel, "x", [], "mine")
    await messenger.post(channel, "y", [], "other")
    long_ago, far_ahead = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert await messenger.find(channel, "mine", long_ago) == posted
    assert await messenger.find(channel, "mine", far_ahead) is None
    assert await messenger.find(channel, "nobody's", long_ago) is None
