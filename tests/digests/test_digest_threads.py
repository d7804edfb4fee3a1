"""Which reply of a digest's thread tells of which project, at first and when it is amended."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.digests.messages import Composition, DigestMissing
from domain.digests.rules import (
    PAGE_CHARACTERS,
    Layout,
    add_to,
    compose,
    is_outdated,
    layout_of,
    newer_reports,
)
from domain.digests.values import ProjectInCycle
from models.enums import Health
from tests.support.digesting import (
    ANSWERED_AT,
    COLOURS,
    CUT_OFF,
    DIGEST_AT,
    facts,
    past_of,
    project,
)

GREEN, YELLOW, RED, GREY = Health.GREEN, Health.YELLOW, Health.RED, Health.GREY


def _compose(*projects: ProjectInCycle, kept: Layout | None = None) -> Composition:
    posted_at = DIGEST_AT if kept else None
    return compose(facts(*projects), DIGEST_AT, kept=kept, posted_at=posted_at)


def _details(composition: Composition) -> list[str]:
    return [each.report.code for each in composition.details]


def _pages(composition: Composition) -> list[list[str]]:
    return [[each.code for each in page.reports] for page in composition.pages]


def test_what_needs_attention_has_a_reply_of_its_own_and_the_rest_share_pages() -> None:
    composition = _compose(
        project("A", GREEN),
        project("B", RED),
        project("C", GREY),
        project("D", YELLOW),
        project("E"),
    )
    assert _details(composition) == ["B", "D"]
    assert _pages(composition) == [["A", "C"]]


def test_the_thread_begins_with_red_and_with_what_has_been_so_for_longest() -> None:
    composition = _compose(
        project("A", YELLOW), project("B", RED), project("C", RED, past=past_of("r"))
    )
    assert _details(composition) == ["C", "B", "A"]


def test_a_decision_has_a_reply_of_its_own_whatever_the_colour() -> None:
    first = _compose(
        project("A", GREEN, decision="Move it?"),
        project("B", GREY, decision="Fund it?"),
        project("C", GREEN),
        project("D", YELLOW, decision="Buy it?"),
    )
    assert (_details(first), _pages(first)) == (["D", "A", "B"], [["C"]])
    decided = _compose(
        project("A", GREEN), project("C", GREEN, decision="Now?"), kept=layout_of(first)
    )
    assert (_details(decided), _pages(decided)) == (["A", "C"], [[]])


def test_more_missing_than_the_head_has_room_for_are_listed_in_the_thread_to_the_end() -> None:
    def cycle(*reported: str) -> list[ProjectInCycle]:
        return [project(code, GREEN if code in reported else None) for code in "ABCDEF"]

    few, many = _compose(*cycle("A")), _compose(*cycle())
    assert (few.missing, few.head.has_missing_reply) == (None, False)
    assert many.head.has_missing_reply
    assert many.missing == DigestMissing(many.head.missing)
    for reported in ("A", "ABCDEF"):
        amended = _compose(*cycle(*reported), kept=layout_of(many))
        assert amended.missing is not None
        assert len(amended.missing.lines) == 6 - len(reported)


def test_a_page_that_is_full_is_followed_by_another() -> None:
    long = "x" * (PAGE_CHARACTERS // 2 - 500)
    composition = _compose(*(project(code, GREEN, done=long) for code in "ABCDE"))
    assert _pages(composition) == [["A", "B"], ["C", "D"], ["E"]]


def test_a_text_that_is_longer_than_a_page_is_kept_whole_on_a_page_of_its_own() -> None:
    long = "x" * (PAGE_CHARACTERS + 1)
    composition = _compose(project("A", GREEN), project("B", GREEN, done=long), project("C", GREEN))
    assert _pages(composition) == [["A"], ["B"], ["C"]]
    assert composition.pages[1].reports[0].answers.done == long


def test_nothing_reported_needs_no_thread() -> None:
    composition = _compose(project("A"), project("B"))
    assert (composition.details, composition.pages) == ((), ())


def test_a_late_answer_comes_after_what_is_posted_and_moves_nothing() -> None:
    first = _compose(project("A"), project("B", RED), project("C", GREEN), project("D"))
    second = _compose(
        project("A", RED),
        project("B", RED),
        project("C", GREEN),
        project("D", GREEN),
        kept=layout_of(first),
    )
    assert _details(second) == ["B", "A"]
    assert _pages(second) == [["C", "D"]]


def test_a_correction_from_red_to_green_is_told_in_the_reply_that_there_is() -> None:
    first = _compose(project("A", RED), project("B", GREEN))
    second = _compose(project("A", GREEN), project("B", GREEN), kept=layout_of(first))
    assert _details(second) == ["A"]
    assert _pages(second) == [["B"]]


def test_a_correction_from_green_to_red_moves_from_its_page_to_a_reply_of_its_own() -> None:
    first = _compose(project("A", GREEN), project("B", RED), project("C", GREEN))
    second = _compose(
        project("A", RED), project("B", RED), project("C", GREEN), kept=layout_of(first)
    )
    assert _details(second) == ["B", "A"]
    assert _pages(second) == [["C"]]


def test_a_page_that_has_lost_all_its_reports_keeps_its_place() -> None:
    long = "x" * PAGE_CHARACTERS
    first = _compose(project("A", GREEN, done=long), project("B", GREEN))
    second = _compose(project("A", RED, done=long), project("B", GREEN), kept=layout_of(first))
    assert _pages(first) == [["A"], ["B"]]
    assert _pages(second) == [[], ["B"]]


LENGTHS = st.integers(0, PAGE_CHARACTERS + 100)


@st.composite
def _states(draw: st.DrawFn, codes: str = "ABCDEFGH") -> list[ProjectInCycle]:
    return [
        project(
            code,
            draw(st.sampled_from([*COLOURS.values(), None])),
            done="x" * draw(LENGTHS),
            is_restricted=draw(st.sampled_from([False, False, False, True])),
        )
        for code in draw(st.sets(st.sampled_from(codes)))
    ]


def _in_order(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether what stayed comes first and in the same order as it did."""
    stays = [key for key in before if key in after]
    return list(after[: len(stays)]) == stays


