"""Takes reports that people write in free text, and keeps what their authors confirm."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.collecting.access import check_wanted, facts_of, note_of_older, own_request
from domain.collecting.answering.drafts import draft_of, drop_draft, save_draft
from domain.collecting.answering.keeping import keep_report, read_report
from domain.collecting.answering.text.checking import TextChecker, kept_from, together
from domain.collecting.answering.text.rules import Named, TextReading, TextReport, read_text
from domain.collecting.answering.text_messages import TextChoice, TextItem, TextRead
from domain.collecting.answering.text_settling import closed, edit_items
from domain.collecting.asking.requests import request_key
from domain.collecting.errors import NotWantedError
from domain.collecting.values import MONEY, Answers, Draft, Submission
from domain.delivery.messages import Place
from domain.delivery.service import Outbox
from domain.errors import NotAllowedError, NotFoundError, PmobotError
from domain.portfolio.configuring import load_configuration
from domain.portfolio.ratings import health_of
from domain.portfolio.rules import may_report, may_see
from domain.portfolio.values import Viewer
from models import collecting as store
from models.base import Database
from models.collecting import ReportableProject, RequestRow, WrittenReport
from models.delivery import rows
from models.enums import DraftSource, ReportSource, TextState
from models.portfolio import people_by_id

LOOK_BACK: Final = timedelta(days=92)
"""How old a message may be whose thread somebody writes in."""

MOST_CHOICES: Final = 25
"""Projects that are offered where a text does not say which one it means."""

_GONE: Final = (
    "This text is not there any more. Write it again, or press *Update* in my last request."
)
_OVER: Final = {
    TextState.KEPT: "You have confirmed this already: it is reported.",
    TextState.DISCARDED: "You have discarded this. Write it again if it is to be reported.",
    TextState.REPLACED: "You have written more about this project since: confirm that instead.",
    TextState.ANSWERED: "This was answered meanwhile, so nothing was overwritten. Open the form "
    "to see the answer, and to correct it.",
}
_ORDER: Final = (
    *("why", "schedule", "budget", "scope", "resources", "done", "next"),
    *("milestone", "milestone_baseline", "milestone_forecast", "percent_complete", *MONEY, "risks"),
    *("path_to_green", "decision"),
)


@dataclass(frozen=True)
class Written:
    """What somebody wrote to the bot."""

    event_id: str
    """Slack's: the same for what it hands over again."""
    text: str
    """Without Slack's escapes."""
    thread_ts: str | None = None
    """Of the message in whose thread it stands, if it does."""


@dataclass(frozen=True)
class NeedsForm:
    """What can't be confirmed as it is: the form opens with it."""

    request_id: int
    note: str


@dataclass(frozen=True)
class _Thread:
    """The message in whose thread a text stands."""

    key: str
    project_ids: frozenset[int]
    """What that message is about."""


