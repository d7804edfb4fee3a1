"""A Slack workspace's people and channels, as a `Directory` that needs no Slack."""

from collections.abc import Iterable, Sequence

from domain.ports import SlackApp, SlackChannel, SlackUser


class FakeDirectory:
    """Answers from what it was given, and remembers what it was asked."""

    def __init__(
        self, users: Iterable[SlackUser] = (), channels: Iterable[SlackChannel] = ()
    ) -> None:
        self.everybody = list(users)
        self.all_channels = list(channels)
        self.unlisted: list[SlackUser] = []
        """Whom no list has, and who can be asked for."""
        self.readers: set[str] = set()
        """Who can read in the channels, by Slack id."""
        self.itself = SlackApp(frozenset())
        self.asked: list[str] = []
        self.troubles: dict[str, BaseException] = {}
        """What to raise instead of an answer, by what is asked."""

    async def users(self) -> Sequence[SlackUser]:
        self._ask("users")
        return self.everybody

    async def user(self, slack_id: str) -> SlackUser | None:
        self._ask("user")
        return next(
            (one for one in [*self.everybody, *self.unlisted] if one.slack_id == slack_id), None
        )

    async def channels(self) -> Sequence[SlackChannel]:
        self._ask("channels")
        return self.all_channels

    async def app(self) -> SlackApp:
        self._ask("app")
        return self.itself

    async def link(self, channel_id: str, ts: str, reader: str) -> str:
        self._ask("link")
        return f"https://slack.example/{channel_id}/{ts}" if reader in self.readers else ""

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.troubles:
            raise self.troubles[what]


def user(name: str) -> SlackUser:
    """A full member in New York: `ana` is Ana, U0ANA, ana@example.edu."""
    return SlackUser(
        slack_id=f"U0{name.upper()}",
        name=name.capitalize(),
        email=f"{name}@example.edu",
        timezone="America/New_York",
    )
