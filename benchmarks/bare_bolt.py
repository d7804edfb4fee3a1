"""A Bolt app with an empty handler, in Socket Mode: what the bot's processor time is held against.

It knows who it is from the start, as the bot does; otherwise Bolt would ask Slack before each ack.
"""

import asyncio
import os

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None,
        team_id="T1",
        bot_token=os.environ["SLACK_BOT_TOKEN"],
        bot_id="B1",
        bot_user_id="U1",
    )


async def _empty(ack: AsyncAck) -> None:
    await ack()


async def run() -> None:
    """Answer `/project` with an empty acknowledgement until stopped."""
    base_url = os.environ["SLACK_API_BASE_URL"]
    app = AsyncApp(
        client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=base_url),
        authorize=_authorize,
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.command("/project")(_empty)
    handler = AsyncSocketModeHandler(
        app, os.environ["SLACK_APP_TOKEN"], web_client=AsyncWebClient(base_url=base_url)
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]
    print("connected", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run())
