"""A client of the sandbox's control interface: seeds the workspace, acts as its people."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp

Json = dict[str, Any]


class RefusedError(Exception):
    """The sandbox's client would not let a person do that; `errors` says why, by field."""

    def __init__(self, reason: str, errors: Mapping[str, str]) -> None:
        super().__init__(f"{reason} {dict(errors)}")
        self.errors = dict(errors)


class ControlClient:
    """Speaks JSON with `/control/...`; use it as a context manager."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def get(self, path: str, **query: str) -> Json:
        """Read something, such as `/dm/ana`."""
        async with self._session.get(f"{self._url}{path}", params=query) as answer:
            return await self._checked(answer)

    async def post(self, path: str, body: Json) -> Json:
        """Change something, such as `/clock`."""
        async with self._session.post(f"{self._url}{path}", json=body) as answer:
            return await self._checked(answer)

    async def act(self, act: str, user: str, **arguments: Any) -> Json:
        """Do something as a person, such as `press`."""
        return await self.post(f"/act/{act}", {"user": user, **arguments})

    async def _checked(self, answer: aiohttp.ClientResponse) -> Json:
        body: Json = await answer.json()
        if answer.status == 409:  # noqa: PLR2004 - what a Slack client refuses by itself
            raise RefusedError(body["refused"], body["errors"])
        if answer.status >= 400:  # noqa: PLR2004 - HTTP
            msg = f"the sandbox refused {answer.url.path}: {body.get('error', body)}"
            raise RuntimeError(msg)
        return body
