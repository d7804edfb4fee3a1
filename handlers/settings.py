"""Everybody's own settings: the form that App Home opens, and what becomes of it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.health.settings import SettingsService
from domain.portfolio.people import PeopleService
from handlers.home import Home
from handlers.people import who
from message_templates.home.personal import SETTINGS, saved_note
from message_templates.home.settings import CALLBACK, read_settings, settings_view


def register(app: AsyncApp, settings: SettingsService, people: PeopleService, home: Home) -> None:
    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        own = await settings.settings(viewer, home.clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=settings_view(own))

    async def save(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        viewer = await who(people, body["user"]["id"])
        await settings.save(viewer, read_settings(body["view"]), home.clock.now())
        await ack()
        await home.publish(viewer, client, saved_note())

    app.action(SETTINGS)(open_form)
    app.view(CALLBACK)(save)
