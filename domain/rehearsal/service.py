"""Reads a copy of the record after it was played ahead, and tells what it comes to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.calendar.people import zone_of
from domain.calendar.rules import at_wall
from domain.collecting.messages import (
    Reminder,
    SilentProjects,
    SponsorNotice,
    SponsorNoticeCopy,
    StatusRequestMessage,
)
from domain.delivery.messages import Message, MessageCodec
from domain.digests.broad.messages import BroadHead
from domain.digests.following.messages import FollowersDigest
from domain.digests.messages import DigestCopy, DigestHead
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits
from domain.digests.preview.rules import due_at
from domain.errors import NotFoundError, SettingsError
from domain.meetings.attendance.messages import AlternateAsked, QuorumWarning, RsvpReminder
from domain.meetings.pre_read.messages import MeetingCall, OpenNudge, PackCopy
from domain.portfolio.configuration import WorkspaceConfiguration
from domain.portfolio.configuring import load_configuration
from domain.portfolio.suggest import did_you_mean
from domain.rehearsal.values import About, Recipient, Rehearsal, Sending, Unsent
from models import rehearsal as store
from models.base import Database
from models.calendar import PortfolioDigest, portfolio_digests
from models.collecting import StatusRequest
from models.delivery import Delivery
from models.digests import undecided_previews
from models.enums import Attention, DeliveryState, PlaceKind
from models.portfolio import Council, Person

_OVER: Final = (DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.HELD)

NOTHING_APPLIED: Final = (
    "There is nothing to rehearse: no council is known. Run `pmobot apply FILE` with the "
    "configuration, then `pmobot import FILE` with the portfolio."
)
NOTHING_IMPORTED: Final = (
    "There is nothing to rehearse: no project is known. "
    "Run `pmobot import FILE` with the portfolio."
)

_STILL_WAITING: Final = "it still waits for its turn at the end of these days"
_NOT_APPROVED: Final = (
    "it waits for the PMO's approval (`unapproved: wait`), which nobody gives in a rehearsal"
)
_NOT_PLANNED: Final = "no request was planned for it"


@dataclass(frozen=True)
class Before:
    """Where the ledger stood before anything was played."""

    newest_id: int
    unposted: Mapping[int, DeliveryState]

    def has_changed(self, row: Delivery) -> bool:
        """Whether something became of a row since, or may still."""
        if row.pk > self.newest_id:
            return True
        state = self.unposted.get(row.pk)
        return state is not None and (state not in _OVER or state is not row.state)


class RehearsalService:
    """Reads one copy: what was said in it, to whom and when, and what was not."""

    def __init__(self, copy: Database, workspace_id: int, codec: MessageCodec) -> None:
        self._copy = copy
        self._workspace_id = workspace_id
        self._codec = codec

    async def check(self) -> None:
        """See that there is something to rehearse.

        Raises:
            SettingsError: there is not; with what to do first.
        """
        async with self._copy.reading() as session:
            if not await store.every_council(session):
                raise SettingsError(NOTHING_APPLIED)
            if not await store.has_projects(session):
                raise SettingsError(NOTHING_IMPORTED)

    async def before(self) -> Before:
        """Where the ledger stands now."""
        async with self._copy.reading() as session:
            return Before(await store.newest_delivery_id(session), await store.unposted(session))

    async def person(self, text: str) -> str:
        """The Slack id of somebody, by e-mail address or Slack id.

        Raises:
            NotFoundError: nobody on the record is called that.
        """
        async with self._copy.reading() as session:
            people = await store.everybody(session)
        names = {each.slack_id.casefold(): each.slack_id for each in people}
        names |= {each.email.casefold(): each.slack_id for each in people if each.email}
        if text.casefold() not in names:
            msg = (
                f"Nobody on the record has the e-mail address or Slack id '{text}'."
                f"{did_you_mean(text, names)}"
            )
            raise NotFoundError(msg)
        return names[text.casefold()]

    async def council(self, text: str) -> str:
        """The name of a council, as it is on the record.

        Raises:
            NotFoundError: there is none of that name.
        """
        async with self._copy.reading() as session:
            names = {each.name.casefold(): each.name for each in await store.every_council(session)}
        if text.casefold() not in names:
            msg = f"There is no council '{text}'.{did_you_mean(text, names.values())}"
            raise NotFoundError(msg)
        return names[text.casefold()]

    async def outcome(self, before: Before, begin: datetime, end: datetime) -> Rehearsal:
        """What was said from `begin` to `end` and what was not, with the reasons on the record."""
        async with self._copy.reading() as session:
            view = await _View.load(session, self._workspace_id, self._codec)
            touched = await store.touched_deliveries(session, before.newest_id, begin)
            rows = [row for row in touched if before.has_changed(row)]
            unsent = [
                *view.unsaid(rows),
                *await _unasked(session, view, begin, end),
                *await _empty_digests(session, view, rows, begin),
                *await self._unapproved(session, view, end),
                *await _left_out(session, begin, end),
            ]
            return Rehearsal(
                begin=begin,
                end=end,
                timezone=view.configuration.timezone,
                is_paused=view.configuration.paused,
                sendings=tuple(view.said(rows, end)),
                unsent=tuple(unsent),
            )

    async def _unapproved(
        self, session: AsyncSession, view: "_View", end: datetime
    ) -> list[Unsent]:
        """Digests that wait for an approval that nobody gives in a rehearsal."""
        due = [
            (row, due_at(row.cycle.digest_at, row.preview.held_until))
            for row in await undecided_previews(session, self._workspace_id)
            if row.preview.release_at is None
        ]
        return [
            Unsent(
                about=About(kind=DigestHead.kind, councils=(row.council.name,)),
                why=_NOT_APPROVED,
                to=view.of_council(row.council),
                at=at,
                is_problem=False,
            )
            for row, at in due
            if at < end
        ]


@dataclass(frozen=True)
class _View:
    """Who and what the rows of the ledger speak of."""

    configuration: WorkspaceConfiguration
    people: Mapping[int, Person]
    councils: Mapping[str, Council]
    """By channel."""
    digests: Mapping[str, PortfolioDigest]
    """Those across councils, by channel."""
    reasons: Mapping[int, str]
    """Why a request was not asked as usual, by its number."""
    codec: MessageCodec

    @classmethod
    async def load(cls, session: AsyncSession, workspace_id: int, codec: MessageCodec) -> "_View":
        return cls(
            configuration=await load_configuration(session, workspace_id),
            people={each.pk: each for each in await store.everybody(session)},
            councils={each.channel_id: each for each in await store.every_council(session)},
            digests={
                each.channel_id: each for each in await portfolio_digests(session, workspace_id)
            },
            reasons=await store.reasons_of_requests(session),
            codec=codec,
        )

    def said(self, rows: Sequence[Delivery], end: datetime) -> Iterator[Sending]:
        """What Slack shows, in the order in which it was posted."""
        further = Counter(
            row.parent_key for row in rows if row.slack_ts and row.place_kind is PlaceKind.THREAD
        )
        posted = [(_posted_at(row.slack_ts), row) for row in _heads(rows) if row.slack_ts]
        for at, row in sorted(posted, key=lambda each: (each[0], each[1].pk)):
            if at < end:
                message = self.codec.decode(row.kind, row.value)
                yield Sending(
                    at=at,
                    to=self.recipient(row),
                    about=about(message),
                    notes=self._notes(message),
                    further=further[row.key],
                )

    def unsaid(self, rows: Sequence[Delivery]) -> Iterator[Unsent]:
        """What Slack does not show, with the reason on its row."""
        for row in _heads(rows):
            if row.slack_ts is None:
                yield Unsent(
                    about=about(self.codec.decode(row.kind, row.value)),
                    why="; ".join(filter(None, (row.reason, row.cure))) or _STILL_WAITING,
                    to=self.recipient(row),
                    at=row.created_at,
                    # A reminder whose time is over is worth nothing, and nobody misses it.
                    is_problem=row.state in _OVER and row.attention is not Attention.REMINDER,
                )

    def recipient(self, row: Delivery) -> Recipient:
        """Where a row goes."""
        person = self.people.get(row.person_id or 0)
        return self.of_person(person) if person else self._of_channel(row.channel_id or "")

    def of_person(self, person: Person) -> Recipient:
        """Somebody's direct messages."""
        zone = zone_of(person.timezone, self.configuration)
        return Recipient(person.slack_id, person.name, zone.key)

    def of_council(self, council: Council) -> Recipient:
        """A council's channel."""
        zone = zone_of(council.timezone, self.configuration)
        name = f"#{council.channel_name}"
        return Recipient(council.channel_id, name, zone.key, is_channel=True)

    def nominal(self, request: StatusRequest) -> datetime:
        """When a request would have been asked on its cycle's own day.

        A request that is excused stands at the first hour at which it could have been asked,
        which may be weeks after its cut-off.
        """
        zone = ZoneInfo(self.of_person(self.people[request.person_id]).timezone)
        return at_wall(request.opens_on, request.ask_at.astimezone(zone).time(), zone)

    def _of_channel(self, channel_id: str) -> Recipient:
        if council := self.councils.get(channel_id):
            return self.of_council(council)
        if digest := self.digests.get(channel_id):
            zone = zone_of(digest.timezone, self.configuration)
            return Recipient(channel_id, f"#{digest.channel_name}", zone.key, is_channel=True)
        is_office = channel_id == self.configuration.pmo_channel_id
        name = f"#{self.configuration.pmo.channel}" if is_office else channel_id
        return Recipient(channel_id, name, self.configuration.timezone, is_channel=True)

    def _notes(self, message: Message) -> tuple[str, ...]:
        if not isinstance(message, StatusRequestMessage):
            return ()
        by_reason: dict[str, list[str]] = defaultdict(list)
        for item in message.items:
            if reason := self.reasons.get(item.request_id):
                by_reason[reason].append(item.code)
        return tuple(f"{', '.join(codes)}: {reason}" for reason, codes in by_reason.items())


