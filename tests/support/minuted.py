"""Minutes as values, for what is written of them."""

from datetime import UTC, date, datetime

from domain.meetings.minutes.values import (
    Attendee,
    MinutedAction,
    MinutedDecision,
    MinutedItem,
    Minutes,
    Standing,
)
from models.enums import ItemState, Method, MinutesState, Outcome, Purpose

POSTED_AT = datetime(2026, 12, 3, 20, 30, tzinfo=UTC)

LIDAR = MinutedDecision(
    ref="D-3",
    question="Do we buy the lidar?",
    outcome=Outcome.CONDITIONAL,
    method=Method.VOTE,
    chosen="The small one",
    reason="It fits the truck.",
    conditions=("A third offer",),
    votes_for=2,
    votes_against=1,
    abstained=0,
    voted_by_name="Carol for, Omar against",
    dissent="Omar: too dear",
    interests="Ben: his cousin sells it",
    effective_on=date(2026, 12, 7),
    project_id=1,
    code="APOLLO",
)
MAY = MinutedDecision("D-4", "Meet in May?", Outcome.APPROVED, Method.CONSENSUS, had_quorum=False)
NOTED = MinutedDecision("D-2", "Extend the pilot?", Outcome.REJECTED, Method.CHAIR)

MINUTES = Minutes(
    council="ITS Council",
    title="ITS Council",
    starts_at=datetime(2026, 12, 3, 19, tzinfo=UTC),
    began_at=datetime(2026, 12, 3, 19, 2, tzinfo=UTC),
    ended_at=datetime(2026, 12, 3, 20, tzinfo=UTC),
    timezone="America/New_York",
    chair="Carol",
    place="Room 4",
    present=(Attendee("Carol"), Attendee("Omar", alternate="Łucja Ελένη Олег")),
    apologies=(Attendee("Ben"),),
    absent=(Attendee("Sam", is_voting=False),),
    seats_taken=2,
    seats_needed=2,
    summary="Two offers were weighed.\nThe small one fits.",
    items=(
        MinutedItem(
            1,
            "Buy the lidar",
            Purpose.DECIDE,
            ItemState.DONE,
            owner="Ana",
            note="A *bold* <@U0EVIL> word.",
            decisions=(LIDAR,),
            project_id=1,
            code="APOLLO",
        ),
        MinutedItem(2, "Budget 2027", Purpose.DISCUSS, ItemState.CARRIED),
        MinutedItem(3, "Old minutes", Purpose.DECIDE, ItemState.DONE, is_consent=True),
    ),
    decisions=(MAY,),
    votes=(NOTED,),
    actions=(
        MinutedAction(
            "A-7",
            "Get a third offer",
            "Ana",
            date(2026, 12, 10),
            decision="D-3",
            is_condition=True,
            project_id=1,
            code="APOLLO",
        ),
        MinutedAction("A-1", "Book a room", "", None),
    ),
    next_at=datetime(2027, 1, 7, 19, tzinfo=UTC),
)

DRAFT = Standing(1, MinutesState.DRAFT, MINUTES.ended_at)
POSTED = Standing(
    2,
    MinutesState.POSTED,
    POSTED_AT,
    written_by="Carol",
    posted_at=MINUTES.ended_at,
    objections_until=datetime(2026, 12, 11, 5, tzinfo=UTC),
    is_objectable=True,
)
APPROVED = Standing(
    2,
    MinutesState.APPROVED,
    POSTED_AT,
    written_by="Carol",
    posted_at=MINUTES.ended_at,
    approved_on=date(2027, 1, 7),
)
