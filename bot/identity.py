"""Who the bot is: the workspace and the bot user behind its token, asked once at start."""

from dataclasses import dataclass
from datetime import datetime

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import CALL_ERRORS, trouble_of
from domain.errors import SettingsError
from models.base import Database
from models.portfolio import Workspace, ensure_workspace


@dataclass(frozen=True)
class Identity:
    """The bot in its workspace."""

    team_id: str
    team: str
    bot_id: str
    bot_user_id: str

    def authorize_result(self, token: str) -> AuthorizeResult:
        """What Bolt wants to know for each request, without asking Slack each time."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=self.team_id,
            bot_token=token,
            bot_id=self.bot_id,
            bot_user_id=self.bot_user_id,
        )


async def who_am_i(client: AsyncWebClient) -> Identity:
    """Ask Slack whose token it is.

    Raises:
        SettingsError: Slack refuses the token, or can't be reached; with the cure.
    """
    try:
        answer = await client.auth_test()
    except CALL_ERRORS as error:
        trouble = trouble_of(error)
        msg = f"Slack at {client.base_url} doesn't accept SLACK_BOT_TOKEN: {trouble}"
        raise SettingsError(msg) from error
    return Identity(
        team_id=answer["team_id"],
        team=answer["team"],
        bot_id=answer["bot_id"],
        bot_user_id=answer["user_id"],
    )


async def own_workspace(database: Database, identity: Identity, now: datetime) -> int:
    """The number of the workspace's row, made at the first start."""
    async with database.writing() as session:
        return await ensure_workspace(
            session, Workspace(team_id=identity.team_id, name=identity.team, created_at=now)
        )
