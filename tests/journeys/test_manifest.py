"""The app's manifest asks for what the code uses, no more and no less."""

import ast
import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import build_bolt
from bot.clock import SystemClock
from bot.factory import Outside, build_services
from bot.inbox import Inbox
from bot.runtime import Wake
from bot.slack import posting_client
from domain.health.rules import SCOPES
from models.base import Database
from sandbox.scopes import EVENT_SCOPES, METHOD_SCOPES
from tests.support.scene import BOT_TOKEN, MANIFEST, ROOT

SCHEMA = ROOT.parent / "shared/data/slack/manifest_schema/manifest.schema.2.0.0.json"
NOWHERE = "http://127.0.0.1:9/api/"

LISTENERS = ("event", "message", "command", "action", "view", "options", "shortcut")

SUBSCRIPTIONS = {"message": "message.im"}
"""What has to be subscribed for a listener of ours where that has another name: people write to
the bot in direct messages."""

FAMILIES = {
    "conversations.info": {"channels", "groups"},
    "conversations.list": {"channels", "groups"},
    "conversations.members": {"channels", "groups"},
    "conversations.open": {"im"},
    "conversations.history": {"channels", "groups", "im"},
    "conversations.replies": {"channels", "groups", "im"},
}
"""The kinds of conversation that a method is used for, where each has a scope of its own: the
directory lists channels and looks who reads them, deliveries open direct messages, and look-ups
read wherever they post."""

HIDDEN = {
    "commands",  # no method: slash commands need it
    "files:read",  # no method: what people choose in a form is fetched from its address
    "users:read.email",  # without it, users.list leaves the addresses out
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return read


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the app listens to, by kind of listener."""
    found: dict[str, list[Any]] = {kind: [] for kind in LISTENERS}

    def recording(kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def register(app: AsyncApp, what: Any = "", *others: Any, **named: Any) -> Any:
            found[kind].append(what)
            return original(app, what, *others, **named)

        return register

    for kind in LISTENERS:
        monkeypatch.setattr(AsyncApp, kind, recording(kind, getattr(AsyncApp, kind)))
    database, clock = Database("sqlite:///:memory:"), SystemClock()
    services = build_services(database, 1, Outside.slack(BOT_TOKEN, NOWHERE), clock, Wake(), _never)
    identity = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=BOT_TOKEN)
    inbox = Inbox(database, 1, clock)
    build_bolt(posting_client("", NOWHERE), identity, services, clock, inbox)
    return found


async def _never(_seconds: float) -> None:
    raise AssertionError("nothing is sent here")


def test_slack_takes_the_manifest(manifest: dict[str, Any]) -> None:
    if not SCHEMA.exists():
        pytest.skip(f"the schema of Slack's manifests is not here: {SCHEMA}")
    validator = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(manifest)] == []
    broken = {**manifest, "display_information": {}}
    assert [error.message for error in validator.iter_errors(broken)] != []


def test_its_commands_are_those_that_are_answered(
    manifest: dict[str, Any], heard: dict[str, list[Any]]
) -> None:
    commands = [each["command"] for each in manifest["features"]["slash_commands"]]
    assert commands == heard["command"]


def test_its_events_are_those_that_are_heard(
    manifest: dict[str, Any], heard: dict[str, list[Any]]
) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(
        SUBSCRIPTIONS.get(each, each) for each in [*heard["event"], *heard["message"]]
    )


def test_people_can_write_to_the_bot_and_it_hears_them(
    manifest: dict[str, Any], heard: dict[str, list[Any]]
) -> None:
    home = manifest["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert home["home_tab_enabled"] == ("app_home_opened" in heard["event"])


def test_it_is_interactive_and_has_no_shortcuts_and_no_option_menus(
    manifest: dict[str, Any], heard: dict[str, list[Any]]
) -> None:
    assert manifest["settings"]["interactivity"] == {"is_enabled": True}
    assert heard["action"]
    assert heard["view"]
    assert "shortcuts" not in manifest["features"]
    assert heard["shortcut"] == heard["options"] == []


def test_it_names_no_address_and_no_user_scope(manifest: dict[str, Any]) -> None:
    assert "://" not in json.dumps(manifest)
    assert manifest["settings"]["socket_mode_enabled"]
    assert set(manifest["oauth_config"]["scopes"]) == {"bot"}


def methods_used() -> set[str]:
    """The Web API methods that the code calls, as Slack names them."""
    by_attribute = {name.replace(".", "_").casefold(): name for name in METHOD_SCOPES}
    calls = {
        name
        for name, member in vars(AsyncWebClient).items()
        if inspect.iscoroutinefunction(member) and not name.startswith("_")
    }
    return {
        by_attribute[each.casefold()] for each in _attributes("bot", "handlers") if each in calls
    }


def _attributes(*packages: str) -> Iterator[str]:
    for package in packages:
        for path in sorted(Path(ROOT, package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    yield node.attr


def scopes_of(method: str) -> set[str]:
    """The scopes that our use of a method needs."""
    scopes = METHOD_SCOPES[method]
    if method not in FAMILIES:
        assert len(scopes) < 2, f"{method} takes any of {scopes}: add to FAMILIES what it is for"
        return set(scopes)
    return {scope for scope in scopes if scope.partition(":")[0] in FAMILIES[method]} - {
        "channels:manage"
    }


def event_scopes(event: str) -> set[str]:
    """The scopes that an event needs; opening the app's own home needs none."""
    return set() if event == "app_home_opened" else {EVENT_SCOPES[event]}


def test_its_scopes_are_those_that_the_code_needs(manifest: dict[str, Any]) -> None:
    used = methods_used()
    assert {"chat.postMessage", "chat.update", "views.open", "users.list"} < used
    assert used >= FAMILIES.keys()
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = set().union(*map(scopes_of, used)) | set().union(*map(event_scopes, events)) | HIDDEN
    granted = manifest["oauth_config"]["scopes"]["bot"]
    assert granted == sorted(needed)
    assert granted == sorted(SCOPES)
