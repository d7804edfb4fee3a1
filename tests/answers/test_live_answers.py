"""What the record says to questions, and to whom: the real services over a real database."""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

import pytest

from domain.answers.live.messages import LiveNote, OwnTold, ProjectsTold, ProjectTold, TimesTold
from domain.answers.live.service import LiveService
from domain.answers.live.values import Intent
from domain.answers.shelf import Shelf
from domain.collecting.answering.text.service import Written
from domain.delivery.messages import Message
from domain.health.personal import PersonalService
from message_templates.rendering import render
from models.base import Database
from models.enums import Health, LogKind
from tests.support.clock import FakeClock
from tests.support.handbook import bundled
from tests.support.listing import Registry
from tests.support.looks import assert_slack_takes
from tests.support.meeting import Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import YELLOW, Office

NOON = at(19, 17)
"""Thursday: everybody was asked on Wednesday, and the cut-off is tomorrow."""

M = TypeVar("M", bound=Message)


async def newest() -> Shelf:
    loaded = bundled()
    return Shelf(loaded.handbook, loaded.finder, "v1")


class Counter:
    """People ask by their names."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lists = Registry(world)
        self.office = Office(world)
        self.clock = FakeClock(NOON)
        personal = PersonalService(world.database, world.workspace_id)
        self.service = LiveService(world.database, world.workspace_id, personal, newest, self.clock)

    async def project(self, code: str, **facts: Any) -> None:
        await self.lists.project(code, **facts)

    async def ask(self, name: str, question: str, *, among_others: bool = False) -> Message | None:
        viewer = replace(await self.world.viewer(name), is_among_others=among_others)
        found = await self.service.answer(viewer, question)
        if found is not None:
            assert_slack_takes(render(found))
        return found

    async def told(self, kind: type[M], name: str, question: str, **how: Any) -> M:
        found = await self.ask(name, question, **how)
        assert isinstance(found, kind), found
        return found


@pytest.fixture
async def counter(database: Database, workspace_id: int) -> Counter:
    """APOLLO is planned and reported yellow, BOREALIS is not reported, CERES is restricted."""
    made = Counter(await World.stored(database, workspace_id))
    await made.world.council(STS, members=("li",), chair=None)
    apollo = {"deputy": "ben", "sponsor": "sam", "phase": "planning", "name": "Student Portal"}
    ends = {"baseline_end": date(2027, 3, 3), "forecast_end": date(2027, 3, 15)}
    await made.project("APOLLO", **apollo, **ends)
    await made.project("BOREALIS", pm="zoe", council=STS, name="Learning Records")
    await made.project("CERES", pm="ben", visibility=RESTRICTED, name="Merger")
    await made.office.tick(at(18, 15))
    await made.office.answer("APOLLO", at(18, 16), YELLOW)
    return made


async def test_everybody_is_told_what_they_may_know_and_no_more(counter: Counter) -> None:
    """In one scene: storing it takes longer than all of its questions."""
    await a_report_in_free_text_is_one_and_a_question_is_none(counter)
    await one_project_is_told_with_days_and_sources(counter)
    await a_project_that_one_may_not_see_is_as_unknown_as_one_that_never_was(counter)
    await missing_reports_are_told_to_whom_they_concern(counter)
    await an_order_is_refused_with_who_can_do_it_and_where(counter)
    await a_name_that_means_several_is_asked_back_with_their_codes(counter)


async def test_lists_and_times_follow_the_record(counter: Counter) -> None:
    await projects_are_listed_by_what_the_record_says(counter)
    await what_is_ones_own_is_told_to_oneself_alone(counter)
    await next_digests_and_meetings_come_from_cycles_calendars_and_the_record(counter)


async def a_report_in_free_text_is_one_and_a_question_is_none(counter: Counter) -> None:
    """Who writes to the bot is read as reporting first."""
    ana = await counter.world.viewer("ana")
    for number, (text, is_report) in enumerate(
        [
            ("is Apollo red?", False),
            ("is Apollo red", False),
            ("can you set Apollo to green?", False),
            ("Apollo risks", False),
            ("Apollo is red, vendor late", True),
        ]
    ):
        written = Written(f"Ev{number}", text)
        assert await counter.office.texts.receive(ana, written, NOON) is is_report, text


async def one_project_is_told_with_days_and_sources(counter: Counter) -> None:
    late = await counter.told(ProjectTold, "erik", "is Apollo late?")
    assert (late.topic, late.project.slip_days, late.corrected) == (Intent.LATE, 12, "")
    assert late.project.report is not None
    assert late.project.report.health is Health.YELLOW
    assert late.project.report.opens_on == date(2026, 11, 18)
    shown = late.clause.shown
    assert shown is not None
    assert (shown.section_id, late.clause.is_whole) == ("kpi:schedule-variance#definition", False)
    pm = await counter.told(ProjectTold, "erik", "who's the PM of Apolo")
    assert (pm.project.pm.name, pm.corrected) == ("Ana", "APOLLO")
    assert await counter.ask("erik", "what is a late project?") is None


async def test_what_a_project_needs_is_the_handbooks_clause_and_what_stands_in_the_way(
    counter: Counter,
) -> None:
    lists = counter.lists
    await lists.add(LogKind.DECISION, "Which vendor", due_on=date(2026, 12, 1))
    await lists.add(LogKind.MILESTONE, "Design", due_on=date(2026, 11, 10))
    await lists.add(LogKind.MILESTONE, "Go-live", due_on=date(2027, 3, 1))
    await lists.add(LogKind.RISK, "No staff", likelihood=5, impact=5)
    await lists.add(LogKind.RISK, "Rain", likelihood=1, impact=1)
    taken = await lists.add(LogKind.DECISION, "Which cloud")
    await lists.save("ana", taken, state="done", note="The first")
    await lists_of_several_projects_are_told_together(counter)
    needs = await counter.told(ProjectTold, "erik", "what does Apollo need to leave planning?")
    assert [each.title for each in needs.entries] == ["Design", "Which vendor", "No staff"]
    assert needs.clause.is_whole
    assert needs.clause.shown is not None
    assert needs.clause.shown.section_id == "phase:planning#exit-criteria"
    risks = await counter.told(ProjectTold, "erik", "top risks of Apollo")
    assert [each.title for each in risks.entries] == ["No staff", "Rain"]
    decided = await counter.told(ProjectTold, "erik", "what did the council decide about Apollo?")
    assert [each.note for each in decided.closed] == ["The first"]
    assert [each.title for each in decided.entries] == ["Which vendor"]
    raid = await counter.told(ProjectTold, "erik", "raid log of Apollo")
    assert [each.ref for each in raid.entries] == ["R-1", "R-2", "D-1"]
    late = await counter.told(ProjectTold, "erik", "is Apollo on track?")
    assert [each.title for each in late.entries] == ["Design"]
    coming = await counter.told(ProjectTold, "erik", "next milestone of Apollo")
    assert [each.title for each in coming.entries] == ["Design"]


async def lists_of_several_projects_are_told_together(counter: Counter) -> None:
    mine = await counter.told(OwnTold, "carol", "what do I have to decide?")
    assert [(each.code, each.title) for each in mine.entries] == [("APOLLO", "Which vendor")]
    assert (await counter.told(OwnTold, "erik", "what do I have to decide?")).entries == ()
    order = await counter.told(LiveNote, "carol", "approve d-1 of Apollo")
    assert order.entry is not None
    assert order.entry.title == "Which vendor"
    every = await counter.told(OwnTold, "erik", "top risks across all projects")
    assert [each.title for each in every.entries] == ["No staff", "Rain"]


async def a_project_that_one_may_not_see_is_as_unknown_as_one_that_never_was(
    counter: Counter,
) -> None:
    for question in ("is {} late?", "who is the PM of {}?", "status of {}"):
        secret = await counter.ask("erik", question.format("CERES"))
        assert secret == LiveNote("unknown", "CERES")
        assert await counter.ask("erik", question.format("ZEPHYR")) == LiveNote("unknown", "ZEPHYR")
    assert await counter.ask("erik", "is Ceras late?") == LiveNote("unknown", "Ceras")
    assert await counter.ask("erik", "is Merger late?") == LiveNote("unknown", "Merger")
    known = await counter.told(ProjectTold, "carol", "is CERES late?")
    assert known.project.code == "CERES"
    assert isinstance(await counter.ask("carol", "is CERES late?", among_others=True), LiveNote)
    assert isinstance(await counter.ask("gus", "is Apollo late?"), LiveNote)
    everything = await counter.told(ProjectsTold, "erik", "how many projects do we have?")
    assert (len(everything.lines), everything.of) == (2, 2)


async def a_name_that_means_several_is_asked_back_with_their_codes(counter: Counter) -> None:
    await counter.project("PORTAL-2", name="Alumni Portal")
    note = await counter.told(LiveNote, "erik", "is the portal late?")
    assert (note.about, note.name) == ("which", "the portal")
    assert [each.question for each in note.options] == ["is APOLLO late?", "is PORTAL-2 late?"]


async def missing_reports_are_told_to_whom_they_concern(counter: Counter) -> None:
    async def missing(name: str, question: str = "which reports are missing?") -> list[str]:
        found = await counter.told(ProjectsTold, name, question)
        return [each.code for each in found.lines]

    assert await missing("dana") == ["BOREALIS", "CERES"]
    assert await missing("dana", "which reports are missing for the STS council?") == ["BOREALIS"]
    assert await missing("carol") == ["CERES"]
    assert await missing("zoe") == ["BOREALIS"]
    assert await missing("ana") == []
    for name, among_others in (("erik", False), ("dana", True), ("zoe", True)):
        question = "who hasn't reported yet?"
        note = await counter.told(LiveNote, name, question, among_others=among_others)
        assert note.about == "reports"


async def projects_are_listed_by_what_the_record_says(counter: Counter) -> None:
    async def found(question: str, name: str = "erik") -> list[str]:
        return [each.code for each in (await counter.told(ProjectsTold, name, question)).lines]

    assert await found("which projects are yellow?") == ["APOLLO"]
    assert await found("which projects are red?") == []
    assert await found("which projects are late?") == ["APOLLO"]
    assert await found("how many projects are in execution?") == ["BOREALIS"]
    assert await found("projects in STS Council") == ["BOREALIS"]
    assert await found("which projects are without a report?") == ["BOREALIS"]
    assert await found("any projects in trouble?") == ["APOLLO"]
    assert await found("which projects are restricted?", "dana") == ["CERES"]
    assert await found("which projects are over budget?") == []
    assert await found("anything yellow in my council?", "carol") == ["APOLLO"]
    assert await found("anything yellow in my council?", "li") == []
    await untold_questions_give_examples_that_are_understood(counter)
    assert await found("which projects does Sam sponsor?") == ["APOLLO"]
    assert await found("which projects does Ben run?") == ["APOLLO"]
    assert await found("which projects does Ben run?", "ben") == ["APOLLO", "CERES"]
    assert await found("my projects", "zoe") == ["BOREALIS"]
    until = {"hold_until": date(2026, 12, 24), "hold_reason": "Audit"}
    await counter.world.change("BOREALIS", **until)
    assert await found("which projects are on hold?") == ["BOREALIS"]
    status = await counter.told(ProjectTold, "erik", "how is Borealis?")
    assert status.project.hold_reason == "Audit"
    await counter.world.change("BOREALIS", hold_until=None)


async def untold_questions_give_examples_that_are_understood(counter: Counter) -> None:
    note = await counter.told(LiveNote, "erik", "which security projects are there?")
    assert note.about == "untold"
    for each in note.options:
        assert getattr(await counter.ask("dana", each.question), "about", "") != "untold"
    note = await counter.told(LiveNote, "erik", "¿Está atrasado el proyecto APOLLO?")
    assert (note.about, note.name) == ("english", "APOLLO")
    assert await counter.ask("erik", "¿Está atrasado el proyecto CERES?") is None


async def what_is_ones_own_is_told_to_oneself_alone(counter: Counter) -> None:
    await counter.lists.add(LogKind.ACTION, "Call them", owner="zoe", due_on=date(2026, 11, 27))
    due = await counter.told(OwnTold, "zoe", "when is my report due?")
    assert [each.code for each in due.reports] == ["BOREALIS"]
    assert due.reports[0].cut_off_at == at(20, 20)
    actions = await counter.told(OwnTold, "zoe", "show me my open actions")
    assert [each.title for each in actions.entries] == ["Call them"]
    asked = await counter.told(OwnTold, "ana", "when will you ask me next?")
    assert (asked.reports, asked.next_ask, asked.next_councils) == ((), at(25, 14), (ITS,))
    for question in ("when is my report due?", "my open actions", "my projects"):
        note = await counter.told(LiveNote, "zoe", question, among_others=True)
        assert note.about == "private"


async def next_digests_and_meetings_come_from_cycles_calendars_and_the_record(
    counter: Counter,
) -> None:
    digests = await counter.told(TimesTold, "erik", "when is the next digest?")
    assert [(each.council, each.at) for each in digests.times] == [
        (ITS, at(23, 13)),
        (STS, at(23, 13)),
    ]
    counter.clock.advance(days=5)
    await counter.world.drop_calendar(STS)
    later = await counter.told(TimesTold, "erik", "next digest")
    assert ([each.at for each in later.times], later.without) == ([at(30, 13)], (STS,))
    nothing = await counter.told(TimesTold, "carol", "when is the next council meeting?")
    assert (nothing.times, nothing.clause.is_whole) == ((), True)
    council = {"name": ITS, "channel": "its", "members": ["carol@example.edu"]}
    meetings = {"rule": "FREQ=MONTHLY;BYDAY=1TH", "at": "14:00"}
    await counter.world.configure(councils=[{**council, "meetings": meetings}])
    assert await Secretary(counter.world).planner.plan(counter.clock.now())
    meeting = await counter.told(TimesTold, "carol", "when is the next council meeting?")
    assert [each.at for each in meeting.times] == [at(3, 19, month=12)]


async def an_order_is_refused_with_who_can_do_it_and_where(counter: Counter) -> None:
    note = await counter.told(LiveNote, "erik", "can you set Apollo to green?")
    assert (note.about, note.name, note.pm) == ("order_colour", "APOLLO", "Ana")
    assert (await counter.told(LiveNote, "erik", "approve my change")).name == ""
