"""Decisions are found, read, corrected and exported by who may; and how councils do."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.logbook.service import LogbookService
from domain.meetings.logbook.values import DecisionLine
from message_templates.meetings.decision import decision_table
from models.enums import LogKind, Outcome
from models.logs import LogEntry
from tests.support.actions import Clerk, give
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, at

WORDING = {"question": "Go live?", "reason": "", "dissent": "", "interests": ""}


class Library:
    """The decision log, and a clerk who fills it."""

    def __init__(self, secretary: Secretary) -> None:
        self.clerk, self.world, self.secretary = Clerk(secretary), secretary.world, secretary
        self.service = LogbookService(
            self.world.database, self.world.workspace_id, secretary.outbox, secretary.voices
        )

    async def refs(self, text: str = "", name: str = "carol") -> list[str]:
        found = await self.service.found(await self.world.viewer(name), text)
        return [each.ref for each in found.lines]


@pytest.fixture
def library(secretary: Secretary) -> Library:
    return Library(secretary)


async def test_decisions_are_found_by_council_project_words_and_day(
    any_secretary: Secretary,
) -> None:
    library = Library(any_secretary)
    apollo = await library.world.project("APOLLO")
    decide = library.clerk.decision
    await decide(question="Sign the contract?", reason="The vendor is cheap", project_id=apollo)
    await decide(question="Hire?", conditions=["A vendor signs"], decided_at=at(26, 15))
    await decide(question="Move?", dissent="Omar: too early", decided_at=at(27, 15))
    for text, refs in (
        ("", ["D-3", "D-2", "D-1"]),
        ("its council", ["D-3", "D-2", "D-1"]),
        ("apollo", ["D-1"]),
        ("vendors hired", ["D-2"]),
        ("ITS Council early since 2026-11-27", ["D-3"]),
        ("since 2026-11-26", ["D-3", "D-2"]),
        ("d-2", ["D-2"]),
        ("nothing of it", []),
    ):
        assert await library.refs(text) == refs, text


async def test_what_somebody_may_not_see_is_nowhere_in_the_log(library: Library) -> None:
    world = library.world
    nova = await world.project("NOVA", visibility=RESTRICTED)
    await world.project("APOLLO")
    hidden = await library.clerk.decision(question="Buy it?", project_id=nova)
    await library.clerk.decision(question="Wait for Nova?")
    await library.clerk.decision(question="Go live?")
    await library.clerk.decision(question="What first?", options=["Nova", "Rest"], chosen="Rest")
    assert await library.refs(name="carol") == ["D-4", "D-3", "D-2", "D-1"]
    assert await library.refs(name="erik") == ["D-3"]
    assert await library.refs("nova", name="erik") == []
    assert await library.refs(name="gus") == []
    with pytest.raises(NotFoundError):
        await library.service.card(await world.viewer("erik"), hidden.pk)


async def test_a_card_has_its_actions_its_meeting_and_how_long_it_took(library: Library) -> None:
    meeting = await library.secretary.first()
    decision = await library.clerk.decision(
        question="Go?",
        outcome=Outcome.CONDITIONAL,
        meeting_id=meeting.pk,
        needed_since=date(2026, 11, 18),
        votes_for=3,
        votes_against=1,
    )
    await give(library.secretary, decision=decision, is_condition=True)
    card = await library.service.card(await library.world.viewer("omar"), decision.pk)
    line = card.line
    assert (line.latency, line.meeting_on, line.votes) == (5, date(2026, 12, 3), (3, 1, 0))
    assert [(each.ref, each.decision, each.is_condition) for each in card.actions] == [
        ("A-1", "D-1", True)
    ]
    assert (card.may_correct, card.minutes) == (False, "")


async def test_a_corrected_wording_leaves_the_old_one_in_sight_and_what_was_decided_alone(
    any_secretary: Secretary,
) -> None:
    library = Library(any_secretary)
    meeting = await any_secretary.first()
    decision = await library.clerk.decision(meeting_id=meeting.pk, reason="Cheap")
    own = {**WORDING, "reason": "Cheap"}
    again: list[int] = []

    async def voice(_session: Any, about: Any, _now: Any) -> None:
        again.append(about.meeting.pk)

    any_secretary.voices.add(voice)
    carol = await library.world.viewer("carol")
    card = await library.service.correct(carol, decision.pk, 1, {"question": "Go live?"}, NOON)
    assert (card.line.question, card.line.reason) == ("Go live?", "Cheap")
    assert card.line.is_corrected
    (correction,) = card.corrections
    assert (correction.who, correction.old, correction.new) == ("Carol", "Go?", "Go live?")
    late = {**own, "question": "Stop?"}
    stale = await library.service.correct(carol, decision.pk, 1, late, NOON)
    assert (stale.is_stale, stale.line.question) == (True, "Go live?")
    same = await library.service.correct(carol, decision.pk, 1, own, NOON)
    assert (same.is_stale, len(same.corrections)) == (False, 1)
    assert again == [meeting.pk]


async def test_only_chair_and_pmo_correct_and_what_was_taken_out_stays_hidden(
    library: Library,
) -> None:
    world = library.world
    await world.project("NOVA", visibility=RESTRICTED)
    await world.project("APOLLO")
    decision = await library.clerk.decision(question="Buy Nova?")
    omar, dana = await world.viewer("omar"), await world.viewer("dana")
    with pytest.raises(NotAllowedError, match="Only who chairs ITS Council and the PMO"):
        await library.service.correct(omar, decision.pk, 1, WORDING, NOON)
    with pytest.raises(FieldErrors):
        await library.service.correct(dana, decision.pk, 1, {"question": " "}, NOON)
    corrected = await library.service.correct(dana, decision.pk, 1, WORDING, NOON)
    assert len(corrected.corrections) == 1
    assert not (await library.service.card(await world.viewer("erik"), decision.pk)).corrections


async def test_a_file_has_what_its_reader_may_see_and_runs_nothing(library: Library) -> None:
    await library.clerk.decision(question="=1+1", needed_since=date(2026, 11, 18))
    assert await library.service.send_file(await library.world.viewer("omar"), "", NOON) == 1
    (row,) = await library.secretary.said()
    lines = [DecisionLine(**each) for each in row.value["lines"]]
    assert [each.ref for each in lines] == ["D-1"]
    found = await library.service.found(await library.world.viewer("omar"), "")
    text = decision_table(found.lines).decode("utf-8-sig")
    (written,) = list(csv.DictReader(StringIO(text)))
    assert (written["question"], written["working days"], written["for"]) == ("'=1+1", "5", "")
    with pytest.raises(NotFoundError):
        await library.service.send_file(await library.world.viewer("omar"), "apollo", NOON)


async def test_figures_are_of_one_council_and_of_what_one_may_see(library: Library) -> None:
    world = library.world
    apollo = await world.project("APOLLO")
    nova = await world.project("NOVA", visibility=RESTRICTED)
    for project in (apollo, nova):
        await library.clerk.decision(project_id=project, needed_since=date(2026, 11, 18))
        await give(library.secretary, "ana", project_id=project, due_on=date(2026, 11, 25))
        entry = LogEntry(
            workspace_id=world.workspace_id,
            project_id=project,
            kind=LogKind.DECISION,
            number=1,
            title="Which vendor?",
            opened_at=at(2, 15),
        )
        async with world.database.writing() as session:
            session.add(entry)
    await library.clerk.decision(decided_at=at(1, 12, month=10))
    await world.council(STS, members=("omar",), chair="omar")
    later = at(27, 15)
    (mine,) = await library.service.figures(await world.viewer("carol"), "its", later)
    assert (mine.latency.timed, mine.latency.untimed, mine.latency.median) == (2, 1, 5)
    assert (mine.latency.waiting, mine.latency.waiting_long) == (2, 2)
    assert (mine.closure.due, mine.closure.overdue, mine.closure.overdue_most) == (2, 2, 2)
    (erik,) = await library.service.figures(await world.viewer("erik"), "", later)
    assert (erik.latency.timed, erik.latency.waiting, erik.closure.due) == (1, 1, 1)
    omar = await library.service.figures(await world.viewer("omar"), "", later)
    assert [each.council for each in omar] == [ITS, STS]
