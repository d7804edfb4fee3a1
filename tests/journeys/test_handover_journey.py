"""Who may answer, and another PM, over the wire: by hand-over, by the file, by leaving Slack."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.workspace import Message
from tests.support.scene import PORTFOLIO, Scene, buttons, words


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 in UTC; New York is five hours behind."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def test_another_pm_gets_what_waits_for_an_answer(scene: Scene, tmp_path: Path) -> None:
    await scene.at(at(18, 14))
    await only_who_may_hands_over(scene)
    await the_pm_chooses_a_person_in_the_menu(scene)
    await the_pmo_names_a_person_in_the_command(scene)
    await the_file_names_another_pm(scene, tmp_path)
    await a_pm_who_left_is_found_and_the_pmo_is_told_once(scene)
    assert scene.sandbox.calls.refusals == []


async def told(scene: Scene, name: str, text: str) -> list[Message]:
    _result, messages = await scene.command(name, text)
    return messages


def shown(messages: list[Message]) -> str:
    return "\n".join(words(each.blocks) for each in messages)


def said_of(scene: Scene, name: str, code: str) -> str:
    """What somebody's request message says about a project."""
    for message in reversed(scene.dm(name)):
        for block in message.blocks:
            if words(block).startswith(f"*{code}*"):
                return words(block)
    raise AssertionError(f"{name} has no {code}")


async def only_who_may_hands_over(scene: Scene) -> None:
    for name in ("ben", "carol", "erik"):  # the deputy, the chair, an outsider
        text = shown(await told(scene, name, "handover APOLLO @erik"))
        assert text == "Only the PM of APOLLO (Priya) and the PMO can hand it over."
    for name in ("erik", "gus"):
        text = shown(await told(scene, name, "handover FALCON"))
        assert text.startswith("There is no project 'FALCON'.")
    text = shown(await told(scene, "priya", "handover"))
    assert text == "Which project? Give its code: /project handover CODE"


async def the_pm_chooses_a_person_in_the_menu(scene: Scene) -> None:
    (card,) = await told(scene, "priya", "handover apollo")
    assert "APOLLO Student Portal: Priya is the PM. Who shall be it from now on?" in shown([card])
    before = len(scene.dm("erik"))
    result = await scene.sandbox.acting.press(
        scene.id("priya"), card.channel, card.ts, "handover_choose", value=scene.id("erik")
    )
    assert result.ok, result
    await scene.until(lambda: "Erik is the PM now" in shown(scene.dm("priya")[-1:]), "the outcome")
    await scene.settle()
    assert "The open request is theirs" in shown(scene.dm("priya")[-1:])
    assert len(scene.dm("erik")) == before + 1
    assert "Handed over from Priya: new PM" in said_of(scene, "erik", "APOLLO")
    assert "Handed to Erik" in said_of(scene, "priya", "APOLLO")
    await scene.report("erik", "APOLLO", health="Green", done="Took over", next="Go on")
    assert "by Erik" in said_of(scene, "erik", "APOLLO")


async def the_pmo_names_a_person_in_the_command(scene: Scene) -> None:
    messages = await told(scene, "dana", "handover CERES @nobody")
    assert "I know nobody called “@nobody”. Choose below." in shown(messages)
    assert "CERES Identity Renewal: Priya is the PM." in shown(messages)
    text = shown(await told(scene, "dana", "handover CERES simon@example.edu"))
    assert "CERES Identity Renewal: Simon is the PM now." in text
    await scene.settle()
    assert "Handed over from Priya: new PM" in said_of(scene, "simon", "CERES")
    assert "Handed to Simon" in said_of(scene, "priya", "CERES")


async def the_file_names_another_pm(scene: Scene, folder: Path) -> None:
    changed = PORTFOLIO.replace("execution,open,arjun@", "execution,open,nadia@")
    (folder / "changed.csv").write_text(changed, encoding="utf-8")
    outcome = await scene.core.services.imports.import_file(
        folder / "changed.csv", now=scene.clock.now(), actor="test"
    )
    assert [(each.subject, each.field) for each in outcome.changed] == [("EOS", "pm")]
    await scene.settle()
    assert "Handed over from Arjun: new PM" in said_of(scene, "nadia", "EOS")
    assert "Handed to Nadia" in said_of(scene, "arjun", "EOS")
    result = await scene.press("nadia", "EOS")
    assert result.ok, result
    view = await scene.view("nadia", "status_form")
    await scene.sandbox.acting.close_view(scene.id("nadia"), view.id, clear=True)


async def a_pm_who_left_is_found_and_the_pmo_is_told_once(scene: Scene) -> None:
    heads = len(scene.heads("pmo-office"))
    priya = scene.sandbox.workspace.user_named("priya")
    assert priya is not None
    priya.deleted = True
    await scene.set_time(scene.clock.now() + timedelta(days=1))
    assert await scene.core.services.health.check_if_due(scene.clock.now())
    await scene.settle()
    (notice,) = scene.heads("pmo-office")[heads:]
    text = words(notice.blocks)
    assert "1 project has lost the PM, who left Slack." in text
    assert "BOREAS Learning Records: Priya has left. There is no deputy" in text
    assert "/project handover CODE names another PM" in text
    assert "FALCON" not in text
    assert buttons(notice) == []
    assert "FALCON Merger Readiness: Priya has left" in shown(scene.dm("dana"))
    count = len(scene.dm("dana"))
    await scene.core.services.health.check_slack(scene.clock.now())
    await scene.settle()
    assert len(scene.heads("pmo-office")) == heads + 1
    assert len(scene.dm("dana")) == count
