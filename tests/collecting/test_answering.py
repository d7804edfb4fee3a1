"""Who may answer, what becomes of an answer, and what is told about it."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from domain.collecting.messages import StatusRequestMessage
from domain.collecting.values import Answers, ProjectStatus, Receipt
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from models.enums import Health, LogState, RequestState
from models.logs import LogEntry
from models.portfolio import AuditEntry
from tests.support.portfolio import ITS, RESTRICTED, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day."""
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)

REFUSED = r"Only the PM of APOLLO \(Ana\), the deputy and the PMO can report on it."


@pytest.fixture
async def asked(office: Office) -> Office:
    """APOLLO is Ana's, with Ben as deputy; she was asked this morning."""
    return await _ask(office)


@pytest.fixture
async def asked_on_any(any_office: Office) -> Office:
    return await _ask(any_office)


async def _ask(office: Office) -> Office:
    await office.world.project("APOLLO", pm="ana", deputy="ben", sponsor="sam", budget=Decimal(100))
    await office.tick(NINE)
    return office


async def test_pm_deputy_and_pmo_may_answer(asked: Office) -> None:
    for version, name in enumerate(("ana", "ben", "dana"), start=1):
        receipt = await asked.answer("APOLLO", ANSWER, GREEN, by=name)
        assert (receipt.code, receipt.health, receipt.version) == ("APOLLO", Health.GREEN, version)
        assert receipt.state is RequestState.ANSWERED
        assert (await asked.reports())[-1].author_id == asked.world.id(name)
        assert (await asked.asked_of("ana"))[0].author == name.capitalize()


async def test_who_may_see_but_not_answer_is_told_who_may(asked: Office) -> None:
    request = await asked.request_id("APOLLO")
    for name in ("carol", "omar", "sam", "erik"):
        viewer = await asked.world.viewer(name)
        with pytest.raises(NotAllowedError, match=REFUSED):
            await asked.collecting.form(viewer, request, ANSWER)
        with pytest.raises(NotAllowedError, match=REFUSED):
            await asked.collecting.submit(viewer, request, GREEN, ANSWER)
    assert await asked.reports() == []


async def test_what_somebody_may_not_see_is_refused_as_what_does_not_exist(asked: Office) -> None:
    await asked.world.project("VAULT", pm="li", visibility=RESTRICTED)
    await asked.tick(NINE)
    apollo, vault, nothing = await asked.request_id("APOLLO"), await asked.request_id("VAULT"), 999
    refused = [("erik", vault), ("ana", vault), ("gus", vault), ("gus", apollo), ("ana", nothing)]
    texts = set()
    for name, request in refused:
        viewer = await asked.world.viewer(name)
        with pytest.raises(NotFoundError) as form:
            await asked.collecting.form(viewer, request, ANSWER)
        with pytest.raises(NotFoundError) as answer:
            await asked.collecting.submit(viewer, request, {}, ANSWER)
        texts |= {str(form.value), str(answer.value)}
    assert len(texts) == 1


async def test_a_restricted_project_is_answered_by_its_own(asked: Office) -> None:
    await asked.world.project("VAULT", pm="li", visibility=RESTRICTED)
    await asked.tick(NINE)
    receipt = await asked.answer("VAULT", ANSWER, GREEN, by="li")
    assert receipt.readers.is_restricted


async def test_who_has_left_answers_nothing(asked: Office) -> None:
    await asked.world.change_person("ana", is_gone=True)
    with pytest.raises(NotFoundError):
        await asked.answer("APOLLO", ANSWER, GREEN)


async def test_an_answer_that_needs_mending_saves_nothing(asked: Office) -> None:
    before = await asked.said()
    with pytest.raises(FieldErrors) as error:
        await asked.answer("APOLLO", ANSWER, {"health": "Red", "done": "x"})
    assert error.value.errors.keys() == {"next", "why", "path_to_green"}
    assert await asked.reports() == []
    assert await asked.states() == ["asked"]
    assert await asked.said() == before


async def test_the_fields_that_the_configuration_requires_are_required(asked: Office) -> None:
    await asked.world.configure(form={"required": ["health", "risks"]})
    with pytest.raises(FieldErrors) as error:
        await asked.answer("APOLLO", ANSWER, {"health": "Green"})
    assert error.value.errors.keys() == {"risks"}


