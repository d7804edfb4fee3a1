"""What is recorded in a meeting: by a window or in one line, by several at once, none lost."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import pytest
from sqlmodel import col, select

from domain.errors import FieldErrors, NotAllowedError, NotFoundError, UnreadableError
from domain.meetings.attendance.service import AttendanceService
from domain.meetings.sitting.reading.values import Typed, TypedAction
from domain.meetings.sitting.values import Deciding
from models.enums import LogKind, Outcome, Purpose
from models.logs import LogEntry
from models.meetings import Decision
from tests.support.meeting import Secretary
from tests.support.portfolio import ITS
from tests.support.sitting import Hall, past

YES = Typed("Which cloud?", "approved", "consensus")


@pytest.fixture
async def hall(secretary: Secretary) -> Hall:
    return await opened(Hall(secretary))


async def opened(hall: Hall) -> Hall:
    await hall.world.project("APOLLO")
    await hall.open()
    return hall


async def window(hall: Hall, name: str = "carol") -> Deciding:
    return await hall.step(name, hall.service.deciding)


async def decide(hall: Hall, shown: Deciding, typed: Typed = YES, name: str = "carol") -> str:
    viewer = await hall.world.viewer(name)
    return (await hall.service.decide(viewer, shown, typed, past(6))).ref


async def actions(hall: Hall) -> list[LogEntry]:
    async with hall.world.database.reading() as session:
        found = await session.exec(
            select(LogEntry).where(LogEntry.kind == LogKind.ACTION).order_by(col(LogEntry.id))
        )
        return list(found.all())


async def test_a_decision_belongs_to_its_item_and_project_and_settles_what_was_needed(
    secretary: Secretary,
) -> None:
    hall = Hall(secretary)
    number = await hall.world.project("APOLLO")
    needed = await hall.table.entry(LogKind.DECISION, "Which cloud?", project_id=number)
    facts = {"project_id": number, "log_entry_id": needed, "source": f"decision:{needed}"}
    item = await hall.item("Which cloud?", purpose=Purpose.DECIDE, **facts)
    await hall.open()
    shown = await window(hall)
    assert (shown.question, shown.project, shown.item_id) == ("Which cloud?", "APOLLO", item)
    assert "Without a quorum nothing is decided" in shown.warning
    with pytest.raises(NotAllowedError, match="Without a quorum nothing is decided"):
        await decide(hall, shown)
    await hall.be_here("omar")
    typed = replace(YES, project="apollo", method="vote", votes="for: Carol; against: Omar")
    assert await decide(hall, shown, typed) == "D-1"
    (made,) = await hall.decisions()
    assert (made.log_entry_id, made.agenda_item_id, made.project_id) == (needed, item, number)
    assert (made.votes_for, made.votes_against, made.had_quorum) == (1, 1, True)
    assert made.voted_by_name == "For: Carol. Against: Omar."
    assert "Which cloud?" in [each.question for each in (await hall.channel_card()).decisions]
    again = await window(hall)
    assert (again.known, again.last, again.question) == (1, "D-1, approved", "")
    await hall.next()
    assert (await hall.table.agenda()).items[0].ended_at


async def test_two_who_record_the_same_decision_make_one_and_the_second_keeps_the_text(
    hall: Hall,
) -> None:
    await hall.be_here("omar")
    for item_id in (None, await hall.item("Cloud", purpose=Purpose.DECIDE)):
        shown = Deciding((await hall.meeting()).pk, "", item_id, "", "", 0)
        typed = replace(YES, question=f"Cloud {item_id}?")
        ref = await decide(hall, shown, typed)
        with pytest.raises(NotAllowedError, match=f"Carol has recorded {ref} about it at 14:06"):
            await decide(hall, shown, typed, "dana")
    beside = replace(shown, item_id=None)
    assert await decide(hall, beside, replace(YES, question="Other"), "dana") == "D-3"


async def test_what_is_typed_wrongly_is_told_at_its_field(hall: Hall) -> None:
    await hall.be_here("omar")
    shown = await window(hall)
    with pytest.raises(FieldErrors, match="There is no project 'EOS'"):
        await decide(hall, shown, replace(YES, project="EOS"))
    await hall.world.council("Data Board")
    wifi = await hall.world.project("WIFI", council="Data Board")
    with pytest.raises(FieldErrors, match="WIFI belongs to Data Board, not to ITS Council"):
        await decide(hall, shown, replace(YES, project="wifi"))
    with pytest.raises(FieldErrors, match="3 votes, and 2 with a vote are here"):
        await decide(hall, shown, replace(YES, method="vote", votes="3 for"))
    number = (await hall.meeting()).pk
    omar, gone = hall.world.id("omar"), TypedAction("Write", 0, "2026-12-11")
    abroad = TypedAction("Write", omar, "2026-12-11", project="WIFI")
    for typed in (
        gone,
        TypedAction("", omar, "2026-12-11"),
        TypedAction("Write", omar, ""),
        abroad,
    ):
        with pytest.raises(FieldErrors):
            await hall.service.act(await hall.world.viewer("omar"), number, typed, past(6))
    await hall.item("Their Wi-Fi", project_id=wifi)
    own = await hall.service.act(await hall.world.viewer("omar"), number, abroad, past(6))
    assert own.project == "WIFI"
    with pytest.raises(NotAllowedError, match="Members of the council"):
        await hall.do("erik", hall.service.acting)
    assert await hall.decisions() == []


async def test_twenty_presses_at_once_lose_none(any_secretary: Secretary) -> None:
    hall = await opened(Hall(any_secretary))
    await hall.fill()
    await any_secretary.seat("ana", "ben", "li", "sam")
    people = ("ana", "ben", "li", "sam", "omar")
    meeting = await hall.meeting()
    at_home = (hall.world.database, hall.world.workspace_id)
    attendance = AttendanceService(*at_home, any_secretary.outbox, any_secretary.voices)
    viewers = {name: await hall.world.viewer(name) for name in (*people, "carol", "dana")}

    async def act(name: str, number: int) -> object:
        typed = TypedAction(f"Task {number}", hall.world.id("ben"), "2026-12-11")
        return await hall.service.act(viewers[name], meeting.pk, typed, past(6))

    presses: list[Awaitable[object]] = [
        *(act(name, number) for number in (1, 2) for name in people),
        *(attendance.here(viewers[name], meeting.pk, past(6)) for name in people),
        *(
            hall.service.go_on(viewers[name], meeting.pk, meeting.revision, past(6))
            for name in ("carol", "dana", "carol", "dana", "carol")
        ),
    ]
    told = await asyncio.gather(*presses, return_exceptions=True)
    assert len(told) == 20
    late = [str(each) for each in told if isinstance(each, BaseException)]
    assert len(late) == 4
    assert all("went on to “Plans” at 14:06" in each for each in late)
    given = await actions(hall)
    assert sorted(each.number for each in given) == list(range(1, 11))
    assert {each.title for each in given} == {"Task 1", "Task 2"}
    assert (await hall.roster()).present == 6
    assert await hall.current() == "Plans"
    card = await hall.channel_card()
    assert (card.given, card.here.votes, card.revision) == (10, 6, meeting.revision + 1)
    assert [each.number for each in card.ahead] == [2, 3]


async def test_a_line_belongs_to_the_meeting_that_runs_and_to_its_current_item(hall: Hall) -> None:
    await hall.be_here("omar")
    item = await hall.item("Cloud", purpose=Purpose.DECIDE)
    await hall.step("carol", hall.service.choose, item)
    carol, omar = await hall.world.viewer("carol"), await hall.world.viewer("omar")
    text = "Take the big one: conditional, 2 for; condition @omar by Friday: Check the contract"
    told = await hall.service.decide_line(carol, text, past(6))
    assert (told.ref, told.meeting, told.item, told.conditions) == ("D-1", ITS, "Cloud", 1)
    again = await hall.service.decide_line(carol, text.replace("Take", "TAKE  "), past(9))
    assert (again.ref, again.is_known) == ("D-1", True)
    other = await hall.service.decide_line(carol, "its: Stop [APOLLO]: no", past(6))
    assert (other.item, other.project, other.outcome) == ("", "APOLLO", Outcome.REJECTED)
    given = await hall.service.act_line(omar, "me by tomorrow: Call them [apollo]", past(6))
    assert (given.ref, given.owner, given.project, given.meeting) == ("A-1", "Omar", "APOLLO", ITS)
    for text in ("Stop it", "Stop it: yes, 9 for", "Halt [EOS]: yes"):
        with pytest.raises(UnreadableError):
            await hall.service.decide_line(carol, text, past(6))
    for text in ("Call them", "@omar by Friday: Call [EOS]"):
        with pytest.raises(UnreadableError):
            await hall.service.act_line(omar, text, past(6))
    with pytest.raises(NotAllowedError, match="Only whoever chairs"):
        await hall.service.decide_line(omar, "Stop it: yes", past(6))


async def test_outside_of_a_meeting_chair_and_pmo_record_for_the_council(hall: Hall) -> None:
    await hall.close()
    dana, carol = await hall.world.viewer("dana"), await hall.world.viewer("carol")
    with pytest.raises(NotFoundError, match="Write for which council"):
        await hall.service.decide_line(dana, "Stop it: yes", past(90))
    told = await hall.service.decide_line(dana, "ITS: Stop it [APOLLO]: yes, 1 for", past(90))
    assert (told.meeting, told.had_quorum, told.project) == ("", False, "APOLLO")
    again = await hall.service.decide_line(dana, "ITS: stop IT [apollo]: yes", past(99))
    assert (again.ref, again.is_known) == (told.ref, True)
    given = await hall.service.act_line(carol, "@omar by Friday: Tell them", past(90))
    assert (given.meeting, given.owner) == ("", "Omar")
    with pytest.raises(NotAllowedError, match="Only the council's chair"):
        await hall.service.act_line(await hall.world.viewer("omar"), "me by Friday: Tell", past(90))
    async with hall.world.database.reading() as session:
        (made,) = (await session.exec(select(Decision))).all()
    assert (made.meeting_id, made.votes_for) == (None, 1)
