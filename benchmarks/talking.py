"""Rooms that keep saying things, and what must stand in Slack for it in the end."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from domain.answers.messages import HowToAsk
from domain.collecting.values import Answers
from domain.delivery.messages import Message, Place
from domain.delivery.service import Outbox
from domain.digests.messages import DigestDetail, ReportText
from domain.ports import Clock
from message_templates.rendering import render
from models.base import Database
from models.enums import Health
from sandbox.workspace import Message as Posted
from sandbox.workspace import Workspace

_TAG = re.compile(r"\bk(\d+)v\d+\b")
_LONG = "What was done in this period, told at great length. " * 500
"""More than one Slack message takes."""

_THREADS = 6
"""Replies go under the newest heads only: an old thread is quiet."""


@dataclass
class Subject:
    """One thing that is said, and brought to new values since."""

    number: int
    place: Place
    channel_id: str
    """Where it must stand."""
    head: int | None = None
    """The subject that it is a reply to."""
    is_report: bool = False
    """A full report: it may take several Slack messages, and have replies."""
    text: str = ""
    version: int = 1

    @property
    def key(self) -> str:
        """Its key in the ledger."""
        return f"kill:{self.number}"

    def message(self) -> Message:
        """What it says at present."""
        tag = f"k{self.number}v{self.version}"
        return _report(tag, self.text) if self.is_report else HowToAsk(command=f"/{tag}")

    def texts(self) -> list[str]:
        """The plain text of each Slack message that must stand there."""
        return [each.text for each in render(self.message())]


@dataclass
class Verdict:
    """What is wrong in Slack; all of it must be nothing."""

    said: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    """The newest value does not stand."""
    misplaced: list[str] = field(default_factory=list)
    """In another conversation or thread than it was said to."""
    disordered: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything stands once, whole, new, at its place and in order."""
        return not any(self.counts().values())

    def counts(self) -> dict[str, int]:
        """How often each thing went wrong."""
        kinds = ("lost", "double", "stale", "misplaced", "disordered")
        return {kind: len(getattr(self, kind)) for kind in kinds}


class Addressee(NamedTuple):
    """A person or channel that is spoken to."""

    place: Place
    channel_id: str


class Talk:
    """Says new things in channels, direct messages and threads, and edits what was said."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        clock: Clock,
        addressees: Mapping[str, Sequence[Addressee]],
        chance: random.Random,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._addressees = addressees
        self._chance = chance
        self.subjects: list[Subject] = []

    async def say_something(self) -> None:
        """Say one thing, or a head with its replies, in one transaction."""
        acts = (self._in_channel, self._to_person, self._with_replies, self._reply, self._edit)
        (act,) = self._chance.choices(acts, weights=(35, 20, 15, 10, 20))
        spoken = act()
        now = self._clock.now()
        async with self._database.writing() as session:
            for each in spoken:
                to, message = each.place, each.message()
                await self._outbox.say(session, message, to=to, key=each.key, now=now)

    def _in_channel(self) -> list[Subject]:
        return [self._new(self._someone("channels"))]

    def _to_person(self) -> list[Subject]:
        return [self._new(self._someone("people"))]

    def _with_replies(self) -> list[Subject]:
        """What a digest does: a head, and replies in its thread; now and then very long."""
        head = self._new(self._someone("channels"))
        head.is_report = True
        head.text = _LONG if self._chance.random() < 1 / 3 else "Done."
        return [head, *(self._reply_to(head) for _ in range(self._chance.randint(1, 3)))]

    def _reply(self) -> list[Subject]:
        heads = [each for each in self.subjects if each.is_report][-_THREADS:]
        return [self._reply_to(self._chance.choice(heads))] if heads else self._in_channel()

    def _edit(self) -> list[Subject]:
        if not self.subjects:
            return self._in_channel()
        subject = self._chance.choice(self.subjects[-40:])
        subject.version += 1
        return [subject]

    def _someone(self, kind: str) -> Addressee:
        return self._chance.choice(self._addressees[kind])

    def _new(self, addressee: Addressee, head: int | None = None) -> Subject:
        subject = Subject(len(self.subjects), addressee.place, addressee.channel_id, head)
        self.subjects.append(subject)
        return subject

    def _reply_to(self, head: Subject) -> Subject:
        return self._new(Addressee(Place.thread(head.key), head.channel_id), head.number)


# --- in the end


def judge(subjects: Iterable[Subject], workspace: Workspace) -> Verdict:
    """Compare what stands in Slack with what was said."""
    verdict = Verdict()
    found = _by_subject(workspace)
    for subject in subjects:
        _judge_one(subject, found, verdict)
    for channel_id in workspace.messages:
        for name, numbers in _conversations(workspace, channel_id):
            if numbers != sorted(numbers):
                verdict.disordered.append(f"{channel_id}, {name}: {numbers}")
    return verdict


def _judge_one(subject: Subject, found: Mapping[int, list[Posted]], verdict: Verdict) -> None:
    verdict.said += 1
    posted, wanted = found.get(subject.number, []), subject.texts()
    what = f"{subject.key} in {subject.channel_id}: {len(posted)} messages of {len(wanted)}"
    if len(posted) < len(wanted):
        verdict.lost.append(what)
    elif len(posted) > len(wanted):
        verdict.double.append(what)
    elif [message.text for message in posted] != wanted:
        verdict.stale.append(f"{subject.key}: {posted[0].text!r} instead of {wanted[0]!r}")
    elif not _is_in_place(subject, posted, found):
        verdict.misplaced.append(f"{subject.key}: in {posted[0].channel} {posted[0].thread_ts}")


def _is_in_place(
    subject: Subject, posted: Sequence[Posted], found: Mapping[int, list[Posted]]
) -> bool:
    """The first message is in the channel or under its head; further ones are in the thread."""
    if any(message.channel != subject.channel_id for message in posted):
        return False
    if subject.head is not None:
        heads = found.get(subject.head, [])
        return bool(heads) and {message.thread_ts for message in posted} == {heads[0].ts}
    first, *further = posted
    return not first.is_reply and all(message.thread_ts == first.ts for message in further)


def _by_subject(workspace: Workspace) -> dict[int, list[Posted]]:
    found: dict[int, list[Posted]] = {}
    for channel_id in workspace.messages:
        for message in workspace.messages_in(channel_id):
            if (number := _number_of(message)) is not None:
                found.setdefault(number, []).append(message)
    return found


def _conversations(workspace: Workspace, channel_id: str) -> Iterator[tuple[str, list[int]]]:
    """What stands in a channel and in each of its threads, as the numbers of the subjects."""
    lines: dict[str, list[int]] = {}
    for message in workspace.messages_in(channel_id):
        number = _number_of(message)
        if number is not None:
            line = message.thread_ts if message.is_reply else None
            lines.setdefault(line or "itself", []).append(number)
    yield from lines.items()


def _number_of(message: Posted) -> int | None:
    tag = _TAG.search(message.text) or _TAG.search(json.dumps(message.blocks))
    return int(tag[1]) if tag else None


def _report(tag: str, done: str) -> DigestDetail:
    return DigestDetail(
        ReportText(
            project_id=1,
            code=tag,
            name="Portal",
            phase="execution",
            pm="Ana",
            author="Ana",
            submitted_at=datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
            version=1,
            answers=Answers(health=Health.GREEN, done=done, next="Go live"),
            previous=None,
            days=0,
        )
    )
