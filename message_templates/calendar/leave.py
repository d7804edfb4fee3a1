"""When somebody is away, and what that means for what is due from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from domain.calendar.values import Cover, Standing
from message_templates.kit import Rendered
from message_templates.markup import Marked, load, rich_text

_TEMPLATE: Final = "calendar/leave"
_EXAMPLE: Final = timedelta(days=7)


def leave_card(standing: Standing) -> Rendered:
    """Say when a person is away, who is asked instead, and how to change it."""
    marked = load(_TEMPLATE).part("card", sentences=list(_sentences(standing)))
    return Rendered.of(marked, rich_text(marked))


def _sentences(standing: Standing) -> Iterator[Marked]:
    texts = load(_TEMPLATE)
    away = standing.today_away
    if standing.called_off:
        yield texts.part("called_off", away=standing.called_off)
    coming = [each for each in standing.away if each.first > standing.today]
    yield texts.part("now", away=away) if away else texts.part("here")
    if coming:
        yield texts.part("coming", coming=coming)
    if standing.replaced:
        yield texts.part("replaced", replaced=standing.replaced)
    if away or coming:
        yield from _meaning(standing.covers)
        yield from _how_to_end(standing)
        if any(each.is_by_file for each in standing.away):
            yield texts.part("by_file")
        if any(each.is_by_status for each in standing.away):
            yield texts.part("by_status")
    else:
        yield texts.part("how_to_begin", today=standing.today, example=standing.today + _EXAMPLE)


def _how_to_end(standing: Standing) -> Iterator[Marked]:
    """How somebody is here again, as far as that is theirs to say."""
    own = [each for each in standing.away if not (each.is_by_file or each.is_by_status)]
    if any(each.first <= standing.today for each in own):
        yield load(_TEMPLATE).part("how_to_end")
    elif own:
        yield load(_TEMPLATE).part("how_to_call_off", first=own[0].first)


def _meaning(covers: Sequence[Cover]) -> Iterator[Marked]:
    texts = load(_TEMPLATE)
    covered = _by_deputy(each for each in covers if not each.deputy_away)
    both = [each for each in covers if each.deputy_away]
    alone = [each.code for each in covers if each.deputy is None]
    if covered:
        yield texts.part("covered", covered=covered)
    for each in both:
        yield texts.part("deputy_away", cover=each)
    if alone:
        yield texts.part("uncovered", codes=alone)
    yield texts.part("asked_already") if covers else texts.part("nothing_due")


def _by_deputy(covers: Iterable[Cover]) -> Mapping[str, list[str]]:
    covered: dict[str, list[str]] = {}
    for each in covers:
        if each.deputy is not None:
            covered.setdefault(each.deputy, []).append(each.code)
    return covered
