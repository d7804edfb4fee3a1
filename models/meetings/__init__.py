"""The room `meetings`: councils' meetings, and all that is kept of them."""

from models.meetings.actions import ActionTold, ActionWatch
from models.meetings.agenda import AgendaItem
from models.meetings.attendance import Attendance
from models.meetings.ballots import Ballot, BallotTally, BallotVoter
from models.meetings.decisions import Decision, DecisionAction
from models.meetings.minutes import MinutesVersion, Objection
from models.meetings.pre_read import PackWish, PreRead
from models.meetings.tables import CalendarFeed, Errand, Meeting
from models.meetings.uploads import UploadedCalendar

__all__ = [
    "ActionTold",
    "ActionWatch",
    "AgendaItem",
    "Attendance",
    "Ballot",
    "BallotTally",
    "BallotVoter",
    "CalendarFeed",
    "Decision",
    "DecisionAction",
    "Errand",
    "Meeting",
    "MinutesVersion",
    "Objection",
    "PackWish",
    "PreRead",
    "UploadedCalendar",
]
