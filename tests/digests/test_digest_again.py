"""Any state of a digest is composed again from the record, whatever has changed since."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import col, select

from domain.digests.messages import Composition
from domain.errors import NotFoundError
from models.digests import DigestVersion
from tests.support.portfolio import ITS, RESTRICTED, STS, World, at
from tests.support.reporting import GREEN, RED, YELLOW, Office

NINE = at(25, 14)
CUT_OFF = at(27, 20)
DIGEST = at(30, 13)
WEEK = timedelta(days=7)
STEP = timedelta(hours=3)
CODES = ("APOLLO", "HERA", "IRIS", "ZEUS")

Change = Callable[[Random, Office, datetime], Awaitable[Any]]


async def _answer(chance: Random, office: Office, now: datetime) -> None:
    report = {**chance.choice((GREEN, YELLOW, RED)), "done": f"Done by {now}"}
    await office.answer(chance.choice(CODES), now, report, by="dana")


async def _correct_the_week_before(chance: Random, office: Office, now: datetime) -> None:
    first = (await office.requests(chance.choice(CODES)))[0]
    dana = await office.world.viewer("dana")
    await office.collecting.submit(dana, first.pk, chance.choice((GREEN, RED)), now)


async def _rename(chance: Random, office: Office, now: datetime) -> None:
    await office.world.change(chance.choice(CODES), name=f"Renamed {now}", pm="ben")


async def _rename_people(_chance: Random, office: Office, now: datetime) -> None:
    await office.world.change_person("ana", name=f"Ana {now}")
    await office.world.change_council(ITS, channel_name=f"its-{now:%H%M}")


async def _hide(chance: Random, office: Office, _now: datetime) -> None:
    await office.world.change(chance.choice(CODES), visibility=RESTRICTED)


async def _open(_chance: Random, office: Office, _now: datetime) -> None:
    for code in CODES:
        await office.world.change(code, visibility="open")


async def _move(chance: Random, office: Office, _now: datetime) -> None:
    council = chance.choice((ITS, STS))
    await office.world.change(chance.choice(CODES), council=council, phase="closeout")


CHANGES: Sequence[Change] = (
    *(_answer, _answer, _correct_the_week_before, _rename),
    *(_rename_people, _hide, _hide, _open, _move),
)


async def _began(office: Office) -> None:
    """A digest of the second week is said: one project has not answered."""
    await office.world.council(STS, members=("li",), rhythm={"every": "FREQ=YEARLY"})
    for code in CODES:
        await office.world.project(code, deputy="ben")
    for week in range(2):
        await office.tick(NINE + week * WEEK)
        for code in CODES[week:]:
            await office.answer(code, NINE + week * WEEK + STEP, (GREEN, RED)[code == "IRIS"])
        await office.ticks(CUT_OFF + week * WEEK, DIGEST + week * WEEK)


async def _versions(office: Office) -> list[int]:
    async with office.database.reading() as session:
        found = await session.exec(
            select(DigestVersion.version)
            .where(DigestVersion.digest_id == 2)
            .order_by(col(DigestVersion.version))
        )
        return list(found.all())


async def _replies(office: Office) -> dict[str, Any]:
    return {
        each.key.removeprefix("digest:2:"): each.message
        for each in await office.said()
        if each.key.startswith(("digest:2:detail:", "digest:2:page:"))
    }


def _replies_of(composition: Composition) -> dict[str, Any]:
    details = {f"detail:{each.report.project_id}": each for each in composition.details}
    return details | {f"page:{n}": page for n, page in enumerate(composition.pages, start=1)}


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(2))
async def test_every_version_of_a_digest_composes_to_what_was_said(
    world: World, office: Office, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - the same histories in every run
    await world.change_calendar(ITS, freeze="+4d 12:00" if seed % 2 else None)
    await _began(office)
    said = {1: await _replies(office)}
    now = DIGEST + WEEK
    for _turn in range(9):
        now += STEP
        await chance.choice(CHANGES)(chance, office, now)
        await office.tick(now)
        for version in await _versions(office):
            said.setdefault(version, await _replies(office))
    assert len(said) > 3
    for version, replies in said.items():
        for audience, (again, frozen) in (await office.digests.compose_again(2, version)).items():
            assert again.head == frozen, (version, audience)
            if audience == "open":
                assert _replies_of(again).items() <= replies.items(), version
    with pytest.raises(NotFoundError, match="has no version 99"):
        await office.digests.compose_again(2, 99)
