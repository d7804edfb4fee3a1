"""Pure checks: facts in, findings with cause and cure out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from domain.delivery.values import Undelivered
from domain.health.values import (
    Area,
    ChannelUse,
    CouncilUse,
    DigestUse,
    Facts,
    Finding,
    Holder,
    LeftProject,
    NotComposed,
    Severity,
    SlackFacts,
    UnpostedDigest,
)

LONGEST_SKEW: Final = timedelta(seconds=30)
SIGNATURE_LIFE: Final = timedelta(minutes=5)
"""Slack's signatures are refused by a clock that is further off."""

LONGEST_QUEUE: Final = timedelta(minutes=5)
"""What is due longer than that is not merely waiting for its turn within Slack's limits."""

STALE: Final = timedelta(days=2)
"""Slack is asked once a day: after two, something hinders it."""

NAMED: Final = 10
"""People or projects that one sentence names; the others are counted."""

SCOPES: Final = {
    "app_mentions:read": "hear who mentions it in a channel",
    "assistant:write": "suggest what to ask in its messages",
    "channels:history": "look up in public channels whether a message arrived",
    "channels:read": "see public channels, and whether the bot is in them",
    "chat:write": "post and edit messages",
    "commands": "answer /project",
    "files:read": "read the calendar files that people upload",
    "files:write": "upload the pictures and documents of its messages",
    "groups:history": "look up in private channels whether a message arrived",
    "groups:read": "see private channels, and whether the bot is in them",
    "im:history": "hear what people write to it, and look up whether a message arrived",
    "im:write": "open direct messages",
    "users:read": "know people's names and time zones, and who has left",
    "users:read.email": "find the people whom the files name by e-mail address",
}
"""What the app must be granted, as in slack_manifest.json, and what for."""

_REAPPLY: Final = "in the configuration and run `pmobot apply`"
_REIMPORT: Final = "in the portfolio file and run `pmobot import`"


