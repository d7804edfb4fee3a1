"""What the PMO does about a draft: approves it, writes its covering note, holds it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.delivery.service import Outbox
from domain.digests.preview.rules import due_at, hold_fault, note_fault, release_at, remind_at
from domain.digests.preview.saying import PreviewSpeaker, cover_note, digest_subject, waits_of
from domain.digests.values import CoverNote
from domain.errors import FieldErrors, NotAllowedError, NotFoundError, PmobotError
from domain.portfolio.rules import belongs_to_pmo
from domain.portfolio.values import Viewer
from models import digests as store
from models.base import Database
from models.digests import PreviewRow
from models.enums import CycleState
from models.portfolio import AuditEntry, people_by_id

NOTE, HELD_UNTIL = "note", "held_until"
"""The fields of the forms, as errors name them."""

_A_DAY = timedelta(days=1)

_OUTDATED = -1
"""A number of reports that no cycle has: the draft is composed anew."""


@dataclass(frozen=True)
class Approval:
    """What a press of *Approve* has met."""

    by: str
    """Who has approved it; empty: nobody, for it was posted without."""
    at: datetime | None
    due_at: datetime
    timezone: str
    is_new: bool
    """This press has done it."""
    is_due: bool = False
    """Its time has come: it is posted at once."""
    posted_at: datetime | None = None


@dataclass(frozen=True)
class NoteForm:
    """A covering note as it stands, for who writes it."""

    cycle_id: int
    council: str
    channel_name: str
    note: CoverNote | None
    version: int
    is_restricted: bool
    """There is no open part: the council's members read it, and no channel."""


@dataclass(frozen=True)
class HoldForm:
    """What is known when a digest is to be held."""

    cycle_id: int
    council: str
    timezone: str
    digest_at: datetime
    suggested: datetime


