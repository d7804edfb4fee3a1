"""The decision log: lists, the card of a decision, its correction, the file, the figures."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any, Final

from domain.meetings.logbook.messages import DecisionFile
from domain.meetings.logbook.rules import LONGEST_TEXT
from domain.meetings.logbook.values import (
    WORDING,
    Correction,
    DecisionCard,
    DecisionLine,
    DecisionLog,
    Figures,
)
from message_templates import kit
from message_templates.kit import Block, Document, Rendered
from message_templates.kit.limits import HEADER
from message_templates.kit.measure import utf16_length
from message_templates.markup import Marked, load, plain, rich_text
from message_templates.meetings.action import action_line

OPEN: Final = "decision_open"
"""The action of the buttons that open a decision; the value is its number in the record."""

CORRECT: Final = "decision_correct"
"""The same for the window in which its wording is corrected."""

FILE: Final = "decision_file"
"""The action of the button that sends a file; the value is what was looked for."""

CALLBACK: Final = "decision_correct"

_TEMPLATE: Final = "meetings/decision"
_SHOWN: Final = 300
"""Characters of a text in a list; the card has it whole."""
_ASKED: Final = 100
_VALUE: Final = 2_000
"""Characters that a button may carry."""

_METHODS: Final = {"vote": "by vote", "consensus": "by consensus", "chair": "by the chair"}
_COLUMNS: Final = (
    *("decision", "council", "decided", "outcome", "question", "chosen", "options", "reason"),
    *("conditions", "method", "for", "against", "abstained", "dissent", "interests", "quorum"),
    *("project", "needed since", "working days", "in force from", "meeting"),
)
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a table takes for a formula at the beginning of a field."""


def log_messages(log: DecisionLog) -> list[Rendered]:
    """Show decisions, each with a button that opens it."""
    texts, asked = load(_TEMPLATE), log.asked
    words = {"scope": asked.scope, "words": asked.words, "since": asked.since}
    title = kit.shorten(plain(texts.part("title", **words)), HEADER)
    head: list[Block] = [kit.header(title)]
    if not log.lines:
        head += rich_text(texts.part("nothing", **words))
    sections = [head, *([_line(each)] for each in log.lines)]
    if log.lines and len(asked.text) <= _VALUE:
        sections.append(
            [kit.actions(kit.button(texts.part("file"), FILE, value=asked.text or " "))]
        )
    fallback = texts.part("fallback", title=title, count=len(log.lines))
    return [Rendered.of(fallback, blocks) for blocks in kit.pack(sections)]


def _line(line: DecisionLine) -> Block:
    texts = load(_TEMPLATE)
    text = texts.part(
        "line",
        line=line,
        outcome=line.outcome.capitalize(),
        question=kit.shorten(line.question, _SHOWN),
        chosen=kit.shorten(line.chosen, _SHOWN),
    )
    return kit.section(
        text, accessory=kit.button(texts.part("open"), OPEN, value=str(line.decision_id))
    )


def card_view(card: DecisionCard) -> Block:
    """Build the window of a decision, with everything about it."""
    texts, line = load(_TEMPLATE), card.line
    blocks = rich_text(texts.part("stale")) if card.is_stale else []
    blocks += rich_text(
        texts.part(
            "head",
            line=line,
            outcome=line.outcome.capitalize(),
            method=_METHODS[line.method],
            minutes=card.minutes,
        )
    )
    blocks += [block for name, text in _texts(line) for block in _part(name, text)]
    if card.actions:
        lines = [action_line(each, is_with_owner=True) for each in card.actions]
        blocks += rich_text(Marked.lines([texts.part("actions"), *lines]))
    if card.corrections:
        lines = [_correction(each) for each in card.corrections]
        blocks += rich_text(Marked.lines([texts.part("corrections"), *lines]))
    if card.may_correct:
        button = kit.button(texts.part("correct"), CORRECT, value=str(line.decision_id))
        blocks.append(kit.actions(button))
    return kit.modal(texts.part("card_title", ref=line.ref), blocks, close=texts.part("close"))


def _texts(line: DecisionLine) -> Iterator[tuple[str, str]]:
    yield "question", line.question
    yield "options", "\n".join(line.options)
    yield "reason", line.reason
    yield "conditions", "\n".join(line.conditions)
    yield "dissent", line.dissent
    yield "interests", line.interests


