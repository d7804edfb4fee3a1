"""What somebody writes in free text: told back, confirmed, completed, discarded, overtaken."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from domain.collecting.answering.text.service import LOOK_BACK, NeedsForm, Written
from domain.collecting.answering.text_messages import TextItem, TextRead
from domain.collecting.errors import NotWantedError
from domain.errors import NotAllowedError, NotFoundError
from models.collecting import StatusReport, WrittenReport
from models.enums import DraftSource, Health, LogKind, ReportSource, RequestState, TextState
from models.logs import LogEntry
from tests.support.portfolio import RESTRICTED, at
from tests.support.reporting import GREEN, YELLOW, Office

NINE = at(25, 14)
"""Nine o'clock in New York on the ask day."""
THEN = at(26, 15, 40)
LATE = at(28, 15)
NEXT_CYCLE = at(2, 14, month=12)

WHOLE = "green, UAT finished, next: go-live"


@pytest.fixture
async def asked(office: Office) -> Office:
    return await _ask(office)


@pytest.fixture
async def asked_on_any(any_office: Office) -> Office:
    return await _ask(any_office)


async def _ask(office: Office) -> Office:
    await office.world.project("APOLLO", pm="ana", deputy="ben", name="Student Portal")
    await office.world.project("BOREAS", pm="ana", name="Learning Records")
    await office.world.project("DELTA", pm="li", name="Data Warehouse")
    await office.tick(NINE)
    return office


async def write(
    office: Office, text: str, by: str = "ana", event_id: str = "E1", thread_ts: str | None = None
) -> bool:
    viewer = await office.world.viewer(by)
    return await office.texts.receive(viewer, Written(event_id, text, thread_ts), THEN)


async def told(office: Office, event_id: str = "E1") -> TextRead:
    return await office.message(TextRead, f"text:{event_id}")


async def items(office: Office, event_id: str = "E1") -> dict[str, TextItem]:
    return {each.code: each for each in (await told(office, event_id)).items}


async def confirm(office: Office, item: TextItem, by: str = "ana") -> NeedsForm | str | None:
    viewer = await office.world.viewer(by)
    return await office.texts.confirm(viewer, item.number, THEN)


async def draft(office: Office, code: str, by: str = "ana") -> dict[str, str] | None:
    form = await office.collecting.form(
        await office.world.viewer(by), await office.request_id(code), THEN
    )
    if form.draft is None:
        return None
    assert form.draft.source is DraftSource.TEXT
    return dict(form.draft.typed)


async def test_what_is_understood_is_told_and_nothing_is_reported(asked_on_any: Office) -> None:
    office = asked_on_any
    assert await write(office, f"Apollo: {WHOLE}; Boreas yellow, vendor late; Zeus: red, x")
    message = await told(office)
    apollo, boreas = message.items
    assert (apollo.code, apollo.health, apollo.answers, apollo.lacks) == (
        "APOLLO",
        Health.GREEN,
        (("done", "UAT finished"), ("next", "go-live")),
        (),
    )
    assert (boreas.code, boreas.health, boreas.answers) == (
        "BOREAS",
        Health.YELLOW,
        (("why", "vendor late"),),
    )
    assert boreas.lacks == (
        "Done since the last report is needed.",
        "Planned next is needed.",
    )
    assert message.unclear == ("Zeus: red, x",)
    assert await office.reports() == []
    assert await office.states() == ["asked"] * 3


async def test_an_event_that_comes_again_is_told_once(asked_on_any: Office) -> None:
    for _time in range(2):
        assert await write(asked_on_any, f"Apollo: {WHOLE}")
    assert len(await asked_on_any.messages(TextRead)) == 1
    assert (await items(asked_on_any))["APOLLO"].state is TextState.OPEN


