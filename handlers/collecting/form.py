"""The form: buttons that open it, and what becomes of it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.service import CollectingService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.people import who
from message_templates.collecting.form import (
    CALLBACK,
    MORE_ROOM,
    FormState,
    form_view,
    opening_state,
    read_form,
)
from message_templates.collecting.receipt import receipt_view
from message_templates.collecting.request import CHOOSE, UPDATE

Refresh = Callable[[Viewer, AsyncWebClient], Awaitable[None]]
"""Brings somebody's App Home page to what is true now: the form may have been opened there."""


class FormOpener:
    """Opens the form of a request, from wherever somebody asks for it."""

    def __init__(self, collecting: CollectingService, clock: Clock) -> None:
        self._collecting = collecting
        self._clock = clock

    async def open_form_for(
        self,
        client: AsyncWebClient,
        trigger_id: str,
        viewer: Viewer,
        request_id: int,
        note: str = "",
        *,
        is_from_home: bool = False,
    ) -> None:
        """Open the form of a request, or of the project's newest one.

        Args:
            client: of the request from Slack that is answered.
            trigger_id: Slack's leave to open a view: good for three seconds, and once.
            viewer: who asks for it.
            request_id: what is to be answered.
            note: why it opens, if not because its button was pressed.
            is_from_home: it opens on the App Home page, which has to be brought up to date.

        Raises:
            NotFoundError: there is no such request, or not for this person.
            NotAllowedError: the person may see the project, and not answer for it.
        """
        form = await self._collecting.form(viewer, request_id, self._clock.now())
        form = replace(form, note=note or form.note)
        state = opening_state(form, is_from_home=is_from_home)
        await client.views_open(trigger_id=trigger_id, view=form_view(form, state))


def register(
    app: AsyncApp,
    collecting: CollectingService,
    people: PeopleService,
    clock: Clock,
    refresh: Refresh,
) -> None:
    opener = FormOpener(collecting, clock)

    async def open_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        action = body["actions"][0]
        request_id = action.get("value") or action["selected_option"]["value"]
        viewer = await who(people, body["user"]["id"])
        await opener.open_form_for(
            client, body["trigger_id"], viewer, int(request_id), is_from_home="view" in body
        )

    async def submit_form(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        state, raw = read_form(body["view"])
        viewer = await who(people, body["user"]["id"])
        now = clock.now()
        receipt = await collecting.submit(viewer, state.request_id, raw, now)
        await ack(response_action="update", view=receipt_view(receipt, now))
        if state.is_from_home:
            await refresh(viewer, client)

    _register_room(app, collecting, people, clock)
    app.action(UPDATE)(open_form)
    app.action(re.compile(f"^{CHOOSE}:"))(open_form)
    app.view(CALLBACK)(submit_form)


def _register_room(
    app: AsyncApp, collecting: CollectingService, people: PeopleService, clock: Clock
) -> None:
    async def add_room(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = body["view"]
        state = FormState.load(view["private_metadata"])
        viewer = await who(people, body["user"]["id"])
        form = await collecting.form(viewer, state.request_id, clock.now(), is_open=True)
        grown = state.with_room(body["actions"][0]["selected_option"]["value"])
        await client.views_update(
            view_id=view["id"], hash=view["hash"], view=form_view(form, grown)
        )

    app.action(MORE_ROOM)(add_room)
