"""What the PMO learns: questions are sorted, told each week, assigned, closed, given names."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

import jobs.answers
from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.answers.finding.finder import Finder
from domain.answers.learning.acting import TooLateError
from domain.answers.learning.clock import LearningClock
from domain.answers.learning.messages import AssignedQuestions, ListedGroup, QuestionWeekList
from domain.answers.learning.proposing import list_open, mark_taken
from domain.answers.learning.service import LearningService
from domain.answers.learning.values import GroupRef, OwnerForm, Trouble
from domain.answers.shelf import Shelf
from domain.answers.values import Handbook, Section
from domain.delivery.messages import MessageCodec
from domain.delivery.service import Outbox
from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from models.answers import Question
from models.base import Database
from models.delivery import Delivery
from models.enums import AskedIn, GroupState
from models.portfolio import AuditEntry
from tests.support.portfolio import RESTRICTED, World, at

WEDNESDAY = at(25, 17)
MONDAY = at(30, 14)
"""Nine in New York."""

PLAN = Section(
    "template:communications-plan#fields",
    "What goes into a communications plan",
    "Who gets what, when and how.",
    "communications-plan",
    ("comms plan",),
    owner="ben@example.edu",
    reviewed=date(2026, 1, 1),
    file="templates.md",
    line=12,
)
RISK = Section(
    "glossary:risk#meaning", "Risk", "It may happen.", "risk", reviewed=date(2026, 11, 1)
)


def shelf_of(*sections: Section) -> Shelf:
    book = Handbook({each.id: each for each in sections})
    return Shelf(
        book,
        Finder(
            book, dict.fromkeys(("who", "pays", "paying", "for", "coffee", "tea", "comms"), 1_000)
        ),
        "v1",
    )


class School:
    """People ask, the clock ticks, the PMO learns; the ledger is read."""

    def __init__(self, world: World, folder: Path | None = None) -> None:
        self.world = world
        self.shelf = shelf_of(PLAN, RISK)
        outbox = Outbox(world.workspace_id, CODEC, Wake())
        self.clock = LearningClock(world.database, outbox, self._newest)
        self.service = LearningService(world.database, outbox, self._newest, folder)

    async def _newest(self) -> Shelf:
        return self.shelf

    async def begin(self) -> None:
        """Let the clock meet who is the PMO, and a week go by."""
        await self.clock.tend(at(20, 17))
        await self.clock.tend(at(23, 14))

    async def ask(
        self, text: str, now: datetime, *, by: str = "erik", band: str = "unknown", **facts: Any
    ) -> None:
        """Put a question on the list, as answering does."""
        given: dict[str, Any] = {"top": [], "handbook": "v1", "listed_at": now, **facts}
        async with self.world.database.writing() as session:
            session.add(
                Question(
                    workspace_id=self.world.workspace_id,
                    asked_at=now,
                    person_id=self.world.id(by),
                    asked_in=AskedIn.COMMAND,
                    text=text,
                    band=band,
                    **given,
                )
            )

    async def said(self, key: str) -> list[object]:
        """What stands in the ledger under keys that begin so."""
        async with self.world.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        return [CODEC.decode(row.kind, row.value) for row in rows if row.key.startswith(key)]

    async def week(self) -> QuestionWeekList:
        """The one list of the last week."""
        (message,) = await self.said("question-week:")
        assert isinstance(message, QuestionWeekList)
        return message

    async def open(self, now: datetime, name: str = "dana") -> list[ListedGroup]:
        """What the PMO's page lists."""
        page = await self.service.page(await self.world.viewer(name), now, 0, 8)
        return list(page.groups) if page else []

    async def one(self, now: datetime) -> GroupRef:
        """The only group, as it is seen now."""
        (group,) = await self.open(now)
        return GroupRef(group.group_id, group.acts)


CODEC = MessageCodec(MESSAGES)


@pytest.fixture
async def school(database: Database, workspace_id: int, tmp_path: Path) -> School:
    made = School(await World.stored(database, workspace_id), tmp_path)
    await made.begin()
    return made


