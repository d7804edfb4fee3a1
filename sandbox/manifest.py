"""What the app may do: scopes, events, commands and shortcuts, from its manifest or by default."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.scopes import ALL_SCOPES, EVENT_SCOPES


class ManifestError(ValueError):
    """The manifest cannot be used; the message names the file, the field and the cure."""


@dataclass(frozen=True)
class AppConfig:
    """What the app has been granted. None in a set means "anything"."""

    name: str = "pmobot"
    scopes: frozenset[str] = frozenset(ALL_SCOPES)
    events: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    shortcuts: frozenset[str] | None = None
    interactivity: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    agent_view: bool = True
    """Whether its messages are an agent's, with suggested prompts."""
    prompts: tuple[tuple[str, str], ...] = ()
    """Title and message of what it suggests before it has suggested anything else."""
    escaped_commands: frozenset[str] = frozenset()
    """Commands whose text has mentions resolved (`should_escape`)."""

    def hears(self, subscription: str) -> bool:
        """Tell whether an event such as `message.im` is subscribed."""
        return self.events is None or subscription in self.events

    def has_command(self, command: str) -> bool:
        """Tell whether a slash command such as `/project` exists."""
        return self.commands is None or command in self.commands

    def has_shortcut(self, callback_id: str) -> bool:
        """Tell whether a global shortcut exists."""
        return self.shortcuts is None or callback_id in self.shortcuts


def default_config(
    *, name: str = "pmobot", scopes: Iterable[str] = (), commands: Iterable[str] = ()
) -> AppConfig:
    """Return the configuration of an app without a manifest."""
    return AppConfig(
        name=name,
        scopes=frozenset(scopes) or frozenset(ALL_SCOPES),
        commands=frozenset(commands) or None,
    )


def read_manifest(path: Path) -> AppConfig:
    """Read an app manifest (JSON); raises `ManifestError`."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ManifestError(f"{path}: not valid JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise ManifestError(f"{path}: an app manifest is a JSON object")
    config = _from_manifest(manifest)
    _check_event_scopes(path, config)
    return config


def _from_manifest(manifest: dict[str, Any]) -> AppConfig:
    features = manifest.get("features", {})
    settings = manifest.get("settings", {})
    commands = features.get("slash_commands", [])
    tabs = features.get("app_home", {})
    bot = features.get("bot_user", {})
    agent = features.get("agent_view")
    return AppConfig(
        name=bot.get("display_name") or manifest.get("display_information", {}).get("name", "app"),
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        commands=frozenset(item["command"] for item in commands),
        shortcuts=frozenset(
            item["callback_id"]
            for item in features.get("shortcuts", [])
            if item.get("type") == "global"
        ),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        home_tab=bool(tabs.get("home_tab_enabled", False)),
        messages_tab=bool(tabs.get("messages_tab_enabled", False)),
        agent_view=agent is not None,
        prompts=tuple(
            (each["title"], each["message"]) for each in (agent or {}).get("suggested_prompts", [])
        ),
        escaped_commands=frozenset(i["command"] for i in commands if i.get("should_escape")),
    )


def _check_event_scopes(path: Path, config: AppConfig) -> None:
    for event in sorted(config.events or ()):
        needed = EVENT_SCOPES.get(event)
        if needed and needed not in config.scopes:
            raise ManifestError(
                f"{path}: settings.event_subscriptions.bot_events has {event}, which needs the "
                f"scope {needed}; add it to oauth_config.scopes.bot"
            )
