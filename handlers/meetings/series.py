"""Slack's side of the series: when councils meet, the windows that change it, its calendars."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.meetings.calendar_out.feeds import FeedService
from domain.meetings.service import MeetingsService
from domain.meetings.values import FeedState, Saved
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed, pressed_number
from handlers.commands import COMMAND, Answer, part_of
from handlers.meetings.parts import WORD, Answered, Parts, with_part
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.meetings.calendar import posted
from message_templates.meetings.feed import RENEW, REVOKE, feed_notice
from message_templates.meetings.list import (
    CANCEL,
    CHANGE,
    EXTRA,
    POST,
    RESTORE,
    meeting_messages,
)
from message_templates.meetings.window import (
    CALLBACK,
    CANCEL_CALLBACK,
    cancelling_view,
    planning_view,
    read_cancelling,
    read_window,
    saved_notice,
    saved_view,
)


async def coming(parts: Parts, clock: Clock, viewer: Viewer, what: str, text: str) -> Answered:
    """When councils meet.

    Args:
        parts: the room's services.
        clock: tells the time.
        viewer: who asks.
        what: `next` or `list`.
        text: the council, and which part of a long answer.
    """
    council, part = with_part(text)
    found = await parts.meetings.coming(viewer, council, clock.now(), is_next=what == "next")
    again = f"{COMMAND} {WORD} {what} {found.named}".rstrip()
    return part_of(meeting_messages(found), part, again)


def subwords(parts: Parts, clock: Clock) -> Mapping[str, Answer]:
    """What `/project meeting` answers about the series."""

    async def next_(viewer: Viewer, text: str) -> Answered:
        return await coming(parts, clock, viewer, "next", text)

    async def list_(viewer: Viewer, text: str) -> Answered:
        return await coming(parts, clock, viewer, "list", text)

    async def calendar(viewer: Viewer, _text: str) -> Answered:
        return [feed_notice(await parts.feeds.state(viewer, clock.now()))]

    return {"next": next_, "list": list_, "calendar": calendar}


def register(app: AsyncApp, parts: Parts, clock: Clock) -> None:
    _register_windows(app, parts.meetings, parts.people, clock)
    _register_saving(app, parts.meetings, parts.people, clock)
    _register_presses(app, parts.meetings, parts.people, clock)
    _register_feeds(app, parts.feeds, parts.people, clock)


def _register_windows(
    app: AsyncApp, meetings: MeetingsService, people: PeopleService, clock: Clock
) -> None:
    async def extra(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        planning = await meetings.new(viewer, pressed_number(body), clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=planning_view(planning))

    async def change(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        planning = await meetings.planned(viewer, pressed_number(body), clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=planning_view(planning))

    async def cancel(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        planning = await meetings.planned(viewer, pressed_number(body), clock.now())
        await client.views_open(trigger_id=body["trigger_id"], view=cancelling_view(planning))

    app.action(EXTRA)(extra)
    app.action(CHANGE)(change)
    app.action(CANCEL)(cancel)


def _register_saving(
    app: AsyncApp, meetings: MeetingsService, people: PeopleService, clock: Clock
) -> None:
    async def saved(viewer: Viewer, view: dict[str, Any]) -> Saved:
        state, wish = read_window(view)
        if not state.meeting_id:
            return await meetings.plan_extra(viewer, state.council_id, wish, clock.now())
        return await meetings.change(viewer, state.meeting_id, state.sequence, wish, clock.now())

    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        outcome = await saved(viewer, body["view"])
        await ack(response_action="update", view=saved_view(outcome))

    async def cancel(ack: AsyncAck, body: dict[str, Any]) -> None:
        viewer = await who(people, body["user"]["id"])
        state, reason = read_cancelling(body["view"])
        outcome = await meetings.cancel(
            viewer, state.meeting_id, state.sequence, reason, clock.now()
        )
        await ack(response_action="update", view=saved_view(outcome))

    app.view(CALLBACK)(save)
    app.view(CANCEL_CALLBACK)(cancel)


def _register_presses(
    app: AsyncApp, meetings: MeetingsService, people: PeopleService, clock: Clock
) -> None:
    async def restore(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        number, _, sequence = pressed(body).partition(":")
        outcome = await meetings.restore(viewer, int(number), int(sequence), clock.now())
        await _tell(respond, saved_notice(outcome))

    async def post(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        council = await meetings.post_calendar(viewer, pressed_number(body), clock.now())
        await _tell(respond, posted(council))

    app.action(RESTORE)(restore)
    app.action(POST)(post)


def _register_feeds(app: AsyncApp, feeds: FeedService, people: PeopleService, clock: Clock) -> None:
    def pressing(
        act: Callable[[Viewer], Awaitable[FeedState]],
    ) -> Callable[[AsyncAck, dict[str, Any], AsyncRespond], Awaitable[None]]:
        async def press(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
            await ack()
            viewer = await who(people, body["user"]["id"])
            message = feed_notice(await act(viewer))
            # In place of the one before: an address that ended must not stay to be copied.
            await respond(message.text, blocks=message.blocks, replace_original=True)

        return press

    app.action(RENEW)(pressing(lambda viewer: feeds.renew(viewer, clock.now())))
    app.action(REVOKE)(pressing(lambda viewer: feeds.revoke(viewer, clock.now())))


async def _tell(respond: AsyncRespond, message: Rendered) -> None:
    await respond(
        message.text, blocks=message.blocks, response_type="ephemeral", replace_original=False
    )
