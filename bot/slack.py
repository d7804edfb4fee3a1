"""The Slack client behind the domain's ports: one call each, its failures put into words."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.calls import Called, TimedClient, unheard
from bot.slack_errors import CALL_ERRORS, refused_upload, trouble_of
from domain.delivery.errors import Permanent, Transient
from domain.errors import UnreadableError
from domain.ports import Posted, SlackApp, SlackChannel, SlackUser, Stored

TIMEOUT_SECONDS = 10
PAGE_SIZE = 200
"""Slack's advice for everything that is read in pages."""

EVENT_TYPE = "pmobot_delivery"
"""The type of the metadata by which a posted message is found again."""

_LINK = re.compile(r"https?://[^\s<>|]{1,540}")
"""Nothing in it ends a link in a message, and a message has room for it."""

_SLACKBOT = "USLACKBOT"

_MOVED = range(300, 400)
_NOT_GIVEN = (
    "Slack does not let the bot read this file. Whoever runs the bot installs it anew with the "
    "scope `files:read` (`pmobot doctor` tells); then upload the file again."
)

_Method = Callable[..., Awaitable[AsyncSlackResponse]]


def posting_client(token: str | None, base_url: str, called: Called = unheard) -> AsyncWebClient:
    """A client that never repeats a call by itself: a repeated post is a second message."""
    return TimedClient(
        called=called, token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[]
    )


def reading_client(token: str, base_url: str, called: Called = unheard) -> AsyncWebClient:
    """A client that waits out rate limits and repeats what failed: reading twice does no harm."""
    return TimedClient(
        called=called,
        token=token,
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(max_retry_count=2),
            AsyncRateLimitErrorRetryHandler(max_retry_count=3),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ],
    )


class SlackMessenger:
    """Posts, edits and looks up messages; implements `domain.ports.Messenger`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open_dm(self, slack_id: str) -> str:
        """The id of the direct-message channel with a person."""
        with _translated():
            answer = await self._client.conversations_open(users=slack_id)
        return str(answer["channel"]["id"])

    async def upload(self, name: str, data: bytes, title: str, alt: str) -> Stored:
        """Upload a file without sharing it anywhere."""
        with _translated():
            told = await self._client.files_getUploadURLExternal(
                filename=name, length=len(data), alt_txt=alt or None
            )
            await self._send(str(told["upload_url"]), data)
            file_id = str(told["file_id"])
            done = await self._client.files_completeUploadExternal(
                files=[{"id": file_id, "title": title}]
            )
        return Stored(file_id, _link(done.get("files", [])))

    async def _send(self, address: str, data: bytes) -> None:
        """Send a file to the address that Slack gave for it; whoever knows that needs no token."""
        limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(
                address, data=data, proxy=self._client.proxy, ssl=self._client.ssl or True
            ) as answer,
        ):
            if not answer.ok:
                raise refused_upload(answer.status, answer.headers)

    async def post(
        self,
        channel_id: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]],
        opaque_id: str,
        thread_ts: str | None = None,
    ) -> Posted:
        """Post a message whose metadata carries `opaque_id`."""
        shares_files = "<http" in text  # people's words are escaped: only documents stand so in it
        with _translated():
            answer = await self._client.chat_postMessage(
                channel=channel_id,
                text=text,
                blocks=[dict(block) for block in blocks],
                thread_ts=thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"id": opaque_id}},
                unfurl_links=shares_files,
                unfurl_media=shares_files,
            )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, posted: Posted, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Bring a posted message to a newer value; its metadata stays."""
        with _translated():
            await self._client.chat_update(
                channel=posted.channel_id,
                ts=posted.ts,
                text=text,
                blocks=[dict(block) for block in blocks],
            )

    async def find(
        self, channel_id: str, opaque_id: str, since: datetime, thread_ts: str | None = None
    ) -> Posted | None:
        """Look up whether a message with that metadata was taken at or after `since`."""
        wanted: dict[str, Any] = {
            "channel": channel_id,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": True,
        }
        method: _Method = self._client.conversations_history
        if thread_ts is not None:
            method = self._client.conversations_replies
            wanted["ts"] = thread_ts
        async for message in _paged(method, "messages", wanted):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and payload.get("id") == opaque_id:
                return Posted(channel_id, str(message["ts"]))
        return None


