"""A small seeded workspace, and a small Bolt app that lives in it, to look at through the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.app import Running
from sandbox.workspace import Channel, User

Payload = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A running sandbox with a few people: Ana and Omar in a council, Paul who is a guest."""

    sandbox: Running
    ana: User
    omar: User
    paul: User
    council: Channel
    office: Channel
    """Private: Omar and the app."""

    @property
    def app_user(self) -> str:
        return self.sandbox.workspace.bot_user_id

    def say(self, channel: Channel, user: str, text: str, **fields: Any) -> str:
        return self.sandbox.workspace.add_message(channel.id, user, text, **fields).ts

    def address(self, user: User, place: str = "") -> str:
        return f"{self.sandbox.url}/u/{user.id}/{place}"


def seed(sandbox: Running) -> World:
    workspace = sandbox.workspace
    workspace.clock.set_time(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    zone = "America/New_York"
    ana = workspace.add_user("ana", real_name="Ana Silva", tz=zone, title="Project manager")
    omar = workspace.add_user("omar", real_name="Omar Haddad", tz="Asia/Tokyo", title="Sponsor")
    paul = workspace.add_user("paul", real_name="Paul Petit", is_restricted=True)
    app = workspace.bot_user_id
    council = workspace.add_channel("its-council", members=[ana.id, omar.id, app])
    office = workspace.add_channel("pmo-office", is_private=True, members=[omar.id, app])
    return World(sandbox, ana, omar, paul, council, office)


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def button(action_id: str, text: str) -> Payload:
    return {"type": "button", "action_id": action_id, "text": plain(text)}


REQUEST_BLOCKS: list[Payload] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Apollo* is due"}},
    {"type": "actions", "elements": [button("answer", "Give status")]},
]

FORM: Payload = {
    "type": "modal",
    "callback_id": "report",
    "title": plain("Status report"),
    "submit": plain("Send report"),
    "blocks": [
        {
            "type": "input",
            "block_id": "health",
            "label": plain("Health"),
            "element": {
                "type": "static_select",
                "action_id": "v",
                "options": [
                    {"text": plain("Green"), "value": "green"},
                    {"text": plain("Red"), "value": "red"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "done",
            "label": plain("Done"),
            "element": {"type": "plain_text_input", "action_id": "v", "multiline": True},
        },
        {"type": "actions", "block_id": "more", "elements": [button("dimensions", "Dimensions")]},
    ],
}

DIMENSIONS: Payload = {
    "type": "modal",
    "title": plain("Dimensions"),
    "close": plain("Back"),
    "blocks": [{"type": "section", "text": plain("Schedule, budget, scope")}],
}


async def give_status(ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=FORM)


async def show_dimensions(ack: AsyncAck, body: Payload, client: AsyncWebClient) -> None:
    await ack()
    await client.views_push(trigger_id=body["trigger_id"], view=DIMENSIONS)


async def take_report(ack: AsyncAck, body: Payload, view: Payload, client: AsyncWebClient) -> None:
    values = view["state"]["values"]
    done = values["done"]["v"]["value"]
    if len(done) < len("a few words"):
        await ack(response_action="errors", errors={"done": "Please write a few words more."})
        return
    await ack()
    opened = await client.conversations_open(users=body["user"]["id"])
    history = await client.conversations_history(channel=opened["channel"]["id"])
    health = values["health"]["v"]["selected_option"]["value"]
    await client.chat_update(
        channel=opened["channel"]["id"],
        ts=history["messages"][0]["ts"],
        text=f"Answered: {health}, {done}",
    )


async def answer_command(ack: AsyncAck, command: Payload) -> None:
    if command["text"] != "silence":
        await ack(f"You asked for _{command['text']}_")


async def show_home(event: Payload, client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Your projects*"}}]
    await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


@asynccontextmanager
async def connected_app(sandbox: Running) -> AsyncIterator[AsyncWebClient]:
    """Run the small app in Socket Mode."""
    client = AsyncWebClient("xoxb-1", base_url=sandbox.api_base_url)
    app = AsyncApp(client=client)
    app.action("answer")(give_status)
    app.action("dimensions")(show_dimensions)
    app.view("report")(take_report)
    app.command("/project")(answer_command)
    app.event("app_home_opened")(show_home)
    handler = AsyncSocketModeHandler(app, "xapp-1", web_client=client)
    await handler.client.connect()  # type: ignore[no-untyped-call]
    try:
        assert await sandbox.workspace.wait_until(lambda: sandbox.delivery.connected)
        yield client
    finally:
        await handler.client.close()  # type: ignore[no-untyped-call]
