"""Reads from the record all that the checks look at, in a constant number of statements."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.rules import parse_zone
from domain.delivery.mending import failures
from domain.digests.preview.rules import due_at
from domain.health.rules import LONGEST_QUEUE
from domain.health.values import (
    Area,
    Backlog,
    ChannelUse,
    CouncilUse,
    DigestUse,
    Facts,
    Finding,
    Holder,
    LeftProject,
    NotAsked,
    NotComposed,
    Severity,
    SlackFacts,
    UnpostedDigest,
)
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.digest_schedules import is_about
from models import health as store
from models.calendar import PortfolioDigest, council_calendars, portfolio_digests
from models.digests import undecided_previews
from models.digests.setbacks import SetbackRow, setbacks_since
from models.enums import Composing, Visibility
from models.health import SlackCheck, WatchedChannel
from models.meetings.setbacks import councils_put_off
from models.portfolio import (
    Council,
    CouncilMember,
    Person,
    ProjectRow,
    configuration_of,
    council_members_of,
    councils_of,
    people_by_id,
    people_of,
    project_rows_of,
)

_OF_CYCLES: Final = {
    Composing.DIGEST: "digest",
    Composing.AMENDMENT: "late answers to the digest",
    Composing.PREVIEW: "draft of the digest",
    Composing.RENEWAL: "changes to the draft of the digest",
}
"""What a council's cycle has composed for it, in the words of the health page."""

_OF_MEETINGS: Final = {
    Composing.MEETING: "what is due for a meeting",
    Composing.BALLOT: "a vote out of cycle",
}
"""What the clock does for a council's meetings, in the same words."""


async def load_facts(session: AsyncSession, workspace_id: int, now: datetime) -> Facts:
    """All that the checks look at, from the record."""
    configuration = await load_configuration(session, workspace_id)
    record = await _Record.load(session, workspace_id)
    check = await store.slack_check_of(session, workspace_id)
    channels = await store.watched_channels(session, workspace_id)
    digests = await portfolio_digests(session, workspace_id)
    numbers = await store.queue_numbers(session, workspace_id, now)
    return Facts(
        zone=configuration.timezone,
        is_configured=await configuration_of(session, workspace_id) is not None,
        is_paused=configuration.paused,
        slack=_slack(check),
        channels=_channels(record.councils, digests, configuration, channels),
        people=record.holders(),
        councils=record.council_uses(),
        digests=tuple(record.digest_use(each) for each in digests),
        projects=len(record.projects),
        left=record.left(),
        backlog=Backlog(numbers.due, numbers.later, numbers.oldest_due_at),
        undelivered=tuple(await failures(session, workspace_id, now)),
        unposted=await _unposted(session, workspace_id),
        not_composed=await _not_composed(session, workspace_id, configuration.timezone, now),
    )


async def _not_composed(
    session: AsyncSession, workspace_id: int, zone: str, now: datetime
) -> tuple[NotComposed, ...]:
    """What is tried again: what should have been by now, and was not, is wanted no more."""
    rows = await setbacks_since(session, workspace_id, now - LONGEST_QUEUE)
    councils = await councils_put_off(session, workspace_id)
    return tuple(
        NotComposed(
            subject=_subject(row, councils),
            reason=row.setback.reason,
            failures=row.setback.failures,
            next_at=row.setback.next_at,
            timezone=row.cycle.timezone if row.cycle else zone,
        )
        for row in rows
    )


def _subject(row: SetbackRow, councils: Mapping[tuple[Composing, int], str]) -> str:
    """Which digest, or whose: a project has no name here, for it may be restricted."""
    council = councils.get((row.setback.work, row.setback.item_id))
    if council is not None:
        return f"{council}, {_OF_MEETINGS[row.setback.work]}"
    if row.cycle is not None and row.council is not None:
        day = f"{row.cycle.opens_on.day} {row.cycle.opens_on:%b %Y}"
        return f"{row.council.name}, {_OF_CYCLES[row.setback.work]} of {day}"
    if row.digest is not None:
        return row.digest.name
    return f"what {row.person.name} follows" if row.person is not None else "what is gone by now"


async def _unposted(session: AsyncSession, workspace_id: int) -> tuple[UnpostedDigest, ...]:
    """The digests that wait for the PMO, or are held."""
    rows = await undecided_previews(session, workspace_id)
    holders = await people_by_id(session, {row.preview.holder_id or 0 for row in rows})
    return tuple(
        UnpostedDigest(
            council=row.council.name,
            opens_on=row.cycle.opens_on,
            due_at=due_at(row.cycle.digest_at, row.preview.held_until),
            timezone=row.cycle.timezone,
            held_by=holders[row.preview.holder_id].name if row.preview.holder_id else "",
            needs_approval=row.preview.release_at is None,
        )
        for row in rows
    )


async def load_not_asked(session: AsyncSession, workspace_id: int) -> tuple[NotAsked, ...]:
    """Who was not asked as planned in the cycles that are not reported yet, and why."""
    rows = await store.unasked_rows(session, workspace_id)
    asked = await people_by_id(session, {row.request.person_id for row in rows})
    return tuple(
        NotAsked(
            code=row.project.code,
            name=row.project.name,
            council=row.council.name,
            manager=row.manager.name,
            asked=asked[row.request.person_id].name,
            state=row.request.state,
            reason=row.request.reason,
        )
        for row in rows
    )


