"""The lists of a project over the wire: typed, added to, changed, closed, and refused."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlmodel import select

from models.logs import LogEntry
from tests.support.lists import Lists, held_now
from tests.support.scene import Scene, buttons, fresh_copy, over_socket_mode, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
"""A Wednesday, noon in New York."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    async with over_socket_mode(fresh_copy(sqlite_template, folder), folder) as made:
        await made.at(NOON)
        yield made


async def test_a_risk_is_added_seen_changed_and_closed_with_its_history(office: Scene) -> None:
    priya = Lists(office, "priya")
    assert "There are no open risks." in await priya.read("risks APOLLO")
    told = await priya.add(
        "risks",
        "apollo",
        "Add a risk",
        title="The vendor folds",
        text="If it folds, we start over",
        likelihood="4",
        impact="5",
        owner=office.id("ben"),
        due_on="2026-12-04",
    )
    assert "R-1 · The vendor folds" in told.replace("*", "")
    assert "/project risks APOLLO" in told

    listed = await priya.read("risks APOLLO")
    assert (
        "4 \N{MULTIPLICATION SIGN} 5 = 20: likely, severe · *high* · Ben · due Fri 4 Dec 2026"
        in listed
    )

    view = await priya.open("risks APOLLO", "R-1")
    assert held_now(view, "text") == "If it folds, we start over"
    assert (held_now(view, "likelihood"), held_now(view, "owner")) == ("4", office.id("ben"))
    told = await priya.save(view, likelihood="2", due_on="2026-12-11", owner=office.id("simon"))
    assert "Changed: owner, due date, likelihood." in told

    view = await priya.open("risks APOLLO", "R-1")
    history = words(view.blocks)
    assert "Priya · owner: Ben → Simon" in history
    assert "due date: Fri 4 Dec 2026 → Fri 11 Dec 2026" in history
    assert "likelihood: 4 likely → 2 unlikely" in history
    assert "It is over now." in await priya.save(view, state="done", note="They were bought")

    assert "1 risk closed: `/project risks APOLLO all`" in await priya.read("risks APOLLO")
    closed = await priya.read("risks APOLLO all")
    assert "*R-1* · The vendor folds" in closed
    assert "They were bought" in closed


async def test_a_milestone_shows_how_far_it_has_slipped(office: Scene) -> None:
    priya = Lists(office, "priya")
    await priya.add(
        "milestones",
        "APOLLO",
        "Add a milestone",
        title="Go live",
        baseline_on="2026-12-01",
        due_on="2026-12-01",
    )
    await priya.save(await priya.open("milestones APOLLO", "M-1"), due_on="2026-12-11")
    listed = await priya.read("milestones APOLLO")
    assert "forecast Fri 11 Dec 2026, 10 days later than Tue 1 Dec 2026" in listed
    card = await Lists(office, "erik").read("show APOLLO")
    assert "1 milestone" in card
    assert "next milestone Go live, forecast Fri 11 Dec 2026, 10 days later" in card


async def test_the_owner_of_an_action_finds_and_answers_it(office: Scene) -> None:
    priya, erik = Lists(office, "priya"), Lists(office, "erik")
    await priya.add(
        "actions",
        "APOLLO",
        "Add an action",
        title="Book the room",
        owner=office.id("erik"),
        due_on="2026-11-19",
    )
    assert "*A-1* · APOLLO · Book the room" in await erik.read("actions")
    view = await erik.open("actions mine", "A-1")
    assert {each["block_id"] for each in view.blocks if each["type"] == "input"} == {
        "outcome",
        "due_on",
        "note",
    }
    result = await erik.send(view, outcome="moved", note="No room is free")
    assert result.errors == {"due_on": "A-1 “Book the room”: give the day to which it has moved."}
    await erik.save(view, outcome="moved", due_on="2026-11-20", note="No room is free")
    view = await priya.open("actions APOLLO", "A-1")
    assert "Erik · due date: Thu 19 Nov 2026 → Fri 20 Nov 2026" in words(view.blocks)
    await priya.close()


