"""What the environment says: read once, checked at once, secrets never shown."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from bot.logs import LogLevel, LogStyle
from domain.errors import SettingsError
from models.base import driver_url

SLACK_API = "https://slack.com/api/"


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    """The bot opens a WebSocket to Slack: no inbound port, good behind a firewall."""
    HTTP = "http"
    """Slack posts signed requests to `/slack/events`."""


class Semantic(StrEnum):
    """Whether the model of language is used (`bot/semantic.py`)."""

    AUTO = "auto"
    """If it is installed."""
    ON = "on"
    OFF = "off"


def _token(prefix: str, where: str) -> AfterValidator:
    def check(token: SecretStr | None) -> SecretStr | None:
        if token is not None and not token.get_secret_value().startswith(prefix):
            msg = f"it has to begin with {prefix}; copy it from {where}"
            raise ValueError(msg)
        return token

    return AfterValidator(check)


def _database(url: str) -> str:
    driver_url(url)
    return url


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


class Settings(BaseSettings):
    """The bot's surroundings, from the environment or a file `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    slack_bot_token: Annotated[
        SecretStr | None, _token("xoxb-", "OAuth & Permissions in the app's settings")
    ] = None
    slack_app_token: Annotated[
        SecretStr | None, _token("xapp-", "Basic Information > App-Level Tokens")
    ] = None
    slack_signing_secret: SecretStr | None = None
    slack_api_base_url: Annotated[str, AfterValidator(_with_slash)] = SLACK_API
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///pmobot.sqlite3"
    mode: Mode = Field(default=Mode.SOCKET, validation_alias="PMOBOT_MODE")
    host: str = Field(default="127.0.0.1", validation_alias="PMOBOT_HOST")
    port: int = Field(default=3000, ge=0, le=65535, validation_alias="PMOBOT_PORT")
    log: Annotated[LogStyle | None, Field(validation_alias="PMOBOT_LOG")] = None
    log_level: Annotated[LogLevel, Field(validation_alias="PMOBOT_LOG_LEVEL")] = LogLevel.INFO
    public_url: str = Field(default="", validation_alias="PMOBOT_PUBLIC_URL")
    knowledge: Path | None = Field(default=None, validation_alias="PMOBOT_KNOWLEDGE")
    semantic: Semantic = Field(default=Semantic.AUTO, validation_alias="PMOBOT_SEMANTIC")

    @property
    def bot_token(self) -> str:
        """The bot's token.

        Raises:
            SettingsError: it is not set.
        """
        return _required(self.slack_bot_token, "SLACK_BOT_TOKEN")

    @property
    def app_token(self) -> str:
        """The app-level token of Socket Mode.

        Raises:
            SettingsError: it is not set.
        """
        return _required(self.slack_app_token, "SLACK_APP_TOKEN")

    @property
    def signing_secret(self) -> str:
        """What Slack signs its HTTP requests with.

        Raises:
            SettingsError: it is not set.
        """
        return _required(self.slack_signing_secret, "SLACK_SIGNING_SECRET")

    @property
    def secrets(self) -> Sequence[str]:
        """What must never be shown, as far as it is set."""
        held = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        password = make_url(self.database_url).password
        return [
            *(each.get_secret_value() for each in held if each),
            *([password] if password else []),
        ]

    def check_for_run(self) -> None:
        """Make sure that `pmobot run` has all that its mode needs.

        Raises:
            SettingsError: something is missing.
        """
        _ = self.bot_token, self.app_token if self.mode is Mode.SOCKET else self.signing_secret


def load_settings() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: a value is not valid; the text names the variable and never its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"{'_'.join(str(part) for part in each['loc']).upper()}: "
            f"{each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("\n".join(lines)) from None


def _required(secret: SecretStr | None, name: str) -> str:
    if secret is None or not secret.get_secret_value():
        msg = f"{name} is not set. Put it into the environment or into a file .env; see the README."
        raise SettingsError(msg)
    return secret.get_secret_value()
