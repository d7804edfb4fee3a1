"""The form: what opens it, what happens while it is open, and what becomes of it."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.answering.form.rules import next_after, promises_of
from domain.collecting.service import CollectingService
from domain.collecting.values import LONG_FIELDS, Receipt, StatusForm
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.people import who
from message_templates.collecting.form import (
    CALLBACK,
    MORE_ROOM,
    START_OVER,
    FormState,
    form_view,
    opening_state,
    read_form,
)
from message_templates.collecting.form_fields import MILESTONE
from message_templates.collecting.form_values import AHEAD
from message_templates.collecting.receipt import receipt_view
from message_templates.collecting.request import CHOOSE, UPDATE

Refresh = Callable[[Viewer, AsyncWebClient], Awaitable[None]]
"""Brings somebody's App Home page to what is true now: the form may have been opened there."""

_TURN = r"(\.\d+)?$"
_TYPING = re.compile(f"^({'|'.join(LONG_FIELDS)}){_TURN}")
_CHOICE = re.compile(rf"^(health|phase|promise:\d+|action:\d+:\d+){_TURN}")
_MILESTONE = re.compile(f"^{MILESTONE}{_TURN}")
_MILESTONE_FIELDS = ("milestone", "milestone_baseline", "milestone_forecast", "milestone_met")

_OVERTAKEN = ("hash_conflict", "not_found")
"""Slack has a newer form than the one in which something was done, or none any more."""


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
        outcome = await collecting.submit(viewer, state.request_id, raw, now, state.basis)
        if isinstance(outcome, Receipt):
            view = receipt_view(outcome, now)
        else:
            view = form_view(outcome, state.on(outcome.basis), raw)
        await ack(response_action="update", view=view)
        if state.is_from_home:
            await refresh(viewer, client)

    app.action(UPDATE)(open_form)
    app.action(re.compile(f"^{CHOOSE}:"))(open_form)
    app.view(CALLBACK)(submit_form)
    _OpenForm(collecting, people, clock).register(app)


class _OpenForm:
    """What people do in an open form: Slack keeps what is typed as long as its fields stay."""

    def __init__(self, collecting: CollectingService, people: PeopleService, clock: Clock) -> None:
        self._collecting = collecting
        self._people = people
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen to the fields that tell of a change, in status forms alone."""
        for action, listener in (
            (_TYPING, self._keep_typing),
            (_CHOICE, self._choose),
            (MORE_ROOM, self._add_room),
            (_MILESTONE, self._take_milestone),
            (START_OVER, self._start_over),
        ):
            app.action(action, matchers=[_is_in_form])(listener)

    async def _keep_typing(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await self._keep_draft(body)

    async def _choose(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Show what the choice calls for; what is hidden by it stays in the draft."""
        await ack()
        form, state, raw = await self._changed(body)
        if body["actions"][0]["block_id"].startswith("promise:"):
            promises = promises_of([each.text for each in form.promises], raw)
            planned = next_after(raw.get("next", ""), promises)
            if planned != raw.get("next", ""):
                raw, state = {**raw, "next": planned}, state.filled_anew("next")
        await _update(client, body, form_view(form, state, raw))

    async def _add_room(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        form, state, raw = await self._changed(body)
        grown = state.with_room(body["actions"][0]["selected_option"]["value"])
        await _update(client, body, form_view(form, grown, raw))

    async def _take_milestone(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        form, state, raw = await self._changed(body)
        chosen = body["actions"][0]["selected_option"]["value"]
        entry = next((each for each in form.milestones if str(each.entry_id) == chosen), None)
        if entry is None:
            return  # it was closed while the form was open
        values = (entry.title, _day(entry.baseline_on), _day(entry.due_on), AHEAD)
        taken = {**raw, **dict(zip(_MILESTONE_FIELDS, values, strict=True))}
        await _update(client, body, form_view(form, state.filled_anew(*_MILESTONE_FIELDS), taken))

    async def _start_over(
        self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await ack()
        state = FormState.load(body["view"]["private_metadata"])
        viewer = await who(self._people, body["user"]["id"])
        await self._collecting.forget_draft(viewer, state.request_id)
        form = await self._collecting.form(
            viewer, state.request_id, self._clock.now(), is_open=True
        )
        fresh = replace(state.filled_anew(), draft_at="", fields={}, seams={})
        await _update(client, body, form_view(form, fresh))

    async def _changed(self, body: dict[str, Any]) -> tuple[StatusForm, FormState, dict[str, str]]:
        """The open form as the record has it now, with what is typed kept as a draft."""
        viewer = await self._keep_draft(body)
        state, raw = read_form(body["view"])
        form = await self._collecting.form(
            viewer, state.request_id, self._clock.now(), is_open=True
        )
        return form, state, {"phase": state.phase, **raw}

    async def _keep_draft(self, body: dict[str, Any]) -> Viewer:
        now = self._clock.now()  # before anything is waited for: it tells which draft is newer
        state, raw = read_form(body["view"])
        viewer = await who(self._people, body["user"]["id"])
        await self._collecting.keep_draft(viewer, state.request_id, raw, now, state.basis.version)
        return viewer


async def _is_in_form(body: dict[str, Any]) -> bool:
    """Whether something happened in a status form: other forms have fields of the same names."""
    return bool(body.get("view", {}).get("callback_id") == CALLBACK)


async def _update(client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
    """Show the form anew where its fields differ, unless it was changed or closed meanwhile.

    Then whatever is done next in it brings it up to date, at the latest sending it: a field that
    is missing by then is shown before anything is saved.
    """
    opened = body["view"]
    if _fields_of(view["blocks"]) == _fields_of(opened["blocks"]):
        return
    try:
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=view)
    except SlackApiError as error:
        if error.response["error"] not in _OVERTAKEN:
            raise


def _fields_of(blocks: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The fields of a form in their order; what was typed into them is the client's."""
    return [(each["block_id"], action) for each in blocks if (action := _action_of(each))]


def _action_of(block: dict[str, Any]) -> str:
    element = block.get("element") or block.get("accessory") or {}
    return str(element.get("action_id", ""))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
