"""Slack's side of following projects: the words of `/project`, and the buttons."""

from collections.abc import Sequence
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from domain.collecting.service import CollectingService
from domain.portfolio.following import FollowingService
from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import Clock
from handlers.buttons import pressed_number
from handlers.commands import COMMAND, Word
from handlers.home import Home, state_of
from handlers.people import who
from message_templates.kit import Rendered
from message_templates.notices import notice
from message_templates.portfolio.following import (
    UNFOLLOW,
    follows,
    follows_none,
    how_to_stop,
    list_title,
    stopped,
)
from message_templates.portfolio.help import CommandHelp
from message_templates.portfolio.projects import project_list
from message_templates.project_actions import FOLLOW


def words(
    following: FollowingService, collecting: CollectingService, clock: Clock
) -> Sequence[Word]:
    async def follow(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Which project? Give its code: {COMMAND} follow CODE")]
        return [follows(await following.follow(viewer, text, clock.now()))]

    async def unfollow(viewer: Viewer, text: str) -> Sequence[Rendered]:
        if not text:
            return [notice(f"Which project? Give its code: {COMMAND} unfollow CODE")]
        return [stopped(await following.unfollow(viewer, text, clock.now()))]

    async def list_(viewer: Viewer, _text: str) -> Sequence[Rendered]:
        lines = await following.following(viewer)
        if not lines:
            return [follows_none()]
        statuses = await collecting.statuses([line.project_id for line in lines])
        return [project_list(lines, statuses, clock.now(), list_title()), how_to_stop()]

    return [
        Word(
            CommandHelp(
                "follow", f"{COMMAND} follow CODE", "Hear of a project each week, or of changes."
            ),
            follow,
        ),
        Word(
            CommandHelp("unfollow", f"{COMMAND} unfollow CODE", "Hear of a project no more."),
            unfollow,
        ),
        Word(CommandHelp("following", f"{COMMAND} following", "What you follow."), list_),
    ]


def register(app: AsyncApp, following: FollowingService, people: PeopleService, home: Home) -> None:
    async def follow(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        viewer = await who(people, body["user"]["id"])
        message = follows(await following.follow(viewer, pressed_number(body), home.clock.now()))
        await respond(
            message.text,
            blocks=message.blocks,
            response_type="ephemeral",
            replace_original=False,
            thread_ts=body["container"].get("thread_ts"),
        )

    async def unfollow(
        ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """In what offered it, or on App Home, which then lists one project less."""
        await ack()
        viewer = await who(people, body["user"]["id"])
        message = stopped(await following.unfollow(viewer, pressed_number(body), home.clock.now()))
        if "response_url" in body:
            await respond(message.text, blocks=message.blocks, replace_original=True)
        else:
            await home.publish(viewer, client, state=state_of(body.get("view")))

    app.action(FOLLOW)(follow)
    app.action(UNFOLLOW)(unfollow)
