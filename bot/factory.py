"""Puts the parts together: the only place that knows every concrete class."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.calls import Called, unheard
from bot.knowledge import folders
from bot.logs import current_trace
from bot.own_files import OwnFiles
from bot.rehearsing import Rehearser
from bot.slack import SlackDirectory, SlackFiles, SlackMessenger, posting_client, reading_client
from domain.answers.finding.meaning import Encoder
from domain.answers.guiding.messages import TriagePointer, TriageQuestion
from domain.answers.guiding.service import GuideService
from domain.answers.handing.service import HandingService
from domain.answers.learning.clock import LearningClock
from domain.answers.learning.messages import AssignedQuestions, QuestionWeekList
from domain.answers.learning.service import LearningService
from domain.answers.library import Library
from domain.answers.live.messages import LiveNote, OwnTold, ProjectsTold, ProjectTold, TimesTold
from domain.answers.live.service import LiveService
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
from domain.answers.service import AnswersService
from domain.answers.shelf import NewestShelf
from domain.calendar.service import LeaveService
from domain.collecting.answering.text.service import FreeTextService
from domain.collecting.answering.text_messages import TextRead
from domain.collecting.answering.unchanged import UnchangedService
from domain.collecting.cycles import CycleService
from domain.collecting.handover.messages import ManagersLeft, ProjectHandedOver
from domain.collecting.handover.service import HandoverService
from domain.collecting.history.service import HistoryService
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
from domain.collecting.postponing.service import PostponingService
from domain.collecting.service import CollectingService
from domain.delivery.attention import Gatekeeper
from domain.delivery.housekeeping import Housekeeper
from domain.delivery.messages import MessageCodec
from domain.delivery.sending import DeliveryService, Render, Sleep
from domain.delivery.service import Carrier, Outbox
from domain.digests.broad.messages import BroadHead
from domain.digests.broad.service import BroadService
from domain.digests.following.messages import FollowedChanges, FollowersDigest
from domain.digests.following.service import FollowersService
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
from domain.digests.preview.keeping import PreviewKeeper
from domain.digests.preview.messages import DigestDraft, DigestPreviewed, DigestWaits, DraftOver
from domain.digests.preview.service import PreviewService
from domain.digests.service import DigestService
from domain.documents.messages import FilledTemplate
from domain.documents.service import DocumentsService
from domain.health.office import OfficeService
from domain.health.personal import PersonalService
from domain.health.reporting import ReportingService
from domain.health.service import HealthService
from domain.health.settings import SettingsService
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
from domain.inquiries.office_service import OfficeInquiryService
from domain.inquiries.service import InquiryService
from domain.logs.service import LogsService
from domain.meetings.actions.messages import ActionDropped, ActionsDue, ActionsGiven, ActionsOverdue
from domain.meetings.actions.service import ActionService
from domain.meetings.actions.telling import ActionClock
from domain.meetings.agenda.messages import LateAnswer, LateItem
from domain.meetings.agenda.ordering import AgendaOrder
from domain.meetings.agenda.rules import Built
from domain.meetings.agenda.service import AgendaService
from domain.meetings.attendance.messages import (
    AlternateAsked,
    AlternateDeclined,
    AlternateReleased,
    QuorumWarning,
    RsvpReminder,
)
from domain.meetings.attendance.quorum import QuorumCheck
from domain.meetings.attendance.service import AttendanceService
from domain.meetings.attendance.voice import AttendanceVoice
from domain.meetings.ballots.clock import BallotClock
from domain.meetings.ballots.messages import BallotPaper, BallotReminder, BallotResult
from domain.meetings.ballots.opening import OpeningService
from domain.meetings.ballots.service import BallotService
from domain.meetings.calendar_in.service import CalendarInService
from domain.meetings.calendar_out.feeds import FeedService
from domain.meetings.errands.service import ErrandService
from domain.meetings.errands.values import Errand
from domain.meetings.logbook.messages import DecisionFile
from domain.meetings.logbook.service import LogbookService
from domain.meetings.messages import CouncilCalendar
from domain.meetings.minutes.approving import MinutesApprover
from domain.meetings.minutes.errands import minutes_errands
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
from domain.meetings.minutes.saying import MinutesSayer
from domain.meetings.minutes.service import MinutesService
from domain.meetings.planner import SeriesPlanner
from domain.meetings.pre_read.calling import Caller
from domain.meetings.pre_read.errands import CallErrand, NudgeErrand
from domain.meetings.pre_read.messages import (
    CallAgenda,
    MeetingCall,
    MeetingPack,
    OpenNudge,
    PackCopy,
    WantedPack,
)
from domain.meetings.pre_read.service import PreReadService
from domain.meetings.service import MeetingsService
from domain.meetings.sitting.errands import AskOthersToOpen, AskToOpen, CloseMeeting
from domain.meetings.sitting.inviting import Inviter
from domain.meetings.sitting.messages import (
    LiveCard,
    MeetingClosedItself,
    MeetingNotStarted,
    MeetingToOpen,
)
from domain.meetings.sitting.service import SittingService
from domain.meetings.sitting.settlers import Settlers
from domain.meetings.sitting.telling import CardVoice
from domain.meetings.voices import Voices
from domain.portfolio.configuring import ConfigureService
from domain.portfolio.following import FollowingService
from domain.portfolio.importing import ImportService
from domain.portfolio.people import PeopleService
from domain.portfolio.service import PortfolioService
from domain.portfolio.statuses import StatusService
from domain.ports import Clock, Directory, FileReader, Messenger, NoFiles, SlackUser
from message_templates.documents.press import Press
from message_templates.rendering import render, render_with
from models.base import Database

MESSAGES = (
    StatusRequestMessage,
    HandedOver,
    NotTheirs,
    Reminder,
    WantedReminder,
    ProjectHandedOver,
    ManagersLeft,
    SponsorNotice,
    SponsorNoticeCopy,
    SilentProjects,
    TextRead,
    DigestHead,
    DigestDetail,
    DigestMissing,
    DigestPage,
    DigestRestated,
    HeatMap,
    DigestAddendum,
    DigestCopy,
    OpenInquiries,
    OfficeInquiries,
    UnansweredInquiries,
    InquiryNews,
    OfficeQuestion,
    OfficeTurn,
    OfficeMoved,
    AnswerInThread,
    BroadHead,
    DigestPreviewed,
    DigestDraft,
    DraftOver,
    DigestWaits,
    FollowersDigest,
    FollowedChanges,
    HowToAsk,
    Politeness,
    QuestionsLeft,
    Answer,
    DidYouMean,
    DontKnow,
    AskElsewhere,
    SharedAnswer,
    ProjectTold,
    ProjectsTold,
    OwnTold,
    TimesTold,
    LiveNote,
    TriageQuestion,
    TriagePointer,
    FilledTemplate,
    QuestionWeekList,
    AssignedQuestions,
    CouncilCalendar,
    LateItem,
    LateAnswer,
    LiveCard,
    MeetingToOpen,
    MeetingNotStarted,
    MeetingClosedItself,
    ActionsGiven,
    ActionsDue,
    ActionsOverdue,
    ActionDropped,
    DecisionFile,
    AlternateAsked,
    AlternateReleased,
    AlternateDeclined,
    RsvpReminder,
    QuorumWarning,
    MeetingCall,
    CallAgenda,
    MeetingPack,
    PackCopy,
    WantedPack,
    OpenNudge,
    BallotPaper,
    BallotReminder,
    BallotResult,
    MinutesDraft,
    MinutesPosted,
    MinutesInFull,
    MinutesCopy,
    MinutesAmended,
    MinutesWanted,
    MinutesMissing,
    ObjectionRaised,
    ObjectionAnswered,
    ObjectionsOver,
)
"""Everything that the rooms say through the ledger."""


@dataclass(frozen=True)
class Services:
    """The services of all rooms, for one workspace."""

    people: PeopleService
    portfolio: PortfolioService
    imports: ImportService
    configure: ConfigureService
    leave: LeaveService
    logs: LogsService
    inquiries: InquiryService
    office_inquiries: OfficeInquiryService
    collecting: CollectingService
    handover: HandoverService
    unchanged: UnchangedService
    history: HistoryService
    texts: FreeTextService
    postponing: PostponingService
    cycles: CycleService
    previews: PreviewKeeper
    preview: PreviewService
    digests: DigestService
    broad: BroadService
    following: FollowingService
    followers: FollowersService
    answers: AnswersService
    guide: GuideService
    documents: DocumentsService
    meetings: MeetingsService
    agenda: AgendaService
    agenda_order: AgendaOrder
    pre_reads: PreReadService
    sittings: SittingService
    series: SeriesPlanner
    errands: ErrandService
    ballots: BallotService
    ballot_opening: OpeningService
    ballot_clock: BallotClock
    calendar_in: CalendarInService
    actions: ActionService
    action_clock: ActionClock
    minutes: MinutesService
    logbook: LogbookService
    feeds: FeedService
    attendance: AttendanceService
    learning: LearningService
    learning_clock: LearningClock
    handing: HandingService
    gatekeeper: Gatekeeper
    housekeeper: Housekeeper
    delivery: DeliveryService
    health: HealthService
    office: OfficeService
    personal: PersonalService
    reporting: ReportingService
    settings: SettingsService
    rehearser: Rehearser


@dataclass(frozen=True)
class Outside:
    """What the services need from outside of the process."""

    directory: Directory
    messenger: Messenger
    render: Render = render
    """How what is said looks to whoever is outside."""
    library: Library = field(default_factory=lambda: Library(folders(None)))
    """The handbook's files; nothing is read before somebody asks."""
    press: Press = field(default_factory=Press)
    """Fills the PMO's templates."""
    own_folder: Path | None = None
    """The PMO's part of them, where proposals are written."""
    public_url: str = ""
    """Where the bot is reached over the web; empty if it is not."""
    files: FileReader = field(default_factory=NoFiles)
    """What people have uploaded."""

    @classmethod
    def slack(
        cls,
        token: str,
        base_url: str,
        called: Called = unheard,
        knowledge: Path | None = None,
        encoder: Encoder | None = None,
    ) -> "Outside":
        """The real workspace, or whatever speaks Slack's Web API at that address."""
        return cls(
            directory=SlackDirectory(reading_client(token, base_url, called)),
            messenger=SlackMessenger(posting_client(token, base_url, called)),
            library=Library(folders(knowledge), encoder=encoder),
            press=Press(knowledge),
            own_folder=knowledge,
            files=SlackFiles(posting_client(token, base_url, called)),
        )


