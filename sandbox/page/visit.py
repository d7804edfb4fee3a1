"""One person's look at the workspace: what they may see, under which names, in which zone."""

from dataclasses import dataclass

from sandbox.page.people import zone_of
from sandbox.page.render import RenderContext
from sandbox.workspace import Channel, File, StateValues, User, Workspace


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who looks at the workspace."""

    workspace: Workspace
    user: User

    def may_see(self, channel: Channel) -> bool:
        """Tell whether the person can read a conversation: their own, or any public channel."""
        if self.user.id in channel.members:
            return True
        return channel.kind == "public_channel" and not self.user.is_restricted

    def channel(self, channel_id: str) -> Channel | None:
        """Return a conversation that the person may see."""
        channel = self.workspace.channels.get(channel_id)
        return channel if channel is not None and self.may_see(channel) else None

    def title(self, channel: Channel) -> str:
        """Name a conversation; a direct message has the name of its other side."""
        if not channel.is_im:
            return channel.name
        others = [member for member in channel.members if member != self.user.id]
        other = self.workspace.users.get(others[0] if others else self.user.id)
        return (other.real_name or other.name) if other else "Unknown"

    def context(self, scope: str, state: StateValues | None = None) -> RenderContext:
        """Return what rendering needs for this person; `scope` prefixes element ids."""
        users = self.workspace.users.values()
        channels = self.workspace.channels.values()
        return RenderContext(
            zone=zone_of(self.user),
            now=self.workspace.clock.now(),
            people={user.id: user.real_name or user.name for user in users},
            channels={c.id: c.name for c in channels if not c.is_im and self.may_see(c)},
            files={f: self.file_url(f) for f in self.workspace.files},
            state=state or {},
            viewer=self.user.id,
            scope=scope,
        )

    def may_open(self, file: File) -> bool:
        """Tell whether the person can open a file: a picture, or what a message of theirs shows.

        Pictures stand in blocks of messages, modals and App Home, which are not searched.
        """
        return file.uploaded and (file.is_picture or self._is_shown(file.id))

    def _is_shown(self, file_id: str) -> bool:
        seen = filter(self.may_see, self.workspace.channels.values())
        messages = (each for channel in seen for each in self.workspace.messages_in(channel.id))
        return any(file_id in message.files for message in messages)

    def file_url(self, file_id: str) -> str:
        """Return the address under which this person sees an uploaded file."""
        return f"/u/{self.user.id}/files/{file_id}"
