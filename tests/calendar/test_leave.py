"""Being away by one's own word: what is taken, kept and told."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from domain.calendar.rules import Leave, parse_leave
from domain.calendar.service import LeaveService
from domain.calendar.values import Away, Cover, Standing
from domain.errors import UnreadableError
from message_templates.calendar.leave import leave_card
from models.base import Database
from models.calendar import Absence
from models.enums import LeaveSource
from models.portfolio import AuditEntry, Workspace
from tests.support.looks import assert_slack_takes, lines_of
from tests.support.portfolio import World

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
"""A Monday."""
TODAY = date(2026, 11, 23)
CHRISTMAS = (date(2026, 12, 24), date(2027, 1, 2))
CHRISTMAS_TEXT = "2026-12-24..2027-01-02"


@pytest.mark.parametrize(
    ("text", "leave"),
    [
        ("until 2026-12-04", Leave(TODAY, date(2026, 12, 4))),
        ("UNTIL  2026-11-23", Leave(TODAY, TODAY)),
        (CHRISTMAS_TEXT, Leave(*CHRISTMAS)),
        (" 2026-12-24 .. 2027-01-02 ", Leave(*CHRISTMAS)),
        ("2026-12-24", Leave(CHRISTMAS[0], CHRISTMAS[0])),
    ],
)
def test_days_away_are_read(text: str, leave: Leave) -> None:
    assert parse_leave(text, TODAY) == leave


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("next week", "'next week' is not a date; write it as 2026-12-24 (year-month-day)"),
        ("until Friday", "'Friday' is not a date"),
        ("until", "'until' is not a date"),
        ("24.12.2026", "'24.12.2026' is not a date"),
        ("2026-02-30", "'2026-02-30' is not a date"),
        ("2026-12-24..2026-12-20", "2026-12-20 is before 2026-12-24; write the first day first"),
        ("until 2026-11-22", "2026-11-22 is over; of a leave that goes on write only until when"),
        ("2026-11-20..2026-12-04", "2026-11-20 is over; of a leave that goes on write only"),
        ("until 2036-12-04", "2036-12-04 is more than three years on; check the year"),
    ],
)
def test_what_is_no_time_to_come_is_refused_with_the_cure(text: str, cause: str) -> None:
    with pytest.raises(ValueError, match=cause.partition("(")[0]):
        parse_leave(text, TODAY)


class Office:
    """A person's word, and what becomes of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.service = LeaveService(world.database, world.workspace_id)

    async def away(self, text: str, name: str = "ana", now: datetime = NOW) -> Standing:
        return await self.service.go(await self.world.viewer(name), text, now)

    async def back(self, text: str = "", now: datetime = NOW) -> Standing:
        return await self.service.back(await self.world.viewer("ana"), text, now)

    async def stored(self) -> list[tuple[date, date, LeaveSource]]:
        async with self.world.database.reading() as session:
            rows = (await session.exec(select(Absence).order_by(col(Absence.first)))).all()
        return [(row.first, row.until, row.source) for row in rows]

    async def audit(self) -> list[tuple[str, str | None, str | None]]:
        async with self.world.database.reading() as session:
            rows = (await session.exec(select(AuditEntry))).all()
        assert all(row.subject == f"person {row.actor}" and row.field == "leave" for row in rows)
        return [(row.actor, row.old, row.new) for row in rows]

    async def revision(self) -> int:
        async with self.world.database.reading() as session:
            return (await session.exec(select(Workspace))).one().plan_revision

    async def by_file(self, first: date, until: date) -> None:
        async with self.world.database.writing() as session:
            session.add(
                Absence(
                    workspace_id=self.world.workspace_id,
                    person_id=self.world.id("ana"),
                    first=first,
                    until=until,
                    source=LeaveSource.FILE,
                    created_at=NOW,
                )
            )


@pytest.fixture
async def office(any_database: Database, any_workspace_id: int) -> Office:
    world = await World.stored(any_database, any_workspace_id)
    await world.project("APOLLO", deputy="ben")
    await world.project("BOREAS")
    await world.project("CERES", deputy="ben")
    await world.project("IDEA", phase="qualification", deputy="ben")
    await world.project("OTHER", pm="li", deputy="ana")
    return Office(world)


ASKED_ALREADY = (
    "What I have asked you already goes to your deputy when your leave begins, if you are not back "
    "well before its cut-off; without a deputy who is here it stays with you."
)
COVERS = (Cover("APOLLO", "Ben"), Cover("BOREAS", None), Cover("CERES", "Ben"))


