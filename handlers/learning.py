"""Slack's side of what the PMO learns from questions: its page, and the buttons of its lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.answers.learning.messages import ListedGroup
from domain.answers.learning.service import LearningService
from domain.answers.learning.values import OwnerForm
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from handlers.home import Home, Section, state_of
from handlers.people import who
from message_templates.answers.learning import (
    ADD_ALIAS,
    ALIAS_CALLBACK,
    ASSIGN,
    CLOSE,
    DONE,
    DONE_CALLBACK,
    NOT_MINE,
    OWNER_CALLBACK,
    WindowState,
    alias_view,
    done_view,
    owner_view,
    proposed_view,
    read_alias,
    read_note,
    read_owner,
    read_ref,
    told,
    told_view,
)
from message_templates.home.questions import PLACE, SIZE, questions_section
from message_templates.home.state import HomeState
from message_templates.kit import Block

Body = dict[str, Any]


def section(learning: LearningService) -> Section:
    async def questions(viewer: Viewer, now: datetime, state: HomeState) -> Sequence[Block]:
        page = await learning.page(viewer, now, state.places.get(PLACE, 0), SIZE)
        return questions_section(page, viewer.timezone) if page else []

    return questions


def register(app: AsyncApp, learning: LearningService, people: PeopleService, home: Home) -> None:
    _register_pmo(app, learning, people, home)
    _register_owner(app, learning, people, home)
    _register_alias(app, learning, people, home)


def _register_pmo(
    app: AsyncApp, learning: LearningService, people: PeopleService, home: Home
) -> None:
    async def close(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        group = await learning.close(viewer, read_ref(_value(body)), home.clock.now())
        await _show(home, viewer, (body, client, respond), group)

    async def assign(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        viewer, ref = await who(people, body["user"]["id"]), read_ref(_value(body))
        done = await learning.assign(viewer, ref, home.clock.now())
        if isinstance(done, OwnerForm):
            view = owner_view(done, WindowState(ref, _is_on_home(body)))
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        else:
            await _show(home, viewer, (body, client, respond), done)

    async def assign_chosen(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        state, now = WindowState.load(body["view"]), home.clock.now()
        viewer = await who(people, body["user"]["id"])
        owner = await who(people, read_owner(body["view"]))
        group = await learning.assign(viewer, state.ref, now, to=owner)
        if isinstance(group, ListedGroup):
            await ack(response_action="update", view=told_view(group))
        await _renew(home, viewer, client, state)

    app.action(CLOSE)(close)
    app.action(ASSIGN)(assign)
    app.view(OWNER_CALLBACK)(assign_chosen)


def _register_owner(
    app: AsyncApp, learning: LearningService, people: PeopleService, home: Home
) -> None:
    async def done(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        ref = read_ref(_value(body))
        viewer = await who(people, body["user"]["id"])
        await learning.check_owner(viewer, ref, home.clock.now())
        view = done_view(WindowState(ref, is_from_home=False))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def say_done(ack: AsyncAck, body: Body) -> None:
        state, note = WindowState.load(body["view"]), read_note(body["view"])
        viewer = await who(people, body["user"]["id"])
        group = await learning.done(viewer, state.ref, note, home.clock.now())
        await ack(response_action="update", view=told_view(group))

    async def not_mine(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        group = await learning.not_mine(viewer, read_ref(_value(body)), home.clock.now())
        await _show(home, viewer, (body, client, respond), group)

    app.action(DONE)(done)
    app.view(DONE_CALLBACK)(say_done)
    app.action(NOT_MINE)(not_mine)


def _register_alias(
    app: AsyncApp, learning: LearningService, people: PeopleService, home: Home
) -> None:
    async def name(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        viewer, ref = await who(people, body["user"]["id"]), read_ref(_value(body))
        form = await learning.naming(viewer, ref.group_id, home.clock.now())
        view = alias_view(form, WindowState(ref, _is_on_home(body)))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def propose(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        state, words = WindowState.load(body["view"]), read_alias(body["view"])
        viewer, now = await who(people, body["user"]["id"]), home.clock.now()
        made = await learning.propose(viewer, state.ref.group_id, words, now)
        await ack(response_action="update", view=proposed_view(made))
        await _renew(home, viewer, client, state)

    app.action(ADD_ALIAS)(name)
    app.view(ALIAS_CALLBACK)(propose)


async def _show(
    home: Home,
    viewer: Viewer,
    request: tuple[Body, AsyncWebClient, AsyncRespond],
    group: ListedGroup,
) -> None:
    """Tell what came of a press: on the page, or below the message, which is edited anyway."""
    body, client, respond = request
    message = told(group)
    if _is_on_home(body):
        await home.publish(viewer, client, message.blocks, state_of(body.get("view")))
        return
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )


async def _renew(home: Home, viewer: Viewer, client: AsyncWebClient, state: WindowState) -> None:
    if state.is_from_home:
        await home.publish(viewer, client)


def _value(body: Body) -> str:
    return str(body["actions"][0]["value"])


def _is_on_home(body: Body) -> bool:
    return bool(body.get("view", {}).get("type") == "home")
