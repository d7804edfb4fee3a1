"""Who looks, and when: what rendering needs to know besides the blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """The names and the clock of one viewer.

    `state` holds what is typed in a view so far, in Slack's shape (block_id -> action_id ->
    value); `scope` keeps element ids apart on a page.
    """

    zone: tzinfo
    now: datetime
    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """Addresses of the uploaded files, by file id."""
    state: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    viewer: str = ""
    scope: str = "b"
