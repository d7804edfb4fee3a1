"""Words with a fixed set of values; apart from the tables, so that every floor may use them."""

from enum import StrEnum


class Health(StrEnum):
    """How a project is: the colour says who must act."""

    GREEN = "green"
    """Nobody outside the team."""
    YELLOW = "yellow"
    """The PM, within the room they were given."""
    RED = "red"
    """The sponsor or the council."""
    GREY = "grey"
    """No report, not rated, or on hold; never somebody's choice."""


class Visibility(StrEnum):
    """Who may know that a project exists."""

    OPEN = "open"
    RESTRICTED = "restricted"


class LeaveSource(StrEnum):
    """Who says that somebody is away; neither touches what the other says."""

    FILE = "file"
    """The configuration file."""
    PERSON = "person"
    """They themselves, in Slack."""
    STATUS = "status"
    """Their Slack status, where the configuration takes that for a word."""


class RequestState(StrEnum):
    """Where one status request stands."""

    PENDING = "pending"
    """Planned; the asking hour has not come."""
    ASKED = "asked"
    ANSWERED = "answered"
    UNCHANGED = "unchanged"
    LATE = "late"
    """Answered after the cut-off."""
    MISSED = "missed"
    """Nothing by the cut-off."""
    EXCUSED = "excused"
    """Not asked, for the reason on the record."""


class ReportSource(StrEnum):
    """How a status report came in."""

    FORM = "form"
    NO_CHANGE = "no_change"
    """One press: the report before holds on."""
    TEXT = "text"
    """Written in free text, and confirmed."""


class DraftSource(StrEnum):
    """Where a draft comes from."""

    TYPING = "typing"
    """Slack handed it over while the form was open."""
    REFUSED = "refused"
    """The form was sent, and something in it has to be mended."""
    TEXT = "text"
    """Written in free text, and not confirmed yet."""


class TextState(StrEnum):
    """What became of what somebody wrote about a project in free text."""

    OPEN = "open"
    """Read, and neither confirmed nor discarded yet."""
    KEPT = "kept"
    """Confirmed: it is a report."""
    DISCARDED = "discarded"
    REPLACED = "replaced"
    """Its author has written more about the project: that stands for both."""
    ANSWERED = "answered"
    """The request was answered in another way meanwhile."""


class LogKind(StrEnum):
    """The lists that a project keeps."""

    RISK = "risk"
    """Uncertain, and would hurt if it happened."""
    ISSUE = "issue"
    """A problem that is here now."""
    ACTION = "action"
    """A task with one owner and a due date."""
    DECISION = "decision"
    """Something that somebody else has to decide."""
    MILESTONE = "milestone"
    """A dated event that marks progress."""


class LogState(StrEnum):
    """Where one entry of a list stands."""

    OPEN = "open"
    DONE = "done"
    """Closed, met or decided."""
    CANCELLED = "cancelled"
    """Not done, with the reason in its note."""


class InquiryState(StrEnum):
    """Where a question that one person asks another about a project stands."""

    OPEN = "open"
    """It waits for an answer."""
    ANSWERED = "answered"
    CLOSED = "closed"
    """Nobody waits for an answer any more: taken back, or its asker may not read one."""


class InquiryStep(StrEnum):
    """What one entry of an inquiry is."""

    QUESTION = "question"
    ANSWER = "answer"
    PASSED_ON = "passed_on"
    """Who was asked gave it to the PMO."""
    PASSED_TO = "passed_to"
    """The PMO gave it to the person that the text names."""
    ASKED_BACK = "asked_back"
    """Who is to answer needs to know more: it waits for who asked."""
    REPLY = "reply"
    """What who asked said to that."""
    CLOSED = "closed"


class CycleState(StrEnum):
    """Where one reporting cycle stands."""

    OPEN = "open"
    CLOSED = "closed"
    """The cut-off has passed; the digest is not composed yet."""
    REPORTED = "reported"
    """The digest is composed and on its way or posted."""
    SKIPPED = "skipped"
    """Nobody was asked while it was time, and a newer cycle asks instead; the reason is stored."""


