"""A council follows a calendar file: what is in it, what is wrong with it, what people changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from domain.errors import NotAllowedError, UnreadableError
from domain.meetings.calendar_in import service
from domain.meetings.calendar_in.reading import read_calendar
from domain.meetings.calendar_in.service import CalendarInService
from domain.meetings.calendar_in.values import Followed
from models.enums import MeetingState
from models.meetings import Meeting
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import NEW_YORK

ZONE = ZoneInfo(NEW_YORK)
BOARD = """\
BEGIN:VEVENT
UID:board@example.edu
SUMMARY:Board
LOCATION:Room 4
DTSTART;TZID=America/New_York:20261020T090000
DTEND;TZID=America/New_York:20261020T103000
RRULE:FREQ=MONTHLY;BYDAY=3TU
EXDATE;TZID=America/New_York:20261215T090000
END:VEVENT
BEGIN:VEVENT
UID:board@example.edu
RECURRENCE-ID;TZID=America/New_York:20270119T090000
DTSTART;TZID=America/New_York:20270120T100000
DTEND;TZID=America/New_York:20270120T110000
SUMMARY:Board\\, with the auditors
END:VEVENT
"""


def ics(events: str = BOARD) -> bytes:
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{events}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def one(*lines: str, uid: str = "UID:x") -> bytes:
    return ics("\n".join(["BEGIN:VEVENT", uid, "SUMMARY:X", *lines, "END:VEVENT\n"]))


class Files:
    """What has been uploaded, by its address."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def fetch(self, address: str, most: int) -> bytes:
        if address not in self.kept:
            raise UnreadableError("Slack did not send the file.")
        return self.kept[address][:most]


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def uploads(secretary: Secretary, files: Files) -> CalendarInService:
    world = secretary.world
    at_home = (world.database, world.workspace_id)
    return CalendarInService(*at_home, secretary.outbox, secretary.voices, files)


async def upload(
    uploads: CalendarInService,
    secretary: Secretary,
    files: Files,
    content: bytes,
    now: datetime = NOON,
) -> Followed:
    files.kept["file"] = content
    carol = await secretary.world.viewer("carol")
    council_id = (await secretary.first()).council_id
    return await uploads.upload(carol, council_id, "board.ics", "file", now)


async def uploaded(secretary: Secretary) -> list[Meeting]:
    async with secretary.world.database.reading() as session:
        found = await session.exec(
            select(Meeting)
            .where(col(Meeting.occurrence).startswith("ics:"))
            .order_by(col(Meeting.starts_at))
        )
        return list(found.all())


