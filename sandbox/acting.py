"""Acting as a person of the workspace: what a Slack client does, for the page, tests and control.

Every method raises `ClientRefusal` for what a Slack client would not let a person do.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.delivery import Delivery
from sandbox.workspace import Workspace


class ClientRefusal(Exception):  # noqa: N818 - it is a refusal, not a failure of the program
    """What the Slack client itself refuses, before anything is sent to the app."""

    def __init__(self, reason: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.errors = errors or {}
        """Messages for input blocks, by block_id."""


@dataclass(frozen=True)
class ActionResult:
    """What came of an act: whether the app acknowledged it, and what the person sees."""

    ok: bool
    """The app acknowledged (or nothing had to be acknowledged)."""
    problem: str = ""
    """Slack's word for what went wrong: operation_timeout, dispatch_failed, ..."""
    detail: str = ""
    """The same in plain words, with the likely cause."""
    ack_ms: float | None = None
    """Milliseconds until the acknowledgement; None where nothing is acknowledged."""
    errors: dict[str, str] | None = None
    """The app's field errors by block_id (response_action `errors`), or None."""
    view_id: str | None = None
    """The modal that opened meanwhile, if any (an app may also open it a little later)."""
    channel: str | None = None
    ts: str | None = None
    """The message that was posted, if any."""


class Acting:
    """Acts as any person of the workspace."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self.workspace = workspace
        self.delivery = delivery

    async def post(
        self, user: str, channel: str, text: str, thread_ts: str | None = None
    ) -> ActionResult:
        """Write a message; `@name` and `#channel` become mentions, as in a Slack client."""
        raise NotImplementedError

    async def open_dm(self, user: str) -> ActionResult:
        """Open the direct message with the app (its Messages tab)."""
        raise NotImplementedError

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
    ) -> ActionResult:
        """Press a button of a message, or choose `value` in a select, date picker, ..."""
        raise NotImplementedError

    async def command(self, user: str, channel: str, command: str, text: str = "") -> ActionResult:
        """Type a slash command in a conversation."""
        raise NotImplementedError

    async def open_home(self, user: str) -> ActionResult:
        """Open the app's Home tab."""
        raise NotImplementedError

    async def press_in_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        block_id: str | None = None,
        value: Any = None,
        state: dict[str, Any] | None = None,
    ) -> ActionResult:
        """Press or choose in a modal or App Home; `state` is what is typed so far, by block_id."""
        raise NotImplementedError

    async def submit_view(
        self, user: str, view_id: str, values: dict[str, Any] | None = None
    ) -> ActionResult:
        """Submit a modal; `values` by block_id: text, option value, date, list or None."""
        raise NotImplementedError

    async def close_view(self, user: str, view_id: str, *, clear: bool = False) -> ActionResult:
        """Close a modal (with `clear`, the whole stack: the x in the corner)."""
        raise NotImplementedError

    async def shortcut(self, user: str, callback_id: str) -> ActionResult:
        """Use one of the app's global shortcuts."""
        raise NotImplementedError

    async def join(self, user: str, channel: str) -> ActionResult:
        """Join a public channel."""
        raise NotImplementedError

    async def leave(self, user: str, channel: str) -> ActionResult:
        """Leave a channel."""
        raise NotImplementedError

    async def invite(self, user: str, channel: str, invited: str) -> ActionResult:
        """Add `invited` (a person or the app) to a channel that `user` is in."""
        raise NotImplementedError
