"""What can't be composed is put off: what is due behind it goes on, and the PMO sees why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

import domain.digests.broad.service
import domain.digests.preview.keeping
import domain.digests.service
from domain.digests.broad.messages import BroadHead
from domain.digests.following.messages import FollowersDigest
from domain.digests.following.turns import Turn
from domain.digests.issuing import Issue
from domain.digests.messages import DigestHead
from domain.digests.preview.messages import DigestDraft
from domain.digests.setbacks.rules import again_at, failures_by_now, reason_of
from domain.health.facts import load_facts
from domain.health.values import NotComposed
from jobs.digests import run as run_digests
from tests.support.portfolio import ITS, STS, at
from tests.support.reporting import GREEN, RED, Office, statements

NINE = at(25, 14)
ANSWER = at(26, 15)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
SHOWN = at(27, 21)
MONDAY = at(30, 14)
MINUTE = timedelta(minutes=1)


async def not_composed(office: Office, now: datetime) -> list[NotComposed]:
    async with office.database.reading() as session:
        return list((await load_facts(session, office.world.workspace_id, now)).not_composed)


async def two_councils(office: Office, *before: datetime, preview: str | None = None) -> None:
    """APOLLO of one council and NOTUS of another, both answered."""
    await office.world.council(STS)
    await office.world.project("APOLLO")
    await office.world.project("NOTUS", council=STS)
    for council in (ITS, STS):
        await office.world.change_calendar(council, preview=preview)
    await office.tick(NINE)
    for code in ("APOLLO", "NOTUS"):
        await office.answer(code, ANSWER, RED)
    await office.ticks(*before)


async def heads(office: Office) -> set[str]:
    return {each.council for each in await office.messages(DigestHead)}


def break_down(
    patch: pytest.MonkeyPatch, place: Any, name: str, is_hit: Callable[..., bool]
) -> None:
    """Let a function raise where it is called for what is hit, with words of somebody's."""
    good = getattr(place, name)

    async def bad(*args: Any, **others: Any) -> Any:
        if is_hit(*args):
            raise ValueError("Ana wrote: the vendor is late")
        return await good(*args, **others)

    patch.setattr(place, name, bad)


def of_its(*args: Any) -> bool:
    return any(getattr(each, "name", "") == ITS for each in args)


