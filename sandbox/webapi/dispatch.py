"""From an HTTP request to the answer of a Web API method: arguments, token, limits, scopes."""

import json
from typing import Any

from aiohttp import web

from sandbox.args import Args
from sandbox.calls import CallLog
from sandbox.errors import SlackError
from sandbox.faults import Faults, ratelimited
from sandbox.ratelimits import RateLimits
from sandbox.scopes import METHOD_SCOPES
from sandbox.tokens import Tokens, bearer_of
from sandbox.webapi.context import Api, missing_scope
from sandbox.webapi.methods import METHODS, Method
from sandbox.workspace import Json


class WebApi:
    """Serves `/api/<method>`."""

    def __init__(
        self,
        api: Api,
        calls: CallLog,
        faults: Faults,
        tokens: Tokens,
        limits: RateLimits | None = None,
    ) -> None:
        self.api = api
        self.calls = calls
        self.faults = faults
        self.tokens = tokens
        self.limits = limits

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name = request.match_info["method"]
        self.calls.count(name)
        fault = await self.faults.take(name)
        if fault is not None and not fault.executes:
            self.calls.refused(name, SlackError(f"injected_{fault.kind}"))
            return fault.response(request)
        response = await self._answer(name, request)
        return response if fault is None else fault.response(request)

    async def _answer(self, name: str, request: web.Request) -> web.Response:
        try:
            method = _method(name)
            args = Args(await _arguments(request, json_body=method.json_body))
            self._check_token(method, _token(request, args))
            wait = self._wait(name, method, args)
            if wait:
                self.calls.refused(name, SlackError("ratelimited"))
                return ratelimited(wait)
            self._check_scopes(name)
            body: Json = {"ok": True, **method.handler(self.api, args)}
        except SlackError as error:
            self.calls.refused(name, error)
            body = error.body()
        return web.json_response(body, headers=self._headers(name))

    def _check_token(self, method: Method, token: str) -> None:
        if method.caller == "anyone":
            return
        if not token:
            raise SlackError("not_authed")
        kind = self.tokens.kind_of(token)
        if kind is None:
            raise SlackError("invalid_auth")
        if kind != method.caller:
            raise SlackError("not_allowed_token_type")

    def _wait(self, name: str, method: Method, args: Args) -> int:
        if self.limits is None:
            return 0
        return self.limits.retry_after(
            name, method.tier, args.text("channel") or args.text("channel_id")
        )

    def _check_scopes(self, name: str) -> None:
        needed = METHOD_SCOPES[name]
        if needed and not self.api.config.scopes.intersection(needed):
            raise missing_scope(needed, self.api.config)

    def _headers(self, name: str) -> dict[str, str]:
        return {
            "x-oauth-scopes": ",".join(sorted(self.api.config.scopes)),
            "x-accepted-oauth-scopes": ",".join(METHOD_SCOPES.get(name, ())),
        }


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


async def _arguments(request: web.Request, *, json_body: bool) -> dict[str, Any]:
    values: dict[str, Any] = dict(request.query)
    if request.method != "POST":
        return values
    if request.content_type == "application/json":
        return values | (_json_object(await request.text()) if json_body else {})
    return values | dict(await request.post())


def _json_object(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _token(request: web.Request, args: Args) -> str:
    return bearer_of(request.headers.get("Authorization", "")) or args.text("token")
