"""Agendas in people's hands: added to, ordered, put off, let on late, and hidden from others."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import FieldErrors, NotAllowedError, NotFoundError, PmobotError
from domain.meetings.about import About, about_of
from domain.meetings.agenda import changing, reading
from domain.meetings.agenda.messages import LateAnswer, LateItem, LateVerdict
from domain.meetings.agenda.rules import (
    Meant,
    fate_faults,
    mark_of,
    moved,
    read_item,
    read_minutes,
)
from domain.meetings.agenda.values import Done, Fate, ItemWish, Stale, Step, Where
from models.enums import ItemState, LogKind, MeetingState, Purpose
from models.meetings import AgendaItem, Meeting
from models.portfolio import Council
from tests.support.agenda import Table
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED

GOOD = ItemWish(title="Lunch", purpose="discuss", text="It is cold", minutes="5")


@pytest.fixture
def table(secretary: Secretary) -> Table:
    return Table(secretary)


# --- what is typed


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"title": "  "}, {"title": "Say in a few words"}),
        ({"title": "a\nb"}, {"title": "A title is one line"}),
        ({"title": "x" * 151}, {"title": "150 characters at most"}),
        ({"text": "x" * 4_001}, {"text": "4,001 characters are too many"}),
        ({"minutes": "an hour"}, {"minutes": "from 0 to 480"}),
        ({"minutes": "481"}, {"minutes": "from 0 to 480"}),
        ({"code": "APOLO"}, {"owner": "", "project": "Did you mean APOLLO?"}),
        ({"purpose": ""}, {"purpose": "Choose"}),
        ({"title": "", "minutes": "-1"}, {"title": "Say", "minutes": "Write"}),
    ],
)
def test_what_cannot_be_is_told_at_its_field(typed: dict[str, Any], fault: dict[str, str]) -> None:
    faults = read_item(replace(GOOD, **typed), {"APOLLO": 7})
    assert not isinstance(faults, Meant)
    assert faults.keys() == fault.keys() - {"owner"}
    for field, text in faults.items():
        assert fault[field] in text


def test_a_long_text_is_read_whole_and_a_code_in_any_letters() -> None:
    long = "Line\n" * 799 + "Line"
    meant = read_item(replace(GOOD, text=long, code=" apollo ", minutes="0"), {"APOLLO": 7})
    assert meant == Meant("Lunch", Purpose.DISCUSS, long, 0, 7)
    assert read_minutes("480") == 480


@pytest.mark.parametrize(
    ("fate", "reason", "source", "field"),
    [
        (Fate.REMOVE, " ", "", "reason"),
        (Fate.REMOVE, "x" * 501, "", "reason"),
        (Fate.BACKLOG, "", "opening", "fate"),
        (Fate.BACKLOG, "", "red:1", None),
        (Fate.REMOVE, "Done", "recap", None),
    ],
)
def test_what_cannot_become_of_an_item_is_told(
    fate: Fate, reason: str, source: str, field: str | None
) -> None:
    faults = fate_faults(replace(GOOD, fate=fate.value, reason=reason), source)
    assert list(faults) == ([field] if field else [])


@pytest.mark.parametrize(
    ("step", "item", "order"),
    [
        (Step.UP, 3, [1, 3, 2, 4]),
        (Step.UP, 1, [1, 2, 3, 4]),
        (Step.DOWN, 3, [1, 2, 4, 3]),
        (Step.DOWN, 4, [1, 2, 3, 4]),
        (Step.FIRST, 4, [4, 1, 2, 3]),
    ],
)
def test_an_item_moves_past_those_that_are_shown(step: Step, item: int, order: list[int]) -> None:
    everything = [1, 2, 3, 4]
    assert moved(everything, everything, item, step) == order
    assert moved([item], everything, item, step) == everything
    assert mark_of(everything) != mark_of([1, 2, 4, 3])


def test_what_the_mover_does_not_see_keeps_its_place_beside_its_neighbour() -> None:
    assert moved([1, 3], [1, 2, 3], 3, Step.UP) == [3, 1, 2]
    assert moved([1, 3], [1, 2, 3], 1, Step.DOWN) == [2, 3, 1]


# --- looking


async def test_it_is_built_when_somebody_looks_and_tells_what_they_may_do(table: Table) -> None:
    world = table.world
    secret = await world.project("SECRET", visibility=RESTRICTED)
    await table.entry(LogKind.DECISION, "Buy land?", project_id=secret)
    await world.project("APOLLO")
    views = {
        name: await table.service.show(await world.viewer(name), "", NOON)
        for name in ("erik", "carol", "omar", "ana")
    }
    titles = {name: [each.title for each in view.agenda.items] for name, view in views.items()}
    assert "Buy land?" in titles["carol"]
    assert "Buy land?" in titles["ana"]
    assert len(titles["erik"]) == 2
    assert [(each.may_add, each.leads, each.votes) for each in views.values()] == [
        (False, False, False),
        (True, True, True),
        (True, False, True),
        (False, False, False),
    ]


async def test_of_several_councils_ones_own_comes_first_and_others_are_named(table: Table) -> None:
    await table.world.council("Art Council", chair=None, members=("dana",))
    await table.world.project("APOLLO")
    await table.world.project("VEGA", council="Art Council")
    erik = await table.service.show(await table.world.viewer("erik"), "", NOON)
    dana = await table.service.show(await table.world.viewer("dana"), "", NOON)
    assert (erik.council, erik.others) == (ITS, ("Art Council",))
    assert (dana.council, dana.meeting_id, dana.others) == ("Art Council", 0, (ITS,))
    named = await table.service.show(await table.world.viewer("erik"), "art", NOON)
    assert (named.council, named.meeting_id, named.agenda.items) == ("Art Council", 0, ())
    with pytest.raises(NotFoundError, match="no council that you know of"):
        await table.service.show(await table.world.viewer("gus"), "", NOON)


async def test_a_meeting_that_is_late_or_runs_is_shown_before_the_next(table: Table) -> None:
    first, carol = await table.first(), await table.world.viewer("carol")
    late = first.starts_at.replace(hour=first.starts_at.hour + 3)
    assert (await table.service.show(carol, "", late)).meeting_id == first.pk
    await table.change(Meeting, first.pk, started_at=late)
    much_later = late.replace(day=late.day + 1)
    assert (await table.service.show(carol, "", much_later)).meeting_id == first.pk
    await table.change(Meeting, first.pk, ended_at=late)
    assert (await table.service.show(carol, "", late)).meeting_id == (await table.second()).pk


# --- adding


async def test_a_member_adds_and_everybody_reads_who_it_was(table: Table) -> None:
    await table.world.project("APOLLO")
    done = await table.add("omar", "New terms", code="APOLLO", text="Long\n" * 700, minutes="15")
    assert (done.where, done.council) == (Where.AGENDA, ITS)
    (item,) = [each for each in (await table.agenda()).items if not each.source]
    assert (item.title, item.minutes, item.code) == ("New terms", 15, "APOLLO")
    assert item.added_by is not None
    assert (item.added_by.name, len(item.text)) == ("Omar", 3_499)
    audit = (await table.secretary.audit())[-1]
    assert (audit.actor, audit.subject) == ("U0OMAR", "meeting ITS Council 2026-12-03")
    assert audit.new == "New terms"


async def test_who_is_no_member_adds_nothing_and_sees_no_backlog(table: Table) -> None:
    await table.world.project("APOLLO")
    ana = await table.world.viewer("ana")
    for act in (
        table.add("ana", "Mine"),
        table.service.blank(ana, table.council_id, NOON),
        table.service.backlog(ana, "", NOON),
    ):
        with pytest.raises(NotAllowedError, match="decision needed"):
            await act
    with pytest.raises(NotFoundError):
        await table.service.backlog_at(await table.world.viewer("gus"), table.council_id, NOON)
    with pytest.raises(NotFoundError):
        await table.service.at(ana, 999, NOON)


async def test_an_owner_must_be_able_to_know_what_it_is_about(table: Table) -> None:
    await table.world.project("SECRET", visibility=RESTRICTED)
    omar = await table.world.viewer("omar")
    wish = replace(GOOD, code="SECRET")
    for name, text in (("gus", "Guests"), ("erik", "may not know of that project")):
        owner = await table.world.viewer(name)
        with pytest.raises(FieldErrors, match=text):
            await table.service.add(omar, table.council_id, wish, owner, NOON)
    with pytest.raises(FieldErrors, match="title"):
        bad = replace(wish, title="")
        await table.service.add(omar, table.council_id, bad, omar, NOON)
    carol = await table.world.viewer("carol")
    await table.service.add(omar, table.council_id, wish, carol, NOON)
    (item,) = (await table.agenda()).items
    assert (item.is_restricted, item.owner and item.owner.name) == (True, "Carol")


async def test_words_that_name_what_their_writer_may_not_know_are_kept_and_hidden(
    table: Table,
) -> None:
    await table.world.council("Art Council", members=("carol",))
    await table.world.project("VEGA", council="Art Council", visibility=RESTRICTED)
    assert (await table.add("omar", "What is Vega?")).where is Where.AGENDA
    seen = {
        name: len(
            (await table.service.show(await table.world.viewer(name), ITS, NOON)).agenda.items
        )
        for name in ("omar", "carol", "dana")
    }
    assert seen == {"omar": 3, "carol": 3, "dana": 3}
    assert len((await table.agenda()).open_for_all().items) == 2


# --- ordering


async def carols(table: Table) -> Any:
    return await table.world.viewer("carol")


async def test_the_chair_orders_and_who_comes_second_is_told(table: Table) -> None:
    for title in ("One", "Two", "Three"):
        await table.add("omar", title)
    carol, dana = await carols(table), await table.world.viewer("dana")
    view = await table.service.at(carol, table.council_id, NOON)
    two = await table.number("Two")
    done = await table.order.move(carol, two, Step.UP, view.mark, NOON)
    assert isinstance(done, Done)
    assert await table.titles() == ["Two", "One", "Three"]
    stale = await table.order.move(dana, two, Step.DOWN, view.mark, NOON)
    assert stale == Stale("Carol", NOON, "America/New_York", table.council_id)
    assert await table.titles() == ["Two", "One", "Three"]
    fresh = await table.service.at(dana, table.council_id, NOON)
    await table.order.move(dana, await table.number("Three"), Step.FIRST, fresh.mark, NOON)
    assert await table.titles() == ["Three", "Two", "One"]
    with pytest.raises(NotAllowedError, match="order and remove"):
        await table.order.move(await table.world.viewer("omar"), two, Step.UP, view.mark, NOON)


async def test_of_two_who_order_at_once_one_wins(any_secretary: Secretary) -> None:
    table = Table(any_secretary)
    for title in ("One", "Two"):
        await table.add("omar", title)
    carol, dana = await carols(table), await table.world.viewer("dana")
    mark = (await table.service.show(carol, "", NOON)).mark
    two = await table.number("Two")
    pressed = await asyncio.gather(
        *(table.order.move(each, two, Step.FIRST, mark, NOON) for each in (carol, dana))
    )
    assert sorted(type(each).__name__ for each in pressed) == ["Done", "Stale"]
    assert (await table.titles())[0] == "Two"


@pytest.fixture
async def decision(table: Table) -> int:
    """An item on the agenda that is built from a decision needed."""
    apollo = await table.world.project("APOLLO")
    await table.entry(LogKind.DECISION, "Go live?", project_id=apollo)
    await table.build()
    return await table.number("Go live?")


async def test_the_chair_changes_what_is_built_but_for_its_words(
    table: Table, decision: int
) -> None:
    carol, wish = await carols(table), ItemWish(minutes="25", is_consent=True)
    window = await table.service.window(carol, decision, NOON)
    assert (window.has_words, window.leads, window.is_backlog) == (False, True, False)
    await table.order.change(carol, decision, 1, wish, None, NOON)
    (item,) = [each for each in (await table.agenda()).items if each.project_id]
    assert (item.minutes, item.is_consent, item.title) == (25, True, "Go live?")
    with pytest.raises(NotAllowedError, match=r"has changed since .*\(Carol, 12:00\)"):
        await table.order.change(carol, decision, 1, wish, None, NOON)
    for name, value in (("minutes", "x"), ("fate", "remove")):
        with pytest.raises(FieldErrors, match=r"minutes|reason"):
            typed = replace(wish, **{name: value})  # type: ignore[arg-type]
            await table.order.change(carol, decision, 2, typed, None, NOON)
    told = {(each.field, each.new) for each in await table.secretary.audit()}
    assert (f"item {decision} minutes", "25") in told


async def test_the_chair_puts_back_takes_again_and_removes(table: Table, decision: int) -> None:
    carol, wish = await carols(table), ItemWish(minutes="10", fate="backlog")
    done = await table.order.change(carol, decision, 1, wish, None, NOON)
    await table.build()
    assert (done.where, await table.backlog()) == (Where.BACKLOG, ["Go live?"])
    assert await table.sources() == ["opening", "recap"]
    asleep = await table.service.backlog(carol, "", NOON)
    assert [each.item_id for each in asleep.items] == [decision]
    assert (await table.order.take(carol, decision, NOON)).where is Where.AGENDA
    again = await table.order.take(carol, decision, NOON)
    assert (again.is_same, again.by, again.where) == (True, "Carol", Where.AGENDA)
    gone = replace(wish, fate="remove", reason="Settled on the phone")
    assert (await table.order.change(carol, decision, 3, gone, None, NOON)).where is Where.REMOVED
    assert (await table.states())["Go live?"] is ItemState.REMOVED
    told = {(each.field, each.new) for each in await table.secretary.audit()}
    assert (f"item {decision} removed", "Settled on the phone") in told


async def test_who_wrote_an_item_mends_it_and_takes_it_back(table: Table) -> None:
    await table.add("omar", "Luntch")
    omar, number = await table.world.viewer("omar"), await table.number("Luntch")
    window = await table.service.window(omar, number, NOON)
    assert (window.has_words, window.leads) == (True, False)
    mended = replace(GOOD, title="Lunch", is_consent=True)
    await table.order.change(omar, number, 1, mended, omar, NOON)
    (item,) = (await table.agenda()).items
    assert (item.title, item.is_consent, item.owner and item.owner.name) == ("Lunch", False, "Omar")
    await table.secretary.seat("ben")
    with pytest.raises(NotAllowedError, match="your own items"):
        await table.service.window(await table.world.viewer("ben"), number, NOON)
    gone = replace(mended, fate="remove", reason="No need")
    await table.order.change(omar, number, 2, gone, None, NOON)
    assert await table.titles() == []
    with pytest.raises(NotAllowedError, match="was removed, and stays"):
        await table.service.window(omar, number, NOON)


async def test_any_voting_member_pulls_an_item_out_of_the_consent_block(table: Table) -> None:
    number = await table.item("Routine", is_consent=True, minutes=0)
    await table.secretary.seat("ben")
    await table.secretary.seat("sam", voting=False)
    with pytest.raises(NotAllowedError, match="Only voting members"):
        await table.order.pull_out(await table.world.viewer("sam"), number, NOON)
    await table.change(Meeting, (await table.first()).pk, started_at=NOON)
    await table.order.pull_out(await table.world.viewer("ben"), number, NOON)
    (item,) = (await table.agenda()).items
    assert (item.is_consent, item.minutes) == (False, 5)
    assert (await table.first()).revision == 1
    again = await table.order.pull_out(await table.world.viewer("omar"), number, NOON)
    assert (again.is_same, again.by) == (True, "Ben")


async def test_what_a_meeting_has_dealt_with_stays_as_it_is(table: Table) -> None:
    carol = await carols(table)
    for state, words in (
        (ItemState.CURRENT, "talks about now"),
        (ItemState.DONE, "has been dealt with"),
        (ItemState.PARKED, "was parked"),
    ):
        number = await table.item(f"It is {state.value}", state=state)
        with pytest.raises(NotAllowedError, match=words):
            await table.order.move(carol, number, Step.UP, "", NOON)
    await table.item("Ahead", position=100)
    done = await table.add("carol", "Decide first", purpose="decide")
    assert done.where is Where.AGENDA
    assert (await table.titles())[3:] == ["Decide first", "Ahead"]


async def test_what_is_added_while_its_meeting_closes_goes_to_the_next_one(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (await table.first()).pk

    async def waited(
        session: AsyncSession, workspace_id: int, meeting_id: int, *, locked: bool = False
    ) -> About | None:
        if locked and meeting_id == first:
            (await session.get_one(Meeting, first)).ended_at = NOON
            await session.flush()
        return await about_of(session, workspace_id, meeting_id, locked=locked)

    monkeypatch.setattr(reading, "about_of", waited)
    await table.add("carol", "Lunch")
    assert (await table.titles(), await table.titles(await table.second())) == ([], ["Lunch"])


async def test_an_item_that_goes_while_its_meeting_is_waited_for_is_told_as_gone(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await table.item("Red since Monday", source="red:7")
    carol = await carols(table)

    async def waited(session: AsyncSession, *args: Any, **options: Any) -> About | None:
        await session.delete(await session.get_one(AgendaItem, number))
        await session.flush()
        return await about_of(session, *args, **options)

    monkeypatch.setattr(changing, "about_of", waited)
    with pytest.raises(NotFoundError, match="no such item any more"):
        await table.order.pull_out(carol, number, NOON)


@pytest.mark.parametrize("name", ["erik", "gus"])
async def test_a_restricted_item_does_not_exist_for_others(table: Table, name: str) -> None:
    world = table.world
    secret = await world.project("SECRET", visibility=RESTRICTED)
    await world.project("APOLLO")
    number = await table.item("Buy land?", project_id=secret, meeting_id=None)
    viewer = await world.viewer(name)
    acts: list[Callable[[], Any]] = [
        lambda: table.service.item(viewer, number, NOON),
        lambda: table.order.take(viewer, number, NOON),
        lambda: table.order.pull_out(viewer, number, NOON),
        lambda: table.service.item(viewer, 999, NOON),
    ]
    texts = set()
    for act in acts:
        with pytest.raises(PmobotError) as caught:
            await act()
        texts.add(str(caught.value))
    assert len(texts) == 1


# --- what comes late


async def frozen(table: Table) -> None:
    await table.change(Meeting, (await table.first()).pk, frozen_at=NOON)


async def test_what_comes_after_the_pack_waits_for_the_chair(table: Table) -> None:
    await frozen(table)
    done = await table.add("omar", "Urgent", text="A fire")
    assert done.where is Where.WAITING
    assert await table.titles() == []
    carol = await carols(table)
    view = await table.service.show(carol, "", NOON)
    assert [each.title for each in view.waiting] == ["Urgent"]
    (asked,) = await table.told("carol")
    assert isinstance(asked, LateItem)
    assert (asked.title, asked.writer, asked.verdict) == ("Urgent", "Omar", LateVerdict.WAITS)
    number = await table.number("Urgent")
    with pytest.raises(NotAllowedError):
        await table.order.let_on(await table.world.viewer("omar"), number, NOON)
    assert (await table.order.let_on(carol, number, NOON)).where is Where.LATE
    (item,) = (await table.agenda()).items
    assert item.is_late
    (asked,) = await table.told("carol")
    assert (asked.verdict, asked.by) == (LateVerdict.LET_ON, "Carol")
    (answer,) = await table.told("omar")
    assert isinstance(answer, LateAnswer)
    assert (answer.verdict, answer.by) == (LateVerdict.LET_ON, "Carol")
    again = await table.order.to_next(await table.world.viewer("dana"), number, NOON)
    assert (again.is_same, again.by, again.where) == (True, "Carol", Where.LATE)


async def test_the_chair_puts_it_onto_the_next_agenda_or_into_the_backlog(table: Table) -> None:
    await frozen(table)
    await table.add("omar", "Urgent")
    await table.add("omar", "Less so")
    carol, second = await carols(table), await table.second()
    done = await table.order.to_next(carol, await table.number("Urgent"), NOON)
    assert (done.where, done.starts_at) == (Where.AGENDA, second.starts_at)
    assert await table.titles(second) == ["Urgent"]
    for card in (await table.secretary.cards())[1:]:
        await table.change(Meeting, card.meeting_id, state=MeetingState.CANCELLED)
    done = await table.order.to_next(carol, await table.number("Less so"), NOON)
    assert (done.where, await table.backlog()) == (Where.BACKLOG, ["Less so"])
    answers = await table.told("omar")
    assert [each.starts_at for each in answers] == [second.starts_at, None]
    assert (await table.order.let_on(carol, await table.number("Less so"), NOON)).is_same


async def test_the_chairs_own_late_item_is_marked_and_the_pmo_is_asked_without_a_chair(
    table: Table,
) -> None:
    await frozen(table)
    assert (await table.add("carol", "Mine", purpose="decide")).where is Where.LATE
    assert [each.is_late for each in (await table.agenda()).items] == [True]
    await table.change(Council, table.council_id, chair_id=None)
    await table.add("omar", "Whose?")
    assert [each.title for each in await table.told("dana")] == ["Whose?"]
    omar, number = await table.world.viewer("omar"), await table.number("Whose?")
    gone = replace(GOOD, title="Whose?", fate="remove", reason="Mine after all")
    await table.order.change(omar, number, 1, gone, None, NOON)
    (asked,) = await table.told("dana")
    assert (asked.verdict, asked.by) == (LateVerdict.REMOVED, "Omar")
    assert await table.told("omar") == []


async def test_the_pmo_is_asked_about_what_the_chair_may_not_know_of(table: Table) -> None:
    await frozen(table)
    await table.world.council("Art Council", chair=None, members=("omar",))
    await table.world.project("VEGA", council="Art Council", visibility=RESTRICTED)
    await table.add("omar", "What of Vega?")
    assert await table.told("carol") == []
    assert [each.title for each in await table.told("dana")] == ["What of Vega?"]


async def test_a_late_item_of_a_meeting_that_has_ended_goes_to_the_next(table: Table) -> None:
    await frozen(table)
    await table.add("omar", "Urgent")
    first = await table.first()
    await table.change(Meeting, first.pk, ended_at=first.starts_at)
    done = await table.order.let_on(await carols(table), await table.number("Urgent"), NOON)
    assert done.starts_at == (await table.second()).starts_at


async def test_whoever_runs_the_meeting_lets_on_and_orders(table: Table) -> None:
    await frozen(table)
    await table.add("omar", "Urgent")
    await table.secretary.seat("ben")
    ben, number = await table.world.viewer("ben"), await table.number("Urgent")
    with pytest.raises(NotAllowedError):
        await table.order.let_on(ben, number, NOON)
    await table.change(Meeting, (await table.first()).pk, started_at=NOON, chair_id=ben.person_id)
    assert (await table.order.let_on(ben, number, NOON)).where is Where.LATE


async def test_without_a_meeting_what_is_added_waits_in_the_backlog(table: Table) -> None:
    for card in await table.secretary.cards():
        await table.change(Meeting, card.meeting_id, state=MeetingState.CANCELLED)
    assert (await table.add("omar", "Some day")).where is Where.BACKLOG
    carol, number = await carols(table), await table.number("Some day")
    with pytest.raises(NotAllowedError, match="No meeting of this council is planned"):
        await table.order.take(carol, number, NOON)
    window = await table.service.blank(carol, table.council_id, NOON)
    assert window.is_backlog
    done = await table.order.move(carol, number, Step.UP, "", NOON)
    assert isinstance(done, Done)
    assert done.where is Where.BACKLOG