async def test_what_is_overdue_is_listed_over_all_projects_that_one_may_see(
    office: Scene,
) -> None:
    priya, simon, erik = (Lists(office, name) for name in ("priya", "simon", "erik"))
    for lists, code, owner in ((priya, "FALCON", "carol"), (simon, "DELTA", "arjun")):
        await lists.add(
            "actions",
            code,
            "Add an action",
            title=f"Late in {code}",
            owner=office.id(owner),
            due_on="2026-11-18",
        )
    await office.at(datetime(2026, 11, 19, 17, 0, tzinfo=UTC))
    assert "Late in FALCON" in await priya.read("actions overdue")
    listed = await erik.read("actions overdue")
    assert "Late in DELTA" in listed
    assert "overdue by 1 day" in listed
    assert "FALCON" not in listed
    assert "On its lists: 1 action (1 overdue)" in await erik.read("show DELTA")


async def test_a_reader_sees_everything_and_changes_nothing(office: Scene) -> None:
    priya, erik = Lists(office, "priya"), Lists(office, "erik")
    await priya.add("decisions", "APOLLO", "Add a decision", title="Which vendor?", text="A or B")
    needed, made = await erik.ask("decisions APOLLO")
    assert (buttons(needed), buttons(made)) == (["Open"], [])
    view = await erik.open("decisions APOLLO", "D-1")
    assert "A or B" in words(view.blocks)
    assert "submit" not in view.payload
    await erik.close()


async def test_a_restricted_projects_lists_do_not_exist_for_an_outsider(office: Scene) -> None:
    priya = Lists(office, "priya")
    await priya.add("decisions", "FALCON", "Add a decision", title="Whether to merge")
    assert "Whether to merge" in await Lists(office, "omar").read("decisions FALCON")
    for name in ("erik", "gus"):
        asked = Lists(office, name)
        nothing = await asked.read("decisions WALRUS")
        assert await asked.read("decisions FALCON") == nothing.replace("WALRUS", "FALCON")


async def test_who_was_faster_is_told_and_what_was_typed_is_kept(office: Scene) -> None:
    priya, dana = Lists(office, "priya"), Lists(office, "dana")
    await priya.add(
        "issues", "CERES", "Add an issue", title="The link is down", impact="3", response="Call"
    )
    first, second = await priya.open("issues CERES", "I-1"), await dana.open("issues CERES", "I-1")
    await priya.save(first, impact="5")
    result = await dana.send(second, response="Write to them at once")
    assert not result.errors
    again = await office.view("dana", "log_entry")
    told = words(again.blocks)
    assert "Nothing is saved yet: somebody was faster." in told
    assert "Priya · impact: 3 moderate → 5 severe" in told
    assert held_now(again, "response") == "Write to them at once"
    assert held_now(again, "impact") == "5"
    assert "Changed: response." in await dana.save(again)
    view = await priya.open("issues CERES", "I-1")
    assert (held_now(view, "impact"), held_now(view, "response")) == (
        "5",
        "Write to them at once",
    )
    await priya.close()


async def test_bad_input_is_told_at_its_field_and_nothing_is_saved(office: Scene) -> None:
    priya = Lists(office, "priya")
    view = await priya.open_new("actions", "CERES", "Add an action")
    result = await priya.send(view, title="Call them", due_on="2026-11-17")
    assert result.errors is not None
    assert "is in the past" in result.errors["due_on"]
    assert "An action needs an owner" in result.errors["owner"]

    workspace = office.sandbox.workspace
    bot = workspace.bot_user_id
    for owner, cause in (
        (office.id("gus"), "Gus is a guest in Slack"),
        (bot, "A bot can't have anything in hand"),
    ):
        result = await priya.send(view, owner=owner, due_on="2026-11-30")
        assert result.errors is not None
        assert cause in result.errors["owner"]
    await priya.close()
    assert "There are no open actions." in await priya.read("actions CERES")

    view = await priya.open_new("actions", "FALCON", "Add an action")
    result = await priya.send(
        view, title="Keep quiet", due_on="2026-11-30", owner=office.id("erik")
    )
    assert result.errors is not None
    assert "Erik may not know of FALCON" in result.errors["owner"]
    await priya.close()


