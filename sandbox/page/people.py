"""How people look on the page: name, initials, colour, role, zone."""

import zlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.workspace import User, Workspace

COLOURS = 8
"""The style sheet has this many avatar colours."""


@dataclass(frozen=True, slots=True)
class Face:
    """A person or app as shown beside a message or in a list."""

    id: str
    name: str
    title: str
    initials: str
    colour: int
    is_app: bool
    role: str
    """Guest, Deactivated or empty."""
    zone: str


def face_of(user: User | None) -> Face:
    """Describe a user; one that is not in the workspace (any more) is unknown."""
    if user is None:
        return Face("", "Unknown", "", "?", 0, is_app=False, role="", zone="UTC")
    name = user.real_name or user.name
    return Face(
        id=user.id,
        name=name,
        title=user.title,
        initials="".join(word[0] for word in name.split()[:2]).upper(),
        colour=zlib.crc32(user.id.encode()) % COLOURS,
        is_app=user.is_bot,
        role=_role(user),
        zone=user.tz,
    )


def people_to_be(workspace: Workspace) -> list[Face]:
    """List whom a visitor can be, by name: everybody but apps and deactivated people."""
    people = [u for u in workspace.users.values() if not u.is_bot and not u.deleted]
    return sorted((face_of(user) for user in people), key=lambda face: face.name.casefold())


def zone_of(user: User) -> ZoneInfo:
    """Return a person's time zone, UTC if the name is not known on this machine."""
    try:
        return ZoneInfo(user.tz)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _role(user: User) -> str:
    if user.deleted:
        return "Deactivated"
    return "Guest" if user.is_restricted else ""
