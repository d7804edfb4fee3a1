"""Lists as people keep them: who may, what is refused, and two people at once."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.logs.rules import MOST_OPEN
from domain.logs.service import HISTORY
from domain.logs.values import Access, Clash, Saved, Shown
from models.enums import LogKind, LogState
from tests.support.directory import user
from tests.support.listing import NOW, TODAY, Registry
from tests.support.portfolio import RESTRICTED

RISK, ISSUE, ACTION, DECISION, MILESTONE = LogKind

RATED = {"title": "A vendor fails", "likelihood": "4", "impact": "5"}
TASK = {"title": "Book the room", "owner": "U0LI", "due_on": "2026-12-01"}


async def errors_of(registry: Registry, kind: LogKind, raw: dict[str, str]) -> dict[str, str]:
    with pytest.raises(FieldErrors) as refused:
        await registry.new("ana", kind, raw)
    assert [each.title for each in await registry.stored()] == [], "nothing is half saved"
    return refused.value.errors


async def test_pm_deputy_and_pmo_add_and_nobody_else(any_registry: Registry) -> None:
    for name in ("ana", "ben", "dana"):
        saved = await any_registry.new(name, RISK, {**RATED, "title": f"By {name}"})
        assert saved.is_new
    assert [each.ref for each in await any_registry.open()] == ["R-1", "R-2", "R-3"]
    for name in ("sam", "carol", "erik"):
        with pytest.raises(NotAllowedError, match=r"Only the PM of APOLLO \(Ana\), the deputy"):
            await any_registry.new(name, RISK, RATED)
    with pytest.raises(NotFoundError):
        await any_registry.new("gus", RISK, RATED)


async def test_somebody_who_lost_the_right_meanwhile_saves_nothing(registry: Registry) -> None:
    risk = await registry.add(RISK, "A vendor fails", likelihood=4, impact=5)
    card = await registry.shown("ben", risk)
    await registry.world.change("APOLLO", deputy="li")
    with pytest.raises(NotAllowedError, match="Only the PM, the deputy and the PMO change R-1"):
        await registry.send("ben", card, title="Another")
    await registry.world.change("APOLLO", visibility=RESTRICTED)
    with pytest.raises(NotFoundError):
        await registry.send("ben", card, title="Another")
    assert await registry.history() == []


async def test_a_list_shows_what_is_open_and_counts_what_is_closed(
    any_registry: Registry,
) -> None:
    first = await any_registry.add(RISK, "First", likelihood=1, impact=1)
    await any_registry.add(RISK, "Second", likelihood=1, impact=1)
    await any_registry.save("ana", first, state="done", note="It passed")
    ana, sam = [await any_registry.world.viewer(name) for name in ("ana", "sam")]
    found = await any_registry.service.of_project(ana, RISK, "apollo", NOW)
    assert ([each.title for each in found.entries], found.closed) == (["Second"], 1)
    assert found.may_add
    found = await any_registry.service.of_project(sam, RISK, "APOLLO", NOW, with_closed=True)
    assert [each.title for each in found.entries] == ["Second", "First"]
    assert (found.closed, found.may_add) == (0, False)
    assert found.entries[1].closed_at == NOW


async def test_a_closed_entry_is_opened_again(registry: Registry) -> None:
    risk = await registry.add(RISK, "First", likelihood=1, impact=1)
    await registry.save("ana", risk, state="done")
    saved = await registry.save("ana", risk, state="open")
    assert (saved.entry.state, saved.entry.closed_at) == (LogState.OPEN, None)  # type: ignore[union-attr]


async def test_two_who_add_the_same_at_once_make_one_entry(any_registry: Registry) -> None:
    outcomes = await asyncio.gather(
        *(any_registry.new(name, RISK, RATED) for name in ("ana", "ben")),
        return_exceptions=True,
    )
    (refused,) = [each for each in outcomes if isinstance(each, FieldErrors)]
    assert "R-1 is open under this title already" in refused.errors["title"]
    assert len(await any_registry.stored()) == 1


async def test_two_who_change_at_once_lose_nothing(any_registry: Registry) -> None:
    risk = await any_registry.add(RISK, "A vendor fails", likelihood=4, impact=5)
    cards = {name: await any_registry.shown(name, risk) for name in ("ana", "ben")}
    typed = {"ana": {"title": "Ana's words"}, "ben": {"response": "Ben's words"}}
    outcomes = await asyncio.gather(
        *(any_registry.send(name, card, **typed[name]) for name, card in cards.items())
    )
    (clash,) = [each for each in outcomes if isinstance(each, Clash)]
    (saved,) = [each for each in outcomes if isinstance(each, Saved)]
    assert len(await any_registry.history()) == 1
    loser = "ben" if saved.changed == ("title",) else "ana"
    assert {each.who for each in clash.news} == {"Ana" if loser == "ben" else "Ben"}
    assert typed[loser].items() <= clash.card.raw.items()

    again = await any_registry.send(loser, clash.card, **clash.card.raw)
    assert isinstance(again, Saved)
    assert (again.entry.title, again.entry.response) == ("Ana's words", "Ben's words")


async def test_a_form_sent_twice_is_saved_once(any_registry: Registry) -> None:
    risk = await any_registry.add(RISK, "A vendor fails", likelihood=4, impact=5)
    card = await any_registry.shown("ana", risk)
    for changed in (("likelihood",), ()):
        saved = await any_registry.send("ana", card, likelihood="1")
        assert isinstance(saved, Saved)
        assert saved.changed == changed
    assert len(await any_registry.history()) == 1


async def test_an_owner_who_was_slower_than_the_pm_is_told_and_keeps_what_was_typed(
    any_registry: Registry,
) -> None:
    action = await any_registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    card = await any_registry.shown("li", action)
    assert card.access is Access.ANSWER
    await any_registry.save("ana", action, due_on="2026-12-24")
    shown = Shown(action, card.entry.revision, card.seen)
    typed = {"outcome": "moved", "due_on": "2026-12-01", "note": "No room is free"}
    li = await any_registry.world.viewer("li")
    clash = await any_registry.service.answer(li, shown, typed, NOW)
    assert isinstance(clash, Clash)
    assert [(each.who, each.field) for each in clash.news] == [("Ana", "due_on")]
    assert typed.items() <= clash.card.raw.items()
    now = Shown(action, clash.card.entry.revision, clash.card.seen)
    assert isinstance(await any_registry.service.answer(li, now, typed, NOW), Saved)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": "moved"}, "due_on"),
        ({"outcome": "moved", "due_on": "2026-11-20"}, "due_on"),
        ({"outcome": "cancelled"}, "note"),
        ({"outcome": "done", "note": "x" * 3_001}, "note"),
    ],
)
async def test_an_answer_is_mended_at_its_field(
    registry: Registry, typed: dict[str, str], field: str
) -> None:
    action = await registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    li = await registry.world.viewer("li")
    with pytest.raises(FieldErrors) as refused:
        await registry.service.answer(li, Shown(action, 1, 0), typed, NOW)
    assert list(refused.value.errors) == [field]


async def test_a_new_owner_is_a_member_who_is_there(registry: Registry) -> None:
    await registry.world.person("lea", is_gone=True)
    registry.directory.unlisted = [
        replace(user("robot"), is_bot=True),
        replace(user("guy"), is_guest=True),
    ]
    for owner, cause in {
        "U0LEA": "Lea has left Slack; choose somebody else.",
        "U0GUS": "Gus is a guest in Slack and does not see this project",
        "U0GUY": "Guy is a guest in Slack and does not see this project",
        "U0ROBOT": "A bot can't have anything in hand; choose a person.",
        "U0NOBODY": "Slack knows nobody with the id 'U0NOBODY'. Choose somebody else.",
    }.items():
        errors = await errors_of(registry, ACTION, {**TASK, "owner": owner})
        assert cause in errors["owner"]


async def test_somebody_never_met_may_own_an_action(registry: Registry) -> None:
    registry.directory.unlisted = [user("nina")]
    saved = await registry.new("ana", ACTION, {**TASK, "owner": "U0NINA"})
    assert saved.entry.owner is not None
    assert saved.entry.owner.name == "Nina"


async def test_a_guest_with_a_role_in_the_project_may_own_its_actions(
    registry: Registry,
) -> None:
    await registry.world.change("APOLLO", sponsor="gus")
    saved = await registry.new("ana", ACTION, {**TASK, "owner": "U0GUS"})
    assert saved.entry.owner is not None


async def test_who_may_not_know_of_a_restricted_project_owns_nothing_in_it(
    registry: Registry,
) -> None:
    await registry.world.change("APOLLO", visibility=RESTRICTED)
    errors = await errors_of(registry, ACTION, {**TASK, "owner": "U0ERIK"})
    assert "Erik may not know of APOLLO, which is restricted" in errors["owner"]
    assert (await registry.new("ana", ACTION, {**TASK, "owner": "U0OMAR"})).is_new


async def test_an_owner_who_left_hinders_no_closing(registry: Registry) -> None:
    action = await registry.add(ACTION, "Book the room", owner="li", due_on=TODAY)
    await registry.world.change_person("li", is_gone=True)
    with pytest.raises(FieldErrors, match="Li has left Slack; choose who takes it over"):
        await registry.save("ana", action, owner="", title="Book two rooms")
    saved = await registry.save("ana", action, owner="", state="done")
    assert isinstance(saved, Saved)
    assert saved.changed == ("state",)


async def test_full_lists_take_nothing_more_until_something_is_closed(
    registry: Registry,
) -> None:
    risk = await registry.add(RISK, "A vendor fails", likelihood=4, impact=5)
    await registry.save("ana", risk, state="done")
    await registry.fill(MOST_OPEN)
    with pytest.raises(FieldErrors, match="hold 500 open entries, and no more fit"):
        await registry.new("ana", RISK, RATED)
    with pytest.raises(FieldErrors, match="hold 500 open entries"):
        await registry.save("ana", risk, state="open")
    assert isinstance(await registry.save("ana", risk, note="Over"), Saved)


async def test_the_last_changes_are_shown_and_the_rest_is_counted(registry: Registry) -> None:
    risk = await registry.add(RISK, "A vendor fails", likelihood=4, impact=5)
    for number in range(HISTORY + 2):
        await registry.save("ana", risk, title=f"Title {number}")
    card = await registry.shown("erik", risk)
    assert (len(card.history), card.changes) == (HISTORY, HISTORY + 2)
    assert (card.history[0].old, card.history[0].new) == ("Title 10", "Title 11")
    assert (card.access, card.opened_by) == (Access.READ, "Ana")


async def test_history_names_owners_as_they_are_called_today(registry: Registry) -> None:
    risk = await registry.add(RISK, "A vendor fails", owner="li", likelihood=4, impact=5)
    await registry.save("ana", risk, owner="U0BEN")
    await registry.world.change_person("li", name="a former PM")
    (change,) = (await registry.shown("ana", risk)).history
    assert (change.who, change.old, change.new) == ("Ana", "a former PM", "Ben")


async def test_a_day_is_past_when_it_is_past_for_who_types_it(registry: Registry) -> None:
    late = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)  # still the 25th in New York
    saved = await registry.new("ana", ACTION, {**TASK, "due_on": "2026-11-25"}, now=late)
    assert saved.entry.due_on == date(2026, 11, 25)
    await registry.world.change("APOLLO", pm="li")  # the 26th has begun in Kolkata
    with pytest.raises(FieldErrors, match="is in the past"):
        await registry.new(
            "li", ACTION, {**TASK, "title": "Another", "due_on": "2026-11-25"}, now=late
        )


async def test_overdue_entries_are_those_of_the_projects_one_may_see(
    any_registry: Registry,
) -> None:
    await any_registry.project("VAULT", pm="ben", visibility=RESTRICTED)
    yesterday = TODAY - timedelta(days=1)
    await any_registry.add(ACTION, "Secret", code="VAULT", owner="ben", due_on=yesterday)
    await any_registry.add(ACTION, "Late", owner="li", due_on=yesterday)
    await any_registry.add(ACTION, "In time", owner="li", due_on=TODAY)
    seen = {}
    for name in ("ben", "erik", "gus"):
        viewer = await any_registry.world.viewer(name)
        found = await any_registry.service.overdue(viewer, ACTION, NOW)
        seen[name] = [each.title for each in found.entries]
    assert seen == {"ben": ["Late", "Secret"], "erik": ["Late"], "gus": []}
    mine = await any_registry.service.mine(await any_registry.world.viewer("li"), ACTION, NOW)
    assert [each.title for each in mine.entries] == ["Late", "In time"]


async def test_a_project_is_counted(registry: Registry) -> None:
    erik = await registry.world.viewer("erik")
    counts = await registry.service.counts(erik, registry.projects["APOLLO"], NOW)
    assert (counts.open, counts.next_milestone) == ({}, None)
    await registry.add(RISK, "Grave", likelihood=4, impact=5)
    await registry.add(RISK, "Slight", likelihood=1, impact=1)
    await registry.add(MILESTONE, "No day yet")
    await registry.add(MILESTONE, "Second", due_on=TODAY + timedelta(days=9))
    await registry.add(MILESTONE, "First", due_on=TODAY - timedelta(days=9))
    counts = await registry.service.counts(erik, registry.projects["APOLLO"], NOW)
    assert counts.open == {RISK: 2, MILESTONE: 3}
    assert (counts.high, counts.overdue) == ({RISK: 1}, {MILESTONE: 1})
    assert counts.next_milestone is not None
    assert counts.next_milestone.title == "First"