def _heads(rows: Iterable[Delivery]) -> Iterator[Delivery]:
    """What is told of by itself: not what follows it in its thread."""
    return (row for row in rows if row.place_kind is not PlaceKind.THREAD)


def _posted_at(slack_ts: str) -> datetime:
    """When a message was posted: Slack's own name for a message is that instant."""
    return datetime.fromtimestamp(float(slack_ts), UTC)


def about(message: Message) -> About:
    """What a message is about, as far as its room tells it."""
    match message:
        case StatusRequestMessage() | Reminder():
            return About(
                kind=message.kind,
                projects=tuple(item.code for item in message.items),
                councils=tuple(sorted({item.council for item in message.items})),
            )
        case SponsorNotice() | SponsorNoticeCopy() | SilentProjects():
            return About(
                kind=message.kind,
                projects=tuple(item.code for item in message.items),
                councils=(message.council,),
            )
        case DigestHead() | DigestCopy() | DigestDraft() | BroadHead() | FollowersDigest():
            return _about_digest(message)
        case DigestPreviewed() | DigestWaits():
            council = message.council
        case MeetingCall() | PackCopy() | OpenNudge():
            council = message.occasion.council
        case QuorumWarning() | RsvpReminder() | AlternateAsked():
            council = message.meeting.council
        case _:
            return About(kind=message.kind)
    return About(kind=message.kind, councils=(council,))