def _slack(check: SlackCheck | None) -> SlackFacts:
    if check is None or check.done_at is None:
        return SlackFacts()
    return SlackFacts(
        asked_at=check.done_at,
        scopes=None if check.scopes is None else frozenset(check.scopes),
        skew=None if check.skew_seconds is None else timedelta(seconds=check.skew_seconds),
        troubles=tuple(
            Finding(Severity.PROBLEM, Area.SLACK, each["subject"], each["cause"], each["cure"])
            for each in check.troubles
        ),
    )


def _channels(
    councils: Sequence[Council],
    digests: Sequence[PortfolioDigest],
    configuration: WorkspaceConfiguration,
    watched: Mapping[str, WatchedChannel],
) -> tuple[ChannelUse, ...]:
    """The channels that were looked at already: of the others nothing is known yet."""
    users = defaultdict(list)
    if configuration.pmo_channel_id is not None:
        users[configuration.pmo_channel_id].append("the PMO")
    for council in councils:
        users[council.channel_id].append(council.name)
    for digest in digests:
        users[digest.channel_id].append(f"the digest '{digest.name}'")
    return tuple(
        ChannelUse(
            name=watched[channel_id].name,
            used_by=" and ".join(names),
            is_found=watched[channel_id].is_found,
            is_archived=watched[channel_id].is_archived,
            is_member=watched[channel_id].is_member,
        )
        for channel_id, names in users.items()
        if channel_id in watched
    )


@dataclass(frozen=True)
class _Record:
    """People, councils and projects, and how they belong together."""

    people: Mapping[int, Person]
    councils: Sequence[Council]
    seats: Sequence[CouncilMember]
    projects: Sequence[ProjectRow]
    scheduled: frozenset[int]
    """Councils with a reporting calendar."""

    @classmethod
    async def load(cls, session: AsyncSession, workspace_id: int) -> "_Record":
        """Read it whole: a portfolio has thousands of rows at most."""
        calendars = await council_calendars(session, workspace_id)
        return cls(
            people={each.pk: each for each in await people_of(session, workspace_id)},
            councils=await councils_of(session, workspace_id),
            seats=await council_members_of(session, workspace_id),
            projects=await project_rows_of(session, workspace_id),
            scheduled=frozenset(each.council.pk for each in calendars),
        )

    def holders(self) -> tuple[Holder, ...]:
        """Everybody with a role, by name."""
        names = {council.pk: council.name for council in self.councils}
        held = [
            *(("manages", row.pm.pk, row.project.code) for row in self.projects if row.phase.asked),
            *(("deputises", row.project.deputy_id, row.project.code) for row in self.projects),
            *(("sponsors", row.project.sponsor_id, row.project.code) for row in self.projects),
            *(("chairs", council.chair_id, council.name) for council in self.councils),
            *(("seats", seat.person_id, names[seat.council_id]) for seat in self.seats),
        ]
        roles: defaultdict[int, defaultdict[str, list[str]]]
        roles = defaultdict(lambda: defaultdict(list))
        for role, number, of in held:
            if number is not None:
                roles[number][role].append(of)
        pmo = {person.pk for person in self.people.values() if person.is_pmo}
        found = [_holder(self.people[number], roles[number]) for number in roles.keys() | pmo]
        return tuple(sorted(found, key=lambda each: each.name))

    def council_uses(self) -> tuple[CouncilUse, ...]:
        """The councils, by name, with what they need."""
        asked = Counter(row.council.pk for row in self.projects if row.phase.asked)
        return tuple(
            CouncilUse(
                name=council.name,
                projects=asked[council.pk],
                readers=len(self._readers(council)),
                has_calendar=council.pk in self.scheduled,
            )
            for council in self.councils
        )

    def digest_use(self, digest: PortfolioDigest) -> DigestUse:
        """A digest across councils, with what it needs."""
        told = [
            row
            for row in self.projects
            if row.phase.asked
            and row.project.visibility is Visibility.OPEN
            and is_about(digest, row.council.pk, row.project.tags)
        ]
        return DigestUse(digest.name, len(told), digest.tag, digest.next_at is not None)

    def left(self) -> tuple[LeftProject, ...]:
        """The projects whose manager has left."""
        return tuple(
            LeftProject(row.project.code, row.pm.name, self._deputy(row))
            for row in self.projects
            if row.pm.is_gone
        )

    def _deputy(self, row: ProjectRow) -> str:
        deputy = self.people.get(row.project.deputy_id or 0)
        return deputy.name if deputy is not None and not deputy.is_gone else ""

    def _readers(self, council: Council) -> set[int]:
        seated = {seat.person_id for seat in self.seats if seat.council_id == council.pk}
        everybody = seated | ({council.chair_id} if council.chair_id is not None else set())
        return {number for number in everybody if not self.people[number].is_gone}


def _holder(person: Person, roles: Mapping[str, list[str]]) -> Holder:
    return Holder(
        name=person.name,
        **{role: tuple(of) for role, of in roles.items()},
        is_pmo=person.is_pmo,
        is_guest=person.is_guest,
        is_gone=person.is_gone,
        has_zone=_is_zone(person.timezone),
    )


def _is_zone(name: str | None) -> bool:
    try:
        return name is not None and bool(parse_zone(name))
    except ValueError:
        return False