def build_services(
    database: Database,
    workspace_id: int,
    outside: Outside,
    clock: Clock,
    carrier: Carrier,
    sleep: Sleep,
) -> Services:
    """Build the services.

    Args:
        database: where the record is.
        workspace_id: the workspace that they serve.
        outside: Slack.
        clock: tells when things were sent.
        carrier: hears what has been put into the outbox.
        sleep: how the sender waits for its turn.
    """
    outbox = Outbox(workspace_id, MessageCodec(MESSAGES), carrier, current_trace)
    statuses = StatusService(database, workspace_id)

    async def hear(users: Sequence[SlackUser]) -> None:
        await statuses.follow(users, clock.now())

    people = PeopleService(database, workspace_id, outside.directory, hear)
    portfolio = PortfolioService(database, workspace_id)
    looks = render_with(outside.press, outside.render)
    delivery = DeliveryService(database, outbox, outside.messenger, looks, clock, sleep)
    leave = LeaveService(database, workspace_id)
    own_files = OwnFiles(outside.own_folder, clock)
    health = HealthService(database, workspace_id, outside.directory, people, own_files)
    personal = PersonalService(database, workspace_id)
    shelf = NewestShelf(outside.library)
    live = LiveService(database, workspace_id, personal, shelf, clock)
    guide = GuideService(database, workspace_id, shelf, portfolio, clock)
    voices, settlers, inviter = Voices(), Settlers(), Inviter(outbox)
    minutes, caller = MinutesSayer(outbox), Caller(outbox)
    settlers.add(Built.MINUTES, MinutesApprover(minutes).settle)
    for again in (AttendanceVoice(outbox).again, minutes.again, caller.say):
        voices.add(again)
    for again in (CardVoice(outbox).again, inviter.again):
        voices.add(again)
    errands: list[Errand] = [
        CallErrand(caller),
        NudgeErrand(caller),
        QuorumCheck(outbox),
        *minutes_errands(minutes),
        AskToOpen(inviter),
        AskOthersToOpen(inviter),
        CloseMeeting(outbox, voices),
    ]
    return Services(
        people=people,
        portfolio=portfolio,
        imports=ImportService(database, workspace_id, outside.directory),
        configure=ConfigureService(database, workspace_id, outside.directory),
        logs=LogsService(database, workspace_id, portfolio, people),
        inquiries=InquiryService(database, workspace_id, outbox),
        office_inquiries=OfficeInquiryService(database, workspace_id, outbox, outside.directory),
        leave=leave,
        collecting=CollectingService(database, workspace_id, outbox),
        handover=HandoverService(database, workspace_id, outbox),
        unchanged=UnchangedService(database, workspace_id, outbox),
        history=HistoryService(database),
        texts=FreeTextService(database, workspace_id, outbox),
        postponing=PostponingService(database, workspace_id, outbox),
        cycles=CycleService(database, workspace_id, outbox),
        previews=PreviewKeeper(database, workspace_id, outbox),
        preview=PreviewService(database, workspace_id, outbox),
        digests=DigestService(database, workspace_id, outbox),
        broad=BroadService(database, workspace_id, outbox),
        following=FollowingService(database, workspace_id, portfolio),
        followers=FollowersService(database, workspace_id, outbox),
        answers=AnswersService(database, outbox, shelf, [live.answer, guide.answer]),
        guide=guide,
        documents=DocumentsService(database, outbox, portfolio),
        meetings=MeetingsService(database, workspace_id, outbox, voices),
        agenda=AgendaService(database, workspace_id, outbox, voices),
        agenda_order=AgendaOrder(database, workspace_id, outbox, voices),
        pre_reads=PreReadService(database, workspace_id, caller),
        sittings=SittingService(database, workspace_id, outbox, voices, settlers),
        series=SeriesPlanner(database, workspace_id, outbox, voices),
        errands=ErrandService(database, workspace_id, errands),
        calendar_in=CalendarInService(database, workspace_id, outbox, voices, outside.files),
        actions=ActionService(database, workspace_id, people),
        logbook=LogbookService(database, workspace_id, outbox, voices),
        action_clock=ActionClock(database, workspace_id, outbox),
        attendance=AttendanceService(database, workspace_id, outbox, voices),
        ballots=BallotService(database, workspace_id, outbox),
        ballot_opening=OpeningService(database, workspace_id, outbox),
        ballot_clock=BallotClock(database, workspace_id, outbox),
        minutes=MinutesService(database, workspace_id, minutes),
        feeds=FeedService(database, workspace_id, outside.public_url),
        learning=LearningService(database, outbox, shelf, outside.own_folder),
        learning_clock=LearningClock(database, outbox, shelf),
        handing=HandingService(database, outbox),
        gatekeeper=Gatekeeper(database, outbox),
        housekeeper=Housekeeper(database, workspace_id),
        delivery=delivery,
        health=health,
        office=OfficeService(health, delivery),
        personal=personal,
        reporting=ReportingService(database, workspace_id),
        settings=SettingsService(database, workspace_id, leave),
        rehearser=Rehearser(database, workspace_id),
    )
