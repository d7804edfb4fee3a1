"""Addresses to subscribe to: shown once, read by whoever has them, ended when taken back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import select

from bot.web import build_web
from domain.errors import NotAllowedError
from domain.meetings.calendar_out.feeds import FeedService
from message_templates.meetings.feed import feed_notice
from models.meetings import CalendarFeed
from tests.support.meeting import NOON, PUBLIC_URL, Secretary
from tests.support.portfolio import ITS, STS


@pytest.fixture
async def client(secretary: Secretary) -> AsyncIterator[TestClient[Any, Any]]:
    async def ready() -> dict[str, str]:
        return {}

    async def figures() -> bytes:
        return b""

    app = build_web(ready, figures, secretary.feeds.read)
    async with TestClient(TestServer(app, host="127.0.0.1")) as made:
        yield made


def path(address: str) -> str:
    assert address.startswith(PUBLIC_URL)
    return "/" + address.removeprefix(PUBLIC_URL)


async def test_a_subscribed_calendar_follows_and_costs_little_while_nothing_changes(
    secretary: Secretary, client: TestClient[Any, Any]
) -> None:
    await secretary.world.council(STS, chair=None, members=("li",))
    omar = await secretary.world.viewer("omar")
    feed = await secretary.feeds.state(omar, NOON)
    assert feed.councils == (ITS,)
    first = await client.get(path(feed.address))
    assert (first.status, first.content_type) == (200, "text/calendar")
    calendar = IcsCalendarStream.calendar_from_ics(await first.text())
    assert [each.summary for each in calendar.events] == ["ITS Council meeting"]
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": since}):
        assert (await client.get(path(feed.address), headers=headers)).status == 304
    await secretary.configure(at="15:00")
    assert await secretary.planner.plan(NOON)
    assert (await client.get(path(feed.address), headers={"If-None-Match": tag})).status == 200


async def test_an_address_is_shown_once_renewed_and_taken_back(
    secretary: Secretary, client: TestClient[Any, Any]
) -> None:
    carol = await secretary.world.viewer("carol")
    old = await secretary.feeds.state(carol, NOON)
    again = await secretary.feeds.state(carol, NOON)
    assert (again.address, again.since) == ("", NOON)
    async with secretary.world.database.reading() as session:
        (row,) = (await session.exec(select(CalendarFeed))).all()
    assert row.token_hash not in old.address
    new = await secretary.feeds.renew(carol, NOON)
    statuses = [(await client.get(path(each.address))).status for each in (old, new)]
    assert statuses == [404, 200]
    assert (await secretary.feeds.revoke(carol, NOON)).is_revoked
    assert (await secretary.feeds.revoke(carol, NOON)).is_revoked
    for wrong in (path(new.address), "/calendar/short.ics", f"/calendar/{'x' * 43}.ics"):
        assert (await client.get(wrong)).status == 404
    audited = [each.new for each in await secretary.audit() if each.field == "calendar address"]
    assert audited == ["made", "made anew", "revoked"]


async def test_who_leaves_or_loses_the_seat_reads_nothing_more(
    secretary: Secretary, client: TestClient[Any, Any]
) -> None:
    feed = await secretary.feeds.state(await secretary.world.viewer("carol"), NOON)
    await secretary.world.change_person("carol", is_gone=True)
    assert (await client.get(path(feed.address))).status == 404
    dana = await secretary.feeds.state(await secretary.world.viewer("dana"), NOON)
    assert (await client.get(path(dana.address))).status == 200  # the PMO has all councils
    for stranger in ("erik", "gus"):
        with pytest.raises(NotAllowedError, match="Only members of a council"):
            await secretary.feeds.state(await secretary.world.viewer(stranger), NOON)


async def test_what_is_said_of_an_address(secretary: Secretary) -> None:
    world, carol = secretary.world, await secretary.world.viewer("carol")
    offline = FeedService(world.database, world.workspace_id, "")
    assert "PMOBOT_PUBLIC_URL" in str(feed_notice(await offline.state(carol, NOON)).blocks)
    assert not (await offline.renew(carol, NOON)).address
    made = await secretary.feeds.state(carol, NOON)
    shown = str(feed_notice(made).blocks)
    assert made.address in shown
    assert "like a password" in shown
    known = str(feed_notice(await secretary.feeds.state(carol, NOON)).blocks)
    assert "I keep no copy" in known
    assert "https://" not in known
    revoked = str(feed_notice(await secretary.feeds.revoke(carol, NOON)).blocks)
    assert "taken back" in revoked
