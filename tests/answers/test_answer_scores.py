"""What counts as a right answer."""

import pytest

from benchmarks.answer_scores import (
    Kind,
    Outcome,
    Question,
    Reply,
    Scores,
    Share,
)

RISK, ISSUE, MINUTES = "glossary:risk#meaning", "glossary:issue#meaning", "meeting:minutes#rule"


def outcome(kind: Kind, parts: list[set[str]], *replies: Reply) -> Outcome:
    """A question that expects the ids of all parts, and its replies."""
    sides = [frozenset(part) for part in parts]
    return Outcome(Question("?", kind, frozenset().union(*sides), sides), replies, 0.0)


def shown(*ids: str, answers: bool = True) -> Reply:
    """Sections, best first."""
    return Reply("answer" if answers else "unsure", ids, answers)


@pytest.mark.parametrize(
    ("kind", "replies", "rank", "wrong"),
    [
        pytest.param(Kind.PLAIN, [shown(RISK)], 1, False, id="first"),
        pytest.param(Kind.PLAIN, [shown(MINUTES, ISSUE)], 2, True, id="second_to_a_wrong_one"),
        pytest.param(Kind.PLAIN, [shown(MINUTES, answers=False)], 0, False, id="only_suggested"),
        pytest.param(Kind.PLAIN, [], 0, False, id="nothing"),
        pytest.param(Kind.SEVERAL, [shown(RISK), shown(MINUTES, ISSUE)], 2, True, id="the_worst"),
        pytest.param(Kind.SEVERAL, [shown(RISK)], 0, False, id="a_part_is_missing"),
    ],
)
def test_a_right_section_counts_by_its_place(
    kind: Kind, replies: list[Reply], rank: int, *, wrong: bool
) -> None:
    """Several questions count as the one that fared worst."""
    found = outcome(kind, [{RISK}, {ISSUE}], *replies)
    assert (found.rank, found.wrong) == (rank, wrong)


def test_what_must_be_refused_counts_apart_from_what_must_be_found() -> None:
    """Otherwise refusing everything would raise the share of what is found."""
    scores = Scores(
        [
            outcome(Kind.PLAIN, [{RISK}], shown(RISK)),
            outcome(Kind.TRAP, [], shown(RISK)),
            outcome(Kind.INJECTION, [], shown(RISK, answers=False)),
            outcome(
                Kind.LANGUAGE, [{RISK}], Reply("other_language", (), answers=False, foreign=True)
            ),
            outcome(Kind.COMPARISON, [{RISK}, {ISSUE}], shown(RISK, MINUTES, ISSUE)),
        ]
    )
    assert scores.hit(1) == Share(2, 2)
    assert scores.hit(1, Kind.COMPARISON) == Share(1, 1)
    assert scores.refusable_answered == Share(1, 2)
    assert scores.wrong == Share(1, 5)
    assert scores.answered_rightly == Share(2, 2)
    assert scores.recognised == Share(1, 1)
    assert scores.found_from_afar(3) == Share(0, 1)
    assert scores.mistaken_for_foreign == Share(0, 4)
    assert scores.both_sides == Share(1, 1)
    assert scores.reciprocal_ranks == [1.0, 1.0]


@pytest.mark.parametrize(
    ("share", "interval"),
    [
        pytest.param(Share(0, 30), (0.0, 0.114), id="none_of_a_few_is_not_never"),
        pytest.param(Share(15, 30), (0.331, 0.669), id="half"),
        pytest.param(Share(30, 30), (0.886, 1.0), id="all_of_a_few_is_not_always"),
        pytest.param(Share(0, 0), (0.0, 1.0), id="of_nothing"),
    ],
)
def test_a_share_of_few_is_uncertain(share: Share, interval: tuple[float, float]) -> None:
    """Wilson's interval, to three places."""
    assert share.interval == pytest.approx(interval, abs=0.001)
