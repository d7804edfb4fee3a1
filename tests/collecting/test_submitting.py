"""A form that comes back late: others have saved, the project has changed, or it is sent twice."""

import asyncio
from datetime import date, timedelta

import pytest

from domain.collecting.answering.drafts import draft_of
from domain.collecting.errors import NotWantedError
from domain.collecting.values import Receipt, StatusForm
from domain.errors import NotAllowedError
from models.enums import LogKind, RequestState
from tests.support.listing import Registry
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
WEEK = timedelta(days=7)


@pytest.fixture
async def asked(office: Office) -> Office:
    """APOLLO is Ana's, with Ben as deputy; she was asked this morning."""
    await office.world.project("APOLLO", pm="ana", deputy="ben")
    await office.tick(NINE)
    return office


async def opened(office: Office, by: str = "ana") -> StatusForm:
    request = await office.request_id("APOLLO")
    return await office.collecting.form(await office.world.viewer(by), request, ANSWER)


async def sent(
    office: Office, form: StatusForm, raw: dict[str, str], by: str = "ana", when: object = None
) -> Receipt | StatusForm:
    viewer = await office.world.viewer(by)
    now = ANSWER if when is None else when
    return await office.collecting.submit(viewer, form.request_id, raw, now, form.basis)  # type: ignore[arg-type]


async def test_the_second_editor_is_told_and_saves_on_top(asked: Office) -> None:
    ana, ben = await opened(asked), await opened(asked, "ben")
    assert isinstance(await sent(asked, ana, YELLOW), Receipt)
    told = await sent(asked, ben, RED, "ben")
    assert isinstance(told, StatusForm)
    assert told.news[0].startswith("Ana saved version 1 at 10:00: health Grey → Yellow")
    assert told.news[1] == "Send again to save yours as version 2."
    assert told.draft is not None
    assert told.draft.typed["why"] == RED["why"]
    assert len(await asked.reports()) == 1
    receipt = await sent(asked, told, RED, "ben")
    assert isinstance(receipt, Receipt)
    assert receipt.version == 2


async def test_the_same_form_sent_twice_at_once_is_one_version(asked: Office) -> None:
    form = await opened(asked)
    first, second = await asyncio.gather(sent(asked, form, GREEN), sent(asked, form, GREEN))
    assert first == second
    assert len(await asked.reports()) == 1
    other = await sent(asked, form, YELLOW)
    assert isinstance(other, StatusForm)
    assert other.news[0].startswith("You saved version 1")


@pytest.fixture
async def action(asked: Office) -> int:
    """A-1 of APOLLO, due the day after the ask."""
    registry = Registry(asked.world)
    registry.projects["APOLLO"] = (await asked.requests())[0].project_id
    return await registry.add(LogKind.ACTION, "Sign", due_on=date(2026, 11, 26))


async def test_a_second_window_that_says_something_else_of_an_action_is_told(
    asked: Office, action: int
) -> None:
    form = await opened(asked)
    assert isinstance(await sent(asked, form, {**GREEN, f"action:{action}:1": "done"}), Receipt)
    moved = {f"action:{action}:1": "moved", f"action_due:{action}": "2026-12-04"}
    told = await sent(asked, form, {**GREEN, **moved})
    assert isinstance(told, StatusForm)
    assert told.news[0].startswith("You saved version 1")
    assert told.news[-1].startswith("A-1 “Sign” has changed since you opened this.")


async def test_a_second_window_that_says_more_of_an_action_is_no_repetition(
    asked: Office, action: int
) -> None:
    form = await opened(asked)
    assert isinstance(await sent(asked, form, GREEN), Receipt)
    told = await sent(asked, form, {**GREEN, f"action:{action}:1": "done"})
    assert isinstance(told, StatusForm)
    assert told.news[-1] == "Send again to save yours as version 2."


@pytest.mark.parametrize("outcome", ["done", "moved", "cancelled", "open"])
async def test_the_same_word_on_an_action_sent_twice_is_one_version(
    asked: Office, action: int, outcome: str
) -> None:
    form = await opened(asked)
    more = {f"action_due:{action}": "2026-12-04", f"action_note:{action}": "Not needed"}
    raw = {**GREEN, f"action:{action}:1": outcome, **more}
    assert await sent(asked, form, raw) == await sent(asked, form, raw)
    assert len(await asked.reports()) == 1


async def test_a_second_window_with_another_reason_for_a_claim_is_told(asked: Office) -> None:
    await asked.world.change("APOLLO", forecast_end=date(2026, 11, 2))
    form = await opened(asked)
    first = {**GREEN, "claim_reason": "Handover only"}
    assert await sent(asked, form, first) == await sent(asked, form, first)
    told = await sent(asked, form, {**GREEN, "claim_reason": "The end has moved"})
    assert isinstance(told, StatusForm)
    assert told.news[0].startswith("You saved version 1")
    assert len(await asked.reports()) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"pm": "li"}, "Li is its PM now."),
        ({"visibility": RESTRICTED}, "It is restricted now: no channel shows it."),
    ],
)
async def test_what_has_changed_about_the_project_is_told_before_anything_is_saved(
    asked: Office, changes: dict[str, str], told: str
) -> None:
    form = await opened(asked, "ben")
    await asked.world.change("APOLLO", **changes)
    again = await sent(asked, form, GREEN, "ben")
    assert isinstance(again, StatusForm)
    assert again.news == (told,)
    assert await asked.reports() == []
    assert isinstance(await sent(asked, again, GREEN, "ben"), Receipt)


async def test_a_form_of_a_period_that_is_over_says_so_and_is_late(asked: Office) -> None:
    form = await opened(asked)
    await asked.ticks(CUT_OFF, NINE + WEEK)
    told = await sent(asked, form, GREEN, when=ANSWER + WEEK)
    assert isinstance(told, StatusForm)
    assert told.news[0].startswith("The next period has begun, of 2 Dec")
    receipt = await sent(asked, told, GREEN, when=ANSWER + WEEK)
    assert isinstance(receipt, Receipt)
    assert receipt.state is RequestState.LATE


async def test_somebody_who_is_no_longer_the_pm_gets_a_clear_no(asked: Office) -> None:
    form = await opened(asked)
    await asked.world.change("APOLLO", pm="li")
    with pytest.raises(NotAllowedError, match="Only the PM of APOLLO"):
        await sent(asked, form, GREEN)
    assert await asked.reports() == []


async def test_a_project_on_hold_takes_no_report_and_keeps_what_was_typed(asked: Office) -> None:
    form = await opened(asked)
    await asked.world.change("APOLLO", hold_until=date(2026, 12, 24), hold_reason="No funds")
    with pytest.raises(NotWantedError, match="on hold"):
        await sent(asked, form, YELLOW)
    assert await asked.reports() == []
    async with asked.database.reading() as session:
        draft = await draft_of(session, form.request_id, asked.world.id("ana"))
    assert draft is not None
    assert draft.typed["why"] == YELLOW["why"]


async def test_a_field_that_the_open_form_does_not_show_yet_is_shown_and_nothing_saved(
    asked: Office,
) -> None:
    told = await sent(asked, await opened(asked), {**GREEN, "health": "Red"})
    assert isinstance(told, StatusForm)
    assert told.news == (
        "Say why it is red: the first line goes into the digest.",
        "Red needs a path to green: who does what by when.",
    )
    assert await asked.reports() == []
