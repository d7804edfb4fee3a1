"""Snooze, hand on, put on hold, disown: what each changes, and when each is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from domain.calendar.rules import PersonalTime, WorkingDays, parse_zone
from domain.collecting.errors import AnsweredError, NotWantedError
from domain.collecting.messages import NotTheirs, RequestItem, StatusRequestMessage
from domain.collecting.postponing.rules import check_hold, check_quiet, offers
from domain.collecting.postponing.service import PostponingService
from domain.errors import FieldErrors, NotAllowedError
from models.enums import RequestState
from models.portfolio import AuditEntry, Project
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, Office

NINE = at(25, 14)
THEN = at(25, 15)
CUT_OFF = at(27, 20)
TODAY = date(2026, 11, 25)
OWN = PersonalTime(parse_zone("America/New_York"), WorkingDays())


# --- rules


def test_quiet_is_offered_for_hours_and_until_tomorrows_asking_hour() -> None:
    assert [(each.hours, each.until) for each in offers(OWN, NINE, CUT_OFF, THEN)] == [
        (1, at(25, 16)),
        (3, at(25, 18)),
        (None, at(26, 14)),
    ]


def test_no_quiet_is_offered_that_ends_after_the_cut_off() -> None:
    assert [each.hours for each in offers(OWN, NINE, CUT_OFF, at(27, 18))] == [1]
    assert offers(OWN, NINE, CUT_OFF, at(27, 19, 30)) == ()


@pytest.mark.parametrize(
    ("until", "text"),
    [
        (THEN, "That time has passed; choose a later one."),
        (CUT_OFF, "The cut-off is Fri 27 Nov 15:00: choose a time before it."),
    ],
)
def test_quiet_lies_between_now_and_the_cut_off(until: Any, text: str) -> None:
    with pytest.raises(FieldErrors) as error:
        check_quiet(until, OWN, CUT_OFF, THEN, "snooze_at")
    assert error.value.errors == {"snooze_at": text}


def test_quiet_ends_in_the_hours_of_its_person() -> None:
    early = PersonalTime(OWN.zone, OWN.working, quiet=(at(1, 18).time(), at(1, 8).time()))
    assert check_quiet(at(26, 3), early, CUT_OFF, THEN, "snooze_at") == at(26, 13)


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ({"hold_until": "2026-11-24", "hold_reason": "x"}, {"hold_until"}),
        ({"hold_until": "2027-11-27", "hold_reason": "x"}, {"hold_until"}),
        ({"hold_until": "soon", "hold_reason": "x"}, {"hold_until"}),
        ({"hold_until": "2026-11-25", "hold_reason": " \n"}, {"hold_reason"}),
        ({"hold_until": "2026-11-25", "hold_reason": "x" * 201}, {"hold_reason"}),
        ({}, {"hold_until", "hold_reason"}),
    ],
)
def test_a_hold_needs_a_day_within_a_year_and_a_reason(
    raw: dict[str, str], wrong: set[str]
) -> None:
    with pytest.raises(FieldErrors) as error:
        check_hold(raw, TODAY)
    assert error.value.errors.keys() == wrong


def test_a_hold_may_end_today_and_within_a_year() -> None:
    for until in (TODAY, TODAY + timedelta(days=366)):
        raw = {"hold_until": str(until), "hold_reason": " no\nmoney "}
        assert check_hold(raw, TODAY) == (until, "no money")


# --- the service


@pytest.fixture
async def asked(any_office: Office) -> Office:
    """APOLLO and BOREAS are Ana's, with Ben as deputy; she was asked this morning."""
    for code in ("APOLLO", "BOREAS"):
        await any_office.world.project(code, pm="ana", deputy="ben")
    await any_office.tick(NINE)
    return any_office


def service(office: Office) -> PostponingService:
    return PostponingService(office.database, office.world.workspace_id, office.outbox)


async def item(office: Office, code: str, name: str = "ana") -> RequestItem:
    key = f"request:{office.world.id(name)}:"
    items = (await office.message(StatusRequestMessage, key)).items
    return next(each for each in items if each.code == code)


