"""How people ask about the record, as patterns over whole questions in small letters.

`{p}` is a project's name, `{ps}` a name as an owner, `Apollo's`. A pattern fits a question as a
whole: what is left over may be what was asked, so a question that says more is the handbook's.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from domain.answers.live.values import Intent

NAMED: Final = "§"
"""Stands in a question where a project that is known is named."""

_ONE: Final = rf"(?:the )?(?:project )?{NAMED}(?: project)?"
_SAID: Final = r"(?P<p>[^?]{2,60}?)"

_LATE: Final = (
    r"(?:(?:going to be |running |already )?(?:late|delayed|overdue|behind(?: schedule)?)|slipping"
    r"|(?:back |still )?on (?:track|time|schedule|plan)|ahead(?: of schedule)?|in time)"
)
_COLOUR: Final = r"(?:green|yellow|amber|red|gr[ea]y)"
_WELL: Final = r"(?:healthy|ok|okay|fine|well|in trouble|at risk|in good shape)"
_STATUS: Final = (
    r"(?:(?:current|latest|last|newest|overall|rag) )*(?:status(?: report)?|health|state|rag"
    r"|colou?r|rating|condition|progress|report|update|news|latest)"
)
_PM: Final = (
    r"(?:pm|project manager|manager|project lead|lead|project leader|leader|contact(?: person)?)"
)
_ROLES: Final = {
    "pm": _PM,
    "deputy": r"(?:deputy|deputy pm|deputy project manager|stand-?in|back-?up)",
    "sponsor": r"(?:(?:exec(?:utive)? |project )?sponsor)",
    "council": r"(?:council|governance council|steering committee|committee|board)",
}
_DOES: Final = {
    "pm": (r"(?:manages|runs|leads|is (?:running|managing|leading)|looks after|heads)"),
    "deputy": r"(?:deputi[sz]es (?:for|on|in)|stands in (?:for|on|in))",
    "sponsor": r"(?:sponsors|is sponsoring)",
}
_ANSWERS_FOR: Final = (
    r"(?:is (?:responsible for|in charge of|the contact for)"
    r"|do i (?:ask|talk to|contact|call) about)"
)
"""What may be asked of all and sundry, so of a project only where it is known."""
_ENDS: Final = (
    r"(?:be )?(?:ends?|finish(?:es|ed)?|done|completed?|over|due|ready|go(?:ing|es)? live"
    r"|clos(?:e|ed|es)|start(?:s|ed)?|begins?|(?:planned|supposed|expected|scheduled) to"
    r" (?:be )?(?:end|finish|close|go live|done|finished|complete|over))"
)
_END: Final = (
    r"(?:(?:planned|forecast|expected|baseline|current|target|original) )*(?:end(?: date)?"
    r"|finish(?: date)?|deadline|go-?live(?: date)?|due date|completion date|forecast|baseline"
    r"|target date|start(?: date)?)"
)
_LEAVE: Final = (
    r"(?:leave|exit|finish|complete|get (?:out of|to|into|through)|move(?: on)?(?: to| into| out"
    r" of)?|pass|close|end|go(?: on)?(?: to| into)|reach|enter|start|begin|proceed|be closed)\b.*"
)
_KINDS: Final = {
    "risk": r"risks?",
    "issue": r"(?:issues?|problems?)",
    "action": r"(?:actions?|action items?|tasks?|to-?dos?)",
    "decision": r"(?:decisions?|decisions? needed)",
    "milestone": r"milestones?",
    "raid": r"(?:raid(?: log)?|lists?)",
}
_HOW: Final = (
    r"(?:(?:top|main|biggest|open|high|highest|major|key|worst|current|overdue|all|most important"
    r"|largest|serious|critical|late|pending|upcoming|\d+|three|five|ten) )*"
)
_COUNCIL: Final = (
    r"(?:(?:the |our |its )?(?:[\w-]+ )?(?:council|steering committee|steerco|committee|board)"
    r"|they|we|the pmo)"
)
_OF: Final = r"(?:of|for|on|in|at|with|about|from|behind|against)"
_ABOUT: Final = (
    r"(?:(?:last|this) (?:week|month|time|meeting) |recently )?"
    r"(?:about|on|for|regarding|concerning|in|of|with)"
)
_REPORTED: Final = (
    r"(?:reported|report|answered|answer|sent|submitted|send|submit|responded|delivered|updated)"
    r"(?: (?:a|the|their|his|her|any)?(?: ?status)?(?: ?reports?| ?status| ?updates?)?)?(?: in)?"
)
_STATE: Final = (
    rf"(?P<state>{_COLOUR}|late|delayed|behind(?: schedule)?|overdue|on (?:track|time|schedule)"
    r"|on hold|over (?:the |their |its )?budget|not (?:green|on track)|in trouble|at risk"
    r"|restricted|without (?:a )?report"
    r"|in (?:the )?[\w-]+(?: (?:phase|council))?)"
)
_ADJECTIVE: Final = rf"(?P<state>{_COLOUR}|late|delayed|overdue)"
_LISTING: Final = r"(?:(?:which|what|list|show|name|give me)(?: of)? )?(?:all |the |our |my )*"
_RUNS: Final = (
    r"(?:run|manage|lead|have|own|sponsor|look after|deputi[sz]e for|in charge of"
    r"|responsible for|managing|running|leading|sponsoring)"
)
_MEETING: Final = (
    r"(?:(?P<body>[\w-]+ council|council|governance|steering(?: committee)?|steerco|board"
    r"|committee) )?(?:meeting|session|council|steerco)"
)
_TAIL: Final = r"(?: (?:for|of|in|at|to|from) (?:the )?(?P<council>[\w &-]+))?"
_FOR_ME: Final = (
    r"(?: (?:for|on|from|by|of|in) (?:me|us|(?:my|our) (?:decision|councils?|projects?)))?"
)
_EVERYWHERE: Final = (
    r"(?:across|in|of|over|from|for|on) (?:(?:all(?: of)?(?: the| our)?|our|the) projects"
    r"|(?:the|our)(?: whole| entire)? portfolio|every project)"
)
_ONES: Final = r"(?:all |of |the |our |my )*(?:[\w-]+ ){0,2}?projects?"
_UNTOLD: Final = re.compile(
    r"(?:which|what|how many|who) (?:of |all |the |our |my )*(?:[\w-]+ )?projects"
    r" (?:are|is|were|went|have(?! to)|has|had|did|will|do we|ended?|finish\w*|start\w*|slipped"
    r"|changed|cost)\b(?!.*\b(?:must|exempt|required|allowed|supposed|subject|considered|prioriti"
    r"[sz]ed|ranked|chosen|selected|called|kept|stored)\b).*"
    r"|(?:which|what|how many) (?:status )?(?:questions|reports|decisions|risks|issues|actions"
    r"|milestones|requests) (?:are|were|have been) (?:still |now )?(?:open|late|overdue|unanswered"
    r"|waiting|pending|missing|new|closed)(?: .*)?"
    r"|(?:is|are) there (?:an?|any) projects? (?:about|on|for|called|named|like) .+"
    rf"|(?:export|download|print|count|list|project list) {_ONES}"
    r"|projects? list .+"
    r"|(?:which|how many|(?:is )?anything|(?:is )?everything)\b.* (?:in|of|across|for)"
    r" (?:my|our|all) (?:councils?|portfolio|projects)"
)
"""What is shaped like a question about the portfolio; rules, such as who must, are the
handbook's."""


