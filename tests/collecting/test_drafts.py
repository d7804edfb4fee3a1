"""What was typed and not reported: kept for its author alone, until the report."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from domain.collecting.answering.drafts import draft_of, save_draft
from domain.collecting.service import DRAFTS_KEPT
from domain.collecting.values import Draft
from domain.errors import FieldErrors
from models.enums import DraftSource
from tests.support.portfolio import at
from tests.support.reporting import GREEN, RED, YELLOW, Office

NINE = at(25, 14)
TYPED = at(26, 15)
CUT_OFF = at(27, 20)


@pytest.fixture
async def asked(any_office: Office) -> Office:
    """APOLLO is Ana's, with Ben as deputy; she was asked this morning."""
    await any_office.world.project("APOLLO", pm="ana", deputy="ben")
    await any_office.tick(NINE)
    return any_office


async def _type(
    office: Office,
    typed: Mapping[str, str],
    when: datetime = TYPED,
    by: str = "ana",
    base_version: int = 0,
) -> None:
    request = await office.request_id("APOLLO")
    draft = Draft(typed, DraftSource.TYPING, when, base_version)
    async with office.database.writing() as session:
        await save_draft(session, office.world.workspace_id, request, office.world.id(by), draft)


async def _draft(office: Office, by: str = "ana") -> Draft | None:
    request = await office.request_id("APOLLO")
    async with office.database.reading() as session:
        return await draft_of(session, request, office.world.id(by))


async def _typed(office: Office, by: str = "ana") -> Mapping[str, str]:
    draft = await _draft(office, by)
    return draft.typed if draft else {}


async def test_what_was_typed_is_offered_to_its_author_alone(asked: Office) -> None:
    await _type(asked, YELLOW)
    request = await asked.request_id("APOLLO")
    for name, wanted in (("ana", YELLOW), ("ben", None), ("dana", None)):
        form = await asked.collecting.form(await asked.world.viewer(name), request, TYPED)
        assert (form.draft.typed if form.draft else None) == wanted


async def test_a_later_draft_takes_the_place_of_an_earlier_one_and_never_the_other_way(
    asked: Office,
) -> None:
    await _type(asked, YELLOW)
    await _type(asked, RED, TYPED + timedelta(seconds=1))
    await _type(asked, GREEN, TYPED)
    assert await _draft(asked) == Draft(RED, DraftSource.TYPING, TYPED + timedelta(seconds=1))


async def test_an_empty_form_is_no_draft(asked: Office) -> None:
    await _type(asked, {"why": " \n", "done": "", "phase": "closeout"})
    assert await _draft(asked) is None


async def test_a_report_clears_the_draft_of_its_author_and_no_other(asked: Office) -> None:
    await _type(asked, YELLOW)
    await _type(asked, RED, by="ben")
    await asked.answer("APOLLO", TYPED, GREEN)
    assert await _draft(asked) is None
    assert await _typed(asked, "ben") == RED


async def test_what_slack_hands_over_after_the_report_brings_no_draft_back(asked: Office) -> None:
    await asked.answer("APOLLO", TYPED, GREEN)
    await _type(asked, YELLOW)
    assert await _draft(asked) is None
    await _type(asked, YELLOW, base_version=1)
    assert await _typed(asked) == YELLOW


async def test_the_form_of_a_newer_cycle_does_not_offer_the_draft_of_the_old_one(
    asked: Office,
) -> None:
    await _type(asked, YELLOW)
    old = await asked.request_id("APOLLO")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    form = await asked.collecting.form(
        await asked.world.viewer("ana"), old, NINE + timedelta(days=7)
    )
    assert form.request_id != old
    assert form.draft is None


async def test_drafts_that_nobody_touches_are_forgotten(asked: Office) -> None:
    await _type(asked, YELLOW)
    await _type(asked, RED, TYPED + timedelta(days=2), by="ben")
    assert await asked.collecting.forget_drafts(TYPED + DRAFTS_KEPT) == 0
    assert await asked.collecting.forget_drafts(TYPED + DRAFTS_KEPT + timedelta(days=1)) == 1
    assert await _draft(asked) is None
    assert await _typed(asked, "ben") == RED


async def test_what_a_form_does_not_show_just_now_stays_in_the_draft(asked: Office) -> None:
    await _type(asked, RED)
    later = TYPED + timedelta(seconds=1)
    await _type(asked, {"health": "Green", "done": "Tested it all"}, later)
    assert await _typed(asked) == {**RED, "health": "Green", "done": "Tested it all"}


async def test_a_form_that_fails_a_check_becomes_a_draft_and_nothing_else(asked: Office) -> None:
    with pytest.raises(FieldErrors):
        await asked.answer("APOLLO", TYPED, {"health": "Red", "done": "x", "phase": "closeout"})
    draft = await _draft(asked)
    assert draft is not None
    assert draft.source is DraftSource.REFUSED
    assert draft.typed == {"health": "Red", "done": "x", "phase": "closeout"}
    assert await asked.reports() == []
    form = await asked.collecting.form(
        await asked.world.viewer("ana"), await asked.request_id("APOLLO"), TYPED
    )
    assert form.phase == "execution"