async def test_a_snooze_holds_for_all_that_waits_or_for_one(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    offer = await service(asked).snooze_offer(ana, request_id, THEN)
    assert (offer.waiting, len(offer.quiets)) == (2, 3)
    await service(asked).snooze(ana, request_id, at(25, 18), THEN, alone=True)
    assert [each.remind_at for each in await asked.requests("APOLLO")] == [at(25, 18)]
    assert (await item(asked, "APOLLO")).snoozed_until == at(25, 18)
    assert (await item(asked, "BOREAS")).snoozed_until is None
    await service(asked).snooze(ana, request_id, at(25, 19), THEN, alone=False)
    assert {each.snoozed_until for each in await asked.requests()} == {at(25, 19)}


async def test_what_is_answered_is_neither_snoozed_nor_handed_on(asked: Office) -> None:
    await asked.answer("APOLLO", THEN, GREEN)
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    with pytest.raises(AnsweredError):
        await service(asked).snooze_offer(ana, request_id, THEN)
    with pytest.raises(AnsweredError):
        await service(asked).hand_to_deputy(ana, request_id, THEN)


async def test_the_deputy_is_asked_once_it_is_handed_to_them(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).hand_to_deputy(ana, request_id, THEN)
    assert (await item(asked, "APOLLO")).handed_to == "Ben"
    assert (await item(asked, "APOLLO", "ben")).came_from == "Ana"
    with pytest.raises(NotWantedError, match="Ben is asked for APOLLO already"):
        await service(asked).hand_to_deputy(ana, request_id, THEN)


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"is_gone": True}, "has left Slack"), ({"is_guest": True}, "is a guest here")],
)
async def test_a_deputy_who_can_not_be_asked_is_not(
    asked: Office, facts: dict[str, bool], why: str
) -> None:
    await asked.world.change_person("ben", **facts)
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    with pytest.raises(NotWantedError, match=f"Ben, the deputy, {why}"):
        await service(asked).hand_to_deputy(ana, request_id, THEN)


async def test_a_deputy_on_leave_or_none_at_all_is_refused_with_the_reason(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await asked.world.leave("ben", TODAY, date(2026, 12, 4))
    with pytest.raises(NotWantedError, match="is away until 4 Dec: APOLLO stays with you"):
        await service(asked).hand_to_deputy(ana, request_id, THEN)
    await asked.world.change("APOLLO", deputy_id=None)
    with pytest.raises(NotWantedError, match="APOLLO has no deputy"):
        await service(asked).hand_to_deputy(ana, request_id, THEN)


HOLD = {"hold_until": "2026-12-03", "hold_reason": "no money"}


async def test_what_is_on_hold_owes_nothing_and_is_asked_again_the_day_after(
    asked: Office,
) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).hold(ana, request_id, HOLD, THEN)
    held = (await asked.requests("APOLLO"))[0]
    assert (held.state, held.reason) == (RequestState.EXCUSED, "on hold until 3 Dec: no money")
    shown = await item(asked, "APOLLO")
    assert (shown.hold_until, shown.hold_reason) == (date(2026, 12, 3), "no money")
    assert not shown.is_waiting
    with pytest.raises(NotWantedError, match="APOLLO is on hold until 3 Dec: no money"):
        await asked.collecting.form(ana, request_id, THEN)
    await asked.ticks(CUT_OFF, at(30, 13), NINE + timedelta(weeks=1), NINE + timedelta(weeks=2))
    states = [each.state for each in await asked.requests("APOLLO")]
    assert states == [RequestState.EXCUSED, RequestState.EXCUSED, RequestState.ASKED]


async def test_a_hold_that_is_ended_asks_again_and_the_audit_has_both(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).hold(ana, request_id, HOLD, THEN)
    await service(asked).resume(ana, request_id, THEN)
    await service(asked).resume(ana, request_id, THEN)
    assert (await asked.requests("APOLLO"))[0].state is RequestState.ASKED
    assert (await item(asked, "APOLLO")).is_waiting
    async with asked.database.reading() as session:
        audit = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all()
        project = (await session.exec(select(Project).where(Project.code == "APOLLO"))).one()
    assert [(each.field, each.old, each.new) for each in audit] == [
        ("hold_until", None, "2026-12-03"),
        ("hold_reason", None, "no money"),
        ("hold_until", "2026-12-03", None),
        ("hold_reason", "no money", None),
    ]
    assert (project.hold_until, project.hold_reason) == (None, "")


