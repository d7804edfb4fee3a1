"""Slack's side of a meeting that runs: its card, the window in which it is run, typed lines."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.meetings.sitting.reading.values import TypedAction
from domain.meetings.sitting.service import SittingService
from domain.meetings.sitting.values import Opened, OwnCard, ParkingWish
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Answer, Word
from handlers.meetings.parts import Answered, Parts
from handlers.people import who
from message_templates.kit import Block, Rendered
from message_templates.meetings.agenda_window import window_view
from message_templates.meetings.card import (
    ACTION,
    ADD,
    AGREE,
    BACK,
    CHAIR,
    CHOOSE,
    CLOSE,
    DECIDE,
    MENU,
    NEXT,
    OPEN,
    PARK,
    PULL,
    REOPEN,
    RUN,
    Press,
    own_card_messages,
    run_view,
)
from message_templates.meetings.deciding import (
    ACTION_CALLBACK,
    CHOOSE_CALLBACK,
    DECIDE_CALLBACK,
    PARK_CALLBACK,
    PULL_CALLBACK,
    ActionFields,
    action_view,
    choose_view,
    decide_view,
    park_view,
    pull_view,
    read_action_fields,
    read_choice,
    read_decide,
)
from message_templates.meetings.sitting import (
    TAKE,
    closed_notice,
    given_notice,
    opened_notice,
    recorded_notice,
    recorded_view,
)
from message_templates.portfolio.help import CommandHelp

Body = dict[str, Any]

_CLOSED = "not_found"
"""What Slack says of a window that is not open any more."""


@dataclass(frozen=True)
class _Desk:
    """What the presses need."""

    parts: Parts
    clock: Clock

    @property
    def sittings(self) -> SittingService:
        return self.parts.sittings

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def viewer(self, body: Body) -> Viewer:
        return await who(self.parts.people, body["user"]["id"])


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about a meeting that runs."""
    sittings = parts.sittings

    async def open_(viewer: Viewer, text: str) -> Answered:
        return [opened_notice(await sittings.open_named(viewer, text, clock.now()))]

    async def reopen(viewer: Viewer, text: str) -> Answered:
        return [opened_notice(await sittings.reopen_named(viewer, text, clock.now()))]

    async def card(viewer: Viewer, text: str) -> Answered:
        return own_card_messages(await sittings.card_named(viewer, text, clock.now()))

    return {"open": open_, "card": card, "reopen": reopen}


def words(parts: Parts, clock: Clock) -> Sequence[Word]:
    """What may be typed in a meeting instead of filling in a window."""
    sittings = parts.sittings

    async def decide(viewer: Viewer, text: str) -> Answered:
        return [recorded_notice(await sittings.decide_line(viewer, text, clock.now()))]

    async def action(viewer: Viewer, text: str) -> Answered:
        return [given_notice(await sittings.act_line(viewer, text, clock.now()))]

    return [
        Word(
            CommandHelp(
                "decide",
                f"{COMMAND} decide [COUNCIL:] QUESTION: OUTCOME, VOTES; because REASON",
                "Record a decision: “Move to the cloud [APOLLO]: approved, 5 for, 1 against; "
                "because it is cheaper”. In a meeting whoever chairs, outside of one the chair "
                "and the PMO.",
            ),
            decide,
        ),
        Word(
            CommandHelp(
                "action",
                f"{COMMAND} action [COUNCIL:] @PERSON by DAY: WHAT [CODE]",
                "Record an action of a council: “@omar by Friday: Write the plan [APOLLO]”.",
            ),
            action,
        ),
    ]


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    desk = _Desk(parts, clock)
    _register_opening(app, desk)
    _register_steps(app, desk)
    _register_menu(app, desk)
    _register_windows(app, desk)
    _register_recording(app, desk)
    _register_choices(app, desk)