async def test_leave_is_kept_audited_and_planned_anew(office: Office) -> None:
    before = await office.revision()
    standing = await office.away(CHRISTMAS_TEXT)
    assert standing == Standing(TODAY, (Away(*CHRISTMAS),), COVERS)
    assert await office.stored() == [(*CHRISTMAS, LeaveSource.PERSON)]
    assert await office.audit() == [("U0ANA", None, CHRISTMAS_TEXT)]
    assert await office.revision() == before + 1


async def test_the_same_word_twice_changes_nothing(office: Office) -> None:
    first = await office.away("until 2026-12-04")
    revision = await office.revision()
    assert await office.away("until 2026-12-04") == first
    assert (await office.revision(), len(await office.audit())) == (revision, 1)


async def test_the_newest_word_counts_where_two_overlap(office: Office) -> None:
    await office.away(CHRISTMAS_TEXT)
    await office.away("until 2026-11-27")
    await office.away("2026-12-28..2027-01-08")
    assert [row[:2] for row in await office.stored()] == [
        (TODAY, date(2026, 11, 27)),
        (date(2026, 12, 28), date(2027, 1, 8)),
    ]
    assert (await office.audit())[-1] == ("U0ANA", CHRISTMAS_TEXT, "2026-12-28..2027-01-08")


async def test_who_is_away_stays_away_until_the_newer_leave_begins(office: Office) -> None:
    await office.away("until 2026-12-04")
    wednesday = datetime(2026, 11, 25, 14, tzinfo=UTC)
    standing = await office.away("2026-12-03..2026-12-18", now=wednesday)
    assert standing.today_away == Away(TODAY, date(2026, 12, 2))
    assert standing.away[1:] == (Away(date(2026, 12, 3), date(2026, 12, 18)),)
    shorter = await office.away("until 2026-11-26", now=wednesday)
    assert shorter.today_away == Away(date(2026, 11, 25), date(2026, 11, 26))
    assert [row[:2] for row in await office.stored()] == [
        (TODAY, date(2026, 11, 24)),
        (date(2026, 11, 25), date(2026, 11, 26)),
        (date(2026, 12, 3), date(2026, 12, 18)),
    ]


async def test_who_is_back_is_here_today_and_keeps_what_is_to_come(office: Office) -> None:
    await office.away("until 2026-12-04")
    await office.away(CHRISTMAS_TEXT)
    revision = await office.revision()
    wednesday = datetime(2026, 11, 25, 14, tzinfo=UTC)
    standing = await office.back(now=wednesday)
    assert standing.today_away is None
    assert standing.away == (Away(*CHRISTMAS),)
    assert (await office.stored())[0][:2] == (TODAY, date(2026, 11, 24))
    assert (await office.audit())[-1] == (
        "U0ANA",
        "2026-11-23..2026-12-04",
        "2026-11-23..2026-11-24",
    )
    assert await office.revision() == revision + 1


async def test_leave_that_has_just_begun_or_is_to_come_can_be_taken_back_whole(
    office: Office,
) -> None:
    await office.away("until 2026-12-04")
    await office.away(CHRISTMAS_TEXT)
    assert (await office.back()).away == (Away(*CHRISTMAS),)
    assert (await office.back("2026-12-24")).away == ()
    assert await office.stored() == []
    revision = await office.revision()
    assert (await office.back()).away == ()
    assert await office.revision() == revision


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("2026-11-22", "2026-11-22 is over; write a day from 2026-11-23 on, or nothing for today."),
        ("tomorrow", "'tomorrow' is not a date; write it as 2026-12-24"),
    ],
)
async def test_a_day_of_return_that_cannot_be_is_refused(
    office: Office, text: str, cause: str
) -> None:
    with pytest.raises(UnreadableError, match=cause):
        await office.back(text)


async def test_a_refused_leave_shows_how_to_write_it_and_keeps_nothing(office: Office) -> None:
    with pytest.raises(UnreadableError, match="For example: until 2026-11-30, or 2026-11-23"):
        await office.away("soon")
    assert await office.stored() == []


async def test_ones_own_word_never_touches_the_file_and_the_card_says_so(office: Office) -> None:
    await office.by_file(date(2026, 11, 20), date(2026, 11, 27))
    await office.away("until 2026-11-25")
    standing = await office.back()
    assert standing.today_away == Away(date(2026, 11, 20), date(2026, 11, 27), is_by_file=True)
    lines = lines_of(leave_card(standing))
    assert lines[0] == "You are away until Fri 27 Nov 2026, as the PMO's file says."
    assert lines[-1] == "What the PMO's file says, only the PMO can change."


async def test_today_is_that_of_the_persons_zone(office: Office) -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert (await office.away("until 2026-11-30", "li", late)).today == date(2026, 11, 24)
    with pytest.raises(UnreadableError, match="2026-11-23 is over"):
        await office.away("until 2026-11-23", "li", late)