async def test_an_answer_is_stored_as_given(asked_on_any: Office) -> None:
    asked = asked_on_any
    long = "Zürich 🚀 <@U0ANA> *bold* & more; " * 130
    raw = RED | {
        "health": "Amber/Red",
        "why": long,
        "schedule": "Red",
        "milestone": "Go-live",
        "milestone_baseline": "2027-03-03",
        "milestone_forecast": "2027-03-17",
        "decision": "Fund it",
        "decision_from": "ITS Council",
        "decision_by": "2026-12-10",
        "spent": "1,250,000.55",
        "cost_forecast": "0.1",
        "percent_complete": "60",
    }
    await asked.answer("APOLLO", ANSWER, raw)
    (report,) = await asked.reports()
    assert len(long) > 4000
    assert Answers.of(report) == Answers(
        health=Health.YELLOW,
        rating="Amber/Red",
        why=long.strip(),
        schedule=Health.RED,
        done=GREEN["done"],
        next=GREEN["next"],
        milestone="Go-live",
        milestone_baseline=date(2027, 3, 3),
        milestone_forecast=date(2027, 3, 17),
        path_to_green=RED["path_to_green"],
        decision="Fund it",
        decision_from="ITS Council",
        decision_by=date(2026, 12, 10),
        spent=Decimal("1250000.55"),
        cost_forecast=Decimal("0.10"),
        percent_complete=60,
    )
    assert (report.opens_on, report.submitted_at) == (date(2026, 11, 25), ANSWER)


async def test_the_pm_corrects_the_phase_and_the_report_keeps_it(asked: Office) -> None:
    await asked.answer("APOLLO", ANSWER, GREEN)
    await asked.answer("APOLLO", ANSWER, GREEN | {"phase": "closeout"})
    await asked.answer("APOLLO", ANSWER, GREEN | {"phase": "closeout"})
    assert [each.phase for each in await asked.reports()] == ["execution", "closeout", "closeout"]
    request = await asked.request_id("APOLLO")
    form = await asked.collecting.form(await asked.world.viewer("ana"), request, ANSWER)
    assert (form.phase, form.phases[0], form.phases[-1]) == (
        "closeout",
        "qualification",
        "closeout",
    )
    async with asked.world.database.reading() as session:
        [entry] = (await session.exec(select(AuditEntry))).all()
    assert (entry.subject, entry.field, entry.old, entry.new) == (
        "project APOLLO",
        "phase",
        "execution",
        "closeout",
    )


async def test_a_phase_that_is_gone_is_refused_and_nothing_is_saved(asked: Office) -> None:
    with pytest.raises(FieldErrors) as refused:
        await asked.answer("APOLLO", ANSWER, GREEN | {"phase": "dreaming"})
    assert "choose another" in refused.value.errors["phase"]
    assert await asked.reports() == []


async def test_the_request_message_shows_the_answer(asked: Office) -> None:
    await asked.answer("APOLLO", ANSWER, YELLOW)
    (item,) = await asked.asked_of("ana")
    assert (item.state, item.health, item.version) == (RequestState.ANSWERED, Health.YELLOW, 1)
    assert (item.summary, item.answered_at) == (YELLOW["why"], ANSWER)
    assert (item.last_health, item.last_on, item.promised) == (None, None, "")
    assert [each.revision for each in await asked.said()] == [2]


async def test_a_second_answer_is_a_second_version_and_the_first_is_kept(
    asked: Office,
) -> None:
    await asked.answer("APOLLO", ANSWER, GREEN)
    receipt = await asked.answer("APOLLO", ANSWER + timedelta(hours=1), RED, by="ben")
    assert receipt.version == 2
    assert [(each.version, each.health) for each in await asked.reports()] == [
        (1, Health.GREEN),
        (2, Health.RED),
    ]
    (item,) = await asked.asked_of("ana")
    assert (item.version, item.health, item.author) == (2, Health.RED, "Ben")


async def test_answers_at_the_same_instant_are_all_kept(asked_on_any: Office) -> None:
    asked = asked_on_any
    receipts = await asyncio.gather(
        *(asked.answer("APOLLO", ANSWER, GREEN, by=name) for name in ("ana", "ben", "dana", "ana"))
    )
    assert sorted(receipt.version for receipt in receipts) == [1, 2, 3, 4]
    assert len(await asked.reports()) == 4


