"""Questions that ask the same, what the PMO did about them, and what it is shown and asked."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.enums import GroupState


class Trouble(StrEnum):
    """Why a question is on the PMO's list."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"
    """There was an answer, and it did not help."""
    NONE_FIT = "none_fit"
    """Nothing that was offered was what was asked for."""
    CHOSEN = "chosen"
    """Several were offered, and one was chosen: a hint which it should have been at once."""


@dataclass(frozen=True)
class Listed:
    """One question on the list."""

    text: str
    """Empty: its words are purged."""
    corrected: str
    asker: str
    listed_at: datetime
    trouble: Trouble
    chosen_id: str = ""
    """The section that its asker chose."""
    top_ids: tuple[str, ...] = ()
    """The sections that came nearest then."""


@dataclass(frozen=True)
class Standing:
    """What the PMO did about a group."""

    state: GroupState = GroupState.OPEN
    at: datetime | None = None
    by: str = ""
    """Who did it; empty: it came about by itself."""
    owner: str = ""
    """Who is, or was last, asked to see to it."""
    note: str = ""
    again: int = 0
    """How often it was asked since it was ended; 0: not again."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done, by whomever."""
        return self.again > 0 or self.state not in ENDED


ENDED = frozenset({GroupState.DONE, GroupState.CLOSED, GroupState.NAMED})
"""States of a group that nobody has to see to, unless it is asked again."""


@dataclass(frozen=True)
class Group:
    """Questions that ask the same."""

    group_id: int
    acts: int
    """How often something was done about it."""
    asked: tuple[Listed, ...]
    """In the order in which they came on the list."""
    standing: Standing
    proposed: tuple[str, ...] = ()
    """Aliases that are proposed for it and not in the handbook yet."""

    @property
    def newest_at(self) -> datetime:
        """When it was last asked."""
        return self.asked[-1].listed_at

    @property
    def texts(self) -> tuple[str, ...]:
        """Its wordings, each once, newest first."""
        return tuple(dict.fromkeys(each.text for each in self.asked[::-1] if each.text))


@dataclass(frozen=True)
class Near:
    """The section that comes nearest to a group."""

    section_id: str
    title: str


@dataclass(frozen=True)
class GroupRef:
    """A group as somebody has seen it, carried by a button."""

    group_id: int
    acts: int


@dataclass(frozen=True)
class AliasForm:
    """What the window for an alias offers."""

    group_id: int
    phrase: str
    """The shortest of the questions without what says nothing."""
    texts: tuple[str, ...]
    sections: tuple[Near, ...]
    """Nearest first."""


@dataclass(frozen=True)
class Proposed:
    """What became of a proposal."""

    proposal_id: int
    phrase: str
    section_id: str
    title: str
    file: str
    line: int
    by: str
    on: date
    is_new: bool = True
    """It was not proposed before."""
    written_to: str = ""
    """The file in the PMO's folder that has it; empty: there is none."""
    trouble: str = ""
    """Why it could not be written there."""


@dataclass(frozen=True)
class OwnerForm:
    """What the window for whom to assign a group to says."""

    ref: GroupRef
    text: str
    section_id: str
    kept_by: str
    """Who keeps the nearest section, by its own words."""
    why: str = ""
    """Why they can't be asked; empty: the bot doesn't know who that is."""


@dataclass(frozen=True)
class Figures:
    """How questions of some days were answered."""

    days: int
    answered: int = 0
    unsure: int = 0
    unknown: int = 0
    helpful: int = 0
    unhelpful: int = 0

    @property
    def rate(self) -> int | None:
        """The share that the handbook answered at once, in percent; None: nothing was asked."""
        total = self.answered + self.unsure + self.unknown
        return round(100 * self.answered / total) if total else None