class FreeTextService:
    """Takes texts, and what their authors press about them."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self.workspace_id = workspace_id
        self._outbox = outbox

    async def receive(self, viewer: Viewer, written: Written, now: datetime) -> bool:
        """Read a text, and tell its author what was understood; False: it is not about status.

        What Slack hands over again is told once.
        """
        async with self._database.reading() as session:
            projects = await store.reportable_projects(session, self.workspace_id)
            seen = {each.project.pk: each for each in projects if _may_see(viewer, each)}
            thread = await self._thread(session, viewer, written.thread_ts, now)
            configuration = await load_configuration(session, self.workspace_id)
        reading = read_text(
            written.text,
            [_named(viewer, each) for each in seen.values()],
            configuration.form.scale,
            now.astimezone(ZoneInfo(viewer.timezone)).date(),
            _implied(viewer, seen, thread),
            is_reply=thread is not None,
        )
        if not reading.reports:
            return False
        key = f"text:{written.event_id}"
        async with self._database.writing() as session:
            if await rows.first_part(session, self.workspace_id, key) is None:
                notes = _Notes(self, session, viewer, key, now)
                message = await notes.take(reading, seen)
                to = Place.thread(thread.key) if thread else Place.person(viewer.person_id)
                await self._outbox.say(session, message, to=to, key=key, now=now)
        return True

    async def confirm(self, viewer: Viewer, number: int, now: datetime) -> NeedsForm | str | None:
        """Report what was written; or say why not, or what the form must mend first.

        Raises:
            NotFoundError: there is no such text, or its request is gone.
            NotAllowedError: somebody else wrote it, or its author may not report any more.
        """
        async with self._database.writing() as session:
            item = await self._own(session, viewer, number)
            if item.request_id is None:
                return "Say first which project you mean."
            row = await self._request(session, viewer, item.request_id)
            item = await self._own(session, viewer, number, locked=True)
            if item.state is not TextState.OPEN:
                return _OVER[item.state]
            if await self._is_overtaken(session, item, row, now):
                return _OVER[TextState.ANSWERED]
            await check_wanted(session, row, now)
            if (newer := await self._newer(session, item, row, now)) is not None:
                return newer
            checker = await TextChecker.load(session, row, now)
            outcome = await checker.check({**item.kept, **item.said})
            if isinstance(outcome, tuple):
                return NeedsForm(row.request.pk, " ".join(outcome))
            item.state = TextState.KEPT
            await session.flush()
            submission = await self._submission(session, row, outcome)
            await keep_report(session, self._outbox, row, viewer, submission, now)
            await self._edit(session, item, closed(TextState.KEPT), now)
        return None

    async def _submission(
        self, session: AsyncSession, row: RequestRow, answers: Answers
    ) -> Submission:
        """What is kept; of an answer that is corrected also what only the form asks for."""
        phase = await store.phase_of_request(session, self.workspace_id, row.request.pk)
        known = await store.reports_of_requests(session, [row.request.pk])
        corrected = known.get(row.request.pk)
        return Submission(
            answers,
            phase or "",
            ReportSource.TEXT,
            promises=read_report(corrected, "").promises if corrected else (),
            extra=dict(corrected.extra) if corrected else {},
        )

    async def confirm_all(self, viewer: Viewer, number: int, now: datetime) -> None:
        """Report all that the message of one text tells of, as far as nothing is missing.

        Raises:
            PmobotError: one of them is refused; the others are reported all the same.
        """
        async with self._database.reading() as session:
            item = await self._own(session, viewer, number)
            others = await store.written_under(session, self.workspace_id, item.key)
        refusal: PmobotError | None = None
        for each in others:
            if each.state is TextState.OPEN and each.request_id is not None:
                try:
                    await self.confirm(viewer, each.pk, now)
                except PmobotError as error:
                    refusal = error
        if refusal is not None:
            raise refusal

    async def discard(self, viewer: Viewer, number: int, now: datetime) -> str | None:
        """Forget what was written, in its draft too; or say why not.

        Raises:
            NotFoundError: there is no such text.
            NotAllowedError: somebody else wrote it.
        """
        async with self._database.writing() as session:
            item = await self._own(session, viewer, number, locked=True)
            if item.state is not TextState.OPEN:
                return _OVER[item.state]
            item.state = TextState.DISCARDED
            if item.request_id is not None:
                await self._take_from_draft(session, item.request_id, item, now)
            await self._edit(session, item, closed(TextState.DISCARDED), now)
        return None

    async def choose(
        self, viewer: Viewer, number: int, request_id: int, now: datetime
    ) -> str | None:
        """Say which project a text means; or say why that can't be said any more.

        Raises:
            NotFoundError: there is no such text or request.
            NotAllowedError: somebody else wrote it, or its author may not report on the project.
        """
        async with self._database.writing() as session:
            row = await self._request(session, viewer, request_id)
            item = await self._own(session, viewer, number, locked=True)
            if item.state is not TextState.OPEN:
                return _OVER[item.state]
            if item.request_id is not None:
                return "You have said which project you mean already."
            notes = _Notes(self, session, viewer, item.key, now)
            shown = await notes.attach(item, row)
            await self._edit(session, item, lambda _item: shown, now)
        return None

    async def to_form(self, viewer: Viewer, number: int, now: datetime) -> int:
        """The request whose form opens with what was written, kept as a draft.

        Raises:
            NotFoundError: there is no such text.
            NotAllowedError: somebody else wrote it.
        """
        async with self._database.writing() as session:
            item = await self._own(session, viewer, number)
            if item.request_id is None:
                raise NotFoundError("Say first which project you mean.")
            row = await self._request(session, viewer, item.request_id)
            item = await self._own(session, viewer, number, locked=True)
            if item.state is TextState.OPEN:
                newer = await self._newer(session, item, row, now)
                if newer is not None:  # the form that opens is that one's
                    return newer.request_id
            if item.state in (TextState.OPEN, TextState.ANSWERED):
                known = await draft_of(session, row.request.pk, viewer.person_id)
                if known is None:
                    await self.keep_draft(session, item, now)
        return row.request.pk

    async def keep_draft(self, session: AsyncSession, item: WrittenReport, now: datetime) -> None:
        """Let the form open with what was written, over what stood in an earlier draft."""
        if item.request_id is None:
            return
        before = await draft_of(session, item.request_id, item.person_id)
        typed = {**(before.typed if before else {}), **item.said}
        draft = Draft(typed, DraftSource.TEXT, now, item.base_version)
        await save_draft(session, self.workspace_id, item.request_id, item.person_id, draft)

    async def _take_from_draft(
        self, session: AsyncSession, request_id: int, item: WrittenReport, now: datetime
    ) -> None:
        """Take what was written out of the draft; what was typed into the form before stays."""
        draft = await draft_of(session, request_id, item.person_id)
        if draft is None or draft.source is not DraftSource.TEXT:
            return
        await drop_draft(session, request_id, item.person_id)
        typed = {name: text for name, text in draft.typed.items() if name not in item.said}
        rest = replace(draft, typed=typed, saved_at=now)
        await save_draft(session, self.workspace_id, request_id, item.person_id, rest)

    async def replace_open(
        self, session: AsyncSession, row: RequestRow, person_id: int, now: datetime
    ) -> dict[str, str]:
        """Close what its author wrote about a request before; what that said, by field."""
        said: dict[str, str] = {}
        for each in await store.open_written(session, row.request.pk):
            if each.person_id == person_id:
                said |= each.said
                each.state = TextState.REPLACED
                await self._edit(session, each, closed(TextState.REPLACED), now)
        return said

    async def _edit(
        self,
        session: AsyncSession,
        item: WrittenReport,
        edit: Callable[[TextItem], TextItem],
        now: datetime,
    ) -> None:
        await edit_items(session, self._outbox, item.key, {item.pk: edit}, now)

    async def _own(
        self, session: AsyncSession, viewer: Viewer, number: int, *, locked: bool = False
    ) -> WrittenReport:
        item = await store.written(session, self.workspace_id, number, locked=locked)
        if item is None:
            raise NotFoundError(_GONE)
        if item.person_id != viewer.person_id:
            people = await people_by_id(session, [item.person_id])
            raise NotAllowedError(f"Only {people[item.person_id].name}, who wrote it, can do that.")
        return item

    async def _request(self, session: AsyncSession, viewer: Viewer, request_id: int) -> RequestRow:
        return await own_request(session, viewer, self.workspace_id, request_id, locked=True)

    async def _is_overtaken(
        self, session: AsyncSession, item: WrittenReport, row: RequestRow, now: datetime
    ) -> bool:
        """Whether an answer came that the text's author has not seen; the message says it then."""
        known = await store.reports_of_requests(session, [row.request.pk])
        version = known[row.request.pk].version if known else 0
        if version == item.base_version:
            return False
        item.state = TextState.ANSWERED
        await self._edit(session, item, closed(TextState.ANSWERED), now)
        return True

    async def _newer(
        self, session: AsyncSession, item: WrittenReport, row: RequestRow, now: datetime
    ) -> NeedsForm | None:
        """The form of the project's newest request, if that is another one than was written for."""
        newest = await store.newest_request_row(session, self.workspace_id, row.project.pk)
        if newest is None or newest.request.opens_on <= row.request.opens_on:
            return None
        known = await store.reports_of_requests(session, [newest.request.pk])
        item.request_id = newest.request.pk
        item.base_version = known[newest.request.pk].version if known else 0
        await self.keep_draft(session, item, now)
        return NeedsForm(newest.request.pk, note_of_older(row, newest))

    async def _thread(
        self, session: AsyncSession, viewer: Viewer, thread_ts: str | None, now: datetime
    ) -> _Thread | None:
        """The bot's message in whose thread a text stands, if it is about status."""
        if thread_ts is None:
            return None
        since = now - LOOK_BACK
        days = await store.request_days(session, viewer.person_id, since.date())
        by_key = {request_key(viewer.person_id, day): day for day in days}
        texts = await store.written_keys(session, viewer.person_id, since)
        keys = by_key.keys() | texts
        key = await store.key_posted_as(session, self.workspace_id, keys, thread_ts)
        if key is None:
            return None
        if key in texts:
            said = await store.written_under(session, self.workspace_id, key)
            ids = {each.request_id for each in said if each.request_id is not None}
            found = [await store.request_row(session, self.workspace_id, each) for each in ids]
            return _Thread(key, frozenset(row.project.pk for row in found if row))
        asked = [(viewer.person_id, by_key[key])]
        requests = await store.request_rows_of(session, self.workspace_id, asked)
        return _Thread(key, frozenset(row.project.pk for row in requests))


