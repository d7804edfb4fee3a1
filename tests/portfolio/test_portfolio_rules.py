"""Who may see and report on a project, and who wins between the file and Slack."""

from dataclasses import replace

import pytest

from domain.portfolio.rules import may_report, may_see, merge
from domain.portfolio.values import ProjectFacts, Viewer
from models.enums import Visibility

PM, DEPUTY, SPONSOR, STRANGER, COUNCIL = 1, 2, 3, 4, 50


def _project(visibility: Visibility) -> ProjectFacts:
    return ProjectFacts(
        visibility, council_id=COUNCIL, pm_id=PM, deputy_id=DEPUTY, sponsor_id=SPONSOR
    )


def _viewer(
    person_id: int,
    *,
    pmo: bool = False,
    guest: bool = False,
    gone: bool = False,
    councils: tuple[int, ...] = (),
) -> Viewer:
    return Viewer(
        person_id=person_id,
        slack_id=f"U{person_id}",
        name="Somebody",
        timezone="UTC",
        is_pmo=pmo,
        is_guest=guest,
        council_ids=frozenset(councils),
        is_gone=gone,
    )


@pytest.mark.parametrize(
    ("viewer", "may"),
    [
        pytest.param(_viewer(PM), "open restricted report", id="pm"),
        pytest.param(_viewer(DEPUTY), "open restricted report", id="deputy"),
        pytest.param(_viewer(SPONSOR), "open restricted", id="sponsor"),
        pytest.param(_viewer(STRANGER), "open", id="full member"),
        pytest.param(_viewer(STRANGER, pmo=True), "open restricted report", id="pmo"),
        pytest.param(_viewer(STRANGER, councils=(COUNCIL,)), "open restricted", id="its council"),
        pytest.param(_viewer(STRANGER, councils=(51, 52)), "open", id="other council"),
        pytest.param(_viewer(STRANGER, guest=True), "", id="guest"),
        pytest.param(_viewer(PM, guest=True), "open restricted report", id="guest who is pm"),
        pytest.param(_viewer(SPONSOR, guest=True), "open restricted", id="guest who is sponsor"),
        pytest.param(
            _viewer(STRANGER, guest=True, pmo=True, councils=(COUNCIL,)),
            "",
            id="became a guest while on the council and in the pmo",
        ),
        pytest.param(_viewer(PM, gone=True, pmo=True), "", id="gone"),
        pytest.param(
            replace(_viewer(PM, pmo=True, councils=(COUNCIL,)), is_among_others=True),
            "open report",
            id="others read along",
        ),
    ],
)
def test_who_sees_and_reports_is_as_the_table_of_people_says(viewer: Viewer, may: str) -> None:
    can = {
        "open": may_see(viewer, _project(Visibility.OPEN)),
        "restricted": may_see(viewer, _project(Visibility.RESTRICTED)),
        "report": may_report(viewer, _project(Visibility.OPEN)),
    }
    assert " ".join(word for word, allowed in can.items() if allowed) == may
    assert may_report(viewer, _project(Visibility.RESTRICTED)) is can["report"]


def test_a_project_without_deputy_and_sponsor_has_neither() -> None:
    alone = ProjectFacts(Visibility.RESTRICTED, council_id=COUNCIL, pm_id=PM)
    assert not may_see(_viewer(STRANGER), alone)
    assert may_see(_viewer(PM), alone)


@pytest.mark.parametrize(
    ("in_file", "before", "stored", "changes", "conflicts"),
    [
        pytest.param("a", "a", "a", None, set(), id="all agree"),
        pytest.param("b", "a", "a", ("a", "b"), set(), id="the file changed"),
        pytest.param("a", "a", "s", None, set(), id="Slack changed, the file did not: kept"),
        pytest.param("b", "a", "s", ("s", "b"), {"name"}, id="both changed: the file wins, told"),
        pytest.param("b", "a", "b", None, set(), id="both changed to the same"),
        pytest.param("", "a", "a", ("a", ""), set(), id="the file was emptied"),
        pytest.param("b", None, "", ("", "b"), set(), id="a new column for an empty field"),
        pytest.param("b", None, "s", ("s", "b"), {"name"}, id="a new column for a filled field"),
        pytest.param("", None, "s", None, set(), id="a new column that is blank says nothing"),
    ],
)
def test_the_file_wins_only_where_the_file_itself_changed(
    in_file: str,
    before: str | None,
    stored: str,
    changes: tuple[str, str] | None,
    conflicts: set[str],
) -> None:
    merged = merge({"name": in_file}, {} if before is None else {"name": before}, {"name": stored})
    assert merged.changes == ({} if changes is None else {"name": changes})
    assert merged.conflicts == conflicts


def test_a_column_that_the_file_lacks_is_left_alone() -> None:
    assert merge({}, {"name": "a"}, {"name": "s"}).changes == {}
