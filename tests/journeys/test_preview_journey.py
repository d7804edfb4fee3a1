"""A digest that the PMO looks at first, over the wire: draft, note, hold, approval."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.acting import ActionResult
from sandbox.workspace import Message
from tests.support.scene import CONFIGURATION, Scene, buttons, held, words

PREVIEW = 'freeze: "+4d 12:00"\n      preview: {at: "+2d 16:00", unapproved: wait}\n'


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 in UTC; New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def test_the_pmo_sees_writes_holds_and_approves_a_digest(
    scene: Scene, tmp_path: Path
) -> None:
    await the_file_switches_it_on(scene, tmp_path)
    await scene.at(at(18, 14))
    await scene.report(
        "priya",
        "APOLLO",
        health="Red",
        why="The buyer has withdrawn",
        done="Tested it",
        next="Go live",
        path_to_green="Find another one by May",
    )
    await scene.at(at(20, 20))
    await scene.at(at(20, 21))
    await the_draft_stands_in_the_pmos_channel_and_nowhere_else(scene)
    await who_is_not_of_the_pmo_is_refused(scene)
    await a_note_is_written_and_a_second_writer_sees_the_newer(scene)
    await a_hold_in_the_past_is_refused_in_the_form(scene)
    await at_its_time_the_other_councils_digest_waits_loudly(scene)
    await approved_it_is_posted_at_once_as_it_was_drafted(scene)
    assert scene.sandbox.calls.refusals == []


async def the_file_switches_it_on(scene: Scene, folder: Path) -> None:
    changed = CONFIGURATION.replace('freeze: "+4d 12:00"\n', PREVIEW)
    (folder / "preview.yaml").write_text(changed, encoding="utf-8")
    applied = await scene.core.services.configure.apply_file(
        folder / "preview.yaml", now=scene.clock.now(), actor="test"
    )
    assert applied.applied, applied.problems


def asked(scene: Scene, council: str) -> Message:
    """What the PMO decides about a council's digest with."""
    return next(each for each in scene.heads("pmo-office") if council in words(each.blocks))


def seen_by(scene: Scene, name: str) -> str:
    """What somebody sees in the PMO's channel, answers to them alone included."""
    channel = scene.sandbox.workspace.channel_named("pmo-office")
    assert channel is not None
    messages = scene.sandbox.workspace.messages_in(channel.id, viewer=scene.id(name))
    return "\n".join(words(each.blocks) for each in messages)


async def pressed(scene: Scene, name: str, action_id: str) -> ActionResult:
    message = asked(scene, "ITS Council")
    return await scene.sandbox.acting.press(scene.id(name), message.channel, message.ts, action_id)


async def the_draft_stands_in_the_pmos_channel_and_nowhere_else(scene: Scene) -> None:
    message = asked(scene, "ITS Council")
    assert buttons(message) == ["Approve", "Edit the note", "Hold until…"]
    assert "not posted before one of the PMO approves it" in words(message.blocks)
    (draft,) = (each for each in scene.replies("pmo-office") if each.thread_ts == message.ts)
    assert "The buyer has withdrawn" in words(draft.blocks)
    assert "FALCON" not in words(draft.blocks)
    hidden = words(scene.dm("dana")[-1].blocks)
    assert "Draft of a restricted part" in hidden
    assert "FALCON" in hidden
    assert scene.heads("its-council") == []


async def who_is_not_of_the_pmo_is_refused(scene: Scene) -> None:
    await pressed(scene, "carol", "preview_approve")
    refusal = "Only the PMO decides about a digest before it is posted."
    await scene.until(lambda: refusal in seen_by(scene, "carol"), "a refusal")


async def a_note_is_written_and_a_second_writer_sees_the_newer(scene: Scene) -> None:
    await pressed(scene, "dana", "preview_note")
    mine = await scene.view("dana", "preview_note_written")
    viewer = await scene.core.services.people.viewer(scene.id("dana"))
    assert viewer is not None
    (cycle_id, _, version) = mine.payload["private_metadata"].partition(":")
    await scene.core.services.preview.write_note(
        viewer, (int(cycle_id), int(version)), "From another window", scene.clock.now()
    )
    result = await scene.send("dana", mine, {"note": "Mind *APOLLO*, <!channel>"})
    assert result.ok, result
    newer = await scene.view("dana", "preview_note_written")
    assert "From another window" in words(newer.blocks)
    assert held(newer, "note") == "Mind *APOLLO*, <!channel>"
    result = await scene.send("dana", newer, {"note": "Mind *APOLLO*, <!channel>"})
    assert result.ok, result
    await scene.settle()
    note = "Note from the PMO (Dana): Mind *APOLLO*, <!channel>"
    assert note in words(asked(scene, "ITS Council").blocks)
    assert note in "\n".join(words(each.blocks) for each in scene.replies("pmo-office"))


async def a_hold_in_the_past_is_refused_in_the_form(scene: Scene) -> None:
    await pressed(scene, "dana", "preview_hold")
    form = await scene.view("dana", "preview_held")
    early = str(int((scene.clock.now() + timedelta(hours=1)).timestamp()))
    result = await scene.send("dana", form, {"held_until": early})
    told = (result.errors or {})["held_until"]
    assert "The digest is due only at Mon 23 Nov 08:00" in told
    result = await scene.send("dana", form, {"held_until": str(int(at(24, 14).timestamp()))})
    assert not result.errors, result
    await scene.settle()
    assert "Dana holds it until Tue 24 Nov 09:00" in words(asked(scene, "ITS Council").blocks)


async def at_its_time_the_other_councils_digest_waits_loudly(scene: Scene) -> None:
    await scene.at(at(23, 13))
    assert scene.heads("its-council") == scene.heads("sts-council") == []
    loud = words(scene.heads("pmo-office")[-1].blocks)
    assert "The digest of STS Council of 18 Nov waits for you." in loud
    findings = (await scene.core.services.health.report(scene.clock.now())).findings
    told = [each.cause for each in findings if "digest of 18 Nov 2026" in each.subject]
    assert len(told) == 2, told


async def approved_it_is_posted_at_once_as_it_was_drafted(scene: Scene) -> None:
    await pressed(scene, "dana", "preview_approve")
    await scene.until(lambda: "It is posted at once." in seen_by(scene, "dana"), "an answer")
    await scene.settle()
    (head,) = scene.heads("its-council")
    assert "Note from the PMO (Dana): Mind *APOLLO*, <!channel>" in words(head.blocks)
    message = asked(scene, "ITS Council")
    assert "approved by Dana" in words(message.blocks)
    assert buttons(message) == []
    (draft,) = (each for each in scene.replies("pmo-office") if each.thread_ts == message.ts)
    assert words(draft.blocks).startswith("Here stood the draft.")
    assert scene.heads("sts-council") == []
