"""Questions and what becomes of them: the log, the PMO's message, what is pressed, the purge."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

import jobs.answers
from bot.factory import MESSAGES
from bot.runtime import Wake
from domain.answers.finding.finder import Finder
from domain.answers.live.messages import ProjectTold, ToldProject
from domain.answers.live.values import Intent
from domain.answers.messages import (
    Answer,
    AskElsewhere,
    DontKnow,
    HowToAsk,
    Politeness,
    QuestionsLeft,
    SharedAnswer,
)
from domain.answers.rules import KEPT
from domain.answers.service import AnswersService, Asked
from domain.answers.shelf import Shelf
from domain.answers.values import Choice, Handbook, Section
from domain.delivery.messages import Message, MessageCodec, Place
from domain.delivery.service import Outbox
from domain.errors import NotFoundError
from domain.portfolio.values import PersonName, Viewer
from models.answers import Question
from models.base import Database
from models.delivery import Delivery
from models.enums import AskedIn
from tests.support.portfolio import World, at

NOON = at(25, 17)
COMMAND = Asked(AskedIn.COMMAND, "/project")
CODEC = MessageCodec(MESSAGES)


def section(id_: str, title: str, body: str, *aliases: str) -> Section:
    entity = id_.partition("#")[0]
    return Section(id_, title, body, entity, aliases, reviewed=date(2026, 11, 22))


BOOK = Handbook(
    {
        each.id: each
        for each in (
            section("glossary:risk#meaning", "Risk", "What may happen.", "risks", "risk"),
            section("glossary:issue#meaning", "Issue", "What has happened.", "issues", "issue"),
            section("template:raid-log#purpose", "RAID log", "Keeps all four.", "raid", "raid log"),
        )
    }
)
SHELF = Shelf(BOOK, Finder(BOOK, dict.fromkeys(("who", "pays", "for", "coffee", "tea"), 1)), "v1")


class Counter:
    """People ask by their names; the log and the ledger are read."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = SHELF
        outbox = Outbox(world.workspace_id, CODEC, Wake())
        self.service = AnswersService(world.database, outbox, self._newest, [self._live])
        self.facts: dict[str, Message] = {}
        """What the record answers, by the question."""
        self.among_others: list[bool] = []
        """For each question, whether others read the answer."""

    async def _newest(self) -> Shelf:
        return self.shelf

    async def _live(self, viewer: Viewer, question: str) -> Message | None:
        self.among_others.append(viewer.is_among_others)
        return self.facts.get(question)

    async def ask(
        self, text: str, *, now: datetime = NOON, asked: Asked = COMMAND
    ) -> list[Message]:
        return list(await self.service.ask(await self.world.viewer("erik"), text, asked, now))

    async def write(self, text: str, event_id: str, *, now: datetime = NOON) -> None:
        erik = await self.world.viewer("erik")
        asked = Asked(AskedIn.DIRECT, "/project", event_id)
        await self.service.receive(erik, text, asked, Place.person(erik.person_id), now)

    async def log(self) -> list[Question]:
        async with self.world.database.reading() as session:
            return list((await session.exec(select(Question).order_by(col(Question.id)))).all())

    async def said(self, key: str) -> list[Message]:
        """What stands in the ledger under keys that begin so."""
        async with self.world.database.reading() as session:
            rows = (await session.exec(select(Delivery).order_by(col(Delivery.id)))).all()
        return [CODEC.decode(row.kind, row.value) for row in rows if row.key.startswith(key)]


@pytest.fixture
async def counter(database: Database, workspace_id: int) -> Counter:
    return Counter(await World.stored(database, workspace_id))


@pytest.fixture
async def any_counter(any_database: Database, any_workspace_id: int) -> Counter:
    return Counter(await World.stored(any_database, any_workspace_id))