async def test_a_deputy_who_has_left_stands_in_for_nobody(office: Office) -> None:
    await office.world.change_person("ben", is_gone=True)
    assert {cover.deputy for cover in (await office.away("until 2026-12-04")).covers} == {None}


def _card(*away: Away, covers: tuple[Cover, ...] = COVERS) -> list[str]:
    rendered = leave_card(Standing(TODAY, away, covers))
    assert_slack_takes([rendered])
    return lines_of(rendered)


def test_the_card_tells_when_who_is_asked_instead_and_how_to_end_it() -> None:
    assert _card(Away(TODAY, date(2026, 12, 4)), Away(*CHRISTMAS)) == [
        "You are away until Fri 4 Dec 2026.",
        "Coming: Thu 24 Dec 2026 to Sat 2 Jan 2027.",
        "What is due from you then, I ask of your deputies instead: Ben (APOLLO, CERES).",
        (
            "Nobody is asked for BOREAS, which has no deputy, unless you are back before the "
            "cut-off; the PMO can name one."
        ),
        ASKED_ALREADY,
        "To end it: /project back, or /project back DAY with the day on which you are here again.",
    ]


def test_the_card_of_a_leave_to_come_tells_how_to_call_it_off() -> None:
    assert _card(Away(*CHRISTMAS))[-1] == (
        "To call it off: /project back 2026-12-24, with the first day of the leave."
    )


def test_the_card_of_leave_by_the_file_alone_promises_no_word_that_ends_it() -> None:
    by_file = Away(TODAY, date(2026, 12, 4), is_by_file=True)
    assert _card(by_file)[-2:] == [
        ASKED_ALREADY,
        "What the PMO's file says, only the PMO can change.",
    ]


def test_the_card_of_who_is_here_tells_how_to_go() -> None:
    assert _card() == [
        "You are not away today.",
        (
            "To say when you are away: /project away until 2026-11-30, or "
            "/project away 2026-11-23..2026-11-30"
        ),
    ]


def test_who_leads_nothing_is_told_that_nothing_changes() -> None:
    lines = _card(Away(TODAY, TODAY), covers=())
    assert (
        lines[1] == "You are the PM of no project that is asked for, so nothing changes for others."
    )


async def test_a_shorter_word_that_replaces_a_longer_one_says_which_days_are_lost(
    office: Office,
) -> None:
    await office.away(CHRISTMAS_TEXT)
    standing = await office.away("2026-12-28..2026-12-30")
    assert standing.replaced == (Away(*CHRISTMAS),)
    assert (
        "This replaces what you had said before: Thu 24 Dec 2026 to Sat 2 Jan 2027. If you are "
        "away then, too, say it once more with the whole span."
    ) in lines_of(leave_card(standing))
    assert (await office.away("2026-12-20..2027-01-08")).replaced == ()


async def test_back_alone_calls_off_the_one_leave_that_is_to_come(office: Office) -> None:
    await office.away(CHRISTMAS_TEXT)
    standing = await office.back()
    assert (standing.away, standing.called_off) == ((), Away(*CHRISTMAS))
    assert lines_of(leave_card(standing))[0] == "Called off: Thu 24 Dec 2026 to Sat 2 Jan 2027."
    assert await office.stored() == []


async def test_back_alone_asks_which_of_several_leaves_is_called_off(office: Office) -> None:
    await office.away("2026-12-03..2026-12-04")
    await office.away(CHRISTMAS_TEXT)
    with pytest.raises(UnreadableError, match=r"2 leaves are to come: 2026-12-03\.\.2026-12-04, "):
        await office.back()
    assert len(await office.stored()) == 2


async def test_back_alone_leaves_what_is_to_come_alone_while_the_file_says_away(
    office: Office,
) -> None:
    await office.by_file(TODAY, TODAY)
    await office.away(CHRISTMAS_TEXT)
    assert (await office.back()).called_off is None


async def test_a_deputy_who_is_away_too_is_not_named_as_the_one_to_be_asked(
    office: Office,
) -> None:
    await office.away("2026-12-30..2027-01-10", "ben")
    lines = lines_of(leave_card(await office.away(CHRISTMAS_TEXT)))
    assert not any("I ask of your deputies" in line for line in lines)
    assert (
        "Ben, your deputy for APOLLO, is away too (Wed 30 Dec 2026 to Sat 2 Jan 2027): in those "
        "days nobody is asked for it, unless one of you is back before the cut-off."
    ) in lines


def test_leave_by_the_status_tells_how_it_ends() -> None:
    lines = _card(Away(TODAY, date(2026, 12, 4), is_by_status=True))
    assert lines[0] == "You are away until Fri 4 Dec 2026, as your Slack status says."
    assert lines[-1] == "What your Slack status says ends when you clear the status."