async def test_a_word_of_its_author_makes_it_a_report(asked_on_any: Office) -> None:
    office = asked_on_any
    await write(office, f"Apollo: {WHOLE}")
    assert await confirm(office, (await items(office))["APOLLO"]) is None
    (report,) = await office.reports()
    assert (report.source, report.health, report.done, report.next) == (
        ReportSource.TEXT,
        Health.GREEN,
        "UAT finished",
        "go-live",
    )
    assert report.phase == "execution"
    assert (await office.requests("APOLLO"))[0].state is RequestState.ANSWERED
    assert (await items(office))["APOLLO"].state is TextState.KEPT
    assert await draft(office, "APOLLO") is None
    again = await confirm(office, (await items(office))["APOLLO"])
    assert again == "You have confirmed this already: it is reported."
    assert len(await office.reports()) == 1


async def test_what_lacks_something_opens_the_form_with_it(asked: Office) -> None:
    await write(asked, "Apollo: yellow, vendor late")
    outcome = await confirm(asked, (await items(asked))["APOLLO"])
    assert outcome == NeedsForm(
        await asked.request_id("APOLLO"),
        "Done since the last report is needed. Planned next is needed.",
    )
    assert await draft(asked, "APOLLO") == {"health": "Yellow", "why": "vendor late"}
    assert await asked.reports() == []


async def test_all_that_is_complete_is_confirmed_at_once(asked: Office) -> None:
    await asked.world.project("CERES", pm="ana")
    await asked.tick(NINE)
    await write(asked, f"Apollo and Boreas: {WHOLE}\nCeres: green")
    found = await items(asked)
    viewer = await asked.world.viewer("ana")
    await asked.texts.confirm_all(viewer, found["APOLLO"].number, THEN)
    states = {code: each.state for code, each in (await items(asked)).items()}
    assert states == {
        "APOLLO": TextState.KEPT,
        "BOREAS": TextState.KEPT,
        "CERES": TextState.OPEN,
    }
    assert len(await asked.reports()) == 2


