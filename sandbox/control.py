"""The control interface: JSON over HTTP under /control, to seed, act, look, wait and break things.

Documented in README.md. It is not protected; the sandbox binds to this machine only.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from aiohttp import web

from sandbox.acting import ActionResult, ClientRefusal
from sandbox.faults import Fault
from sandbox.parts import Parts
from sandbox.shapes import message_json, view_json
from sandbox.workspace import Channel, Json, Message, User

Handle = Callable[[web.Request], Awaitable[web.Response]]

ACTS = {
    "post": ("user", "channel", "text", "thread_ts"),
    "open_dm": ("user",),
    "press": ("user", "channel", "ts", "action_id", "block_id", "value"),
    "command": ("user", "channel", "command", "text"),
    "open_home": ("user",),
    "press_in_view": ("user", "view_id", "action_id", "block_id", "value", "state"),
    "submit_view": ("user", "view_id", "values"),
    "close_view": ("user", "view_id", "clear"),
    "shortcut": ("user", "callback_id"),
    "join": ("user", "channel"),
    "leave": ("user", "channel"),
    "invite": ("user", "channel", "invited"),
}
"""The acts that can be asked for, with their arguments."""

WAIT_SECONDS = 10.0
USER_FIELDS = {field.name for field in fields(User)}
CHANNEL_FIELDS = {field.name for field in fields(Channel)} - {"created"}
FAULT_FIELDS = {field.name for field in fields(Fault)}


class ControlError(Exception):
    """A request that cannot be understood; the message says what is wrong with it."""


class Control:
    """Serves `/control/...`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.workspace = parts.workspace

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Mount all routes."""
        routes: list[tuple[str, str, Handle]] = [
            ("GET", "/state", self.state),
            ("GET", "/users", self.users),
            ("POST", "/users", self.put_user),
            ("GET", "/channels", self.channels),
            ("POST", "/channels", self.put_channel),
            ("POST", "/act/{act}", self.act),
            ("GET", "/messages/{channel}", self.messages),
            ("GET", "/dm/{user}", self.dm),
            ("GET", "/views/{user}", self.views),
            ("GET", "/home/{user}", self.home),
            ("GET", "/refusals", self.refusals),
            ("GET", "/calls", self.calls),
            ("GET", "/wait", self.wait),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.set_clock),
            ("GET", "/faults", self.faults),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("POST", "/delays", self.set_delay),
            ("POST", "/disconnect", self.disconnect),
            ("POST", "/reset", self.reset),
        ]
        for method, path, handle in routes:
            router.add_route(method, f"/control{path}", _answering(handle))

    # -- people and channels ----------------------------------------------------------------------

    async def state(self, _request: web.Request) -> web.Response:
        """Tell the ids that everything else needs."""
        workspace = self.workspace
        return web.json_response(
            {
                "team_id": workspace.team_id,
                "app_id": workspace.app_id,
                "bot_id": workspace.bot_id,
                "bot_user_id": workspace.bot_user_id,
                "connected": self.parts.delivery.connected,
                "users": len(workspace.users),
                "channels": len(workspace.channels),
                "messages": sum(len(messages) for messages in workspace.messages.values()),
            }
        )

    async def users(self, _request: web.Request) -> web.Response:
        """List everybody."""
        return web.json_response({"users": [asdict(u) for u in self.workspace.users.values()]})

    async def put_user(self, request: web.Request) -> web.Response:
        """Create a person, or change the one with this id or name."""
        body = await _body(request, USER_FIELDS)
        if body.get("tz", "UTC") not in available_timezones():
            raise ControlError(f"tz must be a zone such as Europe/Berlin, not {body['tz']!r}")
        user = self.workspace.users.get(body.get("id", "")) or self._user_by_name(body)
        if user is None:
            user = self.workspace.add_user(_field(body, "name"), **_without(body, "name"))
        else:
            _change(user, body)
            self.parts.acting.user_changed(user)
        return web.json_response({"user": asdict(user)})

    async def channels(self, _request: web.Request) -> web.Response:
        """List all conversations."""
        listed = [asdict(channel) for channel in self.workspace.channels.values()]
        return web.json_response({"channels": listed})

    async def put_channel(self, request: web.Request) -> web.Response:
        """Create a channel, or change the one with this id or name."""
        body = await _body(request, CHANNEL_FIELDS)
        if "members" in body:
            body["members"] = [self._user_id(member) for member in body["members"]]
        known = self.workspace.channels.get(body.get("id", ""))
        channel = known or self.workspace.channel_named(body.get("name", ""))
        if channel is None:
            channel = self.workspace.add_channel(_field(body, "name"), **_without(body, "name"))
        else:
            self._change_members(channel, body.pop("members", channel.members))
            if channel.is_archived and body.get("is_archived") is False:
                self.parts.acting.posting.unarchive(channel)
            _change(channel, body)
            self.workspace.announce_channel(channel)
        return web.json_response({"channel": asdict(channel)})

    def _change_members(self, channel: Channel, members: list[str]) -> None:
        for user in set(members).difference(channel.members):
            self.parts.acting.posting.join(channel, user)
        for user in set(channel.members).difference(members):
            self.parts.acting.posting.leave(channel, user)

    def _user_by_name(self, body: Json) -> User | None:
        name = body.get("name", "")
        return next((u for u in self.workspace.users.values() if u.name == name), None)

    def _user_id(self, name: str) -> str:
        user = self.workspace.user_named(name)
        if user is None:
            raise ControlError(f"There is nobody with the id, name or address {name!r}")
        return user.id

    def _channel_id(self, name: str) -> str:
        channel = self.workspace.channel_named(name)
        if channel is None:
            raise ControlError(f"There is no channel {name!r}")
        return channel.id

    # -- acting -----------------------------------------------------------------------------------

    async def act(self, request: web.Request) -> web.Response:
        """Act as a person; what the client refuses is HTTP 409."""
        act = request.match_info["act"]
        if act not in ACTS:
            raise ControlError(f"Unknown act {act!r}; there are {', '.join(ACTS)}")
        body = await _body(request, set(ACTS[act]))
        body["user"] = self._user_id(_field(body, "user"))
        if "channel" in body:
            body["channel"] = self._channel_id(body["channel"])
        try:
            result: ActionResult = await getattr(self.parts.acting, act)(**body)
        except ClientRefusal as refusal:
            answer = {"ok": False, "refused": refusal.reason, "errors": refusal.errors}
            return web.json_response(answer, status=409)
        except TypeError as error:
            raise ControlError(f"{act} takes {', '.join(ACTS[act])}: {error}") from error
        return web.json_response(asdict(result))

    # -- looking ----------------------------------------------------------------------------------

    async def messages(self, request: web.Request) -> web.Response:
        """Return a channel's messages, oldest first, replies included."""
        channel = self._channel_id(request.match_info["channel"])
        viewer = request.query.get("viewer", "")
        return self._messages(channel, self._user_id(viewer) if viewer else None)

    async def dm(self, request: web.Request) -> web.Response:
        """Return the messages between a person and the app."""
        user = self._user_id(request.match_info["user"])
        return self._messages(self.workspace.dm(user).id, user)

    async def views(self, request: web.Request) -> web.Response:
        """Return a person's open modals, the one on top last."""
        user = self._user_id(request.match_info["user"])
        opened = [view_json(self.workspace, view) for view in self.workspace.open_views(user)]
        return web.json_response({"views": opened})

    async def home(self, request: web.Request) -> web.Response:
        """Return a person's App Home, or null."""
        view = self.workspace.home(self._user_id(request.match_info["user"]))
        return web.json_response({"view": view_json(self.workspace, view) if view else None})

    async def refusals(self, _request: web.Request) -> web.Response:
        """Return every call that was answered with an error."""
        listed = [
            asdict(refusal) | {"at": refusal.at.isoformat()}
            for refusal in self.parts.calls.refusals
        ]
        return web.json_response({"refusals": listed})

    async def calls(self, _request: web.Request) -> web.Response:
        """Return how often each method was called."""
        return web.json_response({"calls": dict(self.parts.calls.counts)})

    async def wait(self, request: web.Request) -> web.Response:
        """Answer as soon as what is asked for is there; HTTP 408 after `timeout` seconds."""
        query = request.query
        met = await self.workspace.wait_until(
            self._condition(query), float(query.get("timeout", WAIT_SECONDS))
        )
        return web.json_response({"ok": met}, status=200 if met else 408)

    def _condition(self, query: Any) -> Callable[[], bool]:
        what = query.get("for", "")
        if what == "connected":
            return lambda: self.parts.delivery.connected
        if what == "view":
            user, callback = self._user_id(query.get("user", "")), query.get("callback_id")
            return lambda: self._has_view(user, callback)
        if what == "home":
            user = self._user_id(query.get("user", ""))
            return lambda: self.workspace.home(user) is not None
        if what == "message":
            place, text = query.get("channel", ""), query.get("text", "")
            after = query.get("after", "")
            return lambda: any(text in _all_text(m) and m.ts > after for m in self._in(place))
        raise ControlError("for= must be connected, view, home or message")

    def _has_view(self, user: str, callback_id: str | None) -> bool:
        view = self.workspace.top_view(user)
        if view is None:
            return False
        return callback_id is None or view.payload.get("callback_id") == callback_id

    def _in(self, place: str) -> list[Message]:
        user = self.workspace.user_named(place)
        channel = self.workspace.dm(user.id) if user else self.workspace.channel_named(place)
        viewer = user.id if user else None
        return self.workspace.messages_in(channel.id, viewer=viewer) if channel else []

    def _messages(self, channel: str, viewer: str | None) -> web.Response:
        shapes = []
        for message in self.workspace.messages_in(channel, viewer=viewer):
            shape = message_json(self.workspace, message)
            shapes.append(shape | {"ephemeral_to": message.ephemeral_to})
        return web.json_response({"channel": channel, "messages": shapes})

    # -- clock, faults, connections ---------------------------------------------------------------

    async def clock(self, _request: web.Request) -> web.Response:
        """Tell the time."""
        clock = self.workspace.clock
        return web.json_response(
            {
                "now": clock.now().isoformat(),
                "running": clock.running,
                "offset_seconds": clock.offset.total_seconds(),
            }
        )

    async def set_clock(self, request: web.Request) -> web.Response:
        """Set, advance or reset the clock."""
        body = await _body(request, {"set", "running", "advance_seconds", "reset"})
        clock = self.workspace.clock
        try:
            if body.get("reset"):
                clock.reset()
            if "set" in body:
                when = datetime.fromisoformat(body["set"])
                clock.set_time(when, running=body.get("running", clock.running))
            if "advance_seconds" in body:
                clock.advance(float(body["advance_seconds"]))
        except (TypeError, ValueError) as error:
            raise ControlError(str(error)) from error
        return await self.clock(request)

    async def faults(self, _request: web.Request) -> web.Response:
        """List the faults that wait, and the standing delays."""
        return web.json_response(
            {
                "faults": [asdict(fault) for fault in self.parts.faults.waiting],
                "delays": self.parts.faults.delays,
            }
        )

    async def add_fault(self, request: web.Request) -> web.Response:
        """Let the next calls of a method fail."""
        body = await _body(request, FAULT_FIELDS)
        kinds = ("status", "error", "ratelimited", "html", "drop", "delay")
        if body.get("kind") not in kinds:
            raise ControlError(f"kind must be one of {', '.join(kinds)}")
        _field(body, "method")
        self.parts.faults.add(Fault(**body))
        return await self.faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Let everything work again."""
        self.parts.faults.clear()
        return await self.faults(request)

    async def set_delay(self, request: web.Request) -> web.Response:
        """Make every call of a method slow ("*": of any)."""
        body = await _body(request, {"method", "seconds"})
        self.parts.faults.delays[body.get("method", "*")] = float(body.get("seconds", 0))
        return await self.faults(request)

    async def disconnect(self, request: web.Request) -> web.Response:
        """Ask the app's Socket Mode connections to renew, or cut them."""
        reason = (await _body(request, {"reason"})).get("reason", "refresh_requested")
        if reason == "drop":
            return web.json_response({"connections": await self.parts.sockets.drop()})
        if reason not in ("warning", "refresh_requested"):
            raise ControlError("reason must be warning, refresh_requested or drop")
        return web.json_response({"connections": await self.parts.sockets.disconnect(reason)})

    async def reset(self, _request: web.Request) -> web.Response:
        """Forget people, channels, messages, calls, refusals and faults."""
        self.workspace.reset()
        self.parts.calls.reset()
        self.parts.faults.clear()
        return web.json_response({"ok": True})


def _answering(handle: Handle) -> Handle:
    async def answer(request: web.Request) -> web.Response:
        try:
            return await handle(request)
        except ControlError as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)

    return answer


async def _body(request: web.Request, known: set[str]) -> Json:
    text = await request.text()
    try:
        body = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise ControlError(f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise ControlError("The body must be a JSON object")
    if unknown := sorted(body.keys() - known):
        raise ControlError(
            f"Unknown field {', '.join(unknown)}; there are {', '.join(sorted(known))}"
        )
    return body


def _field(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"The field {name} is missing")
    return value


def _without(body: Json, name: str) -> Json:
    return {key: value for key, value in body.items() if key != name}


def _change(record: User | Channel, body: Json) -> None:
    for name, value in body.items():
        setattr(record, name, value)


def _all_text(message: Message) -> str:
    return f"{message.text} {json.dumps(message.blocks, ensure_ascii=False)}"