async def test_a_digest_that_cannot_be_composed_lets_others_go_and_comes_once_it_can(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = any_office
    await two_councils(office, CUT_OFF)
    with statements(office.database) as idle:
        assert not await run_digests(office.digests, DIGEST - MINUTE)
    with monkeypatch.context() as patch:
        break_down(patch, domain.digests.service, "facts_of", of_its)
        await office.tick(DIGEST)
        assert await heads(office) == {STS}
        with statements(office.database) as seen:
            assert not await run_digests(office.digests, DIGEST + timedelta(seconds=59))
        assert len(seen) == len(idle)  # putting off costs an idle tick nothing
        restarted = Office(office.world)
        await restarted.tick(DIGEST + MINUTE)
        (told,) = await not_composed(office, DIGEST + MINUTE)
    assert told.subject == f"{ITS}, digest of 25 Nov 2026"
    assert told.reason.startswith("ValueError in domain.digests.service, line ")
    assert "Ana" not in told.reason
    assert (told.failures, told.next_at) == (2, DIGEST + 3 * MINUTE)
    await office.tick(DIGEST + 3 * MINUTE)
    assert await heads(office) == {ITS, STS}
    assert await not_composed(office, DIGEST + 3 * MINUTE) == []


async def test_late_answers_to_one_digest_do_not_wait_for_those_to_another(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = any_office
    await two_councils(office, CUT_OFF, DIGEST)
    for code in ("APOLLO", "NOTUS"):
        await office.answer(code, DIGEST + MINUTE, GREEN)

    async def bad(self: Issue) -> None:
        if of_its(self.council):
            raise ValueError
        await good(self)

    good = Issue.amend
    monkeypatch.setattr(Issue, "amend", bad)
    await office.tick(DIGEST + MINUTE)
    said = [each for each in await office.said() if isinstance(each.message, DigestHead)]
    assert {each.message.council: each.revision for each in said} == {ITS: 1, STS: 2}
    (told,) = await not_composed(office, DIGEST + MINUTE)
    assert told.subject == f"{ITS}, late answers to the digest of 25 Nov 2026"


async def test_drafts_are_put_off_each_by_itself_when_they_are_made_and_when_renewed(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = any_office
    await two_councils(office, CUT_OFF, preview="+2d 16:00")

    async def drafts() -> dict[str, int]:
        said = await office.said()
        return {
            each.message.head.council: each.revision
            for each in said
            if isinstance(each.message, DigestDraft)
        }

    with monkeypatch.context() as patch:
        break_down(patch, domain.digests.preview.keeping, "facts_of", of_its)
        await office.tick(SHOWN)
        assert await drafts() == {STS: 1}
        (told,) = await not_composed(office, SHOWN)
        assert told.subject == f"{ITS}, draft of the digest of 25 Nov 2026"
    later = SHOWN + MINUTE
    await office.tick(later)
    assert await drafts() == {ITS: 1, STS: 1}
    for code in ("APOLLO", "NOTUS"):
        await office.answer(code, later, GREEN)
    break_down(monkeypatch, domain.digests.preview.keeping, "facts_of", of_its)
    await office.tick(later)
    assert await drafts() == {ITS: 1, STS: 2}
    (told,) = await not_composed(office, later)
    assert told.subject == f"{ITS}, changes to the draft of the digest of 25 Nov 2026"


async def test_one_digest_across_councils_does_not_hold_up_another(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = any_office
    await two_councils(office, CUT_OFF)
    await office.world.digest("Overview")
    await office.world.digest("Programmes")
    due = at(30, 15)
    break_down(
        monkeypatch,
        domain.digests.broad.service,
        "broad_facts",
        lambda _session, digest, *_rest: digest.name == "Overview",
    )
    await office.tick(due)
    assert [each.name for each in await office.messages(BroadHead)] == ["Programmes"]
    (told,) = await not_composed(office, due)
    assert (told.subject, told.next_at) == ("Overview", due + MINUTE)


async def all_turns(office: Office, now: datetime) -> None:
    while await office.followers.tell(now):
        pass


async def test_what_one_follower_is_told_does_not_hold_up_the_others(
    any_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = any_office
    await two_councils(office)
    for name in ("ana", "ben", "carol"):
        await office.following.follow(await office.world.viewer(name), "APOLLO", NINE)
    await all_turns(office, NINE)

    def bad(self: Turn, revision: int) -> None:
        if self.row.person_id == office.world.id("ben"):
            raise TypeError("two dates, and no date")
        good(self, revision)

    good = Turn.take
    monkeypatch.setattr(Turn, "take", bad)
    await all_turns(office, MONDAY)
    told = [each.place for each in await office.said() if isinstance(each.message, FollowersDigest)]
    assert told == [f"person:{office.world.id(name)}" for name in ("ana", "carol")]
    (put_off,) = await not_composed(office, MONDAY)
    assert put_off.subject == "what Ben follows"
    assert put_off.reason.endswith(": two dates, and no date")


async def test_a_failing_database_is_nobodys_fault(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_councils(office, CUT_OFF)

    async def bad(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(domain.digests.service, "facts_of", bad)
    with pytest.raises(OperationalError):
        await office.tick(DIGEST)
    assert await not_composed(office, DIGEST) == []


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (5_000, 60)]
)
def test_each_time_it_waits_twice_as_long_up_to_an_hour(failures: int, minutes: int) -> None:
    assert again_at(failures, DIGEST) == DIGEST + minutes * MINUTE


def test_what_fails_long_after_its_last_failure_fails_for_the_first_time() -> None:
    assert failures_by_now(4, DIGEST, DIGEST + timedelta(hours=1)) == 5
    assert failures_by_now(4, DIGEST, DIGEST + timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError("Ana"), "KeyError"),
        (ValueError("'Ana is late' is not a number"), "ValueError"),
        (TypeError("no dates\nfor Ana"), "TypeError: no dates"),
        (RecursionError(), "RecursionError"),
        (AttributeError("x" * 400), "AttributeError: " + "x" * 184),
    ],
)
def test_a_reason_quotes_nothing_that_people_may_have_written(error: Exception, told: str) -> None:
    assert reason_of(error) == told
