"""What is read before a meeting, as people read it: the call, the pack, its document, the nudge."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from domain.documents.values import CouncilForm
from domain.meetings.attendance.messages import SeatsTold
from domain.meetings.pre_read.messages import (
    CallAgenda,
    CallState,
    MeetingCall,
    MeetingPack,
    Occasion,
    OpenNudge,
    PackCopy,
)
from domain.meetings.pre_read.values import CallItem, Pack, PackDecision
from message_templates.documents.fields import fields_table
from message_templates.documents.pack_fields import PACK_GROUPS
from message_templates.documents.press import Press, bundled_templates
from message_templates.kit import Rendered
from message_templates.meetings.pre_read import render_agenda, render_call, render_nudge
from message_templates.meetings.pre_read_pack import pack_messages, sent, stopped
from message_templates.rendering import render, render_with
from models.enums import Health, Purpose
from tests.support.looks import assert_slack_takes, lines_of, shown
from tests.support.packs import FROZE, PACK, project

DOCS = Path(__file__).parents[2] / "docs" / "documents.md"

OCCASION = Occasion(
    meeting_id=7,
    council="ITS Council",
    title="ITS Council",
    starts_at=PACK.starts_at,
    minutes=60,
    timezone="America/New_York",
    place="https://meet.example.edu/its",
    state=CallState.AHEAD,
)
CALL = MeetingCall(OCCASION, PACK.agenda, SeatsTold((), (), 3, 0, 2), FROZE)


def lines(rendered: list[Rendered]) -> list[str]:
    return [line for each in rendered for line in lines_of(each)]


def call(**changes: Any) -> MeetingCall:
    return replace(CALL, occasion=replace(OCCASION, **changes))


def buttons(rendered: Rendered) -> list[str]:
    rows = (each["elements"] for each in rendered.blocks if each["type"] == "actions")
    return [shown(element) for row in rows for element in row]


def test_the_call_tells_when_what_and_who_and_how_to_answer() -> None:
    late = replace(PACK.agenda[3], is_late=True)
    (rendered,) = render_call(replace(CALL, items=(*PACK.agenda[:3], late)))
    assert_slack_takes([rendered])
    told = lines_of(rendered)
    assert told[0] == "ITS Council, Thu 3 Dec 14:00"
    assert told[2] == "https://meet.example.edu/its"
    begin = told.index("Agenda: 4 items, 45 of 60 minutes")
    assert told[begin + 1 : begin + 7] == [
        "By consent, unless a member pulls one out:",
        "1. Minutes of 5 Nov (decide)",
        "One by one:",
        "2. Release the reserve (decide, 20 min, Ana · APOLLO)",
        "3. Stop it? (decide, 15 min, Ana · MERCURY)",
        "4. What Mercury teaches us (discuss, 10 min) late, with the chair's consent",
    ]
    assert told[-1].startswith("Status as of Thu 26 Nov 09:00 (America/New_York): it is frozen")
    assert buttons(rendered)[-2:] == ["Open the pack", "Send it to me too"]
    assert len(buttons(rendered)) == 6
    assert rendered.text == (
        "ITS Council, Thu 3 Dec 14:00: 4 items on the agenda. "
        "Please say whether you come, and read the pack."
    )


@pytest.mark.parametrize(
    ("changes", "words", "count"),
    [
        ({"state": CallState.CANCELLED, "reason": "Ill"}, "Cancelled: Ill", 0),
        ({"moved_from": FROZE, "reason": "Snow"}, "Moved from Thu 26 Nov 09:00 (Snow)", 6),
        ({"state": CallState.OVER}, "0 votes coming, 2 needed", 2),
    ],
)
def test_the_call_says_what_has_become_of_the_meeting(
    changes: dict[str, Any], words: str, count: int
) -> None:
    (rendered,) = render_call(call(**changes))
    assert words in shown(rendered.blocks)
    assert len(buttons(rendered)) == count


def test_an_agenda_that_takes_too_long_or_is_empty_says_so() -> None:
    assert "More than the meeting is long" in shown(render_call(call(minutes=30))[0].blocks)
    assert "No item yet" in shown(render_call(replace(CALL, items=()))[0].blocks)


def test_two_hundred_items_fit_and_stand_whole_in_the_thread() -> None:
    items = tuple(
        CallItem(f"Item {number} *{'x & <!here> ' * 15}*", Purpose.DECIDE, 5, "Ana" * 30, "APOLLO")
        for number in range(1, 201)
    )
    (rendered,) = render_call(replace(CALL, items=items))
    assert "… and 180 more: the whole agenda is in the thread." in lines_of(rendered)
    thread = render_agenda(CallAgenda(items))
    assert_slack_takes([rendered, *thread])
    told = "".join(shown(each.blocks) for each in thread)
    assert all(item.title in told for item in items)
    (emptied,) = render_agenda(CallAgenda(items[:3]))
    assert "in the message above" in shown(emptied.blocks)


def test_the_pack_has_decisions_and_reds_whole_and_the_rest_in_lines() -> None:
    yellow = project(3, "HERA", Health.YELLOW, 9, why="Late\nby weeks", milestone="Go-live")
    grey = replace(project(4, "ZEUS", Health.GREY, 14), reported_at=None, last_health=Health.RED)
    unrated = project(5, "IRIS", Health.GREY)
    green = project(6, "EROS", Health.GREEN)
    pack = replace(PACK, projects=(*PACK.projects, yellow, grey, unrated, green))
    told = lines(pack_messages(pack))
    assert told[1].startswith("Status as of Thu 26 Nov 09:00 (America/New_York), from the digest")
    assert "🟥 2 red · 🔶 1 yellow · ⚪ 2 without a colour · 🟢 1 green" in told
    for expected in (
        "APOLLO D-2 · from Council",
        "Release 50,000 of the reserve?",
        "APOLLO Project Apollo · Ana · red for 21 days",
        "Path to green: none given",
        "HERA Project Hera · Ana · 9 days: Late",
        "ZEUS Project Zeus · Ana · no answer by the cut-off, last known red, 14 days old",
        "IRIS Project Iris · Ana · not rated",
        "🟢 Green: 1 EROS",
        "APOLLO A-1 Ask for offers · Ana · due Fri 20 Nov 2026, 6 days ago",
        "D-11 APOLLO Start?: approved (As with Mercury), Thu 5 Nov 2026",
    ):
        assert expected in told
    empty = Pack(**{**PACK.__dict__, "projects": (), "decisions": (), "digest_on": None})
    told = lines(pack_messages(empty))
    assert "No decision is waited for." in told
    assert "has no digest yet" in told[1]


def test_long_texts_are_neither_cut_nor_lost() -> None:
    long = "A sentence of a project manager. " * 400
    reds = tuple(
        project(number, f"P{number}", Health.RED, why=f"{number} {long}", path_to_green=long)
        for number in range(12)
    )
    needed = PackDecision("D-1", "P1", 1, long, due_on=PACK.on, opened_on=PACK.on)
    rendered = render(MeetingPack(replace(PACK, projects=reds, decisions=(needed,))))
    assert_slack_takes(rendered)
    told = "".join(shown(each.blocks) for each in rendered)
    assert told.count(long) == 25


def test_a_copy_says_what_it_is_and_how_to_end_it() -> None:
    pack = replace(PACK, is_restricted=True)
    (rendered,) = render(PackCopy(OCCASION, pack))
    assert "it is for you, and not for everybody" in shown(rendered.blocks)
    assert buttons(rendered) == ["I have read it", "Don't send me packs"]
    (chairs,) = render(PackCopy(OCCASION, pack, is_wished=False))
    assert buttons(chairs) == ["I have read it"]
    off = replace(OCCASION, state=CallState.CANCELLED, reason="Ill")
    (cancelled,) = render(PackCopy(off, pack))
    assert (cancelled.text, cancelled.documents) == ("ITS Council is cancelled.", ())


def test_the_nudge_says_what_waits_and_when() -> None:
    (rendered,) = render_nudge(OpenNudge(OCCASION, 2))
    assert "with 2 items to decide. I remind you of it only this once" in shown(rendered.blocks)
    assert buttons(rendered) == ["Open the pack"]
    off = replace(OCCASION, state=CallState.CANCELLED)
    (cancelled,) = render_nudge(OpenNudge(off, 2))
    assert "is cancelled. There is nothing to read." in shown(cancelled.blocks)
    assert buttons(cancelled) == []


def test_who_asks_for_copies_or_ends_them_is_told_what_follows() -> None:
    assert "the next packs of ITS Council will come" in sent("ITS Council").text
    assert "No further packs" in stopped("ITS", was_wished=True, is_chair=False).text
    told = stopped("ITS", was_wished=False, is_chair=True).text
    assert "You had asked for no packs" in told
    assert "As its chair you get them anyway" in told


def _texts(data: bytes) -> str:
    document = docx.Document(BytesIO(data))
    parts = [document.element, document.sections[0].header._element]
    return "\n".join(each.text or "" for part in parts for each in part.iter(qn("w:t")))


def test_the_document_has_every_word_and_is_always_the_same() -> None:
    pack = replace(PACK, is_restricted=True)
    (rendered,) = render(MeetingPack(pack))
    (document,) = rendered.documents
    assert document.name == "ITS Council 2026-12-03.docx"
    told = _texts(document.data)
    for words in (
        *("Meeting on Mercury", "3 Dec 2026", "14:00 (America/New_York)", "Carol, Li, Omar"),
        *("2026-11-26 09:00 (America/New_York)", "2 red", "decide, by consent", "Ask for offers"),
        *("Release 50,000 of the reserve?", "No supplier.", "Sign one."),
        "(restricted: not for everybody)",
    ):
        assert words in told
    assert "to fill" not in told
    assert Press().fill(CouncilForm.PACK, replace(pack)).filled is not None
    (again,) = render(MeetingPack(replace(pack, place=pack.place)))
    assert again.documents[0].data == document.data


def test_the_pmos_own_template_is_used_and_told_where_it_is_broken(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    own = folder / CouncilForm.PACK.file
    message = MeetingPack(PACK)

    def written(text: str) -> Any:
        made = docx.Document()
        made.add_paragraph(text)
        made.save(str(own))
        (rendered,) = render_with(Press(tmp_path))(message)
        return rendered

    told = written("{{ meeting.council }}: {{ projects|length }}")
    assert _texts(told.documents[0].data).split("\n")[:2] == ["ITS Council", ": 2"]
    broken = written("{{ project.code }}")
    assert "there is no such field. Did you mean" in shown(broken.blocks)
    assert broken.documents[0].data == render(message)[0].documents[0].data
    (copy,) = render_with(Press(tmp_path))(PackCopy(OCCASION, PACK))
    assert "The document is the bundled one" in shown(copy.blocks)


def test_the_words_come_though_no_document_can_be_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("message_templates.documents.press.bundled_templates", lambda: tmp_path)
    assert bundled_templates() != tmp_path
    (rendered,) = render_with(Press())(MeetingPack(PACK))
    assert rendered.documents == ()
    assert "The document could not be made" in shown(rendered.blocks)


def test_the_page_lists_all_fields_of_the_pack() -> None:
    assert fields_table(PACK_GROUPS) in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("claimed", "facts", "told"),
    [
        (Health.YELLOW, Health.RED, "HERA Project Hera · Ana · 7 days (facts say red): Late"),
        (Health.YELLOW, Health.GREEN, "HERA Project Hera · Ana · 7 days: Late"),
        (Health.GREEN, Health.RED, "🟢 Green: 1 HERA (facts say red)"),
        (Health.GREEN, Health.GREEN, "🟢 Green: 1 HERA"),
    ],
)
def test_facts_stand_beside_a_claim_that_is_better_than_they_are(
    claimed: Health, facts: Health, told: str
) -> None:
    shown_one = replace(project(3, "HERA", claimed, why="Late"), computed=facts)
    told_lines = lines(pack_messages(replace(PACK, projects=(shown_one,))))
    assert any(each.removeprefix("• ") == told for each in told_lines)
