"""The room `digests`: what was composed, frozen as composed, and what it is composed from."""

from models.digests.broad import PortfolioIssue
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
    reports_told,
)
from models.digests.heat_map import Unanswered, unanswered_requests
from models.digests.tables import Digest, DigestVersion
from models.digests.telling import (
    cycles_telling_too_much,
    has_later_digest,
    mark_outdated,
    note_told,
    plan_revision,
    told_in,
)
from models.digests.versions import (
    council_readers,
    digest_of,
    first_version,
    newest_version,
    version_of,
    versions_of,
)

__all__ = [
    "AskedProject",
    "CycleCouncil",
    "Digest",
    "DigestVersion",
    "EarlierReport",
    "PortfolioIssue",
    "Unanswered",
    "asked_projects",
    "council_readers",
    "cycle_council",
    "cycle_reports",
    "cycles_before",
    "cycles_telling_too_much",
    "cycles_to_amend",
    "cycles_to_report",
    "digest_of",
    "earlier_reports",
    "first_version",
    "has_later_digest",
    "health_counts",
    "mark_outdated",
    "newest_version",
    "note_told",
    "plan_revision",
    "reports_told",
    "told_in",
    "unanswered_requests",
    "version_of",
    "versions_of",
]
