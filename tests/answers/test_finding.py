"""Finding sections: what a question covers, in which words it is asked, and how sure that is."""

from datetime import date

import pytest

from domain.answers.finding import Band, Finder
from domain.answers.values import Handbook, Section
from domain.answers.wording import OffTopic, Wording

WORDS = "caffeine raft wart charted leaved apollo is what the of a who owns when due exit criteria"
ENGLISH = frozenset(WORDS.split())


def section(key: str, title: str, aliases: str, body: str = "", entity: str = "") -> Section:
    names = tuple(each.strip() for each in aliases.split(","))
    slug = key.partition(":")[2].partition("#")[0]
    return Section(key, title, body, entity or slug, names, reviewed=date(2026, 11, 22))


SECTIONS = (
    section("glossary:risk#meaning", "Risk", "risks, threat", "What may happen and would hurt."),
    section("glossary:issue#meaning", "Issue", "issues, problem", "A risk that has happened."),
    section("template:raid-log#purpose", "What a RAID log is for", "raid log, raid, raid list"),
    section("template:raid-log#owner", "Who keeps the RAID log", "raid log owner, log keeper"),
    section("template:raid-log#fields", "What goes into a RAID log", "raid columns, raid template"),
    section("template:risk-register#purpose", "What a risk register is for", "risk log, risk list"),
    section("template:project-charter#purpose", "What a charter is for", "charter, mandate"),
    section("template:project-charter#when", "When the charter is written", "charter due, charter"),
    section("phase:planning#purpose", "What planning is for", "planning, planning phase"),
    section("phase:planning#exit-criteria", "What must be true to leave planning", "end planning"),
    section("phase:closeout#exit-criteria", "What must be true to close", "end of closeout, done"),
    section("role:steering-committee#what", "The steering committee", "steering group, board"),
    section("status:delegate#rule", "When somebody else reports", "on leave, deputy", "Vacation."),
)
WORDING = Wording(
    same={"steering committee": ["steerco", "SC"], "closeout": ["close-out", "close out"]},
    languages={"es": {"qué": "what", "registro de riesgos": "risk register", "quién": "who"}},
    off_topic=[
        OffTopic(words=("leave request", "salary"), unless=("deputy",), ask="Ask human resources.")
    ],
)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(Handbook({each.id: each for each in SECTIONS}), ENGLISH, WORDING)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("risk", "glossary:risk#meaning"),
        ("what is a RAID log?", "template:raid-log#purpose"),
        ("wat is teh riad log", "template:raid-log#purpose"),
        ("Who owns the RAID log?", "template:raid-log#owner"),
        ("raid log who", "template:raid-log#owner"),
        ("what goes into the RAID list", "template:raid-log#fields"),
        ("when is the charter due", "template:project-charter#when"),
        ("chartr", "template:project-charter#purpose"),
        ("exit criteria for planning", "phase:planning#exit-criteria"),
        ("how do we get out of planing", "phase:planning#exit-criteria"),
        ("exit criteria close-out", "phase:closeout#exit-criteria"),
        ("steerco?", "role:steering-committee#what"),
        ("who is on the SC", "role:steering-committee#what"),
        ("raidlog", "template:raid-log#purpose"),
        ("I am on leave, who is my deputy for the leave request", "status:delegate#rule"),
        (
            "<@U0123> *what* is a `charter` :thinking_face: &amp; why",
            "template:project-charter#purpose",
        ),
    ],
)
def test_a_question_finds_its_section(finder: Finder, question: str, found: str) -> None:
    finding = finder.find(question)
    assert [hit.section.id for hit in finding.hits][:1] == [found]
    assert finding.band is Band.ANSWER
