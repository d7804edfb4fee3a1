"""What is kept of a question, and which sections are offered beside an answer."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2s
from typing import Final

from domain.answers.messages import Link, Shown
from domain.answers.values import Handbook, Section

KEPT: Final = timedelta(days=180)
"""How long the words of a question are kept."""

LONGEST: Final = 500
"""Characters of a question that are read and kept: what is longer is no question."""

OFFERED: Final = 3
"""Sections of a "did you mean"."""

_RELATED: Final = 5
"""Buttons below an answer."""

_SIBLINGS: Final = 3
"""Of these, for other facets of the same thing, as long as there is something else."""

_MASKED: Final = re.compile(r"<?(?:mailto:)?[^\s<>@|]+@[^\s<>@|]+\.[^\s<>@|]+>?|(?<![\w@])@[\w.-]+")
"""Addresses of people, and what mentions them."""

_ASKING: Final = re.compile(
    r"\W*(?:what|who|whom|whose|when|where|which|why|how|can|could|may|must|should|do|does|is|are"
    r"|tell|show|explain|define)\b",
    re.IGNORECASE,
)

_WORD: Final = re.compile(r"[^\W_]+")
_TO: Final = (
    r"(?: (?:there|all|everyone|everybody|team|bot|pmobot|a lot|so much|very much|again|much|then"
    r"|for (?:that|this|the help|your help|now)|beaucoup|mille|sch[oö]n|sehr|mil|muchas))*"
)
_COURTEOUS: Final = 60
"""Characters: who says more says something."""

_COURTESIES: Final = {
    name: re.compile(rf"(?:{said}){_TO}(?: (?:{said}){_TO})*")
    for name, said in (
        (
            "hello",
            (
                r"hi+|hello|hey+|hiya|howdy|good (?:morning|afternoon|evening|day)|morning"
                r"|greetings|how are you(?: doing)?|hola|buenos d[ií]as|buenas(?: tardes| noches)?"
                r"|bonjour|bonsoir|salut|hallo|guten (?:tag|morgen|abend)|moin|servus"
                r"|gr[uü](?:ß|ss) gott|ciao|buongiorno|buonasera|salve|ol[aá]|bom dia|boa tarde"
                r"|boa noite|hoi|goedemorgen|goedemiddag|goedenavond"
            ),
        ),
        (
            "thanks",
            (
                r"(?:many |ok |okay |great |perfect )?(?:thanks|thank you|thankyou|thx|ty|cheers)"
                r"|tks|much appreciated|(?:muchas |mil )?gracias|merci|danke|vielen dank"
                r"|dankesch[oö]n|(?:molte )?grazie|(?:muito )?obrigad[oa]|dank (?:je|u)(?: wel)?"
                r"|bedankt"
            ),
        ),
        (
            "ok",
            (
                r"ok|okay|k|kk|alright|all right|fine|great|perfect|good|nice|cool|super|sure"
                r"|got it|understood|i see|noted|yes|yep|yeah|well done|awesome|vale|bien|gut|bene"
                r"|d accord|s[ií]|oui|ja|sim|prima"
            ),
        ),
        (
            "no",
            (
                r"no|nope|nah|no thank you|no thanks|nothing|never ?mind|not now|non|nein|nee"
                r"|n[aã]o|forget it|nvm"
            ),
        ),
        (
            "bye",
            (
                r"bye|goodbye|see you(?: later| tomorrow)?|good night|adi[oó]s|hasta luego"
                r"|au revoir|tsch[uü]ss|arrivederci|tchau|doei"
                r"|have a (?:nice|good) (?:day|evening|weekend)"
            ),
        ),
    )
}
"""What people say that asks nothing, in the languages whose small words the handbook knows."""

_KIND_NAMES: Final = {
    "phase": "phases",
    "template": "templates",
    "role": "roles",
    "governance": "governance",
    "process": "processes",
    "status": "status and health",
    "meeting": "meetings",
    "kpi": "figures",
    "glossary": "terms",
}


def masked(text: str) -> str:
    """A text without who is named in it.

    >>> masked("can @erik or ana@example.edu approve it?")
    'can @… or @… approve it?'
    """
    return _MASKED.sub("@…", text)


def one_line(question: str) -> str:
    """A question as it is kept: on one line; what is too long for a question is left out."""
    return " ".join(question.split())[:LONGEST]


def asks(text: str) -> bool:
    """Whether a text is put as a question; else it may as well be a report, or thanks."""
    return "?" in text or _ASKING.match(text) is not None


def courtesy_of(text: str) -> str:
    """What a text that asks nothing says: `hello`, `thanks`, `ok`, `no`, `bye`, `huh`; else empty.

    >>> courtesy_of("Thanks a lot!"), courtesy_of("¡Hola!"), courtesy_of("thanks, what is a risk?")
    ('thanks', 'hello', '')
    """
    plain = " ".join(_WORD.findall(text.casefold()))
    if len(plain) > _COURTEOUS:
        return ""
    if not plain:
        return "huh" if "?" in text else ""
    return next((name for name, said in _COURTESIES.items() if said.fullmatch(plain)), "")


def version_of(handbook: Handbook) -> str:
    """A short name for the state of the handbook: another one once a section has changed."""
    digest = blake2s(digest_size=6)
    for each in handbook.sections.values():
        digest.update(repr(each).encode())
    return digest.hexdigest()


def topics_of(handbook: Handbook, kind: str = "") -> tuple[str, ...]:
    """What the handbook is about: its kinds of things, or the things of one kind."""
    sections = handbook.sections.values()
    if kind:
        names = (each.slug.replace("-", " ") for each in sections if each.kind == kind)
        return tuple(dict.fromkeys(names))
    present = {each.kind for each in sections}
    own = sorted(present - _KIND_NAMES.keys())
    return tuple([name for known, name in _KIND_NAMES.items() if known in present] + own)


def shown(section: Section, today: date) -> Shown:
    """A section with all that an answer cites."""
    return Shown(
        section_id=section.id,
        title=section.title,
        body=section.body,
        guidance=section.guidance,
        source=section.source,
        url=section.url,
        owner=section.owner,
        reviewed=section.reviewed,
        is_stale=section.is_stale(today),
    )


def related(section: Section, handbook: Handbook, near: Iterable[Section] = ()) -> tuple[Link, ...]:
    """What is offered below a section: the rest of its thing, what came near, what it names."""
    siblings = handbook.siblings(section)
    other = next((each for each in near if each.entity != section.entity), section)
    named = [handbook.sections[each] for each in section.see if each in handbook.sections]
    ordered = [*siblings[:_SIBLINGS], other, *named, *siblings]
    others = {each.id: each for each in ordered}
    others.pop(section.id, None)
    return links(list(others.values())[:_RELATED])


def links(sections: Sequence[Section]) -> tuple[Link, ...]:
    """Buttons for sections."""
    return tuple(Link(each.id, each.title) for each in sections)
