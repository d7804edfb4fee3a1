"""How lists and their entries look: what Slack takes, and that people's words are data."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.logs.rules import raw_of
from domain.logs.values import (
    Access,
    Change,
    Clash,
    Entry,
    EntryCard,
    EntryList,
    ListCounts,
    NewEntry,
    Saved,
)
from domain.portfolio.values import PersonName
from message_templates.kit import Block
from message_templates.logs.buttons import add_button, open_button, read_add
from message_templates.logs.counts import counts_line
from message_templates.logs.entry import (
    EntryState,
    clash_view,
    entry_view,
    new_view,
    read_entry,
    saved_view,
)
from message_templates.logs.list import list_messages
from models.enums import LogKind, LogState
from sandbox.blockkit import check_view
from sandbox.inputs import initial_values
from tests.support.looks import assert_slack_takes, lines_of, shown

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
LI = PersonName(person_id=7, slack_id="U0LI", name="Li")
HOSTILE = "<!channel> *a* {{ 7 * 7 }} {% if x %} :tada: שלום 😀 <@U0LI> `x` &amp;"

RISK = Entry(
    entry_id=1,
    kind=LogKind.RISK,
    number=3,
    title="The vendor folds",
    owner=LI,
    due_on=TODAY - timedelta(days=5),
    likelihood=4,
    impact=5,
    opened_on=TODAY - timedelta(days=34),
    age_days=34,
    project_id=1,
    code="APOLLO",
)
FULL = replace(
    RISK,
    title="😀" * 200,
    text="x" * 3_000,
    response="<&>" * 1_000,
    note=HOSTILE * 40,
    owner=None,
    owner_name="<!here>" * 14,
)


def of_apollo(*entries: Entry, **facts: Any) -> EntryList:
    known = EntryList(LogKind.RISK, entries, code="APOLLO", name="Portal", today=TODAY)
    return replace(known, **facts)


def card_of(entry: Entry, access: Access = Access.CHANGE, **facts: Any) -> EntryCard:
    known = EntryCard(entry, access, raw_of(entry), opened_by="Ana", today=TODAY)
    return replace(known, **facts)


def change(field: str, old: str, new: str) -> Change:
    return Change(at=NOON, who="Ana", field=field, old=old, new=new)


def assert_slack_takes_view(view: Block) -> None:
    assert not check_view(view)


def held(view: Block) -> dict[str, Any]:
    """What the fields of a form hold, as the bot reads it back."""
    return read_entry({**view, "state": {"values": initial_values(view["blocks"])}})[1]


def test_a_list_has_a_line_and_a_button_for_each_entry() -> None:
    (message,) = list_messages(of_apollo(RISK, may_add=True, closed=2))
    assert_slack_takes([message])
    assert lines_of(message) == [
        "Risks of APOLLO · Portal",
        "Add a risk",
        "*R-3* · The vendor folds",
        (
            "4 \N{MULTIPLICATION SIGN} 5 = 20: likely, severe · *high* · Li"
            " · due Fri 20 Nov 2026 · *overdue by 5 days*Open"
        ),
        "2 risks closed: `/project risks APOLLO all`",
    ]
    assert message.text == "Risks of APOLLO · Portal: 1 open, 1 overdue"


def test_what_is_closed_says_how_it_ended() -> None:
    closed = replace(RISK, state=LogState.CANCELLED, closed_at=NOON, note="They were bought")
    (message,) = list_messages(of_apollo(closed))
    assert "There are no open risks." in lines_of(message)
    assert "*Cancelled*, " in shown(message.blocks)
    assert "They were bought" in shown(message.blocks)


def test_a_list_over_projects_tells_the_project_of_each_entry() -> None:
    (message,) = list_messages(EntryList(LogKind.RISK, (RISK,), scope="mine", today=TODAY))
    assert lines_of(message)[0] == "Your open risks"
    assert "*R-3* · APOLLO · The vendor folds" in lines_of(message)


@pytest.mark.parametrize("scope", ["", "mine", "overdue"])
@pytest.mark.parametrize("kind", LogKind)
def test_an_empty_list_of_each_kind_says_so(kind: LogKind, scope: str) -> None:
    found = EntryList(kind, (), code="" if scope else "APOLLO", scope=scope, today=TODAY)
    (message,) = list_messages(found)
    assert_slack_takes([message])
    assert message.text.endswith(": none open")


@pytest.mark.parametrize("entry", [RISK, FULL])
def test_five_hundred_entries_come_in_messages_that_slack_takes(entry: Entry) -> None:
    entries = [replace(entry, entry_id=number, number=number) for number in range(1, 501)]
    messages = list_messages(of_apollo(*entries))
    assert_slack_takes(messages)
    text = "\n".join(line for message in messages for line in lines_of(message))
    assert [f"*R-{number}*" in text for number in range(1, 501)] == [True] * 500


def test_peoples_words_are_data_in_lists_and_forms() -> None:
    hostile = replace(RISK, title=HOSTILE, owner=None, owner_name=HOSTILE, text=HOSTILE)
    (message,) = list_messages(of_apollo(hostile, name=HOSTILE))
    assert_slack_takes([message])
    views = [
        entry_view(card_of(hostile, access, history=(change("title", HOSTILE, "x"),), changes=1))
        for access in Access
    ]
    for view in [*views, saved_view(Saved(hostile, ("title",)))]:
        assert_slack_takes_view(view)
    for written in (message.blocks, *(view["blocks"] for view in views)):
        sections = [block for block in written if block["type"] == "section"]
        assert "<!channel>" not in str(sections)
        assert "49" not in shown(sections)
    assert "<!channel>" not in message.text


@pytest.mark.parametrize("kind", LogKind)
def test_a_new_entry_of_each_kind_has_a_form_that_slack_takes(kind: LogKind) -> None:
    assert_slack_takes_view(new_view(NewEntry(kind, "A" * 60, HOSTILE * 60)))
    view = new_view(NewEntry(kind, "A" * 60, HOSTILE), is_from_home=True)
    assert_slack_takes_view(view)
    state, raw = read_entry({**view, "state": {"values": initial_values(view["blocks"])}})
    assert (state.kind, state.code, state.is_from_home) == (kind, "A" * 60, True)
    assert state.place == NewEntry(kind, "A" * 60, HOSTILE)
    assert set(raw.values()) == {""}


@pytest.mark.parametrize("entry", [RISK, FULL])
def test_a_form_that_is_sent_as_it_opened_says_what_was_there(entry: Entry) -> None:
    view = entry_view(card_of(entry))
    assert_slack_takes_view(view)
    raw = raw_of(entry)
    assert held(view) == {name: raw[name].strip() and raw[name] for name in held(view)}


def test_a_text_longer_than_a_field_is_shown_whole_and_stays_out_of_the_form() -> None:
    long = replace(RISK, text="word " * 2_400)
    view = entry_view(card_of(long))
    assert_slack_takes_view(view)
    assert "text" not in held(view)
    assert long.text in shown(view["blocks"])


def test_an_owner_who_has_left_is_named_and_not_in_the_menu() -> None:
    view = entry_view(card_of(replace(RISK, owner=replace(LI, is_gone=True))))
    assert held(view)["owner"] == ""
    assert "Li had it in hand, and has left Slack." in shown(view["blocks"])
    taken_over = card_of(replace(RISK, owner=replace(LI, is_gone=True)))
    again = entry_view(replace(taken_over, raw={**taken_over.raw, "owner": "U0BEN"}))
    assert held(again)["owner"] == "U0BEN"


def test_a_reader_gets_the_texts_and_no_form() -> None:
    entry = replace(RISK, text="If it folds, we start over", response="Look for another")
    view = entry_view(card_of(entry, Access.READ))
    assert_slack_takes_view(view)
    assert "submit" not in view
    text = shown(view["blocks"])
    for part in ("R-3 · The vendor folds", entry.text, entry.response, "Opened Thu 22 Oct 2026"):
        assert part in text
    assert "by Ana, 34 days ago" in text


def test_an_owner_is_asked_what_became_of_an_action() -> None:
    action = replace(RISK, kind=LogKind.ACTION, likelihood=None, impact=None)
    view = entry_view(card_of(action, Access.ANSWER))
    assert_slack_takes_view(view)
    assert held(view) == {"outcome": "", "due_on": "", "note": ""}
    typed = {"outcome": "moved", "due_on": "2026-12-01", "note": "No room"}
    card = card_of(action, Access.ANSWER)
    clash = Clash(replace(card, raw={**card.raw, **typed}), (change("title", "a", "b"),))
    again = clash_view(clash)
    assert held(again) == typed
    assert EntryState.load(again["private_metadata"]).is_answer


def test_a_clash_says_who_changed_what_and_forgets_nothing_in_slacks_state() -> None:
    first = entry_view(card_of(RISK))
    now = replace(RISK, revision=2)
    again = clash_view(Clash(card_of(now), (change("due_on", "2026-11-20", ""),)))
    assert_slack_takes_view(again)
    assert "Ana · due date: Fri 20 Nov 2026 → nothing" in shown(again["blocks"])
    actions = [
        {each["element"]["action_id"] for each in view["blocks"] if each["type"] == "input"}
        for view in (first, again)
    ]
    assert not actions[0] & actions[1], "Slack keeps what was typed in an action of the same name"


def test_history_tells_ten_changes_and_counts_the_rest() -> None:
    fields = [
        change("state", "open", "done"),
        change("likelihood", "", "5"),
        change("owner", "Li", ""),
        change("title", "a" * 300, "b"),
        change("text", "a" * 3_000, "b" * 3_000),
    ]
    view = entry_view(card_of(RISK, history=tuple(fields * 2), changes=17))
    assert_slack_takes_view(view)
    text = shown(view["blocks"])
    for part in (
        "Ana · state: open → over",
        "likelihood: nothing → 5 nearly certain",
        "owner: Li → nothing",
        "details changed",
        "… and 7 earlier changes.",
    ):
        assert part in text
    assert "a" * 101 not in text


def test_a_confirmation_says_what_was_saved() -> None:
    new = shown(saved_view(Saved(RISK, is_new=True))["blocks"])
    assert "It is on the list of risks of APOLLO." in new
    changed = shown(saved_view(Saved(RISK, ("due_on", "likelihood")))["blocks"])
    assert "Changed: due date, likelihood." in changed
    closed = shown(saved_view(Saved(replace(RISK, state=LogState.DONE)))["blocks"])
    assert "Nothing was changed." in closed
    assert "It is over now." in closed


def test_buttons_say_what_they_are_for() -> None:
    for kind in LogKind:
        button = add_button(kind, "A:B")
        assert button["action_id"] == f"log_add:{kind}"
        assert read_add(button["value"]) == (kind, "A:B")
    assert open_button(7)["value"] == "7"


def test_a_projects_lists_are_counted_in_a_line() -> None:
    milestone = replace(
        RISK,
        kind=LogKind.MILESTONE,
        title="Go live",
        due_on=TODAY + timedelta(days=9),
        baseline_on=TODAY,
    )
    counts = ListCounts(
        open={LogKind.RISK: 3, LogKind.ACTION: 1, LogKind.MILESTONE: 1},
        high={LogKind.RISK: 1},
        overdue={LogKind.RISK: 2, LogKind.ACTION: 1},
        next_milestone=milestone,
        today=TODAY,
    )
    assert shown(counts_line(counts)) == (
        "On its lists: 3 risks (1 high, 2 overdue), 1 action (1 overdue), 1 milestone"
        " · next milestone Go live, forecast Fri 4 Dec 2026, 9 days later than Wed 25 Nov 2026"
    )
    assert counts_line(ListCounts()) == []


def test_an_action_that_was_moved_shows_the_date_that_was_agreed_first() -> None:
    moved = Entry(1, LogKind.ACTION, 2, "Ask", due_on=TODAY, baseline_on=date(2026, 11, 20))
    found = EntryList(LogKind.ACTION, (moved,), scope="ITS Council", is_council=True, today=TODAY)
    (rendered,) = list_messages(found)
    assert "due Wed 25 Nov 2026, first 20 Nov" in shown(rendered.blocks)
    assert "Actions of ITS Council" in shown(rendered.blocks)
    (late,) = list_messages(replace(found, entries=(), is_overdue=True))
    assert "Nothing of it is overdue." in shown(late.blocks)
