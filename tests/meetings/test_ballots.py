"""Votes out of cycle: who may vote and change it, secrecy, delegation, the end of the window."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import delete, select

from domain.errors import FieldErrors, NotAllowedError, NotFoundError
from domain.meetings.ballots.messages import PaperState
from domain.meetings.ballots.noting import noted, to_note
from domain.meetings.ballots.rules import DELEGATE, NEEDED, PROJECT, QUESTION, REASON, SECRECY
from domain.meetings.ballots.values import Pressed
from models.enums import BallotState, DeliveryState, LogKind, LogState, Outcome, Verdict
from models.logs import LogEntry
from models.meetings import Ballot
from models.portfolio import Council, CouncilMember
from tests.support.balloting import ABSTAINS, APPROVE, CLOSES, REJECT, VOTERS, WISH, Poll
from tests.support.meeting import NOON, Secretary
from tests.support.portfolio import ITS, RESTRICTED, STS, at

MINUTE = timedelta(minutes=1)
SECRET = replace(WISH, is_secret=True)


@pytest.fixture
async def poll(secretary: Secretary) -> Poll:
    return await Poll.prepared(secretary, secret="allowed")


async def need(poll: Poll, code: str) -> int:
    """A decision that a new project needs."""
    project_id = await poll.world.project(code)
    async with poll.world.database.writing() as session:
        entry = LogEntry(
            workspace_id=poll.world.workspace_id,
            project_id=project_id,
            kind=LogKind.DECISION,
            number=1,
            title="Which vendor?",
            opened_at=at(20, 12),
        )
        session.add(entry)
    return entry.pk


async def writers_of_tallies(poll: Poll) -> int:
    """How many transactions PostgreSQL knows as the last writers of the counts."""
    async with poll.world.database.reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            return 0
        asked = "SELECT count(DISTINCT xmin::text) FROM ballot_tally"
        found = await (await session.connection()).exec_driver_sql(asked)
        return int(found.scalar_one())


async def unseat(poll: Poll, name: str) -> None:
    async with poll.world.database.writing() as session:
        of_them = CouncilMember.person_id == poll.world.id(name)
        await session.exec(delete(CouncilMember).where(of_them))  # type: ignore[arg-type]


async def test_every_voting_member_gets_a_ballot_and_the_window_is_kept(poll: Poll) -> None:
    blank = await poll.opening.blank(
        await poll.world.viewer("carol"), poll.world.council_id(ITS), NOON
    )
    assert (blank.voters, str(blank.closes_on), blank.closes_at) == (5, "2026-11-30", "17:00")
    ballot = await poll.open()
    [kept] = await poll.ballots()
    assert (kept.closes_at, kept.quorum, kept.next_at) == (CLOSES, "majority", at(27, 14))
    rows = await poll.ledger()
    assert {each.place for each in rows} == {f"person:{poll.world.id(each)}" for each in VOTERS}
    assert {each.expires_at for each in rows} == {CLOSES}
    paper = await poll.paper(ballot, "omar")
    assert (paper.state, paper.can_hand_on, paper.asked.text) == (PaperState.OPEN, True, WISH.text)


@pytest.mark.parametrize(
    ("who", "wrong", "error", "text"),
    [
        ("omar", {}, NotAllowedError, "Only the council's chair and the PMO"),
        ("carol", {"question": ""}, FieldErrors, QUESTION),
        ("carol", {"code": "APPOLLO"}, FieldErrors, "Did you mean APOLLO?"),
        ("carol", {"code": "ZEUS"}, FieldErrors, PROJECT),
        ("carol", {"log_entry_id": 77}, FieldErrors, NEEDED),
        ("dana", {"text": "as in Zeus"}, FieldErrors, "restricted project of another council"),
    ],
)
async def test_what_cannot_be_opened_is_refused_with_the_reason(
    poll: Poll, who: str, wrong: dict[str, Any], error: type[Exception], text: str
) -> None:
    await poll.world.council(STS, chair=None, members=("erik",))
    await poll.world.project("APOLLO")
    await poll.world.project("ZEUS", council=STS, visibility=RESTRICTED)
    with pytest.raises(error, match=r"(?s).") as caught:
        await poll.put(who, replace(WISH, **wrong))
    assert text in str(caught.value)
    assert await poll.ballots() == []


async def test_a_council_votes_out_of_cycle_only_if_it_is_configured(poll: Poll) -> None:
    await poll.secretary.configure()
    with pytest.raises(NotAllowedError, match=r"add `out_of_cycle: \{window: 3d\}`"):
        await poll.open()
    [listed] = (await poll.service.listed(await poll.world.viewer("dana"), "its", NOON)).councils
    assert not listed.may_open
    assert "out_of_cycle" in listed.why_not
    await poll.configure(secret="allowed", quorum="2")
    await unseat(poll, "ben")
    await unseat(poll, "li")
    await unseat(poll, "sam")
    with pytest.raises(FieldErrors) as caught:
        await poll.open(wish=SECRET)
    assert list(caught.value.errors) == [SECRECY]
    await unseat(poll, "omar")
    await unseat(poll, "carol")
    with pytest.raises(NotAllowedError, match="no voting members"):
        await poll.open()


async def test_the_same_question_is_put_once_however_often_it_is_sent(poll: Poll) -> None:
    needed = await need(poll, "APOLLO")
    wish = replace(WISH, log_entry_id=needed)
    sent = [poll.put("carol", wish), poll.put("carol", wish)]
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    assert sum(isinstance(each, FieldErrors) for each in outcomes) == 1
    with pytest.raises(FieldErrors) as caught:
        await poll.open(wish=replace(wish, question="And this one?"))
    assert list(caught.value.errors) == [NEEDED]
    await poll.world.project("HERMES")
    with pytest.raises(FieldErrors, match="another project"):
        await poll.open(wish=replace(wish, question="And this one?", code="hermes"))
    [ballot] = await poll.ballots()
    assert (ballot.project_id, ballot.log_entry_id) != (None, None)


async def test_an_open_vote_may_be_changed_until_the_window_closes(poll: Poll) -> None:
    ballot = await poll.open()
    assert await poll.vote(ballot, "omar", APPROVE) is Pressed.VOTED
    assert await poll.vote(ballot, "omar", APPROVE) is Pressed.SAME
    assert await poll.vote(ballot, "omar", ABSTAINS) is Pressed.CHANGED
    assert await poll.vote(ballot, "omar", REJECT, CLOSES - MINUTE) is Pressed.CHANGED
    with pytest.raises(NotAllowedError, match=r"closed on Mon 30 Nov 17:00 \(America/New_York\)"):
        await poll.vote(ballot, "omar", APPROVE, CLOSES)
    with pytest.raises(NotFoundError):
        await poll.vote(ballot, "omar", 9)
    paper = await poll.paper(ballot, "omar")
    assert (paper.choice, paper.voted_at, paper.voted_by) == ("Reject", CLOSES - MINUTE, "")
    changes = [(each.field, each.old, each.new) for each in await poll.audit()][1:]
    assert changes == [
        ("vote", None, "Approve"),
        ("vote", "Approve", "abstains"),
        ("vote", "abstains", "Reject"),
    ]


@pytest.mark.parametrize("who", ["ana", "dana", "erik", "gus"])
async def test_nobody_votes_who_was_not_asked(poll: Poll, who: str) -> None:
    ballot = await poll.open()
    await poll.world.seat(ITS, "ana")  # she came to the council after it was opened
    for of in ("", "omar"):
        with pytest.raises(NotAllowedError, match="not yours to cast"):
            await poll.vote(ballot, who, APPROVE, of=of)
    with pytest.raises(NotFoundError):
        await poll.vote(ballot + 1, "omar", APPROVE)


async def test_who_leaves_the_council_has_no_vote_any_more_but_what_was_cast_counts(
    poll: Poll,
) -> None:
    ballot = await poll.open()
    await poll.votes(ballot, omar=APPROVE, carol=APPROVE)
    for name in ("omar", "ben", "li"):
        await unseat(poll, name)
    for name in ("omar", "ben"):
        with pytest.raises(NotAllowedError, match="has no vote on ITS Council any more"):
            await poll.vote(ballot, name, REJECT)
    await poll.world.change_person("sam", is_gone=True)
    await poll.run(CLOSES)
    [closed] = await poll.ballots()
    assert (closed.seats, closed.verdict) == (2, Verdict.DECIDED)


async def test_of_a_secret_vote_nothing_anywhere_tells_what_somebody_voted(poll: Poll) -> None:
    ballot = await poll.open(wish=SECRET)
    await poll.votes(ballot, omar=REJECT, ben=APPROVE, li=ABSTAINS)
    with pytest.raises(NotAllowedError, match="can't be changed"):
        await poll.vote(ballot, "omar", APPROVE)
    assert await poll.tallies() == {"Approve": 1, "Reject": 1, "": 1}
    assert {each.choice for each in await poll.voters()} == {None}
    assert [(each.actor, each.new) for each in (await poll.audit())[1:]] == [
        ("U0OMAR", "counted"),
        ("U0BEN", "counted"),
        ("U0LI", "counted"),
    ]
    papers = [await poll.paper(ballot, each) for each in ("omar", "ben", "li")]
    assert {(each.choice, each.voted_at, each.result) for each in papers} == {("", NOON, None)}
    [card] = (
        (await poll.service.listed(await poll.world.viewer("carol"), "", NOON)).councils[0].cards
    )
    assert (card.voted, card.waiting, card.result) == (3, ("Carol", "Sam"), None)
    await poll.votes(ballot, carol=APPROVE)
    await poll.run(CLOSES)
    [told] = (await poll.results()).values()
    assert [(each.count, each.names) for each in told.result.shares] == [(2, ()), (1, ())]
    [decision] = await poll.decisions()
    assert (decision.voted_by_name, decision.dissent, decision.votes_for) == ("", "", 2)


async def test_too_few_secret_votes_are_forgotten_with_the_window(poll: Poll) -> None:
    ballot = await poll.open(wish=SECRET)
    await poll.votes(ballot, omar=REJECT, ben=REJECT)
    await poll.run(CLOSES)
    assert await poll.tallies() == {}
    [told] = (await poll.results()).values()
    assert (told.result.verdict, told.result.cast, told.result.shares) == (Verdict.NO_QUORUM, 2, ())
    assert await poll.decisions() == []
    [card] = (
        (await poll.service.listed(await poll.world.viewer("ben"), "", CLOSES)).councils[0].cards
    )
    assert card.result == told.result


@pytest.mark.parametrize("wish", [WISH, SECRET], ids=["open", "secret"])
async def test_of_presses_at_once_each_counts_once(any_secretary: Secretary, wish: Any) -> None:
    poll = await Poll.prepared(any_secretary, secret="allowed")
    ballot = await poll.open(wish=wish)
    presses = [poll.vote(ballot, each, APPROVE) for each in (*VOTERS, *VOTERS)]
    await asyncio.gather(*presses, return_exceptions=True)
    assert await writers_of_tallies(poll) <= 1
    await poll.run(CLOSES)
    [told] = (await poll.results()).values()
    assert (told.result.cast, told.result.shares[0].count) == (5, 5)


async def test_a_vote_is_handed_on_taken_back_and_handed_back(poll: Poll) -> None:
    ballot = await poll.open()
    assert (await poll.hand(ballot, "omar", "ben")).pressed is Pressed.HANDED
    held = await poll.paper(ballot, "omar", "ben")
    assert (held.state, held.member, held.can_hand_on) == (PaperState.OPEN, "Omar", False)
    own = await poll.paper(ballot, "omar")
    assert (own.state, own.delegate) == (PaperState.HANDED, "Ben")
    with pytest.raises(NotAllowedError, match="Your vote is with Ben"):
        await poll.vote(ballot, "omar", APPROVE)
    omar, ben = await poll.world.viewer("omar"), await poll.world.viewer("ben")
    await poll.post()
    await poll.service.take_back(omar, ballot, NOON)
    assert (await poll.paper(ballot, "omar", "ben")).state is PaperState.TAKEN_BACK
    with pytest.raises(NotAllowedError, match="Omar has the vote back"):
        await poll.vote(ballot, "ben", APPROVE, of="omar")
    with pytest.raises(NotAllowedError, match="with you already"):
        await poll.service.take_back(omar, ballot, NOON)
    await poll.hand(ballot, "omar", "ben")
    outcome = await poll.service.hand_back(ben, ballot, poll.world.id("omar"), NOON)
    assert outcome.pressed is Pressed.HANDED_BACK
    [returned] = await poll.reminded()
    assert (returned.is_back, returned.paper.state) == (True, PaperState.OPEN)
    with pytest.raises(NotAllowedError, match="Omar has the vote back"):
        await poll.service.hand_back(ben, ballot, poll.world.id("omar"), NOON)


async def test_who_holds_two_votes_casts_both_and_the_member_may_take_theirs_back(
    poll: Poll,
) -> None:
    ballot = await poll.open()
    await poll.hand(ballot, "omar", "erik")  # a full member of the workspace, on no council
    await poll.hand(ballot, "li", "ben")
    assert await poll.vote(ballot, "erik", APPROVE, of="omar") is Pressed.VOTED
    await poll.votes(ballot, ben=REJECT)
    await poll.vote(ballot, "ben", APPROVE, of="li")
    own = await poll.paper(ballot, "omar")
    assert (own.choice, own.voted_by) == ("Approve", "Erik")
    omar = await poll.world.viewer("omar")
    await poll.service.take_back(omar, ballot, NOON)
    assert await poll.vote(ballot, "omar", REJECT) is Pressed.CHANGED
    fields = [each.field for each in await poll.audit() if each.field.startswith("vote of")]
    assert fields == ["vote of Omar", "vote of Li"]
    await poll.run(CLOSES)
    [told] = (await poll.results()).values()
    assert [each.names for each in told.result.shares] == [("Li",), ("Ben", "Omar")]


async def test_a_secret_vote_that_a_delegate_has_cast_stays_counted(poll: Poll) -> None:
    ballot = await poll.open(wish=SECRET)
    await poll.hand(ballot, "omar", "ben")
    await poll.vote(ballot, "ben", APPROVE, of="omar")
    omar, ben = await poll.world.viewer("omar"), await poll.world.viewer("ben")
    for undo in (
        poll.service.take_back(omar, ballot, NOON),
        poll.service.hand_back(ben, ballot, poll.world.id("omar"), NOON),
    ):
        with pytest.raises(NotAllowedError, match="counted already"):
            await undo
    assert (await poll.paper(ballot, "omar")).voted_by == "Ben"


async def test_no_vote_goes_through_two_pairs_of_hands_or_to_who_may_not_know(poll: Poll) -> None:
    await poll.world.project("ZEUS", visibility=RESTRICTED)
    ballot = await poll.open(wish=replace(WISH, code="zeus"))
    await poll.hand(ballot, "omar", "ben")
    for to, text in (("omar", "handed their own"), ("carol", "That is you"), ("gus", "cannot")):
        with pytest.raises(FieldErrors, match=text) as caught:
            await poll.hand(ballot, "carol", to)
        assert list(caught.value.errors) == [DELEGATE]
    with pytest.raises(FieldErrors, match="cannot vote on this"):
        await poll.hand(ballot, "carol", "erik")  # the project does not exist for him
    with pytest.raises(NotAllowedError, match="You hold the vote of Omar"):
        await poll.hand(ballot, "ben", "carol")
    await poll.votes(ballot, li=APPROVE)
    with pytest.raises(NotAllowedError, match="can't be handed on"):
        await poll.hand(ballot, "li", "carol")
    await poll.configure(delegation=False)
    with pytest.raises(NotAllowedError, match="delegation: false"):
        await poll.hand(ballot, "sam", "carol")


async def test_who_has_not_voted_is_reminded_once_and_what_waits_is_withdrawn(poll: Poll) -> None:
    ballot = await poll.open()
    await poll.votes(ballot, omar=APPROVE, ben=APPROVE)
    await poll.hand(ballot, "li", "ben")
    await poll.run(at(27, 13))
    assert await poll.reminded() == []
    for now in (at(27, 14), at(27, 15)):
        await poll.run(now)
    rows = [each for each in await poll.ledger() if ":remind:" in each.key]
    assert {each.place for each in rows} == {
        f"person:{poll.world.id(each)}" for each in ("ben", "carol", "sam")
    }
    await poll.vote(ballot, "carol", APPROVE, at(27, 16))
    rows = [
        each for each in await poll.ledger() if each.place == f"person:{poll.world.id('carol')}"
    ]
    assert {each.key.count("remind"): each.state for each in rows} == {
        0: DeliveryState.DUE,  # her ballot says what she has voted
        1: DeliveryState.EXPIRED,
    }


async def test_a_vote_of_which_who_holds_it_may_not_know_goes_back_to_its_member(
    poll: Poll,
) -> None:
    await poll.world.project("APOLLO")
    ballot = await poll.open(wish=replace(WISH, code="APOLLO"))
    await poll.hand(ballot, "li", "erik")
    await poll.post()
    await poll.world.change("APOLLO", visibility=RESTRICTED)
    await poll.run(at(27, 14))
    told = [(each.key, each.place) for each in await poll.ledger() if "remind" in each.key]
    assert f"person:{poll.world.id('erik')}" not in {place for _, place in told}
    assert (await poll.paper(ballot, "li")).state is PaperState.OPEN


async def test_a_vote_in_the_hands_of_who_has_left_goes_back_to_its_member(poll: Poll) -> None:
    ballot = await poll.open()
    await poll.hand(ballot, "li", "ben")
    await poll.post()
    await poll.world.change_person("ben", is_gone=True)
    await poll.run(at(27, 14))
    assert (await poll.paper(ballot, "li")).state is PaperState.OPEN
    own = [each for each in await poll.reminded() if each.paper.member_id == poll.world.id("li")]
    assert [(each.is_back, each.paper.member) for each in own] == [(True, "")]
    changes = [(each.actor, each.field, each.old) for each in await poll.audit()]
    assert changes[-1] == ("pmobot", "delegate", "Ben")
    assert await poll.vote(ballot, "li", APPROVE, at(27, 15)) is Pressed.VOTED


async def test_a_decision_is_recorded_as_of_the_windows_end_however_late_the_bot_counts(
    poll: Poll,
) -> None:
    needed = await need(poll, "APOLLO")
    ballot = await poll.open(wish=replace(WISH, log_entry_id=needed))
    await poll.votes(ballot, omar=APPROVE, ben=APPROVE, carol=REJECT, li=ABSTAINS)
    await poll.post()
    late = CLOSES + timedelta(hours=9)
    await poll.run(late)
    assert not await poll.clock.tend(late)
    [decision] = await poll.decisions()
    assert (decision.outcome, decision.decided_at, decision.meeting_id) == (
        Outcome.APPROVED,
        CLOSES,
        None,
    )
    assert (decision.votes_for, decision.votes_against, decision.abstained) == (2, 1, 1)
    assert (decision.ballot_id, decision.dissent) == (ballot, "Carol")
    async with poll.world.database.reading() as session:
        entry = await session.get_one(LogEntry, needed)
    assert entry.state is LogState.DONE
    [(place, told)] = (await poll.results()).items()
    assert (place, told.decision, told.closed_at) == ("channel:C0ITS", "", late)
    paper = await poll.paper(ballot, "sam")
    assert (paper.state, paper.result) == (PaperState.CLOSED, told.result)


async def test_without_a_quorum_nothing_is_decided_and_the_next_meeting_hears_of_it(
    poll: Poll,
) -> None:
    ballot = await poll.open()
    await poll.votes(ballot, omar=APPROVE, ben=APPROVE)
    await poll.run(CLOSES)
    assert await poll.decisions() == []
    meeting = await poll.secretary.first()
    carol = await poll.world.viewer("carol")
    async with poll.world.database.writing() as session:
        council = await session.get_one(Council, poll.world.council_id(ITS))
        [told] = await to_note(session, council)
        assert (told.source, told.is_decided) == (f"ballot:{ballot}", False)
        assert told.text == (
            "Vote out of cycle, 2026-11-30. Not decided, for 3 had to vote: 2 of 5 voted: "
            "Approve 2, Reject 0."
        )
        for by in (carol, None):
            await noted(session, ballot, meeting, by, CLOSES)
        assert await to_note(session, council) == []
    assert [each.new for each in await poll.audit() if each.field == "noted"] == [
        "meeting 2026-12-03"
    ]


async def test_the_result_about_a_restricted_project_goes_to_members_alone(poll: Poll) -> None:
    await poll.world.project("ZEUS", visibility=RESTRICTED)
    ballot = await poll.open("dana", replace(WISH, question="Stop project zeus?"))
    await poll.votes(ballot, omar=APPROVE, ben=APPROVE, carol=APPROVE)
    await poll.run(CLOSES)
    results = await poll.results()
    readers = {f"person:{poll.world.id(each)}" for each in (*VOTERS, "dana")}
    assert results.keys() == readers
    assert {each.is_private for each in results.values()} == {True}
    for name, cards in (("erik", None), ("omar", 1)):
        found = await poll.service.listed(await poll.world.viewer(name), "", CLOSES)
        assert [len(each.cards) for each in found.councils] == ([] if cards is None else [cards])


async def test_a_vote_is_cancelled_for_a_reason_and_counts_no_more(poll: Poll) -> None:
    ballot = await poll.open(wish=SECRET)
    await poll.votes(ballot, omar=APPROVE)
    dana, omar = await poll.world.viewer("dana"), await poll.world.viewer("omar")
    for reason in (" ", "x" * 501):
        with pytest.raises(FieldErrors) as caught:
            await poll.opening.cancel(dana, ballot, reason, NOON)
        assert list(caught.value.errors) == [REASON]
    with pytest.raises(NotAllowedError, match="Only the council's chair"):
        await poll.opening.cancel(omar, ballot, "No need", NOON)
    await poll.post()
    await poll.opening.cancel(dana, ballot, "The vendor withdrew", NOON)
    assert await poll.tallies() == {}
    paper = await poll.paper(ballot, "omar")
    assert (paper.state, paper.reason) == (PaperState.CANCELLED, "The vendor withdrew")
    with pytest.raises(NotAllowedError, match="cancelled, and nothing of it counts: The vendor"):
        await poll.vote(ballot, "ben", APPROVE)
    with pytest.raises(NotAllowedError, match="over already"):
        await poll.opening.cancel(dana, ballot, "Again", NOON)
    await poll.run(CLOSES)
    assert [each.state for each in await poll.ballots()] == [BallotState.CANCELLED]
    assert await poll.results() == {}


async def test_one_that_raises_is_put_off_and_the_others_close(poll: Poll) -> None:
    first = await poll.open()
    await poll.open(wish=replace(WISH, question="And this?"))
    async with poll.world.database.writing() as session:
        broken = (await session.exec(select(Ballot).where(Ballot.id == first))).one()
        broken.quorum = "most"  # no rule that there is
    await poll.run(CLOSES)
    assert [each.state for each in await poll.ballots()] == [BallotState.OPEN, BallotState.CLOSED]
