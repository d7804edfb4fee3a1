"""Puts the sandbox together: one aiohttp application, and a running one for tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web

from sandbox.acting import Acting
from sandbox.calls import CallLog
from sandbox.control import Control
from sandbox.delivery import Delivery, DeliveryTiming
from sandbox.faults import Faults
from sandbox.keys import ACTING, SANDBOX, WORKSPACE
from sandbox.manifest import AppConfig
from sandbox.parts import Parts
from sandbox.ratelimits import RateLimits
from sandbox.signed_http import SignedHttp
from sandbox.socket_mode import SocketHub
from sandbox.state import StateFile
from sandbox.tokens import Tokens
from sandbox.webapi import WebApi
from sandbox.webapi.context import Api
from sandbox.webapi.files import download, receive
from sandbox.workspace import Workspace

UPLOAD_MAX_BYTES = 64 * 1024 * 1024
PAGE_SHUTDOWN_SECONDS = 1.0


@dataclass(frozen=True)
class SandboxOptions:
    """How a sandbox behaves; the defaults suit one app without a manifest in Socket Mode."""

    config: AppConfig = field(default_factory=AppConfig)
    tokens: Tokens = field(default_factory=Tokens)
    timing: DeliveryTiming = field(default_factory=DeliveryTiming)
    events_url: str = ""
    """Where to post events, signed; empty: Socket Mode."""
    signing_secret: str = ""
    rate_limits: bool = False
    evenly: frozenset[str] = frozenset()
    """Methods whose calls the rate limits want evenly spread, without any burst."""
    state: Path | None = None
    """The file that keeps the workspace over a restart."""


def build_app(
    workspace: Workspace | None = None, options: SandboxOptions | None = None
) -> web.Application:
    """Return the application, with page, Web API, Socket Mode and control interface."""
    options = options or SandboxOptions()
    parts = _parts(workspace or Workspace(bot_name=options.config.name), options)
    app = web.Application(client_max_size=UPLOAD_MAX_BYTES)
    app[WORKSPACE], app[ACTING], app[SANDBOX] = parts.workspace, parts.acting, parts
    web_api = WebApi(
        Api(
            workspace=parts.workspace,
            posting=parts.acting.posting,
            viewing=parts.acting.viewing,
            sockets=parts.sockets,
            config=options.config,
        ),
        parts.calls,
        parts.faults,
        options.tokens,
        _rate_limits(parts.workspace, options),
    )
    app.router.add_route("GET", "/api/{method}", web_api.handle)
    app.router.add_route("POST", "/api/{method}", web_api.handle)
    app.router.add_get("/link", parts.sockets.handle)
    take = partial(receive, parts.workspace, parts.calls, parts.faults)
    app.router.add_post("/upload/v1/{file}", take)
    app.router.add_get(
        "/files/{file}/{name}", partial(download, parts.workspace, options.config, options.tokens)
    )
    for kind in ("actions", "commands", "app"):
        app.router.add_post(f"/{kind}/{{team}}/{{n}}/{{secret}}", parts.acting.responding.handle)
    Control(parts).add_routes(app.router)
    app.cleanup_ctx.append(_life)
    _mount_page(app)
    return app


@dataclass(frozen=True)
class Running:
    """A sandbox that serves on a port of this machine."""

    url: str
    parts: Parts

    @property
    def api_base_url(self) -> str:
        """The base address for a Slack client, with the slash at the end."""
        return f"{self.url}/api/"

    @property
    def control_url(self) -> str:
        """The address of the control interface."""
        return f"{self.url}/control"

    @property
    def workspace(self) -> Workspace:
        """What the workspace holds."""
        return self.parts.workspace

    @property
    def acting(self) -> Acting:
        """The way to act as a person."""
        return self.parts.acting

    @property
    def delivery(self) -> Delivery:
        """The way to the app."""
        return self.parts.delivery

    @property
    def faults(self) -> Faults:
        """What goes wrong on demand."""
        return self.parts.faults

    @property
    def calls(self) -> CallLog:
        """The app's calls and their refusals."""
        return self.parts.calls


@asynccontextmanager
async def running_sandbox(
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    workspace: Workspace | None = None,
    options: SandboxOptions | None = None,
) -> AsyncIterator[Running]:
    """Serve a sandbox until the block ends; `port` 0 takes any free one."""
    app = build_app(workspace, options)
    runner = web.AppRunner(app, shutdown_timeout=PAGE_SHUTDOWN_SECONDS, access_log=None)
    parts = app[SANDBOX]
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        parts.workspace.base_url = f"http://{host}:{bound}"
        if parts.http is not None:
            await parts.http.start()
        yield Running(parts.workspace.base_url, parts)
    finally:
        await parts.close_connections()
        await runner.cleanup()


def _rate_limits(workspace: Workspace, options: SandboxOptions) -> RateLimits | None:
    if not options.rate_limits:
        return None
    return RateLimits(workspace.clock, options.evenly)


def _parts(workspace: Workspace, options: SandboxOptions) -> Parts:
    state = StateFile(workspace, options.state) if options.state else None
    if state is not None:
        state.load()
    calls = CallLog(workspace.clock)
    sockets = SocketHub(workspace, options.timing.ack_seconds)
    http = None
    if options.events_url:
        sockets.enabled = False
        http = SignedHttp(
            workspace, options.events_url, options.signing_secret, options.timing.ack_seconds
        )
    delivery = Delivery(workspace, options.config, http or sockets, options.timing)
    return Parts(
        workspace=workspace,
        acting=Acting(workspace, delivery, calls),
        delivery=delivery,
        sockets=sockets,
        http=http,
        calls=calls,
        faults=Faults(),
        state=state,
    )


async def _life(app: web.Application) -> AsyncIterator[None]:
    parts = app[SANDBOX]
    if parts.state is not None:
        parts.state.start()
    yield
    await parts.delivery.close()
    if parts.http is not None:
        await parts.http.close()
    if parts.state is not None:
        await parts.state.close()


def _mount_page(app: web.Application) -> None:
    from sandbox import page

    page.setup(app)