async def test_the_pmo_hears_once_of_a_project_that_is_not_its_pms(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).disown(ana, request_id, THEN)
    with pytest.raises(NotWantedError, match="The PMO was told already"):
        await service(asked).disown(ana, request_id, THEN)
    told = await asked.message(NotTheirs)
    assert (told.code, told.who) == ("APOLLO", "Ana")
    shown = await item(asked, "APOLLO")
    assert shown.is_disowned
    assert shown.is_waiting


async def test_a_late_not_mine_keeps_why_a_project_is_on_hold(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).hold(ana, request_id, HOLD, THEN)
    await service(asked).disown(ana, request_id, THEN)
    (held,) = await asked.requests("APOLLO")
    assert held.reason.startswith("on hold until 3 Dec: no money; who was asked says")
    with pytest.raises(NotWantedError, match="The PMO was told already"):
        await service(asked).disown(ana, request_id, THEN)


async def test_a_restricted_project_is_disowned_in_private(office: Office) -> None:
    await office.world.configure(pmo={"channel": "C0PMO", "members": []})
    await office.world.project("VAULT", pm="ana", visibility=RESTRICTED)
    await office.tick(NINE)
    ana, request_id = await office.world.viewer("ana"), await office.request_id("VAULT")
    await service(office).disown(ana, request_id, THEN)
    places = [each.place for each in await office.said() if isinstance(each.message, NotTheirs)]
    assert places == [f"person:{office.world.id('dana')}"]


async def test_who_may_not_answer_may_not_put_off_either(asked: Office) -> None:
    erik, request_id = await asked.world.viewer("erik"), await asked.request_id("APOLLO")
    made = service(asked)
    for deed in (
        made.snooze_offer(erik, request_id, THEN),
        made.hand_to_deputy(erik, request_id, THEN),
        made.hold_offer(erik, request_id),
        made.hold(erik, request_id, HOLD, THEN),
        made.resume(erik, request_id, THEN),
        made.disown(erik, request_id, THEN),
    ):
        with pytest.raises(NotAllowedError, match="Only the PM of APOLLO"):
            await deed


async def test_a_deputy_snoozes_what_they_may_answer_and_learns_of_nothing_else(
    asked: Office,
) -> None:
    await asked.world.change("BOREAS", deputy="li", visibility=RESTRICTED)
    ben, request_id = await asked.world.viewer("ben"), await asked.request_id("APOLLO")
    assert (await service(asked).snooze_offer(ben, request_id, THEN)).waiting == 1
    await service(asked).snooze(ben, request_id, at(25, 18), THEN, alone=False)
    assert (await item(asked, "APOLLO")).snoozed_until == at(25, 18)
    assert (await item(asked, "BOREAS")).snoozed_until is None


async def test_a_cycle_whose_only_project_is_on_hold_stays_when_nobody_is_asked_any_more(
    any_office: Office,
) -> None:
    office = any_office
    await office.world.project("APOLLO", pm="ana")
    await office.tick(NINE)
    ana, request_id = await office.world.viewer("ana"), await office.request_id("APOLLO")
    await office.collecting.keep_draft(ana, request_id, {"done": "half a sentence"}, THEN, 0)
    raw = {"hold_until": "2026-11-30", "hold_reason": "no money"}
    await service(office).hold(ana, request_id, raw, THEN)
    await office.world.configure(paused=True)
    await office.tick(THEN + timedelta(minutes=1))
    assert await office.states() == ["excused"]


async def test_a_hold_that_is_over_is_ended_without_touching_what_was_asked_since(
    asked: Office,
) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await service(asked).hand_to_deputy(ana, request_id, THEN)
    await asked.world.change("APOLLO", hold_until=date(2026, 11, 24), hold_reason="no money")
    await service(asked).resume(ana, request_id, THEN)
    assert (await item(asked, "APOLLO", "ben")).reason == "handed to the deputy"


async def test_what_a_hold_had_excused_is_asked_again_on_the_day_after_it(asked: Office) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    raw = {"hold_until": "2026-11-25", "hold_reason": "no money"}
    await service(asked).hold(ana, request_id, raw, THEN)
    await asked.tick(at(26, 4, 59))  # a minute to midnight in New York
    assert (await item(asked, "APOLLO")).state is RequestState.EXCUSED
    for minute in (0, 1):
        await asked.tick(at(26, 5, minute))
        again = await item(asked, "APOLLO")
        assert (again.state, again.hold_until, again.reason) == (RequestState.ASKED, None, "")
    assert again.is_waiting