class SlackFiles:
    """Fetches files that people have chosen in a form; implements `domain.ports.FileReader`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def fetch(self, address: str, most: int) -> bytes:
        """The first bytes of a file; the token goes to Slack alone."""
        host = urlsplit(address).netloc
        if host != urlsplit(self._client.base_url).netloc and not host.endswith(".slack.com"):
            raise UnreadableError(
                f"This file is not in Slack, but at {host}: upload the file itself."
            )
        limit = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        head = {"Authorization": f"Bearer {self._client.token}"}
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.get(
                    address,
                    headers=head,
                    allow_redirects=False,
                    proxy=self._client.proxy,
                    ssl=self._client.ssl or True,
                ) as answer,
            ):
                # Without the scope Slack sends its page for signing in, as if all were well.
                if not answer.ok or answer.content_type == "text/html" or answer.status in _MOVED:
                    raise UnreadableError(_NOT_GIVEN)
                return await _first(answer.content, most)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnreadableError("Slack did not send the file. Try again in a minute.") from error


async def _first(content: aiohttp.StreamReader, most: int) -> bytes:
    """As much of a stream as is wanted, which `read(n)` alone does not promise."""
    found = b""
    while len(found) < most and (more := await content.read(most - len(found))):
        found += more
    return found


class SlackDirectory:
    """Reads people and channels as they are now; implements `domain.ports.Directory`."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def users(self) -> Sequence[SlackUser]:
        """Everybody, guests and people who left included."""
        listed = _paged(self._client.users_list, "members", {})
        return [slack_user(member) async for member in listed]

    async def user(self, slack_id: str) -> SlackUser | None:
        """One person, or None if Slack knows nobody of that id."""
        try:
            with _translated():
                answer = await self._client.users_info(user=slack_id)
        except Permanent as trouble:
            if trouble.code == "user_not_found":
                return None
            raise
        return slack_user(answer["user"])

    async def channels(self) -> Sequence[SlackChannel]:
        """Every channel that the bot can see."""
        wanted = {"types": "public_channel,private_channel"}
        listed = _paged(self._client.conversations_list, "channels", wanted)
        return [_channel(channel) async for channel in listed]

    async def app(self) -> SlackApp:
        """The app itself; both facts stand in the head of Slack's answer."""
        with _translated():
            answer = await self._client.auth_test()
        now = datetime.now(UTC)
        head = {name.lower(): value for name, value in answer.headers.items()}
        scopes = (scope.strip() for scope in head.get("x-oauth-scopes", "").split(","))
        return SlackApp(
            scopes=frozenset(filter(None, scopes)),
            skew=_skew(head.get("date", ""), now),
            team_id=answer["team_id"],
            team=answer["team"],
        )

    async def link(self, channel_id: str, ts: str, reader: str) -> str:
        """A link to a message; empty for whoever is not in its channel, unless that is public."""
        with _translated():
            told = await self._client.conversations_info(channel=channel_id)
        if told["channel"].get("is_private") and not await self._is_in(channel_id, reader):
            return ""
        with _translated():
            found = await self._client.chat_getPermalink(channel=channel_id, message_ts=ts)
        return str(found["permalink"])

    async def _is_in(self, channel_id: str, slack_id: str) -> bool:
        listed = _paged(self._client.conversations_members, "members", {"channel": channel_id})
        return slack_id in [member async for member in listed]


def _skew(date: str, now: datetime) -> timedelta | None:
    """How far the machine's clock is ahead; Slack tells whole seconds, the way takes some more."""
    try:
        return now - parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None


def _link(files: Sequence[Mapping[str, Any]]) -> str:
    """The link to the only file that was completed; messages contain it, so it must be one."""
    for file in files:
        if _LINK.fullmatch(link := str(file.get("permalink"))):
            return link
    raise Transient("no_permalink", "Slack did not tell the link to a file that it took")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except CALL_ERRORS as error:
        raise trouble_of(error) from error


async def _paged(method: _Method, items: str, arguments: Mapping[str, Any]) -> AsyncIterator[Any]:
    cursor: str | None = None
    while cursor != "":
        with _translated():
            answer = await method(**arguments, limit=PAGE_SIZE, cursor=cursor)
        listed: Sequence[Any] = answer.get(items, [])
        for item in listed:
            yield item
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""


def slack_user(member: Mapping[str, Any]) -> SlackUser:
    """A person out of Slack's JSON: a list's item, or what an event carries."""
    profile = member.get("profile") or {}
    return SlackUser(
        slack_id=member["id"],
        name=profile.get("real_name") or member.get("real_name") or member["name"],
        email=profile.get("email") or None,
        timezone=member.get("tz") or None,
        is_guest=bool(member.get("is_restricted") or member.get("is_ultra_restricted")),
        is_gone=bool(member.get("deleted")),
        is_bot=bool(member.get("is_bot")) or member["id"] == _SLACKBOT,
        status_emoji=profile.get("status_emoji") or "",
        status_ends_at=_instant(profile.get("status_expiration")),
    )


def _instant(seconds: Any) -> datetime | None:
    """When a status ends; Slack says 0 where it never does."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _channel(channel: Mapping[str, Any]) -> SlackChannel:
    return SlackChannel(
        channel_id=channel["id"],
        name=channel["name"],
        is_private=bool(channel.get("is_private")),
        is_archived=bool(channel.get("is_archived")),
        is_member=bool(channel.get("is_member")),
    )