class PreviewService:
    """Every call refuses whoever does not belong to the PMO (any more)."""

    def __init__(self, database: Database, workspace_id: int, outbox: Outbox) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._speaker = PreviewSpeaker(workspace_id, outbox)

    async def approve(self, viewer: Viewer, cycle_id: int, now: datetime) -> Approval:
        """Let a digest go: at its time, or at once if that is over; a hold ends with it.

        Pressed again, by whomever, it tells what has happened.
        """
        async with self._database.writing() as session:
            row = await self._row(session, viewer, cycle_id, locked=True)
            cycle, _, preview = row
            waits = waits_of(row)
            is_new = cycle.state is CycleState.CLOSED and preview.approved_at is None
            if is_new:
                self._audit(session, row, viewer, now, ("approval", _held(row), "approved"))
                preview.approved_at, preview.approver_id = now, viewer.person_id
                preview.held_until, preview.holder_id = None, None
                _schedule(row, now)
                await session.flush()
                await self._speaker.say(session, row, now)
                waits = replace(waits, outcome="approved", outcome_by=viewer.name)
                await self._speaker.say_waits(session, row, waits, now)
            approver = await people_by_id(session, [preview.approver_id or 0])
            return Approval(
                by=next((each.name for each in approver.values()), ""),
                at=preview.approved_at,
                due_at=due_at(cycle.digest_at, preview.held_until),
                timezone=cycle.timezone,
                is_new=is_new,
                is_due=cycle.digest_at <= now,
                posted_at=await store.posted_at(session, cycle_id),
            )

    async def note_form(self, viewer: Viewer, cycle_id: int) -> NoteForm:
        """The covering note of a digest that is not posted yet."""
        async with self._database.reading() as session:
            row = await self._row(session, viewer, cycle_id)
            _check_open(row)
            return await self._note_form(session, row)

    async def write_note(
        self, viewer: Viewer, shown: tuple[int, int], text: str, now: datetime
    ) -> NoteForm | None:
        """Put a covering note on top of a digest, or take it away with an empty text.

        What somebody else had approved has to be approved again: they have not read this.

        Args:
            viewer: who writes it.
            shown: the cycle's number, and the version of the note that the form showed.
            text: the note.
            now: this instant.

        Returns:
            None; or what somebody else has written meanwhile, and then nothing was saved.

        Raises:
            FieldErrors: it is too long, or the digest is posted.
        """
        cycle_id, version = shown
        async with self._database.writing() as session:
            row = await self._row(session, viewer, cycle_id, locked=True)
            _check_open(row, NOTE)
            note = text.strip()
            if fault := note_fault(note):
                raise FieldErrors({NOTE: fault})
            preview = row.preview
            if preview.note == note:
                return None
            if preview.note_version != version:
                return await self._note_form(session, row)
            self._audit(session, row, viewer, now, ("note", preview.note, note))
            preview.note, preview.note_author_id = note, viewer.person_id
            preview.note_version += 1
            preview.seen_reports = _OUTDATED
            self._withdraw_approval_of_another(session, row, viewer, now)
            await session.flush()
            await self._speaker.say(session, row, now)
            return None

    async def hold_form(self, viewer: Viewer, cycle_id: int, now: datetime) -> HoldForm:
        """What is known of a digest that somebody wants to hold."""
        async with self._database.reading() as session:
            row = await self._row(session, viewer, cycle_id)
            _check_open(row)
            cycle = row.cycle
            due = due_at(cycle.digest_at, row.preview.held_until)
            tomorrow = max(due, now).replace(microsecond=0) + _A_DAY
            return HoldForm(cycle.pk, row.council.name, cycle.timezone, cycle.digest_at, tomorrow)

    async def hold(self, viewer: Viewer, cycle_id: int, until: datetime, now: datetime) -> None:
        """Let a digest wait up to an instant; an approval before it counts no more.

        Raises:
            FieldErrors: the time can't be, or the digest is posted.
        """
        async with self._database.writing() as session:
            row = await self._row(session, viewer, cycle_id, locked=True)
            cycle, _, preview = row
            _check_open(row, HELD_UNTIL)
            if fault := hold_fault(until, cycle.digest_at, now, cycle.timezone):
                raise FieldErrors({HELD_UNTIL: fault})
            waits = waits_of(row)
            before = "approved" if preview.approved_at else _held(row)
            self._audit(session, row, viewer, now, ("hold", before, f"until {until.isoformat()}"))
            preview.approved_at, preview.approver_id = None, None
            preview.held_until, preview.holder_id = until, viewer.person_id
            _schedule(row, now)
            await session.flush()
            await self._speaker.say(session, row, now)
            waits = replace(waits, outcome="held", outcome_by=viewer.name)
            await self._speaker.say_waits(session, row, waits, now)

    async def _row(
        self, session: AsyncSession, viewer: Viewer, cycle_id: int, *, locked: bool = False
    ) -> PreviewRow:
        if not belongs_to_pmo(viewer):
            msg = (
                "Only the PMO decides about a digest before it is posted. "
                "The PMO's members stand in its configuration."
            )
            raise NotAllowedError(msg)
        row = await store.preview_row(session, self._workspace_id, cycle_id, locked=locked)
        if row is None:
            msg = "There is no such draft any more. Look for a newer message of mine about it."
            raise NotFoundError(msg)
        return row

    async def _note_form(self, session: AsyncSession, row: PreviewRow) -> NoteForm:
        return NoteForm(
            cycle_id=row.cycle.pk,
            council=row.council.name,
            channel_name=row.council.channel_name,
            note=await cover_note(session, row.preview),
            version=row.preview.note_version,
            is_restricted=not await store.has_open_projects(session, row.cycle.pk),
        )

    def _withdraw_approval_of_another(
        self, session: AsyncSession, row: PreviewRow, viewer: Viewer, now: datetime
    ) -> None:
        preview = row.preview
        if preview.approver_id in (None, viewer.person_id):
            return
        self._audit(session, row, viewer, now, ("approval", "approved", "withdrawn: another note"))
        preview.approved_at, preview.approver_id = None, None
        _schedule(row, now)

    def _audit(
        self,
        session: AsyncSession,
        row: PreviewRow,
        viewer: Viewer,
        now: datetime,
        change: tuple[str, str, str],
    ) -> None:
        field, old, new = change
        entry = AuditEntry(
            workspace_id=self._workspace_id,
            at=now,
            actor=viewer.slack_id,
            subject=digest_subject(row),
            field=field,
            old=old or None,
            new=new or None,
        )
        session.add(entry)


def _check_open(row: PreviewRow, field: str = "") -> None:
    """Refuse what comes too late, at a form's field if there is one: what was typed stays."""
    if row.cycle.state is CycleState.CLOSED:
        return
    msg = (
        f"The digest of {row.council.name} is posted already, so this is not changed any more. "
        "What is to be added can be said in a reply below it."
    )
    raise FieldErrors({field: msg}) if field else PmobotError(msg)


def _schedule(row: PreviewRow, now: datetime) -> None:
    """Bring to what was decided when it may be posted, and when the PMO is told that it waits."""
    cycle, _, preview = row
    is_approved = preview.approved_at is not None
    preview.release_at = release_at(
        cycle.digest_at, preview.held_until, cycle.unapproved, is_approved=is_approved
    )
    due = due_at(cycle.digest_at, preview.held_until)
    preview.remind_at = remind_at(preview.release_at, due, now)


def _held(row: PreviewRow) -> str:
    """What the audit says of a hold that ends."""
    held_until = row.preview.held_until
    return f"held until {held_until.isoformat()}" if held_until else ""
