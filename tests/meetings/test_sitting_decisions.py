"""A decision is numbered, settles what it was needed for, and its conditions become actions."""

from datetime import date

from sqlmodel import col, select

from domain.meetings.decisions.recording import record_decision
from domain.meetings.decisions.values import Condition, Decided
from models.enums import LogKind, LogState, Method, Outcome
from models.logs import LogEntry, lock_list
from models.meetings import Decision, DecisionAction
from models.portfolio import councils_of
from tests.support.meeting import NOON, Secretary


async def needed(secretary: Secretary, project_id: int) -> int:
    """A decision that a project needs."""
    world = secretary.world
    async with world.database.writing() as session:
        await lock_list(session, project_id)
        entry = LogEntry(
            workspace_id=world.workspace_id,
            project_id=project_id,
            kind=LogKind.DECISION,
            number=1,
            title="Which cloud?",
            opened_at=NOON,
        )
        session.add(entry)
    return entry.pk


async def record(secretary: Secretary, decided: Decided, by: str | None = "carol") -> Decision:
    world = secretary.world
    viewer = await world.viewer(by) if by else None
    async with world.database.writing() as session:
        (council,) = await councils_of(session, world.workspace_id)
        return await record_decision(session, council, decided, viewer, NOON)


async def entries(secretary: Secretary) -> list[LogEntry]:
    async with secretary.world.database.reading() as session:
        return list((await session.exec(select(LogEntry).order_by(col(LogEntry.id)))).all())


async def test_it_is_numbered_settles_what_it_was_needed_for_and_gives_out_its_conditions(
    any_secretary: Secretary,
) -> None:
    secretary = any_secretary
    project_id = await secretary.world.project("APOLLO")
    entry_id = await needed(secretary, project_id)
    first = await record(secretary, Decided("Meet at two?", Outcome.REJECTED, Method.CHAIR))
    omar = secretary.world.id("omar")
    decided = Decided(
        "Which cloud?",
        Outcome.CONDITIONAL,
        Method.VOTE,
        conditions=(Condition("Check the contract", omar, date(2026, 12, 11)),),
        project_id=project_id,
        log_entry_id=entry_id,
        reason="Cheapest",
    )
    second = await record(secretary, decided)
    assert (first.number, second.number) == (1, 2)
    assert (second.needed_since, first.needed_since) == (date(2026, 11, 25), None)
    question, action = await entries(secretary)
    assert (question.state, question.note) == (LogState.DONE, "D-2: conditional. Cheapest")
    assert (action.title, action.owner_id, action.project_id) == (
        "Check the contract",
        omar,
        project_id,
    )
    async with secretary.world.database.reading() as session:
        (link,) = (await session.exec(select(DecisionAction))).all()
    assert (link.decision_id, link.is_condition) == (second.pk, True)
    told = [(each.actor, each.subject, each.new) for each in await secretary.audit()]
    assert ("U0CAROL", "decision ITS Council D-2", "conditional (vote)") in told


async def test_what_is_deferred_stays_needed_and_the_clock_can_record(
    secretary: Secretary,
) -> None:
    entry_id = await needed(secretary, await secretary.world.project("APOLLO"))
    deferred = Decided("Which cloud?", Outcome.DEFERRED, Method.VOTE, log_entry_id=entry_id)
    await record(secretary, deferred, by=None)
    (question,) = await entries(secretary)
    assert (question.state, question.note) == (LogState.OPEN, "D-1: deferred.")
    approved = Decided("Which cloud?", Outcome.APPROVED, Method.VOTE, log_entry_id=entry_id)
    await record(secretary, approved, by=None)
    await record(secretary, approved, by=None)
    assert (await entries(secretary))[0].note == "D-2: approved."
