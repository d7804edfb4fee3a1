"""The room `digests`: what was composed, frozen as composed, and what it is composed from."""

from models.digests.facts import (
    AskedProject,
    CycleCouncil,
    EarlierReport,
    asked_projects,
    cycle_council,
    cycle_reports,
    cycles_before,
    cycles_to_amend,
    cycles_to_report,
    earlier_reports,
    health_counts,
)
from models.digests.tables import Digest, DigestVersion
from models.digests.versions import council_readers, digest_of, first_version, newest_version

__all__ = [
    "AskedProject",
    "CycleCouncil",
    "Digest",
    "DigestVersion",
    "EarlierReport",
    "asked_projects",
    "council_readers",
    "cycle_council",
    "cycle_reports",
    "cycles_before",
    "cycles_to_amend",
    "cycles_to_report",
    "digest_of",
    "earlier_reports",
    "first_version",
    "health_counts",
    "newest_version",
]
