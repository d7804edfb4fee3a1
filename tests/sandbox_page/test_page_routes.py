"""What the page's addresses answer, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from sandbox.page.conversations import PAGE_SIZE
from sandbox.page.deeds import next_morning
from sandbox.page.live import touched
from sandbox.page.screens import clock_state
from sandbox.page.visit import Visit
from sandbox.workspace import Change, File, Prompt
from tests.sandbox_page.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def text_of(http: ClientSession, address: str) -> str:
    async with http.get(address) as response:
        assert response.status == 200
        return await response.text()


async def status_of(http: ClientSession, address: str) -> int:
    async with http.get(address) as response:
        return response.status


async def do(http: ClientSession, world: World, deed: str, **fields: object) -> tuple[int, str]:
    async with http.post(world.address(world.ana, f"do/{deed}"), json=fields) as response:
        return response.status, await response.text()


async def test_apps_and_deactivated_people_cannot_be_chosen(
    world: World, http: ClientSession
) -> None:
    world.omar.deleted = True

    html = await text_of(http, world.sandbox.url)

    assert "Ana Silva" in html
    assert "Paul Petit" in html
    assert "Omar" not in html
    assert "pmobot" not in html
    assert await status_of(http, world.address(world.omar)) == 404


async def test_a_person_starts_in_their_conversation_with_the_app(
    world: World, http: ClientSession
) -> None:
    channel = world.sandbox.workspace.dm(world.ana.id)

    async with http.get(world.address(world.ana)) as response:
        assert response.url.path.endswith(f"/c/{channel.id}")


async def test_the_page_shows_what_the_app_suggests_to_ask_and_what_it_does(
    world: World, http: ClientSession
) -> None:
    workspace = world.sandbox.workspace
    channel = workspace.dm(world.ana.id).id
    workspace.suggest(channel, (Prompt("A plan", "What goes into a plan?"),))
    workspace.set_status(channel, "1.0", "is looking")

    html = await text_of(http, world.address(world.ana, f"c/{channel}"))

    assert 'data-ask="What goes into a plan?">A plan</button>' in html
    assert "is looking" in html
    elsewhere = await text_of(http, world.address(world.ana, f"c/{world.council.id}"))
    assert "data-ask" not in elsewhere


async def test_somebody_without_conversations_starts_at_home(
    world: World, http: ClientSession
) -> None:
    async with http.get(world.address(world.paul)) as response:
        assert response.url.path.endswith("/home")


async def test_nobody_looks_into_conversations_of_others(world: World, http: ClientSession) -> None:
    world.say(world.office, world.omar.id, "Secret")
    dm = world.sandbox.workspace.dm(world.omar.id)

    assert await status_of(http, world.address(world.ana, f"c/{world.office.id}")) == 404
    assert await status_of(http, world.address(world.ana, f"c/{dm.id}")) == 404
    part = f"part/messages?channel={world.office.id}"
    assert await status_of(http, world.address(world.ana, part)) == 404
    assert await status_of(http, world.address(world.omar, f"c/{world.office.id}")) == 200


async def test_guests_see_only_the_channels_they_are_in(world: World, http: ClientSession) -> None:
    address = world.address(world.paul, f"c/{world.council.id}")
    assert await status_of(http, address) == 404

    world.council.members.append(world.paul.id)

    assert await status_of(http, address) == 200


async def test_a_public_channel_can_be_looked_at_and_joined(
    world: World, http: ClientSession
) -> None:
    world.council.members.remove(world.ana.id)
    address = world.address(world.ana, f"c/{world.council.id}")
    assert "Join #its-council" in await text_of(http, address)

    await do(http, world, "join", channel=world.council.id)

    assert world.ana.id in world.council.members
    assert "Join #its-council" not in await text_of(http, address)


async def test_a_long_channel_shows_its_end_and_a_way_to_the_rest(
    world: World, http: ClientSession
) -> None:
    stamps = [world.say(world.council, world.omar.id, f"Point {n}.") for n in range(PAGE_SIZE + 5)]
    address = world.address(world.ana, f"c/{world.council.id}")

    latest = await text_of(http, address)
    earlier = await text_of(http, f"{address}?before={stamps[5]}")

    assert "Point 5." in latest
    assert "Point 4." not in latest
    assert f"?before={stamps[5]}" in latest
    assert "Point 4." in earlier
    assert "Point 5." not in earlier
    assert "Earlier messages" not in earlier


async def test_a_channel_counts_as_read_while_it_is_open(world: World, http: ClientSession) -> None:
    world.say(world.council, world.omar.id, "Hello")

    assert " unread<" in await text_of(http, world.address(world.ana, "home"))
    address = world.address(world.ana, f"c/{world.council.id}")
    assert " unread<" not in await text_of(http, address)


async def test_a_message_shows_its_time_in_the_viewers_zone(
    world: World, http: ClientSession
) -> None:
    world.say(world.council, world.omar.id, "Hello")

    assert "<time>10:00 AM</time>" in await text_of(
        http, world.address(world.ana, f"c/{world.council.id}")
    )
    assert "<time>12:00 AM</time>" in await text_of(
        http, world.address(world.omar, f"c/{world.council.id}")
    )


async def test_messages_in_a_row_share_a_heading_and_days_are_divided(
    world: World, http: ClientSession
) -> None:
    world.say(world.council, world.omar.id, "One")
    world.say(world.council, world.omar.id, "Two")
    world.sandbox.workspace.clock.advance(timedelta(days=1).total_seconds())
    world.say(world.council, world.omar.id, "Three")

    html = await text_of(http, world.address(world.ana, f"c/{world.council.id}"))

    assert html.count("message continuation") == 1
    assert html.index("Yesterday") < html.index("One") < html.index("<span>Today")


async def test_a_bad_timestamp_is_refused_by_name(world: World, http: ClientSession) -> None:
    address = world.address(world.ana, f"c/{world.council.id}?thread=../x")

    async with http.get(address) as response:
        assert response.status == 400
        assert "`thread` must be a message timestamp" in await response.text()


async def test_an_uploaded_page_is_a_download_and_a_picture_is_shown(
    world: World, http: ClientSession
) -> None:
    files = world.sandbox.workspace.files
    files["F2"] = File("F2", "chart.png", content=b"png", uploaded=True)
    files["F3"] = File("F3", "unfinished.png")
    secret = world.sandbox.workspace.add_channel("secret", is_private=True)
    for channel, file in ((world.council, "F1"), (secret, "F4")):
        files[file] = File(file, "evil page.html", content=b"<script>", uploaded=True)
        message = world.sandbox.workspace.add_message(channel.id, world.ana.id, "look")
        message.files.append(file)

    async with http.get(world.address(world.ana, "files/F1")) as response:
        named = "attachment; filename*=UTF-8''evil%20page.html"
        assert response.headers["Content-Disposition"] == named
        assert response.content_type == "application/octet-stream"
    async with http.get(world.address(world.ana, "files/F2")) as response:
        assert response.content_type == "image/png"
        assert await response.read() == b"png"
    for hidden in ("F3", "F4"):
        assert await status_of(http, world.address(world.ana, f"files/{hidden}")) == 404


async def test_pages_forbid_foreign_scripts(world: World, http: ClientSession) -> None:
    async with http.get(world.sandbox.url) as response:
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


async def test_a_form_of_another_site_cannot_act(world: World, http: ClientSession) -> None:
    async with http.post(world.address(world.ana, "do/say"), data={"text": "x"}) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    ("deed", "fields", "status", "words"),
    [
        ("fly", {}, 404, "There is no deed 'fly'"),
        ("say", {"text": ""}, 400, "The field `text` is missing"),
        ("submit", {"view": "V1", "state": []}, 200, "not open any more"),
        ("submit", {"view": "V1", "state": "x"}, 400, "`state` must be an object"),
        ("clock", {"move": "sideways"}, 400, "`move` is one of"),
        ("press", {"channel": "C9", "ts": "1.0", "action": "a"}, 200, "no conversation"),
    ],
)
async def test_a_wrong_deed_is_refused_in_words(
    deed: str, fields: dict[str, object], status: int, words: str, world: World, http: ClientSession
) -> None:
    answered, text = await do(http, world, deed, **fields)

    assert answered == status
    assert words in text


async def test_invite_and_leave_work_as_typed(world: World, http: ClientSession) -> None:
    channel = world.council.id
    await do(http, world, "say", channel=channel, text="/invite @paul")
    assert world.paul.id in world.council.members

    _, text = await do(http, world, "say", channel=channel, text="/invite @nobody")
    assert "There is nobody called @nobody" in text

    await do(http, world, "say", channel=channel, text="/leave")
    assert world.ana.id not in world.council.members


async def test_a_command_in_a_thread_is_refused(world: World, http: ClientSession) -> None:
    ts = world.say(world.council, world.omar.id, "Hello")

    _, text = await do(
        http, world, "say", channel=world.council.id, thread=ts, text="/project APOLLO"
    )

    assert "don't work in threads" in json.loads(text)["notice"]


async def test_the_event_stream_names_the_parts_that_changed(
    world: World, http: ClientSession
) -> None:
    async with http.get(world.address(world.ana, "events")) as response:
        assert (await response.content.readline()).startswith(b"retry")
        await response.content.readline()
        world.say(world.office, world.omar.id, "Not for Ana")
        world.say(world.council, world.omar.id, "For Ana")
        async with asyncio.timeout(2):
            line = await response.content.readline()

    event = json.loads(line.removeprefix(b"data: "))
    assert event == {"parts": ["messages", "thread", "sidebar"], "channel": world.council.id}


async def test_an_ephemeral_message_touches_only_its_reader(world: World) -> None:
    change = Change("message", channel=world.council.id, ts="1.0", user=world.ana.id)
    workspace = world.sandbox.workspace

    assert touched(change, Visit(workspace, world.ana))
    assert touched(change, Visit(workspace, world.omar)) is None


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("view", ["modal"]),
        ("home", ["home"]),
        ("read", ["sidebar"]),
        ("clock", ["clock"]),
        ("link", ["clock"]),
        ("reset", ["everything"]),
    ],
)
async def test_a_change_touches_its_parts(kind: str, parts: list[str], world: World) -> None:
    event = touched(Change(kind, user=world.ana.id), Visit(world.sandbox.workspace, world.ana))

    assert event == {"parts": parts}


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 25, 13, 0, tzinfo=UTC), datetime(2026, 11, 25, 14, 0, tzinfo=UTC)),
        (datetime(2026, 11, 25, 14, 0, tzinfo=UTC), datetime(2026, 11, 26, 14, 0, tzinfo=UTC)),
        # over the change to winter time, 1 November 2026
        (datetime(2026, 10, 31, 20, 0, tzinfo=UTC), datetime(2026, 11, 1, 14, 0, tzinfo=UTC)),
    ],
)
async def test_the_next_morning_is_on_the_persons_wall_clock(
    now: datetime, morning: datetime, world: World
) -> None:
    assert next_morning(now, Visit(world.sandbox.workspace, world.ana)) == morning


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "real time"),
        (3600, "1 h ahead of real time"),
        (2 * 86400 + 1800, "2 d 30 min ahead of real time"),
        (-60, "1 min behind real time"),
    ],
)
async def test_the_clock_tells_how_far_it_is_from_real_time(
    seconds: float, words: str, world: World
) -> None:
    clock = world.sandbox.workspace.clock
    clock.reset()
    clock.advance(seconds)

    assert clock_state(clock) == words


async def test_a_frozen_clock_says_so(world: World) -> None:
    clock = world.sandbox.workspace.clock
    clock.set_time(datetime(2026, 11, 25, tzinfo=UTC), running=False)

    assert clock_state(clock) == "standing still"