async def test_a_form_sent_twice_adds_one_entry(office: Scene) -> None:
    simon = Lists(office, "simon")
    view = await simon.open_new("risks", "GAIA", "Add a risk")
    values = {"title": "It is dry", "likelihood": "1", "impact": "1"}
    await simon.save(view, **values)
    view = await simon.open_new("risks", "GAIA", "Add a risk")
    result = await simon.send(view, **values)
    assert result.errors == {
        "title": "R-1 is open under this title already; change that one, or tell them apart."
    }
    await simon.close()


async def test_a_risk_is_added_on_top_of_the_status_form_which_waits_below(
    office: Scene,
) -> None:
    priya = Lists(office, "priya")
    form = await office.open_form("priya", "CERES")
    acting, person = office.sandbox.acting, office.id("priya")
    await acting.press_in_view(person, form.id, "log_add:risk", state={"done": "Half typed"})
    view = await office.view("priya", "log_entry")
    result = await priya.send(view, title="On top", likelihood="2", impact="2")
    assert not result.errors
    assert "R-1 · On top" in priya.shown().replace("*", "")
    top = priya.top()
    assert top is not None
    await acting.close_view(person, top.id)
    below = await office.view("priya", "status_form")
    assert below.state["done"]["done"]["value"] == "Half typed"
    await priya.close()
    assert "On top" in await priya.read("risks CERES")


LONG = 260
"""Entries: more than the messages of one answer hold."""

HOSTILE = "<!channel> *bold* {{ 7 * 7 }} {% if %} :tada: 😀 שלום <@U123> `code`"


async def test_peoples_words_are_data_in_every_place(office: Scene) -> None:
    priya = Lists(office, "priya")
    await priya.add(
        "risks",
        "BOREAS",
        "Add a risk",
        title=HOSTILE,
        text=HOSTILE * 20,
        owner_name="<!here> & Co",
        likelihood="1",
        impact="1",
    )
    for message in await priya.ask("risks BOREAS"):
        assert "<!channel>" not in str(message.blocks).replace("&lt;!channel&gt;", "")
        assert "<!channel>" not in message.text
    view = await priya.open("risks BOREAS", "R-1")
    assert held_now(view, "title") == HOSTILE
    assert held_now(view, "text") == (HOSTILE * 20).strip()
    await priya.close()


async def test_a_long_list_is_read_in_parts_to_its_last_entry(office: Scene) -> None:
    arjun = Lists(office, "arjun")
    await arjun.add("decisions", "EOS", "Add a decision", title="Number 1")
    async with office.core.database.writing() as session:
        found = await session.exec(select(LogEntry).where(LogEntry.title == "Number 1"))
        same = found.one().model_dump(exclude={"id", "number", "title", "opened_at"})
        session.add_all(
            LogEntry(**same, number=number, title=f"Number {number} {'x' * 180}", opened_at=NOON)
            for number in range(2, LONG + 1)
        )
    typed, seen = "decisions EOS", ""
    while typed:
        told = await arjun.read_all(typed, f"To read on|D-{LONG}\\*")
        further = re.search(r"To read on: /project (.+)", told)
        typed, seen = further[1] if further else "", seen + told
    assert re.findall(r"\*(D-\d+)\*", seen) == [f"D-{number}" for number in range(1, LONG + 1)]


async def test_a_wrong_code_and_a_list_of_ones_own_are_answered(office: Scene) -> None:
    erik = Lists(office, "erik")
    assert "Did you mean APOLLO?" in await erik.read("risks APOLO")
    assert "You have no open risks in hand." in await erik.read("risks")
    help_ = await erik.read("help")
    for usage in (
        "risks CODE",
        "issues CODE",
        "actions [mine | COUNCIL | CODE] [overdue]",
        "milestones CODE",
    ):
        assert f"/project {usage}" in help_


async def test_nothing_that_was_said_was_refused(office: Scene) -> None:
    assert office.sandbox.calls.refusals == []
