"""Slack tells that somebody has changed, and the bot knows at once."""

import asyncio

import pytest

from tests.support.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def zone_of(scene: Scene, name: str) -> str:
    viewer = await scene.core.services.people.viewer(scene.id(name))
    assert viewer is not None
    return viewer.timezone


async def test_a_new_time_zone_is_known_at_once(shared_scene: Scene) -> None:
    workspace = shared_scene.sandbox.workspace
    arjun = workspace.users[shared_scene.id("arjun")]
    assert await zone_of(shared_scene, "arjun") == "Asia/Kolkata"
    asked = dict(shared_scene.sandbox.calls.counts)
    arjun.tz = "Asia/Tokyo"
    shared_scene.sandbox.acting.user_changed(arjun)
    await shared_scene.sandbox.delivery.drain()
    await shared_scene.sandbox.workspace.wait_until(lambda: shared_scene.sandbox.delivery.connected)
    for _ in range(200):
        if await zone_of(shared_scene, "arjun") == "Asia/Tokyo":
            break
        await asyncio.sleep(0.01)
    assert await zone_of(shared_scene, "arjun") == "Asia/Tokyo"
    assert dict(shared_scene.sandbox.calls.counts) == asked


async def test_a_stranger_who_changes_stays_a_stranger(shared_scene: Scene) -> None:
    workspace = shared_scene.sandbox.workspace
    sara = workspace.add_user("sara", email="sara@example.edu")
    shared_scene.sandbox.acting.user_changed(sara)
    await shared_scene.sandbox.delivery.drain()
    assert await shared_scene.core.services.people.viewer(sara.id) is None