@dataclass(frozen=True)
class Pattern:
    """One way to ask for something."""

    intent: Intent
    detail: str
    text: str
    is_strict: bool = False
    """It fits only a project that is known: without one it could mean anything."""


def _all(intent: Intent, detail: str, *texts: str) -> list[Pattern]:
    return [Pattern(intent, detail, text) for text in texts]


def _bare(intent: Intent, detail: str, *texts: str) -> list[Pattern]:
    return [Pattern(intent, detail, text, is_strict=True) for text in texts]


_ABOUT_ONE: Final = (
    *_all(
        Intent.LATE,
        "",
        rf"(?:is|are|was) {{p}} (?:still |really |now )?(?:not )?{_LATE}",
        rf"(?:is|are) {{p}} {_LATE} or {_LATE}",
        rf"(?:will|would) {{p}} (?:still )?(?:be |finish |end |make it )?{_LATE}",
        r"how (?:late|far behind|many days (?:late|behind)|much (?:late|behind)) (?:is|are) {p}",
        r"(?:has|is) {p} (?:slipped|slipping)(?: again)?",
        r"how (?:much|far|many days) (?:has|did) {p} (?:slipped|slip|moved)",
        rf"why (?:is|are) {{p}} {_LATE}",
        rf"are we (?:still )?{_LATE} (?:with|on|in|for) {{p}}",
    ),
    *_all(
        Intent.HEALTH,
        "",
        rf"(?:is|are) {{p}} (?:still |really |now |not )*(?:{_COLOUR}|{_WELL}|doing {_WELL})",
        rf"why (?:is|are) {{p}} (?:still |not )*(?:{_COLOUR}|{_WELL})",
        r"how (?:is|are|was) {p}(?: doing| going| looking| getting on| progressing| coming along)?",
        r"how (?:are things|is it|is everything|does it look) (?:going )?(?:with|on|at|for|in) {p}",
        r"how (?:does|do) {p} (?:look|do|stand)",
        r"what is (?:up|new|happening|going on) (?:with|in|on|at) {p}",
        rf"(?:what is )?(?:the |any |an |a )?{_STATUS} (?:of|for|on|about|from) {{p}}",
        r"how (?:far|complete|finished) is {p}(?: now| along)?",
        r"(?:did|has) {p} (?:sen[dt]|submit(?:ted)?|give|given) (?:its|their|a|the) report",
        r"is {ps} report (?:in|there|late|missing)",
        rf"(?:what is )?{{ps}} {_STATUS}",
        r"what (?:colou?r|health|status) (?:is|does|has) {p}(?: in| have| at)?",
        rf"(?:is|are) (?:everything|all|it all) (?:still )?(?:{_WELL}|{_LATE})"
        " (?:with|on|in|at|for) {p}",
        r"(?:when (?:did|was)|has|did) {p} (?:last )?(?:reported|report)(?: on)?",
        r"where (?:does|do) {p} stand",
    ),
    *_bare(
        Intent.HEALTH,
        "",
        r"{p}",
        rf"{{p}} (?:{_STATUS}|overview|summary)",
        rf"(?:{_STATUS}|overview|summary)(?: of)? {{p}}",
        r"(?:where|what) is {p}(?: about)?",
        rf"{{p}} (?:is|are) (?:still |really |now |not )*(?:{_COLOUR}|{_WELL}|{_LATE})",
    ),
    *(
        pattern
        for role, words in _ROLES.items()
        for pattern in (
            *_all(
                Intent.ROLE,
                role,
                rf"(?:who|what|which) is (?:the |our )?{words} (?:of|for|on|at|in|behind) {{p}}",
                rf"(?:who|what|which) is {{ps}} {words}",
                rf"{{ps}} {words}",
            ),
            *_bare(
                Intent.ROLE,
                role,
                rf"(?:the )?{words} (?:of|for|on) {{p}}",
                rf"{{p}} {words}",
                rf"{words} {{p}}",
                rf"who is {words} {{p}}",
            ),
        )
    ),
    *(
        pattern
        for role, words in _DOES.items()
        for pattern in _all(Intent.ROLE, role, rf"who {words} {{p}}")
    ),
    *_bare(Intent.ROLE, "pm", rf"who {_ANSWERS_FOR} {{p}}"),
    *_all(
        Intent.ROLE,
        "council",
        r"(?:which|what) (?:council|committee|board) is {p} in",
        r"(?:which|what) (?:council|committee|board) does {p} belong to",
        r"(?:which|what) (?:council|committee|board) (?:decides about|governs|looks after) {p}",
    ),
    *_all(Intent.ROLE, "pm", r"who(?:se| owns?) project is {p}"),
    *_all(
        Intent.PHASE,
        "",
        r"(?:what|which) (?:phase|stage) (?:is|are) {p} (?:now )?(?:in|at)",
        r"in (?:what|which) (?:phase|stage) is {p}",
        r"(?:what|which) is (?:the )?(?:current )?(?:phase|stage) of {p}",
        r"what is {ps} (?:current )?(?:phase|stage)",
        r"(?:is|are) {p} (?:still |already |now )?in (?:the )?(?P<phase>[\w-]+)(?: phase)?",
    ),
    *_bare(Intent.PHASE, "", r"{ps} phase", r"{p} phase", r"phase (?:of )?{p}"),
    *_all(
        Intent.END,
        "",
        rf"when (?:is|does|do|will|did|should|was) {{p}} {_ENDS}",
        rf"(?:what|when) is (?:the )?{_END} (?:of|for) {{p}}",
        rf"(?:what|when) is {{ps}} {_END}",
        r"how long (?:does|will) {p} (?:still )?(?:take|run|last)",
        r"when (?:do|will|can|are) we (?:go(?:ing)? live|finish|end|be done) with {p}",
    ),
    *_bare(
        Intent.END, "", rf"{{p}} {_END}", rf"{{ps}} {_END}", rf"(?:the )?{_END} (?:of|for) {{p}}"
    ),
    *_all(
        Intent.MONEY,
        "",
        r"(?:what|how (?:big|much|high|large)) is (?:the )?(?:budget|costs?) (?:of|for) {p}",
        r"(?:what|how (?:big|much|high|large)) is {ps} (?:budget|costs?)",
        r"how much (?:money )?(?:has|did|have|does|will) {p} (?:spent|spend|cost|costs|used|have)",
        r"how much is spent (?:on|for|in) {p}",
        r"(?:is|are) {p} (?:still )?(?:over|under|within|on|in|above|below) (?:the |its )?budget",
        rf"is the budget of {{p}} (?:still )?(?:{_WELL}|{_COLOUR}|{_LATE})",
        rf"is {{ps}} budget (?:still )?(?:{_WELL}|{_COLOUR}|{_LATE})",
    ),
    *_bare(Intent.MONEY, "", r"{p} (?:budget|costs?)", r"(?:budget|costs?) (?:of |for )?{p}"),
    *_all(
        Intent.MILESTONE,
        "",
        r"(?:(?:what|when) is )?(?:the )?(?:next|coming) milestone (?:of|for|on|in) {p}(?: due)?",
        r"(?:(?:what|when) is )?{ps} next milestone(?: due)?",
        r"what (?:is|comes) next (?:for|on|in|at|with) {p}",
    ),
    *_bare(Intent.MILESTONE, "", r"{p} next milestone"),
    *_all(
        Intent.NEEDS,
        "",
        rf"what (?:does|do|must|would|should) {{p}} (?:still )?(?:need|have|lack|require|do|miss)"
        rf"(?: to do)? (?:(?:in order |for it |so that it can )?to|before it can) {_LEAVE}",
        r"what (?:does|do) {p} (?:still )?need for (?:the|its) (?:next )?(?:gate|phase)",
        rf"what (?:is|are) (?:still )?(?:missing|needed|required|open|left|outstanding)(?: to do)?"
        rf" (?:for|before|until|so that) {{p}} (?:to|can|may) {_LEAVE}",
        rf"(?:is|are) {{p}} ready (?:to {_LEAVE}|for .+)",
        rf"(?:when |how )?(?:can|may|could) {{p}} {_LEAVE}",
        r"what are (?:the )?exit criteria (?:of|for) {p}",
        r"what are {ps} exit criteria",
        r"what (?:blocks|is blocking|holds up|is holding up|stops|is stopping) {p}",
    ),
    *_bare(
        Intent.NEEDS,
        "",
        r"exit criteria (?:of |for )?{p}",
        r"{p} exit criteria",
        r"what is (?:still )?(?:missing|needed|left|outstanding) (?:for|on|in|at|with) {p}",
    ),
    *(
        pattern
        for kind, words in _KINDS.items()
        for pattern in (
            *_all(
                Intent.LIST,
                kind,
                rf"(?:what (?:is|are) |list |show |are there )?(?:the |any )?{_HOW}{words} {_OF}"
                r" {p}",
                rf"(?:what (?:is|are) )?{{ps}} {_HOW}{words}",
                rf"(?:which|what|how many) {_HOW}{words} (?:does|do|has|have) {{p}}"
                r"(?: have| got| missed)?",
                rf"(?:which|what|how many) {_HOW}{words} are (?:there )?(?:open |coming up )?{_OF}"
                r" {p}",
                rf"(?:does|do|has|have) {{p}} (?:have |got )?(?:any |a )?{_HOW}{words}",
            ),
            *_bare(
                Intent.LIST,
                kind,
                rf"(?:show |list )?{_HOW}{words} {{p}}",
                rf"(?:show |list )?{{p}} {_HOW}{words}",
            ),
        )
    ),
    *_all(Intent.LIST, "risk", r"what (?:could|can|might|may) go wrong (?:in|with|on|at|for) {p}"),
    *_all(
        Intent.LIST,
        "decision",
        r"(?:what|which) decisions? (?:does|do) {p} (?:need|wait for)",
        r"what is {p} waiting for",
        r"what decision(?:s|) (?:is|are) (?:needed|waiting|pending) (?:for|in|on) {p}",
    ),
    *_all(
        Intent.DECIDED,
        "",
        rf"what (?:did|has|have) {_COUNCIL} (?:decide|decided|say|said|approve|approved)"
        rf" {_ABOUT} {{p}}",
        rf"what (?:was|has been|were) (?:decided|approved) {_ABOUT} {{p}}",
        rf"(?:what are )?(?:the )?(?:decision log|(?:last|latest|recent|past|previous) decisions?"
        rf"|decisions? (?:taken|made)) {_ABOUT} {{p}}",
        rf"(?:has|did|have) {_COUNCIL} (?:decided?|approved?)(?: anything)? {_ABOUT} {{p}}",
        rf"(?:which|what) decisions (?:were|have been) (?:taken|made) {_ABOUT} {{p}}",
    ),
)

