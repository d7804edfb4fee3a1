"""Free text as reports: what is read, what is left alone, and that no word is ever lost."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.collecting.answering.text.rules import Named, TextReading, read_text

APOLLO, BOREALIS, CERES, DELTA = 1, 2, 3, 4
KNOWN = (
    Named(APOLLO, "APOLLO", "Student Portal"),
    Named(BOREALIS, "BOREALIS", "Learning Records"),
    Named(CERES, "PRJ-12", "Records Archive"),
    Named(DELTA, "DELTA", "Data Warehouse", has_aliases=False),
)
SCALE = ("Green", "Yellow", "Red")
TODAY = date(2026, 11, 18)

Read = list[tuple[tuple[int, ...], str, dict[str, str]]]


def reading(
    text: str,
    implied: tuple[int, ...] = (),
    scale: tuple[str, ...] = SCALE,
    *,
    is_reply: bool = False,
) -> TextReading:
    return read_text(text, KNOWN, scale, TODAY, implied, is_reply=is_reply)


def read(text: str, implied: tuple[int, ...] = (), *, is_reply: bool = False) -> Read:
    found = reading(text, implied, is_reply=is_reply)
    return [(each.projects, each.rating, dict(each.fields)) for each in found.reports]


def ratings(text: str, implied: tuple[int, ...] = ()) -> dict[tuple[int, ...], str]:
    return {projects: rating for projects, rating, _fields in read(text, implied)}


def test_two_projects_in_one_line_become_two_reports() -> None:
    assert read(
        "Apollo: green, UAT finished, next go-live 3 March; Borealis yellow, vendor late"
    ) == [
        ((APOLLO,), "Green", {"done": "UAT finished", "next": "go-live 3 March"}),
        ((BOREALIS,), "Yellow", {"why": "vendor late"}),
    ]


@pytest.mark.parametrize(
    ("spelling", "health"),
    [
        *((each, "Green") for each in ("green", "GREEN", "on track", "on-track", "OnTrack")),
        *((each, "Green") for each in ("🟢", "🟩", ":large_green_circle:", "*green*", "_green_")),
        *((each, "Yellow") for each in ("yellow", "amber", "at risk", "At-Risk", "🟡", "🟠", "🔶")),
        *((each, "Yellow") for each in (":large_yellow_circle:", ":large_orange_circle:")),
        *((each, "Red") for each in ("red", "off track", "off-track", "🔴", "🟥", ":red_circle:")),
        *((("G"), "Green"), (("A"), "Yellow"), (("Y"), "Yellow"), (("R"), "Red")),
        *((each, "Green") for each in ("is green", "is now green", "still green", "status green")),
        *((each, "Red") for each in ("yellow -> red", "from yellow to red", "amber → red")),
    ],
)
def test_a_colour_is_understood_in_many_spellings(spelling: str, health: str) -> None:
    assert ratings(f"Apollo: {spelling}, it goes on") == {(APOLLO,): health}
    assert ratings(f"Apollo: it goes on, {spelling}") == {(APOLLO,): health}


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "How is Apollo?",
        "Is Apollo green?",
        "what is the risk for Apollo: green?",
        "help",
        "Apollo green light from the vendor",
        "Apollo: not green",
        "Apollo isn't yet fully green, I fear",
        "Apollo was red",
        "Apollo G",
        "Apollo: plan a, plan b",
        "We cut the red tape",
        "Zeus: red, broken",
        "green",
        "",
        "🎉",
    ],
)
def test_what_has_no_project_and_colour_is_no_report(text: str) -> None:
    assert reading(text) == TextReading()


@pytest.mark.parametrize(
    ("text", "projects"),
    [
        ("apollo red", (APOLLO,)),
        ("Student Portal: red", (APOLLO,)),
        ("portal red", (APOLLO,)),
        ("Apollo Student Portal: red", (APOLLO,)),
        ("PRJ-12: red", (CERES,)),
        ("prj 12 red", (CERES,)),
        ("Records archive red", (CERES,)),
        ("Records: red", (BOREALIS, CERES)),
        ("Data Warehouse: red", (DELTA,)),
        ("🔴 Apollo - no staff", (APOLLO,)),
        ("Red: Apollo", (APOLLO,)),
        ("red for Apollo, no staff", (APOLLO,)),
        ("Apollo\nred\nno staff", (APOLLO,)),
        ("- Apollo: red", (APOLLO,)),
        ("Apollo: no staff, red", (APOLLO,)),
    ],
)
def test_a_project_is_known_by_its_code_its_name_and_telling_words_of_it(
    text: str, projects: tuple[int, ...]
) -> None:
    assert ratings(text) == {projects: "Red"}


def test_words_of_a_name_mean_only_somebodys_own_projects() -> None:
    assert read("Warehouse: red") == []


def test_one_colour_may_stand_for_several_projects() -> None:
    assert ratings("Apollo, Borealis and PRJ-12: on track") == {
        (APOLLO,): "Green",
        (BOREALIS,): "Green",
        (CERES,): "Green",
    }


def test_projects_need_nothing_but_their_colours_between_them() -> None:
    assert ratings("Apollo green Borealis red, and PRJ-12 amber") == {
        (APOLLO,): "Green",
        (BOREALIS,): "Red",
        (CERES,): "Yellow",
    }


def test_a_project_that_is_merely_mentioned_opens_no_report() -> None:
    assert read("Apollo: yellow, waiting for Borealis") == [
        ((APOLLO,), "Yellow", {"why": "waiting for Borealis"})
    ]


def test_what_is_said_of_an_unknown_project_is_given_to_no_other() -> None:
    found = reading("Apollo: green, UAT finished; Zeus: red, broken, next: mend it")
    assert [each.fields for each in found.reports] == [{"done": "UAT finished"}]
    assert found.unclear == ("Zeus: red, broken, next: mend it",)


@pytest.mark.parametrize(
    ("text", "health", "unclear"),
    [
        ("Apollo: amber; Zeus red vendor late", "Yellow", "Zeus red vendor late"),
        ("Apollo amber, Pat is late; ZEUS red because bla", "Yellow", "ZEUS red because bla"),
        ("Apollo amber, Pat is late. Zeus red because bla", "Yellow", "Zeus red because bla"),
        ("Apollo amber\nZeus Two red because bla", "Yellow", "Zeus Two red because bla"),
        ("Apollo amber\nPRJ-99 red because bla", "Yellow", "PRJ-99 red because bla"),
        ("Apollo amber; Zeus red: vendor late", "Yellow", "Zeus red: vendor late"),
        ("Apollo amber; Zeus: red vendor late", "Yellow", "Zeus: red vendor late"),
        ("amber, Pat is late; Zeus red vendor late", "Yellow", "Zeus red vendor late"),
    ],
)
def test_an_unknown_project_behind_another_one_is_known_by_its_capitals_and_its_colour(
    text: str, health: str, unclear: str
) -> None:
    found = reading(text + ", x; Borealis: green", is_reply=True)
    assert all("bla" not in str(each.fields) for each in found.reports)
    assert all("vendor" not in str(each.fields) for each in found.reports)
    assert unclear + ", x" in found.unclear
    named = reading(text, (APOLLO,), is_reply=True)
    assert [(each.projects, each.rating) for each in named.reports] == [((APOLLO,), health)]
    assert named.unclear == (unclear,)


@pytest.mark.parametrize(
    "words",
    [
        *("All green light so far", "Now red because of the vendor", "Still amber for a week"),
        *("We are red because of it", "It is red because of the vendor", "It red because of it"),
        *("the vendor red because of it", "vendors amber for a week", "Everything amber for long"),
        *("Phase 2 red because of the vendor", "Probably green by March", "Zeus is late"),
        *("Zeus red tape is cut", "Budget red because of it", "Next red tape is cut"),
    ],
)
def test_a_sentence_that_goes_on_about_the_same_project_stays_with_it(words: str) -> None:
    for sign in ("; ", ". ", "\n"):
        found = reading(f"Apollo: amber, Pat is late{sign}{words}")
        assert [each.projects for each in found.reports] == [(APOLLO,)]
        assert found.unclear == ()


def test_markers_give_each_answer_to_its_field() -> None:
    text = (
        "Apollo: amber\n"
        "Done:\n- UAT, all of it\n- training\n"
        "Next: go-live\n"
        "Risk: the vendor may slip\n"
        "Blocker: no licence\n"
        "Path to green: buy 3,000 licences (by 3.3.2027)\n"
        "Decision needed: who pays?\n"
        "Milestone: Go-live 3 March\n"
        "60 % complete\n"
        "Budget: red"
    )
    assert read(text) == [
        (
            (APOLLO,),
            "Yellow",
            {
                "budget": "red",
                "done": "UAT, all of it\n- training",
                "next": "go-live",
                "risks": "the vendor may slip",
                "why": "no licence",
                "path_to_green": "buy 3,000 licences (by 3.3.2027)",
                "decision": "who pays?",
                "milestone": "Go-live",
                "milestone_forecast": "2027-03-03",
                "percent_complete": "60",
            },
        )
    ]


@pytest.mark.parametrize(
    ("words", "name", "day"),
    [
        ("Go-live 2027-03-03", "Go-live", "2027-03-03"),
        ("Go-live on 3 March", "Go-live", "2027-03-03"),
        ("Go-live 3rd Mar", "Go-live", "2027-03-03"),
        ("Go-live March 3", "Go-live", "2027-03-03"),
        ("Go-live 3 March 2028", "Go-live", "2028-03-03"),
        ("Go-live (30 Nov)", "Go-live", "2026-11-30"),
        ("Leap 29 February", "Leap", "2028-02-29"),
        ("Go-live 31 June", "Go-live 31 June", None),
        ("Go-live 3 Foo", "Go-live 3 Foo", None),
        ("Go-live 03/04/2027", "Go-live 03/04/2027", None),
        ("3 March", "3 March", None),
    ],
)
def test_a_milestones_date_is_read_where_it_can_mean_one_day_only(
    words: str, name: str, day: str | None
) -> None:
    ((_projects, _rating, fields),) = read(f"Apollo: green, milestone: {words}")
    assert fields["milestone"] == name
    assert fields.get("milestone_forecast") == day


def test_colours_that_contradict_each_other_are_none_and_are_said() -> None:
    found = reading("Apollo: green, red, UAT finished; Borealis: green")
    assert [each.rating for each in found.reports] == ["", "Green"]
    assert found.unclear == ("Green", "red")


def test_what_it_is_not_is_said_to_be_unclear() -> None:
    found = reading("Apollo: vendor late, not green; Borealis: green")
    assert [each.rating for each in found.reports] == ["", "Green"]
    assert found.unclear == ("not green",)


def test_a_scales_own_words_are_read_before_plain_colours() -> None:
    scale = ("Green", "Amber/Green", "Amber", "Amber/Red", "Red")
    found = reading("Apollo: amber/red, no staff; Borealis at risk", scale=scale)
    assert [each.rating for each in found.reports] == ["Amber/Red", "Amber"]


def test_where_one_project_is_meant_it_need_not_be_named() -> None:
    assert read("Hi, green, UAT finished", (APOLLO,)) == [
        ((APOLLO,), "Green", {"done": "UAT finished"})
    ]
    assert read("green tomatoes are fine", (APOLLO,)) == []


def test_where_several_are_meant_it_is_left_open() -> None:
    assert ratings("green, UAT finished", (APOLLO, BOREALIS)) == {(APOLLO, BOREALIS): "Green"}


@pytest.mark.parametrize(
    "text", ["thanks!", "hello", "will do", "Why?", "What do you mean by this?"]
)
def test_not_every_reply_is_a_report(text: str) -> None:
    assert read(text, (APOLLO,), is_reply=True) == []


def test_a_reply_without_a_colour_is_a_report_that_lacks_it() -> None:
    assert read("UAT finished, next: go-live", (APOLLO,), is_reply=True) == [
        ((APOLLO,), "", {"done": "UAT finished", "next": "go-live"})
    ]


def test_what_is_said_of_a_project_in_two_places_belongs_together() -> None:
    assert read("Apollo: green, UAT finished\nBorealis: red\nApollo: next: go-live") == [
        ((APOLLO,), "Green", {"done": "UAT finished", "next": "go-live"}),
        ((BOREALIS,), "Red", {}),
    ]


# --- no word is lost

_VOCABULARY = [
    *("Apollo", "apollo:", "Borealis", "PRJ-12", "Student Portal", "Records", "Zeus:", "Zeus"),
    *("green", "amber", "Red", "🟢", ":red_circle:", "not green", "at risk", "G", "->", "to"),
    *("next", "next:", "done:", "risk", "because", "milestone:", "path to green:", "decision:"),
    *("UAT finished", "vendor late", "3 March", "2027-03-03", "60%", "3,000", "e.g.", "was", "and"),
    *("hi", "thanks", "budget", "budget: red", "<!channel>", "{{ x }}", "שלום", "_it_", "*b*"),
    *(",", ";", ".", "\n", " - ", ":", "?", "(", ")", "•", "|", "/"),
]


def words_in(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


def all_words(found: TextReading) -> Iterator[str]:
    yield from found.heard
    yield from found.unclear
    for each in found.reports:
        yield from each.fields.values()


@settings(max_examples=400, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=80).map(lambda tail: f"Apollo: green {tail}"),
        st.lists(st.sampled_from(_VOCABULARY), max_size=25).map(" ".join),
        st.lists(st.sampled_from(_VOCABULARY), max_size=25).map(", ".join),
    ),
    implied=st.sampled_from([(), (APOLLO,), (APOLLO, BOREALIS)]),
    is_reply=st.booleans(),
)
def test_every_word_is_in_an_answer_or_heard_or_unclear(
    text: str, implied: tuple[int, ...], *, is_reply: bool
) -> None:
    found = reading(text, implied, is_reply=is_reply)
    if found.reports:
        kept: Counter[str] = Counter()
        for each in all_words(found):
            kept += words_in(each)
        assert not words_in(text) - kept


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_is_read_without_a_fault_and_to_the_same_end(text: str) -> None:
    assert reading(text, (APOLLO,)) == reading(text, (APOLLO,))
