"""Where somebody stands on their App Home page: which tab, and which part of each list."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

TURN: Final = "home_turn"
"""The actions of the buttons that turn a page; their value says to where: `projects=2`."""

TAB: Final = "tab"
CYCLE: Final = "cycle"
"""The number of the cycle that the PMO looks at closer; 0: none."""

YOU, REPORTING, BOT, QUESTIONS = range(4)
"""The tabs."""


@dataclass(frozen=True)
class HomeState:
    """Travels with the view, so that a page that is shown again shows the same part."""

    places: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, text: str) -> Self:
        """Read what a view carries; an older version's, or nothing, is the first page."""
        try:
            found = json.loads(text)
        except ValueError:
            return cls()
        known = found.items() if isinstance(found, dict) else ()
        return cls({name: place for name, place in known if isinstance(place, int)})

    def dump(self) -> str:
        """Write it down for the view."""
        return json.dumps(dict(self.places), separators=(",", ":"), sort_keys=True)

    @property
    def tab(self) -> int:
        """Which tab is open."""
        return self.places.get(TAB, YOU)

    def turned(self, value: str) -> "HomeState":
        """After a button with such a value was pressed; what is no such value changes nothing."""
        name, _, place = value.partition("=")
        if not name or not place.isdecimal():
            return self
        kept = {key: number for key, number in self.places.items() if key != "lines"}
        return HomeState({**(kept if name == CYCLE else self.places), name: int(place)})
