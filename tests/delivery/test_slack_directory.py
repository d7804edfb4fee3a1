"""People and channels as Slack tells them now, read in pages."""

from collections.abc import AsyncIterator

import pytest

from bot.slack import SlackDirectory, reading_client
from domain.delivery.errors import Disconnected, Permanent
from domain.ports import SlackChannel, SlackUser
from sandbox.app import Running, running_sandbox
from sandbox.faults import Fault

TOKEN = "xoxb-1"  # noqa: S105 - the sandbox takes any


@pytest.fixture
async def sandbox() -> AsyncIterator[Running]:
    async with running_sandbox() as running:
        yield running


@pytest.fixture
def directory(sandbox: Running) -> SlackDirectory:
    return SlackDirectory(reading_client(TOKEN, sandbox.api_base_url))


async def test_people_are_told_with_all_that_the_bot_needs(
    sandbox: Running, directory: SlackDirectory
) -> None:
    add = sandbox.workspace.add_user
    ana = add("ana", real_name="Ana Ruiz", email="ana@example.edu", tz="America/New_York")
    guest = add("gus", is_restricted=True)
    gone = add("old", deleted=True)
    robot = add("robot", is_bot=True)
    users = {user.slack_id: user for user in await directory.users()}
    assert users[ana.id] == SlackUser(ana.id, "Ana Ruiz", "ana@example.edu", "America/New_York")
    assert users[guest.id].is_guest
    assert users[guest.id].email is None
    assert users[gone.id].is_gone
    assert users[robot.id].is_bot
    assert await directory.user(ana.id) == users[ana.id]
    assert await directory.user("U-NOBODY") is None


async def test_long_lists_are_read_to_their_end_each_time(
    sandbox: Running, directory: SlackDirectory
) -> None:
    for number in range(450):
        sandbox.workspace.add_user(f"u{number}")
        sandbox.workspace.add_channel(f"c{number}")
    for _ in range(2):
        assert len(await directory.users()) == len(sandbox.workspace.users)
        assert len(await directory.channels()) >= 450
    assert sandbox.calls.counts["users.list"] == 6
    assert sandbox.calls.counts["conversations.list"] == 6


async def test_somebody_who_has_changed_since_is_told_as_they_are_now(
    sandbox: Running, directory: SlackDirectory
) -> None:
    ana = sandbox.workspace.add_user("ana", tz="America/New_York")
    await directory.users()
    ana.tz = "Europe/Berlin"
    found = await directory.user(ana.id)
    assert found is not None
    assert found.timezone == "Europe/Berlin"


async def test_the_app_is_told_with_its_scopes_and_how_the_clocks_compare(
    sandbox: Running, directory: SlackDirectory
) -> None:
    app = await directory.app()
    assert app.scopes == sandbox.acting.delivery.config.scopes
    assert app.skew is not None
    assert abs(app.skew.total_seconds()) < 30


async def test_one_person_is_asked_for_alone(sandbox: Running, directory: SlackDirectory) -> None:
    ana = sandbox.workspace.add_user("ana")
    found = await directory.user(ana.id)
    assert found is not None
    assert (found.slack_id, found.name) == (ana.id, "ana")
    assert await directory.user("U-NOBODY") is None
    assert sandbox.calls.counts["users.list"] == 0


async def test_channels_are_told_with_whether_the_bot_is_in_them(
    sandbox: Running, directory: SlackDirectory
) -> None:
    bot = sandbox.workspace.bot_user_id
    joined = sandbox.workspace.add_channel("joined", members=[bot])
    private = sandbox.workspace.add_channel("private", is_private=True, members=[bot])
    old = sandbox.workspace.add_channel("old", is_archived=True)
    channels = {channel.channel_id: channel for channel in await directory.channels()}
    assert channels[joined.id] == SlackChannel(joined.id, "joined", is_member=True)
    assert channels[private.id].is_private
    assert channels[old.id].is_archived
    assert not channels[old.id].is_member


async def test_reading_waits_out_a_rate_limit_and_a_failure(
    sandbox: Running, directory: SlackDirectory
) -> None:
    sandbox.faults.add(Fault("users.list", "ratelimited", retry_after=0))
    sandbox.faults.add(Fault("conversations.list", "drop"))
    await directory.users()
    await directory.channels()
    assert sandbox.calls.counts["users.list"] == 2
    assert sandbox.calls.counts["conversations.list"] == 2


async def test_a_refusal_is_told_in_words(sandbox: Running, directory: SlackDirectory) -> None:
    sandbox.faults.add(Fault("users.info", "error", error="user_not_visible"))
    with pytest.raises(Permanent, match="may not see that person"):
        await directory.user("U1")
    with pytest.raises(Disconnected, match="SLACK_BOT_TOKEN"):
        await SlackDirectory(reading_client("nonsense", sandbox.api_base_url)).channels()


async def test_a_link_to_a_message_is_for_whoever_can_read_there(
    sandbox: Running, directory: SlackDirectory
) -> None:
    workspace = sandbox.workspace
    ana, ben = (workspace.add_user(name) for name in ("ana", "ben"))
    for name, is_private in (("open", False), ("closed", True)):
        bot = workspace.bot_user_id
        channel = workspace.add_channel(name, members=[ana.id, bot], is_private=is_private)
        posted = await sandbox.acting.post(ana.id, channel.id, "Who signs?")
        assert posted.ok
        ts = workspace.messages_in(channel.id)[-1].ts
        links = [await directory.link(channel.id, ts, each.id) for each in (ana, ben)]
        assert [bool(each) for each in links] == [True, not is_private]
        assert links[0].endswith(f"/archives/{channel.id}/p{ts.replace('.', '')}")
    with pytest.raises(Permanent):
        await directory.link("C0GONE", "1.1", ana.id)
