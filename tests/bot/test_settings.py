"""What the environment says: every variable is read, and a refusal never shows its value."""

from pathlib import Path

import pytest

from bot.logs import LogLevel, LogStyle
from bot.settings import SLACK_API, Mode, Semantic, Settings, load_settings
from domain.errors import SettingsError

EVERY = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_API_BASE_URL": "http://127.0.0.1:8765/api",
    "DATABASE_URL": "postgresql://pmobot:word@127.0.0.1/pmobot",
    "PMOBOT_MODE": "http",
    "PMOBOT_HOST": "0.0.0.0",  # noqa: S104 - what an operator may write
    "PMOBOT_PORT": "8080",
    "PMOBOT_LOG": "json",
    "PMOBOT_LOG_LEVEL": "warning",
    "PMOBOT_PUBLIC_URL": "https://pmobot.example.edu",
    "PMOBOT_KNOWLEDGE": "/srv/handbook",
    "PMOBOT_SEMANTIC": "off",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in EVERY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def give(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def assert_every(settings: Settings) -> None:
    assert settings.bot_token == EVERY["SLACK_BOT_TOKEN"]
    assert settings.app_token == EVERY["SLACK_APP_TOKEN"]
    assert settings.signing_secret == EVERY["SLACK_SIGNING_SECRET"]
    assert settings.slack_api_base_url == "http://127.0.0.1:8765/api/"
    assert settings.database_url == EVERY["DATABASE_URL"]
    assert settings.mode is Mode.HTTP
    assert (settings.host, settings.port) == (EVERY["PMOBOT_HOST"], 8080)
    assert (settings.log, settings.log_level) == (LogStyle.JSON, LogLevel.WARNING)
    assert settings.public_url == "https://pmobot.example.edu"
    assert settings.knowledge == Path("/srv/handbook")
    assert settings.semantic is Semantic.OFF


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert_every(give(monkeypatch, EVERY))


def test_a_file_env_is_read_and_other_lines_in_it_are_left_alone(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in EVERY.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "OTHER=1", "# words"]), encoding="utf-8")
    assert_every(load_settings())


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PMOBOT_PORT=1\n", encoding="utf-8")
    assert give(monkeypatch, {"PMOBOT_PORT": "2"}).port == 2


def test_nothing_set_is_socket_mode_on_a_file_of_this_folder() -> None:
    settings = load_settings()
    assert settings.mode is Mode.SOCKET
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.database_url == "sqlite:///pmobot.sqlite3"
    assert settings.slack_api_base_url == SLACK_API
    assert (settings.public_url, settings.knowledge) == ("", None)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert give(monkeypatch, dict.fromkeys(EVERY, "")) == load_settings()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-hidden", "it has to begin with xoxb-; copy it from OAuth"),
        ("SLACK_APP_TOKEN", "xoxb-hidden", "it has to begin with xapp-; copy it from Basic"),
        ("DATABASE_URL", "mysql://u:hidden@h/d", "'mysql' is not supported; use sqlite:///FILE"),
        ("DATABASE_URL", "hidden words", "it is no address of a database; write sqlite:///FILE"),
        ("DATABASE_URL", "sqlite://u:hidden@h:port/d", "it is no address of a database"),
        ("PMOBOT_MODE", "hidden", "Input should be 'socket' or 'http'"),
        ("PMOBOT_LOG", "hidden", "Input should be 'json' or 'text'"),
        ("PMOBOT_LOG_LEVEL", "hidden", "Input should be 'debug', 'info', 'warning' or 'error'"),
        ("PMOBOT_PORT", "hidden", "Input should be a valid integer"),
        ("PMOBOT_PORT", "65536", "Input should be less than or equal to 65535"),
        ("PMOBOT_PORT", "-1", "Input should be greater than or equal to 0"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        give(monkeypatch, {name: value})
    assert str(caught.value).startswith(f"{name}: {text}")
    assert "hidden" not in str(caught.value)
    assert caught.value.__cause__ is None  # whose text would have the value in it


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        give(monkeypatch, {"PMOBOT_PORT": "x", "SLACK_BOT_TOKEN": "y"})
    assert {line.partition(":")[0] for line in str(caught.value).splitlines()} == {
        "PMOBOT_PORT",
        "SLACK_BOT_TOKEN",
    }


@pytest.mark.parametrize("secret", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
def test_settings_that_are_shown_hide_their_secrets(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    value = {"SLACK_BOT_TOKEN": "xoxb-hidden", "SLACK_APP_TOKEN": "xapp-hidden"}.get(
        secret, "hidden"
    )
    assert "hidden" not in repr(give(monkeypatch, {secret: value}))


@pytest.mark.parametrize(
    ("mode", "given", "missing"),
    [
        ("socket", ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), ""),
        ("http", ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"), ""),
        ("socket", ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"), "SLACK_APP_TOKEN"),
        ("http", ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"), "SLACK_SIGNING_SECRET"),
        ("socket", ("SLACK_APP_TOKEN",), "SLACK_BOT_TOKEN"),
        ("http", ("SLACK_SIGNING_SECRET",), "SLACK_BOT_TOKEN"),
    ],
)
def test_each_mode_needs_secrets_of_its_own(
    monkeypatch: pytest.MonkeyPatch, mode: str, given: tuple[str, ...], missing: str
) -> None:
    settings = give(monkeypatch, {"PMOBOT_MODE": mode, **{name: EVERY[name] for name in given}})
    if not missing:
        settings.check_for_run()
        return
    with pytest.raises(SettingsError, match=f"^{missing} is not set"):
        settings.check_for_run()
