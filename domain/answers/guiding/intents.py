"""Hears who has an idea and asks what to do with it.

Only a whole sentence counts: "how do I start a project charter" is a question to the handbook.
"""

import re
from enum import StrEnum
from typing import Final


class Intent(StrEnum):
    """What somebody with an idea asks."""

    IS_IT = "is_it"
    """Whether it is a project."""
    START = "start"
    """How it becomes one."""


_SENTENCES: Final = re.compile(r"[.,;:!?\n]+|\s[-–—]+\s")  # noqa: RUF001 - people type dashes
_APOSTROPHES: Final = re.compile(r"['’`]")  # noqa: RUF001 - and curly quotes
_NOISE: Final = re.compile(r"[^\w\s]+")
_FILLER: Final = (
    r"(?:hi|hello|hey|dear|pmobot|please|pls|thanks|thank you|so|ok|okay|well|and|but|just|now|then"
    r"|here|question|quick question|um|hm|maybe|also|tell me|can you tell me|do you know|i wonder"
    r"|im wondering|i am wondering|if|whether|actually|really|at all|for us|with you|to ask)"
)
_EDGES: Final = re.compile(rf"^(?:{_FILLER}\s+)+|(?:\s+{_FILLER})+$")

_THIS: Final = (
    r"(?:this|it|that|these|those|what (?:i|we) (?:want|plan|have|need)(?: to do)?"
    r"|(?:my|our|this|the) (?:idea|plan|wish|request|work|task|change|thing|purchase|case)"
    r"|(?:my|our)(?: new)? \w+)"
)
_LESS: Final = (
    r"(?:not|no|(?:just |only )?(?:a |an )?(?:small |minor )?(?:work|task|ticket|service request"
    r"|request|service|operations|daily work|routine(?: work)?|change|change request|enhancement"
    r"|support|something else|job|fix))"
)
_A_PROJECT: Final = r"(?:a |an |one |another )?(?:new |real |proper |actual |formal )?project"
_WHO: Final = r"(?:i|we|you|one|somebody|someone|people)"
_NEW_THING: Final = (
    r"(?:project|(?:(?!project)\w+ )?(?:app|application|tool|system|service|website|portal|platform"
    r"|software|database|dashboard)(?: (?:for|to|that|which) .+)?)"
)
_TO_START: Final = (
    r"(?:start(?: up)?|begin|create|open|set up|launch|initiate|propose|get|request|suggest)"
)

_ASKING: Final = re.compile(r"(?:what|who|whose|when|where|which|why|how|is|are|do|does|can|may)\b")

_IS_IT: Final = re.compile(
    "|".join(
        (
            (
                rf"(?:is|are|would|could|might|may|does|do|will) {_THIS}"
                r"(?: be| count as| qualify as| become| make| already)*"
                rf" {_A_PROJECT}(?: or {_LESS})?"
            ),
            rf"{_THIS} (?:is|counts as|would be) {_A_PROJECT}(?: or {_LESS})",
            (
                rf"(?:do|does|would|will) (?:{_WHO}|{_THIS})"
                rf" (?:need|require|want)(?: to (?:be|have|open|start|make))? {_A_PROJECT}"
                rf"(?: (?:for|to do) {_THIS})?(?: or {_LESS})?"
            ),
            rf"should {_THIS} (?:be|become|be run as|be done as) {_A_PROJECT}(?: or {_LESS})?",
            rf"is {_A_PROJECT} (?:needed|necessary|required)(?: for {_THIS})?",
            rf"{_A_PROJECT} or not",
            rf"(?:do|does) {_WHO} need {_A_PROJECT}(?: (?:for|to) .+)?",
        )
    )
)

_START: Final = re.compile(
    "|".join(
        (
            (
                rf"(?:how|where)(?: (?:do|does|can|could|should|would|may|must|to|and where))*"
                rf"(?: {_WHO})?(?: to| go about)? (?:{_TO_START}|starting)"
                r" (?:a|an|my|our|another|the|this as a)?(?: ?own)?(?: ?new)? ?project"
                r"(?: (?:started|going|approved|off the ground))?"
            ),
            (
                r"(?:what|where)(?: is| are)? (?:the )?(?:first )?steps? (?:to|for)"
                r" (?:start|starting) (?:a|an|my|our)(?: new)? project"
            ),
            (
                r"(?:i|we|my team|our team)(?: would| d)?"
                r"(?: like| love| want| need| wish| have| plan)"
                rf" to {_TO_START} {_A_PROJECT}"
            ),
            rf"(?:id|wed) (?:like|love) to {_TO_START} {_A_PROJECT}",
            rf"{_TO_START} {_A_PROJECT}",
            (
                r"(?:i|we|ive|weve|my team|our team|my unit|our unit|somebody|someone)(?: ve)?"
                r"(?: have| has)?(?: got)? (?:an|a|this|another|some)(?: \w+)?(?: project)? ideas?"
                rf"(?: for (?:a|an|the)(?: new)? {_NEW_THING})?"
            ),
            (
                r"(?:i|we|ive|weve|my team|our team|my unit|our unit|somebody|someone)(?: ve)?"
                r"(?: have| has)?(?: got)? (?:a|another) (?:new )?project idea (?:for|about|on) .+"
            ),
            r"(?:a )?new project(?: idea)?",
            r"(?:a |my |our )?(?:new |project )idea",
        )
    )
)


def intent_of(question: str) -> Intent | None:
    """What somebody with an idea asks; None for anything else.

    >>> intent_of("We want new laptops. Is this a project?")
    <Intent.IS_IT: 'is_it'>
    >>> intent_of("what is a project charter?") is None
    True
    """
    plain = _APOSTROPHES.sub("", question.casefold())
    said = [" ".join(_NOISE.sub(" ", each).split()) for each in _SENTENCES.split(plain)]
    asked = [short for each in said if (short := _EDGES.sub("", each))]
    if not asked:
        return None
    if _IS_IT.fullmatch(asked[-1]):
        return Intent.IS_IT
    is_told = "?" not in plain and not any(map(_ASKING.match, asked))
    told = asked if is_told else asked[-1:]  # "I have an idea: an app"; who asks more, asks that
    return Intent.START if any(map(_START.fullmatch, told)) else None
