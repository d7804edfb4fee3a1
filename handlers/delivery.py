"""Slack's side of delivery: what hindered it may have been mended."""

from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from domain.delivery.sending import DeliveryService
from domain.ports import Clock


def register(app: AsyncApp, delivery: DeliveryService, clock: Clock) -> None:
    async def joined(event: dict[str, Any], context: AsyncBoltContext) -> None:
        # The cure that the PMO is told for a channel without the bot is to invite it.
        if event["user"] == context.bot_user_id:
            await delivery.try_again(event["channel"], clock.now())

    async def unarchived(event: dict[str, Any]) -> None:
        await delivery.try_again(event["channel"], clock.now())

    app.event("member_joined_channel")(joined)
    app.event("channel_unarchive")(unarchived)
    app.event("group_unarchive")(unarchived)  # of private channels
