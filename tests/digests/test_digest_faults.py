"""Bad input and faults: each ends in a sensible digest, or waits for a cure that the PMO hears."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from domain.delivery.errors import Permanent
from domain.delivery.messages import DeliveryProblem, Message
from domain.delivery.sending import DeliveryService
from domain.digests.messages import (
    DigestAddendum,
    DigestCopy,
    DigestDetail,
    DigestHead,
    DigestPage,
)
from domain.digests.rules import compose
from domain.digests.values import Counts, ProjectInCycle
from jobs.digests import run as run_digests
from message_templates.rendering import render
from models.calendar import DigestSubscription
from models.digests import DigestVersion
from models.enums import Health, RequestState
from tests.support.clock import FakeClock
from tests.support.digesting import facts, project
from tests.support.looks import assert_slack_takes
from tests.support.messenger import FakeMessenger
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office, statements

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
LATE = at(30, 15, 40)
FREEZE = at(1, 17, month=12)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


async def _posted(office: Office) -> Office:
    """APOLLO is red, HERA missing, ZEUS and IRIS green: their digest is said."""
    for code in ("APOLLO", "HERA", "IRIS", "ZEUS"):
        await office.world.project(code)
    await office.tick(NINE)
    await office.answer("APOLLO", ANSWER, RED | {"decision": "Fund APOLLO", "decision_from": "ITS"})
    for code in ("IRIS", "ZEUS"):
        await office.answer(code, ANSWER, GREEN)
    await office.ticks(CUT_OFF, DIGEST)
    return office


async def _in_channel(office: Office, beginning: str = "digest:1:") -> str:
    """All that stands in the channel and its threads, as it is said now."""
    return str(
        [
            each.message
            for each in await office.said()
            if each.key.startswith(beginning) and ":restricted:" not in each.key
        ]
    )


class Line:
    """The way to a pretended Slack, with the bot's own looks."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.slack = FakeMessenger()
        self.clock = FakeClock(DIGEST)
        self.worker = DeliveryService(
            office.database, office.outbox, self.slack, render, self.clock, self.clock.sleep
        )

    async def at(self, instant: datetime) -> None:
        """Let it be that time, and all be done that is due then: composed, said, mended."""
        self.clock.at = instant
        for _turn in range(4):
            await self.office.tick(self.clock.now())
            while await self.worker.deliver_next(self.clock.now()):
                pass
            self.clock.advance(seconds=5)

    def heads(self, channel_id: str = "C0ITS") -> list[str]:
        """What stands in a channel itself, as notifications tell it."""
        return self.slack.texts(channel_id)

    def replies(self, number: int = 0, channel_id: str = "C0ITS") -> list[str]:
        """What stands under the first message of a channel, or another one."""
        tops = [
            each.ts
            for each in self.slack.messages
            if each.channel_id == channel_id and each.thread_ts is None
        ]
        return self.slack.texts(channel_id, tops[number])


async def _problems(office: Office) -> list[str]:
    """What the PMO is told."""
    return [each.cause for each in await office.messages(DeliveryProblem)]


# --- what Slack does not take


async def test_what_cannot_be_edited_is_said_in_the_thread_once_and_edited_there(
    office: Office,
) -> None:
    await _posted(office)
    line = Line(office)
    await line.at(DIGEST)
    assert (len(line.heads()), len(line.replies())) == (1, 3)
    closed = [Permanent("edit_window_closed", "too old to edit")] * 2
    line.slack.plan("edit C0ITS", *closed)
    await office.answer("ZEUS", LATE, GREEN | {"done": "Tested it twice"})
    await line.at(LATE)
    assert len(line.heads()) == 1
    new = line.replies()[3:]
    assert len(new) == 2
    assert "(updated Mon 30 Nov 10:40" in new[0]
    assert new[1].startswith("Reports in full")
    assert await _problems(office) == ["too old to edit"]
    assert await line.worker.failures(LATE) == []
    line.slack.plan("edit C0ITS", *closed)
    again = LATE + timedelta(hours=1)
    await office.answer("ZEUS", again, GREEN | {"done": "Tested it thrice"})
    await line.at(again)
    assert len(line.replies()) == 5
    assert "(updated Mon 30 Nov 11:40" in line.replies()[3]


