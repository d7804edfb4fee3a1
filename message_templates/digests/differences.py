"""What has changed between two reports, as paragraphs: old and new, long texts by changed lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from domain.collecting.history_rules import Difference, Edit, Kind, Sign
from message_templates.digests.report import Paragraph, amount, answered_health, words
from message_templates.kit import Block, split_whole
from message_templates.markup import load, plain
from models.enums import Health

_TEMPLATE: Final = "digests/differences"
_PIECE: Final = 2_800
"""A piece of a long text, as in a report."""

_LABELS: Final = {
    *("phase", "promises", "milestone_baseline", "milestone_forecast", "decision_from"),
    *("decision_by", "spent", "cost_forecast", "percent_complete", "claim_reason"),
    "health",
}
"""Fields for which a report, which shows them together, has no label of their own."""


def difference_paragraphs(changes: Iterable[Difference]) -> Iterator[Paragraph]:
    """Tell what has changed, field by field: old and new, long texts by their changed lines."""
    for change in changes:
        label = words(f"{_label(change)}: ", bold=True)
        if change.kind in (Kind.TEXT, Kind.QUESTION):
            yield [label, *_edited(change.edits)]
        else:
            yield [label, words(_values(change))]


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


def _edited(edits: Sequence[Edit]) -> Iterator[Block]:
    """The changed lines of a text under each other; a text that is all new as it is."""
    if len(edits) == 1 and edits[0].sign is Sign.ADDED:
        is_long = "\n" in edits[0].text
        yield from map(
            words, split_whole(f"\n{edits[0].text}" if is_long else edits[0].text, _PIECE)
        )
        return
    for edit in edits:
        if edit.sign is Sign.KEPT:
            yield words(f"\n  {_part('kept', count=edit.count)}")
            continue
        sign = "+" if edit.sign is Sign.ADDED else "\u2212"
        text = "".join(f"\n{sign} {line}" for line in edit.text.split("\n"))
        style = {"strike": True} if edit.sign is Sign.REMOVED else None
        for piece in split_whole(text, _PIECE):
            yield {**words(piece), **({"style": style} if style else {})}


@lru_cache(maxsize=4_096)
def _part(part: str, /, **values: object) -> str:
    return plain(load(_TEMPLATE).part(part, **values))
