"""What has changed between two reports, as paragraphs: old and new, long texts by changed lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.collecting.history.rules import Difference, Edit, Kind, Sign
from message_templates.digests.report import Paragraph, amount, answered_health, words
from message_templates.kit import Block, split_whole
from message_templates.markup import load, plain
from models.enums import Health

_TEMPLATE: Final = "digests/differences"
_PIECE: Final = 2_800
"""A piece of a long text, as in a report."""
_SHORT: Final = 120
"""Characters of a line that stands beside the one that it takes the place of."""

_LABELS: Final = {
    *("phase", "promises", "milestone_baseline", "milestone_forecast", "decision_from"),
    *("decision_by", "spent", "cost_forecast", "percent_complete", "claim_reason"),
    "health",
}
"""Fields for which a report, which shows them together, has no label of their own."""


def difference_paragraphs(changes: Iterable[Difference]) -> Iterator[Paragraph]:
    """Tell what has changed, field by field: old and new, long texts by their changed lines."""
    for change in changes:
        label = _label(change)
        if change.kind not in (Kind.TEXT, Kind.QUESTION):
            yield [words(f"{label}: ", bold=True), words(_values(change))]
        elif line := _in_a_line(change.edits):
            yield [words(f"{label}: ", bold=True), *line]
        else:
            yield [words(f"{label}:", bold=True), *_edited(change.edits)]


def _label(change: Difference) -> str:
    if change.kind is Kind.QUESTION:
        return change.name
    if change.name in _LABELS:
        return _part(f"field_{change.name}")
    return plain(load("digests/report").part(change.name))


def _values(change: Difference) -> str:
    old, new = _shown(change.kind, change.old), _shown(change.kind, change.new)
    if not change.old:
        return new
    return _part("values", old=old, new=new or _part("nothing"))


def _shown(kind: Kind, text: str) -> str:
    if not text:
        return ""
    if kind is Kind.HEALTH:
        health, _, rating = text.partition(" ")
        word = answered_health(Health(health))
        return f"{word} ({rating})" if rating else word
    if kind is Kind.DAY:
        return _part("day", day=date.fromisoformat(text))
    return amount(Decimal(text)) if kind is Kind.AMOUNT else text


def _in_a_line(edits: Sequence[Edit]) -> Paragraph:
    """One short line that is new, or that takes the place of another; else nothing."""
    signs = [each.sign for each in edits]
    is_short = all(each.count == 1 and len(each.text) <= _SHORT for each in edits)
    if not is_short or signs not in ([Sign.ADDED], [Sign.REMOVED, Sign.ADDED]):
        return []
    *old, new = edits
    return [*(_struck(f"{each.text} ") for each in old), words("→ " * len(old) + new.text)]


def _edited(edits: Sequence[Edit]) -> Iterator[Block]:
    """The changed lines of a text under each other; a text that is all new as it is."""
    if [each.sign for each in edits] == [Sign.ADDED]:
        yield from map(words, split_whole(f"\n{edits[0].text}", _PIECE))
        return
    for edit in edits:
        if edit.sign is Sign.KEPT:
            yield words(f"\n{_part('kept', count=edit.count)}")
            continue
        is_new = edit.sign is Sign.ADDED
        sign = "+" if is_new else "\u2212"
        text = "".join(f"\n{sign} {line}" for line in edit.text.split("\n"))
        yield from map(words if is_new else _struck, split_whole(text, _PIECE))


def _struck(text: str) -> Block:
    return {**words(text), "style": {"strike": True}}


@lru_cache(maxsize=4_096)
def _part(part: str, /, **values: object) -> str:
    return plain(load(_TEMPLATE).part(part, **values))