def examine(facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """Everything that hinders the bot, problems first, each area's in its order."""
    found = [
        *_setup(facts),
        *slack_findings(facts.slack, now),
        *(finding for use in facts.channels for finding in _channel(use)),
        *_left_projects(facts.left),
        *(finding for person in facts.people for finding in _person(person)),
        *_zoneless(facts),
        *(finding for council in facts.councils for finding in _council(council)),
        *(finding for digest in facts.digests for finding in _digest(digest)),
        *(finding for digest in facts.unposted for finding in _unposted(digest, now)),
        *(_not_composed(each) for each in facts.not_composed),
        *_backlog(facts, now),
        *_undelivered(facts.undelivered),
    ]
    return in_order(found)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Problems first; within them by area, as the areas are listed."""
    areas, severities = list(Area), list(Severity)
    return tuple(
        sorted(findings, key=lambda each: (severities.index(each.severity), areas.index(each.area)))
    )


def _problem(area: Area, subject: str, cause: str, cure: str) -> Finding:
    return Finding(Severity.PROBLEM, area, subject, cause, cure)


def _warning(area: Area, subject: str, cause: str, cure: str) -> Finding:
    return Finding(Severity.WARNING, area, subject, cause, cure)


def listed(names: Sequence[str]) -> str:
    """Names in one sentence: the first of them, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown


def _setup(facts: Facts) -> Iterator[Finding]:
    if not facts.is_configured:
        yield _problem(
            Area.SETUP,
            "configuration",
            "nothing has been configured, so nobody is asked",
            "write councils and calendars into a YAML file and run `pmobot apply FILE`",
        )
    if facts.is_paused:
        yield _warning(
            Area.SETUP,
            "paused",
            "reporting is paused in the configuration, so nobody is asked",
            "take `paused: true` out of the file and run `pmobot apply FILE`",
        )
    if not facts.projects:
        yield _problem(
            Area.SETUP,
            "portfolio",
            "there is no project, so nobody is asked",
            "import the portfolio: `pmobot import FILE`",
        )
    if facts.is_configured and not any(one.is_pmo and not one.is_gone for one in facts.people):
        yield _problem(
            Area.SETUP,
            "PMO",
            "nobody of the PMO is there, so nobody hears what goes wrong",
            f"name its members (`pmo: members:`) {_REAPPLY}",
        )


def slack_findings(slack: SlackFacts, now: datetime) -> Iterator[Finding]:
    """What is wrong with the app itself, and with what is known of Slack."""
    yield from slack.troubles
    if slack.scopes is not None:
        for scope in sorted(SCOPES.keys() - slack.scopes):
            yield _problem(
                Area.SLACK,
                f"scope {scope}",
                f"the app lacks it, so the bot can't {SCOPES[scope]}",
                "add it to the app (slack_manifest.json has them all) and install the app anew",
            )
    if slack.skew is not None and abs(slack.skew) > LONGEST_SKEW:
        yield _skewed(slack.skew)
    if slack.asked_at is None or now - slack.asked_at > STALE:
        ago = "yet" if slack.asked_at is None else f"for {(now - slack.asked_at).days} days"
        yield _warning(
            Area.SLACK,
            "last check",
            f"Slack has not been asked {ago} about people and channels, so what stands here may "
            "be out of date",
            "see that the bot runs (`pmobot run`), or ask now: `pmobot doctor`",
        )


def _skewed(skew: timedelta) -> Finding:
    seconds = round(abs(skew.total_seconds()))
    direction = "ahead of" if skew > timedelta() else "behind"
    make = _problem if abs(skew) >= SIGNATURE_LIFE else _warning
    return make(
        Area.SLACK,
        "clock",
        f"this machine's clock is {seconds} seconds {direction} Slack's, so everything is said "
        "at the wrong time by as much",
        "let the machine set its clock by the network (NTP)",
    )


def _channel(use: ChannelUse) -> Iterator[Finding]:
    name = f"#{use.name}"
    elsewhere = f"or give {use.used_by} another channel {_REAPPLY}"
    if not use.is_found:
        cause = f"the channel of {use.used_by} was deleted, or is private and the bot is not in it"
        yield _problem(
            Area.CHANNELS, name, cause, f"invite the bot there: /invite @pmobot; {elsewhere}"
        )
    elif use.is_archived:
        cause = f"the channel of {use.used_by} is archived, so nothing can be posted there"
        yield _problem(Area.CHANNELS, name, cause, f"unarchive it in Slack, {elsewhere}")
    elif not use.is_member:
        cause = f"the bot is not in the channel of {use.used_by}, so it can't post there"
        yield _problem(Area.CHANNELS, name, cause, "invite the bot there: /invite @pmobot")


def _left_projects(left: Sequence[LeftProject]) -> Iterator[Finding]:
    key: Callable[[LeftProject], tuple[str, str]] = attrgetter("manager", "deputy")
    for (manager, deputy), group in groupby(sorted(left, key=key), key):
        codes = [each.code for each in group]
        instead = f"only the deputy, {deputy}, can answer" if deputy else "nobody can answer"
        yield _problem(
            Area.PROJECTS,
            listed(codes),
            f"the PM, {manager}, has left Slack: {instead}",
            f"name another PM: `/project handover CODE`, or {_REIMPORT}",
        )


def _person(person: Holder) -> Iterator[Finding]:
    of_projects = _roles(deputy=person.deputises, sponsor=person.sponsors)
    of_councils = _roles(chair=person.chairs, member=person.seats)
    if person.is_pmo:
        of_councils.append("one of the PMO")
    if person.is_gone and (of_projects or of_councils):
        yield _warning(
            Area.PEOPLE,
            person.name,
            f"has left Slack and is still {'; '.join([*of_projects, *of_councils])}",
            _replace(of_projects=bool(of_projects), of_councils=bool(of_councils)),
        )
    elif person.is_guest and of_councils:
        yield _warning(
            Area.PEOPLE,
            person.name,
            f"is {'; '.join(of_councils)}, but a guest in Slack, whom the bot shows only projects "
            "that they have a role in",
            f"make them a full member in Slack, or name somebody else {_REAPPLY}",
        )


def _roles(**held: Sequence[str]) -> list[str]:
    return [f"{role} of {listed(of)}" for role, of in held.items() if of]


def _replace(*, of_projects: bool, of_councils: bool) -> str:
    files = [where for where, is_it in ((_REIMPORT, of_projects), (_REAPPLY, of_councils)) if is_it]
    return f"name somebody else {' and '.join(files)}"


def _zoneless(facts: Facts) -> Iterator[Finding]:
    """One finding for all of them: a workspace may have hundreds."""
    names = [
        each.name
        for each in facts.people
        if not each.has_zone and not each.is_gone and (each.manages or each.deputises)
    ]
    if names:
        yield _warning(
            Area.PEOPLE,
            listed(names),
            f"Slack tells no time zone of theirs, so they are asked by {facts.zone}",
            "let them set it in Slack: Preferences, Language & region",
        )


def _council(council: CouncilUse) -> Iterator[Finding]:
    if council.projects and not council.has_calendar:
        yield _warning(
            Area.COUNCILS,
            council.name,
            f"it has no reporting calendar, so nobody is asked for its projects "
            f"({council.projects})",
            f"give it one (`reporting:`) {_REAPPLY}",
        )
    if not council.readers:
        yield _warning(
            Area.COUNCILS,
            council.name,
            "none of its chair and members is there, so nobody reads of restricted projects",
            f"name members {_REAPPLY}",
        )


def _digest(digest: DigestUse) -> Iterator[Finding]:
    if not digest.projects:
        told = f" with the tag '{digest.tag}'" if digest.tag else " in its councils"
        yield _warning(
            Area.DIGESTS,
            digest.name,
            f"there is no open project{told} that is asked for reports, so nothing is posted",
            f"name another `tag:` or other `councils:` {_REAPPLY}, or set the column `tags` "
            f"{_REIMPORT}",
        )
    if not digest.has_next:
        yield _warning(
            Area.DIGESTS,
            digest.name,
            "its rule has come to its end, so nothing is posted any more",
            f"give it another `every:`, or take it out, {_REAPPLY}",
        )


def _not_composed(work: NotComposed) -> Finding:
    times = "once" if work.failures == 1 else f"{work.failures} times"
    return _problem(
        Area.DIGESTS,
        work.subject,
        f"composing it has failed {times}: {work.reason}; what is due besides goes on",
        f"it is tried again by itself at {_local(work.next_at, work.timezone)}; the bot's log has "
        "the whole error, for whoever looks after the bot",
    )


def _local(at: datetime, timezone: str) -> str:
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M} ({timezone})"