class _Notes:
    """Keeps what one text says, and makes the message that tells of it."""

    def __init__(
        self,
        service: FreeTextService,
        session: AsyncSession,
        viewer: Viewer,
        key: str,
        now: datetime,
    ) -> None:
        self._service = service
        self._session = session
        self._viewer = viewer
        self._key = key
        self._now = now

    async def take(
        self, reading: TextReading, projects: Mapping[int, ReportableProject]
    ) -> TextRead:
        """Keep every report of a text."""
        items: list[TextItem] = []
        refused: list[str] = []
        meant: list[tuple[TextReport, list[RequestRow]]] = []
        for report in reading.reports:
            requests, reasons = await self._requests(report, projects)
            refused += [] if requests else reasons
            meant += [(report, requests)] if requests else []
        for request_id in sorted({row.request.pk for _report, found in meant for row in found}):
            await store.open_written(self._session, request_id)  # all locks before any message's
        for position, (report, requests) in enumerate(meant):
            item = await self._store(position, report)
            if len(requests) == 1:
                items.append(await self.attach(item, requests[0]))
            else:
                items.append(_undecided(item, requests))
        return TextRead(tuple(items), tuple(refused), reading.unclear)

    async def attach(self, item: WrittenReport, row: RequestRow) -> TextItem:
        """Let a text answer a request: with what stays from the answer before, as a draft."""
        earlier = await self._service.replace_open(self._session, row, item.person_id, self._now)
        known = await store.reports_of_requests(self._session, [row.request.pk])
        before = await store.reports_before_requests(self._session, [row.request.pk])
        answer = known.get(row.request.pk)
        today = self._now.date()
        item.request_id = row.request.pk
        item.said = together(earlier, item.said)
        item.base_version = answer.version if answer else 0
        last = answer or before.get(row.request.pk)
        item.kept = kept_from(last, item.said, today, is_correction=answer is not None)
        await self._session.flush()
        await self._service.keep_draft(self._session, item, self._now)
        checker = await TextChecker.load(self._session, row, self._now)
        outcome = await checker.check({**item.kept, **item.said})
        return replace(
            _shown(item),
            code=row.project.code,
            name=row.project.name,
            kept=() if answer else _in_order(item.kept),
            lacks=outcome if isinstance(outcome, tuple) else (),
            version=item.base_version,
            is_late=self._now > row.cycle.cut_off_at,
        )

    async def _store(self, position: int, report: TextReport) -> WrittenReport:
        rating = {"health": report.rating} if report.rating else {}
        item = WrittenReport(
            workspace_id=self._service.workspace_id,
            key=self._key,
            position=position,
            person_id=self._viewer.person_id,
            written_at=self._now,
            said={**rating, **report.fields},
            state=TextState.OPEN,
        )
        self._session.add(item)
        await self._session.flush()
        return item

    async def _requests(
        self, report: TextReport, projects: Mapping[int, ReportableProject]
    ) -> tuple[list[RequestRow], list[str]]:
        """The requests that a report may answer; where there are none, why."""
        found: list[RequestRow] = []
        reasons: list[str] = []
        for each in report.projects:
            outcome = await self._request(projects[each])
            if isinstance(outcome, str):
                reasons.append(outcome)
            else:
                found.append(outcome)
        return found[:MOST_CHOICES], reasons

    async def _request(self, reportable: ReportableProject) -> RequestRow | str:
        """The newest request of a project that was asked; or why it can't be reported on."""
        project = reportable.project
        if not may_report(self._viewer, facts_of(project)):
            people = await people_by_id(self._session, [project.pm_id])
            return (
                f"Only the PM of {project.code} ({people[project.pm_id].name}), the deputy and "
                "the PMO can report on it."
            )
        if not reportable.is_asked:
            return f"{project.code} is in {reportable.phase}, and nobody is asked for its status."
        newest = await store.newest_request_row(self._session, project.workspace_id, project.pk)
        if newest is not None:
            try:
                await check_wanted(self._session, newest, self._now)
            except NotWantedError as error:
                return str(error)
            return newest
        planned = await store.planned_ask(self._session, project.pk)
        return f"{project.code} is not due: nobody was asked for it yet. {self._when(planned)}"

    def _when(self, planned: datetime | None) -> str:
        if planned is None:
            return "I ask for it on the next reporting day of its council."
        local = planned.astimezone(ZoneInfo(self._viewer.timezone))
        return f"I ask for it on {local:%a} {local.day} {local:%b} at {local:%H:%M}."


