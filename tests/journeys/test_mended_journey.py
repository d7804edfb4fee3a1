"""What could not be said reaches the PMO with its cure, and is said once that is done."""

from datetime import UTC, datetime

from tests.support.scene import Scene, words

ASK = datetime(2026, 11, 18, 14, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 20, 20, tzinfo=UTC)
DIGEST = datetime(2026, 11, 23, 13, tzinfo=UTC)


async def test_a_digest_is_posted_once_the_bot_is_invited_to_its_channel(scene: Scene) -> None:
    workspace, acting = scene.sandbox.workspace, scene.sandbox.acting
    place = workspace.channel_named("its-council")
    assert place is not None
    place.members.remove(workspace.bot_user_id)
    await scene.at(ASK)
    await scene.report("priya", "APOLLO", health="Green", done="Chose a vendor", next="Sign it")
    await scene.at(CUT_OFF)
    await scene.at(DIGEST)
    assert scene.heads("its-council") == []
    told = [words(message.blocks) for message in scene.dm("dana")]
    assert any("/invite" in text for text in told)

    await acting.invite(scene.id("priya"), place.id, workspace.bot_user_id)
    await scene.sandbox.delivery.drain()
    await scene.until(lambda: scene.sandbox.delivery.connected, "the app")
    await scene.settle()
    assert len(scene.heads("its-council")) == 1
    assert "Chose a vendor" in words([each.blocks for each in scene.replies("its-council")])


async def test_a_digest_is_posted_once_its_channel_is_unarchived(scene: Scene) -> None:
    place = scene.sandbox.workspace.channel_named("its-council")
    assert place is not None
    place.is_archived = True
    await scene.at(ASK)
    await scene.at(CUT_OFF)
    await scene.at(DIGEST)
    assert scene.heads("its-council") == []

    scene.sandbox.acting.posting.unarchive(place)
    await scene.sandbox.delivery.drain()
    await scene.settle()
    assert len(scene.heads("its-council")) == 1
