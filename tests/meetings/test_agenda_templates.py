"""How agendas look: numbered, marked, the consent block as one, page by page within the limits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.meetings.agenda.messages import LateAnswer, LateItem, LateVerdict
from domain.meetings.agenda.values import (
    Agenda,
    AgendaView,
    BacklogView,
    Done,
    Item,
    ItemWindow,
    Stale,
    Where,
)
from domain.portfolio.values import PersonName
from message_templates.kit import Block, Rendered
from message_templates.meetings.agenda import (
    agenda_pages,
    backlog_pages,
    done_notice,
    item_view,
    page_with,
    pressed_item,
)
from message_templates.meetings.agenda_late import render_late_answer, render_late_item
from message_templates.meetings.agenda_window import read_window, saved_view, window_view
from models.enums import ItemState, Purpose
from tests.support.scene import words

OMAR = PersonName(1, "U0OMAR", "Omar")
STARTS = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
ZONE = "America/New_York"


def item(number: int, **facts: Any) -> Item:
    """An item that Omar has written."""
    given: dict[str, Any] = {
        "purpose": Purpose.DISCUSS,
        "title": f"Item {number}",
        "text": "",
        "minutes": 10,
        "owner": OMAR,
        "project_id": None,
        "code": "",
        "is_restricted": False,
        "state": ItemState.OPEN,
        "is_consent": False,
        "is_late": False,
        "source": "",
        "log_entry_id": None,
        "note": "",
        "revision": 1,
        "added_by": OMAR,
    }
    return Item(item_id=number, **{**given, **facts})


def view(*items: Item, **facts: Any) -> AgendaView:
    given: dict[str, Any] = {
        "meeting_id": 5,
        "title": "ITS Council",
        "starts_at": STARTS,
        "timezone": ZONE,
        "mark": "0123abcd",
    }
    return AgendaView(7, "ITS Council", Agenda(items, 60), **{**given, **facts})


CHAIR: dict[str, Any] = {"may_add": True, "leads": True, "votes": True}
MEMBER: dict[str, Any] = {"may_add": True, "votes": True}


def shown(pages: list[Rendered]) -> str:
    return "\n".join(words(page.blocks) for page in pages)


def labels(page: Rendered, beside: str) -> list[str]:
    """What one can do with the item beside a text."""
    (block,) = [each for each in page.blocks if beside in words(each) and "accessory" in each]
    accessory = block["accessory"]
    options = accessory.get("options", [accessory])
    return [each["text"]["text"] for each in options]


def test_an_agenda_reads_with_numbers_marks_and_its_budget() -> None:
    text = shown(
        agenda_pages(
            view(
                item(1, source="opening", added_by=None, minutes=3, owner=None),
                item(2, is_consent=True, minutes=0, title="The minutes", purpose=Purpose.DECIDE),
                item(3, code="APOLLO", is_restricted=True, is_late=True, text="Why not?"),
                item(4, state=ItemState.DONE, note="Agreed", is_carried=True),
                item(5, state=ItemState.CURRENT, is_carried=True, was_parked=True, minutes=40),
                backlog=3,
                others=("Art Council",),
                **MEMBER,
            )
        )
    )
    for line in (
        "5 items, 63 of 60 minutes",
        "*3 minutes more than there are.* The chair can shorten",
        "*1.* Discuss · *Item 1*\n3 min · from the record",
        "*Consent items*, agreed together: *Pull out*",
        "*2.* Decide · *The minutes*\nOmar · added by Omar",
        "*3.* Discuss · *Item 3* · APOLLO :lock:",
        "10 min · Omar · added by Omar · late, with the chair's consent\nWhy not?",
        "*4.* _done_ · Discuss · *Item 4*\n10 min · Omar · added by Omar · carried over\n_Agreed_",
        "*5.* _now_ · Discuss · *Item 5*\n40 min · Omar · added by Omar · parked last time",
        "Backlog (3)",
        "`/project meeting agenda Art Council`",
    ):
        assert line in text


@pytest.mark.parametrize(
    ("facts", "of_consent", "of_other"),
    [
        (CHAIR, ["Pull out", "Up", "Down", "Change or remove…"], None),
        (
            CHAIR,
            None,
            ["To the top", "Up", "Down", "Change or remove…", "Read it whole"],
        ),
        ({**MEMBER, "own_ids": {2}}, ["Pull out"], ["Change or remove…", "Read it whole"]),
        (MEMBER, None, ["Read it whole"]),
    ],
)
def test_everybody_gets_what_they_may_do(
    facts: dict[str, Any], of_consent: list[str] | None, of_other: list[str] | None
) -> None:
    items = [item(1, is_consent=True), item(2, text="word " * 100)]
    (page,) = agenda_pages(view(*items, **facts))
    if of_consent is not None:
        assert labels(page, "Item 1") == of_consent
    if of_other is not None:
        assert labels(page, "Item 2") == of_other


def test_who_only_looks_gets_no_buttons() -> None:
    (page,) = agenda_pages(view(item(1, is_consent=True), is_frozen=True))
    assert not [each for each in page.blocks if each["type"] == "actions" or "accessory" in each]
    assert "any voting member may pull one out" in words(page.blocks)
    assert "The agenda has gone out." in words(page.blocks)


def test_two_hundred_items_are_paged_and_none_is_lost() -> None:
    long = {"text": "word " * 200, "title": "A title " * 18, "code": "APOLLO"}
    everything = view(*(item(number, **long) for number in range(1, 201)), **CHAIR)
    pages = agenda_pages(everything)
    text = shown(pages)
    assert all(f"*{number}.* " in text for number in range(1, 201))
    assert 5 < len(pages) < 40
    assert page_with(pages, 200) is pages[-1]
    assert page_with(pages, 1) is pages[0]
    assert page_with(pages, 999) is pages[0]
    assert "Earlier items" in words(pages[1].blocks)
    assert "Later items" in words(pages[1].blocks)
    assert "Later items" not in words(pages[-1].blocks)
    asleep = BacklogView(7, "ITS Council", everything.agenda.items, 5, may_add=True, leads=True)
    pages = backlog_pages(asleep)
    assert shown(pages).count("*A title") == 200


def test_a_backlog_reads_with_what_one_may_do() -> None:
    asleep = BacklogView(
        7, "ITS Council", (item(1), item(2)), 5, may_add=True, own_ids=frozenset({2})
    )
    (page,) = backlog_pages(replace(asleep, leads=True))
    assert labels(page, "Item 1") == ["Take onto the agenda", "Change or remove…"]
    (page,) = backlog_pages(asleep)
    assert labels(page, "Item 2") == ["Change or remove…"]
    (page,) = backlog_pages(replace(asleep, items=()))
    assert "Nothing waits for an agenda" in words(page.blocks)


def test_the_chair_sees_what_waits_with_two_answers() -> None:
    waiting = (item(9, state=ItemState.WAITING, is_late=True),)
    (page,) = agenda_pages(view(waiting=waiting, **CHAIR))
    assert "Waits for your consent" in words(page.blocks)
    assert "Let it on" in words(page.blocks)
    (page,) = agenda_pages(view(waiting=waiting, own_ids=frozenset({9}), **MEMBER))
    assert "Waits for the chair's consent" in words(page.blocks)
    assert "Let it on" not in words(page.blocks)
    assert labels(page, "Item 9") == ["Change or remove…"]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "The council's chair and the PMO plan them."),
        (MEMBER, "What you add now waits in the backlog."),
        (CHAIR, "Plan one with /project meeting list"),
    ],
)
def test_without_a_meeting_it_says_what_can_be_done(facts: dict[str, Any], text: str) -> None:
    (page,) = agenda_pages(view(meeting_id=0, starts_at=None, **facts))
    assert text in words(page.blocks)
    (page,) = agenda_pages(view())
    assert "Nothing is on the agenda yet." in words(page.blocks)


def test_who_came_second_reads_who_was_faster() -> None:
    told = Stale("Dana", STARTS, ZONE, 7)
    (page,) = agenda_pages(view(item(1), **CHAIR), told)
    assert "Nothing was moved: Dana has changed the agenda (Thu 3 Dec 14:00)" in words(page.blocks)
    (page,) = agenda_pages(view(item(1), **CHAIR), replace(told, by="", at=None))
    assert "the agenda has changed since you opened it" in words(page.blocks)


@pytest.mark.parametrize(
    ("where", "text"),
    [
        (Where.AGENDA, "is on the agenda of"),
        (Where.LATE, "marked as late"),
        (Where.WAITING, "waits for the chair's consent"),
        (Where.BACKLOG, "waits in the backlog of ITS Council"),
        (Where.REMOVED, "is removed"),
        (Where.DEALT, "is being dealt with"),
    ],
)
def test_what_became_of_it_is_said(where: Where, text: str) -> None:
    done = Done("Lunch", "ITS Council", 7, where, starts_at=STARTS, timezone=ZONE)
    assert text in words(done_notice(done).blocks)
    again = replace(done, is_same=True, by="Dana", at=STARTS)
    assert "It was so already: Dana, Thu 3 Dec 14:00" in words(done_notice(again).blocks)
    assert text in words(saved_view(done)["blocks"])


def window(**facts: Any) -> ItemWindow:
    given = {"title": "ITS Council", "starts_at": STARTS, "timezone": ZONE, "is_late": False}
    return ItemWindow(7, "ITS Council", **{**given, "leads": False, **facts})


def ids(blocks: list[Block]) -> set[str]:
    return {each["block_id"] for each in blocks if "block_id" in each}


def test_a_window_has_the_fields_that_one_may_fill() -> None:
    everything = {"title", "purpose", "text", "text~2", "owner", "project", "minutes"}
    late = window_view(window(is_late=True), "U0OMAR")
    assert ids(late["blocks"]) == everything
    assert "The chair is asked" in words(late["blocks"])
    built = item(1, source="red:4")
    chairs = window_view(window(leads=True, item=built), "U0OMAR")
    assert ids(chairs["blocks"]) == {"minutes", "consent", "fate", "reason"}
    assert "It is built from the record" in words(chairs["blocks"])
    own = window_view(window(item=item(1), is_backlog=True, starts_at=None), "U0OMAR")
    assert ids(own["blocks"]) == everything | {"fate", "reason"}
    fate = next(each for each in own["blocks"] if each.get("block_id") == "fate")
    assert [each["value"] for each in fate["element"]["options"]] == ["keep", "remove"]


@pytest.mark.parametrize(
    "text", ["Short", "Line\n" * 799 + "Line", "x" * 4_000, "x" * 3_500 + "\n" + "y" * 499, ""]
)
def test_what_a_window_holds_is_read_back_whole(text: str) -> None:
    known = item(1, text=text, code="APOLLO", is_consent=True, purpose=Purpose.DECIDE)
    built = window_view(window(item=known, leads=True), "U0ANA")
    state, wish, owner = read_window({**built, "state": {"values": _as_sent(built)}})
    assert (state.item_id, state.revision, state.council_id) == (1, 1, 7)
    assert (wish.title, wish.text, wish.minutes, wish.code) == ("Item 1", text, "10", "APOLLO")
    assert (wish.purpose, wish.is_consent, wish.fate) == ("decide", True, "keep")
    assert owner == "U0OMAR"


def _as_sent(built: Block) -> dict[str, Any]:
    """The fields as Slack sends them, if nobody touches any."""
    names = {
        "initial_value": "value",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
        "initial_user": "selected_user",
    }
    inputs = [each for each in built["blocks"] if each["type"] == "input"]
    return {
        each["block_id"]: {
            each["element"]["action_id"]: {
                names[name]: value for name, value in each["element"].items() if name in names
            }
        }
        for each in inputs
    }


def test_a_text_is_shown_whole_in_its_window() -> None:
    long = "A line of words\n" * 250
    assert words(item_view(item(1, text=long))["blocks"]).count("A line of words") == 250
    assert "no more to it" in words(item_view(item(1))["blocks"])
    assert pressed_item("up:12:0123abcd") == ("up", 12, "0123abcd")


LATE = LateItem(
    item_id=9,
    council="ITS Council",
    starts_at=STARTS,
    timezone=ZONE,
    title="A fire",
    text="It burns\n" * 400,
    purpose=Purpose.DECIDE,
    minutes=10,
    code="APOLLO",
    writer="Omar",
)


def test_the_chair_is_asked_with_the_whole_text_and_reads_what_was_answered() -> None:
    asked = render_late_item(LATE)
    assert shown(asked).count("It burns") == 400
    assert "Let it on" in shown(asked)
    assert asked[0].text == "Omar asks for an item on an agenda that has gone out: A fire"
    for verdict, text in (
        (LateVerdict.LET_ON, "It is on the agenda, marked as late: Carol, Thu 3 Dec 14:00"),
        (LateVerdict.NEXT, "It goes to the next meeting: Carol"),
        (LateVerdict.REMOVED, "It was taken back: Carol"),
    ):
        answered = render_late_item(replace(LATE, verdict=verdict, by="Carol", at=STARTS))
        assert text in shown(answered)
        assert "Let it on" not in shown(answered)


@pytest.mark.parametrize(
    ("verdict", "starts_at", "text"),
    [
        (LateVerdict.LET_ON, STARTS, "marked as late. Carol has let it on."),
        (LateVerdict.NEXT, STARTS, "Carol has put it onto the agenda of"),
        (LateVerdict.NEXT, None, "into the backlog"),
        (LateVerdict.REMOVED, STARTS, "Carol has removed it"),
    ],
)
def test_who_wrote_it_reads_what_the_chair_said(
    verdict: LateVerdict, starts_at: datetime | None, text: str
) -> None:
    told = LateAnswer("ITS Council", "A fire", verdict, "Carol", starts_at, ZONE)
    assert text in shown(render_late_answer(told))