async def test_a_week_is_told_once_in_groups_and_an_idle_tick_writes_nothing(
    any_database: Database, any_workspace_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = School(await World.stored(any_database, any_workspace_id))
    await school.begin()
    await school.ask("who pays for coffee?", WEDNESDAY)
    await school.ask("comms plan?", WEDNESDAY, band="unsure", clicked_id=PLAN.id)
    await school.ask("who is paying for the coffee", WEDNESDAY + timedelta(days=1), by="li")
    await school.ask("risk", at(1, 9), band="answer", answered_id=RISK.id, listed_at=None)
    assert await jobs.answers.learn(school.clock, WEDNESDAY + timedelta(days=2))
    assert await school.said("question-week:") == []
    monkeypatch.setattr(Database, "writing", None)
    assert not await school.clock.tend(MONDAY - timedelta(seconds=1))
    monkeypatch.undo()
    assert await school.clock.tend(MONDAY)
    assert not await school.clock.tend(MONDAY)
    week = await school.week()
    assert (week.questions, week.more, week.older) == (3, 0, 0)
    coffee, plan = week.groups
    assert (coffee.count, coffee.askers) == (2, ("Li", "Erik"))
    assert coffee.texts == ("who is paying for the coffee", "who pays for coffee?")
    assert coffee.unknown == ("paying", "coffee")
    assert plan.troubles == ((Trouble.CHOSEN, 1),)
    assert (plan.near and plan.near.section_id, plan.chosen) == (PLAN.id, True)
    assert (week.sections.stale, week.sections.unused) == ((PLAN.title,), None)


async def test_nothing_happened_is_no_message_and_what_was_missed_is_caught_up(
    school: School,
) -> None:
    await school.clock.tend(MONDAY)
    assert await school.said("question-week:") == []
    await school.ask("who pays for tea?", at(1, 15, month=12))
    await school.clock.tend(at(9, 20, month=12))  # down on Monday: told on Wednesday
    assert (await school.week()).questions == 1
    await school.clock.tend(at(14, 15, month=12))
    assert len(await school.said("question-week:")) == 1
    (group,) = await school.open(at(14, 15, month=12))
    assert group.texts == ("who pays for tea?",)


async def test_who_keeps_the_nearest_section_sees_to_it_and_the_list_tells(school: School) -> None:
    await school.ask("what is in the comms plan, and who pays?", WEDNESDAY)
    await school.clock.tend(MONDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(MONDAY)
    given = await school.service.assign(dana, ref, MONDAY)
    assert isinstance(given, ListedGroup)
    assert (given.standing.state, given.standing.owner) == (GroupState.ASSIGNED, "Ben")
    (group,) = (await school.week()).groups
    assert (group.acts, group.standing.owner) == (1, "Ben")
    (asked,) = await school.said("assigned:")
    assert isinstance(asked, AssignedQuestions)
    assert (asked.assigner, asked.texts) == ("Dana", ("what is in the comms plan, and who pays?",))
    mine, erik = GroupRef(asked.group_id, asked.acts), await school.world.viewer("erik")
    with pytest.raises(NotAllowedError, match="Only who was asked"):
        await school.service.not_mine(erik, mine, MONDAY)


async def test_what_an_owner_has_done_is_told_wherever_it_was_asked(school: School) -> None:
    await school.ask("what is in the comms plan, and who pays?", WEDNESDAY)
    await school.clock.tend(MONDAY)
    dana, ben = await school.world.viewer("dana"), await school.world.viewer("ben")
    await school.service.assign(dana, await school.one(MONDAY), MONDAY)
    mine = await school.one(MONDAY)
    await school.service.check_owner(ben, mine, MONDAY)
    await school.service.done(ben, mine, " Wrote a section ", MONDAY)
    (group,) = (await school.week()).groups
    assert (group.standing.state, group.standing.note) == (GroupState.DONE, "Wrote a section")
    (asked,) = await school.said("assigned:")
    assert isinstance(asked, AssignedQuestions)
    assert (asked.state, asked.by) == (GroupState.DONE, "")
    assert await school.open(MONDAY) == []
    with pytest.raises(TooLateError, match="Ben has seen to it"):
        await school.service.check_owner(ben, mine, MONDAY)
    async with school.world.database.reading() as session:
        audit = (await session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))).all()
    told = [(each.actor, each.old, each.new) for each in audit if each.field == "state"]
    assert told == [("U0DANA", "open", "assigned"), ("U0BEN", "assigned", "done")]


