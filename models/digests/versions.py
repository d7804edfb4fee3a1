"""Digests as they were posted, and who reads them."""

from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.digests.tables import Digest, DigestVersion
from models.portfolio import Council, CouncilMember, Person


async def council_readers(session: AsyncSession, council: Council) -> list[int]:
    """The people who may read the restricted part: the council's chair and members.

    Not those who have left, and not those who became guests: they see what they have a role in.
    """
    seated = select(CouncilMember.person_id).where(CouncilMember.council_id == council.pk)
    found = await session.exec(
        select(Person)
        .where(
            or_(col(Person.id) == council.chair_id, col(Person.id).in_(seated)),
            col(Person.is_gone).is_(False),
            col(Person.is_guest).is_(False),
        )
        .order_by(col(Person.id))
    )
    return [person.pk for person in found.all()]


async def digest_of(session: AsyncSession, cycle_id: int) -> Digest | None:
    """The digest of a cycle, once it is composed."""
    found = await session.exec(select(Digest).where(Digest.cycle_id == cycle_id))
    return found.first()


async def first_version(session: AsyncSession, digest: Digest) -> DigestVersion | None:
    """A digest as it was first posted."""
    found = await session.exec(
        select(DigestVersion)
        .where(DigestVersion.digest_id == digest.pk)
        .order_by(col(DigestVersion.version))
        .limit(1)
    )
    return found.first()


async def versions_of(session: AsyncSession, digest: Digest) -> Sequence[DigestVersion]:
    """Every state of a digest, oldest first."""
    found = await session.exec(
        select(DigestVersion)
        .where(DigestVersion.digest_id == digest.pk)
        .order_by(col(DigestVersion.version))
    )
    return found.all()


async def version_of(session: AsyncSession, digest: Digest, version: int) -> DigestVersion | None:
    """One state of a digest."""
    found = await session.exec(
        select(DigestVersion).where(
            DigestVersion.digest_id == digest.pk, DigestVersion.version == version
        )
    )
    return found.first()


async def newest_version(session: AsyncSession, digest: Digest) -> DigestVersion | None:
    """The last state of a digest."""
    found = await session.exec(
        select(DigestVersion)
        .where(DigestVersion.digest_id == digest.pk)
        .order_by(col(DigestVersion.version).desc())
        .limit(1)
    )
    return found.first()
