"""From what is said to how it looks: finds the renderer of a message by its type."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, cast

from domain.answers.guiding.messages import (
    TriagePointer,
    TriageQuestion,
    TriageReview,
    TriageVerdict,
)
from domain.answers.learning.messages import AssignedQuestions, QuestionWeekList
from domain.answers.live.messages import LiveNote, OwnTold, ProjectsTold, ProjectTold, TimesTold
from domain.answers.messages import (
    Answer,
    AskElsewhere,
    DidYouMean,
    DontKnow,
    HowToAsk,
    Politeness,
    QuestionsLeft,
    SharedAnswer,
)
from domain.collecting.answering.text_messages import TextRead
from domain.collecting.handover.messages import ManagersLeft, ProjectHandedOver
from domain.collecting.messages import (
    HandedOver,
    NotTheirs,
    Reminder,
    SilentProjects,
    SponsorNotice,
    SponsorNoticeCopy,
    StatusRequestMessage,
    WantedReminder,
)
from domain.delivery.messages import DeliveryProblem, EmptiedPart, Message
from domain.delivery.sending import Render
from domain.delivery.values import Rendered as Looks
from domain.digests.broad.messages import BroadHead
from domain.digests.following.messages import FollowedChanges, FollowersDigest
from domain.digests.heat_map.loading import HeatMap
from domain.digests.messages import (
    DigestAddendum,
    DigestCopy,
    DigestDetail,
    DigestHead,
    DigestMissing,
    DigestPage,
    DigestRestated,
)
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.documents.messages import FilledTemplate
from domain.inquiries.messages import (
    AnswerInThread,
    InquiryNews,
    OfficeInquiries,
    OfficeMoved,
    OfficeQuestion,
    OfficeTurn,
    OpenInquiries,
    UnansweredInquiries,
)
from domain.meetings.actions.messages import ActionDropped, ActionsDue, ActionsGiven, ActionsOverdue
from domain.meetings.agenda.messages import LateAnswer, LateItem
from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    QuorumWarning,
    RsvpReminder,
)
from domain.meetings.ballots.messages import BallotPaper, BallotReminder, BallotResult
from domain.meetings.logbook.messages import DecisionFile
from domain.meetings.messages import CouncilCalendar
from domain.meetings.minutes.messages import (
    MinutesAmended,
    MinutesCopy,
    MinutesDraft,
    MinutesInFull,
    MinutesMissing,
    MinutesPosted,
    MinutesWanted,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionsOver,
)
from domain.meetings.pre_read.messages import (
    CallAgenda,
    MeetingCall,
    MeetingPack,
    OpenNudge,
    PackCopy,
    WantedPack,
)
from domain.meetings.sitting.messages import (
    LiveCard,
    MeetingClosedItself,
    MeetingNotStarted,
    MeetingToOpen,
)
from message_templates.answers.answer import (
    render_answer,
    render_did_you_mean,
    render_dont_know,
    render_elsewhere,
    render_left,
    render_politeness,
    render_shared,
)
from message_templates.answers.guide import (
    render_pointer,
    render_question,
    render_review,
    render_verdict,
)
from message_templates.answers.how_to_ask import render_how_to_ask
from message_templates.answers.learning import render_assigned, render_week
from message_templates.answers.live import (
    render_note,
    render_own,
    render_project,
    render_projects,
    render_times,
)
from message_templates.collecting.escalation import (
    render_copy_for_pm,
    render_silent,
    render_sponsor_notice,
)
from message_templates.collecting.handover import render_handed_over, render_managers_left
from message_templates.collecting.reminder import render_reminder
from message_templates.collecting.request import render_handed, render_not_theirs, render_request
from message_templates.collecting.text import render_text
from message_templates.delivery.problem import render_emptied, render_problem
from message_templates.digests.broad import render_broad
from message_templates.digests.following import render_changes, render_weekly
from message_templates.digests.head import render_copy, render_head, render_restated
from message_templates.digests.heat_map import render_heat_map
from message_templates.digests.preview import (
    render_draft,
    render_draft_over,
    render_previewed,
    render_waits,
)
from message_templates.digests.thread import (
    render_addendum,
    render_detail,
    render_missing,
    render_page,
)
from message_templates.documents.filled import render_filled
from message_templates.documents.press import Press
from message_templates.inquiries.office import (
    render_answer_in_thread,
    render_office_moved,
    render_office_question,
    render_office_turn,
)
from message_templates.inquiries.told import (
    render_news,
    render_office,
    render_open,
    render_unanswered,
)
from message_templates.kit import Rendered
from message_templates.meetings.action import (
    render_dropped,
    render_due,
    render_given,
    render_overdue,
)
from message_templates.meetings.agenda_late import render_late_answer, render_late_item
from message_templates.meetings.attendance_told import (
    render_alternate,
    render_declined,
    render_quorum,
    render_released,
    render_rsvp_reminder,
)
from message_templates.meetings.ballot import (
    render_ballot,
    render_ballot_reminder,
    render_ballot_result,
)
from message_templates.meetings.calendar import render_calendar
from message_templates.meetings.card import render_card
from message_templates.meetings.decision import render_file
from message_templates.meetings.minutes import (
    render_amended,
    render_full,
    render_minutes_copy,
    render_minutes_missing,
    render_objection,
    render_objection_answer,
    render_objections_over,
    render_posted,
    render_wanted,
)
from message_templates.meetings.minutes import (
    render_draft as render_minutes_draft,
)
from message_templates.meetings.pre_read import render_agenda, render_call, render_nudge
from message_templates.meetings.pre_read_pack import pack_messages, render_pack
from message_templates.meetings.pre_read_pack import render_copy as render_pack_copy
from message_templates.meetings.sitting import (
    render_closed_itself,
    render_not_started,
    render_to_open,
)

_RENDERERS: Final[Mapping[type, Callable[[Any], list[Rendered]]]] = {
    ActionDropped: render_dropped,
    ActionsDue: render_due,
    ActionsGiven: render_given,
    ActionsOverdue: render_overdue,
    AlternateAsked: render_alternate,
    AlternateDeclined: render_declined,
    AlternateReleased: render_released,
    QuorumWarning: render_quorum,
    RsvpReminder: render_rsvp_reminder,
    BallotPaper: render_ballot,
    BallotReminder: render_ballot_reminder,
    BallotResult: render_ballot_result,
    BroadHead: render_broad,
    CallAgenda: render_agenda,
    CouncilCalendar: render_calendar,
    MinutesDraft: render_minutes_draft,
    MinutesPosted: render_posted,
    MinutesInFull: render_full,
    MinutesCopy: render_minutes_copy,
    MinutesAmended: render_amended,
    MinutesWanted: render_wanted,
    MinutesMissing: render_minutes_missing,
    ObjectionRaised: render_objection,
    ObjectionAnswered: render_objection_answer,
    ObjectionsOver: render_objections_over,
    DecisionFile: render_file,
    LateAnswer: render_late_answer,
    LateItem: render_late_item,
    LiveCard: render_card,
    MeetingToOpen: render_to_open,
    MeetingNotStarted: render_not_started,
    MeetingClosedItself: render_closed_itself,
    DeliveryProblem: render_problem,
    DigestAddendum: render_addendum,
    DigestCopy: render_copy,
    DigestRestated: render_restated,
    DigestDetail: render_detail,
    DigestHead: render_head,
    DigestMissing: render_missing,
    DigestPage: render_page,
    DigestDraft: render_draft,
    DraftOver: render_draft_over,
    DigestPreviewed: render_previewed,
    DigestWaits: render_waits,
    EmptiedPart: render_emptied,
    FilledTemplate: render_filled,
    FollowedChanges: render_changes,
    FollowersDigest: render_weekly,
    HeatMap: render_heat_map,
    HandedOver: render_handed,
    MeetingCall: render_call,
    MeetingPack: render_pack,
    OpenNudge: render_nudge,
    PackCopy: render_pack_copy,
    WantedPack: render_pack_copy,
    NotTheirs: render_not_theirs,
    Answer: render_answer,
    AskElsewhere: render_elsewhere,
    DidYouMean: render_did_you_mean,
    DontKnow: render_dont_know,
    HowToAsk: render_how_to_ask,
    Politeness: render_politeness,
    QuestionsLeft: render_left,
    AssignedQuestions: render_assigned,
    QuestionWeekList: render_week,
    SharedAnswer: render_shared,
    ProjectTold: render_project,
    ProjectsTold: render_projects,
    OwnTold: render_own,
    TimesTold: render_times,
    LiveNote: render_note,
    TriagePointer: render_pointer,
    TriageQuestion: render_question,
    TriageReview: render_review,
    TriageVerdict: render_verdict,
    AnswerInThread: render_answer_in_thread,
    InquiryNews: render_news,
    OfficeMoved: render_office_moved,
    OfficeQuestion: render_office_question,
    OfficeTurn: render_office_turn,
    OfficeInquiries: render_office,
    OpenInquiries: render_open,
    UnansweredInquiries: render_unanswered,
    Reminder: render_reminder,
    ManagersLeft: render_managers_left,
    TextRead: render_text,
    ProjectHandedOver: render_handed_over,
    SilentProjects: render_silent,
    SponsorNotice: render_sponsor_notice,
    SponsorNoticeCopy: render_copy_for_pm,
    StatusRequestMessage: render_request,
    WantedReminder: render_reminder,
}

_UNSEEN: Final[Mapping[type, Callable[[Any], list[Rendered]]]] = {
    HeatMap: lambda message: [Rendered(message.kind, [])],
    MeetingPack: lambda message: pack_messages(message.pack),
    PackCopy: lambda message: pack_messages(message.pack),
}
"""How a rehearsal has what takes long to make: a picture is one message, a pack has no document."""


def render(message: Message) -> list[Rendered]:
    """Render a message: one Slack message, or several where its texts outgrow one.

    Raises:
        LookupError: no renderer is known for this type of message.
    """
    return list(_rendered(cast("Hashable", message)))


def render_unseen(message: Message) -> list[Rendered]:
    """As `render`, for a rehearsal, where nobody looks: pictures and documents are not made.

    Making one takes longer than writing hundreds of other messages.
    """
    return _UNSEEN.get(type(message), render)(message)


def render_with(press: Press, others: Render = render) -> Render:
    """Render with the PMO's own templates, where it has some."""

    def rendered(message: Message) -> Sequence[Looks]:
        if isinstance(message, FilledTemplate):
            return render_filled(message, press)
        if isinstance(message, MeetingPack):
            return render_pack(message, press)
        if isinstance(message, PackCopy):
            return render_pack_copy(message, press)
        if isinstance(message, MinutesInFull):
            return render_full(message, press)
        if isinstance(message, MinutesCopy):
            return render_minutes_copy(message, press)
        return others(message)

    return rendered


# The delivery worker asks once for each part of a message, again after each trouble, and for a
# picture when it is found due, uploaded and shown. Eight stay below some megabytes: a picture has a
# few hundred kilobytes, and the next messages push it out.
@lru_cache(maxsize=8)
def _rendered(message: Hashable) -> tuple[Rendered, ...]:
    renderer = _RENDERERS.get(type(message))
    if renderer is None:
        raise LookupError(
            f"{type(message).__name__} has no renderer:"
            " add it to _RENDERERS in message_templates/rendering.py"
        )
    return tuple(renderer(message))
