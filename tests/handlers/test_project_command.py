"""`/project`, typed by people of every kind and answered over the wire."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlmodel import select

from handlers.commands import COMMAND, MOST_MESSAGES
from models.portfolio import Project
from tests.support.scene import Scene, buttons, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

LISTS = ("risks", "issues", "actions", "decisions", "milestones")
OPEN = {"APOLLO", "BOREAS", "CERES", "DELTA", "EOS", "GAIA"}
EVERY = OPEN | {"FALCON"}


async def told(scene: Scene, name: str, text: str) -> str:
    """What a person is told who types a command: at once, and to nobody else."""
    result, messages = await scene.command(name, text)
    assert result.ok, result
    assert {each.ephemeral_to for each in messages} == {scene.id(name)}
    return "\n".join(words(each.blocks) for each in messages)


def named(text: str) -> set[str]:
    return {code for code in EVERY if code in text}


@pytest.mark.parametrize("typed", ["help", "HELP", "", "   ", "help me"])
async def test_help_and_nothing_list_every_word(shared_scene: Scene, typed: str) -> None:
    text = await told(shared_scene, "erik", typed)
    for usage in ("mine", "show CODE", "list [words]", "away [until DAY]", "back [DAY]", "help"):
        assert f"{COMMAND} {usage}" in text
    for usage in (
        "ask QUESTION",
        "phase NAME",
        "template NAME",
        "glossary TERM",
        "follow CODE",
        "unfollow CODE",
        "following",
        "history CODE",
        "handover CODE [@person]",
        "actions [mine | COUNCIL | CODE] [overdue]",
        "decisions [COUNCIL | CODE | words] [since DATE]",
    ):
        assert f"{COMMAND} {usage}" in text
    for many in {*LISTS} - {"actions", "decisions"}:
        assert f"{COMMAND} {many} CODE" in text


async def test_every_word_of_the_help_is_answered(shared_scene: Scene) -> None:
    for word in (
        "ask",
        "phase",
        "template",
        "glossary",
        "follow",
        "unfollow",
        "following",
        "mine",
        "show",
        "list",
        "history",
        "handover",
        "away",
        "back",
        "help",
        *LISTS,
    ):
        assert "I don't know" not in await told(shared_scene, "erik", word)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("erik", OPEN),
        ("ben", OPEN),
        ("nadia", OPEN),
        ("priya", EVERY),
        ("carol", EVERY),
        ("omar", EVERY),
        ("dana", EVERY),
        ("gus", set()),
    ],
)
async def test_the_list_has_what_a_person_may_see_and_counts_nothing_else(
    shared_scene: Scene, name: str, seen: set[str]
) -> None:
    text = await told(shared_scene, name, "list")
    assert named(text) == seen
    assert ("There is nothing to list here" in text) == (not seen)
    total = sum(
        int(line.split(" · ")[1].split()[0])
        for line in text.split("\n")
        if "·" in line and line.endswith(("project", "projects"))
    )
    assert total == len(seen)


@pytest.mark.parametrize(
    ("search", "seen"),
    [
        ("warehouse", {"DELTA"}),
        ("sts council", {"BOREAS", "EOS"}),
        ("PRIYA its", {"APOLLO", "CERES"}),
        ("qualification", {"GAIA"}),
        ("no such thing", set()),
        ("merger", set()),
    ],
)
async def test_words_behind_list_must_all_occur(
    shared_scene: Scene, search: str, seen: set[str]
) -> None:
    assert named(await told(shared_scene, "erik", f"list {search}")) == seen


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("priya", {"APOLLO", "BOREAS", "CERES", "FALCON"}),
        ("ben", {"APOLLO"}),
        ("simon", {"DELTA", "GAIA"}),
        ("erik", set()),
    ],
)
async def test_mine_lists_the_projects_that_one_answers_for(
    shared_scene: Scene, name: str, seen: set[str]
) -> None:
    assert named(await told(shared_scene, name, "mine")) == seen


async def test_mine_tells_which_reports_are_waited_for(shared_scene: Scene) -> None:
    lines = (await told(shared_scene, "priya", "mine")).splitlines()
    waited_for = named("\n".join(line for line in lines if "report due" in line))
    assert waited_for == {"BOREAS", "CERES", "FALCON"}, "APOLLO has answered"


@pytest.mark.parametrize("code", ["APOLLO", "apollo", "  Apollo "])
async def test_show_tells_facts_and_the_last_report(shared_scene: Scene, code: str) -> None:
    text = await told(shared_scene, "erik", f"show {code}")
    for part in ("APOLLO · Student Portal", "🟥 Red", "Priya", "ITS Council", "execution"):
        assert part in text
    assert "The buyer has withdrawn" in text


async def test_show_gives_a_button_to_those_who_answer_for_the_project(
    shared_scene: Scene,
) -> None:
    _result, (card, *_) = await shared_scene.command("simon", "show DELTA")
    _result, (others, *_) = await shared_scene.command("erik", "show DELTA")
    assert buttons(card) == ["Update", "Ask the PM"]
    assert buttons(others) == ["Ask the PM"]


WORDS = 12_000
"""More than a message holds eight times over."""


@pytest_asyncio.fixture(loop_scope="module")
async def long_story(shared_scene: Scene) -> AsyncIterator[Scene]:
    """A project that is described at great length, for one test."""

    async def describe(text: str) -> None:
        async with shared_scene.core.database.writing() as session:
            found = await session.exec(select(Project).where(Project.code == "EOS"))
            found.one().description = text

    await describe(" ".join(f"w{number:05}" for number in range(WORDS)))
    yield shared_scene
    await describe("")


@pytest.mark.parametrize("name", ["erik", "mila"])
async def test_a_long_project_is_shown_in_parts_to_its_last_word(
    long_story: Scene, name: str
) -> None:
    workspace = long_story.sandbox.workspace
    if workspace.user_named(name) is None:
        workspace.add_user(name, email=f"{name}@example.edu", tz="Asia/Tokyo")

    def pages() -> list[str]:
        return [words(each.blocks) for each in long_story.dm(name)][told_before:]

    told_before = len(long_story.dm(name))
    typed, read = "show EOS", 0
    while typed:
        assert (await long_story.command(name, typed))[0].ok
        await long_story.until(lambda: re.search("To read|Questions", pages()[-1]) is not None, "")
        assert len(pages()) - read <= MOST_MESSAGES
        further = re.search(r"and \d+ messages? more. To read on: /project (.+)", pages()[-1])
        typed, read = further[1] if further else "", len(pages())
    seen = re.findall(r"w\d{5}", "".join(pages()))
    assert seen == [f"w{number:05}" for number in range(WORDS)]


async def test_a_part_that_is_not_there_is_told(shared_scene: Scene) -> None:
    for part in ("0", "2", "9999"):
        assert await told(shared_scene, "erik", f"show EOS {part}") == (
            f"There is no part {int(part)} of this answer. It begins with /project show EOS"
        )


async def test_the_button_of_the_card_opens_the_form(shared_scene: Scene) -> None:
    _result, (card, *_) = await shared_scene.command("simon", "show DELTA")
    await shared_scene.sandbox.acting.press(
        shared_scene.id("simon"), card.channel, card.ts, "status_update"
    )
    view = await shared_scene.view("simon", "status_form")
    assert view.payload["title"]["text"] == "Status DELTA"
    await shared_scene.sandbox.acting.close_view(shared_scene.id("simon"), view.id)


async def test_show_without_a_code_asks_for_one(shared_scene: Scene) -> None:
    assert await told(shared_scene, "erik", "show") == (
        "Which project? Give its code: /project show CODE"
    )


async def test_a_wrong_code_is_told_with_what_may_have_been_meant(shared_scene: Scene) -> None:
    assert await told(shared_scene, "erik", "show APOLO") == (
        "There is no project 'APOLO'. Did you mean APOLLO?"
    )


@pytest.mark.parametrize("name", ["erik", "ben", "nadia", "gus"])
async def test_a_restricted_project_does_not_exist_for_an_outsider(
    shared_scene: Scene, name: str
) -> None:
    restricted = await told(shared_scene, name, "show FALCON")
    nothing = await told(shared_scene, name, "show WALRUS")
    assert restricted == nothing.replace("WALRUS", "FALCON")
    assert "FALCON" not in await told(shared_scene, name, "show FALCO")


async def test_a_restricted_project_is_shown_to_its_council(shared_scene: Scene) -> None:
    assert "Merger Readiness" in await told(shared_scene, "omar", "show FALCON")
    assert "Did you mean FALCON?" in await told(shared_scene, "omar", "show FALCO")


async def test_a_guest_is_shown_no_project(shared_scene: Scene) -> None:
    assert await told(shared_scene, "gus", "show APOLLO") == "There is no project 'APOLLO'."


@pytest.mark.parametrize(
    ("typed", "guess"), [("lst", "list"), ("shwo", "show"), ("MINES", "mine"), ("halp", "help")]
)
async def test_an_unknown_word_is_told_with_what_may_have_been_meant(
    shared_scene: Scene, typed: str, guess: str
) -> None:
    assert await told(shared_scene, "erik", typed) == (
        f"I don't know “{typed}”. Did you mean {guess}? /project help lists what I know."
    )


async def test_a_word_that_is_like_nothing_is_said_back_in_part_and_pings_nobody(
    shared_scene: Scene,
) -> None:
    text = await told(shared_scene, "erik", "<!channel>" + "x" * 3_000)
    assert text == f"I don't know “<!channel>{'x' * 30}”. /project help lists what I know."
    _result, (message,) = await shared_scene.command("erik", "<!channel>")
    assert "<!channel>" not in message.text


async def test_somebody_never_met_is_acknowledged_first_and_answered_then(
    shared_scene: Scene,
) -> None:
    shared_scene.sandbox.workspace.add_user("nina", email="nina@example.edu", tz="Asia/Tokyo")
    shared_scene.sandbox.faults.delays["users.info"] = 1.5
    result, (message, *_) = await shared_scene.command("nina", "list")
    assert result.ok
    assert result.ack_ms is not None
    assert result.ack_ms < 1_400
    assert named(words(message.blocks)) == OPEN
    asked = shared_scene.sandbox.calls.counts["users.info"]
    assert named(await told(shared_scene, "nina", "list")) == OPEN
    assert shared_scene.sandbox.calls.counts["users.info"] == asked
    shared_scene.sandbox.faults.clear()


async def test_nothing_that_was_said_was_refused(shared_scene: Scene) -> None:
    assert shared_scene.sandbox.calls.refusals == []


async def test_who_goes_away_is_told_who_stands_in_and_who_comes_back_is_here(
    shared_scene: Scene,
) -> None:
    away = await told(shared_scene, "priya", "away until 2027-01-08")
    assert "You are away until Fri 8 Jan 2027." in away
    assert "I ask of your deputies instead: Ben (APOLLO)." in away
    assert "Nobody is asked for BOREAS, CERES, FALCON, which have no deputy" in away
    assert "You are not away today." in await told(shared_scene, "priya", "back")


async def test_a_leave_that_cant_be_read_is_answered_with_the_way_to_write_it(
    shared_scene: Scene,
) -> None:
    text = await told(shared_scene, "priya", "away <next week>")
    assert "'<next week>' is not a date; write it as 2026-12-24" in text
    assert "For example: until 20" in text