def _register_opening(app: AsyncApp, desk: _Desk) -> None:
    def pressing(
        act: Callable[[Viewer, int, datetime], Awaitable[Opened]],
    ) -> Callable[[AsyncAck, Body, AsyncRespond], Awaitable[None]]:
        async def press(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
            await ack()
            opened = await act(await desk.viewer(body), pressed_number(body), desk.now)
            await _tell(respond, opened_notice(opened))

        return press

    async def run(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        own = await desk.sittings.card(await desk.viewer(body), pressed_number(body), desk.now)
        await client.views_open(trigger_id=body["trigger_id"], view=run_view(own))

    app.action(OPEN)(pressing(desk.sittings.open))
    app.action(TAKE)(pressing(desk.sittings.take_chair))
    app.action(REOPEN)(pressing(desk.sittings.reopen))
    app.action(RUN)(run)


def _register_steps(app: AsyncApp, desk: _Desk) -> None:
    async def next_(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press.read(pressed(body))
        await _step(desk, body, client, press, desk.sittings.go_on)

    async def agree(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        press = Press.read(pressed(body))

        async def agreed(viewer: Viewer, number: int, revision: int, now: datetime) -> None:
            await desk.sittings.agree(viewer, number, revision, press.item_ids, now)

        await _step(desk, body, client, press, agreed)

    app.action(NEXT)(next_)
    app.action(AGREE)(agree)


def _register_menu(app: AsyncApp, desk: _Desk) -> None:
    async def menu(
        ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        await ack()
        what, _, text = body["actions"][0]["selected_option"]["value"].partition(":")
        press = Press.read(text)
        if what in (CHOOSE, ADD):
            opening = {CHOOSE: _choosing, ADD: _adding}[what]
            show = client.views_push if _below(body) else client.views_open
            await show(trigger_id=body["trigger_id"], view=await opening(desk, body, press))
            return
        if what == CHAIR:
            await _take_chair(desk, body, client, press, respond)
            return
        steps = {BACK: desk.sittings.go_back, CLOSE: desk.sittings.close}
        await _step(desk, body, client, press, steps[what])
        if what == CLOSE and not _below(body):
            await _tell(respond, closed_notice(press.meeting_id))

    app.action(MENU)(menu)


def _register_windows(app: AsyncApp, desk: _Desk) -> None:
    sittings = desk.sittings

    async def decide(viewer: Viewer, press: Press, below: str) -> Block:
        window = await sittings.deciding(viewer, press.meeting_id, press.revision, desk.now)
        return decide_view(window, below)

    async def park(viewer: Viewer, press: Press, below: str) -> Block:
        window = await sittings.parking(viewer, press.meeting_id, press.revision, desk.now)
        return park_view(window, below)

    async def action(viewer: Viewer, press: Press, below: str) -> Block:
        return action_view(await sittings.acting(viewer, press.meeting_id, desk.now), below)

    async def pull(viewer: Viewer, press: Press, below: str) -> Block:
        own = await sittings.card(viewer, press.meeting_id, desk.now)
        return pull_view(press.meeting_id, own.card.consent, below)

    for action_id, build in ((DECIDE, decide), (PARK, park), (ACTION, action), (PULL, pull)):
        app.action(action_id)(_showing(desk, build))


def _showing(
    desk: _Desk, build: Callable[[Viewer, Press, str], Awaitable[Block]]
) -> Callable[[AsyncAck, Body, AsyncWebClient], Awaitable[None]]:
    """What opens a window, over a message or over the window of the meeting."""

    async def press(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        viewer, press, below = await desk.viewer(body), Press.read(pressed(body)), _below(body)
        building = partial(build, viewer, press, below)
        if not below:
            await client.views_open(trigger_id=body["trigger_id"], view=await building())
            return
        number = press.meeting_id
        view, own = await desk.sittings.in_window(viewer, number, building, desk.now)
        if view is None:
            await _show(client, below, own)
        else:
            await client.views_push(trigger_id=body["trigger_id"], view=view)

    return press


def _register_recording(app: AsyncApp, desk: _Desk) -> None:
    async def decide(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer = await desk.viewer(body)
        window, typed, below = read_decide(body["view"])
        recorded = await desk.sittings.decide(viewer, window, typed, desk.now)
        await ack(response_action="update", view=recorded_view(recorded))
        await _renew(desk, viewer, window.meeting_id, below, client)

    async def action(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer = await desk.viewer(body)
        state, fields, _ = read_action_fields(body["view"])
        typed = await _typed(desk, fields)
        given = await desk.sittings.act(viewer, state.meeting_id, typed, desk.now)
        await ack(response_action="update", view=recorded_view(given))
        await _renew(desk, viewer, state.meeting_id, state.run_view, client)

    async def park(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer = await desk.viewer(body)
        state, fields, is_action = read_action_fields(body["view"])
        wish = ParkingWish(await _typed(desk, fields), is_action=is_action)
        await desk.sittings.park(viewer, state.meeting_id, state.revision, wish, desk.now)
        await ack()
        await _renew(desk, viewer, state.meeting_id, state.run_view, client)

    app.view(DECIDE_CALLBACK)(decide)
    app.view(ACTION_CALLBACK)(action)
    app.view(PARK_CALLBACK)(park)


def _register_choices(app: AsyncApp, desk: _Desk) -> None:
    async def pulled(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer = await desk.viewer(body)
        state, item_id = read_choice(body["view"])
        await desk.sittings.pull_out(viewer, state.meeting_id, item_id, desk.now)
        await ack()
        await _renew(desk, viewer, state.meeting_id, state.run_view, client)

    async def chosen(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        viewer = await desk.viewer(body)
        state, item_id = read_choice(body["view"])
        await desk.sittings.choose(viewer, state.meeting_id, state.revision, item_id, desk.now)
        await ack()
        await _renew(desk, viewer, state.meeting_id, state.run_view, client)

    app.view(PULL_CALLBACK)(pulled)
    app.view(CHOOSE_CALLBACK)(chosen)


async def _step(
    desk: _Desk,
    body: Body,
    client: AsyncWebClient,
    press: Press,
    act: Callable[[Viewer, int, int, datetime], Awaitable[None]],
) -> None:
    """Do what moves a meeting on; its card follows by itself, a window is brought up to date."""
    viewer, number, below = await desk.viewer(body), press.meeting_id, _below(body)
    doing = partial(act, viewer, number, press.revision, desk.now)
    if not below:
        await doing()
        return
    _, own = await desk.sittings.in_window(viewer, number, doing, desk.now)
    await _show(client, below, own)


async def _take_chair(
    desk: _Desk, body: Body, client: AsyncWebClient, press: Press, respond: AsyncRespond
) -> None:
    viewer, number, below = await desk.viewer(body), press.meeting_id, _below(body)
    taking = partial(desk.sittings.take_chair, viewer, number, desk.now)
    if not below:
        await _tell(respond, opened_notice(await taking()))
        return
    _, own = await desk.sittings.in_window(viewer, number, taking, desk.now)
    await _show(client, below, own)


async def _choosing(desk: _Desk, body: Body, press: Press) -> Block:
    own = await desk.sittings.card(await desk.viewer(body), press.meeting_id, desk.now)
    return choose_view(press.meeting_id, press.revision, own.card.ahead, _below(body))


async def _adding(desk: _Desk, body: Body, press: Press) -> Block:
    viewer = await desk.viewer(body)
    own = await desk.sittings.card(viewer, press.meeting_id, desk.now)
    window = await desk.parts.agenda.blank(viewer, own.council_id, desk.now, is_backlog=False)
    return window_view(window, viewer.slack_id)


async def _renew(
    desk: _Desk, viewer: Viewer, meeting_id: int, below: str, client: AsyncWebClient
) -> None:
    """Bring the window of the meeting up to date that lies below another one."""
    if below:
        own = await desk.sittings.card(viewer, meeting_id, desk.now)
        await _show(client, below, own)


async def _show(client: AsyncWebClient, view_id: str, own: OwnCard) -> None:
    """Bring a window of the meeting up to date; who has closed it meanwhile wants nothing of it."""
    try:
        await client.views_update(view_id=view_id, view=run_view(own))
    except SlackApiError as error:
        if error.response["error"] != _CLOSED:
            raise


def _below(body: Body) -> str:
    """Slack's id of the window in which something was pressed; empty for a message."""
    view = body.get("view")
    return str(view["id"]) if view else ""


async def _typed(desk: _Desk, fields: ActionFields) -> TypedAction:
    """An action as it was typed, its owner by the number of their row."""
    owner = await who(desk.parts.people, fields.owner) if fields.owner else None
    return TypedAction(
        title=fields.title,
        owner_id=owner.person_id if owner else None,
        due_on=fields.due_on,
        text=fields.text,
        project=fields.project,
    )


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )
