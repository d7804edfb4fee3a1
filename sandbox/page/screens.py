"""What each screen and each live fragment shows: plain values for the templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from markupsafe import Markup

from sandbox.acting import Acting
from sandbox.clock import Clock
from sandbox.page import conversations
from sandbox.page.people import face_of, zone_of
from sandbox.page.render import render_blocks
from sandbox.page.render.dates import clock_time
from sandbox.page.render.texts import plain
from sandbox.page.visit import Visit
from sandbox.workspace import Channel, Prompt, View

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the workspace a person is: a conversation (perhaps a thread of it), or Home."""

    visit: Visit
    acting: Acting
    channel: Channel | None = None
    thread: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A conversation in the sidebar."""

    id: str
    name: str
    kind: str
    unread: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A modal or App Home, rendered."""

    id: str
    hash: str
    title: str
    submit: str
    close: str
    can_go_back: bool
    body: Markup


def find_place(visit: Visit, acting: Acting, query: Mapping[str, str]) -> Place:
    """Read a place from an address; raises HTTPNotFound for what the person may not see."""
    channel_id = query.get("channel", "")
    channel = visit.channel(channel_id) if channel_id else None
    if channel_id and channel is None:
        raise web.HTTPNotFound(text=f"{visit.user.name} can't see a conversation {channel_id}.")
    return Place(visit, acting, channel, _ts(query, "thread"), _ts(query, "before"))


def _ts(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if value and not value.replace(".", "", 1).isdecimal():
        raise web.HTTPBadRequest(text=f"`{name}` must be a message timestamp, not {value!r}.")
    return value


def screen(place: Place) -> Values:
    """Return everything that a whole page of a person's workspace needs."""
    values: Values = {}
    for part in FRAGMENTS.values():
        values |= part(place)
    return values


def frame(place: Place) -> Values:
    """Return what every template may use: the place, its person and the app."""
    visit, channel = place.visit, place.channel
    workspace = visit.workspace
    return {
        "me": face_of(visit.user),
        "team": workspace.name,
        "app_face": face_of(workspace.users[workspace.bot_user_id]),
        "channel": channel,
        "channel_title": visit.title(channel) if channel else "",
        "is_member": channel is not None and visit.user.id in channel.members,
        "member_count": len(channel.members) if channel else 0,
        "thread_ts": place.thread,
        "before": place.before,
        "has_home": place.acting.delivery.config.home_tab,
        "is_app_dm": channel is not None
        and channel.is_im
        and place.acting.delivery.config.messages_tab,
        "commands": sorted(place.acting.delivery.config.commands or ()),
    }


def _sidebar(place: Place) -> Values:
    visit, here = place.visit, place.channel
    links = [
        _channel_link(visit, channel, is_open=here is not None and channel.id == here.id)
        for channel in visit.workspace.channels.values()
        if visit.may_see(channel) and not channel.is_archived
    ]
    links.sort(key=lambda link: link.name.casefold())
    mine = {channel.id for channel in visit.workspace.channels_of(visit.user.id)}
    return {
        "channels": [link for link in links if link.kind != "im" and link.id in mine],
        "other_channels": [link for link in links if link.id not in mine],
        "direct_messages": [link for link in links if link.kind == "im"],
    }


def _channel_link(visit: Visit, channel: Channel, *, is_open: bool) -> ChannelLink:
    unread = visit.workspace.unread_count(visit.user.id, channel.id)
    title = visit.title(channel)
    return ChannelLink(channel.id, title, channel.kind, 0 if is_open else unread, is_open)


def _messages(place: Place) -> Values:
    if place.channel is None:
        return {"timeline": conversations.Timeline([], "")}
    is_agent = place.channel.is_im and place.acting.delivery.config.agent_view
    found = conversations.timeline(place.visit, place.channel, place.before, shows_replies=is_agent)
    return {"timeline": found}


def _agent(place: Place) -> Values:
    """What the app suggests to ask, and what it is doing: Slack shows both above the composer."""
    config, channel = place.acting.delivery.config, place.channel
    if channel is None or not channel.is_im or not config.agent_view:
        return {"prompts": (), "status": None}
    prompts = place.visit.workspace.prompts.get(channel.id)
    if prompts is None:
        prompts = tuple(Prompt(*each) for each in config.prompts)
    return {"prompts": prompts, "status": place.visit.workspace.status(channel.id)}


def _thread(place: Place) -> Values:
    if place.channel is None or not place.thread:
        return {"thread": None}
    return {"thread": conversations.thread(place.visit, place.channel, place.thread)}


def _modal(place: Place) -> Values:
    views = place.visit.workspace.open_views(place.visit.user.id)
    sheet = _sheet(place.visit, views[-1], "modal") if views else None
    return {"modal": sheet, "modal_depth": len(views)}


def _home(place: Place) -> Values:
    view = place.visit.workspace.home(place.visit.user.id)
    return {"home": _sheet(place.visit, view, "home") if view else None}


def _sheet(visit: Visit, view: View, scope: str) -> Sheet:
    payload = view.payload
    return Sheet(
        id=view.id,
        hash=view.hash,
        title=plain(payload.get("title")),
        submit=plain(payload.get("submit")),
        close=plain(payload.get("close")) or "Cancel",
        can_go_back=view.previous_view_id is not None,
        body=render_blocks(view.blocks, visit.context(scope, view.state)),
    )


def _clock(place: Place) -> Values:
    clock = place.visit.workspace.clock
    now = clock.now().astimezone(zone_of(place.visit.user))
    return {
        "now_date": f"{now:%a} {now.day} {now:%b %Y}",
        "now_time": clock_time(now),
        "now_iso": now.isoformat(timespec="seconds"),
        "clock_state": clock_state(clock),
        "is_connected": place.acting.delivery.connected,
    }


def clock_state(clock: Clock) -> str:
    """Say in words how the sandbox's time stands to real time."""
    if not clock.running:
        return "standing still"
    minutes = round(clock.offset.total_seconds() / 60)
    if minutes == 0:
        return "real time"
    days, rest = divmod(abs(minutes), 24 * 60)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "min"))
    words = " ".join(f"{number} {unit}" for number, unit in parts if number)
    return f"{words} {'ahead of' if minutes > 0 else 'behind'} real time"


FRAGMENTS: dict[str, Callable[[Place], Values]] = {
    "clock": _clock,
    "sidebar": _sidebar,
    "messages": _messages,
    "agent": _agent,
    "thread": _thread,
    "home": _home,
    "modal": _modal,
}
"""The parts of the page that change live; each has a template of its name."""