async def test_of_two_who_press_at_once_one_wins_and_the_other_sees_what_happened(
    school: School,
) -> None:
    await school.ask("who pays for tea?", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(WEDNESDAY)
    await school.service.close(dana, ref, WEDNESDAY)
    with pytest.raises(TooLateError, match="Dana has closed it: there is nothing to do"):
        await school.service.assign(dana, ref, WEDNESDAY)
    with pytest.raises(NotFoundError, match="not on the list any more"):
        await school.service.close(dana, GroupRef(99, 0), WEDNESDAY)
    assert await school.open(WEDNESDAY) == []
    await school.ask("who pays for the tea", WEDNESDAY + timedelta(hours=1))
    await school.clock.tend(WEDNESDAY + timedelta(hours=2))
    (again,) = await school.open(WEDNESDAY + timedelta(hours=2))
    assert (again.count, again.standing.again, again.standing.by) == (2, 1, "Dana")


async def test_somebody_else_is_asked_and_gives_it_back(school: School) -> None:
    await school.ask("who pays for tea?", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, li = await school.world.viewer("dana"), await school.world.viewer("li")
    ref = await school.one(WEDNESDAY)
    form = await school.service.assign(dana, ref, WEDNESDAY)
    assert isinstance(form, OwnerForm)
    assert (form.text, form.section_id) == ("who pays for tea?", "")
    with pytest.raises(FieldErrors, match="guest"):
        await school.service.assign(dana, ref, WEDNESDAY, to=await school.world.viewer("gus"))
    await school.service.assign(dana, ref, WEDNESDAY, to=li)
    ref = await school.one(WEDNESDAY)
    await school.service.assign(dana, ref, WEDNESDAY, to=await school.world.viewer("sam"))
    first, second = await school.said("assigned:")
    assert isinstance(first, AssignedQuestions)
    assert isinstance(second, AssignedQuestions)
    assert (first.state, first.by) == (GroupState.ASSIGNED, "Dana")
    ref = GroupRef(second.group_id, second.acts)
    await school.service.not_mine(await school.world.viewer("sam"), ref, WEDNESDAY)
    (group,) = await school.open(WEDNESDAY)
    assert (group.standing.state, group.standing.by) == (GroupState.RETURNED, "Sam")


async def test_whoever_may_not_see_a_project_reads_no_question_that_names_it(
    school: School,
) -> None:
    await school.world.project("HR-2", visibility=RESTRICTED)
    await school.ask("comms plan of hr2?", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(WEDNESDAY)
    form = await school.service.assign(dana, ref, WEDNESDAY)
    assert isinstance(form, OwnerForm)
    assert "Ben may not see" in form.why
    await school.ask("comms plan?", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    await school.service.assign(dana, ref, WEDNESDAY)
    (asked,) = await school.said("assigned:")
    assert isinstance(asked, AssignedQuestions)
    assert asked.texts == ("comms plan?",)


async def test_an_alias_is_proposed_once_written_down_and_taken_when_it_stands_there(
    school: School, tmp_path: Path
) -> None:
    await school.ask("Please tell me about the message matrix", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(WEDNESDAY)
    form = await school.service.naming(dana, ref.group_id, WEDNESDAY)
    assert form.phrase == "message matrix"
    words = (form.phrase, PLAN.id)
    with pytest.raises(FieldErrors, match="There is no section 'template:communications-plan'"):
        await school.service.propose(dana, ref.group_id, ("x", PLAN.id[:28]), WEDNESDAY)
    with pytest.raises(FieldErrors, match="can't mean two things"):
        await school.service.propose(dana, ref.group_id, ("Comms plan", RISK.id), WEDNESDAY)
    made = await school.service.propose(dana, ref.group_id, words, WEDNESDAY)
    assert (made.is_new, made.file, made.line) == (True, "templates.md", 12)
    written, asked = (tmp_path / each for each in ("proposals.yaml", "questions.jsonl"))
    assert made.written_to == str(written)
    assert 'alias: "message matrix"' in written.read_text(encoding="utf-8")
    assert PLAN.id in asked.read_text(encoding="utf-8")
    again = await school.service.propose(dana, ref.group_id, words, WEDNESDAY)
    assert (again.is_new, again.by, again.written_to) == (False, "Dana", "")
    (group,) = await school.open(WEDNESDAY)
    assert group.proposed == ("message matrix",)


async def test_a_proposal_is_taken_when_it_stands_in_the_handbook(school: School) -> None:
    await school.ask("message matrix", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(WEDNESDAY)
    words = ("message matrix", PLAN.id)
    await school.service.propose(dana, ref.group_id, words, WEDNESDAY)
    database, workspace_id = school.world.database, school.world.workspace_id
    book = school.shelf.handbook
    (waiting,) = await list_open(database, workspace_id, book, WEDNESDAY)
    assert (waiting.phrase, waiting.by, waiting.title) == ("message matrix", "Dana", PLAN.title)
    school.shelf = shelf_of(replace(PLAN, aliases=("comms plan", "Message matrix")), RISK)
    assert await school.clock.tend(WEDNESDAY)
    assert await school.open(WEDNESDAY) == []
    assert await list_open(database, workspace_id, school.shelf.handbook, WEDNESDAY) == []
    # Taken out of the handbook again, it can be proposed anew.
    school.shelf = shelf_of(PLAN, RISK)
    made = await school.service.propose(dana, ref.group_id, words, WEDNESDAY)
    assert made.is_new
    assert await mark_taken(database, workspace_id, made.proposal_id, WEDNESDAY)
    assert not await mark_taken(database, workspace_id, made.proposal_id, WEDNESDAY)


async def test_what_can_not_be_written_is_kept_and_said(school: School, tmp_path: Path) -> None:
    await school.ask("message matrix", WEDNESDAY)
    await school.clock.tend(WEDNESDAY)
    dana, ref = await school.world.viewer("dana"), await school.one(WEDNESDAY)
    tmp_path.joinpath("proposals.yaml").mkdir()
    made = await school.service.propose(dana, ref.group_id, ("matrix", PLAN.id), WEDNESDAY)
    assert (made.written_to, "Is a directory" in made.trouble) == ("", True)


async def test_only_the_pmo_learns_and_old_words_are_gone(school: School) -> None:
    erik = await school.world.viewer("erik")
    assert await school.service.page(erik, WEDNESDAY, 0, 8) is None
    with pytest.raises(NotAllowedError, match="Only the PMO"):
        await school.service.close(erik, GroupRef(1, 0), WEDNESDAY)
    await school.ask("message matrix", WEDNESDAY, helpful=False, band="answer")
    await school.ask("comms plan", WEDNESDAY, listed_at=None, band="answer", helpful=True)
    await school.clock.tend(WEDNESDAY)
    dana = await school.world.viewer("dana")
    page = await school.service.page(dana, WEDNESDAY, 7, 8)
    assert page is not None
    assert (page.number, page.total, page.figures.rate) == (0, 1, 100)
    assert (page.figures.helpful, page.figures.unhelpful) == (1, 1)
    page = await school.service.page(dana, WEDNESDAY + timedelta(days=182), 0, 8)
    assert page is not None
    assert (page.total, page.figures.rate) == (0, None)
    with pytest.raises(NotFoundError):
        await school.service.naming(dana, 1, WEDNESDAY + timedelta(days=182))
