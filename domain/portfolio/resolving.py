"""Finds in Slack the people and channels that a configuration file names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.portfolio.checking import Fault
from domain.portfolio.configuration import ConfigurationFile, CouncilConfiguration
from domain.portfolio.people import Roster
from domain.portfolio.suggest import did_you_mean
from domain.portfolio.yaml_file import KeyPath
from domain.ports import SlackChannel, SlackUser


@dataclass
class Resolution:
    """What was found, and what is wrong or looks wrong."""

    people: dict[str, SlackUser] = field(default_factory=dict)
    """By what the file calls them."""
    channels: dict[str, SlackChannel] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def resolve(
    file: ConfigurationFile, roster: Roster, channels: Sequence[SlackChannel]
) -> Resolution:
    """Find everybody and every channel of the file; whoever sits somewhere is a full member."""
    resolution = Resolution()
    for path, text in _people(file):
        try:
            resolution.people[text] = roster.find_member(text)
        except ValueError as error:
            resolution.faults.append(Fault(path, str(error)))
    for path, text in _channels(file):
        _resolve_channel(resolution, path, text, channels)
    for place, one in enumerate(file.people):
        try:
            resolution.people[one.person] = roster.find(one.person)
        except ValueError as error:
            resolution.faults.append(Fault(("people", place, "person"), str(error)))
    resolution.faults += _shared_channels(file, resolution)
    resolution.faults += _repeated_members(file, resolution)
    if not file.pmo.members:
        text = "nobody is in the PMO, so nobody reads of failures; name somebody"
        resolution.warnings.append(Fault(("pmo", "members"), text))
    return resolution


def _people(file: ConfigurationFile) -> Iterator[tuple[KeyPath, str]]:
    for place, text in enumerate(file.pmo.members):
        yield ("pmo", "members", place), text
    for place, council in enumerate(file.councils):
        if council.chair is not None:
            yield ("councils", place, "chair"), council.chair
        for seat, member in enumerate(council.members):
            yield ("councils", place, "members", seat), member.person


def _channels(file: ConfigurationFile) -> Iterator[tuple[KeyPath, str]]:
    if file.pmo.channel is not None:
        yield ("pmo", "channel"), file.pmo.channel
    for place, council in enumerate(file.councils):
        yield ("councils", place, "channel"), council.channel
    for place, digest in enumerate(file.digests):
        yield ("digests", place, "channel"), digest.channel


def _resolve_channel(
    resolution: Resolution, path: KeyPath, text: str, channels: Sequence[SlackChannel]
) -> None:
    channel = _find_channel(text, channels)
    if channel is None:
        guess = did_you_mean(text, [one.name for one in channels if not one.is_archived])
        cure = "Make it in Slack; a private one the bot sees once it is in it: /invite @pmobot"
        resolution.faults.append(Fault(path, f"there is no channel '{text}'.{guess} {cure}"))
        return
    if channel.is_archived:
        cure = "unarchive it in Slack, or name another"
        resolution.faults.append(Fault(path, f"#{channel.name} is archived; {cure}"))
    elif not channel.is_member:
        text_ = f"the bot is not in #{channel.name}; write there: /invite @pmobot"
        resolution.warnings.append(Fault(path, text_))
    resolution.channels[text] = channel


def _find_channel(text: str, channels: Iterable[SlackChannel]) -> SlackChannel | None:
    """A channel by its id or name; a living one before an archived one of the same name."""
    found = [one for one in channels if text == one.channel_id or text.casefold() == one.name]
    return min(found, key=lambda one: one.is_archived, default=None)


def _shared_channels(file: ConfigurationFile, resolution: Resolution) -> Iterator[Fault]:
    taken: dict[str, CouncilConfiguration] = {}
    for place, council in enumerate(file.councils):
        channel = resolution.channels.get(council.channel)
        if channel is None:
            continue
        other = taken.setdefault(channel.channel_id, council)
        if other is not council:
            text = f"#{channel.name} is the channel of {other.name} too; give each its own"
            yield Fault(("councils", place, "channel"), text)


def _repeated_members(file: ConfigurationFile, resolution: Resolution) -> Iterator[Fault]:
    """Somebody listed twice, be it once by address and once by id."""
    for place, council in enumerate(file.councils):
        seats = [member.person for member in council.members]
        yield from _repeated(resolution, ("councils", place, "members"), seats)
    yield from _repeated(resolution, ("people",), [one.person for one in file.people])


def _repeated(resolution: Resolution, path: KeyPath, texts: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, text in enumerate(texts):
        user = resolution.people.get(text)
        if user is None:
            continue
        if user.slack_id in seen:
            yield Fault((*path, place), f"{user.name} stands there twice; keep one of the two")
        seen.add(user.slack_id)