def _about_digest(
    message: DigestHead | DigestCopy | DigestDraft | BroadHead | FollowersDigest,
) -> About:
    match message:
        case DigestHead() | DigestCopy() | DigestDraft():
            head = message if isinstance(message, DigestHead) else message.head
            return About(
                kind=message.kind, councils=(head.council,), is_restricted=head.is_restricted
            )
        case BroadHead():
            named = message.scope or [each.council for each in message.councils]
            return About(kind=message.kind, councils=tuple(named))
        case FollowersDigest():
            return About(kind=message.kind, projects=message.codes)


async def _unasked(
    session: AsyncSession, view: _View, begin: datetime, end: datetime
) -> list[Unsent]:
    """Requests that nobody is asked: one line for what a person would have had in one message."""
    grouped: dict[tuple[int, datetime, str], list[store.UnaskedRequest]] = defaultdict(list)
    for row in await store.unasked_requests(session, begin, end.astimezone(UTC).date()):
        at = view.nominal(row.request)
        if at < end:
            why = row.request.reason or _STILL_WAITING
            grouped[row.request.person_id, at, why].append(row)
    return [
        Unsent(
            about=About(
                kind=StatusRequestMessage.kind,
                projects=tuple(row.project.code for row in rows),
                councils=tuple(sorted({row.council.name for row in rows})),
            ),
            why=why,
            to=view.of_person(view.people[person_id]),
            at=at,
        )
        for (person_id, at, why), rows in grouped.items()
    ]


async def _empty_digests(
    session: AsyncSession, view: _View, rows: Sequence[Delivery], begin: datetime
) -> list[Unsent]:
    """Digests that nobody gets, because there is nothing in them."""
    heads = (view.codec.decode(row.kind, row.value) for row in rows if row.kind == DigestHead.kind)
    told = {(head.council, head.opens_on) for head in heads if isinstance(head, DigestHead)}
    return [
        Unsent(
            about=About(kind=DigestHead.kind, councils=(council.name,)),
            why="no project was asked in its cycle",
            to=view.of_council(council),
            at=cycle.digest_at,
            is_problem=False,
        )
        for cycle, council in await store.digests_composed_since(session, begin)
        if (council.name, cycle.opens_on) not in told
    ]


async def _left_out(session: AsyncSession, begin: datetime, end: datetime) -> list[Unsent]:
    """Projects that are not asked at all: one line for each council and cause."""
    until = end.astimezone(UTC).date()
    grouped: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for project, council, phase in await store.left_out_projects(session, begin, until):
        why = _NOT_PLANNED if phase.asked else f"the phase '{phase.name}' is not asked"
        grouped[council.name, why, phase.asked].append(project.code)
    for project, council, _phase in await store.projects_without_calendar(session):
        why = "the council has no reporting calendar (`reporting:` in the configuration)"
        grouped[council.name, why, False].append(project.code)
    return [
        Unsent(
            about=About(StatusRequestMessage.kind, projects=tuple(codes), councils=(council,)),
            why=why,
            is_problem=is_problem,
        )
        for (council, why, is_problem), codes in grouped.items()
    ]
