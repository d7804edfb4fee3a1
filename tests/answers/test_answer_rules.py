"""What is kept of a question, what is offered beside an answer, and what is said to what."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.answers.composing import Found, Setting, answer_to
from domain.answers.finding.finder import Band, Finder, Finding, Hit
from domain.answers.messages import Answer, AskElsewhere, DidYouMean, DontKnow, HowToAsk, Link
from domain.answers.rules import (
    asks,
    courtesy_of,
    masked,
    one_line,
    related,
    shown,
    topics_of,
    version_of,
)
from domain.answers.shelf import Shelf
from domain.answers.values import STALE_AFTER, Handbook, Section

TODAY = date(2026, 11, 22)


def section(id_: str, **others: Any) -> Section:
    entity = id_.partition("#")[0]
    return Section(id_, f"About {id_}", "Some words.", entity, reviewed=TODAY, **others)


RISK = section("glossary:risk#meaning", see=("status:red#rule", "gone:x#y"))
SCALE, OWNER, FORM, USE = (section(f"glossary:risk#{each}") for each in "sofu")
ISSUE, RED = section("glossary:issue#meaning"), section("status:red#rule")
BOOK = Handbook({each.id: each for each in (RISK, SCALE, OWNER, FORM, USE, ISSUE, RED)})
SETTING = Setting(Shelf(BOOK, Finder(BOOK, {}), "v1"), TODAY, "/project")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("who approves APOLLO's change?", "who approves APOLLO's change?"),
        ("is @erik the PM", "is @… the PM"),
        ("ask erik@example.edu, or <mailto:ana@example.edu>", "ask @… or @…"),
        ("budget @ completion", "budget @ completion"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_who_is_named_in_a_question_is_not_kept(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    ("said", "texts"),
    [
        ("hello", ("hi", "Hello there!", "¡Hola!", "Buenos días", "good morning all", "Grüß Gott")),
        (
            "thanks",
            ("thanks!", "Thank you so much", "ok thanks", "merci beaucoup", "gracias, danke"),
        ),
        ("ok", ("ok", "OK, great", "D'accord", "sí")),
        ("no", ("no", "No, thanks", "nevermind")),
        ("bye", ("bye bye", "see you tomorrow")),
        ("huh", ("?", "??")),
        ("", ("", "!", "thanks, what is a risk?", "hi APOLLO", "ok for gate 3", "bye " * 1_000)),
    ],
)
def test_a_text_that_only_greets_or_thanks_is_known(said: str, texts: tuple[str, ...]) -> None:
    assert {each: courtesy_of(each) for each in texts} == dict.fromkeys(texts, said)


def test_a_question_is_kept_on_one_line_and_no_longer_than_one_is() -> None:
    assert one_line(" a \n b ") == "a b"
    assert len(one_line("x" * 4_000)) == 500


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("who pays for coffee", True),
        ("Can I skip the gate", True),
        ("¿qué es?", True),
        ("explain the gate", True),
        ("coffee is out", False),
        ("thanks a lot", False),
        ("whatever", False),
    ],
)
def test_what_is_put_as_a_question_is_told_from_what_is_not(text: str, *, is_asked: bool) -> None:
    assert asks(text) is is_asked


def test_beside_a_section_stand_its_thing_what_came_near_and_what_it_names() -> None:
    ids = [each.section_id for each in related(RISK, BOOK, [SCALE, ISSUE, RED])]
    assert ids == [SCALE.id, OWNER.id, FORM.id, ISSUE.id, RED.id]
    assert related(ISSUE, BOOK) == ()
    assert related(RED, BOOK, [ISSUE]) == (Link(ISSUE.id, ISSUE.title),)


def test_the_version_of_the_handbook_changes_with_any_word_of_it() -> None:
    changed = Handbook({**BOOK.sections, RISK.id: replace(RISK, body="Other words.")})
    assert version_of(BOOK) == version_of(Handbook(dict(BOOK.sections)))
    assert version_of(changed) != version_of(BOOK)


def test_the_topics_are_the_kinds_of_things_or_the_things_of_a_kind() -> None:
    assert topics_of(BOOK) == ("status and health", "terms")
    assert topics_of(BOOK, "glossary") == ("risk", "issue")
    own = Handbook({**BOOK.sections, "canteen:menu#today": section("canteen:menu#today")})
    assert topics_of(own) == ("status and health", "terms", "canteen")


def test_a_section_that_nobody_has_reviewed_for_long_is_shown_as_stale() -> None:
    assert not shown(RISK, TODAY + STALE_AFTER).is_stale
    assert shown(replace(RISK, reviewed=date(2025, 1, 1)), TODAY).is_stale


HITS = tuple(Hit(each, 0.4, ()) for each in (RISK, ISSUE, RED, SCALE))


@pytest.mark.parametrize(
    ("finding", "kind"),
    [
        (Finding(Band.ANSWER, HITS), Answer),
        (Finding(Band.UNSURE, HITS), DidYouMean),
        (Finding(Band.UNKNOWN), DontKnow),
        (Finding(Band.OFF_TOPIC, pointer="Ask HR."), AskElsewhere),
        (Finding(Band.OTHER_LANGUAGE, pointer="Auf Englisch, bitte."), AskElsewhere),
        (Finding(Band.EMPTY), HowToAsk),
    ],
)
def test_each_band_has_an_answer_of_its_own(finding: Finding, kind: type) -> None:
    said = answer_to(Found("what is it", finding), 7, SETTING)
    assert type(said) is kind


def test_did_you_mean_offers_three() -> None:
    said = answer_to(Found("q", Finding(Band.UNSURE, HITS)), 7, SETTING)
    assert isinstance(said, DidYouMean)
    assert [each.section_id for each in said.links] == [RISK.id, ISSUE.id, RED.id]


def test_which_of_several_questions_is_answered_stands_above_it() -> None:
    found = Found("what is a risk", Finding(Band.ANSWER, HITS))
    several = answer_to(found, 7, replace(SETTING, is_one_of_several=True))
    alone = answer_to(found, 7, SETTING)
    assert isinstance(several, Answer)
    assert isinstance(alone, Answer)
    assert (several.question, alone.question) == ("what is a risk", "")


def test_what_may_be_a_report_and_is_no_question_is_not_taken_for_one() -> None:
    direct = replace(SETTING, may_be_report=True)
    unknown = Finding(Band.UNKNOWN)
    assert isinstance(answer_to(Found("coffee is out", unknown), 7, direct), HowToAsk)
    assert isinstance(answer_to(Found("coffee is out", unknown), 7, SETTING), DontKnow)
    assert isinstance(answer_to(Found("who has coffee?", unknown), 7, direct), DontKnow)