async def test_answers_of_two_cycles_at_the_same_instant_are_all_kept(
    asked_on_any: Office,
) -> None:
    asked = asked_on_any
    old = await asked.request_id("APOLLO")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    new = await asked.request_id("APOLLO")
    ana, ben = await asked.world.viewer("ana"), await asked.world.viewer("ben")
    now = ANSWER + timedelta(days=7)
    pressed = [(ana, old), (ben, new), (ben, old), (ana, new), (ana, old), (ben, new)]
    receipts = await asyncio.gather(
        *(asked.collecting.submit(who, request, GREEN, now) for who, request in pressed)
    )
    versions = [each.version for each in receipts if isinstance(each, Receipt)]
    assert sorted(versions) == [1, 1, 2, 2, 3, 3]
    assert {report.request_id for report in await asked.reports()} == {old, new}


async def test_an_answer_after_the_cut_off_is_late(asked: Office) -> None:
    await asked.tick(CUT_OFF)
    late = CUT_OFF + timedelta(hours=1)
    receipt = await asked.answer("APOLLO", late, GREEN)
    assert receipt.state is RequestState.LATE
    assert await asked.states() == ["late"]
    (item,) = await asked.asked_of("ana")
    assert (item.state, item.answered_at) == (RequestState.LATE, late)


async def test_a_correction_after_the_cut_off_does_not_make_the_answer_late(
    asked: Office,
) -> None:
    await asked.answer("APOLLO", ANSWER, GREEN)
    await asked.tick(CUT_OFF)
    receipt = await asked.answer("APOLLO", CUT_OFF + timedelta(hours=1), RED)
    assert (receipt.state, receipt.version) == (RequestState.ANSWERED, 2)


async def test_who_answers_before_being_asked_is_not_asked_any_more(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(at(24, 12))
    await office.answer("APOLLO", at(25, 10), GREEN)
    await office.ticks(NINE, CUT_OFF)
    assert await office.messages(StatusRequestMessage) == []
    assert await office.states() == ["answered"]


async def test_the_button_of_an_old_message_leads_to_the_newest_request(asked: Office) -> None:
    old = await asked.request_id("APOLLO")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    new = await asked.request_id("APOLLO")
    ana, now = await asked.world.viewer("ana"), ANSWER + timedelta(days=7)
    form = await asked.collecting.form(ana, old, now)
    assert (form.request_id, form.opens_on, form.is_late) == (new, date(2026, 12, 2), False)
    await asked.collecting.submit(ana, form.request_id, GREEN, now)
    assert await asked.states() == ["missed", "answered"]


async def test_a_form_that_was_open_when_the_next_cycle_asked_answers_its_own(
    asked: Office,
) -> None:
    old = await asked.request_id("APOLLO")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    ana, now = await asked.world.viewer("ana"), ANSWER + timedelta(days=7)
    form = await asked.collecting.form(ana, old, now, is_open=True)
    assert form.request_id == old
    await asked.collecting.submit(ana, old, GREEN, now)
    assert await asked.states() == ["late", "asked"]


async def test_money_is_required_only_where_the_project_tracks_it(asked: Office) -> None:
    await asked.world.configure(form={"required": ["health", "spent"]})
    await asked.world.project("FREE", pm="ana", budget=None)
    await asked.tick(NINE)
    with pytest.raises(FieldErrors) as refused:
        await asked.answer("APOLLO", ANSWER, {"health": "Green"})
    assert set(refused.value.errors) == {"spent"}
    await asked.answer("FREE", ANSWER, {"health": "Green"})


async def test_a_former_pm_is_not_told_what_is_reported_on_a_restricted_project(
    asked: Office,
) -> None:
    await asked.world.project("VAULT", pm="ana", visibility=RESTRICTED)
    await asked.tick(NINE)
    await asked.answer("VAULT", ANSWER, GREEN)
    await asked.world.change("VAULT", pm="li")
    await asked.answer("VAULT", ANSWER, RED | {"why": "TOPSECRET"}, by="li")
    vault = next(each for each in await asked.asked_of("ana") if each.code == "VAULT")
    assert (vault.health, vault.summary, vault.author) == (None, "", "")
    assert vault.handed_to == "Somebody else"
    assert "TOPSECRET" not in str(await asked.asked_of("ana"))


async def test_the_button_leads_to_the_old_request_while_the_next_one_waits_for_its_hour(
    asked: Office,
) -> None:
    old = await asked.request_id("APOLLO")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=6))
    form = await asked.collecting.form(
        await asked.world.viewer("ana"), old, NINE + timedelta(days=6)
    )
    assert (form.request_id, form.is_late) == (old, True)
    assert len(await asked.requests()) == 2


