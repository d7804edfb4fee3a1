"""Who it is that Slack speaks of."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.portfolio.people import PeopleService
from domain.portfolio.values import Viewer
from domain.ports import SlackUser

ReadUser = Callable[[dict[str, Any]], SlackUser]
"""Makes a person of Slack's JSON."""


def register(app: AsyncApp, people: PeopleService, read_user: ReadUser) -> None:
    async def changed(event: dict[str, Any]) -> None:
        await people.refresh([read_user(event["user"])])

    app.event("user_change")(changed)


async def who(people: PeopleService, slack_id: str) -> Viewer:
    """The person behind a Slack id; asks Slack only for somebody never met before."""
    return await people.viewer(slack_id) or await people.learn(slack_id)