def _unposted(digest: UnpostedDigest, now: datetime) -> Iterator[Finding]:
    subject = f"{digest.council}, digest of {digest.opens_on.day} {digest.opens_on:%b %Y}"
    due = _local(digest.due_at, digest.timezone)
    if digest.needs_approval and digest.due_at <= now:
        yield _problem(
            Area.DIGESTS,
            subject,
            f"it waits for the PMO's approval since {due}, so the council has nothing to read",
            "approve it where its draft stands: in the PMO's channel, or in your messages with me",
        )
    elif digest.held_by and digest.due_at > now:
        yield _warning(
            Area.DIGESTS,
            subject,
            f"{digest.held_by} holds it until {due}",
            "approve it where its draft stands, if it can go earlier",
        )


def _backlog(facts: Facts, now: datetime) -> Iterator[Finding]:
    oldest = facts.backlog.oldest_due_at
    if oldest is not None and now - oldest > LONGEST_QUEUE:
        minutes = int((now - oldest).total_seconds() // 60)
        yield _problem(
            Area.DELIVERY,
            f"{facts.backlog.due} due",
            f"the oldest message waits for {minutes} minutes to be sent",
            "see that the bot runs (`pmobot run`) and reaches Slack; its log tells more",
        )


def _undelivered(undelivered: Sequence[Undelivered]) -> Iterator[Finding]:
    """What was given up and what is held, one finding for each cause."""
    key: Callable[[Undelivered], tuple[bool, str, str]] = attrgetter("is_held", "cause", "cure")
    for (is_held, cause, cure), group in groupby(sorted(undelivered, key=key), key):
        count = len(list(group))
        messages = "1 message" if count == 1 else f"{count} messages"
        if is_held:
            yield _problem(
                Area.DELIVERY,
                f"{messages} held",
                f"nobody can tell whether Slack took it: {cause}",
                "look whether it is there; then try again or drop it on the App Home page",
            )
        else:
            mend = cure or "look into the bot's log"
            yield _problem(
                Area.DELIVERY,
                f"{messages} not delivered",
                cause,
                f"{mend}; then try again, or drop it, on the App Home page",
            )
