"""What the tests of the sandbox's page share: a viewer, a running sandbox, an app, a browser."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import SandboxOptions, running_sandbox
from sandbox.delivery import DeliveryTiming
from sandbox.page.render import RenderContext
from tests.sandbox_page.world import World, connected_app, seed

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def context() -> RenderContext:
    return RenderContext(
        zone=ZoneInfo("America/New_York"),
        now=datetime(2026, 11, 25, 15, 0, tzinfo=UTC),
        people={"U1": "Ana Silva", "U2": "Omar <b>"},
        channels={"C1": "its-council"},
        viewer="U1",
        scope="m",
    )


@pytest_asyncio.fixture(loop_scope="module")
async def world() -> AsyncIterator[World]:
    options = SandboxOptions(timing=DeliveryTiming(ack_seconds=1.0))
    async with running_sandbox(options=options) as sandbox:
        yield seed(sandbox)


@pytest_asyncio.fixture(loop_scope="module")
async def app_client(world: World) -> AsyncIterator[AsyncWebClient]:
    async with connected_app(world.sandbox) as client:
        yield client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("These tests need a browser: install Debian's package chromium.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A page of a browser; a script error on it fails the test."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(5_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    await page.close()
    assert errors == []