async def test_a_digest_whose_thread_is_gone_is_posted_once_more_with_what_is_new(
    office: Office,
) -> None:
    await _posted(office)
    line = Line(office)
    await line.at(DIGEST)
    line.slack.plan("edit C0ITS", *[Permanent("message_not_found", "deleted")] * 2)
    line.slack.plan("post C0ITS", Permanent("thread_not_found", "its head was deleted"))
    await office.answer("HERA", LATE, RED)
    await line.at(LATE)
    assert len(line.heads()) == 2
    assert "(updated Mon 30 Nov 10:40" in line.heads()[1]
    assert [each.split(":")[0] for each in line.replies(1)] == ["HERA Project Hera", ITS]
    assert sorted(await _problems(office)) == ["deleted", "its head was deleted"]
    line.slack.plan("post C0ITS", Permanent("thread_not_found", "its head was deleted"))
    again = LATE + timedelta(hours=1)
    await office.answer("HERA", again, RED | {"why": "No people"})
    await line.at(again)
    assert "(updated Mon 30 Nov 11:40" in line.heads()[1]
    assert (len(line.heads()), line.replies(1)[0].split(". ")[1]) == (2, "No people")
    assert await line.worker.failures(again) == []


async def test_a_digest_that_no_channel_took_is_posted_where_its_council_reads_since(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    line = Line(office)
    line.slack.plan("post C0ITS", Permanent("channel_not_found", "the channel does not exist"))
    await line.at(DIGEST)
    assert line.heads() == []
    assert await _problems(office) == ["the channel does not exist"]
    await office.world.change_council(ITS, channel_id="C0NEW", channel_name="new-home")
    await line.at(DIGEST + WEEK)
    assert (len(line.heads("C0NEW")), len(line.replies(0, "C0NEW"))) == (1, 3)
    assert line.heads() == []
    assert await line.worker.failures(DIGEST + WEEK) == []


async def test_news_of_a_digest_whose_channel_was_deleted_follow_the_council(
    office: Office,
) -> None:
    await _posted(office)
    line = Line(office)
    await line.at(DIGEST)
    await office.world.change_council(ITS, channel_id="C0NEW", channel_name="new-home")
    gone = Permanent("channel_not_found", "the channel does not exist")
    line.slack.plan("edit C0ITS", gone)
    line.slack.plan("post C0ITS", gone)
    await office.answer("HERA", LATE, RED)
    await line.at(LATE)
    assert (len(line.heads("C0NEW")), len(line.replies(0, "C0NEW"))) == (1, 1)
    assert await line.worker.failures(LATE) == []


# --- what the record does in mid-cycle


async def test_a_project_that_moves_in_mid_cycle_is_told_once_where_it_was_asked(
    any_office: Office,
) -> None:
    office, world = any_office, any_office.world
    await world.council(STS)
    for code, council in (("APOLLO", ITS), ("HERA", ITS), ("OTHER", STS)):
        await world.project(code, council=council)
    await office.tick(NINE)
    await office.answer("APOLLO", NINE + MINUTE, RED)
    for code in ("APOLLO", "HERA"):
        await world.change(code, council=STS)
    await office.ticks(ANSWER, CUT_OFF, DIGEST)
    its, sts = await office.messages(DigestHead)
    assert [[line.code for line in its.red], [line.code for line in its.missing]] == [
        ["APOLLO"],
        ["HERA"],
    ]
    why = "reports to ITS Council, which had asked before it moved; here from the next cycle on"
    assert [(line.code, line.reason) for line in sts.missing] == [
        ("APOLLO", why),
        ("HERA", why),
        ("OTHER", ""),
    ]
    assert (sts.due, sts.received) == (1, 0)
    await office.ticks(NINE + WEEK, CUT_OFF + WEEK, DIGEST + WEEK)
    heads = [head for head in await office.messages(DigestHead) if head.opens_on > NINE.date()]
    assert {head.council: [line.code for line in head.missing] for head in heads} == {
        STS: ["APOLLO", "HERA", "OTHER"]
    }


# --- who may know what


async def test_a_project_that_becomes_restricted_is_taken_out_of_what_was_posted(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    for code in ("APOLLO", "HERA", "ZEUS"):
        await office.world.change(code, visibility=RESTRICTED)
    await office.ticks(LATE, LATE + MINUTE)
    said = await _in_channel(office)
    assert not any(code in said for code in ("APOLLO", "HERA", "ZEUS"))
    head = await office.message(DigestHead, "digest:1:head")
    assert (head.due, head.received, head.counts) == (1, 1, Counts(green=1))
    assert head.amended_at == LATE
    apollo = (await office.requests("APOLLO"))[0].project_id
    assert await office.message(DigestPage, f"digest:1:detail:{apollo}") == DigestPage(())
    private = await office.message(DigestHead, f"restricted:{office.world.id('omar')}:head")
    assert ([line.code for line in private.red], [line.code for line in private.missing]) == (
        ["APOLLO"],
        ["HERA"],
    )
    assert [line.code for line in private.green] == ["ZEUS"]


async def test_a_project_that_is_opened_again_takes_its_own_reply_again(office: Office) -> None:
    await _posted(office)
    before = await office.messages(DigestDetail)
    await office.world.change("APOLLO", visibility=RESTRICTED)
    await office.tick(LATE)
    await office.world.change("APOLLO", visibility="open")
    await office.tick(LATE + MINUTE)
    channel = [each for each in await office.said() if ":restricted:" not in each.key]
    details = [each.message for each in channel if isinstance(each.message, DigestDetail)]
    assert details == before
    assert (await office.message(DigestHead, "digest:1:head")).red[0].code == "APOLLO"
    omar = office.world.id("omar")
    private = await office.message(DigestHead, f"digest:1:restricted:{omar}:head")
    assert (private.due, private.red) == (0, ())


async def test_a_council_whose_only_project_becomes_restricted_keeps_an_empty_head(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF, DIGEST)
    await world.change("APOLLO", visibility=RESTRICTED)
    await office.tick(LATE)
    head = await office.message(DigestHead, "digest:1:head")
    assert (head.due, head.missing, head.counts) == (0, (), Counts())


async def test_what_was_frozen_loses_a_restricted_project_and_nothing_else(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    await office.answer("HERA", FREEZE, YELLOW)
    await office.answer("IRIS", FREEZE, {**GREEN, "done": "Painted it"})
    await office.tick(FREEZE)
    frozen = await office.message(DigestHead, "digest:1:head")
    told = await office.message(DigestAddendum)
    for code in ("HERA", "APOLLO"):
        await office.world.change(code, visibility=RESTRICTED)
    await office.tick(FREEZE + WEEK)
    said = await _in_channel(office)
    assert not any(code in said for code in ("APOLLO", "HERA"))
    head = await office.message(DigestHead, "digest:1:head")
    assert (head.as_of, head.amended_at) == (DIGEST, FREEZE + WEEK)
    assert head.green == frozen.green
    assert [each.code for each in (await office.message(DigestAddendum)).lines] == ["IRIS"]
    assert not any("digest:1:restricted:" in key for key in await office.places())
    for code in ("HERA", "APOLLO"):
        await office.world.change(code, visibility="open")
    await office.tick(FREEZE + 2 * WEEK)
    again = await office.message(DigestHead, "digest:1:head")
    assert (again.red, again.missing, again.counts) == (
        frozen.red,
        frozen.missing,
        frozen.counts,
    )
    assert await office.message(DigestAddendum) == told


async def test_a_digest_from_before_facts_were_kept_loses_a_restricted_project_too(
    office: Office,
) -> None:
    await _posted(office)
    async with office.database.writing() as session:
        await session.exec(update(DigestVersion).values(facts=None))
    for code in ("APOLLO", "HERA"):
        await office.world.change(code, visibility=RESTRICTED)
    await office.ticks(FREEZE + WEEK, FREEZE + WEEK + MINUTE)
    said = await _in_channel(office)
    assert not any(code in said for code in ("APOLLO", "HERA"))
    head = await office.message(DigestHead, "digest:1:head")
    assert [each.code for each in head.green] == ["IRIS", "ZEUS"]
    await office.world.change("ZEUS", visibility=RESTRICTED)
    await office.tick(FREEZE + WEEK + 2 * MINUTE)
    for code in ("APOLLO", "ZEUS"):
        await office.world.change(code, visibility="open")
    await office.tick(FREEZE + WEEK + 3 * MINUTE)
    said = await _in_channel(office)
    assert [code in said for code in ("APOLLO", "HERA", "ZEUS")] == [True, False, True]


async def test_the_digests_of_before_lose_it_too_without_being_told_anew(
    world: World, office: Office
) -> None:
    await world.change_calendar(ITS, freeze=None)
    await _posted(office)
    await office.ticks(NINE + WEEK, CUT_OFF + WEEK, DIGEST + WEEK)
    await world.change("APOLLO", visibility=RESTRICTED)
    await office.ticks(LATE + WEEK, LATE + WEEK + MINUTE)
    old, new = await _in_channel(office, "digest:1:"), await _in_channel(office, "digest:2:")
    assert "APOLLO" not in old + new
    head = await office.message(DigestHead, "digest:1:head")
    assert (head.as_of, head.amended_at) == (DIGEST, LATE + WEEK)
    parts = {key for key in await office.places() if ":restricted:" in key}
    assert all(key.startswith("digest:2:") for key in parts)


async def test_a_project_that_has_ended_leaves_the_digest_too_when_it_becomes_restricted(
    any_office: Office,
) -> None:
    office = await _posted(any_office)
    await office.world.change("IRIS", phase="qualification")
    await office.ticks(NINE + WEEK, CUT_OFF + WEEK, DIGEST + WEEK)
    assert "IRIS" in await _in_channel(office, "digest:2:head")
    await office.world.change("IRIS", visibility=RESTRICTED)
    await office.ticks(LATE + WEEK, LATE + WEEK + MINUTE)
    assert "IRIS" not in await _in_channel(office, "digest:2:head")
    await office.world.change("IRIS", visibility="open")
    await office.tick(LATE + WEEK + 2 * MINUTE)
    assert "IRIS" in await _in_channel(office, "digest:2:head")
    await office.ticks(NINE + 2 * WEEK, CUT_OFF + 2 * WEEK, DIGEST + 2 * WEEK)
    await office.world.change("IRIS", visibility=RESTRICTED)
    await office.ticks(LATE + 2 * WEEK, LATE + 2 * WEEK + MINUTE)
    old = await office.message(DigestHead, "digest:2:head")
    assert (old.closed, old.amended_at) == ((), LATE + 2 * WEEK), "also where another came since"


async def test_a_restricted_project_that_moves_on_leaves_its_old_councils_messages(
    world: World, office: Office
) -> None:
    await world.council(STS, members=("li",), chair=None, rhythm={"every": "FREQ=YEARLY"})
    await world.project("VAULT", visibility=RESTRICTED)
    await office.tick(NINE)
    await office.answer("VAULT", ANSWER, RED)
    await office.ticks(CUT_OFF, DIGEST)
    await world.change("VAULT", council=STS)
    await office.tick(LATE)
    said = [each for each in await office.said() if each.key.startswith("digest:1:")]
    assert len(said) == 6
    assert "VAULT" not in str(said)


async def test_a_copy_loses_a_restricted_project_with_its_digest(
    world: World, office: Office
) -> None:
    async with world.database.writing() as session:
        session.add(
            DigestSubscription(
                workspace_id=world.workspace_id,
                person_id=world.id("erik"),
                council_id=world.council_id(ITS),
            )
        )
    await _posted(office)
    await world.change("APOLLO", visibility=RESTRICTED)
    await office.tick(FREEZE)
    assert "APOLLO" not in str(await office.message(DigestCopy))


# --- what people write, and what there is nothing to say of

HOSTILE = "<!channel> *b* <@U1> :tada: {{ 7*7 }} \u202eback"


def _line(code: str, health: Health, **fields: Any) -> ProjectInCycle:
    return replace(project(code, health, **fields), name=HOSTILE, pm=HOSTILE)


def test_names_with_markup_mentions_and_turned_writing_stay_names() -> None:
    composition = compose(
        facts(
            _line("A", Health.RED, why=HOSTILE, decision=HOSTILE, path_to_green=HOSTILE),
            _line("B", Health.YELLOW, why=HOSTILE),
            replace(project("C"), name=HOSTILE, reason=HOSTILE),
        ),
        DIGEST,
    )
    messages: list[Message] = [composition.head, *composition.details]
    rendered = [looks for message in messages for looks in render(message)]
    assert_slack_takes(rendered)
    runs = [text for looks in rendered for text in _runs(looks.blocks)]
    assert sum(text.count("<!channel> *b* <@U1> :tada: {{ 7*7 }}") for text in runs) >= 10
    head = _runs(render(composition.head)[0].blocks)
    assert any("\u202e" in text for text in head)
    assert all(text.count("\u202e") == text.count("\u202c") for text in head)


def _runs(value: Any) -> list[str]:
    """Every text of some blocks by itself."""
    if isinstance(value, list | tuple):
        return [text for each in value for text in _runs(each)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for each in value.values() for text in _runs(each)]


@pytest.mark.parametrize("length", [12_000, 40_000])
def test_a_long_report_stands_whole_in_as_many_replies_as_it_takes(length: int) -> None:
    text = " ".join(f"w{number:05}" for number in range(length // 7))
    composition = compose(facts(project("A", Health.RED, why=text, path_to_green="Soon")), DIGEST)
    (detail,) = composition.details
    rendered = render(detail)
    assert_slack_takes(rendered)
    assert len(rendered) == 1 + length // 12_000
    told = " ".join(text for looks in rendered for text in _runs(looks.blocks))
    assert set(text.split()) <= set(told.split())


@pytest.mark.parametrize(
    ("projects", "said"),
    [
        ((), "There is no project to tell of."),
        ([project("A"), project("B")], "Nobody has reported"),
        ([project("A", state=RequestState.EXCUSED)], "Nobody was asked: the reasons stand below."),
        ([project("A", Health.GREEN), project("B", Health.GREEN)], "All projects are green"),
    ],
)
def test_a_council_with_nothing_to_act_on_reads_that_in_a_sentence(
    projects: Sequence[ProjectInCycle], said: str
) -> None:
    rendered = render(compose(facts(*projects), DIGEST).head)
    assert_slack_takes(rendered)
    assert any(said in text for text in _runs(rendered[0].blocks))


# --- when things come together


async def test_two_digests_that_are_due_at_once_are_both_posted_in_their_order(
    world: World, office: Office
) -> None:
    await world.council(STS)
    for code, council in (("APOLLO", ITS), ("OTHER", STS)):
        await world.project(code, council=council)
    line = Line(office)
    await office.ticks(NINE, CUT_OFF)
    await line.at(DIGEST + WEEK - timedelta(days=6))  # the bot was down meanwhile
    heads = await office.messages(DigestHead)
    assert [(each.council, each.due_at) for each in heads] == [(ITS, DIGEST), (STS, DIGEST)]
    assert (len(line.heads("C0ITS")), len(line.heads("C0STS"))) == (1, 1)


async def test_a_digest_that_was_due_a_week_ago_comes_late_before_the_next_one(
    office: Office,
) -> None:
    await office.world.project("APOLLO")
    await office.ticks(NINE, CUT_OFF)
    await office.tick(DIGEST + WEEK + MINUTE)
    heads = await office.messages(DigestHead)
    assert [(each.opens_on, each.due_at) for each in heads][:1] == [(NINE.date(), DIGEST)]


async def test_an_answer_between_composing_and_posting_is_in_the_first_post(
    office: Office,
) -> None:
    await _posted(office)
    await office.answer("HERA", DIGEST + timedelta(seconds=1), RED)
    line = Line(office)
    await line.at(DIGEST + timedelta(seconds=2))
    assert len(line.heads()) == 1
    assert line.heads()[0].startswith("ITS Council, 25 Nov (updated Mon 30 Nov 08:00")
    assert "edit" not in line.slack.calls


async def test_a_digest_that_waits_for_its_archived_channel_says_how_late_it_is(
    office: Office,
) -> None:
    await _posted(office)
    line = Line(office)
    line.slack.plan("post C0ITS", Permanent("is_archived", "the channel is archived"))
    await line.at(DIGEST)
    assert await _problems(office) == ["the channel is archived"]
    line.slack.plan("post C0ITS", Permanent("is_archived", "the channel is archived"))
    await line.at(DIGEST + timedelta(hours=1))
    assert line.heads() == []
    later = DIGEST + timedelta(hours=20)
    assert await line.worker.try_again("C0ITS", later) == 1
    await line.at(later)
    assert (len(line.heads()), len(line.replies())) == (1, 3)
    assert (await office.message(DigestHead)).due_at == DIGEST
    await office.answer("HERA", later, RED)
    await line.at(later + MINUTE)
    head = await office.message(DigestHead)
    assert (head.due_at, [each.code for each in head.red]) == (DIGEST, ["APOLLO", "HERA"])
    again = await office.digests.compose_again(1)
    assert all(composition.head == frozen for composition, frozen in again.values())


async def test_at_rest_nobody_is_kept_from_writing_also_where_a_channel_stays_archived(
    office: Office,
) -> None:
    await _posted(office)
    line = Line(office)
    late = DIGEST + timedelta(hours=1)
    archived = Permanent("is_archived", "the channel is archived")
    line.slack.plan("post C0ITS", archived, archived)
    await line.at(late)
    await line.at(late + timedelta(seconds=30))
    assert line.heads() == []
    with statements(office.database) as seen:
        assert not await run_digests(office.digests, late + MINUTE)
    assert seen[0] == "BEGIN"
    assert "BEGIN IMMEDIATE" not in seen
    with statements(office.database) as seen:
        assert not await run_digests(office.digests, late + 3 * MINUTE)
    assert "BEGIN IMMEDIATE" in seen, "it is looked at again from time to time"


async def test_a_council_that_reports_no_more_still_reads_what_it_has_asked(
    world: World, office: Office
) -> None:
    await world.project("APOLLO")
    await office.tick(NINE)
    await world.drop_calendar(ITS)
    await office.ticks(ANSWER, CUT_OFF, DIGEST)
    assert [each.code for each in (await office.message(DigestHead)).missing] == ["APOLLO"]


async def test_two_corrections_at_once_after_the_freeze_are_one_addendum_and_a_third_another(
    office: Office,
) -> None:
    await _posted(office)
    for code in ("IRIS", "ZEUS"):
        await office.answer(code, FREEZE, {**YELLOW, "done": f"Looked at {code}"})
    await office.tick(FREEZE)
    await office.answer("IRIS", FREEZE + MINUTE, GREEN)
    await office.tick(FREEZE + MINUTE)
    told = [[line.code for line in each.lines] for each in await office.messages(DigestAddendum)]
    assert told == [["IRIS", "ZEUS"], ["IRIS"]]