async def test_what_is_discarded_leaves_nothing(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    item = (await items(asked))["APOLLO"]
    viewer = await asked.world.viewer("ana")
    assert await asked.texts.discard(viewer, item.number, THEN) is None
    assert await draft(asked, "APOLLO") is None
    assert (await items(asked))["APOLLO"].state is TextState.DISCARDED
    assert str(await confirm(asked, item)).startswith("You have discarded this.")
    assert str(await asked.texts.discard(viewer, item.number, THEN)).startswith("You have disc")
    assert await asked.reports() == []


async def test_nobody_but_its_author_may_press(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    number = (await items(asked))["APOLLO"].number
    for name in ("ben", "dana", "erik"):
        viewer = await asked.world.viewer(name)
        with pytest.raises(NotAllowedError, match="Only Ana, who wrote it"):
            await asked.texts.confirm(viewer, number, THEN)
        with pytest.raises(NotAllowedError, match="Only Ana, who wrote it"):
            await asked.texts.discard(viewer, number, THEN)
        with pytest.raises(NotAllowedError, match="Only Ana, who wrote it"):
            await asked.texts.to_form(viewer, number, THEN)
    with pytest.raises(NotFoundError, match="This text is not there any more"):
        await asked.texts.confirm(await asked.world.viewer("ana"), 999, THEN)


async def test_what_somebody_else_answered_meanwhile_is_not_overwritten(
    asked_on_any: Office,
) -> None:
    office = asked_on_any
    await write(office, f"Apollo: {WHOLE}")
    await office.answer("APOLLO", THEN, YELLOW, by="ben")
    item = (await items(office))["APOLLO"]
    assert (item.state, item.note) == (
        TextState.ANSWERED,
        "Ben has answered for APOLLO meanwhile.",
    )
    assert "nothing was overwritten" in str(await confirm(office, item))
    assert [each.health for each in await office.reports()] == [Health.YELLOW]
    request_id = await office.texts.to_form(await office.world.viewer("ana"), item.number, THEN)
    assert request_id == await office.request_id("APOLLO")
    assert (await draft(office, "APOLLO") or {})["done"] == "UAT finished"


async def test_an_answer_that_the_text_did_not_see_is_noticed_at_the_latest_when_confirmed(
    asked: Office,
) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    number = (await items(asked))["APOLLO"].number
    async with asked.database.writing() as session:
        (await session.get_one(WrittenReport, number)).base_version = 7
    assert "nothing was overwritten" in str(await confirm(asked, (await items(asked))["APOLLO"]))
    assert (await items(asked))["APOLLO"].state is TextState.ANSWERED
    assert await asked.reports() == []


async def test_what_its_author_sends_by_the_form_closes_the_text(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    await asked.answer("APOLLO", THEN, GREEN)
    item = (await items(asked))["APOLLO"]
    assert (item.state, item.note) == (TextState.ANSWERED, "")


async def test_who_writes_more_completes_what_they_wrote(asked: Office) -> None:
    await write(asked, "Apollo: green, UAT finished")
    await write(asked, "Apollo: green, next: go-live", event_id="E2")
    assert (await items(asked))["APOLLO"].state is TextState.REPLACED
    item = (await items(asked, "E2"))["APOLLO"]
    assert item.answers == (("done", "UAT finished"), ("next", "go-live"))
    assert str(await confirm(asked, (await items(asked))["APOLLO"])).startswith("You have written")
    assert await confirm(asked, item) is None


async def test_who_writes_more_of_the_same_answer_adds_to_it(asked: Office) -> None:
    await write(asked, "Apollo: yellow, Pat is late, risk: rain, milestone: Go-live 2027-03-03")
    await write(asked, "Apollo: red, Kim is ill, next: hire, risk: rain", event_id="E2")
    both = {
        "health": "Red",
        "why": "Pat is late\nKim is ill",
        "risks": "rain",
        "next": "hire",
        "milestone": "Go-live",
        "milestone_forecast": "2027-03-03",
    }
    assert await draft(asked, "APOLLO") == both
    await write(asked, "Apollo: red, milestone: Pilot", event_id="E3")
    item = (await items(asked, "E3"))["APOLLO"]
    assert item.health is Health.RED
    assert dict(item.answers) == {
        name: "Pilot" if name == "milestone" else text
        for name, text in both.items()
        if name not in ("health", "milestone_forecast")
    }


async def test_who_changes_the_colour_takes_back_what_belonged_to_it(asked: Office) -> None:
    await write(asked, "Apollo: yellow, vendor late, risk: rain")
    await write(asked, f"Apollo: {WHOLE}", event_id="E2")
    item = (await items(asked, "E2"))["APOLLO"]
    assert dict(item.answers) == {"done": "UAT finished", "next": "go-live", "risks": "rain"}


async def test_a_name_that_means_several_is_asked_back(asked_on_any: Office) -> None:
    office = asked_on_any
    await office.world.project("CERES", pm="ana", name="Records Archive")
    await office.tick(NINE)
    await write(office, f"Records: {WHOLE}")
    (item,) = (await told(office)).items
    assert [each.code for each in item.choices] == ["BOREAS", "CERES"]
    assert not item.can_be_confirmed
    assert await confirm(office, item) == "Say first which project you mean."
    viewer = await office.world.viewer("ana")
    with pytest.raises(NotFoundError, match="Say first which project you mean"):
        await office.texts.to_form(viewer, item.number, THEN)
    chosen = item.choices[1].request_id
    assert await office.texts.choose(viewer, item.number, chosen, THEN) is None
    (item,) = (await told(office)).items
    assert (item.code, item.choices, item.can_be_confirmed) == ("CERES", (), True)
    again = await office.texts.choose(viewer, item.number, chosen, THEN)
    assert again == "You have said which project you mean already."
    assert await confirm(office, item) is None
    assert (await office.reports())[0].request_id == chosen


async def test_nobody_may_choose_a_project_that_is_not_theirs(asked: Office) -> None:
    await write(asked, WHOLE)
    (item,) = (await told(asked)).items
    viewer = await asked.world.viewer("ana")
    with pytest.raises(NotAllowedError, match=r"Only the PM of DELTA \(Li\)"):
        await asked.texts.choose(viewer, item.number, await asked.request_id("DELTA"), THEN)


async def test_who_has_one_project_need_not_name_it(asked: Office) -> None:
    await write(asked, WHOLE, by="li")
    assert list(await items(asked)) == ["DELTA"]


async def test_a_project_of_others_is_refused_with_the_reason(asked: Office) -> None:
    await asked.world.project("GAIA", pm="ana", phase="qualification")
    await asked.world.project("NOVA", pm="ana")
    await write(asked, "Delta: red; Gaia: red; Nova: red")
    message = await told(asked)
    assert message.items == ()
    assert message.refused == (
        "Only the PM of DELTA (Li), the deputy and the PMO can report on it.",
        "GAIA is in qualification, and nobody is asked for its status.",
        (
            "NOVA is not due: nobody was asked for it yet. "
            "I ask for it on the next reporting day of its council."
        ),
    )


async def test_a_project_that_is_planned_tells_when_it_is_asked(office: Office) -> None:
    await office.world.project("APOLLO", pm="ana")
    await office.tick(at(25, 5))
    await write(office, f"Apollo: {WHOLE}")
    (reason,) = (await told(office)).refused
    assert reason.endswith("I ask for it on Wed 25 Nov at 09:00.")


async def test_a_restricted_project_of_others_is_no_project(asked: Office) -> None:
    await asked.world.project("VAULT", pm="li", visibility=RESTRICTED)
    await asked.tick(NINE)
    assert not await write(asked, "Vault: red, broken")
    assert not await write(asked, "Vault: red, broken", by="erik", event_id="E2")


async def test_the_pmo_names_any_project_by_its_code_and_may_report_on_it(asked: Office) -> None:
    await write(asked, f"DELTA: {WHOLE}", by="dana")
    item = (await items(asked))["DELTA"]
    assert await confirm(asked, item, by="dana") is None
    assert (await asked.reports())[0].author_id == asked.world.id("dana")


async def test_a_correction_changes_only_what_it_names(asked: Office) -> None:
    await asked.answer("APOLLO", THEN, {**YELLOW, "risks": "Rain", "milestone": "Go-live"})
    await write(asked, "Apollo: yellow, next: party")
    item = (await items(asked))["APOLLO"]
    assert (item.version, item.kept, item.lacks) == (1, (), ())
    assert await confirm(asked, item) is None
    report = (await asked.reports())[-1]
    assert (report.version, report.next, report.done, report.why) == (
        2,
        "party",
        YELLOW["done"],
        YELLOW["why"],
    )
    assert (report.risks, report.milestone) == ("Rain", "Go-live")


async def test_a_colours_own_answers_go_with_it(asked: Office) -> None:
    await asked.answer("APOLLO", THEN, YELLOW)
    await write(asked, "Apollo: green")
    assert await confirm(asked, (await items(asked))["APOLLO"]) is None
    report = (await asked.reports())[-1]
    assert (report.health, report.why, report.done) == (Health.GREEN, "", YELLOW["done"])


async def test_in_a_new_period_only_what_holds_on_stays(asked: Office) -> None:
    first = {
        **GREEN,
        "risks": "Rain",
        "milestone": "Go-live",
        "milestone_forecast": "2027-03-03",
        "percent_complete": "40",
        "schedule": "yellow",
        "budget": "green",
        "spent": "1,250,000.50",
        "cost_forecast": "2000000",
    }
    await asked.answer("APOLLO", THEN, first)
    await asked.ticks(at(27, 21), at(2, 14, month=12))
    viewer = await asked.world.viewer("ana")
    text = "Apollo: yellow, vendor late, done: UAT finished, next: go-live, budget: yellow"
    now = at(2, 15, month=12)
    await asked.texts.receive(viewer, Written("E1", text), now)
    item = (await items(asked))["APOLLO"]
    assert item.kept == (
        ("schedule", "yellow"),
        ("milestone", "Go-live"),
        ("milestone_forecast", "2027-03-03"),
        ("percent_complete", "40"),
        ("spent", "1250000.50"),
        ("cost_forecast", "2000000.00"),
        ("risks", "Rain"),
    )
    assert await asked.texts.confirm(viewer, item.number, now) is None
    report = (await asked.reports())[-1]
    assert (report.milestone_forecast, report.risks) == (date(2027, 3, 3), "Rain")
    assert (report.percent_complete, report.done) == (40, "UAT finished")
    assert (report.schedule, report.budget) == (Health.YELLOW, Health.YELLOW)
    assert (report.spent, report.cost_forecast) == (Decimal("1250000.50"), Decimal(2000000))


async def test_a_due_action_is_answered_in_the_form(asked: Office) -> None:
    async with asked.database.writing() as session:
        project_id = (await asked.requests("APOLLO"))[0].project_id
        session.add(
            LogEntry(
                workspace_id=asked.world.workspace_id,
                project_id=project_id,
                kind=LogKind.ACTION,
                number=1,
                title="Book the room",
                due_on=date(2026, 11, 27),
                opened_at=NINE,
            )
        )
    await write(asked, f"Apollo: {WHOLE}")
    assert "A-1: say what came of it." in (await items(asked))["APOLLO"].lacks


async def test_a_milestone_in_the_past_is_mended_in_the_form(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}, milestone: Go-live 2026-11-01")
    item = (await items(asked))["APOLLO"]
    assert len(item.lacks) == 1
    assert isinstance(await confirm(asked, item), NeedsForm)


async def test_after_the_cut_off_it_is_late_and_said_so(asked: Office) -> None:
    await asked.tick(at(27, 21))
    viewer = await asked.world.viewer("ana")
    await asked.texts.receive(viewer, Written("E1", f"Apollo: {WHOLE}"), LATE)
    item = (await items(asked))["APOLLO"]
    assert item.is_late
    await asked.texts.confirm(viewer, item.number, LATE)
    assert (await asked.requests("APOLLO"))[0].state is RequestState.LATE


@pytest.mark.parametrize("text", ["hello", "How is Apollo?", "Is Apollo green?", "", "thanks"])
async def test_what_is_no_report_is_left_to_others(asked: Office, text: str) -> None:
    assert not await write(asked, text)
    assert await asked.messages(TextRead) == []


async def test_who_has_nothing_to_report_on_is_left_to_others(asked: Office) -> None:
    assert not await write(asked, WHOLE, by="erik")


async def test_an_earlier_draft_is_kept_under_what_is_written(asked: Office) -> None:
    await write(asked, "Apollo: yellow, vendor late, risk: rain")
    await write(asked, "Apollo: green, UAT finished", event_id="E2")
    assert await draft(asked, "APOLLO") == {
        "health": "Green",
        "why": "vendor late",
        "risks": "rain",
        "done": "UAT finished",
    }


async def test_a_project_on_hold_is_refused_with_the_reason(asked: Office) -> None:
    await write(asked, f"Boreas: {WHOLE}")
    item = (await items(asked))["BOREAS"]
    hold = {"hold_until": date(2026, 12, 24), "hold_reason": "no money"}
    await asked.world.change("APOLLO", **hold)
    await asked.world.change("BOREAS", **hold)
    await write(asked, f"Apollo: {WHOLE}", event_id="E2")
    (reason,) = (await told(asked, "E2")).refused
    assert reason.startswith("APOLLO is on hold until 24 Dec: no money.")
    with pytest.raises(NotWantedError, match="BOREAS is on hold until 24 Dec"):
        await confirm(asked, item)


async def test_a_text_of_an_older_request_opens_the_form_of_the_newest(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    await asked.ticks(at(27, 21), at(2, 14, month=12))
    viewer, now = await asked.world.viewer("ana"), at(2, 15, month=12)
    item = (await items(asked))["APOLLO"]
    newest = await asked.request_id("APOLLO")
    outcome = await asked.texts.confirm(viewer, item.number, now)
    assert outcome == NeedsForm(
        newest, "This is the request of 2 Dec; your message of 25 Nov is over."
    )
    form = await asked.collecting.form(viewer, newest, now)
    assert form.draft is not None
    assert form.draft.typed["done"] == "UAT finished"


async def test_a_correction_in_free_text_keeps_what_only_the_form_asks_for(asked: Office) -> None:
    met = {"milestone": "UAT", "milestone_forecast": "2026-11-20", "milestone_met": "met"}
    await asked.answer("APOLLO", NINE, {**GREEN, **met})
    async with asked.database.writing() as session:
        (first,) = (await session.exec(select(StatusReport))).all()
        first.extra = {"Are all deliverables accepted?": "Yes"}
        first.promises = [{"text": "Test", "outcome": "done", "note": ""}]
    await write(asked, "Apollo: green, done: all of UAT")
    assert await confirm(asked, (await items(asked))["APOLLO"]) is None
    report = next(each for each in await asked.reports() if each.version == 2)
    assert (report.done, report.milestone, report.milestone_met) == ("all of UAT", "UAT", True)
    assert (report.extra, report.promises) == (first.extra, first.promises)


async def test_what_was_typed_into_the_form_outlives_a_text_that_is_discarded(
    asked: Office,
) -> None:
    ana, request_id = await asked.world.viewer("ana"), await asked.request_id("APOLLO")
    await asked.collecting.keep_draft(ana, request_id, {"risks": "half a sentence"}, NINE, 0)
    await write(asked, f"Apollo: {WHOLE}")
    await asked.texts.discard(ana, (await items(asked))["APOLLO"].number, THEN)
    assert await draft(asked, "APOLLO") == {"phase": "", "risks": "half a sentence"}


async def test_the_form_of_a_newer_request_opens_with_what_was_written_for_the_older_one(
    asked: Office,
) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    number = (await items(asked))["APOLLO"].number
    await asked.ticks(at(27, 21), NEXT_CYCLE)
    ana = await asked.world.viewer("ana")
    request_id = await asked.texts.to_form(ana, number, NEXT_CYCLE)
    form = await asked.collecting.form(ana, request_id, NEXT_CYCLE)
    assert (form.request_id, form.opens_on) == (request_id, date(2026, 12, 2))
    assert form.draft is not None
    assert form.draft.typed["done"] == "UAT finished"


async def test_a_text_that_is_long_over_is_forgotten(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}")
    await asked.collecting.forget_drafts(THEN + LOOK_BACK)
    item = (await items(asked))["APOLLO"]
    ana = await asked.world.viewer("ana")
    assert await asked.texts.to_form(ana, item.number, THEN) == await asked.request_id("APOLLO")
    await asked.collecting.forget_drafts(THEN + LOOK_BACK + timedelta(days=1))
    with pytest.raises(NotFoundError, match="Write it again"):
        await confirm(asked, item)


async def test_one_text_that_is_refused_keeps_no_other_from_being_reported(asked: Office) -> None:
    await write(asked, f"Apollo: {WHOLE}; Boreas: {WHOLE}")
    number = (await items(asked))["APOLLO"].number
    await asked.world.change("APOLLO", hold_until=date(2026, 12, 24), hold_reason="no money")
    with pytest.raises(NotWantedError, match="APOLLO is on hold"):
        await asked.texts.confirm_all(await asked.world.viewer("ana"), number, THEN)
    (report,) = await asked.reports()
    assert report.request_id == await asked.request_id("BOREAS")
