"""What is pressed in the request message, beside what opens the form."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.answering.unchanged import UnchangedService
from domain.portfolio.people import PeopleService
from domain.ports import Clock
from handlers.collecting.form import FormOpener, Refresh
from handlers.people import who
from message_templates.collecting.request import NO_CHANGE


@dataclass(frozen=True)
class Asking:
    """What the presses need."""

    unchanged: UnchangedService
    opener: FormOpener
    people: PeopleService
    clock: Clock
    refresh: Refresh


def register(app: AsyncApp, asking: Asking) -> None:
    async def no_change(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(asking.people, body["user"]["id"])
        request_id, is_from_home = int(body["actions"][0]["value"]), "view" in body
        refused = await asking.unchanged.press(viewer, request_id, asking.clock.now())
        if refused is not None:
            await asking.opener.open_form_for(
                client,
                body["trigger_id"],
                viewer,
                refused.request_id,
                refused.note,
                is_from_home=is_from_home,
            )
        elif is_from_home:
            await asking.refresh(viewer, client)

    app.action(NO_CHANGE)(no_change)