class Attention(StrEnum):
    """What a message costs its reader when it comes unasked, as a direct message.

    In the order of importance: who has the attention of somebody for a day goes by it.
    """

    REQUEST = "request"
    """Asks for a status; goes out by all means rather than miss its cut-off."""
    VOTE = "vote"
    ACTION = "action"
    REMINDER = "reminder"
    """Worth nothing once its time is over: nobody is told if it falls away."""
    DIGEST = "digest"
    NOTICE = "notice"
    FREE = "free"
    """An answer, a reply in a thread: costs nothing."""


class Unapproved(StrEnum):
    """What becomes of a digest that nobody has approved by its time."""

    POST = "post"
    WAIT = "wait"


class DeliveryState(StrEnum):
    """Where one thing that the bot says stands."""

    WAITING = "waiting"
    """Its reader's hours and budget do not admit it yet."""
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up, with the reason on the record."""
    EXPIRED = "expired"
    """Its time was over before it could be said."""
    HELD = "held"
    """Nobody can tell whether Slack took it: a person must look."""


class PictureState(StrEnum):
    """Where the pictures and documents of a message stand."""

    SETTLED = "settled"
    """All that it is known to have are uploaded; most messages have none."""
    DUE = "due"
    """One has to be uploaded before it is said."""
    GIVEN_UP = "given_up"
    """Slack does not take them: it is said with their words instead."""


class PlaceKind(StrEnum):
    """Where a delivery goes."""

    CHANNEL = "channel"
    PERSON = "person"
    THREAD = "thread"
    """Under the message of another delivery."""


class DeliveryStep(StrEnum):
    """What a delivery needs next: one Slack method, which is also the scope of its pacing."""

    OPEN_DM = "conversations.open"
    LOOK_UP = "conversations.history"
    UPLOAD = "files.getUploadURLExternal"
    """A picture or document; the method that completes it has the same limit."""
    POST = "chat.postMessage"
    EDIT = "chat.update"
    EXPIRE = "expire"
    """No call at all: its time is over."""
    ADMIT = "admit"
    """No call at all: it was admitted so long ago that its reader's hours may be over."""


class FollowersWish(StrEnum):
    """How somebody wants to hear of the projects that they follow."""

    WEEKLY = "weekly"
    """One message at the beginning of each week; whoever has set nothing gets that."""
    AT_ONCE = "at_once"
    """When a project's health has changed."""
    BOTH = "both"
    NEVER = "never"


class AskedIn(StrEnum):
    """Where something was asked of the handbook."""

    DIRECT = "direct"
    """In the messages with the bot alone."""
    COMMAND = "command"
    """By the command, in a conversation with others."""
    MENTION = "mention"
    """By naming the bot in a channel: others read the answer, too."""


class GroupState(StrEnum):
    """What the PMO did about questions that ask the same."""

    OPEN = "open"
    """Nothing yet."""
    ASSIGNED = "assigned"
    """Somebody was asked to see to it."""
    RETURNED = "returned"
    """Who was asked said that it is not theirs."""
    DONE = "done"
    """Who was asked has seen to it."""
    CLOSED = "closed"
    """There is nothing to do."""
    NAMED = "named"
    """A proposed alias stands in the handbook."""


class Composing(StrEnum):
    """What is composed from the record by the clock, and may fail."""

    DIGEST = "digest"
    AMENDMENT = "amendment"
    PREVIEW = "preview"
    RENEWAL = "renewal"
    """A draft that is brought up to date."""
    PORTFOLIO_DIGEST = "portfolio_digest"
    FOLLOWERS = "followers"
    """What one person follows."""
    MEETING = "meeting"
    """What is done for a council's meeting at its hour."""
    BALLOT = "ballot"
    ACTION = "action"
    """What is told of a council's actions."""


class OnHoliday(StrEnum):
    """What becomes of a meeting whose own day nobody works on; the configuration says it."""

    MOVE = "move"
    """It takes place on the next working day."""
    KEEP = "keep"
    CANCEL = "cancel"


