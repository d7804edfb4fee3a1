"""A Slack workspace's people and channels, as a `Directory` that needs no Slack."""

from collections.abc import Iterable, Sequence

from domain.ports import SlackChannel, SlackUser


class FakeDirectory:
    """Answers from what it was given, and remembers what it was asked."""

    def __init__(
        self, users: Iterable[SlackUser] = (), channels: Iterable[SlackChannel] = ()
    ) -> None:
        self.everybody = list(users)
        self.all_channels = list(channels)
        self.asked: list[str] = []

    async def users(self) -> Sequence[SlackUser]:
        self.asked.append("users")
        return self.everybody

    async def user(self, slack_id: str) -> SlackUser | None:
        self.asked.append("user")
        return next((one for one in self.everybody if one.slack_id == slack_id), None)

    async def channels(self) -> Sequence[SlackChannel]:
        self.asked.append("channels")
        return self.all_channels


def user(name: str) -> SlackUser:
    """A full member in New York: `ana` is Ana, U0ANA, ana@example.edu."""
    return SlackUser(
        slack_id=f"U0{name.upper()}",
        name=name.capitalize(),
        email=f"{name}@example.edu",
        timezone="America/New_York",
    )
