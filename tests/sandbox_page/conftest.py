"""What the tests of the sandbox's page share."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.page.render import RenderContext


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