_GENERAL: Final = (
    *_all(
        Intent.MISSING,
        "",
        r"(?:which|what|how many) (?:status )?reports? (?:are|is) (?:still |now )?"
        rf"(?:missing|outstanding|late|overdue|open|not (?:in|there)){_TAIL}",
        rf"(?:are|is) (?:there )?(?:any )?(?:status )?reports? (?:still )?missing{_TAIL}",
        rf"(?:list |show )?(?:the |all )*(?:missing|outstanding|overdue) reports{_TAIL}",
        rf"who (?:all )?(?:has|have|did) not (?:yet |still )?{_REPORTED}{_TAIL}",
        rf"who still (?:has to report|owes (?:me |us )?(?:a |their )?reports?){_TAIL}",
        rf"who is (?:late|behind|overdue) with (?:the |their )?(?:status )?reports?{_TAIL}",
        rf"(?:which|what|how many) (?:projects?|pms|managers) (?:have|has|did) not (?:yet )?"
        rf"{_REPORTED}{_TAIL}",
        rf"(?:who|what) is (?:still )?missing{_TAIL}",
        rf"who (?:still )?(?:has|needs) to report{_TAIL}",
        rf"(?:which|what) (?:pms|managers) are (?:late|behind|missing){_TAIL}",
    ),
    *_all(
        Intent.PROJECTS,
        "",
        rf"{_LISTING}projects? (?:(?:that |which )?(?:are|is|stand|have|has|we have) )?"
        rf"(?:currently |now |still )?{_STATE}{_TAIL}",
        rf"how many (?:of (?:our|the) )?projects? (?:(?:are|is|stand|do we have|are there) )?"
        rf"(?:currently |now |still )?{_STATE}{_TAIL}",
        rf"(?:(?:are|is) (?:there )?)?any projects? (?:that are )?{_STATE}{_TAIL}",
        rf"{_LISTING}{_ADJECTIVE} projects(?: are there| do we have)?{_TAIL}",
        rf"how many {_ADJECTIVE} projects (?:do we have|are there){_TAIL}",
        rf"how many projects (?:do we (?:have|run)|are there|exist|are running){_TAIL}",
        rf"(?:list|show) (?:all |the |our )*projects{_TAIL}",
        r"(?:which|what) projects (?:are there|do we have)",
        r"(?:which|anything|any|the|is anything) (?:is |are |ones are |of them are )?"
        rf"{_ADJECTIVE}s?{_TAIL}",
        r"who is (?:the )?(?:pm|project manager) of (?:everything"
        r"|(?:all|each|every)(?: the| of the)? projects?)",
    ),
    *_all(
        Intent.PROJECTS,
        "not_green",
        r"(?:which|what) projects (?:need (?:help|attention)|should (?:i|we) worry about)",
    ),
    *_all(
        Intent.MY_PROJECTS,
        "",
        r"(?:(?:what|which) are |show |list )?(?:all )?my projects",
        rf"(?:what|which|how many) projects (?:do|am|have) i (?:{_RUNS})?",
        r"(?:what|which) projects are mine",
    ),
    *_all(
        Intent.OF_PERSON,
        "",
        rf"(?:what|which|how many) projects (?:does|do|is|are|has) (?P<person>[^?]+?) {_RUNS}",
        r"(?:what are |which are |show |list )?(?P<person>[^?]+?)'s projects",
        r"(?:(?:what|which) (?:are )?|list |show )?(?:the |all )?projects of (?P<person>[^?]+)",
        r"what is (?P<person>[^?]+?) working on",
        r"what (?:did|has) (?P<person>[^?]+?) (?:last )?(?:report|reported)(?: on)?",
        rf"what (?:does|is) (?P<person>[^?]+?) {_RUNS}",
    ),
    *_all(
        Intent.MY_DUE,
        "",
        r"when (?:is|are) my (?:next |status )*(?:reports?|update|status) due",
        r"(?:what|which reports?|what reports?) (?:is|are) (?:due|open|waiting|left|pending"
        r"|outstanding) (?:for|from|by|with|on) me",
        r"what is due(?: next| this week| soon)?",
        r"what do i (?:still )?(?:have|need|owe)(?: you| to (?:do|report|answer|submit))(?: next)?",
        r"(?:do|did) i (?:still )?(?:owe|have)(?: you)? (?:to report|(?:a |any )?(?:status )?"
        r"reports?(?: due| open)?)",
        r"what do you (?:need|want) from me",
        r"is my (?:status )?report (?:late|due|overdue|missing|in)",
        r"(?:have|did) i report(?:ed)?(?: already)?",
        r"(?:what is )?my (?:deadline|due reports?|open reports?)",
        r"when do i (?:have|need) to report",
        r"what is waiting for me",
        r"(?:is |do i have )?anything (?:\w+ )?due(?: for me| from me)?",
        r"what am i late with",
        r"what should i do next",
    ),
    *(
        pattern
        for kind, words in _KINDS.items()
        if kind != "raid"
        for pattern in _all(
            Intent.MY_LIST,
            kind,
            rf"(?:what are |which are |show |list )?(?:all )?(?:of )?my {_HOW}{words}",
            rf"(?:which|what|how many) {_HOW}{words} (?:do i have|are mine|have i)(?: open)?",
            rf"do i have (?:any )?{_HOW}{words}",
        )
    ),
    *_all(
        Intent.TO_DECIDE,
        "decision",
        r"what (?:do|must|should) (?:i|we) (?:still )?(?:(?:have|need) to )?decide(?: on| about)?"
        r"(?: next| soon)?",
        r"(?:what|which|how many) decisions? (?:are|is|waits?) (?:still )?(?:open|waiting|pending"
        rf"|due|needed|to be taken)?{_FOR_ME}",
        r"(?:what|which) decisions? (?:do|must|should) (?:i|we) (?:(?:have|need) to )?"
        r"(?:take|make)",
        rf"what (?:is|are) (?:there )?(?:to decide|waiting for a decision){_FOR_ME}",
        rf"(?:list |show )?(?:all )?(?:the )?(?:open|pending) decisions{_FOR_ME}",
    ),
    *(
        pattern
        for kind, words in _KINDS.items()
        if kind != "raid"
        for pattern in _all(
            Intent.ACROSS,
            kind,
            rf"(?:what (?:is|are) |which |list |show |how many )?(?:the |all )*{_HOW}{words}"
            rf" (?:are (?:there |open |overdue )*)?{_EVERYWHERE}",
        )
    ),
    *_all(
        Intent.NEXT_ASK,
        "",
        r"when (?:do|will|are) you (?:going to )?(?:ask(?: again| next)|next ask)",
        r"when (?:do|will|are) you (?:next |going to )?ask me(?: again| next)?(?: for .+)?",
        r"when (?:am i|will i be|do i get) (?:next )?asked(?: next| again)?(?: for .+)?",
        r"(?:when is )?(?:the |my )?next (?:ask|status request|request|update|status report|status"
        r"|reporting cycle|cycle|cut-?off|report)(?: due| coming)?",
    ),
    *_all(
        Intent.NEXT_DIGEST,
        "",
        r"(?:when (?:is|does|will|do we get|can we expect) )?(?:the |our )?next (?:council )?"
        r"(?:digest|summary|combined summary)(?: be| come| go| due| coming| out| posted)*" + _TAIL,
    ),
    *_all(
        Intent.NEXT_MEETING,
        "",
        rf"(?:when (?:is|does|will) )?(?:the |our )?next {_MEETING}"
        rf"(?: be| meet| take place| due| happen)*{_TAIL}",
        r"when does (?:the |our )?(?P<council>[\w-]+ council|council|board|steering committee)"
        r" (?:next )?meet(?: next| again)?",
    ),
)

