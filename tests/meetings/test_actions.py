"""Actions of a council: given out, told, answered; who may do what with them."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from domain.errors import FieldErrors
from models.enums import LogKind
from models.meetings import DecisionAction
from tests.support.actions import Clerk, give
from tests.support.meeting import Secretary
from tests.support.portfolio import RESTRICTED


async def test_a_council_counts_its_own_actions_and_a_project_those_in_its_list(
    any_secretary: Secretary,
) -> None:
    apollo = await any_secretary.world.project("APOLLO")
    given = [await give(any_secretary), await give(any_secretary, "ana", project_id=apollo)]
    given += [await give(any_secretary), await give(any_secretary, "ana", project_id=apollo)]
    assert [(each.project_id, each.number) for each in given] == [
        (None, 1),
        (apollo, 1),
        (None, 2),
        (apollo, 2),
    ]
    assert {each.kind for each in given} == {LogKind.ACTION}
    audit = [each for each in await any_secretary.audit() if each.subject.startswith("action")]
    assert [each.subject for each in audit][:2] == ["action ITS Council A-1", "action APOLLO A-1"]
    assert audit[0].new == "Ask the vendor (due 2026-12-04)"


@pytest.mark.parametrize(
    ("wish", "field", "text"),
    [
        ({"title": " "}, "title", "Say what is to be done"),
        ({"title": "x" * 201}, "title", "up to 200"),
        ({"text": "x" * 3_001}, "text", "3,000"),
        ({"due_on": date(2026, 11, 24)}, "due_on", "in the past"),
        ({"owner": "gus"}, "owner", "is a guest"),
        ({"owner": "li"}, "owner", "has left Slack"),
    ],
)
async def test_what_nobody_could_do_is_refused_at_its_field(
    secretary: Secretary, wish: dict[str, Any], field: str, text: str
) -> None:
    await secretary.world.change_person("li", is_gone=True)
    with pytest.raises(FieldErrors, match=text) as caught:
        await give(secretary, **wish)
    assert list(caught.value.errors) == [field]


async def test_nobody_gets_an_action_of_a_project_that_does_not_exist_for_them(
    secretary: Secretary,
) -> None:
    nova = await secretary.world.project("NOVA", visibility=RESTRICTED)
    with pytest.raises(FieldErrors, match="may not know of NOVA"):
        await give(secretary, "erik", project_id=nova)


async def test_an_action_remembers_the_decision_that_hangs_on_it(secretary: Secretary) -> None:
    world, meeting = secretary.world, await secretary.first()
    decision = await Clerk(secretary).decision()
    entry = await give(secretary, meeting=meeting, decision=decision, is_condition=True)
    async with world.database.reading() as session:
        (link,) = (await session.exec(select(DecisionAction))).all()
    assert (link.decision_id, link.log_entry_id, link.is_condition) == (
        decision.pk,
        entry.pk,
        True,
    )
    assert entry.meeting_id == meeting.pk