def test_a_series_is_read_with_what_is_left_out_and_what_is_moved() -> None:
    read = read_calendar(ics(), ZONE, NOON)
    first, second, third, *_ = read.meetings
    assert first.starts_at == datetime(2027, 1, 20, 15, tzinfo=UTC)
    assert first.title == "Board, with the auditors"
    assert second.starts_at == datetime(2027, 2, 16, 14, tzinfo=UTC)
    assert (second.minutes, second.title, second.place) == (90, "Board", "Room 4")
    assert third.starts_at == datetime(2027, 3, 16, 13, tzinfo=UTC)  # summer time
    assert first.occurrence.endswith("2027-01-19T14:00")
    assert len({each.occurrence for each in read.meetings}) == len(read.meetings) == 11


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no calendar file that can be read"),
        (b"hello", "no calendar file that can be read"),
        (b"\xff\xfe\x00", "no calendar file that can be read"),
        (ics(""), "There is no event in this file"),
        (one("DTSTART:99999999T000000"), "The event “X”: its DTSTART can't be read"),
        (one("LOCATION:here"), "The event “X” has no DTSTART"),
        (one("DTSTART:20261203T140000Z", uid="URL:y"), "The event “X” has no UID"),
        (one("DTSTART:20261203T140000Z", "RRULE:FREQ=SECONDLY"), "FREQ=SECONDLY: a council meets"),
        (one("DTSTART:20261203T140000Z", "RRULE:FREQ=DAILY;BYMINUTE=1,2"), "meets once a day"),
        (one("DTSTART:20261203T140000Z", "RRULE:FREQ=MONTHLY;BYDAY=9TH"), "A rule or date"),
        (
            one("DTSTART:20261203T140000Z", "RRULE:FREQ=WOBBLY"),
            "its RRULE can't be read",
        ),
        (b"BEGIN:VCALENDAR" + b" " * 600_000, "This file has 585 KB"),
    ],
)
def test_what_is_no_calendar_is_refused_with_the_cause(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_calendar(content, ZONE, NOON)
    assert said in str(refused.value)


def test_a_rule_without_end_gives_as_many_as_are_kept_ahead_and_says_so() -> None:
    read = read_calendar(one("DTSTART:20200101T140000Z", "RRULE:FREQ=DAILY"), ZONE, NOON)
    assert len(read.meetings) == 30
    assert read.notes == ("The next 30 meetings are kept; more follow as they take place.",)


def test_times_without_a_known_zone_are_the_councils_and_whole_days_are_left_out() -> None:
    floating = one("DTSTART:20261210T140000").replace(b"UID:x", b"UID:a", 1)
    read = read_calendar(floating, ZONE, NOON)
    assert [each.starts_at for each in read.meetings] == [datetime(2026, 12, 10, 19, tzinfo=UTC)]
    assert read.notes == ("Some times have no zone: they are read as those of America/New_York.",)
    strange = read_calendar(one("DTSTART;TZID=Nowhere/Land:20261210T140000"), ZONE, NOON)
    assert strange.meetings[0].starts_at == datetime(2026, 12, 10, 19, tzinfo=UTC)
    assert "The zone “Nowhere/Land” is not known" in strange.notes[0]
    whole = read_calendar(one("DTSTART;VALUE=DATE:20261210"), ZONE, NOON)
    assert whole.meetings == ()
    assert whole.notes == ("Events of whole days are left out: a meeting has an hour.",)


async def test_a_file_is_followed_and_the_newest_one_counts(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    found = await upload(uploads, secretary, files, ics())
    assert (found.planned, found.changed, found.dropped) == (11, 0, 0)
    assert await upload(uploads, secretary, files, ics()) == Followed("ITS Council", "board.ics")
    later = ics(BOARD.replace("T103000", "T110000").replace("3TU", "3TU;UNTIL=20270401T000000Z"))
    found = await upload(uploads, secretary, files, later)
    assert (found.planned, found.changed, found.dropped) == (0, 2, 8)
    kept = [each for each in await uploaded(secretary) if each.state is MeetingState.PLANNED]
    assert [each.minutes for each in kept] == [60, 120, 120]


async def test_what_people_changed_and_what_the_council_has_already_stays(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    await upload(uploads, secretary, files, ics())
    carol, first = await secretary.world.viewer("carol"), (await uploaded(secretary))[0]
    await secretary.service.cancel(carol, first.pk, first.sequence, "Holidays", NOON)
    same_hour = one("DTSTART;TZID=America/New_York:20261203T140000")
    found = await upload(uploads, secretary, files, same_hour)
    assert (found.planned, found.dropped, found.known) == (0, 10, 1)
    assert (await uploaded(secretary))[0].reason == "Holidays"
    found = await upload(uploads, secretary, files, ics())
    assert (found.changed, found.by_hand) == (10, 1)


async def test_a_file_that_cannot_be_taken_changes_nothing(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    await upload(uploads, secretary, files, ics())
    before = await uploaded(secretary)
    for content, said in ((b"hello", "no calendar"), (one("DTSTART:20200101T100000Z"), "no meet")):
        found = await upload(uploads, secretary, files, content)
        assert said in found.problem
    carol, council_id = await secretary.world.viewer("carol"), before[0].council_id
    assert (await uploads.upload(carol, council_id, "x", "lost", NOON)).problem
    assert await uploaded(secretary) == before
    assert (await uploads.window(carol, council_id)).followed == "board.ics"


async def test_taken_back_its_meetings_go_and_those_of_the_series_stay(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    await upload(uploads, secretary, files, ics())
    carol, council_id = await secretary.world.viewer("carol"), (await secretary.first()).council_id
    found = await uploads.take_back(carol, council_id, NOON)
    assert (found.dropped, found.name) == (11, "")
    assert {each.state for each in await uploaded(secretary)} == {MeetingState.DROPPED}
    assert (await secretary.first()).state is MeetingState.PLANNED
    with pytest.raises(NotAllowedError, match="follows no calendar file"):
        await uploads.take_back(carol, council_id, NOON)
    told = [(e.old, e.new) for e in await secretary.audit() if e.field == "calendar file"]
    assert told == [(None, "board.ics"), ("board.ics", None)]


async def test_time_brings_more_of_an_endless_series_near(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    await upload(uploads, secretary, files, ics())
    assert not await uploads.go_on(NOON)
    later = NOON + timedelta(days=60)
    assert await uploads.go_on(later)
    assert not await uploads.go_on(later)
    assert len(await uploaded(secretary)) == 13


async def test_one_that_cannot_be_read_any_more_does_not_stop_the_clock(
    secretary: Secretary,
    uploads: CalendarInService,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await upload(uploads, secretary, files, ics())

    def refused(*_: object) -> None:
        raise UnreadableError("Its rules take too long.")

    monkeypatch.setattr(service, "read_calendar", refused)
    assert not await uploads.go_on(NOON + timedelta(days=60))
    assert "can't be read: Its rules take too long." in caplog.text


async def test_only_chair_and_pmo_upload(
    secretary: Secretary, uploads: CalendarInService, files: Files
) -> None:
    files.kept["file"] = ics()
    council_id = (await secretary.first()).council_id
    for name in ("omar", "erik", "gus"):
        with pytest.raises(NotAllowedError):
            await uploads.upload(
                await secretary.world.viewer(name), council_id, "x.ics", "file", NOON
            )
    dana = await secretary.world.viewer("dana")
    assert (await uploads.upload(dana, council_id, "x.ics", "file", NOON)).planned == 11