_ANY: Final = (
    rf"(?:(?:my|our|the|this|that|it|these|all|every\w*)\b|[a-z]+ \d+\b|[riadm]-?\d+\b|.*{NAMED})"
)
_ENTRY: Final = (
    r"(?:risks?|issues?|actions?|decisions?|milestones?|[riadm]-?\d+)\b"
    r"(?! (?:log|register|list|plan|matrix|template)).*"
)
_ORDERS: Final = (
    (
        "colour",
        (
            r"(?:set|mark|make|turn|change|put|rate|flag|switch|update|upgrade|downgrade) .*"
            rf"\b(?:to|as|on|into|{NAMED}) {_COLOUR}\b.*"
        ),
    ),
    ("approve", rf"(?:approve|reject|decline|sign off(?: on)?|authori[sz]e) {_ANY}.*"),
    (
        "dates",
        (
            rf"(?:extend|move|postpone|push|shift|delay|change|reschedule|set) {_ANY}.*"
            r"\b(?:deadline|dates?|end|go-?live|forecast|baseline|cut-?off|milestone)\b.*"
        ),
    ),
    ("dates", r"(?:extend|postpone|push back|reschedule) (?:the )?(?:deadline|milestone)\b.*"),
    (
        "close",
        rf"(?:close|reopen|cancel|resolve|complete|finish|mark|delete|remove) .*?\b{_ENTRY}",
    ),
    (
        "add",
        rf"(?:add|create|raise|open|log|record|register) (?:a|an|this|the|new|my) .*?{_ENTRY}",
    ),
    (
        "people",
        (
            r"(?:assign|hand(?: over)?|give|transfer|make|appoint|replace|change) .*"
            rf"\b(?:pm|project manager|deputy|sponsor|{NAMED} (?:over )?to .+)\b.*"
        ),
    ),
    ("follow", rf"(?:un)?follow .*{NAMED}.*"),
    ("phase", rf"(?:move|promote|advance|put|set) .*{NAMED}.* (?:to|into|in) .+"),
    (
        "report",
        (
            r"(?:submit|send|file|write|fill in) (?:my|the|a) (?:status )?(?:report|update)\b"
            r"(?! template).*"
        ),
    ),
    ("remind", r"(?:remind|chase|nudge|ping) .+"),
    ("delete", rf"(?:delete|remove|archive|rename) .*{NAMED}.*"),
    (
        "project",
        (
            r"(?:close|cancel|pause|stop|resume|hold|put(?! together)"
            r"|approve|reject|update(?! (?:on|of|about|for|from)\b)"
            rf"|change(?! (?:requests?|log|control|history)\b)|set(?! up)"
            rf"|make(?= {_ONE})) .*{NAMED}.*"
        ),
    ),
)