def _told(composition: Composition) -> list[str]:
    pages = [code for page in _pages(composition) for code in page]
    return sorted(_details(composition) + pages)


def _reported(projects: list[ProjectInCycle]) -> list[str]:
    return sorted(each.code for each in projects if each.report and not each.is_restricted)


@given(states=st.lists(_states(), min_size=1, max_size=4))
def test_every_reported_project_stands_exactly_once_in_the_thread_however_often_it_is_amended(
    states: list[list[ProjectInCycle]],
) -> None:
    kept = None
    for projects in states:
        composition = _compose(*projects, kept=kept)
        assert _told(composition) == _reported(projects)
        if kept is not None:
            after = layout_of(composition)
            assert _in_order(kept.details, after.details)
            assert len(after.pages) >= len(kept.pages)
            assert all(map(_in_order, kept.pages, after.pages))
        kept = layout_of(composition)


@given(projects=_states())
def test_composing_again_with_the_layout_as_posted_moves_nothing(
    projects: list[ProjectInCycle],
) -> None:
    first = _compose(*projects)
    assert layout_of(_compose(*projects, kept=layout_of(first))) == layout_of(first)


@given(projects=_states())
def test_pages_are_filled_up_to_their_measure_and_not_beyond(
    projects: list[ProjectInCycle],
) -> None:
    for page in _compose(*projects).pages:
        words = sum(len(report.answers.done) for report in page.reports)
        assert words <= PAGE_CHARACTERS or len(page.reports) == 1


def test_an_addendum_has_the_new_answers_of_its_audience_alone() -> None:
    late = {"submitted_at": CUT_OFF + timedelta(days=5)}
    told, new = project("A", RED), project("B", GREEN, report=late, done="At last")
    hidden, missing = project("V", RED, report=late, is_restricted=True), project("M")
    everything = facts(told, new, hidden, missing)
    assert told.report is not None
    added = newer_reports([told.report.report_id], everything)
    assert [each.code for each in added] == ["B", "V"]
    channel = add_to(everything, added, DIGEST_AT, restricted=False)
    private = add_to(everything, added, DIGEST_AT, restricted=True)
    assert [line.code for line in channel.lines] == ["B"]
    assert [(each.code, each.answers.done) for each in channel.reports] == [("B", "At last")]
    assert [line.code for line in private.lines] == ["V"]
    assert (channel.as_of, channel.timezone) == (DIGEST_AT, "America/New_York")


def test_author_instant_and_version_of_an_answer_are_told() -> None:
    text = _compose(project("A", RED, report={"version": 3})).details[0].report
    assert (text.author, text.submitted_at, text.version) == ("Ana", ANSWERED_AT, 3)


TOLD = project("A", RED)
HIDDEN = project("V", RED, is_restricted=True)
MISSING = project("M")


@pytest.mark.parametrize(
    ("now", "is_open_outdated", "is_restricted_outdated"),
    [
        pytest.param([TOLD, HIDDEN, MISSING], False, False, id="nothing new"),
        pytest.param([TOLD, HIDDEN, project("M", GREEN)], True, False, id="an open answer"),
        pytest.param(
            [TOLD, HIDDEN, project("W", GREEN, is_restricted=True)], False, True, id="a hidden one"
        ),
        pytest.param(
            [project("A", RED, is_restricted=True), HIDDEN], True, True, id="restricted since"
        ),
        pytest.param([TOLD, project("V", RED)], True, True, id="opened since"),
        pytest.param([HIDDEN], True, False, id="not told any more"),
    ],
)
def test_a_part_is_outdated_when_something_of_its_own_audience_changed(
    now: list[ProjectInCycle], *, is_open_outdated: bool, is_restricted_outdated: bool
) -> None:
    before = facts(TOLD, HIDDEN, MISSING)
    report_ids = [each.report.report_id for each in (TOLD, HIDDEN) if each.report]
    for restricted, outdated in ((False, is_open_outdated), (True, is_restricted_outdated)):
        posted = layout_of(compose(before, DIGEST_AT, restricted=restricted))
        assert is_outdated(posted, report_ids, facts(*now), restricted=restricted) is outdated
