"""What of a thing a question asks for: its purpose, its fields, who owns it, when it is due."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Facet:
    """One way to ask."""

    name: str
    pattern: re.Pattern[str]
    fits: Mapping[str, float]
    """How well a section of a facet answers it, 0 to 1."""
    is_weak: bool = False
    """Whether it counts only where nothing else was asked for."""


@dataclass(frozen=True)
class Asked:
    """What of a thing is asked for."""

    names: tuple[str, ...] = ()
    fits: Mapping[str, float] = field(default_factory=dict)
    cues: frozenset[str] = frozenset()
    """The words that told it: a section that fits need not say them."""
    is_strong: bool = False
    """Whether it was said outright."""


def _facet(name: str, pattern: str, fits: str, *, is_weak: bool = False) -> Facet:
    """Read `fits` as words, `owner roles=0.8`: a facet alone fits wholly."""
    pairs = (each.partition("=") for each in fits.split())
    how_well = {facet: float(weight or 1) for facet, _equals, weight in pairs}
    return Facet(name, re.compile(pattern), how_well, is_weak)


_PHASES: Final = "qualification|initiation|planning|execution|closeout|phase"

_WHO_DOES: Final = (
    "approv|sign|own|writ|keep|maintain|fill|mak|prepar|creat|updat|run|collect|accept|do|draft"
    "|manag|review|produc|complet|decid|author|lead|update|chair|tak|file|submit|rais"
)

FACETS: Final[Sequence[Facet]] = (
    _facet(
        "exit criteria",
        r"\bexit(?:ing)?(?: criteri\w+)?\b|\bleav(?:e|ing)\b|\bfinish(?:ed|ing)?\b|\bget out of\b"
        r"|\bcompletion\b"
        r"|\bwhen (?:is|are) \w+(?: \w+)? (?:done|complete|over|finished|closed)\b"
        r"|\bdone with\b|\bcomplete(?:d)? (?:the )?\w+ phase\b|\bmov(?:e|ing) on from\b"
        r"|\bwrap(?:ping)? up\b|\bbefore (?:we|i) (?:can )?(?:leave|end|move)\b",
        "exit-criteria gate=0.4 meaning=0.6",
    ),
    _facet(
        "entry criteria",
        r"\bentry(?: criteri\w+)?\b|\benter(?:ing)?\b|\bbefore (?:we|i) (?:can )?(?:start|begin)\b"
        r"|\b(?:start|begin|kick off) (?:the )?(?:planning|execution|initiation|closeout"
        r"|qualification|executing|initiating|closing|building)\b|\bstart of\b|\bprerequisites?\b",
        "entry-criteria meaning=0.6",
    ),
    _facet(
        "deliverables",
        r"\bdeliverables?\b|\boutputs?\b|\bcomes? out of\b|\bproduced? (?:in|during|at)\b"
        r"|\b(?:do|should|must) (?:we|i) (?:produce|deliver)\b|\bartefacts?\b|\bartifacts?\b"
        r"|\bresults of\b|\bhand in\b",
        "deliverables templates=0.3 meaning=0.7",
    ),
    _facet(
        "gate",
        rf"\b(?:{_PHASES})\b.*\bgate\b|\bgate\b.*\b(?:{_PHASES})\b|\bapproval\b"
        r"|\bwho (?:approves|decides|signs off)\b",
        "gate outcomes=0.6 owner=0.6 roles=0.3",
    ),
    _facet(
        "templates",
        r"\b(?:templates|forms|documents|paperwork)\b",
        "templates which=0.7 purpose=0.2 deliverables=0.4",
    ),
    _facet(
        "roles",
        r"\broles\b|\bwho does what\b|\bwho is (?:involved|needed|in)\b|\bwho works\b",
        "roles who=0.8 what=0.3 owner=0.3",
    ),
    _facet(
        "tasks",
        r"\bdut(?:y|ies)\b|\bresponsibilit\w+\b|\bexpected (?:of|from)\b|\btasks of\b"
        r"|\bjob description\b|\bresponsibilities\b|\baccountable for\b|\banswers? for\b"
        r"|\bwhat (?:do|must|should) (?:i|we) do as\b|\bto do as\b",
        "tasks roles=0.8 what=0.7 who=0.6",
    ),
    _facet(
        "role",
        r"\brole of\b|\brole$|\broles? for\b|\b\w+ role\b"
        r"|\bwhat (?:does|do) (?!we\b|i\b|you\b)(?:\w+ ){1,5}do\b|\b(?:job|function) of\b"
        r"|\bwhat (?:is|are) (?:\w+ ){1,4}(?:there for|in charge of|supposed to do)\b",
        "what tasks=0.6 meaning=0.5 members=0.3",
    ),
    _facet(
        "fields",
        r"\bwhat (?:goes|should go|needs to go|to put|do (?:i|we) put|should (?:i|we) (?:put|write"
        r"|include)|must be|should be|belongs|is (?:included|in)|are in|does \w+(?: \w+){0,3}"
        r" (?:contain|include|need|have|look like|cover))\b|\bfields?\b|\bcontents?\b"
        r"|\bcontain(?:s|ed)?\b|\binclud(?:e|es|ed)\b|\bsections of\b|\bcolumns?\b"
        r"|\bfill(?:ing)? (?:in|out|it)\b|\blooks? like\b|\bheadings?\b|\bput in(?:to)?\b"
        r"|\bgoes in(?:to)?\b|\bwhat to write\b|\bwhat(?: do| does| should)? \w+ write in\b"
        r"|\bexamples?\b|\bsamples?\b|\bblank\b|\boutline of\b|\bstructure of\b"
        r"|\bcover(?:s|ed)?\b|\bbelongs? in(?:to)?\b|\bparts of\b|\bquestions (?:in|on|of)\b",
        "fields package=0.8 content=0.8 how=0.2",
    ),
    _facet(
        "owner",
        rf"\bwho(?:'s| is| are| has| should| must| can| needs?)?(?: to| the| responsible for)?"
        rf" (?:{_WHO_DOES})\w*\b|\bowners?\b|\bwhose (?:job|task)\b|\bresponsible for\b"
        r"|\bin charge of\b|\baccountable for\b|\bwritten by\b|\bsigned by\b|\bby whom\b"
        r"|\b(?:do|can|may) i (?:write|sign|approve)\b|\bwho owns\b|\bwho$"
        r"|\bwho (?!is\b|was\b|has\b|does\b|needs\b|knows\b|sees\b|reads\b|pays\b)\w+s\b"
        r"|\bwho (?:should|must|has to|gets to|will) \w+",
        "owner roles=0.8 gate=0.5 who=0.5 tasks=0.4 what=0.2",
    ),
    _facet(
        "when",
        r"^when\b|\bwhen$|\bwhen (?:is|are|do|does|should|must|to|can|will|would|was)\b"
        r"|\bhow often\b|\bdeadlines?\b|\bdue\b|\bby when\b|\bwhat point\b"
        r"|\btiming\b|\bhow (?:early|late|soon)\b"
        r"|\bhow frequently\b|\bfrequency\b|\bwhich phase\b|\bwhat stage\b|\bhow long\b"
        r"|\bhow (?:quick|fast)(?:ly)?\b|\bhow many (?:days|weeks|hours|times)\b|\btime limit\b"
        r"|\bhow much time\b|\btoo (?:early|late) to\b",
        "when times=0.9 rule=0.5 entry-criteria=0.3 after=0.3 definition=0.3",
    ),
    _facet(
        "figure",
        r"\bmeasur(?:e|ed|es|ing)\b|\bcalculat\w+\b|\bkpis?\b|\b(?:rate|share|percentage) of\b"
        r"|\bfigures?\b|\bmetrics?\b",
        "definition list=0.5",
    ),
    _facet(
        "steps",
        r"\bhow (?:do|does|to|can|should|is|are|would|did|must)\b|\bsteps?\b|\bprocedure\b"
        r"|\bprocess for\b|\bhow .* work\b",
        "how steps rule=0.7 fields=0.2",
        is_weak=True,
    ),
    _facet(
        "meaning",
        r"\bwhat(?:'s| is| are|s)\b|\bdefin(?:e|ition)\b|\bmean(?:s|ing)?\b|\bexplain\b|\bwhy\b"
        r"|\bpurpose\b|\bstands? for\b|\bwhat does .* (?:mean|do)\b|\bpoint of\b|\bfor what\b"
        r"|\bwhat .* for\b|\bdescribe\b|\buse of\b",
        "purpose meaning what definition=0.9 rule=0.4 how=0.4 list=0.6",
        is_weak=True,
    ),
)

PLAIN: Final[Mapping[str, float]] = {
    **dict.fromkeys(("purpose", "what", "meaning", "definition", "rule", "how", "list"), 0.4),
    "steps": 0.4,
}
"""What fits where a thing was only named."""

_WORD: Final = re.compile(r"[^\W_]+")

_ORDER: Final = re.compile(
    r"^(?:\W|please\b|pls\b|bot\b|hey\b|hi\b|now\b|system\b|(?:can|could|would|will) you\b)*(?:"
    r"(?:approve|reject|close|cancel|delete|remove|set|send(?! me)|assign|mark|grant|sign|post"
    r"|make|invite|appoint|pretend|ignore|forget|disregard)"
    r" (?:me|my|our|you|your|this|that|it|all|every\w*|[a-z]+ \d+)\b"
    r"|(?:write|fill in|fill out|complete|draft|submit|do) (?:my|our) .*\bfor (?:me|us)\b"
    r"|from now on\b|you (?:are|may|must|will) now\b|repeat (?:after me|the text)\b|act as\b)"
)
"""What wants to be done, or wants the bot to be somebody else."""


def is_order(text: str) -> bool:
    """Whether somebody, in small letters, wants something done rather than told."""
    return _ORDER.match(text) is not None


def asked_for(text: str) -> Asked:
    """What a question in small letters asks for."""
    found = [(each, match) for each in FACETS if (match := each.pattern.search(text))]
    strong = [pair for pair in found if not pair[0].is_weak]
    chosen = strong or found[:1]
    if not chosen:
        return Asked(fits=PLAIN)
    fits: dict[str, float] = {}
    for facet, _match in chosen:
        for name, weight in facet.fits.items():
            fits[name] = max(weight, fits.get(name, 0))
    cues = frozenset(word for _facet, match in strong for word in _WORD.findall(match[0]))
    return Asked(tuple(facet.name for facet, _match in chosen), fits, cues, bool(strong))