_LEAD: Final = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|also|please|pls|pmobot|bot|now|just)[,:!. ]+"
    r"|(?:can|could|would|will) you (?:please |kindly )?(?=\w)"
    r"|(?:do|does|did|would|could|can) (?:you|anyone|anybody|somebody|someone) (?:know|tell)"
    r"(?: me)? (?=\w)|(?:i (?:would like|want|need|like)|i'd like|i am trying) to (?:know|see|find"
    r" out|ask)(?: about)? |i wonder |i want you to |i need you to "
    r"|(?:tell|show|give|send|get|let) me(?: know)? (?:about )?(?=\w)|show us |remind me )+"
)
_TRAIL: Final = re.compile(
    r"(?:[\s,]+(?:please|pls|right now|now|today|currently|at the moment|thanks|thank you"
    r"|at present|yet|so far|again|exactly|actually|this (?:week|month|cycle|period|time|round)"
    r"|last (?:week|month|time|meeting|cycle)|recently|lately|these days|in slack|anyway"
    r"|for now|then))+$"
)
_SHORT: Final = tuple(
    (re.compile(pattern), meant)
    for pattern, meant in (
        (r"\b(who|what|when|where|how|why|which)'?s\b(?= )", r"\1 is"),
        (r"\b(who|what|when|where|how|why|which)'?re\b", r"\1 are"),
        (r"\b(is|are|was|has|have|had|did|does|do|would|could|should|were)n'?t\b", r"\1 not"),
        (r"\bhas not\b(?= [^?]* reported)", "has not"),
    )
)