async def test_a_question_is_kept_with_what_was_answered_and_its_words_for_a_while(
    any_counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (answer,) = await any_counter.ask("what is a risk, @ana?")
    assert isinstance(answer, Answer)
    assert answer.shown.body == "What may happen."
    assert answer.can_be_shared
    (row,) = await any_counter.log()
    assert answer.question_id == row.pk
    assert (row.text, row.band, row.handbook) == ("what is a risk, @…?", "answer", "v1")
    assert (row.asked_in, row.answered_id) == (AskedIn.COMMAND, "glossary:risk#meaning")
    assert row.top[0][0] == "glossary:risk#meaning"
    assert row.top[0][1] >= 0.5
    with monkeypatch.context() as at_rest:
        at_rest.setattr(Database, "writing", None)
        assert await any_counter.service.forget(NOON + KEPT) == 0
    assert not await jobs.answers.forget(any_counter.service, NOON + KEPT + timedelta(seconds=1))
    (row,) = await any_counter.log()
    assert (row.text, row.corrected, row.answered_id) == ("", "", "glossary:risk#meaning")
    assert await any_counter.service.forget(NOON + 2 * KEPT) == 0


async def test_an_event_that_comes_again_is_answered_and_kept_once(any_counter: Counter) -> None:
    for _time in range(2):
        await any_counter.write("what is a risk? what is an issue?", "Ev1")
    answers = await any_counter.said("answer:Ev1:")
    assert [each.shown.title for each in answers if isinstance(each, Answer)] == ["Risk", "Issue"]
    assert [row.position for row in await any_counter.log()] == [0, 1]


async def test_what_stays_open_is_put_on_the_pmos_next_list(counter: Counter) -> None:
    (answer,) = await counter.ask("who pays for coffee?")
    assert isinstance(answer, DontKnow)
    assert (answer.is_told, answer.list_on) == (True, date(2026, 11, 30))
    await counter.ask("what is a risk?")
    assert [row.listed_at for row in await counter.log()] == [NOON, None]


async def test_without_a_pmo_nobody_is_said_to_be_told(counter: Counter) -> None:
    await counter.world.change_person("dana", is_pmo=False)
    (answer,) = await counter.ask("who pays for coffee?")
    assert isinstance(answer, DontKnow)
    assert (answer.is_told, answer.list_on) == (False, None)


async def test_what_is_no_question_is_not_told_to_the_pmo(counter: Counter) -> None:
    await counter.write("coffee for tea", "Ev1")
    await counter.write(":tada:", "Ev2")
    assert [type(each) for each in await counter.said("answer:")] == [HowToAsk, HowToAsk]
    assert [row.listed_at for row in await counter.log()] == [None]


async def test_what_is_chosen_and_whether_it_helped_is_kept(counter: Counter) -> None:
    (answer,) = await counter.ask("risk")
    assert isinstance(answer, Answer)
    number = answer.question_id
    choice = Choice(number, "glossary:issue#meaning")
    opened = await counter.service.open(choice, NOON, can_be_shared=False)
    assert (opened.shown.title, opened.can_be_shared) == ("Issue", False)
    helped = await counter.service.rate(number, NOON, is_helpful=True)
    assert (helped.near, helped.is_told) == ((), False)
    (row,) = await counter.log()
    assert (row.clicked_id, row.helpful) == ("glossary:issue#meaning", True)
    failed = await counter.service.rate(number, NOON, is_helpful=False)
    assert failed.is_told
    later = NOON + timedelta(hours=1)
    await counter.service.rate(number, later, is_helpful=False)
    assert [row.listed_at for row in await counter.log()] == [NOON]
    await counter.service.rate(number, later, is_helpful=True)
    assert [row.listed_at for row in await counter.log()] == [None]


async def test_what_has_left_the_handbook_or_the_log_is_said_to_have(counter: Counter) -> None:
    with pytest.raises(NotFoundError, match="not in the handbook any more"):
        await counter.service.open(Choice(1, "gone:x#y"), NOON, can_be_shared=True)
    with pytest.raises(NotFoundError, match="ask it again"):
        await counter.service.rate(99, NOON, is_helpful=True)


async def test_an_answer_is_shared_once_with_who_shares_it(counter: Counter) -> None:
    erik = await counter.world.viewer("erik")
    choice = Choice(1, "glossary:risk#meaning")
    for _time in range(2):
        await counter.service.share(erik, choice, "C1", NOON)
    (message,) = await counter.said("shared:")
    assert isinstance(message, SharedAnswer)
    assert (message.sharer, message.shown.title) == ("Erik", "Risk")
    # What the triage led to has no question: it is once for each person and day.
    for name, now in (("erik", NOON), ("erik", NOON), ("ana", NOON), ("erik", NOON + KEPT)):
        sharer = await counter.world.viewer(name)
        await counter.service.share(sharer, replace(choice, question_id=0), "C1", now)
    assert len(await counter.said("shared:")) == 4


async def test_things_are_looked_up_by_their_names(counter: Counter) -> None:
    erik = await counter.world.viewer("erik")

    async def found(name: str) -> Message:
        (message,) = await counter.service.look_up(erik, ("glossary", name), COMMAND, NOON)
        return message

    answer = await found("issues")
    assert isinstance(answer, Answer)
    assert answer.shown.title == "Issue"
    nothing = await found("  ")
    assert isinstance(nothing, DontKnow)
    assert (nothing.question, nothing.topics) == ("", ("risk", "issue"))
    unknown = await found("coffee")
    assert isinstance(unknown, DontKnow)
    assert (unknown.question, unknown.topics) == ("glossary coffee", ("risk", "issue"))
    assert [row.text for row in await counter.log()] == ["glossary issues", "glossary coffee"]


async def test_the_record_is_asked_before_the_handbook(counter: Counter) -> None:
    counter.facts = {"is APOLLO a risk?": AskElsewhere("It is green.")}
    (told,) = await counter.ask("is APOLLO a risk?")
    assert told == AskElsewhere("It is green.")
    (answer,) = await counter.ask("what is a risk?")
    assert isinstance(answer, Answer)
    assert [row.band for row in await counter.log()] == ["record", "answer"]


async def test_among_others_the_record_tells_what_everybody_may_know(counter: Counter) -> None:
    for asked_in in AskedIn:
        await counter.ask("who?", asked=Asked(asked_in, "/project"))
    assert counter.among_others == [False, False, True]


async def test_of_several_questions_each_answer_says_which_it_is_to(counter: Counter) -> None:
    counter.facts = {"is APOLLO a risk?": AskElsewhere("It is green.")}
    told, answer = await counter.ask("is APOLLO a risk? what is a risk?")
    assert told == AskElsewhere("It is green.", "is APOLLO a risk?")
    assert isinstance(answer, Answer)
    assert answer.question == "what is a risk?"


async def test_what_is_too_much_at_once_is_said_to_be_left(any_counter: Counter) -> None:
    text = "what is a risk? " * 5 + "what is an issue? who keeps the RAID log?"
    *answers, left = await any_counter.ask(text)
    assert len(answers) == len(await any_counter.log()) == 5
    assert left == QuestionsLeft(5, ("what is an issue?", "who keeps the RAID log?"))
    await any_counter.write(text, "Ev1")
    assert await any_counter.said("answer:Ev1:5") == [left]


async def test_a_greeting_is_returned_and_is_no_question(counter: Counter) -> None:
    for text in ("hola", "Thanks!"):
        await counter.write(text, f"Ev-{text}")
    assert await counter.said("answer:") == [Politeness("hello"), Politeness("thanks")]
    counter.facts = {"SIM": AskElsewhere("It is green.")}  # a project may be called as one agrees
    assert await counter.ask("SIM") == [AskElsewhere("It is green.")]
    assert [row.band for row in await counter.log()] == ["record"]


async def test_the_answer_is_that_of_the_newest_handbook(counter: Counter) -> None:
    risk = replace(BOOK.sections["glossary:risk#meaning"], body="Trouble ahead.")
    book = Handbook({**BOOK.sections, risk.id: risk})
    counter.shelf = Shelf(book, Finder(book, {}), "v2")
    (answer,) = await counter.ask("what is a risk?")
    assert isinstance(answer, Answer)
    assert answer.shown.body == "Trouble ahead."
    assert [row.handbook for row in await counter.log()] == ["v2"]


async def test_a_second_question_that_names_no_project_means_that_of_the_first(
    counter: Counter,
) -> None:
    ana = PersonName(1, "U0ANA", "Ana")
    project = ToldProject(1, "DCMOVE", "Data Center Exit", "ITS", "planning", ana)
    for question in ("who runs the exit", "when does DCMOVE end?", "who is the sponsor of DCMOVE?"):
        counter.facts[question] = ProjectTold(Intent.END, project, NOON.date())
    await counter.ask("who runs the exit and when does it end? What is a risk?")
    await counter.ask("who runs the exit and who is the sponsor?")
    assert [(each.text, each.band) for each in await counter.log()] == [
        ("who runs the exit", "record"),
        ("when does DCMOVE end?", "record"),
        ("What is a risk?", "answer"),
        ("who runs the exit", "record"),
        ("who is the sponsor of DCMOVE?", "record"),
    ]
