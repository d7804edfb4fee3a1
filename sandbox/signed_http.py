"""Signed HTTP: posts each envelope to the app's events URL, as Slack does without Socket Mode."""

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.delivery import VERIFICATION_TOKEN, Ack, Envelope
from sandbox.workspace import Change, Json, Workspace

log = logging.getLogger(__name__)

VERIFY_EVERY_SECONDS = 0.2
MAX_REDIRECTS = 2


def sign(secret: str, timestamp: int, body: str) -> str:
    """Return Slack's signature (v0) of a request body."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


class SignedHttp:
    """The events URL of the app; implements `Transport`."""

    def __init__(
        self, workspace: Workspace, url: str, signing_secret: str, ack_seconds: float
    ) -> None:
        self.workspace = workspace
        self.url = url
        self.signing_secret = signing_secret
        self.ack_seconds = ack_seconds
        self.verified = False
        self._session: aiohttp.ClientSession | None = None
        self._verifying: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether the URL has answered Slack's challenge."""
        return self.verified

    async def start(self) -> None:
        """Begin to ask the URL for the challenge, until it answers."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._verifying = asyncio.create_task(self._verify())

    async def close(self) -> None:
        """Stop asking and close the connections."""
        if self._verifying is not None:
            self._verifying.cancel()
            with suppress(asyncio.CancelledError):
                await self._verifying
        if self._session is not None:
            await self._session.close()

    async def send(self, envelope: Envelope) -> Ack:
        """Post once and read the acknowledgement from the response."""
        content_type, body = _body(envelope)
        headers = self._headers(content_type, body)
        if envelope.retry_attempt:
            headers["X-Slack-Retry-Num"] = str(envelope.retry_attempt)
            headers["X-Slack-Retry-Reason"] = envelope.retry_reason
        return await self._post(headers, body)

    async def _post(self, headers: dict[str, str], body: str) -> Ack:
        if self._session is None:
            raise RuntimeError("SignedHttp.send before start()")
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.ack_seconds),
                self._session.post(
                    self.url, data=body.encode(), headers=headers, max_redirects=MAX_REDIRECTS
                ) as response,
            ):
                return _ack(response, await response.text(), (time.monotonic() - began) * 1000)
        except TimeoutError:
            detail = f"The app did not acknowledge within {self.ack_seconds:g} seconds."
            return Ack(
                ok=False, problem="operation_timeout", detail=detail, retry_reason="http_timeout"
            )
        except aiohttp.TooManyRedirects:
            detail = "The events URL redirects too often."
            return Ack(
                ok=False,
                problem="dispatch_failed",
                detail=detail,
                retry_reason="too_many_redirects",
            )
        except aiohttp.ClientError as error:
            detail = f"The app cannot be reached at {self.url}: {error}"
            return Ack(
                ok=False,
                problem="dispatch_failed",
                detail=detail,
                retry_reason="connection_failed",
            )

    def _headers(self, content_type: str, body: str) -> dict[str, str]:
        timestamp = int(self.workspace.clock.now().timestamp())
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": sign(self.signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (sandbox)",
        }

    async def _verify(self) -> None:
        while not self.verified:
            challenge = secrets.token_urlsafe(32)
            body = json.dumps(
                {
                    "token": VERIFICATION_TOKEN,
                    "challenge": challenge,
                    "type": "url_verification",
                }
            )
            ack = await self._post(self._headers("application/json", body), body)
            self.verified = ack.ok and _challenge_of(ack.body) == challenge
            if not self.verified:
                log.debug("The events URL did not answer the challenge: %s", ack.detail)
                await asyncio.sleep(VERIFY_EVERY_SECONDS)
        self.workspace.announce(Change("link"))


def _body(envelope: Envelope) -> tuple[str, str]:
    form = "application/x-www-form-urlencoded"
    if envelope.type == "events_api":
        return "application/json", json.dumps(envelope.payload)
    if envelope.type == "slash_commands":
        return form, urlencode(envelope.payload)
    return form, urlencode({"payload": json.dumps(envelope.payload)})


def _ack(response: aiohttp.ClientResponse, text: str, ms: float) -> Ack:
    if response.status != 200:  # noqa: PLR2004 - HTTP OK; Slack takes nothing else
        return Ack(
            ok=False,
            problem="dispatch_failed",
            detail=f"The app answered with HTTP {response.status}.",
            retry_reason="http_error",
            ms=ms,
            retry=response.headers.get("x-slack-no-retry") != "1",
        )
    return Ack(ok=True, ms=ms, body=_parse(text))


def _parse(text: str) -> Json | str | None:
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, dict) else text


def _challenge_of(body: Any) -> str:
    return str(body.get("challenge", "")) if isinstance(body, dict) else str(body or "").strip()