def normal(question: str) -> str:
    """A question in small letters, without what is only said around one."""
    text = " ".join(question.casefold().replace("\u2019", "'").split()).strip(" .?!,:;")
    for pattern, meant in _SHORT:
        text = pattern.sub(meant, text)
    text = _LEAD.sub("", text)
    return _TRAIL.sub("", text).strip(" .?!,:;")


@dataclass(frozen=True)
class Compiled:
    """A pattern, ready."""

    pattern: Pattern
    regex: re.Pattern[str]


def _ready(pattern: Pattern, name: str) -> Compiled:
    owner = rf"{name}(?:'s|s'|')" if name == _SAID else rf"{name}(?:'s|')"
    text = pattern.text.replace("{ps}", owner).replace("{p}", name)
    return Compiled(pattern, re.compile(text))


@cache
def general() -> tuple[Compiled, ...]:
    """What is asked of no project; made ready when the first question comes."""
    return tuple(_ready(each, _ONE) for each in _GENERAL)


@cache
def exact() -> tuple[Compiled, ...]:
    """What is asked of a project that is known."""
    return tuple(_ready(each, _ONE) for each in _ABOUT_ONE)


@cache
def maybe() -> tuple[Compiled, ...]:
    """The same of something that may be a project's name."""
    return tuple(_ready(each, _SAID) for each in _ABOUT_ONE if not each.is_strict)


def is_about_portfolio(text: str) -> bool:
    """Whether a text that nothing else fits asks about the portfolio, not about the rules."""
    return _UNTOLD.fullmatch(text) is not None


def order_in(text: str) -> str:
    """Which thing a text wants done; empty: none."""
    return next((name for name, pattern in _ORDERS if re.fullmatch(pattern, text)), "")