def _may_see(viewer: Viewer, each: ReportableProject) -> bool:
    return may_see(viewer, facts_of(each.project))


def _is_own(viewer: Viewer, each: ReportableProject) -> bool:
    return viewer.person_id in (each.project.pm_id, each.project.deputy_id)


def _named(viewer: Viewer, each: ReportableProject) -> Named:
    own = _is_own(viewer, each)
    return Named(each.project.pk, each.project.code, each.project.name, has_aliases=own)


def _implied(
    viewer: Viewer, seen: Mapping[int, ReportableProject], thread: _Thread | None
) -> tuple[int, ...]:
    """What a text may mean that names no project: what its thread is about, or all of one's own."""
    ids: Collection[int] = seen.keys()
    if thread is not None:
        may = {each for each in ids if may_report(viewer, facts_of(seen[each].project))}
        return tuple(each for each in ids if each in thread.project_ids & may)
    return tuple(each for each in ids if seen[each].is_asked and _is_own(viewer, seen[each]))


def _in_order(said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, said[name]) for name in _ORDER if said.get(name))


def _shown(item: WrittenReport) -> TextItem:
    """An item as its row has it."""
    word = item.said.get("health", "")
    health, rating = health_of(word) if word else (None, "")
    return TextItem(item.pk, "", "", health, rating, _in_order(item.said))


def _undecided(item: WrittenReport, requests: Collection[RequestRow]) -> TextItem:
    """An item that asks which of several projects is meant."""
    choices = tuple(
        TextChoice(row.request.pk, row.project.code, row.project.name) for row in requests
    )
    return replace(_shown(item), choices=choices)
