"""What a person does on the page, handed to `Acting`: the answer says what came of it, in words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from aiohttp import web

from sandbox.acting import Acting, ActionResult, ClientRefusal
from sandbox.page.people import zone_of
from sandbox.page.visit import Visit

MORNING = time(9)
DONE = ActionResult(ok=True)


@dataclass(frozen=True, slots=True)
class Request:
    """A deed as the page's script sent it."""

    acting: Acting
    visit: Visit
    fields: Mapping[str, Any]

    @property
    def user(self) -> str:
        """Who does it."""
        return self.visit.user.id

    def text(self, name: str) -> str:
        """Return a required text; raises HTTPBadRequest naming the field."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value:
            raise web.HTTPBadRequest(text=f"The field `{name}` is missing or is not a text.")
        return value

    def optional(self, name: str) -> str | None:
        """Return a text that may be missing."""
        value = self.fields.get(name)
        return value if isinstance(value, str) and value else None

    def value(self, name: str) -> Any:
        """Return what an input holds: see `_settled` for what the script can't know itself."""
        return self._settled(self.fields.get(name))

    def values(self, name: str) -> dict[str, Any]:
        """Return what several inputs hold, by block_id."""
        held = self.fields.get(name) or {}
        if not isinstance(held, dict):
            raise web.HTTPBadRequest(text=f"The field `{name}` must be an object.")
        return {block_id: self._settled(value) for block_id, value in held.items()}

    def _settled(self, value: Any) -> Any:
        """Turn a local date and time into an instant, and a rich text's draft into rich text."""
        if not isinstance(value, dict):
            return value
        if "rich" in value:
            return _rich_text(str(value["rich"]))
        local = datetime.fromisoformat(str(value.get("local")))
        return int(local.replace(tzinfo=zone_of(self.visit.user)).timestamp())


def _rich_text(text: str) -> dict[str, Any]:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


async def do(deed: str, request: Request) -> dict[str, Any]:
    """Do a deed and return what the page's script shows; raises HTTPNotFound for an unknown one."""
    if deed not in DEEDS:
        raise web.HTTPNotFound(text=f"There is no deed {deed!r}.")
    try:
        result = await DEEDS[deed](request)
    except ClientRefusal as refusal:
        notice = "" if refusal.errors else refusal.reason
        return {"ok": False, "notice": notice, "errors": refusal.errors}
    return {"ok": result.ok, "notice": _notice(result), "errors": result.errors or {}}


def _notice(result: ActionResult) -> str:
    if result.ok:
        return ""
    return f"{result.detail} ({result.problem})" if result.detail else result.problem


async def _say(request: Request) -> ActionResult:
    """Post a message or a reply, or run what starts with a slash."""
    text, channel = request.text("text").strip(), request.text("channel")
    thread = request.optional("thread")
    if not text.startswith("/"):
        return await request.acting.post(request.user, channel, text, thread)
    if thread:
        raise ClientRefusal("Slash commands don't work in threads: type it in the channel.")
    command, _, rest = text.partition(" ")
    if command == "/invite":
        return await _invite(request, channel, rest.strip())
    if command == "/leave":
        return await request.acting.leave(request.user, channel)
    return await request.acting.command(request.user, channel, command, rest.strip())


async def _invite(request: Request, channel: str, whom: str) -> ActionResult:
    invited = request.visit.workspace.user_named(whom.removeprefix("@"))
    if invited is None:
        raise ClientRefusal(f"There is nobody called {whom or '(nothing)'}. Try /invite @name.")
    return await request.acting.invite(request.user, channel, invited.id)


async def _press(request: Request) -> ActionResult:
    return await request.acting.press(
        request.user,
        request.text("channel"),
        request.text("ts"),
        request.text("action"),
        request.optional("block"),
        request.value("value"),
    )


async def _press_in_view(request: Request) -> ActionResult:
    return await request.acting.press_in_view(
        request.user,
        request.text("view"),
        request.text("action"),
        request.optional("block"),
        request.value("value"),
        request.values("state"),
    )


async def _submit(request: Request) -> ActionResult:
    view = request.text("view")
    return await request.acting.submit_view(request.user, view, request.values("state"))


async def _close(request: Request) -> ActionResult:
    clear = bool(request.fields.get("clear"))
    return await request.acting.close_view(request.user, request.text("view"), clear=clear)


async def _open_home(request: Request) -> ActionResult:
    return await request.acting.open_home(request.user)


async def _open_dm(request: Request) -> ActionResult:
    return await request.acting.open_dm(request.user)


async def _join(request: Request) -> ActionResult:
    return await request.acting.join(request.user, request.text("channel"))


async def _read(request: Request) -> ActionResult:
    workspace, channel = request.visit.workspace, request.text("channel")
    if workspace.unread_count(request.user, channel):
        workspace.mark_read(request.user, channel)
    return DONE


async def _move_clock(request: Request) -> ActionResult:
    clock, move = request.visit.workspace.clock, request.text("move")
    steps = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
    if move in steps:
        clock.advance(steps[move].total_seconds())
    elif move == "morning":
        clock.set_time(next_morning(clock.now(), request.visit), running=clock.running)
    elif move == "real":
        clock.reset()
    else:
        raise web.HTTPBadRequest(text="`move` is one of hour, day, morning, real.")
    return DONE


def next_morning(now: datetime, visit: Visit) -> datetime:
    """Return the next 09:00 on the person's wall clock."""
    zone = zone_of(visit.user)
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=int(local.time() >= MORNING))
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


DEEDS: dict[str, Callable[[Request], Awaitable[ActionResult]]] = {
    "say": _say,
    "press": _press,
    "press_in_view": _press_in_view,
    "submit": _submit,
    "close": _close,
    "open_home": _open_home,
    "open_dm": _open_dm,
    "join": _join,
    "read": _read,
    "clock": _move_clock,
}