async def test_the_first_form_is_empty_and_says_who_will_read_it(asked: Office) -> None:
    form = await asked.collecting.form(
        await asked.world.viewer("ben"), await asked.request_id("APOLLO"), ANSWER
    )
    assert (form.code, form.phase, form.council) == ("APOLLO", "execution", ITS)
    assert (form.prefilled, form.last, form.has_budget) == (Answers(), None, True)
    assert (form.scale, form.required) == (("Green", "Yellow", "Red"), ("health", "done", "next"))
    assert (form.readers.channel_name, form.readers.at) == ("its-council", at(30, 13))
    assert (form.cut_off_at, form.is_late, form.readers.is_restricted) == (CUT_OFF, False, False)


async def test_the_next_form_opens_with_the_last_answer_and_then_with_its_own(
    asked: Office,
) -> None:
    await asked.answer("APOLLO", ANSWER, GREEN)
    await asked.answer("APOLLO", ANSWER + timedelta(hours=1), YELLOW, by="ben")
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    ana, now = await asked.world.viewer("ana"), ANSWER + timedelta(days=7)
    request = await asked.request_id("APOLLO")
    before = await asked.collecting.form(ana, request, now)
    assert before.prefilled.why == YELLOW["why"]
    assert before.last is not None
    assert (before.last.author, before.last.version) == ("Ben", 2)
    await asked.answer("APOLLO", now, RED)
    after = await asked.collecting.form(ana, request, now)
    assert after.prefilled.path_to_green == RED["path_to_green"]
    assert after.last is not None
    assert after.last.opens_on == date(2026, 12, 2)


async def test_where_a_projects_reporting_stands_is_told(asked_on_any: Office) -> None:
    asked = asked_on_any
    request = (await asked.requests("APOLLO"))[0]
    nothing = await asked.collecting.status(request.project_id)
    assert nothing == ProjectStatus(None, request.pk, RequestState.ASKED, CUT_OFF, ())
    assert await asked.collecting.statuses([request.project_id]) == {request.project_id: nothing}
    await asked.answer("APOLLO", ANSWER, GREEN)
    await asked.answer("APOLLO", ANSWER, YELLOW)
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    await asked.answer("APOLLO", ANSWER + timedelta(days=7), RED)
    status = await asked.collecting.status(request.project_id)
    assert (status.open_request_id, status.open_state) == (None, None)
    assert status.history == (
        (date(2026, 12, 2), Health.RED),
        (date(2026, 11, 25), Health.YELLOW),
    )
    assert status.last is not None
    assert status.last.answers.path_to_green == RED["path_to_green"]
    many = await asked.collecting.statuses([request.project_id, 999_999])
    assert many == {request.project_id: ProjectStatus(last=status.last)}


async def test_a_missed_request_still_waits_for_its_answer(asked: Office) -> None:
    request = (await asked.requests("APOLLO"))[0]
    await asked.tick(CUT_OFF)
    status = await asked.collecting.status(request.project_id)
    assert (status.open_request_id, status.open_state) == (request.pk, RequestState.MISSED)


@pytest.mark.parametrize(
    ("state", "decision"),
    [(LogState.OPEN, "Buy it?"), (LogState.DONE, ""), (LogState.CANCELLED, "")],
)
async def test_a_form_does_not_ask_again_for_a_decision_that_was_taken(
    asked: Office, state: LogState, decision: str
) -> None:
    wanted = {"decision": "Buy it?", "decision_from": "Omar", "decision_by": "2026-12-20"}
    await asked.answer("APOLLO", ANSWER, {**GREEN, **wanted})
    async with asked.database.writing() as session:
        (entry,) = (await session.exec(select(LogEntry))).all()
        entry.state = state
    await asked.ticks(CUT_OFF, NINE + timedelta(days=7))
    ana, request = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    form = await asked.collecting.form(ana, request, ANSWER + timedelta(days=7))
    assert form.prefilled.decision == decision
    assert form.prefilled.decision_from == ("Omar" if decision else "")
    assert (form.prefilled.decision_by is None) is not bool(decision)