class MeetingState(StrEnum):
    """Whether a meeting takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    DROPPED = "dropped"
    """The series in the configuration has no such day any more; nobody is shown it."""


class ErrandKind(StrEnum):
    """What is done for a meeting at its hour, each once."""

    PRE_READ = "pre_read"
    """The status freezes; agenda, digest and pack go out."""
    OPEN_NUDGE = "open_nudge"
    """Members who have not opened the pack are reminded."""
    QUORUM_CHECK = "quorum_check"
    """The chair is told when too few have said that they come."""
    START = "start"
    """The chair gets the button that opens the meeting."""
    NOT_STARTED = "not_started"
    """Nobody has opened it."""
    CLOSE = "close"
    """It was never closed, and closes itself."""
    DRAFT_MINUTES = "draft_minutes"
    """The minutes are drafted from the record."""
    MINUTES_NUDGE = "minutes_nudge"
    """The chair has not posted them."""
    MINUTES_LATE = "minutes_late"
    """Not after the reminder either: the PMO hears."""
    OBJECTIONS_END = "objections_end"


class Purpose(StrEnum):
    """What a council is to do with an item of its agenda."""

    DECIDE = "decide"
    DISCUSS = "discuss"
    INFORM = "inform"


class ItemState(StrEnum):
    """Where an item of an agenda stands."""

    OPEN = "open"
    CURRENT = "current"
    DONE = "done"
    PARKED = "parked"
    CARRIED = "carried"
    """It stands on a later agenda, as an item of its own."""
    REMOVED = "removed"
    WAITING = "waiting"
    """It came after the pack had gone out, and waits for the chair's consent."""


class Rsvp(StrEnum):
    """What a member has said about coming to a meeting."""

    NONE = "none"
    YES = "yes"
    LATE = "late"
    NO = "no"
    ALTERNATE = "alternate"
    """Somebody named comes instead."""


class WithoutQuorum(StrEnum):
    """What a meeting may do while too few are there; the configuration says it."""

    DISCUSS = "discuss"
    """Talk, and plan who does what; nothing is decided."""
    NOTHING = "nothing"
    """Not even talk: it waits until enough are there, or closes."""
    DECIDE = "decide"
    """Decide all the same: the decision says that it was made without a quorum."""


class Outcome(StrEnum):
    """What a council has decided."""

    APPROVED = "approved"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    CONDITIONAL = "conditional"
    """Approved, if the conditions are met: each is an action."""


class ActionStep(StrEnum):
    """Why somebody is told of an action."""

    GIVEN = "given"
    """It is theirs from now on."""
    BEFORE = "before"
    """It is due in three working days."""
    DUE = "due"
    AFTER = "after"
    """It has been overdue for two working days."""
    CHAIR = "chair"
    """The same, to who chairs the council."""
    DROPPED = "dropped"
    """Somebody else has cancelled it; to who chairs the council."""


class Method(StrEnum):
    """How a council came to a decision."""

    VOTE = "vote"
    CONSENSUS = "consensus"
    CHAIR = "chair"
    """The chair decided, as the council's rules allow."""


class BallotState(StrEnum):
    """Where a vote out of cycle stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What came of a vote out of cycle that was held to its end."""

    DECIDED = "decided"
    NO_QUORUM = "no_quorum"
    """Too few have voted."""
    NO_MAJORITY = "no_majority"
    """None of the options has more than half of the votes."""


class SecretVotes(StrEnum):
    """Whether a council votes in secret out of cycle; the configuration says it."""

    NEVER = "never"
    ALLOWED = "allowed"
    """Who opens a vote chooses."""
    ALWAYS = "always"


class MinutesState(StrEnum):
    """Where a version of a meeting's minutes stands."""

    DRAFT = "draft"
    POSTED = "posted"
    APPROVED = "approved"
    """Locked: what is to be corrected is an addendum."""
    ADDENDUM = "addendum"
