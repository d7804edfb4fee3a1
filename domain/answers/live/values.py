"""What a question about the record is taken for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What somebody wants to know of the record."""

    LATE = "late"
    """Whether a project is late or on track."""
    HEALTH = "health"
    ROLE = "role"
    """Who is its PM, deputy or sponsor, and which council decides about it."""
    PHASE = "phase"
    END = "end"
    MONEY = "money"
    """Its budget, and what is spent of it."""
    MILESTONE = "milestone"
    """The next one."""
    NEEDS = "needs"
    """What it needs to leave its phase."""
    LIST = "list"
    """Its risks, issues, actions, decisions or milestones."""
    DECIDED = "decided"
    """What was decided about it."""
    MISSING = "missing"
    """Which reports are missing."""
    PROJECTS = "projects"
    """Which projects are red, late, on hold, in a phase..."""
    OF_PERSON = "of_person"
    """Which projects somebody runs or sponsors."""
    MY_PROJECTS = "my_projects"
    MY_DUE = "my_due"
    """What the bot waits for."""
    MY_LIST = "my_list"
    """What somebody has in hand: actions, risks..."""
    TO_DECIDE = "to_decide"
    """The decisions that wait in somebody's councils and projects."""
    ACROSS = "across"
    """A list of all projects together."""
    UNTOLD = "untold"
    """About the portfolio, but nothing that can be told from the record."""
    NEXT_ASK = "next_ask"
    NEXT_DIGEST = "next_digest"
    NEXT_MEETING = "next_meeting"
    ORDER = "order"
    """To have something done; nothing is done by asking."""


ABOUT_ONE = frozenset(
    {
        *(Intent.LATE, Intent.HEALTH, Intent.ROLE, Intent.PHASE, Intent.END),
        *(Intent.MONEY, Intent.MILESTONE, Intent.NEEDS, Intent.LIST, Intent.DECIDED),
    }
)
"""What is asked of one project."""

PERSONAL = frozenset(
    {
        *(Intent.MY_PROJECTS, Intent.MY_DUE, Intent.MY_LIST, Intent.NEXT_ASK),
        Intent.TO_DECIDE,
    }
)
"""What is nobody's but the asker's."""


OWN_COUNCIL = "my council"
"""How somebody says the council that they sit on."""


@dataclass(frozen=True)
class Known:
    """A project that the asker may know of, as a question may name it."""

    project_id: int
    code: str
    name: str
    is_mine: bool = False
    """The asker is its PM, deputy or sponsor."""


@dataclass(frozen=True)
class Names:
    """All that a question may name."""

    projects: Sequence[Known]
    phases: Sequence[str]
    councils: Sequence[str]
    people: Sequence[str]
    """Of those who have a role in one of the projects."""
    is_word: Callable[[str], bool]
    """Whether the handbook speaks of something: then it is hardly the name of a project."""
    is_english: Callable[[str], bool]
    """Whether a word in small letters is an ordinary one: `travel`."""


@dataclass(frozen=True)
class Reading:
    """What a question asks of the record."""

    intent: Intent
    detail: str = ""
    """The role, the kind of list, the health, the phase, the person, the council, the order."""
    council: str = ""
    """In which council projects are looked for; `OWN_COUNCIL`: the asker's."""
    projects: tuple[int, ...] = ()
    """The projects that may be meant; several: the name doesn't tell them apart."""
    said: str = ""
    """The name as it was written."""
    corrected: str = ""
    """What a name that is spelled otherwise was taken for."""

    @property
    def is_unknown(self) -> bool:
        """Whether it is about a project that the asker knows nothing of."""
        return self.intent in ABOUT_ONE and not self.projects
