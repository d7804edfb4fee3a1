"""Sections of a head message: as many lines of each as one Slack message has room for.

What does not fit is counted, never dropped in silence. Lines are written only while there is room
for them, so that ten thousand projects cost no more than a hundred.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from message_templates import kit
from message_templates.digests.shortening import shortened
from message_templates.kit import Block
from message_templates.markup import Marked, load, rich_text

_FRAME: Final = 150
"""Characters for a section's title, and for the line that counts what it leaves out."""

_SHORTEST_PROSE: Final = 70
_PROSE_TOGETHER: Final = 4_500
"""Characters for the prose of all lines: the more of them, the less each has to say."""


def nothing(_line: object) -> dict[str, object]:
    """What a line needs beside itself, where it needs nothing."""
    return {}


@dataclass(frozen=True)
class Kind:
    """A section: named like the field of its lines and the part with its title."""

    name: str
    share: float
    """Of the room, before what others leave over is given out."""
    write: Callable[[Any], dict[str, object]]
    """What the part of a line needs beside the line itself."""
    part: str
    """The part that writes a line."""
    most_prose: int = 220
    """The most characters for each text of a line; 0 where a line has none."""
    between: int = 0
    """Characters that the part `inline` puts between lines; 0 where each is an item of a list."""
    is_in_thread: bool = True


@dataclass(frozen=True)
class Look:
    """What all sections of a message have in common."""

    template: str
    titles: Mapping[str, object]
    """What the parts with the titles need beside the number of lines."""
    lines: Mapping[str, object]
    """What the parts of the lines need beside the line."""


@dataclass
class Section:
    """A section on its way: as many of its lines as there has been room for."""

    kind: Kind
    look: Look
    lines: Sequence[Any]
    prose: int
    """How long each text of a line may be, if its kind allows that."""
    written: list[Marked] = field(default_factory=list)

    def fill(self, room: int, most: int | None = None) -> int:
        """Write further lines, `most` in all, while they fit; tell how much they take."""
        used = 0
        for line in islice(self.lines, len(self.written), most):
            text = self._write(line)
            price = kit.cost(rich_text(text)) + self.kind.between
            if used + price > room:
                break
            used += price
            self.written.append(text)
        return used

    def blocks(self) -> list[Block]:
        """The title, the lines, and the number of those left out."""
        texts = load(self.look.template)
        title = texts.part(self.kind.name, count=len(self.lines), **self.look.titles)
        parts = [title, *self.written]
        if self.kind.between:
            parts = [texts.part("inline", title=title, items=self.written)]
        if left_out := len(self.lines) - len(self.written):
            in_thread = self.kind.is_in_thread
            parts.append(texts.part("more", count=left_out, in_thread=in_thread))
        return rich_text(Marked.lines(parts))

    def _write(self, line: Any) -> Marked:
        return load(self.look.template).part(
            self.kind.part,
            line=shortened(line, min(self.prose, self.kind.most_prose)),
            **self.look.lines,
            **self.kind.write(line),
        )


def filled(head: object, kinds: Iterable[Kind], look: Look, budget: int) -> list[Section]:
    """Fill the sections: a line for each, then their shares, then in order what is left over.

    Args:
        head: has the lines of each section in a field of its name.
        kinds: in the order in which they stand, and in which they get what others leave over.
        look: what all of them have in common.
        budget: characters for all of them.
    """
    lines = {kind: getattr(head, kind.name) for kind in kinds}
    with_prose = sum(len(lines[kind]) for kind in lines if kind.most_prose)
    prose = max(_SHORTEST_PROSE, _PROSE_TOGETHER // max(with_prose, 1))
    sections = [Section(kind, look, lines[kind], prose) for kind in lines if lines[kind]]
    room = left = budget - _FRAME * len(sections)
    for section in sections:
        left -= section.fill(left, most=1)
    for section in sections:
        left -= section.fill(min(left, int(room * section.kind.share)))
    for section in sections:
        left -= section.fill(left)
    return sections