def _part(name: str, text: str) -> list[Block]:
    if not text:
        return []
    label = plain(load(_TEMPLATE).part(name))
    return [*rich_text(load(_TEMPLATE).part("part", label=label)), *kit.user_text(text)]


def _correction(correction: Correction) -> Marked:
    texts = load(_TEMPLATE)
    return texts.part(
        "correction",
        at=correction.at,
        who=correction.who,
        label=plain(texts.part(correction.field)).lower(),
        old=kit.shorten(correction.old, _SHOWN),
        new=kit.shorten(correction.new, _SHOWN),
    )


def correcting_view(card: DecisionCard) -> Block:
    """Build the window in which a decision is worded anew."""
    texts, line = load(_TEMPLATE), card.line
    blocks = rich_text(texts.part("correct_intro"))
    for name in WORDING:
        text = getattr(line, name)
        if utf16_length(text) > LONGEST_TEXT:
            # An empty field would be read as a wish to empty it.
            label = plain(texts.part(name))
            blocks.append(kit.context(texts.part("too_long", label=label)))
            continue
        field = kit.plain_text_input(
            f"{name}@{line.revision}", multiline=True, initial=text, max_length=LONGEST_TEXT
        )
        is_optional = name != "question"
        blocks.append(kit.input_block(texts.part(name), field, block_id=name, optional=is_optional))
    state = {"id": line.decision_id, "revision": line.revision}
    return kit.modal(
        texts.part("correct_title", ref=line.ref),
        blocks,
        submit=texts.part("save"),
        close=texts.part("back"),
        callback_id=CALLBACK,
        private_metadata=json.dumps(state, separators=(",", ":")),
    )


def read_correction(view: Mapping[str, Any]) -> tuple[int, int, dict[str, str]]:
    """Read a submitted correction: the decision's number and revision, the texts by field.

    A text that the window could not hold is not among them.
    """
    state = json.loads(view["private_metadata"])
    values = {name: each for name, each in view["state"]["values"].items() if name in WORDING}
    wording = {name: next(iter(each.values())).get("value") or "" for name, each in values.items()}
    return state["id"], state["revision"], wording


def sent_notice(count: int) -> Rendered:
    """Tell who pressed that a file comes."""
    text = load(_TEMPLATE).part("sent", count=count)
    return Rendered.of(text, rich_text(text))


def render_file(message: DecisionFile) -> list[Rendered]:
    """Render decisions as a table in a file."""
    texts = load(_TEMPLATE)
    asked = kit.shorten(" ".join(message.asked.split()), _ASKED)
    text = texts.part("file_text", count=len(message.lines), asked=asked)
    title = plain(texts.part("file_title", asked=asked))
    file = Document("decisions.csv", decision_table(message.lines), title)
    return [Rendered.of(text, rich_text(text), documents=(file,))]


def decision_table(lines: Sequence[DecisionLine]) -> bytes:
    """Write decisions as CSV: UTF-8 with its mark, so that spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([_safe(each) for each in _row(line)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _row(line: DecisionLine) -> tuple[object, ...]:
    return (
        *(line.ref, line.council, line.decided_on, line.outcome, line.question, line.chosen),
        *("\n".join(line.options), line.reason, "\n".join(line.conditions), line.method),
        *(line.votes or ("", "", "")),
        *(line.dissent, line.interests, "yes" if line.had_quorum else "no", line.code),
        *(line.needed_since, line.latency, line.effective_on, line.meeting_on),
    )


def _safe(value: object) -> str:
    """A field that no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_LIVE) else text


def figures_messages(found: Sequence[Figures]) -> list[Rendered]:
    """Show how councils do, with what each figure counts."""
    texts = load(_TEMPLATE)
    head: list[Block] = [kit.header(texts.part("figures_title"))]
    if not found:
        head += rich_text(texts.part("no_council"))
    sections = [
        rich_text(texts.part("figures", each=each, l=each.latency, c=each.closure))
        for each in found
    ]
    ends = [[kit.context(texts.part("figures_hint"))]] if found else []
    fallback = texts.part("figures_fallback", count=len(found))
    return [Rendered.of(fallback, blocks) for blocks in kit.pack([head, *sections, *ends])]
